//! What is said of tables in which something is not what it seems.

#![expect(clippy::unwrap_used, reason = "a test fails by panic")]

use std::fmt::Write as _;
use std::io::Write as _;

use tribus::recipe::Recipe;
use tribus::segmentation::Segmentation;
use tribus::source::{Input, ReadOptions, read};

/// Numbers between 0 and 1 that look drawn.
fn noise(row: usize, column: usize) -> f64 {
    let mixed = (row * 2_654_435_761 + column * 40_503 + 12_345) % 1_000_003;
    (mixed * 7_919 % 10_007) as f64 / 10_007.0
}

fn segmented(header: &str, rows: usize, cells: impl Fn(usize) -> String) -> Segmentation {
    let mut text = format!("customer_id,{header}\n");
    for row in 0..rows {
        writeln!(text, "K{row},{}", cells(row)).unwrap();
    }
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let path = file.path().to_path_buf();
    let table = read(&[Input::Path(path)], &ReadOptions::default()).unwrap();
    let recipe = Recipe::parse("[segment]\nevidence = \"quick\"\n", "quick").unwrap();
    Segmentation::fit(&recipe, &table).unwrap()
}

fn noted(segmentation: &Segmentation, words: &str) -> bool {
    segmentation.notes().iter().any(|note| note.contains(words))
}

#[test]
fn a_segment_of_filled_cells_is_told() {
    let cells = |row: usize| {
        let group = row % 3;
        let age = [28.0, 45.0, 60.0][group] + 8.0 * noise(row, 0);
        let spend = [200.0, 500.0, 1_500.0][group] + 60.0 * noise(row, 1);
        let income = [30_000.0, 50_000.0, 100_000.0][group] + 3_000.0 * noise(row, 2);
        let is_missing = group == 2 && noise(row, 3) < 0.7;
        let income = if is_missing {
            String::new()
        } else {
            format!("{income:.0}")
        };
        format!("{age:.0},{income},{spend:.2}")
    };
    let found = segmented("age,income,total_spend", 600, cells);
    assert!(
        noted(&found, "income is missing for"),
        "{:?}",
        found.notes()
    );
    let whole = segmented("age,income,total_spend", 600, |row| {
        let cells = cells(row);
        cells.replace(",,", ",55000,")
    });
    assert!(!noted(&whole, "is missing for"), "{:?}", whole.notes());
}

#[test]
fn one_customer_with_much_of_the_value_is_told() {
    let cells = |row: usize| {
        let spend = if row == 17 {
            90_000.0
        } else {
            250.0 + 100.0 * noise(row, 1)
        };
        format!("{:.0},{spend:.2}", 20.0 + 50.0 * noise(row, 0))
    };
    let found = segmented("age,spend", 300, cells);
    assert!(
        noted(&found, "one of 300 customers has 5"),
        "{:?}",
        found.notes()
    );
    let even = segmented("age,spend", 300, |row| {
        cells(if row == 17 { 18 } else { row })
    });
    assert!(!noted(&even, "one of 300"), "{:?}", even.notes());
}

#[test]
fn customers_who_leave_are_no_response() {
    let cells = |row: usize| {
        let group = row % 2;
        let leaves = noise(row, 5) < [0.6, 0.05][group];
        let visits = [3.0, 15.0][group] + 3.0 * noise(row, 0);
        let spend = [100.0, 600.0][group] + 30.0 * noise(row, 1);
        format!("{visits:.0},{spend:.2},{},1,4", u8::from(leaves))
    };
    let found = segmented("visits,total_spend,churn,contact_cost,revenue", 600, cells);
    assert!(found.campaign().is_none(), "{:?}", found.campaign());
    let asked = segmented(
        "visits,total_spend,responded,contact_cost,revenue",
        600,
        cells,
    );
    assert!(asked.campaign().is_some());
}

#[test]
fn times_are_told_in_the_unit_of_their_name() {
    let cells = |row: usize| {
        let group = row % 3;
        let ago = [2.0, 20.0, 45.0][group] + 4.0 * noise(row, 0);
        let spend = [900.0, 300.0, 60.0][group] * (1.0 + 0.2 * noise(row, 1));
        format!("{ago:.0},{spend:.2}")
    };
    let words = |header: &str| {
        let found = segmented(header, 600, cells);
        let profiles = &found.profiles().segments;
        let told = profiles.iter().flat_map(|profile| &profile.differences);
        told.map(|difference| difference.words.clone())
            .collect::<Vec<String>>()
            .join("; ")
    };
    let months = words("months_since_last_purchase,total_spend");
    assert!(
        months.contains("months ago") && !months.contains("days"),
        "{months}"
    );
    let days = words("days_since_last_purchase,total_spend");
    assert!(days.contains("days ago"), "{days}");
}

#[test]
fn money_that_says_what_income_says_is_the_value_all_the_same() {
    let cells = |row: usize| {
        let t = noise(row, 0);
        let income = 20_000.0 + 80_000.0 * t + 3_000.0 * noise(row, 1);
        let spend = 100.0 + 2_000.0 * t + 40.0 * noise(row, 2);
        format!("{income:.0},{spend:.2},{:.0}", 30.0 * noise(row, 3))
    };
    let found = segmented("income,spend,visits", 600, cells);
    assert_eq!(found.summary().value.as_deref(), Some("spend"));
    let spend = found.columns().iter().find(|column| column.name == "spend");
    assert_eq!(spend.unwrap().fate, tribus::roles::Fate::Described);
}
