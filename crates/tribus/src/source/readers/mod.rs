//! A reader for each format: from bytes, or batches in memory, to untyped columns.

pub(super) mod arrow;
mod biff;
pub(super) mod columnar;
mod compound;
pub(super) mod content;
pub(super) mod delimited;
mod dialect;
mod encoding;
pub(super) mod format;
pub(super) mod header;
pub(super) mod isolation;
pub(super) mod json;
mod ods;
mod package;
mod pages;
pub(super) mod parquet;
mod pieces;
mod quoting;
mod records;
mod shape;
mod sheet;
mod sheets;
mod thrift;
pub(super) mod workbook;
mod wrapped;
