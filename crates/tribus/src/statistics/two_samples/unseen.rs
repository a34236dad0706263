//! Levels that one sample has and the other has not.

use super::log_choose;

/// An upper bound of the probability that so many rows of the second sample hold levels that no row of the first holds.
///
/// `levels` are pairs: rows of a level in the first sample (`n` rows) and in the second (`m` rows). If the samples are of one
/// population, a level of c rows in both together is absent from the first with probability C(n + m - c, n) / C(n + m, n), and
/// these events are negatively associated over the levels, so that the exponential moment of the rows of absent levels is at most
/// the product over the levels. The bound is Chernoff's with that product, minimized. It holds for any number of levels and rows.
///
/// K. Joag-Dev and F. Proschan: Negative association of random variables with applications. Annals of Statistics 11, 1983.
/// <https://doi.org/10.1214/aos/1176346079>
pub(crate) fn unseen(levels: &[(u64, u64)], n: u64, m: u64) -> f64 {
    let absent = levels.iter().filter(|(before, _)| *before == 0);
    let observed: u64 = absent.map(|(_, after)| after).sum();
    if observed == 0 || n == 0 || m == 0 {
        return 1.0;
    }
    let levels: Vec<(f64, f64)> = levels
        .iter()
        .map(|(before, after)| before + after)
        .filter(|rows| *rows > 0 && *rows <= m)
        .map(|rows| {
            let logarithm = log_choose(n + m - rows, n) - log_choose(n + m, n);
            (rows as f64, logarithm.min(-1e-300))
        })
        .collect();
    let observed = observed as f64;
    // The mean of the tilted rows rises with the tilt.
    let slope = |tilt: f64| -> f64 {
        let means = levels
            .iter()
            .map(|(rows, log)| rows * tilted(*log, tilt * rows));
        means.sum::<f64>() - observed
    };
    if slope(0.0) >= 0.0 {
        return 1.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    while slope(high) < 0.0 && high < 1e3 {
        high *= 2.0;
    }
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if slope(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    // Any tilt gives a bound.
    let moments = levels.iter().map(|(rows, log)| moment(*log, low * rows));
    libm::exp(moments.sum::<f64>() - low * observed).clamp(f64::MIN_POSITIVE, 1.0)
}

/// The logarithm of 1 - q + q e^x, for the logarithm of q.
fn moment(log_q: f64, x: f64) -> f64 {
    let (rest, part) = (libm::log1p(-libm::exp(log_q)), log_q + x);
    let (small, large) = if rest < part {
        (rest, part)
    } else {
        (part, rest)
    };
    large + libm::log1p(libm::exp(small - large))
}

/// q e^x / (1 - q + q e^x)
fn tilted(log_q: f64, x: f64) -> f64 {
    libm::exp(log_q + x - moment(log_q, x))
}
