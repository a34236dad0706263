//! How much nearer each point is to its own cluster than to the next.
//!
//! P. J. Rousseeuw: Silhouettes: a graphical aid to the interpretation and validation of cluster analysis. Journal of
//! Computational and Applied Mathematics 20, 1987. <https://doi.org/10.1016/0377-0427(87)90125-7>

mod blocks;
mod pairs;
mod shared;

use std::ops::ControlFlow;

use rayon::prelude::*;

use crate::draw::Stream;
use crate::error::Error;
use crate::quality::Labeled;
use crate::real::Real;
use crate::sums::ByExponent;
use blocks::{Block, Place};

pub use shared::silhouettes;

/// Points that a sample keeps of each cluster, however small its share: enough for a mean and its error.
const LEAST_PER_CLUSTER: usize = 50;

/// The normal quantile of a two-sided 95 % interval.
const NORMAL_95: f64 = 1.959_963_984_540_054;

/// Values told apart: a silhouette is a multiple of 1 / this.
const PER_UNIT: f64 = (1_u64 << 40) as f64;

/// The silhouette of every point.
#[derive(Debug, Clone, PartialEq)]
pub struct Silhouette {
    /// For each point, in the caller's order, -1 (wrong cluster) to 1 (far from all others); 0 in a cluster of one, and
    /// for points of weight 0.
    pub per_point: Vec<f64>,
    /// Mean over all points, by weight.
    pub mean: f64,
}

/// The mean silhouette, estimated from some of the points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SilhouetteEstimate {
    /// Estimated mean over all points.
    pub mean: f64,
    /// Standard error of that mean; 0 if all points were taken.
    pub standard_error: f64,
    /// Lower end of the 95 % interval, at least -1.
    pub low: f64,
    /// Upper end of the 95 % interval, at most 1.
    pub high: f64,
    /// Points whose silhouette was computed.
    pub sampled: usize,
}

