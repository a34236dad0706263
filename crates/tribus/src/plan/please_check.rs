//! Decisions that the program is not sure of, as questions: at most five, the weightiest first.

use serde::{Deserialize, Serialize};

use super::draft::{Draft, DraftColumn};
use crate::meaning::{Confidence, Measure, Whose};
use crate::roles::{ColumnDecision, Fate, Role};

/// So many questions are asked at most.
const MOST_QUESTIONS: usize = 5;

/// A decision that somebody who knows the data should look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PleaseCheck {
    /// The column.
    pub column: String,
    /// What was decided: a role, or `value`.
    pub decided: String,
    /// What it could be instead, as words for the recipe.
    pub alternatives: Vec<String>,
    /// Why the program is not sure.
    pub reason: String,
    /// The recipe line that changes the decision.
    pub recipe: String,
    /// The flag that changes it, where there is one.
    pub flag: Option<String>,
    /// Share of the customers who keep their segment when the decision goes the other way; not known before a fit.
    pub agreement: Option<f64>,
}

impl PleaseCheck {
    /// The question as one sentence, without the way to answer it.
    pub fn sentence(&self) -> String {
        let agreement = self.agreement.map_or_else(String::new, |share| {
            let share = (100.0 * share).floor();
            format!(" ({share} % of the customers keep their segment then)")
        });
        format!(
            "{}: {}, for {}; or {}?{agreement}",
            self.column,
            self.decided,
            self.reason,
            self.alternatives.join(" or ")
        )
    }

    /// Whether it asks which column is the value, not what a column means.
    pub(super) fn is_about_value(&self) -> bool {
        [VALUE, NO_VALUE].contains(&self.decided.as_str())
    }
}

/// What is decided where the question is which column is the value.
const VALUE: &str = "value";
const NO_VALUE: &str = "no value";

/// So many other columns are named at most.
const MOST_ALTERNATIVES: usize = 3;

/// The questions about a plan. What the recipe states is not asked.
pub(super) fn questions(draft: &Draft<'_>, columns: &[ColumnDecision]) -> Vec<PleaseCheck> {
    if draft.explicit {
        return Vec::new();
    }
    let about_value = about_value(draft);
    let asked = about_value.as_ref().map(|question| question.column.clone());
    let mut found: Vec<(u32, PleaseCheck)> = Vec::new();
    found.extend(about_value.map(|question| (0, question)));
    let decided = draft.columns.iter().zip(columns).enumerate();
    for (at, (column, decision)) in decided {
        let is_asked = asked.as_ref() == Some(&column.traits.name);
        if is_asked || draft.is_given(at) || column.traits.derived {
            continue;
        }
        found.extend(about_column(column, decision));
    }
    found.sort_by(|a, b| (a.0, &a.1.column).cmp(&(b.0, &b.1.column)));
    found.truncate(MOST_QUESTIONS);
    found.into_iter().map(|(_, question)| question).collect()
}

/// The value was guessed, or there is money and no value.
fn about_value(draft: &Draft<'_>) -> Option<PleaseCheck> {
    if draft.value_is_given {
        return None;
    }
    let ask = |column: &str, decided: &str, alternatives: Vec<String>, reason: &str| {
        let (recipe, flag) = match decided {
            VALUE => ("segment.value = false".to_owned(), "--no-value".to_owned()),
            _ => (
                format!("segment.value = {column:?}"),
                format!("--value {column}"),
            ),
        };
        PleaseCheck {
            column: column.to_owned(),
            decided: decided.to_owned(),
            recipe,
            flag: Some(flag),
            alternatives,
            reason: reason.to_owned(),
            agreement: None,
        }
    };
    let amounts: Vec<&DraftColumn> = draft
        .columns
        .iter()
        .filter(|column| column.role == Role::Money && column.meaning.whose == Some(Whose::Unknown))
        .collect();
    let names = || amounts.iter().map(|column| column.traits.name.clone());
    match draft.recipe.segment.value_column() {
        Some(value) if !amounts.is_empty() && is_guessed(draft, value) => {
            let others = names().filter(|name| name != value);
            let others = others.take(MOST_ALTERNATIVES);
            let alternatives = std::iter::once(NO_VALUE.to_owned()).chain(others).collect();
            let reason = "no name says that it is what customers spend";
            Some(ask(value, VALUE, alternatives, reason))
        }
        None if !amounts.is_empty() && !draft.standardized => {
            let first = &amounts[0].traits.name;
            let reason = "it is money, but nothing says that customers spend it here";
            let alternatives = names().take(MOST_ALTERNATIVES).collect();
            Some(ask(first, NO_VALUE, alternatives, reason))
        }
        _ => None,
    }
}

/// Whether no name says that the value is what customers spend or are worth.
fn is_guessed(draft: &Draft<'_>, value: &str) -> bool {
    let known =
        |column: &DraftColumn| matches!(column.meaning.whose, Some(Whose::Spent | Whose::Worth));
    !draft
        .columns
        .iter()
        .any(|column| known(column) && column.role == Role::Money)
        || {
            let at = draft.position(value);
            at.is_some_and(|at| draft.columns[at].meaning.whose == Some(Whose::Unknown))
        }
}

/// How weighty the question about a column is, and the question; none where the program is sure.
fn about_column(column: &DraftColumn, decision: &ColumnDecision) -> Option<(u32, PleaseCheck)> {
    let meaning = &column.meaning;
    let (weight, alternatives): (u32, &[&str]) = match (meaning.measure, meaning.confidence) {
        (Measure::Epoch, Confidence::Likely) => (1, &["date", "id"]),
        (Measure::Identifier, Confidence::Likely) if column.traits.numbers().is_some() => {
            (2, &["number", "money"])
        }
        (Measure::Money, Confidence::Guess) => (3, &["number", "id"]),
        (Measure::Code, Confidence::Guess) => (4, &["count", "score"]),
        (Measure::Count | Measure::Number, Confidence::Guess)
            if decision.fate == Fate::Clustered =>
        {
            (5, &["category", "id"])
        }
        _ => return None,
    };
    let question = PleaseCheck {
        column: column.traits.name.clone(),
        decided: decision.role.word().to_owned(),
        alternatives: alternatives.iter().map(|word| (*word).to_owned()).collect(),
        reason: meaning.because.clone(),
        recipe: decision.change.clone(),
        flag: None,
        agreement: None,
    };
    Some((weight, question))
}
