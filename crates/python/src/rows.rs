//! Rows of tables that lie column by column: numbers brought into the order that the engine reads, on all threads.

use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::RecordBatchStreamReader;
use arrow_array::types::{ArrowPrimitiveType, Float32Type, Float64Type};
use arrow_array::{Array, RecordBatch, RecordBatchReader};
use arrow_pyarrow::FromPyArrow;
use arrow_schema::{ArrowError, DataType};
use numpy::{Element, PyArray2, PyArrayMethods, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use rayon::prelude::*;

use crate::pool;

/// Values that one thread writes at a time.
const VALUES_AT_ONCE: usize = 1 << 13;

/// Columns read side by side.
const ABREAST: usize = 8;

/// Columns of one precision, each without gaps.
#[derive(FromPyObject)]
pub(crate) enum Columns<'py> {
    Double(Vec<PyReadonlyArray1<'py, f64>>),
    Single(Vec<PyReadonlyArray1<'py, f32>>),
}

/// A matrix of columns of equal length, C-contiguous.
#[pyfunction]
pub(crate) fn rows_of_columns<'py>(
    py: Python<'py>,
    columns: Columns<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    match columns {
        Columns::Double(columns) => rows_of_arrays(py, &columns),
        Columns::Single(columns) => rows_of_arrays(py, &columns),
    }
}

/// A matrix of an object that knows Arrow's stream protocol, C-contiguous; `None` unless all columns are of float64, or all
/// of float32, and none misses a value.
#[pyfunction]
pub(crate) fn rows_of_stream<'py>(
    py: Python<'py>,
    frame: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    // Types that Arrow in Rust does not know go the plain way.
    let Ok(stream) = RecordBatchStreamReader::from_pyarrow_bound(frame) else {
        return Ok(None);
    };
    let schema = stream.schema();
    let are_all = |kind: &DataType| {
        schema
            .fields()
            .iter()
            .all(|field| field.data_type() == kind)
    };
    let (is_double, is_single) = (are_all(&DataType::Float64), are_all(&DataType::Float32));
    if schema.fields().is_empty() || !(is_double || is_single) {
        return Ok(None);
    }
    let batches: Result<Vec<RecordBatch>, ArrowError> = stream.collect();
    let batches = batches.map_err(|error| PyValueError::new_err(error.to_string()))?;
    let mut columns = batches.iter().flat_map(RecordBatch::columns);
    if columns.any(|column| column.null_count() > 0) {
        return Ok(None);
    }
    Ok(Some(if is_double {
        rows_of_batches::<Float64Type>(py, &batches)?
    } else {
        rows_of_batches::<Float32Type>(py, &batches)?
    }))
}

/// Columns of some rows of a table.
struct Piece<'v, T> {
    rows: usize,
    columns: Vec<&'v [T]>,
}

fn rows_of_arrays<'py, T: Element + Copy + Send + Sync>(
    py: Python<'py>,
    columns: &[PyReadonlyArray1<'py, T>],
) -> PyResult<Bound<'py, PyAny>> {
    let slices: Result<Vec<&[T]>, _> = columns.iter().map(PyReadonlyArray1::as_slice).collect();
    let columns = slices?;
    let rows = columns.first().map_or(0, |column| column.len());
    if rows == 0 || columns.iter().any(|column| column.len() != rows) {
        return Err(PyValueError::new_err(
            "columns are empty or differ in length",
        ));
    }
    matrix(py, columns.len(), &[Piece { rows, columns }])
}

fn rows_of_batches<'py, A>(py: Python<'py>, batches: &[RecordBatch]) -> PyResult<Bound<'py, PyAny>>
where
    A: ArrowPrimitiveType,
    A::Native: Element + Copy + Send + Sync,
{
    let pieces: Vec<Piece<'_, A::Native>> = batches
        .iter()
        .map(|batch| Piece {
            rows: batch.num_rows(),
            columns: batch
                .columns()
                .iter()
                .map(|column| &column.as_primitive::<A>().values()[..])
                .collect(),
        })
        .collect();
    let d = batches.first().map_or(0, RecordBatch::num_columns);
    matrix(py, d, &pieces)
}

fn matrix<'py, T: Element + Copy + Send + Sync>(
    py: Python<'py>,
    d: usize,
    pieces: &[Piece<'_, T>],
) -> PyResult<Bound<'py, PyAny>> {
    let n: usize = pieces.iter().map(|piece| piece.rows).sum();
    // NumPy's own memory: it is asked for in large pages, and not written to before the rows are.
    let made = py
        .import("numpy")?
        .call_method1("empty", ((n, d), T::get_dtype(py)))?;
    let array = made.cast::<PyArray2<T>>()?;
    let mut array = array.readwrite();
    let mut values = array.as_slice_mut()?;
    py.detach(|| {
        pool::install(|| {
            for piece in pieces {
                let (rows, rest) = values.split_at_mut(piece.rows * d);
                fill(rows, &piece.columns);
                values = rest;
            }
        });
    });
    Ok(made)
}

/// Rows of the columns' values, in parallel.
fn fill<T: Copy + Send + Sync>(rows: &mut [T], columns: &[&[T]]) {
    let d = columns.len();
    let at_once = (VALUES_AT_ONCE / d).max(ABREAST);
    let blocks = rows.par_chunks_mut(at_once * d).enumerate();
    blocks.for_each(|(block, rows)| {
        let first = block * at_once;
        let here = first..first + rows.len() / d;
        let (groups, rest) = columns.as_chunks::<ABREAST>();
        for (group, columns) in groups.iter().enumerate() {
            let columns = columns.map(|column| &column[here.clone()]);
            fill_abreast(rows, d, group * ABREAST, columns);
        }
        for (at, column) in (groups.len() * ABREAST..).zip(rest) {
            for (row, value) in rows.chunks_exact_mut(d).zip(&column[here.clone()]) {
                row[at] = *value;
            }
        }
    });
}

/// Neighboring columns, the first of them `at`: each line of memory is written once.
fn fill_abreast<T: Copy>(rows: &mut [T], d: usize, at: usize, columns: [&[T]; ABREAST]) {
    for (place, row) in rows.chunks_exact_mut(d).enumerate() {
        for (value, column) in row[at..at + ABREAST].iter_mut().zip(columns) {
            *value = column[place];
        }
    }
}
