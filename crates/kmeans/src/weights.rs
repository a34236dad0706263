//! Weights of points, checked.

use crate::error::Error;

/// A weight this much smaller than another has no say.
const WIDEST: f64 = 1e15;

/// The largest weight: products with squared distances must stay finite.
const HEAVIEST: f64 = 1e100;

/// Checks that there is one weight per point, and that they can be summed.
pub(crate) fn check(n: usize, weights: &[f64]) -> Result<(), Error> {
    if weights.len() != n {
        return Err(Error::WeightCount {
            weights: weights.len(),
            points: n,
        });
    }
    let heaviest = weights.iter().copied().fold(0.0, f64::max);
    let is_out_of_range = |&weight: &f64| !(0.0..=HEAVIEST).contains(&weight);
    let is_lost = |&weight: &f64| weight > 0.0 && weight * WIDEST < heaviest;
    let wrong = weights.iter().position(is_out_of_range);
    match wrong.or_else(|| weights.iter().position(is_lost)) {
        Some(row) => Err(Error::Weight { row }),
        None => Ok(()),
    }
}
