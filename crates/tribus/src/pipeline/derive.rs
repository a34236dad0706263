//! Derived columns, in an order in which each has what it needs.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::error::PipelineError;
use crate::expr::{self, Expr};

/// A column made from others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Derivation {
    /// Name of the new column.
    pub name: String,
    /// How it is made.
    pub expression: Expr,
}

/// Parses the derivations of a recipe and puts them in an order in which each stands behind what it needs.
pub(super) fn in_order(
    derive: &IndexMap<String, String>,
) -> Result<Vec<Derivation>, PipelineError> {
    let mut waiting = Vec::with_capacity(derive.len());
    for (name, text) in derive {
        let expression = Expr::parse(text).map_err(|source| PipelineError::Expression {
            place: format!("derive.{name}"),
            source,
        })?;
        waiting.push((name.clone(), expression));
    }
    let ordered = expr::in_order(waiting).map_err(|columns| PipelineError::Circle { columns })?;
    let derivation = |(name, expression)| Derivation { name, expression };
    Ok(ordered.into_iter().map(derivation).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn derive(pairs: &[(&str, &str)]) -> IndexMap<String, String> {
        pairs
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect()
    }

    #[test]
    fn a_column_stands_behind_what_it_needs() {
        let ordered = in_order(&derive(&[("b", "a + 1"), ("a", "x * 2")])).unwrap();
        let names: Vec<&str> = ordered.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
    }

    #[test]
    fn a_circle_is_refused() {
        let error = in_order(&derive(&[("a", "b + 1"), ("b", "a + 1")])).unwrap_err();
        assert_eq!(error.to_string(), "derive: a, b need each other");
    }
}
