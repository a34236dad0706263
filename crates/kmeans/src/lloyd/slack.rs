//! How long a row can be left alone: exact bounds, one number per row.
//!
//! A row `x` of cluster `a` keeps its label while `|x - a| < |x - c|` for all other centroids `c`. Its *slack*,
//! `|x - c| - |x - a|` for the second nearest `c`, shrinks per iteration by no more than the movement of `a` plus the
//! largest movement of another centroid. Each cluster adds these up: its *drain*. A row stores its slack plus the drain
//! of its cluster at that time as its *key*, and is due when the drain has risen to the key.
//!
//! G. Hamerly: Making k-means even faster. SIAM International Conference on Data Mining, 2010.
//! <https://doi.org/10.1137/1.9781611972801.12>; its two bounds per point are one number here.

use crate::definition::NearestTwo;
use crate::kernel::{Bound, Scores, TILE, Targets};

/// Leaves room for the few roundings of a slack in single precision.
const ROUNDED_DOWN: f32 = 1.0 - 1e-6;

/// One rounding up, and one down, of a number in single precision.
const UP: f32 = 1.0 + 2.4e-7;
const DOWN: f32 = 1.0 - 2.4e-7;

/// The second best score of a row where there is one centroid only: no movement reaches it.
const NO_SECOND: f32 = 1e30;

/// The drains of all clusters, in the filter's frame.
#[derive(Debug)]
pub(super) struct Drains {
    exact: Vec<f64>,
    /// The same, rounded up.
    levels: Vec<f32>,
    /// Movements since the last rise.
    moved: Vec<f64>,
}

impl Drains {
    pub(super) fn new(k: usize) -> Self {
        Self {
            exact: vec![0.0; k],
            levels: vec![0.0; k],
            moved: vec![0.0; k],
        }
    }

    /// Notes how far a centroid moved.
    pub(super) fn note(&mut self, cluster: usize, moved: f64) {
        // Room for the roundings of the distance.
        self.moved[cluster] = moved * (1.0 + 1e-9);
    }

    /// Takes the noted movements into account.
    pub(super) fn rise(&mut self) {
        let (mut largest, mut second, mut farthest) = (0.0, 0.0, usize::MAX);
        for (cluster, &moved) in self.moved.iter().enumerate() {
            if moved > largest {
                (second, largest, farthest) = (largest, moved, cluster);
            } else if moved > second {
                second = moved;
            }
        }
        for (cluster, exact) in self.exact.iter_mut().enumerate() {
            *exact += self.moved[cluster] + if cluster == farthest { second } else { largest };
            self.levels[cluster] = *exact as f32 * UP;
        }
    }

    pub(super) fn levels(&self) -> &[f32] {
        &self.levels
    }
}

/// The key of a row with this slack in a cluster of this drain.
#[inline(always)]
pub(super) fn key(slack: f32, level: f32) -> f32 {
    (slack + level) * DOWN
}

/// Whether a row of this slack is too close to call.
#[inline(always)]
pub(crate) fn is_open(slack: f32) -> bool {
    slack.is_nan() || slack <= 0.0
}

/// Lower bounds of the slacks of a tile's rows; whether some row is too close to call, for which it is not positive.
#[inline(always)]
pub(crate) fn slacks(scores: &Scores, targets: &Targets, slacks: &mut [f32; TILE]) -> bool {
    let mut open = 0;
    for lane in 0..TILE {
        let norm_sq = scores.norm_sq[lane];
        let (best, second) = (scores.best[lane], scores.second[lane].min(NO_SECOND));
        let error = targets.error(norm_sq);
        let sure = second - best - 2.0 * error;
        // d2 - d1 = (d2^2 - d1^2) / (d2 + d1), with the distances in the denominator at their largest.
        let near = (norm_sq + 2.0 * best).max(0.0) + 4.0 * error;
        let far = (norm_sq + 2.0 * second).max(0.0) + 4.0 * error;
        let width = near.sqrt() + far.sqrt();
        slacks[lane] = 2.0 * sure / width * ROUNDED_DOWN - width * targets.definition_error;
        open |= u32::from(is_open(slacks[lane]));
    }
    open != 0
}

/// The same for scores in whole numbers.
#[inline(always)]
pub(crate) fn short_slacks(
    scores: &Scores,
    bound: &Bound,
    definition_error: f32,
    slacks: &mut [f32; TILE],
) -> bool {
    let mut open = 0;
    for lane in 0..TILE {
        let norm_sq = scores.norm_sq[lane];
        let (best, second) = (scores.best[lane], scores.second[lane]);
        let error = bound.score + bound.score_per_norm * norm_sq.sqrt();
        let sure = second - best - 2.0 * error;
        let near = (norm_sq + 2.0 * best).max(0.0) + bound.distance_sq;
        let far = (norm_sq + 2.0 * second).max(0.0) + bound.distance_sq;
        let width = near.sqrt() + far.sqrt() + 2.0 * bound.distance;
        slacks[lane] = 2.0 * sure / width * ROUNDED_DOWN - width * definition_error;
        open |= u32::from(is_open(slacks[lane]));
    }
    open != 0
}

/// The slack of a row that was decided by the definition.
#[inline(always)]
pub(super) fn exact_slack(found: &NearestTwo, targets: &Targets, scale: f64) -> f32 {
    if found.second_sq == f64::INFINITY {
        return NO_SECOND.sqrt();
    }
    let (near, far) = (
        found.distance_sq.sqrt() * scale,
        found.second_sq.sqrt() * scale,
    );
    (far - near) as f32 * ROUNDED_DOWN - (far + near) as f32 * targets.definition_error
}
