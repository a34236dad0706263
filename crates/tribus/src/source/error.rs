//! What can go wrong while reading, each with a way out.

use std::io;

use thiserror::Error;

use super::readers::header::is_address;
use crate::table::{Kind, Origin, Problem};
use crate::words::printable;

/// Why a file could not be read, or a column not be used as asked.
///
/// Messages name the file (its last component), the line or row, and the column where they can. A cell is quoted only
/// if it is short and holds no `@`, so that nobody's e-mail ends up in a log.
#[derive(Debug, Error)]
#[non_exhaustive]
#[expect(
    missing_docs,
    reason = "each variant's message says what its fields mean"
)]
pub enum ReadError {
    /// There is no such file.
    #[error("{file}: there is no such file")]
    NotFound { file: String },
    /// A folder, not a file.
    #[error("{file} is a folder, not a file")]
    Directory { file: String },
    /// The operating system refuses.
    #[error("{file}: no permission to read it")]
    Permission { file: String },
    /// Another failure of the operating system.
    #[error("{file}: cannot be read")]
    Unreadable { file: String, source: io::Error },
    /// Nothing at all was named.
    #[error("no input was named")]
    NoInput,
    /// No bytes, or only spaces and line ends.
    #[error("{file} is empty")]
    Empty { file: String },
    /// A header and nothing below it.
    #[error("{file} has no rows, only a header")]
    NoRows {
        file: String,
        /// The header, where the format has one.
        columns: Vec<String>,
    },
    /// A web page.
    #[error("{file} is an HTML page, not a table")]
    Html { file: String },
    /// A password is needed.
    #[error("{file} is password-protected (encrypted)")]
    Encrypted { file: String },
    /// A Parquet file whose columns need a key.
    #[error("{file} is an encrypted Parquet file (PARE)")]
    EncryptedParquet { file: String },
    /// Neither text nor a format known here.
    #[error("{file} is not a table of a known format: {detail}")]
    UnknownFormat { file: String, detail: String },
    /// Damaged or cut short.
    #[error("{file} is not valid {format} (corrupt or truncated): {detail}")]
    Corrupt {
        file: String,
        format: &'static str,
        detail: String,
    },
    /// More than this program is willing to hold.
    #[error("{file} is too large: {detail}")]
    TooLarge { file: String, detail: String },
    /// The helper that reads workbooks was stopped by its limits.
    #[error(
        "{file} is too large or damaged: reading it takes more memory or time than a file of its size may"
    )]
    Exhausted { file: String },
    /// A device, a socket or a file that the system makes up.
    #[error("{file} is {what}, not a file")]
    NotAFile { file: String, what: &'static str },
    /// A named pipe without a writer.
    #[error("{file} is a pipe that no program writes to")]
    SilentPipe { file: String },
    /// Somebody wrote while we read.
    #[error("{file} was changed while it was read")]
    Changed { file: String },
    /// A zip archive of no file, or of several.
    #[error("{file} is a zip archive of {}", entries_text(entries))]
    Archive { file: String, entries: Vec<String> },
    /// The encoding's name says nothing to us.
    #[error("`{name}` is not an encoding known here")]
    UnknownEncoding { name: String },
    /// Bytes that are no text in the encoding.
    #[error("{file}, line {line}: not valid {encoding}")]
    BadEncoding {
        file: String,
        line: u64,
        encoding: &'static str,
    },
    /// A character that cannot be a delimiter, a quote, or a sign of escape or comment.
    #[error("{character:?} cannot be the {what}")]
    BadCharacter { what: &'static str, character: char },
    /// A decimal sign that is none.
    #[error("{decimal:?} cannot be a decimal sign")]
    BadDecimal { decimal: char },
    /// An unfinished git merge.
    #[error("{file}, line {line}: a git conflict marker; the file holds two versions of itself")]
    ConflictMarker { file: String, line: u64 },
    /// A comment where a record should be.
    #[error("{file}, line {line}: a comment, not a header")]
    Comment { file: String, line: u64, sign: char },
    /// Lines of prose above the header.
    #[error(
        "{file}, {unit} {line}: {}, but {unit} {first_line}, taken as the header, has {first_fields}",
        fields_text(*fields)
    )]
    Preamble {
        file: String,
        unit: &'static str,
        line: u64,
        fields: usize,
        first_line: u64,
        first_fields: usize,
    },
    /// A record that is too short or too long.
    #[error("{file}, line {line}: {}, the header has {expected}{}", fields_text(*fields), more_text(more.as_deref()))]
    FieldCount {
        file: String,
        line: u64,
        fields: usize,
        expected: usize,
        /// How many more there are, and where.
        more: Option<String>,
    },
    /// A quote that leaves a doubt about where fields end.
    #[error("{file}, line {line}: a quote (\") within a field, so that it cannot be told where fields end{}", more_text(more.as_deref()))]
    StrayQuote {
        file: String,
        line: u64,
        /// How many more there are, and where.
        more: Option<String>,
    },
    /// Fields that fit only if apostrophes enclose them.
    #[error(
        "{file}, line {line}: {}, the header has {expected}; every row fits if apostrophes (') enclose fields",
        fields_text(*fields)
    )]
    Apostrophes {
        file: String,
        line: u64,
        fields: usize,
        expected: usize,
    },
    /// One name less than every row has fields.
    #[error(
        "{file}, line {line}: the header has {names} names, every row has {fields} fields{}: {}",
        if *ends_empty { ", the last of them empty" } else { "" },
        if *ends_empty {
            "a delimiter is lost in the header, or each row has one too many"
        } else {
            "a delimiter or a name is lost in the header"
        }
    )]
    HeaderShort {
        file: String,
        line: u64,
        names: usize,
        fields: usize,
        ends_empty: bool,
    },
    /// A header that is a row of data.
    #[error(
        "{file}, {unit} {line}: looks like a row of data, not like a header{}",
        missing.as_deref().map_or_else(String::new, |name| format!("; column `{}` not found", visible(name)))
    )]
    HeaderIsRow {
        file: String,
        unit: &'static str,
        line: u64,
        missing: Option<String>,
    },
    /// A second header below the first.
    #[error(
        "{file}, {unit} {line}: looks like a second header: column `{}` holds {} there, and numbers below",
        visible(column),
        cell_text(cell)
    )]
    SecondHeader {
        file: String,
        unit: &'static str,
        line: u64,
        column: String,
        cell: String,
        /// It is complete without the header above it.
        complete: bool,
    },
    /// The last record is too short, and no line end follows.
    #[error(
        "{file}, line {line}: the last line has {}, the header has {expected}, and no line end follows: the file was cut off",
        fields_text(*fields)
    )]
    CutOff {
        file: String,
        line: u64,
        fields: usize,
        expected: usize,
    },
    /// Several records at the end that are no rows.
    #[error(
        "{file}, line {line}: {}, the header has {expected}; nor do the other {} rows to the end of the file fit it",
        fields_text(*fields),
        rows - 1
    )]
    OddEnd {
        file: String,
        line: u64,
        rows: usize,
        fields: usize,
        expected: usize,
    },
    /// A quote that is never closed.
    #[error("{file}, line {line}: the quote (\") opened here is never closed")]
    UnterminatedQuote { file: String, line: u64 },
    /// Two columns of one name.
    #[error("{file}: duplicate column `{column}` (columns {first} and {second})")]
    DuplicateColumn {
        file: String,
        column: String,
        first: usize,
        second: usize,
    },
    /// One of several files lacks a column.
    #[error("{file} has no column `{column}`, but {other} has")]
    ColumnMissing {
        file: String,
        column: String,
        other: String,
    },
    /// One of several files has a column more.
    #[error("{file} has a column `{column}` that {other} has not")]
    ColumnAdditional {
        file: String,
        column: String,
        other: String,
    },
    /// No column of that name.
    #[error("{file}: column `{column}` not found{}", nearest_text(nearest.as_deref()))]
    UnknownColumn {
        file: String,
        column: String,
        nearest: Option<String>,
        available: Vec<String>,
    },
    /// A column of a type that no customer table holds.
    #[error(
        "{file}: column `{column}` has the type {data_type}, which is neither number, text nor date"
    )]
    UnsupportedType {
        file: String,
        column: String,
        data_type: String,
    },
    /// A cell that is not what its column must hold.
    #[error("{origin}: column `{column}`: {} ({})", misfit_text(example.as_deref(), *problem), cells_text(*cells))]
    Misfit {
        origin: Box<Origin>,
        column: String,
        example: Option<String>,
        problem: Problem,
        cells: u64,
    },
    /// A column that must be numbers holds something else.
    #[error("{file}: column `{column}` holds {}, not numbers", kind_text(*kind))]
    NotNumbers {
        file: String,
        column: String,
        kind: Kind,
    },
    /// A column that must be dates holds something else.
    #[error("{file}: column `{column}` holds no dates")]
    NotDates { file: String, column: String },
    /// Day-month and month-day both fit.
    #[error("{file}: the date format of column `{column}` is ambiguous: day-month and month-day both fit{}", example_text(example.as_deref()))]
    AmbiguousDates {
        file: String,
        column: String,
        example: Option<String>,
    },
    /// Years of two digits.
    #[error("{origin}: column `{column}`: the year has two digits{}", example_text(example.as_deref()))]
    TwoDigitYear {
        origin: Box<Origin>,
        column: String,
        example: Option<String>,
    },
    /// Dates of two formats in one column.
    #[error("{file}: column `{column}` mixes two date formats, such as {first} and {second}")]
    MixedDates {
        file: String,
        column: String,
        first: String,
        second: String,
    },
    /// Thousands and decimals look the same throughout a column.
    #[error(
        "{file}: column `{column}`: it cannot be told whether {example} has thousands or decimals"
    )]
    AmbiguousDecimals {
        file: String,
        column: String,
        example: String,
    },
    /// One id twice.
    #[error("{origin}: column `{column}`: duplicate id{} (first on {unit} {first})", example_text(example.as_deref()))]
    DuplicateId {
        origin: Box<Origin>,
        column: String,
        example: Option<String>,
        unit: &'static str,
        first: u64,
    },
    /// A row without an id.
    #[error("{origin}: column `{column}`: empty id ({})", cells_text(*cells))]
    EmptyId {
        origin: Box<Origin>,
        column: String,
        cells: u64,
    },
    /// Not JSON.
    #[error("{file}, line {line}: {detail}")]
    BadJson {
        file: String,
        line: u64,
        detail: String,
    },
    /// No sheet of that name.
    #[error("{file} has no sheet `{sheet}`")]
    NoSheet {
        file: String,
        sheet: String,
        sheets: Vec<String>,
    },
}

