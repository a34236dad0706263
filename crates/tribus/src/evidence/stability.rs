//! Is the same segmentation found again on part of the customers?

use rayon::prelude::*;
use tribus_kmeans::{KMeans, Model, Points};

use super::Candidate;
use crate::draw::{Key, content_key};
use crate::statistics::mean;

/// Resamples per number of segments.
const RESAMPLES: u64 = 8;

/// Customers of a resample: half of all, at most this many.
const MOST_CUSTOMERS: usize = 4_000;

/// Starts per resample.
const RESTARTS: usize = 3;

/// The mean adjusted Rand index (Hubert and Arabie 1985, <https://doi.org/10.1007/BF01908075>) between the segments of
/// all customers and those of random halves, compared on at most twice [`MOST_CUSTOMERS`] customers; none where a half
/// has too few customers.
pub(super) fn stability(points: &Points<'_>, candidate: &Candidate, seed: u64) -> Option<f64> {
    let (n, d, k) = (points.n(), points.d(), candidate.k);
    if n < 4 * k {
        return None;
    }
    let keys: Vec<u64> = (0..n).map(|row| content_key(points.row(row))).collect();
    let whole = Model::new(candidate.centroids.clone(), k, d).ok()?;
    let similarities: Option<Vec<f64>> = (0..RESAMPLES)
        .into_par_iter()
        .map(|resample| similarity(points, &keys, &whole, Key::new(seed, resample), seed))
        .collect();
    Some(mean(&similarities?))
}

/// How alike the segments of a random half are to those of all.
fn similarity(
    points: &Points<'_>,
    keys: &[u64],
    whole: &Model,
    shuffle: Key,
    seed: u64,
) -> Option<f64> {
    let (n, d, k) = (points.n(), points.d(), whole.k());
    let mut drawn: Vec<(u64, usize)> = keys
        .iter()
        .enumerate()
        .map(|(row, key)| (shuffle.of(*key), row))
        .collect();
    let compared = n.min(2 * MOST_CUSTOMERS);
    if compared < n {
        drawn.select_nth_unstable(compared);
        drawn.truncate(compared);
    }
    drawn.sort_unstable();
    let values: Vec<f64> = drawn
        .iter()
        .flat_map(|(_, row)| points.row(*row))
        .copied()
        .collect();
    let half = compared / 2;
    let part = Points::new(&values[..half * d], half, d).ok()?;
    let settings = KMeans {
        k,
        restarts: RESTARTS,
        recombinations: 0,
        seed,
        ..KMeans::default()
    };
    let again = settings.fit(&part).ok()?.model;
    let all = Points::new(&values, compared, d).ok()?;
    Some(adjusted_rand(
        &labels(whole, &all)?,
        &labels(&again, &all)?,
        k,
        again.k(),
    ))
}

fn labels(model: &Model, points: &Points<'_>) -> Option<Vec<u32>> {
    let assigned = model.assign_all(points).ok()?;
    Some(
        assigned
            .into_iter()
            .map(|assignment| assignment.label)
            .collect(),
    )
}

/// The adjusted Rand index of two labelings; 1 where both say the same, about 0 for chance.
pub(crate) fn adjusted_rand(a: &[u32], b: &[u32], k_a: usize, k_b: usize) -> f64 {
    let mut table = vec![0_u64; k_a * k_b];
    for (a, b) in a.iter().zip(b) {
        table[*a as usize * k_b + *b as usize] += 1;
    }
    let pairs = |count: u64| count as f64 * (count as f64 - 1.0) / 2.0;
    let rows: Vec<u64> = table.chunks(k_b).map(|row| row.iter().sum()).collect();
    let columns: Vec<u64> = (0..k_b)
        .map(|j| table.iter().skip(j).step_by(k_b).sum())
        .collect();
    let both: f64 = table.iter().map(|count| pairs(*count)).sum();
    let in_rows: f64 = rows.iter().map(|count| pairs(*count)).sum();
    let in_columns: f64 = columns.iter().map(|count| pairs(*count)).sum();
    let all = pairs(a.len() as u64);
    let expected = if all > 0.0 {
        in_rows * in_columns / all
    } else {
        0.0
    };
    let most = f64::midpoint(in_rows, in_columns);
    if most == expected {
        1.0
    } else {
        (both - expected) / (most - expected)
    }
}

#[cfg(test)]
mod tests {
    use super::adjusted_rand;

    #[test]
    fn the_adjusted_rand_index_is_that_of_scikit_learn() {
        // sklearn.metrics.adjusted_rand_score([0, 0, 1, 2], [0, 0, 1, 1])
        let index = adjusted_rand(&[0, 0, 1, 2], &[0, 0, 1, 1], 3, 2);
        assert!((index - 0.571_428_571_428_571_4).abs() < 1e-12, "{index}");
        assert_eq!(adjusted_rand(&[0, 1, 1], &[1, 0, 0], 2, 2), 1.0);
    }
}
