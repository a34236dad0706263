//! Batteries: three columns and more about one thing on one scale, such as the items of a survey, products held, categories
//! bought. They are clustered on; a single yes or no is only described.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::PlanError;
use super::derived::{derive, free_name};
use super::draft::{Draft, LONGEST_SCALE, Verdict, asks, is_question};
use crate::expr::identifier;
use crate::meaning::{Confidence, Event, Measure, Values};
use crate::roles::Fate;
use crate::vocabulary::columns::{Answer, answer};

/// Fewest columns of a battery whose names begin or end alike, or that are on a scale of more than two values.
const FEWEST_ITEMS: usize = 3;

/// Fewest yes-or-no columns of a battery whose names have nothing in common.
const FEWEST_ANSWERS: usize = 8;

/// Finds the items of batteries and gives them a measure.
pub(super) fn mark(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    let mut scales: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for at in 0..draft.columns.len() {
        if let Some(top) = scale(draft, at) {
            scales.entry(top).or_default().push(at);
        }
    }
    for (top, columns) in scales {
        let mut items = items(draft, &columns, top);
        items.extend(siblings(draft, &items, top));
        for at in items {
            let (measure, because) = if top <= 1 {
                (
                    Measure::Flag,
                    "it is one of several answers of yes or no about one thing",
                )
            } else {
                (Measure::Score, "it is one of several answers on one scale")
            };
            let at = if draft.columns[at].traits.numbers().is_some() {
                at
            } else {
                number_answers(draft, at)?
            };
            draft.columns[at].becomes(measure, "battery", because.to_owned());
            draft.columns[at].in_battery = true;
        }
    }
    Ok(())
}

/// Makes 1 and 0 of yes and no; the place of the new column.
fn number_answers(draft: &mut Draft<'_>, at: usize) -> Result<usize, PlanError> {
    let source = draft.columns[at].traits.name.clone();
    let name = free_name(draft, &format!("{source}_yes"));
    let operand = identifier(&source);
    let mut text = "CASE".to_owned();
    if let Values::Text(answers) = &draft.columns[at].traits.values {
        for level in &answers.levels {
            let number = u8::from(answer(level) == Some(Answer::Yes));
            let _ = write!(
                text,
                " WHEN {operand} = '{}' THEN {number}",
                level.replace('\'', "''")
            );
        }
    }
    text.push_str(" END");
    derive(
        draft,
        &name,
        text,
        Measure::Flag,
        format!("{source} as 1 and 0"),
    )?;
    let reason = format!("{name} is made from it");
    draft.columns[at].verdict = Some(Verdict::new(Fate::Described, "made_into", reason));
    draft.columns[at].twins = vec![name];
    Ok(draft.columns.len() - 1)
}

/// The largest value of a column of answers; none where it is something else.
fn scale(draft: &Draft<'_>, at: usize) -> Option<i64> {
    let column = &draft.columns[at];
    let meaning = &column.meaning;
    let Some(numbers) = column.traits.numbers() else {
        let is_answer = meaning.measure == Measure::Flag && is_about_customers(meaning.event);
        let is_free = column.verdict.is_none()
            && !draft.explicit
            && !draft.is_given(at)
            && column.is_complete_enough();
        return (is_answer && is_free).then_some(1);
    };
    let may_be = match meaning.measure {
        Measure::Flag => is_about_customers(meaning.event),
        Measure::Code | Measure::Count => meaning.confidence == Confidence::Guess,
        Measure::Score => true,
        _ => is_question(&column.traits),
    };
    let is_scale = numbers.whole && numbers.min >= 0.0 && numbers.max <= LONGEST_SCALE;
    (may_be && is_scale && column.verdict.is_none() && !draft.is_given(at))
        .then_some(numbers.max as i64)
}

/// What somebody agreed to, complained of or was sent says nothing of what they like.
fn is_about_customers(event: Option<Event>) -> bool {
    !matches!(
        event,
        Some(Event::Message | Event::Complaint | Event::Record | Event::SignUp)
    )
}

/// Columns whose names begin like those of a scale and whose values are on it, whatever their own words say: how important
/// the price is, is no price.
fn siblings(draft: &Draft<'_>, items: &[usize], top: i64) -> Vec<usize> {
    if top <= 1 {
        return Vec::new();
    }
    let first = |at: &usize| {
        let words = crate::vocabulary::split(&draft.columns[*at].traits.name);
        words.into_iter().next()
    };
    let mut begin: BTreeMap<Option<String>, usize> = BTreeMap::new();
    for item in items {
        *begin.entry(first(item)).or_default() += 1;
    }
    let known: BTreeSet<usize> = items.iter().copied().collect();
    let is_sibling = |at: &usize| {
        let column = &draft.columns[*at];
        let is_on_scale = column.traits.numbers().is_some_and(|numbers| {
            numbers.whole && numbers.min >= 0.0 && numbers.max as i64 <= top
        });
        is_on_scale
            && column.traits.distinct > 2
            && !known.contains(at)
            && column.verdict.is_none()
            && !draft.is_given(*at)
            && begin
                .get(&first(at))
                .is_some_and(|items| *items >= FEWEST_ITEMS)
    };
    (0..draft.columns.len()).filter(is_sibling).collect()
}

/// Those of the columns that belong together.
fn items(draft: &Draft<'_>, columns: &[usize], top: i64) -> Vec<usize> {
    let is_answer = top <= 1;
    let enough = if is_answer {
        FEWEST_ANSWERS
    } else {
        FEWEST_ITEMS
    };
    if columns.len() >= enough {
        return columns.to_vec();
    }
    let mut by_word: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for at in columns {
        if asks(&draft.columns[*at].traits) {
            by_word.entry("?".to_owned()).or_default().push(*at);
        }
        let words = crate::vocabulary::split(&draft.columns[*at].traits.name);
        if let [first, .., last] = words.as_slice() {
            for word in [first, last] {
                by_word.entry(word.clone()).or_default().push(*at);
            }
        }
    }
    let mut items: Vec<usize> = by_word
        .into_iter()
        .filter(|(word, columns)| {
            columns.len() >= FEWEST_ITEMS && !word.chars().all(char::is_numeric)
        })
        .flat_map(|(_, columns)| columns)
        .collect();
    items.sort_unstable();
    items.dedup();
    items
}
