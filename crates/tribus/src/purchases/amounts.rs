//! What each line of a file of purchases is worth.

use arrow_array::Float64Array;

use super::keys::NONE;
use super::recognize::Found;
use crate::table::Table;
use crate::vocabulary::parts::{Part, fit};

/// Share of the orders of several lines that must show it, for a number to belong to the order.
const NEARLY_ALL: f64 = 0.95;

/// Orders of several lines from which a number that is the same on all their lines belongs to the order.
const FEWEST_ORDERS: usize = 5;

/// A number of the file, per line; those of an order stand on one of its lines.
#[derive(Debug, Clone)]
pub(super) struct Numbers {
    pub(super) of: Vec<Option<f64>>,
    /// It belongs to the order and counts once.
    pub(super) once: bool,
}

impl Numbers {
    fn column(table: &Table, at: usize) -> Self {
        let numbers: Option<&Float64Array> = table.numbers(at);
        Self {
            of: numbers
                .into_iter()
                .flat_map(arrow_array::PrimitiveArray::iter)
                .collect(),
            once: false,
        }
    }

    /// The numbers of a part, once per order where they belong to orders.
    ///
    /// `group` numbers the orders; `counts` says of each line whether it counts, so that the number stands on one that does.
    pub(super) fn of_part(
        table: &Table,
        found: &Found,
        part: Part,
        group: &[u32],
        counts: &[bool],
    ) -> Option<Self> {
        let mut numbers = Self::column(table, found.at(part)?);
        let name = found.columns.get(&part).map_or("", |column| &column.name);
        numbers.once = numbers.belongs_to_orders(name, group, counts);
        if numbers.once {
            numbers.keep_one(group, counts);
        }
        Some(numbers)
    }

    /// Whether the number is blank after the first line of nearly every order, or the same on all its lines.
    fn belongs_to_orders(&self, name: &str, group: &[u32], counts: &[bool]) -> bool {
        #[derive(Clone, Copy, Default)]
        struct Order {
            lines: u32,
            present: u32,
            first: f64,
            differs: bool,
        }
        let groups = group
            .iter()
            .filter(|group| **group != NONE)
            .max()
            .map_or(0, |most| *most as usize + 1);
        let mut orders = vec![Order::default(); groups];
        let lines = group.iter().zip(counts).zip(&self.of);
        for ((group, _), value) in lines.filter(|((group, counts), _)| **group != NONE && **counts)
        {
            let order = &mut orders[*group as usize];
            order.lines += 1;
            // What is given back stands on lines of its own.
            if let Some(value) = value.as_ref().filter(|value| **value >= 0.0) {
                order.differs |= order.present > 0 && order.first != *value;
                order.first = *value;
                order.present += 1;
            }
        }
        let several: Vec<&Order> = orders.iter().filter(|order| order.lines > 1).collect();
        let share = |fits: fn(&&&Order) -> bool| {
            several.iter().filter(fits).count() as f64 >= NEARLY_ALL * several.len() as f64
        };
        if several.is_empty() {
            return false;
        }
        let is_blank_below =
            share(|order| order.present <= 1) && several.iter().any(|order| order.present == 1);
        let says = |mark| fit(name, mark).is_some();
        let least = if says(Part::OfOrder) {
            1
        } else {
            FEWEST_ORDERS
        };
        let is_repeated = !says(Part::OfLine)
            && several.len() >= least
            && share(|order| !order.differs)
            && several.iter().any(|order| order.present > 1);
        is_blank_below || is_repeated
    }

    /// Keeps one number of each order: the largest, on a line that counts if there is one.
    fn keep_one(&mut self, group: &[u32], counts: &[bool]) {
        let groups = group
            .iter()
            .filter(|group| **group != NONE)
            .max()
            .map_or(0, |most| *most as usize + 1);
        let mut best: Vec<Option<(bool, f64, usize)>> = vec![None; groups];
        for (line, value) in self.of.iter().enumerate() {
            let Some(value) = value.filter(|value| *value >= 0.0 && group[line] != NONE) else {
                continue;
            };
            let best = &mut best[group[line] as usize];
            if best.is_none_or(|(counted, most, _)| (counted, most) < (counts[line], value)) {
                *best = Some((counts[line], value, line));
            }
        }
        for (line, value) in self.of.iter_mut().enumerate() {
            let Some(order) = group.get(line).filter(|group| **group != NONE) else {
                continue;
            };
            let is_kept = best[*order as usize].is_some_and(|(.., kept)| kept == line);
            // The order has its number on another line, so that this one is worth nothing, but not unknown.
            let is_back = value.is_some_and(|value| value < 0.0);
            if !is_kept && !is_back && best[*order as usize].is_some() {
                *value = Some(0.0);
            }
        }
    }
}

