//! The features as such, over all customers: how each is spread before and after cleaning and in the distance, and how
//! they go together.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::map::sample;
use super::segmented::{Segmented, numbers};
use crate::statistics::{correlation, mean, quantiles, standard_deviation};

/// Bins of a histogram of measured numbers.
const BINS: usize = 18;

/// Up to so many customers correlations are of all; above, of a sample of so many.
const CORRELATED: usize = 100_000;

/// Up to so many features each pair is correlated; above, the pairs of so many that set the segments apart most.
const PAIRED: usize = 200;

/// Number of the shuffle that picks the customers.
const SHUFFLE_CORRELATED: u64 = 4;

/// Customers by bins of equal width.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Histogram {
    /// Where the first bin begins.
    pub low: f64,
    /// Where the last bin ends.
    pub high: f64,
    /// Customers in each bin.
    pub counts: Vec<u64>,
    /// Customers below the first bin.
    pub below: u64,
    /// Customers above the last bin.
    pub above: u64,
    /// Customers without a number.
    pub missing: u64,
}

/// One feature on its way from the file into the distance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureHistograms {
    /// Column.
    pub name: String,
    /// All rows as they stand in the file; none of a column that is derived. Same bins as `cleaned`.
    pub read: Option<Histogram>,
    /// The customers used, after cleaning.
    pub cleaned: Histogram,
    /// The same in the units of the distance: limited, transformed, scaled.
    pub scaled: Histogram,
}

/// How the features go together.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correlations {
    /// Features in order; of more than 200 the 200 that set the segments apart most.
    pub names: Vec<String>,
    /// Pearson's r of each pair in the units of the distance, d x d row-major, to four decimals.
    pub values: Vec<f64>,
    /// Customers they were computed on.
    pub customers: u64,
}

/// Of every feature. O(n d).
pub(super) fn histograms(segmented: &Segmented<'_>) -> Vec<FeatureHistograms> {
    let names = &segmented.prepared.matrix.names;
    (0..names.len())
        .into_par_iter()
        .filter_map(|at| feature(segmented, at))
        .collect()
}

fn feature(segmented: &Segmented<'_>, at: usize) -> Option<FeatureHistograms> {
    let matrix = &segmented.prepared.matrix;
    let name = &matrix.names[at];
    let column = numbers(&segmented.prepared.batch, name)?;
    let bins = Bins::over(column.iter().flatten().collect())?;
    let scaled = || (0..matrix.rows).map(|row| matrix.row(row)[at]);
    let of_file = segmented
        .table
        .position(name)
        .and_then(|position| segmented.table.numbers(position));
    Some(FeatureHistograms {
        name: name.clone(),
        read: of_file.map(|read| bins.count(read.iter())),
        cleaned: bins.count(column.iter()),
        scaled: Bins::over(scaled().collect())?.count(scaled().map(Some)),
    })
}

/// Where bins lie.
struct Bins {
    low: f64,
    high: f64,
    number: usize,
}

impl Bins {
    /// One bin for each of a few whole numbers; else between the 0.5 % and 99.5 % quantiles, so that neither one far
    /// value squeezes the rest nor the ends tell the numbers of a single customer.
    fn over(mut values: Vec<f64>) -> Option<Self> {
        let first = values.iter().copied().min_by(f64::total_cmp)?;
        let last = values.iter().copied().max_by(f64::total_cmp)?;
        let whole = values.iter().all(|value| value.fract() == 0.0);
        if whole && last - first < BINS as f64 {
            let number = (last - first) as usize + 1;
            let (low, high) = (first - 0.5, last + 0.5);
            return Some(Self { low, high, number });
        }
        let [low, high] = quantiles(&mut values, [0.005, 0.995]);
        let (low, high) = if low < high {
            (low, high)
        } else {
            (first, last)
        };
        (low < high && (high - low).is_finite()).then_some(Self {
            low,
            high,
            number: BINS,
        })
    }

    fn count(&self, values: impl Iterator<Item = Option<f64>>) -> Histogram {
        let mut histogram = Histogram {
            low: self.low,
            high: self.high,
            counts: vec![0; self.number],
            below: 0,
            above: 0,
            missing: 0,
        };
        for value in values {
            match value {
                Some(value) if value < self.low => histogram.below += 1,
                Some(value) if value > self.high => histogram.above += 1,
                Some(value) if value.is_finite() => {
                    let part = (value - self.low) / (self.high - self.low);
                    let bin = (part * self.number as f64) as usize;
                    histogram.counts[bin.min(self.number - 1)] += 1;
                }
                _ => histogram.missing += 1,
            }
        }
        histogram
    }
}

