//! What each line of a file of purchases is worth.

use arrow_array::{Array, Float64Array};

use super::keys::{NONE, count};
use super::recognize::Found;
use crate::ledger::DiscountKind;
use crate::vocabulary::parts::{Part, fit};

/// Share of the orders of several lines that must show it, for a number to belong to the order.
const NEARLY_ALL: f64 = 0.95;

/// Amounts that differ by no more are equal.
pub(super) const ROUNDING: f64 = 0.01;

/// Orders of several lines from which a number that is the same on all their lines belongs to the order.
const FEWEST_ORDERS: usize = 5;

/// A number of the file, per line; those of an order stand on one of its lines.
#[derive(Debug, Clone)]
pub(super) struct Numbers {
    of: Float64Array,
    /// It belongs to the order and counts once.
    pub(super) once: bool,
}

impl Numbers {
    pub(super) fn column(found: &Found<'_>, part: Part) -> Option<Self> {
        let of = found.table().numbers(found.at(part)?)?.clone();
        Some(Self { of, once: false })
    }

    /// The numbers of a part, once per order where they belong to orders.
    ///
    /// `group` numbers the orders; `counts` says of each line whether it counts, so that the number stands on one that does.
    pub(super) fn of_part(
        found: &Found<'_>,
        part: Part,
        group: &[u32],
        counts: &[bool],
    ) -> Option<Self> {
        let mut numbers = Self::column(found, part)?;
        let name = found.name(part).unwrap_or_default();
        let is_of_lines = part == Part::Amount && numbers.is_of_lines(found, group);
        if !is_of_lines && numbers.belongs_to_orders(name, group, counts) {
            numbers = numbers.once_per_order(group, counts);
        }
        Some(numbers)
    }

    /// Whether a line has a number.
    pub(super) fn has(&self, line: usize) -> bool {
        self.of.is_valid(line)
    }

    /// The numbers, 0 where there is none.
    pub(super) fn filled(&self) -> Vec<f64> {
        self.of.iter().map(|value| value.unwrap_or(0.0)).collect()
    }

