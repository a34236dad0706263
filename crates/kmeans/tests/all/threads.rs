//! Pools of threads that tests run in.

use std::sync::LazyLock;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// One thread, an even and an odd number of them; more than the processor has, on purpose.
pub(crate) static POOLS: LazyLock<[ThreadPool; 3]> = LazyLock::new(|| {
    [1, 2, 7].map(|threads| {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build();
        pool.expect("threads can be started")
    })
});

/// What `work` gives on every pool, after a check that all give the same.
pub(crate) fn same_on_all<T: Send + PartialEq + std::fmt::Debug>(work: impl Fn() -> T + Sync) -> T {
    let [one, others @ ..] = &*POOLS;
    let expected = one.install(&work);
    for pool in others {
        let found = pool.install(&work);
        assert!(
            found == expected,
            "{} threads give another result than one",
            pool.current_num_threads()
        );
    }
    expected
}
