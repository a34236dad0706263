//! What columns say together: a grade cut from another column, columns that were scaled, numbers that go with no other.

use super::Traits;
use crate::statistics::{correlation, ranks, standard_deviation};

/// A column with more values than this is no cut of another.
const MOST_CUTS: usize = 20;

/// Share of the rows that may lie on the wrong side of a cut.
const CUT_ERRORS: f64 = 0.01;

/// With fewer rows nothing is told by them.
const FEWEST_ROWS: usize = 30;

/// From this rank correlation on two columns are related.
const RELATED: f64 = 0.12;

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
        measures
            .iter()
            .all(|measure| correlation(&self.ranks, &measure.ranks).abs() < RELATED)
    }
}

/// Fewest columns that make a table standardized.
const FEWEST_STANDARDIZED: usize = 3;

/// The columns that were scaled before, by their place, if nearly all columns of fractions were: to mean 0 and standard
/// deviation 1, or, where the name is that of money, to the range from 0 to 1.
pub(crate) fn standardized(columns: &[&Traits]) -> Vec<usize> {
    let is_fraction = |column: &&Traits| {
        column.distinct > 10 && column.numbers().is_some_and(|numbers| !numbers.whole)
    };
    let scaled: Vec<usize> = (0..columns.len())
        .filter(|at| is_fraction(&columns[*at]) && is_scaled(columns[*at]))
        .collect();
    let all = columns.iter().filter(|column| is_fraction(column)).count();
    if scaled.len() >= FEWEST_STANDARDIZED && scaled.len() * 5 >= all * 4 {
        return scaled;
    }
    Vec::new()
}

fn is_scaled(column: &Traits) -> bool {
    let Some(numbers) = column.numbers() else {
        return false;
    };
    // A sample of a table that was scaled as a whole deviates from 0 and 1.
    let is_centered = numbers.mean.abs() < 0.2
        && numbers.negatives > 0.2
        && (standard_deviation(&column.present_numbers(), numbers.mean) - 1.0).abs() < 0.2;
    let is_ranged = numbers.min >= 0.0 && numbers.max <= 1.0 && column.clues.whose().is_some();
    is_centered || is_ranged
}
