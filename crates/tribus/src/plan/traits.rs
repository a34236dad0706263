//! What the values of a column are like, whatever its name says.

use std::collections::BTreeSet;

use arrow_array::{Array, ArrayRef, Float64Array, LargeStringArray};

use crate::statistics::{quantile, sorted};
use crate::table::ColumnFacts;
use crate::vocabulary::words;

/// A column as the planner sees it.
#[derive(Debug, Clone)]
pub(super) struct Traits {
    pub(super) name: String,
    pub(super) words: Vec<String>,
    pub(super) array: ArrayRef,
    pub(super) facts: ColumnFacts,
    /// Made by the recipe rather than read.
    pub(super) derived: bool,
    pub(super) rows: usize,
    pub(super) missing: usize,
    /// Distinct values.
    pub(super) distinct: usize,
    pub(super) values: Values,
}

/// The values by kind.
#[derive(Debug, Clone)]
pub(super) enum Values {
    Numbers(NumberTraits),
    Text(TextTraits),
    Dates { latest: Option<i32> },
}

#[derive(Debug, Clone, Default)]
pub(super) struct NumberTraits {
    pub(super) min: f64,
    pub(super) max: f64,
    pub(super) median: f64,
    pub(super) mean: f64,
    /// All whole.
    pub(super) whole: bool,
    /// Whole or with at most two decimals, some with them.
    pub(super) cents: bool,
    /// 5 % and 95 % quantiles.
    pub(super) q05: f64,
    pub(super) q95: f64,
}

#[derive(Debug, Clone, Default)]
pub(super) struct TextTraits {
    /// Distinct values, the first 60 in alphabetical order.
    pub(super) levels: Vec<String>,
    pub(super) mean_length: f64,
    pub(super) with_at: bool,
}

impl Traits {
    pub(super) fn new(name: &str, array: ArrayRef, facts: ColumnFacts, derived: bool) -> Self {
        let any = array.as_any();
        let (distinct, values) = if let Some(numbers) = any.downcast_ref::<Float64Array>() {
            number_traits(numbers)
        } else if let Some(text) = any.downcast_ref::<LargeStringArray>() {
            text_traits(text)
        } else {
            date_traits(&array)
        };
        Self {
            name: name.to_owned(),
            words: words(name),
            facts,
            derived,
            rows: array.len(),
            missing: array.null_count(),
            distinct,
            values,
            array,
        }
    }

    pub(super) fn numbers(&self) -> Option<&NumberTraits> {
        match &self.values {
            Values::Numbers(numbers) => Some(numbers),
            _ => None,
        }
    }

    /// Cells with a value.
    pub(super) fn present(&self) -> usize {
        self.rows - self.missing
    }

    /// Numbers 0 and 1 and nothing else.
    pub(super) fn zero_or_one(&self) -> bool {
        self.numbers().is_some_and(|numbers| {
            numbers.whole && numbers.min >= 0.0 && numbers.max <= 1.0 && self.distinct == 2
        })
    }

    /// The numbers as they are, gaps included.
    pub(super) fn array(&self) -> Option<&Float64Array> {
        self.array.as_any().downcast_ref()
    }

    /// The numbers, missing ones as 0.
    pub(super) fn filled(&self) -> Vec<f64> {
        match self.array.as_any().downcast_ref::<Float64Array>() {
            Some(numbers) => numbers.iter().map(|cell| cell.unwrap_or(0.0)).collect(),
            None => Vec::new(),
        }
    }
}

fn number_traits(numbers: &Float64Array) -> (usize, Values) {
    let values: Vec<f64> = numbers.iter().flatten().collect();
    let ordered = sorted(&values);
    let distinct = ordered.chunk_by(|a, b| a == b).count();
    let Some((first, last)) = ordered.first().zip(ordered.last()) else {
        return (0, Values::Numbers(NumberTraits::default()));
    };
    let whole = values.iter().all(|value| value.fract() == 0.0);
    let hundredths = |value: &f64| {
        let hundred = value * 100.0;
        (hundred - hundred.round()).abs() < 1e-6 * hundred.abs().max(1.0)
    };
    let traits = NumberTraits {
        min: *first,
        max: *last,
        median: quantile(&ordered, 0.5),
        mean: crate::statistics::mean(&values),
        whole,
        cents: !whole && values.iter().all(hundredths),
        q05: quantile(&ordered, 0.05),
        q95: quantile(&ordered, 0.95),
    };
    (distinct, Values::Numbers(traits))
}

fn text_traits(text: &LargeStringArray) -> (usize, Values) {
    let levels: BTreeSet<&str> = text.iter().flatten().collect();
    let present = (text.len() - text.null_count()).max(1);
    let length: usize = text.iter().flatten().map(|cell| cell.chars().count()).sum();
    let with_at = text
        .iter()
        .flatten()
        .filter(|cell| cell.contains('@'))
        .count();
    let traits = TextTraits {
        levels: levels
            .iter()
            .take(60)
            .map(|level| (*level).to_owned())
            .collect(),
        mean_length: length as f64 / present as f64,
        with_at: 2 * with_at > present,
    };
    (levels.len(), Values::Text(traits))
}

fn date_traits(array: &ArrayRef) -> (usize, Values) {
    let dates = array.as_any().downcast_ref::<arrow_array::Date32Array>();
    let days: BTreeSet<i32> = dates
        .into_iter()
        .flat_map(|dates| dates.iter().flatten())
        .collect();
    (
        days.len(),
        Values::Dates {
            latest: days.last().copied(),
        },
    )
}
