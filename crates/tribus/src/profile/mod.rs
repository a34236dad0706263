//! What makes each segment itself: its differences, a name made from facts, and advice.
//!
//! In comes a [`Summary`]; out go [`Profiles`]. Nothing here knows rows, so the result does not depend on their order,
//! and every comparison is made on numbers cut to nine digits, so it does not depend on the last bits of a sum.

mod advice;
mod claim;
mod difference;
mod facts;
mod figures;
mod insights;
mod meaning;
mod names;
#[cfg(test)]
mod tests;
mod words;

use serde::{Deserialize, Serialize};

pub use claim::{Claim, Measure};
pub use words::column_words;

use crate::roles::ColumnDecision;
use crate::summary::Summary;
use facts::Facts;

/// How one segment differs from all customers in one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// Column.
    pub column: String,
    /// The category, where the column holds categories.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The segment's mean in raw units (share of customers, 0 to 1, for a category or flag).
    pub mean: f64,
    /// The mean over all customers.
    pub overall: f64,
    /// (mean - overall) / standard deviation over all customers.
    pub z: f64,
    /// In words: `spends 3.2 times the average on meat products (534 against 166)`.
    pub words: String,
}

/// One segment, described.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Segment number, 1-based.
    pub segment: usize,
    /// Its name: unique, short, true of the numbers.
    pub name: String,
    /// The user gave the name.
    pub locked: bool,
    /// What the words of the name rest on.
    pub claims: Vec<Claim>,
    /// The strongest differences, strongest first.
    pub differences: Vec<Difference>,
    /// One line of advice.
    pub advice: String,
}

/// All segments described, and the three insights on top.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profiles {
    /// One per segment, in order.
    pub segments: Vec<Profile>,
    /// How diverse the customers are; whom to retain; whom to win, and with what.
    pub insights: Vec<String>,
}

/// Describes every segment of `summary`: its differences, name and advice, and three insights over all.
///
/// `columns` says what became of each column; those left out are not spoken of. Cost: O(columns² x segments).
pub fn describe(summary: &Summary, columns: &[ColumnDecision]) -> Profiles {
    let facts = Facts::gather(summary, columns);
    let names = names::name_segments(&facts);
    let advice = advice::advise(&facts);
    let segments: Vec<Profile> = names
        .into_iter()
        .zip(advice)
        .enumerate()
        .map(|(index, (named, advice))| Profile {
            segment: index + 1,
            name: named.name,
            locked: false,
            claims: named.claims,
            differences: difference::strongest(&facts, index),
            advice,
        })
        .collect();
    let insights = insights::insights(&facts, &segments);
    Profiles { segments, insights }
}
