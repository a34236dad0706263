//! The canonical order of rows: by content, so that the caller's order of rows never reaches a computation.
//!
//! Sums of floating-point numbers depend on the order of their terms. All of this crate's work is done on rows sorted
//! by a hash of their content (then by the content itself), so the same set of rows gives the same bits in whatever
//! order it comes. Equal rows stand side by side and are interchangeable.

use std::cmp::Ordering;

use rayon::prelude::*;

use crate::draw::{content_hash, fold};
use crate::points::Points;

/// The rows of some [`Points`] in canonical order.
#[derive(Debug)]
pub(crate) struct Order {
    /// For each place in canonical order, the caller's row.
    pub(crate) rows: Vec<usize>,
    /// For each place, the key for random draws: hash of (content, occurrence among equal rows).
    pub(crate) keys: Vec<u64>,
    /// For each place, the number of its content among the distinct contents, counted from 0 in canonical order.
    pub(crate) groups: Vec<u32>,
}

impl Order {
    /// Sorts the rows of `points`. Time `O(n d + n log n)`.
    pub(crate) fn of(points: &Points) -> Self {
        let mut hashed: Vec<(u64, usize)> = (0..points.n())
            .into_par_iter()
            .map(|row| (content_hash(points.row(row)), row))
            .collect();
        hashed.par_sort_unstable_by(|a, b| {
            a.0.cmp(&b.0)
                .then_with(|| compare(points.row(a.1), points.row(b.1)))
                .then_with(|| a.1.cmp(&b.1))
        });
        let mut order = Self {
            rows: Vec::with_capacity(hashed.len()),
            keys: Vec::with_capacity(hashed.len()),
            groups: Vec::with_capacity(hashed.len()),
        };
        let mut group = 0;
        let mut occurrence = 0;
        for (place, &(hash, row)) in hashed.iter().enumerate() {
            if let Some(&(hash_before, row_before)) =
                place.checked_sub(1).and_then(|p| hashed.get(p))
            {
                if hash == hash_before && compare(points.row(row), points.row(row_before)).is_eq() {
                    occurrence += 1;
                } else {
                    group += 1;
                    occurrence = 0;
                }
            }
            order.rows.push(row);
            order.keys.push(fold(hash, occurrence));
            order.groups.push(group);
        }
        order
    }

    /// Number of rows that differ from each other.
    pub(crate) fn distinct(&self) -> usize {
        self.groups.last().map_or(0, |&last| last as usize + 1)
    }

    /// Values given per place, brought back to the caller's order of rows.
    pub(crate) fn restore<T: Copy + Default>(&self, by_place: &[T]) -> Vec<T> {
        let mut by_row = vec![T::default(); by_place.len()];
        for (&row, &value) in self.rows.iter().zip(by_place) {
            by_row[row] = value;
        }
        by_row
    }
}

fn compare(a: &[f64], b: &[f64]) -> Ordering {
    // Adding 0.0 makes both zeros the same number.
    let pairs = a
        .iter()
        .zip(b)
        .map(|(&x, &y)| (x + 0.0).total_cmp(&(y + 0.0)));
    pairs.fold(Ordering::Equal, Ordering::then)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_rows_share_a_group_and_differ_in_their_keys() {
        let data = [1.0, 2.0, 0.0, -0.0, 1.0, 2.0, -0.0, 0.0, 3.0, 3.0];
        let points = Points::new(&data, 5, 2).unwrap();
        let order = Order::of(&points);
        assert_eq!(order.distinct(), 3);
        let groups = order.restore(&order.groups);
        assert_eq!(groups[0], groups[2]);
        assert_eq!(groups[1], groups[3]);
        let mut keys = order.keys.clone();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), 5);
    }
}
