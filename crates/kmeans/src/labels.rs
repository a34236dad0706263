//! Labels of rows that need nothing else: read once, and checked while they are.
//!
//! The filter sees rows in a frame around the centroids. What is not a finite number has no finite score there, so it is
//! among the rows that the filter leaves open, and only those are looked at value by value.

use pulp::{Simd, WithSimd};
use rayon::prelude::*;

use crate::definition::{Centroids, nearest_two};
use crate::error::Error;
use crate::kernel::{
    Frame, Scores, ShortTargets, Shorts, Source, TILE, Targets, ask_for, consecutive, pack,
    pack_shorts, padded, score, score_shorts, tile_len,
};
use crate::lloyd::{is_open, short_slacks, slacks};
use crate::real::Real;
use crate::small::is_small;
use crate::table::MANY_CLUSTERS;
use crate::vector;

/// Rows that one thread labels at a time.
const ROWS_AT_ONCE: usize = 64 * TILE;

/// Frames of a scale within this factor of 1: what the filter tells has a squared distance that neither overflows (scores
/// are finite, so it is below 2^128 in the frame) nor loses what the filter saw to underflow.
const SAFE_SCALE: f64 = f64::from_bits((1023 + 430) << 52);

/// Rows and centroids, made ready for labeling.
pub(crate) struct Labeling<'a, T> {
    source: Source<'a, T>,
    abreast: &'a Centroids,
    targets: Targets,
    shorts: Option<ShortTargets>,
    n: usize,
}

impl<'a, T: Real> Labeling<'a, T> {
    /// Of whole rows of `d` columns, by `k x d` centroids that are finite, and the same `abreast`, for the definition.
    pub(crate) fn new(data: &'a [T], d: usize, centroids: &[f64], abreast: &'a Centroids) -> Self {
        let k = centroids.len() / d;
        let frame = Frame::of_centroids::<T>(centroids, d);
        let source = Source::new(data, d, &frame);
        let mut targets = Targets::new(k, d);
        if (SAFE_SCALE.recip()..SAFE_SCALE).contains(&frame.scale) {
            targets.set(centroids, &frame);
        }
        let shorts = (k >= MANY_CLUSTERS && targets.is_usable)
            .then(|| Shorts::of(&source, &frame))
            .flatten();
        let shorts = shorts.map(|shorts| {
            let mut targets = ShortTargets::new(shorts, k, d);
            targets.set(centroids, &frame);
            targets
        });
        Self {
            n: data.len() / d,
            source,
            abreast,
            targets,
            shorts: shorts.filter(|shorts| shorts.is_usable),
        }
    }

    /// The label of the nearest centroid of each row, in parallel.
    ///
    /// # Errors
    /// Of the first row that has none: [`Error::NotFinite`], [`Error::TooFar`].
    pub(crate) fn run(&self) -> Result<Vec<u32>, Error> {
        let mut labels = vec![0; self.n];
        let is_serial = is_small(self.n, self.targets.k(), self.source.d);
        let at_once = if is_serial { self.n } else { ROWS_AT_ONCE };
        let part = |(part, labels)| {
            let first = part * at_once;
            vector::run(LabelPart::new(self, first, labels))
        };
        let refused = if is_serial {
            part((0, &mut labels))
        } else {
            let parts = labels.par_chunks_mut(at_once).enumerate();
            parts.filter_map(part).min()
        };
        match refused {
            Some(row) => Err(self.refusal(row)),
            None => Ok(labels),
        }
    }

    fn row(&self, row: usize) -> &'a [T] {
        &self.source.data[row * self.source.d..][..self.source.d]
    }

    /// Why a row has no label.
    fn refusal(&self, row: usize) -> Error {
        let is_missing = |value: &T| !value.widen().is_finite();
        match self.row(row).iter().position(is_missing) {
            Some(column) => Error::NotFinite { row, column },
            None => Error::TooFar { row },
        }
    }

    /// The label by the definition; none if the squared distance to some centroid is not finite.
    #[inline(always)]
    fn defined(&self, row: usize) -> Option<u32> {
        let found = nearest_two(self.row(row), self.abreast);
        let farthest = if self.targets.k() > 1 {
            found.second_sq
        } else {
            found.distance_sq
        };
        farthest.is_finite().then_some(found.label)
    }
}

