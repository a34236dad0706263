//! The lexicon as data, and what names are taken to say.

use std::collections::{BTreeMap, BTreeSet};

use super::{Concept, Lexicon, split, terms};

/// The concepts of a name, in its order.
fn concepts(name: &str) -> Vec<Concept> {
    terms(name).iter().filter_map(|term| term.concept).collect()
}

#[test]
fn phrases_beat_words() {
    assert_eq!(concepts("Phone Orders"), [Concept::Purchase]);
    assert_eq!(concepts("phone number"), [Concept::Contact]);
    assert_eq!(concepts("credit_limit"), [Concept::Owned]);
    assert_eq!(concepts("ClaimAmount"), [Concept::Cost]);
}

#[test]
fn compounds_are_split_into_words_of_the_lexicon() {
    let texts =
        |name: &str| -> Vec<String> { terms(name).into_iter().map(|term| term.text).collect() };
    assert_eq!(texts("Gesamtumsatzanteil"), ["gesamtumsatz", "anteil"]);
    assert_eq!(texts("orderdate"), ["order", "date"]);
    assert_eq!(texts("customerid"), ["customer", "id"]);
    // A word that no entry covers whole stays one word.
    assert_eq!(texts("snowboarding"), ["snowboarding"]);
}

#[test]
fn names_of_many_languages_say_the_same() {
    for name in [
        "last purchase date",
        "Letztes Kaufdatum",
        "date dernier achat",
        "fecha última compra",
        "data última compra",
        "data ultimo acquisto",
        "datum laatste aankoop",
        "data ostatniego zakupu",
        "son alışveriş tarihi",
        "дата последней покупки",
        "最終購入日",
        "最近购买日期",
    ] {
        let found: BTreeSet<Concept> = concepts(name).into_iter().collect();
        for concept in [Concept::Last, Concept::Purchase, Concept::Date] {
            assert!(found.contains(&concept), "{name}: {found:?}");
        }
    }
}

#[test]
fn every_entry_is_written_as_the_splitter_writes_it_and_stands_under_one_concept() {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    for line in super::lexicon::TEXT
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        let fields: Vec<&str> = line.split('\t').collect();
        let [concept, language, list] = fields.as_slice() else {
            panic!("{line}");
        };
        assert!(
            Concept::from_word(concept).is_some(),
            "{concept} is no concept"
        );
        assert_eq!(language.len(), 2, "{line}");
        for entry in list.split(", ") {
            assert_eq!(split(entry).join(" "), entry, "{concept} {language}");
            let before = owners.insert(entry, concept);
            assert_eq!(before, None, "{entry} is {concept}, too");
        }
    }
    assert!(owners.len() > 10_000);
}

/// Words that rooms above may name although the lexicon has them, and why.
const ALLOWED: [(&str, &str); 1] = [("value", "a reason code")];

#[test]
fn no_other_room_has_a_list_of_column_words() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for room in ["plan"] {
        for entry in std::fs::read_dir(root.join(room)).unwrap() {
            let path = entry.unwrap().path();
            let is_test = path.ends_with("tests.rs");
            if path.extension().is_none_or(|extension| extension != "rs") || is_test {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            // A string literal that is one word of the lexicon, of four letters and more.
            for literal in text.split('"').skip(1).step_by(2) {
                let is_word =
                    literal.chars().count() >= 4 && literal.chars().all(char::is_alphabetic);
                let is_known = Lexicon::get().has(literal)
                    && !ALLOWED.iter().any(|(word, _)| *word == literal);
                if is_word && is_known && !is_reason_code(&text, literal) {
                    found.push(format!("{}: {literal}", path.display()));
                }
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

/// Reason codes and roles are words for programs, not for names of columns.
fn is_reason_code(text: &str, literal: &str) -> bool {
    let quoted = format!("\"{literal}\"");
    text.lines()
        .filter(|line| line.contains(&quoted))
        .all(|line| {
            let line = line.trim();
            line.contains("code")
                || line.contains("becomes(")
                || line.contains("&[")
                || line.ends_with(',')
        })
}

#[test]
fn a_name_of_two_megabytes_is_read_at_once() {
    let long = "customer".repeat(1 << 18);
    assert!(terms(&long).len() <= 200);
}
