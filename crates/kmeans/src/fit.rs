//! The story of a fit: order the rows, run from several starts, keep the best, settle its numbers.

use rayon::prelude::*;

use crate::assign::assign;
use crate::config::{Init, KMeans};
use crate::draw::Stream;
use crate::error::Error;
use crate::init::{Rows, plus_plus, random};
use crate::lloyd::{Limits, Run, lloyd};
use crate::model::Model;
use crate::order::Order;
use crate::points::Points;
use crate::tiles::Tiles;
use crate::update::{exact_means, exact_sum, sizes};

/// Above this many rows restarts run on a sample, and only the best is refined on all rows.
const SAMPLE_ABOVE: usize = 32_768;

/// Rows of that sample.
const SAMPLE_ROWS: usize = 16_384;

/// Run number of the draw that picks the sample, apart from those of the restarts.
const SAMPLE_RUN: usize = usize::MAX;

/// Runs are made in waves of so many; when three of four agree after one, the rest is left out.
const WAVE: usize = 16;

/// Runs this close to the best inertia (relative) count as having found the same.
const AGREEMENT: f64 = 1e-6;

/// Rounds of exact means and labels after convergence; one changes nothing but the last digits, unless ties move.
const SETTLE_ROUNDS: usize = 100;

/// A fitted clustering. All parts describe one state: `labels` are the nearest of `model`'s centroids, `sizes` count
/// them and `inertia` sums their squared distances.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The centroids. Fewer than asked if there are fewer distinct points; then `warnings` says so.
    pub model: Model,
    /// For each point, in the caller's order, the index of its nearest centroid.
    pub labels: Vec<u32>,
    /// Number of points per cluster; none is 0.
    pub sizes: Vec<u64>,
    /// Sum of squared distances of the points to their centroids.
    pub inertia: f64,
    /// Lloyd iterations of the best run (of its last part, on all rows, if it began on a sample).
    pub iterations: usize,
    /// Why the best run ended.
    pub stop: Stop,
    /// How the runs compare.
    pub restarts: RestartSummary,
    /// What is odd but usable.
    pub warnings: Vec<Warning>,
}

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// No label changed, or centroids moved by no more than the tolerance.
    Converged,
    /// `max_iterations` were done first.
    MaxIterations,
}

/// How the independent runs compare: few that agree say that there are many ways to cut these points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RestartSummary {
    /// Runs made; fewer than asked where three of four agree early.
    pub runs: usize,
    /// Runs whose inertia is within 1e-6 (relative) of the best, the best included.
    pub agreed: usize,
    /// How much worse (relative) the best of the other runs is; `None` if all agreed.
    pub second_best_gap: Option<f64>,
    /// Rows of the sample that the runs were made on; `None` if on all rows.
    pub sample: Option<usize>,
}

/// What is odd but usable about a fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// Fewer points differ from each other than clusters were asked; each of them is a cluster.
    FewerDistinctPoints {
        /// Points that differ from each other.
        distinct: usize,
        /// Clusters asked.
        k: usize,
    },
    /// Some clusters ended without points and were left out.
    EmptyClusters {
        /// Clusters with points.
        clusters: usize,
        /// Clusters asked.
        k: usize,
    },
}

impl KMeans {
    /// Clusters `points`. Time `O(restarts x iterations x n k d)`, memory `O(n d)`, in parallel.
    ///
    /// The result depends on the set of rows and on these settings alone: not on the number of threads (rayon's
    /// current pool) and, but for the order of `labels`, not on the order of rows.
    ///
    /// # Errors
    /// [`Error::TooFewPoints`] if `k` is above the number of points, and one error per setting out of range.
    pub fn fit(&self, points: &Points) -> Result<Fit, Error> {
        self.check(points)?;
        let order = Order::of(points);
        let tiles = Tiles::gather(points, &order.rows);
        let rows = Rows {
            tiles: &tiles,
            keys: &order.keys,
            groups: &order.groups,
        };
        let (run, restarts) = self.best_run(rows, order.distinct(), points);
        let settled = settle(rows, run, points);
        let mut fit = settled.into_fit(&order, points, restarts);
        if order.distinct() < self.k {
            fit.warnings.push(Warning::FewerDistinctPoints {
                distinct: order.distinct(),
                k: self.k,
            });
        } else if fit.model.k() < self.k {
            fit.warnings.push(Warning::EmptyClusters {
                clusters: fit.model.k(),
                k: self.k,
            });
        }
        Ok(fit)
    }

