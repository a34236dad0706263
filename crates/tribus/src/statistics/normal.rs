//! The standard normal distribution.

/// The share of values up to `z`.
pub(crate) fn share_below(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// The value that a share (between 0 and 1, exclusive) of all lies below; relative error about 1e-7.
///
/// M. J. Wichura: Algorithm AS 241, PPND7. Applied Statistics 37, 1988. <https://doi.org/10.2307/2347330>
pub(crate) fn quantile(share: f64) -> f64 {
    let from_middle = share - 0.5;
    if from_middle.abs() <= 0.425 {
        let r = 0.180_625 - from_middle * from_middle;
        return from_middle
            * polynomial(
                r,
                [
                    3.387_132_717_9,
                    50.434_271_938,
                    159.291_132_02,
                    59.109_374_720,
                ],
            )
            / polynomial(r, [1.0, 17.895_169_469, 78.757_757_664, 67.187_563_600]);
    }
    let tail = if from_middle < 0.0 {
        share
    } else {
        1.0 - share
    };
    let r = (-libm::log(tail)).sqrt();
    let value = if r <= 5.0 {
        let r = r - 1.6;
        polynomial(
            r,
            [
                1.423_437_277_7,
                2.756_815_390_0,
                1.306_728_481_6,
                0.170_238_211_03,
            ],
        ) / polynomial(r, [1.0, 0.737_001_642_50, 0.120_211_329_75, 0.0])
    } else {
        let r = r - 5.0;
        polynomial(
            r,
            [
                6.657_905_115_0,
                3.081_226_386_0,
                0.428_682_943_37,
                0.017_337_203_997,
            ],
        ) / polynomial(r, [1.0, 0.241_978_942_25, 0.012_258_202_635, 0.0])
    };
    value.copysign(from_middle)
}

fn polynomial(x: f64, coefficients: [f64; 4]) -> f64 {
    let [a, b, c, d] = coefficients;
    ((d * x + c) * x + b) * x + a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_the_inverse_of_shares() {
        for thousandth in 1..1000 {
            let share = f64::from(thousandth) / 1000.0;
            assert!((share_below(quantile(share)) - share).abs() < 1e-7);
        }
        for share in [1e-12, 1e-9, 1e-6] {
            assert!(
                (share_below(quantile(share)) / share - 1.0).abs() < 1e-5,
                "{share}"
            );
        }
        assert!((quantile(0.975) - 1.959_963_985).abs() < 1e-6);
    }
}
