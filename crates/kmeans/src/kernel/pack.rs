//! Rows, as they lie in memory, into tiles: transposed, centered, scaled, in single precision.
//!
//! A tile of [`TILE`] rows is a sequence of blocks of [`block_rows`] rows; each block is `d x block_rows` values.

use crate::kernel::{Frame, Shorts, TILE, VECTORS, pack_shorts, tile_len};
use crate::real::Real;

/// Rows per block for vectors of `lanes` values.
#[inline(always)]
pub(super) const fn block_rows(lanes: usize) -> usize {
    VECTORS * lanes
}

/// Where the rows of a table lie, and into what frame they are brought.
#[derive(Debug)]
pub(crate) struct Source<'a, T> {
    pub(crate) data: &'a [T],
    pub(crate) d: usize,
    pub(super) center: Vec<T>,
    pub(super) scale: T,
}

impl<'a, T: Real> Source<'a, T> {
    pub(crate) fn new(data: &'a [T], d: usize, frame: &Frame) -> Self {
        Self {
            data,
            d,
            center: frame.center.iter().map(|&value| T::narrow(value)).collect(),
            scale: T::narrow(frame.scale),
        }
    }

    #[inline(always)]
    fn row(&self, row: u32) -> &'a [T] {
        &self.data[row as usize * self.d..][..self.d]
    }

    /// Eight rows, one by one, so that their equal length is seen and no index is checked in a loop over columns.
    #[inline(always)]
    pub(super) fn eight(&self, rows: &[u32; 8]) -> [&'a [T]; 8] {
        [
            self.row(rows[0]),
            self.row(rows[1]),
            self.row(rows[2]),
            self.row(rows[3]),
            self.row(rows[4]),
            self.row(rows[5]),
            self.row(rows[6]),
            self.row(rows[7]),
        ]
    }
}

/// Fills `tile` with these rows for vectors of `lanes` values.
#[inline(always)]
pub(crate) fn pack<T: Real>(
    source: &Source<T>,
    rows: &[u32; TILE],
    lanes: usize,
    tile: &mut [f32],
) {
    #[cfg(target_arch = "x86_64")]
    if source.d >= 4
        && lanes >= 8
        && let Some(simd) = crate::vector::avx2()
    {
        return simd.vectorize(avx2::Pack {
            simd,
            source,
            rows,
            lanes,
            tile,
        });
    }
    pack_plain(source, rows, lanes, tile);
}

