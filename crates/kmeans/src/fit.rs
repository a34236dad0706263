//! The story of a fit: merge and order the rows, search on them or on a sample, refine on all, tell what was found.

use std::ops::ControlFlow;

use crate::config::{Init, KMeans};
use crate::draw::Stream;
use crate::error::Error;
use crate::init::Seeder;
use crate::lloyd::{Limits, Run, Stop, Work, inertia, lloyd};
use crate::model::Model;
use crate::order::Canonical;
use crate::points::{AnyPoints, Points};
use crate::progress::{Progress, Stage, Watch};
use crate::real::Real;
use crate::search::{Outcome, RestartSummary, Search};
use crate::sums::Sums;
use crate::table::Table;

/// Above twice as many rows the search runs on a sample of so many, and only its best is refined on all rows.
const SAMPLE_ROWS: usize = 16_384;

/// With many clusters a sample has so many rows for each.
const SAMPLE_ROWS_PER_CLUSTER: usize = 64;

/// Run number of the draw that picks the sample, apart from those of the starts.
const SAMPLE_RUN: usize = usize::MAX;

/// A fitted clustering. All parts describe one state: `labels` are the nearest of `model`'s centroids, `sizes` count
/// them and `inertia` sums their squared distances.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Fit {
    /// The centroids. Fewer than asked if there are fewer distinct points; then `warnings` says so.
    pub model: Model,
    /// For each point, in the caller's order, the index of its nearest centroid.
    pub labels: Vec<u32>,
    /// Number of points per cluster; none is 0.
    pub sizes: Vec<u64>,
    /// Sum of squared distances of the points to their centroids, each times the point's weight.
    pub inertia: f64,
    /// Lloyd iterations of the best run (of its last part, on all rows, if it began on a sample).
    pub iterations: usize,
    /// Why the best run ended.
    pub stop: Stop,
    /// How the runs compare.
    pub restarts: RestartSummary,
    /// How much was computed, over all runs.
    pub work: Work,
    /// What is odd but usable.
    pub warnings: Vec<Warning>,
}

/// What is odd but usable about a fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
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
    /// Clusters `points`. Time `O(runs x iterations x n k d)` at most, in parallel; memory `O(k d)` and 8 bytes a point
    /// beside the points, and up to 32,768 rows (128 for each cluster, if that is more) for the search.
    ///
    /// The result depends on the set of rows and on these settings alone: not on the number of threads (rayon's current
    /// pool), the processor or, but for the order of `labels`, the order of rows.
    ///
    /// # Errors
    /// [`Error::TooFewPoints`] if `k` is above the number of points, and one error per setting out of range.
    pub fn fit<T: Real>(&self, points: &Points<T>) -> Result<Fit, Error> {
        self.fit_watched(points, None, &|_| ControlFlow::Continue(()))
    }

    /// The same for points that count as often as their weight says; a weight of 3 is the same as three equal points.
    ///
    /// Points of weight 0 are labeled but have no say.
    ///
    /// # Errors
    /// Those of [`KMeans::fit`]; [`Error::WeightCount`], [`Error::Weight`] for a weight that is negative, not finite or
    /// larger than 1e15 times another, [`Error::TooFewPoints`] if fewer than `k` points have a positive weight, and
    /// [`Error::TooSmall`] if those that have one differ by too little.
    pub fn fit_weighted<T: Real>(&self, points: &Points<T>, weights: &[f64]) -> Result<Fit, Error> {
        self.fit_watched(points, Some(weights), &|_| ControlFlow::Continue(()))
    }

    /// The same, telling `watch` how far it has come; stops soon after `watch` says [`ControlFlow::Break`].
    ///
    /// # Errors
    /// Those of [`KMeans::fit_weighted`]; [`Error::Interrupted`] if `watch` asked to stop.
    pub fn fit_watched<T: Real>(
        &self,
        points: &Points<T>,
        weights: Option<&[f64]>,
        watch: Watch,
    ) -> Result<Fit, Error> {
        self.fit_any(&points.told(), weights, watch)
    }

    #[inline(never)]
    fn fit_any(
        &self,
        points: &AnyPoints,
        weights: Option<&[f64]>,
        watch: Watch,
    ) -> Result<Fit, Error> {
        match points {
            AnyPoints::Single(points) => self.fit_one_precision(points, weights, watch),
            AnyPoints::Double(points) => self.fit_one_precision(points, weights, watch),
        }
    }

    fn fit_one_precision<T: Real>(
        &self,
        points: &Points<T>,
        weights: Option<&[f64]>,
        watch: Watch,
    ) -> Result<Fit, Error> {
        self.check(points)?;
        if let Some(weights) = weights {
            self.check_weights(points, weights)?;
        }
        let job = Job {
            settings: self,
            points,
            weights,
            watch,
        };
        // On a thread of the pool once, not once per pass.
        rayon::scope(|_| job.fit())
    }

    /// Rows of the sample that a search on a large table runs on.
    fn sample_rows(&self) -> usize {
        SAMPLE_ROWS.max(self.k.saturating_mul(SAMPLE_ROWS_PER_CLUSTER))
    }

    /// Bytes that a fit of `n x d` points needs beside them, at most: labels and bounds, sums per thread, and the
    /// rows that the search works on.
    pub fn memory(&self, n: usize, d: usize) -> usize {
        let (k, threads) = (self.k, rayon::current_num_threads());
        let per_row = 8 * n;
        let sums = k * (d + 1) * 32 * (4 * threads + 1);
        let searched = if n > 2 * self.sample_rows() {
            self.sample_rows()
        } else {
            n
        };
        let search = match self.init {
            Init::Given(_) => 0,
            _ => searched * (14 * d + 32 + threads * (16 + 4 * (4 + libm::log(k as f64) as usize))),
        };
        per_row + sums + search
    }
}

