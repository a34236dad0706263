//! How far the work is, on standard error, while somebody looks.

use std::ops::ControlFlow;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tribus::progress::Progress;

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

    /// Shows how far the work has come, which is never to stop: Ctrl-C ends the whole program.
    pub(crate) fn watch(&self, progress: Progress) -> ControlFlow<()> {
        let Progress { stage, done, of } = progress;
        if let Ok(style) = ProgressStyle::with_template("{msg} {bar:24} {pos}/{len}") {
            self.bar.set_style(style);
        }
        self.bar.set_length(of as u64);
        self.bar.set_position(done as u64);
        self.bar.set_message(stage.to_string());
        self.bar.tick();
        ControlFlow::Continue(())
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
