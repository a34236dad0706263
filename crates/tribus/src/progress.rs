//! How far long work has come, and whether it is to go on.

use std::fmt;
use std::ops::ControlFlow;

/// How far the work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Steps of the stage that are done. The same number may be told many times.
    pub done: usize,
    /// Steps of the stage.
    pub of: usize,
}

/// Part of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// Each number of segments is fitted and measured.
    Comparing,
    /// The segments of each number are tested on resampled and made-up customers.
    Testing,
}

impl fmt::Display for Stage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Comparing => "comparing numbers of segments",
            Self::Testing => "testing them on resampled customers",
        })
    }
}

/// Is told how far the work has come, perhaps from several threads at once, and says whether it is to go on.
pub type Watch<'w> = &'w (dyn Fn(Progress) -> ControlFlow<()> + Sync);

/// Watches nothing.
pub(crate) fn unwatched(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}
