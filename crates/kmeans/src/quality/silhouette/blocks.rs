//! Rows sorted by cluster and cut into blocks, laid out so that one lane of a vector is one row.

use std::ops::Range;

use pulp::{Simd, WithSimd};
use rayon::prelude::*;

use crate::draw::mix;
use crate::order::{compare, content_hash};
use crate::quality::Labeled;
use crate::real::Real;
use crate::vector;

/// Vectors of rows in a tile.
pub(super) const VECTORS: usize = 2;

/// Rows of the other side that are held against a tile at once; tiles are a multiple of it.
pub(super) const HELD: usize = 4;

/// Blocks of a large table; more of them keep more threads busy, fewer compare fewer rows with their own block.
const BLOCKS: usize = 16;

/// Rows of a block, at least and at most.
const FEWEST_ROWS: usize = 64;
const MOST_ROWS: usize = 2048;

/// A row at its place in the order by cluster, then by content.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) cluster: u32,
    row: u32,
    hash: u64,
    /// Equal rows of the cluster before this one.
    copy: u64,
}

impl Place {
    /// All rows of positive weight, in order.
    pub(super) fn all<T: Real>(labeled: &Labeled<T>) -> Vec<Self> {
        let table = &labeled.table;
        let rows = labeled.clusters.par_iter().enumerate();
        let weighty = rows.filter(|&(row, cluster)| cluster.is_some() && table.weight(row) > 0.0);
        let mut places: Vec<Self> = weighty
            .map(|(row, cluster)| Self {
                cluster: cluster.expect("looked for"),
                row: row as u32,
                hash: content_hash(table.row(row)),
                copy: 0,
            })
            .collect();
        let content = |place: &Self| table.row(place.row as usize);
        places.par_sort_unstable_by(|a, b| {
            let by_hash = (a.cluster, a.hash).cmp(&(b.cluster, b.hash));
            by_hash
                .then_with(|| compare(content(a), content(b)))
                .then(a.row.cmp(&b.row))
        });
        for at in 1..places.len() {
            let (before, here) = (places[at - 1], places[at]);
            let is_copy = (before.cluster, before.hash) == (here.cluster, here.hash)
                && compare(content(&before), content(&here)).is_eq();
            places[at].copy = if is_copy { before.copy + 1 } else { 0 };
        }
        places
    }

    /// Whether both rows are of one cluster.
    pub(super) fn together(&self, other: &Self) -> bool {
        self.cluster == other.cluster
    }

    /// A key for random draws, whatever the order of rows.
    pub(super) fn key(&self) -> u64 {
        mix(self.hash ^ mix(self.copy))
    }
}

/// Neighboring tiles of one cluster.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) cluster: usize,
    pub(super) tiles: Range<usize>,
}

/// Rows that a tile is compared with at once.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// Per column.
    pub(super) columns: Vec<[f64; HELD]>,
    pub(super) weights: [f64; HELD],
}

/// Where a block's rows lie.
#[derive(Debug)]
pub(super) struct Shape {
    /// Per tile `d x height` coordinates, less the points' origin; places without a row repeat another.
    coordinates: Vec<f64>,
    /// Per place; 0 without a row.
    weights: Vec<f64>,
    /// Per place.
    rows: Vec<Option<u32>>,
    pub(super) runs: Vec<Run>,
    d: usize,
    /// Clusters that distances are summed for.
    k: usize,
    /// Places of a tile: as many as the vectors of the processor at hand have lanes.
    height: usize,
}

impl Shape {
    #[inline(always)]
    pub(super) fn tile(&self, tile: usize) -> &[f64] {
        let size = self.height * self.d;
        &self.coordinates[tile * size..][..size]
    }

    #[inline(always)]
    pub(super) fn weights(&self, tile: usize) -> &[f64] {
        &self.weights[tile * self.height..][..self.height]
    }

