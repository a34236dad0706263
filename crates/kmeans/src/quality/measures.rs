//! Measures from distances to means, `O(n d)` each.
//!
//! T. Caliński and J. Harabasz: A dendrite method for cluster analysis. Communications in Statistics 3(1), 1974.
//! <https://doi.org/10.1080/03610927408827101>; D. L. Davies and D. W. Bouldin: A cluster separation measure. IEEE
//! Transactions on Pattern Analysis and Machine Intelligence 1(2), 1979. <https://doi.org/10.1109/TPAMI.1979.4766909>

use rayon::prelude::*;

use crate::error::Error;
use crate::quality::Labeled;
use crate::quality::labeled::Means;
use crate::real::Real;
use crate::sums::ByExponent;

/// Rows whose terms are summed at once.
const ROWS_AT_ONCE: usize = 1 << 14;

impl<T: Real> Labeled<'_, T> {
    /// The sum of squared Euclidean distances of the points to the means of their clusters. Time `O(n d)`.
    pub fn inertia(&self) -> f64 {
        self.within(&self.means())
    }

    /// Variance between clusters over variance within, each per degree of freedom; higher is better. Infinite if
    /// clusters have no extent.
    ///
    /// # Errors
    /// [`Error::NotComparable`] unless 2 to n - 1 clusters have points.
    pub fn calinski_harabasz(&self) -> Result<f64, Error> {
        self.check_comparable()?;
        let (means, k) = (self.means(), self.k());
        let (grand, total) = (means.of(k), means.weights[k]);
        let between: f64 = means
            .clusters()
            .zip(&means.weights)
            .map(|(mean, weight)| weight * distance_sq(mean, grand))
            .sum();
        let freedom = (total - k as f64) / (k - 1) as f64;
        Ok(between / self.within(&means) * freedom)
    }

    /// The mean over clusters of the largest (spread + spread) / distance to another cluster; lower is better, 0 is
    /// best.
    ///
    /// A cluster's spread is the mean distance of its points to their mean. Clusters with equal means are not compared,
    /// as in scikit-learn. Time `O(n d + k^2 d)`.
    ///
    /// # Errors
    /// [`Error::NotComparable`] unless 2 to n - 1 clusters have points.
    pub fn davies_bouldin(&self) -> Result<f64, Error> {
        self.check_comparable()?;
        let means = self.means();
        let sums = self.sums_of_distances(&means, f64::sqrt);
        let spreads = sums
            .iter()
            .zip(&means.weights)
            .map(|(sum, weight)| sum.sum() / weight);
        let clusters: Vec<(&[f64], f64)> = means.clusters().zip(spreads).collect();
        let likeness = |(mean, spread): (&[f64], f64)| {
            let to_others = clusters.iter().map(|&(other, other_spread)| {
                let distance = distance_sq(mean, other).sqrt();
                if distance > 0.0 {
                    (spread + other_spread) / distance
                } else {
                    0.0
                }
            });
            to_others.fold(0.0, f64::max)
        };
        Ok(clusters.iter().copied().map(likeness).sum::<f64>() / clusters.len() as f64)
    }

    /// Per cluster the mean squared distance of its points to their mean.
    pub(super) fn mean_squares(&self, means: &Means) -> Vec<f64> {
        let sums = self.sums_of_distances(means, |distance_sq| distance_sq);
        sums.iter()
            .zip(&means.weights)
            .map(|(sum, weight)| sum.sum() / weight)
            .collect()
    }

    fn within(&self, means: &Means) -> f64 {
        let mut total = ByExponent::default();
        for mut sum in self.sums_of_distances(means, |distance_sq| distance_sq) {
            total.take(&mut sum);
        }
        total.sum()
    }

    /// Per cluster the exact sum over its points of weight times a function of the squared distance to the mean.
    fn sums_of_distances(
        &self,
        means: &Means,
        of_sq: impl Fn(f64) -> f64 + Sync,
    ) -> Vec<ByExponent> {
        let empty = || vec![ByExponent::default(); self.k()];
        let of_part = |(part, clusters): (usize, &[Option<u32>])| {
            let mut sums = empty();
            for (row, cluster) in (part * ROWS_AT_ONCE..).zip(clusters) {
                let weight = self.table.weight(row);
                let Some(cluster) = cluster.filter(|_| weight > 0.0) else {
                    continue;
                };
                let term = of_sq(self.distance_sq(row, means.of(cluster as usize)));
                sums[cluster as usize].add_product(weight, term);
            }
            sums
        };
        let merge = |mut all: Vec<ByExponent>, mut more: Vec<ByExponent>| {
            all.iter_mut()
                .zip(&mut more)
                .for_each(|(sum, more)| sum.take(more));
            all
        };
        let parts = self.clusters.par_chunks(ROWS_AT_ONCE).enumerate();
        parts.map(of_part).reduce(empty, merge)
    }
}

fn distance_sq(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}
