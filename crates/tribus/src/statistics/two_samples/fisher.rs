//! Fisher's exact test: is a share the same in both samples?

use super::log_choose;

/// Rows of one kind among all rows of two samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Rows of the kind in the first sample.
    pub(crate) before: u64,
    /// Rows of the first sample.
    pub(crate) of_before: u64,
    /// Rows of the kind in the second sample.
    pub(crate) after: u64,
    /// Rows of the second sample.
    pub(crate) of_after: u64,
}

impl Counts {
    /// The share in the first sample; 0 of no rows.
    pub(crate) fn share_before(&self) -> f64 {
        self.before as f64 / self.of_before.max(1) as f64
    }

    /// The share in the second sample; 0 of no rows.
    pub(crate) fn share_after(&self) -> f64 {
        self.after as f64 / self.of_after.max(1) as f64
    }

    /// By how much the shares differ.
    pub(crate) fn difference(&self) -> f64 {
        (self.share_after() - self.share_before()).abs()
    }
}

/// The two-sided probability that shares differ so much by chance: twice the smaller tail of the hypergeometric distribution, at
/// most 1. Exact where the kind is the same for both samples. It is also valid where the kind was chosen in the first sample as
/// "between two of its values" or "beyond its largest value": then each tail is the exact one or larger (docs/drift.md).
/// O(standard deviation of the count).
///
/// R. A. Fisher: On the interpretation of chi-squared from contingency tables, and the calculation of P. Journal of the Royal
/// Statistical Society 85, 1922. <https://doi.org/10.2307/2340521>
pub(crate) fn fisher(counts: Counts) -> f64 {
    let Counts {
        before,
        of_before: n,
        after,
        of_after: m,
    } = counts;
    let (kind, all) = (before + after, n + m);
    if n == 0 || m == 0 || kind == 0 || kind == all {
        return 1.0;
    }
    // The tail that the observed count lies in, seen from the sample that has fewer of them than expected.
    let has_fewer = before as f64 * m as f64 <= after as f64 * n as f64;
    let (few, drawn) = if has_fewer { (before, n) } else { (after, m) };
    let other = all - kind;
    let logarithm = log_choose(kind, few) + log_choose(other, drawn - few) - log_choose(all, drawn);
    let mut count = few;
    let (mut term, mut sum) = (1.0, 1.0);
    // Going down from the observed count, the terms fall; a term is the one before it times a ratio.
    while count > 0 && other > drawn - count {
        let up = count as f64 * (other - (drawn - count)) as f64;
        let down = (kind - count + 1) as f64 * (drawn - count + 1) as f64;
        term *= up / down;
        sum += term;
        count -= 1;
        if term < sum * 1e-17 {
            break;
        }
    }
    // A probability is never nothing.
    (2.0 * libm::exp(logarithm) * sum).clamp(f64::MIN_POSITIVE, 1.0)
}
