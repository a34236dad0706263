//! What becomes of a cluster that lost all its rows.
//!
//! Each empty cluster is given the row farthest from its own centroid (as scikit-learn does), taken from a cluster that
//! keeps at least one row. Rows of equal content are taken once. Of equally far rows the one whose content comes first
//! in a fixed order is taken, so the order of rows does not matter.

use std::cmp::Ordering;

use crate::definition::distance_sq;
use crate::order::{compare, content_hash};
use crate::real::Real;
use crate::sums::Sums;
use crate::table::Table;

/// A row counted in another cluster than its label says.
pub(super) struct Taken {
    row: usize,
    from: usize,
    to: usize,
}

/// Moves a row into each empty cluster's sums; labels stay as they are.
pub(super) fn refill<T: Real>(
    table: &Table<T>,
    labels: &[u32],
    centroids: &[f64],
    sums: &mut Sums,
) -> Vec<Taken> {
    let k = centroids.len() / table.d();
    let empty: Vec<usize> = (0..k)
        .filter(|&c| sums.weight(&table.grid, c) <= 0.0)
        .collect();
    if empty.is_empty() {
        return Vec::new();
    }
    let mut rows_left = vec![0_usize; k];
    for (row, &label) in labels.iter().enumerate() {
        rows_left[label as usize] += usize::from(table.weight(row) > 0.0);
    }
    let mut candidates = farthest_first(table, labels, centroids).into_iter();
    let mut taken: Vec<Taken> = Vec::new();
    for to in empty {
        let is_free = |&row: &usize| {
            let is_new = |other: &Taken| compare(table.row(row), table.row(other.row)).is_ne();
            let is_left = table.weight(row) > 1.0 || rows_left[labels[row] as usize] > 1;
            is_left && taken.iter().all(is_new)
        };
        let Some(row) = candidates.find(is_free) else {
            break;
        };
        let from = labels[row] as usize;
        rows_left[from] -= usize::from(table.weight(row) <= 1.0);
        taken.push(Taken { row, from, to });
    }
    for Taken { row, from, to } in &taken {
        shift(table, sums, *row, *from, *to);
    }
    taken
}

/// Brings the sums back to what labels say.
pub(super) fn undo<T: Real>(table: &Table<T>, sums: &mut Sums, taken: &[Taken]) {
    for Taken { row, from, to } in taken {
        shift(table, sums, *row, *to, *from);
    }
}

fn shift<T: Real>(table: &Table<T>, sums: &mut Sums, row: usize, from: usize, to: usize) {
    // Of a row that counts several times one copy moves.
    let weight = table.weight(row).min(1.0);
    sums.add(&table.grid, from, table.row(row), weight, -1.0);
    sums.add(&table.grid, to, table.row(row), weight, 1.0);
    sums.carry(&table.grid);
}

fn farthest_first<T: Real>(table: &Table<T>, labels: &[u32], centroids: &[f64]) -> Vec<usize> {
    let d = table.d();
    let weighty = (0..table.n()).filter(|&row| table.weight(row) > 0.0);
    let mut rows: Vec<(f64, u64, usize)> = weighty
        .map(|row| {
            let centroid = &centroids[labels[row] as usize * d..][..d];
            let values = table.row(row);
            (distance_sq(values, centroid), content_hash(values), row)
        })
        .collect();
    rows.sort_unstable_by(|a, b| {
        let by_content = || compare(table.row(a.2), table.row(b.2));
        let order = b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        if order == Ordering::Equal {
            by_content()
        } else {
            order
        }
    });
    rows.into_iter().map(|(_, _, row)| row).collect()
}
