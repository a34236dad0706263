//! How many segments, and are there any: on made-up tables with known groups, without any, and on real files.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panic, and says what it skips"
)]

#[path = "../../../../bench/evidence/src/sets.rs"]
#[expect(
    dead_code,
    clippy::disallowed_methods,
    clippy::too_many_lines,
    reason = "made-up customers may differ in the last digit between platforms"
)]
mod sets;

use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::Path;

use tribus::evidence::{Choice, Confidence, Verdict, evaluate};
use tribus::recipe::{Depth, Recipe};
use tribus::segmentation::{Segmentation, agreement, examine};
use tribus::table::Table;
use tribus_kmeans::{KMeans, Points};

use crate::random::uniform;
use crate::thorough::runs;

fn recipe(features: &[&str]) -> Recipe {
    let mut recipe = Recipe::default();
    recipe.segment.features = features.iter().map(|&feature| feature.to_owned()).collect();
    recipe
}

fn choice(table: &Table, features: &[&str]) -> Choice {
    examine(&recipe(features), table, &|_| ControlFlow::Continue(()))
        .unwrap()
        .evidence
        .choice
}

fn table(set: &sets::Set) -> Table {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all(set.csv().as_bytes()).unwrap();
    Table::open(file.path()).unwrap()
}

/// Whether K-Means with the right number finds the groups; where it does not, no rule could.
fn can_be_found(set: &sets::Set) -> bool {
    let values = set.standardized();
    let points = Points::new(&values, set.rows.len(), set.rows[0].len()).unwrap();
    let settings = KMeans {
        k: set.k,
        recombinations: 0,
        ..KMeans::default()
    };
    agreement(&settings.fit(&points).unwrap().labels, &set.groups) >= 0.8
}

/// Of seeds that the rule was not fitted on.
#[test]
fn known_groups_are_counted() {
    let sets = (900_000..).map(sets::grouped);
    let small = sets
        .filter(|set| set.rows.len() < 1_200)
        .filter(can_be_found);
    let tables = runs(6, 30) as usize;
    let choices: Vec<(usize, Choice)> = small
        .take(tables)
        .map(|set| (set.k, choice(&table(&set), &[])))
        .collect();
    let count = |right: &dyn Fn(usize, &Choice) -> bool| {
        choices
            .iter()
            .filter(|(k, choice)| right(*k, choice))
            .count()
    };
    let right = count(&|k, choice| choice.k == k);
    let near = count(&|k, choice| choice.k.abs_diff(k) <= 1);
    let sure = count(&|_, choice| choice.confidence == Confidence::Strong);
    let sure_and_wrong =
        count(&|k, choice| choice.confidence == Confidence::Strong && choice.k != k);
    // Of 30: 25 and 10; of six one may be farther off.
    assert!(
        right * 30 >= tables * 25 && near * 30 >= tables * 25,
        "{right} right, {near} within one of {tables}"
    );
    assert!(
        sure * 3 >= tables && sure_and_wrong <= 1,
        "{sure} sure, {sure_and_wrong} of them wrong"
    );
}

#[test]
fn tables_without_groups_are_not_said_to_have_any() {
    // Every seventh would be flags alone, which nothing is clustered on without a recipe.
    let sets = (900_000..)
        .filter(|seed| seed % 11 != 6)
        .map(sets::ungrouped);
    let small = sets.filter(|set| set.rows.len() < 1_200);
    let tables = small.take(runs(6, 20) as usize);
    let said = tables.map(|set| choice(&table(&set), &[]).verdict);
    assert!(said.filter(|verdict| *verdict == Verdict::Groups).count() <= 1);
}

/// Fails unless docs/evidence.md has the line of the file, as it comes out now. Passes, saying so, where the file is absent.
#[track_caller]
fn assert_documented(file: &str, features: &[&str]) {
    let shared = match std::env::var_os("TRIBUS_SHARED") {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
    };
    if !shared.is_dir() {
        eprintln!("skipped: {} is not there", shared.display());
        return;
    }
    let documented = include_str!("../../../../docs/evidence.md");
    let table = Table::open(shared.join(file)).unwrap();
    let line = line(file, &table, features);
    assert!(documented.contains(&line), "docs/evidence.md lacks {line}");
}

// Real customers are what an analyst would say.

#[test]
fn customers_of_a_food_company_are_as_documented() {
    assert_documented("data/ifood_df.csv", &[]);
}

#[test]
fn customers_of_a_marketing_campaign_are_as_documented() {
    assert_documented("data/marketing_campaign.csv", &[]);
}

