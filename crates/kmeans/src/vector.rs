//! The hot loops, compiled several times over and run with the widest vector instructions of the processor at hand.
//!
//! Two kinds of loop run here. Those that define results multiply and add in a fixed order, one row per lane, so every
//! width gives the same bits. Those that only rule out candidates may round as they like: what they leave open is
//! decided by the definition. What is passed in must be `#[inline(always)]` down to the loops, or it stays as narrow as
//! it was.

use std::sync::LazyLock;

use pulp::{Arch, Scalar128b, Simd, WithSimd};

static WIDEST: LazyLock<Arch> = LazyLock::new(Arch::new);

fn arch() -> Arch {
    #[cfg(test)]
    if narrow::is_on() {
        return Arch::Scalar;
    }
    *WIDEST
}

/// Runs `work` compiled for the widest vector instructions there are.
#[inline]
pub(crate) fn widest<R>(work: impl FnOnce() -> R) -> R {
    arch().dispatch(work)
}

/// Runs `job` with the widest vectors there are; where none are known, with groups of four.
#[inline]
pub(crate) fn run<J: WithSimd>(job: J) -> J::Output {
    match arch() {
        Arch::Scalar => Scalar128b.vectorize(job),
        known => known.dispatch(job),
    }
}

/// The AVX2 instructions, where there are such.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(crate) fn avx2() -> Option<pulp::x86::V3> {
    static AVX2: LazyLock<Option<pulp::x86::V3>> = LazyLock::new(pulp::x86::V3::try_new);
    #[cfg(test)]
    if narrow::is_on() {
        return None;
    }
    *AVX2
}

/// Makes this processor one without wide vectors, for tests.
#[cfg(test)]
pub(crate) mod narrow {
    use std::cell::Cell;

    thread_local! {
        static IS_ON: Cell<bool> = const { Cell::new(false) };
    }

    pub(super) fn is_on() -> bool {
        IS_ON.get()
    }

    /// Runs `work` on one thread of its own, with narrow vectors.
    pub(crate) fn run<R: Send>(work: impl FnOnce() -> R + Send) -> R {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(1)
            .build()
            .unwrap();
        pool.install(|| {
            IS_ON.set(true);
            work()
        })
    }
}
