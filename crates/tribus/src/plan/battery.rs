//! Batteries: three columns and more about one thing on one scale, such as the items of a survey, products held, categories
//! bought. They are clustered on; a single yes or no is only described.

use std::collections::BTreeMap;

use super::draft::{Draft, LONGEST_SCALE, is_question};
use crate::meaning::{Confidence, Event, Measure};

/// Fewest columns of a battery whose names begin or end alike, or that are on a scale of more than two values.
const FEWEST_ITEMS: usize = 3;

/// Fewest yes-or-no columns of a battery whose names have nothing in common.
const FEWEST_ANSWERS: usize = 8;

/// Finds the items of batteries and gives them a measure.
pub(super) fn mark(draft: &mut Draft<'_>) {
    let mut scales: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for at in 0..draft.columns.len() {
        if let Some(top) = scale(draft, at) {
            scales.entry(top).or_default().push(at);
        }
    }
    for (top, columns) in scales {
        for at in items(draft, &columns, top) {
            let (measure, because) = if top <= 1 {
                (
                    Measure::Flag,
                    "it is one of several answers of yes or no about one thing",
                )
            } else {
                (Measure::Score, "it is one of several answers on one scale")
            };
            draft.columns[at].becomes(measure, "battery", because.to_owned());
            draft.columns[at].in_battery = true;
        }
    }
}

/// The largest value of a column of answers; none where it is something else.
fn scale(draft: &Draft<'_>, at: usize) -> Option<i64> {
    let column = &draft.columns[at];
    let numbers = column.traits.numbers()?;
    let meaning = &column.meaning;
    let may_be = match meaning.measure {
        Measure::Flag => is_about_customers(meaning.event),
        Measure::Code | Measure::Count => meaning.confidence == Confidence::Guess,
        Measure::Score => true,
        Measure::Category | Measure::Label => is_question(&column.traits),
        _ => false,
    };
    let is_scale = numbers.whole && numbers.min >= 0.0 && numbers.max <= LONGEST_SCALE;
    (may_be && is_scale && column.verdict.is_none() && !draft.is_given(at))
        .then_some(numbers.max as i64)
}

/// What somebody agreed to, complained of or was sent says nothing of what they like.
fn is_about_customers(event: Option<Event>) -> bool {
    matches!(
        event,
        None | Some(Event::Product | Event::Usage | Event::Visit | Event::Purchase)
    )
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
