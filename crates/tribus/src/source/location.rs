//! Where in the files of the user an error lies.

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
