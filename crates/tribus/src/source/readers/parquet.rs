//! Parquet files.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};

use super::columnar::{Refusal, gather, guarded, readable};
use super::content::Content;
use super::pages::{check_nesting, check_pages};
use crate::source::budget::Budget;
use crate::source::raw::RawFile;
use crate::source::{ReadError, ReadOptions};
use crate::table::Reading;

/// Reads a Parquet file.
pub(crate) fn read(content: Content, options: &ReadOptions) -> Result<RawFile, ReadError> {
    let reading = Reading {
        file: content.file,
        format: "Parquet",
        ..Reading::default()
    };
    let bytes = Bytes::from(content.bytes);
    let mut budget = Budget::of(bytes.len());
    let footer = footer(&bytes, &reading.file)?;
    let (schema, batches) = guarded(&reading.file, "Parquet", || {
        check_nesting(footer)?;
        decode(&bytes, &budget)
    })?;
    gather(&schema, &batches, options, reading, &mut budget)
}

/// A whole file ends with its footer, the length of it and the magic bytes.
fn footer<'a>(bytes: &'a [u8], file: &str) -> Result<&'a [u8], ReadError> {
    let detail = match bytes.split_last_chunk::<8>() {
        Some((_, [.., b'P', b'A', b'R', b'E'])) => {
            return Err(ReadError::EncryptedParquet {
                file: file.to_owned(),
            });
        }
        Some((before, [a, b, c, d, b'P', b'A', b'R', b'1'])) => {
            let length = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
            if let Some(start) = before.len().checked_sub(length).filter(|&start| start >= 4) {
                return Ok(&before[start..]);
            }
            "its footer is longer than the file"
        }
        _ => "its footer is missing",
    };
    Err(ReadError::Corrupt {
        file: file.to_owned(),
        format: "Parquet",
        detail: detail.into(),
    })
}

/// The schema of a file, and the columns that can be read.
fn decode(bytes: &Bytes, budget: &Budget) -> Result<(SchemaRef, Vec<RecordBatch>), Refusal> {
    let found = ArrowReaderMetadata::load(bytes, ArrowReaderOptions::new())?;
    let metadata = found.metadata().clone();
    let rows = check_pages(&metadata, bytes, budget)?;
    // Texts are views of the page or dictionary they stand in: one that every row repeats is there once.
    let schema = with_views(found.schema());
    let options = ArrowReaderOptions::new().with_schema(Arc::clone(&schema));
    let views = ArrowReaderMetadata::try_new(metadata, options)?;
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(bytes.clone(), views);
    let mask = ProjectionMask::roots(builder.parquet_schema(), readable(&schema));
    let reader = builder.with_projection(mask).build()?;
    let batches = reader.collect::<Result<Vec<_>, _>>()?;
    let read: usize = batches.iter().map(RecordBatch::num_rows).sum();
    if read as u64 != rows {
        return Err(Refusal::Corrupt(format!(
            "its footer claims {rows} rows, but {read} are there"
        )));
    }
    Ok((schema, batches))
}

fn with_views(schema: &Schema) -> SchemaRef {
    let view = |field: &Arc<Field>| {
        let is_text = match field.data_type() {
            DataType::Dictionary(_, values) => is_text(values),
            data_type => is_text(data_type),
        };
        if is_text {
            Arc::new(Field::clone(field).with_data_type(DataType::Utf8View))
        } else {
            Arc::clone(field)
        }
    };
    let fields: Vec<_> = schema.fields().iter().map(view).collect();
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

fn is_text(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8 | DataType::LargeUtf8)
}
