//! One run of Lloyd's algorithm from given centroids, exact to the last label, and skipping what cannot change.
//!
//! S. P. Lloyd: Least squares quantization in PCM. IEEE Transactions on Information Theory 28(2), 1982.
//! <https://doi.org/10.1109/TIT.1982.1056489>. Iterations are counted and empty clusters refilled as in scikit-learn.
//!
//! Labels are those of the definition and centroids are functions of their sets of rows, so the whole run is a function
//! of the rows and the start: neither threads, nor vector width, nor what is skipped can change it.

mod pass;
mod polish;
mod refill;
mod scan;
mod slack;
mod totals;
mod walk;

use std::ops::ControlFlow;

use crate::real::Real;
use crate::table::Table;
pub(crate) use polish::{lloyd_and_moves, shaken};
pub(crate) use slack::{is_open, short_slacks, slacks};
pub(crate) use totals::{inertia, sums_of};
use walk::Walk;

/// Below this many values one pass is too short to share out.
const SERIAL_VALUES: usize = 1 << 17;

/// Parts per thread, so that a thread that is held up does not hold up the rest.
const PARTS_PER_THREAD: usize = 4;

/// When a run ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) max_iterations: usize,
    /// Squared movement of all centroids at or below which a run has converged.
    pub(crate) movement_sq: f64,
}

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Stop {
    /// No label changed, or centroids moved by no more than the tolerance.
    Converged,
    /// `max_iterations` were done first.
    MaxIterations,
    /// The caller's callback asked to stop.
    Interrupted,
}

/// How much work was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Work {
    /// Distances between a point and a centroid that were computed, as scores or in full.
    pub distances: u64,
    /// Points whose values were read, summed over iterations.
    pub points: u64,
}

impl std::ops::AddAssign for Work {
    fn add_assign(&mut self, other: Self) {
        self.distances += other.distances;
        self.points += other.points;
    }
}

/// How a run ended: labels and inertia belong to the centroids.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    /// `k x d`, in the caller's coordinates.
    pub(crate) centroids: Vec<f64>,
    pub(crate) labels: Vec<u32>,
    pub(crate) inertia: f64,
    pub(crate) iterations: usize,
    pub(crate) stop: Stop,
    pub(crate) work: Work,
}

/// Told how many iterations are done; says whether to go on.
pub(crate) type Watch<'w> = &'w (dyn Fn(usize) -> ControlFlow<()> + Sync);

/// Alternates between labels and means until no label changes or a limit is met.
pub(crate) fn lloyd<T: Real>(
    table: &Table<T>,
    start: Vec<f64>,
    limits: Limits,
    watch: Watch,
) -> Run {
    let mut walk = Walk::new(table, start);
    let stop = walk.go(limits, watch);
    let inertia = inertia(table, &walk.labels, &walk.centroids);
    walk.into_run(inertia, stop)
}
