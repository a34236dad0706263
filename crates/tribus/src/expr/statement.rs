//! One SQL statement of several steps: common table expressions, each with a comment that says what it holds.

use std::fmt::Write as _;

use super::Dialect;

/// A common table expression.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) name: String,
    /// What it holds, in one line.
    pub(crate) comment: &'static str,
    pub(crate) query: String,
    /// Whether the engine must compute it once, where it is read several times.
    pub(crate) is_fence: bool,
}

impl Step {
    pub(crate) fn new(name: impl Into<String>, comment: &'static str, query: String) -> Self {
        Self {
            name: name.into(),
            comment,
            query,
            is_fence: false,
        }
    }

    /// The same, computed once: engines that put its text in the place of its name would compute it for each reader.
    pub(crate) fn fenced(self) -> Self {
        Self {
            is_fence: true,
            ..self
        }
    }
}

/// The steps in their order, then the query that reads them.
pub(crate) fn statement(steps: &[Step], last: &str, dialect: Dialect) -> String {
    // Other engines compute a step once on their own, or cannot be told to.
    let has_fences = matches!(dialect, Dialect::Postgres | Dialect::Sqlite);
    let mut text = String::new();
    for step in steps {
        let before = if text.is_empty() { "WITH" } else { "," };
        let fence = if step.is_fence && has_fences {
            " MATERIALIZED"
        } else {
            ""
        };
        let (name, query) = (&step.name, &step.query);
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "{before}\n-- {}\n{name} AS{fence} (\n{query}\n)",
            step.comment
        );
    }
    let _ = write!(text, "\n{last}\n");
    text
}