fn pack_plain<T: Real>(source: &Source<T>, rows: &[u32; TILE], lanes: usize, tile: &mut [f32]) {
    let d = source.d;
    let height = block_rows(lanes);
    for (lane, &row) in rows.iter().enumerate() {
        let values = source.row(row);
        let block = &mut tile[lane / height * height * d..][..height * d];
        for (column, (value, center)) in values.iter().zip(&source.center).enumerate() {
            let moved = T::narrow(value.widen() - center.widen()).widen();
            block[column * height + lane % height] = (moved * source.scale.widen()) as f32;
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::__m256;

    use pulp::NullaryFnOnce;
    use pulp::x86::V3;

    use super::{Source, TILE, block_rows};
    use crate::real::Real;

    /// [`super::pack`] for at least 4 columns and vectors of at least 8 values.
    pub(super) struct Pack<'a, 'b, T> {
        pub(super) simd: V3,
        pub(super) source: &'b Source<'a, T>,
        pub(super) rows: &'b [u32; TILE],
        pub(super) lanes: usize,
        pub(super) tile: &'b mut [f32],
    }

    impl<T: Real> NullaryFnOnce for Pack<'_, '_, T> {
        type Output = ();

        #[inline(always)]
        fn call(self) {
            match block_rows(self.lanes) {
                16 => self.blocks::<16>(),
                _ => self.blocks::<32>(),
            }
        }
    }

    impl<T: Real> Pack<'_, '_, T> {
        /// With blocks of `H` rows.
        #[inline(always)]
        fn blocks<const H: usize>(self) {
            let blocks = self.tile.chunks_exact_mut(H * self.source.d);
            for (block, rows) in blocks.zip(self.rows.chunks_exact(H)) {
                for (group, rows) in rows.as_chunks::<8>().0.iter().enumerate() {
                    eight_rows::<T, H>(self.simd, self.source, rows, group * 8, block);
                }
            }
        }
    }

    /// Eight rows to eight neighboring places, the first of them `place`, of each of a block's columns.
    #[inline(always)]
    fn eight_rows<T: Real, const H: usize>(
        simd: V3,
        source: &Source<T>,
        rows: &[u32; 8],
        place: usize,
        block: &mut [f32],
    ) {
        let d = source.d;
        let rows = source.eight(rows);
        for (quarter, columns) in block.chunks_exact_mut(4 * H).enumerate() {
            four_columns::<T, H>(simd, source, &rows, quarter * 4, &mut columns[place..]);
        }
        if !d.is_multiple_of(4) {
            // The last step reaches back, so that it too takes four columns.
            four_columns::<T, H>(
                simd,
                source,
                &rows,
                d - 4,
                &mut block[(d - 4) * H + place..],
            );
        }
    }

    /// Four columns of eight rows, the first of them `from`, to where `columns` begins.
    #[inline(always)]
    fn four_columns<T: Real, const H: usize>(
        simd: V3,
        source: &Source<T>,
        rows: &[&[T]; 8],
        from: usize,
        columns: &mut [f32],
    ) {
        let avx = simd.avx;
        // Rows r and r + 4 share a register, so that shuffles within halves transpose both at once.
        let a = pair(simd, source, rows[0], rows[4], from);
        let b = pair(simd, source, rows[1], rows[5], from);
        let c = pair(simd, source, rows[2], rows[6], from);
        let d = pair(simd, source, rows[3], rows[7], from);
        let (ab_low, ab_high) = (avx._mm256_unpacklo_ps(a, b), avx._mm256_unpackhi_ps(a, b));
        let (cd_low, cd_high) = (avx._mm256_unpacklo_ps(c, d), avx._mm256_unpackhi_ps(c, d));
        let columns = &mut columns[..3 * H + 8];
        put(
            columns,
            0,
            avx._mm256_shuffle_ps::<0b01_00_01_00>(ab_low, cd_low),
        );
        put(
            columns,
            H,
            avx._mm256_shuffle_ps::<0b11_10_11_10>(ab_low, cd_low),
        );
        put(
            columns,
            2 * H,
            avx._mm256_shuffle_ps::<0b01_00_01_00>(ab_high, cd_high),
        );
        put(
            columns,
            3 * H,
            avx._mm256_shuffle_ps::<0b11_10_11_10>(ab_high, cd_high),
        );
    }

    #[inline(always)]
    fn pair<T: Real>(simd: V3, source: &Source<T>, low: &[T], high: &[T], from: usize) -> __m256 {
        let rows = [four_of(low, from), four_of(high, from)];
        T::two_fours(simd, rows, four_of(&source.center, from), source.scale)
    }

    #[inline(always)]
    fn four_of<T>(row: &[T], from: usize) -> &[T; 4] {
        row[from..].first_chunk().expect("four columns")
    }

    #[inline(always)]
    fn put(columns: &mut [f32], at: usize, values: __m256) {
        let values: [f32; 8] = pulp::cast(values);
        columns[at..at + 8].copy_from_slice(&values);
    }
}

/// All rows of a table as tiles, for vectors of `lanes` values.
pub(crate) fn pack_all<T: Real>(source: &Source<T>, n: usize, lanes: usize) -> Vec<f32> {
    let size = TILE * source.d;
    let mut tiles = vec![0.0; n.div_ceil(TILE) * size];
    for (index, tile) in tiles.chunks_exact_mut(size).enumerate() {
        pack(source, &consecutive(index * TILE, n), lanes, tile);
    }
    tiles
}

/// The same as whole numbers.
pub(crate) fn pack_all_shorts<T: Real>(source: &Source<T>, shorts: &Shorts, n: usize) -> Vec<i32> {
    let size = tile_len(source.d);
    let mut tiles = vec![0; n.div_ceil(TILE) * size];
    for (index, tile) in tiles.chunks_exact_mut(size).enumerate() {
        pack_shorts(source, shorts, &consecutive(index * TILE, n), tile);
    }
    tiles
}

/// The rows of a tile that begins at row `first`; places behind the last row repeat it.
#[inline(always)]
pub(crate) fn consecutive(first: usize, n: usize) -> [u32; TILE] {
    if first + TILE <= n {
        return std::array::from_fn(|lane| first as u32 + lane as u32);
    }
    std::array::from_fn(|lane| (first + lane).min(n - 1) as u32)
}

/// Up to a tile of rows, at least one; places behind the last row repeat it.
#[inline(always)]
pub(crate) fn padded(rows: &[u32]) -> [u32; TILE] {
    match rows.first_chunk() {
        Some(tile) => *tile,
        None => std::array::from_fn(|lane| rows[lane.min(rows.len() - 1)]),
    }
}
