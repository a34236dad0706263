//! Values counted by cells: intervals of numbers, levels of categories. Rows of then and of now are counted by the same code.

use ahash::{HashMap, HashMapExt};
use arrow_array::{Array, Float64Array, LargeStringArray, RecordBatch};

use crate::words::number::number_text;

/// The fewest customers in an interval.
const FEWEST: u64 = 10;

/// Intervals of a column.
const INTERVALS: u64 = 10;

/// The values of one column of a prepared table that were there: filled cells and what is derived from them say nothing of the
/// customers.
pub(super) struct Present<'a> {
    numbers: &'a Float64Array,
    filled: Option<&'a [bool]>,
}

impl<'a> Present<'a> {
    pub(super) fn of(
        batch: &'a RecordBatch,
        name: &str,
        filled: Option<&'a [bool]>,
    ) -> Option<Self> {
        let numbers = batch.column_by_name(name)?.as_any().downcast_ref()?;
        Some(Self { numbers, filled })
    }

    pub(super) fn values(&self) -> impl Iterator<Item = f64> {
        let all_there = self.numbers.null_count() == 0;
        let values = self.numbers.values().iter().enumerate();
        values
            .filter(move |(row, _)| {
                (all_there || self.numbers.is_valid(*row))
                    && !self.filled.is_some_and(|filled| filled[*row])
            })
            .map(|(_, value)| *value)
    }
}

/// The lower bounds of all intervals but the first, of sorted values. Each interval holds at least `smallest` customers and ten; there
/// are about ten intervals of equal counts, but values that are few are told apart, and a value that many share is alone where
/// it can be.
pub(super) fn bounds(sorted: &[f64], smallest: u64) -> Vec<f64> {
    let fewest = smallest.max(FEWEST);
    let runs = || sorted.chunk_by(|a, b| a == b);
    let are_few = runs().take(INTERVALS as usize + 1).count() as u64 <= INTERVALS;
    let enough = if are_few {
        fewest
    } else {
        (sorted.len() as u64).div_ceil(INTERVALS).max(fewest)
    };
    let (mut bounds, mut pending) = (Vec::new(), 0);
    for run in runs() {
        let rows = run.len() as u64;
        if pending >= fewest && (pending >= enough || rows >= enough) {
            bounds.push(run[0]);
            pending = 0;
        }
        pending += rows;
    }
    if pending < fewest {
        bounds.pop();
    }
    bounds
}

/// How many values lie in each interval, below `low` and above `high`.
pub(super) fn counted(
    values: impl Iterator<Item = f64>,
    bounds: &[f64],
    [low, high]: [f64; 2],
) -> (Vec<u64>, [u64; 2]) {
    let (mut counts, mut beyond) = (vec![0; bounds.len() + 1], [0; 2]);
    for value in values {
        // Ten comparisons without a branch are faster than a search.
        let at: usize = bounds
            .iter()
            .map(|bound| usize::from(value >= *bound))
            .sum();
        counts[at] += 1;
        beyond[0] += u64::from(value < low);
        beyond[1] += u64::from(value > high);
    }
    (counts, beyond)
}

/// Customers of each level of a category, in the order of their names; empty cells and filled ones are left out. None for a column
/// of dates, or one that is not there.
pub(super) fn levels(
    batch: &RecordBatch,
    name: &str,
    filled: Option<&[bool]>,
) -> Option<Vec<(String, u64)>> {
    let column = batch.column_by_name(name)?;
    let is_there = |row: &usize| !filled.is_some_and(|filled| filled[*row]);
    let mut counted: Vec<(String, u64)> =
        if let Some(text) = column.as_any().downcast_ref::<LargeStringArray>() {
            let mut counts: HashMap<&str, u64> = HashMap::new();
            let cells = text.iter().enumerate();
            for cell in cells.filter_map(|(row, cell)| cell.filter(|_| is_there(&row))) {
                *counts.entry(cell).or_default() += 1;
            }
            let counts = counts.into_iter();
            counts
                .map(|(level, count)| (level.to_owned(), count))
                .collect()
        } else {
            let present = Present::of(batch, name, filled)?;
            let mut counts: HashMap<u64, u64> = HashMap::new();
            for value in present.values() {
                // Adding zero makes negative zero positive.
                *counts.entry((value + 0.0).to_bits()).or_default() += 1;
            }
            let counts = counts.into_iter();
            counts
                .map(|(bits, count)| (number_text(f64::from_bits(bits)), count))
                .collect()
        };
    counted.sort_unstable();
    Some(counted)
}
