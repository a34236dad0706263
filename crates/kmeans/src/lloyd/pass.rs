//! One pass over a part of the rows: label those that may have changed, and move them between sums.

use pulp::{Simd, WithSimd};

use crate::definition::{Centroids, nearest_two};
use crate::kernel::{
    Scores, ShortTargets, TILE, Targets, ask_for, consecutive, pack, pack_shorts, padded, score,
    score_shorts, tile_len,
};
use crate::lloyd::scan::scan;
use crate::lloyd::slack::{exact_slack, is_open, key, short_slacks, slacks};
use crate::real::Real;
use crate::sums::Sums;
use crate::table::Table;
use crate::vector;

/// Rows that are looked through at once for those that are due: their list stays in the first cache.
const SCANNED: usize = 4096;

/// Rows left open that are kept until they are looked at together.
const MOST_UNSURE: usize = 2048;

/// Which rows a pass looks at, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// Every row, by the filter.
    All,
    /// Only rows that are due, by the filter.
    Due,
    /// Every row, by the definition alone: where single precision cannot tell centroids apart.
    Defined,
}

impl Pass {
    /// The pass that needs least work after one that found this. Gathered rows cost more than rows in a row, and tiles
    /// that are packed already cost least.
    pub(super) fn next<T: Real>(found: &Found, table: &Table<T>) -> Self {
        let n = table.n() as u64;
        let (due_share, open_share) = (if table.tiles.is_some() { 3 } else { 6 }, 3);
        if found.open * 10 > found.rows.max(1) * open_share {
            Self::Defined
        } else if found.due * 10 > n * due_share {
            Self::All
        } else {
            Self::Due
        }
    }
}

/// What a pass found.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Found {
    /// Labels that changed.
    pub(super) changed: usize,
    /// Rows looked at.
    pub(super) rows: u64,
    /// Rows that were due, looked at or not.
    pub(super) due: u64,
    /// Rows that whole numbers left open.
    pub(super) unsure: u64,
    /// Rows that the filter left open.
    pub(super) open: u64,
    /// Values that sums on a grid leave a rest of; counted in the first pass.
    pub(super) rests: usize,
}

impl std::ops::AddAssign for Found {
    fn add_assign(&mut self, other: Self) {
        self.changed += other.changed;
        self.rows += other.rows;
        self.due += other.due;
        self.unsure += other.unsure;
        self.open += other.open;
        self.rests += other.rests;
    }
}

/// What all parts read.
pub(super) struct View<'v, 'a, T: Real> {
    pub(super) table: &'v Table<'a, T>,
    pub(super) centroids: &'v Centroids,
    pub(super) targets: &'v Targets,
    /// Drain per cluster.
    pub(super) drains: &'v [f32],
    pub(super) pass: Pass,
    /// The targets in whole numbers, where rows are to be filtered by them first.
    pub(super) shorts: Option<&'v ShortTargets>,
}

/// A range of rows with what one thread needs to work on it.
#[derive(Debug)]
pub(super) struct Part {
    /// The part's first row.
    first: usize,
    pub(super) sums: Sums,
    pub(super) found: Found,
    tile: Vec<f32>,
    short_tile: Vec<i32>,
    scores: Scores,
    due: Vec<u32>,
    /// Rows that whole numbers left open.
    unsure: Vec<u32>,
}

impl Part {
    pub(super) fn new<T: Real>(first: usize, k: usize, table: &Table<T>) -> Self {
        Self {
            first,
            sums: Sums::new(k, &table.grid),
            found: Found::default(),
            tile: vec![0.0; TILE * table.d()],
            short_tile: vec![0; table.shorts.map_or(0, |_| tile_len(table.d()))],
            scores: Scores::new(),
            due: Vec::new(),
            unsure: Vec::new(),
        }
    }

    /// Runs a pass over the part's rows, whose labels and keys these are.
    pub(super) fn run<T: Real>(&mut self, view: &View<T>, labels: &mut [u32], keys: &mut [f32]) {
        vector::run(RunPart {
            part: self,
            view,
            labels,
            keys,
        });
    }
}

struct RunPart<'p, 'v, 'a, T: Real> {
    part: &'p mut Part,
    view: &'p View<'v, 'a, T>,
    labels: &'p mut [u32],
    keys: &'p mut [f32],
}

