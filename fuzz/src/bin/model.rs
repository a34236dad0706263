//! Saved models: the bytes say where a small valid model is changed and how, and it gets a right digest. What is not refused can
//! be used.
#![no_main]

use std::cell::OnceCell;
use std::io;
use std::path::Path;
use std::slice::Iter;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tribus::export::{CustomerOptions, segments_csv, write_customers};
use tribus::expr::Dialect;
use tribus::report::Report;
use tribus::segmentation::Segmentation;
use tribus::table::Table;
use tribus_fuzz::seeds;

thread_local! {
    static MODEL: OnceCell<(Value, Table)> = const { OnceCell::new() };
}

/// Changes to the model, one after another; 0 where the bytes are at their end.
struct Changes<'a>(Iter<'a, u8>);

impl Changes<'_> {
    fn next(&mut self) -> u8 {
        self.0.next().copied().unwrap_or(0)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::from(self.next()) % bound.max(1)
    }

    /// Goes down from the top: each byte is a child, and 255 stops.
    fn change_somewhere(&mut self, value: &mut Value) {
        let byte = usize::from(self.next());
        match value {
            Value::Array(list) if byte < 255 && !list.is_empty() => {
                let at = byte % list.len();
                self.change_somewhere(&mut list[at]);
            }
            Value::Object(map) if byte < 255 && !map.is_empty() => {
                let at = byte % map.len();
                let child = map.values_mut().nth(at).expect("within the map");
                self.change_somewhere(child);
            }
            value => self.change(value),
        }
    }

    fn change(&mut self, value: &mut Value) {
        match value {
            Value::Array(list) if !list.is_empty() => {
                let (at, other) = (self.below(list.len()), self.below(list.len()));
                match self.below(5) {
                    0 => drop(list.remove(at)),
                    1 => list.insert(at, list[other].clone()),
                    2 => list.truncate(at),
                    3 => list.reverse(),
                    _ => list.swap(at, other),
                }
            }
            Value::Object(map) if !map.is_empty() => {
                let keys: Vec<String> = map.keys().cloned().collect();
                let (one, other) = (&keys[self.below(keys.len())], &keys[self.below(keys.len())]);
                match self.below(2) {
                    0 => drop(map.remove(one)),
                    _ => drop(map.insert(one.clone(), map[other].clone())),
                }
            }
            value => *value = self.scalar(),
        }
    }

    fn scalar(&mut self) -> Value {
        match self.below(8) {
            0 => json!(self.next()),
            1 => json!(-i32::from(self.next())),
            2 => json!(f64::from(self.next()) / 255.0),
            3 => json!(f64::from_bits(u64::from_le_bytes(
                [0; 8].map(|_: u8| self.next())
            ))),
            4 => json!(u64::from_le_bytes([0; 8].map(|_: u8| self.next()))),
            5 => {
                let length = self.below(40);
                let text: Vec<u8> = (0..length).map(|_| self.next()).collect();
                json!(String::from_utf8_lossy(&text))
            }
            6 => json!([]),
            _ => Value::Null,
        }
    }
}

/// A document with that content.
fn document(content: &str) -> String {
    let digest = Sha256::digest(content.as_bytes());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        r#"{{"format":"tribus-segmentation","version":1,"sha256":"{digest}","content":{content}}}"#
    )
}

/// Everything that reads a model.
fn use_all(model: &Segmentation, table: &Table) {
    for card in model.cards() {
        let _ = (
            card.stability_in_words(),
            card.rule.map(tribus::rules::SegmentRule::words),
        );
    }
    for question in model.please_check() {
        let _ = question.sentence();
    }
    let _ = model
        .rules()
        .map(|rules| Dialect::ALL.map(|dialect| rules.sql(dialect)));
    let _ = (
        model.recipe().to_toml(),
        segments_csv(model, false),
        model.read_options(),
    );
    let report = Report::of(model);
    let _ = (report.to_html(), report.charts());
    if let Ok(customers) = model.assign(table) {
        let options = CustomerOptions::default();
        let _ = write_customers(io::sink(), model, table, &customers, &options);
    }
    let _ = (model.explain(table, "c7"), model.explain(table, "1"));
    for k in model.numbers_kept() {
        let _ = model.with_number(k).map(|other| other.cards().len());
    }
    let _ = model.with_value("income");
}

fn check(content: &Value, table: &Table) {
    let text = document(&content.to_string());
    let model = match Segmentation::from_json(&text, Path::new("fuzz")) {
        Ok(model) => model,
        Err(error) => {
            let _ = (error.to_string(), error.hint());
            return;
        }
    };
    let written = model.to_json();
    match Segmentation::from_json(&written, Path::new("written")) {
        Ok(again) => assert!(again.to_json() == written, "written twice, two texts"),
        Err(error) => panic!("does not read back: {error}"),
    }
    use_all(&model, table);
}

/// As many bytes as it takes to reach the leaves: libFuzzer lengthens its inputs slowly, and a model takes a while.
fn first() -> Vec<u8> {
    (0..32).map(|at| u8::wrapping_mul(at, 37)).collect()
}

libfuzzer_sys::fuzz_target!(
    init: tribus_fuzz::begin(&[("changes", first())]),
    |bytes: &[u8]| MODEL.with(|model| {
        let (content, table) = model.get_or_init(seeds::model);
        let mut content = content.clone();
        let mut changes = Changes(bytes.iter());
        while changes.0.len() > 0 {
            changes.change_somewhere(&mut content);
        }
        tribus_fuzz::must_not_panic(|| check(&content, table));
    })
);
