//! The values a recipe's keys can take. Each is parsed once, here, with an error that lists what is allowed.

use std::fmt;
use std::str::FromStr;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// A keyword setting: its words, and the strings they are written as.
macro_rules! keywords {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $word)] $variant),+ }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self { $(Self::$variant => $word),+ })
            }
        }

        impl FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    other => Err(format!("`{other}` is none of {}", [$($word),+].join(", "))),
                }
            }
        }
    };
}

pub(super) use keywords;

keywords! {
    /// How a feature is transformed before scaling.
    Transform {
        /// Log1p for heavy-tailed money and counts, nothing for the rest.
        Auto = "auto",
        /// As it is.
        None = "none",
        /// Natural logarithm; values must be above 0.
        Log = "log",
        /// Natural logarithm of 1 + x; values must be above -1.
        Log1p = "log1p",
        /// Yeo-Johnson, its power fitted by maximum likelihood.
        YeoJohnson = "yeo-johnson",
    }
}

keywords! {
    /// How a feature is scaled.
    Scale {
        /// (x - mean) / population standard deviation.
        Standard = "standard",
        /// (x - median) / interquartile range.
        Robust = "robust",
        /// (x - minimum) / (maximum - minimum).
        MinMax = "minmax",
        /// As it is.
        None = "none",
    }
}

keywords! {
    /// What happens to far outliers.
    Limits {
        /// Limited for the distance only, and marked.
        Auto = "auto",
        /// Nothing.
        None = "none",
    }
}

keywords! {
    /// How features share the distance.
    Weights {
        /// Every feature alike.
        Equal = "equal",
        /// Behavior, demographics and engagement weighed so that a group of many columns does not drown the others.
        Balanced = "balanced",
    }
}

keywords! {
    /// How much is done to choose the number of segments.
    Depth {
        /// Every criterion, and a verdict beside made-up customers without groups.
        Full = "full",
        /// Elbow, silhouette and a few resamples.
        Quick = "quick",
    }
}

/// A replacement value or a constant: text or a number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a text or a number")]
pub enum Scalar {
    /// A number.
    Number(f64),
    /// Text; the empty text stands for missing.
    Text(String),
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

keywords! {
    /// Rules for missing cells, by their word.
    MissingRule {
        /// The row is set aside.
        Drop = "drop",
        /// The median of the rows kept (most frequent for text).
        Median = "median",
        /// The mean of the rows kept (most frequent for text).
        Mean = "mean",
        /// The most frequent value of the rows kept.
        MostFrequent = "most frequent",
        /// Refuse to go on.
        Error = "error",
        /// Leave them missing (not for columns clustered on).
        Keep = "keep",
    }
}

/// What to do with a missing cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "\"median\", \"mean\", \"most frequent\", \"drop\", \"error\", \"keep\" or { value = ... }"
)]
pub enum Missing {
    /// A rule.
    Rule(MissingRule),
    /// A constant.
    Value {
        /// The constant.
        value: Scalar,
    },
}

/// One transform for all features, or one per column (`auto` for those not named).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "\"auto\", \"none\", \"log\", \"log1p\", \"yeo-johnson\", or a table with one of them per column"
)]
pub enum Transforms {
    /// For all.
    All(Transform),
    /// Per column.
    PerColumn(IndexMap<String, Transform>),
}

impl Transforms {
    /// The transform asked for `column`.
    pub fn of(&self, column: &str) -> Transform {
        match self {
            Self::All(transform) => *transform,
            Self::PerColumn(columns) => columns.get(column).copied().unwrap_or(Transform::Auto),
        }
    }
}

/// How many segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ClustersText", into = "ClustersText")]
pub enum Clusters {
    /// By the evidence.
    Auto,
    /// Exactly so many.
    Exactly(usize),
    /// By the evidence, between two numbers, both included.
    Range(usize, usize),
}

#[derive(Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "\"auto\", a number, or a range such as \"2-10\""
)]
enum ClustersText {
    Number(i64),
    Text(String),
}

impl TryFrom<ClustersText> for Clusters {
    type Error = String;
    fn try_from(text: ClustersText) -> Result<Self, String> {
        match text {
            ClustersText::Number(number) => number.to_string().parse(),
            ClustersText::Text(text) => text.parse(),
        }
    }
}

impl From<Clusters> for ClustersText {
    fn from(clusters: Clusters) -> Self {
        match clusters {
            Clusters::Exactly(k) => Self::Number(k as i64),
            other => Self::Text(other.to_string()),
        }
    }
}

impl fmt::Display for Clusters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Exactly(k) => write!(f, "{k}"),
            Self::Range(from, to) => write!(f, "{from}-{to}"),
        }
    }
}

/// What says what a customer is worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ValueText", into = "ValueText")]
pub enum ValueColumn {
    /// This column; higher is better.
    Named(String),
    /// No column: segments are ordered by size.
    None,
}

impl ValueColumn {
    /// The column, where there is one.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name),
            Self::None => None,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "the name of a column, or false")]
enum ValueText {
    Name(String),
    Flag(bool),
}

impl TryFrom<ValueText> for ValueColumn {
    type Error = &'static str;
    fn try_from(text: ValueText) -> Result<Self, Self::Error> {
        match text {
            ValueText::Name(name) => Ok(Self::Named(name)),
            ValueText::Flag(false) => Ok(Self::None),
            ValueText::Flag(true) => Err("give the name of the column, or false for none"),
        }
    }
}

impl From<ValueColumn> for ValueText {
    fn from(value: ValueColumn) -> Self {
        match value {
            ValueColumn::Named(name) => Self::Name(name),
            ValueColumn::None => Self::Flag(false),
        }
    }
}

/// The most segments a team can act on, where the customers have no natural number: two or more, eight by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct MaxSegments(usize);

impl MaxSegments {
    /// The number.
    pub fn get(self) -> usize {
        self.0
    }
}

impl Default for MaxSegments {
    fn default() -> Self {
        Self(8)
    }
}

impl TryFrom<i64> for MaxSegments {
    type Error = String;
    fn try_from(number: i64) -> Result<Self, String> {
        match usize::try_from(number) {
            Ok(most) if (2..=MOST_CLUSTERS).contains(&most) => Ok(Self(most)),
            _ => Err(format!(
                "{number} is no greatest number of segments: give 2 to {MOST_CLUSTERS}"
            )),
        }
    }
}

impl From<MaxSegments> for i64 {
    fn from(most: MaxSegments) -> Self {
        most.0 as Self
    }
}

impl FromStr for MaxSegments {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.trim().parse::<i64>();
        number
            .map_err(|_| format!("`{text}` is not a whole number"))?
            .try_into()
    }
}

/// The largest number of segments that can be asked for.
const MOST_CLUSTERS: usize = 1000;

impl FromStr for Clusters {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |part: &str| match part.trim().parse::<usize>() {
            Ok(k) if (1..=MOST_CLUSTERS).contains(&k) => Ok(k),
            _ => Err(format!(
                "`{text}` is no number of segments: give auto, a number from 1 to {MOST_CLUSTERS}, or a range such as 2-10"
            )),
        };
        if text == "auto" {
            return Ok(Self::Auto);
        }
        match text.split_once('-') {
            None => number(text).map(Self::Exactly),
            Some((from, to)) => match (number(from)?, number(to)?) {
                (from, to) if from > to => Err(format!(
                    "the range {text} ends before it begins: write {to}-{from}"
                )),
                (from, to) if from == to => Ok(Self::Exactly(from)),
                (from, to) => Ok(Self::Range(from, to)),
            },
        }
    }
}