impl<T: Real> Labeled<'_, T> {
    /// The exact silhouette of all points. Time `O(n^2 d)` in parallel, each pair of points once; memory `O(n (d + k))`.
    ///
    /// Seconds for 100,000 points; above 200,000 [`Labeled::silhouette_sampled`] is the better choice.
    ///
    /// # Errors
    /// [`Error::NotComparable`] unless 2 to n - 1 clusters have points.
    pub fn silhouette(&self) -> Result<Silhouette, Error> {
        self.silhouette_watched(&|| ControlFlow::Continue(()))
    }

    /// The same, asking `watch` now and then whether to go on.
    ///
    /// # Errors
    /// [`Error::NotComparable`] unless 2 to n - 1 clusters have points; [`Error::Interrupted`] if `watch` asked to stop.
    pub fn silhouette_watched(
        &self,
        watch: &(dyn Fn() -> ControlFlow<()> + Sync),
    ) -> Result<Silhouette, Error> {
        self.check_comparable()?;
        // On a thread of the pool once, not once per round.
        let values = rayon::scope(|_| {
            let mut blocks = Block::cut(self, &Place::all(self));
            match pairs::all(&mut blocks, watch) {
                ControlFlow::Continue(()) => Ok(self.values(&blocks)),
                ControlFlow::Break(()) => Err(Error::Interrupted),
            }
        })?;
        Ok(self.gathered(values))
    }

    /// The mean silhouette, from about `size` points drawn from every cluster in proportion, but at least 50 (or all) of
    /// each. Time `O(size n d)`: each drawn point is compared with all others, so the estimate has no bias.
    ///
    /// Strata are the clusters; the mean weighs them by their true shares. W. G. Cochran: Sampling Techniques, 3rd ed.,
    /// 1977, chapter 5.
    ///
    /// # Errors
    /// [`Error::NotComparable`] unless 2 to n - 1 clusters have points.
    pub fn silhouette_sampled(&self, size: usize, seed: u64) -> Result<SilhouetteEstimate, Error> {
        self.check_comparable()?;
        let places = Place::all(self);
        let drawn = draw(&places, size, seed);
        let mut blocks = Block::cut(self, &drawn);
        pairs::against(&mut blocks, &Block::cut(self, &places));
        let mut strata = vec![Vec::new(); self.k()];
        for (row, value) in self.values(&blocks) {
            strata[self.own(row)].push((self.table.weight(row), value));
        }
        Ok(self.estimate(&strata))
    }

    /// The silhouette with squared Euclidean distances, which is cheap but another measure: values are larger, and far
    /// points weigh more. It is what Spark and BigQuery call silhouette. Time `O(n k d)`.
    ///
    /// # Errors
    /// [`Error::NotComparable`] unless 2 to n - 1 clusters have points.
    pub fn squared_silhouette(&self) -> Result<Silhouette, Error> {
        self.check_comparable()?;
        let means = self.means();
        let spreads = self.mean_squares(&means);
        let value = |row: usize| {
            // The sum of squared distances to a cluster's points: to their mean, plus theirs to their mean.
            let sums = (0..self.k()).map(|cluster| {
                let distance_sq = self.distance_sq(row, means.of(cluster)) + spreads[cluster];
                means.weights[cluster] * distance_sq
            });
            (
                row,
                silhouette_of(&sums.collect::<Vec<f64>>(), self.own(row), &means.weights),
            )
        };
        let rows = (0..self.clusters.len()).into_par_iter();
        let weighty =
            rows.filter(|&row| self.clusters[row].is_some() && self.table.weight(row) > 0.0);
        Ok(self.gathered(weighty.map(value).collect()))
    }

    /// The cluster of a row that is in one.
    fn own(&self, row: usize) -> usize {
        self.clusters[row].expect("a row of a cluster") as usize
    }

    /// Every row of these blocks with its silhouette, from its sums of distances.
    fn values(&self, blocks: &[Block]) -> Vec<(usize, f64)> {
        let weights = self.weights();
        let mut values = Vec::new();
        for block in blocks {
            for (row, sums) in block.sums_of_rows() {
                values.push((row, silhouette_of(&sums, self.own(row), &weights)));
            }
        }
        values
    }

    /// Total weight per cluster.
    fn weights(&self) -> Vec<f64> {
        let mut sums = vec![ByExponent::default(); self.k()];
        for (row, cluster) in self.clusters.iter().enumerate() {
            if let Some(cluster) = cluster {
                sums[*cluster as usize].add(self.table.weight(row));
            }
        }
        sums.iter().map(ByExponent::sum).collect()
    }

    fn gathered(&self, values: Vec<(usize, f64)>) -> Silhouette {
        let mut per_point = vec![0.0; self.clusters.len()];
        let (mut sum, mut total) = (ByExponent::default(), ByExponent::default());
        for (row, value) in values {
            per_point[row] = value;
            let weight = self.table.weight(row);
            sum.add_product(weight, value);
            total.add(weight);
        }
        Silhouette {
            per_point,
            mean: sum.sum() / total.sum(),
        }
    }

    /// From weights and silhouettes of the points drawn of each cluster.
    fn estimate(&self, strata: &[Vec<(f64, f64)>]) -> SilhouetteEstimate {
        let weights = self.weights();
        let total: f64 = weights.iter().sum();
        let (mut mean, mut variance) = (0.0, 0.0);
        for ((stratum, &size), weight) in strata.iter().zip(&self.sizes).zip(weights) {
            let drawn = stratum.len() as f64;
            let drawn_weight: f64 = stratum.iter().map(|(weight, _)| weight).sum();
            let stratum_mean = stratum
                .iter()
                .map(|(weight, value)| weight * value)
                .sum::<f64>()
                / drawn_weight;
            let share = weight / total;
            mean += share * stratum_mean;
            if stratum.len() < size {
                let squares = stratum
                    .iter()
                    .map(|(weight, value)| weight * (value - stratum_mean))
                    .map(|deviation| deviation * deviation);
                let left_out = 1.0 - drawn / size as f64;
                let spread = squares.sum::<f64>() / drawn_weight / drawn_weight;
                variance += share * share * left_out * spread * drawn / (drawn - 1.0);
            }
        }
        let standard_error = variance.sqrt();
        SilhouetteEstimate {
            mean,
            standard_error,
            low: (mean - NORMAL_95 * standard_error).max(-1.0),
            high: (mean + NORMAL_95 * standard_error).min(1.0),
            sampled: strata.iter().map(Vec::len).sum(),
        }
    }
}

/// About `size` of these places, from each cluster in proportion.
fn draw(places: &[Place], size: usize, seed: u64) -> Vec<Place> {
    let n = places.len();
    let stream = Stream::new(seed, 0, 0, 0);
    let mut drawn = Vec::new();
    for cluster in places.chunk_by(Place::together) {
        let share = cluster.len() as f64 / n as f64;
        let in_proportion = (size.min(n) as f64 * share).round() as usize;
        let wanted = in_proportion.max(LEAST_PER_CLUSTER).min(cluster.len());
        let mut keyed: Vec<(u64, usize)> = cluster
            .iter()
            .enumerate()
            .map(|(at, place)| (stream.bits(place.key()), at))
            .collect();
        keyed.sort_unstable();
        let mut chosen: Vec<usize> = keyed[..wanted].iter().map(|&(_, at)| at).collect();
        chosen.sort_unstable();
        drawn.extend(chosen.into_iter().map(|at| cluster[at]));
    }
    drawn
}

/// `(b - a) / max(a, b)` with `a` the mean distance to the others of the own cluster and `b` the smallest mean
/// distance to another cluster; 0 in a cluster of one, and where both are 0.
///
/// Rounded to a multiple of 2^-40: processors differ in the digits behind, not in those before.
fn silhouette_of(sums: &[f64], own: usize, weights: &[f64]) -> f64 {
    if weights[own] <= 1.0 {
        return 0.0;
    }
    let within = sums[own] / (weights[own] - 1.0);
    let others = (0..sums.len()).filter(|&cluster| cluster != own);
    let next = others
        .map(|cluster| sums[cluster] / weights[cluster])
        .fold(f64::INFINITY, f64::min);
    let larger = within.max(next);
    let value = if larger > 0.0 {
        (next - within) / larger
    } else {
        0.0
    };
    (value * PER_UNIT).round() / PER_UNIT
}
