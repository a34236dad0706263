//! How far two groups are apart, with a 95 % interval: standardized differences of means, differences of shares, lifts.

use serde::{Deserialize, Serialize};

use crate::statistics::interval::{Z, newcombe, student};
use crate::statistics::normal;
use crate::summary::NumberSummary;

/// A measure and its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// The measure.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Effect {
    fn map(self, of: impl Fn(f64) -> f64) -> Self {
        Self {
            value: of(self.value),
            low: of(self.low),
            high: of(self.high),
        }
    }

    fn about(value: f64, half: f64) -> Self {
        Self {
            value,
            low: value - half,
            high: value + half,
        }
    }

    /// Whether the interval leaves zero out.
    pub fn excludes_zero(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

/// The first four moments of a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moments {
    n: f64,
    mean: f64,
    /// Sums of powers of deviations from the mean.
    m2: f64,
    m3: f64,
    m4: f64,
}

impl Moments {
    pub(super) fn of(numbers: &NumberSummary) -> Self {
        let n = numbers.count as f64;
        let square = numbers.sd * numbers.sd;
        Self {
            n,
            mean: numbers.mean,
            m2: n * square,
            m3: n * numbers.skewness * square * numbers.sd,
            m4: n * (numbers.excess_kurtosis + 3.0) * square * square,
        }
    }

    /// Both groups together. (Pebay: Formulas for robust, one-pass parallel computation of covariances and arbitrary-order
    /// statistical moments, Sandia 2008, <https://doi.org/10.2172/1028931>.)
    fn with(self, other: Self) -> Self {
        if self.n == 0.0 || other.n == 0.0 {
            return if self.n == 0.0 { other } else { self };
        }
        let (a, b, n) = (self.n, other.n, self.n + other.n);
        let d = other.mean - self.mean;
        let (per, squared) = (d / n, d * d * a * b / n);
        Self {
            n,
            mean: self.mean + b * per,
            m2: self.m2 + other.m2 + squared,
            m3: self.m3
                + other.m3
                + squared * (a - b) * per
                + 3.0 * per * (a * other.m2 - b * self.m2),
            m4: self.m4
                + other.m4
                + squared * per * per * (a * a - a * b + b * b)
                + 6.0 * per * per * (a * a * other.m2 + b * b * self.m2)
                + 4.0 * per * (a * other.m3 - b * self.m3),
        }
    }

    /// All groups but one together.
    pub(super) fn others(groups: &[Self], but: usize) -> Self {
        let nobody = Self {
            n: 0.0,
            mean: 0.0,
            m2: 0.0,
            m3: 0.0,
            m4: 0.0,
        };
        let others = groups.iter().enumerate().filter(|(at, _)| *at != but);
        others.fold(nobody, |all, (_, group)| all.with(*group))
    }

    fn variance(&self) -> f64 {
        self.m2 / (self.n - 1.0)
    }
}

/// Below this a group says too little of its own spread for an interval.
const FEWEST: f64 = 4.0;

/// Two groups beside each other, the first with the weight `w` in the common standard deviation.
struct Pair {
    a: Moments,
    b: Moments,
    w: f64,
}

impl Pair {
    fn new(a: Moments, b: Moments, w: f64) -> Option<Self> {
        (a.n >= FEWEST && b.n >= FEWEST && a.m2 + b.m2 > 0.0).then_some(Self { a, b, w })
    }

    fn error_of_means(&self) -> f64 {
        (self.a.variance() / self.a.n + self.b.variance() / self.b.n).sqrt()
    }

    /// The chance that means are so far apart where there is no difference (Welch). Near the 5 % that decisions are made at,
    /// Student's distribution is the normal one, stretched.
    fn p(&self) -> f64 {
        let t = (self.a.mean - self.b.mean) / self.error_of_means();
        2.0 * normal::share_below(-(t.abs() * Z / self.quantile()))
    }

    /// The 97.5 % quantile of Student's t with the degrees of freedom of Welch and Satterthwaite.
    fn quantile(&self) -> f64 {
        let (a, b) = (self.a.variance() / self.a.n, self.b.variance() / self.b.n);
        let freedom = (a + b) * (a + b) / (a * a / (self.a.n - 1.0) + b * b / (self.b.n - 1.0));
        student(freedom)
    }

