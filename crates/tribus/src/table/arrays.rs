//! Arrow arrays and batches as the house makes them.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BooleanArray, Float64Array, RecordBatch, RecordBatchOptions};
use arrow_schema::{DataType, Field, Schema};

use super::Kind;

/// Named columns of equal length as one record batch.
pub(crate) fn batch_of<'n>(
    columns: impl Iterator<Item = (&'n str, ArrayRef)>,
    rows: usize,
) -> RecordBatch {
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns
        .map(|(name, column)| (Field::new(name, column.data_type().clone(), true), column))
        .unzip();
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)
        .expect("columns of a frame have equal lengths")
}

/// The schema of columns of these names and kinds.
pub(crate) fn kinds_of<'n>(columns: impl IntoIterator<Item = (&'n str, Kind)>) -> Schema {
    let fields = columns.into_iter().map(|(name, kind)| {
        let data_type = match kind {
            Kind::Number => DataType::Float64,
            Kind::Text => DataType::LargeUtf8,
            Kind::Date => DataType::Date32,
        };
        Field::new(name, data_type, true)
    });
    Schema::new(fields.collect::<Vec<Field>>())
}

/// A derived condition becomes 0 and 1.
pub(crate) fn flags_as_numbers(array: ArrayRef) -> ArrayRef {
    match array.as_any().downcast_ref::<BooleanArray>() {
        None => array,
        Some(flags) => {
            let numbers: Float64Array = flags.iter().map(|flag| flag.map(f64::from)).collect();
            Arc::new(numbers)
        }
    }
}
