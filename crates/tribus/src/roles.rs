//! What each column holds and means, and what becomes of it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Finite 64-bit reals.
    Number,
    /// Unicode text.
    Text,
    /// Days since 1970-01-01.
    Date,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Number => "numbers",
            Self::Text => "text",
            Self::Date => "dates",
        })
    }
}

/// What a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Names the customer.
    Id,
    /// A calendar date.
    Date,
    /// Year of birth.
    BirthYear,
    /// Age in years.
    Age,
    /// A number of days (recency, tenure).
    Days,
    /// An amount of money.
    Money,
    /// How many (purchases, children, visits).
    Count,
    /// A grade on a scale.
    Score,
    /// A part of a whole, 0 to 1 or 0 to 100.
    Share,
    /// Yes or no.
    Flag,
    /// One of a few kinds (text, or an integer code).
    Category,
    /// Free text.
    Text,
    /// A number without a better role.
    Number,
    /// How many customers the row stands for.
    Weight,
    /// What a campaign is to change: response, churn, visit, conversion.
    Outcome,
    /// Which arm of a test the customer was in.
    Treatment,
    /// The same value in every row.
    Constant,
}

impl Role {
    /// Whether the numbers of such a column make customers alike or different.
    pub fn is_amount_or_measure(self) -> bool {
        matches!(
            self,
            Self::Money
                | Self::Count
                | Self::Score
                | Self::Share
                | Self::Days
                | Self::Age
                | Self::Number
                | Self::BirthYear
        )
    }

    /// The word used in recipes and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Date => "date",
            Self::BirthYear => "birth_year",
            Self::Age => "age",
            Self::Days => "days",
            Self::Money => "money",
            Self::Count => "count",
            Self::Score => "score",
            Self::Share => "share",
            Self::Flag => "flag",
            Self::Category => "category",
            Self::Text => "text",
            Self::Number => "number",
            Self::Weight => "weight",
            Self::Outcome => "outcome",
            Self::Treatment => "treatment",
            Self::Constant => "constant",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// What becomes of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Part of the distance between customers.
    Clustered,
    /// Shown for each segment, not part of the distance.
    Described,
    /// Not used.
    LeftOut,
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Clustered => "clustered on",
            Self::Described => "described only",
            Self::LeftOut => "left out",
        })
    }
}

/// The three groups in which features are shown and weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeatureGroup {
    /// What customers buy and spend.
    Behavior,
    /// Who they are.
    Demographics,
    /// How they respond, visit and come back.
    Engagement,
}

impl fmt::Display for FeatureGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Behavior => "behavior",
            Self::Demographics => "demographics",
            Self::Engagement => "engagement",
        })
    }
}

/// What was decided about one column, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnDecision {
    /// Column name.
    pub name: String,
    /// What it means.
    pub role: Role,
    /// What becomes of it.
    pub fate: Fate,
    /// Group of a feature.
    pub group: Option<FeatureGroup>,
    /// Why, in words for people.
    pub reason: String,
    /// Why, as a stable word for programs, such as `mostly_empty`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason_code: String,
    /// The columns that say the same, where it was left out or only described for that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redundant_with: Vec<String>,
    /// The recipe line that would change it.
    pub change: String,
    /// Made from other columns rather than read.
    pub derived: bool,
}
