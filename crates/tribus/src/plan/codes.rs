//! Whole numbers that could be measures or codes: what they go with decides. And grades that are another column, cut.

use super::draft::{Draft, DraftColumn};
use crate::meaning::{Confidence, Measure, Traits, is_cut_of, is_unrelated};
use crate::roles::Role;

/// Decides about whole numbers without a telling name, and about grades.
pub(super) fn settle(draft: &mut Draft<'_>) {
    for at in 0..draft.columns.len() {
        if !draft.is_given(at) {
            settle_numbers(draft, at);
        }
    }
    for at in 0..draft.columns.len() {
        if !draft.is_given(at) {
            settle_grade(draft, at);
        }
    }
}

/// Numbers that look like an id but rise or fall with a measure are one, too; so are a few codes.
fn settle_numbers(draft: &mut Draft<'_>, at: usize) {
    let column = &draft.columns[at];
    let code = column.meaning.code;
    if !matches!(code, "like_an_id" | "codes") {
        return;
    }
    // What is itself in doubt proves nothing.
    let measures: Vec<&Traits> = draft
        .columns
        .iter()
        .filter(|other| {
            let is_sure = other.meaning.confidence > Confidence::Guess || other.role == Role::Money;
            is_sure && other.is_candidate() && other.traits.distinct > 2
        })
        .map(|other| &other.traits)
        .collect();
    let is_alone = is_unrelated(&column.traits, &measures);
    let (measure, because) = match (code, is_alone) {
        ("like_an_id", false) => (
            Measure::Number,
            "its large whole numbers rise and fall with other measures",
        ),
        ("codes", false) if column.traits.distinct > 3 => (
            Measure::Count,
            "its small whole numbers rise and fall with other measures",
        ),
        _ => return,
    };
    draft.columns[at].becomes(measure, "by_relation", because.to_owned());
    draft.columns[at].meaning.confidence = Confidence::Guess;
}

/// A grade that is another column cut into ranges is a label of it.
fn settle_grade(draft: &mut Draft<'_>, at: usize) {
    let column = &draft.columns[at];
    if !is_grade(column) || column.traits.numbers().is_none() {
        return;
    }
    let mut measures = draft.columns.iter().filter(|other| {
        other.role.is_amount_or_measure()
            && !is_grade(other)
            && other.traits.name != column.traits.name
    });
    if let Some(cut) = measures.find(|other| is_cut_of(&column.traits, &other.traits)) {
        let name = cut.traits.name.clone();
        let because = format!("it is {name} cut into grades");
        draft.columns[at].becomes(Measure::Label, "cut", because);
        draft.columns[at].twins = vec![name];
    }
}

fn is_grade(column: &DraftColumn) -> bool {
    let is_grade = matches!(
        column.meaning.measure,
        Measure::Score | Measure::Code | Measure::Label | Measure::Category
    );
    is_grade || column.meaning.code == "rfm"
}
