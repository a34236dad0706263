//! Clusters by splitting in two, again and again.

use rayon::prelude::*;

use super::{exact_sum, to_means};
use crate::config::{KMeans, check_clusters};
use crate::definition::distance_sq;
use crate::error::Error;
use crate::model::Model;
use crate::points::Points;
use crate::real::Real;
use crate::small::is_small;
use crate::table::Table;

/// Splits the cluster of largest inertia in two, until there are `k`.
///
/// Each split is a fit of two clusters with the default settings of [`KMeans`]. Clusters are nested, so they are a tree;
/// the price is an inertia above that of a plain fit. To go on from it, give [`KMeans`] the centroids as
/// [`Init::Given`](crate::Init::Given).
///
/// M. Steinbach, G. Karypis, V. Kumar: A comparison of document clustering techniques. KDD Workshop on Text Mining, 2000.
/// <http://glaros.dtc.umn.edu/gkhome/fetch/papers/docclusterKDDTMW00.pdf>
///
/// ```
/// use tribus_kmeans::{Points, variants::BisectingKMeans};
///
/// let data = [0.0, 1.0, 10.0, 11.0, 100.0, 101.0];
/// let points = Points::new(&data, 6, 1)?;
/// let fit = BisectingKMeans { k: 3, ..BisectingKMeans::default() }.fit(&points)?;
/// assert_eq!(fit.sizes, [2, 2, 2]);
/// // First 100 and 101 from the rest, then the rest.
/// assert_eq!(fit.splits[1].inertia_after, 1.0);
/// # Ok::<(), tribus_kmeans::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, default))]
pub struct BisectingKMeans {
    /// Number of clusters, 1 to the number of points. Default 8.
    pub k: usize,
    /// Start of all random draws: the same seed gives the same result. Default 0.
    pub seed: u64,
}

impl Default for BisectingKMeans {
    fn default() -> Self {
        Self { k: 8, seed: 0 }
    }
}

/// One split. Nodes of the tree are numbered as they come: 0 holds all points, split `i` makes `2 i + 1` and `2 i + 2`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// The node that was split.
    pub parent: usize,
    /// The two nodes that it became.
    pub children: [usize; 2],
    /// Inertia of the parent.
    pub inertia_before: f64,
    /// Inertia of both children together.
    pub inertia_after: f64,
}

/// The leaves of the tree, and the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct BisectingFit {
    /// The means of the leaves. Fewer than asked if there are fewer distinct points.
    pub model: Model,
    /// For each point, in the caller's order, its leaf; not always that of its nearest centroid.
    pub labels: Vec<u32>,
    /// Number of points per leaf; none is 0.
    pub sizes: Vec<u64>,
    /// Sum of squared distances of the points to the means of their leaves.
    pub inertia: f64,
    /// In the order they were made, one less than leaves.
    pub splits: Vec<Split>,
    /// For each label, the number of its node.
    pub nodes: Vec<usize>,
    /// The mean of each node, from 0 on, row by row.
    pub means: Vec<f64>,
}

impl BisectingFit {
    /// The leaf of each point, by going down the tree: of two children, to the one whose mean is nearer (of equals the
    /// first). For the points that were clustered these are `labels`. Time `O(n k d)` at worst, in parallel.
    ///
    /// # Errors
    /// [`Error::Columns`] if the points have other columns.
    pub fn assign<T: Real>(&self, points: &Points<T>) -> Result<Vec<u32>, Error> {
        if points.d() != self.model.d() {
            return Err(Error::Columns {
                expected: self.model.d(),
                found: points.d(),
            });
        }
        let steps = self
            .splits
            .iter()
            .map(|split| (split.parent, split.children));
        Ok(descend(points, &self.means, steps, &self.nodes))
    }
}

/// As [`BisectingFit::assign`], of a tree that is kept as its parts: the means of the nodes, row by row; parent and children
/// of each split; for each label its node.
///
/// # Panics
/// If a split or a label speaks of a node that has no mean.
pub fn descend<T: Real>(
    points: &Points<T>,
    means: &[f64],
    splits: impl IntoIterator<Item = (usize, [usize; 2])>,
    nodes: &[usize],
) -> Vec<u32> {
    let d = points.d();
    let count = means.len() / d;
    let (mut children, mut labels) = (vec![None; count], vec![0; count]);
    for (parent, pair) in splits {
        children[parent] = Some(pair);
    }
    for (label, node) in (0..).zip(nodes) {
        labels[*node] = label;
    }
    let mean = |node: usize| &means[node * d..(node + 1) * d];
    let leaf = |row: usize| {
        let mut node = 0;
        while let Some([left, right]) = children[node] {
            let [one, other] = [left, right].map(|child| distance_sq(points.row(row), mean(child)));
            node = if other < one { right } else { left };
        }
        labels[node]
    };
    if is_small(points.n(), count, d) {
        (0..points.n()).map(leaf).collect()
    } else {
        (0..points.n()).into_par_iter().map(leaf).collect()
    }
}

