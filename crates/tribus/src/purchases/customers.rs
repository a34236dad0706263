//! One row per customer.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float64Array, LargeStringArray};
use rayon::prelude::*;

use super::amounts::decimal;
use super::bought::Bought;
use super::columns::{Columns, Made};
use super::lines::Lines;
use super::recognize::Found;
use super::{CUSTOMER_ID, PurchasesError, history, lifecycle};
use crate::ledger::{ColumnMade, LifecycleGroup, PurchaseHistory, PurchaseLedger};
use crate::recipe::{Frequency, Recipe, Returns};
use crate::statistics::sum;
use crate::table::{ColumnFacts, Origins, Part as FilePart, Places, Table};
use crate::vocabulary::parts::Part;

/// The customers of the lines that count, in the order of their names.
pub(super) struct Customers {
    pub(super) ids: Vec<String>,
    /// Orders that count, of all customers.
    pub(super) orders: u64,
    /// Groups by rule.
    pub(super) lifecycle: Vec<LifecycleGroup>,
    /// What people should know.
    pub(super) notes: Vec<String>,
    pub(super) history: PurchaseHistory,
    columns: Vec<Made>,
}

/// What is known of one customer.
pub(super) struct Customer {
    /// Days with an order that counts, ascending, each once.
    pub(super) days: Vec<i32>,
    pub(super) orders: u64,
    pub(super) gross: f64,
    pub(super) returned: f64,
    pub(super) revenue: f64,
    pub(super) discount: f64,
    /// The customer's lines among those that count.
    pub(super) lines: Range<usize>,
}

/// Rolls the lines up.
pub(super) fn of(
    lines: Lines,
    found: &Found<'_>,
    recipe: &Recipe,
) -> Result<Customers, PurchasesError> {
    let (as_of, section) = (lines.as_of, lines.section.clone());
    let bought = Bought::new(lines);
    let frequency = section.frequency;
    let all: Vec<Customer> = (bought.lines.par_iter())
        .map(|own| customer(&bought, own.clone(), frequency))
        .collect();
    let (columns, notes) = Columns::of(&section, as_of, &bought, &all, found)?;
    Ok(Customers {
        orders: all.iter().map(|customer| customer.orders).sum(),
        lifecycle: lifecycle::groups(recipe, &all, as_of.days()),
        notes,
        history: history::of(&bought, &all, as_of.days()),
        columns,
        ids: bought.names,
    })
}

/// The day of an order; none where it has nothing but returns, or was given back in full.
fn day_of(bought: &Bought, order: &[u32], first: usize) -> Option<i32> {
    let lines = || first..first + order.len();
    let (mut day, mut sold, mut given_back) = (None, 0.0, 0.0);
    for line in lines() {
        let amount = bought.amount[line];
        if amount >= 0.0 {
            let own = bought.day[line];
            day = Some(day.map_or(own, |day: i32| day.min(own)));
            sold += amount;
        } else {
            given_back -= amount;
        }
        given_back += bought.refund(line);
    }
    let is_back = given_back > 0.0 && decimal(given_back) >= decimal(sold);
    day.filter(|_| !is_back)
}

fn customer(bought: &Bought, lines: Range<usize>, frequency: Option<Frequency>) -> Customer {
    let mut first = lines.start;
    let mut days = Vec::new();
    for order in bought.order[lines.clone()].chunk_by(|a, b| a == b) {
        days.extend(day_of(bought, order, first));
        first += order.len();
    }
    let orders = days.len() as u64;
    days.sort_unstable();
    days.dedup();
    let amounts = || bought.amount[lines.clone()].iter();
    let gross = decimal(sum(amounts().map(|amount| amount.max(0.0))));
    let back = amounts().map(|amount| (-amount).max(0.0));
    let refunds = lines.clone().map(|line| bought.refund(line));
    let returned = decimal(sum(back.chain(refunds).filter(|money| *money != 0.0)));
    let discount = bought.discount.as_ref();
    Customer {
        orders: match frequency {
            Some(Frequency::Days) => days.len() as u64,
            _ => orders,
        },
        days,
        gross,
        returned,
        revenue: if bought.returns == Returns::Separate {
            gross
        } else {
            decimal(gross - returned)
        },
        discount: discount.map_or(0.0, |off| sum(off[lines.clone()].iter().copied())),
        lines,
    }
}

impl Customers {
    /// The columns with their definitions.
    pub(super) fn made(&self) -> Vec<ColumnMade> {
        let id = ColumnMade {
            name: CUSTOMER_ID.to_owned(),
            definition: "names the customer".to_owned(),
        };
        let made = self.columns.iter().map(|made| ColumnMade {
            name: made.name.clone(),
            definition: made.definition.clone(),
        });
        std::iter::once(id).chain(made).collect()
    }

    /// The table of customers.
    pub(super) fn table(self, purchases: &Table, ledger: PurchaseLedger) -> Table {
        let rows = self.ids.len();
        let currency = self
            .columns
            .iter()
            .any(|made| made.is_money)
            .then(|| currency(purchases, &ledger))
            .flatten();
        let ids: ArrayRef = Arc::new(LargeStringArray::from_iter_values(self.ids));
        let mut columns = vec![(CUSTOMER_ID.to_owned(), ids, ColumnFacts::default())];
        for made in self.columns {
            let array = made.values;
            let currency = currency.clone().filter(|_| made.is_money);
            let facts = facts(&array, made.is_money, currency);
            columns.push((made.name, array, facts));
        }
        let origins = Origins::new(vec![FilePart {
            file: purchases.file(),
            unit: "customer",
            rows,
            places: Places::Consecutive { first: 1 },
        }]);
        Table::new(columns, origins, purchases.readings().to_vec())
            .with_rejects(purchases.rejects().to_vec())
            .of_purchases(ledger)
    }
}

fn facts(array: &ArrayRef, is_money: bool, currency: Option<String>) -> ColumnFacts {
    let numbers: Option<&Float64Array> = array.as_any().downcast_ref();
    ColumnFacts {
        missing: array.null_count() as u64,
        whole: numbers
            .is_some_and(|numbers| numbers.iter().flatten().all(|value| value.fract() == 0.0)),
        currency,
        cents: is_money,
        ..ColumnFacts::default()
    }
}

/// The currency sign of the column of amounts.
fn currency(purchases: &Table, ledger: &PurchaseLedger) -> Option<String> {
    let column = ledger
        .column(Part::Amount.word())
        .or_else(|| ledger.column(Part::Price.word()))?;
    purchases
        .facts(purchases.position(column)?)
        .currency
        .clone()
}
