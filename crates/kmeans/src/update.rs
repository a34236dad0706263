//! New centroids: sums of rows per cluster, empty clusters refilled, exact means at the end.

use rayon::prelude::*;
use xsum::{Xsum, XsumSmall};

use crate::assign::{is_serial, nearest};
use crate::tiles::{CHUNK_ROWS, LANES, Tiles};
use crate::vector::widest;

/// Sums of the rows of each cluster under a labeling, and how many labels changed to get there.
#[derive(Debug, Clone)]
pub(crate) struct Sums {
    /// `k x d`, row-major.
    totals: Vec<f64>,
    counts: Vec<i64>,
    /// Rows whose label changed.
    pub(crate) changed: usize,
    d: usize,
}

impl Sums {
    fn zero(k: usize, d: usize) -> Self {
        Self {
            totals: vec![0.0; k * d],
            counts: vec![0; k],
            changed: 0,
            d,
        }
    }

    /// Labels all rows by their nearest centroid and sums them up in the same pass. From the sums under the labels as
    /// they were, only rows whose label changes are moved; without them every row is added.
    ///
    /// Chunks are summed on their own and then added in their order, so threads do not change the result.
    pub(crate) fn relabel(
        tiles: &Tiles,
        centroids: &[f64],
        labels: &mut [u32],
        before: Option<Self>,
    ) -> Self {
        let from_scratch = before.is_none();
        let work = |(chunk, labels): (usize, &mut [u32])| {
            let mut part = Self::zero(centroids.len() / tiles.d(), tiles.d());
            widest(
                #[inline(always)]
                || {
                    for (block, labels) in tiles.chunk(chunk).zip(labels.chunks_mut(LANES)) {
                        part.relabel_block(block, centroids, labels, from_scratch);
                    }
                },
            );
            part
        };
        let parts: Vec<Self> = if is_serial(tiles) {
            labels
                .chunks_mut(CHUNK_ROWS)
                .enumerate()
                .map(work)
                .collect()
        } else {
            labels
                .par_chunks_mut(CHUNK_ROWS)
                .enumerate()
                .map(work)
                .collect()
        };
        let k = centroids.len() / tiles.d();
        let mut sums = before.unwrap_or_else(|| Self::zero(k, tiles.d()));
        sums.changed = 0;
        parts.iter().fold(sums, Self::plus)
    }

    #[inline(always)]
    fn relabel_block(
        &mut self,
        block: &[f64],
        centroids: &[f64],
        labels: &mut [u32],
        from_scratch: bool,
    ) {
        let d = self.d;
        let (found, _) = nearest(block, centroids, d);
        for (lane, label) in labels.iter_mut().enumerate() {
            let nearest = found[lane] as u32;
            let stays = *label == nearest;
            if stays && !from_scratch {
                continue;
            }
            self.changed += usize::from(!stays);
            let columns = block.as_chunks::<LANES>().0;
            if !from_scratch {
                let old = *label as usize;
                self.counts[old] -= 1;
                for (sum, column) in self.totals[old * d..][..d].iter_mut().zip(columns) {
                    *sum -= column[lane];
                }
            }
            let new = nearest as usize;
            self.counts[new] += 1;
            for (sum, column) in self.totals[new * d..][..d].iter_mut().zip(columns) {
                *sum += column[lane];
            }
            *label = nearest;
        }
    }

    fn plus(mut self, other: &Self) -> Self {
        for (total, part) in self.totals.iter_mut().zip(&other.totals) {
            *total += part;
        }
        for (count, part) in self.counts.iter_mut().zip(&other.counts) {
            *count += part;
        }
        self.changed += other.changed;
        self
    }

    /// Gives each empty cluster the row farthest from its own centroid (as scikit-learn does), taken from a cluster
    /// that keeps at least one row. Rows of equal content are taken once. Ties go to the first in canonical order. The
    /// labels stay as they were; says whether a row was moved, after which these sums no longer fit them.
    pub(crate) fn refill_empty(
        &mut self,
        tiles: &Tiles,
        groups: &[u32],
        centroids: &[f64],
        labels: &[u32],
    ) -> bool {
        if self.counts.iter().all(|&count| count > 0) {
            return false;
        }
        let mut farthest: Vec<(f64, usize)> = Vec::with_capacity(tiles.n());
        for (place, &label) in labels.iter().enumerate() {
            let centroid = &centroids[label as usize * self.d..][..self.d];
            let squares = centroid
                .iter()
                .enumerate()
                .map(|(column, c)| (tiles.value(place, column) - c).powi(2));
            farthest.push((squares.sum(), place));
        }
        farthest.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut taken = Vec::new();
        let mut candidates = farthest.into_iter().map(|(_, place)| place);
        for cluster in 0..self.counts.len() {
            if self.counts[cluster] > 0 {
                continue;
            }
            let donates = |&place: &usize| {
                self.counts[labels[place] as usize] > 1 && !taken.contains(&groups[place])
            };
            let Some(place) = candidates.find(donates) else {
                break;
            };
            taken.push(groups[place]);
            self.move_row(&tiles.row(place), labels[place] as usize, cluster);
        }
        !taken.is_empty()
    }

