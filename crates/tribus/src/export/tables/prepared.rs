//! The cleaned table: each row kept, its id, and its columns after cleaning, deriving and encoding.

use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, RecordBatch, UInt64Array};
use arrow_schema::{Field, Schema, SchemaRef};

use super::customers::{Ids, beside, write_rows};
use super::rows::Rows;
use crate::export::{ExportError, Guarded, TableFormat};
use crate::pipeline::Prepared;
use crate::table::{Table, batch_of};

/// Writes the rows kept as they are after cleaning: `id` (column `id` of `table`, or the row number), then every other
/// cleaned, derived and encoded column in raw units.
///
/// # Errors
/// [`ExportError::Write`].
pub fn write_prepared(
    out: impl Write + Send,
    format: TableFormat,
    prepared: &Prepared,
    table: &Table,
    id: Option<&str>,
    raw: bool,
) -> Result<Guarded, ExportError> {
    write_rows(out, &PreparedRows::new(prepared, table, id), format, raw)
}

/// Writes a table as it is.
///
/// # Errors
/// [`ExportError::Write`].
pub fn write_table(
    out: impl Write + Send,
    format: TableFormat,
    table: &Table,
    raw: bool,
) -> Result<Guarded, ExportError> {
    write_batch(out, format, table.batch(), raw)
}

/// Writes a batch as it is. Its columns are of the types `Int64`, `Int32`, `Float64`, `Boolean`, `LargeUtf8` and `Date32`.
///
/// # Errors
/// [`ExportError::Write`].
pub fn write_batch(
    out: impl Write + Send,
    format: TableFormat,
    batch: &RecordBatch,
    raw: bool,
) -> Result<Guarded, ExportError> {
    write_rows(out, &BatchRows(batch), format, raw)
}

struct BatchRows<'a>(&'a RecordBatch);

impl Rows for BatchRows<'_> {
    fn schema(&self) -> SchemaRef {
        self.0.schema()
    }

    fn count(&self) -> usize {
        self.0.num_rows()
    }

    fn batch(&self, rows: Range<usize>) -> RecordBatch {
        self.0.slice(rows.start, rows.len())
    }
}

struct PreparedRows<'a> {
    prepared: &'a Prepared,
    ids: ArrayRef,
    columns: Vec<usize>,
    schema: SchemaRef,
}

impl<'a> PreparedRows<'a> {
    fn new(prepared: &'a Prepared, table: &'a Table, id: Option<&str>) -> Self {
        let all = Ids::of(table, id).array(0..table.rows());
        let kept: UInt64Array = prepared.rows.iter().map(|row| Some(*row as u64)).collect();
        let ids =
            arrow_select::take::take(&all, &kept, None).expect("rows kept are rows of the table");
        let batch = &prepared.batch;
        let schema = batch.schema();
        let columns: Vec<usize> = (0..batch.num_columns())
            .filter(|at| id != Some(schema.field(*at).name().as_str()))
            .collect();
        let originals: Vec<&str> = columns
            .iter()
            .map(|at| schema.field(*at).name().as_str())
            .collect();
        let mut fields = vec![Field::new("id", ids.data_type().clone(), true)];
        for (at, name) in columns.iter().zip(beside(&["id".to_owned()], &originals)) {
            fields.push(Field::new(
                name,
                schema.field(*at).data_type().clone(),
                true,
            ));
        }
        Self {
            prepared,
            ids,
            columns,
            schema: Arc::new(Schema::new(fields)),
        }
    }
}

impl Rows for PreparedRows<'_> {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn count(&self) -> usize {
        self.prepared.rows.len()
    }

    fn batch(&self, rows: Range<usize>) -> RecordBatch {
        let slice = |column: &ArrayRef| column.slice(rows.start, rows.len());
        let mut columns = vec![slice(&self.ids)];
        for at in &self.columns {
            columns.push(slice(self.prepared.batch.column(*at)));
        }
        let names = self
            .schema
            .fields()
            .iter()
            .map(|field| field.name().as_str());
        batch_of(names.zip(columns), rows.len())
    }
}
