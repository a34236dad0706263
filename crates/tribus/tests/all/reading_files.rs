//! What reading gives for the real files: rows, kinds of columns, all that is odd about a column, decisions, warnings.
#![expect(
    clippy::print_stderr,
    reason = "a test fails by panicking, and says when it is skipped"
)]

use std::path::{Path, PathBuf};

use tribus::source::{Input, ReadOptions, read};
use tribus::table::{Kind, Table};

fn data() -> Option<PathBuf> {
    let path = std::env::var_os("TRIBUS_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    Some(path.join("data")).filter(|path| path.is_dir())
}

/// A table in a few lines: rows and kinds; columns that are ids or have more to say than their type; decisions; warnings.
fn describe(table: &Table) -> Vec<String> {
    let positions = || 0..table.names().count();
    let count = |kind| positions().filter(|&at| table.kind(at) == kind).count();
    let mut lines = vec![format!(
        "{} rows: {} numbers, {} dates, {} texts",
        table.rows(),
        count(Kind::Number),
        count(Kind::Date),
        count(Kind::Text)
    )];
    for (position, name) in table.names().enumerate() {
        let facts = table.facts(position);
        let mut said = Vec::new();
        if facts.missing > 0 {
            said.push(format!("{} missing", facts.missing));
        }
        if let Some(misfits) = &facts.misfits {
            said.push(format!("{} {}", misfits.count(), misfits.problem()));
        }
        said.extend(facts.notation.iter().cloned());
        if !said.is_empty() {
            let kind = format!("{:?}", table.kind(position)).to_lowercase();
            lines.push(format!("{name} ({kind}): {}", said.join("; ")));
        }
    }
    for reading in table.readings() {
        lines.extend(reading.decisions.iter().cloned());
        lines.extend(
            reading
                .warnings
                .iter()
                .map(|warning| format!("warning: {warning}")),
        );
    }
    lines
}

/// Each file with what reading it says.
const FILES: [(&str, &[&str]); 18] = [
    (
        "Mall_Customers.csv",
        &["200 rows: 3 numbers, 0 dates, 2 texts", "delimiter: ,"],
    ),
    (
        "Wholesale customers data.csv",
        &["440 rows: 8 numbers, 0 dates, 0 texts", "delimiter: ,"],
    ),
    (
        "hillstrom.csv",
        &["64000 rows: 8 numbers, 0 dates, 4 texts", "delimiter: ,"],
    ),
    (
        "ifood_df.csv",
        &["2205 rows: 39 numbers, 0 dates, 0 texts", "delimiter: ,"],
    ),
    (
        "marketing_campaign.csv",
        &[
            "2240 rows: 25 numbers, 1 dates, 3 texts",
            "Income (number): 24 missing",
            "Dt_Customer (date): dates as day-month-year",
            "delimiter: tab",
        ],
    ),
    (
        "marketing_data_dollar_income.csv",
        &[
            "2240 rows: 23 numbers, 1 dates, 4 texts",
            "Income (number): 24 missing; comma between thousands; $ removed",
            "Dt_Customer (date): dates as month-day-year",
            "encoding: UTF-8 with a byte order mark",
            "delimiter: ,",
            "spaces around 1 column name removed",
        ],
    ),
    (
        "ml_project1_data_semicolon.csv",
        &[
            "2240 rows: 25 numbers, 1 dates, 3 texts",
            "Income (number): 24 missing",
            "Dt_Customer (date): dates as day-month-year",
            "delimiter: ;",
        ],
    ),
    (
        "CDNOW_master.txt",
        &[
            "69659 rows: 2 numbers, 1 dates, 1 texts",
            "date (date): dates as year-month-day",
            "delimiter: runs of spaces",
        ],
    ),
    (
        "viajes_es.xlsx",
        &["2000 rows: 1 numbers, 0 dates, 1 texts"],
    ),
    (
        "dirty/Mall_Customers_813_lines.csv",
        &[
            "812 rows: 3 numbers, 0 dates, 2 texts",
            "Age (number): 10 missing",
            "Annual Income (k$) (number): 30 missing",
            "Spending Score (1-100) (number): 60 missing",
            "delimiter: ,",
        ],
    ),
    (
        "dirty/Wholesale_harsh.csv",
        &[
            "440 rows: 8 numbers, 0 dates, 1 texts",
            "column 12 (text): 432 missing; spaces around text removed",
            "encoding: Windows-1252, as line 10 is not UTF-8",
            "delimiter: ,",
            "warning: Wholesale_harsh.csv: column 12 has no name in the header; it is called `column 12`",
            "warning: Wholesale_harsh.csv: 3 columns (9 to 11) have neither a name nor a value; left out",
        ],
    ),
    (
        "dirty/ifood_df_padded_whitespace.csv",
        &[
            "2205 rows: 39 numbers, 0 dates, 0 texts",
            "delimiter: ,",
            "spaces around 38 column names removed",
        ],
    ),
    (
        "dirty/ifood_df_with_id_adan.csv",
        &[
            "2205 rows: 39 numbers, 0 dates, 3 texts",
            "Income (number): comma between thousands; R$ removed",
            "MntRegularProds (number): comma between thousands; R$ removed",
            "MntTotal (number): comma between thousands; R$ removed",
            "column 42 (text): 2202 missing",
            "column 43 (text): 2200 missing",
            "delimiter: ,",
            "warning: ifood_df_with_id_adan.csv: column 42 has no name in the header; it is called `column 42`",
            "warning: ifood_df_with_id_adan.csv: column 43 has no name in the header; it is called `column 43`",
            "warning: ifood_df_with_id_adan.csv: column 41 has neither a name nor a value; left out",
        ],
    ),
    (
        "dirty/marketing_campaign_git_conflict.csv",
        &[
            "marketing_campaign_git_conflict.csv, line 1: a git conflict marker; the file holds two versions of itself",
        ],
    ),
    (
        "dirty/marketing_campaign_leading_blank_line.csv",
        &[
            "2240 rows: 25 numbers, 1 dates, 3 texts",
            "Income (number): 24 missing",
            "Dt_Customer (date): dates as day-month-year",
            "delimiter: tab",
            "warning: marketing_campaign_leading_blank_line.csv: 1 blank line above the header skipped (header on line 2)",
        ],
    ),
    (
        "dirty/marketing_campaign_shery_bom.csv",
        &[
            "2240 rows: 26 numbers, 1 dates, 3 texts",
            "Income (number): 24 missing",
            "Dt_Customer (date): dates as day-month-year",
            "encoding: UTF-8 with a byte order mark",
            "delimiter: ,",
        ],
    ),
    (
        "dirty/superstore_two_date_formats.csv",
        &[
            "2240 rows: 18 numbers, 0 dates, 4 texts",
            "Income (number): 24 missing",
            "delimiter: ,",
            "warning: superstore_two_date_formats.csv: `Dt_Customer` mixes dates of two formats, such as 6/16/2014 and 11-05-2014; kept as text",
        ],
    ),
    (
        "dirty/telco_csv_is_html.csv",
        &["telco_csv_is_html.csv is an HTML page, not a table"],
    ),
];

#[test]
fn every_real_file_reads_as_written_here() {
    let Some(data) = data() else {
        eprintln!("skipped: no shared folder; set TRIBUS_SHARED");
        return;
    };
    for (name, expected) in FILES {
        let said = match Table::open(data.join(name)) {
            Ok(table) => describe(&table),
            Err(error) => vec![error.to_string()],
        };
        assert_eq!(said, expected, "{name}");
    }
}

#[test]
fn online_retail_keeps_its_ids_and_its_sums() {
    let Some(data) = data() else {
        eprintln!("skipped: no shared folder; set TRIBUS_SHARED");
        return;
    };
    let table = Table::open(data.join("OnlineRetail_full.csv.gz")).unwrap();
    let said = [
        "541909 rows: 2 numbers, 1 dates, 5 texts",
        "Description (text): 1505 missing; spaces around text removed",
        "CustomerID (text): 135080 missing",
        "gzip: unpacked",
        "delimiter: ,",
    ];
    assert_eq!(describe(&table), said);
    let ids = table.text(table.require("CustomerID").unwrap()).unwrap();
    assert_eq!(ids.value(0), "17850.0");
    let quantity = table.require_numbers("Quantity").unwrap();
    assert_eq!(quantity.iter().flatten().sum::<f64>(), 5_176_450.0);
    let first = table
        .dates(table.require("InvoiceDate").unwrap())
        .unwrap()
        .value(0);
    // 2010-12-01.
    assert_eq!(first, 14_944);
}

#[test]
fn the_same_customers_in_three_notations_are_the_same_numbers() {
    let Some(data) = data() else {
        eprintln!("skipped: no shared folder; set TRIBUS_SHARED");
        return;
    };
    let sum = |name: &str| -> f64 {
        let table = Table::open(data.join(name)).unwrap();
        table
            .require_numbers("Income")
            .unwrap()
            .iter()
            .flatten()
            .sum()
    };
    let plain = sum("marketing_campaign.csv");
    assert_eq!(plain, 115_779_909.0);
    assert_eq!(sum("ml_project1_data_semicolon.csv"), plain);
    assert_eq!(sum("marketing_data_dollar_income.csv"), plain);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let Some(data) = data() else {
        eprintln!("skipped: no shared folder; set TRIBUS_SHARED");
        return;
    };
    let input = [Input::Path(data.join("dirty/ifood_df_with_id_adan.csv"))];
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| read(&input, &ReadOptions::default()).unwrap())
    };
    let (one, three) = (on(1), on(3));
    assert_eq!(one.batch(), three.batch());
    assert_eq!(describe(&one), describe(&three));
}
