//! The files that advertising platforms ask for: exact headers, cells normalized and hashed.

use super::contacts::{self, ContactColumn};
use super::country::Country;
use super::{AudienceError, normalize};
use crate::digest::sha256;
use crate::table::Table;
use crate::vocabulary::contacts::Contact;

/// A platform whose lists can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Google Ads, Customer Match.
    Google,
    /// Meta, customer list of a Custom Audience.
    Meta,
}

/// A header of a platform, what stands under it, and whether it is hashed.
struct Header {
    name: &'static str,
    contact: Option<Contact>,
    is_hashed: bool,
    /// It is written only where the file has it.
    is_optional: bool,
}

const fn hashed(name: &'static str, contact: Contact) -> Header {
    Header {
        name,
        contact: Some(contact),
        is_hashed: true,
        is_optional: false,
    }
}

const fn plain(name: &'static str, contact: Option<Contact>) -> Header {
    Header {
        name,
        contact,
        is_hashed: false,
        is_optional: false,
    }
}

const fn optional(name: &'static str, contact: Contact) -> Header {
    Header {
        name,
        contact: Some(contact),
        is_hashed: true,
        is_optional: true,
    }
}

const GOOGLE: [Header; 6] = [
    hashed("Email", Contact::Email),
    hashed("Phone", Contact::Phone),
    hashed("First Name", Contact::FirstName),
    hashed("Last Name", Contact::LastName),
    plain("Country", Some(Contact::Country)),
    plain("Zip", Some(Contact::Zip)),
];

const META: [Header; 12] = [
    hashed("email", Contact::Email),
    hashed("phone", Contact::Phone),
    plain("madid", Some(Contact::Device)),
    // Meta's own number of a user of an app; no file of customers is taken to have it.
    plain("uid", None),
    hashed("fn", Contact::FirstName),
    hashed("ln", Contact::LastName),
    hashed("ct", Contact::City),
    hashed("st", Contact::State),
    hashed("country", Contact::Country),
    optional("zip", Contact::Zip),
    optional("dob", Contact::Birth),
    optional("gen", Contact::Gender),
];

impl Platform {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Google => "Google",
            Self::Meta => "Meta",
        }
    }

    /// It asks not to be given lists of fewer customers; none where no such number is known.
    pub fn fewest(self) -> Option<u64> {
        match self {
            Self::Google => None,
            Self::Meta => Some(100),
        }
    }

    fn headers(self) -> &'static [Header] {
        match self {
            Self::Google => &GOOGLE,
            Self::Meta => &META,
        }
    }

    /// Sets of contacts each of which is enough to find somebody.
    fn keys(self) -> &'static [&'static [Contact]] {
        use Contact::{City, Country, Device, Email, FirstName, LastName, Phone, Zip};
        match self {
            Self::Google => &[&[Email], &[Phone], &[FirstName, LastName, Country, Zip]],
            Self::Meta => &[
                &[Email],
                &[Phone],
                &[Device],
                &[FirstName, LastName, Zip],
                &[FirstName, LastName, City],
            ],
        }
    }

    fn keys_told(self) -> &'static str {
        match self {
            Self::Google => "Email, Phone, or First Name, Last Name, Country and Zip together",
            Self::Meta => "email, phone, madid, or fn and ln with zip or ct",
        }
    }
}

/// The columns of one platform's list.
#[derive(Debug, Clone)]
pub(super) struct PlatformColumns {
    platform: Platform,
    /// Each header that is written and the column it comes from.
    sources: Vec<(usize, Option<usize>)>,
    country: Option<usize>,
    country_of_all: Option<Country>,
}

/// One cell of a platform's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filled {
    Empty,
    /// The file has a cell that is none.
    Unreadable,
    Text(String),
}