    fn best_run(&self, rows: Rows, distinct: usize, points: &Points) -> (Run, RestartSummary) {
        let limits = self.limits(rows.tiles);
        if distinct < self.k || (distinct == self.k && !matches!(self.init, Init::Given(_))) {
            return alone(lloyd(rows, one_centroid_per_content(rows), limits));
        }
        if let Init::Given(centroids) = &self.init {
            let origin = points.origin().iter().cycle();
            let start = centroids
                .iter()
                .zip(origin)
                .map(|(value, origin)| value - origin)
                .collect();
            return alone(lloyd(rows, start, limits));
        }
        if rows.tiles.n() > SAMPLE_ABOVE
            && let Some((start, summary)) = self.best_of_sample(rows, limits)
        {
            return (lloyd(rows, start, limits), summary);
        }
        self.best_of_restarts(rows, limits)
    }

    /// The best of all restarts on these rows; of equal inertia the first run.
    fn best_of_restarts(&self, rows: Rows, limits: Limits) -> (Run, RestartSummary) {
        let from = |run| match self.init {
            Init::Random => random(rows, self.k, self.seed, run),
            Init::PlusPlus | Init::Given(_) => plus_plus(rows, self.k, self.seed, run),
        };
        let mut runs: Vec<Run> = Vec::with_capacity(self.restarts);
        while runs.len() < self.restarts && !settles(&runs) {
            let wave = runs.len()..self.restarts.min(runs.len() + WAVE);
            runs.par_extend(
                wave.into_par_iter()
                    .map(|run| lloyd(rows, from(run), limits)),
            );
        }
        let inertias: Vec<f64> = runs.iter().map(|run| run.inertia).collect();
        let best = runs.into_iter().reduce(|best, run| {
            if run.inertia < best.inertia {
                run
            } else {
                best
            }
        });
        (
            best.expect("at least one restart was checked for"),
            summarize(&inertias, None),
        )
    }

    /// The best centroids found on a sample, or `None` if the sample has too few distinct rows.
    fn best_of_sample(&self, rows: Rows, limits: Limits) -> Option<(Vec<f64>, RestartSummary)> {
        let stream = Stream::new(self.seed, SAMPLE_RUN, 0, 0);
        let mut drawn: Vec<(u64, usize)> = rows
            .keys
            .iter()
            .map(|&key| stream.bits(key))
            .zip(0..)
            .collect();
        drawn.select_nth_unstable(SAMPLE_ROWS);
        let mut places: Vec<usize> = drawn[..SAMPLE_ROWS]
            .iter()
            .map(|&(_, place)| place)
            .collect();
        places.sort_unstable();
        let tiles = rows.tiles.select(&places);
        let keys: Vec<u64> = places.iter().map(|&place| rows.keys[place]).collect();
        let groups = renumber(places.iter().map(|&place| rows.groups[place]));
        if groups.last().is_none_or(|&last| (last as usize) < self.k) {
            return None;
        }
        let sample = Rows {
            tiles: &tiles,
            keys: &keys,
            groups: &groups,
        };
        let (best, summary) = self.best_of_restarts(sample, limits);
        Some((
            best.centroids,
            RestartSummary {
                sample: Some(SAMPLE_ROWS),
                ..summary
            },
        ))
    }

    fn limits(&self, tiles: &Tiles) -> Limits {
        let movement_sq = if self.tolerance > 0.0 {
            self.tolerance * mean_variance(tiles)
        } else {
            0.0
        };
        Limits {
            max_iterations: self.max_iterations,
            movement_sq,
        }
    }
}

/// Whether so many runs agree on the best that more would find it again.
fn settles(runs: &[Run]) -> bool {
    let best = runs
        .iter()
        .map(|run| run.inertia)
        .fold(f64::INFINITY, f64::min);
    let agreed = runs
        .iter()
        .filter(|run| run.inertia - best <= AGREEMENT * best)
        .count();
    !runs.is_empty() && 4 * agreed >= 3 * runs.len()
}

/// Numbers that rise by one whenever the (sorted) given ones change.
fn renumber(groups: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut last = None;
    let mut next = 0;
    let renumbered = groups.map(|group| {
        next += u32::from(last.is_some_and(|last| last != group));
        last = Some(group);
        next
    });
    renumbered.collect()
}

