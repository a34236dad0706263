//! What changed between the rows of a fit and new ones, through files, a fit and `assign`.

#![expect(clippy::unwrap_used, reason = "a test fails by panic")]

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;
use tribus::drift::{ChangeKind, Drift, Place};
use tribus::recipe::Recipe;
use tribus::segmentation::{AssignOptions, Segmentation};
use tribus::source::{Input, read};
use tribus::table::Table;

use crate::random::uniform;
use crate::thorough::runs;

/// Made-up customers of two kinds, as a file. `sample` draws others of the same population.
fn file(rows: usize, sample: u64, change: impl Fn(&mut [String; 8])) -> String {
    let header = "customer_id,age,income,visits,spend,joined,channel,newsletter\n";
    let mut text = header.to_owned();
    for row in 0..rows {
        let draw = |stream: u64| uniform(row, 100 * sample + stream);
        // The sum of some uniform numbers is nearly normal.
        let z = |stream: u64| (0..6).map(|part| draw(stream + part)).sum::<f64>() * 1.414 - 4.243;
        let kind = if draw(0) < 0.4 { 1.0 } else { -1.0 };
        let income = 30_000.0 + 9_000.0 * kind + 6_000.0 * z(20);
        let spent = (1.0 / (0.02 + draw(30))).floor() * 10.0;
        let mut cells = [
            format!("C{row:06}"),
            format!("{:.0}", 45.0 + 8.0 * kind + 5.0 * z(10)),
            if draw(31) < 0.05 {
                String::new()
            } else {
                format!("{income:.2}")
            },
            format!("{:.0}", 12.0 * draw(32) * draw(33)),
            if draw(34) < 0.3 {
                "0".to_owned()
            } else {
                spent.to_string()
            },
            format!(
                "2023-{:02}-{:02}",
                1 + (12.0 * draw(35)) as u32,
                1 + (28.0 * draw(36)) as u32
            ),
            ["shop", "web", "phone", "fair"][(4.0 * draw(37) * draw(38).sqrt()) as usize]
                .to_owned(),
            if draw(39) < 0.2 { "yes" } else { "no" }.to_owned(),
        ];
        change(&mut cells);
        writeln!(text, "{}", cells.join(",")).unwrap();
    }
    text
}

fn same(_: &mut [String; 8]) {}

fn table(text: &str, model: Option<&Segmentation>) -> Table {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("customers.csv");
    std::fs::write(&path, text).unwrap();
    match model {
        Some(model) => read(&[Input::Path(path)], &model.read_options()).unwrap(),
        None => Table::open(&path).unwrap(),
    }
}

fn fit(text: &str) -> Segmentation {
    let recipe = "[segment]\nk = 4\nevidence = \"quick\"\n";
    let recipe = Recipe::parse(recipe, "test").unwrap();
    Segmentation::fit(&recipe, &table(text, None)).unwrap()
}

fn drift(model: &Segmentation, text: &str) -> Drift {
    let table = table(text, Some(model));
    model
        .drift(&table, &AssignOptions::default())
        .unwrap()
        .unwrap()
}

fn kinds(drift: &Drift, column: &str) -> Vec<ChangeKind> {
    let of_column = drift.what.iter();
    of_column
        .filter(|change| change.place == Place::Column(column.to_owned()))
        .map(|change| change.kind)
        .collect()
}

#[test]
fn samples_of_one_population_alarm_in_at_most_one_report_of_a_hundred() {
    // Segments are learnt from the first hundred rows, more of them than there are kinds.
    let runs = runs(40, 1000);
    let alarm = |run: &u64| {
        drift(
            &fit(&file(100, 2 * run, same)),
            &file(100, 2 * run + 1, same),
        )
        .changed
    };
    let alarms = (0..runs).filter(alarm).count() as u64;
    assert!(alarms <= 1 + runs / 100, "{alarms} of {runs}");
}

#[test]
fn the_rows_of_the_fit_show_no_drift_in_any_order() {
    let text = file(400, 1, same);
    let model = fit(&text);
    let found = drift(&model, &text);
    assert!(
        !found.changed && found.rows == 400 && found.comparisons > 20,
        "{found:?}"
    );
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].reverse();
    assert_eq!(drift(&model, &lines.join("\n")), found);
}