impl ReadError {
    /// The way out, if there is one to tell.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NotFound { .. } => {
                "look at the name and the folder; if another program writes it, try again later".into()
            }
            Self::Html { .. } => {
                "the download gave a web page instead of the data (often a sign-in page or GitHub's preview); download the raw file".into()
            }
            Self::Encrypted { .. } => "save a copy without a password".into(),
            Self::EncryptedParquet { .. } => "write it without encryption".into(),
            Self::UnknownEncoding { .. } => {
                "for example utf-8, windows-1252, utf-16le, iso-8859-15, shift_jis".into()
            }
            Self::BadEncoding { .. } => {
                "correct the line, or name the encoding: --encoding NAME (in a recipe: `encoding`); windows-1252 reads any bytes".into()
            }
            Self::BadDecimal { .. } => "it is `.` or `,`".into(),
            Self::BadCharacter { what, .. } => {
                format!("`{what}` is one ASCII character, and no other than that of another setting")
            }
            Self::ConflictMarker { .. } => "resolve the conflict in git, then read the file again".into(),
            Self::UnterminatedQuote { .. } => "close the quote; a \" within a quoted field is doubled".into(),
            Self::DuplicateColumn { .. } => "rename one of them in the file".into(),
            Self::ColumnMissing { .. } | Self::ColumnAdditional { .. } => {
                "files read together need the same columns, in any order".into()
            }
            Self::UnknownColumn { available, .. } => available_text(available)?,
            Self::UnsupportedType { .. } => "flatten it into plain columns first".into(),
            Self::Misfit { .. } => {
                "correct the cell, or leave the column out; a word that stands for no value: --null-value WORD (in a recipe: `null_values`)".into()
            }
            Self::NotNumbers { kind: Kind::Text, .. } => {
                "numbers with leading zeros are codes unless the column is named as a number".into()
            }
            Self::AmbiguousDates { .. } => "say which: --date-order dmy or mdy (in a recipe: date_order = \"dmy\")".into(),
            Self::TwoDigitYear { .. } => "write years with four digits".into(),
            Self::MixedDates { .. } => "bring all of them into one format, best 2014-06-16".into(),
            Self::AmbiguousDecimals { .. } => "say which: `decimal = \".\"` or `decimal = \",\"`".into(),
            Self::DuplicateId { .. } => "one row per customer is needed; remove or roll up the repeated rows".into(),
            Self::NoSheet { sheets, .. } => available_text(sheets)?,
            Self::Changed { .. } => "read it again once it is complete".into(),
            Self::SilentPipe { .. } => "start the program that writes to it first".into(),
            Self::NotAFile { .. } => "name a file, a pipe, or - for standard input".into(),
            Self::Archive { .. } => {
                "unpack it and name the files to read; files read together need the same columns".into()
            }
            Self::TooLarge { .. } | Self::Exhausted { .. } => "export the table itself, as CSV or Parquet".into(),
            _ => return self.hint_on_layout(),
        };
        Some(hint)
    }

    /// The setting that reads a file of another layout.
    fn hint_on_layout(&self) -> Option<String> {
        Some(match self {
            Self::Comment { line, sign, .. } => format!(
                "skip it: --skip-rows {line}, or lines like it everywhere: --comment '{sign}' (in a recipe: `comment = \"{sign}\"`)"
            ),
            Self::Preamble { unit, line, .. } => format!(
                "if the header is on {unit} {line}, set `skip_rows = {}`; if not, the delimiter may be another: set `delimiter`",
                line - 1
            ),
            Self::FieldCount { more: None, .. } => {
                "quote fields that hold the delimiter with \" (a \" within is doubled), or name another `delimiter`; --max-rejects N sets up to N such rows aside".into()
            }
            Self::FieldCount { .. } | Self::StrayQuote { .. } => {
                "quote fields that hold the delimiter with \" (a \" within is doubled); --max-rejects N (in a recipe: `max_rejects`) sets up to N such rows aside".into()
            }
            Self::Apostrophes { .. } => "say so: --quote \"'\" (in a recipe: `quote = \"'\"`)".into(),
            Self::HeaderShort { line, .. } => format!(
                "correct the header; or number the columns: --no-header --skip-rows {line} (in a recipe: `header = false`, `skip_rows = {line}`)"
            ),
            Self::HeaderIsRow { .. } => {
                "if there is no header: --no-header (in a recipe: `header = false`) numbers the columns; if it is one: --header-rows 1 (`header = 1`)".into()
            }
            Self::SecondHeader { unit, line, complete: true, .. } => format!(
                "if {unit} {line} alone is the header: --skip-rows {0} (in a recipe: `skip_rows = {0}`); --header-rows 2 (`header = 2`) joins the names of both",
                line - 1
            ),
            Self::SecondHeader { .. } => {
                "--header-rows 2 (in a recipe: `header = 2`) joins the names of both rows; --header-rows 1 (`header = 1`) takes the second as data".into()
            }
            Self::CutOff { .. } => "get the whole file; if it is a note below the table: --skip-footer 1 (in a recipe: `skip_footer = 1`)".into(),
            Self::OddEnd { rows, .. } => format!(
                "if they are notes below the table: --skip-footer {rows} (in a recipe: `skip_footer = {rows}`)"
            ),
            _ => return None,
        })
    }
}

