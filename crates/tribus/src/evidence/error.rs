//! What keeps evidence from being gathered.

/// What keeps evidence from being gathered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvidenceError {
    /// More segments than customers.
    #[error("{k} segments asked of {customers} customer{}", if *customers == 1 { "" } else { "s" })]
    TooFewCustomers {
        /// Segments.
        k: usize,
        /// Customers.
        customers: usize,
    },
    /// Too few customers to compare numbers of segments.
    #[error("{customers} customer{} cannot be compared in {from} or more segments", if *customers == 1 { "" } else { "s" })]
    NothingToCompare {
        /// Customers.
        customers: usize,
        /// Lowest number of segments.
        from: usize,
    },
    /// No customer has a label to evaluate.
    #[error("no customer that is used has a label")]
    NoLabels,
    /// Whoever watched wanted it to end.
    #[error("the evidence was not gathered to its end: it was stopped")]
    Stopped,
    /// The engine refused the numbers.
    #[error("the features cannot be clustered: {source}")]
    Engine {
        /// Why.
        source: tribus_kmeans::Error,
    },
}

impl EvidenceError {
    /// The way out.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::TooFewCustomers { customers, .. } => {
                Some(format!("ask for at most {customers}: --k {customers}"))
            }
            Self::NothingToCompare { .. } => Some("name the number of segments: --k 1".to_owned()),
            Self::NoLabels => {
                Some("name the column that holds the labels: --labels COLUMN".to_owned())
            }
            Self::Stopped => None,
            Self::Engine { source } => source.hint().map(ToOwned::to_owned),
        }
    }
}

impl From<tribus_kmeans::Error> for EvidenceError {
    fn from(source: tribus_kmeans::Error) -> Self {
        match source {
            tribus_kmeans::Error::Interrupted => Self::Stopped,
            source => Self::Engine { source },
        }
    }
}
