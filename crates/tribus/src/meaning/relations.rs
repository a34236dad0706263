//! What columns say together: a grade cut from another column, columns that were scaled, numbers that go with no other.

use super::{Measure, Traits};
use crate::statistics::{correlation, mean, ranks, standard_deviation};

/// A column with more values than this is no cut of another.
const MOST_CUTS: usize = 20;

/// Share of the rows that may lie on the wrong side of a cut.
const CUT_ERRORS: f64 = 0.01;

/// With fewer rows nothing is told by them.
const FEWEST_ROWS: usize = 30;

/// Two columns are related from a rank correlation of so many standard errors on: chance hardly ever reaches it among a
/// hundred columns.
const RELATED: f64 = 4.0;

/// Counts and amounts are skewed to the right at least so much.
const SKEWED: f64 = 0.5;

/// A column of numbers on a few rows, ready to be compared with many others.
pub(crate) struct Sampled {
    values: Vec<Option<f64>>,
    /// Where the values stand that are there, the smallest first.
    order: Vec<usize>,
    /// Ranks; what is missing has the middle one.
    ranks: Vec<f64>,
    distinct: usize,
    is_whole: bool,
}

impl Sampled {
    /// The column on these rows; none where it holds no numbers.
    pub(crate) fn of(column: &Traits, rows: &[usize]) -> Option<Self> {
        let (array, numbers) = (column.array()?, column.numbers()?);
        let cell =
            |row: &usize| arrow_array::Array::is_valid(array, *row).then(|| array.value(*row));
        let values: Vec<Option<f64>> = rows.iter().map(cell).collect();
        let mut order: Vec<usize> = (0..values.len())
            .filter(|at| values[*at].is_some())
            .collect();
        let value = |at: usize| values[at].unwrap_or(0.0);
        order.sort_by(|a, b| value(*a).total_cmp(&value(*b)));
        let present: Vec<f64> = order.iter().map(|at| value(*at)).collect();
        let mut all = vec![present.len().saturating_sub(1) as f64 / 2.0; values.len()];
        for (at, rank) in order.iter().zip(ranks(&present)) {
            all[*at] = rank;
        }
        Some(Self {
            values,
            order,
            ranks: all,
            distinct: column.distinct,
            is_whole: numbers.whole,
        })
    }

    /// Whether this column, of few whole values, is `measure` cut into ranges, rising or falling. O(rows).
    pub(crate) fn is_cut_of(&self, measure: &Self) -> bool {
        let is_coarse = self.is_whole
            && (3..=MOST_CUTS).contains(&self.distinct)
            && measure.distinct >= 2 * self.distinct;
        is_coarse && (self.follows(measure, 1.0) || self.follows(measure, -1.0))
    }

    /// Whether the values rise (`side` 1) or fall (-1) with those of `measure` in nearly all rows.
    fn follows(&self, measure: &Self, side: f64) -> bool {
        let most = CUT_ERRORS * measure.order.len() as f64;
        let (mut rows, mut wrong) = (0_usize, 0_usize);
        let (mut reached, mut next) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
        let mut before = None;
        for at in &measure.order {
            // Rows of one value may have several grades where a cut goes through them.
            if measure.values[*at] != before {
                (before, reached) = (measure.values[*at], next);
            }
            let Some(grade) = self.values[*at] else {
                continue;
            };
            rows += 1;
            wrong += usize::from(side * grade < reached);
            if wrong as f64 > most {
                return false;
            }
            next = next.max(side * grade);
        }
        rows >= FEWEST_ROWS
    }

    /// Whether the values rise and fall with none of the measures, by rank correlation. O(rows x measures).
    pub(crate) fn is_unrelated(&self, measures: &[&Self]) -> bool {
        let related = RELATED / (self.order.len().max(1) as f64).sqrt();
        measures
            .iter()
            .all(|measure| correlation(&self.ranks, &measure.ranks).abs() < related)
    }

    /// Whether most values are small and few are large, as counts and amounts are.
    pub(crate) fn is_skewed(&self) -> bool {
        let present: Vec<f64> = self.values.iter().flatten().copied().collect();
        let mean = mean(&present);
        let deviation = standard_deviation(&present, mean);
        let cube = |value: f64| value * value * value;
        let cubes: f64 = present.iter().map(|value| cube(value - mean)).sum();
        cubes > SKEWED * cube(deviation) * present.len() as f64
    }
}

/// Fewest columns that make a table standardized.
const FEWEST_STANDARDIZED: usize = 3;

/// The columns that were scaled before, by their place, if nearly all columns of fractions were: to mean 0 and standard
/// deviation 1, or to the range from 0 to 1, where the names of some say that they were wider.
pub(crate) fn standardized(columns: &[&Traits]) -> Vec<usize> {
    let is_fraction = |column: &&Traits| {
        column.distinct > 10 && column.numbers().is_some_and(|numbers| !numbers.whole)
    };
    let with = |is_so: fn(&Traits) -> bool| -> Vec<usize> {
        let fractions = (0..columns.len()).filter(|at| is_fraction(&columns[*at]));
        fractions.filter(|at| is_so(columns[*at])).collect()
    };
    let scaled = with(|column| is_scaled(column) || is_ranged(column));
    let is_sure = scaled.iter().any(|at| is_scaled(columns[*at]));
    if is_sure
        && scaled.len() >= FEWEST_STANDARDIZED
        && scaled.len() * 4 >= with(|_| true).len() * 3
    {
        return scaled;
    }
    Vec::new()
}

/// Whether the smallest value is 0 and the largest 1.
fn is_ranged(column: &Traits) -> bool {
    let range = column.numbers().map(|numbers| (numbers.min, numbers.max));
    range == Some((0.0, 1.0))
}

fn is_scaled(column: &Traits) -> bool {
    let Some(numbers) = column.numbers() else {
        return false;
    };
    // A part of a table that was scaled as a whole deviates from 0 and 1.
    let is_centered = numbers.mean.abs() < 0.5
        && numbers.negatives > 0.2
        && (standard_deviation(&column.present_numbers(), numbers.mean) - 1.0).abs() < 0.4;
    // Money, counts and spans of time between 0 and 1 are so in no unit.
    let is_wider = matches!(
        column.clues.measures().first(),
        Some(Measure::Money | Measure::Count | Measure::Duration | Measure::Age)
    );
    is_centered || is_wider && numbers.min >= 0.0 && numbers.max <= 1.0
}
