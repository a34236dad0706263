//! Transforms of one feature: none, log, log1p, Yeo-Johnson.

use serde::{Deserialize, Serialize};

use crate::statistics::{mean, standard_deviation, sum};

/// A transform with its learnt constant.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum FittedTransform {
    /// x
    None,
    /// ln x
    Log,
    /// ln (1 + x)
    Log1p,
    /// Yeo and Johnson 2000, "A new family of power transformations to improve normality or symmetry",
    /// <https://doi.org/10.1093/biomet/87.4.954>.
    YeoJohnson {
        /// The power.
        lambda: f64,
    },
}

impl FittedTransform {
    /// Whether `x` has an image.
    pub(super) fn takes(self, x: f64) -> bool {
        match self {
            Self::None | Self::YeoJohnson { .. } => true,
            Self::Log => x > 0.0,
            Self::Log1p => x > -1.0,
        }
    }

    /// What the transform asks of its values, in words.
    pub(super) fn domain(self) -> &'static str {
        match self {
            Self::None | Self::YeoJohnson { .. } => "any number",
            Self::Log => "log needs positive values",
            Self::Log1p => "log1p needs values above -1",
        }
    }

    /// The image of `x`.
    pub(super) fn apply(self, x: f64) -> f64 {
        match self {
            Self::None => x,
            Self::Log => libm::log(x),
            Self::Log1p => libm::log1p(x),
            Self::YeoJohnson { lambda } => yeo_johnson(x, lambda),
        }
    }

    /// The number whose image is `y`.
    pub(crate) fn invert(self, y: f64) -> f64 {
        match self {
            Self::None => y,
            Self::Log => libm::exp(y),
            Self::Log1p => libm::expm1(y),
            Self::YeoJohnson { lambda } => yeo_johnson_inverse(y, lambda),
        }
    }
}

/// Within this distance of 0 (or 2) a power is a logarithm, as in SciPy.
const LOGARITHM: f64 = f64::EPSILON;

fn yeo_johnson(x: f64, lambda: f64) -> f64 {
    if x >= 0.0 {
        if lambda.abs() < LOGARITHM {
            libm::log1p(x)
        } else {
            libm::expm1(lambda * libm::log1p(x)) / lambda
        }
    } else if (2.0 - lambda).abs() < LOGARITHM {
        -libm::log1p(-x)
    } else {
        -libm::expm1((2.0 - lambda) * libm::log1p(-x)) / (2.0 - lambda)
    }
}

fn yeo_johnson_inverse(y: f64, lambda: f64) -> f64 {
    if y >= 0.0 {
        if lambda.abs() < LOGARITHM {
            libm::expm1(y)
        } else {
            libm::expm1(libm::log1p(lambda * y) / lambda)
        }
    } else if (2.0 - lambda).abs() < LOGARITHM {
        -libm::expm1(-y)
    } else {
        -libm::expm1(libm::log1p(-(2.0 - lambda) * y) / (2.0 - lambda))
    }
}

/// The power of highest likelihood, by golden-section search on -4 to 6 to 1e-9.
///
/// The likelihood of the Yeo-Johnson power is unimodal on real data in that range; the bounds keep the
/// transform from overflowing on columns with a single far value.
pub(super) fn fit_yeo_johnson(values: &[f64]) -> f64 {
    const RATIO: f64 = 0.618_033_988_749_894_9;
    let (mut low, mut high) = (-4.0_f64, 6.0_f64);
    let mut left = high - RATIO * (high - low);
    let mut right = low + RATIO * (high - low);
    let (mut at_left, mut at_right) = (likelihood(values, left), likelihood(values, right));
    while high - low > 1e-9 {
        if at_left >= at_right {
            high = right;
            (right, at_right) = (left, at_left);
            left = high - RATIO * (high - low);
            at_left = likelihood(values, left);
        } else {
            low = left;
            (left, at_left) = (right, at_right);
            right = low + RATIO * (high - low);
            at_right = likelihood(values, right);
        }
    }
    f64::midpoint(low, high)
}

fn likelihood(values: &[f64], lambda: f64) -> f64 {
    let images: Vec<f64> = values.iter().map(|x| yeo_johnson(*x, lambda)).collect();
    if images.iter().any(|image| !image.is_finite()) {
        return f64::NEG_INFINITY;
    }
    let deviation = standard_deviation(&images, mean(&images));
    if deviation <= 0.0 {
        return f64::NEG_INFINITY;
    }
    let jacobian = sum(values.iter().map(|x| x.signum() * libm::log1p(x.abs())));
    (lambda - 1.0) * jacobian - values.len() as f64 * libm::log(deviation)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [FittedTransform; 4] = [
        FittedTransform::None,
        FittedTransform::Log,
        FittedTransform::Log1p,
        FittedTransform::YeoJohnson { lambda: 0.3 },
    ];

    #[test]
    fn inverting_undoes_applying() {
        for transform in ALL {
            for x in [-0.5, 0.25, 1.0, 3.0, 1e4] {
                if transform.takes(x) {
                    let back = transform.invert(transform.apply(x));
                    assert!(
                        (back - x).abs() <= 1e-9 * x.abs().max(1.0),
                        "{transform:?} {x} {back}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_fitted_power_is_that_of_scipy() {
        // scipy.stats.yeojohnson_normmax([1, 2, 3, 10, 30, -2]) over the same likelihood
        let lambda = fit_yeo_johnson(&[1.0, 2.0, 3.0, 10.0, 30.0, -2.0]);
        let best = likelihood(&[1.0, 2.0, 3.0, 10.0, 30.0, -2.0], lambda);
        for step in [-1e-3, 1e-3] {
            assert!(likelihood(&[1.0, 2.0, 3.0, 10.0, 30.0, -2.0], lambda + step) < best);
        }
    }
}
