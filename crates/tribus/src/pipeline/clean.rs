//! Replacing values, setting rows aside, filling gaps.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Date32Array, Float64Array, LargeStringArray};
use serde::{Deserialize, Serialize};

use super::frame::{Frame, missing_rows, present};
use crate::date::Date;
use crate::expr::Expr;
use crate::recipe::{Missing, MissingRule, Scalar};
use crate::statistics::{mean, quantile, sorted};

/// Values of one column to replace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replacement {
    /// Column.
    pub column: String,
    /// Old value (as text) and new one.
    pub pairs: Vec<(String, Scalar)>,
}

/// Rows to set aside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DropStep {
    /// The condition.
    pub condition: Expr,
    /// The reason.
    pub because: String,
}

/// A constant of one of the three kinds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Constant {
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
    /// A day.
    Date(Date),
}

/// What fills the gaps of one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filling {
    /// A constant, learnt or given; the words name the rule: `median 51381.5`.
    With {
        /// The constant.
        constant: Constant,
        /// The rule.
        words: String,
    },
    /// The row is set aside.
    SetAside,
    /// A gap is an error.
    Refuse,
}

/// The gaps of one column, and what fills them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fill {
    /// Column.
    pub column: String,
    /// What fills its gaps.
    pub filling: Filling,
}

impl Replacement {
    /// Replaces in the frame; gives how many cells each pair changed.
    pub(super) fn apply(&self, frame: &mut Frame) -> Vec<(String, u64)> {
        let mut counts = vec![0_u64; self.pairs.len()];
        if let Some(text) = frame.text(&self.column).cloned() {
            let cells = text.iter().enumerate().map(|(row, cell)| {
                let hit = self
                    .pairs
                    .iter()
                    .position(|(old, _)| cell.unwrap_or("") == old);
                match hit {
                    None => cell.map(ToOwned::to_owned),
                    Some(at) => {
                        counts[at] += 1;
                        frame.repaired[row] += 1;
                        Some(self.pairs[at].1.to_string()).filter(|new| !new.is_empty())
                    }
                }
            });
            let array: LargeStringArray = cells.collect();
            frame.set(&self.column, Arc::new(array));
        } else if let Some(numbers) = frame.numbers(&self.column).cloned() {
            // An old value that is no number never stands in the column; the empty one stands for a gap.
            let old_number = |old: &String| match old.as_str() {
                "" => None,
                text => Some(text.parse().unwrap_or(f64::NAN)),
            };
            let pairs: Vec<(Option<f64>, Option<f64>)> = self
                .pairs
                .iter()
                .map(|(old, new)| (old_number(old), number_of(new)))
                .collect();
            let cells = numbers.iter().enumerate().map(|(row, cell)| {
                match pairs.iter().position(|(old, _)| *old == cell) {
                    None => cell,
                    Some(at) => {
                        counts[at] += 1;
                        frame.repaired[row] += 1;
                        pairs[at].1
                    }
                }
            });
            let array: Float64Array = cells.collect();
            frame.set(&self.column, Arc::new(array));
        }
        let rules = self
            .pairs
            .iter()
            .map(|(old, new)| format!("{old} -> {new}"));
        rules.zip(counts).filter(|(_, cells)| *cells > 0).collect()
    }
}

fn number_of(scalar: &Scalar) -> Option<f64> {
    match scalar {
        Scalar::Number(number) => Some(*number),
        Scalar::Text(text) => text.parse().ok(),
    }
}

impl Filling {
    /// Learns what fills the gaps of `column` by `rule`; nothing when the rule is to keep them, or no value is there.
    pub(super) fn learn(column: &ArrayRef, rule: &Missing) -> Option<Self> {
        match rule {
            Missing::Rule(MissingRule::Keep) => None,
            Missing::Rule(MissingRule::Drop) => Some(Self::SetAside),
            Missing::Rule(MissingRule::Error) => Some(Self::Refuse),
            Missing::Value { value } => {
                let constant = given(column, value)?;
                Some(Self::With {
                    constant,
                    words: format!("value {value}"),
                })
            }
            Missing::Rule(rule) => learnt(column, *rule),
        }
    }
}

