//! Work without the interpreter's lock that Ctrl-C can end, and that tells a listener how far it is.
//!
//! Python runs signal handlers on its main thread and only when that is asked to. So the work is done on another thread,
//! and the thread that called looks for signals meanwhile. The listener is called on that thread, too. Labels of few rows are
//! found before a thread would have started, and so on the thread that called ([`labeling`]).

use std::ops::ControlFlow;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use pyo3::prelude::*;
use tribus::progress::{Progress, Watch};
use tribus_kmeans::is_small;

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

/// What the thread that waits hears from the one that works.
enum News {
    Step(Progress),
    Done,
}

/// Steps on their way to a listener. Work tells the same step again and again; each is passed on once, counts only rise, and
/// every stage ends with all of its steps.
struct Steps {
    listener: Sender<News>,
    last: Mutex<Option<Progress>>,
}

impl Steps {
    fn tell(&self, step: Progress) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match *last {
            Some(before) if before.stage == step.stage && step.done <= before.done => return,
            Some(before) if before.stage != step.stage => self.complete(before),
            _ => {}
        }
        *last = Some(step);
        self.send(step);
    }

    /// The work is done, and so is its last stage.
    fn end(&self) {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(step) = last {
            self.complete(step);
        }
    }

    fn complete(&self, step: Progress) {
        if step.done < step.of {
            self.send(Progress {
                done: step.of,
                ..step
            });
        }
    }

    fn send(&self, step: Progress) {
        // Nobody listens any more after a signal.
        let _ = self.listener.send(News::Step(step));
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
            let (sender, news) = channel();
            let stop = &stop;
            let worker = scope.spawn(move || {
                let result = pool::install(|| work(stop));
                // Whoever waits has gone after a signal.
                let _ = sender.send(News::Done);
                result
            });
            let raised = wait(&news, stop, None);
            (worker.join(), raised)
        })
    });
    match (raised, outcome) {
        (Some(raised), _) => Err(raised),
        (None, Ok(result)) => Ok(result),
        (None, Err(panic)) => Err(bug(py, panic.as_ref())),
    }
}

/// Labels rows that are borrowed from the caller, or measures them: so many rows, centroids and columns. Where that is little
/// it is done here: a thread takes longer to start, and signals are looked for when Python goes on.
pub(crate) fn labeling<T: Send>(
    py: Python<'_>,
    (n, k, d): (usize, usize, usize),
    work: impl FnOnce() -> T + Send,
) -> PyResult<T> {
    if !is_small(n, k, d) {
        return borrowing(py, |_| work());
    }
    // The engine starts no thread for so little, so there is none that a fork could lose.
    let done = py.detach(|| panic::catch_unwind(AssertUnwindSafe(work)));
    done.map_err(|panic| bug(py, panic.as_ref()))
}

/// Does work that owns all it needs. A signal is raised at once; the work ends when it next asks whether to go on.
pub(crate) fn owning<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce(&Stop) -> T + Send + 'static,
) -> PyResult<T> {
    apart(py, None, move |stop, _| work(stop))
}

/// The same for work that tells how far it is. `hear(stage, done, of)` of the listener is called with each step, its `beat()`
/// in between; what they raise stops the work as a signal does.
pub(crate) fn watched<T: Send + 'static, E: Send + 'static>(
    py: Python<'_>,
    listener: Option<&Py<PyAny>>,
    work: impl FnOnce(Watch<'_>) -> Result<T, E> + Send + 'static,
) -> PyResult<Result<T, E>> {
    let is_heard = listener.is_some();
    apart(py, listener, move |stop, sender| {
        let steps = is_heard.then(|| Steps {
            listener: sender.clone(),
            last: Mutex::new(None),
        });
        let made = work(&|step| {
            if let Some(steps) = &steps {
                steps.tell(step);
            }
            stop.go_on()
        });
        if let (Ok(_), Some(steps)) = (&made, &steps) {
            steps.end();
        }
        made
    })
}

fn apart<T: Send + 'static>(
    py: Python<'_>,
    listener: Option<&Py<PyAny>>,
    work: impl FnOnce(&Stop, &Sender<News>) -> T + Send + 'static,
) -> PyResult<T> {
    let stop = Stop::default();
    let (sender, news) = channel();
    let its_stop = stop.clone();
    let worker = thread::spawn(move || {
        let result = pool::install(|| work(&its_stop, &sender));
        // Whoever waits has gone after a signal.
        let _ = sender.send(News::Done);
        result
    });
    let outcome = py.detach(move || match wait(&news, &stop, listener) {
        Some(raised) => Err(raised),
        None => Ok(worker.join()),
    })?;
    outcome.map_err(|panic| bug(py, panic.as_ref()))
}

/// Waits until the worker is done or gone. What a signal handler or the listener raises stops it, and is returned at once.
fn wait(news: &Receiver<News>, stop: &Stop, listener: Option<&Py<PyAny>>) -> Option<PyErr> {
    loop {
        let step = match news.recv_timeout(EVERY) {
            Ok(News::Step(step)) => Some(step),
            Err(RecvTimeoutError::Timeout) => None,
            Ok(News::Done) | Err(RecvTimeoutError::Disconnected) => return None,
        };
        let answer = Python::attach(|py| {
            py.check_signals()?;
            listener.map_or(Ok(()), |listener| tell(py, listener, step))
        });
        if let Err(raised) = answer {
            stop.set();
            return Some(raised);
        }
    }
}

fn tell(py: Python<'_>, listener: &Py<PyAny>, step: Option<Progress>) -> PyResult<()> {
    match step {
        Some(Progress { stage, done, of }) => {
            listener.call_method1(py, "hear", (stage.to_string(), done, of))?;
        }
        None => {
            listener.call_method0(py, "beat")?;
        }
    }
    Ok(())
}
