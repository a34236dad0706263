//! Do segments stand apart, or does a cut run through one crowd?

use rayon::prelude::*;

use super::Separation;
use super::dip::dip;
use super::sample::Sample;

/// The share of the spread of a small pair of segments that is taken to be the same in all directions, at least and at
/// most.
const SHRINKAGE: (f64, f64) = (0.05, 0.9);

/// The least separated pair of segments, along the line between their centroids and along their linear discriminant
/// (Fisher 1936): the dip of the customers of both, times the root of their number.
///
/// About a quarter where a cut runs through one crowd, whatever the number of customers; more, and growing with it, where
/// there is a valley between the two.
pub(super) fn separation(
    sample: &Sample,
    labels: &[u32],
    centroids: &[f64],
    k: usize,
) -> Separation {
    let segments: Vec<Members> = (0..k)
        .into_par_iter()
        .map(|segment| {
            let rows = (0..sample.n)
                .filter(|row| labels[*row] as usize == segment)
                .collect();
            Members::of(sample, rows, &centroids[segment * sample.d..][..sample.d])
        })
        .collect();
    let pairs: Vec<(usize, usize)> = (0..k).flat_map(|a| (0..a).map(move |b| (a, b))).collect();
    let dips: Vec<[f64; 2]> = pairs
        .into_par_iter()
        .map(|(a, b)| pair(sample, &segments[a], &segments[b]))
        .collect();
    let least = |at: usize| {
        dips.iter()
            .map(|dips| dips[at])
            .fold(f64::INFINITY, f64::min)
    };
    Separation {
        along_centroids: least(0),
        along_discriminant: least(1),
    }
}

/// The customers of a segment and how they spread.
struct Members<'c> {
    rows: Vec<usize>,
    center: &'c [f64],
    /// Sums of products of deviations from the center, d x d.
    scatter: Vec<f64>,
}

impl<'c> Members<'c> {
    fn of(sample: &Sample, rows: Vec<usize>, center: &'c [f64]) -> Self {
        let d = sample.d;
        let mut scatter = vec![0.0; d * d];
        let mut deviations = vec![0.0; d];
        for row in &rows {
            let values = sample.row(*row).iter().zip(center);
            deviations
                .iter_mut()
                .zip(values)
                .for_each(|(deviation, (value, center))| *deviation = value - center);
            for (products, deviation) in scatter.chunks_mut(d).zip(&deviations) {
                products
                    .iter_mut()
                    .zip(&deviations)
                    .for_each(|(sum, other)| *sum += deviation * other);
            }
        }
        Self {
            rows,
            center,
            scatter,
        }
    }
}

fn pair(sample: &Sample, a: &Members<'_>, b: &Members<'_>) -> [f64; 2] {
    let line: Vec<f64> = b.center.iter().zip(a.center).map(|(b, a)| b - a).collect();
    let rows: Vec<usize> = a.rows.iter().chain(&b.rows).copied().collect();
    let along = |axis: &[f64]| {
        let place = |row: &usize| {
            sample
                .row(*row)
                .iter()
                .zip(axis)
                .map(|(x, w)| x * w)
                .sum::<f64>()
        };
        let mut places: Vec<f64> = rows.iter().map(place).collect();
        places.sort_unstable_by(f64::total_cmp);
        dip(&places) * (places.len() as f64).sqrt()
    };
    [along(&line), along(&discriminant(a, b, &line))]
}

/// The direction in which two segments are apart most, for their common spread within.
fn discriminant(a: &Members<'_>, b: &Members<'_>, line: &[f64]) -> Vec<f64> {
    let d = line.len();
    let mut within: Vec<f64> = a
        .scatter
        .iter()
        .zip(&b.scatter)
        .map(|(a, b)| a + b)
        .collect();
    let mean = (0..d).map(|i| within[i * d + i]).sum::<f64>() / d as f64;
    let n = (a.rows.len() + b.rows.len()) as f64;
    let shrinkage = (d as f64 / n).clamp(SHRINKAGE.0, SHRINKAGE.1);
    for (at, product) in within.iter_mut().enumerate() {
        let round = if at % (d + 1) == 0 {
            shrinkage * mean
        } else {
            0.0
        };
        *product = (1.0 - shrinkage) * *product + round;
    }
    if mean > 0.0 {
        solved(within, line)
    } else {
        line.to_vec()
    }
}

/// The solution of a positive definite system, by its Cholesky factor.
fn solved(mut matrix: Vec<f64>, right: &[f64]) -> Vec<f64> {
    let d = right.len();
    for i in 0..d {
        for j in 0..=i {
            let known: f64 = (0..j).map(|t| matrix[i * d + t] * matrix[j * d + t]).sum();
            let left = matrix[i * d + j] - known;
            matrix[i * d + j] = if i == j {
                left.sqrt()
            } else {
                left / matrix[j * d + j]
            };
        }
    }
    let mut solution = right.to_vec();
    for i in 0..d {
        let known: f64 = (0..i).map(|t| matrix[i * d + t] * solution[t]).sum();
        solution[i] = (solution[i] - known) / matrix[i * d + i];
    }
    for i in (0..d).rev() {
        let known: f64 = (i + 1..d).map(|t| matrix[t * d + i] * solution[t]).sum();
        solution[i] = (solution[i] - known) / matrix[i * d + i];
    }
    solution
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::draw::Key;
    use crate::statistics::normal;

    /// Two crowds in two columns, so far apart in the first.
    fn two_crowds(apart: f64) -> (Sample, Vec<u32>) {
        let key = Key::new(3, 3);
        let mut values = Vec::new();
        for row in 0..1000_u64 {
            let shift = if row % 2 == 0 { 0.0 } else { apart };
            values.push(shift + normal::quantile(key.uniform(2 * row)));
            values.push(normal::quantile(key.uniform(2 * row + 1)));
        }
        let labels = values
            .chunks(2)
            .map(|row| u32::from(row[0] > apart / 2.0))
            .collect();
        (Sample::made(values, 2), labels)
    }

    #[test]
    fn a_valley_is_seen_and_a_cut_through_a_crowd_is_not_taken_for_one() {
        let centers = |apart: f64| [0.0, 0.0, apart, 0.0];
        let (one, cut) = two_crowds(0.01);
        let through = separation(&one, &cut, &centers(0.01), 2);
        assert!(through.along_centroids < 0.45, "{through:?}");
        let (two, labels) = two_crowds(5.0);
        let valley = separation(&two, &labels, &centers(5.0), 2);
        assert!(
            valley.along_centroids > 1.5 && valley.along_discriminant > 1.5,
            "{valley:?}"
        );
    }

    #[test]
    fn the_solution_solves() {
        let solution = solved(vec![4.0, 1.0, 1.0, 3.0], &[1.0, 2.0]);
        assert!((4.0 * solution[0] + solution[1] - 1.0).abs() < 1e-12);
        assert!((solution[0] + 3.0 * solution[1] - 2.0).abs() < 1e-12);
    }
}
