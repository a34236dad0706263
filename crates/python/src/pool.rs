//! The threads that work: one pool per process.

use std::sync::{Arc, Mutex, PoisonError};

use rayon::{ThreadPool, ThreadPoolBuilder};

/// A pool, and the process that started it.
type Started = (u32, Arc<ThreadPool>);

static POOL: Mutex<Option<Started>> = Mutex::new(None);

/// Does the work on the pool of this process; on this thread alone where no pool can be started.
///
/// A process that was forked has none of its parent's threads, so it starts its own; rayon's global pool could not be
/// started again. `RAYON_NUM_THREADS` says how many threads there are, else one per core: results do not depend on it.
pub(crate) fn install<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match of_this_process() {
        Some(pool) => pool.install(work),
        None => work(),
    }
}

fn of_this_process() -> Option<Arc<ThreadPool>> {
    let process = std::process::id();
    let mut started = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((owner, pool)) = started.as_ref()
        && *owner == process
    {
        return Some(Arc::clone(pool));
    }
    // Dropping the parent's pool would wait for threads that are not here.
    std::mem::forget(started.take());
    let pool = Arc::new(ThreadPoolBuilder::new().build().ok()?);
    *started = Some((process, Arc::clone(&pool)));
    Some(pool)
}
