//! The customers that criteria by resampling are computed on: all, or a sample of a large table.

use std::ops::ControlFlow;

use rayon::prelude::*;
use tribus_kmeans::{Error, Fit, KMeans, Points};

use crate::statistics::draw::{Key, content_key};
use crate::statistics::{mean, sorted, standard_deviation};

/// Criteria by resampling are computed on at most so many customers, drawn at random.
pub const SAMPLED_CUSTOMERS: usize = 5_000;

/// With more columns, distances are taken in so many random directions: they keep distances to a tenth or so (Johnson and
/// Lindenstrauss 1984; Achlioptas 2003, <https://doi.org/10.1016/S0022-0000(03)00025-4>).
const MOST_COLUMNS: usize = 64;

/// The number of the draws of these directions.
const DIRECTIONS: u64 = 12;

/// Starts that are drawn for a fit to resampled or made-up customers: many where they cost nothing, and at least two.
const STARTS: std::ops::RangeInclusive<usize> = 2..=12;
const CUSTOMERS_STARTED_FROM: usize = 2_000;

/// Such a fit ends when centroids move no more than this; the inertia is then settled to four digits.
const TOLERANCE: f64 = 1e-4;

/// A column of no more different values is one of few values, or one where so many customers share each.
const FEW_VALUES: usize = 60;
const CUSTOMERS_PER_VALUE: usize = 10;

/// Standard deviations that such a value is spread to either side at least: people round to fives and tens.
const LEAST_SPREAD: f64 = 0.25;

/// A value that this share of all customers have is a spike.
pub(super) const SPIKE: f64 = 0.05;

/// The number of the draws that smooth columns.
const SMOOTHED: u64 = 13;

/// The number of the shuffle that picks the sample.
const SHUFFLE: u64 = 11;

/// A place between halfway to the value below and halfway to the one above, or as far as `least` on either side.
fn spread(value: f64, different: &[f64], (least, share): (f64, f64)) -> f64 {
    let at = different.partition_point(|other| *other < value);
    let below = at.checked_sub(1).map(|below| value - different[below]);
    let above = different.get(at + 1).map(|above| above - value);
    let (Some(left), Some(right)) = (below.or(above), above.or(below)) else {
        return value;
    };
    let (left, right) = ((left / 2.0).max(least), (right / 2.0).max(least));
    value - left + (left + right) * share
}

/// The logarithm of an inertia; of none at all, that of the smallest there is.
pub(super) fn log(inertia: f64) -> f64 {
    libm::log(inertia.max(f64::MIN_POSITIVE))
}

/// The logarithm of the inertia of `k` segments per customer that is free: about the same for few customers as for many.
pub(super) fn log_per_free(inertia: f64, k: usize, n: usize) -> f64 {
    log(inertia) - libm::log(n.saturating_sub(k).max(1) as f64)
}

/// A labeling of the sample.
#[derive(Debug, Clone)]
pub(super) struct Labeling {
    pub(super) k: usize,
    pub(super) labels: Vec<u32>,
    pub(super) centroids: Vec<f64>,
    pub(super) inertia: f64,
}

/// Where labelings are, for fits that start from them.
pub(super) fn centroids(labelings: &[Labeling]) -> Vec<Vec<f64>> {
    labelings
        .iter()
        .map(|labeling| labeling.centroids.clone())
        .collect()
}

/// All rows, or `most` of them drawn at random, in an order that depends on what they hold, not where they stand.
pub(super) fn drawn(points: &Points<'_>, most: usize, seed: u64) -> Vec<usize> {
    let mut keyed: Vec<(u64, usize)> = (0..points.n())
        .into_par_iter()
        .map(|row| (content_key(points.row(row)), row))
        .collect();
    keyed.par_sort_unstable();
    // Equal customers are numbered, or all of them would be drawn together. Which of them has which number says
    // nothing.
    let shuffle = Key::new(seed, SHUFFLE);
    for equal in keyed.chunk_by_mut(|a, b| a.0 == b.0) {
        for (number, keyed) in equal.iter_mut().enumerate() {
            keyed.0 = shuffle.of(keyed.0.wrapping_add(number as u64));
        }
    }
    if keyed.len() > most {
        keyed.select_nth_unstable(most);
        keyed.truncate(most);
    }
    keyed.par_sort_unstable();
    keyed.into_iter().map(|(_, row)| row).collect()
}

/// Scaled features of some customers, row-major, in an order that depends on what they are, not where they stood.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sample {
    pub(super) values: Vec<f64>,
    pub(super) n: usize,
    pub(super) d: usize,
    /// Row of the table behind each customer; none where they are made up.
    pub(super) rows: Vec<usize>,
}

impl Sample {
    /// Customers that are made up.
    pub(super) fn made(values: Vec<f64>, d: usize) -> Self {
        Self {
            n: values.len() / d,
            values,
            d,
            rows: Vec::new(),
        }
    }

