//! K-Means whose clusters keep to a smallest and a largest size.

use super::to_means;
use super::transport::{Bounds, labels_within};
use crate::config::{Init, KMeans};
use crate::error::Error;
use crate::fit::Fit;
use crate::lloyd::inertia;
use crate::model::Model;
use crate::order::Order;
use crate::points::Points;
use crate::real::Real;
use crate::table::Table;

/// K-Means with bounds on the number of points per cluster.
///
/// Begins at the fit without bounds, then alternates between the cheapest labels that keep to the bounds (a transport
/// problem, solved exactly) and means, until the inertia falls no more: a local optimum, as in Lloyd's algorithm.
///
/// The bounds hold in the fit only. [`Model::assign`] does not know of them.
///
/// P. S. Bradley, K. P. Bennett, A. Demiriz: Constrained K-Means Clustering. Microsoft Research, MSR-TR-2000-65, 2000.
/// <https://www.microsoft.com/en-us/research/wp-content/uploads/2016/02/tr-2000-65.pdf>
///
/// ```
/// use tribus_kmeans::variants::SizedKMeans;
/// use tribus_kmeans::{KMeans, Points};
///
/// let data = [0.0, 1.0, 2.0, 3.0, 4.0, 100.0];
/// let points = Points::new(&data, 6, 1)?;
/// let kmeans = KMeans { k: 2, ..KMeans::default() };
/// let fit = SizedKMeans { kmeans, min_size: Some(3), max_size: None }.fit(&points)?;
/// assert_eq!(fit.sizes, [3, 3]);
/// assert!(fit.cost > 0.0, "the bound has its price");
/// # Ok::<(), tribus_kmeans::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, default))]
pub struct SizedKMeans {
    /// The fit without bounds; its `max_iterations` also limits the alternation. Default [`KMeans::default`].
    pub kmeans: KMeans,
    /// Points that each cluster has at least. Default none.
    pub min_size: Option<usize>,
    /// Points that each cluster has at most. Default none.
    pub max_size: Option<usize>,
}

/// A fit within bounds: centroids are the means of their points, and no other labels within the bounds are nearer to
/// these centroids (unless `max_iterations` was met).
#[derive(Debug, Clone, PartialEq)]
pub struct SizedFit {
    /// The centroids. Fewer than asked only without a smallest size, if there are fewer distinct points.
    pub model: Model,
    /// For each point, in the caller's order, its cluster; not always that of its nearest centroid.
    pub labels: Vec<u32>,
    /// Number of points per cluster; none is 0.
    pub sizes: Vec<u64>,
    /// Sum of squared distances of the points to the centroids of their clusters.
    pub inertia: f64,
    /// The lowest inertia found without bounds.
    pub unconstrained_inertia: f64,
    /// By what share the bounds raise the inertia: 0.1 is a tenth more. Infinite if there is none without bounds.
    pub cost: f64,
    /// Alternations made; 0 if the fit without bounds keeps to them.
    pub iterations: usize,
}

/// Labels and their means.
struct State {
    labels: Vec<u32>,
    centroids: Vec<f64>,
    inertia: f64,
}

impl SizedKMeans {
    /// Clusters `points`. Time that of [`KMeans::fit`], and per alternation `O(n k (d + log n))` and at most `O(k^3)`
    /// per point out of bounds; memory 32 bytes per pair of clusters and point out of bounds, `32 n k` at most.
    ///
    /// # Errors
    /// Those of [`KMeans::fit`]; [`Error::ZeroSize`] if a bound is 0, [`Error::Sizes`] if no clusters keep to both:
    /// `min_size` above `max_size`, `min_size x k` above the number of points, or `max_size x k` below it.
    pub fn fit<T: Real>(&self, points: &Points<T>) -> Result<SizedFit, Error> {
        self.kmeans.check(points)?;
        let bounds = self.bounds(points.n())?;
        let plain = self.kmeans.fit(points)?;
        let sizes: Vec<usize> = plain.sizes.iter().map(|&size| size as usize).collect();
        let is_complete = plain.model.k() == self.kmeans.k || bounds.min == 0;
        if is_complete && bounds.violation(&sizes) == 0 {
            return Ok(unbound(plain));
        }
        let (state, iterations) = self.alternate(points, plain.model.centroids(), bounds);
        let unconstrained_inertia = self.lowest(points, &plain, &state)?;
        Ok(to_fit(
            &state,
            points.d(),
            unconstrained_inertia,
            iterations,
        ))
    }

