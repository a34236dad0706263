//! Saved models: the bytes are what a model holds, which gets a right digest. What is not refused can be used.
#![no_main]

use std::cell::OnceCell;
use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};
use tribus::export::{CustomerOptions, segments_csv, write_customers};
use tribus::expr::Dialect;
use tribus::report::Report;
use tribus::segmentation::Segmentation;
use tribus::source::ReadOptions;
use tribus::table::Table;
use tribus_fuzz::seeds;

thread_local! {
    static TABLE: OnceCell<Table> = const { OnceCell::new() };
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
    let _ = (model.explain(table, "5524"), model.explain(table, "1"));
    for k in model.numbers_kept() {
        let _ = model.with_number(k).map(|other| other.cards().len());
    }
    let _ = model.with_value("Income");
}

fn check(content: &str) {
    let text = document(content);
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
    TABLE.with(|table| {
        let options = ReadOptions::default();
        use_all(
            &model,
            table.get_or_init(|| tribus_fuzz::customers(30, &options)),
        );
    });
}

libfuzzer_sys::fuzz_target!(
    init: tribus_fuzz::begin(&seeds::model()),
    |bytes: &[u8]| {
        if let Ok(content) = str::from_utf8(bytes) {
            tribus_fuzz::must_not_panic(|| check(content));
        }
    }
);
