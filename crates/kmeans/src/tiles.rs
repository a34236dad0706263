//! Points in the shape the hot loops want: column by column in blocks of [`LANES`] rows, less their origin.
//!
//! One row per lane means that each distance is summed in column order whatever the width of the vector registers,
//! so plain and vectorized code agree to the last bit.

use crate::points::Points;

/// Rows per block: 16 sums of 8 bytes fill half of SSE2's registers, and whole ones of AVX2 and AVX-512.
pub(crate) const LANES: usize = 16;

/// Blocks per chunk, the unit of parallel work and of partial sums; results depend on it in the last bits.
pub(crate) const CHUNK_BLOCKS: usize = 128;

/// Rows per chunk.
pub(crate) const CHUNK_ROWS: usize = CHUNK_BLOCKS * LANES;

/// `n` rows of `d` columns, as blocks of `d x LANES` values; the last block is filled up with zeros.
#[derive(Debug)]
pub(crate) struct Tiles {
    values: Vec<f64>,
    n: usize,
    d: usize,
}

impl Tiles {
    /// Copies the named rows of `points`, in that order, less the points' origin.
    pub(crate) fn gather(points: &Points, rows: &[usize]) -> Self {
        let d = points.d();
        let mut tiles = Self {
            values: vec![0.0; rows.len().div_ceil(LANES) * LANES * d],
            n: rows.len(),
            d,
        };
        for (block, rows) in tiles
            .values
            .chunks_exact_mut(LANES * d)
            .zip(rows.chunks(LANES))
        {
            for (lane, &row) in rows.iter().enumerate() {
                for (column, (&value, &origin)) in
                    points.row(row).iter().zip(points.origin()).enumerate()
                {
                    block[column * LANES + lane] = value - origin;
                }
            }
        }
        tiles
    }

    /// Copies the named places of these tiles, in that order.
    pub(crate) fn select(&self, places: &[usize]) -> Self {
        let d = self.d;
        let mut tiles = Self {
            values: vec![0.0; places.len().div_ceil(LANES) * LANES * d],
            n: places.len(),
            d,
        };
        for (block, places) in tiles
            .values
            .chunks_exact_mut(LANES * d)
            .zip(places.chunks(LANES))
        {
            for (lane, &place) in places.iter().enumerate() {
                for column in 0..d {
                    block[column * LANES + lane] = self.value(place, column);
                }
            }
        }
        tiles
    }

    pub(crate) fn n(&self) -> usize {
        self.n
    }

    pub(crate) fn d(&self) -> usize {
        self.d
    }

    /// All blocks, each `d x LANES`.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(LANES * self.d)
    }

    /// The blocks of the chunk that starts at row `chunk * CHUNK_ROWS`.
    pub(crate) fn chunk(&self, chunk: usize) -> impl Iterator<Item = &[f64]> {
        let size = CHUNK_BLOCKS * LANES * self.d;
        let end = ((chunk + 1) * size).min(self.values.len());
        self.values[chunk * size..end].chunks_exact(LANES * self.d)
    }

    pub(crate) fn value(&self, place: usize, column: usize) -> f64 {
        self.values[(place / LANES * self.d + column) * LANES + place % LANES]
    }

    /// The `d` values of one row.
    pub(crate) fn row(&self, place: usize) -> Vec<f64> {
        (0..self.d)
            .map(|column| self.value(place, column))
            .collect()
    }
}
