//! What a segmentation keeps of the rows it was made from, to compare others with: counts and a few bounds. No row, no id, and no
//! level that few customers have.

use std::collections::BTreeSet;

use arrow_array::Array;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::cells::{Present, bounds, counted, levels};
use crate::pipeline::{Encoding, Pipeline, Prepared};
use crate::roles::{ColumnDecision, Fate, Role};
use crate::statistics::{mean, sorted, standard_deviation};

/// Levels kept of one category.
const MOST_LEVELS: usize = 60;

/// The columns of the rows that were segmented.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Baseline {
    /// Columns clustered on, categories, then columns that only gaps are known of.
    pub(crate) columns: Vec<ColumnBaseline>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ColumnBaseline {
    pub(crate) name: String,
    /// Its gaps, of a column that can have some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) missing: Option<Missing>,
    /// Its values, gaps left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) holds: Option<Holds>,
}

/// Gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Missing {
    /// Rows without a value.
    pub(crate) cells: u64,
    /// Rows.
    pub(crate) rows: u64,
}

/// The values of a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Holds {
    Numbers(Numbers),
    Flags(Flags),
    Levels(Levels),
}

/// Numbers, in raw units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Numbers {
    pub(crate) mean: f64,
    pub(crate) sd: f64,
    /// The smallest and the largest, rounded away from each other so that they are no customer's.
    pub(crate) range: [f64; 2],
    /// The lower bounds of all intervals but the first.
    pub(crate) bounds: Vec<f64>,
    /// Customers in each interval.
    pub(crate) counts: Vec<u64>,
}

/// A column of 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Flags {
    pub(crate) zeros: u64,
    pub(crate) ones: u64,
}

/// Categories.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Levels {
    /// The levels that are kept by name, the most frequent first.
    pub(crate) kept: Vec<(String, u64)>,
    /// Customers of all other levels.
    pub(crate) rest: u64,
    /// How many other levels there are.
    pub(crate) rest_kinds: u64,
    /// Customers of the most frequent of them.
    pub(crate) rest_most: u64,
}

/// What is to be kept of a column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Numbers,
    Levels,
    Gaps,
}

impl Baseline {
    /// What is kept of prepared rows, with no level of fewer customers than `smallest`. O(n log n) a column.
    pub(crate) fn of(
        prepared: &Prepared,
        pipeline: &Pipeline,
        columns: &[ColumnDecision],
        smallest: u64,
    ) -> Self {
        let wanted = wanted(prepared, pipeline, columns).into_par_iter();
        let columns = wanted.map(|(name, wanted)| ColumnBaseline {
            name: name.to_owned(),
            missing: missing(prepared, name),
            holds: match wanted {
                Wanted::Gaps => None,
                wanted => holds(prepared, name, wanted == Wanted::Levels, smallest),
            },
        });
        Self {
            columns: columns.collect(),
        }
    }
}

/// Categories that segments are described by or that are encoded, and columns of one value; features; columns that have gaps and are neither.
fn wanted<'a>(
    prepared: &'a Prepared,
    pipeline: &'a Pipeline,
    columns: &'a [ColumnDecision],
) -> Vec<(&'a str, Wanted)> {
    let encoded: BTreeSet<String> = pipeline.encode.iter().flat_map(Encoding::names).collect();
    let is_feature = |name: &str| pipeline.features.iter().any(|feature| feature.name == name);
    // A flag that is clustered on is a number.
    let is_category = |column: &&ColumnDecision| match column.role {
        Role::Category => column.fate != Fate::LeftOut,
        // A second value is news.
        Role::Constant => !is_feature(&column.name),
        Role::Flag => column.fate == Fate::Described && !is_feature(&column.name),
        _ => false,
    };
    let described = columns
        .iter()
        .filter(is_category)
        .map(|column| column.name.as_str());
    let sources = pipeline
        .encode
        .iter()
        .map(|encoding| encoding.column.as_str());
    let categories = described.chain(sources).map(|name| (name, Wanted::Levels));
    let features = pipeline
        .features
        .iter()
        .map(|feature| feature.name.as_str());
    let features = features.filter(|name| !encoded.contains(*name));
    let with_gaps = prepared
        .gaps
        .iter()
        .map(|gaps| (gaps.column.as_str(), Wanted::Gaps));
    let all = categories
        .chain(features.map(|name| (name, Wanted::Numbers)))
        .chain(with_gaps);
    // The first that a column is wanted for.
    let mut seen = BTreeSet::new();
    all.filter(|(name, _)| seen.insert(*name)).collect()
}

