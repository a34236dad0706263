//! Scores of a tile in whole numbers against all centroids, and the two smallest of each row.

use std::arch::x86_64::__m256i;

use pulp::x86::V3;

use super::{BLOCK, MOST_VALUE, ShortTargets};
use crate::kernel::{Scores, TILE, VECTORS};

/// The two smallest scores so far of two vectors of rows.
struct Leaders {
    best: [__m256i; VECTORS],
    second: [__m256i; VECTORS],
    label: [__m256i; VECTORS],
}

/// Scores a tile.
#[inline(always)]
pub(crate) fn score_shorts(tile: &[i32], targets: &ShortTargets, scores: &mut Scores) {
    struct Score<'a>(&'a [i32], &'a ShortTargets, &'a mut Scores);
    impl pulp::NullaryFnOnce for Score<'_> {
        type Output = ();

        #[inline(always)]
        fn call(self) {
            let Self(tile, targets, scores) = self;
            let simd = targets.shorts.simd;
            for (index, block) in tile.chunks_exact(BLOCK * targets.pairs).enumerate() {
                score_block(simd, block.as_chunks().0, targets, scores, index * BLOCK);
            }
        }
    }
    targets.shorts.simd.vectorize(Score(tile, targets, scores));
}

#[inline(always)]
fn score_block(
    simd: V3,
    block: &[[i32; BLOCK]],
    targets: &ShortTargets,
    scores: &mut Scores,
    at: usize,
) {
    let avx = simd.avx;
    let mut leaders = Leaders {
        best: [avx._mm256_set1_epi32(i32::MAX); VECTORS],
        second: [avx._mm256_set1_epi32(i32::MAX); VECTORS],
        label: [avx._mm256_setzero_si256(); VECTORS],
    };
    for &(first, len) in &targets.groups {
        let values = &targets.values[first * targets.pairs..][..len * targets.pairs];
        let half = &targets.half[first..][..len];
        match len {
            1 => group::<1>(simd, block, values, half, first, &mut leaders),
            2 => group::<2>(simd, block, values, half, first, &mut leaders),
            3 => group::<3>(simd, block, values, half, first, &mut leaders),
            4 => group::<4>(simd, block, values, half, first, &mut leaders),
            5 => group::<5>(simd, block, values, half, first, &mut leaders),
            _ => group::<6>(simd, block, values, half, first, &mut leaders),
        }
    }
    let (norms, is_outside) = norms(simd, block, targets.pairs);
    let per_norm = (1.0 / targets.shorts.per_unit / targets.shorts.per_unit) as f32;
    for p in 0..VECTORS {
        let at = at + p * 8;
        // Equal scores leave a row open.
        let second =
            simd.avx2
                ._mm256_blendv_epi8(leaders.second[p], leaders.best[p], is_outside[p]);
        store(
            simd,
            &mut scores.best,
            at,
            leaders.best[p],
            targets.square as f32,
        );
        store(simd, &mut scores.second, at, second, targets.square as f32);
        store(simd, &mut scores.norm_sq, at, norms[p], per_norm);
        let labels: [u32; 8] = pulp::cast(leaders.label[p]);
        scores.label[at..at + 8].copy_from_slice(&labels);
    }
}

/// The squared norms of rows, and which rows lie outside the radius; the norms of those may have overflown.
#[inline(always)]
fn norms(
    simd: V3,
    block: &[[i32; BLOCK]],
    pairs: usize,
) -> ([__m256i; VECTORS], [__m256i; VECTORS]) {
    let (avx, avx2) = (simd.avx, simd.avx2);
    // One bit more than sums of so many need, so that none becomes negative.
    let bits = pairs.next_power_of_two().trailing_zeros() + 1;
    let shift = pulp::cast([i64::from(bits), 0]);
    let mut norms = [avx._mm256_setzero_si256(); VECTORS];
    // The same without the last bits, which cannot overflow.
    let mut coarse = norms;
    for x in block {
        for p in 0..VECTORS {
            let squares = avx2._mm256_madd_epi16(vector(x, p), vector(x, p));
            norms[p] = avx2._mm256_add_epi32(norms[p], squares);
            coarse[p] = avx2._mm256_add_epi32(coarse[p], avx2._mm256_srl_epi32(squares, shift));
        }
    }
    let most = avx._mm256_set1_epi32((MOST_VALUE * MOST_VALUE) as i32 >> bits);
    let mut is_outside = norms;
    for p in 0..VECTORS {
        is_outside[p] = avx2._mm256_cmpgt_epi32(coarse[p], most);
    }
    (norms, is_outside)
}

#[inline(always)]
fn vector(x: &[i32; BLOCK], p: usize) -> __m256i {
    pulp::cast(x.as_chunks::<8>().0[p])
}

#[inline(always)]
fn store(simd: V3, scores: &mut [f32; TILE], at: usize, values: __m256i, square: f32) {
    let avx = simd.avx;
    let values = avx._mm256_mul_ps(avx._mm256_cvtepi32_ps(values), avx._mm256_set1_ps(square));
    let values: [f32; 8] = pulp::cast(values);
    scores[at..at + 8].copy_from_slice(&values);
}

/// The hot loop: per pair of columns two vectors of rows times `Q` centroids.
#[inline(always)]
fn group<const Q: usize>(
    simd: V3,
    block: &[[i32; BLOCK]],
    values: &[i32],
    half: &[i32],
    first: usize,
    leaders: &mut Leaders,
) {
    let (avx, avx2) = (simd.avx, simd.avx2);
    let mut sums = [[avx._mm256_setzero_si256(); VECTORS]; Q];
    for q in 0..Q {
        sums[q] = [avx._mm256_set1_epi32(half[q]); VECTORS];
    }
    for (x, negated) in block.iter().zip(values.as_chunks::<Q>().0) {
        for q in 0..Q {
            let value = avx._mm256_set1_epi32(negated[q]);
            for p in 0..VECTORS {
                let products = avx2._mm256_madd_epi16(vector(x, p), value);
                sums[q][p] = avx2._mm256_add_epi32(sums[q][p], products);
            }
        }
    }
    for q in 0..Q {
        let label = avx._mm256_set1_epi32((first + q) as i32);
        for p in 0..VECTORS {
            let score = sums[q][p];
            let is_better = avx2._mm256_cmpgt_epi32(leaders.best[p], score);
            let loser = avx2._mm256_max_epi32(score, leaders.best[p]);
            leaders.second[p] = avx2._mm256_min_epi32(leaders.second[p], loser);
            leaders.best[p] = avx2._mm256_min_epi32(leaders.best[p], score);
            leaders.label[p] = avx2._mm256_blendv_epi8(leaders.label[p], label, is_better);
        }
    }
}
