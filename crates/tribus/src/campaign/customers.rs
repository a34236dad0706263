//! The customers of a hold-out, in an order that depends on what they are, not where they stand in the file.

use super::names_or_outcomes;
use crate::statistics::draw::Key;
use crate::summary::Segmented;

/// Customers tried at most; the interval of the profit is then narrow enough to decide.
const MOST_CUSTOMERS: usize = 20_000;

/// Fewer of wide tables, whose regressions cost the square of their columns; but never fewer than the last.
const MOST_CELLS: usize = 500_000;
const FEWEST_SAMPLED: usize = 2_000;

/// Number of the shuffle that picks the customers.
const SHUFFLE: u64 = 0x6361_6d70_0001;

/// Customers with a known outcome, those of a group side by side.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Customers {
    /// Scaled features, n x d, row-major.
    pub(super) values: Vec<f64>,
    /// d
    pub(super) d: usize,
    /// Who responded.
    pub(super) responded: Vec<bool>,
    /// Per customer: its group; identical in all but the outcome. They rise by ones.
    pub(super) groups: Vec<usize>,
    /// Per group: a key of its content.
    pub(super) keys: Vec<u64>,
    /// They are a part of a larger table.
    pub(super) sampled: bool,
}

impl Customers {
    /// All customers with an outcome, or whole groups of them drawn at random.
    pub(super) fn draw(outcomes: &[Option<f64>], segmented: &Segmented<'_>) -> Self {
        let (prepared, d) = (segmented.prepared, segmented.prepared.matrix.columns());
        let known: Vec<(usize, bool)> = outcomes
            .iter()
            .enumerate()
            .filter_map(|(row, outcome)| outcome.map(|outcome| (row, outcome == 1.0)))
            .collect();
        let rows: Vec<usize> = known.iter().map(|(row, _)| prepared.rows[*row]).collect();
        let left_out = |name: &str| names_or_outcomes(&segmented.plan.columns, name);
        let keys = segmented.table.row_keys(&rows, left_out);
        let shuffle = Key::new(segmented.seed, SHUFFLE);
        let mut ordered: Vec<(u64, bool, usize)> = known
            .iter()
            .zip(keys)
            .map(|((row, responded), key)| (shuffle.of(key), *responded, *row))
            .collect();
        // What the rest of the order says is the same for customers of a group: their features are equal.
        ordered.sort_unstable();
        let most = (MOST_CELLS / d.max(1)).clamp(FEWEST_SAMPLED, MOST_CUSTOMERS);
        let all = ordered.len();
        cut(&mut ordered, most);
        let mut customers = Self {
            values: Vec::with_capacity(ordered.len() * d),
            d,
            responded: Vec::with_capacity(ordered.len()),
            groups: Vec::with_capacity(ordered.len()),
            keys: Vec::new(),
            sampled: ordered.len() < all,
        };
        for (key, responded, row) in ordered {
            customers.push(prepared.matrix.row(row), responded, key);
        }
        customers
    }

    /// Adds a customer; those with equal keys come one after the other.
    pub(super) fn push(&mut self, features: &[f64], responded: bool, key: u64) {
        if self.keys.last() != Some(&key) {
            self.keys.push(key);
        }
        self.values.extend(features);
        self.responded.push(responded);
        self.groups.push(self.keys.len() - 1);
    }

    /// n
    pub(super) fn n(&self) -> usize {
        self.responded.len()
    }

    pub(super) fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.d..][..self.d]
    }

    /// Per group: the fold it is in when dealt by a key.
    pub(super) fn deal(&self, folds: usize, key: Key) -> Vec<usize> {
        let mut shuffled: Vec<(u64, usize)> = self
            .keys
            .iter()
            .enumerate()
            .map(|(group, content)| (key.of(*content), group))
            .collect();
        shuffled.sort_unstable();
        let mut dealt = vec![0; shuffled.len()];
        for (place, (_, group)) in shuffled.into_iter().enumerate() {
            dealt[group] = place % folds;
        }
        dealt
    }
}

/// Keeps the first groups, whole, up to about so many customers.
fn cut(ordered: &mut Vec<(u64, bool, usize)>, most: usize) {
    if ordered.len() <= most {
        return;
    }
    let last = ordered[most].0;
    let cut = ordered.partition_point(|(key, ..)| *key < last);
    // A group larger than all that may be tried stays.
    ordered.truncate(if cut == 0 {
        ordered.partition_point(|(key, ..)| *key <= last)
    } else {
        cut
    });
}
