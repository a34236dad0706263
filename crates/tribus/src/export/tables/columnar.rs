//! Rows as Parquet.

use std::io::{self, Write};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::rows::{Rows, chunks};
use crate::export::ExportError;

/// Writes all rows.
pub(in crate::export) fn write_parquet(
    out: impl Write + Send,
    rows: &dyn Rows,
) -> Result<(), ExportError> {
    let batches = chunks(rows.count()).map(|range| Ok(rows.batch(range)));
    write_batches(out, rows.schema(), batches)
}

/// Writes batches of one schema.
pub(in crate::export) fn write_batches(
    out: impl Write + Send,
    schema: SchemaRef,
    batches: impl Iterator<Item = Result<RecordBatch, ExportError>>,
) -> Result<(), ExportError> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .build();
    let mut writer = ArrowWriter::try_new(out, schema, Some(properties)).map_err(failed)?;
    for batch in batches {
        writer.write(&batch?).map_err(failed)?;
    }
    writer.close().map_err(failed)?;
    Ok(())
}

fn failed(error: ParquetError) -> ExportError {
    let source = match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(source) => *source,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    };
    ExportError::Write { source }
}
