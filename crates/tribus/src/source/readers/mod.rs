//! A reader for each format: from bytes, or batches in memory, to untyped columns.

pub(super) mod arrow;
pub(super) mod columnar;
pub(super) mod content;
pub(super) mod delimited;
mod dialect;
mod encoding;
pub(super) mod format;
pub(super) mod header;
pub(super) mod json;
pub(super) mod parquet;
mod records;
mod sheet;
pub(super) mod workbook;
