//! How customers without groups would look: for the whole table, and within the segments of each number.
//!
//! The second is a parametric bootstrap of one more segment (McLachlan 1987, <https://doi.org/10.2307/2347790>), with
//! segments of any shape that has one mode instead of normal ones.

use rayon::prelude::*;
use tribus_kmeans::Fit;
use tribus_kmeans::quality::{Labeled, silhouettes};

use super::null::Null;
use super::sample::{Labeling, Sample, log};
use super::{AgainstNull, EvidenceError};
use crate::statistics::draw::Key;
use crate::statistics::{mean, standard_deviation};

/// Tables made without groups; the same number for each number of segments.
const TABLES: usize = 10;

/// Customers whose silhouettes are compared.
const SILHOUETTES: usize = 2_000;

/// Numbers of the draws, above those of other draws.
const WHOLE: u64 = 0x6e75_6c6c_0000;
const WITHIN: u64 = 0x6e75_6c6d_0000;

/// Compares labelings (of consecutive numbers of segments, each with `inertia`) with tables without groups.
///
/// `one` is the inertia about the mean of all.
pub(super) fn compare(
    sample: &Sample,
    one: f64,
    labelings: &[Labeling],
    seed: u64,
) -> Result<Vec<AgainstNull>, EvidenceError> {
    let ks: Vec<usize> = labelings.iter().map(|labeling| labeling.k).collect();
    let null = Null::fit(sample, seed);
    let tables: Vec<Vec<(f64, f64)>> = (0..TABLES as u64)
        .into_par_iter()
        .map(|table| {
            without_groups(
                &null.draw(sample.n, Key::new(seed, WHOLE + table)),
                &ks,
                seed,
            )
        })
        .collect::<Result<_, _>>()?;
    let own = shared_silhouettes(
        sample,
        labelings.iter().map(|labeling| labeling.labels.as_slice()),
        &ks,
    )?;
    labelings
        .par_iter()
        .enumerate()
        .map(|(at, labeling)| {
            let before = if at == 0 {
                None
            } else {
                Some(&labelings[at - 1])
            };
            let more = one_more(sample, before, labeling, one, seed)?;
            let silhouettes: Vec<f64> = tables.iter().map(|table| table[at].1).collect();
            let logs: Vec<f64> = tables.iter().map(|table| table[at].0).collect();
            let expected = mean(&logs);
            Ok(AgainstNull {
                silhouette: mean(&silhouettes),
                silhouette_surplus: own[at] - mean(&silhouettes),
                gap: expected - log(labeling.inertia),
                gap_error: deviation(&logs, expected),
                ..more
            })
        })
        .collect()
}

fn deviation(values: &[f64], mean: f64) -> f64 {
    let n = values.len() as f64;
    standard_deviation(values, mean) * (n / (n - 1.0)).sqrt()
}

/// Log inertia and silhouette of a table for each number of segments.
fn without_groups(
    table: &Sample,
    ks: &[usize],
    seed: u64,
) -> Result<Vec<(f64, f64)>, EvidenceError> {
    let fits: Vec<Fit> = ks
        .par_iter()
        .map(|k| fit(table, *k, seed))
        .collect::<Result<_, _>>()?;
    let found: Vec<usize> = fits.iter().map(|fit| fit.model.k()).collect();
    let labels = fits.iter().map(|fit| fit.labels.as_slice());
    let silhouettes = shared_silhouettes(table, labels, &found)?;
    let logs = fits.iter().map(|fit| log(fit.inertia));
    Ok(logs.zip(silhouettes).collect())
}

fn fit(sample: &Sample, k: usize, seed: u64) -> Result<Fit, EvidenceError> {
    Ok(sample.fit(k, seed)?)
}

/// Mean silhouettes of labelings, on the first customers of a sample; 0 where there is nothing to compare.
fn shared_silhouettes<'l>(
    sample: &Sample,
    labelings: impl Iterator<Item = &'l [u32]>,
    ks: &[usize],
) -> Result<Vec<f64>, EvidenceError> {
    let rows: Vec<usize> = (0..sample.n.min(SILHOUETTES)).collect();
    let part = sample.take(&rows);
    let points = part.points();
    let labeled = labelings
        .zip(ks)
        .map(|(labels, k)| Labeled::new(&points, &labels[..part.n], *k))
        .collect::<Result<Vec<_>, _>>()?;
    match silhouettes(&labeled) {
        Ok(measured) => Ok(measured.iter().map(|measured| measured.mean).collect()),
        // Some labeling has too few segments among these customers: each for itself.
        Err(tribus_kmeans::Error::NotComparable { .. }) => {
            let each = labeled
                .iter()
                .map(|labeled| labeled.silhouette().map_or(0.0, |measured| measured.mean));
            Ok(each.collect())
        }
        Err(source) => Err(source.into()),
    }
}

/// What one more segment than before is worth beyond what it would be worth if the segments before were crowds of one
/// mode each.
fn one_more(
    sample: &Sample,
    before: Option<&Labeling>,
    labeling: &Labeling,
    one: f64,
    seed: u64,
) -> Result<AgainstNull, EvidenceError> {
    let crowds = Crowds::of(
        sample,
        before.map_or(&vec![0; sample.n], |before| &before.labels),
    );
    let worth: Vec<f64> = (0..TABLES as u64)
        .into_par_iter()
        .map(|table| {
            let number = WITHIN + ((labeling.k as u64) << 8) + table;
            let made = crowds.draw(seed, number);
            let few = fit(&made, labeling.k - 1, seed)?.inertia;
            Ok(log(few) - log(fit(&made, labeling.k, seed)?.inertia))
        })
        .collect::<Result<_, EvidenceError>>()?;
    let expected = mean(&worth);
    let found = log(before.map_or(one, |before| before.inertia)) - log(labeling.inertia);
    Ok(AgainstNull {
        worth: found - expected,
        worth_error: deviation(&worth, expected),
        ..AgainstNull::default()
    })
}

/// Segments as crowds of one mode each.
struct Crowds {
    crowds: Vec<(Null, usize)>,
    d: usize,
}

impl Crowds {
    fn of(sample: &Sample, labels: &[u32]) -> Self {
        let k = labels.iter().max().map_or(0, |label| *label as usize + 1);
        let mut rows = vec![Vec::new(); k];
        for (row, label) in labels.iter().enumerate() {
            rows[*label as usize].push(row);
        }
        let occupied = rows.iter().filter(|rows| !rows.is_empty());
        let crowds = occupied.map(|rows| (Null::fit_roughly(&sample.take(rows)), rows.len()));
        Self {
            crowds: crowds.collect(),
            d: sample.d,
        }
    }

    fn draw(&self, seed: u64, number: u64) -> Sample {
        let mut values = Vec::new();
        for (crowd, (null, size)) in self.crowds.iter().enumerate() {
            let key = Key::new(seed ^ number, crowd as u64);
            values.extend(null.draw(*size, key).values);
        }
        Sample::made(values, self.d)
    }
}
