//! Are the same segments found again on resampled customers?
//!
//! C. Hennig: Cluster-wise assessment of cluster stability. Computational Statistics and Data Analysis 52, 2007.
//! <https://doi.org/10.1016/j.csda.2006.11.025> (`clusterboot(bootmethod = "boot")` of the R package `fpc`.)

use tribus_kmeans::Fit;

use super::sample::{Labeling, Sample, centroids};
use super::{SegmentStability, Stability};
use crate::statistics::draw::Key;
use crate::statistics::{mean, quantile, sorted};

/// Number of the draws of the resamples, above those of other draws.
const DRAWS: u64 = 0x626f_6f74_0000;

/// Up to this Jaccard similarity a segment counts as dissolved in a resample, above the other as recovered (Hennig 2007).
const DISSOLVED: f64 = 0.5;
const RECOVERED: f64 = 0.75;

/// How the segments of resampled customers compare to those of all, for each labeling; fewer where there are too few
/// customers for the largest numbers.
///
/// A resample holds the customers drawn at least once in n draws with replacement, about 63 %. Segments are compared on
/// them alone.
pub(super) fn resample(
    sample: &Sample,
    labelings: &[Labeling],
    number: u64,
    seed: u64,
) -> Vec<Similarity> {
    let rows = drawn(sample.n, Key::new(seed, DRAWS + number));
    let possible = labelings.partition_point(|labeling| labeling.k <= rows.len());
    let possible = &labelings[..possible];
    let ks: Vec<usize> = possible.iter().map(|labeling| labeling.k).collect();
    let starts = centroids(possible);
    let again = sample.take(&rows).sweep(&ks, &starts, seed);
    let again = again.unwrap_or_default();
    let pairs = possible.iter().zip(&again);
    pairs
        .map(|(labeling, again)| similarity(&rows, labeling, again))
        .collect()
}

/// Over all resamples, of the labeling `at` this place with `k` segments; none where some resample had too few customers.
pub(super) fn stability(resampled: &[&Vec<Similarity>], at: usize, k: usize) -> Option<Stability> {
    let found: Vec<&Similarity> = resampled
        .iter()
        .map(|similarities| similarities.get(at))
        .collect::<Option<_>>()?;
    let segments = (0..k).map(|segment| {
        let jaccards: Vec<f64> = found
            .iter()
            .filter_map(|similarity| similarity.jaccards[segment])
            .collect();
        let share = |met: &dyn Fn(f64) -> bool| {
            jaccards.iter().filter(|jaccard| met(**jaccard)).count() as f64
                / jaccards.len().max(1) as f64
        };
        SegmentStability {
            jaccard: mean(&jaccards),
            recovered: share(&|jaccard| jaccard > RECOVERED),
            dissolved: share(&|jaccard| jaccard <= DISSOLVED),
        }
    });
    let rands: Vec<f64> = found.iter().map(|similarity| similarity.rand).collect();
    let ordered = sorted(&rands);
    (!found.is_empty()).then(|| Stability {
        rand: mean(&rands),
        interval: Some([quantile(&ordered, 0.025), quantile(&ordered, 0.975)]),
        segments: segments.collect(),
        resamples: found.len() as u64,
    })
}

/// How one resample compares.
pub(super) struct Similarity {
    rand: f64,
    /// Per segment; none where no customer of it was drawn.
    jaccards: Vec<Option<f64>>,
}

fn similarity(rows: &[usize], labeling: &Labeling, again: &Fit) -> Similarity {
    let labels: Vec<u32> = rows.iter().map(|row| labeling.labels[*row]).collect();
    let table = Contingency::of(&labels, &again.labels, labeling.k, again.model.k());
    Similarity {
        rand: table.adjusted_rand(),
        jaccards: (0..labeling.k)
            .map(|segment| table.best_jaccard(segment))
            .collect(),
    }
}

/// The rows drawn at least once in n draws with replacement.
fn drawn(n: usize, key: Key) -> Vec<usize> {
    let mut drawn = vec![false; n];
    for draw in 0..n {
        drawn[(key.uniform(draw as u64) * n as f64) as usize] = true;
    }
    (0..n).filter(|row| drawn[*row]).collect()
}

