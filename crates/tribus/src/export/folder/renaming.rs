//! The customers of a folder with the names their segments have now.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int32Array, LargeStringArray, RecordBatch};

use super::ExportError;
use super::on_disk::{open_parquet, unreadable};
use crate::export::Guarded;
use crate::export::tables::columnar::write_batches;
use crate::export::tables::customers::{NAME_COLUMN, SEGMENT_COLUMN};
use crate::export::tables::guard::Guard;
use crate::segmentation::Segmentation;

/// The customers as they are, byte for byte, but for the names of their segments.
pub(super) fn rename_in_csv(
    out: impl Write,
    old: &Path,
    segmentation: &Segmentation,
    raw: bool,
) -> Result<Guarded, ExportError> {
    let broken = |error: csv::Error| unreadable(old, &error);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(old)
        .map_err(broken)?;
    let mut writer = csv::Writer::from_writer(out);
    let mut guard = Guard::new(raw);
    let mut record = csv::ByteRecord::new();
    let mut header = true;
    while reader.read_byte_record(&mut record).map_err(broken)? {
        let segment = if header { None } else { segment_of(&record) };
        header = false;
        for (at, field) in record.iter().enumerate() {
            let name = segment
                .filter(|_| at == NAME_COLUMN)
                .and_then(|number| segmentation.segment(number).ok())
                .map(|segment| guard.text(segmentation.name(segment)));
            let field = name.as_ref().map_or(field, |name| name.as_bytes());
            writer.write_field(field).map_err(failed)?;
        }
        writer.write_record(None::<&[u8]>).map_err(failed)?;
    }
    writer.flush().map_err(ExportError::write)?;
    Ok(guard.guarded())
}

fn segment_of(record: &csv::ByteRecord) -> Option<usize> {
    let text = std::str::from_utf8(record.get(SEGMENT_COLUMN)?).ok()?;
    text.parse().ok()
}

/// The same for Parquet: all columns but the names are what they were.
pub(super) fn rename_in_parquet(
    out: impl Write + Send,
    old: &Path,
    segmentation: &Segmentation,
) -> Result<(), ExportError> {
    let (schema, batches) = open_parquet(old)?;
    let renamed = batches.map(|batch| {
        rename_in_batch(&batch?, segmentation).ok_or_else(|| ExportError::Unreadable {
            path: old.to_path_buf(),
            problem: "its columns are not those tribus writes".to_owned(),
        })
    });
    write_batches(out, schema, renamed)
}

fn rename_in_batch(batch: &RecordBatch, segmentation: &Segmentation) -> Option<RecordBatch> {
    let segments = batch.columns().get(SEGMENT_COLUMN)?;
    let segments = segments.as_any().downcast_ref::<Int32Array>()?;
    let name = |segment: i32| {
        let segment = segmentation.segment(usize::try_from(segment).ok()?).ok()?;
        Some(segmentation.name(segment))
    };
    let names: LargeStringArray = segments.iter().map(|segment| name(segment?)).collect();
    let mut columns: Vec<ArrayRef> = batch.columns().to_vec();
    *columns.get_mut(NAME_COLUMN)? = Arc::new(names);
    RecordBatch::try_new(batch.schema(), columns).ok()
}

fn failed(error: csv::Error) -> ExportError {
    ExportError::write(error.into())
}
