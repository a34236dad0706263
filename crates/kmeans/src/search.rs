//! The search for a good optimum: many starts, then moves between optima that plain restarts cannot make.
//!
//! Each start runs Lloyd's algorithm and then single moves ([`crate::hartigan`]). The best of these are recombined:
//! two solutions are matched centroid by centroid, one of each pair is taken, one centroid is thrown to another place,
//! and the result is improved as a start is. D. Gribel and T. Vidal: HG-means: a scalable hybrid genetic algorithm for
//! minimum sum-of-squares clustering. Pattern Recognition 88, 2019. <https://doi.org/10.1016/j.patcog.2018.12.022>
//!
//! Waves are made in parallel and looked at in their order, so threads do not change what is found.

use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::config::KMeans;
use crate::definition::distance_sq;
use crate::draw::Stream;
use crate::init::Seeder;
use crate::lloyd::{Limits, Run, Work, lloyd, lloyd_and_moves, shaken};
use crate::progress::{Progress, Stage, Watch};
use crate::table::Table;

/// Runs are made in waves of so many; whether to go on is decided between waves.
const WAVE: usize = 16;

/// Iterations of each start of a race, and how many starts it takes for one to go on.
const RACED_ITERATIONS: usize = 4;
const RACED_PER_WINNER: usize = 4;

/// Runs this close to the best inertia (relative) count as having found the same.
const AGREEMENT: f64 = 1e-6;

/// Solutions closer than this (relative inertia) are one solution.
const SAME: f64 = 1e-10;

/// Solutions that are recombined.
const POPULATION: usize = 10;

/// Run numbers of recombinations begin here, apart from those of starts.
const RECOMBINATION_RUN: usize = 1 << 32;

/// How the independent runs compare: few that agree say that there are many ways to cut these points.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RestartSummary {
    /// Runs made: starts and recombinations; fewer than asked where the search ended early.
    pub runs: usize,
    /// Starts among these.
    pub starts: usize,
    /// Starts whose inertia is within 1e-6 (relative) of the best found.
    pub agreed: usize,
    /// How much worse (relative) the best of the other runs is; `None` if all agreed.
    pub second_best_gap: Option<f64>,
    /// Rows of the sample that the runs were made on; `None` if on all rows.
    pub sample: Option<usize>,
}

impl RestartSummary {
    /// Of one run that has nothing to compare with.
    pub(crate) fn alone() -> Self {
        Self {
            runs: 1,
            starts: 1,
            agreed: 1,
            second_best_gap: None,
            sample: None,
        }
    }
}

/// Solutions this close to the best (relative inertia) are shaken, at most so many of them.
const NEAR: f64 = 1e-4;
const SHAKEN: usize = 4;

/// Run numbers of shakes.
const SHAKE_RUN: usize = 1 << 33;

/// A search over rows in canonical order.
pub(crate) struct Search<'s, 'a> {
    table: &'s Table<'a, f64>,
    seeder: &'s Seeder<'s, 'a>,
    settings: &'s KMeans,
    limits: Limits,
    /// Whether single moves are worth making: on a sample they would fit its noise.
    is_polished: bool,
    watch: Watch<'s>,
    is_stopped: AtomicBool,
    done: AtomicUsize,
}

/// What a search found.
pub(crate) struct Outcome {
    pub(crate) best: Run,
    pub(crate) summary: RestartSummary,
    pub(crate) work: Work,
}

impl<'s, 'a> Search<'s, 'a> {
    pub(crate) fn new(
        seeder: &'s Seeder<'s, 'a>,
        settings: &'s KMeans,
        limits: Limits,
        is_sample: bool,
        watch: Watch<'s>,
    ) -> Self {
        Self {
            table: seeder.table(),
            seeder,
            settings,
            limits,
            is_polished: settings.recombinations > 0 && !is_sample,
            watch,
            is_stopped: AtomicBool::new(false),
            done: AtomicUsize::new(0),
        }
    }

    /// The best solution found from the centroids of each restart; `None` if the caller asked to stop.
    pub(crate) fn run(self, start: &(dyn Fn(usize) -> Vec<f64> + Sync)) -> Option<Outcome> {
        let mut found = Found::default();
        self.starts(&mut found, start);
        self.improved(found)
    }