fn mean_variance(tiles: &Tiles) -> f64 {
    let labels = vec![0; tiles.n()];
    let mean: Vec<f64> = exact_means(tiles, &labels, 1)
        .into_iter()
        .flatten()
        .flatten()
        .collect();
    let mut distances_sq = vec![0.0; tiles.n()];
    assign(tiles, &mean, &mut vec![0; tiles.n()], &mut distances_sq);
    exact_sum(&distances_sq) / (tiles.n() * tiles.d()) as f64
}

fn one_centroid_per_content(rows: Rows) -> Vec<f64> {
    let firsts = (0..rows.tiles.n())
        .filter(|&place| place == 0 || rows.groups[place] != rows.groups[place - 1]);
    firsts.flat_map(|place| rows.tiles.row(place)).collect()
}

fn alone(run: Run) -> (Run, RestartSummary) {
    (
        run,
        RestartSummary {
            runs: 1,
            agreed: 1,
            second_best_gap: None,
            sample: None,
        },
    )
}

fn summarize(inertias: &[f64], sample: Option<usize>) -> RestartSummary {
    let best = inertias.iter().copied().fold(f64::INFINITY, f64::min);
    let agrees = |inertia: f64| inertia - best <= AGREEMENT * best;
    let second = inertias
        .iter()
        .copied()
        .filter(|&inertia| !agrees(inertia))
        .fold(f64::INFINITY, f64::min);
    RestartSummary {
        runs: inertias.len(),
        agreed: inertias.iter().filter(|&&inertia| agrees(inertia)).count(),
        second_best_gap: (second.is_finite() && best > 0.0).then(|| (second - best) / best),
        sample,
    }
}

/// A run whose centroids are given in the caller's coordinates, and all else follows from them.
struct Settled {
    run: Run,
    /// `k x d`, in the caller's coordinates.
    centroids: Vec<f64>,
    distances_sq: Vec<f64>,
}

/// Replaces the means of a converged run by exact ones and labels all rows once more by the very centroids returned.
fn settle(rows: Rows, mut run: Run, points: &Points) -> Settled {
    let mut distances_sq = vec![0.0; rows.tiles.n()];
    let rounds = if run.is_fixed { SETTLE_ROUNDS } else { 1 };
    let mut centroids = Vec::new();
    for _ in 0..rounds {
        if run.is_fixed {
            let means = exact_means(
                rows.tiles,
                &run.labels,
                run.centroids.len() / rows.tiles.d(),
            );
            for (centroid, mean) in run.centroids.chunks_exact_mut(rows.tiles.d()).zip(means) {
                centroid.copy_from_slice(&mean.unwrap_or_else(|| centroid.to_vec()));
            }
        }
        centroids = round_to_caller(&mut run.centroids, points.origin());
        let before = run.labels.clone();
        assign(
            rows.tiles,
            &run.centroids,
            &mut run.labels,
            &mut distances_sq,
        );
        if before == run.labels {
            break;
        }
    }
    Settled {
        run,
        centroids,
        distances_sq,
    }
}

/// The centroids in the caller's coordinates; `centroids` become exactly these, less the origin.
fn round_to_caller(centroids: &mut [f64], origin: &[f64]) -> Vec<f64> {
    let pairs = centroids.iter_mut().zip(origin.iter().cycle());
    let rounded = pairs.map(|(value, origin)| {
        let there = *value + origin;
        *value = there - origin;
        there
    });
    rounded.collect()
}

impl Settled {
    /// Leaves out clusters without rows (which no label can name) and restores the caller's order.
    fn into_fit(self, order: &Order, points: &Points, restarts: RestartSummary) -> Fit {
        let d = points.d();
        let mut sizes = sizes(&self.run.labels, self.centroids.len() / d);
        let mut new_label = vec![0_u32; sizes.len()];
        let mut centroids = Vec::with_capacity(self.centroids.len());
        for (cluster, centroid) in self
            .centroids
            .chunks_exact(d)
            .enumerate()
            .filter(|&(c, _)| sizes[c] > 0)
        {
            new_label[cluster] = (centroids.len() / d) as u32;
            centroids.extend_from_slice(centroid);
        }
        sizes.retain(|&size| size > 0);
        let labels: Vec<u32> = self
            .run
            .labels
            .iter()
            .map(|&label| new_label[label as usize])
            .collect();
        let model =
            Model::new(centroids, sizes.len(), d).expect("means of finite points are finite");
        Fit {
            model,
            labels: order.restore(&labels),
            sizes,
            inertia: exact_sum(&self.distances_sq),
            iterations: self.run.iterations,
            stop: self.run.stop,
            restarts,
            warnings: Vec::new(),
        }
    }
}
