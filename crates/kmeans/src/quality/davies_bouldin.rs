//! How much each cluster overlaps the one most like it.
//!
//! D. L. Davies and D. W. Bouldin: A cluster separation measure. IEEE Transactions on Pattern Analysis and Machine
//! Intelligence 1(2), 1979. <https://doi.org/10.1109/TPAMI.1979.4766909>

use crate::error::Error;
use crate::points::Points;
use crate::quality::clusters::Clusters;
use crate::update::exact_sum;

/// The mean over clusters of the largest (spread + spread) / distance to another cluster; lower is better, 0 is best.
///
/// A cluster's spread is the mean distance of its points to their mean. Clusters with equal means are not compared,
/// as in scikit-learn. Time `O(n d + k^2 d)`.
///
/// # Errors
/// [`Error::LabelCount`], [`Error::Label`]; [`Error::NotComparable`] unless 2 to n - 1 clusters have points.
pub fn davies_bouldin(points: &Points, labels: &[u32], k: usize) -> Result<f64, Error> {
    let clusters = Clusters::comparable(points, labels, k)?;
    let means = clusters.means();
    let distances: Vec<f64> = clusters
        .distances_sq(&means)
        .into_iter()
        .map(f64::sqrt)
        .collect();
    let mut start = 0;
    let mut spreads = Vec::with_capacity(clusters.sizes.len());
    for &size in &clusters.sizes {
        spreads.push(exact_sum(&distances[start..start + size]) / size as f64);
        start += size;
    }
    let means: Vec<&[f64]> = means.chunks_exact(points.d()).collect();
    let mut total = 0.0;
    for (mean, spread) in means.iter().zip(&spreads) {
        let likeness = means.iter().zip(&spreads).map(|(other, other_spread)| {
            let distance = mean
                .iter()
                .zip(*other)
                .map(|(a, b)| (a - b) * (a - b))
                .sum::<f64>()
                .sqrt();
            if distance > 0.0 {
                (spread + other_spread) / distance
            } else {
                0.0
            }
        });
        total += likeness.fold(0.0, f64::max);
    }
    Ok(total / means.len() as f64)
}