#[test]
fn means_and_segments_that_changed_are_told() {
    let model = fit(&file(1000, 1, same));
    let changed = |change: &dyn Fn(&mut [String; 8])| drift(&model, &file(1000, 2, change));
    let unchanged = changed(&same);
    assert!(!unchanged.changed, "{:?}", unchanged.what);

    let older = changed(&|cells| cells[1] = (cells[1].parse::<i64>().unwrap() + 4).to_string());
    assert_eq!(kinds(&older, "age")[0], ChangeKind::Mean);

    let richer = changed(&|cells| {
        cells[1] = (cells[1].parse::<i64>().unwrap() + 16).to_string();
        if let Ok(income) = cells[2].parse::<f64>() {
            cells[2] = (income + 18_000.0).to_string();
        }
    });
    let mut segments = richer
        .what
        .iter()
        .filter(|change| matches!(change.place, Place::Segment(_)));
    let segment = segments.next().unwrap();
    assert!(
        segment.kind == ChangeKind::Share && segment.name.is_some(),
        "{segment:?}"
    );
}

#[test]
fn gaps_and_values_that_were_not_there_are_told_of_their_column() {
    let model = fit(&file(1000, 1, same));
    let changed = |change: &dyn Fn(&mut [String; 8])| drift(&model, &file(1000, 2, change));
    let gaps = changed(&|cells| {
        if cells[0].ends_with('7') {
            cells[2].clear();
        }
    });
    assert_eq!(kinds(&gaps, "income"), [ChangeKind::Missing]);

    let new = changed(&|cells| {
        if cells[0].ends_with('7') {
            "app".clone_into(&mut cells[6]);
        }
    });
    assert!(
        kinds(&new, "channel").contains(&ChangeKind::Unseen),
        "{:?}",
        new.what
    );

    let far = changed(&|cells| {
        if cells[0].ends_with("77") || cells[0].ends_with("33") {
            "99000".clone_into(&mut cells[4]);
        }
    });
    assert_eq!(kinds(&far, "spend"), [ChangeKind::Range], "{:?}", far.what);

    let impossible = changed(&|cells| {
        if cells[0].ends_with('7') {
            "180".clone_into(&mut cells[1]);
        }
    });
    assert!(
        kinds(&impossible, "age").contains(&ChangeKind::SetAside),
        "{:?}",
        impossible.what
    );
}

#[test]
fn few_rows_are_no_drift_and_none_can_be_one() {
    let model = fit(&file(200, 1, same));
    for rows in [1, 2, 5] {
        assert!(!drift(&model, &file(rows, 2, same)).changed, "{rows}");
    }
    let aside = drift(&model, &file(3, 2, |cells| "180".clone_into(&mut cells[1])));
    // Three of three impossible ages are no chance where none of 200 was.
    assert_eq!(
        (aside.rows, kinds(&aside, "age").as_slice()),
        (0, &[ChangeKind::SetAside][..])
    );
}

/// The model of an earlier version keeps nothing to compare with.
#[test]
fn a_model_without_a_baseline_says_so() {
    let old = include_str!("../fixtures/model-0.1.0.json");
    let model = Segmentation::from_json(old, Path::new("old")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("customers.tsv");
    std::fs::write(&path, tribus::demo::customers()).unwrap();
    let table = read(&[Input::Path(path)], &model.read_options()).unwrap();
    let customers = model.assign(&table).unwrap();
    assert_eq!(customers.drift, None);
    let told = customers
        .notices
        .iter()
        .filter(|notice| notice.contains("nothing to compare with"));
    assert_eq!(told.count(), 1, "{:?}", customers.notices);
}

#[test]
fn the_baseline_holds_no_value_of_one_customer_and_no_rare_category() {
    let text = file(500, 1, |cells| {
        if cells[0] == "C000007" {
            "rarity".clone_into(&mut cells[6]);
            "123456.78".clone_into(&mut cells[2]);
        }
    });
    let document: Value = serde_json::from_str(&fit(&text).to_json()).unwrap();
    let baseline = document["content"]["baseline"].to_string();
    assert!(baseline.contains("\"income\"") && baseline.contains("\"shop\""));
    assert!(
        !baseline.contains("rarity") && !baseline.contains("123456.78"),
        "{baseline}"
    );
}