    /// The difference of means over the common standard deviation: `sqrt(w s_a^2 + (1 - w) s_b^2)`. The interval is that of
    /// the delta method, with the skewness and the kurtosis of both groups; Bonett 2008
    /// (<https://doi.org/10.1037/1082-989X.13.2.99>) is its case of normal groups.
    fn standardized(&self) -> Effect {
        let Self { a, b, w } = self;
        let difference = a.mean - b.mean;
        let part = |group: &Moments, w: f64| {
            let square = group.variance();
            let fourth = group.m4 / group.n;
            // Of the mean, of the weighted variance, and of both together.
            let spread = ((fourth - square * square).max(0.0)) / group.n;
            (
                square / group.n,
                w * w * spread,
                w * group.m3 / group.n / group.n,
            )
        };
        let (mean_a, spread_a, both_a) = part(a, *w);
        let (mean_b, spread_b, both_b) = part(b, 1.0 - w);
        let square = w * a.variance() + (1.0 - w) * b.variance();
        let d = difference / square.sqrt();
        let variance = (mean_a + mean_b) / square
            + d * d * (spread_a + spread_b) / (4.0 * square * square)
            - d * (both_a - both_b) / (square * square.sqrt());
        Effect::about(d, self.quantile() * variance.max(0.0).sqrt())
    }
}

/// How far a segment's mean lies from that of all customers in standard deviations of all customers, and the chance of that
/// where the segment is like the others.
///
/// With `w` the segment's share of the customers and `d` its standardized difference from the others, this is
/// `(1 - w) d / sqrt(1 + w (1 - w) d^2)`: the ends of the interval of `d` give those of this.
pub(super) fn from_all(groups: &[Moments], segment: usize) -> Option<(Effect, f64)> {
    let (own, others) = (*groups.get(segment)?, Moments::others(groups, segment));
    let w = own.n / (own.n + others.n);
    let pair = Pair::new(own, others, w)?;
    let d = pair.standardized();
    let effect = d.map(|d| (1.0 - w) * d / (1.0 + w * (1.0 - w) * d * d).sqrt());
    Some((effect, pair.p()))
}

/// The difference of two segments' means over the root of the mean of their variances.
pub(super) fn between(groups: &[Moments], a: usize, b: usize) -> Option<Effect> {
    let pair = Pair::new(*groups.get(a)?, *groups.get(b)?, 0.5)?;
    Some(pair.standardized())
}

/// So many of a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    pub(super) count: u64,
    pub(super) of: u64,
}

impl Part {
    fn share(&self) -> f64 {
        self.count as f64 / self.of as f64
    }

    fn others(groups: &[Self], but: usize) -> Self {
        let others = groups.iter().enumerate().filter(|(at, _)| *at != but);
        others.fold(Self { count: 0, of: 0 }, |all, (_, group)| Self {
            count: all.count + group.count,
            of: all.of + group.of,
        })
    }
}

/// The difference of two shares; none where one is of nobody.
pub(super) fn difference_of_shares(a: Part, b: Part) -> Option<Effect> {
    let interval = newcombe((a.count, a.of), (b.count, b.of));
    (a.of > 0 && b.of > 0).then(|| Effect {
        value: a.share() - b.share(),
        low: interval.low,
        high: interval.high,
    })
}

/// How much larger a share is in a segment than among all customers, as a difference and as a ratio, and the chance of that
/// where the segment is like the others.
pub(super) struct ShareEffect {
    pub(super) difference: Effect,
    pub(super) lift: Effect,
    pub(super) p: f64,
}

/// A segment's share beside that of all customers. The difference is the one from the other customers, times their share of
/// all; the interval of the lift is that of the ratio to the others by Walter's logarithm (Katz and others 1978,
/// <https://doi.org/10.2307/2530610>), taken over to all.
pub(super) fn share_from_all(groups: &[Part], segment: usize) -> Option<ShareEffect> {
    let (own, others) = (*groups.get(segment)?, Part::others(groups, segment));
    let w = own.of as f64 / (own.of + others.of) as f64;
    let difference = difference_of_shares(own, others)?.map(|apart| (1.0 - w) * apart);
    let overall = (own.count + others.count) as f64 / (own.of + others.of) as f64;
    if overall <= 0.0 || overall >= 1.0 {
        return None;
    }
    let smoothed = |part: Part| (part.count as f64 + 0.5, part.of as f64 + 0.5);
    let ((x, n), (y, m)) = (smoothed(own), smoothed(others));
    let error = (1.0 / x - 1.0 / n + 1.0 / y - 1.0 / m).max(0.0).sqrt();
    let of_ratio = |log: f64| 1.0 / (w + (1.0 - w) / libm::exp(log));
    let log = libm::log((x / n) / (y / m));
    let value = own.share() / overall;
    let spread =
        (overall * (1.0 - overall) * (1.0 / own.of as f64 + 1.0 / others.of as f64)).sqrt();
    Some(ShareEffect {
        difference,
        lift: Effect {
            value,
            low: of_ratio(log - Z * error).min(value),
            high: of_ratio(log + Z * error).max(value),
        },
        p: 2.0 * normal::share_below(-((own.share() - others.share()) / spread).abs()),
    })
}

#[cfg(test)]
mod tests;
