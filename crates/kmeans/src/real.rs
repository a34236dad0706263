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
    use std::arch::x86_64::{__m256, __m256i};

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

        /// What stays zero while values are finite: this and zero times the value.
        #[must_use]
        fn and_nothing_of(self, value: Self) -> Self;

        /// Four neighboring values of each of two rows, less a center, times a scale, in single precision.
        #[cfg(target_arch = "x86_64")]
        fn two_fours(simd: V3, rows: [&[Self; 4]; 2], center: &[Self; 4], scale: Self) -> __m256;

        /// Eight of each, rounded to whole numbers of 16 bits.
        #[cfg(target_arch = "x86_64")]
        fn two_eights(simd: V3, rows: [&[Self; 8]; 2], center: &[Self; 8], scale: Self) -> __m256i;
    }

    impl Sealed for f64 {
        fn told(values: &[f64]) -> Values<'_> {
            Values::Double(values)
        }

        #[inline(always)]
        fn and_nothing_of(self, value: f64) -> f64 {
            self + value * 0.0
        }

        #[cfg(target_arch = "x86_64")]
        #[inline(always)]
        fn two_fours(simd: V3, rows: [&[f64; 4]; 2], center: &[f64; 4], scale: f64) -> __m256 {
            let avx = simd.avx;
            let [low, high] = rows.map(
                #[inline(always)]
                |values| {
                    let moved = avx._mm256_sub_pd(pulp::cast(*values), pulp::cast(*center));
                    avx._mm256_cvtpd_ps(avx._mm256_mul_pd(moved, avx._mm256_set1_pd(scale)))
                },
            );
            avx._mm256_set_m128(high, low)
        }

        #[cfg(target_arch = "x86_64")]
        #[inline(always)]
        fn two_eights(simd: V3, rows: [&[f64; 8]; 2], center: &[f64; 8], scale: f64) -> __m256i {
            let avx = simd.avx;
            let [center_low, center_high]: [[f64; 4]; 2] = pulp::cast(*center);
            let scale = avx._mm256_set1_pd(scale);
            let [low, high] = rows.map(
                #[inline(always)]
                |values| {
                    let [low, high]: [[f64; 4]; 2] = pulp::cast(*values);
                    let low = avx._mm256_sub_pd(pulp::cast(low), pulp::cast(center_low));
                    let high = avx._mm256_sub_pd(pulp::cast(high), pulp::cast(center_high));
                    let low = avx._mm256_cvtpd_epi32(avx._mm256_mul_pd(low, scale));
                    let high = avx._mm256_cvtpd_epi32(avx._mm256_mul_pd(high, scale));
                    simd.sse2._mm_packs_epi32(low, high)
                },
            );
            avx._mm256_set_m128i(high, low)
        }
    }

    impl Sealed for f32 {
        fn told(values: &[f32]) -> Values<'_> {
            Values::Single(values)
        }

        #[inline(always)]
        fn and_nothing_of(self, value: f32) -> f32 {
            self + value * 0.0
        }

        #[cfg(target_arch = "x86_64")]
        #[inline(always)]
        fn two_fours(simd: V3, rows: [&[f32; 4]; 2], center: &[f32; 4], scale: f32) -> __m256 {
            let avx = simd.avx;
            let both = avx._mm256_set_m128(pulp::cast(*rows[1]), pulp::cast(*rows[0]));
            let center = avx._mm256_set_m128(pulp::cast(*center), pulp::cast(*center));
            avx._mm256_mul_ps(avx._mm256_sub_ps(both, center), avx._mm256_set1_ps(scale))
        }

        #[cfg(target_arch = "x86_64")]
        #[inline(always)]
        fn two_eights(simd: V3, rows: [&[f32; 8]; 2], center: &[f32; 8], scale: f32) -> __m256i {
            let (avx, avx2) = (simd.avx, simd.avx2);
            let scale = avx._mm256_set1_ps(scale);
            let [low, high] = rows.map(
                #[inline(always)]
                |values| {
                    let moved = avx._mm256_sub_ps(pulp::cast(*values), pulp::cast(*center));
                    avx._mm256_cvtps_epi32(avx._mm256_mul_ps(moved, scale))
                },
            );
            // Packing goes by halves of registers: the quarters come out as low, high, low, high.
            avx2._mm256_permute4x64_epi64::<0b11_01_10_00>(avx2._mm256_packs_epi32(low, high))
        }
    }
}
