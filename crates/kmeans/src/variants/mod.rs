//! Relatives of K-Means: the same means, under other rules. Each is called `...KMeans`, and what its `fit` returns
//! `...Fit`.
//!
//! | | when |
//! |---|---|
//! | [`SizedKMeans`] | no cluster may be smaller or larger than so many points |
//! | [`MiniBatchKMeans`] | points come in batches, and are not kept |
//! | [`BisectingKMeans`] | clusters are wanted as a tree |
//! | [`SphericalKMeans`] | only the direction of a row counts, not its length |
//! | [`TrimmedKMeans`] | some rows belong to no cluster and must not pull at any |
//!
//! What the crate promises for [`KMeans`](crate::KMeans) holds here too: the same rows, settings and seed give the same
//! bits on any number of threads and, label order aside, in any order of rows. Where a rule takes some of several equal
//! rows, those that come first in the caller's order are taken. None of these rules is part of a [`Model`]: its
//! [`assign`](crate::Model::assign) gives the nearest centroid, whatever the rule was.

mod bisecting;
mod mini_batch;
mod sized;
mod spherical;
mod transport;
mod trimmed;

use rayon::prelude::*;

use crate::definition::{Centroids, nearest_two};
use crate::lloyd::sums_of;
use crate::model::Model;
use crate::points::Points;
use crate::real::Real;
use crate::sums::ByExponent;
use crate::table::Table;
use crate::vector::widest;

pub use bisecting::{BisectingFit, BisectingKMeans, Split, descend};
pub use mini_batch::MiniBatchKMeans;
pub use sized::{SizedFit, SizedKMeans};
pub use spherical::{SphericalFit, SphericalKMeans};
pub use trimmed::{TrimmedFit, TrimmedKMeans};

/// Terms per piece of a parallel sum.
const SUMMED_AT_ONCE: usize = 1 << 16;

/// For each row its nearest centroid, of equals the lowest index.
#[derive(Debug)]
struct Nearest {
    labels: Vec<u32>,
    distances_sq: Vec<f64>,
}

impl Nearest {
    /// Time `O(n k d)`, in parallel.
    fn of<T: Real>(points: &Points<T>, centroids: &[f64]) -> Self {
        let abreast = Centroids::new(centroids, points.d());
        let nearest = |row: usize| {
            let found = widest(
                #[inline(always)]
                || nearest_two(points.row(row), &abreast),
            );
            (found.label, found.distance_sq)
        };
        let (mut labels, mut distances_sq) = (Vec::new(), Vec::new());
        let found = (0..points.n()).into_par_iter().map(nearest);
        found.unzip_into_vecs(&mut labels, &mut distances_sq);
        Self {
            labels,
            distances_sq,
        }
    }
}

/// What becomes of the mean of a cluster's rows; `None` leaves the centroid where it was.
type Place = fn(Vec<f64>) -> Option<Vec<f64>>;

/// Moves centroids to the means of their rows, and from there to their place; those without rows stay.
fn to_means<T: Real>(
    table: &Table<T>,
    clusters: &[Option<u32>],
    centroids: &mut [f64],
    place: Place,
) {
    let d = table.d();
    let sums = sums_of(table, clusters, centroids.len() / d);
    for (cluster, centroid) in centroids.chunks_exact_mut(d).enumerate() {
        let mut mean = centroid.to_vec();
        sums.mean(&table.grid, cluster, &mut mean);
        let has_rows = sums.weight(&table.grid, cluster) > 0.0;
        if let Some(placed) = place(mean).filter(|_| has_rows) {
            centroid.copy_from_slice(&placed);
        }
    }
}

/// Where an alternation ended; all parts belong to the centroids.
#[derive(Debug)]
struct Ended {
    centroids: Vec<f64>,
    labels: Vec<u32>,
    /// The labels of the rows that count.
    clusters: Vec<Option<u32>>,
    /// Sum of squared distances of the rows that count.
    objective: f64,
    iterations: usize,
}

impl Ended {
    fn model(&self, d: usize) -> Model {
        Model::new(self.centroids.clone(), self.centroids.len() / d, d)
            .expect("means of finite points are finite")
    }

    /// Rows that count, per cluster.
    fn sizes(&self, d: usize) -> Vec<u64> {
        let mut sizes = vec![0; self.centroids.len() / d];
        let counted = self.clusters.iter().flatten();
        counted.for_each(|&cluster| sizes[cluster as usize] += 1);
        sizes
    }
}

/// Alternates between labels and means until no centroid moves; `counted` says which rows count where.
///
/// Iterations are counted as in [`KMeans`](crate::KMeans).
fn alternate<T: Real>(
    table: &Table<T>,
    start: Vec<f64>,
    max_iterations: usize,
    counted: impl Fn(&Nearest) -> Vec<Option<u32>>,
    place: Place,
) -> Ended {
    let mut centroids = start;
    let mut nearest = Nearest::of(table.points, &centroids);
    let mut clusters = counted(&nearest);
    let mut iterations = 0;
    while iterations < max_iterations {
        iterations += 1;
        let before = centroids.clone();
        to_means(table, &clusters, &mut centroids, place);
        if centroids == before {
            break;
        }
        nearest = Nearest::of(table.points, &centroids);
        clusters = counted(&nearest);
    }
    let terms = nearest.distances_sq.iter().zip(&clusters);
    let terms: Vec<f64> = terms
        .filter_map(|(term, cluster)| cluster.map(|_| *term))
        .collect();
    Ended {
        objective: exact_sum(&terms),
        labels: nearest.labels,
        centroids,
        clusters,
        iterations,
    }
}

/// The run with the lowest objective, of equals the first.
fn best_of(runs: usize, run: impl Fn(usize) -> Ended + Sync) -> Ended {
    let numbered = (0..runs)
        .into_par_iter()
        .map(|number| (number, run(number)));
    let best = numbered.min_by(|a, b| {
        let by_objective = a.1.objective.total_cmp(&b.1.objective);
        by_objective.then(a.0.cmp(&b.0))
    });
    best.expect("there is at least one run").1
}

/// The sum of numbers in any order, rounded once.
fn exact_sum(terms: &[f64]) -> f64 {
    let of_part = |part: &[f64]| {
        let mut sum = ByExponent::default();
        for &term in part {
            sum.add(term);
        }
        sum
    };
    let mut parts: Vec<ByExponent> = terms.par_chunks(SUMMED_AT_ONCE).map(of_part).collect();
    let mut total = ByExponent::default();
    for part in &mut parts {
        total.take(part);
    }
    total.sum()
}
