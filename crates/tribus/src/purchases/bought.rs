//! The lines that count, those of one customer side by side, and of one order within them.

use std::mem::take;
use std::ops::Range;

use rayon::prelude::*;

use super::amounts::decimal;
use super::keys::{Groups, NONE};
use super::lines::{Lines, Refunds};
use crate::recipe::Returns;
use crate::statistics::sum;

/// The lines that count, sorted by customer and order.
pub(super) struct Bought {
    /// The names of the customers, ascending.
    pub(super) names: Vec<String>,
    /// Of each customer the lines.
    pub(super) lines: Vec<Range<usize>>,
    /// Of each line its row in the file.
    pub(super) rows: Vec<u32>,
    pub(super) order: Vec<u32>,
    pub(super) day: Vec<i32>,
    /// What was sold, below 0 where it came back.
    pub(super) amount: Vec<f64>,
    refunds: Option<Refunds>,
    pub(super) discount: Option<Vec<f64>>,
    pub(super) returns: Returns,
}

impl Bought {
    pub(super) fn new(lines: Lines) -> Self {
        let mut customer = lines.customer;
        for (line, customer) in customer.iter_mut().enumerate() {
            if !lines.aside.counts(line) {
                *customer = NONE;
            }
        }
        let groups = Groups::by(&customer);
        let mut known: Vec<usize> = (0..groups.len())
            .filter(|key| !groups.rows(*key).is_empty())
            .collect();
        known.par_sort_unstable_by(|a, b| lines.names[*a].cmp(&lines.names[*b]));
        let mut rows = Vec::with_capacity(customer.len());
        let mut ranges = Vec::with_capacity(known.len());
        for key in &known {
            let first = rows.len();
            rows.extend_from_slice(groups.rows(*key));
            ranges.push(first..rows.len());
        }
        drop(groups);
        rows.par_chunk_by_mut(|a, b| customer[*a as usize] == customer[*b as usize])
            .for_each(|own| own.sort_unstable_by_key(|row| (lines.order[*row as usize], *row)));
        // Each column of the file goes as soon as it is taken over.
        drop(customer);
        let mut names = lines.names;
        Self {
            names: known.iter().map(|key| take(&mut names[*key])).collect(),
            lines: ranges,
            order: taken(lines.order, &rows),
            day: taken(lines.day, &rows),
            amount: taken(lines.amount, &rows),
            refunds: lines.refunds.map(|refunds| Refunds {
                money: taken(refunds.money, &rows),
                day: taken(refunds.day, &rows),
            }),
            discount: lines.discount.map(|off| taken(off, &rows)),
            rows,
            returns: lines.section.returns.unwrap_or(Returns::Net),
        }
    }

    /// What was given back of a line later.
    pub(super) fn refund(&self, line: usize) -> f64 {
        let refunds = self.refunds.as_ref();
        refunds.map_or(0.0, |refunds| refunds.money[line])
    }

    /// What was paid, and what was given back, on which day.
    pub(super) fn money_by_day(&self) -> impl Iterator<Item = (i32, f64)> {
        self.money_of(0..self.amount.len())
    }

    /// What was paid on these lines after the day `after` and up to the day `last`.
    pub(super) fn paid_within(&self, lines: &Range<usize>, after: i32, last: i32) -> f64 {
        let money = self.money_of(lines.clone());
        let within = money.filter(|(day, _)| *day > after && *day <= last);
        decimal(sum(within.map(|(_, money)| money)))
    }

    fn money_of(&self, lines: Range<usize>) -> impl Iterator<Item = (i32, f64)> {
        let is_net = self.returns != Returns::Separate;
        let paid = lines.clone().map(move |line| {
            let amount = self.amount[line];
            (
                self.day[line],
                if is_net { amount } else { amount.max(0.0) },
            )
        });
        let refunds = self.refunds.as_ref().filter(|_| is_net);
        let back = refunds.into_iter().flat_map(move |refunds| {
            let lines = lines.clone();
            let back = lines.map(|line| (refunds.day[line], -refunds.money[line]));
            back.filter(|(_, money)| *money != 0.0)
        });
        paid.chain(back)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is no longer needed")]
fn taken<T: Copy + Send + Sync>(values: Vec<T>, rows: &[u32]) -> Vec<T> {
    rows.par_iter().map(|row| values[*row as usize]).collect()
}
