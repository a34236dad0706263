//! The gap statistic: is the inertia smaller than that of customers spread evenly?
//!
//! Tibshirani, Walther and Hastie: Estimating the number of clusters in a data set via the gap statistic. Journal of the
//! Royal Statistical Society B 63, 2001. <https://doi.org/10.1111/1467-9868.00293>

use rayon::prelude::*;

use super::Gap;
use super::sample::{Sample, log};
use crate::statistics::draw::Key;
use crate::statistics::principal;

/// Number of the draws of the references, above those of other draws.
const DRAWS: u64 = 0x6761_7000;

/// The gap of each number of segments, given the sample's inertia for each; none where that is 0.
///
/// The references are uniform in the box of the sample's principal axes, as in `clusGap(spaceH0 = "scaledPCA",
/// d.power = 2)` of the R package `cluster`.
pub(super) fn gaps(
    sample: &Sample,
    inertias: &[(usize, f64)],
    references: usize,
    seed: u64,
) -> Vec<Option<Gap>> {
    let spread = Box::of(sample);
    let ks: Vec<usize> = inertias.iter().map(|(k, _)| *k).collect();
    let logs: Vec<Vec<f64>> = (0..references)
        .into_par_iter()
        .map(|number| {
            let reference = spread.draw(sample.n, Key::new(seed, DRAWS + number as u64));
            let fits = reference.sweep(&ks, &[], seed);
            let fits = fits.expect("as many segments were made of as many customers");
            fits.iter().map(|fit| log(fit.inertia)).collect()
        })
        .collect();
    inertias
        .iter()
        .enumerate()
        .map(|(at, (_, inertia))| {
            let logs: Vec<f64> = logs.iter().map(|of_reference| of_reference[at]).collect();
            let b = logs.len() as f64;
            let mean = logs.iter().sum::<f64>() / b;
            let squares = logs.iter().map(|log| (log - mean) * (log - mean));
            (*inertia > 0.0).then(|| Gap {
                value: mean - log(*inertia),
                standard_error: ((1.0 + 1.0 / b) * squares.sum::<f64>() / (b - 1.0)).sqrt(),
            })
        })
        .collect()
}

/// The ranges of the principal components.
struct Box {
    ranges: Vec<(f64, f64)>,
}

impl Box {
    fn of(sample: &Sample) -> Self {
        let (n, d) = (sample.n, sample.d);
        let means: Vec<f64> = (0..d)
            .map(|column| sample.column(column).iter().sum::<f64>() / n as f64)
            .collect();
        let centered: Vec<f64> = sample
            .values
            .iter()
            .enumerate()
            .map(|(at, value)| value - means[at % d])
            .collect();
        let mut products = vec![0.0; d * d];
        for row in centered.chunks(d) {
            for (products, value) in products.chunks_mut(d).zip(row) {
                products
                    .iter_mut()
                    .zip(row)
                    .for_each(|(sum, other)| *sum += value * other);
            }
        }
        let axes = principal::axes(&products, d);
        let mut ranges = vec![(f64::INFINITY, f64::NEG_INFINITY); d];
        for row in centered.chunks(d) {
            for (axis, (low, high)) in ranges.iter_mut().enumerate() {
                let at: f64 = row
                    .iter()
                    .zip(axes.iter().skip(axis).step_by(d))
                    .map(|(x, w)| x * w)
                    .sum();
                (*low, *high) = (low.min(at), high.max(at));
            }
        }
        Self { ranges }
    }

    /// Customers spread evenly, on the principal axes: distances are the same there.
    fn draw(&self, n: usize, key: Key) -> Sample {
        let d = self.ranges.len();
        let values = (0..n * d).map(|at| {
            let (low, high) = self.ranges[at % d];
            low + (high - low) * key.uniform(at as u64)
        });
        Sample::made(values.collect(), d)
    }
}
