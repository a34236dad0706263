//! Reduces the rows to statistics, per column and segment.

use std::collections::BTreeMap;

use arrow_array::{Array, Float64Array, LargeStringArray};

use super::features::{correlations, histograms};
use super::map::{Ground, customer_map, same_map};
use super::segmented::{Segmented, numbers};
use super::{ColumnStatistics, ColumnSummary, Knife, NumberSummary, SegmentSummary, Summary};
use crate::roles::{ColumnDecision, Fate, Role};
use crate::segment::SegmentNumber;
use crate::statistics::{mean, quantile, shape, sorted, standard_deviation, sum};

/// Categories kept of a column; the rest is joined.
const LEVELS: usize = 12;

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
fn present(numbers: &Float64Array, rows: Option<&[usize]>) -> Vec<f64> {
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
    let ordered = sorted(values);
    let mean = mean(values);
    let sd = standard_deviation(values, mean);
    let [skewness, excess_kurtosis] = shape(values, mean, sd);
    let at = |share| quantile(&ordered, share);
    NumberSummary {
        count: values.len() as u64,
        mean,
        sd,
        skewness,
        excess_kurtosis,
        q05: at(0.05),
        q25: at(0.25),
        median: at(0.5),
        q75: at(0.75),
        q95: at(0.95),
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
    let mut summaries: Vec<ColumnSummary> = clustered
        .chain(others)
        .filter_map(|decision| column(segmented, members, decision))
        .collect();
    summaries.extend(encoded_columns(segmented, members, &features));
    let blocks = segmented.plan.blocks.iter();
    summaries.extend(blocks.filter_map(|(name, columns)| block(segmented, members, name, columns)));
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
        code_categories(codes, members, min_group)
    } else if let Some(numbers) = any.downcast_ref::<Float64Array>() {
        number_statistics(segmented, members, &decision.name, numbers)?
    } else {
        categories(any.downcast_ref::<LargeStringArray>()?, members, min_group)
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

fn categories(text: &LargeStringArray, members: &[Vec<usize>], min_group: u64) -> ColumnStatistics {
    let cell = |row: usize| text.is_valid(row).then(|| text.value(row));
    counted(
        &(0..text.len()).map(cell).collect::<Vec<_>>(),
        members,
        min_group,
    )
}

/// Integer codes: each is a category.
fn code_categories(
    codes: &Float64Array,
    members: &[Vec<usize>],
    min_group: u64,
) -> ColumnStatistics {
    let names: Vec<Option<String>> = codes
        .iter()
        .map(|code| code.map(|code| code.to_string()))
        .collect();
    let mut statistics = counted(
        &names.iter().map(Option::as_deref).collect::<Vec<_>>(),
        members,
        min_group,
    );
    if let ColumnStatistics::Categories { code_means, .. } = &mut statistics {
        let means = members.iter().map(|rows| mean(&present(codes, Some(rows))));
        *code_means = Some(means.collect());
    }
    statistics
}

/// A category written as 0/1 columns, joined again.
fn block(
    segmented: &Segmented<'_>,
    members: &[Vec<usize>],
    name: &str,
    columns: &[String],
) -> Option<ColumnSummary> {
    let batch = &segmented.prepared.batch;
    let flags: Option<Vec<(&str, &Float64Array)>> = columns
        .iter()
        .map(|column| {
            let level = column
                .strip_prefix(name)
                .map_or(column.as_str(), |rest| &rest[1..]);
            numbers(batch, column).map(|numbers| (level, numbers))
        })
        .collect();
    let flags = flags?;
    let cells = (0..batch.num_rows()).map(|row| {
        flags
            .iter()
            .find(|(_, flag)| flag.value(row) == 1.0)
            .map(|(level, _)| *level)
    });
    let min_group = segmented.min_group();
    let statistics = counted(&cells.collect::<Vec<_>>(), members, min_group);
    let name = name.to_owned();
    Some(ColumnSummary {
        name,
        role: Role::Category,
        fate: Fate::Described,
        statistics,
    })
}

fn counted(cells: &[Option<&str>], members: &[Vec<usize>], min_group: u64) -> ColumnStatistics {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for cell in cells.iter().flatten() {
        *counts.entry(cell).or_default() += 1;
    }
    let mut ranked: Vec<(&str, u64)> = counts.into_iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    // A category that few customers have would tell of them.
    let common = ranked.partition_point(|(_, count)| *count >= min_group);
    let joined = ranked.len() > LEVELS || common < ranked.len();
    let kept = if joined {
        common.min(LEVELS - 1)
    } else {
        ranked.len()
    };
    let place: BTreeMap<&str, usize> = ranked
        .iter()
        .enumerate()
        .map(|(at, (level, _))| (*level, at.min(kept)))
        .collect();
    let width = kept + usize::from(joined);
    let count = |rows: &mut dyn Iterator<Item = usize>| {
        let mut counts = vec![0_u64; width];
        for level in rows.filter_map(|row| cells[row]) {
            counts[place[level]] += 1;
        }
        counts
    };
    let mut levels: Vec<String> = ranked
        .iter()
        .take(kept)
        .map(|(level, _)| (*level).to_owned())
        .collect();
    if joined {
        // A category of the data may have that name.
        let is_taken = levels
            .iter()
            .any(|level| level.eq_ignore_ascii_case("other"));
        levels.push(if is_taken { "all others" } else { "other" }.to_owned());
    }
    ColumnStatistics::Categories {
        levels,
        joined,
        overall: count(&mut (0..cells.len())),
        segments: members
            .iter()
            .map(|rows| count(&mut rows.iter().copied()))
            .collect(),
        code_means: None,
    }
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
