//! How much nearer each point is to its own cluster than to the next.
//!
//! P. J. Rousseeuw: Silhouettes: a graphical aid to the interpretation and validation of cluster analysis. Journal of
//! Computational and Applied Mathematics 20, 1987. <https://doi.org/10.1016/0377-0427(87)90125-7>

use rayon::prelude::*;

use crate::assign::squared_distances;
use crate::draw::Stream;
use crate::error::Error;
use crate::points::Points;
use crate::quality::clusters::Clusters;
use crate::tiles::{LANES, Tiles};
use crate::update::exact_sum;
use crate::vector::widest;

/// Points that a sample keeps of each cluster, however small its share: enough for a mean and its error.
const LEAST_PER_CLUSTER: usize = 50;

/// The normal quantile of a two-sided 95 % interval.
const NORMAL_95: f64 = 1.959_963_984_540_054;

/// The silhouette of every point.
#[derive(Debug, Clone, PartialEq)]
pub struct Silhouette {
    /// For each point, in the caller's order, -1 (wrong cluster) to 1 (far from all others); 0 in a cluster of one.
    pub per_point: Vec<f64>,
    /// Mean over all points.
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

/// The exact silhouette of all points. Time `O(n^2 d)` in parallel, memory `O(n d)`.
///
/// # Errors
/// [`Error::LabelCount`], [`Error::Label`]; [`Error::NotComparable`] unless 2 to n - 1 clusters have points.
pub fn silhouette(points: &Points, labels: &[u32], k: usize) -> Result<Silhouette, Error> {
    let clusters = Clusters::comparable(points, labels, k)?;
    let places: Vec<usize> = (0..points.n()).collect();
    let by_place = silhouettes(&clusters, &places);
    let mean = exact_sum(&by_place) / points.n() as f64;
    let mut per_point = vec![0.0; points.n()];
    for (&row, value) in clusters.rows.iter().zip(by_place) {
        per_point[row] = value;
    }
    Ok(Silhouette { per_point, mean })
}

/// The mean silhouette, from about `size` points drawn from every cluster in proportion, but at least 50 (or all) of
/// each. Time `O(size n d)`: each drawn point is compared with all others, so the estimate has no bias.
///
/// Strata are the clusters; the mean weighs them by their true shares. W. G. Cochran: Sampling Techniques, 3rd ed.,
/// 1977, chapter 5.
///
/// # Errors
/// [`Error::LabelCount`], [`Error::Label`]; [`Error::NotComparable`] unless 2 to n - 1 clusters have points.
pub fn silhouette_sampled(
    points: &Points,
    labels: &[u32],
    k: usize,
    size: usize,
    seed: u64,
) -> Result<SilhouetteEstimate, Error> {
    let clusters = Clusters::comparable(points, labels, k)?;
    let strata = draw_strata(&clusters, size, seed);
    let places: Vec<usize> = strata.iter().flatten().copied().collect();
    let values = silhouettes(&clusters, &places);
    let mut mean = 0.0;
    let mut variance = 0.0;
    let mut start = 0;
    for (stratum, &size) in strata.iter().zip(&clusters.sizes) {
        let values = &values[start..start + stratum.len()];
        start += stratum.len();
        let share = size as f64 / points.n() as f64;
        let drawn = values.len() as f64;
        let stratum_mean = exact_sum(values) / drawn;
        mean += share * stratum_mean;
        if values.len() < size {
            let squares: Vec<f64> = values
                .iter()
                .map(|value| (value - stratum_mean).powi(2))
                .collect();
            let left_out = 1.0 - drawn / size as f64;
            variance += share * share * left_out * exact_sum(&squares) / (drawn - 1.0) / drawn;
        }
    }
    let standard_error = variance.sqrt();
    let low = (mean - NORMAL_95 * standard_error).max(-1.0);
    let high = (mean + NORMAL_95 * standard_error).min(1.0);
    Ok(SilhouetteEstimate {
        mean,
        standard_error,
        low,
        high,
        sampled: places.len(),
    })
}

/// For each cluster the places drawn, in order.
fn draw_strata(clusters: &Clusters, size: usize, seed: u64) -> Vec<Vec<usize>> {
    let n = clusters.labels.len();
    let stream = Stream::new(seed, 0, 0, 0);
    let mut start = 0;
    let mut strata = Vec::with_capacity(clusters.sizes.len());
    for &cluster_size in &clusters.sizes {
        let in_proportion =
            (size.min(n) as f64 * (cluster_size as f64 / n as f64)).round() as usize;
        let wanted = in_proportion.max(LEAST_PER_CLUSTER).min(cluster_size);
        let mut drawn: Vec<(u64, usize)> = (start..start + cluster_size)
            .map(|place| (stream.bits(clusters.keys[place]), place))
            .collect();
        drawn.sort_unstable();
        let mut stratum: Vec<usize> = drawn[..wanted].iter().map(|&(_, place)| place).collect();
        stratum.sort_unstable();
        strata.push(stratum);
        start += cluster_size;
    }
    strata
}

/// The silhouettes of the points at these places, against all points.
fn silhouettes(clusters: &Clusters, places: &[usize]) -> Vec<f64> {
    let tiles = clusters.tiles.select(places);
    let all: Vec<f64> = (0..clusters.labels.len())
        .flat_map(|place| clusters.tiles.row(place))
        .collect();
    let blocks: Vec<&[f64]> = tiles.blocks().collect();
    let per_block = blocks
        .into_par_iter()
        .zip(places.par_chunks(LANES))
        .map(|(block, places)| {
            let sums = widest(
                #[inline(always)]
                || distance_sums(block, &all, &clusters.sizes, &tiles),
            );
            let labels = places.iter().map(|&place| clusters.labels[place] as usize);
            labels
                .enumerate()
                .map(|(lane, own)| silhouette_of(&sums, lane, own, &clusters.sizes))
                .collect()
        });
    let per_block: Vec<Vec<f64>> = per_block.collect();
    per_block.concat()
}

/// For each cluster the sums of distances from a block's points to the cluster's points.
#[inline(always)]
fn distance_sums(block: &[f64], all: &[f64], sizes: &[usize], tiles: &Tiles) -> Vec<[f64; LANES]> {
    let mut points = all.chunks_exact(tiles.d());
    let mut sums = vec![[0.0; LANES]; sizes.len()];
    for (sums, &size) in sums.iter_mut().zip(sizes) {
        for point in points.by_ref().take(size) {
            for (sum, distance_sq) in sums.iter_mut().zip(squared_distances(block, point)) {
                *sum += distance_sq.sqrt();
            }
        }
    }
    sums
}

/// `(b - a) / max(a, b)` with `a` the mean distance to the others of the own cluster and `b` the smallest mean
/// distance to another cluster; 0 in a cluster of one, and where both are 0.
fn silhouette_of(sums: &[[f64; LANES]], lane: usize, own: usize, sizes: &[usize]) -> f64 {
    if sizes[own] == 1 {
        return 0.0;
    }
    let within = sums[own][lane] / (sizes[own] - 1) as f64;
    let others = (0..sizes.len()).filter(|&cluster| cluster != own);
    let next = others
        .map(|cluster| sums[cluster][lane] / sizes[cluster] as f64)
        .fold(f64::INFINITY, f64::min);
    let larger = within.max(next);
    if larger > 0.0 {
        (next - within) / larger
    } else {
        0.0
    }
}
