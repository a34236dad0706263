//! From a table and what the user said to a complete recipe: what each column means, what is clustered on, described or
//! left out, what is derived, treated and transformed, each with its reason and the recipe line that changes it.
//!
//! In: a [`Recipe`], perhaps empty, and a [`Table`]. Out: a [`Plan`] with a recipe in which nothing is left open.
//! The planner fits nothing. The order of the columns in the file never changes what it decides.

mod battery;
mod blanks;
mod codes;
mod complete;
mod derived;
mod draft;
mod error;
mod fates;
mod group;
mod identify;
mod please_check;
mod redundant;
mod sums;
mod value;
mod weigh;

use std::collections::{BTreeMap, BTreeSet};

pub use error::PlanError;
pub use please_check::PleaseCheck;

use crate::recipe::{Recipe, Weights, recognize};
use crate::roles::{ColumnDecision, Fate, FeatureGroup, Role};
use crate::table::Table;

/// A complete recipe, and why it is what it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The recipe, nothing left open.
    pub recipe: Recipe,
    /// Every column of the file and every derived one, in file order.
    pub columns: Vec<ColumnDecision>,
    /// Categories written as several 0/1 columns: name and columns.
    pub blocks: Vec<(String, Vec<String>)>,
    /// What people should know.
    pub notes: Vec<String>,
    /// Decisions that somebody who knows the data should look at, at most five.
    pub please_check: Vec<PleaseCheck>,
    /// Share of each feature group in the squared distance, where groups are weighed.
    pub group_shares: Vec<(FeatureGroup, f64)>,
    amounts: BTreeSet<String>,
    weights: BTreeMap<String, f64>,
}

impl Plan {
    /// Decides everything the recipe leaves open.
    ///
    /// # Errors
    /// Columns of the recipe that are not there; ids that repeat or are
    /// missing; expressions that cannot be evaluated.
    pub fn make(recipe: &Recipe, table: &Table) -> Result<Self, PlanError> {
        let mut draft = draft::Draft::new(recipe, table)?;
        if !draft.explicit {
            blanks::settle(&mut draft);
        }
        draft.read_together();
        identify::id(&mut draft)?;
        redundant::mark(&mut draft)?;
        derived::add(&mut draft)?;
        let columns = fates::decide(&draft);
        Ok(complete::complete(draft, columns))
    }

    /// Whether a feature is money or a count, which a logarithm may suit.
    pub fn is_amount(&self, feature: &str) -> bool {
        self.amounts.contains(feature)
    }

    /// The weight of a feature's scaled values.
    pub fn weight(&self, feature: &str) -> f64 {
        self.weights.get(feature).copied().unwrap_or(1.0)
    }

    /// The plan with the decision of a question turned around: what is clustered on is not, and the other way round. None
    /// where nothing would be left to cluster on, or the column holds no numbers.
    pub(crate) fn the_other_way(&self, question: &PleaseCheck) -> Option<Self> {
        let mut other = self.clone();
        if question.is_about_value() {
            return Some(other);
        }
        let features = &mut other.recipe.segment.features;
        let before = features.len();
        features.retain(|name| *name != question.column);
        if features.len() == before {
            let column = self
                .columns
                .iter()
                .find(|column| column.name == question.column)?;
            features.push(column.name.clone());
            features.sort_unstable();
        }
        let weights = other.recipe.segment.weights.unwrap_or(Weights::Equal);
        let features = &other.recipe.segment.features;
        (other.weights, other.group_shares) = weigh::weigh(&self.columns, features, weights);
        (!features.is_empty()).then_some(other)
    }

    /// Names of the columns with a fate.
    pub fn with_fate(&self, fate: Fate) -> impl Iterator<Item = &ColumnDecision> {
        self.columns
            .iter()
            .filter(move |column| column.fate == fate)
    }

    /// The role of a column.
    pub fn role(&self, name: &str) -> Option<Role> {
        self.columns
            .iter()
            .find(|column| column.name == name)
            .map(|column| column.role)
    }
}

/// The note that a built-in recipe fits the file.
fn recognized(table: &Table) -> Option<String> {
    recognize(table.names()).map(|entry| {
        format!(
            "these columns match the built-in recipe `{}`: try --recipe {}",
            entry.name, entry.name
        )
    })
}

#[cfg(test)]
mod tests;
