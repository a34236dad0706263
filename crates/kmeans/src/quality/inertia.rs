//! The sum of squared distances within clusters: what K-Means makes small.

use crate::error::Error;
use crate::points::Points;
use crate::quality::clusters::Clusters;
use crate::update::exact_sum;

/// The sum of squared Euclidean distances of the points to the means of their clusters. Time `O(n d)`.
///
/// # Errors
/// [`Error::LabelCount`] or [`Error::Label`] if there is not one label below `k` per point.
pub fn inertia(points: &Points, labels: &[u32], k: usize) -> Result<f64, Error> {
    let clusters = Clusters::of(points, labels, k)?;
    Ok(exact_sum(&clusters.distances_sq(&clusters.means())))
}
