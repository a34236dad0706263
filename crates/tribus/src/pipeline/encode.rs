//! One-hot encoding: a text column becomes one column of 0 and 1 per category.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::{Float64Array, LargeStringArray};
use serde::{Deserialize, Serialize};

use super::frame::Frame;

/// A one-hot encoding with its learnt categories.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Encoding {
    /// Text column.
    pub column: String,
    /// The new columns are called `prefix_category`.
    pub prefix: String,
    /// Categories in alphabetical order.
    pub categories: Vec<String>,
}

impl Encoding {
    pub(super) fn learn(column: &str, prefix: &str, text: &LargeStringArray) -> Self {
        let categories: BTreeSet<&str> = text.iter().flatten().collect();
        Self {
            column: column.to_owned(),
            prefix: prefix.to_owned(),
            categories: categories.into_iter().map(ToOwned::to_owned).collect(),
        }
    }

    /// The names of the new columns.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
        self.categories
            .iter()
            .map(|category| format!("{}_{category}", self.prefix))
    }

    /// Adds the new columns; gives how many cells hold a category that was not there when fitted.
    pub(super) fn apply(&self, frame: &mut Frame) -> u64 {
        let Some(text) = frame.text(&self.column).cloned() else {
            return 0;
        };
        for (category, name) in self.categories.iter().zip(self.names()) {
            let column: Float64Array = text
                .iter()
                .map(|cell| cell.map(|cell| f64::from(cell == category)))
                .collect();
            frame.set(&name, Arc::new(column));
        }
        text.iter()
            .flatten()
            .filter(|cell| {
                self.categories
                    .binary_search_by(|category| category.as_str().cmp(cell))
                    .is_err()
            })
            .count() as u64
    }
}