#[test]
fn customers_of_a_mall_are_as_documented() {
    assert_documented("data/Mall_Customers.csv", &[]);
    let income_and_score = ["Annual Income (k$)", "Spending Score (1-100)"];
    assert_documented("data/Mall_Customers.csv", &income_and_score);
}

#[test]
fn customers_of_a_wholesaler_are_as_documented() {
    assert_documented("data/Wholesale customers data.csv", &[]);
}

#[test]
fn customers_of_a_mail_order_shop_are_as_documented() {
    assert_documented("data/hillstrom.csv", &[]);
}

#[test]
fn customers_of_an_online_shop_are_as_documented() {
    assert_documented("reference/OnlineRetail_rfm.csv", &[]);
}

/// A line of the table in docs/evidence.md.
fn line(file: &str, table: &Table, features: &[&str]) -> String {
    let made = Segmentation::fit(&recipe(features), table).unwrap();
    let Choice {
        verdict,
        natural_k,
        k,
        runner_up,
        confidence,
        ..
    } = &made.evidence().choice;
    let (verdict, confidence) = (word(verdict), word(confidence));
    let sizes = made.summary().segments.iter().map(|segment| segment.size);
    let segments: Vec<String> = made
        .profiles()
        .segments
        .iter()
        .zip(sizes)
        .map(|(profile, size)| format!("{} {size}", profile.name))
        .collect();
    let runner_up = runner_up.map_or_else(|| "-".to_owned(), |k| k.to_string());
    let name = Path::new(file).file_name().unwrap().to_string_lossy();
    let columns = if features.is_empty() {
        ""
    } else {
        ", income and score alone"
    };
    format!(
        "| {name}{columns} | {verdict} | {natural_k} | {k} | {runner_up} | {confidence} | {} |",
        segments.join("; ")
    )
}

/// How a verdict or a confidence is written in files.
fn word(value: impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap();
    value.as_str().unwrap().to_owned()
}

#[test]
fn a_best_number_at_the_end_of_those_tried_is_told() {
    let mut text = "a,b\n".to_owned();
    for row in 0..200 {
        let (group, near) = (row % 4, (row / 4) % 5);
        text += &[
            (100 * (group % 2) + near).to_string(),
            (100 * (group / 2) + near).to_string(),
        ]
        .join(",");
        text.push('\n');
    }
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let table = Table::open(file.path()).unwrap();
    let warnings = |clusters: &str| {
        let mut recipe = recipe(&["a", "b"]);
        recipe.segment.k = Some(clusters.parse().unwrap());
        let examined = examine(&recipe, &table, &|_| ControlFlow::Continue(())).unwrap();
        examined.warnings.join(" ")
    };
    assert!(warnings("2-4").contains("--k 2-8"), "{}", warnings("2-4"));
    assert!(
        !warnings("2-8").contains("largest that was tried"),
        "{}",
        warnings("2-8")
    );
}

/// Of very many customers, silhouettes are told among a part; `evaluate` compares with all.
#[test]
fn silhouettes_of_very_many_customers_are_those_of_all() {
    let mut text = "a,b\n".to_owned();
    for row in 0..60_000 {
        let group = (uniform(row, 1) * 3.0).floor();
        let [a, b] =
            [2, 3].map(|stream| 2.5 * group + uniform(row, stream) + uniform(row, stream + 2));
        writeln!(text, "{a},{b}").unwrap();
    }
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let mut recipe = recipe(&["a", "b"]);
    recipe.segment.k = Some("3-4".parse().unwrap());
    recipe.segment.evidence = Some(Depth::Quick);
    let table = Table::open(file.path()).unwrap();
    let examined = examine(&recipe, &table, &|_| ControlFlow::Continue(())).unwrap();
    let segments = examined.segments().unwrap();
    let labels: Vec<Option<String>> = (segments.iter())
        .map(|segment| Some(segment.to_string()))
        .collect();
    let of_all = evaluate(&examined.prepared.matrix, &labels, &segments, 0).unwrap();
    let k = examined.evidence.choice.k;
    let told = examined.evidence.candidate(k).unwrap().silhouette.unwrap();
    let of_all = of_all.silhouette.unwrap();
    assert!(
        told.mean > 0.5 && (told.mean - of_all.mean).abs() < 0.02,
        "{told:?} {of_all:?}"
    );
    assert!(
        told.interval.is_some() && told.customers < 1_200,
        "{told:?}"
    );
}