    /// All customers, or `most` of them drawn at random.
    pub(super) fn draw(points: &Points<'_>, most: usize, seed: u64) -> Self {
        let rows = drawn(points, most, seed);
        if points.d() > MOST_COLUMNS {
            return Self::in_random_directions(points, rows, seed);
        }
        Self {
            n: rows.len(),
            d: points.d(),
            values: rows
                .iter()
                .flat_map(|row| points.row(*row))
                .copied()
                .collect(),
            rows,
        }
    }

    fn in_random_directions(points: &Points<'_>, rows: Vec<usize>, seed: u64) -> Self {
        let (d, key) = (points.d(), Key::new(seed, DIRECTIONS));
        let scale = 1.0 / (MOST_COLUMNS as f64).sqrt();
        let signs: Vec<f64> = (0..MOST_COLUMNS * d)
            .map(|at| {
                if key.of(at as u64) & 1 == 0 {
                    scale
                } else {
                    -scale
                }
            })
            .collect();
        let along = |row: usize| {
            let values = points.row(row);
            signs.chunks(d).map(move |signs| {
                values
                    .iter()
                    .zip(signs)
                    .map(|(x, sign)| x * sign)
                    .sum::<f64>()
            })
        };
        Self {
            n: rows.len(),
            d: MOST_COLUMNS,
            values: rows.iter().flat_map(|row| along(*row)).collect(),
            rows,
        }
    }

    /// Whether these are all customers, in all their columns.
    pub(super) fn is_all_of(&self, points: &Points<'_>) -> bool {
        (self.n, self.d) == (points.n(), points.d())
    }

    /// The mean of the customers with each label, k x d; 0 for a label without any.
    pub(super) fn centers(&self, labels: &[u32], k: usize) -> Vec<f64> {
        let d = self.d;
        let mut centers = vec![0.0; k * d];
        let mut counts = vec![0.0_f64; k];
        for (row, label) in labels.iter().enumerate() {
            let label = *label as usize;
            counts[label] += 1.0;
            let center = &mut centers[label * d..][..d];
            for (sum, value) in center.iter_mut().zip(self.row(row)) {
                *sum += value;
            }
        }
        for (center, count) in centers.chunks_mut(d).zip(counts) {
            for sum in center {
                *sum /= count.max(1.0);
            }
        }
        centers
    }

    pub(super) fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.d..][..self.d]
    }

    pub(super) fn column(&self, column: usize) -> Vec<f64> {
        self.values
            .iter()
            .skip(column)
            .step_by(self.d)
            .copied()
            .collect()
    }

    /// Some of its customers.
    pub(super) fn take(&self, rows: &[usize]) -> Self {
        Self::made(
            rows.iter()
                .flat_map(|row| self.row(*row))
                .copied()
                .collect(),
            self.d,
        )
    }

    /// The same without what only looks like a valley between customers. In columns of few different values each is spread
    /// evenly, to halfway to its neighbors at least; in others, a value that many share is replaced by those of other customers.
    pub(super) fn smoothed(&self, seed: u64) -> Self {
        let key = Key::new(seed, SMOOTHED);
        let mut smoothed = self.clone();
        let few = FEW_VALUES.max(self.n / CUSTOMERS_PER_VALUE);
        for column in 0..self.d {
            let values = sorted(&self.column(column));
            let center = mean(&values);
            let least = LEAST_SPREAD * standard_deviation(&values, center);
            let mut different = values.clone();
            different.dedup();
            let others: Vec<f64> = values
                .chunk_by(|a, b| a == b)
                .filter(|run| (run.len() as f64) < SPIKE * self.n as f64)
                .flatten()
                .copied()
                .collect();
            for row in 0..self.n {
                let place = row * self.d + column;
                let (value, share) = (self.values[place], key.uniform(place as u64));
                let is_other = || {
                    others
                        .binary_search_by(|other| other.total_cmp(&value))
                        .is_ok()
                };
                smoothed.values[place] = if different.len() <= few {
                    spread(value, &different, (least, share))
                } else if others.is_empty() || is_other() {
                    value
                } else {
                    others[(share * others.len() as f64) as usize]
                };
            }
        }
        smoothed
    }

    /// These customers in each number of segments, ascending; `starts` are known centroids, of any of these numbers.
    /// Quick, for criteria that are means over many such fits: each number also starts from the one before it.
    pub(super) fn sweep(
        &self,
        ks: &[usize],
        starts: &[Vec<f64>],
        seed: u64,
    ) -> Result<Vec<Fit>, Error> {
        let settings = KMeans {
            restarts: (CUSTOMERS_STARTED_FROM / self.n.max(1))
                .clamp(*STARTS.start(), *STARTS.end()),
            recombinations: 0,
            tolerance: TOLERANCE,
            seed,
            ..KMeans::default()
        };
        settings.sweep(&self.points(), ks, starts, &|_| ControlFlow::Continue(()))
    }

    /// As the engine takes them.
    pub(super) fn points(&self) -> Points<'_> {
        Points::new(&self.values, self.n, self.d)
            .expect("taken from checked points, or made within their range")
    }
}
