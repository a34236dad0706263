//! Where rows come from: files of many formats, or standard input.
//!
//! In: names of files and what the user says about them. Out: one [`Table`], typed over whole columns.
//! Knows nothing of recipes, features or segments. Every decision taken (delimiter, encoding, notation) is in the table's
//! readings and facts; what is wrong is a [`ReadError`] with file, line and column.

mod budget;
mod combine;
mod empty;
mod error;
mod location;
mod memory;
mod raw;
mod readers;
mod rejects;
mod require;
mod settings;
mod totals;
mod typing;

use std::path::Path;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

pub use crate::date::DateOrder;
pub(crate) use empty::without_rows;
pub use error::ReadError;
pub use location::Location;
pub use memory::{MemorySize, limit_memory};
pub use readers::content::Input;
pub use readers::isolation::{isolate_workbooks, serve_workbook};
pub use settings::{Header, MaxRejects, Quote, Totals};
pub use typing::MISSING_TOKENS;

use crate::table::{Reading, Table};
use budget::Budget;
use raw::RawFile;
use readers::format::Format;
use readers::{arrow, columnar, content, delimited, format, header, json, parquet, workbook};

/// What the user says about the input; whatever is left out is found.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a setting of its own"
)]
pub struct ReadOptions {
    /// Separates fields: one ASCII character. A space stands for runs of spaces.
    pub delimiter: Option<char>,
    /// Name of the encoding, as the Encoding Standard knows it: `utf-8`, `windows-1252`.
    pub encoding: Option<String>,
    /// `.` or `,`: the sign before decimals; the other one may separate thousands.
    pub decimal: Option<char>,
    /// For dates such as 04/05/2014.
    pub date_order: Option<DateOrder>,
    /// Lines (of a sheet: rows) above the header.
    pub skip_rows: usize,
    /// Lines (of a sheet: rows) below the last row.
    pub skip_footer: usize,
    /// How many rows the header has; 0 where there is none. Default 1, and what looks like another is refused.
    pub header_rows: Option<usize>,
    /// What encloses fields; default `"`.
    pub quote: Option<Quote>,
    /// Takes the meaning from a quote that follows it, within quotes; by default a quote is doubled.
    pub escape: Option<char>,
    /// Lines that begin with it are skipped.
    pub comment: Option<char>,
    /// Cells that stand for no value, beside [`MISSING_TOKENS`].
    pub null_values: Vec<String>,
    /// Whether [`MISSING_TOKENS`] stand for no value; by default they do.
    pub keep_default_nulls: Option<bool>,
    /// What happens to a row that is the sum of the others; by default it is set aside.
    pub totals: Option<Totals>,
    /// How many rows and cells may not fit.
    pub max_rejects: Option<MaxRejects>,
    /// Rows that do not fit are kept as they stand in the file.
    pub keep_rejects: bool,
    /// An input without rows is a table without rows, and no error; an input without a header has no columns then.
    pub allow_empty: bool,
    /// Every column is text, each cell as it stands in the file.
    pub text: bool,
    /// The columns named are those of a model and not declared by the user: single cells of them may not fit, too.
    pub known: bool,
    /// The sheet of a workbook; default the first that holds anything.
    pub sheet: Option<String>,
    /// Columns that are ids or codes: kept byte for byte. Columns named like an id are, too.
    pub text_columns: Vec<String>,
    /// Columns that are kept byte for byte where they are there and nothing else is said of them.
    pub as_written: Vec<String>,
    /// Columns that by their name tell how to reach a customer are kept byte for byte as well: telephone numbers, postal codes.
    pub contacts: bool,
    /// Columns that must be dates: an ambiguous order or a cell that is no date is an error.
    pub date_columns: Vec<String>,
    /// Columns that are numbers even if many cells are not; those cells are misfits.
    pub number_columns: Vec<String>,
}

impl ReadOptions {
    /// The columns the user named, as whatever.
    pub(crate) fn named_columns(&self) -> impl Iterator<Item = &String> {
        let Self {
            text_columns,
            number_columns,
            date_columns,
            ..
        } = self;
        number_columns
            .iter()
            .chain(date_columns)
            .chain(text_columns)
    }

