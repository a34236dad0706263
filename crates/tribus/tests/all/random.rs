//! Randomness that is the same each time.

/// Numbers from 0 to 1 that look random (Steele, Lea and Flood 2014, SplitMix64).
pub(crate) fn uniform(row: usize, stream: u64) -> f64 {
    let mut z = (row as u64 + 1)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(stream.wrapping_mul(0xd1b5_4a32_d192_ed03));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}
