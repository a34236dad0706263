//! Reduces the rows to statistics, per column and segment.

use arrow_array::{Array, Float64Array, LargeStringArray};
use rayon::prelude::*;

use super::categories;
use super::features::{correlations, histograms};
use super::map::{Ground, customer_map, same_map};
use super::segmented::{Segmented, numbers};
use super::{ColumnStatistics, ColumnSummary, Knife, NumberSummary, SegmentSummary, Summary};
use crate::roles::{ColumnDecision, Fate, Role};
use crate::segment::SegmentNumber;
use crate::statistics::{mean, quantiles, shape, sorted, standard_deviation, sum};

/// Silhouette values kept of a segment.
const KNIFE: usize = 200;

/// Reduces segmented customers to a summary.
pub(crate) fn summarize(segmented: &Segmented<'_>) -> Summary {
    let recipe = &segmented.plan.recipe;
    let value = recipe.segment.value_column().map(str::to_owned);
    let members = members(segmented.labels, segmented.k);
    let worth = value
        .as_deref()
        .and_then(|name| numbers(&segmented.prepared.batch, name));
    let (map, silhouettes) = customer_map(segmented, &members);
    let min_group = segmented.min_group();
    let sizes = segment_sizes(segmented, &members, worth, min_group);
    let correlations = correlations(segmented, &members);
    let told = told(members, min_group);
    Summary {
        customers: segmented.labels.len() as u64,
        min_group,
        value: worth.is_some().then_some(value).flatten(),
        columns: columns(segmented, &told),
        segments: sizes,
        map,
        knives: silhouettes.iter().map(|values| knife(values)).collect(),
        histograms: histograms(segmented),
        correlations,
    }
}

/// What the map of these segments is drawn on.
pub(crate) fn map_ground(first: &Segmented<'_>) -> Ground {
    Ground::of(first, &members(first.labels, first.k))
}

/// The same customers by other segments: what does not depend on segments is that of `known`, whose map is drawn on `ground`.
pub(crate) fn summarize_again(
    segmented: &Segmented<'_>,
    ground: &Ground,
    known: &Summary,
) -> Summary {
    let members = members(segmented.labels, segmented.k);
    let worth = known
        .value
        .as_deref()
        .and_then(|name| numbers(&segmented.prepared.batch, name));
    let (map, silhouettes) = same_map(segmented, ground, &members, &known.map);
    let min_group = segmented.min_group();
    let segments = segment_sizes(segmented, &members, worth, min_group);
    Summary {
        columns: columns(segmented, &told(members, min_group)),
        segments,
        map,
        knives: silhouettes.iter().map(|values| knife(values)).collect(),
        ..known.clone()
    }
}

/// Rows of each segment.
fn members(labels: &[u32], k: usize) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); k];
    for (row, label) in labels.iter().enumerate() {
        members[*label as usize].push(row);
    }
    members
}

/// The rows that may be told of: none of a segment too small to hide a customer in.
fn told(members: Vec<Vec<usize>>, min_group: u64) -> Vec<Vec<usize>> {
    members
        .into_iter()
        .map(|rows| {
            if (rows.len() as u64) < min_group {
                Vec::new()
            } else {
                rows
            }
        })
        .collect()
}

/// The numbers of a group (or of all), gaps left out.
pub(super) fn present(numbers: &Float64Array, rows: Option<&[usize]>) -> Vec<f64> {
    match rows {
        None => numbers.iter().flatten().collect(),
        Some(rows) => rows
            .iter()
            .filter(|row| numbers.is_valid(**row))
            .map(|row| numbers.value(*row))
            .collect(),
    }
}

/// The segment whose centroid is nearest in scaled units; the first of equals.
fn nearest(segmented: &Segmented<'_>, segment: usize) -> Option<SegmentNumber> {
    let d = segmented.pipeline.features.len();
    let centroid = |at: usize| &segmented.centroids[at * d..(at + 1) * d];
    let distance = |other: usize| -> f64 {
        let pairs = centroid(segment).iter().zip(centroid(other));
        pairs.map(|(a, b)| (a - b) * (a - b)).sum()
    };
    let others = (0..segmented.k).filter(|other| *other != segment);
    let nearest = others.min_by(|a, b| distance(*a).total_cmp(&distance(*b)))?;
    Some(SegmentNumber::at(nearest))
}

fn segment_sizes(
    segmented: &Segmented<'_>,
    members: &[Vec<usize>],
    worth: Option<&Float64Array>,
    min_group: u64,
) -> Vec<SegmentSummary> {
    let all: usize = members.iter().map(Vec::len).sum();
    let total = worth.map(|worth| sum(present(worth, None)));
    let segment = |(at, rows): (usize, &Vec<usize>)| {
        let told = worth.filter(|_| rows.len() as u64 >= min_group);
        let value = told.map(|worth| sum(present(worth, Some(rows))));
        SegmentSummary {
            size: rows.len() as u64,
            share: rows.len() as f64 / all as f64,
            value,
            value_share: value
                .zip(total)
                .filter(|(_, total)| *total > 0.0)
                .map(|(own, total)| own / total),
            nearest: nearest(segmented, at),
        }
    };
    members.iter().enumerate().map(segment).collect()
}

