//! The customers of a folder, read back as the typed rows they were written from.

use std::fs::File;
use std::path::Path;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::ExportError;
use crate::export::tables::rows::{Batches, CHUNK};

/// The rows of a Parquet file.
pub(super) fn open_parquet(path: &Path) -> Result<(SchemaRef, Batches<'_>), ExportError> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file)
        .map_err(|error| unreadable(path, &error))?
        .with_batch_size(CHUNK);
    let schema = builder.schema().clone();
    let reader = builder.build().map_err(|error| unreadable(path, &error))?;
    let batches = reader.map(|batch| batch.map_err(|error| unreadable(path, &error)));
    Ok((schema, Box::new(batches)))
}

mod csv_rows {
    use std::sync::Arc;

    use arrow_array::{
        ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, LargeStringArray,
    };
    use arrow_schema::{DataType, Field, Schema};

    use super::{Batches, CHUNK, ExportError, Path, RecordBatch, SchemaRef, unreadable};
    use crate::date::Date;

    /// The rows of a CSV file of ours, whose columns have these types. Text stays as it is written, guarded or not.
    pub(in crate::export::folder) fn open_csv<'a>(
        path: &'a Path,
        kinds: &[DataType],
    ) -> Result<(SchemaRef, Batches<'a>), ExportError> {
        let mut reader = csv::Reader::from_path(path).map_err(|error| unreadable(path, &error))?;
        let header = reader.headers().map_err(|error| unreadable(path, &error))?;
        if header.len() != kinds.len() {
            let problem = "its columns are not those tribus wrote";
            return Err(unreadable(path, &problem));
        }
        let fields = header.iter().zip(kinds);
        let fields: Vec<Field> = fields
            .map(|(name, kind)| Field::new(name, kind.clone(), true))
            .collect();
        let schema: SchemaRef = Arc::new(Schema::new(fields));
        let of_batches = schema.clone();
        let mut records = reader.into_records();
        let batches = std::iter::from_fn(move || {
            let chunk: Result<Vec<_>, _> = records.by_ref().take(CHUNK).collect();
            match chunk {
                Err(error) => Some(Err(unreadable(path, &error))),
                Ok(chunk) if chunk.is_empty() => None,
                Ok(chunk) => Some(batch(&of_batches, &chunk, path)),
            }
        });
        Ok((schema, Box::new(batches)))
    }

    fn batch(
        schema: &SchemaRef,
        records: &[csv::StringRecord],
        path: &Path,
    ) -> Result<RecordBatch, ExportError> {
        let columns = schema.fields().iter().enumerate();
        let columns = columns.map(|(at, field)| {
            let cells = records.iter().map(|record| {
                let text = record.get(at).unwrap_or_default();
                (!text.is_empty()).then_some(text)
            });
            column(field.data_type(), cells)
        });
        RecordBatch::try_new(schema.clone(), columns.collect())
            .map_err(|error| unreadable(path, &error))
    }

    fn column<'t>(kind: &DataType, cells: impl Iterator<Item = Option<&'t str>>) -> ArrayRef {
        match kind {
            DataType::Int64 => {
                Arc::new(cells.map(|cell| cell?.parse().ok()).collect::<Int64Array>())
            }
            DataType::Float64 => Arc::new(
                cells
                    .map(|cell| cell?.parse().ok())
                    .collect::<Float64Array>(),
            ),
            DataType::Boolean => Arc::new(
                cells
                    .map(|cell| cell?.parse().ok())
                    .collect::<BooleanArray>(),
            ),
            DataType::Date32 => {
                let days = cells.map(|cell| Some(Date::parse(cell?)?.days()));
                Arc::new(days.collect::<Date32Array>())
            }
            _ => Arc::new(cells.collect::<LargeStringArray>()),
        }
    }
}

pub(super) use csv_rows::open_csv;

/// A file that is not what it was.
pub(super) fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> ExportError {
    ExportError::Unreadable {
        path: path.to_path_buf(),
        problem: error.to_string(),
    }
}
