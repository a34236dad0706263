//! Rows that will be read soon, asked of memory early.

use crate::kernel::Source;
use crate::real::Real;

/// Bytes that memory brings at once.
const LINE: usize = 64;

/// Asks for the values of these rows; a hint without any effect on results.
#[inline(always)]
pub(crate) fn ask_for<T: Real>(source: &Source<T>, rows: &[u32]) {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = crate::vector::avx2() {
        let step = LINE / T::BYTES;
        for &row in rows {
            let values = &source.data[row as usize * source.d..][..source.d];
            for line in values.chunks(step) {
                simd.sse
                    ._mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(line.as_ptr().cast());
            }
        }
    }
}
