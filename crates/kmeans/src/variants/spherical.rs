//! K-Means of directions.

use rayon::prelude::*;

use super::{alternate, best_of};
use crate::config::{check_clusters, check_runs};
use crate::draw::Stream;
use crate::error::Error;
use crate::init::Seeder;
use crate::model::Model;
use crate::order::Canonical;
use crate::points::Points;
use crate::real::Real;
use crate::table::Table;

/// Starts are drawn from so many different rows at most.
const SEEDED_ROWS: usize = 16_384;

/// Run number of the draw that picks these rows, apart from those of the starts.
const SEEDED_RUN: usize = usize::MAX;

/// K-Means by the cosine of the angle between rows and centroids: only directions count.
///
/// Rows and centroids have length 1, and runs from greedy k-means++ lower the sum of `1 - cos`. On the sphere that is
/// half the squared distance, which keeps its digits where a cosine is all but 1; so labels are found by it.
///
/// I. S. Dhillon, D. S. Modha: Concept decompositions for large sparse text data using clustering. Machine Learning
/// 42(1/2), 2001. <https://doi.org/10.1023/A:1007612920971>
///
/// ```
/// use tribus_kmeans::{Points, variants::SphericalKMeans};
///
/// // Two directions, at very different lengths.
/// let data = [1.0, 0.1, 100.0, 0.0, 0.0, 2.0, 5.0, 300.0];
/// let points = Points::new(&data, 4, 2)?;
/// let fit = SphericalKMeans { k: 2, ..SphericalKMeans::default() }.fit(&points)?;
/// assert_eq!(fit.labels[0], fit.labels[1]);
/// assert_eq!(fit.labels[2], fit.labels[3]);
/// // The model labels rows of length 1.
/// let rows = SphericalKMeans::normalize(&points)?;
/// assert_eq!(fit.model.assign(&rows[..2])?.label, fit.labels[0]);
/// # Ok::<(), tribus_kmeans::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, default))]
pub struct SphericalKMeans {
    /// Number of clusters, 1 to the number of points. Default 8.
    pub k: usize,
    /// Independent starts, of which the best is kept. Default 16.
    pub restarts: usize,
    /// Iterations allowed per run. Default 1000.
    pub max_iterations: usize,
    /// Start of all random draws: the same seed gives the same result. Default 0.
    pub seed: u64,
}

impl Default for SphericalKMeans {
    fn default() -> Self {
        Self {
            k: 8,
            restarts: 16,
            max_iterations: 1000,
            seed: 0,
        }
    }
}

/// Directions and who follows them: labels, sizes and objective belong to the centroids.
#[derive(Debug, Clone, PartialEq)]
pub struct SphericalFit {
    /// The centroids, each of length 1. Fewer than asked if there are fewer distinct directions. Labels rows that have
    /// length 1 themselves, see [`SphericalKMeans::normalize`].
    pub model: Model,
    /// For each point, in the caller's order, the centroid with the largest cosine; of equals the lowest index.
    pub labels: Vec<u32>,
    /// Number of points per cluster; 0 if all went over to others.
    pub sizes: Vec<u64>,
    /// Sum of `1 - cos` over all points.
    pub objective: f64,
    /// Iterations of the best run.
    pub iterations: usize,
}

impl SphericalKMeans {
    /// Clusters `points`. Time `O(restarts x iterations x n k d)`, in parallel; memory a copy of the points in double
    /// precision, and some 40 bytes a point and thread.
    ///
    /// # Errors
    /// [`Error::ZeroRow`] for the first row without direction; [`Error::ClusterCount`], [`Error::TooFewPoints`],
    /// [`Error::NoRestarts`] or [`Error::NoIterations`] for settings out of range, [`Error::TooSmall`] for directions
    /// that all but coincide.
    pub fn fit<T: Real>(&self, points: &Points<T>) -> Result<SphericalFit, Error> {
        check_clusters(self.k, points)?;
        check_runs(self.restarts, self.max_iterations)?;
        let d = points.d();
        let rows = Self::normalize(points)?;
        let units = Points::new(&rows, points.n(), d)?;
        let starts = self.starts(&units)?;
        let table = Table::new(&units, None, self.k);
        let best = best_of(starts.len(), |run| {
            let start = starts[run].clone();
            let all = |nearest: &super::Nearest| nearest.labels.iter().copied().map(Some).collect();
            alternate(&table, start, self.max_iterations, all, unit)
        });
        Ok(SphericalFit {
            model: best.model(d),
            sizes: best.sizes(d),
            objective: best.objective / 2.0,
            iterations: best.iterations,
            labels: best.labels,
        })
    }

    /// The rows at length 1, `n x d` row-major. Time `O(n d)`, in parallel.
    ///
    /// # Errors
    /// [`Error::ZeroRow`] for the first row of zeros.
    pub fn normalize<T: Real>(points: &Points<T>) -> Result<Vec<f64>, Error> {
        let rows = (0..points.n()).into_par_iter();
        let is_zero = |&row: &usize| points.row(row).iter().all(|value| value.widen() == 0.0);
        if let Some(row) = rows.clone().find_first(is_zero) {
            return Err(Error::ZeroRow { row });
        }
        let wide = |row| points.row(row).iter().map(|value| value.widen()).collect();
        Ok(rows
            .flat_map_iter(|row| unit(wide(row)).unwrap_or_default())
            .collect())
    }

    fn starts(&self, units: &Points<f64>) -> Result<Vec<Vec<f64>>, Error> {
        let stream = Stream::new(self.seed, SEEDED_RUN, 0, 0);
        let canonical = Canonical::of(units, None, SEEDED_ROWS.max(self.k), SEEDED_ROWS, stream);
        if canonical.len() <= self.k {
            return Ok(vec![canonical.values]);
        }
        let rows = Points::new(&canonical.values, canonical.len(), units.d())?;
        let table = Table::packed(&rows, canonical.weights(), self.k);
        let seeder = Seeder::new(&table);
        let start = |run| seeder.plus_plus(self.k, self.seed, run);
        Ok((0..self.restarts).into_par_iter().map(start).collect())
    }
}

/// The same direction at length 1; `None` if there is none.
fn unit(mut values: Vec<f64>) -> Option<Vec<f64>> {
    // Squares of very large or small values would overflow or vanish.
    let largest = values
        .iter()
        .fold(0.0, |most: f64, value| most.max(value.abs()));
    if largest == 0.0 {
        return None;
    }
    for value in &mut values {
        *value /= largest;
    }
    let length = values.iter().map(|value| value * value).sum::<f64>().sqrt();
    for value in &mut values {
        *value /= length;
    }
    Some(values)
}
