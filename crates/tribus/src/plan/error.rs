//! What can keep a plan from being made.

use crate::expr::ExprError;
use crate::source::{Location, ReadError};
use crate::words::nearest::hint_of_names;

/// A table that cannot be segmented as it is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// A column of the recipe or a flag is not in the file.
    #[error("{file}: there is no column `{column}` ({wanted_for})")]
    UnknownColumn {
        /// File, or files.
        file: String,
        /// The name looked for.
        column: String,
        /// What needs it.
        wanted_for: String,
        /// The nearest name there is.
        nearest: Option<String>,
        /// Names there are, the first few.
        available: Vec<String>,
    },
    /// Ids that are missing or not unique, or a column that cannot be read as asked.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Derived columns need each other.
    #[error("derive: {}", crate::words::circle(columns))]
    Circle {
        /// The columns of one circle, each of which needs the next.
        columns: Vec<String>,
    },
    /// An expression of the recipe.
    #[error("{place}: {source}")]
    Expression {
        /// Key of the recipe.
        place: String,
        /// What is wrong.
        source: ExprError,
    },
}

impl PlanError {
    /// Where it lies, as far as it is known.
    pub fn location(&self) -> Location {
        match self {
            Self::UnknownColumn { file, column, .. } => Location::file(file).with_column(column),
            Self::Read(error) => error.location(),
            Self::Circle { .. } | Self::Expression { .. } => Location::default(),
        }
    }

    /// The way out.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownColumn {
                nearest, available, ..
            } => Some(hint_of_names(nearest.as_ref(), available)),
            Self::Read(error) => error.hint(),
            Self::Circle { .. } => Some("write one of them without the others".to_owned()),
            Self::Expression { source, .. } => source.hint(),
        }
    }
}
