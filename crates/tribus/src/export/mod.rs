//! What a segmentation leaves behind: customers with their segment, the segments, a workbook, and the folder that holds
//! them all with the report and the model.
//!
//! In: a [`Segmentation`](crate::segmentation::Segmentation), its table and its assigned customers. Out: bytes to a writer,
//! or a whole folder, written beside and moved into place, so that it is there entirely or not at all. The same input gives
//! the same bytes. Text that a spreadsheet would run as a formula gets a leading `'`, unless it is asked for raw.

mod error;
mod folder;
mod lineage;
mod mode;
mod tables;
#[cfg(feature = "xlsx")]
mod workbook;

use crate::recipe::InputSection;

pub use error::ExportError;
pub use folder::{FolderStep, Forgotten, ResultFolder, Rewrite, Watch, unwatched};
pub use lineage::{Hashed, Lineage};
pub use mode::FileMode;
pub use tables::customers::{check_keep, customer_batches, write_customers};
pub use tables::prepared::{write_batch, write_prepared, write_table};
pub use tables::rejects::write_rejects;
pub use tables::segments::segments_csv;

/// A workbook of more rows than this is slow to open; it is written when asked for.
pub const WORKBOOK_ROWS: usize = 100_000;

/// Which columns of the input stand behind a customer's segment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Keep {
    /// None.
    #[default]
    Nothing,
    /// All, in file order.
    All,
    /// These, in this order.
    Columns(Vec<String>),
}

/// The format of a table that is no part of a folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TableFormat {
    /// Comma-separated text, UTF-8, lines end in a line feed.
    #[default]
    Csv,
    /// Parquet with typed columns; text is never guarded there.
    Parquet,
    /// An Excel workbook, on as many sheets as the rows need (with the feature `xlsx`; without it it is refused).
    Xlsx,
}

impl From<CustomersFormat> for TableFormat {
    fn from(format: CustomersFormat) -> Self {
        match format {
            CustomersFormat::Csv => Self::Csv,
            CustomersFormat::Parquet => Self::Parquet,
        }
    }
}

/// The format of the customers of a folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CustomersFormat {
    /// Comma-separated text, UTF-8, lines end in a line feed.
    #[default]
    Csv,
    /// Parquet with typed columns; text is never guarded there.
    Parquet,
}

/// How customers are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerOptions {
    /// Which columns of the input come along.
    pub keep: Keep,
    /// Text exactly as it is, even where a spreadsheet would run it as a formula.
    pub raw: bool,
}

/// Text made harmless for spreadsheets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Guarded {
    /// Cells (headers too) that got a leading `'`.
    pub cells: u64,
}

/// How a folder is written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FolderOptions {
    /// How the input was read, as far as somebody said it; recipe.toml says it, too.
    pub input: InputSection,
    /// How its customers are written.
    pub customers: CustomerOptions,
    /// CSV or Parquet.
    pub format: CustomersFormat,
    /// Replace a folder that is not ours or was edited; what is not ours stays in it.
    pub force: bool,
    /// Write a workbook, too (with the feature `xlsx`; without it there is none).
    pub workbook: bool,
    /// Pictures of the report.
    pub pictures: Pictures,
    /// Permissions of the files; without them only their owner may read them.
    pub mode: Option<FileMode>,
}

/// The report in other formats than HTML; each needs the feature of its name, and is refused without.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pictures {
    /// The whole report on A4 paper, report.pdf.
    pub pdf: bool,
    /// Every chart at twice its size, charts/NAME.png.
    pub png: bool,
}

/// What was written to a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Names of the files, relative to the folder, sorted.
    pub files: Vec<String>,
    /// Cells guarded in the customers and the segments, each counted once.
    pub guarded: Guarded,
}

const REPORT: &str = "report.html";
const PDF: &str = "report.pdf";
const SEGMENTS: &str = "segments.csv";
const MODEL: &str = "segmentation.json";
const RECIPE: &str = "recipe.toml";
const WORKBOOK: &str = "workbook.xlsx";
const CUSTOMERS_CSV: &str = "customers.csv";
const CUSTOMERS_PARQUET: &str = "customers.parquet";
const REJECTS: &str = "rejects.csv";
const CHARTS: &str = "charts";

#[cfg(test)]
mod tests;
