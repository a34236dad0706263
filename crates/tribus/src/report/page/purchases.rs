//! Where the customers come from purchases: what was used, whom a rule told apart, and what each column is.

use maud::{Markup, html};

use super::figure::scrolling;
use crate::ledger::{PurchaseLedger, cents, reason_in_words};
use crate::report::number::{count, percent};
use crate::report::view::View;
use crate::words::language::spoken;

pub(super) fn content(view: &View<'_>) -> Markup {
    let Some(ledger) = view.input.purchases else {
        return html! {};
    };
    html! {
        div class="card" {
            h3 {
                (count(ledger.orders)) " orders of " (count(ledger.customers)) " customers up to " (ledger.as_of)
            }
            p { (cents(ledger.money.gross)) " paid, " (cents(ledger.money.returned)) " of it returned." }
            (account(ledger))
            @if !ledger.lifecycle.is_empty() { (by_rule(ledger, view.input.summary.segments.len())) }
            @if !ledger.notes.is_empty() {
                ul { @for note in &ledger.notes { li { (spoken(note)) } } }
            }
        }
        (definitions(ledger))
    }
}

fn account(ledger: &PurchaseLedger) -> Markup {
    let money = &ledger.money;
    let table = html! {
        table class="narrow" {
            thead { tr { th scope="col" class="name" { "Purchases" } th scope="col" { "Rows" } th scope="col" { "Money" } } }
            tbody {
                tr { th scope="row" class="name" { "In the file" } td { (count(ledger.lines)) } td { (cents(money.file)) } }
                @for aside in &money.set_aside {
                    tr {
                        th scope="row" class="name indent" { "set aside: " (spoken(reason_in_words(&aside.reason))) }
                        td { (count(aside.lines)) }
                        td { (cents(aside.money)) }
                    }
                }
                tr class="total" {
                    th scope="row" class="name" { "Used" }
                    td { (count(ledger.lines.saturating_sub(ledger.lines_set_aside()))) }
                    td { (cents(money.used)) }
                }
            }
        }
    };
    scrolling("Purchases in rows and money", &table)
}

fn by_rule(ledger: &PurchaseLedger, segments: usize) -> Markup {
    let table = html! {
        table class="narrow" {
            thead { tr {
                th scope="col" class="name" { "Group by rule" }
                th scope="col" { "Customers" }
                th scope="col" { "Share of money" }
                th scope="col" class="name" { "Rule" }
            } }
            tbody {
                @for (number, group) in (segments + 1..).zip(&ledger.lifecycle) {
                    tr {
                        th scope="row" class="name" { (number) " " (group.group) }
                        td { (count(group.customers)) }
                        td { (percent(group.share_of_money)) }
                        td class="name" { code { (group.rule) } }
                    }
                }
            }
        }
    };
    html! {
        h4 { "Not clustered: groups by rule" }
        (scrolling("Groups by rule", &table))
    }
}

fn definitions(ledger: &PurchaseLedger) -> Markup {
    let table = html! {
        table class="columns" {
            thead { tr { th scope="col" class="name" { "Column" } th scope="col" class="name" { "What it is" } } }
            tbody {
                @for column in &ledger.columns {
                    tr { th scope="row" class="name" { (column.name) } td { (spoken(&column.definition)) } }
                }
            }
        }
    };
    html! {
        details class="card" {
            summary { "Every column made from the purchases (" (count(ledger.columns.len() as u64)) ")" }
            (scrolling("Columns made from the purchases", &table))
        }
    }
}
