//! The hot loops, compiled several times over, run with the widest vector instructions of the processor at hand.
//!
//! Only the width differs: each lane adds and multiplies in the same order, nothing is fused, so every width gives the
//! same bits. What is passed in must be `#[inline(always)]` down to the loops, or it stays as narrow as it was.

use std::sync::LazyLock;

use pulp::Arch;

static WIDEST: LazyLock<Arch> = LazyLock::new(Arch::new);

/// Runs `work` compiled for the widest vector instructions there are.
#[inline]
pub(crate) fn widest<R>(work: impl FnOnce() -> R) -> R {
    WIDEST.dispatch(work)
}
