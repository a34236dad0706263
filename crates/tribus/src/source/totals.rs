//! A row that is the sum of the others: a line of totals below (or above) a table, which is no customer.

use arrow_array::{Array, Float64Array};
use rayon::prelude::*;

use super::Totals;
use super::typing::Typed;

/// The first or last row, if it is the sum of all others in at least two columns of numbers (in one, where the row has no more
/// numbers), and in at least half of its numbers: means and shares are no sums.
pub(super) fn find(
    columns: &[(String, Typed)],
    rows: usize,
    asked: Option<Totals>,
) -> Option<usize> {
    /// In a smaller table chance makes such a row, unless somebody says that there is one.
    const FEW: usize = 10;
    let least = match asked {
        Some(Totals::Keep) => return None,
        Some(Totals::Drop) => 3,
        None => FEW,
    };
    if rows < least {
        return None;
    }
    let numbers: Vec<&Float64Array> = (columns.iter())
        .filter_map(|(_, typed)| typed.array.as_any().downcast_ref())
        .collect();
    let sums: Vec<f64> = numbers
        .par_iter()
        .map(|column| column.iter().flatten().sum())
        .collect();
    [rows - 1, 0].into_iter().find(|&row| {
        let (mut present, mut fits) = (0, 0);
        let mut filled = 0;
        for (column, sum) in numbers.iter().zip(&sums) {
            if column.is_valid(row) && column.value(row) != 0.0 {
                filled += 1;
                let is_dense = !is_sparse(column);
                present += usize::from(is_dense);
                fits += usize::from(is_dense && is_sum(column, row, *sum));
            }
        }
        let alone = fits == 1 && filled == 1 && columns.len() > 2 * filled;
        (fits >= 2 || alone) && fits * 2 >= present
    })
}

/// Whether the cell is the sum of the rest of the column, but for rounding, and beyond each of them.
fn is_sum(column: &Float64Array, row: usize, sum: f64) -> bool {
    /// Totals are made of cells before they were rounded.
    const ROUNDED: f64 = 1e-6;
    let cell = column.value(row);
    let rest = sum - cell;
    let is_close = (cell - rest).abs() <= ROUNDED * cell.abs().max(rest.abs());
    let mut others = (column.iter().enumerate()).filter(|(at, _)| *at != row);
    is_close && others.all(|(_, value)| value.is_none_or(|value| value.abs() < cell.abs()))
}

/// Less than half of the cells are more than nothing: the sum of few proves little.
fn is_sparse(column: &Float64Array) -> bool {
    let filled = column.iter().flatten().filter(|value| *value != 0.0);
    filled.count() * 2 < column.len()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::source::{Input, ReadOptions, read};

    fn rows(last: &str, totals: Option<Totals>) -> usize {
        let mut text = String::from("id,spent,orders,mean\n");
        for at in 1..=20 {
            let (spent, orders) = (at * 3, at % 5 + 1);
            let _ = writeln!(text, "c{at},{spent}.25,{orders},{spent}");
        }
        text += last;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("customers.csv");
        std::fs::write(&path, text).unwrap();
        let options = ReadOptions {
            totals,
            ..ReadOptions::default()
        };
        read(&[Input::Path(path)], &options).unwrap().rows()
    }

    #[test]
    fn the_sum_of_the_others_is_no_customer() {
        assert_eq!(rows("Total,635.00,60,31.5\n", None), 20);
        assert_eq!(rows(",635,60,\n", None), 20);
        assert_eq!(rows("Total,635.00,60,31.5\n", Some(Totals::Keep)), 21);
    }

    #[test]
    fn a_good_customer_stays() {
        assert_eq!(rows("c21,635.00,9,70.5\n", None), 21);
        assert_eq!(rows("c21,634.00,60,635\n", None), 21);
    }
}
