//! How customers without groups would look: for the whole table, and within the segments of each number.
//!
//! The second is a parametric bootstrap of one more segment (McLachlan 1987, <https://doi.org/10.2307/2347790>), with
//! segments of any shape that has one mode instead of normal ones.

use rayon::prelude::*;
use tribus_kmeans::quality::{Labeled, silhouettes};

use super::null::Null;
use super::sample::{Labeling, Sample, log_per_free};
use super::{AgainstNull, EvidenceError};
use crate::statistics::draw::Key;
use crate::statistics::{mean, standard_deviation};

/// A table without groups has at most so many customers, and so many silhouettes are compared; many segments need more.
const CUSTOMERS: usize = 1_000;
const CUSTOMERS_PER_SEGMENT: usize = 80;

/// Numbers of the draws, above those of other draws.
const WHOLE: u64 = 0x6e75_6c6c_0000;
const WITHIN: u64 = 0x6e75_6c6d_0000;

/// A table without groups in one number of segments.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    log_inertia: f64,
    silhouette: f64,
}

/// Labelings of consecutive numbers of segments, and what customers without groups are like.
pub(super) struct Nulls {
    ks: Vec<usize>,
    /// What is measured on the real ones.
    own: Vec<Own>,
    /// For the whole table.
    whole: Null,
    /// For each number, within the segments of the number before.
    within: Vec<Crowds>,
    /// Of a table.
    customers: usize,
    /// How far tables of as many customers as there are lie from what is expected, beside those that are made.
    spread: f64,
}

struct Own {
    silhouette: f64,
    log_inertia: f64,
    /// What this segment more than before takes off the log inertia.
    worth: f64,
}

impl Nulls {
    /// `one` is the inertia about the mean of all.
    pub(super) fn of(
        sample: &Sample,
        labelings: &[Labeling],
        one: f64,
        seed: u64,
    ) -> Result<Self, EvidenceError> {
        let ks: Vec<usize> = labelings.iter().map(|labeling| labeling.k).collect();
        let labels = labelings.iter().map(|labeling| labeling.labels.as_slice());
        let silhouettes = shared_silhouettes(sample, labels, &ks)?;
        let n = sample.n;
        let most = ks.last().copied().unwrap_or(1);
        let customers = n.min(CUSTOMERS.max(CUSTOMERS_PER_SEGMENT * most));
        let logs: Vec<f64> = labelings
            .iter()
            .map(|labeling| log_per_free(labeling.inertia, labeling.k, n))
            .collect();
        let before = std::iter::once(log_per_free(one, 1, n)).chain(logs.iter().copied());
        let own = silhouettes.iter().zip(&logs).zip(before);
        let own = own.map(|((silhouette, log_inertia), before)| Own {
            silhouette: *silhouette,
            log_inertia: *log_inertia,
            worth: before - log_inertia,
        });
        let within = (0..labelings.len())
            .into_par_iter()
            .map(|at| Crowds::of(sample, at.checked_sub(1).map(|before| &labelings[before])));
        Ok(Self {
            own: own.collect(),
            whole: Null::fit(sample, seed),
            within: within.collect(),
            customers,
            spread: (customers as f64 / n as f64).sqrt(),
            ks,
        })
    }

    /// A table without groups, in each number of segments.
    pub(super) fn cuts(&self, table: u64, seed: u64) -> Result<Vec<Cut>, EvidenceError> {
        let n = self.customers;
        let made = self.whole.draw(n, Key::new(seed, WHOLE + table));
        let fits = made.sweep(&self.ks, &[], seed)?;
        let found: Vec<usize> = fits.iter().map(|fit| fit.model.k()).collect();
        let labels = fits.iter().map(|fit| fit.labels.as_slice());
        let silhouettes = shared_silhouettes(&made, labels, &found)?;
        let cuts = fits.iter().zip(silhouettes).map(|(fit, silhouette)| Cut {
            log_inertia: log_per_free(fit.inertia, fit.model.k(), n),
            silhouette,
        });
        Ok(cuts.collect())
    }

