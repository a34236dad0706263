//! Random choices of customers that depend on a seed and on what a customer is, not on where it stands in the file.

/// A 64-bit mixer with good avalanche (Steele, Lea and Flood 2014, SplitMix64, <https://doi.org/10.1145/2660193.2660195>).
fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number made from the coordinates of a row; equal rows have equal keys.
pub(crate) fn content_key(row: &[f64]) -> u64 {
    row.iter()
        .fold(0, |key, value| mix(key ^ (value + 0.0).to_bits()))
}

/// One of many independent shuffles of all keys.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key(u64);

impl Key {
    /// The shuffle of a seed and a number.
    pub(crate) fn new(seed: u64, number: u64) -> Self {
        Self(mix(mix(seed) ^ number))
    }

    /// The place of a key in the shuffle.
    pub(crate) fn of(self, key: u64) -> u64 {
        mix(self.0 ^ key)
    }

    /// The number of a key, uniform between 0 and 1, both exclusive.
    pub(crate) fn uniform(self, key: u64) -> f64 {
        ((self.of(key) >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }
}
