//! 95 % intervals of rates, of differences of rates and of differences of means, without resampling.

use crate::statistics::sum;

/// The 97.5 % quantile of the standard normal distribution.
pub(crate) const Z: f64 = 1.959_963_984_540_054;

/// A 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Interval {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// The 95 % score interval of a rate.
///
/// E. B. Wilson: Probable inference, the law of succession, and statistical inference. JASA 22, 1927.
/// <https://doi.org/10.1080/01621459.1927.10502953>
pub(crate) fn wilson(responses: u64, customers: u64) -> Interval {
    if customers == 0 {
        return Interval {
            low: 0.0,
            high: 1.0,
        };
    }
    let (n, x) = (customers as f64, responses as f64);
    let rate = x / n;
    let center = rate + Z * Z / (2.0 * n);
    let reach = Z * (rate * (1.0 - rate) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    Interval {
        low: if responses == 0 {
            0.0
        } else {
            (center - reach) / scale
        },
        high: if responses == customers {
            1.0
        } else {
            (center + reach) / scale
        },
    }
}

/// The 95 % interval of the difference of two rates, a - b, from their score intervals.
///
/// R. G. Newcombe: Interval estimation for the difference between independent proportions: comparison of eleven methods.
/// Statistics in Medicine 17, 1998, method 10.
/// <https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8%3C873::AID-SIM779%3E3.0.CO;2-I>
pub(crate) fn newcombe(a: (u64, u64), b: (u64, u64)) -> Interval {
    let rate = |(responses, customers): (u64, u64)| responses as f64 / customers.max(1) as f64;
    let (rate_a, rate_b) = (rate(a), rate(b));
    let (of_a, of_b) = (wilson(a.0, a.1), wilson(b.0, b.1));
    let root = |x: f64, y: f64| (x * x + y * y).sqrt();
    let difference = rate_a - rate_b;
    Interval {
        low: difference - root(rate_a - of_a.low, of_b.high - rate_b),
        high: difference + root(of_a.high - rate_a, rate_b - of_b.low),
    }
}

/// Size, mean and unbiased variance of some values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Moments {
    pub(crate) n: u64,
    pub(crate) mean: f64,
    pub(crate) variance: f64,
}

impl Moments {
    pub(crate) fn of(values: &[f64]) -> Self {
        let mean = crate::statistics::mean(values);
        let squares = sum(values.iter().map(|value| (value - mean) * (value - mean)));
        Self {
            n: values.len() as u64,
            mean,
            variance: squares / (values.len() as f64 - 1.0).max(1.0),
        }
    }
}

/// The 95 % interval of the difference of two means, a - b, of unequal variances.
///
/// B. L. Welch: The generalization of "Student's" problem when several different population variances are involved.
/// Biometrika 34, 1947. <https://doi.org/10.1093/biomet/34.1-2.28>
pub(crate) fn welch(a: Moments, b: Moments) -> Interval {
    let difference = a.mean - b.mean;
    let share = |moments: Moments| moments.variance / moments.n.max(1) as f64;
    let (of_a, of_b) = (share(a), share(b));
    let both = of_a + of_b;
    if both <= 0.0 {
        return Interval {
            low: difference,
            high: difference,
        };
    }
    let part = |share: f64, n: u64| share * share / (n as f64 - 1.0).max(1.0);
    let freedom = both * both / (part(of_a, a.n) + part(of_b, b.n));
    let reach = student(freedom) * both.sqrt();
    Interval {
        low: difference - reach,
        high: difference + reach,
    }
}

