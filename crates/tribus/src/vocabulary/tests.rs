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
        let layer = concept.split_once(':').map(|(layer, _)| layer);
        assert!(
            Concept::from_word(concept).is_some()
                || matches!(
                    layer,
                    Some("part" | "state" | "kind" | "contact" | "consent" | "channel" | "answer")
                ),
            "{concept} is no concept"
        );
        assert_eq!(language.len(), 2, "{line}");
        for entry in list.split(", ") {
            assert_eq!(split(entry).join(" "), entry, "{concept} {language}");
            if layer.is_some() {
                continue;
            }
            let before = owners.insert(entry, concept);
            assert_eq!(before, None, "{entry} is {concept}, too");
        }
    }
    assert!(owners.len() > 10_000);
}

/// Words of the lexicon that other rooms compare something with, and what that is: never a name of a column.
const ALLOWED: [(&str, &str); 5] = [
    ("number", "a reason code"),
    ("codes", "a reason code"),
    ("identifier", "a reason code"),
    ("control", "a cell: the arm of a test"),
    ("holdout", "a cell: the arm of a test"),
];

/// Rooms that must learn from the vocabulary what a name says.
const ROOMS: [&str; 4] = ["meaning", "plan", "profile", "report"];

#[test]
fn no_other_room_compares_names_with_words() {
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders: Vec<_> = ROOMS.iter().map(|room| source.join(room)).collect();
    let (mut found, mut files) = (Vec::new(), 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.ends_with("tests") || path.ends_with("tests.rs") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let words = compared(&text)
                    .into_iter()
                    .filter(|word| is_column_word(word));
                found.extend(words.map(|word| format!("{}: {word}", path.display())));
                files += 1;
            }
        }
    }
    assert!(files > 50, "{files} files");
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn words_that_are_compared_are_found() {
    let text = r#"
        const WORDS: [&str; 2] = ["spend", "income"];
        fn is_it(name: &str) -> bool {
            name == "visits" || name.contains("order") || WORDS.iter().any(|word| name.ends_with(*word))
                || matches!(name, "profit" | "margin") || ["cost", "price"].contains(&name)
        }
        fn says() -> &'static str { "total" }
        #[cfg(test)]
        const OTHERS: [&str; 1] = ["tenure"];
    "#;
    let mut words = compared(text);
    words.sort_unstable();
    let all = [
        "cost", "income", "margin", "order", "price", "profit", "spend", "visits",
    ];
    assert_eq!(words, all);
}

fn is_column_word(word: &str) -> bool {
    let is_word = word.chars().count() >= 4 && word.chars().all(char::is_alphabetic);
    is_word && Lexicon::get().has(word) && !ALLOWED.iter().any(|(allowed, _)| *allowed == word)
}

/// String literals of a source before its tests that something is compared with, or that stand in a list or a pattern.
fn compared(text: &str) -> Vec<&str> {
    let text = text.split("#[cfg(test)]").next().unwrap();
    let pieces: Vec<&str> = text.split('"').collect();
    let literals = (1..pieces.len().saturating_sub(1)).step_by(2);
    let is_compared = |at: &usize| {
        let (before, after) = (pieces[at - 1].trim_end(), pieces[at + 1].trim_start());
        let is_call = [
            "contains(",
            "starts_with(",
            "ends_with(",
            "_prefix(",
            "_suffix(",
        ]
        .iter()
        .any(|call| before.ends_with(call));
        let is_pattern = before.ends_with('|') || after.starts_with('|') || after.starts_with("=>");
        let is_equal = before.ends_with("==") || before.ends_with("!=") || after.starts_with("==");
        is_call || is_pattern || is_equal || is_listed(&pieces, *at)
    };
    literals.filter(is_compared).map(|at| pieces[at]).collect()
}

/// Whether a literal stands in a list of words: a constant, or one that is searched on the spot.
fn is_listed(pieces: &[&str], at: usize) -> bool {
    let is_comma = |piece: &&&str| piece.trim() == ",";
    let before = pieces[..at]
        .iter()
        .rev()
        .step_by(2)
        .find(|piece| !is_comma(piece));
    let after = pieces[at + 1..]
        .iter()
        .step_by(2)
        .find(|piece| !is_comma(piece));
    let (Some(before), Some(after)) = (before, after) else {
        return false;
    };
    let is_constant = before.trim_end().ends_with("= [")
        && before
            .lines()
            .last()
            .is_some_and(|line| line.contains("&str"));
    // The last literal may have a comma behind it.
    let behind = after
        .trim_start_matches([',', ' ', '\n'])
        .strip_prefix(']')
        .unwrap_or_default()
        .trim_start();
    is_constant || behind.starts_with(".contains(") || behind.starts_with(".iter()")
}

#[test]
fn a_name_of_two_megabytes_is_read_at_once() {
    let long = "customer".repeat(1 << 18);
    assert!(terms(&long).len() <= 200);
}