/// The gaps of a column: those that a rule was applied to, else those that are left.
pub(super) fn missing(prepared: &Prepared, name: &str) -> Option<Missing> {
    let by_rule = prepared.gaps.iter().find(|gaps| gaps.column == name);
    if let Some(gaps) = by_rule {
        return Some(Missing {
            cells: gaps.missing,
            rows: gaps.rows,
        });
    }
    let column = prepared.batch.column_by_name(name)?;
    Some(Missing {
        cells: column.null_count() as u64,
        rows: column.len() as u64,
    })
}

/// The values of a column: as a category, or as numbers.
pub(super) fn holds(
    prepared: &Prepared,
    name: &str,
    is_category: bool,
    smallest: u64,
) -> Option<Holds> {
    let filled = prepared.filled.get(name).map(Vec::as_slice);
    if is_category {
        let levels = levels(&prepared.batch, name, filled)?;
        return Some(Holds::Levels(kept(levels, smallest)));
    }
    numbers(&Present::of(&prepared.batch, name, filled)?, smallest)
}

fn numbers(present: &Present<'_>, smallest: u64) -> Option<Holds> {
    let values = sorted(&present.values().collect::<Vec<f64>>());
    let (first, last) = (*values.first()?, *values.last()?);
    let ones = values.iter().filter(|value| **value == 1.0).count() as u64;
    let zeros = values.iter().filter(|value| **value == 0.0).count() as u64;
    if zeros + ones == values.len() as u64 {
        return Some(Holds::Flags(Flags { zeros, ones }));
    }
    let mean = mean(&values);
    let sd = standard_deviation(&values, mean);
    let range = rounded_apart([first, last], sd);
    let bounds = bounds(&values, smallest);
    let (counts, _) = counted(values.into_iter(), &bounds, range);
    Some(Holds::Numbers(Numbers {
        mean,
        sd,
        range,
        bounds,
        counts,
    }))
}

/// The ends, rounded away from each other to a power of ten between a hundredth and a tenth of the deviation. What lies beyond
/// them lay beyond the exact ends, too.
fn rounded_apart([low, high]: [f64; 2], sd: f64) -> [f64; 2] {
    let power = libm::floor(libm::log10(sd)) as i32 - 1;
    // Powers of ten below 1 are no binary fractions: by their reciprocals, a score of 5 stays 5.
    let scale = libm::pow(10.0, f64::from(power.abs()));
    let to_grid = |value: f64, round: fn(f64) -> f64| {
        if power < 0 {
            round(value * scale) / scale
        } else {
            round(value / scale) * scale
        }
    };
    let [down, up] = [to_grid(low, libm::floor), to_grid(high, libm::ceil)];
    [
        if down.is_finite() && down <= low {
            down
        } else {
            low
        },
        if up.is_finite() && up >= high {
            up
        } else {
            high
        },
    ]
}

/// Levels in the order of their names, without those of few customers.
fn kept(mut levels: Vec<(String, u64)>, smallest: u64) -> Levels {
    levels.sort_by(|(a, of_a), (b, of_b)| of_b.cmp(of_a).then_with(|| a.cmp(b)));
    let common = levels.partition_point(|(_, count)| *count >= smallest);
    let others = levels.split_off(common.min(MOST_LEVELS));
    Levels {
        kept: levels,
        rest: others.iter().map(|(_, count)| count).sum(),
        rest_kinds: others.len() as u64,
        rest_most: others.first().map_or(0, |(_, count)| *count),
    }
}