/// The 97.5 % quantile of Student's t distribution, 1 degree of freedom or more; four digits or better.
///
/// G. W. Hill: Algorithm 396, Student's t-quantiles. Communications of the ACM 13, 1970.
/// <https://doi.org/10.1145/355598.355600>
pub(crate) fn student(freedom: f64) -> f64 {
    const TAILS: f64 = 0.05;
    let n = freedom.max(1.0);
    // The expansion is for more than two degrees; below, between the two exact values.
    if n <= 2.0 {
        let (one, two) = (12.706_204_736_432_1, 4.302_652_729_911_28);
        return libm::pow(one, 2.0 - n) * libm::pow(two, n - 1.0);
    }
    let a = 1.0 / (n - 0.5);
    let b = 48.0 / (a * a);
    let mut c = ((20_700.0 * a / b - 98.0) * a - 16.0) * a + 96.36;
    let d = ((94.5 / (b + c) - 3.0) / b + 1.0) * (a * std::f64::consts::FRAC_PI_2).sqrt() * n;
    let mut y = libm::pow(d * TAILS, 2.0 / n);
    if y > 0.05 + a {
        let x = -Z;
        y = x * x;
        if n < 5.0 {
            c += 0.3 * (n - 4.5) * (x + 0.6);
        }
        c += (((0.05 * d * x - 5.0) * x - 7.0) * x - 2.0) * x + b;
        y = (((((0.4 * y + 6.3) * y + 36.0) * y + 94.5) / c - y - 3.0) / b + 1.0) * x;
        y = libm::expm1(a * y * y);
    } else {
        let inner = (n + 6.0) / (n * y) - 0.089 * d - 0.822;
        y = ((1.0 / (inner * (n + 2.0) * 3.0) + 0.5 / (n + 4.0)) * y - 1.0) * (n + 1.0) / (n + 2.0)
            + 1.0 / y;
    }
    (n * y).sqrt()
}

/// The 95 % quantile of the chi-squared distribution; within 3 % for one degree of freedom, better for more.
///
/// E. B. Wilson and M. M. Hilferty: The distribution of chi-square. PNAS 17, 1931. <https://doi.org/10.1073/pnas.17.12.684>
pub(crate) fn chi_squared(freedom: usize) -> f64 {
    const ONE_SIDED: f64 = 1.644_853_626_951_472_7;
    let part = 2.0 / (9.0 * freedom.max(1) as f64);
    let root = 1.0 - part + ONE_SIDED * part.sqrt();
    freedom as f64 * root * root * root
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, by: f64) -> bool {
        (a - b).abs() <= by
    }

    #[test]
    fn wilson_is_that_of_the_books() {
        // Newcombe 1998, Statistics in Medicine 17, 857, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
        for (responses, customers, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let interval = wilson(responses, customers);
            assert!(near(interval.low, low, 5e-5) && near(interval.high, high, 5e-5));
        }
        assert_eq!(wilson(5, 5).high, 1.0);
    }

    #[test]
    fn newcombe_is_that_of_his_paper() {
        // Table II, method 10: 56/70 - 48/80, 9/10 - 3/10, 10/10 - 0/20.
        for (a, b, low, high) in [
            ((56, 70), (48, 80), 0.0524, 0.3339),
            ((9, 10), (3, 10), 0.1705, 0.8090),
            ((10, 10), (0, 20), 0.6791, 1.0),
        ] {
            let interval = newcombe(a, b);
            assert!(
                near(interval.low, low, 5e-5) && near(interval.high, high, 5e-5),
                "{interval:?}"
            );
        }
    }

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (freedom, t) in [
            (1.0, 12.7062),
            (2.0, 4.3027),
            (3.0, 3.1824),
            (4.0, 2.7764),
            (5.0, 2.5706),
            (10.0, 2.2281),
            (30.0, 2.0423),
            (120.0, 1.9799),
            (1e7, 1.95996),
        ] {
            assert!(
                near(student(freedom), t, 1e-3 * t),
                "{freedom}: {}",
                student(freedom)
            );
        }
        for (freedom, quantile) in [(1, 3.841), (4, 9.488), (9, 16.919)] {
            assert!(near(chi_squared(freedom), quantile, 0.03 * quantile));
        }
    }

    #[test]
    fn welch_is_that_of_two_means() {
        // By hand: means 3 and 5, variances 2.5 and 10, five each: 5.882 degrees of freedom, t = 2.4589.
        let a = Moments::of(&[1.0, 2.0, 3.0, 4.0, 5.0]);
        let b = Moments::of(&[1.0, 3.0, 5.0, 7.0, 9.0]);
        let interval = welch(a, b);
        let reach = 2.4589 * (2.5_f64 / 5.0 + 10.0 / 5.0).sqrt();
        assert!(near(interval.high - interval.low, 2.0 * reach, 5e-3));
        let same = Moments::of(&[2.0, 2.0]);
        assert_eq!(
            welch(same, same),
            Interval {
                low: 0.0,
                high: 0.0
            }
        );
    }
}