/// The share of the variance of a feature, given by segment, that lies between the segments.
fn between(segments: &[Vec<f64>]) -> f64 {
    let all = segments.concat();
    let center = mean(&all);
    let spread = standard_deviation(&all, center);
    if spread <= 0.0 {
        return 0.0;
    }
    let apart = |segment: &Vec<f64>| {
        let z = (mean(segment) - center) / spread;
        segment.len() as f64 * z * z
    };
    let parts = segments.iter().filter(|segment| !segment.is_empty());
    parts.map(apart).sum::<f64>() / all.len() as f64
}

/// Of every pair of features. O(n d²), n at most 100,000 and d at most [`PAIRED`].
pub(super) fn correlations(segmented: &Segmented<'_>, members: &[Vec<usize>]) -> Correlations {
    let matrix = &segmented.prepared.matrix;
    let rows = sample(segmented, members, CORRELATED, SHUFFLE_CORRELATED);
    let of = |feature: usize| -> Vec<Vec<f64>> {
        let segment =
            |rows: &Vec<usize>| rows.iter().map(|row| matrix.row(*row)[feature]).collect();
        rows.iter().map(segment).collect()
    };
    let mut features: Vec<usize> = (0..matrix.columns()).collect();
    if features.len() > PAIRED {
        let apart: Vec<f64> = features
            .par_iter()
            .map(|feature| between(&of(*feature)))
            .collect();
        features.sort_by(|a, b| apart[*b].total_cmp(&apart[*a]));
        features.truncate(PAIRED);
        features.sort_unstable();
    }
    let columns: Vec<Vec<f64>> = features
        .iter()
        .map(|feature| of(*feature).concat())
        .collect();
    let d = columns.len();
    let pairs: Vec<(usize, usize)> = (0..d).flat_map(|i| (0..i).map(move |j| (i, j))).collect();
    let found: Vec<f64> = pairs
        .par_iter()
        .map(|(i, j)| (correlation(&columns[*i], &columns[*j]) * 1e4).round() / 1e4 + 0.0)
        .collect();
    let mut values = vec![1.0; d * d];
    for ((i, j), r) in pairs.into_iter().zip(found) {
        values[i * d + j] = r;
        values[j * d + i] = r;
    }
    Correlations {
        names: features
            .iter()
            .map(|feature| matrix.names[*feature].clone())
            .collect(),
        values,
        customers: rows.iter().map(Vec::len).sum::<usize>() as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_between_segments_is_one_where_they_are_points_and_nothing_where_they_are_alike() {
        assert_eq!(between(&[vec![1.0, 1.0], vec![3.0, 3.0]]), 1.0);
        assert_eq!(between(&[vec![1.0, 3.0], vec![3.0, 1.0], vec![]]), 0.0);
        assert_eq!(between(&[vec![2.0], vec![2.0]]), 0.0);
    }

    #[test]
    fn a_few_whole_numbers_have_a_bin_each() {
        let bins = Bins::over(vec![0.0, 2.0, 1.0, 1.0]).unwrap();
        let counted = bins.count([Some(0.0), Some(1.0), Some(1.0), Some(2.0), None].into_iter());
        assert_eq!((counted.low, counted.high), (-0.5, 2.5));
        assert_eq!(counted.counts, [1, 2, 1]);
        assert_eq!((counted.below, counted.above, counted.missing), (0, 0, 1));
    }

    #[test]
    fn one_far_value_does_not_squeeze_the_rest_and_everybody_is_counted() {
        let mut values: Vec<f64> = (0..1000).map(|at| f64::from(at) * 0.5).collect();
        values.push(1e9);
        let bins = Bins::over(values.clone()).unwrap();
        let counted = bins.count(values.iter().copied().map(Some));
        assert!(counted.high < 1000.0 && counted.above >= 1, "{counted:?}");
        let all = counted.counts.iter().sum::<u64>() + counted.below + counted.above;
        assert_eq!(all, 1001);
        assert_eq!(counted.counts.len(), BINS);
    }

    #[test]
    fn what_is_constant_or_empty_has_no_bins_or_one() {
        assert!(Bins::over(vec![]).is_none());
        assert_eq!(Bins::over(vec![3.0, 3.0]).unwrap().number, 1);
        assert!(Bins::over(vec![0.5, 0.5]).is_none());
    }
}
