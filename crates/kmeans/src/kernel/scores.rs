//! Scores of a tile's rows against all centroids, and the two smallest of each row.

use pulp::Simd;

use crate::kernel::frame::Targets;
use crate::kernel::{TILE, VECTORS};

/// For each row of a tile the best and the second best score, the centroid of the best, and `|x|^2` in the frame.
///
/// Squared distances in the frame are `norm_sq + 2 * score`.
#[derive(Debug)]
pub(crate) struct Scores {
    pub(crate) best: [f32; TILE],
    pub(crate) second: [f32; TILE],
    pub(crate) label: [u32; TILE],
    pub(crate) norm_sq: [f32; TILE],
}

impl Scores {
    pub(crate) fn new() -> Self {
        Self {
            best: [0.0; TILE],
            second: [0.0; TILE],
            label: [0; TILE],
            norm_sq: [0.0; TILE],
        }
    }
}

/// The two smallest scores so far of three vectors of rows.
struct Leaders<S: Simd> {
    best: [S::f32s; VECTORS],
    second: [S::f32s; VECTORS],
    label: [S::u32s; VECTORS],
}

/// Scores a tile packed for `S::F32_LANES`. With one centroid the second best is infinite.
#[inline(always)]
pub(crate) fn score<S: Simd>(simd: S, tile: &[f32], targets: &Targets, scores: &mut Scores) {
    let (vectors, _) = S::as_simd_f32s(tile);
    let (best, _) = S::as_mut_simd_f32s(&mut scores.best);
    let (second, _) = S::as_mut_simd_f32s(&mut scores.second);
    let (label, _) = S::as_mut_simd_u32s(&mut scores.label);
    let (norms_sq, _) = S::as_mut_simd_f32s(&mut scores.norm_sq);
    for (index, block) in vectors.chunks_exact(VECTORS * targets.d).enumerate() {
        let block = block.as_chunks::<VECTORS>().0;
        let leaders = leaders(simd, block, targets);
        let norm_sq = norms(simd, block);
        for p in 0..VECTORS {
            let at = index * VECTORS + p;
            best[at] = leaders.best[p];
            second[at] = leaders.second[p];
            label[at] = leaders.label[p];
            norms_sq[at] = norm_sq[p];
        }
    }
}

#[inline(always)]
fn leaders<S: Simd>(simd: S, block: &[[S::f32s; VECTORS]], targets: &Targets) -> Leaders<S> {
    let mut leaders = Leaders::<S> {
        best: [simd.splat_f32s(f32::INFINITY); VECTORS],
        second: [simd.splat_f32s(f32::INFINITY); VECTORS],
        label: [simd.splat_u32s(0); VECTORS],
    };
    for &(first, len) in &targets.groups {
        let values = &targets.values[first * targets.d..][..len * targets.d];
        let half = &targets.half[first..][..len];
        match len {
            1 => group::<S, 1>(simd, block, values, half, first, &mut leaders),
            2 => group::<S, 2>(simd, block, values, half, first, &mut leaders),
            3 => group::<S, 3>(simd, block, values, half, first, &mut leaders),
            4 => group::<S, 4>(simd, block, values, half, first, &mut leaders),
            5 => group::<S, 5>(simd, block, values, half, first, &mut leaders),
            _ => group::<S, 6>(simd, block, values, half, first, &mut leaders),
        }
    }
    leaders
}

/// The hot loop: per column two vectors of rows times `Q` centroids.
#[inline(always)]
fn group<S: Simd, const Q: usize>(
    simd: S,
    block: &[[S::f32s; VECTORS]],
    values: &[f32],
    half: &[f32],
    first: usize,
    leaders: &mut Leaders<S>,
) {
    let half: &[f32; Q] = half.first_chunk().expect("one half norm per centroid");
    let mut sums = [[simd.splat_f32s(0.0); VECTORS]; Q];
    for q in 0..Q {
        sums[q] = [simd.splat_f32s(half[q]); VECTORS];
    }
    for (x, negated) in block.iter().zip(values.as_chunks::<Q>().0) {
        for q in 0..Q {
            let value = simd.splat_f32s(negated[q]);
            for p in 0..VECTORS {
                sums[q][p] = simd.mul_add_e_f32s(value, x[p], sums[q][p]);
            }
        }
    }
    for (q, sums) in sums.into_iter().enumerate() {
        let label = simd.splat_u32s((first + q) as u32);
        for (p, score) in sums.into_iter().enumerate() {
            let is_better = simd.less_than_f32s(score, leaders.best[p]);
            let loser = simd.max_f32s(score, leaders.best[p]);
            leaders.second[p] = simd.min_f32s(leaders.second[p], loser);
            leaders.best[p] = simd.min_f32s(leaders.best[p], score);
            leaders.label[p] = simd.select_u32s(is_better, label, leaders.label[p]);
        }
    }
}

#[inline(always)]
fn norms<S: Simd>(simd: S, block: &[[S::f32s; VECTORS]]) -> [S::f32s; VECTORS] {
    let mut norms = [simd.splat_f32s(0.0); VECTORS];
    for x in block {
        for p in 0..VECTORS {
            norms[p] = simd.mul_add_e_f32s(x[p], x[p], norms[p]);
        }
    }
    norms
}
