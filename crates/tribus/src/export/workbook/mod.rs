//! The workbook: what the report says and every customer, as sheets of Excel.
//!
//! Text is written as text, never as a formula; numbers are numbers. No clock: the date of creation is fixed.

mod account_sheet;
mod campaign_sheet;
mod customers_sheet;
mod evidence_sheet;
mod explained_sheets;
mod profile_sheet;
mod segment_card_sheet;
mod segments_sheet;
mod sheet;

use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::tables::rows::Shown;
use super::{ExportError, Guarded};
use crate::segmentation::Segmentation;

/// The bytes of a workbook of nothing but these rows, and what was guarded among them.
pub(super) fn table(rows: Shown<'_>) -> Result<(Vec<u8>, Guarded), ExportError> {
    let mut book = book("Customers")?;
    let guarded = customers_sheet::write(&mut book, rows, customers_sheet::ROWS)?;
    let bytes = book.save_to_buffer().map_err(failed)?;
    Ok((bytes, guarded))
}

/// An empty workbook of this title.
fn book(title: &str) -> Result<Workbook, ExportError> {
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_ymd(2000, 1, 1).map_err(failed)?;
    let properties = DocProperties::new()
        .set_title(title)
        .set_creation_datetime(&created);
    book.set_properties(&properties);
    Ok(book)
}

/// The bytes of a workbook, and what was guarded among its customers. Rows wait in an unnamed file in `spill`, not in memory.
pub(super) fn workbook(
    segmentation: &Segmentation,
    customers: Option<Shown<'_>>,
    raw: bool,
    spill: &Path,
) -> Result<(Vec<u8>, Guarded), ExportError> {
    let mut book = book("Customer segments")?;
    book.set_tempdir(spill).map_err(failed)?;
    segments_sheet::write(book.add_worksheet(), segmentation, raw).map_err(failed)?;
    profile_sheet::write(book.add_worksheet(), segmentation, raw).map_err(failed)?;
    segment_card_sheet::write_all(&mut book, segmentation, raw).map_err(failed)?;
    explained_sheets::write_all(&mut book, segmentation, raw).map_err(failed)?;
    campaign_sheet::write(&mut book, segmentation, raw).map_err(failed)?;
    let guarded = match customers {
        Some(customers) => customers_sheet::write(&mut book, customers, customers_sheet::ROWS)?,
        None => Guarded::default(),
    };
    account_sheet::write(book.add_worksheet(), segmentation.ledger(), raw).map_err(failed)?;
    evidence_sheet::write(book.add_worksheet(), segmentation, raw).map_err(failed)?;
    let bytes = book.save_to_buffer().map_err(failed)?;
    Ok((bytes, guarded))
}

fn failed(error: XlsxError) -> ExportError {
    match error {
        XlsxError::IoError(source) => ExportError::Write { source },
        other => ExportError::Workbook {
            problem: other.to_string(),
        },
    }
}
