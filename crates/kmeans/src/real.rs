//! The two precisions that points may come in.

/// `f32` or `f64`. Points of `f32` are read as the `f64` numbers that they are: results equal those of the same
/// values given as `f64`, at half the memory and memory traffic.
pub trait Real:
    sealed::Sealed + Copy + Send + Sync + PartialOrd + std::fmt::Debug + 'static
{
    /// Width in bytes.
    const BYTES: usize;

    /// The same number as `f64`, exactly.
    fn widen(self) -> f64;

    /// The nearest number of this precision.
    #[must_use]
    fn narrow(value: f64) -> Self;
}

impl Real for f64 {
    const BYTES: usize = 8;

    #[inline(always)]
    fn widen(self) -> f64 {
        self
    }

    #[inline(always)]
    fn narrow(value: f64) -> Self {
        value
    }
}

impl Real for f32 {
    const BYTES: usize = 4;

    #[inline(always)]
    fn widen(self) -> f64 {
        f64::from(self)
    }

    #[inline(always)]
    fn narrow(value: f64) -> Self {
        value as f32
    }
}

pub(crate) mod sealed {
    #[cfg(target_arch = "x86_64")]
    use std::arch::x86_64::{__m128, __m128i};

    #[cfg(target_arch = "x86_64")]
    use pulp::x86::V3;

    /// Values, their precision told at run time.
    #[derive(Debug)]
    pub enum Values<'a> {
        Single(&'a [f32]),
        Double(&'a [f64]),
    }

    pub trait Sealed: Copy {
        /// The same values with their precision told at run time.
        fn told(values: &[Self]) -> Values<'_>;

        /// Four neighboring values, less a center, times a scale, in single precision.
        #[cfg(target_arch = "x86_64")]
        fn four(simd: V3, values: &[Self; 4], center: &[Self; 4], scale: Self) -> __m128;

        /// Eight of them, rounded to whole numbers of 16 bits.
        #[cfg(target_arch = "x86_64")]
        fn eight(simd: V3, values: &[Self; 8], center: &[Self; 8], scale: Self) -> __m128i;
    }

    impl Sealed for f64 {
        fn told(values: &[f64]) -> Values<'_> {
            Values::Double(values)
        }

        #[cfg(target_arch = "x86_64")]
        #[inline(always)]
        fn four(simd: V3, values: &[f64; 4], center: &[f64; 4], scale: f64) -> __m128 {
            let avx = simd.avx;
            let moved = avx._mm256_sub_pd(pulp::cast(*values), pulp::cast(*center));
            let scaled = avx._mm256_mul_pd(moved, avx._mm256_set1_pd(scale));
            avx._mm256_cvtpd_ps(scaled)
        }

        #[cfg(target_arch = "x86_64")]
        #[inline(always)]
        fn eight(simd: V3, values: &[f64; 8], center: &[f64; 8], scale: f64) -> __m128i {
            let avx = simd.avx;
            let [low, high]: [[f64; 4]; 2] = pulp::cast(*values);
            let [center_low, center_high]: [[f64; 4]; 2] = pulp::cast(*center);
            let scale = avx._mm256_set1_pd(scale);
            let low = avx._mm256_mul_pd(
                avx._mm256_sub_pd(pulp::cast(low), pulp::cast(center_low)),
                scale,
            );
            let high = avx._mm256_mul_pd(
                avx._mm256_sub_pd(pulp::cast(high), pulp::cast(center_high)),
                scale,
            );
            simd.sse2
                ._mm_packs_epi32(avx._mm256_cvtpd_epi32(low), avx._mm256_cvtpd_epi32(high))
        }
    }

    impl Sealed for f32 {
        fn told(values: &[f32]) -> Values<'_> {
            Values::Single(values)
        }

        #[cfg(target_arch = "x86_64")]
        #[inline(always)]
        fn four(simd: V3, values: &[f32; 4], center: &[f32; 4], scale: f32) -> __m128 {
            let sse = simd.sse;
            let moved = sse._mm_sub_ps(pulp::cast(*values), pulp::cast(*center));
            sse._mm_mul_ps(moved, sse._mm_set1_ps(scale))
        }

        #[cfg(target_arch = "x86_64")]
        #[inline(always)]
        fn eight(simd: V3, values: &[f32; 8], center: &[f32; 8], scale: f32) -> __m128i {
            let avx = simd.avx;
            let moved = avx._mm256_sub_ps(pulp::cast(*values), pulp::cast(*center));
            let whole = avx._mm256_cvtps_epi32(avx._mm256_mul_ps(moved, avx._mm256_set1_ps(scale)));
            let high = simd.avx2._mm256_extracti128_si256::<1>(whole);
            simd.sse2
                ._mm_packs_epi32(avx._mm256_castsi256_si128(whole), high)
        }
    }
}