/// One number of clusters to find.
pub(crate) struct Job<'j, 'a, T: Real> {
    pub(crate) settings: &'j KMeans,
    pub(crate) points: &'j Points<'a, T>,
    pub(crate) weights: Option<&'j [f64]>,
    pub(crate) watch: Watch<'j>,
}

impl<T: Real> Job<'_, '_, T> {
    fn fit(&self) -> Result<Fit, Error> {
        if let Init::Given(centroids) = &self.settings.init {
            let run = self.refine(centroids.clone())?;
            return Ok(self.to_fit(run, RestartSummary::alone(), Work::default()));
        }
        let canonical = self.canonical();
        // What counts may be narrower than all there is: too narrow, perhaps.
        let rows = Points::new(&canonical.values, canonical.len(), self.points.d())?;
        if canonical.len() <= self.settings.k {
            return self.one_cluster_per_content(&canonical);
        }
        let table = Table::packed(&rows, canonical.weights(), self.settings.k);
        let seeder = Seeder::new(&table);
        let outcome = self
            .search(&seeder, self.limits(&table), &canonical)
            .run(&|restart| seeder.start(self.settings, restart));
        self.finish(&canonical, outcome)
    }

    /// The rows that count, in the order that the search works on; a sample of many.
    pub(crate) fn canonical(&self) -> Canonical {
        let stream = Stream::new(self.settings.seed, SAMPLE_RUN, 0, 0);
        Canonical::of(
            self.points,
            self.weights,
            self.settings.sample_rows(),
            2 * self.settings.sample_rows(),
            stream,
        )
    }

    pub(crate) fn search<'s, 't>(
        &'s self,
        seeder: &'s Seeder<'s, 't>,
        limits: Limits,
        canonical: &Canonical,
    ) -> Search<'s, 't> {
        Search::new(
            seeder,
            self.settings,
            limits,
            canonical.is_sample,
            self.watch,
        )
    }

    /// What was found, in the caller's order of rows; refined on all rows where the search was on some.
    pub(crate) fn finish(
        &self,
        canonical: &Canonical,
        outcome: Option<Outcome>,
    ) -> Result<Fit, Error> {
        let outcome = outcome.ok_or(Error::Interrupted)?;
        if let Some(places) = &canonical.place_of_row {
            let labels = places
                .iter()
                .map(|&place| outcome.best.labels[place as usize])
                .collect();
            let run = Run {
                labels,
                ..outcome.best
            };
            return Ok(self.to_fit(run, outcome.summary, outcome.work));
        }
        let run = self.refine(outcome.best.centroids)?;
        let summary = RestartSummary {
            sample: canonical.is_sample.then_some(canonical.len()),
            ..outcome.summary
        };
        Ok(self.to_fit(run, summary, outcome.work))
    }

    /// Lloyd's algorithm on all rows.
    fn refine(&self, start: Vec<f64>) -> Result<Run, Error> {
        let table = Table::new(self.points, self.weights, self.settings.k);
        let limits = self.limits(&table);
        let watch = |iteration| {
            (self.watch)(Progress {
                stage: Stage::Refining,
                done: iteration,
                of: limits.max_iterations,
            })
        };
        let run = lloyd(&table, start, limits, &watch);
        match run.stop {
            Stop::Interrupted => Err(Error::Interrupted),
            Stop::Converged | Stop::MaxIterations => Ok(run),
        }
    }