    /// The column is an id, kept byte for byte.
    pub(crate) fn keeps_bytes(&self, name: &str) -> bool {
        let named = |names: &[String]| names.iter().any(|other| other == name);
        let is_typed = || named(&self.number_columns) || named(&self.date_columns);
        let is_code = || {
            crate::vocabulary::named_like_an_id(name)
                || named(&self.as_written)
                || self.contacts && crate::vocabulary::contacts::is_contact(name)
        };
        named(&self.text_columns) || (is_code() && !is_typed())
    }
}

/// Reads one or several inputs into one table; the rows of several follow each other, their columns are matched by name.
///
/// # Errors
/// When an input cannot be read, is not a table, or contradicts the options; see [`ReadError`].
pub fn read(inputs: &[Input], options: &ReadOptions) -> Result<Table, ReadError> {
    check_decimal(options)?;
    let mut files = Vec::with_capacity(inputs.len());
    let mut empty: Vec<ReadError> = Vec::new();
    for input in inputs {
        match read_one(input, options) {
            Err(error) if options.allow_empty && empty::columns_of(&error).is_some() => {
                empty.push(error);
            }
            file => files.push(file?),
        }
    }
    let found: Vec<(&str, &[String])> = empty.iter().filter_map(empty::columns_of).collect();
    if files.is_empty() && !found.is_empty() {
        let most = found.iter().rev().max_by_key(|(_, columns)| columns.len());
        let (file, columns) = most.unwrap_or(&found[0]);
        return Ok(empty::table(file, columns, options));
    }
    if let Some(first) = files.first_mut() {
        let warnings = found.iter().map(|(file, _)| empty::warning(file));
        first.reading.warnings.extend(warnings);
    }
    combine::combine(files, options)
}

/// Types Arrow batches of one schema that are in memory already, as those of an Arrow file. `name` is what messages call
/// them.
///
/// # Errors
/// As [`read`].
pub fn from_batches(
    schema: &SchemaRef,
    batches: &[RecordBatch],
    name: &str,
    options: &ReadOptions,
) -> Result<Table, ReadError> {
    check_decimal(options)?;
    let reading = Reading {
        file: name.to_owned(),
        format: "Arrow",
        ..Reading::default()
    };
    let readable = columnar::readable(schema);
    let batches = batches.iter().map(|batch| batch.project(&readable));
    let batches = columnar::guarded(
        name,
        "Arrow",
        || Ok(batches.collect::<Result<Vec<_>, _>>()?),
    )?;
    // They are in memory already: what they hold is as long as they say.
    let mut budget = Budget::of(usize::MAX);
    let raw = columnar::gather(schema, &batches, options, reading, &mut budget)?;
    header::check_unique(&raw.columns, &raw.reading.file)?;
    combine::combine(vec![raw], options)
}

fn check_decimal(options: &ReadOptions) -> Result<(), ReadError> {
    match options.decimal {
        None | Some('.' | ',') => Ok(()),
        Some(decimal) => Err(ReadError::BadDecimal { decimal }),
    }
}

fn read_one(input: &Input, options: &ReadOptions) -> Result<RawFile, ReadError> {
    let content = content::load(input)?;
    let packed = content.packed;
    let mut raw = match format::sniff(&content)? {
        Format::Delimited => delimited::read(content, options)?,
        Format::Json => json::read(content, options)?,
        Format::Parquet => parquet::read(content, options)?,
        Format::ArrowFile => arrow::read_file(content, options)?,
        Format::ArrowStream => arrow::read_stream(content, options)?,
        Format::Workbook => workbook::read(content, options)?,
    };
    if let Some(format) = packed {
        raw.reading
            .decisions
            .insert(0, format!("{format}: unpacked"));
    }
    header::check_unique(&raw.columns, &raw.reading.file)?;
    Ok(raw)
}

impl Table {
    /// Reads a file, finding out everything about it.
    ///
    /// # Errors
    /// As [`read`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ReadError> {
        let input = Input::Path(path.as_ref().to_path_buf());
        read(&[input], &ReadOptions::default())
    }
}
