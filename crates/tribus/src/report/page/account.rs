//! The data check: what became of every row, cell and column.

use maud::{Markup, html};

use super::figure::scrolling;
use crate::ledger::Repair;
use crate::report::figures;
use crate::report::number::{count, counted};
use crate::report::view::View;
use crate::words::language::spoken;

/// Rows, cells, notes and columns.
pub(super) fn content(view: &View<'_>) -> Markup {
    let ledger = view.input.ledger;
    html! {
        div class="card" {
            h3 { (view.data_quality()) }
            p { (view.account()) }
            (rows(view))
            @if ledger.duplicates > 0 {
                p {
                    (counted(ledger.duplicates, "row equals", "rows equal"))
                    " another row in every column but the id; " (if ledger.duplicates == 1 { "it was" } else { "they were" }) " kept."
                }
            }
            (cells("Cells repaired", &ledger.repaired))
            (cells("Cells limited (for the distance only; means and totals use the full values)", &ledger.limited))
            @if !view.input.please_check.is_empty() {
                h4 { "Please check" }
                ul { @for question in view.input.please_check {
                    li { (spoken(&question.sentence())) " " code { (question.recipe) } }
                } }
            }
            @if !view.input.notes.is_empty() {
                h4 { "Notes" }
                ul { @for note in view.input.notes { li { (spoken(note)) } } }
            }
        }
        (super::shown(figures::histograms(view), || super::numbers::bins(view)))
        (super::shown(figures::correlations(view), || super::numbers::pairs(view)))
        @if !view.input.columns.is_empty() { (columns(view)) }
    }
}

fn rows(view: &View<'_>) -> Markup {
    let ledger = view.input.ledger;
    let table = html! {
        table class="narrow" {
            tbody {
                tr { th scope="row" class="name" { "Rows read" } td { (count(ledger.read)) } }
                @for entry in &ledger.set_aside {
                    tr { th scope="row" class="name indent" { "set aside: " (spoken(&entry.reason)) } td { (count(entry.rows)) } }
                }
                tr class="total" { th scope="row" class="name" { "Rows used" } td { (count(ledger.used)) } }
            }
        }
    };
    html! {
        (scrolling("Rows", &table))
        @if !ledger.adds_up() {
            p class="warning" { "These numbers do not add up. That is a fault of the program, please report it." }
        }
    }
}

fn cells(heading: &str, repairs: &[Repair]) -> Markup {
    if repairs.is_empty() {
        return html! {};
    }
    let table = html! {
        table class="narrow" {
            thead { tr { th scope="col" class="name" { "Column" } th scope="col" class="name" { "How" } th scope="col" { "Cells" } } }
            tbody {
                @for repair in repairs {
                    tr {
                        th scope="row" class="name" { bdi { (repair.column) } }
                        td class="name" { bdi { (spoken(&repair.rule)) } }
                        td { (count(repair.cells)) }
                    }
                }
            }
        }
    };
    html! {
        h4 { (heading) }
        (scrolling(heading, &table))
    }
}

fn columns(view: &View<'_>) -> Markup {
    let table = html! {
        table class="columns" {
            thead {
                tr {
                    @for heading in ["Column", "Role", "Use", "Why", "To change it, in the recipe"] {
                        th scope="col" class="name" { (heading) }
                    }
                }
            }
            tbody {
                @for column in view.input.columns {
                    tr {
                        th scope="row" class="name" { bdi { (column.name) } @if column.derived { " (derived)" } }
                        td { (column.role) }
                        td { (column.fate) }
                        td { (spoken(&column.reason)) }
                        td { @if !column.change.is_empty() { code { (column.change) } } }
                    }
                }
            }
        }
    };
    html! {
        details class="card" {
            summary { "Every column: its role, its use and why (" (count(view.input.columns.len() as u64)) ")" }
            (scrolling("Columns", &table))
        }
    }
}