/// How often two labels of the same customers meet.
pub(crate) struct Contingency {
    counts: Vec<u64>,
    rows: Vec<u64>,
    columns: Vec<u64>,
}

impl Contingency {
    /// Of labels below `k_a` and `k_b`.
    pub(crate) fn of(a: &[u32], b: &[u32], k_a: usize, k_b: usize) -> Self {
        let mut counts = vec![0_u64; k_a * k_b];
        for (a, b) in a.iter().zip(b) {
            counts[*a as usize * k_b + *b as usize] += 1;
        }
        Self {
            rows: counts.chunks(k_b).map(|row| row.iter().sum()).collect(),
            columns: (0..k_b)
                .map(|column| counts.iter().skip(column).step_by(k_b).sum())
                .collect(),
            counts,
        }
    }

    /// How often each pair of labels meets, k_a x k_b.
    pub(crate) fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// The adjusted Rand index (Hubert and Arabie 1985, <https://doi.org/10.1007/BF01908075>): 1 where both say the
    /// same, about 0 for chance.
    pub(crate) fn adjusted_rand(&self) -> f64 {
        let pairs = |count: u64| count as f64 * (count as f64 - 1.0) / 2.0;
        let sum = |counts: &[u64]| counts.iter().map(|count| pairs(*count)).sum::<f64>();
        let (both, in_rows, in_columns) = (sum(&self.counts), sum(&self.rows), sum(&self.columns));
        let all = pairs(self.rows.iter().sum());
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

    /// The normalized mutual information, by the arithmetic mean of both entropies as scikit-learn's (Strehl and Ghosh
    /// 2002): 1 where both say the same, 0 where neither says anything about the other.
    pub(crate) fn normalized_mutual_information(&self) -> f64 {
        let total = self.rows.iter().sum::<u64>() as f64;
        let entropy = |counts: &[u64]| -> f64 {
            let shares = counts
                .iter()
                .filter(|count| **count > 0)
                .map(|count| *count as f64 / total);
            shares.map(|share| -share * libm::log(share)).sum()
        };
        let (of_rows, of_columns) = (entropy(&self.rows), entropy(&self.columns));
        let mean = f64::midpoint(of_rows, of_columns);
        if mean == 0.0 {
            return 1.0;
        }
        ((of_rows + of_columns - entropy(&self.counts)) / mean).clamp(0.0, 1.0)
    }

    /// The largest Jaccard similarity of a row with any column; none for an empty row.
    fn best_jaccard(&self, row: usize) -> Option<f64> {
        let k_b = self.columns.len();
        let size = self.rows[row];
        let met = &self.counts[row * k_b..][..k_b];
        let jaccards = met
            .iter()
            .zip(&self.columns)
            .map(|(both, other)| *both as f64 / (size + other - both) as f64);
        (size > 0).then(|| jaccards.fold(0.0, f64::max))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_are_those_of_scikit_learn() {
        // sklearn.metrics.adjusted_rand_score and normalized_mutual_info_score of [0, 0, 1, 2], [0, 0, 1, 1]
        let table = Contingency::of(&[0, 0, 1, 2], &[0, 0, 1, 1], 3, 2);
        assert!((table.adjusted_rand() - 0.571_428_571_428_571_4).abs() < 1e-12);
        assert!((table.normalized_mutual_information() - 0.8).abs() < 1e-12);
        let same = Contingency::of(&[0, 1, 1], &[1, 0, 0], 2, 2);
        assert_eq!(
            (same.adjusted_rand(), same.normalized_mutual_information()),
            (1.0, 1.0)
        );
    }

    #[test]
    fn the_jaccard_similarity_is_of_the_best_match() {
        let table = Contingency::of(&[0, 0, 0, 1, 1], &[1, 1, 0, 0, 0], 2, 2);
        assert_eq!(table.best_jaccard(0), Some(2.0 / 3.0));
        assert_eq!(table.best_jaccard(1), Some(2.0 / 3.0));
    }

    #[test]
    fn a_resample_holds_each_row_once_and_two_thirds_of_them() {
        let rows = drawn(10_000, Key::new(0, 1));
        assert!(rows.windows(2).all(|pair| pair[0] < pair[1]));
        assert!((6_200..6_450).contains(&rows.len()), "{}", rows.len());
    }
}
