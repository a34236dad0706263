//! Sums of numbers of any size, without a grid.

use xsum::{Xsum, XsumSmall};

/// An exact sum of any finite numbers: one 128-bit integer for every 32 exponents.
#[derive(Debug, Clone)]
pub(crate) struct ByExponent {
    bins: [i128; 64],
}

impl Default for ByExponent {
    fn default() -> Self {
        Self { bins: [0; 64] }
    }
}

impl ByExponent {
    /// Adds a finite number.
    #[inline(always)]
    pub(crate) fn add(&mut self, value: f64) {
        let bits = value.to_bits();
        let exponent = (bits >> 52) & 0x7FF;
        let fraction = bits & ((1 << 52) - 1);
        // Subnormal numbers have the exponent of the smallest normal ones, and no hidden bit.
        let (exponent, digits) = match exponent {
            0 => (1, fraction),
            _ => (exponent, fraction | 1 << 52),
        };
        let term = i128::from(digits) << (exponent & 31);
        let bin = &mut self.bins[(exponent >> 5) as usize];
        *bin += if value < 0.0 { -term } else { term };
    }

    /// Adds a product of two numbers, exactly.
    #[inline(always)]
    pub(crate) fn add_product(&mut self, a: f64, b: f64) {
        let product = a * b;
        self.add(product);
        if a != 1.0 {
            self.add(f64::mul_add(a, b, -product));
        }
    }

    pub(crate) fn take(&mut self, other: &mut Self) {
        for (mine, theirs) in self.bins.iter_mut().zip(&mut other.bins) {
            *mine += std::mem::take(theirs);
        }
    }

    /// The sum, rounded once.
    pub(crate) fn sum(&self) -> f64 {
        self.split().0
    }

    /// The number nearest to the sum, and the number nearest to what is left.
    pub(super) fn split(&self) -> (f64, f64) {
        let mut sum = XsumSmall::new();
        for (index, &bin) in self.bins.iter().enumerate().filter(|&(_, &bin)| bin != 0) {
            let mut left = bin;
            while left != 0 {
                // The top 53 bits at a time: each part is a number of its own.
                let part = left as f64;
                let part = if part as i128 == left {
                    part
                } else {
                    truncated(left)
                };
                sum.add(libm::ldexp(part, index as i32 * 32 - 1075));
                left -= part as i128;
            }
        }
        let high = sum.sum();
        sum.add(-high);
        (high + 0.0, sum.sum() + 0.0)
    }
}

/// The leading 52 bits of a number.
fn truncated(value: i128) -> f64 {
    let surplus = (128 - value.unsigned_abs().leading_zeros()).saturating_sub(52);
    (value >> surplus << surplus) as f64
}
