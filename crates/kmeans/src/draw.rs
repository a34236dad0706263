//! Random draws that belong to a row's content, not to its place.
//!
//! Each draw is a pure function of (seed, run, round, trial) and, where it is made per row, of the row's content. Rows
//! are drawn in canonical order, so no order of rows and no number of threads changes what is drawn.

/// Spreads all bits of `x` over all bits of the result (a bijection; the finalizer of SplitMix64).
///
/// G. L. Steele, D. Lea, C. H. Flood: Fast splittable pseudorandom number generators. OOPSLA 2014.
/// <https://doi.org/10.1145/2660193.2660195>
pub(crate) fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// Folds `value` into the hash `state`.
fn fold(state: u64, value: u64) -> u64 {
    mix(state.wrapping_add(0x9E37_79B9_7F4A_7C15) ^ mix(value.wrapping_add(0xD1B5_4A32_D192_ED03)))
}

/// One independent source of draws.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stream(u64);

impl Stream {
    /// The source for one trial of one round of one run.
    pub(crate) fn new(seed: u64, run: usize, round: usize, trial: usize) -> Self {
        let state = fold(fold(fold(seed, run as u64), round as u64), trial as u64);
        Self(state)
    }

    /// A whole number for this key.
    pub(crate) fn bits(self, key: u64) -> u64 {
        mix(self.0 ^ key)
    }

    /// A number strictly between 0 and 1 for this key.
    pub(crate) fn uniform(self, key: u64) -> f64 {
        const UNIT: f64 = 1.0 / (1_u64 << 52) as f64;
        ((self.bits(key) >> 12) as f64 + 0.5) * UNIT
    }

    /// A whole number below `limit` for this key.
    pub(crate) fn below(self, key: u64, limit: usize) -> usize {
        (self.uniform(key) * limit as f64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_uniform() {
        let mut counts = [0_i32; 10];
        (0..100_000).for_each(|run| counts[Stream::new(7, run, 0, 0).below(0, 10)] += 1);
        // Five standard deviations of a binomial count are 475.
        assert!(
            counts.iter().all(|count| (count - 10_000).abs() < 475),
            "{counts:?}"
        );
    }
}