    fn move_row(&mut self, row: &[f64], from: usize, to: usize) {
        for (column, value) in row.iter().enumerate() {
            self.totals[from * self.d + column] -= value;
            self.totals[to * self.d + column] = *value;
        }
        self.counts[from] -= 1;
        self.counts[to] = 1;
    }

    /// The mean of each cluster; a cluster without rows keeps its centroid.
    pub(crate) fn means(&self, centroids: &[f64]) -> Vec<f64> {
        let mut means = centroids.to_vec();
        for (index, mean) in means.iter_mut().enumerate() {
            let count = self.counts[index / self.d];
            if count > 0 {
                *mean = self.totals[index] / count as f64;
            }
        }
        means
    }
}

/// The mean of each cluster under `labels`, rounded once, `k x d`; `None` for a cluster without rows.
///
/// Sums are exact, so neither the order of rows nor a later, faster kernel changes a bit of it.
/// R. M. Neal: Fast exact summation using small and large superaccumulators, 2015. <https://doi.org/10.48550/arXiv.1505.05571>
pub(crate) fn exact_means(tiles: &Tiles, labels: &[u32], k: usize) -> Vec<Option<Vec<f64>>> {
    let counts = sizes(labels, k);
    let columns: Vec<Vec<f64>> = (0..tiles.d())
        .into_par_iter()
        .map(|column| {
            let mut sums: Vec<XsumSmall> = (0..k).map(|_| XsumSmall::new()).collect();
            for (block, labels) in tiles.blocks().zip(labels.chunks(LANES)) {
                for (&label, &value) in labels.iter().zip(&block[column * LANES..]) {
                    sums[label as usize].add(value);
                }
            }
            sums.iter_mut()
                .zip(&counts)
                .map(|(sum, &count)| rounded_mean(sum, count))
                .collect()
        })
        .collect();
    let mean_of = |cluster: usize| columns.iter().map(|means| means[cluster]).collect();
    (0..k)
        .map(|cluster| (counts[cluster] > 0).then(|| mean_of(cluster)))
        .collect()
}

/// Number of rows per cluster.
pub(crate) fn sizes(labels: &[u32], k: usize) -> Vec<u64> {
    let mut sizes = vec![0; k];
    for &label in labels {
        sizes[label as usize] += 1;
    }
    sizes
}

/// `sum / count`, corrected by what the division and the rounding of the sum left over, so that the mean of equal
/// values is that value and no mean leaves the range of its values.
fn rounded_mean(sum: &mut XsumSmall, count: u64) -> f64 {
    if count == 0 {
        return 0.0;
    }
    let count = count as f64;
    let mean = sum.sum() / count;
    let product = mean * count;
    sum.add(-product);
    sum.add(-mean.mul_add(count, -product));
    // Adding 0.0 makes a mean of negative zeros plain zero.
    mean + sum.sum() / count + 0.0
}

/// The sum of `values`, rounded once, in whatever order they come.
pub(crate) fn exact_sum(values: &[f64]) -> f64 {
    let mut sum = XsumSmall::new();
    sum.add_list(values);
    sum.sum() + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::Order;
    use crate::points::Points;

    fn tiles_of(data: &[f64], d: usize) -> (Tiles, Order) {
        let points = Points::new(data, data.len() / d, d).unwrap();
        let order = Order::of(&points);
        (Tiles::gather(&points, &order.rows), order)
    }

    #[test]
    fn empty_cluster_takes_the_farthest_point() {
        let (tiles, order) = tiles_of(&[0.0, 1.0, 2.0, 9.0], 1);
        let centroids = [1.0, 100.0];
        let mut labels = vec![u32::MAX; 4];
        let mut sums = Sums::relabel(&tiles, &centroids, &mut labels, None);
        sums.refill_empty(&tiles, &order.groups, &centroids, &labels);
        assert_eq!(sums.means(&centroids), [1.0, 9.0]);
    }

    #[test]
    fn two_empty_clusters_take_two_different_points() {
        let (tiles, order) = tiles_of(&[0.0, 1.0, 9.0, 9.0, 5.0], 1);
        let centroids = [1.0, 100.0, 200.0];
        let mut labels = vec![u32::MAX; 5];
        let mut sums = Sums::relabel(&tiles, &centroids, &mut labels, None);
        sums.refill_empty(&tiles, &order.groups, &centroids, &labels);
        assert_eq!(sums.means(&centroids), [10.0 / 3.0, 9.0, 5.0]);
    }

    #[test]
    fn the_mean_of_equal_values_is_that_value() {
        for value in [0.1, 1e-7, 3.3e12, -7.77] {
            for count in 1..300 {
                let mut sum = XsumSmall::new();
                (0..count).for_each(|_| sum.add(value));
                assert_eq!(
                    rounded_mean(&mut sum, count),
                    value,
                    "{count} times {value}"
                );
            }
        }
    }
}
