//! Whole numbers that could be measures or codes: what they go with decides. And grades that are another column, cut.

use super::draft::{Draft, DraftColumn};
use super::sums::any_rows;
use crate::meaning::{Confidence, Measure, Sampled};
use crate::roles::Role;

/// A column in doubt is compared with so many others at most, so that the work grows with the number of columns.
const MOST_COMPARED: usize = 100;

/// A measure that others are compared with.
struct Known {
    at: usize,
    name: String,
    /// Nothing about it is in doubt. What is in doubt proves nothing about others.
    is_sure: bool,
    sampled: Sampled,
}

/// Decides about whole numbers without a telling name, and about grades.
pub(super) fn settle(draft: &mut Draft<'_>) {
    let in_doubt: Vec<usize> = (0..draft.columns.len())
        .filter(|at| !draft.is_given(*at) && is_in_doubt(&draft.columns[*at]))
        .collect();
    if in_doubt.is_empty() {
        return;
    }
    let measures: Vec<usize> = (0..draft.columns.len())
        .filter(|at| draft.columns[*at].role.is_amount_or_measure())
        .collect();
    let rows = any_rows(&draft.columns, &measures);
    let known = known_measures(draft, &measures, &rows);
    for at in in_doubt {
        let column = &draft.columns[at];
        let Some(sampled) = Sampled::of(&column.traits, &rows) else {
            continue;
        };
        if is_grade(column) {
            settle_grade(draft, at, &sampled, &known);
        }
        settle_numbers(draft, at, &sampled, &known);
    }
}

/// The measures, in the order of their names, as far as they are compared with.
fn known_measures(draft: &Draft<'_>, measures: &[usize], rows: &[usize]) -> Vec<Known> {
    let mut known: Vec<Known> = measures
        .iter()
        .filter(|at| draft.columns[**at].traits.distinct > 2)
        .filter_map(|at| {
            let column = &draft.columns[*at];
            let is_sure =
                column.meaning.confidence > Confidence::Guess || column.role == Role::Money;
            Some(Known {
                at: *at,
                name: column.traits.name.clone(),
                is_sure: is_sure && column.is_candidate(),
                sampled: Sampled::of(&column.traits, rows)?,
            })
        })
        .collect();
    known.sort_by(|a, b| (!a.is_sure, &a.name).cmp(&(!b.is_sure, &b.name)));
    known.truncate(MOST_COMPARED);
    known
}

fn is_in_doubt(column: &DraftColumn) -> bool {
    matches!(column.meaning.code, "like_an_id" | "codes") || may_be_code(column) || is_grade(column)
}

/// Whole numbers that no name calls a measure, or only "number of".
fn may_be_code(column: &DraftColumn) -> bool {
    let is_guess = matches!(
        column.meaning.code,
        "small_whole" | "number" | "like_money" | "numbered"
    );
    let is_whole = column.traits.numbers().is_some_and(|numbers| numbers.whole);
    is_guess && is_whole && column.traits.distinct > 2
}

/// Numbers that look like an id but rise or fall with a measure are one, too; so are a few codes.
fn settle_numbers(draft: &mut Draft<'_>, at: usize, sampled: &Sampled, known: &[Known]) {
    let sure = known.iter().filter(|known| known.is_sure && known.at != at);
    let measures: Vec<&Sampled> = sure.map(|known| &known.sampled).collect();
    let column = &mut draft.columns[at];
    if may_be_code(column) {
        // Where no measure is known, going with none proves nothing.
        if !measures.is_empty() && !sampled.is_skewed() && sampled.is_unrelated(&measures) {
            let because =
                "its whole numbers pile up nowhere and go with no other measure, like codes";
            column.becomes(Measure::Code, "unrelated", because.to_owned());
            column.meaning.confidence = Confidence::Guess;
        }
        return;
    }
    let (measure, because) = match column.meaning.code {
        "like_an_id" => (
            Measure::Number,
            "its large whole numbers rise and fall with other measures",
        ),
        "codes" if column.traits.distinct > 3 => (
            Measure::Count,
            "its small whole numbers rise and fall with other measures",
        ),
        _ => return,
    };
    if !sampled.is_unrelated(&measures) {
        column.becomes(measure, "by_relation", because.to_owned());
        column.meaning.confidence = Confidence::Guess;
    }
}

/// A grade that is another column cut into ranges is a label of it.
fn settle_grade(draft: &mut Draft<'_>, at: usize, sampled: &Sampled, known: &[Known]) {
    let mut others = known
        .iter()
        .filter(|known| known.at != at && !is_grade(&draft.columns[known.at]));
    if let Some(cut) = others.find(|known| sampled.is_cut_of(&known.sampled)) {
        let because = format!("it is {} cut into grades", cut.name);
        draft.columns[at].becomes(Measure::Label, "cut", because);
        draft.columns[at].twins = vec![cut.name.clone()];
    }
}

fn is_grade(column: &DraftColumn) -> bool {
    let is_grade = matches!(
        column.meaning.measure,
        Measure::Score | Measure::Code | Measure::Label | Measure::Category
    );
    (is_grade || column.meaning.code == "rfm") && column.traits.numbers().is_some()
}
