//! K-Means that leaves out the farthest rows.

use super::{Nearest, alternate, best_of};
use crate::config::{check_clusters, check_runs};
use crate::definition::distance_sq;
use crate::draw::Stream;
use crate::error::Error;
use crate::model::Model;
use crate::order::Order;
use crate::points::Points;
use crate::real::Real;
use crate::table::Table;

/// The largest share that may be left out.
const MOST: f64 = 0.5;

/// A product this little above a whole number is that number: 7 of 100 rows are 0.07, which is 7.000000000000001.
const ROUNDING: f64 = 1e-12;

/// K-Means of the rows that are left when the farthest are trimmed: outliers pull at no centroid.
///
/// In each iteration the `ceil(trim x n)` rows farthest from their centroids are left out of the means; of equally far
/// rows the content decides. Starts are drawn as in k-means++, but never from the rows that would be trimmed, for there
/// the outliers are (A. Bhaskara, S. Vadgama, H. Xu: Greedy sampling for approximate clustering in the presence of
/// outliers. NeurIPS 2019).
///
/// J. A. Cuesta-Albertos, A. Gordaliza, C. Matrán: Trimmed k-means: an attempt to robustify quantizers. Annals of
/// Statistics 25(2), 1997. <https://doi.org/10.1214/aos/1031833664>
///
/// ```
/// use tribus_kmeans::{Points, variants::TrimmedKMeans};
///
/// let data = [0.0, 1.0, 2.0, 10.0, 11.0, 12.0, 1e6];
/// let points = Points::new(&data, 7, 1)?;
/// let fit = TrimmedKMeans { k: 2, trim: 0.1, ..TrimmedKMeans::default() }.fit(&points)?;
/// assert!(fit.is_trimmed[6]);
/// assert_eq!((fit.sizes, fit.inertia), (vec![3, 3], 4.0));
/// # Ok::<(), tribus_kmeans::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, default))]
pub struct TrimmedKMeans {
    /// Number of clusters, 1 to the number of points that are left. Default 8.
    pub k: usize,
    /// Share of the points to leave out, 0 to 0.5. Default 0.05.
    pub trim: f64,
    /// Independent starts, of which the best is kept. Default 16.
    pub restarts: usize,
    /// Iterations allowed per run. Default 1000.
    pub max_iterations: usize,
    /// Start of all random draws: the same seed gives the same result. Default 0.
    pub seed: u64,
}

impl Default for TrimmedKMeans {
    fn default() -> Self {
        Self {
            k: 8,
            trim: 0.05,
            restarts: 16,
            max_iterations: 1000,
            seed: 0,
        }
    }
}

/// Clusters and what is left out of them; all parts belong to the centroids.
#[derive(Debug, Clone, PartialEq)]
pub struct TrimmedFit {
    /// The centroids. Fewer than asked if fewer distinct points are left.
    pub model: Model,
    /// For each point, trimmed or not, in the caller's order, the index of its nearest centroid.
    pub labels: Vec<u32>,
    /// For each point whether it is left out.
    pub is_trimmed: Vec<bool>,
    /// Number of points per cluster that are not left out; 0 if all went over to others.
    pub sizes: Vec<u64>,
    /// Sum of squared distances of the points that are not left out.
    pub inertia: f64,
    /// Iterations of the best run.
    pub iterations: usize,
}

impl TrimmedKMeans {
    /// Clusters `points`. Time `O(restarts x iterations x n k d)`, in parallel; memory 8 bytes a point, and some 40 a
    /// point and thread.
    ///
    /// # Errors
    /// [`Error::Trim`] if the share is not from 0 to 0.5, [`Error::TooFewPoints`] if fewer than `k` points are left;
    /// [`Error::ClusterCount`], [`Error::NoRestarts`] or [`Error::NoIterations`] for other settings out of range.
    pub fn fit<T: Real>(&self, points: &Points<T>) -> Result<TrimmedFit, Error> {
        let trimmed = self.check(points)?;
        let order = Order::of(points);
        let table = Table::new(points, None, self.k);
        let best = best_of(self.restarts, |run| {
            let start = self.start(points, &order, trimmed, run);
            let counted = |nearest: &Nearest| counted(nearest, &order, trimmed);
            alternate(&table, start, self.max_iterations, counted, Some)
        });
        Ok(TrimmedFit {
            model: best.model(points.d()),
            is_trimmed: best.clusters.iter().map(Option::is_none).collect(),
            sizes: best.sizes(points.d()),
            inertia: best.objective,
            iterations: best.iterations,
            labels: best.labels,
        })
    }