/// A cluster that may be split.
struct Leaf {
    node: usize,
    rows: Vec<u32>,
    centroid: Vec<f64>,
    /// Of each row.
    inertia: f64,
    is_final: bool,
}

impl BisectingKMeans {
    /// Clusters `points`. Time that of `k - 1` fits of two clusters, on ever smaller parts; memory that of such a fit
    /// and a copy of the part.
    ///
    /// # Errors
    /// [`Error::ClusterCount`] if `k` is 0, [`Error::TooFewPoints`] if it is above the number of points.
    pub fn fit<T: Real>(&self, points: &Points<T>) -> Result<BisectingFit, Error> {
        check_clusters(self.k, points)?;
        let all: Vec<u32> = (0..points.n() as u32).collect();
        let mut leaves = leaves_of(points, &all, &vec![0; all.len()], 1);
        let mut splits = Vec::new();
        let mut means = leaves[0].centroid.clone();
        while leaves.len() < self.k {
            let Some(largest) = largest(&leaves) else {
                break;
            };
            let Some([mut left, mut right]) = self.split(points, &leaves[largest].rows) else {
                leaves[largest].is_final = true;
                continue;
            };
            (left.node, right.node) = (2 * splits.len() + 1, 2 * splits.len() + 2);
            splits.push(Split {
                parent: leaves[largest].node,
                children: [left.node, right.node],
                inertia_before: leaves[largest].inertia,
                inertia_after: left.inertia + right.inertia,
            });
            means.extend(left.centroid.iter().chain(&right.centroid));
            leaves[largest] = left;
            leaves.push(right);
        }
        Ok(to_fit(points, &leaves, splits, means))
    }

    /// `None` if the rows are equal, or too close to be told apart by squared distances.
    fn split<T: Real>(&self, points: &Points<T>, rows: &[u32]) -> Option<[Leaf; 2]> {
        let values = rows.iter().flat_map(|&row| points.row(row as usize));
        let values: Vec<T> = values.copied().collect();
        let part = Points::new(&values, rows.len(), points.d()).ok()?;
        let settings = KMeans {
            k: 2,
            seed: self.seed,
            ..KMeans::default()
        };
        let fit = settings.fit(&part).ok()?;
        leaves_of(&part, rows, &fit.labels, fit.model.k())
            .try_into()
            .ok()
    }
}

/// The leaf of largest inertia, of equals the first; `None` if none can be split.
fn largest(leaves: &[Leaf]) -> Option<usize> {
    let can_be_split = |&at: &usize| !leaves[at].is_final && leaves[at].inertia > 0.0;
    let by_inertia = |a: &usize, b: &usize| {
        let order = leaves[*a].inertia.total_cmp(&leaves[*b].inertia);
        order.then(b.cmp(a))
    };
    (0..leaves.len()).filter(can_be_split).max_by(by_inertia)
}

/// One leaf per label, of points that are `rows` of the caller's.
fn leaves_of<T: Real>(points: &Points<T>, rows: &[u32], labels: &[u32], k: usize) -> Vec<Leaf> {
    let d = points.d();
    let clusters: Vec<Option<u32>> = labels.iter().copied().map(Some).collect();
    let mut centroids = vec![0.0; k * d];
    to_means(
        &Table::new(points, None, k),
        &clusters,
        &mut centroids,
        Some,
    );
    let leaf = |(label, centroid): (u32, &[f64])| {
        let of_label = (0..rows.len()).filter(|&at| labels[at] == label);
        let of_label: Vec<usize> = of_label.collect();
        let terms = of_label
            .iter()
            .map(|&at| distance_sq(points.row(at), centroid));
        Leaf {
            node: 0,
            inertia: exact_sum(&terms.collect::<Vec<f64>>()),
            rows: of_label.iter().map(|&at| rows[at]).collect(),
            centroid: centroid.to_vec(),
            is_final: false,
        }
    };
    (0..).zip(centroids.chunks_exact(d)).map(leaf).collect()
}

fn to_fit<T: Real>(
    points: &Points<T>,
    leaves: &[Leaf],
    splits: Vec<Split>,
    means: Vec<f64>,
) -> BisectingFit {
    let mut labels = vec![0; points.n()];
    for (label, leaf) in (0..).zip(leaves) {
        leaf.rows
            .iter()
            .for_each(|&row| labels[row as usize] = label);
    }
    let centroids = leaves.iter().flat_map(|leaf| &leaf.centroid).copied();
    let inertias: Vec<f64> = leaves.iter().map(|leaf| leaf.inertia).collect();
    BisectingFit {
        model: Model::new(centroids.collect(), leaves.len(), points.d())
            .expect("means of finite points are finite"),
        labels,
        sizes: leaves.iter().map(|leaf| leaf.rows.len() as u64).collect(),
        inertia: exact_sum(&inertias),
        splits,
        nodes: leaves.iter().map(|leaf| leaf.node).collect(),
        means,
    }
}
