//! A table on its way out: typed columns, made a range of rows at a time, so that no text is repeated a million times.

use std::ops::Range;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use crate::export::ExportError;

/// Rows made at once.
pub(in crate::export) const CHUNK: usize = 16_384;

/// Rows to be written, whatever the format.
pub(in crate::export) trait Rows: Sync {
    /// Names and types of the columns.
    fn schema(&self) -> SchemaRef;

    /// How many rows.
    fn count(&self) -> usize;

    /// Some of them. The types are `Int64`, `Int32`, `Float64`, `Boolean`, `LargeUtf8` and `Date32`, no others.
    fn batch(&self, rows: Range<usize>) -> RecordBatch;
}

/// The ranges of rows that are made at once.
pub(in crate::export) fn chunks(rows: usize) -> impl Iterator<Item = Range<usize>> {
    (0..rows)
        .step_by(CHUNK)
        .map(move |start| start..(start + CHUNK).min(rows))
}

/// Rows read back one batch at a time.
pub(in crate::export) type Batches<'a> =
    Box<dyn Iterator<Item = Result<RecordBatch, ExportError>> + 'a>;

impl<'a> Shown<'a> {
    /// All of these rows, made as they are needed.
    pub(in crate::export) fn of(rows: &'a dyn Rows, raw: bool) -> Self {
        let batches = chunks(rows.count()).map(|range| Ok(rows.batch(range)));
        Self {
            schema: rows.schema(),
            batches: Box::new(batches),
            raw,
        }
    }
}

/// Rows to be shown in a workbook.
#[cfg_attr(
    not(feature = "xlsx"),
    expect(dead_code, reason = "only a workbook shows them")
)]
pub(in crate::export) struct Shown<'a> {
    pub(in crate::export) schema: SchemaRef,
    pub(in crate::export) batches: Batches<'a>,
    /// Whether text is to be shown as it is.
    pub(in crate::export) raw: bool,
}
