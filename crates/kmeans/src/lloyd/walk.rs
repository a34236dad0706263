//! The state of a run and its steps: label rows, move them between sums, make centroids their means.

use rayon::prelude::*;

use crate::definition::{Centroids, distance_sq};
use crate::kernel::{ShortTargets, TILE, Targets};
use crate::lloyd::pass::{self, Part, Pass};
use crate::lloyd::refill;
use crate::lloyd::slack::Drains;
use crate::lloyd::{Limits, PARTS_PER_THREAD, Run, SERIAL_VALUES, Stop, Watch, Work};
use crate::real::Real;
use crate::sums::Sums;
use crate::table::{MANY_CLUSTERS, Table};

/// Rounds without a change of label until the means of a refilled cluster agree with its rows.
const SETTLE_ROUNDS: usize = 100;

/// Whole numbers are given up when they leave open more than one row in so many.
const MOST_UNSURE_SHARE: u64 = 6;

/// The state between two iterations.
pub(super) struct Walk<'t, 'a, T: Real> {
    pub(super) table: &'t Table<'a, T>,
    /// Per row; `u32::MAX` before the first pass.
    pub(super) labels: Vec<u32>,
    /// Per row, how far its cluster's drain may rise before the row is looked at again.
    pub(super) keys: Vec<f32>,
    parts: Vec<Part>,
    /// Rows per part.
    part_rows: usize,
    pub(super) sums: Sums,
    pub(super) centroids: Vec<f64>,
    /// The same, for the definition and for the filter.
    pub(super) abreast: Centroids,
    pub(super) targets: Targets,
    /// For the filter in whole numbers, until it leaves too much open.
    shorts: Option<ShortTargets>,
    pub(super) drains: Drains,
    pass: Pass,
    /// Squared movement of all centroids in the last update; 0 only if none moved at all.
    moved_sq: f64,
    iterations: usize,
    work: Work,
}

impl<'t, 'a, T: Real> Walk<'t, 'a, T> {
    pub(super) fn new(table: &'t Table<'a, T>, start: Vec<f64>) -> Self {
        let (n, d) = (table.n(), table.d());
        let k = start.len() / d;
        let is_serial = n * d <= SERIAL_VALUES || rayon::current_num_threads() == 1;
        let parts = if is_serial {
            1
        } else {
            rayon::current_num_threads() * PARTS_PER_THREAD
        };
        let part_rows = n.div_ceil(parts).next_multiple_of(TILE);
        let parts = (0..n)
            .step_by(part_rows)
            .map(|first| Part::new(first, k, table))
            .collect();
        let mut targets = Targets::new(k, d);
        targets.set(&start, &table.frame);
        Self {
            table,
            labels: vec![u32::MAX; n],
            keys: vec![0.0; n],
            parts,
            part_rows,
            sums: Sums::new(k, &table.grid),
            drains: Drains::new(k),
            pass: if targets.is_usable {
                Pass::All
            } else {
                Pass::Defined
            },
            abreast: Centroids::new(&start, d),
            shorts: table
                .shorts
                .filter(|_| k >= MANY_CLUSTERS)
                .map(|shorts| ShortTargets::new(shorts, k, d)),
            targets,
            centroids: start,
            moved_sq: f64::INFINITY,
            iterations: 0,
            work: Work::default(),
        }
    }

    /// Iterates until no label changes or a limit is met; labels belong to the centroids then.
    pub(super) fn go(&mut self, limits: Limits, watch: Watch) -> Stop {
        let mut stop = Stop::MaxIterations;
        while self.iterations < limits.max_iterations {
            let changed = self.relabel();
            self.update();
            self.iterations += 1;
            if changed == 0 || self.moved_sq <= limits.movement_sq {
                stop = Stop::Converged;
                break;
            }
            if watch(self.iterations).is_break() {
                stop = Stop::Interrupted;
                break;
            }
        }
        self.settle(stop == Stop::Converged && limits.movement_sq == 0.0);
        stop
    }

