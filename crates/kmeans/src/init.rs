//! Where the first centroids come from.
//!
//! D. Arthur and S. Vassilvitskii: k-means++: the advantages of careful seeding. SODA 2007, 1027-1035.
//! <https://dl.acm.org/doi/10.5555/1283383.1283494>. The greedy form draws several candidates per round and keeps the
//! one that lowers the inertia most, as scikit-learn does; C. Grunau, A. Özüdoğru, V. Rozhoň and J. Tětek bound it in
//! A nearly tight analysis of greedy k-means++, SODA 2023.

use crate::assign::squared_distances;
use crate::draw::Stream;
use crate::tiles::{LANES, Tiles};
use crate::vector::widest;

/// Rows in canonical order, with what draws need to know of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) tiles: &'a Tiles,
    /// Key per row for random draws.
    pub(crate) keys: &'a [u64],
    /// Number of each row's content among the distinct contents.
    pub(crate) groups: &'a [u32],
}

/// `k` rows by greedy k-means++, as centroids `k x d`; fewer if all rows lie on the ones found.
pub(crate) fn plus_plus(rows: Rows, k: usize, seed: u64, run: usize) -> Vec<f64> {
    let trials = 2 + libm::log(k as f64) as usize;
    let mut closest_sq = vec![1.0; rows.tiles.n()];
    let mut centroids = Vec::with_capacity(k * rows.tiles.d());
    if let Some(first) = Stream::new(seed, run, 0, 0).race(rows.keys, &closest_sq) {
        closest_sq.fill(f64::INFINITY);
        let centroid = rows.tiles.row(first);
        lower(rows.tiles, &centroid, &mut closest_sq);
        centroids.extend(centroid);
    }
    let mut candidate_sq = closest_sq.clone();
    let mut best_sq = closest_sq.clone();
    for round in 1..k {
        let mut best: Option<(f64, Vec<f64>)> = None;
        for trial in 0..trials {
            let Some(place) = Stream::new(seed, run, round, trial).race(rows.keys, &closest_sq)
            else {
                break;
            };
            let centroid = rows.tiles.row(place);
            candidate_sq.copy_from_slice(&closest_sq);
            let inertia = lower(rows.tiles, &centroid, &mut candidate_sq);
            if best.as_ref().is_none_or(|(lowest, _)| inertia < *lowest) {
                best = Some((inertia, centroid));
                std::mem::swap(&mut best_sq, &mut candidate_sq);
            }
        }
        let Some((_, centroid)) = best else { break };
        centroids.extend(centroid);
        std::mem::swap(&mut closest_sq, &mut best_sq);
    }
    centroids
}

/// Lowers each row's squared distance to its closest centroid by a new one; the sum of what is left.
fn lower(tiles: &Tiles, centroid: &[f64], closest_sq: &mut [f64]) -> f64 {
    widest(
        #[inline(always)]
        || lower_lanes(tiles, centroid, closest_sq),
    )
}

#[inline(always)]
fn lower_lanes(tiles: &Tiles, centroid: &[f64], closest_sq: &mut [f64]) -> f64 {
    let mut sums = [0.0; LANES];
    for (block, closest_sq) in tiles.blocks().zip(closest_sq.chunks_mut(LANES)) {
        let distances_sq = squared_distances(block, centroid);
        for ((closest_sq, distance_sq), sum) in
            closest_sq.iter_mut().zip(distances_sq).zip(&mut sums)
        {
            *closest_sq = if distance_sq < *closest_sq {
                distance_sq
            } else {
                *closest_sq
            };
            *sum += *closest_sq;
        }
    }
    sums.iter().sum()
}

/// `k` rows of different content, each row as likely as the next, as centroids `k x d`.
pub(crate) fn random(rows: Rows, k: usize, seed: u64, run: usize) -> Vec<f64> {
    let stream = Stream::new(seed, run, 0, 0);
    let mut drawn: Vec<(u64, usize)> = rows
        .keys
        .iter()
        .map(|&key| stream.bits(key))
        .zip(0..)
        .collect();
    drawn.sort_unstable();
    let mut taken = vec![false; rows.tiles.n()];
    let fresh = drawn
        .into_iter()
        .filter(|&(_, place)| !std::mem::replace(&mut taken[rows.groups[place] as usize], true));
    fresh
        .take(k)
        .flat_map(|(_, place)| rows.tiles.row(place))
        .collect()
}
