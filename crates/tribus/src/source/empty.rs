//! Inputs without rows, where they are allowed: an export of a quiet night.

use std::sync::Arc;

use arrow_array::{ArrayRef, new_empty_array};
use arrow_schema::DataType;

use super::{ReadError, ReadOptions};
use crate::table::{ColumnFacts, Kind, Origins, Reading, Table};

/// Names of the columns of an input without rows; none for any other error.
pub(super) fn columns_of(error: &ReadError) -> Option<(&str, &[String])> {
    match error {
        ReadError::Empty { file } => Some((file, &[])),
        ReadError::NoRows { file, columns } => Some((file, columns)),
        _ => None,
    }
}

/// What is said of an input without rows.
pub(super) fn warning(file: &str) -> String {
    format!("{file}: no rows")
}

/// The table without rows of inputs that have none. Columns are what the options need them to be.
pub(super) fn table(file: &str, columns: &[String], options: &ReadOptions) -> Table {
    let is = |names: &[String], name: &String| names.contains(name);
    let kinds = columns.iter().map(|name| {
        let kind = if is(&options.number_columns, name) {
            Kind::Number
        } else if is(&options.date_columns, name) {
            Kind::Date
        } else {
            Kind::Text
        };
        (name.clone(), kind)
    });
    without_rows(file, kinds)
}

/// A table of these columns without rows.
pub(crate) fn without_rows(file: &str, columns: impl Iterator<Item = (String, Kind)>) -> Table {
    let columns = columns.map(|(name, kind)| {
        let data_type = match kind {
            Kind::Number => DataType::Float64,
            Kind::Text => DataType::LargeUtf8,
            Kind::Date => DataType::Date32,
        };
        let array: ArrayRef = Arc::new(new_empty_array(&data_type));
        (name, array, ColumnFacts::default())
    });
    let reading = Reading {
        file: file.to_owned(),
        warnings: vec![warning(file)],
        ..Reading::default()
    };
    Table::new(columns.collect(), Origins::default(), vec![reading])
}
