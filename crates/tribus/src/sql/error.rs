//! What can keep a segmentation from being written as SQL.

use crate::expr::ExprError;
use crate::pipeline::PipelineError;
use crate::purchases::PurchasesError;

/// A segmentation that cannot be written as SQL.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SqlError {
    /// No column names the customer.
    #[error("the segmentation does not know which column names the customer")]
    NoId,
    /// The segmentation was made from customers.
    #[error("the segmentation was made from customers: there are no purchases to roll up")]
    NoPurchases,
    /// The segmentation was saved by a version that did not keep how the purchases are written, or their states are free text.
    #[error("the segmentation does not hold what a roll-up of its purchases needs")]
    NoForm,
    /// A dbt project cannot read from a table of this name.
    #[error("a dbt project cannot read from a table called `{table}`: {problem}")]
    Source {
        /// The table.
        table: String,
        /// Why.
        problem: &'static str,
    },
    /// The roll-up of purchases.
    #[error(transparent)]
    Purchases(#[from] PurchasesError),
    /// An expression of the recipe.
    #[error(transparent)]
    Expression(#[from] ExprError),
    /// A derived column, with another reference date.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
}

impl SqlError {
    /// The way out.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoPurchases => None,
            Self::Source { .. } => Some("give the table, or a view of it, another name".to_owned()),
            Self::NoForm | Self::Purchases(PurchasesError::NoSql { .. }) => Some(
                "roll them up with `tribus rollup`, and give that table with --rolled-up"
                    .to_owned(),
            ),
            Self::Purchases(error) => error.hint(),
            Self::NoId => Some("name it: --id COLUMN".to_owned()),
            Self::Expression(error) => error.hint(),
            Self::Pipeline(error) => error.hint(),
        }
    }
}
