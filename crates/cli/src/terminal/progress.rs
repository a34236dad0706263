//! How far the work is, on standard error, while somebody looks.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A line that is drawn over and over, and leaves nothing behind.
#[derive(Debug)]
pub(crate) struct ProgressLine {
    bar: ProgressBar,
}

impl ProgressLine {
    pub(super) fn new(seen: bool) -> Self {
        let target = if seen {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_style(ProgressStyle::default_spinner());
        Self { bar }
    }

    /// A stage that cannot be counted.
    pub(crate) fn stage(&self, stage: &str) {
        self.bar.set_message(stage.to_owned());
        self.bar.tick();
    }

    /// `done` of `of` steps of a stage.
    pub(crate) fn step(&self, stage: &str, done: usize, of: usize) {
        if let Ok(style) = ProgressStyle::with_template("{msg} {bar:24} {pos}/{len}") {
            self.bar.set_style(style);
        }
        self.bar.set_length(of as u64);
        self.bar.set_position(done as u64);
        self.bar.set_message(stage.to_owned());
        self.bar.tick();
    }

    /// The work is done: the line goes away.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        self.clear();
    }
}
