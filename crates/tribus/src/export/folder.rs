//! The folder that `segment` leaves behind.

use std::io::Write;
use std::path::Path;

use arrow_schema::SchemaRef;

use super::check::Target;
use super::marker::Marker;
use super::on_disk::Batches;
use super::place::place;
use super::staging::Staging;
use super::tables::customers::{CustomerRows, write_rows};
use super::tables::rows::{Rows, chunks};
use super::tables::segments::segments_csv;
use super::{
    CHARTS, CUSTOMERS_CSV, CUSTOMERS_PARQUET, CustomersFormat, ExportError, FolderOptions, Guarded,
    MODEL, PDF, Pictures, REPORT, SEGMENTS, Written,
};
use crate::report::Report;
use crate::segmentation::{Customers, Segmentation};
use crate::table::Table;

/// Writes everything about a segmentation into a folder: all or nothing. It is written beside, under a hidden name that
/// `staged` is told as soon as it exists (so that an interrupted program can remove it), and moved into place at the end.
///
/// # Errors
/// As [`check_folder`](super::check_folder); a column to keep that is not there; a write that failed, after which the folder
/// is what it was.
pub fn write_folder(
    path: &Path,
    segmentation: &Segmentation,
    table: &Table,
    customers: &Customers,
    options: &FolderOptions,
    staged: &dyn Fn(&Path),
) -> Result<Written, ExportError> {
    let target = Target::find(path)?;
    target.check(options.force)?;
    let keep = &options.customers.keep;
    let rows = CustomerRows::new(segmentation, table, customers, keep)?;
    let staging = Staging::beside(&target)?;
    staged(staging.path());
    let raw = options.customers.raw;
    let mut marker = Marker::new(raw, &rows.schema());
    let format = options.customers.format;
    let name = customers_file(format);
    let mut guarded = staging.add(&mut marker, name, |out| write_rows(out, &rows, format, raw))?;
    let views = Views {
        segmentation,
        pictures: options.pictures,
    };
    guarded.cells += write_views(&staging, &mut marker, &views)?.cells;
    if options.workbook {
        let batches = chunks(rows.count()).map(|range| Ok(rows.batch(range)));
        let shown = Shown {
            schema: rows.schema(),
            batches: Box::new(batches),
            raw,
        };
        let shown = write_workbook(&staging, &mut marker, segmentation, Some(shown))?;
        if format == CustomersFormat::Parquet {
            guarded.cells += shown.cells;
        }
    }
    finish(staging, &target, &marker, guarded)
}

/// Name of the file of customers.
pub(super) fn customers_file(format: CustomersFormat) -> &'static str {
    match format {
        CustomersFormat::Csv => CUSTOMERS_CSV,
        CustomersFormat::Parquet => CUSTOMERS_PARQUET,
    }
}

/// What is written from the model alone.
pub(super) struct Views<'a> {
    pub(super) segmentation: &'a Segmentation,
    pub(super) pictures: Pictures,
}

/// Writes all that is a view of the model: the model, the segments, the report and its charts.
pub(super) fn write_views(
    staging: &Staging,
    marker: &mut Marker,
    views: &Views<'_>,
) -> Result<Guarded, ExportError> {
    let segmentation = views.segmentation;
    let report = Report::of(segmentation);
    let (segments, guarded) = segments_csv(segmentation, marker.raw);
    let mut write = |name: &str, bytes: &[u8]| {
        staging.add(marker, name, |out| {
            out.write_all(bytes).map_err(ExportError::write)
        })
    };
    write(MODEL, segmentation.to_json().as_bytes())?;
    write(SEGMENTS, segments.as_bytes())?;
    write(REPORT, report.to_html().as_bytes())?;
    staging.add_folder(CHARTS)?;
    for (stem, chart) in report.charts() {
        write(&format!("{CHARTS}/{stem}.svg"), chart.as_bytes())?;
    }
    if views.pictures.png {
        for (stem, picture) in pictures(&report)? {
            write(&format!("{CHARTS}/{stem}.png"), &picture)?;
        }
    }
    if views.pictures.pdf {
        write(PDF, &document(&report)?)?;
    }
    Ok(guarded)
}

#[cfg(feature = "png")]
fn pictures(report: &Report<'_>) -> Result<Vec<(String, Vec<u8>)>, ExportError> {
    report.pictures().map_err(|error| ExportError::Picture {
        problem: error.to_string(),
    })
}

#[cfg(not(feature = "png"))]
fn pictures(_: &Report<'_>) -> Result<Vec<(String, Vec<u8>)>, ExportError> {
    Err(ExportError::NotBuilt { feature: "png" })
}

#[cfg(feature = "pdf")]
fn document(report: &Report<'_>) -> Result<Vec<u8>, ExportError> {
    report.to_pdf().map_err(|error| ExportError::Picture {
        problem: error.to_string(),
    })
}

#[cfg(not(feature = "pdf"))]
fn document(_: &Report<'_>) -> Result<Vec<u8>, ExportError> {
    Err(ExportError::NotBuilt { feature: "pdf" })
}

/// Rows to be shown in a workbook.
#[cfg_attr(
    not(feature = "xlsx"),
    expect(dead_code, reason = "only a workbook shows them")
)]
pub(super) struct Shown<'a> {
    pub(super) schema: SchemaRef,
    pub(super) batches: Batches<'a>,
    /// Whether text is to be shown as it is.
    pub(super) raw: bool,
}

/// Writes the workbook; counts what was guarded among the customers. Without the feature `xlsx` there is none.
pub(super) fn write_workbook(
    staging: &Staging,
    marker: &mut Marker,
    segmentation: &Segmentation,
    customers: Option<Shown<'_>>,
) -> Result<Guarded, ExportError> {
    #[cfg(not(feature = "xlsx"))]
    {
        let _ = (staging, marker, segmentation, customers);
        Ok(Guarded::default())
    }
    #[cfg(feature = "xlsx")]
    {
        let raw = marker.raw;
        let (bytes, guarded) =
            super::workbook::workbook(segmentation, customers, raw, staging.path())?;
        staging.add(marker, super::WORKBOOK, |out| {
            out.write_all(&bytes).map_err(ExportError::write)
        })?;
        Ok(guarded)
    }
}

/// Seals the folder and moves it into place.
pub(super) fn finish(
    mut staging: Staging,
    target: &Target,
    marker: &Marker,
    guarded: Guarded,
) -> Result<Written, ExportError> {
    staging.seal(marker)?;
    place(staging, target)?;
    Ok(Written {
        files: marker.files.keys().cloned().collect(),
        guarded,
    })
}
