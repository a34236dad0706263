//! What can keep a pipeline from being fitted or applied.

use crate::expr::ExprError;
use crate::source::{Location, ReadError};
use crate::table::Origin;
use crate::words::nearest::hint_of_names;

/// A recipe and a table that do not go together.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PipelineError {
    /// A column is not in the file.
    #[error("{file}: there is no column `{column}` ({wanted_for})")]
    UnknownColumn {
        /// File, or files.
        file: String,
        /// The name looked for.
        column: String,
        /// What needs it: `to cluster on`, `clean.replace`.
        wanted_for: String,
        /// The nearest name there is.
        nearest: Option<String>,
        /// Names there are, the first few.
        available: Vec<String>,
    },
    /// A column cannot be used as it was read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A column holds the wrong kind of values.
    #[error("{file}: column `{column}` holds {found}, but {wanted_for} needs {needed}")]
    WrongKind {
        /// File, or files.
        file: String,
        /// Column.
        column: String,
        /// What it holds: `text (yes, no, ...)`.
        found: String,
        /// What needs it.
        wanted_for: String,
        /// What is needed: `numbers`.
        needed: &'static str,
    },
    /// An expression of the recipe cannot be used.
    #[error("{place}: {source}")]
    Expression {
        /// Key of the recipe: `derive.Age`, `clean.drop`.
        place: String,
        /// What is wrong.
        source: ExprError,
    },
    /// Derived columns need each other.
    #[error("derive: {}", crate::words::circle(columns))]
    Circle {
        /// The columns of one circle, each of which needs the next.
        columns: Vec<String>,
    },
    /// Two columns would have one name.
    #[error("{place}: there is a column `{column}` already")]
    NameTaken {
        /// Key of the recipe.
        place: String,
        /// Column.
        column: String,
    },
    /// Missing cells where the recipe (or `--strict`) allows none.
    #[error("{first}: column `{column}` has a missing value ({cells} in all)")]
    Missing {
        /// Column.
        column: String,
        /// How many.
        cells: usize,
        /// The first.
        first: Origin,
    },
    /// A column without a single value.
    #[error("column `{column}` has no value in any row that is kept")]
    NoValues {
        /// Column.
        column: String,
    },
    /// Every row was set aside.
    #[error("all {read} rows were set aside ({reasons})")]
    NoRowsLeft {
        /// Rows read.
        read: u64,
        /// Why, with counts.
        reasons: String,
    },
    /// A value the transform does not take.
    #[error("{origin}: column `{column}`: {domain}, found {found}")]
    OutsideDomain {
        /// Where.
        origin: Origin,
        /// Column.
        column: String,
        /// What the transform needs.
        domain: &'static str,
        /// `zero` or `a negative number`.
        found: &'static str,
    },
    /// Squares of the values overflow.
    #[error(
        "{file}: the values of column `{column}` are too large: their squares leave the range of numbers"
    )]
    TooLarge {
        /// File, or files.
        file: String,
        /// Column.
        column: String,
    },
    /// Nothing differs between the customers.
    #[error("{file}: nothing to cluster on: {} {} the same value in every row", columns.join(", "), if columns.len() == 1 { "has" } else { "have" })]
    AllConstant {
        /// File, or files.
        file: String,
        /// The constant columns.
        columns: Vec<String>,
    },
    /// No column can be clustered on.
    #[error("{file}: no column to cluster on was found")]
    NoFeatures {
        /// File, or files.
        file: String,
    },
    /// A setting of the recipe does not fit the others.
    #[error("{place}: {problem}")]
    Setting {
        /// Key of the recipe.
        place: String,
        /// What is wrong.
        problem: String,
    },
}

impl PipelineError {
    /// Where it lies, as far as it is known.
    pub fn location(&self) -> Location {
        match self {
            Self::UnknownColumn { file, column, .. }
            | Self::WrongKind { file, column, .. }
            | Self::TooLarge { file, column } => Location::file(file).with_column(column),
            Self::Read(error) => error.location(),
            Self::Missing { column, first, .. } => Location::row(first).with_column(column),
            Self::OutsideDomain { origin, column, .. } => Location::row(origin).with_column(column),
            Self::NoValues { column } | Self::NameTaken { column, .. } => {
                Location::default().with_column(column)
            }
            Self::AllConstant { file, .. } | Self::NoFeatures { file } => Location::file(file),
            Self::Expression { .. }
            | Self::Circle { .. }
            | Self::NoRowsLeft { .. }
            | Self::Setting { .. } => Location::default(),
        }
    }

    /// The way out.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownColumn { nearest, available, .. } => {
                Some(hint_of_names(nearest.as_ref(), available))
            }
            Self::Read(error) => error.hint(),
            Self::Expression { source, .. } => source.hint(),
            Self::WrongKind { column, needed: "numbers", .. } => Some(format!(
                "leave `{column}` out, or turn it into numbers in the recipe: [encode.{column}] makes a column of 0 and 1 per category"
            )),
            Self::Missing { column, .. } => Some(format!(
                "say what to do with it in the recipe: [clean.columns.{column}] missing = \"median\" (or \"drop\"), or leave out --strict"
            )),
            Self::OutsideDomain { column, .. } => Some(format!(
                "use transform.{column} = \"log1p\" (takes zero) or \"yeo-johnson\" (takes any number)"
            )),
            Self::TooLarge { column, .. } => {
                Some(format!("express `{column}` in a larger unit, or leave it out"))
            }
            Self::AllConstant { .. } | Self::NoFeatures { .. } => Some(
                "`tribus inspect FILE` shows every column and why it is not used; --features COL names columns to cluster on"
                    .to_owned(),
            ),
            Self::NoRowsLeft { .. } => {
                Some("look at the [clean] section of the recipe: `tribus recipe show`".to_owned())
            }
            _ => None,
        }
    }
}