    /// The best solution found from these centroids: all go a few steps, the best of them on to the end. (Biernacki,
    /// Celeux and Govaert 2003, <https://doi.org/10.1016/S0167-9473(02)00163-9>, start mixture models so.)
    pub(crate) fn race(self, starts: &[Vec<f64>]) -> Option<Outcome> {
        let short = Limits {
            max_iterations: self.limits.max_iterations.min(RACED_ITERATIONS),
            ..self.limits
        };
        let run = |start: &Vec<f64>| lloyd(self.table, start.clone(), short, &|_| self.go_on());
        let mut runs: Vec<Run> = starts.par_iter().map(run).collect();
        let mut work = Work::default();
        for run in &runs {
            work += run.work;
        }
        runs.sort_by(|a, b| a.inertia.total_cmp(&b.inertia));
        runs.truncate(starts.len().div_ceil(RACED_PER_WINNER));
        let mut found = Found {
            work,
            ..Found::default()
        };
        found.take(self.wave(
            0..runs.len(),
            |at| runs[at].centroids.clone(),
            Stage::Starts,
        ));
        self.improved(found)
    }

    /// The best after recombinations, where there are to be any.
    fn improved(&self, mut found: Found) -> Option<Outcome> {
        let starts = found.inertias.len();
        if self.settings.k > 1 {
            self.recombinations(&mut found);
            self.shakes(&mut found);
        }
        if self.go_on().is_break() {
            return None;
        }
        let summary = found.summarize(starts);
        Some(Outcome {
            best: found.population.swap_remove(0),
            summary,
            work: found.work,
        })
    }

    fn starts(&self, found: &mut Found, start: &(dyn Fn(usize) -> Vec<f64> + Sync)) {
        let all = self.settings.restarts;
        while found.inertias.len() < all && !found.is_settled() && self.go_on().is_continue() {
            let from = found.inertias.len();
            let wave = from..all.min(from + WAVE);
            found.take(self.wave(wave, start, Stage::Starts));
        }
    }

    /// Runs from these starts, in their order; fewer if the caller asked to stop.
    fn wave(
        &self,
        numbers: Range<usize>,
        start: impl Fn(usize) -> Vec<f64> + Sync,
        stage: Stage,
    ) -> Vec<Run> {
        let numbers = numbers
            .into_par_iter()
            .filter(|_| self.go_on().is_continue());
        numbers
            .map(|number| self.improve(start(number), stage))
            .collect()
    }

    fn recombinations(&self, found: &mut Found) {
        let budget = self.settings.recombinations;
        let mut made = 0;
        let mut since_better = 0;
        while made < budget
            && since_better < budget / 2
            && !found.is_settled()
            && self.go_on().is_continue()
        {
            let wave = made..budget.min(made + WAVE);
            made = wave.end;
            let population = &found.population;
            let recombine = |number| self.recombine(population, number);
            let runs = self.wave(wave, recombine, Stage::Recombinations);
            let before = found.population[0].inertia;
            let count = runs.len();
            found.take(runs);
            let is_better = found.population[0].inertia < before * (1.0 - SAME);
            since_better = if is_better { 0 } else { since_better + count };
        }
    }

    /// Looks around those solutions that are as good as the best, but for a few rows.
    fn shakes(&self, found: &mut Found) {
        if !self.is_polished {
            return;
        }
        let near = found
            .population
            .iter()
            .take_while(|run| run.inertia - found.best() <= NEAR * found.best());
        let near: Vec<&Run> = near.take(SHAKEN).collect();
        let shake = |(number, run): (usize, &&Run)| {
            let stream = Stream::new(self.settings.seed, SHAKE_RUN + number, 0, 0);
            shaken(self.table, run, stream, self.limits, &|_| self.go_on())
        };
        let better: Vec<Run> = near.par_iter().enumerate().filter_map(shake).collect();
        for run in better {
            found.keep(run);
        }
    }

