//! Silhouettes of several labelings of the same points: each distance is computed once for all of them.
//!
//! Points that all labelings keep together form a cell. Distances are summed per cell; a cluster's sum is that of its
//! cells.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::error::Error;
use crate::quality::Labeled;
use crate::real::Real;

use super::blocks::{Block, Place};
use super::{Silhouette, pairs, silhouette_of};

/// Rows whose sums are in work at once on a thread.
const ROWS: usize = 128;

/// The exact silhouettes of several labelings of the same points, the same bits as [`Labeled::silhouette`] of each
/// but for the last digits.
///
/// Time `O(n^2 d)` for all together, where they agree on many points (as those of neighboring numbers of clusters do);
/// labelings that have little in common are measured one by one.
///
/// # Errors
/// [`Error::NotComparable`] unless every labeling has 2 to n - 1 clusters with points.
pub fn silhouettes<T: Real>(labelings: &[Labeled<'_, T>]) -> Result<Vec<Silhouette>, Error> {
    labelings.iter().try_for_each(Labeled::check_comparable)?;
    match Shared::of(labelings) {
        Some(shared) if shared.pays() => Ok(shared.silhouettes()),
        _ => labelings.iter().map(Labeled::silhouette).collect(),
    }
}

struct Shared<'l, 'p, T: Real> {
    labelings: &'l [Labeled<'p, T>],
    /// The points, labeled with their cells.
    cells: Labeled<'p, T>,
    /// For each labeling the cluster of each cell.
    clusters: Vec<Vec<usize>>,
}

impl<'l, 'p, T: Real> Shared<'l, 'p, T> {
    /// None where the labelings are not of the same weighted points.
    fn of(labelings: &'l [Labeled<'p, T>]) -> Option<Self> {
        let first = labelings.first()?;
        if !labelings.iter().all(|other| other.table.same(&first.table)) {
            return None;
        }
        let n = first.clusters.len();
        let together = |row: usize| -> Vec<Option<u32>> {
            let clusters = labelings.iter().map(|labeled| labeled.clusters[row]);
            clusters.collect()
        };
        let mut known: BTreeMap<Vec<Option<u32>>, u32> = BTreeMap::new();
        let labels: Vec<u32> = (0..n)
            .map(|row| {
                let next = known.len() as u32;
                *known.entry(together(row)).or_insert(next)
            })
            .collect();
        let cells = first.relabeled(&labels, known.len());
        let mut clusters = vec![vec![0; cells.k()]; labelings.len()];
        for (row, cell) in cells.clusters.iter().enumerate() {
            for (labeled, clusters) in labelings.iter().zip(&mut clusters) {
                if let (Some(cell), Some(cluster)) = (cell, labeled.clusters[row]) {
                    clusters[*cell as usize] = cluster as usize;
                }
            }
        }
        Some(Self {
            labelings,
            cells,
            clusters,
        })
    }

    /// Whether one pass from every row to every other, each cell padded, is less work than a pass over the pairs for
    /// each labeling.
    fn pays(&self) -> bool {
        let n = self.cells.clusters.len();
        2 * (n + 2 * self.cells.k()) < self.labelings.len() * n
    }

    fn silhouettes(&self) -> Vec<Silhouette> {
        let places = Place::all(&self.cells);
        let others = Block::to_hold(&self.cells, &places);
        let weights: Vec<Vec<f64>> = self.labelings.iter().map(Labeled::weights).collect();
        let parts: Vec<Vec<(usize, Vec<f64>)>> = places
            .par_chunks(ROWS)
            .map(|places| {
                let mut block = Block::mixed(&self.cells, places);
                pairs::one_way(&mut block, &others);
                let rows = block.sums_of_rows();
                rows.map(|(row, sums)| (row, self.values(row, &sums, &weights)))
                    .collect()
            })
            .collect();
        let rows: Vec<(usize, Vec<f64>)> = parts.into_iter().flatten().collect();
        let of = |at: usize| rows.iter().map(move |(row, values)| (*row, values[at]));
        self.labelings
            .iter()
            .enumerate()
            .map(|(at, labeled)| labeled.gathered(of(at).collect()))
            .collect()
    }

    /// The silhouettes of a row in all labelings, from its sums of distances to each cell.
    fn values(&self, row: usize, to_cells: &[f64], weights: &[Vec<f64>]) -> Vec<f64> {
        let labelings = self.labelings.iter().zip(&self.clusters).zip(weights);
        labelings
            .map(|((labeled, clusters), weights)| {
                let mut sums = vec![0.0; labeled.k()];
                for (sum, cluster) in to_cells.iter().zip(clusters) {
                    sums[*cluster] += sum;
                }
                silhouette_of(&sums, labeled.own(row), weights)
            })
            .collect()
    }
}
