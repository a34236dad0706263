//! Rows, as they lie in memory, into tiles of whole numbers.

use std::arch::x86_64::__m256i;

use pulp::x86::V3;

use super::{BLOCK, Shorts};
use crate::kernel::{Source, TILE};
use crate::real::Real;

/// Fills `tile` with these rows.
#[inline(always)]
pub(crate) fn pack_shorts<T: Real>(
    source: &Source<T>,
    shorts: &Shorts,
    rows: &[u32; TILE],
    tile: &mut [i32],
) {
    struct Pack<'a, 'b, T>(
        &'b Source<'a, T>,
        &'b Shorts,
        &'b [u32; TILE],
        &'b mut [i32],
    );
    impl<T: Real> pulp::NullaryFnOnce for Pack<'_, '_, T> {
        type Output = ();

        #[inline(always)]
        fn call(self) {
            let Self(source, shorts, rows, tile) = self;
            let scale = T::narrow(shorts.per_unit * source.scale.widen());
            let blocks = tile.chunks_exact_mut(BLOCK * source.d.div_ceil(2));
            for (block, rows) in blocks.zip(rows.chunks_exact(BLOCK)) {
                for (group, rows) in rows.as_chunks::<8>().0.iter().enumerate() {
                    pack_eight(shorts.simd, source, scale, rows, &mut block[group * 8..]);
                }
            }
        }
    }
    shorts.simd.vectorize(Pack(source, shorts, rows, tile));
}

/// Eight rows to eight neighboring lanes, from where `block` begins, of each pair of columns.
#[inline(always)]
fn pack_eight<T: Real>(simd: V3, source: &Source<T>, scale: T, rows: &[u32; 8], block: &mut [i32]) {
    let d = source.d;
    let rows = source.eight(rows);
    let mut from = 0;
    while from + 8 <= d {
        pack_columns(simd, source, scale, &rows, from, block);
        from += 8;
    }
    if from + 1 < d {
        // The last step reaches back by whole pairs, so that it too takes eight columns.
        pack_columns(simd, source, scale, &rows, d - d % 2 - 8, block);
    }
    if !d.is_multiple_of(2) {
        let lanes = &mut block[(d / 2) * BLOCK..][..8];
        for (lane, row) in lanes.iter_mut().zip(&rows) {
            let moved = T::narrow(row[d - 1].widen() - source.center[d - 1].widen());
            let scaled = T::narrow(moved.widen() * scale.widen()).widen();
            // What is no number must be seen by its norm, as in the other columns.
            let whole = if scaled.is_nan() {
                i16::MIN
            } else {
                scaled.round_ties_even() as i16
            };
            *lane = i32::from(whole) & 0xFFFF;
        }
    }
}

/// Eight columns, the first of them `from`, of eight rows.
#[inline(always)]
fn pack_columns<T: Real>(
    simd: V3,
    source: &Source<T>,
    scale: T,
    rows: &[&[T]; 8],
    from: usize,
    block: &mut [i32],
) {
    // Rows r and r + 4 share a register, so that shuffles within halves transpose both at once.
    let a = both(simd, source, scale, (rows[0], rows[4]), from);
    let b = both(simd, source, scale, (rows[1], rows[5]), from);
    let c = both(simd, source, scale, (rows[2], rows[6]), from);
    let d = both(simd, source, scale, (rows[3], rows[7]), from);
    let avx2 = simd.avx2;
    let (ab_low, ab_high) = (
        avx2._mm256_unpacklo_epi32(a, b),
        avx2._mm256_unpackhi_epi32(a, b),
    );
    let (cd_low, cd_high) = (
        avx2._mm256_unpacklo_epi32(c, d),
        avx2._mm256_unpackhi_epi32(c, d),
    );
    let lanes = &mut block[from / 2 * BLOCK..][..3 * BLOCK + 8];
    put(lanes, 0, avx2._mm256_unpacklo_epi64(ab_low, cd_low));
    put(lanes, BLOCK, avx2._mm256_unpackhi_epi64(ab_low, cd_low));
    put(
        lanes,
        2 * BLOCK,
        avx2._mm256_unpacklo_epi64(ab_high, cd_high),
    );
    put(
        lanes,
        3 * BLOCK,
        avx2._mm256_unpackhi_epi64(ab_high, cd_high),
    );
}

#[inline(always)]
fn both<T: Real>(
    simd: V3,
    source: &Source<T>,
    scale: T,
    rows: (&[T], &[T]),
    from: usize,
) -> __m256i {
    let rows = [eight_of(rows.0, from), eight_of(rows.1, from)];
    T::two_eights(simd, rows, eight_of(&source.center, from), scale)
}

#[inline(always)]
fn eight_of<T>(row: &[T], from: usize) -> &[T; 8] {
    row[from..].first_chunk().expect("eight columns")
}

#[inline(always)]
fn put(lanes: &mut [i32], at: usize, values: __m256i) {
    let values: [i32; 8] = pulp::cast(values);
    lanes[at..at + 8].copy_from_slice(&values);
}