impl PlatformColumns {
    /// Finds the columns; `found` are the contacts of the table that may be used.
    pub(super) fn of(
        platform: Platform,
        table: &Table,
        found: &[ContactColumn],
        country_of_all: Option<Country>,
    ) -> Result<Self, AudienceError> {
        let place = |contact| contacts::best(found, contact).map(|column| column.position);
        let headers = platform.headers().iter().enumerate();
        let sources: Vec<(usize, Option<usize>)> = headers
            .map(|(at, header)| (at, header.contact.and_then(place)))
            .filter(|(at, source)| source.is_some() || !platform.headers()[*at].is_optional)
            .collect();
        let is_there = |contact: &Contact| {
            place(*contact).is_some() || *contact == Contact::Country && country_of_all.is_some()
        };
        if !platform.keys().iter().any(|key| key.iter().all(is_there)) {
            return Err(AudienceError::NoContact {
                file: table.file(),
                platform: platform.name(),
                headers: platform.keys_told(),
            });
        }
        Ok(Self {
            platform,
            sources,
            country: place(Contact::Country),
            country_of_all,
        })
    }

    /// Headers, and the position of the column that each comes from.
    pub(super) fn headers(&self) -> impl Iterator<Item = (&'static str, Option<usize>)> {
        let headers = self.platform.headers();
        self.sources
            .iter()
            .map(move |(at, source)| (headers[*at].name, *source))
    }

    /// Whether the platform can find the customer of a row.
    pub(super) fn can_match(&self, table: &Table, row: usize) -> bool {
        let is_filled = |contact: &Contact| {
            let headers = self.platform.headers();
            let mut sources = self.sources.iter();
            let source = sources.find(|(at, _)| headers[*at].contact == Some(*contact));
            source.is_some_and(|(_, source)| {
                matches!(self.normal(*contact, *source, table, row), Filled::Text(_))
            })
        };
        let mut keys = self.platform.keys().iter();
        keys.any(|key| key.iter().all(is_filled))
    }

    /// The cells of a row, in the order of the headers.
    pub(super) fn cells(&self, table: &Table, row: usize) -> Vec<Filled> {
        let headers = self.platform.headers();
        let cell = |(at, source): &(usize, Option<usize>)| {
            let Some(contact) = headers[*at].contact else {
                return Filled::Empty;
            };
            match self.normal(contact, *source, table, row) {
                // What was hashed before is not hashed again.
                Filled::Text(text) if headers[*at].is_hashed && !normalize::is_hashed(&text) => {
                    Filled::Text(sha256(text.as_bytes()))
                }
                filled => filled,
            }
        };
        self.sources.iter().map(cell).collect()
    }

    fn country(&self, table: &Table, row: usize) -> Option<Country> {
        match self.country.and_then(|position| table.cell(position, row)) {
            Some(cell) => Country::of(&cell),
            None => self.country_of_all,
        }
    }

    /// What is hashed.
    fn normal(&self, contact: Contact, source: Option<usize>, table: &Table, row: usize) -> Filled {
        let platform = self.platform;
        let cell = source.and_then(|position| table.cell(position, row));
        let cell = cell.filter(|cell| !cell.trim().is_empty());
        if contact == Contact::Country {
            return match self.country(table, row) {
                Some(country) if platform == Platform::Google => {
                    Filled::Text(country.code().to_owned())
                }
                Some(country) => Filled::Text(country.code().to_lowercase()),
                None => cell.map_or(Filled::Empty, |_| Filled::Unreadable),
            };
        }
        let Some(cell) = cell else {
            return Filled::Empty;
        };
        if normalize::is_hashed(&cell) {
            return Filled::Text(cell.trim().to_lowercase());
        }
        let text = match contact {
            Contact::Email => normalize::email(&cell, platform),
            Contact::Phone => {
                let number = normalize::phone(&cell, self.country(table, row));
                number.map(|number| match platform {
                    Platform::Google => format!("+{number}"),
                    Platform::Meta => number,
                })
            }
            Contact::FirstName | Contact::LastName | Contact::FullName | Contact::Street => {
                normalize::name(&cell, platform)
            }
            Contact::City | Contact::State => normalize::place(&cell),
            Contact::Zip => normalize::zip(&cell, platform),
            Contact::Birth => normalize::birth(&cell),
            Contact::Gender => normalize::gender(&cell),
            Contact::Device => normalize::device(&cell),
            Contact::Country => None,
        };
        text.map_or(Filled::Unreadable, Filled::Text)
    }
}
