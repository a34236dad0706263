//! What a segmentation is written as: tables, workbook, charts, report and model, all or nothing.
//!
//! In: a [`Segmentation`], and the table and customers it was applied to. Out: bytes and files. Every table is first an
//! Arrow record batch; CSV, Parquet and sheets are three ways to write one.

mod batch;
mod delimited;
mod error;
mod folder;
mod guard;
mod refresh;
mod report;
mod segments;
#[cfg(feature = "xlsx")]
mod workbook;

use std::io::Write;
use std::path::Path;

use arrow_array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

pub use error::ExportError;
pub use refresh::refresh_folder;
pub use report::report_settings;
pub use segments::segments_csv;

use crate::pipeline::Prepared;
use crate::segmentation::{Customers, Segmentation};
use crate::table::Table;
use batch::{customers_batch, prepared_batch};
use folder::Staging;

/// Original columns that follow each customer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Keep {
    /// None.
    #[default]
    Nothing,
    /// All of them.
    All,
    /// These.
    Columns(Vec<String>),
}

/// How the customers are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CustomersFormat {
    /// Text; formulas in cells are guarded against.
    #[default]
    Csv,
    /// Typed and exact.
    Parquet,
}

impl CustomersFormat {
    /// The name of the customers' file.
    pub fn file(self) -> &'static str {
        match self {
            Self::Csv => "customers.csv",
            Self::Parquet => "customers.parquet",
        }
    }
}

/// What is written of each customer, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerOptions {
    /// Original columns behind the segment's.
    pub keep: Keep,
    /// CSV or Parquet.
    pub format: CustomersFormat,
    /// Text cells exactly as they are, also those a spreadsheet would run.
    pub raw: bool,
}

/// Text cells that got a leading apostrophe, because a spreadsheet would have run them as a formula.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Guarded {
    /// How many.
    pub cells: u64,
}

/// What a folder is written with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FolderOptions {
    /// The customers.
    pub customers: CustomerOptions,
    /// Write over what is there, whoever wrote it.
    pub force: bool,
    /// Write `workbook.xlsx`.
    pub workbook: bool,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Files, relative to the folder, in alphabetical order.
    pub files: Vec<String>,
    /// Guarded cells.
    pub guarded: Guarded,
}

/// Writes one line per row of the table, in its order.
///
/// # Errors
/// A column to keep that is not there; a write that failed.
pub fn write_customers(
    out: impl Write + Send,
    segmentation: &Segmentation,
    table: &Table,
    customers: &Customers,
    options: &CustomerOptions,
) -> Result<Guarded, ExportError> {
    let batch = customers_batch(segmentation, table, customers, &options.keep)?;
    write_batch(out, &batch, options.format, options.raw)
}

/// Writes the cleaned table: the id, the columns of the file after cleaning, derived and encoded ones.
///
/// # Errors
/// A write that failed.
pub fn write_prepared(
    out: impl Write + Send,
    format: CustomersFormat,
    prepared: &Prepared,
    table: &Table,
    id: Option<&str>,
    raw: bool,
) -> Result<Guarded, ExportError> {
    write_batch(out, &prepared_batch(prepared, table, id), format, raw)
}

fn write_batch(
    out: impl Write + Send,
    batch: &RecordBatch,
    format: CustomersFormat,
    raw: bool,
) -> Result<Guarded, ExportError> {
    match format {
        CustomersFormat::Csv => delimited::write(out, batch, raw),
        CustomersFormat::Parquet => write_parquet(out, batch).map(|()| Guarded::default()),
    }
}

fn write_parquet(out: impl Write + Send, batch: &RecordBatch) -> Result<(), ExportError> {
    let failed = |source: parquet::errors::ParquetError| ExportError::Parquet {
        source: Box::new(source),
    };
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .build();
    let mut writer = ArrowWriter::try_new(out, batch.schema(), Some(properties)).map_err(failed)?;
    writer.write(batch).map_err(failed)?;
    writer.close().map_err(failed)?;
    Ok(())
}

/// Whether a folder may be written at `path`; asked before the work is done.
///
/// # Errors
/// [`ExportError::NotAFolder`], [`ExportError::NoParent`], [`ExportError::NotOurs`], [`ExportError::Edited`].
pub fn check_folder(path: &Path, force: bool) -> Result<(), ExportError> {
    folder::check(path, force)
}

/// Writes everything about a segmentation into a folder, all or nothing. `staged` is told of the folder beside it that
/// is filled first, so that an interruption can remove it.
///
/// # Errors
/// As [`check_folder`] and [`write_customers`]; then nothing is changed.
pub fn write_folder(
    path: &Path,
    segmentation: &Segmentation,
    table: &Table,
    customers: &Customers,
    options: &FolderOptions,
    staged: &dyn Fn(&Path),
) -> Result<Written, ExportError> {
    let batch = customers_batch(segmentation, table, customers, &options.customers.keep)?;
    fill_folder(path, segmentation, &batch, options, staged)
}

fn fill_folder(
    path: &Path,
    segmentation: &Segmentation,
    customers: &RecordBatch,
    options: &FolderOptions,
    staged: &dyn Fn(&Path),
) -> Result<Written, ExportError> {
    folder::check(path, options.force)?;
    let mut staging = Staging::begin(path)?;
    staged(staging.path());
    let CustomerOptions { format, raw, .. } = options.customers;
    let mut bytes = Vec::new();
    let mut guarded = write_batch(&mut bytes, customers, format, raw)?;
    staging.write(format.file(), &bytes)?;
    let (segments, in_segments) = segments_csv(segmentation, raw)?;
    guarded.cells += in_segments.cells;
    staging.write("segments.csv", segments.as_bytes())?;
    staging.write("segmentation.json", segmentation.to_json().as_bytes())?;
    let settings = report_settings(segmentation);
    let report = report::of(segmentation, &settings);
    staging.write("report.html", report.to_html().as_bytes())?;
    for (name, svg) in report.charts() {
        staging.write(&format!("charts/{name}.svg"), svg.as_bytes())?;
    }
    #[cfg(feature = "xlsx")]
    if options.workbook {
        staging.write(
            "workbook.xlsx",
            &workbook::make(segmentation, customers, raw)?,
        )?;
    }
    let files = staging.commit(options.force)?;
    Ok(Written { files, guarded })
}

#[cfg(test)]
mod tests;