    /// How many rows to trim.
    fn check<T: Real>(&self, points: &Points<T>) -> Result<usize, Error> {
        check_clusters(self.k, points)?;
        check_runs(self.restarts, self.max_iterations)?;
        if !(0.0..=MOST).contains(&self.trim) {
            return Err(Error::Trim { trim: self.trim });
        }
        let trimmed = (self.trim * points.n() as f64 * (1.0 - ROUNDING)).ceil() as usize;
        let left = points.n() - trimmed;
        if left < self.k {
            return Err(Error::TooFewPoints {
                points: left,
                clusters: self.k,
            });
        }
        Ok(trimmed)
    }

    /// `k` rows, or fewer if no other content would be left by trimming, as centroids `k x d`.
    fn start<T: Real>(
        &self,
        points: &Points<T>,
        order: &Order,
        trimmed: usize,
        run: usize,
    ) -> Vec<f64> {
        let stream = |round| Stream::new(self.seed, run, round, 0);
        let mut drawn = Some(order.rows[stream(0).below(0, points.n())]);
        let mut centroids = Vec::new();
        let mut closest = vec![f64::INFINITY; points.n()];
        for round in 1..=self.k {
            let Some(row) = drawn else { break };
            let centroid: Vec<f64> = points.row(row as usize).iter().map(|v| v.widen()).collect();
            for (row, closest) in closest.iter_mut().enumerate() {
                *closest = distance_sq(points.row(row), &centroid).min(*closest);
            }
            centroids.extend(centroid);
            let mut shares = closest.clone();
            for row in farthest(&closest, order, trimmed) {
                shares[row as usize] = 0.0;
            }
            drawn = draw(&shares, order, stream(round).uniform(0));
        }
        centroids
    }
}

/// A row with a probability proportional to its share; `None` if none has any.
fn draw(shares: &[f64], order: &Order, uniform: f64) -> Option<u32> {
    let rows = order.rows.iter().copied();
    let rows: Vec<u32> = rows.filter(|&row| shares[row as usize] > 0.0).collect();
    let mut left = uniform * rows.iter().map(|&row| shares[row as usize]).sum::<f64>();
    let found = rows.iter().find(|&&row| {
        left -= shares[row as usize];
        left <= 0.0
    });
    found.or(rows.last()).copied()
}

/// These many rows, the farthest, of equally far ones those of lower rank.
fn farthest(distances_sq: &[f64], order: &Order, count: usize) -> Vec<u32> {
    if count == 0 {
        return Vec::new();
    }
    let ranked = distances_sq.iter().zip(&order.ranks);
    let mut ranked: Vec<(f64, u32)> = ranked.map(|(far, rank)| (*far, *rank)).collect();
    let (farther, last, _) =
        ranked.select_nth_unstable_by(count - 1, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let ranks = farther.iter().chain([&*last]).map(|&(_, rank)| rank);
    ranks.map(|rank| order.rows[rank as usize]).collect()
}

fn counted(nearest: &Nearest, order: &Order, trimmed: usize) -> Vec<Option<u32>> {
    let mut clusters: Vec<Option<u32>> = nearest.labels.iter().copied().map(Some).collect();
    for row in farthest(&nearest.distances_sq, order, trimmed) {
        clusters[row as usize] = None;
    }
    clusters
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Init, KMeans};

    #[test]
    fn without_trimming_a_run_is_lloyds_from_the_same_start() {
        let number = |key| Stream::new(5, 0, 0, 0).uniform(key);
        let data: Vec<f64> = (0..900).map(number).collect();
        let points = Points::new(&data, 300, 3).unwrap();
        for seed in 0..5 {
            let settings = TrimmedKMeans {
                k: 7,
                trim: 0.0,
                restarts: 1,
                seed,
                ..TrimmedKMeans::default()
            };
            let start = settings.start(&points, &Order::of(&points), 0, 0);
            let init = Init::Given(start);
            let plain = KMeans {
                k: 7,
                init,
                ..KMeans::default()
            };
            let (found, plain) = (settings.fit(&points).unwrap(), plain.fit(&points).unwrap());
            assert_eq!(
                (&found.model, &found.labels, &found.sizes),
                (&plain.model, &plain.labels, &plain.sizes)
            );
            assert_eq!(
                (found.inertia, found.iterations),
                (plain.inertia, plain.iterations)
            );
        }
    }
}
