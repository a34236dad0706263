//! What people should know of a segmentation before they believe it.

use arrow_array::{Array, Float64Array};

use crate::ledger::BY_RULE;
use crate::pipeline::Prepared;
use crate::statistics::sorted;
use crate::summary::{Segmented, Summary};
use crate::words::counted;

/// From this share of filled cells on, a column of a segment is a guess.
const GUESSED: f64 = 0.3;

/// One customer with this share of all value is told of, if it is also this many times the next; not of a handful.
const LONE_SHARE: f64 = 0.05;
const LONE_TIMES: f64 = 5.0;
const FEWEST: usize = 40;

/// What there is too little of, and what rests on too little.
pub(super) fn odd(segmented: &Segmented<'_>, summary: &Summary) -> Vec<String> {
    few_rows(segmented.prepared)
        .into_iter()
        .chain(many_set_aside(segmented.prepared))
        .chain(small_groups(summary))
        .chain(filled(segmented))
        .chain(lone_value(segmented))
        .collect()
}

/// More than this share of the rows set aside is told of.
const MANY_SET_ASIDE: f64 = 0.05;

/// Segments of a part of the customers may not be those of all.
fn many_set_aside(prepared: &Prepared) -> Option<String> {
    let ledger = &prepared.ledger;
    // Groups by rule are told by themselves.
    let unwanted = || {
        ledger
            .set_aside
            .iter()
            .filter(|entry| !entry.reason.ends_with(BY_RULE))
    };
    let rows: u64 = unwanted().map(|entry| entry.rows).sum();
    let share = rows as f64 / ledger.read.max(1) as f64;
    let most = unwanted().max_by_key(|entry| entry.rows)?;
    (share > MANY_SET_ASIDE).then(|| {
        format!(
            "{:.0} % of the rows were set aside, most of them for this: {}",
            100.0 * share,
            most.reason
        )
    })
}

/// What small segments are not told for.
fn small_groups(summary: &Summary) -> Option<String> {
    let small = (0..summary.segments.len()).filter(|segment| summary.is_small(*segment));
    let small = small.count();
    (small > 0).then(|| {
        format!(
            "{small} segment{} fewer than {} customers and {} described by size alone ([privacy] min_group)",
            if small == 1 { " has" } else { "s have" },
            summary.min_group,
            if small == 1 { "is" } else { "are" }
        )
    })
}

/// Columns that hold mostly filled cells in some segment: the filling may be what makes the segment.
fn filled(segmented: &Segmented<'_>) -> Vec<String> {
    let mut sizes = vec![0_u64; segmented.k];
    for &label in segmented.labels {
        sizes[label as usize] += 1;
    }
    let of_feature = |name: &str| {
        let numbers = segmented.table.numbers(segmented.table.position(name)?)?;
        let mut gaps = vec![0_u64; segmented.k];
        for (row, &label) in segmented.prepared.rows.iter().zip(segmented.labels) {
            gaps[label as usize] += u64::from(numbers.is_null(*row));
        }
        Some(gaps)
    };
    let features = segmented.pipeline.features.iter();
    let told = features.filter_map(|feature| {
        let gaps = of_feature(&feature.name)?;
        let share = |segment: usize| gaps[segment] as f64 / sizes[segment].max(1) as f64;
        let worst = (0..segmented.k).max_by(|a, b| share(*a).total_cmp(&share(*b)))?;
        (share(worst) >= GUESSED).then(|| {
            format!(
                "{} is missing for {:.0} % of segment {} and was filled in: what is said of it there is a guess, and the gap may be what makes the segment",
                feature.name,
                (100.0 * share(worst)).round(),
                worst + 1
            )
        })
    });
    told.collect()
}

/// One customer on whom all that is said of value rests.
fn lone_value(segmented: &Segmented<'_>) -> Option<String> {
    let name = segmented.plan.recipe.segment.value_column()?;
    let column = segmented.prepared.batch.column_by_name(name)?;
    let numbers: &Float64Array = column.as_any().downcast_ref()?;
    let values: Vec<f64> = numbers.iter().flatten().collect();
    let total: f64 = values.iter().sum();
    let ordered = sorted(&values);
    let [.., second, largest] = ordered.as_slice() else {
        return None;
    };
    let is_alone = values.len() >= FEWEST && *largest >= LONE_TIMES * second;
    (is_alone && total > 0.0 && *largest >= LONE_SHARE * total).then(|| {
        format!(
            "one of {} has {:.0} % of all {name}: check that value, for what is said of the value of segments rests on it",
            counted(values.len() as u64, "customer", "customers"),
            (100.0 * largest / total).round()
        )
    })
}

/// Few customers for many features make segments that will not hold.
fn few_rows(prepared: &Prepared) -> Option<String> {
    let (n, d) = (prepared.matrix.rows, prepared.matrix.columns());
    (n < 10 * d).then(|| {
        format!(
            "{} few for {} (10 customers a feature is a rule of thumb): the segments may not hold for others",
            counted(n as u64, "customer is", "customers are"),
            counted(d as u64, "feature", "features")
        )
    })
}
