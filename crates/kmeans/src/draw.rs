//! Random draws that belong to a row's content, not to its place.
//!
//! Each draw is a pure function of (seed, run, round, trial) and of the row (hash of its content, occurrence among
//! equal rows). So no order of rows and no number of threads changes what is drawn. One row out of many is drawn with
//! a probability proportional to its weight by an exponential race: the smallest `-ln(u) / weight` wins.
//!
//! P. S. Efraimidis and P. G. Spirakis: Weighted random sampling with a reservoir. Information Processing Letters
//! 97(5), 2006. <https://doi.org/10.1016/j.ipl.2005.11.003>

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
pub(crate) fn fold(state: u64, value: u64) -> u64 {
    mix(state.wrapping_add(0x9E37_79B9_7F4A_7C15) ^ mix(value.wrapping_add(0xD1B5_4A32_D192_ED03)))
}

/// Hash of a row's numbers; 0.0 and -0.0 are the same number.
pub(crate) fn content_hash(row: &[f64]) -> u64 {
    row.iter().fold(row.len() as u64, |state, &value| {
        let state = (state ^ (value + 0.0).to_bits()).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        state ^ (state >> 29)
    })
}

/// One independent source of draws: for each row key, one number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stream(u64);

impl Stream {
    /// The source for one trial of one round of one run.
    pub(crate) fn new(seed: u64, run: usize, round: usize, trial: usize) -> Self {
        let state = fold(fold(fold(seed, run as u64), round as u64), trial as u64);
        Self(state)
    }

    /// A whole number for the row of this key.
    pub(crate) fn bits(self, key: u64) -> u64 {
        mix(self.0 ^ key)
    }

    /// A number strictly between 0 and 1 for the row of this key.
    fn uniform(self, key: u64) -> f64 {
        const UNIT: f64 = 1.0 / (1_u64 << 52) as f64;
        ((self.bits(key) >> 12) as f64 + 0.5) * UNIT
    }

    /// The row that wins the race, or `None` if no weight is positive. Ties go to the lowest row.
    pub(crate) fn race(self, keys: &[u64], weights: &[f64]) -> Option<usize> {
        let mut winner = None;
        let mut fastest = f64::INFINITY;
        for (row, (&key, &weight)) in keys.iter().zip(weights).enumerate() {
            let u = self.uniform(key);
            // -ln(u) >= 1 - u: nearly every row loses by this alone, without a logarithm. The factor leaves room
            // for the rounding of both sides, so the result is that of the full race.
            if weight <= 0.0 || (1.0 - u) * 0.999_999 > fastest * weight {
                continue;
            }
            let time = -libm::log(u) / weight;
            if time < fastest {
                fastest = time;
                winner = Some(row);
            }
        }
        winner
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_drawn_in_proportion_to_their_weights() {
        let keys: Vec<u64> = (0..4).map(|row| content_hash(&[f64::from(row)])).collect();
        let weights = [1.0, 0.0, 2.0, 5.0];
        let mut wins = [0; 4];
        for run in 0..40_000 {
            wins[Stream::new(7, run, 0, 0).race(&keys, &weights).unwrap()] += 1;
        }
        for (row, expected) in [(0, 5_000), (1, 0), (2, 10_000), (3, 25_000)] {
            let won: i32 = wins[row];
            // Five standard deviations of a binomial count at most 100 * 5.
            assert!(
                (won - expected).abs() <= expected.min(500),
                "row {row} won {won} times"
            );
        }
    }

    #[test]
    fn skipping_logarithms_does_not_change_the_winner() {
        let keys: Vec<u64> = (0..500).map(|row| mix(row + 1)).collect();
        let weights: Vec<f64> = (0..500).map(|row| f64::from(row % 17) * 0.37).collect();
        for run in 0..500 {
            let stream = Stream::new(1, run, 2, 3);
            let time = |row: &usize| -libm::log(stream.uniform(keys[*row])) / weights[*row];
            let plain = (0..500)
                .filter(|&row| weights[row] > 0.0)
                .min_by(|a, b| time(a).total_cmp(&time(b)));
            assert_eq!(stream.race(&keys, &weights), plain);
        }
    }

    #[test]
    fn nobody_wins_a_race_without_weights() {
        assert_eq!(Stream::new(0, 0, 0, 0).race(&[1, 2], &[0.0, 0.0]), None);
    }

    #[test]
    fn both_zeros_have_one_hash() {
        assert_eq!(content_hash(&[0.0, 1.0]), content_hash(&[-0.0, 1.0]));
        assert_ne!(content_hash(&[0.0, 1.0]), content_hash(&[1.0, 0.0]));
    }
}
