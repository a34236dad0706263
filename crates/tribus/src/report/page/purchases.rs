//! Where the customers come from purchases: what was used, whom a rule told apart, and what each column is.

use maud::{Markup, html};

use super::figure::{scrolling, show};
use crate::ledger::{PurchaseHistory, PurchaseLedger, cents, reason_in_words};
use crate::report::figures::{self, Figure};
use crate::report::number::{count, percent, plain};
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
        @for (figure, numbers) in wide(view, &ledger.history) { (show(&figure, &numbers)) }
        div class="pair" {
            @for (figure, numbers) in halves(view, &ledger.history) { (show(&figure, &numbers)) }
        }
        (definitions(ledger))
    }
}

/// The charts of full width, with their numbers.
fn wide(view: &View<'_>, history: &PurchaseHistory) -> impl Iterator<Item = (Figure, Markup)> {
    let charts = [
        (figures::share_of_money(view), html! {}),
        (figures::revenue_by_period(view), periods(history)),
        (figures::cohorts(view), cohorts(history)),
        (figures::recency_frequency(view), recency_frequency(history)),
    ];
    let charts = charts.into_iter();
    charts.filter_map(|(figure, numbers)| Some((figure?, numbers)))
}

/// The charts that stand beside each other.
fn halves(view: &View<'_>, history: &PurchaseHistory) -> impl Iterator<Item = (Figure, Markup)> {
    let charts = [
        (figures::concentration(view), concentration(history)),
        (figures::second_order(view), second_order(history)),
        (figures::gaps(view), gaps(history)),
    ];
    let charts = charts.into_iter();
    charts.filter_map(|(figure, numbers)| Some((figure?, numbers)))
}

/// A table of numbers: the heads of its columns, and its rows.
fn numbers(label: &str, heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Markup {
    let table = html! {
        table class="narrow" {
            thead { tr { @for head in heads { th scope="col" { (head) } } } }
            tbody { @for row in rows { tr { @for cell in row { td { (cell) } } } } }
        }
    };
    scrolling(label, &table)
}

fn periods(history: &PurchaseHistory) -> Markup {
    let rows = history.periods.iter().map(|period| {
        let money = cents(period.money);
        vec![period.period.clone(), money, count(period.customers)]
    });
    numbers("Money by period", &["Period", "Money", "Customers"], rows)
}

fn cohorts(history: &PurchaseHistory) -> Markup {
    let rows = history.cohorts.iter().map(|cohort| {
        let active = cohort.active.iter().map(|customers| count(*customers));
        let active = active.collect::<Vec<_>>().join(" · ");
        vec![cohort.period.clone(), active]
    });
    let heads = [
        "First order",
        "Customers with an order in that and each later period",
    ];
    numbers("Customers by the period of their first order", &heads, rows)
}

fn recency_frequency(history: &PurchaseHistory) -> Markup {
    let range = |[low, high]: [f64; 2]| format!("{} to {}", plain(low), plain(high));
    let rows = history.recency_frequency.iter().map(|cell| {
        let (days, orders) = (range(cell.recency_days), range(cell.order_count));
        vec![days, orders, count(cell.customers), cents(cell.mean_money)]
    });
    let heads = [
        "Days since the last order",
        "Orders",
        "Customers",
        "Mean revenue",
    ];
    numbers("Customers by recency and orders", &heads, rows)
}

fn concentration(history: &PurchaseHistory) -> Markup {
    let shares = history.concentration.iter().enumerate().step_by(5);
    let rows = shares.map(|(best, share)| vec![percent(best as f64 / 100.0), percent(*share)]);
    let heads = ["Best customers", "Share of the money"];
    numbers("Share of the money of the best customers", &heads, rows)
}

fn second_order(history: &PurchaseHistory) -> Markup {
    let rows = history.second_order.iter().map(|step| {
        let days = count(u64::from(step.days));
        vec![days, percent(step.share), count(step.customers)]
    });
    let heads = [
        "Days",
        "Share with a second order",
        "Customers without one, followed so long",
    ];
    numbers("Second orders", &heads, rows)
}

fn gaps(history: &PurchaseHistory) -> Markup {
    let rows = history.gaps.iter().map(|gaps| {
        let to = gaps
            .to
            .map_or_else(|| "–".to_owned(), |to| count(u64::from(to)));
        vec![count(u64::from(gaps.from)), to, count(gaps.gaps)]
    });
    numbers("Days between orders", &["From", "To", "Gaps"], rows)
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
