//! Ctrl-C and termination: nothing half-written stays behind, and the exit code says what happened.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Remembers what is being written, and removes it when the program is told to stop.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interrupt {
    staged: Arc<Mutex<Option<PathBuf>>>,
    stopping: Arc<AtomicBool>,
    settled: Arc<AtomicBool>,
}

impl Interrupt {
    /// Starts to listen for SIGINT and SIGTERM.
    pub(crate) fn listen() -> Self {
        let interrupt = Self::default();
        listen(&interrupt);
        interrupt
    }

    /// Something is being written here, not yet under its own name.
    pub(crate) fn staged(&self, path: &Path) {
        let mut staged = self.staged.lock().unwrap_or_else(PoisonError::into_inner);
        *staged = Some(path.to_path_buf());
    }

    /// When the program is stopping, its failures are of its own making: nothing more is to be said.
    pub(crate) fn wait_if_interrupted(&self) {
        while self.stopping.load(Ordering::SeqCst) {
            self.settled.store(true, Ordering::SeqCst);
            std::thread::park();
        }
    }

    /// Removes what was staged. The writer may still be adding to it, so once is not enough; it fails then, and is given
    /// the time to put back what it had moved away.
    fn remove_staged(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        let staged = self.staged.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(path) = staged.as_ref() else { return };
        wait_until(|| {
            let removed = if path.is_dir() {
                fs::remove_dir_all(path)
            } else {
                fs::remove_file(path)
            };
            let gone = removed.is_ok() || !path.exists();
            gone && self.settled.load(Ordering::SeqCst)
        });
    }
}

/// Tries for half a second.
fn wait_until(done: impl Fn() -> bool) {
    for _ in 0..100 {
        if done() {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[cfg(unix)]
fn listen(interrupt: &Interrupt) {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    // Without a listener the signals end the program as they always do; only staged files would stay.
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else {
        return;
    };
    let interrupt = interrupt.clone();
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            interrupt.remove_staged();
            crate::terminal::leave_clean();
            end(128 + signal);
        }
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
