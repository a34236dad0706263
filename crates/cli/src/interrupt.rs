//! Ctrl-C and termination: nothing half-written stays behind, and the exit code says what happened.
//!
//! The writer alone decides whether results are replaced. A signal before that keeps the writer from replacing anything:
//! the program removes what is under way and ends with 128 + the signal's number. A signal after that changes nothing: the
//! writer finishes. Only a second one ends the program at once, with the code of a failure.

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tribus::export::FolderStep;

#[cfg(unix)]
use crate::code::Kind;

/// What the program and the thread that listens for signals agree on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interrupt {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    phase: Phase,
    /// What has to go if the program stops before it has replaced anything.
    leftovers: Vec<PathBuf>,
    /// Whether something is being written there.
    is_writing: bool,
    /// The command has ended, and adds nothing more to the leftovers.
    has_settled: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Phase {
    #[default]
    Working,
    /// Told to stop before anything was replaced.
    Stopping,
    /// Past the point of no return.
    Replacing,
}

impl Interrupt {
    /// Starts to listen for SIGINT and SIGTERM.
    pub(crate) fn listen() -> Self {
        let interrupt = Self::default();
        listen(&interrupt);
        interrupt
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// This path has to go if the program is stopped.
    pub(crate) fn remove_if_stopped(&self, path: &Path) {
        self.state().leftovers.push(path.to_path_buf());
    }

    /// This path is gone already, or no longer ours to remove.
    pub(crate) fn forget(&self, path: &Path) {
        self.state().leftovers.retain(|leftover| leftover != path);
    }

    /// Something is being written here, not yet under its own name.
    pub(crate) fn writing(&self, path: &Path) {
        let mut state = self.state();
        state.leftovers.push(path.to_path_buf());
        state.is_writing = true;
    }

    /// Asks whether the results may be replaced now; from then on no signal stops the writer.
    pub(crate) fn replacing(&self) -> ControlFlow<()> {
        let mut state = self.state();
        if state.phase == Phase::Stopping {
            return ControlFlow::Break(());
        }
        state.phase = Phase::Replacing;
        ControlFlow::Continue(())
    }

    /// Follows the writer of a folder.
    pub(crate) fn watch(&self, step: FolderStep<'_>) -> ControlFlow<()> {
        match step {
            FolderStep::Started(path) => self.writing(path),
            FolderStep::Replacing => return self.replacing(),
            _ => {}
        }
        match self.state().phase {
            Phase::Stopping => ControlFlow::Break(()),
            Phase::Working | Phase::Replacing => ControlFlow::Continue(()),
        }
    }

    /// The command has ended. A program that is stopping has nothing more to say: its failures are of its own making. The
    /// thread that listens ends it.
    pub(crate) fn settle(&self) {
        let is_stopping = {
            let mut state = self.state();
            state.has_settled = true;
            state.phase == Phase::Stopping
        };
        if is_stopping {
            loop {
                std::thread::park();
            }
        }
    }

    /// The exit code if a signal ends the program now; none if it has to finish first.
    #[cfg(unix)]
    fn stop(&self, signal: i32) -> Option<i32> {
        {
            let mut state = self.state();
            if state.phase == Phase::Replacing {
                return None;
            }
            state.phase = Phase::Stopping;
        }
        self.remove_leftovers();
        Some(128 + signal)
    }

    /// The writer may still be adding to what is removed, so once is not enough; it fails then and ends, or it is given up
    /// after half a second.
    #[cfg(unix)]
    fn remove_leftovers(&self) {
        for _ in 0..100 {
            {
                let mut state = self.state();
                state.leftovers.retain(|path| !is_removed(path));
                if state.leftovers.is_empty() && (state.has_settled || !state.is_writing) {
                    return;
                }
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

#[cfg(unix)]
fn is_removed(path: &Path) -> bool {
    let removed = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    removed.map_or_else(|error| error.kind() == io::ErrorKind::NotFound, |()| true)
}

#[cfg(unix)]
fn listen(interrupt: &Interrupt) {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    // Without a listener the signals end the program as they always do; only what is under way would stay.
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else {
        return;
    };
    let interrupt = interrupt.clone();
    std::thread::spawn(move || {
        let mut signals = signals.forever();
        let first = signals.next().and_then(|signal| interrupt.stop(signal));
        let code = match first {
            Some(code) => code,
            None => {
                signals.next();
                i32::from(Kind::Write.exit_code())
            }
        };
        crate::terminal::leave_clean();
        end(code);
    });
}

#[cfg(not(unix))]
fn listen(_: &Interrupt) {}

#[cfg(unix)]
#[expect(
    clippy::exit,
    reason = "the command runs in another thread and cannot be asked to return"
)]
fn end(code: i32) -> ! {
    std::process::exit(code)
}