    fn bounds(&self, n: usize) -> Result<Bounds, Error> {
        if self.min_size == Some(0) || self.max_size == Some(0) {
            return Err(Error::ZeroSize);
        }
        let (min, max) = (self.min_size.unwrap_or(0), self.max_size.unwrap_or(n));
        let clusters = self.kmeans.k;
        if min > max || min.saturating_mul(clusters) > n || max.saturating_mul(clusters) < n {
            return Err(Error::Sizes {
                min,
                max,
                clusters,
                points: n,
            });
        }
        Ok(Bounds { min, max })
    }

    fn alternate<T: Real>(
        &self,
        points: &Points<T>,
        found: &[f64],
        bounds: Bounds,
    ) -> (State, usize) {
        let k = self.kmeans.k;
        let table = Table::new(points, None, k);
        let order = Order::of(points);
        // Where fewer points differ than clusters are asked, some clusters share a centroid.
        let mut centroids: Vec<f64> = found.iter().copied().cycle().take(k * points.d()).collect();
        let mut best: Option<State> = None;
        for iteration in 1..=self.kmeans.max_iterations {
            let labels = labels_within(points, &order.ranks, &centroids, bounds);
            let clusters: Vec<Option<u32>> = labels.iter().copied().map(Some).collect();
            to_means(&table, &clusters, &mut centroids, Some);
            let inertia = inertia(&table, &labels, &centroids);
            match best {
                Some(best) if inertia >= best.inertia => return (best, iteration),
                _ => {
                    best = Some(State {
                        labels,
                        centroids: centroids.clone(),
                        inertia,
                    });
                }
            }
        }
        let best = best.expect("at least one iteration is allowed");
        (best, self.kmeans.max_iterations)
    }

    /// Bounds may lead to a better optimum than the search found; then Lloyd's algorithm from there is the comparison.
    fn lowest<T: Real>(
        &self,
        points: &Points<T>,
        plain: &Fit,
        state: &State,
    ) -> Result<f64, Error> {
        if state.inertia >= plain.inertia {
            return Ok(plain.inertia);
        }
        let settings = KMeans {
            init: Init::Given(state.centroids.clone()),
            ..self.kmeans.clone()
        };
        Ok(settings.fit(points)?.inertia.min(state.inertia))
    }
}

fn unbound(plain: Fit) -> SizedFit {
    SizedFit {
        model: plain.model,
        labels: plain.labels,
        sizes: plain.sizes,
        inertia: plain.inertia,
        unconstrained_inertia: plain.inertia,
        cost: 0.0,
        iterations: 0,
    }
}

/// Leaves out clusters without points, as [`KMeans::fit`] does.
fn to_fit(state: &State, d: usize, unconstrained_inertia: f64, iterations: usize) -> SizedFit {
    let mut counts = vec![0_u64; state.centroids.len() / d];
    for &label in &state.labels {
        counts[label as usize] += 1;
    }
    let (mut new_labels, mut sizes, mut centroids) = (Vec::new(), Vec::new(), Vec::new());
    for (&count, centroid) in counts.iter().zip(state.centroids.chunks_exact(d)) {
        new_labels.push(sizes.len() as u32);
        if count > 0 {
            sizes.push(count);
            centroids.extend_from_slice(centroid);
        }
    }
    let labels = state.labels.iter();
    let rise = state.inertia - unconstrained_inertia;
    SizedFit {
        model: Model::new(centroids, sizes.len(), d).expect("means of finite points are finite"),
        labels: labels.map(|&label| new_labels[label as usize]).collect(),
        sizes,
        inertia: state.inertia,
        unconstrained_inertia,
        cost: if rise > 0.0 {
            rise / unconstrained_inertia
        } else {
            0.0
        },
        iterations,
    }
}
