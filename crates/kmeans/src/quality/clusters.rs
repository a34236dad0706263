//! Labeled points, sorted by cluster and checked: what all measures start from.

use rayon::prelude::*;

use crate::assign::squared_distances;
use crate::error::Error;
use crate::order::Order;
use crate::points::Points;
use crate::tiles::{LANES, Tiles};
use crate::update::exact_means;

/// Points sorted by cluster, then in canonical order; clusters without points are left out.
pub(super) struct Clusters {
    /// The sorted points, less their origin.
    pub(super) tiles: Tiles,
    /// For each place, the caller's row.
    pub(super) rows: Vec<usize>,
    /// For each place, the key for random draws.
    pub(super) keys: Vec<u64>,
    /// For each place, its cluster; rises from 0 without gaps.
    pub(super) labels: Vec<u32>,
    /// Points per cluster; none is 0.
    pub(super) sizes: Vec<usize>,
}

impl Clusters {
    /// Checks that there is one label below `k` per point, and sorts the points.
    pub(super) fn of(points: &Points, labels: &[u32], k: usize) -> Result<Self, Error> {
        if labels.len() != points.n() {
            return Err(Error::LabelCount {
                labels: labels.len(),
                points: points.n(),
            });
        }
        let wrong = labels
            .iter()
            .enumerate()
            .find(|&(_, &label)| label as usize >= k);
        if let Some((row, &label)) = wrong {
            return Err(Error::Label {
                row,
                label,
                clusters: k,
            });
        }
        let order = Order::of(points);
        let mut places: Vec<usize> = (0..points.n()).collect();
        places.sort_by_key(|&place| labels[order.rows[place]]);
        let rows: Vec<usize> = places.iter().map(|&place| order.rows[place]).collect();
        let mut sizes = Vec::new();
        let mut dense = Vec::with_capacity(rows.len());
        for cluster in rows.chunk_by(|&a, &b| labels[a] == labels[b]) {
            dense.resize(dense.len() + cluster.len(), sizes.len() as u32);
            sizes.push(cluster.len());
        }
        let keys = places.iter().map(|&place| order.keys[place]).collect();
        Ok(Self {
            tiles: Tiles::gather(points, &rows),
            rows,
            keys,
            labels: dense,
            sizes,
        })
    }

    /// The same, but at least two clusters and fewer than points, so that they can be compared.
    pub(super) fn comparable(points: &Points, labels: &[u32], k: usize) -> Result<Self, Error> {
        let clusters = Self::of(points, labels, k)?;
        if clusters.sizes.len() < 2 || clusters.sizes.len() >= points.n() {
            return Err(Error::NotComparable {
                clusters: clusters.sizes.len(),
                points: points.n(),
            });
        }
        Ok(clusters)
    }

    /// The mean of each cluster, `k x d`, less the points' origin.
    pub(super) fn means(&self) -> Vec<f64> {
        exact_means(&self.tiles, &self.labels, self.sizes.len())
            .into_iter()
            .flatten()
            .flatten()
            .collect()
    }

    /// The mean of all points, less their origin.
    pub(super) fn grand_mean(&self) -> Vec<f64> {
        exact_means(&self.tiles, &vec![0; self.labels.len()], 1)
            .into_iter()
            .flatten()
            .flatten()
            .collect()
    }

    /// For each place the squared distance to the mean of its cluster.
    pub(super) fn distances_sq(&self, means: &[f64]) -> Vec<f64> {
        let d = self.tiles.d();
        let mut distances_sq = vec![0.0; self.labels.len()];
        let blocks: Vec<&[f64]> = self.tiles.blocks().collect();
        let work = distances_sq
            .par_chunks_mut(LANES)
            .zip(self.labels.par_chunks(LANES))
            .zip(blocks);
        work.for_each(|((distances_sq, labels), block)| {
            for lanes in labels.chunk_by(|a, b| a == b) {
                let found = squared_distances(block, &means[lanes[0] as usize * d..][..d]);
                for (lane, label) in labels.iter().enumerate() {
                    if *label == lanes[0] {
                        distances_sq[lane] = found[lane];
                    }
                }
            }
        });
        distances_sq
    }
}