/// What each line is worth: the amount, or quantity times price less what was taken off. None where that is not known.
pub(super) fn amounts(table: &Table, found: &Found, group: &[u32], counts: &[bool]) -> Numbers {
    let part = |part| Numbers::of_part(table, found, part, group, counts);
    if let Some(mut amounts) = part(Part::Amount) {
        let adjusted = part(Part::Adjusted)
            .map(|adjusted| adjusted.of)
            .unwrap_or_default();
        for (amount, adjusted) in amounts.of.iter_mut().zip(adjusted) {
            // 0 stands where nothing was changed.
            *amount = adjusted.filter(|adjusted| *adjusted != 0.0).or(*amount);
        }
        return amounts;
    }
    let price = found
        .at(Part::Price)
        .map(|at| Numbers::column(table, at).of)
        .unwrap_or_default();
    let quantity = found
        .at(Part::Quantity)
        .map(|at| Numbers::column(table, at).of);
    let full: Vec<Option<f64>> = (price.into_iter().enumerate())
        .map(|(line, price)| {
            let quantity = quantity
                .as_ref()
                .map_or(Some(1.0), |quantity| quantity[line]);
            Some(decimal(price? * quantity?))
        })
        .collect();
    let off = discounts(table, found, group, counts);
    let off = |line: usize, full: f64| match &off {
        // Of a return less is given back.
        Some(Discounts::Money(off)) => off[line].copysign(full),
        Some(Discounts::Shares(shares)) => decimal(full * shares[line]),
        None => 0.0,
    };
    let of = full.iter().enumerate();
    Numbers {
        of: of
            .map(|(line, full)| full.map(|full| decimal(full - off(line, full))))
            .collect(),
        once: false,
    }
}

/// What was taken off each line.
#[derive(Debug)]
pub(super) enum Discounts {
    Money(Vec<f64>),
    /// Shares of the full price, from 0 to 1.
    Shares(Vec<f64>),
}

impl Discounts {
    /// In money, of lines that were worth so much after it; nothing of returns.
    pub(super) fn of_paid(self, amount: &[f64]) -> Vec<f64> {
        match self {
            Self::Money(money) => {
                let lines = amount.iter().zip(money);
                lines
                    .map(|(amount, off)| if *amount < 0.0 { 0.0 } else { off })
                    .collect()
            }
            Self::Shares(shares) => {
                let of_line = |(amount, share): (&f64, f64)| {
                    // What was given away was worth nobody knows what.
                    let full = if share < 1.0 {
                        amount.max(0.0) / (1.0 - share)
                    } else {
                        0.0
                    };
                    full * share
                };
                amount.iter().zip(shares).map(of_line).collect()
            }
        }
    }
}

/// Discounts as the file has them: amounts of money, or shares where none is above 1 or they are written with `%`.
pub(super) fn discounts(
    table: &Table,
    found: &Found,
    group: &[u32],
    counts: &[bool],
) -> Option<Discounts> {
    let at = found.at(Part::Discount)?;
    let sizes = |numbers: Numbers| -> Vec<f64> {
        let values = numbers.of.into_iter();
        values.map(|value| value.unwrap_or(0.0).abs()).collect()
    };
    // A share holds for each line, also where it is the same for all of an order.
    let values = sizes(Numbers::column(table, at));
    let notation = &table.facts(at).notation;
    let is_percent = notation.iter().any(|note| note == "% removed");
    let most = values.iter().copied().fold(0.0, f64::max);
    if is_percent {
        let share = |value: f64| (value / 100.0).min(1.0);
        return Some(Discounts::Shares(values.into_iter().map(share).collect()));
    }
    if most <= 1.0 && values.iter().any(|value| value.fract() != 0.0) {
        return Some(Discounts::Shares(values));
    }
    let money = Numbers::of_part(table, found, Part::Discount, group, counts)?;
    Some(Discounts::Money(sizes(money)))
}

/// A product or sum of decimal numbers as the decimal number it is: prices and amounts have at most six decimals.
pub(super) fn decimal(value: f64) -> f64 {
    /// Beyond this a double has no six decimals to lose.
    const LARGE: f64 = 1e9;
    if value.abs() < LARGE {
        (value * 1e6).round() / 1e6 + 0.0
    } else {
        value
    }
}
