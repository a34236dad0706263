//! Do the segments of one half of the customers predict those of the other?
//!
//! Tibshirani and Walther: Cluster validation by prediction strength. Journal of Computational and Graphical Statistics
//! 14, 2005. <https://doi.org/10.1198/106186005X59243>

use rayon::prelude::*;
use tribus_kmeans::Fit;

use super::sample::Sample;
use super::stability::Contingency;
use crate::statistics::draw::Key;
use crate::statistics::mean;

/// Number of the draws of the halves, above those of other draws.
const DRAWS: u64 = 0x6861_6c66_0000;

/// The prediction strength, over random halves and both directions; none where there are too few customers.
///
/// Of each segment of one half: the share of pairs of its customers that the other half's centroids put together too;
/// the smallest of these shares counts. (`prediction.strength` of the R package `fpc`.)
pub(super) fn prediction_strength(
    sample: &Sample,
    k: usize,
    splits: usize,
    seed: u64,
) -> Option<f64> {
    if sample.n < 2 * k {
        return None;
    }
    let strengths: Vec<f64> = (0..splits)
        .into_par_iter()
        .map(|number| of_split(sample, k, Key::new(seed, DRAWS + number as u64), seed))
        .collect::<Option<_>>()?;
    Some(mean(&strengths))
}

fn of_split(sample: &Sample, k: usize, key: Key, seed: u64) -> Option<f64> {
    let mut keyed: Vec<(u64, usize)> = (0..sample.n).map(|row| (key.of(row as u64), row)).collect();
    keyed.sort_unstable();
    let rows: Vec<usize> = keyed.into_iter().map(|(_, row)| row).collect();
    let halves = [&rows[..rows.len() / 2], &rows[rows.len() / 2..]].map(|rows| sample.take(rows));
    let mut fits = Vec::with_capacity(2);
    for half in &halves {
        fits.push(half.fit(k, seed).ok()?);
    }
    let there = strength(&halves[0], &fits[0], &fits[1])?;
    let back = strength(&halves[1], &fits[1], &fits[0])?;
    Some(f64::midpoint(there, back))
}

/// How well the other half's centroids predict the segments of this one.
fn strength(half: &Sample, own: &Fit, other: &Fit) -> Option<f64> {
    let assigned = other.model.assign_all(&half.points()).ok()?;
    let predicted: Vec<u32> = assigned.iter().map(|assignment| assignment.label).collect();
    let (k, k_other) = (own.model.k(), other.model.k());
    let table = Contingency::of(&own.labels, &predicted, k, k_other);
    let pairs = |count: u64| count as f64 * (count as f64 - 1.0);
    let shares = table.counts().chunks(k_other).map(|met| {
        let together: f64 = met.iter().map(|count| pairs(*count)).sum();
        let all = pairs(met.iter().sum());
        if all > 0.0 { together / all } else { 1.0 }
    });
    Some(shares.fold(1.0, f64::min))
}
