//! What reading gives for the real files: rows, kinds of columns, decisions and warnings.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use tribus::source::{Input, ReadError, ReadOptions, read};
use tribus::table::{Kind, Table};

fn data() -> Option<PathBuf> {
    let path = std::env::var_os("TRIBUS_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = path.join("data");
    if !path.is_dir() {
        eprintln!("skipped: no shared folder; set TRIBUS_SHARED");
        return None;
    }
    Some(path)
}

#[test]
fn explore() {
    let Some(data) = data() else { return };
    for name in [
        "Mall_Customers.csv",
        "Wholesale customers data.csv",
        "hillstrom.csv",
        "ifood_df.csv",
        "marketing_campaign.csv",
        "marketing_data_dollar_income.csv",
        "ml_project1_data_semicolon.csv",
        "CDNOW_master.txt",
        "viajes_es.xlsx",
        "OnlineRetail_full.csv.gz",
        "dirty/Mall_Customers_813_lines.csv",
        "dirty/Wholesale_harsh.csv",
        "dirty/ifood_df_padded_whitespace.csv",
        "dirty/ifood_df_with_id_adan.csv",
        "dirty/marketing_campaign_git_conflict.csv",
        "dirty/marketing_campaign_leading_blank_line.csv",
        "dirty/marketing_campaign_shery_bom.csv",
        "dirty/superstore_two_date_formats.csv",
        "dirty/telco_csv_is_html.csv",
    ] {
        let start = std::time::Instant::now();
        let text = match Table::open(data.join(name)) {
            Ok(table) => describe(&table),
            Err(error) => format!("{error}\nhint: {:?}", error.hint()),
        };
        println!("=== {name} {:?}\n{text}", start.elapsed());
    }
}

/// A table in a few lines: rows; columns by kind; decisions; warnings.
fn describe(table: &Table) -> String {
    let mut text = format!("{} rows\n", table.rows());
    for kind in [Kind::Number, Kind::Date, Kind::Text] {
        let names: Vec<String> = table
            .names()
            .enumerate()
            .filter(|&(position, _)| table.kind(position) == kind)
            .map(|(position, name)| {
                let facts = table.facts(position);
                let mut shown = name.to_owned();
                if facts.missing > 0 {
                    write!(shown, " [{} missing]", facts.missing).unwrap();
                }
                if let Some(misfits) = &facts.misfits {
                    write!(
                        shown,
                        " [{} {}, {:?} in {}]",
                        misfits.cells,
                        misfits.problem,
                        misfits.example,
                        table.origins().of(misfits.first_row)
                    )
                    .unwrap();
                }
                if !facts.notation.is_empty() {
                    write!(shown, " [{}]", facts.notation.join("; ")).unwrap();
                }
                shown
            })
            .collect();
        if !names.is_empty() {
            writeln!(text, "{kind:?}: {}", names.join(", ")).unwrap();
        }
    }
    for reading in table.readings() {
        for decision in &reading.decisions {
            writeln!(text, "decided {decision}").unwrap();
        }
        for warning in &reading.warnings {
            writeln!(text, "warning {warning}").unwrap();
        }
    }
    text
}
