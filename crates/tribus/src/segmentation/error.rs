//! What can keep a segmentation from being made, loaded or used.

use std::path::PathBuf;

use crate::campaign::CampaignError;
use crate::evidence::EvidenceError;
use crate::pipeline::PipelineError;
use crate::plan::PlanError;
use crate::purchases::PurchasesError;
use crate::source::{Location, ReadError};

/// A segmentation that cannot be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SegmentationError {
    /// Purchases cannot become customers.
    #[error(transparent)]
    Purchases(#[from] PurchasesError),
    /// Planning failed.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The pipeline failed.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// Two rows have one id.
    #[error("{source}")]
    RepeatedId {
        /// Which.
        source: ReadError,
    },
    /// The evidence failed.
    #[error(transparent)]
    Evidence(EvidenceError),
    /// The campaign of the recipe cannot be judged.
    #[error(transparent)]
    Campaign(#[from] CampaignError),
    /// Whoever watched wanted it to end.
    #[error("the segmentation was not made: it was stopped")]
    Stopped,
    /// The engine refused the numbers.
    #[error("the features cannot be clustered: {source}")]
    Engine {
        /// Why.
        #[from]
        source: tribus_kmeans::Error,
    },
    /// The model file cannot be read.
    #[error("cannot read the segmentation {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no segmentation.
    #[error("{} is no segmentation: {problem}", path.display())]
    NotASegmentation {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The content does not match its checksum.
    #[error("{} was changed after it was written: its checksum does not match", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// Its parts do not go together.
    #[error("{} contradicts itself: {problem}", path.display())]
    Contradiction {
        /// The file.
        path: PathBuf,
        /// What does not go together, and where in the document.
        problem: String,
    },
    /// A newer format.
    #[error("{} is of format version {found}, this program reads up to {known}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u64,
        /// The newest version known.
        known: u64,
    },
    /// There is no such segment.
    #[error("there is no segment {number}: they are numbered 1 to {k}")]
    NoSuchSegment {
        /// As the user wrote it.
        number: usize,
        /// Segments.
        k: usize,
    },
    /// Nobody has this id.
    #[error("there is no customer `{id}` in the input")]
    NoSuchCustomer {
        /// As the user wrote it.
        id: String,
    },
    /// The customer is in no segment.
    #[error("this customer was set aside: {because}")]
    SetAside {
        /// Why.
        because: String,
    },
    /// A number of segments of which nothing is kept.
    #[error(
        "{k} segments are not kept in this result; it can be switched to {}",
        in_words(kept)
    )]
    NotKept {
        /// Segments asked for.
        k: usize,
        /// Numbers that are kept, ascending.
        kept: Vec<usize>,
    },
    /// No numbers are kept of the column that was to be the value.
    #[error("the value cannot be \"{column}\": there is no such column of numbers in this result")]
    NoValue {
        /// Column asked for.
        column: String,
        /// The most alike that is there.
        nearest: Option<String>,
    },
    /// A name that cannot be given.
    #[error("the segment cannot be called that: {problem}")]
    Name {
        /// Why not.
        problem: &'static str,
    },
}

impl From<EvidenceError> for SegmentationError {
    fn from(error: EvidenceError) -> Self {
        match error {
            EvidenceError::Stopped => Self::Stopped,
            error => Self::Evidence(error),
        }
    }
}

impl SegmentationError {
    /// Where it lies, as far as it is known.
    pub fn location(&self) -> Location {
        match self {
            Self::Purchases(error) => error.location(),
            Self::Plan(error) => error.location(),
            Self::Pipeline(error) => error.location(),
            Self::RepeatedId { source } => source.location(),
            Self::Unreadable { path, .. }
            | Self::NotASegmentation { path, .. }
            | Self::Changed { path }
            | Self::Contradiction { path, .. }
            | Self::Newer { path, .. } => Location::file(path.display().to_string()),
            Self::NoValue { column, .. } => Location::default().with_column(column),
            Self::Evidence(_)
            | Self::Campaign(_)
            | Self::Stopped
            | Self::Engine { .. }
            | Self::NoSuchSegment { .. }
            | Self::NoSuchCustomer { .. }
            | Self::SetAside { .. }
            | Self::NotKept { .. }
            | Self::Name { .. } => Location::default(),
        }
    }

    /// The way out.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Purchases(error) => error.hint(),
            Self::Plan(error) => error.hint(),
            Self::Pipeline(error) => error.hint(),
            Self::Evidence(error) => error.hint(),
            Self::Campaign(error) => error.hint(),
            Self::RepeatedId { .. } => Some(
                "give each customer one row, or allow it with --allow-duplicates".to_owned(),
            ),
            Self::Engine { source } => source.hint().map(ToOwned::to_owned),
            Self::Changed { .. } => Some(
                "make it again with `tribus segment`; `tribus rename DIR N \"NAME\"` renames a segment"
                    .to_owned(),
            ),
            Self::Contradiction { .. } => Some(
                "tribus did not write it like this: make it again with `tribus segment`".to_owned(),
            ),
            Self::NotASegmentation { .. } => Some(
                "give the folder or the segmentation.json that `tribus segment` wrote".to_owned(),
            ),
            Self::NotKept { k, .. } => Some(format!(
                "make it from the rows: `tribus segment INPUT --k {k}`"
            )),
            Self::NoValue { nearest, .. } => {
                nearest.as_ref().map(|nearest| format!("did you mean \"{nearest}\"?"))
            }
            Self::Newer { .. } => Some("use a newer version of tribus".to_owned()),
            Self::NoSuchCustomer { .. } => Some(
                "ids are those of the column that names the customer; without one, the number of the row"
                    .to_owned(),
            ),
            Self::Unreadable { source, .. } if source.kind() == std::io::ErrorKind::NotFound => Some(
                "`tribus segment INPUT -o DIR` writes one".to_owned(),
            ),
            Self::Stopped | Self::SetAside { .. } | Self::Unreadable { .. } | Self::NoSuchSegment { .. } | Self::Name { .. } => None,
        }
    }
}

/// `2 to 10`, `3, 5`, or what there is.
fn in_words(kept: &[usize]) -> String {
    match kept {
        [first, .., last] if last - first + 1 == kept.len() => format!("{first} to {last}"),
        _ => kept
            .iter()
            .map(usize::to_string)
            .collect::<Vec<_>>()
            .join(", "),
    }
}
