//! One run of Lloyd's algorithm from given centroids.
//!
//! S. P. Lloyd: Least squares quantization in PCM. IEEE Transactions on Information Theory 28(2), 1982.
//! <https://doi.org/10.1109/TIT.1982.1056489>. Iterations are counted and empty clusters refilled as in scikit-learn.

use crate::assign::assign;
use crate::fit::Stop;
use crate::init::Rows;
use crate::update::{Sums, exact_sum};

/// When a run ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) max_iterations: usize,
    /// Squared movement of all centroids at or below which a run has converged.
    pub(crate) movement_sq: f64,
}

/// How a run ended: labels and inertia belong to the centroids.
#[derive(Debug)]
pub(crate) struct Run {
    /// `k x d`, less the points' origin.
    pub(crate) centroids: Vec<f64>,
    /// Per row in canonical order.
    pub(crate) labels: Vec<u32>,
    pub(crate) inertia: f64,
    pub(crate) iterations: usize,
    pub(crate) stop: Stop,
    /// The last iteration changed no label or moved no centroid, so each centroid is the mean of its rows.
    pub(crate) is_fixed: bool,
}

/// Alternates between labels and means until no label changes or a limit is met.
pub(crate) fn lloyd(rows: Rows, start: Vec<f64>, limits: Limits) -> Run {
    let Rows { tiles, groups, .. } = rows;
    let mut labels = vec![u32::MAX; tiles.n()];
    let mut before = None;
    let mut run = Run {
        centroids: start,
        labels: Vec::new(),
        inertia: 0.0,
        iterations: 0,
        stop: Stop::MaxIterations,
        is_fixed: false,
    };
    while run.iterations < limits.max_iterations && run.stop == Stop::MaxIterations {
        let mut sums = Sums::relabel(tiles, &run.centroids, &mut labels, before.take());
        let is_refilled = sums.refill_empty(tiles, groups, &run.centroids, &labels);
        let means = sums.means(&run.centroids);
        let moved_sq: f64 = means
            .iter()
            .zip(&run.centroids)
            .map(|(new, old)| (new - old).powi(2))
            .sum();
        run.centroids = means;
        run.iterations += 1;
        run.is_fixed = sums.changed == 0 || moved_sq == 0.0;
        if run.is_fixed || moved_sq <= limits.movement_sq {
            run.stop = Stop::Converged;
        }
        before = (!is_refilled).then_some(sums);
    }
    let mut distances_sq = vec![0.0; tiles.n()];
    assign(tiles, &run.centroids, &mut labels, &mut distances_sq);
    run.inertia = exact_sum(&distances_sq);
    run.labels = labels;
    run
}