/// The first few names in an archive.
fn entries_text(entries: &[String]) -> String {
    const SHOWN: usize = 5;
    if entries.is_empty() {
        return "no files".into();
    }
    let shown: Vec<_> = entries
        .iter()
        .take(SHOWN)
        .map(|name| visible(name))
        .collect();
    let more = if entries.len() > SHOWN { ", ..." } else { "" };
    format!("{} files: {}{more}", entries.len(), shown.join(", "))
}

fn fields_text(fields: usize) -> String {
    if fields == 1 {
        "1 field".into()
    } else {
        format!("{fields} fields")
    }
}

fn more_text(more: Option<&str>) -> String {
    more.map_or_else(String::new, |more| format!(" ({more})"))
}

/// A cell of a second header, unless it may be somebody's name.
fn cell_text(cell: &str) -> String {
    super::typing::showable(cell)
        .map_or_else(|| "text".into(), |cell| format!("`{}`", visible(&cell)))
}

fn kind_text(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "numbers",
        Kind::Text => "text",
        Kind::Date => "dates",
    }
}

fn nearest_text(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| {
        format!("; did you mean `{}`?", visible(name))
    })
}

/// The name with characters nobody can see written out. A file without a header has somebody's address as a name.
pub(crate) fn visible(name: &str) -> String {
    if is_address(name) {
        return "(an address)".into();
    }
    printable(name).into_owned()
}

fn misfit_text(example: Option<&str>, problem: Problem) -> String {
    let example = example.map_or_else(|| "a cell".into(), |cell| format!("`{}`", visible(cell)));
    match problem {
        Problem::OtherCurrency => format!("{example} is in another currency than the rest"),
        Problem::TooLarge => format!("{example} is too large for a number"),
        problem => format!("{example} is {problem}"),
    }
}

fn cells_text(cells: u64) -> String {
    if cells == 1 {
        "1 cell".into()
    } else {
        format!("{cells} cells like it")
    }
}

fn example_text(example: Option<&str>) -> String {
    example.map_or_else(String::new, |cell| format!(" (`{}`)", visible(cell)))
}

fn available_text(names: &[String]) -> Option<String> {
    /// More than this is no help to anybody.
    const SHOWN: usize = 40;
    if names.is_empty() {
        return None;
    }
    let shown: Vec<_> = names.iter().take(SHOWN).map(|name| visible(name)).collect();
    let rest = names.len().saturating_sub(SHOWN);
    let more = if rest == 0 {
        String::new()
    } else {
        format!(" and {rest} more")
    };
    Some(format!("available: {}{more}", shown.join(", ")))
}