/// A range of rows, and what one thread needs to label it. Running it tells the first row without a label, if any.
struct LabelPart<'p, 'a, T: Real> {
    of: &'p Labeling<'a, T>,
    first: usize,
    labels: &'p mut [u32],
    tile: Vec<f32>,
    short_tile: Vec<i32>,
    scores: Scores,
    unsure: Vec<u32>,
    /// The first row without a label so far.
    refused: Option<usize>,
}

impl<'p, 'a, T: Real> LabelPart<'p, 'a, T> {
    fn new(of: &'p Labeling<'a, T>, first: usize, labels: &'p mut [u32]) -> Self {
        let d = of.source.d;
        Self {
            of,
            first,
            labels,
            tile: vec![0.0; TILE * d],
            short_tile: vec![0; of.shorts.as_ref().map_or(0, |_| tile_len(d))],
            scores: Scores::new(),
            unsure: Vec::new(),
            refused: None,
        }
    }
}

impl<T: Real> WithSimd for LabelPart<'_, '_, T> {
    type Output = Option<usize>;

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) -> Option<usize> {
        match &self.of.shorts {
            _ if !self.of.targets.is_usable => self.by_definition(),
            Some(shorts) => self.by_whole_numbers(simd, shorts),
            None => self.by_scores(simd),
        }
        self.refused
    }
}

impl<T: Real> LabelPart<'_, '_, T> {
    #[inline(always)]
    fn by_scores<S: Simd>(&mut self, simd: S) {
        let end = self.first + self.labels.len();
        for first in (self.first..end).step_by(TILE) {
            ask_for(&self.of.source, &consecutive(first + TILE, end));
            self.score(simd, &consecutive(first, end), TILE.min(end - first));
        }
    }

    #[inline(always)]
    fn by_whole_numbers<S: Simd>(&mut self, simd: S, targets: &ShortTargets) {
        let end = self.first + self.labels.len();
        let definition_error = self.of.targets.definition_error;
        let mut slack = [0.0; TILE];
        for first in (self.first..end).step_by(TILE) {
            ask_for(&self.of.source, &consecutive(first + TILE, end));
            let (rows, count) = (consecutive(first, end), TILE.min(end - first));
            pack_shorts(
                &self.of.source,
                targets.shorts(),
                &rows,
                &mut self.short_tile,
            );
            score_shorts(&self.short_tile, targets, &mut self.scores);
            self.labels[first - self.first..][..count].copy_from_slice(&self.scores.label[..count]);
            if short_slacks(&self.scores, &targets.bound, definition_error, &mut slack) {
                let open = (0..count).filter(|&lane| is_open(slack[lane]));
                self.unsure.extend(open.map(|lane| rows[lane]));
            }
        }
        self.settle_unsure(simd);
    }

    /// Labels by single precision what whole numbers left open.
    #[inline(always)]
    fn settle_unsure<S: Simd>(&mut self, simd: S) {
        for rows in std::mem::take(&mut self.unsure).chunks(TILE) {
            self.score(simd, &padded(rows), rows.len());
        }
    }

    /// Labels a tile of rows, of which the first `count` count.
    #[inline(always)]
    fn score<S: Simd>(&mut self, simd: S, rows: &[u32; TILE], count: usize) {
        pack(&self.of.source, rows, S::F32_LANES, &mut self.tile);
        score(simd, &self.tile, &self.of.targets, &mut self.scores);
        let mut slack = [0.0; TILE];
        let is_some_open = slacks(&self.scores, &self.of.targets, &mut slack);
        for (lane, &row) in rows[..count].iter().enumerate() {
            self.labels[row as usize - self.first] = self.scores.label[lane];
            if is_some_open && is_open(slack[lane]) {
                self.define(row as usize);
            }
        }
    }

    #[inline(always)]
    fn by_definition(&mut self) {
        for row in self.first..self.first + self.labels.len() {
            self.define(row);
        }
    }

    #[inline(always)]
    fn define(&mut self, row: usize) {
        match self.of.defined(row) {
            Some(label) => self.labels[row - self.first] = label,
            None => self.refused = Some(self.refused.map_or(row, |before| before.min(row))),
        }
    }
}
