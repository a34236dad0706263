//! Labeled points, checked: what all measures start from.

use crate::error::Error;
use crate::lloyd::sums_of;
use crate::points::Points;
use crate::real::Real;
use crate::table::Table;
use crate::weights;

/// Points with a label each, and perhaps a weight each, known to fit together.
#[derive(Debug)]
pub struct Labeled<'a, T: Real = f64> {
    pub(super) table: Table<'a, T>,
    /// For each point its cluster, counting from 0 without gaps; `None` for points of weight 0 in no such cluster.
    pub(super) clusters: Vec<Option<u32>>,
    /// Points of positive weight per cluster; none is 0.
    pub(super) sizes: Vec<usize>,
}

impl<'a, T: Real> Labeled<'a, T> {
    /// Points and one label below `k` for each, in their order. Time `O(n)`, memory `O(n)`.
    ///
    /// # Errors
    /// [`Error::LabelCount`] unless there is one label per point, [`Error::Label`] if one is not below `k`.
    pub fn new(points: &'a Points<'a, T>, labels: &[u32], k: usize) -> Result<Self, Error> {
        Self::of(points, labels, k, None)
    }

    /// The same with a weight for each point: a point of weight 3 counts as three equal points, one of 0 not at all.
    ///
    /// # Errors
    /// Those of [`Labeled::new`]; [`Error::WeightCount`] unless there is one weight per point, [`Error::Weight`] if one
    /// is negative, not finite or lost beside others.
    pub fn weighted(
        points: &'a Points<'a, T>,
        labels: &[u32],
        k: usize,
        weights: &'a [f64],
    ) -> Result<Self, Error> {
        weights::check(points.n(), weights)?;
        Self::of(points, labels, k, Some(weights))
    }

    fn of(
        points: &'a Points<'a, T>,
        labels: &[u32],
        k: usize,
        weights: Option<&'a [f64]>,
    ) -> Result<Self, Error> {
        check_labels(points.n(), labels, k)?;
        Ok(Self::labeling(Table::new(points, weights, 1), labels, k))
    }

    /// The same points and weights under other labels, one below `k` for each.
    pub(super) fn relabeled(&self, labels: &[u32], k: usize) -> Self {
        Self::labeling(self.table.again(1), labels, k)
    }

    fn labeling(table: Table<'a, T>, labels: &[u32], k: usize) -> Self {
        let mut counts = vec![0; k];
        for (row, &label) in labels.iter().enumerate() {
            counts[label as usize] += usize::from(table.weight(row) > 0.0);
        }
        let mut next = 0;
        let dense: Vec<Option<u32>> = counts
            .iter()
            .map(|&count| {
                next += u32::from(count > 0);
                (count > 0).then(|| next - 1)
            })
            .collect();
        Self {
            table,
            clusters: labels.iter().map(|&label| dense[label as usize]).collect(),
            sizes: counts.into_iter().filter(|&count| count > 0).collect(),
        }
    }

    /// Clusters with points of positive weight.
    pub(super) fn k(&self) -> usize {
        self.sizes.len()
    }

    /// Checks that there are clusters to compare: at least two, and fewer than points.
    pub(super) fn check_comparable(&self) -> Result<(), Error> {
        let points: usize = self.sizes.iter().sum();
        let weights = (0..self.clusters.len()).map(|row| self.table.weight(row));
        match self.k() {
            2.. if self.k() < points || weights.sum::<f64>() > self.k() as f64 => Ok(()),
            clusters => Err(Error::NotComparable { clusters, points }),
        }
    }

    /// The mean and the total weight of each cluster and, last, of all points; means are less the points' origin, so
    /// that a large common offset costs no digits.
    pub(super) fn means(&self) -> Means {
        let (k, d) = (self.k(), self.table.d());
        let mut clusters = sums_of(&self.table, &self.clusters, k);
        let mut means = Means {
            values: vec![0.0; (k + 1) * d],
            weights: Vec::with_capacity(k + 1),
            d,
        };
        let grid = &self.table.grid;
        for (cluster, mean) in means.values.chunks_exact_mut(d).enumerate() {
            if cluster == k {
                clusters.merge(grid);
            }
            let at = cluster % k;
            clusters.mean_from_origin(grid, at, mean);
            means.weights.push(clusters.weight(grid, at));
        }
        means
    }

    /// The squared distance from a point, less the origin, to a mean; every value exact to the last digits.
    pub(super) fn distance_sq(&self, row: usize, mean: &[f64]) -> f64 {
        let values = self.table.row(row).iter().zip(self.table.points.origin());
        values.zip(mean).fold(0.0, |sum, ((value, origin), mean)| {
            let difference = value.widen() - origin - mean;
            sum + difference * difference
        })
    }
}

/// Means of the clusters, then of all points.
pub(super) struct Means {
    values: Vec<f64>,
    pub(super) weights: Vec<f64>,
    d: usize,
}

impl Means {
    pub(super) fn of(&self, cluster: usize) -> &[f64] {
        &self.values[cluster * self.d..][..self.d]
    }

    pub(super) fn clusters(&self) -> impl Iterator<Item = &[f64]> {
        self.values
            .chunks_exact(self.d)
            .take(self.weights.len() - 1)
    }
}

fn check_labels(n: usize, labels: &[u32], k: usize) -> Result<(), Error> {
    if labels.len() != n {
        return Err(Error::LabelCount {
            labels: labels.len(),
            points: n,
        });
    }
    match labels.iter().position(|&label| label as usize >= k) {
        Some(row) => Err(Error::Label {
            row,
            label: labels[row],
            clusters: k,
        }),
        None => Ok(()),
    }
}
