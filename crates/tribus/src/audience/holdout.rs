//! Who is left alone: a share of the customers, drawn by a hash of their ids.
//!
//! The draw depends on nothing but the id and the seed, so it is the same in every run, in every file and for any order of rows,
//! and knows nothing of segments or of who was drawn besides.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// What is hashed before the id, so that the draw has nothing to do with other uses of the same hash.
const SALT: &str = "tribus holdout";

/// A share of customers, more than 0 and less than 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share(f64);

impl Share {
    /// As a number between 0 and 1.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = match text.trim().strip_suffix('%') {
            Some(percent) => percent.trim().parse::<f64>().map(|percent| percent / 100.0),
            None => text.trim().parse(),
        };
        let share = number.ok().filter(|share| *share > 0.0 && *share < 1.0);
        share
            .map(Self)
            .ok_or_else(|| "it is a share such as 10% or 0.1".to_owned())
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // 0.07 times 100 is 7.000000000000001.
        let percent = (self.0 * 1e8).round() / 1e6;
        write!(f, "{percent} %")
    }
}

/// Whether a customer is left alone: the first 64 bits of SHA-256 over salt, seed and id, as a fraction, are below the share.
pub(super) fn is_held_out(id: &str, share: Share, seed: u64) -> bool {
    let digest: [u8; 32] = Sha256::digest(format!("{SALT}\n{seed}\n{id}")).into();
    let (first, _) = digest.split_first_chunk().expect("a digest has 32 bytes");
    // 53 bits are as many as a number holds.
    let fraction = (u64::from_be_bytes(*first) >> 11) as f64 / (1_u64 << 53) as f64;
    fraction < share.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_percents_or_fractions() {
        for (text, share) in [("10%", 0.1), ("0.1", 0.1), (" 2.5 % ", 0.025)] {
            assert_eq!(text.parse(), Ok(Share(share)), "{text}");
        }
        for wrong in ["0", "100%", "1", "-5%", "many", "", "nan"] {
            assert!(wrong.parse::<Share>().is_err(), "{wrong}");
        }
        assert_eq!("7%".parse::<Share>().unwrap().to_string(), "7 %");
    }

    #[test]
    fn a_tenth_is_held_out_whatever_the_ids_look_like() {
        let share = Share(0.1);
        let count = |name: fn(u32) -> String, seed| {
            let ids = (0..20_000).map(name);
            ids.filter(|id| is_held_out(id, share, seed)).count()
        };
        // Four standard deviations are 170.
        for seed in [0, 1, 7] {
            assert!(
                count(|n| n.to_string(), seed).abs_diff(2000) < 170,
                "{seed}"
            );
            assert!(
                count(|n| format!("C{n:06}"), seed).abs_diff(2000) < 170,
                "{seed}"
            );
        }
        let both = (0..20_000u32)
            .map(|n| n.to_string())
            .filter(|id| is_held_out(id, share, 0) && is_held_out(id, share, 1));
        assert!(both.count().abs_diff(200) < 57, "seeds draw apart");
    }

    #[test]
    fn a_larger_share_holds_out_the_same_and_more() {
        let small = |id: &str| is_held_out(id, Share(0.1), 0);
        let large = |id: &str| is_held_out(id, Share(0.2), 0);
        assert!(
            (0..1000)
                .map(|n| n.to_string())
                .all(|id| !small(&id) || large(&id))
        );
    }
}