impl<T: Real> WithSimd for RunPart<'_, '_, '_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        match self.view.pass {
            Pass::All => self.all(simd),
            Pass::Due => self.due(simd),
            Pass::Defined => self.defined(),
        }
        self.part.sums.carry(&self.view.table.grid);
    }
}

impl<T: Real> RunPart<'_, '_, '_, T> {
    #[inline(always)]
    fn all<S: Simd>(&mut self, simd: S) {
        let end = self.part.first + self.labels.len();
        for first in (self.part.first..end).step_by(TILE) {
            let rows = consecutive(first, end);
            self.score_run(simd, &rows, end);
            self.keep_run(&rows, TILE.min(end - first));
            if self.part.unsure.len() > MOST_UNSURE {
                self.settle_unsure(simd);
            }
        }
        self.settle_unsure(simd);
    }

    #[inline(always)]
    fn due<S: Simd>(&mut self, simd: S) {
        let mut due = std::mem::take(&mut self.part.due);
        due.resize(SCANNED + 8, 0);
        for from in (0..self.labels.len()).step_by(SCANNED) {
            let to = self.labels.len().min(from + SCANNED);
            let first = (self.part.first + from) as u32;
            let (labels, keys) = (&self.labels[from..to], &self.keys[from..to]);
            let count = scan(labels, keys, self.view.drains, first, &mut due);
            self.part.found.due += count as u64;
            self.listed(simd, &due[..count], true);
            self.settle_unsure(simd);
        }
        self.part.due = due;
    }

    /// Labels rows wherever they lie.
    #[inline(always)]
    fn listed<S: Simd>(&mut self, simd: S, list: &[u32], is_short: bool) {
        ask_for(&self.view.table.source, &list[..list.len().min(TILE)]);
        for (tile, rows) in list.chunks(TILE).enumerate() {
            let ahead = (tile + 1) * TILE..list.len().min((tile + 2) * TILE);
            ask_for(&self.view.table.source, list.get(ahead).unwrap_or_default());
            let count = rows.len();
            let rows = padded(rows);
            self.score_listed(simd, &rows, is_short);
            self.keep_listed(&rows, count, is_short);
        }
    }

    /// Labels by single precision what whole numbers left open.
    #[inline(always)]
    fn settle_unsure<S: Simd>(&mut self, simd: S) {
        if self.part.unsure.is_empty() {
            return;
        }
        let mut unsure = std::mem::take(&mut self.part.unsure);
        self.listed(simd, &unsure, false);
        self.part.found.unsure += unsure.len() as u64;
        unsure.clear();
        self.part.unsure = unsure;
    }

    /// Scores neighboring rows, up to row `end`.
    #[inline(always)]
    fn score_run<S: Simd>(&mut self, simd: S, rows: &[u32; TILE], end: usize) {
        let (table, first) = (self.view.table, rows[0] as usize);
        match (self.view.shorts, &table.short_tiles, &table.tiles) {
            (Some(targets), Some(tiles), _) => {
                let size = tile_len(table.d());
                score_shorts(
                    &tiles[first / TILE * size..][..size],
                    targets,
                    &mut self.part.scores,
                );
            }
            (None, _, Some(tiles)) => {
                let tile = &tiles[first * table.d()..][..TILE * table.d()];
                score(simd, tile, self.view.targets, &mut self.part.scores);
            }
            _ => {
                ask_for(&table.source, &consecutive(first + TILE, end));
                self.score_listed(simd, rows, true);
            }
        }
    }

    /// Scores rows wherever they lie, by whole numbers if those are in use and `is_short`.
    #[inline(always)]
    fn score_listed<S: Simd>(&mut self, simd: S, rows: &[u32; TILE], is_short: bool) {
        let Part {
            tile,
            short_tile,
            scores,
            ..
        } = &mut *self.part;
        let source = &self.view.table.source;
        match self.view.shorts.filter(|_| is_short) {
            Some(targets) => {
                pack_shorts(source, targets.shorts(), rows, short_tile);
                score_shorts(short_tile, targets, scores);
            }
            None => {
                pack(source, rows, S::F32_LANES, tile);
                score(simd, tile, self.view.targets, scores);
            }
        }
    }

    /// The slacks of a tile's rows, of which the first `count` count; labels are final from here on, but for rows that
    /// are unsure, which keep theirs.
    #[inline(always)]
    fn slacks(&mut self, rows: &[u32; TILE], count: usize, is_short: bool) -> [f32; TILE] {
        let mut slack = [0.0; TILE];
        let definition_error = self.view.targets.definition_error;
        match self.view.shorts.filter(|_| is_short) {
            Some(targets) => {
                if short_slacks(
                    &self.part.scores,
                    &targets.bound,
                    definition_error,
                    &mut slack,
                ) {
                    self.put_off(rows, count, &slack);
                }
            }
            None => {
                if slacks(&self.part.scores, self.view.targets, &mut slack) {
                    self.decide(rows, count, &mut slack);
                }
            }
        }
        self.part.found.rows += count as u64;
        slack
    }

    /// Leaves for later what whole numbers cannot tell.
    #[inline(always)]
    fn put_off(&mut self, rows: &[u32; TILE], count: usize, slack: &[f32; TILE]) {
        for lane in 0..count {
            if is_open(slack[lane]) {
                self.part.unsure.push(rows[lane]);
                self.part.scores.label[lane] = self.labels[rows[lane] as usize - self.part.first];
            }
        }
    }

    /// Takes over what the scores say of neighboring rows.
    #[inline(always)]
    fn keep_run(&mut self, rows: &[u32; TILE], count: usize) {
        let slack = self.slacks(rows, count, true);
        let place = rows[0] as usize - self.part.first;
        let mut due = 0;
        let mut is_changed = false;
        let keys = &mut self.keys[place..][..count];
        let labels = &self.labels[place..][..count];
        for (lane, (key_of_row, before)) in keys.iter_mut().zip(labels).enumerate() {
            let label = self.part.scores.label[lane];
            let level = self.view.drains[label as usize];
            due += u64::from(*key_of_row <= level);
            *key_of_row = key(slack[lane], level);
            is_changed |= *before != label;
        }
        self.part.found.due += due;
        if is_changed {
            for lane in 0..count {
                let (before, label) = (self.labels[place + lane], self.part.scores.label[lane]);
                if before != label {
                    self.relabel(rows[lane] as usize, before, label);
                }
            }
        }
    }

    /// Takes over what the scores say of rows that were due.
    #[inline(always)]
    fn keep_listed(&mut self, rows: &[u32; TILE], count: usize, is_short: bool) {
        let slack = self.slacks(rows, count, is_short);
        let labels = self.part.scores.label;
        for ((&row, &label), &slack) in rows[..count].iter().zip(&labels).zip(&slack) {
            let place = row as usize - self.part.first;
            self.keys[place] = key(slack, self.view.drains[label as usize]);
            let before = self.labels[place];
            if before != label {
                self.relabel(row as usize, before, label);
            }
        }
    }

    /// Decides by the definition where the filter cannot.
    #[inline(always)]
    fn decide(&mut self, rows: &[u32; TILE], count: usize, slack: &mut [f32; TILE]) {
        for lane in 0..count {
            if !is_open(slack[lane]) {
                continue;
            }
            let found = nearest_two(
                self.view.table.row(rows[lane] as usize),
                self.view.centroids,
            );
            self.part.scores.label[lane] = found.label;
            slack[lane] = exact_slack(&found, self.view.targets, self.view.table.frame.scale);
            self.part.found.open += 1;
        }
    }

    #[inline(always)]
    fn relabel(&mut self, row: usize, before: u32, label: u32) {
        let values = self.view.table.row(row);
        let weight = self.view.table.weight(row);
        let grid = &self.view.table.grid;
        let sums = &mut self.part.sums;
        if before == u32::MAX {
            self.part.found.rests += sums.add_first(grid, label as usize, values, weight);
        } else {
            sums.add(grid, before as usize, values, weight, -1.0);
            sums.add(grid, label as usize, values, weight, 1.0);
        }
        self.labels[row - self.part.first] = label;
        self.part.found.changed += 1;
    }

    #[inline(always)]
    fn defined(&mut self) {
        let first = self.part.first;
        for place in 0..self.labels.len() {
            let found = nearest_two(self.view.table.row(first + place), self.view.centroids);
            let level = self.view.drains[found.label as usize];
            self.part.found.due += u64::from(self.keys[place] <= level);
            let slack = exact_slack(&found, self.view.targets, self.view.table.frame.scale);
            self.keys[place] = key(slack, level);
            let before = self.labels[place];
            if before != found.label {
                self.relabel(first + place, before, found.label);
            }
        }
        self.part.found.rows += self.labels.len() as u64;
        // Stays with the definition.
        self.part.found.open += self.labels.len() as u64;
    }
}
