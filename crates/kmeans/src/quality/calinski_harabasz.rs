//! The ratio of variance between clusters to variance within.
//!
//! T. Caliński and J. Harabasz: A dendrite method for cluster analysis. Communications in Statistics 3(1), 1974.
//! <https://doi.org/10.1080/03610927408827101>

use crate::error::Error;
use crate::points::Points;
use crate::quality::clusters::Clusters;
use crate::update::exact_sum;

/// Dispersion between clusters over dispersion within, each per degree of freedom; higher is better.
///
/// 1 if no point differs from the mean of its cluster, as in scikit-learn. Time `O(n d)`.
///
/// # Errors
/// [`Error::LabelCount`], [`Error::Label`]; [`Error::NotComparable`] unless 2 to n - 1 clusters have points.
pub fn calinski_harabasz(points: &Points, labels: &[u32], k: usize) -> Result<f64, Error> {
    let clusters = Clusters::comparable(points, labels, k)?;
    let means = clusters.means();
    let grand_mean = clusters.grand_mean();
    let mut between = 0.0;
    for (mean, &size) in means.chunks_exact(points.d()).zip(&clusters.sizes) {
        let squares = mean.iter().zip(&grand_mean).map(|(a, b)| (a - b) * (a - b));
        between += size as f64 * squares.sum::<f64>();
    }
    let within = exact_sum(&clusters.distances_sq(&means));
    if within == 0.0 {
        return Ok(1.0);
    }
    let k = clusters.sizes.len();
    Ok(between / within * (points.n() - k) as f64 / (k - 1) as f64)
}