fn given(column: &ArrayRef, value: &Scalar) -> Option<Constant> {
    let any = column.as_any();
    if any.is::<Float64Array>() {
        number_of(value).map(Constant::Number)
    } else if any.is::<Date32Array>() {
        Date::parse(&value.to_string()).map(Constant::Date)
    } else {
        Some(Constant::Text(value.to_string()))
    }
}

fn learnt(column: &ArrayRef, rule: MissingRule) -> Option<Filling> {
    let any = column.as_any();
    if let Some(numbers) = any.downcast_ref::<Float64Array>() {
        let values = present(numbers);
        let value = match rule {
            _ if values.is_empty() => return None,
            MissingRule::Mean => mean(&values),
            MissingRule::MostFrequent => most_frequent_number(&values),
            _ => quantile(&sorted(&values), 0.5),
        };
        Some(Filling::With {
            constant: Constant::Number(value),
            words: format!("{rule} {value}"),
        })
    } else if let Some(dates) = any.downcast_ref::<Date32Array>() {
        let mut days: Vec<i32> = dates.iter().flatten().collect();
        days.sort_unstable();
        let date = Date::from_days(*days.get(days.len() / 2)?)?;
        Some(Filling::With {
            constant: Constant::Date(date),
            words: format!("median {date}"),
        })
    } else {
        let text = any.downcast_ref::<LargeStringArray>()?;
        let value = most_frequent_text(text)?;
        let words = format!("most frequent \"{value}\"");
        Some(Filling::With {
            constant: Constant::Text(value),
            words,
        })
    }
}

/// Ties go to the smallest value.
fn most_frequent_number(values: &[f64]) -> f64 {
    let ordered = sorted(values);
    let mut best = (0, 0.0);
    for run in ordered.chunk_by(|a, b| a == b) {
        if run.len() > best.0 {
            best = (run.len(), run[0]);
        }
    }
    best.1
}

/// Ties go to the first in alphabetical order.
fn most_frequent_text(text: &LargeStringArray) -> Option<String> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for cell in text.iter().flatten() {
        *counts.entry(cell).or_default() += 1;
    }
    let most = *counts.values().max()?;
    counts
        .into_iter()
        .find(|(_, count)| *count == most)
        .map(|(cell, _)| cell.to_owned())
}

/// Fills the gaps of a column with a constant; gives how many there were.
pub(super) fn fill(frame: &mut Frame, column: &str, constant: &Constant) -> u64 {
    let Some(array) = frame.column(column).cloned() else {
        return 0;
    };
    let gaps = missing_rows(&array);
    if gaps.is_empty() {
        return 0;
    }
    let any = array.as_any();
    let filled: Option<ArrayRef> = match constant {
        Constant::Number(value) => any.downcast_ref::<Float64Array>().map(|numbers| {
            let filled: Float64Array = numbers
                .iter()
                .map(|cell| Some(cell.unwrap_or(*value)))
                .collect();
            Arc::new(filled) as ArrayRef
        }),
        Constant::Date(date) => any.downcast_ref::<Date32Array>().map(|dates| {
            let filled: Date32Array = dates
                .iter()
                .map(|cell| Some(cell.unwrap_or(date.days())))
                .collect();
            Arc::new(filled) as ArrayRef
        }),
        Constant::Text(value) => any.downcast_ref::<LargeStringArray>().map(|text| {
            let filled: LargeStringArray = text
                .iter()
                .map(|cell| Some(cell.unwrap_or(value)))
                .collect();
            Arc::new(filled) as ArrayRef
        }),
    };
    let Some(filled) = filled else { return 0 };
    frame.set(column, filled);
    frame.mark_filled(column, &gaps);
    for row in &gaps {
        frame.repaired[*row] += 1;
    }
    gaps.len() as u64
}
