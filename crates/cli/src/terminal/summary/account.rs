//! What happened to rows, cells and columns.

use tribus::ledger::Ledger;
use tribus::roles::{ColumnDecision, Fate};
use tribus::segmentation::Segmentation;

use super::super::number::{count, counted};
use super::super::page::Page;
use super::SegmentSummary;

/// More lines of a kind than this are counted instead.
const MOST: usize = 8;

/// Decisions that the program is not sure of.
pub(super) fn please_check(page: &mut Page, segmentation: &Segmentation) {
    let questions = segmentation.please_check();
    if questions.is_empty() {
        return;
    }
    page.heading("Please check");
    for question in questions {
        let change = page.dim(&format!("[{}]", question.recipe));
        page.hanging("  ", &format!("{} {change}", question.sentence()));
    }
}

/// Rows in = used + set aside; cells repaired; columns clustered on and left out.
pub(super) fn data_check(page: &mut Page, summary: &SegmentSummary<'_>) {
    let segmentation = summary.segmentation;
    page.heading("Data check");
    if summary.verbose {
        for reading in summary.readings {
            page.hanging("  ", reading);
        }
    }
    if let Some(purchases) = segmentation.purchases() {
        for line in purchases.told() {
            page.hanging("  ", &line);
        }
    }
    rows(page, segmentation.ledger());
    cells(page, segmentation.ledger());
    if summary.verbose {
        every_column(page, segmentation);
    } else {
        columns(page, segmentation);
    }
}

fn rows(page: &mut Page, ledger: &Ledger) {
    page.hanging(
        "  ",
        &format!(
            "{} read = {} used + {} set aside",
            counted(ledger.read, "row", "rows"),
            count(ledger.used),
            count(ledger.rows_set_aside())
        ),
    );
    for entry in ledger.set_aside.iter().filter(|entry| entry.rows > 0) {
        let line = format!("{} set aside: {}", count(entry.rows), entry.reason);
        page.hanging("    ", &line);
    }
    if ledger.duplicates > 0 {
        let (verb, noun) = match ledger.duplicates {
            1 => ("equals", "row"),
            _ => ("equal", "rows"),
        };
        page.hanging(
            "    ",
            &format!(
                "{} {noun} {verb} another in every column but the id; kept",
                count(ledger.duplicates)
            ),
        );
    }
}

fn cells(page: &mut Page, ledger: &Ledger) {
    if ledger.cells_repaired() == 0 {
        page.line("  no cell was repaired");
    } else {
        let repaired = counted(ledger.cells_repaired(), "cell", "cells");
        page.hanging("  ", &format!("{repaired} repaired"));
    }
    for repair in ledger
        .repaired
        .iter()
        .filter(|repair| repair.cells > 0)
        .take(MOST)
    {
        let line = format!(
            "{}: {} cells, {}",
            repair.column,
            count(repair.cells),
            repair.rule
        );
        page.hanging("    ", &line.replacen(" 1 cells", " 1 cell", 1));
    }
    more(page, ledger.repaired.len());
    let limited: u64 = ledger.limited.iter().map(|repair| repair.cells).sum();
    if limited > 0 {
        let columns: Vec<String> = ledger
            .limited
            .iter()
            .map(|repair| format!("{} {}", repair.column, count(repair.cells)))
            .collect();
        let line = format!(
            "{} limited for the distance only: {}",
            counted(limited, "far value", "far values"),
            columns.join(", ")
        );
        page.hanging("  ", &line);
    }
}

fn columns(page: &mut Page, segmentation: &Segmentation) {
    let named = |fate: Fate| -> Vec<&ColumnDecision> {
        let columns = segmentation.columns().iter();
        columns.filter(|column| column.fate == fate).collect()
    };
    let features: Vec<&str> = segmentation
        .pipeline()
        .features
        .iter()
        .map(|feature| feature.name.as_str())
        .collect();
    page.hanging("  ", &format!("clustered on {}", features.join(", ")));
    let described = named(Fate::Described).len();
    if described > 0 {
        let line = format!(
            "{} described for each segment",
            counted(described as u64, "column", "columns")
        );
        page.hanging("  ", &line);
    }
    let out = named(Fate::LeftOut);
    for column in out.iter().take(MOST) {
        page.hanging(
            "    ",
            &format!("{} left out: {}", column.name, column.reason),
        );
    }
    more(page, out.len());
}

fn every_column(page: &mut Page, segmentation: &Segmentation) {
    for column in segmentation.columns() {
        let line = format!(
            "{}: {}, {}; {} (to change it: {})",
            column.name, column.role, column.fate, column.reason, column.change
        );
        page.hanging("    ", &line);
    }
}

fn more(page: &mut Page, all: usize) {
    if all > MOST {
        let line = format!("and {} more (-v shows all, so does the report)", all - MOST);
        let line = page.dim(&line);
        page.hanging("    ", &line);
    }
}
