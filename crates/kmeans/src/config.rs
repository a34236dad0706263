//! What the caller may set.

use crate::error::Error;
use crate::points::Points;
use crate::real::Real;
use crate::weights;

/// Settings of one fit; `KMeans { k: 5, ..KMeans::default() }` is enough for most uses.
///
/// The names in scikit-learn: `k` is `n_clusters`, `restarts` is `n_init`, `max_iterations` is `max_iter`,
/// `tolerance` is `tol`, `seed` is `random_state`.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, default))]
pub struct KMeans {
    /// Number of clusters, 1 to the number of points. Default 8.
    pub k: usize,
    /// Where the first centroids come from. Default [`Init::PlusPlus`].
    pub init: Init,
    /// Independent starts, of which the best are kept; [`Init::Given`] has only one. Default 16.
    pub restarts: usize,
    /// Runs from recombinations of the best solutions, at most; with them every run is polished by single moves of
    /// points (Hartigan), unless it is on a sample. 0 is plain restarts of Lloyd's algorithm, as in scikit-learn.
    /// Default 96; ends early once runs find nothing better.
    ///
    /// On customer data only a few starts in a hundred end in the best partition, and on some one in a thousand.
    pub recombinations: usize,
    /// Lloyd iterations allowed per run. Default 1000, which real data does not reach.
    pub max_iterations: usize,
    /// Stop early once the squared movement of all centroids is at most this share of the mean variance of the
    /// columns. Default 0: run until no label changes.
    pub tolerance: f64,
    /// Start of all random draws: the same seed gives the same result. Default 0.
    pub seed: u64,
}

impl Default for KMeans {
    fn default() -> Self {
        Self {
            k: 8,
            init: Init::PlusPlus,
            restarts: 16,
            recombinations: 96,
            max_iterations: 1000,
            tolerance: 0.0,
            seed: 0,
        }
    }
}

/// Where the first centroids come from.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Init {
    /// Greedy k-means++: rows far apart from each other, with chance. Best for nearly everything.
    PlusPlus,
    /// k-means||: many rows at once in five rounds, then greedy k-means++ among these. For large `k`.
    Parallel,
    /// Any `k` different rows, with equal chance. To compare with, or for very large `k`.
    Random,
    /// These centroids, `k x d` row-major. One run, no chance. To continue from a known result.
    Given(Vec<f64>),
}

impl KMeans {
    /// Checks everything that `fit` relies on.
    pub(crate) fn check<T: Real>(&self, points: &Points<T>) -> Result<(), Error> {
        check_clusters(self.k, points)?;
        check_runs(self.restarts, self.max_iterations)?;
        if self.tolerance.is_nan() || self.tolerance < 0.0 {
            return Err(Error::Tolerance {
                tolerance: self.tolerance,
            });
        }
        match &self.init {
            Init::Given(centroids) => check_given(centroids, self.k, points),
            Init::PlusPlus | Init::Parallel | Init::Random => Ok(()),
        }
    }

    /// Checks that the weights can be summed, and that enough of them count.
    pub(crate) fn check_weights<T: Real>(
        &self,
        points: &Points<T>,
        weights: &[f64],
    ) -> Result<(), Error> {
        weights::check(points.n(), weights)?;
        let counted = weights.iter().filter(|&&weight| weight > 0.0).count();
        if counted < self.k {
            return Err(Error::TooFewPoints {
                points: counted,
                clusters: self.k,
            });
        }
        Ok(())
    }
}

/// Checks that `k` clusters can be made of the points.
pub(crate) fn check_clusters<T: Real>(k: usize, points: &Points<T>) -> Result<(), Error> {
    if k == 0 || k >= u32::MAX as usize {
        return Err(Error::ClusterCount { clusters: k });
    }
    if k > points.n() {
        return Err(Error::TooFewPoints {
            points: points.n(),
            clusters: k,
        });
    }
    Ok(())
}

/// Checks that there is at least one run with at least one iteration.
pub(crate) fn check_runs(restarts: usize, max_iterations: usize) -> Result<(), Error> {
    if restarts == 0 {
        return Err(Error::NoRestarts);
    }
    if max_iterations == 0 {
        return Err(Error::NoIterations);
    }
    Ok(())
}

pub(crate) fn check_given<T: Real>(
    centroids: &[f64],
    k: usize,
    points: &Points<T>,
) -> Result<(), Error> {
    let d = points.d();
    if k.checked_mul(d) != Some(centroids.len()) {
        return Err(Error::CentroidShape {
            values: centroids.len(),
            clusters: k,
            columns: d,
        });
    }
    match centroids
        .iter()
        .enumerate()
        .find(|&(index, &value)| !points.reaches(index % d, value))
    {
        Some((index, _)) => Err(Error::Centroid {
            centroid: index / d,
            column: index % d,
        }),
        None => Ok(()),
    }
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use super::*;

    #[test]
    fn settings_that_are_left_out_have_their_defaults() {
        let read: KMeans =
            serde_json::from_str(r#"{"k":3,"init":{"Given":[1.0,2.0,3.0]}}"#).unwrap();
        let meant = KMeans {
            k: 3,
            init: Init::Given(vec![1.0, 2.0, 3.0]),
            ..KMeans::default()
        };
        assert_eq!(read, meant);
        let text = serde_json::to_string(&meant).unwrap();
        assert_eq!(serde_json::from_str::<KMeans>(&text).unwrap(), meant);
        assert!(serde_json::from_str::<KMeans>(r#"{"clusters":3}"#).is_err());
    }
}
