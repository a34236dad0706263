//! Do the segments of one half of the customers predict those of the other?
//!
//! Tibshirani and Walther: Cluster validation by prediction strength. Journal of Computational and Graphical Statistics
//! 14, 2005. <https://doi.org/10.1198/106186005X59243>

use rayon::prelude::*;
use tribus_kmeans::Fit;

use super::sample::{Labeling, Sample, centroids};
use super::stability::Contingency;
use crate::statistics::draw::Key;
use crate::statistics::mean;

/// Number of the draws of the halves, above those of other draws.
const DRAWS: u64 = 0x6861_6c66_0000;

/// The prediction strength of each labeling's number of segments, over random halves and both directions; none where
/// there are too few customers.
///
/// Of each segment of one half: the share of pairs of its customers that the other half's centroids put together too;
/// the smallest of these shares counts. (`prediction.strength` of the R package `fpc`.)
pub(super) fn prediction_strengths(
    sample: &Sample,
    labelings: &[Labeling],
    splits: usize,
    seed: u64,
) -> Vec<Option<f64>> {
    let ks: Vec<usize> = labelings
        .iter()
        .map(|labeling| labeling.k)
        .filter(|k| sample.n >= 2 * k)
        .collect();
    if ks.is_empty() {
        return vec![None; labelings.len()];
    }
    let starts = centroids(labelings);
    let of_splits: Option<Vec<Vec<f64>>> = (0..splits)
        .into_par_iter()
        .map(|number| {
            let key = Key::new(seed, DRAWS + number as u64);
            of_split(sample, &ks, &starts, (key, seed))
        })
        .collect();
    let of_number = |labeling: &Labeling| {
        let at = ks.iter().position(|k| *k == labeling.k)?;
        let strengths = of_splits.as_ref()?.iter().map(|strengths| strengths[at]);
        Some(mean(&strengths.collect::<Vec<f64>>()))
    };
    labelings.iter().map(of_number).collect()
}

fn of_split(
    sample: &Sample,
    ks: &[usize],
    starts: &[Vec<f64>],
    (key, seed): (Key, u64),
) -> Option<Vec<f64>> {
    let mut keyed: Vec<(u64, usize)> = (0..sample.n).map(|row| (key.of(row as u64), row)).collect();
    keyed.sort_unstable();
    let rows: Vec<usize> = keyed.into_iter().map(|(_, row)| row).collect();
    let halves = [&rows[..rows.len() / 2], &rows[rows.len() / 2..]].map(|rows| sample.take(rows));
    let fits = [0, 1].map(|half: usize| halves[half].sweep(ks, starts, seed).ok());
    let [Some(here), Some(other)] = fits else {
        return None;
    };
    let pairs = here.iter().zip(&other);
    pairs
        .map(|(here, other)| {
            let there = strength(&halves[0], here, other)?;
            let back = strength(&halves[1], other, here)?;
            Some(f64::midpoint(there, back))
        })
        .collect()
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
