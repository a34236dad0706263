//! What changed in the data between the rows that a segmentation was made from and rows that are assigned to it.
//!
//! In: a baseline that the segmentation keeps (counts and a few bounds, no row) and a prepared table. Out: a [`Drift`], which
//! lists what changed. A change is listed when it is significant (at most one report in a hundred lists anything where nothing
//! changed) and large. docs/drift.md has the definitions and the source of each test.

mod baseline;
mod categories;
mod cells;
mod columns;
mod compare;
mod words;

use serde::Serialize;

pub(crate) use baseline::{Baseline, ColumnBaseline, Holds, Levels, Missing, Numbers};
pub(crate) use compare::{Aside, Group, Rows, compare};

use crate::segment::SegmentNumber;

/// Changes of a share below this are not told, however sure: 1 point.
pub const LARGE_SHARE: f64 = 0.01;

/// Changes of a mean below this are not told, however sure: 0.1 standard deviations of the rows that were segmented.
pub const LARGE_MEAN: f64 = 0.1;

/// What changed, and whether anything did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drift {
    /// Anything did: `what` is not empty.
    pub changed: bool,
    /// New rows that were compared: those assigned.
    pub rows: u64,
    /// Rows they were compared with: those that were segmented.
    pub rows_then: u64,
    /// How many comparisons were made. `p` allows for all of them.
    pub comparisons: usize,
    /// The changes, the largest first: how often the effect holds the least effect that is told.
    pub what: Vec<Change>,
}

/// What a change is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A column of the file, or a derived one.
    Column(String),
    /// A segment, or a group by rule.
    Segment(SegmentNumber),
}

/// What kind of change it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// The values of a column lie higher or lower; `then` and `now` are means.
    Mean,
    /// A category that was not there, or hardly.
    Unseen,
    /// A segment, a category or a flag is more or less frequent.
    Share,
    /// The values of a column are spread otherwise, their mean is nearly the same; `then` and `now` are the shares of the values
    /// in one interval.
    Shape,
    /// More or fewer cells of a column are missing.
    Missing,
    /// Values lie beyond the smallest or the largest one that was segmented.
    Range,
    /// More or fewer rows are set aside by one rule.
    SetAside,
}

/// One change. Its numbers are shares from 0 to 1, but for the means of [`ChangeKind::Mean`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// What it is of.
    #[serde(flatten)]
    pub place: Place,
    /// The name of the segment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What kind of change it is.
    pub kind: ChangeKind,
    /// The category that changed most, of a share or of what is unseen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Of a shape: the interval, its end excluded; no bound is none. Of a range: the smallest and the largest value then, rounded
    /// away from each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub between: Option<[Option<f64>; 2]>,
    /// Why rows are set aside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Among the rows that were segmented.
    pub then: f64,
    /// Among the new rows.
    pub now: f64,
    /// The probability of such a change in any of the comparisons if nothing changed: corrected for all of them.
    pub p: f64,
    /// How large the change is, without its sign: of a share its difference (0.01 is 1 point), of a mean its difference in standard
    /// deviations of the rows that were segmented.
    pub effect: f64,
    /// The population stability index of the column, of all segments, or of the two shares. No decision rests on it.
    pub psi: f64,
}

impl Change {
    /// How often the effect holds the least effect that is told.
    fn size(&self) -> f64 {
        self.effect / self.least()
    }

    /// The least effect that is told.
    fn least(&self) -> f64 {
        match self.kind {
            ChangeKind::Mean => LARGE_MEAN,
            _ => LARGE_SHARE,
        }
    }

    /// Shares are differences of decimal fractions: 0.06 - 0.05 is to be 1 point.
    fn is_large(&self) -> bool {
        self.effect >= self.least() * (1.0 - 1e-9)
    }
}

#[cfg(test)]
mod tests;