    /// Labels rows by the centroids as they are, moves rows between sums, and plans the next pass; how many labels changed.
    pub(super) fn relabel(&mut self) -> usize {
        let is_first = self.labels[0] == u32::MAX;
        self.run_parts();
        let mut found = pass::Found::default();
        for part in &mut self.parts {
            found += std::mem::take(&mut part.found);
            self.sums.take(&mut part.sums, &self.table.grid);
        }
        if is_first && Sums::is_too_coarse(found.rests, self.table.n(), self.table.d()) {
            self.sum_by_exponent();
        }
        self.work += Work {
            distances: found.rows * self.targets.k() as u64,
            points: found.rows,
        };
        if found.unsure * MOST_UNSURE_SHARE > found.rows {
            self.shorts = None;
        }
        self.pass = Pass::next(&found, self.table);
        found.changed
    }

    fn run_parts(&mut self) {
        let view = pass::View {
            table: self.table,
            centroids: &self.abreast,
            targets: &self.targets,
            drains: self.drains.levels(),
            pass: self.pass,
            shorts: self.shorts.as_ref().filter(|shorts| shorts.is_usable),
        };
        if let [part] = &mut self.parts[..] {
            return part.run(&view, &mut self.labels, &mut self.keys);
        }
        let labels = self.labels.par_chunks_mut(self.part_rows);
        let keys = self.keys.par_chunks_mut(self.part_rows);
        let parts = self.parts.par_iter_mut().zip(labels).zip(keys);
        parts.for_each(|((part, labels), keys)| part.run(&view, labels, keys));
    }

    /// From here on sums rows by exponent.
    fn sum_by_exponent(&mut self) {
        let (k, grid) = (self.targets.k(), &self.table.grid);
        self.sums = Sums::by_exponent(k, grid);
        for part in &mut self.parts {
            part.sums = Sums::by_exponent(k, grid);
        }
        for (row, &label) in self.labels.iter().enumerate() {
            self.sums.add(
                grid,
                label as usize,
                self.table.row(row),
                self.table.weight(row),
                1.0,
            );
        }
    }

    /// Makes each centroid the mean of its rows and notes how far it moved.
    fn update(&mut self) {
        let taken = refill::refill(self.table, &self.labels, &self.centroids, &mut self.sums);
        let (grid, d) = (&self.table.grid, self.table.d());
        self.moved_sq = 0.0;
        let mut before = vec![0.0; d];
        for (cluster, centroid) in self.centroids.chunks_exact_mut(d).enumerate() {
            if !self.sums.take_touched(cluster) {
                self.drains.note(cluster, 0.0);
                continue;
            }
            before.copy_from_slice(centroid);
            self.sums.mean(grid, cluster, centroid);
            let moved_sq = distance_sq(centroid, &before);
            self.moved_sq += moved_sq;
            // Squares of tiny movements vanish; a movement must not.
            let moved = if *centroid == *before {
                0.0
            } else {
                moved_sq.sqrt().max(f64::MIN_POSITIVE)
            };
            self.drains.note(cluster, moved * self.table.frame.scale);
            if moved > 0.0 && moved_sq == 0.0 {
                self.moved_sq += f64::MIN_POSITIVE;
            }
        }
        refill::undo(self.table, &mut self.sums, &taken);
        self.drains.rise();
        self.aim();
    }

    /// Brings the centroids as they are into the forms that passes use.
    pub(super) fn aim(&mut self) {
        self.abreast.set(&self.centroids);
        self.targets.set(&self.centroids, &self.table.frame);
        if let Some(shorts) = &mut self.shorts {
            shorts.set(&self.centroids, &self.table.frame);
        }
        if !self.targets.is_usable {
            self.pass = Pass::Defined;
        }
    }

    /// Labels that belong to the centroids; if `to_means`, centroids that are the means of their rows too.
    fn settle(&mut self, to_means: bool) {
        let rounds = if to_means { SETTLE_ROUNDS } else { 1 };
        for round in 0..rounds {
            if self.moved_sq == 0.0 {
                break;
            }
            self.relabel();
            if round + 1 < rounds {
                self.update();
            }
        }
    }

    pub(super) fn into_run(self, inertia: f64, stop: Stop) -> Run {
        Run {
            centroids: self.centroids,
            labels: self.labels,
            inertia,
            iterations: self.iterations,
            stop,
            work: self.work,
        }
    }
}
