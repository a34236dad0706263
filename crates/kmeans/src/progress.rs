//! How far a fit has come, and whether it is to go on.

use std::ops::ControlFlow;

/// How far a fit has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Runs, or iterations when refining, that are done.
    pub done: usize,
    /// Runs, or iterations, that there will be at most.
    pub of: usize,
}

/// Part of a fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Runs from independent starts.
    Starts,
    /// Runs from recombined solutions.
    Recombinations,
    /// Iterations over all points, from the best that was found or from given centroids.
    Refining,
}

/// Told how far a fit has come, perhaps from several threads at once; says whether to go on.
pub(crate) type Watch<'w> = &'w (dyn Fn(Progress) -> ControlFlow<()> + Sync);
