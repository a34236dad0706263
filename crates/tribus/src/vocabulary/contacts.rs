//! The words of contact columns and of consent, in their own layers of the lexicon.
//!
//! A header may say several things at once ("email opt in" an address and a consent), so these are entries beside the
//! concepts: `contact:NAME`, `consent:NAME`, `channel:NAME` for headers, `answer:NAME` for cells. What a column really is, its
//! values decide.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::lexicon::TEXT;
use super::{split, terms};

/// What a column tells of how to reach a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Contact {
    Email,
    Phone,
    FirstName,
    LastName,
    FullName,
    Street,
    City,
    State,
    Country,
    Zip,
    Birth,
    Gender,
    /// An advertising id of a telephone.
    Device,
}

/// The kinds, and their keys in the lexicon.
const CONTACTS: [(Contact, &str); 13] = [
    (Contact::Email, "contact:email"),
    (Contact::Phone, "contact:phone"),
    (Contact::FirstName, "contact:first_name"),
    (Contact::LastName, "contact:last_name"),
    (Contact::FullName, "contact:full_name"),
    (Contact::Street, "contact:street"),
    (Contact::City, "contact:city"),
    (Contact::State, "contact:state"),
    (Contact::Country, "contact:country"),
    (Contact::Zip, "contact:zip"),
    (Contact::Birth, "contact:birth"),
    (Contact::Gender, "contact:gender"),
    (Contact::Device, "contact:device"),
];

/// A way to write to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Channel {
    Email,
    Phone,
    Sms,
    Post,
}

const CHANNELS: [(Channel, &str); 4] = [
    (Channel::Email, "channel:email"),
    (Channel::Phone, "channel:phone"),
    (Channel::Sms, "channel:sms"),
    (Channel::Post, "channel:post"),
];

impl Channel {
    /// The word in messages.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Email => "e-mail",
            Self::Phone => "telephone",
            Self::Sms => "SMS",
            Self::Post => "post",
        }
    }
}

/// How a header speaks of consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConsentName {
    /// Yes means that the customer agreed, surely: `opt_in`, `Einwilligung`.
    Given,
    /// Yes means that the customer must not be written to, surely: `do_not_contact`, `unsubscribed`.
    Refused,
    /// Yes means so if the cells say yes or no: `newsletter`.
    PerhapsGiven,
    /// The same turned around: `no newsletter`.
    PerhapsRefused,
    /// A state, if the cells are words of consent: `email status`.
    State,
}

/// What a cell says of consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Yes, to whatever the header says.
    Yes,
    /// No, to whatever the header says.
    No,
    /// The customer agreed, whatever the header says: `subscribed`.
    Agreed,
    /// The customer does not agree, whatever the header says: `opted out`.
    Refused,
}

type Phrases = Vec<Vec<String>>;

/// The entries of each layer, in the order of the file.
static LAYERS: LazyLock<HashMap<&str, Phrases>> = LazyLock::new(|| {
    let mut layers: HashMap<&str, Phrases> = HashMap::new();
    for line in TEXT.lines() {
        let mut fields = line.split('\t');
        let key = fields.next().unwrap_or_default();
        let prefix = key.split_once(':').map_or("", |(prefix, _)| prefix);
        if matches!(prefix, "contact" | "consent" | "channel" | "answer") {
            let entries = fields.nth(1).unwrap_or_default().split(',');
            let entries = entries.map(|entry| split(entry.trim()));
            layers.entry(key).or_default().extend(entries);
        }
    }
    layers
});

