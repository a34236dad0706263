//! What makes each segment itself: its differences, a name made from facts, and advice.

use serde::{Deserialize, Serialize};

/// How one segment differs from all customers in one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// Column.
    pub column: String,
    /// The segment's mean in raw units (share of customers, 0 to 1, for a category or flag).
    pub mean: f64,
    /// The mean over all customers.
    pub overall: f64,
    /// (mean - overall) / standard deviation over all customers.
    pub z: f64,
    /// In words: `spends 3.2 times the average on meat products`.
    pub words: String,
}

/// A fact that a word of a name rests on; a test checks it against the data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The word or words of the name.
    pub word: String,
    /// Column the claim is about.
    pub column: String,
    /// What is claimed, in words: `highest mean MntTotal of all segments (1316)`.
    pub fact: String,
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
