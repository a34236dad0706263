//! Models that contradict themselves are refused; whatever is not refused can be used: an error or a result, never a panic.
//!
//! Valid models are taken apart as JSON, changed at random places and given a right digest. Under `TRIBUS_THOROUGH` there are
//! many more of them.

#![expect(clippy::unwrap_used, reason = "a test fails by panic")]

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::OnceLock;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tribus::export::{CustomerOptions, TableFormat, segments_csv, write_customers};
use tribus::expr::Dialect;
use tribus::recipe::Recipe;
use tribus::report::Report;
use tribus::segmentation::{Segmentation, SegmentationError};
use tribus::source::{Input, read};
use tribus::table::Table;

use crate::thorough::runs;

const OLD: &str = include_str!("../fixtures/model-0.1.0.json");

/// Numbers of a seed, by SplitMix64.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound.max(1) as u64) as usize
    }
}

/// The first customers of the demo, read from a file of so many lines.
fn customers(lines: usize) -> Table {
    let text = tribus::demo::customers();
    let few: Vec<&str> = text.lines().take(lines).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("customers.tsv");
    std::fs::write(&path, few.join("\n")).unwrap();
    let model = Segmentation::from_json(OLD, Path::new("old")).unwrap();
    read(&[Input::Path(path)], &model.read_options()).unwrap()
}

/// A model as JSON with a right digest.
fn written(content: &Value) -> String {
    let content = content.to_string();
    let digest = Sha256::digest(content.as_bytes());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        r#"{{"format":"tribus-segmentation","version":1,"sha256":"{digest}","content":{content}}}"#
    )
}

fn content_of(text: &str) -> Value {
    let mut document: Value = serde_json::from_str(text).unwrap();
    document["content"].take()
}

/// The model of an earlier version, and one with dates, categories and derived columns that is made now.
fn contents() -> &'static [Value; 2] {
    static MADE: OnceLock<[Value; 2]> = OnceLock::new();
    MADE.get_or_init(|| {
        let recipe = "[segment]\nk = \"2-4\"\nevidence = \"quick\"\n";
        let recipe = Recipe::parse(recipe, "test").unwrap();
        let made = Segmentation::fit(&recipe, &customers(200)).unwrap();
        [content_of(OLD), content_of(&made.to_json())]
    })
}

/// Goes down from the top, and at each level stops by chance.
fn change_somewhere(value: &mut Value, draw: &mut Draw) {
    let stops = draw.below(4) == 0;
    match value {
        Value::Array(list) if !stops && !list.is_empty() => {
            let at = draw.below(list.len());
            change_somewhere(&mut list[at], draw);
        }
        Value::Object(map) if !stops && !map.is_empty() => {
            let at = draw.below(map.len());
            let child = map.values_mut().nth(at).unwrap();
            change_somewhere(child, draw);
        }
        value => change(value, draw),
    }
}

fn change(value: &mut Value, draw: &mut Draw) {
    match value {
        Value::Array(list) if !list.is_empty() => {
            let at = draw.below(list.len());
            match draw.below(5) {
                0 => drop(list.remove(at)),
                1 => list.insert(at, list[at].clone()),
                2 => list.truncate(at),
                3 => list.reverse(),
                _ => {
                    let other = draw.below(list.len());
                    list.swap(at, other);
                }
            }
        }
        Value::Object(map) if map.len() > 1 => {
            let keys: Vec<String> = map.keys().cloned().collect();
            let (one, other) = (draw.below(keys.len()), draw.below(keys.len()));
            if draw.below(2) == 0 {
                map.remove(&keys[one]);
            } else {
                let (first, second) = (map[&keys[one]].clone(), map[&keys[other]].clone());
                map.insert(keys[one].clone(), second);
                map.insert(keys[other].clone(), first);
            }
        }
        value => {
            *value = match draw.below(11) {
                0 => json!(0),
                1 => json!(-1),
                2 => json!(1e308),
                3 => json!(-1e308),
                4 => Value::Null,
                5 => json!(u64::MAX),
                6 => json!(4_000_000_000_u64),
                7 => json!(1e-300),
                8 => json!("a \u{1b}[31m text"),
                9 => json!(""),
                _ => json!([]),
            }
        }
    }
}