/// The words of a header, compounds cut as the lexicon cuts them.
fn words_of(header: &str) -> Vec<String> {
    let terms = terms(header).into_iter();
    terms
        .flat_map(|term| term.text.split(' ').map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

/// Where the longest entry of a layer stands in words: its place among them, and its length.
fn find(words: &[String], layer: &str) -> Option<(usize, usize)> {
    let entries = LAYERS.get(layer)?;
    let found = entries.iter().filter(|entry| !entry.is_empty());
    let found = found.filter_map(|entry| {
        let at = words.windows(entry.len()).position(|some| some == entry)?;
        Some((at, entry.len()))
    });
    found.max_by_key(|(at, length)| (*length, std::cmp::Reverse(*at)))
}

fn has(words: &[String], layer: &str) -> bool {
    find(words, layer).is_some()
}

/// What a header says of contact, and how many other words it has; none where other words than qualifiers (`billing`) stand
/// beside, unless the cells prove what they are.
pub(crate) fn contact(header: &str) -> Option<(Contact, usize)> {
    let all = [split(header), words_of(header)];
    let found = all.iter().flat_map(|words| {
        CONTACTS.iter().filter_map(|(contact, layer)| {
            let (at, length) = find(words, layer)?;
            let mut others = words.iter().enumerate();
            let only_qualifiers = others
                .all(|(place, word)| (at..at + length).contains(&place) || is_qualifier(word));
            let proves = matches!(contact, Contact::Email | Contact::Phone | Contact::Device);
            (only_qualifiers || proves).then(|| {
                let others = words.len() - length;
                (*contact, others, length, only_qualifiers)
            })
        })
    });
    found
        .min_by_key(|(_, others, length, only)| (!*only, *others, std::cmp::Reverse(*length)))
        .map(|(contact, others, ..)| (contact, others))
}

fn is_qualifier(word: &str) -> bool {
    let is_number = word.chars().all(char::is_numeric);
    is_number || has(&[word.to_owned()], "contact:qualifier")
}

/// Whether a header tells how to reach somebody, so that its cells are to be kept as they stand in the file. Days of birth are
/// dates, and are read as such.
pub(crate) fn is_contact(header: &str) -> bool {
    contact(header).is_some_and(|(contact, _)| contact != Contact::Birth)
}

/// How a header speaks of consent to be written to, if it does.
pub(crate) fn consent(header: &str) -> Option<ConsentName> {
    let all = [split(header), words_of(header)];
    if all.iter().any(|words| has(words, "consent:other")) {
        return None;
    }
    let any = |layer: &str| all.iter().any(|words| has(words, layer));
    let is_denied = all.iter().any(|words| is_denied(words));
    if any("consent:refused") {
        return Some(ConsentName::Refused);
    }
    if any("consent:given") {
        return Some(if is_denied {
            ConsentName::Refused
        } else {
            ConsentName::Given
        });
    }
    if is_denied {
        return Some(ConsentName::PerhapsRefused);
    }
    if any("consent:list") {
        return Some(ConsentName::PerhapsGiven);
    }
    any("consent:state").then_some(ConsentName::State)
}

/// Whether a word of denial stands right before what it denies: a consent, a list or a way to write.
fn is_denied(words: &[String]) -> bool {
    let denied = ["consent:given", "consent:list"]
        .into_iter()
        .chain(CHANNELS.iter().map(|(_, layer)| *layer));
    let starts: Vec<usize> = denied
        .filter_map(|layer| find(words, layer).map(|(at, _)| at))
        .collect();
    let is_word = |word: &String| has(std::slice::from_ref(word), "consent:not");
    starts.iter().any(|at| *at > 0 && is_word(&words[at - 1]))
}

/// The ways to write to somebody that a header names.
pub(crate) fn channels(header: &str) -> Vec<Channel> {
    let all = [split(header), words_of(header)];
    let named = |layer: &str| all.iter().any(|words| has(words, layer));
    let channels = CHANNELS.iter().filter(|(_, layer)| named(layer));
    channels.map(|(channel, _)| *channel).collect()
}

/// What a cell says of consent; none where it is unclear.
pub(crate) fn answer(cell: &str) -> Option<Answer> {
    static ANSWERS: LazyLock<HashMap<String, Answer>> = LazyLock::new(|| {
        let layers = [
            ("answer:yes", Answer::Yes),
            ("answer:no", Answer::No),
            ("answer:agreed", Answer::Agreed),
            ("answer:refused", Answer::Refused),
        ];
        let all = layers.into_iter().flat_map(|(layer, answer)| {
            let entries = LAYERS.get(layer).into_iter().flatten();
            entries.map(move |entry| (entry.join(" "), answer))
        });
        all.collect()
    });
    let cell = cell.trim();
    let cell = cell.strip_suffix(".0").unwrap_or(cell);
    // "-1" is no 1.
    let is_bare = cell.chars().next().is_some_and(char::is_alphanumeric);
    is_bare
        .then(|| ANSWERS.get(&split(cell).join(" ")).copied())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_are_known_in_many_languages() {
        for (header, found) in [
            ("email", Some(Contact::Email)),
            ("E-Mail-Adresse", Some(Contact::Email)),
            ("correo electrónico", Some(Contact::Email)),
            ("メールアドレス", Some(Contact::Email)),
            ("Телефон", Some(Contact::Phone)),
            ("mobile_number", Some(Contact::Phone)),
            ("Vorname", Some(Contact::FirstName)),
            ("FirstName", Some(Contact::FirstName)),
            ("Nachname", Some(Contact::LastName)),
            ("billing_last_name", Some(Contact::LastName)),
            ("PLZ", Some(Contact::Zip)),
            ("Zip/Postal Code", Some(Contact::Zip)),
            ("Billing Country", Some(Contact::Country)),
            ("country_code", Some(Contact::Country)),
            ("ville", Some(Contact::City)),
            ("idfa", Some(Contact::Device)),
            ("city_tier", None),
            ("total_spend", None),
            ("product name", None),
        ] {
            let contact = contact(header).map(|(contact, _)| contact);
            assert_eq!(contact, found, "{header}");
        }
    }

    #[test]
    fn consent_and_its_opposite_are_known_in_many_languages() {
        use ConsentName::{Given, PerhapsGiven, PerhapsRefused, Refused, State};
        for (header, found) in [
            ("email_opt_in", Some(Given)),
            ("EmailOptIn", Some(Given)),
            ("marketing_consent", Some(Given)),
            ("Accepts Marketing", Some(Given)),
            ("Einwilligung", Some(Given)),
            ("Werbeeinwilligung", Some(Given)),
            ("consentement marketing", Some(Given)),
            ("consentimiento", Some(Given)),
            ("zgoda marketingowa", Some(Given)),
            ("согласие", Some(Given)),
            ("pazarlama izni", Some(Given)),
            ("toestemming", Some(Given)),
            ("同意", Some(Given)),
            ("newsletter", Some(PerhapsGiven)),
            ("unsubscribed", Some(Refused)),
            ("opt_out", Some(Refused)),
            ("do_not_contact", Some(Refused)),
            ("DoNotEmail", Some(Refused)),
            ("donotcall", Some(Refused)),
            ("Werbesperre", Some(Refused)),
            ("désabonné", Some(Refused)),
            ("no consent", Some(Refused)),
            ("kein newsletter", Some(PerhapsRefused)),
            ("no_sms", Some(PerhapsRefused)),
            ("email status", Some(State)),
            ("cookie consent", None),
            ("accepted terms", None),
            ("total_spend", None),
            ("email", None),
        ] {
            assert_eq!(consent(header), found, "{header}");
        }
        assert_eq!(channels("SMS-Einwilligung"), [Channel::Sms]);
        assert_eq!(channels("email_opt_in"), [Channel::Email]);
        assert_eq!(channels("marketing_consent"), []);
    }

    #[test]
    fn cells_say_yes_or_no_or_nothing_that_is_clear() {
        for (cell, found) in [
            ("yes", Some(Answer::Yes)),
            ("TRUE", Some(Answer::Yes)),
            ("1", Some(Answer::Yes)),
            ("1.0", Some(Answer::Yes)),
            ("Ja", Some(Answer::Yes)),
            ("sí", Some(Answer::Yes)),
            ("да", Some(Answer::Yes)),
            ("はい", Some(Answer::Yes)),
            ("0", Some(Answer::No)),
            ("não", Some(Answer::No)),
            ("hayır", Some(Answer::No)),
            ("granted", Some(Answer::Agreed)),
            ("SUBSCRIBED", Some(Answer::Agreed)),
            ("opted-in", Some(Answer::Agreed)),
            ("Opted out", Some(Answer::Refused)),
            ("NEVER_SUBSCRIBED", Some(Answer::Refused)),
            ("unsubscribed", Some(Answer::Refused)),
            ("denied", Some(Answer::Refused)),
            ("-1", None),
            ("2", None),
            ("maybe", None),
            ("?", None),
        ] {
            assert_eq!(answer(cell), found, "{cell}");
        }
    }
}
