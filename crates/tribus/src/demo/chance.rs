//! Random draws that are the same on every machine: numbers in, numbers out, knows no customers.

use std::f64::consts::{SQRT_2, TAU};

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014,
/// doi:10.1145/2660193.2660195): eight lines, no tables, and good enough for two thousand customers.
#[derive(Debug)]
pub(crate) struct Chance {
    state: u64,
}

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Uniform over (0, 1), never 0 and never 1: the 53-bit grid moved by half a step.
    pub(crate) fn uniform(&mut self) -> f64 {
        ((self.next() >> 12) as f64 + 0.5) / (1u64 << 52) as f64
    }

    /// A whole number from 0 to `bound - 1`; `bound` must not be 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        // The high half of a 128-bit product: its bias, bound / 2^64, is far below what 2,240 rows could show.
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// Fisher-Yates.
    pub(crate) fn shuffle<T>(&mut self, values: &mut [T]) {
        for last in (1..values.len()).rev() {
            values.swap(last, self.below(last + 1));
        }
    }

    /// Standard normal, by Box and Muller; the second value of the pair is not kept, so that each call is alone.
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(self.uniform())).sqrt();
        radius * libm::cos(TAU * self.uniform())
    }

    /// A standard score that follows `drivers`, pairs of (weight, standard score), and fills the rest of its
    /// variance with noise of its own.
    pub(crate) fn follow(&mut self, drivers: &[(f64, f64)]) -> f64 {
        let mut followed = 0.0;
        let mut left = 1.0;
        for (weight, score) in drivers {
            followed += weight * score;
            left -= weight * weight;
        }
        followed + left.max(0.0).sqrt() * self.normal()
    }
}

/// The share of a standard normal below `score`: turns a score into a level between 0 and 1.
pub(crate) fn level(score: f64) -> f64 {
    0.5 * libm::erfc(-score / SQRT_2)
}

/// Which of several ordered choices a level falls on: their shares add up to at most 1, the last takes the rest.
pub(crate) fn choice(level: f64, shares: &[f64]) -> usize {
    let mut reached = 0.0;
    for (position, share) in shares.iter().enumerate() {
        reached += share;
        if level < reached {
            return position;
        }
    }
    shares.len().saturating_sub(1)
}

/// The quantile at `level` of a negative binomial count with this mean and variance (a Poisson count when the
/// variance is not above the mean), at most `ceiling`.
pub(crate) fn count(level: f64, mean: f64, variance: f64, ceiling: u32) -> u32 {
    // A hundredth above the mean is as good as Poisson, and keeps one formula for both.
    let surplus = (variance - mean).max(0.01 * mean);
    let size = mean * mean / surplus;
    let ratio = mean / (mean + size);
    let mut probability = libm::pow(1.0 - ratio, size);
    let mut reached = probability;
    let mut value = 0;
    while reached < level && value < ceiling {
        probability *= ratio * (size + f64::from(value)) / (f64::from(value) + 1.0);
        value += 1;
        reached += probability;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_split_mix_64() {
        let mut chance = Chance::new(0);
        assert_eq!(chance.next(), 0xe220_a839_7b1d_cdaf);
        assert_eq!(chance.next(), 0x6e78_9e6a_a1b9_65f4);
    }

    #[test]
    fn followers_correlate_with_their_driver() {
        let mut chance = Chance::new(1);
        let (mut product, mut square, mut driver_square) = (0.0, 0.0, 0.0);
        for _ in 0..20_000 {
            let driver = chance.normal();
            let follower = chance.follow(&[(0.6, driver)]);
            product += driver * follower;
            square += follower * follower;
            driver_square += driver * driver;
        }
        let correlation = product / f64::sqrt(square * driver_square);
        assert!((correlation - 0.6).abs() < 0.02, "{correlation}");
        assert!((square / 20_000.0 - 1.0).abs() < 0.04, "{square}");
    }

    #[test]
    fn counts_have_the_mean_and_variance_asked_for() {
        for (mean, variance) in [(0.58, 0.62), (3.88, 6.69), (6.7, 6.7)] {
            let draws: Vec<f64> = (0..10_000)
                .map(|step| {
                    f64::from(count(
                        (f64::from(step) + 0.5) / 10_000.0,
                        mean,
                        variance,
                        99,
                    ))
                })
                .collect();
            let found = draws.iter().sum::<f64>() / 10_000.0;
            let spread = draws
                .iter()
                .map(|draw| (draw - found) * (draw - found))
                .sum::<f64>()
                / 10_000.0;
            assert!((found - mean).abs() < 0.01, "{found} for {mean}");
            assert!(
                (spread / variance - 1.0).abs() < 0.03,
                "{spread} for {variance}"
            );
        }
    }

    #[test]
    fn the_last_choice_takes_what_rounding_left() {
        assert_eq!(choice(0.1, &[0.2, 0.7]), 0);
        assert_eq!(choice(0.5, &[0.2, 0.7]), 1);
        assert_eq!(choice(0.999, &[0.2, 0.7]), 1);
    }
}
