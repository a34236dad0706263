//! Tables across the border: Arrow streams in, Arrow streams out, and plain columns where Arrow is not at hand.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::{Date32Type, Float64Type, Int32Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, LargeStringArray,
    RecordBatch, RecordBatchIterator, RecordBatchOptions,
};
use arrow_pyarrow::{FromPyArrow, Table as Streamed};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use numpy::{IntoPyArray, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyList};

/// A table in memory that any library reads that knows Arrow's stream protocol.
#[pyclass(module = "tribus._tribus", frozen)]
pub(crate) struct Frame {
    pub(crate) schema: SchemaRef,
    pub(crate) batches: Vec<RecordBatch>,
}

/// A plain column on its way in: its name, and values of one of five kinds.
type PlainColumn<'py> = (String, PlainValues<'py>);

#[derive(FromPyObject)]
pub(crate) enum PlainValues<'py> {
    Numbers(PyReadonlyArray1<'py, f64>),
    Whole(PyReadonlyArray1<'py, i64>),
    /// Days since 1970-01-01.
    Days(PyReadonlyArray1<'py, i32>),
    Flags(PyReadonlyArray1<'py, bool>),
    Texts(Vec<Option<String>>),
}

#[pymethods]
impl Frame {
    /// Of plain columns: arrays of float64, int64, bool or int32 (days since 1970-01-01; the smallest is missing), or texts.
    #[staticmethod]
    fn from_columns(columns: Vec<PlainColumn<'_>>) -> PyResult<Self> {
        let mut fields = Vec::with_capacity(columns.len());
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(columns.len());
        for (name, values) in columns {
            let array = values.into_array()?;
            fields.push(Field::new(name, array.data_type().clone(), true));
            arrays.push(array);
        }
        let rows = arrays.first().map_or(0, Array::len);
        let schema = Arc::new(Schema::new(fields));
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(schema.clone(), arrays, &options)
            .map_err(|error| pyo3::exceptions::PyValueError::new_err(error.to_string()))?;
        Ok(Self {
            schema,
            batches: vec![batch],
        })
    }

    #[getter]
    fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    #[getter]
    fn names(&self) -> Vec<&str> {
        let fields = self.schema.fields().iter();
        fields.map(|field| field.name().as_str()).collect()
    }

    /// Arrow's stream protocol.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A producer may ignore what the consumer would like.
        drop(requested_schema);
        let batches = self.batches.clone().into_iter().map(Ok);
        let reader = RecordBatchIterator::new(batches, self.schema.clone());
        let stream = FFI_ArrowArrayStream::new(Box::new(reader));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }

    /// The columns as (name, type, values): values are an array where nothing is missing, else a list with None.
    fn columns<'py>(&self, py: Python<'py>) -> PyResult<Vec<(&str, &str, Bound<'py, PyAny>)>> {
        let fields = self.schema.fields().iter().enumerate();
        fields
            .map(|(at, field)| {
                let parts: Vec<&ArrayRef> =
                    self.batches.iter().map(|batch| batch.column(at)).collect();
                let (kind, values) = plain(py, field.data_type(), &parts)?;
                Ok((field.name().as_str(), kind, values))
            })
            .collect()
    }
}

impl Frame {
    /// Takes in any object that knows Arrow's stream protocol.
    pub(crate) fn of(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let (batches, schema) = Streamed::from_pyarrow_bound(object)?.into_inner();
        Ok(Self { schema, batches })
    }
}

impl PlainValues<'_> {
    fn into_array(self) -> PyResult<ArrayRef> {
        Ok(match self {
            // NaN is how plain numbers say that one is missing.
            Self::Numbers(values) => {
                let values = values.as_slice()?.iter();
                let known = values.map(|value| Some(*value).filter(|value| !value.is_nan()));
                Arc::new(known.collect::<Float64Array>())
            }
            Self::Whole(values) => Arc::new(Int64Array::from(values.as_slice()?.to_vec())),
            Self::Days(values) => {
                let days = values.as_slice()?.iter();
                let known = days.map(|day| Some(*day).filter(|day| *day != i32::MIN));
                Arc::new(known.collect::<Date32Array>())
            }
            Self::Flags(values) => Arc::new(BooleanArray::from(values.as_slice()?.to_vec())),
            Self::Texts(texts) => Arc::new(LargeStringArray::from(texts)),
        })
    }
}

fn plain<'py>(
    py: Python<'py>,
    data_type: &DataType,
    parts: &[&ArrayRef],
) -> PyResult<(&'static str, Bound<'py, PyAny>)> {
    let whole = parts.iter().all(|part| part.null_count() == 0);
    Ok(match data_type {
        DataType::Float64 => {
            let values = parts.iter().flat_map(|part| {
                let values = part.as_primitive::<Float64Type>().iter();
                values.map(|value| value.unwrap_or(f64::NAN))
            });
            let values: Vec<f64> = values.collect();
            ("number", values.into_pyarray(py).into_any())
        }
        DataType::Int64 if whole => {
            let values = parts.iter().flat_map(|part| {
                let values = part.as_primitive::<Int64Type>();
                values.values().iter().copied()
            });
            let values: Vec<i64> = values.collect();
            ("whole", values.into_pyarray(py).into_any())
        }
        DataType::Int32 if whole => {
            let values = parts.iter().flat_map(|part| {
                let values = part.as_primitive::<Int32Type>();
                values.values().iter().copied()
            });
            let values: Vec<i32> = values.collect();
            ("whole", values.into_pyarray(py).into_any())
        }
        DataType::Int64 => list(py, "whole", parts, |part| {
            part.as_primitive::<Int64Type>().iter()
        })?,
        DataType::Int32 => list(py, "whole", parts, |part| {
            part.as_primitive::<Int32Type>().iter()
        })?,
        DataType::Date32 => list(py, "date", parts, |part| {
            part.as_primitive::<Date32Type>().iter()
        })?,
        DataType::Boolean => list(py, "flag", parts, |part| {
            let values: &BooleanArray = part.as_boolean();
            values.iter()
        })?,
        _ => list(py, "text", parts, |part| part.as_string::<i64>().iter())?,
    })
}

fn list<'py, 'a, T, I>(
    py: Python<'py>,
    kind: &'static str,
    parts: &[&'a ArrayRef],
    values: impl Fn(&'a ArrayRef) -> I,
) -> PyResult<(&'static str, Bound<'py, PyAny>)>
where
    I: Iterator<Item = Option<T>>,
    T: IntoPyObject<'py>,
{
    let list = PyList::empty(py);
    for part in parts {
        for value in values(part) {
            list.append(value)?;
        }
    }
    Ok((kind, list.into_any()))
}
