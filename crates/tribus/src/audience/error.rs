//! What can keep an audience from being drawn.

use crate::expr::ExprError;
use crate::segmentation::SegmentationError;
use crate::source::ReadError;

/// An audience that cannot be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AudienceError {
    /// The rows cannot be assigned.
    #[error(transparent)]
    Segmentation(Box<SegmentationError>),
    /// A column is not there, or does not hold what it should.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// There is no such segment.
    #[error("there is no segment `{asked}`")]
    UnknownSegment {
        /// As it was asked for.
        asked: String,
        /// A name that may have been meant.
        nearest: Option<String>,
        /// All names, with their numbers.
        names: Vec<String>,
    },
    /// The condition is wrong.
    #[error("where ({condition}): {source}")]
    Condition {
        /// As it was read.
        condition: String,
        /// What is wrong.
        source: ExprError,
    },
    /// A holdout is drawn by the id, and there is none.
    #[error(
        "a holdout is drawn by the customer's id, and {file} has no column that names the customer"
    )]
    NoId {
        /// The table.
        file: String,
    },
    /// Columns that seem to tell of consent and cannot be read.
    #[error(
        "{} to say who may be written to, but {} cells are neither yes nor no",
        columns_seem(columns),
        whose(columns)
    )]
    UnclearConsent {
        /// The columns.
        columns: Vec<String>,
    },
    /// Columns of consent to other ways to write.
    #[error(
        "{} of consent to other ways to write than this list is for",
        columns_tell(columns)
    )]
    OtherConsent {
        /// The columns.
        columns: Vec<String>,
    },
    /// Nothing to match customers by.
    #[error("{file} has no column that {platform} matches customers by")]
    NoContact {
        /// The table.
        file: String,
        /// `Google` or `Meta`.
        platform: &'static str,
        /// Headers that could be filled.
        headers: &'static str,
    },
    /// The columns of an earlier list do not name its customers.
    #[error("{file} has no column of ids")]
    NoIdsInList {
        /// The list.
        file: String,
    },
    /// No customer of the input is in the holdout.
    #[error("no customer of the holdout is among the rows of {file}")]
    NobodyHeldOut {
        /// The table.
        file: String,
    },
}

impl From<SegmentationError> for AudienceError {
    fn from(error: SegmentationError) -> Self {
        Self::Segmentation(Box::new(error))
    }
}

fn named(columns: &[String]) -> String {
    let quoted: Vec<String> = columns.iter().map(|column| format!("`{column}`")).collect();
    quoted.join(", ")
}

fn columns_seem(columns: &[String]) -> String {
    let verb = if columns.len() == 1 { "seems" } else { "seem" };
    format!("{} {verb}", named(columns))
}

fn columns_tell(columns: &[String]) -> String {
    let verb = if columns.len() == 1 { "tells" } else { "tell" };
    format!("{} {verb}", named(columns))
}

fn whose(columns: &[String]) -> &'static str {
    if columns.len() == 1 { "its" } else { "their" }
}

impl AudienceError {
    /// The way out.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Segmentation(error) => error.hint(),
            Self::Read(error) => error.hint(),
            Self::UnknownSegment {
                nearest: Some(nearest),
                ..
            } => Some(format!("did you mean `{nearest}`?")),
            Self::UnknownSegment { names, .. } => {
                Some(format!("the segments are {}", names.join(", ")))
            }
            Self::Condition { source, .. } => source.hint(),
            Self::NoId { .. } => Some(
                "segment the customers with --id COLUMN, so that the model knows who is who"
                    .to_owned(),
            ),
            Self::UnclearConsent { .. } | Self::OtherConsent { .. } => Some(
                "name the column that says yes with --consent COLUMN, or send to all with --no-consent-check"
                    .to_owned(),
            ),
            Self::NoContact { headers, .. } => Some(format!(
                "it needs one of {headers}: name the columns so, or leave --columns out"
            )),
            Self::NoIdsInList { .. } => Some(
                "write the list with the customer's id among its --columns, or leave --list out"
                    .to_owned(),
            ),
            Self::NobodyHeldOut { .. } => {
                Some("give the file of the same customers, with the same ids".to_owned())
            }
        }
    }
}
