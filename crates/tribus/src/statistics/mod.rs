//! Statistics of plain slices of numbers. None depends on the order of the numbers: sums are exact before they are
//! rounded once (Neal 2015, "Fast exact summation using small and large superaccumulators",
//! <https://doi.org/10.48550/arXiv.1505.05571>), and quantiles are taken from sorted values.

pub(crate) mod draw;
pub(crate) mod interval;
pub(crate) mod normal;
pub(crate) mod principal;
pub(crate) mod two_samples;

use xsum::{Xsum, XsumSmall};

/// A sum that is exact until it is asked for.
pub(crate) struct Sum(XsumSmall);

impl Sum {
    pub(crate) fn new() -> Self {
        // The small accumulator only: the large one of xsum 0.1.6 shifts its chunks with their sign.
        Self(XsumSmall::new())
    }

    pub(crate) fn add(&mut self, value: f64) {
        self.0.add(value);
    }

    /// What was added so far, correctly rounded.
    pub(crate) fn total(&mut self) -> f64 {
        // The empty sum of the accumulator is -0.
        self.0.sum() + 0.0
    }
}

/// The sum, correctly rounded.
pub fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut exact = Sum::new();
    for value in values {
        exact.add(value);
    }
    exact.total()
}

/// The arithmetic mean; 0 for no values.
pub fn mean(values: &[f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    sum(values.iter().copied()) / values.len() as f64
}

/// The population standard deviation about `mean`; 0 for no values.
pub fn standard_deviation(values: &[f64], mean: f64) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let squares = values.iter().map(|value| (value - mean) * (value - mean));
    (sum(squares) / values.len() as f64).sqrt()
}

/// The moment skewness (population); 0 where all values are equal.
pub fn skewness(values: &[f64]) -> f64 {
    let mean = mean(values);
    standardized_moment(values, mean, standard_deviation(values, mean), |z| {
        z * z * z
    })
}

/// Skewness, and kurtosis less that of the normal distribution (3), of values whose mean and standard deviation are known
/// (population moments); 0 where all values are equal.
pub fn shape(values: &[f64], mean: f64, deviation: f64) -> [f64; 2] {
    if deviation <= 0.0 {
        return [0.0; 2];
    }
    let fourth = standardized_moment(values, mean, deviation, |z| z * z * (z * z));
    [
        standardized_moment(values, mean, deviation, |z| z * z * z),
        fourth - 3.0,
    ]
}

fn standardized_moment(values: &[f64], mean: f64, deviation: f64, of: impl Fn(f64) -> f64) -> f64 {
    if deviation <= 0.0 {
        return 0.0;
    }
    let powers = values.iter().map(|value| of((value - mean) / deviation));
    sum(powers) / values.len() as f64
}

/// A sorted copy.
pub fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// The quantile `share` (0 to 1) of sorted values by linear interpolation (type 7 of Hyndman and Fan 1996,
/// <https://doi.org/10.2307/2684934>, as NumPy and pandas); 0 for no values.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    let position = share * last as f64;
    let below = (position.floor() as usize).min(last);
    let above = (below + 1).min(last);
    let weight = position - below as f64;
    if weight == 0.0 {
        return sorted[below];
    }
    sorted[below] + weight * (sorted[above] - sorted[below])
}

/// The same of values in any order, for ascending shares; the values are put in another order. O(n) a share.
pub(crate) fn quantiles<const N: usize>(values: &mut [f64], shares: [f64; N]) -> [f64; N] {
    let Some(last) = values.len().checked_sub(1) else {
        return [0.0; N];
    };
    // All before it are no larger than any behind it.
    let mut from = 0;
    shares.map(|share| {
        let position = share * last as f64;
        let below = (position.floor() as usize).min(last);
        let rest = &mut values[from..];
        let (_, low, above) = rest.select_nth_unstable_by(below - from, f64::total_cmp);
        from = below;
        let weight = position - below as f64;
        let high = above.iter().copied().min_by(f64::total_cmp);
        match high {
            Some(high) if weight != 0.0 => *low + weight * (high - *low),
            _ => *low,
        }
    })
}

/// The rank of each value, from 0; equal values share the mean of their ranks.
pub fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    for run in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let rank = start as f64 + (run.len() - 1) as f64 / 2.0;
        for at in run {
            ranks[*at] = rank;
        }
        start += run.len();
    }
    ranks
}

/// The Pearson correlation of two columns of equal length; 0 where one of them is constant.
pub fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (deviation_a, deviation_b) = (standard_deviation(a, mean_a), standard_deviation(b, mean_b));
    if deviation_a <= 0.0 || deviation_b <= 0.0 {
        return 0.0;
    }
    let products = a
        .iter()
        .zip(b)
        .map(|(x, y)| ((x - mean_a) / deviation_a) * ((y - mean_b) / deviation_b));
    sum(products) / a.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_do_not_depend_on_the_order() {
        let values = [1e16, 1.0, -1e16, 1e-3, 3.5];
        let mut reversed = values;
        reversed.reverse();
        assert_eq!(sum(values).to_bits(), sum(reversed).to_bits());
        assert_eq!(sum(values), 4.501);
        assert_eq!(sum([]).to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn long_sums_are_exact() {
        // Multiples of 2^-20 below 2^40 sum exactly in 128 bits.
        let values: Vec<f64> = (0..200_000_u64)
            .map(|i| (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 4) as f64 / f64::from(1 << 20))
            .map(|value| if value > 3e10 { -value } else { value })
            .collect();
        let exact: i128 = values
            .iter()
            .map(|value| (value * f64::from(1 << 20)) as i128)
            .sum();
        assert_eq!(
            sum(values.iter().copied()),
            exact as f64 / f64::from(1 << 20)
        );
    }

    #[test]
    fn quantiles_interpolate_as_numpy_does() {
        let values = sorted(&[4.0, 1.0, 3.0, 2.0]);
        assert_eq!(quantile(&values, 0.5), 2.5);
        assert_eq!(quantile(&values, 0.25), 1.75);
        assert_eq!(quantile(&values, 1.0), 4.0);
        assert_eq!(quantile(&[], 0.5), 0.0);
    }

    proptest::proptest! {
        #[test]
        fn quantiles_are_those_of_sorted_values(values in proptest::collection::vec(-9_i32..9, 0..60)) {
            let values: Vec<f64> = values.into_iter().map(|value| f64::from(value) / 7.0).collect();
            let shares = [0.005, 0.05, 0.25, 0.25, 0.5, 0.75, 0.995, 1.0];
            let ordered = sorted(&values);
            proptest::prop_assert_eq!(
                quantiles(&mut values.clone(), shares).map(f64::to_bits),
                shares.map(|share| quantile(&ordered, share).to_bits())
            );
        }
    }

    #[test]
    fn skewness_is_the_third_standardized_moment() {
        // By hand: 45 / 12.5^1.5.
        assert!((skewness(&[1.0, 2.0, 3.0, 10.0]) - 1.018_233_764_908_628_4).abs() < 1e-12);
        assert_eq!(skewness(&[2.0, 2.0]), 0.0);
    }
}