    fn go_on(&self) -> ControlFlow<()> {
        if self.is_stopped.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Lloyd's algorithm from a start, then single moves, until neither finds anything.
    fn improve(&self, start: Vec<f64>, stage: Stage) -> Run {
        let run = if self.is_polished {
            lloyd_and_moves(self.table, start, self.limits, &|_| self.go_on())
        } else {
            lloyd(self.table, start, self.limits, &|_| self.go_on())
        };
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let progress = Progress {
            stage,
            done,
            of: self.settings.restarts + self.settings.recombinations,
        };
        if (self.watch)(progress).is_break() {
            self.is_stopped.store(true, Ordering::Relaxed);
        }
        run
    }

    /// A start made of two solutions, most often with a centroid or two thrown to other places.
    fn recombine(&self, population: &[Run], number: usize) -> Vec<f64> {
        let (k, d) = (self.settings.k, self.table.d());
        let stream = |round| Stream::new(self.settings.seed, RECOMBINATION_RUN + number, round, 0);
        // Two tournaments of two: better solutions are parents more often.
        let pick = |key: u64| {
            let member = |key| stream(0).below(key, population.len());
            &population[member(2 * key).min(member(2 * key + 1))]
        };
        let (mother, father) = (pick(0), pick(1));
        let mut child = Vec::with_capacity(k * d);
        for (place, (a, b)) in matched(&mother.centroids, &father.centroids, d)
            .into_iter()
            .enumerate()
        {
            let parent = if stream(1).uniform(place as u64) < 0.5 {
                a
            } else {
                b
            };
            child.extend_from_slice(parent);
        }
        // Mixed alone, near solutions make nearer ones; equal parents need more.
        let throws = match number % 4 {
            1 if mother.inertia != father.inertia => 0,
            3 => 2.min(k - 1),
            _ => 1,
        };
        for throw in 0..throws {
            let thrown = stream(2).below(throw as u64, child.len() / d);
            child.drain(thrown * d..(thrown + 1) * d);
        }
        let mut closest = None;
        for centroid in child.chunks_exact(d) {
            closest = Some(self.seeder.lowered_by(closest.as_ref(), centroid).remove(0));
        }
        for throw in 0..throws {
            let row = self.seeder.draw(closest.as_ref(), stream(3 + throw));
            closest = Some(self.seeder.lowered(closest.as_ref(), &[row]).remove(0));
            child.extend_from_slice(self.table.row(row));
        }
        child
    }
}

/// Pairs of centroids of two solutions, the closest first.
fn matched<'c>(mother: &'c [f64], father: &'c [f64], d: usize) -> Vec<(&'c [f64], &'c [f64])> {
    let mut left: Vec<&[f64]> = father.chunks_exact(d).collect();
    let mut pairs = Vec::with_capacity(left.len());
    for centroid in mother.chunks_exact(d) {
        let distances = left
            .iter()
            .map(|other| distance_sq(centroid, other))
            .enumerate();
        let Some((nearest, _)) = distances.min_by(|a, b| a.1.total_cmp(&b.1)) else {
            break;
        };
        pairs.push((centroid, left.swap_remove(nearest)));
    }
    pairs
}

/// All that was found so far.
#[derive(Default)]
struct Found {
    /// The best solutions, best first, no two the same.
    population: Vec<Run>,
    /// Of every run, in their order.
    inertias: Vec<f64>,
    work: Work,
}

impl Found {
    fn take(&mut self, runs: Vec<Run>) {
        for run in runs {
            self.inertias.push(run.inertia);
            self.keep(run);
        }
    }

    /// Adds a solution to the population if it is new and good enough.
    fn keep(&mut self, run: Run) {
        self.work += run.work;
        let place = self
            .population
            .partition_point(|other| other.inertia <= run.inertia);
        let near = self.population[place.saturating_sub(1)..].iter().take(2);
        let is_known = near
            .into_iter()
            .any(|other| (other.inertia - run.inertia).abs() <= SAME * run.inertia);
        if !is_known || place == 0 {
            self.population.insert(place, run);
            self.population.truncate(POPULATION);
        }
    }

    fn best(&self) -> f64 {
        self.population
            .first()
            .map_or(f64::INFINITY, |run| run.inertia)
    }

    fn agreed(&self, inertias: &[f64]) -> usize {
        let best = self.best();
        inertias
            .iter()
            .filter(|&&inertia| inertia - best <= AGREEMENT * best)
            .count()
    }

    /// Whether so many runs agree on the best that more would find it again.
    fn is_settled(&self) -> bool {
        let runs = self.inertias.len();
        runs >= WAVE && 4 * self.agreed(&self.inertias) >= 3 * runs
    }

    fn summarize(&self, starts: usize) -> RestartSummary {
        let best = self.best();
        let others = self
            .inertias
            .iter()
            .copied()
            .filter(|&inertia| inertia - best > AGREEMENT * best);
        let second = others.fold(f64::INFINITY, f64::min);
        RestartSummary {
            runs: self.inertias.len(),
            starts,
            agreed: self.agreed(&self.inertias[..starts]),
            second_best_gap: (second.is_finite() && best > 0.0).then(|| (second - best) / best),
            sample: None,
        }
    }
}
