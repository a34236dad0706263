//! Rules: each segment as a few thresholds on raw columns, with how much of it they find, and as SQL.
//!
//! A tree of thresholds is grown on the segments: first one leaf per segment, each cut parting centroids at the price of as
//! few misplaced customers as possible (IMM: Dasgupta, Frost, Moshkovitz and Rashtchian 2020,
//! <https://doi.org/10.48550/arXiv.2002.12538>), then up to twice as many leaves where a further cut finds misplaced
//! customers again (as ExKMC: Frost, Moshkovitz and Rashtchian 2020, <https://doi.org/10.48550/arXiv.2006.02399>).

mod grow;
mod round;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::expr::Dialect;
use crate::segment::SegmentNumber;
use crate::vocabulary::column_words;
use crate::words::grouped;

pub(crate) use grow::{Customers, grow};

/// What a column must be for one path of a rule: above a number, up to a number, or both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// Column, as `tribus prepare` writes it.
    pub column: String,
    /// Greater than this.
    pub above: Option<f64>,
    /// Less than or equal to this.
    pub up_to: Option<f64>,
}

/// The rule of one segment, and how it does on the customers it was made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentRule {
    /// Segment.
    pub segment: SegmentNumber,
    /// Ways into the segment: all bounds of one of them must hold.
    pub paths: Vec<Vec<Bound>>,
    /// Customers the rule takes.
    pub customers: u64,
    /// Share of the segment's customers that the rule takes.
    pub coverage: f64,
    /// Share of the customers the rule takes that are of the segment.
    pub precision: f64,
}

/// One rule per segment. Every customer is taken by exactly one of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Share of the customers whose rule is that of their segment.
    pub fidelity: f64,
    /// In segment order.
    pub segments: Vec<SegmentRule>,
}

impl SegmentRule {
    /// `income up to 41,000 and wines above 300, or ...`.
    pub fn words(&self) -> String {
        let paths = self.paths.iter().map(|path| {
            let bounds: Vec<String> = path.iter().map(Bound::words).collect();
            bounds.join(" and ")
        });
        let paths: Vec<String> = paths.collect();
        if paths.len() > 1 {
            paths.join("; or ")
        } else if paths.iter().all(String::is_empty) {
            "everybody".to_owned()
        } else {
            paths.concat()
        }
    }

    /// The condition in SQL, over the columns that `tribus prepare` writes.
    pub fn sql(&self, dialect: Dialect) -> String {
        let paths = self.paths.iter().map(|path| {
            let bounds: Vec<String> = path.iter().map(|bound| bound.sql(dialect)).collect();
            bounds.join(" AND ")
        });
        let paths: Vec<String> = paths
            .map(|path| {
                if path.is_empty() {
                    "TRUE".to_owned()
                } else {
                    path
                }
            })
            .collect();
        if paths.len() > 1 {
            format!("({})", paths.join(") OR ("))
        } else {
            paths.concat()
        }
    }
}

impl Bound {
    fn words(&self) -> String {
        let words = column_words(&self.column);
        match (self.above, self.up_to) {
            (Some(above), Some(up_to)) => {
                format!(
                    "{words} above {} up to {}",
                    readable(above),
                    readable(up_to)
                )
            }
            (Some(above), None) => format!("{words} above {}", readable(above)),
            (None, Some(up_to)) => format!("{words} up to {}", readable(up_to)),
            (None, None) => words,
        }
    }

    fn sql(&self, dialect: Dialect) -> String {
        let column = dialect.identifier(&self.column);
        let above = self
            .above
            .map(|above| format!("{column} > {}", dialect.number(above)));
        let up_to = self
            .up_to
            .map(|up_to| format!("{column} <= {}", dialect.number(up_to)));
        let bounds: Vec<String> = [above, up_to].into_iter().flatten().collect();
        bounds.join(" AND ")
    }
}

impl Rules {
    /// All rules as one `CASE`: the segment's number for every row of the table that `tribus prepare` writes.
    pub fn sql(&self, dialect: Dialect) -> String {
        let mut sql = "CASE\n".to_owned();
        for rule in &self.segments {
            if !rule.paths.is_empty() {
                let condition = rule.sql(dialect);
                // Writing to a string cannot fail.
                let _ = writeln!(sql, "  WHEN {condition} THEN {}", rule.segment);
            }
        }
        sql + "END"
    }
}

/// All the digits of a number, with commas between thousands.
fn readable(number: f64) -> String {
    let text = number.abs().to_string();
    let sign = if number < 0.0 { "-" } else { "" };
    match text.split_once('.') {
        Some((whole, fraction)) => format!("{sign}{}.{fraction}", grouped(whole)),
        None => format!("{sign}{}", grouped(&text)),
    }
}