    /// What one more segment than before is worth where the segments before are crowds of one mode each, for each number.
    pub(super) fn worths(&self, table: u64, seed: u64) -> Result<Vec<f64>, EvidenceError> {
        let worth = |(k, crowds): (&usize, &Crowds)| {
            let made = crowds.draw(
                self.spread * self.spread,
                seed,
                WITHIN + ((*k as u64) << 32) + table,
            );
            let fits = made.sweep(&[k - 1, *k], &crowds.centers, seed)?;
            let [few, more] =
                [0, 1].map(|at| log_per_free(fits[at].inertia, fits[at].model.k(), made.n));
            Ok(few - more)
        };
        self.ks.iter().zip(&self.within).map(worth).collect()
    }

    /// The labelings beside tables, of which there are at least two of each kind.
    pub(super) fn against(&self, cuts: &[&Vec<Cut>], worths: &[&Vec<f64>]) -> Vec<AgainstNull> {
        let of_number = |(at, own): (usize, &Own)| {
            let over = |of: &dyn Fn(&Cut) -> f64| -> Vec<f64> {
                cuts.iter().map(|cuts| of(&cuts[at])).collect()
            };
            let silhouette = mean(&over(&|cut| cut.silhouette));
            let logs = over(&|cut| cut.log_inertia);
            let worths: Vec<f64> = worths.iter().map(|worths| worths[at]).collect();
            let (expected, expected_worth) = (mean(&logs), mean(&worths));
            AgainstNull {
                silhouette,
                silhouette_surplus: own.silhouette - silhouette,
                gap: expected - own.log_inertia,
                gap_error: self.spread * deviation(&logs, expected),
                worth: own.worth - expected_worth,
                worth_error: self.spread * deviation(&worths, expected_worth),
            }
        };
        self.own.iter().enumerate().map(of_number).collect()
    }
}

fn deviation(values: &[f64], mean: f64) -> f64 {
    let n = values.len() as f64;
    standard_deviation(values, mean) * (n / (n - 1.0)).sqrt()
}

/// Mean silhouettes of labelings, on the first customers of a sample; 0 where there is nothing to compare.
fn shared_silhouettes<'l>(
    sample: &Sample,
    labelings: impl Iterator<Item = &'l [u32]>,
    ks: &[usize],
) -> Result<Vec<f64>, EvidenceError> {
    let rows: Vec<usize> = (0..sample.n.min(CUSTOMERS)).collect();
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

/// Segments as crowds of one mode each.
struct Crowds {
    each: Vec<(Null, usize)>,
    /// Where they are: none, or one set of centroids to start from.
    centers: Vec<Vec<f64>>,
    d: usize,
}

impl Crowds {
    /// The segments of a labeling; without one, all customers are one crowd.
    fn of(sample: &Sample, labeling: Option<&Labeling>) -> Self {
        let mut rows = vec![Vec::new(); labeling.map_or(1, |labeling| labeling.k)];
        for row in 0..sample.n {
            let segment = labeling.map_or(0, |labeling| labeling.labels[row] as usize);
            rows[segment].push(row);
        }
        let occupied = rows.iter().filter(|rows| !rows.is_empty());
        let crowds = occupied.map(|rows| (Null::fit_roughly(&sample.take(rows)), rows.len()));
        Self {
            each: crowds.collect(),
            centers: labeling
                .map(|labeling| labeling.centroids.clone())
                .into_iter()
                .collect(),
            d: sample.d,
        }
    }

    /// So large a share of the customers of each crowd.
    fn draw(&self, share: f64, seed: u64, number: u64) -> Sample {
        let mut values = Vec::new();
        for (crowd, (null, size)) in self.each.iter().enumerate() {
            let key = Key::new(seed ^ number, crowd as u64);
            let drawn = (share * *size as f64).ceil() as usize;
            values.extend(null.draw(drawn, key).values);
        }
        Sample::made(values, self.d)
    }
}
