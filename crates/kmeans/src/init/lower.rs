//! Squared distances of all rows to the closest of a growing set of points.

use pulp::{Simd, WithSimd};

use crate::kernel::{TILE, VECTORS};
use crate::vector;

/// Candidates whose distances are summed side by side.
const AT_ONCE: usize = 4;

/// Sums within a tile are added up in so many lanes, whatever the vectors' width.
const LANES: usize = 8;

/// For each row the squared distance, in the frame, to the closest of some points.
#[derive(Debug, Clone)]
pub(crate) struct Lowered {
    /// Per row of the packed tiles.
    pub(super) values: Vec<f32>,
    /// Sums of weighted values per tile.
    pub(super) tile_sums: Vec<f64>,
}

impl Lowered {
    /// The weighted sum: what inertia these points leave.
    pub(crate) fn total(&self) -> f64 {
        self.tile_sums.iter().sum()
    }
}

/// Points that may join a set.
pub(super) struct Candidates<'a> {
    pub(super) tiles: &'a [f32],
    /// Per row of the tiles.
    pub(super) weights: &'a [f64],
    /// Squared distances to the set as it is; `None` if it is empty.
    pub(super) closest: Option<&'a Lowered>,
    /// `m x d`, in the frame.
    pub(super) points: Vec<f32>,
    pub(super) d: usize,
}

impl Candidates<'_> {
    /// What each candidate would make of the distances.
    pub(super) fn lower(self) -> Vec<Lowered> {
        let count = self.points.len() / self.d;
        let empty = Lowered {
            values: vec![0.0; self.weights.len()],
            tile_sums: vec![0.0; self.weights.len() / TILE],
        };
        let mut lowered = vec![empty; count];
        vector::run(Lower {
            candidates: &self,
            lowered: &mut lowered,
        });
        lowered
    }
}

struct Lower<'c, 'a> {
    candidates: &'c Candidates<'a>,
    lowered: &'c mut [Lowered],
}

impl WithSimd for Lower<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            candidates,
            lowered,
        } = self;
        let d = candidates.d;
        for (points, lowered) in candidates
            .points
            .chunks(AT_ONCE * d)
            .zip(lowered.chunks_mut(AT_ONCE))
        {
            match lowered.len() {
                1 => lower_some::<S, 1>(simd, candidates, points, lowered),
                2 => lower_some::<S, 2>(simd, candidates, points, lowered),
                3 => lower_some::<S, 3>(simd, candidates, points, lowered),
                _ => lower_some::<S, 4>(simd, candidates, points, lowered),
            }
        }
    }
}

#[inline(always)]
fn lower_some<S: Simd, const Q: usize>(
    simd: S,
    candidates: &Candidates,
    points: &[f32],
    lowered: &mut [Lowered],
) {
    let d = candidates.d;
    let (vectors, _) = S::as_simd_f32s(candidates.tiles);
    let height = VECTORS * S::F32_LANES;
    for (index, block) in vectors.chunks_exact(VECTORS * d).enumerate() {
        let sums = distances_sq::<S, Q>(simd, block.as_chunks::<VECTORS>().0, points, d);
        for (sums, lowered) in sums.iter().zip(&mut *lowered) {
            for (p, &sum) in sums.iter().enumerate() {
                let at = index * height + p * S::F32_LANES;
                let value = match candidates.closest {
                    Some(closest) => {
                        simd.min_f32s(sum, simd.partial_load_f32s(&closest.values[at..]))
                    }
                    None => sum,
                };
                simd.partial_store_f32s(&mut lowered.values[at..], value);
            }
        }
        let end = (index + 1) * height;
        if end.is_multiple_of(TILE) {
            let tile = end / TILE - 1;
            for lowered in &mut *lowered {
                lowered.tile_sums[tile] = tile_sum(
                    &lowered.values[end - TILE..end],
                    &candidates.weights[end - TILE..end],
                );
            }
        }
    }
}

/// Always fused, so that every processor finds the same numbers.
#[inline(always)]
fn distances_sq<S: Simd, const Q: usize>(
    simd: S,
    block: &[[S::f32s; VECTORS]],
    points: &[f32],
    d: usize,
) -> [[S::f32s; VECTORS]; Q] {
    let mut sums = [[simd.splat_f32s(0.0); VECTORS]; Q];
    for (column, x) in block.iter().enumerate() {
        for (q, sums) in sums.iter_mut().enumerate() {
            let value = simd.splat_f32s(points[q * d + column]);
            for p in 0..VECTORS {
                let difference = simd.sub_f32s(x[p], value);
                sums[p] = simd.mul_add_f32s(difference, difference, sums[p]);
            }
        }
    }
    sums
}

#[inline(always)]
fn tile_sum(values: &[f32], weights: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    for (values, weights) in values
        .as_chunks::<LANES>()
        .0
        .iter()
        .zip(weights.as_chunks::<LANES>().0)
    {
        for lane in 0..LANES {
            lanes[lane] += f64::from(values[lane]) * weights[lane];
        }
    }
    lanes.iter().sum()
}