/// Everything that reads a model. What it comes to does not matter.
fn use_all(model: &Segmentation, table: &Table) {
    for card in model.cards() {
        drop(card.stability_in_words());
        drop(card.rule.map(tribus::rules::SegmentRule::words));
    }
    drop(model.rules().map(|rules| rules.sql(Dialect::DuckDb)));
    for question in model.please_check() {
        drop(question.sentence());
    }
    drop(model.recipe().to_toml());
    drop(segments_csv(model, false));
    let report = Report::of(model);
    drop((report.to_html(), report.charts()));
    if let Ok(customers) = model.assign(table) {
        let options = CustomerOptions::default();
        drop(write_customers(
            io::sink(),
            model,
            table,
            &customers,
            &options,
            TableFormat::Csv,
        ));
    }
    drop(model.explain(table, "5524"));
    drop(model.explain(table, "1"));
    for k in model.numbers_kept() {
        if let Ok(other) = model.with_number(k) {
            drop(other.cards());
            if k != model.k() {
                drop(Report::of(&other).charts());
            }
        }
    }
    drop(model.with_value("Income").map(|valued| valued.to_json()));
    let mut renamed = model.clone();
    if let Ok(first) = renamed.segment(1) {
        drop(renamed.rename(first, "Others"));
    }
    let text = renamed.to_json();
    drop(Segmentation::from_json(&text, Path::new("again")));
}

/// Loads a model and uses it; whether it was refused.
fn tried(text: &str, table: &Table) -> bool {
    match Segmentation::from_json(text, Path::new("model")) {
        Ok(model) => {
            use_all(&model, table);
            false
        }
        Err(error) => {
            assert!(!matches!(error, SegmentationError::Changed { .. }));
            true
        }
    }
}

#[test]
fn a_contradictory_model_is_an_error_or_a_result_and_never_a_panic() {
    let table = customers(30);
    let (mut refused, mut used) = (0, 0);
    let rounds = runs(200, 20_000);
    for seed in 0..rounds {
        let mut draw = Draw(seed);
        let mut content = contents()[draw.below(2)].clone();
        for _ in 0..=draw.below(2) {
            change_somewhere(&mut content, &mut draw);
        }
        let text = written(&content);
        let outcome = catch_unwind(AssertUnwindSafe(|| tried(&text, &table)));
        let Ok(is_refused) = outcome else {
            panic!("the model of seed {seed} makes the library panic");
        };
        if is_refused {
            refused += 1;
        } else {
            used += 1;
        }
    }
    // Both kinds are tried.
    assert!(
        refused > rounds / 5 && used > rounds / 20,
        "{refused} refused, {used} used"
    );
}

/// A place in the model, what is put there, and what is said of it.
const CONTRADICTIONS: [(&str, &str, &str); 11] = [
    (
        "/k",
        "0",
        "m.json contradicts itself: `k` is 0, not from 1 to 1000",
    ),
    (
        "/outlier_distance",
        "[1.0]",
        "`outlier_distance` has 1 entry, not 3: one for each segment",
    ),
    (
        "/pipeline/features/2/spread",
        "0.0",
        "`pipeline.features[2].spread` is 0, not above 0",
    ),
    (
        "/profiles/segments/1/name",
        "\" \"",
        "`profiles.segments[1].name` is no name",
    ),
    (
        "/profiles/segments/1/segment",
        "3",
        "`profiles.segments[1].segment` is 3",
    ),
    (
        "/summary/map/points/7/2",
        "9",
        "`summary.map.points[7]` is 9, not from 1 to 3",
    ),
    (
        "/summary/segments/0/share",
        "1.5",
        "`summary.segments[0].share` is 1.5",
    ),
    (
        "/others/0/outlier_distance",
        "[]",
        "`others[0].outlier_distance` has 0 entries, not 4",
    ),
    (
        "/evidence/candidates/1/centroids",
        "[]",
        "`evidence.candidates[1].centroids` has 0 entries, not 32",
    ),
    (
        "/pipeline/derive/0/expression",
        "\"Nobody + 1\"",
        "`pipeline.derive[0].expression` reads `Nobody`",
    ),
    (
        "/pipeline/features/0/center",
        "\"x\"",
        "`pipeline.features[0].center` is not what it should be",
    ),
];

#[test]
fn a_contradiction_is_told_with_its_place() {
    for (pointer, value, words) in CONTRADICTIONS {
        let mut content = contents()[0].clone();
        *content.pointer_mut(pointer).unwrap() = serde_json::from_str(value).unwrap();
        let error = Segmentation::from_json(&written(&content), Path::new("m.json")).unwrap_err();
        assert!(error.hint().is_some(), "{error}");
        assert!(error.to_string().contains(words), "{pointer}: {error}");
    }
}

#[test]
fn nesting_without_end_is_an_error() {
    let deep = "[".repeat(200_000);
    for text in [deep.clone(), written(&json!({})).replace("{}", &deep)] {
        assert!(Segmentation::from_json(&text, Path::new("deep")).is_err());
    }
}
