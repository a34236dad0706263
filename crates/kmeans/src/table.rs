//! Points made ready for many passes: what does not depend on centroids is worked out once.

use pulp::{Simd, WithSimd};

use crate::kernel::{Frame, Shorts, Source, pack_all, pack_all_shorts};
use crate::points::Points;
use crate::real::Real;
use crate::sums::Grid;
use crate::vector;

/// With fewer clusters, reading rows takes longer than scoring them: whole numbers do not pay.
pub(crate) const MANY_CLUSTERS: usize = 12;

/// Points, their weights, the frame the filter sees them in, and the grids they are summed on.
#[derive(Debug)]
pub(crate) struct Table<'a, T: Real> {
    pub(crate) points: &'a Points<'a, T>,
    weights: Option<&'a [f64]>,
    pub(crate) frame: Frame,
    pub(crate) source: Source<'a, T>,
    pub(crate) grid: Grid,
    /// How rows become whole numbers, where that can be.
    pub(crate) shorts: Option<Shorts>,
    /// All rows packed once, for tables that many runs pass over.
    pub(crate) tiles: Option<Vec<f32>>,
    pub(crate) short_tiles: Option<Vec<i32>>,
}

impl<'a, T: Real> Table<'a, T> {
    /// A table to pass over a few times with `k` clusters: `O(d)` memory beside the points.
    pub(crate) fn new(points: &'a Points<'a, T>, weights: Option<&'a [f64]>, k: usize) -> Self {
        let frame = Frame::of(points);
        let heaviest = weights.map_or(1.0, |weights| weights.iter().copied().fold(0.0, f64::max));
        let source = Source::new(points.values(), points.d(), &frame);
        Self {
            points,
            weights,
            shorts: (k >= MANY_CLUSTERS)
                .then(|| Shorts::of(&source, &frame))
                .flatten(),
            source,
            frame,
            grid: Grid::of(points, heaviest),
            tiles: None,
            short_tiles: None,
        }
    }

    /// The same with a packed copy of all rows, 4 bytes a value: for small tables and many passes.
    pub(crate) fn packed(points: &'a Points<'a, T>, weights: Option<&'a [f64]>, k: usize) -> Self {
        struct PackAll<'s, 'a, T>(&'s Source<'a, T>, usize);
        impl<T: Real> WithSimd for PackAll<'_, '_, T> {
            type Output = Vec<f32>;

            #[inline(always)]
            fn with_simd<S: Simd>(self, _: S) -> Vec<f32> {
                pack_all(self.0, self.1, S::F32_LANES)
            }
        }
        let mut table = Self::new(points, weights, k);
        table.tiles = Some(vector::run(PackAll(&table.source, points.n())));
        table.short_tiles = table
            .shorts
            .map(|shorts| pack_all_shorts(&table.source, &shorts, points.n()));
        table
    }

    pub(crate) fn n(&self) -> usize {
        self.points.n()
    }

    pub(crate) fn d(&self) -> usize {
        self.points.d()
    }

    #[inline(always)]
    pub(crate) fn row(&self, row: usize) -> &'a [T] {
        self.points.row(row)
    }

    #[inline(always)]
    pub(crate) fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row])
    }

    /// Whether the other is of the very same points and weights.
    pub(crate) fn same(&self, other: &Self) -> bool {
        let weights = |table: &Self| table.weights.map(<[f64]>::as_ptr);
        std::ptr::eq(self.points, other.points) && weights(self) == weights(other)
    }

    /// A table of the same points and weights, for `k` clusters.
    pub(crate) fn again(&self, k: usize) -> Self {
        Self::new(self.points, self.weights, k)
    }
}
