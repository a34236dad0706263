//! What can be wrong with a campaign that the recipe asks about.

/// A campaign that cannot be judged.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CampaignError {
    /// Cost or revenue that no campaign can have.
    #[error("campaign.{key}: {problem}")]
    Economics {
        /// `cost` or `revenue`.
        key: &'static str,
        /// What is wrong.
        problem: &'static str,
    },
    /// The outcome is no column of numbers.
    #[error("campaign.outcome: `{column}` holds no numbers")]
    NoNumbers {
        /// Column.
        column: String,
    },
    /// No customer has an outcome.
    #[error("campaign.outcome: `{column}` is empty for every customer that is kept")]
    Empty {
        /// Column.
        column: String,
    },
    /// The outcome is an amount, which says nothing of who responds.
    #[error(
        "campaign.outcome: `{column}` has values other than 0 and 1, so nobody can be said to have responded"
    )]
    NotBinary {
        /// Column.
        column: String,
    },
    /// Nothing says who was left alone.
    #[error(
        "campaign.control: it cannot be told which value of `{treatment}` is the control group"
    )]
    NoControl {
        /// Column.
        treatment: String,
    },
    /// The control group that the recipe names is not there.
    #[error("campaign.control: no customer has `{control}` in `{treatment}`")]
    UnknownControl {
        /// Column.
        treatment: String,
        /// As the recipe says.
        control: String,
    },
    /// A control group of no test.
    #[error("campaign.control: there is no treatment column that `{control}` could be a value of")]
    NoTreatment {
        /// As the recipe says.
        control: String,
    },
}

impl CampaignError {
    /// The way out.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoNumbers { column } => Some(format!(
                "make one of 0 and 1 in the recipe: [derive] responded = \"{} = 'yes'\", and outcome = \"responded\"",
                crate::expr::identifier(column)
            )),
            Self::NotBinary { column } => Some(format!(
                "make one of 0 and 1 in the recipe: [derive] responded = \"{} > 0\", and outcome = \"responded\"; beside a control group (campaign.treatment) an amount can be compared as it is",
                crate::expr::identifier(column)
            )),
            Self::NoControl { .. } => {
                Some("say it in the recipe: [campaign] control = \"...\"".to_owned())
            }
            Self::UnknownControl { .. } => {
                Some("write it as it stands in the file, after [clean.replace]".to_owned())
            }
            Self::NoTreatment { .. } => {
                Some("name the column in the recipe: [campaign] treatment = \"...\"".to_owned())
            }
            Self::Economics { .. } | Self::Empty { .. } => None,
        }
    }
}