    /// Whether it is quantity times price on nearly every line of the orders of several lines: then these may well have the same.
    fn is_of_lines(&self, found: &Found<'_>, group: &[u32]) -> bool {
        let column = |part| Self::column(found, part);
        let Some((quantity, price)) = column(Part::Quantity).zip(column(Part::Price)) else {
            return false;
        };
        let off = Discounts::column(found);
        let lines = self.of.iter().zip(&quantity.of).zip(&price.of).enumerate();
        let mut sizes = vec![0_u32; count(group)];
        for group in group.iter().filter(|group| **group != NONE) {
            sizes[*group as usize] += 1;
        }
        let is_one_of_several = |line: usize| sizes.get(group[line] as usize) > Some(&1);
        let (mut known, mut agreeing) = (0_u64, 0_u64);
        for (line, ((amount, quantity), price)) in
            lines.filter(|(line, _)| is_one_of_several(*line))
        {
            let Some(((amount, quantity), price)) = amount.zip(quantity).zip(price) else {
                continue;
            };
            let full = quantity * price;
            let off = off.as_ref().map_or(0.0, |off| off.of_full(line, full));
            let differences = [full - amount, full - off - amount];
            let mut sizes = differences.iter().map(|own| decimal(own.abs()));
            known += 1;
            agreeing += u64::from(sizes.any(|size| size <= ROUNDING));
        }
        known > 0 && agreeing as f64 >= NEARLY_ALL * known as f64
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
        let mut orders = vec![Order::default(); count(group)];
        let lines = group.iter().zip(counts).zip(&self.of);
        for ((group, _), value) in lines.filter(|((group, counts), _)| **group != NONE && **counts)
        {
            let order = &mut orders[*group as usize];
            order.lines += 1;
            // What is given back stands on lines of its own.
            if let Some(value) = value.filter(|value| *value >= 0.0) {
                order.differs |= order.present > 0 && order.first != value;
                order.first = value;
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

    /// One number of each order: the largest, on a line that counts if there is one.
    fn once_per_order(&self, group: &[u32], counts: &[bool]) -> Self {
        let mut best: Vec<Option<(bool, f64, usize)>> = vec![None; count(group)];
        for (line, value) in self.of.iter().enumerate() {
            let Some(value) = value.filter(|value| *value >= 0.0 && group[line] != NONE) else {
                continue;
            };
            let best = &mut best[group[line] as usize];
            if best.is_none_or(|(counted, most, _)| (counted, most) < (counts[line], value)) {
                *best = Some((counts[line], value, line));
            }
        }
        let lines = self.of.iter().enumerate();
        let of = lines.map(|(line, value)| {
            let best = best.get(group[line] as usize).copied().flatten();
            let is_elsewhere = best.is_some_and(|(.., kept)| kept != line);
            let is_back = value.is_some_and(|value| value < 0.0);
            // The order has its number on another line, so that this one is worth nothing, but not unknown.
            if is_elsewhere && !is_back {
                Some(0.0)
            } else {
                value
            }
        });
        Self {
            of: of.collect(),
            once: true,
        }
    }
}

/// What each line is worth: the amount, or quantity times price less what was taken off. None where that is not known.
pub(super) fn amounts(
    found: &Found<'_>,
    group: &[u32],
    counts: &[bool],
    off: Option<&Discounts>,
) -> Numbers {
    let part = |part| Numbers::of_part(found, part, group, counts);
    if let Some(amounts) = part(Part::Amount) {
        let Some(adjusted) = part(Part::Adjusted) else {
            return amounts;
        };
        let both = amounts.of.iter().zip(&adjusted.of);
        // 0 stands where nothing was changed.
        let of = both.map(|(amount, adjusted)| adjusted.filter(|own| *own != 0.0).or(amount));
        return Numbers {
            of: of.collect(),
            once: amounts.once,
        };
    }
    let price = Numbers::column(found, Part::Price);
    let quantity = Numbers::column(found, Part::Quantity);
    let off = |line: usize, full: f64| off.map_or(0.0, |off| off.of_full(line, full));
    let pieces = |line: usize| match &quantity {
        Some(quantity) => quantity.has(line).then(|| quantity.of.value(line)),
        None => Some(1.0),
    };
    let prices = price.iter().flat_map(|price| &price.of).enumerate();
    let of = prices.map(|(line, price)| {
        let full = decimal(price? * pieces(line)?);
        Some(decimal(full - off(line, full)))
    });
    Numbers {
        of: of.collect(),
        once: false,
    }
}

impl DiscountKind {
    /// Money, or shares where none is above 1 or they are written with `%`.
    pub(super) fn of(found: &Found<'_>) -> Self {
        let Some((at, numbers)) = found
            .at(Part::Discount)
            .zip(Numbers::column(found, Part::Discount))
        else {
            return Self::Money;
        };
        let notation = &found.table().facts(at).notation;
        if notation.iter().any(|note| note == "% removed") {
            return Self::Percent;
        }
        let sizes = || numbers.of.iter().flatten().map(f64::abs);
        if sizes().fold(0.0, f64::max) <= 1.0 && sizes().any(|value| value.fract() != 0.0) {
            Self::Share
        } else {
            Self::Money
        }
    }
}

/// What was taken off each line.
#[derive(Debug)]
pub(super) struct Discounts {
    pub(super) kind: DiscountKind,
    /// Amounts of money, or shares of the full price from 0 to 1.
    sizes: Vec<f64>,
    /// They belong to orders and count once.
    pub(super) once: bool,
}

impl Discounts {
    /// As the column has them; a share holds for each line, also where it is the same for all of an order.
    fn column(found: &Found<'_>) -> Option<Self> {
        let kind = DiscountKind::of(found);
        let mut sizes = Numbers::column(found, Part::Discount)?.filled();
        for size in &mut sizes {
            *size = match kind {
                DiscountKind::Money | DiscountKind::Share => size.abs(),
                DiscountKind::Percent => (size.abs() / 100.0).min(1.0),
            };
        }
        Some(Self {
            kind,
            sizes,
            once: false,
        })
    }

    /// The same, amounts of money of an order on one of its lines.
    pub(super) fn of(found: &Found<'_>, group: &[u32], counts: &[bool]) -> Option<Self> {
        let mut discounts = Self::column(found)?;
        if discounts.kind == DiscountKind::Money {
            let money = Numbers::of_part(found, Part::Discount, group, counts)?;
            discounts.once = money.once;
            discounts.sizes = money.filled().into_iter().map(f64::abs).collect();
        }
        Some(discounts)
    }

    /// What was taken off a line that was worth so much before it; of a return less is given back.
    fn of_full(&self, line: usize, full: f64) -> f64 {
        match self.kind {
            DiscountKind::Money => self.sizes[line].copysign(full),
            DiscountKind::Share | DiscountKind::Percent => decimal(full * self.sizes[line]),
        }
    }

    /// In money, of lines that were worth so much after it; nothing of returns.
    pub(super) fn of_paid(self, amount: &[f64]) -> Vec<f64> {
        let of_line = |(amount, size): (&f64, f64)| match self.kind {
            _ if *amount < 0.0 => 0.0,
            DiscountKind::Money => size,
            // What was given away was worth nobody knows what.
            DiscountKind::Share | DiscountKind::Percent if size >= 1.0 => 0.0,
            DiscountKind::Share | DiscountKind::Percent => amount / (1.0 - size) * size,
        };
        amount.iter().zip(self.sizes).map(of_line).collect()
    }
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
