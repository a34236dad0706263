//! Tests of two samples: whether two sets of rows may be of one population.
//!
//! They are used far in the tail, where p is 1e-5 or less, so none of them trusts a normal distribution of counts. All rest on
//! one assumption: if nothing changed, every choice of `n` of the `n + m` rows was equally likely to be the first sample.

mod fisher;
mod rank_sum;
mod unseen;

pub(crate) use fisher::{Counts, fisher};
pub(crate) use rank_sum::rank_sum;
pub(crate) use unseen::unseen;

/// Probabilities of several tests, raised so that any of them at or below a level is a false alarm with at most that probability,
/// whatever the dependence between the tests: Holm's step-down procedure.
///
/// S. Holm: A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics 6, 1979.
/// <https://www.jstor.org/stable/4615733>
pub(crate) fn holm(probabilities: &[f64]) -> Vec<f64> {
    let tests = probabilities.len();
    let mut order: Vec<usize> = (0..tests).collect();
    order.sort_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]));
    let mut adjusted = vec![1.0; tests];
    let mut largest = 0.0_f64;
    for (rank, at) in order.into_iter().enumerate() {
        largest = largest.max(probabilities[at] * (tests - rank) as f64);
        adjusted[at] = largest.min(1.0);
    }
    adjusted
}

/// The population stability index of two lists of counts of the same cells: the sum of `(q - p) ln(q / p)` over their shares. An
/// empty cell counts as a share of 0.0001, as is usual, so that it has a logarithm. 0 where one of the samples is empty.
///
/// B. Yurdakul and J. Naranjo: Statistical properties of the population stability index. Journal of Risk Model Validation 14,
/// 2020. <https://doi.org/10.21314/JRMV.2020.227>
pub(crate) fn stability_index(before: &[u64], after: &[u64]) -> f64 {
    const EMPTY: f64 = 1e-4;
    let total = |counts: &[u64]| counts.iter().map(|count| *count as f64).sum::<f64>();
    let (n, m) = (total(before), total(after));
    if n == 0.0 || m == 0.0 {
        return 0.0;
    }
    let share = |count: u64, of: f64| if count == 0 { EMPTY } else { count as f64 / of };
    let cells = before.iter().zip(after).map(|(before, after)| {
        let (p, q) = (share(*before, n), share(*after, m));
        (q - p) * libm::log(q / p)
    });
    cells.sum()
}

/// The logarithm of the number of ways to choose `few` of `many`.
fn log_choose(many: u64, few: u64) -> f64 {
    let factorial = |n: u64| libm::lgamma(n as f64 + 1.0);
    factorial(many) - factorial(few) - factorial(many - few)
}

#[cfg(test)]
mod tests;