    /// The sums of a tile's rows for one cluster.
    #[inline(always)]
    pub(super) fn sums_of<'s>(
        &self,
        sums: &'s mut [f64],
        tile: usize,
        cluster: usize,
    ) -> &'s mut [f64] {
        &mut sums[(tile * self.k + cluster) * self.height..][..self.height]
    }

    /// The groups of a run's rows that are held at once.
    #[inline(always)]
    pub(super) fn groups(&self, run: &Run) -> Range<usize> {
        let per_tile = self.height / HELD;
        run.tiles.start * per_tile..run.tiles.end * per_tile
    }

    /// Takes hold of a group of rows.
    #[inline(always)]
    pub(super) fn hold(&self, group: usize, held: &mut Held) {
        let per_tile = self.height / HELD;
        let columns = self.tile(group / per_tile).as_chunks::<HELD>().0;
        held.columns.clear();
        held.columns
            .extend(columns.iter().skip(group % per_tile).step_by(per_tile));
        held.weights = self.weights.as_chunks::<HELD>().0[group];
    }

    #[inline(always)]
    pub(super) fn add_to_held(
        &self,
        sums: &mut [f64],
        group: usize,
        cluster: usize,
        more: [f64; HELD],
    ) {
        let per_tile = self.height / HELD;
        let sums = self.sums_of(sums, group / per_tile, cluster);
        for (sum, more) in sums.as_chunks_mut::<HELD>().0[group % per_tile]
            .iter_mut()
            .zip(more)
        {
            *sum += more;
        }
    }

    fn push_tile<T: Real>(&mut self, labeled: &Labeled<T>, places: &[Place]) {
        let (table, first) = (&labeled.table, self.coordinates.len());
        self.coordinates.resize(first + self.d * self.height, 0.0);
        for lane in 0..self.height {
            let place = places[lane.min(places.len() - 1)];
            let values = table
                .row(place.row as usize)
                .iter()
                .zip(table.points.origin());
            for (column, (value, origin)) in values.enumerate() {
                self.coordinates[first + column * self.height + lane] = value.widen() - origin;
            }
            let row = places.get(lane).map(|place| place.row);
            self.rows.push(row);
            self.weights
                .push(row.map_or(0.0, |row| table.weight(row as usize)));
        }
    }
}

/// Rows with their sums of distances to each cluster.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) shape: Shape,
    /// Per tile and cluster, one per place.
    pub(super) sums: Vec<f64>,
}

impl Block {
    /// Cuts sorted rows into blocks.
    pub(super) fn cut<T: Real>(labeled: &Labeled<T>, places: &[Place]) -> Vec<Self> {
        let height = vector::run(Height).next_multiple_of(HELD);
        let rows = places.len().div_ceil(BLOCKS).clamp(FEWEST_ROWS, MOST_ROWS);
        places
            .par_chunks(rows)
            .map(|places| Self::of(labeled, places.chunk_by(Place::together), height))
            .collect()
    }

    /// Sorted rows that others are held against, in tiles no higher than what is held at once.
    pub(super) fn to_hold<T: Real>(labeled: &Labeled<T>, places: &[Place]) -> Self {
        Self::of(labeled, places.chunk_by(Place::together), HELD)
    }

    /// Rows in one run, whatever their clusters: for sums on their side alone.
    pub(super) fn mixed<T: Real>(labeled: &Labeled<T>, places: &[Place]) -> Self {
        let height = vector::run(Height).next_multiple_of(HELD);
        Self::of(labeled, std::iter::once(places), height)
    }

    fn of<'p, T: Real>(
        labeled: &Labeled<T>,
        runs: impl Iterator<Item = &'p [Place]>,
        height: usize,
    ) -> Self {
        let mut shape = Shape {
            coordinates: Vec::new(),
            weights: Vec::new(),
            rows: Vec::new(),
            runs: Vec::new(),
            d: labeled.table.d(),
            k: labeled.k(),
            height,
        };
        for cluster in runs {
            let first = shape.rows.len() / height;
            cluster
                .chunks(height)
                .for_each(|places| shape.push_tile(labeled, places));
            shape.runs.push(Run {
                cluster: cluster[0].cluster as usize,
                tiles: first..shape.rows.len() / height,
            });
        }
        let sums = vec![0.0; shape.rows.len() * labeled.k()];
        Self { shape, sums }
    }

    /// The rows with their sums of distances per cluster.
    pub(super) fn sums_of_rows(&self) -> impl Iterator<Item = (usize, Vec<f64>)> {
        let Shape { height, k, .. } = self.shape;
        let places = self.shape.rows.iter().enumerate();
        places.filter_map(move |(place, row)| {
            let tile = &self.sums[place / height * k * height..][..k * height];
            let sums = tile.iter().skip(place % height).step_by(height).copied();
            row.map(|row| (row as usize, sums.collect()))
        })
    }
}

/// Rows of a tile.
struct Height;

impl WithSimd for Height {
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> usize {
        VECTORS * S::F64_LANES
    }
}
