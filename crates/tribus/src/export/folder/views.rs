//! The files of a folder that are views of the model, and the workbook.

use std::io::Write;

use super::ExportError;
use super::staging::Staging;
use crate::export::tables::rows::Shown;
use crate::export::tables::segments::segments_csv;
use crate::export::{CHARTS, Guarded, MODEL, PDF, Pictures, RECIPE, REPORT, SEGMENTS};
use crate::report::Report;
use crate::segmentation::Segmentation;

/// What is written from the model alone.
pub(super) struct Views<'a> {
    pub(super) segmentation: &'a Segmentation,
    /// The text of the recipe.
    pub(super) recipe: &'a str,
    pub(super) pictures: Pictures,
}

/// Writes all that is a view of the model: the model, the segments, the report and its charts.
pub(super) fn write_views(
    staging: &mut Staging<'_>,
    views: &Views<'_>,
) -> Result<Guarded, ExportError> {
    let segmentation = views.segmentation;
    let report = Report::of(segmentation);
    let (segments, guarded) = segments_csv(segmentation, staging.marker().raw);
    staging.add_folder(CHARTS)?;
    let mut write = |name: &str, bytes: &[u8]| {
        staging.add(name, |out| out.write_all(bytes).map_err(ExportError::write))
    };
    write(MODEL, segmentation.to_json().as_bytes())?;
    write(RECIPE, views.recipe.as_bytes())?;
    write(SEGMENTS, segments.as_bytes())?;
    write(REPORT, report.to_html().as_bytes())?;
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

/// Writes the workbook; counts what was guarded among the customers. Without the feature `xlsx` there is none.
pub(super) fn write_workbook(
    staging: &mut Staging<'_>,
    segmentation: &Segmentation,
    customers: Option<Shown<'_>>,
) -> Result<Guarded, ExportError> {
    #[cfg(not(feature = "xlsx"))]
    {
        let _ = (staging, segmentation, customers);
        Ok(Guarded::default())
    }
    #[cfg(feature = "xlsx")]
    {
        let raw = staging.marker().raw;
        let (bytes, guarded) =
            crate::export::workbook::workbook(segmentation, customers, raw, staging.path())?;
        staging.add(crate::export::WORKBOOK, |out| {
            out.write_all(&bytes).map_err(ExportError::write)
        })?;
        Ok(guarded)
    }
}
