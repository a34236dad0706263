//! Customers without groups, as like the real ones as can be.

use super::sample::Sample;
use super::unimodal::Unimodal;
use crate::statistics::draw::Key;
use crate::statistics::normal;

/// Customers simulated to see what correlations the columns make of those of the normal scores.
const TRIED: usize = 4_000;

/// Corrections of the normal scores' correlations.
const ROUNDS: u64 = 3;

/// No two normal scores are correlated more than this.
const MOST_CORRELATION: f64 = 0.995;

/// A distribution without groups: every column has one mode, the skew and the grid of the real one, and columns are
/// correlated as the real ones are, by a normal copula. (Cario and Nelson: Modeling and generating random vectors with
/// arbitrary marginal distributions and correlation matrix, 1997, called this NORTA.)
#[derive(Debug)]
pub(super) struct Null {
    columns: Vec<Unimodal>,
    /// Lower triangle of the Cholesky factor of the normal scores' correlations, d x d.
    root: Vec<f64>,
}

impl Null {
    pub(super) fn fit(sample: &Sample, seed: u64) -> Self {
        let d = sample.d;
        let mut null = Self::fit_roughly(sample);
        let wanted = correlations(&columns(sample));
        let mut scores = wanted.clone();
        for round in 0..ROUNDS {
            let tried = null.draw(TRIED, Key::new(seed, round));
            let made = correlations(&columns(&tried));
            for (score, (wanted, made)) in scores.iter_mut().zip(wanted.iter().zip(made)) {
                *score = (*score + wanted - made).clamp(-MOST_CORRELATION, MOST_CORRELATION);
            }
            null.root = cholesky(&scores, d);
        }
        null
    }

    /// The same with the columns' own correlations for those of the normal scores: near enough for a part of a table.
    pub(super) fn fit_roughly(sample: &Sample) -> Self {
        let values = columns(sample);
        Self {
            columns: values.iter().map(|values| Unimodal::fit(values)).collect(),
            root: cholesky(&correlations(&values), sample.d),
        }
    }

    /// So many customers of the distribution.
    pub(super) fn draw(&self, n: usize, key: Key) -> Sample {
        let d = self.columns.len();
        let mut values = Vec::with_capacity(n * d);
        let mut normals = vec![0.0; d];
        for row in 0..n {
            for (column, normal) in normals.iter_mut().enumerate() {
                *normal = normal::quantile(key.uniform((row * d + column) as u64));
            }
            for (column, margin) in self.columns.iter().enumerate() {
                let weights = &self.root[column * d..=column * d + column];
                let score: f64 = weights.iter().zip(&normals).map(|(w, z)| w * z).sum();
                values.push(margin.quantile(normal::share_below(score)));
            }
        }
        Sample::made(values, d)
    }
}

fn columns(sample: &Sample) -> Vec<Vec<f64>> {
    (0..sample.d).map(|column| sample.column(column)).collect()
}

/// The Pearson correlations of columns, d x d; 0 with a constant one.
fn correlations(columns: &[Vec<f64>]) -> Vec<f64> {
    let d = columns.len();
    let standard: Vec<Vec<f64>> = columns.iter().map(|column| standardized(column)).collect();
    let mut correlations = vec![0.0; d * d];
    for a in 0..d {
        for b in 0..a {
            let products = standard[a].iter().zip(&standard[b]).map(|(x, y)| x * y);
            let correlation = products.sum::<f64>() / standard[a].len() as f64;
            correlations[a * d + b] = correlation;
            correlations[b * d + a] = correlation;
        }
        correlations[a * d + a] = 1.0;
    }
    correlations
}

fn standardized(column: &[f64]) -> Vec<f64> {
    let n = column.len() as f64;
    let mean = column.iter().sum::<f64>() / n;
    let square = column.iter().map(|value| (value - mean) * (value - mean));
    let deviation = (square.sum::<f64>() / n).sqrt();
    let scale = if deviation > 0.0 {
        deviation
    } else {
        f64::INFINITY
    };
    column.iter().map(|value| (value - mean) / scale).collect()
}

/// The Cholesky factor of correlations; where they contradict each other, of ones drawn together towards 0.
fn cholesky(correlations: &[f64], d: usize) -> Vec<f64> {
    const STEPS: u32 = 50;
    (0..=STEPS)
        .find_map(|step| factor(correlations, d, 1.0 - f64::from(step) / f64::from(STEPS)))
        .expect("columns that are not correlated have a factor")
}

/// The factor of correlations times `kept`, if there is one.
fn factor(correlations: &[f64], d: usize, kept: f64) -> Option<Vec<f64>> {
    const SMALLEST: f64 = 1e-9;
    let mut root = vec![0.0; d * d];
    for a in 0..d {
        for b in 0..=a {
            let known: f64 = (0..b).map(|c| root[a * d + c] * root[b * d + c]).sum();
            if a == b {
                let left = 1.0 - known;
                if left < SMALLEST {
                    return None;
                }
                root[a * d + a] = left.sqrt();
            } else {
                root[a * d + b] = (kept * correlations[a * d + b] - known) / root[b * d + b];
            }
        }
    }
    Some(root)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two correlated columns, one of two humps, one of whole numbers.
    fn two_humps() -> Sample {
        let key = Key::new(1, 1);
        let mut values = Vec::new();
        for row in 0..2000_u64 {
            let normal = |at: u64| normal::quantile(key.uniform(3 * row + at));
            let hump = if row % 2 == 0 { 0.0 } else { 6.0 };
            values.extend([hump + normal(0), (hump + 2.0 * normal(1)).round()]);
        }
        Sample::made(values, 2)
    }

    #[test]
    fn means_spreads_and_correlations_are_those_of_the_customers() {
        let real = two_humps();
        let made = Null::fit(&real, 0).draw(20_000, Key::new(0, 9));
        for column in 0..2 {
            let (real, made) = (real.column(column), made.column(column));
            let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
            let spread = |values: &[f64]| {
                let center = mean(values);
                mean(
                    &values
                        .iter()
                        .map(|x| (x - center) * (x - center))
                        .collect::<Vec<f64>>(),
                )
                .sqrt()
            };
            // One of the humps is filled up to the other: the middle moves, and the column narrows somewhat.
            assert!((mean(&real) - mean(&made)).abs() < 1.0);
            assert!((0.75..1.1).contains(&(spread(&made) / spread(&real))));
        }
        let correlation = |sample: &Sample| correlations(&[sample.column(0), sample.column(1)])[1];
        assert!((correlation(&real) - correlation(&made)).abs() < 0.03);
        assert!(made.column(1).iter().all(|value| value.fract() == 0.0));
    }

    #[test]
    fn contradicting_correlations_are_drawn_together() {
        let impossible = [1.0, 0.9, -0.9, 0.9, 1.0, 0.9, -0.9, 0.9, 1.0];
        let root = cholesky(&impossible, 3);
        for row in root.chunks(3) {
            assert!((row.iter().map(|x| x * x).sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }
}
