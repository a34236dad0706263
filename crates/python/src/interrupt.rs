//! Work without the interpreter's lock that Ctrl-C can end.
//!
//! Python runs signal handlers on its main thread and only when that is asked to. So the work is done on another thread,
//! and the thread that called looks for signals meanwhile.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use pyo3::prelude::*;

use crate::error::bug;
use crate::pool;

/// How often signals are looked for.
const EVERY: Duration = Duration::from_millis(50);

/// Whether the caller wants the work to end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// What to answer to work that asks whether to go on.
    pub(crate) fn go_on(&self) -> ControlFlow<()> {
        if self.0.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Does work that borrows from the caller. A signal asks it to stop, and is raised once it has.
pub(crate) fn borrowing<T: Send>(
    py: Python<'_>,
    work: impl FnOnce(&Stop) -> T + Send,
) -> PyResult<T> {
    let stop = Stop::default();
    let (outcome, raised) = py.detach(|| {
        thread::scope(|scope| {
            let (done, is_done) = channel();
            let stop = &stop;
            let worker = scope.spawn(move || {
                let result = pool::install(|| work(stop));
                // Whoever waits has gone after a signal.
                let _ = done.send(());
                result
            });
            let raised = wait(&is_done, stop);
            (worker.join(), raised)
        })
    });
    match (raised, outcome) {
        (Some(raised), _) => Err(raised),
        (None, Ok(result)) => Ok(result),
        (None, Err(panic)) => Err(bug(py, panic.as_ref())),
    }
}

/// Does work that owns all it needs. A signal is raised at once; the work ends when it next tells how far it is.
pub(crate) fn owning<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce(&Stop) -> T + Send + 'static,
) -> PyResult<T> {
    let stop = Stop::default();
    let (done, is_done) = channel();
    let its_stop = stop.clone();
    let worker = thread::spawn(move || {
        let result = pool::install(|| work(&its_stop));
        // Nobody waits any more after a signal.
        let _ = done.send(());
        result
    });
    let outcome = py.detach(move || match wait(&is_done, &stop) {
        Some(raised) => Err(raised),
        None => Ok(worker.join()),
    })?;
    outcome.map_err(|panic| bug(py, panic.as_ref()))
}

/// Waits until the worker is done or gone. What a signal handler raises stops it, and is returned at once.
fn wait(is_done: &Receiver<()>, stop: &Stop) -> Option<PyErr> {
    while is_done.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
        if let Some(raised) = Python::attach(signal) {
            stop.set();
            return Some(raised);
        }
    }
    None
}

/// What a signal handler raises, if there was a signal.
fn signal(py: Python<'_>) -> Option<PyErr> {
    py.check_signals().err()
}
