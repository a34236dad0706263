//! Where in the files of the user an error lies.

use super::ReadError;
use super::error::visible;
use crate::table::Origin;

/// Where an error lies, as far as it is known; the same as the message says, for programs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Location {
    /// The file: of an input its name without the folder, of all else its path.
    pub file: Option<String>,
    /// Line of a text file, row of a sheet or of a columnar file; from 1.
    pub line: Option<u64>,
    /// Name of the column of a table.
    pub column: Option<String>,
    /// In a recipe, the character of the line; from 1.
    pub character: Option<u64>,
}

impl Location {
    /// A file as a whole.
    pub fn file(file: impl Into<String>) -> Self {
        Self {
            file: Some(file.into()),
            ..Self::default()
        }
    }

    /// A row of a table.
    pub fn row(origin: &Origin) -> Self {
        Self::file(&origin.file).with_line(origin.number)
    }

    /// The same, at a line.
    #[must_use]
    pub fn with_line(self, line: u64) -> Self {
        Self {
            line: Some(line),
            ..self
        }
    }

    /// The same, in a column. The header of a file without a header may be a row: an address in it is not told.
    #[must_use]
    pub fn with_column(self, column: &str) -> Self {
        Self {
            column: Some(visible(column)),
            ..self
        }
    }
}

impl ReadError {
    /// Where it lies, as far as it is known.
    pub fn location(&self) -> Location {
        match self {
            Self::NoInput
            | Self::UnknownEncoding { .. }
            | Self::BadCharacter { .. }
            | Self::BadDecimal { .. } => Location::default(),
            Self::NotFound { file }
            | Self::Directory { file }
            | Self::Permission { file }
            | Self::Unreadable { file, .. }
            | Self::Empty { file }
            | Self::NoRows { file, .. }
            | Self::Html { file }
            | Self::Encrypted { file }
            | Self::EncryptedParquet { file }
            | Self::UnknownFormat { file, .. }
            | Self::Corrupt { file, .. }
            | Self::TooLarge { file, .. }
            | Self::Exhausted { file }
            | Self::NotAFile { file, .. }
            | Self::SilentPipe { file }
            | Self::Changed { file }
            | Self::Archive { file, .. }
            | Self::NoSheet { file, .. } => Location::file(file),
            _ => self.location_within(),
        }
    }

    /// Of errors that lie at a line or in a column.
    fn location_within(&self) -> Location {
        match self {
            Self::BadEncoding { file, line, .. }
            | Self::ConflictMarker { file, line }
            | Self::Comment { file, line, .. }
            | Self::Preamble { file, line, .. }
            | Self::FieldCount { file, line, .. }
            | Self::StrayQuote { file, line, .. }
            | Self::Apostrophes { file, line, .. }
            | Self::HeaderShort { file, line, .. }
            | Self::HeaderIsRow { file, line, .. }
            | Self::CutOff { file, line, .. }
            | Self::OddEnd { file, line, .. }
            | Self::UnterminatedQuote { file, line }
            | Self::BadJson { file, line, .. } => Location::file(file).with_line(*line),
            Self::SecondHeader {
                file, line, column, ..
            } => Location::file(file).with_line(*line).with_column(column),
            Self::DuplicateColumn { file, column, .. }
            | Self::ColumnMissing { file, column, .. }
            | Self::ColumnAdditional { file, column, .. }
            | Self::UnknownColumn { file, column, .. }
            | Self::UnsupportedType { file, column, .. }
            | Self::NotNumbers { file, column, .. }
            | Self::NotDates { file, column }
            | Self::AmbiguousDates { file, column, .. }
            | Self::MixedDates { file, column, .. }
            | Self::AmbiguousDecimals { file, column, .. } => {
                Location::file(file).with_column(column)
            }
            Self::Misfit { origin, column, .. }
            | Self::TwoDigitYear { origin, column, .. }
            | Self::DuplicateId { origin, column, .. }
            | Self::EmptyId { origin, column, .. } => Location::row(origin).with_column(column),
            _ => Location::default(),
        }
    }
}
