//! Work so small that it is done before another thread would have awoken.

/// Products of a value and a centroid: some tenth of a millisecond of one thread.
const MOST_PRODUCTS: usize = 1 << 18;

/// Whether to label `n` points of `d` columns by `k` centroids, or to measure their distances, is so little work that this
/// crate does it on the thread that asks and on no other. Counted, never timed.
///
/// Of [`Model`](crate::Model), [`Points::new`](crate::Points::new) and [`variants::descend`](crate::variants::descend),
/// where `k` counts the nodes. For callers that would hand the work to a thread of their own.
#[must_use]
pub fn is_small(n: usize, k: usize, d: usize) -> bool {
    n.saturating_mul(k).saturating_mul(d) <= MOST_PRODUCTS
}