    pub(crate) fn one_cluster_per_content(&self, canonical: &Canonical) -> Result<Fit, Error> {
        let run = self.refine(canonical.values.clone())?;
        Ok(self.to_fit(run, RestartSummary::alone(), Work::default()))
    }

    pub(crate) fn limits<U: Real>(&self, table: &Table<U>) -> Limits {
        let tolerance = self.settings.tolerance;
        Limits {
            max_iterations: self.settings.max_iterations,
            movement_sq: if tolerance > 0.0 {
                tolerance * mean_variance(table)
            } else {
                0.0
            },
        }
    }

    /// Leaves out clusters without rows, which no label can name.
    fn to_fit(&self, run: Run, restarts: RestartSummary, searched: Work) -> Fit {
        let d = self.points.d();
        let mut sizes = vec![0_u64; run.centroids.len() / d];
        run.labels
            .iter()
            .for_each(|&label| sizes[label as usize] += 1);
        let mut labels = run.labels;
        let mut centroids = run.centroids;
        if sizes.contains(&0) {
            let mut new_label = Vec::with_capacity(sizes.len());
            let mut kept = Vec::with_capacity(centroids.len());
            for (centroid, &size) in centroids.chunks_exact(d).zip(&sizes) {
                new_label.push((kept.len() / d) as u32);
                kept.extend_from_slice(if size > 0 { centroid } else { &[] });
            }
            for label in &mut labels {
                *label = new_label[*label as usize];
            }
            centroids = kept;
            sizes.retain(|&size| size > 0);
        }
        let model =
            Model::new(centroids, sizes.len(), d).expect("means of finite points are finite");
        let warnings = self.warnings(model.k());
        let mut work = run.work;
        work += searched;
        Fit {
            model,
            labels,
            sizes,
            inertia: run.inertia,
            iterations: run.iterations,
            stop: run.stop,
            restarts,
            work,
            warnings,
        }
    }

    fn warnings(&self, clusters: usize) -> Vec<Warning> {
        let k = self.settings.k;
        if clusters == k {
            return Vec::new();
        }
        let stream = Stream::new(self.settings.seed, SAMPLE_RUN, 0, 0);
        let distinct = Canonical::of(self.points, self.weights, k, 0, stream).len();
        vec![if distinct < k {
            Warning::FewerDistinctPoints { distinct, k }
        } else {
            Warning::EmptyClusters { clusters, k }
        }]
    }
}

/// The mean over columns of their (weighted) variances.
fn mean_variance<T: Real>(table: &Table<T>) -> f64 {
    let mut sums = Sums::new(1, &table.grid);
    for row in 0..table.n() {
        sums.add(&table.grid, 0, table.row(row), table.weight(row), 1.0);
    }
    sums.carry(&table.grid);
    let mut mean = vec![0.0; table.d()];
    sums.mean(&table.grid, 0, &mut mean);
    inertia(table, &vec![0; table.n()], &mean) / sums.weight(&table.grid, 0) / table.d() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::Labeled;
    use crate::vector::narrow;

    /// Overlapping groups, some columns with a long tail: many near ties, and many optima.
    fn table(n: usize, d: usize, seed: u64) -> Vec<f64> {
        let number = |key| Stream::new(seed, 0, 0, 0).uniform(key);
        let value = |at: usize| {
            let (row, column) = ((at / d) as u64, at % d);
            let group = (number(row) * 5.0).floor() * 0.4;
            let noise = number(1_000_000 + at as u64);
            if column % 3 == 2 {
                group + 0.3 / (noise + 0.05)
            } else {
                group + 3.0 * noise
            }
        };
        (0..n * d).map(value).collect()
    }

    #[test]
    fn a_processor_without_wide_vectors_finds_the_same() {
        for (case, (n, d, k)) in [
            (300, 3, 4),
            (500, 9, 6),
            (400, 12, 13),
            (700, 2, 9),
            (900, 5, 7),
        ]
        .into_iter()
        .enumerate()
        {
            for seed in 0..8 {
                let data = table(n, d, case as u64 + 10 * seed);
                let points = Points::new(&data, n, d).unwrap();
                let settings = KMeans {
                    k,
                    seed,
                    ..KMeans::default()
                };
                let said = || {
                    let fit = settings.fit(&points).unwrap();
                    let labeled = Labeled::new(&points, &fit.labels, fit.model.k()).unwrap();
                    let silhouette = labeled.silhouette().unwrap();
                    // How much is computed may differ, what comes of it may not.
                    let fit = Fit {
                        work: Work::default(),
                        ..fit
                    };
                    (fit, silhouette)
                };
                assert_eq!(narrow::run(said), said(), "{n} x {d}, k = {k}, seed {seed}");
            }
        }
    }
}
