//! Columns on their way through the pipeline: named Arrow arrays of equal length, with the row of the table each came from.

use arrow_array::{Array, ArrayRef, BooleanArray, Float64Array, LargeStringArray, RecordBatch};

use crate::table::{Table, batch_of};

/// The working columns and rows.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    names: Vec<String>,
    columns: Vec<ArrayRef>,
    /// Row of the table behind each row here.
    pub(super) rows: Vec<usize>,
    /// Cells repaired in each row.
    pub(super) repaired: Vec<u32>,
}

impl Frame {
    pub(super) fn new(table: &Table) -> Self {
        Self {
            names: table.names().map(ToOwned::to_owned).collect(),
            columns: table.batch().columns().to_vec(),
            rows: (0..table.rows()).collect(),
            repaired: vec![0; table.rows()],
        }
    }

    pub(super) fn column(&self, name: &str) -> Option<&ArrayRef> {
        self.names
            .iter()
            .position(|other| other == name)
            .map(|at| &self.columns[at])
    }

    pub(super) fn numbers(&self, name: &str) -> Option<&Float64Array> {
        self.column(name)?.as_any().downcast_ref()
    }

    pub(super) fn text(&self, name: &str) -> Option<&LargeStringArray> {
        self.column(name)?.as_any().downcast_ref()
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Replaces a column, or adds it behind the others.
    pub(super) fn set(&mut self, name: &str, array: ArrayRef) {
        match self.names.iter().position(|other| other == name) {
            Some(at) => self.columns[at] = array,
            None => {
                self.names.push(name.to_owned());
                self.columns.push(array);
            }
        }
    }

    /// Keeps the rows marked true.
    pub(super) fn keep(&mut self, keep: &[bool]) {
        let mask = BooleanArray::from(keep.to_vec());
        for column in &mut self.columns {
            *column = arrow_select::filter::filter(column, &mask)
                .expect("the mask is as long as the column");
        }
        retain(&mut self.rows, keep);
        retain(&mut self.repaired, keep);
    }

    pub(super) fn batch(&self) -> RecordBatch {
        batch_of(
            self.names().zip(self.columns.iter().cloned()),
            self.rows.len(),
        )
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