/// The statistics of one group of numbers.
pub(crate) fn describe(values: &[f64]) -> NumberSummary {
    let mean = mean(values);
    let sd = standard_deviation(values, mean);
    let [skewness, excess_kurtosis] = shape(values, mean, sd);
    let [q05, q25, median, q75, q95] =
        quantiles(&mut values.to_vec(), [0.05, 0.25, 0.5, 0.75, 0.95]);
    NumberSummary {
        count: values.len() as u64,
        mean,
        sd,
        skewness,
        excess_kurtosis,
        q05,
        q25,
        median,
        q75,
        q95,
    }
}

/// Columns clustered on, in feature order, then the others in file order.
fn columns(segmented: &Segmented<'_>, members: &[Vec<usize>]) -> Vec<ColumnSummary> {
    let features: Vec<&str> = segmented
        .pipeline
        .features
        .iter()
        .map(|feature| feature.name.as_str())
        .collect();
    let decisions = &segmented.plan.columns;
    let clustered = features
        .iter()
        .filter_map(|name| decisions.iter().find(|c| c.name == **name));
    let others = decisions
        .iter()
        .filter(|column| !features.contains(&column.name.as_str()));
    let ordered: Vec<&ColumnDecision> = clustered.chain(others).collect();
    let mut summaries: Vec<ColumnSummary> = ordered
        .into_par_iter()
        .filter_map(|decision| column(segmented, members, decision))
        .collect();
    summaries.extend(encoded_columns(segmented, members, &features));
    let blocks = segmented.plan.blocks.iter();
    summaries.extend(
        blocks
            .filter_map(|(name, columns)| categories::of_block(segmented, members, name, columns)),
    );
    summaries
}

fn column(
    segmented: &Segmented<'_>,
    members: &[Vec<usize>],
    decision: &ColumnDecision,
) -> Option<ColumnSummary> {
    if matches!(decision.role, Role::Id | Role::Text | Role::Date) {
        return None;
    }
    let array = segmented.prepared.batch.column_by_name(&decision.name)?;
    let min_group = segmented.min_group();
    let any = array.as_any();
    let statistics = if let Some(codes) = any
        .downcast_ref::<Float64Array>()
        .filter(|_| decision.role == Role::Category)
    {
        categories::of_codes(codes, members, min_group)
    } else if let Some(numbers) = any.downcast_ref::<Float64Array>() {
        number_statistics(segmented, members, &decision.name, numbers)?
    } else {
        categories::of_text(any.downcast_ref::<LargeStringArray>()?, members, min_group)
    };
    let clustered = segmented
        .pipeline
        .features
        .iter()
        .any(|feature| feature.name == decision.name);
    let fate = match decision.fate {
        Fate::Clustered if !clustered => Fate::LeftOut,
        fate => fate,
    };
    Some(ColumnSummary {
        name: decision.name.clone(),
        role: decision.role,
        fate,
        statistics,
    })
}

fn number_statistics(
    segmented: &Segmented<'_>,
    members: &[Vec<usize>],
    name: &str,
    numbers: &Float64Array,
) -> Option<ColumnStatistics> {
    let overall = present(numbers, None);
    if overall.is_empty() {
        return None;
    }
    let features = &segmented.pipeline.features;
    let centroid = features
        .iter()
        .position(|feature| feature.name == name)
        .map(|j| {
            let d = features.len();
            let coordinate = |segment: usize| segmented.centroids[segment * d + j];
            (0..segmented.k)
                .map(|segment| features[j].raw(coordinate(segment)))
                .collect()
        });
    Some(ColumnStatistics::Numbers {
        overall: describe(&overall),
        segments: members
            .iter()
            .map(|rows| describe(&present(numbers, Some(rows))))
            .collect(),
        centroid,
    })
}

/// Encoded columns that are clustered on have no decision of their own.
fn encoded_columns(
    segmented: &Segmented<'_>,
    members: &[Vec<usize>],
    features: &[&str],
) -> Vec<ColumnSummary> {
    let encodings = segmented.pipeline.encode.iter();
    let names = encodings.flat_map(|encoding| encoding.names().collect::<Vec<String>>());
    names
        .filter_map(|name| {
            let numbers = numbers(&segmented.prepared.batch, &name)?;
            let statistics = number_statistics(segmented, members, &name, numbers)?;
            let clustered = features.contains(&name.as_str());
            let fate = if clustered {
                Fate::Clustered
            } else {
                Fate::LeftOut
            };
            Some(ColumnSummary {
                name,
                role: Role::Flag,
                fate,
                statistics,
            })
        })
        .collect()
}

/// Highest first, thinned evenly.
fn knife(values: &[f64]) -> Knife {
    let mean = mean(values);
    let mut ordered = sorted(values);
    ordered.reverse();
    let values = if ordered.len() <= KNIFE {
        ordered
    } else {
        let step = (ordered.len() - 1) as f64 / (KNIFE - 1) as f64;
        (0..KNIFE)
            .map(|at| ordered[(at as f64 * step).round() as usize])
            .collect()
    };
    let rounded = values
        .into_iter()
        .map(|value| (value * 1e4).round() / 1e4)
        .collect();
    Knife {
        values: rounded,
        mean,
    }
}
