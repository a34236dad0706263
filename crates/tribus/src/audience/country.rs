//! Countries, and how telephone numbers are written in them.

use std::collections::HashMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::sync::LazyLock;

use crate::vocabulary::split;
use crate::words::nearest::nearest;

const TEXT: &str = include_str!("countries.tsv");

/// A country of ISO 3166-1, or Kosovo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country(usize);

struct Entry {
    alpha2: &'static str,
    /// Its calling code.
    calling: &'static str,
    /// What stands before a national number; none in some countries.
    trunk: Option<&'static str>,
    /// Digits of a national number without that prefix, where they do not vary much.
    digits: Option<RangeInclusive<usize>>,
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| lines().map(entry).collect());

/// Codes and names, as the splitter writes them.
static NAMES: LazyLock<HashMap<String, Country>> = LazyLock::new(|| {
    let mut names = HashMap::new();
    for (at, line) in lines().enumerate() {
        let mut fields = line.split('\t');
        let codes: Vec<&str> = fields.by_ref().take(2).collect();
        let own = fields.nth(3).unwrap_or_default();
        for name in codes.into_iter().chain(own.split('|')) {
            names.insert(plain(name), Country(at));
        }
    }
    names
});

fn lines() -> impl Iterator<Item = &'static str> {
    TEXT.lines().filter(|line| !line.starts_with('#'))
}

fn entry(line: &'static str) -> Entry {
    let mut fields = line.split('\t');
    let mut next = || fields.next().unwrap_or_default();
    let (alpha2, _, calling, trunk, digits) = (next(), next(), next(), next(), next());
    let (least, most) = digits.split_once('-').unwrap_or((digits, digits));
    let digits = least.parse().ok().zip(most.parse().ok());
    Entry {
        alpha2,
        calling,
        trunk: (trunk != "-").then_some(trunk),
        digits: digits.map(|(least, most)| least..=most),
    }
}

fn plain(name: &str) -> String {
    // "U.K." is "UK".
    split(&name.replace('.', "")).join(" ")
}

impl Country {
    /// The country that a cell names: by its two or three letters, or its name in English or in a language of its own or near.
    pub(super) fn of(cell: &str) -> Option<Self> {
        NAMES.get(&plain(cell)).copied()
    }

    /// Two letters (ISO 3166-1 alpha-2), in capitals.
    pub fn code(self) -> &'static str {
        ENTRIES[self.0].alpha2
    }

    /// The international number of a national one (digits only), as E.164 has it without the plus; none where it could be read
    /// in two ways or in none.
    pub(super) fn international(self, national: &str) -> Option<String> {
        let entry = &ENTRIES[self.0];
        let fits = |number: &str| match &entry.digits {
            Some(digits) => digits.contains(&number.len()),
            None => (4..=12).contains(&number.len()),
        };
        let with_code = |number: &str| format!("{}{number}", entry.calling);
        let behind = |prefix: &str| national.strip_prefix(prefix).filter(|rest| fits(rest));
        // A number with its prefix can be nothing else: the calling codes of such countries begin otherwise.
        let trunk = entry.trunk.filter(|trunk| *trunk != entry.calling);
        if let Some(rest) = trunk.and_then(behind) {
            return Some(with_code(rest));
        }
        if trunk.is_some_and(|trunk| trunk == "0") && national.starts_with('0') {
            return None;
        }
        let is_national = fits(national);
        let is_international = behind(entry.calling).is_some();
        match (is_national, is_international) {
            (true, false) => Some(with_code(national)),
            (false, true) => Some(national.to_owned()),
            _ => None,
        }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Country {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::of(text).ok_or_else(|| {
            let near = nearest(text, NAMES.keys().map(String::as_str));
            let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            format!("it is a country such as DE, DEU or Germany{near}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_known_by_code_and_name() {
        for (cell, code) in [
            ("DE", Some("DE")),
            ("deu", Some("DE")),
            ("Deutschland", Some("DE")),
            ("U.S.A.", Some("US")),
            ("United Kingdom", Some("GB")),
            ("Türkiye", Some("TR")),
            ("España", Some("ES")),
            ("日本", Some("JP")),
            ("Россия", Some("RU")),
            ("Atlantis", None),
            ("", None),
        ] {
            assert_eq!(Country::of(cell).map(Country::code), code, "{cell}");
        }
        assert!("Germny".parse::<Country>().unwrap_err().contains("germany"));
    }

    #[test]
    fn every_line_of_the_table_is_whole() {
        for (line, entry) in lines().zip(ENTRIES.iter()) {
            assert_eq!(line.split('\t').count(), 6, "{line}");
            assert_eq!(entry.alpha2.len(), 2, "{line}");
            assert!(
                entry.calling.bytes().all(|byte| byte.is_ascii_digit()),
                "{line}"
            );
            let trunk = entry.trunk.unwrap_or("0");
            assert!(trunk.bytes().all(|byte| byte.is_ascii_digit()), "{line}");
        }
        assert!(ENTRIES.len() > 240);
    }

    #[test]
    fn national_numbers_get_their_calling_code_or_nothing() {
        for (country, national, international) in [
            ("DE", "01701234567", Some("491701234567")),
            ("DE", "1701234567", Some("491701234567")),
            ("DE", "030123456", Some("4930123456")),
            // Leer has the area code 0491: nobody can tell.
            ("DE", "4911234567", None),
            ("GB", "07911123456", Some("447911123456")),
            ("GB", "447911123456", Some("447911123456")),
            ("US", "2125551234", Some("12125551234")),
            ("US", "12125551234", Some("12125551234")),
            ("US", "5551234", None),
            ("FR", "0612345678", Some("33612345678")),
            ("ES", "612345678", Some("34612345678")),
            ("ES", "34612345678", Some("34612345678")),
            ("IT", "3921234567", None),
            ("IT", "0612345678", Some("390612345678")),
            ("HU", "06201234567", Some("36201234567")),
            ("RU", "89161234567", Some("79161234567")),
            ("RU", "79161234567", Some("79161234567")),
            ("NO", "91234567", Some("4791234567")),
            ("NO", "4791234567", Some("4791234567")),
            ("BR", "055991234567", Some("5555991234567")),
        ] {
            let country: Country = country.parse().unwrap();
            let found = country.international(national);
            assert_eq!(found.as_deref(), international, "{country} {national}");
        }
    }
}
