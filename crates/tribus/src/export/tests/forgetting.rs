//! One customer taken out of a folder, and everything else left as it was.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use super::{Made, made};
use crate::export::{
    CustomerOptions, CustomersFormat, ExportError, FolderOptions, Forgotten, Keep, ResultFolder,
    unwatched,
};

/// Customers whose ids are prefixes of each other, with notes of several lines.
fn people(id: impl Fn(usize) -> String) -> Made {
    let mut text = String::from("customer_id,email,note,spend,visits\n");
    for row in 0..60 {
        let spend = [100, 900][row % 2] + row * 7 % 31;
        let id = id(row);
        let visits = spend / 9 + row % 3;
        writeln!(
            text,
            "{id},p{row}@example.com,\"two\nlines, {row}\",{spend},{visits}"
        )
        .unwrap();
    }
    made(
        &text,
        "[input]\nid = \"customer_id\"\n[segment]\nfeatures = [\"spend\", \"visits\"]\nk = 2\n",
    )
}

fn written(path: &Path, made: &Made, format: CustomersFormat) {
    let options = FolderOptions {
        customers: CustomerOptions {
            keep: Keep::All,
            raw: false,
        },
        format,
        workbook: true,
        ..FolderOptions::default()
    };
    let folder = ResultFolder::claim(path, Duration::ZERO).unwrap();
    let (s, t, c) = (&made.segmentation, &made.table, &made.customers);
    folder.write(s, t, c, &options, &unwatched).unwrap();
}

fn forget(path: &Path, id: &str) -> Result<Forgotten, ExportError> {
    ResultFolder::claim(path, Duration::ZERO)?.forget(id, &unwatched)
}

fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for inner in ["", "charts"] {
        for entry in fs::read_dir(folder.join(inner)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn the_lines_of_the_customer_go_and_everything_else_keeps_its_bytes() {
    let made = people(|row| format!("C{row}"));
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("results");
    written(&path, &made, CustomersFormat::Csv);
    fs::write(path.join("notes.txt"), "mine").unwrap();
    let before = contents(&path);
    let forgotten = forget(&path, "C1").unwrap();
    let lines = [("customers.csv", 1), ("workbook.xlsx", 1)];
    let lines = lines.map(|(file, lines)| (file.to_owned(), lines));
    assert_eq!(forgotten.removed, BTreeMap::from(lines));
    assert!(forgotten.make_again.contains(&"report.html".to_owned()));
    assert!(!forgotten.make_again.contains(&"customers.csv".to_owned()));
    let after = contents(&path);
    assert!(before.keys().eq(after.keys()));
    for (name, bytes) in &before {
        let is_changed = matches!(name.as_str(), "customers.csv" | "workbook.xlsx" | ".tribus");
        assert_eq!(*bytes != after[name], is_changed, "{name}");
    }
    // The record of two lines goes as a whole, and C10 to C19 stay.
    let text = String::from_utf8(before["customers.csv"].clone()).unwrap();
    let start = text.find("\n2,C1,").unwrap() + 1;
    let end = text.find("\n3,C2,").unwrap() + 1;
    let expected = format!("{}{}", &text[..start], &text[end..]);
    assert_eq!(
        String::from_utf8(after["customers.csv"].clone()).unwrap(),
        expected
    );
    // Nobody edited the folder: it can be written and forgotten from again.
    assert!(
        ResultFolder::claim(&path, Duration::ZERO)
            .unwrap()
            .check(false)
            .is_err(),
        "notes.txt"
    );
    assert_eq!(forget(&path, "C2").unwrap().removed["customers.csv"], 1);
    let nobody = forget(&path, "C1").unwrap();
    assert_eq!(nobody, Forgotten::default());
    assert_eq!(contents(&path)["customers.csv"].len(), {
        let next = text.find("\n4,C3,").unwrap() + 1;
        text.len() - (next - start)
    });
}

#[test]
fn ids_are_found_as_text_and_as_numbers_and_in_parquet() {
    for format in [CustomersFormat::Csv, CustomersFormat::Parquet] {
        let file = match format {
            CustomersFormat::Csv => "customers.csv",
            CustomersFormat::Parquet => "customers.parquet",
        };
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("results");
        let numbers = people(|row| (1000 + row).to_string());
        written(&path, &numbers, format);
        assert_eq!(forget(&path, " 1007 ").unwrap().removed[file], 1, "{file}");
        assert!(forget(&path, "1007").unwrap().removed.is_empty());
        // A leading zero makes another customer of an id that is text.
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("results");
        written(&path, &people(|row| format!("0{row:03}")), format);
        assert!(forget(&path, "7").unwrap().removed.is_empty(), "{file}");
        assert_eq!(forget(&path, "0007").unwrap().removed[file], 1, "{file}");
        // An id that a spreadsheet would run is guarded in CSV.
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("results");
        written(&path, &people(|row| format!("+49{row:03}")), format);
        assert_eq!(forget(&path, "+49007").unwrap().removed[file], 1, "{file}");
    }
}

#[test]
fn model_report_and_charts_name_nobody() {
    let made = people(|row| format!("Kx{row:04}y"));
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("results");
    written(&path, &made, CustomersFormat::Csv);
    for (name, bytes) in contents(&path) {
        if matches!(name.as_str(), "customers.csv" | "workbook.xlsx") {
            continue;
        }
        let text = String::from_utf8(bytes).unwrap();
        for row in 0..60 {
            let own = [format!("Kx{row:04}y"), format!("p{row}@example.com")];
            assert!(!own.iter().any(|own| text.contains(own)), "{name}");
        }
    }
}

#[test]
fn folders_of_others_and_edited_ones_are_left_alone() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("theirs");
    fs::create_dir(&path).unwrap();
    fs::write(path.join("customers.csv"), "row,id\n1,C1\n").unwrap();
    assert!(matches!(
        forget(&path, "C1"),
        Err(ExportError::NotOurs { .. })
    ));
    let path = place.path().join("results");
    written(
        &path,
        &people(|row| format!("C{row}")),
        CustomersFormat::Csv,
    );
    fs::write(path.join("customers.csv"), "row,id\n1,C1\n").unwrap();
    assert!(matches!(
        forget(&path, "C1"),
        Err(ExportError::Edited { .. })
    ));
}
