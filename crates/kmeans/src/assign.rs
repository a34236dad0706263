//! Which centroid is nearest: the hot kernel.
//!
//! ```text
//! for each block of rows, for each centroid c:
//!     sum = 0; for each column: sum += (x - c)^2        (all rows of the block side by side)
//!     if sum < best: best = sum, label = c              (so ties stay with the lowest index)
//! ```
//!
//! The differences are squared as they are, not by way of `|x|^2 - 2 x c + |c|^2`, which loses digits where points
//! lie far from the origin. Multiplication and addition round separately.

use rayon::prelude::*;

use crate::tiles::{CHUNK_ROWS, LANES, Tiles};
use crate::vector::widest;

/// Below this many rows one pass is too short to share out; restarts run side by side instead.
const SERIAL_ROWS: usize = 20_000;

/// Squared distances of a block's rows to one point.
#[inline(always)]
pub(crate) fn squared_distances(block: &[f64], point: &[f64]) -> [f64; LANES] {
    let mut sums = [0.0; LANES];
    for (column, &value) in block.as_chunks::<LANES>().0.iter().zip(point) {
        for (sum, &x) in sums.iter_mut().zip(column) {
            let difference = x - value;
            *sum += difference * difference;
        }
    }
    sums
}

/// For each row of a block the index of its nearest centroid and the squared distance to it.
#[inline(always)]
pub(crate) fn nearest(block: &[f64], centroids: &[f64], d: usize) -> ([u64; LANES], [f64; LANES]) {
    let mut labels = [0; LANES];
    let mut best = [f64::INFINITY; LANES];
    for (index, centroid) in (0_u64..).zip(centroids.chunks_exact(d)) {
        let distances_sq = squared_distances(block, centroid);
        for lane in 0..LANES {
            let closer = distances_sq[lane] < best[lane];
            best[lane] = if closer {
                distances_sq[lane]
            } else {
                best[lane]
            };
            labels[lane] = if closer { index } else { labels[lane] };
        }
    }
    (labels, best)
}

/// Labels all rows by their nearest centroid and writes the squared distances.
pub(crate) fn assign(
    tiles: &Tiles,
    centroids: &[f64],
    labels: &mut [u32],
    distances_sq: &mut [f64],
) {
    let work = |(chunk, (labels, distances_sq)): (usize, (&mut [u32], &mut [f64]))| {
        let parts = labels.chunks_mut(LANES).zip(distances_sq.chunks_mut(LANES));
        widest(
            #[inline(always)]
            || {
                for (block, (labels, distances_sq)) in tiles.chunk(chunk).zip(parts) {
                    let (found, best) = nearest(block, centroids, tiles.d());
                    for (lane, (label, distance_sq)) in
                        labels.iter_mut().zip(distances_sq).enumerate()
                    {
                        *label = found[lane] as u32;
                        *distance_sq = best[lane];
                    }
                }
            },
        );
    };
    if is_serial(tiles) {
        labels
            .chunks_mut(CHUNK_ROWS)
            .zip(distances_sq.chunks_mut(CHUNK_ROWS))
            .enumerate()
            .for_each(work);
    } else {
        let chunks = labels
            .par_chunks_mut(CHUNK_ROWS)
            .zip(distances_sq.par_chunks_mut(CHUNK_ROWS));
        chunks.enumerate().for_each(work);
    }
}

/// Whether passes over these tiles run on one thread.
pub(crate) fn is_serial(tiles: &Tiles) -> bool {
    tiles.n() <= SERIAL_ROWS
}
