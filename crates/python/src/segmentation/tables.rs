//! Tables of a segmentation.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, LargeStringArray, RecordBatch};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use tribus::export::{Keep, customer_batches, segments_csv};
use tribus::segmentation::{Customers, Segmentation};
use tribus::table::Table;

use crate::error::told;
use crate::frame::Frame;

/// The customers as `customers.parquet` would hold them.
pub(super) fn customers(
    py: Python<'_>,
    segmentation: &Segmentation,
    table: &Table,
    customers: &Customers,
    keep: &Keep,
) -> PyResult<Frame> {
    let (schema, batches) = py
        .detach(|| customer_batches(segmentation, table, customers, keep))
        .map_err(told(py))?;
    Ok(Frame { schema, batches })
}

/// The segments as `segments.csv` holds them, text exact: its numbers read back equal.
pub(super) fn segments(segmentation: &Segmentation) -> PyResult<Frame> {
    let (text, _) = segments_csv(segmentation, true);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let odd = |error: csv::Error| PyValueError::new_err(error.to_string());
    let names: Vec<String> = reader
        .headers()
        .map_err(odd)?
        .iter()
        .map(str::to_owned)
        .collect();
    let rows = reader
        .records()
        .collect::<Result<Vec<_>, _>>()
        .map_err(odd)?;
    let columns = names.iter().enumerate().map(|(at, name)| {
        let cells: Vec<&str> = rows.iter().map(|row| &row[at]).collect();
        (name, typed(name, &cells), true)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(columns)
        .map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok(Frame {
        schema: batch.schema(),
        batches: vec![batch],
    })
}

/// Whole numbers, numbers, or text.
fn typed(name: &str, cells: &[&str]) -> ArrayRef {
    let is_count = matches!(name, "segment" | "size");
    let whole = || -> Option<Vec<i64>> { cells.iter().map(|cell| cell.parse().ok()).collect() };
    let numbers = || -> Option<Vec<Option<f64>>> {
        let number = |cell: &&str| match *cell {
            "" => Some(None),
            cell => cell.parse().ok().map(Some),
        };
        cells.iter().map(number).collect()
    };
    if let Some(values) = is_count.then(whole).flatten() {
        return Arc::new(Int64Array::from(values));
    }
    match (name != "segment_name").then(numbers).flatten() {
        Some(values) => Arc::new(Float64Array::from(values)),
        None => Arc::new(LargeStringArray::from_iter_values(cells)),
    }
}
