//! Columns on their way through the pipeline: named Arrow arrays of equal length, with the row of the table each came from.

use std::collections::BTreeMap;

use arrow_array::{Array, ArrayRef, BooleanArray, Float64Array, LargeStringArray, RecordBatch};
use indexmap::IndexMap;

use crate::expr::Expr;
use crate::table::{Table, batch_of};

/// The working columns and rows.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    columns: IndexMap<String, ArrayRef>,
    /// Row of the table behind each row here.
    pub(super) rows: Vec<usize>,
    /// Cells repaired in each row.
    pub(super) repaired: Vec<u32>,
    /// Rows whose cell of a column was missing and is filled, or is derived from one that is; of columns that have such.
    pub(super) filled: BTreeMap<String, Vec<bool>>,
}

impl Frame {
    pub(super) fn new(table: &Table) -> Self {
        let names = table.names().map(ToOwned::to_owned);
        Self {
            columns: names.zip(table.batch().columns().iter().cloned()).collect(),
            rows: (0..table.rows()).collect(),
            repaired: vec![0; table.rows()],
            filled: BTreeMap::new(),
        }
    }

    pub(super) fn column(&self, name: &str) -> Option<&ArrayRef> {
        self.columns.get(name)
    }

    pub(super) fn numbers(&self, name: &str) -> Option<&Float64Array> {
        self.column(name)?.as_any().downcast_ref()
    }

    pub(super) fn text(&self, name: &str) -> Option<&LargeStringArray> {
        self.column(name)?.as_any().downcast_ref()
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.keys().map(String::as_str)
    }

    /// Replaces a column, or adds it behind the others.
    pub(super) fn set(&mut self, name: &str, array: ArrayRef) {
        match self.columns.get_mut(name) {
            Some(column) => *column = array,
            None => {
                self.columns.insert(name.to_owned(), array);
            }
        }
    }

    /// Keeps the rows marked true.
    pub(super) fn keep(&mut self, keep: &[bool]) {
        let mask = BooleanArray::from(keep.to_vec());
        for column in self.columns.values_mut() {
            *column = arrow_select::filter::filter(column, &mask)
                .expect("the mask is as long as the column");
        }
        retain(&mut self.rows, keep);
        retain(&mut self.repaired, keep);
        for filled in self.filled.values_mut() {
            retain(filled, keep);
        }
    }

    /// Notes which cells of a column hold what filled a gap.
    pub(super) fn mark_filled(&mut self, column: &str, rows: &[usize]) {
        let all = self.rows.len();
        let filled = self.filled.entry(column.to_owned());
        let filled = filled.or_insert_with(|| vec![false; all]);
        for row in rows {
            filled[*row] = true;
        }
    }

    /// Notes that a derived column is as good as what it reads.
    pub(super) fn mark_derived(&mut self, name: &str, expression: &Expr) {
        let read = expression.columns().into_iter();
        let filled: Vec<usize> = read
            .filter_map(|column| self.filled.get(column))
            .flat_map(|filled| filled.iter().enumerate())
            .filter_map(|(row, filled)| filled.then_some(row))
            .collect();
        if !filled.is_empty() {
            self.mark_filled(name, &filled);
        }
    }

    pub(super) fn batch(&self) -> RecordBatch {
        let columns = self.columns.iter();
        let named = columns.map(|(name, column)| (name.as_str(), column.clone()));
        batch_of(named, self.rows.len())
    }

    /// The columns that an expression reads; all columns where one of those is not there, so that an error can name the nearest.
    pub(super) fn read_by(&self, expression: &Expr) -> RecordBatch {
        let read = expression.columns().into_iter();
        let read: Option<Vec<_>> = read.map(|name| self.columns.get_key_value(name)).collect();
        let Some(read) = read else {
            return self.batch();
        };
        let named = read
            .into_iter()
            .map(|(name, column)| (name.as_str(), column.clone()));
        batch_of(named, self.rows.len())
    }
}

/// Keeps the elements marked true.
pub(super) fn retain<T>(elements: &mut Vec<T>, keep: &[bool]) {
    let mut flags = keep.iter();
    elements.retain(|_| *flags.next().expect("one flag per element"));
}

/// The numbers that are not missing.
pub(super) fn present(numbers: &Float64Array) -> Vec<f64> {
    numbers.iter().flatten().collect()
}

/// Rows without a value.
pub(super) fn missing_rows(column: &ArrayRef) -> Vec<usize> {
    if column.null_count() == 0 {
        return Vec::new();
    }
    (0..column.len())
        .filter(|row| column.is_null(*row))
        .collect()
}
