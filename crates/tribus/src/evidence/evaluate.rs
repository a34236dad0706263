//! The same measures for labels that the user already has.

use std::collections::BTreeMap;

use serde::Serialize;
use tribus_kmeans::Points;
use tribus_kmeans::quality::Labeled;

use super::measure::{comparable, measure_silhouette};
use super::sample::Sample;
use super::separation::separation;
use super::stability::Contingency;
use super::{EvidenceError, SAMPLED_CUSTOMERS, Separation, SilhouetteValue};
use crate::pipeline::FeatureMatrix;
use crate::statistics::mean;

/// How good given labels are on the features, and how they compare with segments.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Customers with a label.
    pub customers: u64,
    /// Different labels, in the order of their text.
    pub labels: Vec<LabelMeasures>,
    /// Sum of squared distances to the means of the labels, in scaled units.
    pub inertia: f64,
    /// Mean silhouette; none for a single label.
    pub silhouette: Option<SilhouetteValue>,
    /// Calinski-Harabasz index; none for a single label.
    pub calinski_harabasz: Option<f64>,
    /// Davies-Bouldin index; none for a single label.
    pub davies_bouldin: Option<f64>,
    /// How far the least separated pair of labels stands apart.
    pub separation: Option<Separation>,
    /// Adjusted Rand index with the segments.
    pub adjusted_rand: f64,
    /// Normalized mutual information with the segments, by the arithmetic mean of both entropies.
    pub normalized_mutual_information: f64,
    /// Customers of each label (rows) in each segment (columns).
    pub confusion: Vec<Vec<u64>>,
}

/// One label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LabelMeasures {
    /// As it is written.
    pub label: String,
    /// Customers.
    pub size: u64,
    /// Mean silhouette of (a sample of) them.
    pub silhouette: Option<f64>,
}

/// Measures labels, one or none per row of the matrix, and compares them with the segments (0-based, one per row).
///
/// # Errors
/// [`EvidenceError::NoLabels`] if no customer has one; numbers the engine refuses.
pub fn evaluate(
    matrix: &FeatureMatrix,
    labels: &[Option<String>],
    segments: &[u32],
    seed: u64,
) -> Result<Evaluation, EvidenceError> {
    let rows: Vec<usize> = (0..matrix.rows)
        .filter(|row| labels[*row].is_some())
        .collect();
    let (names, given) = numbered(labels);
    if names.is_empty() {
        return Err(EvidenceError::NoLabels);
    }
    let k = names.len();
    let values: Vec<f64> = rows
        .iter()
        .flat_map(|row| matrix.row(*row))
        .copied()
        .collect();
    let points = Points::new(&values, rows.len(), matrix.columns())?;
    let labeled = Labeled::new(&points, &given, k)?;
    let ours: Vec<u32> = rows.iter().map(|row| segments[*row]).collect();
    let of_ours = ours.iter().max().map_or(0, |segment| *segment as usize + 1);
    let table = Contingency::of(&given, &ours, k, of_ours);
    let (distinctness, separation) = on_a_sample(&points, &given, k, seed)?;
    let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
    Ok(Evaluation {
        customers: rows.len() as u64,
        labels: names
            .iter()
            .enumerate()
            .map(|(at, name)| LabelMeasures {
                label: (*name).to_owned(),
                size: table.counts()[at * of_ours..][..of_ours].iter().sum(),
                silhouette: distinctness.get(at).copied().flatten(),
            })
            .collect(),
        inertia: labeled.inertia(),
        silhouette: comparable(measure_silhouette(&labeled, rows.len(), seed))?,
        calinski_harabasz: finite(comparable(labeled.calinski_harabasz())?),
        davies_bouldin: finite(comparable(labeled.davies_bouldin())?),
        separation,
        adjusted_rand: table.adjusted_rand(),
        normalized_mutual_information: table.normalized_mutual_information(),
        confusion: table
            .counts()
            .chunks(of_ours)
            .map(<[u64]>::to_vec)
            .collect(),
    })
}

/// The different labels, and the number of each label that is there.
fn numbered(labels: &[Option<String>]) -> (Vec<&str>, Vec<u32>) {
    let mut numbers: BTreeMap<&str, u32> = labels
        .iter()
        .flatten()
        .map(|label| (label.as_str(), 0))
        .collect();
    for (at, number) in numbers.values_mut().enumerate() {
        *number = at as u32;
    }
    let given = labels.iter().flatten().map(|label| numbers[label.as_str()]);
    (numbers.keys().copied().collect(), given.collect())
}

/// The mean silhouette of each label, and how far the least separated pair stands apart, on at most
/// [`SAMPLED_CUSTOMERS`] customers.
type OnSample = (Vec<Option<f64>>, Option<Separation>);

fn on_a_sample(
    points: &Points<'_>,
    given: &[u32],
    k: usize,
    seed: u64,
) -> Result<OnSample, EvidenceError> {
    let sample = Sample::draw(points, SAMPLED_CUSTOMERS, seed);
    let labels: Vec<u32> = sample.rows.iter().map(|row| given[*row]).collect();
    let sampled = sample.points();
    let labeled = Labeled::new(&sampled, &labels, k)?;
    let Ok(measured) = labeled.silhouette() else {
        return Ok((Vec::new(), None));
    };
    let mut by_label = vec![Vec::new(); k];
    for (label, value) in labels.iter().zip(&measured.per_point) {
        by_label[*label as usize].push(*value);
    }
    let distinctness = by_label
        .iter()
        .map(|values| (!values.is_empty()).then(|| mean(values)));
    let occupied = by_label.iter().all(|values| !values.is_empty());
    let centers = sample.centers(&labels, k);
    Ok((
        distinctness.collect(),
        occupied.then(|| separation(&sample, &labels, &centers, k)),
    ))
}
