//! The meaning of a column of text.

use super::decide::{Found, is_outcome, is_treatment, named_as, names_the_customer};
use super::shape;
use super::traits::{Looks, TextTraits, Traits};
use super::{Clues, Confidence, Measure};
use crate::vocabulary::Concept;

/// A text column with more kinds than this is no category.
const MOST_CATEGORIES: usize = 50;

pub(super) fn of_text(column: &Traits, text: &TextTraits) -> Found {
    if text.looks == Looks::Addresses {
        return Found::sure(Measure::Contact, "contact", "it holds e-mail addresses");
    }
    // Ranges such as "50000 - 74999" look like telephone numbers, but are few.
    if text.looks == Looks::Reaching && 4 * column.distinct > column.present() {
        let because = "it holds telephone numbers or addresses on the internet";
        return Found::sure(Measure::Contact, "contact", because);
    }
    if column.facts.ambiguous_dates {
        let because = "its dates can be read as day-month and as month-day";
        return Found::sure(Measure::Text, "ambiguous_dates", because);
    }
    let few = MOST_CATEGORIES.min((column.present() / 2).max(2));
    let is_repeated = column.distinct <= few && text.mean_length <= 60.0;
    if let Some(found) = of_test(column, text) {
        return found;
    }
    if let Some(found) = named_text(column, is_repeated) {
        return found;
    }
    let is_different = column.distinct == column.present();
    let is_short = column.rows > 20 && text.mean_length <= 40.0;
    if is_different && is_short && text.looks != Looks::Measured {
        let because = "it is different in every row";
        let found = Found::sure(Measure::Identifier, "all_different", because);
        return found.with(Confidence::Likely);
    }
    if is_repeated {
        let (measure, code) = if column.distinct == 2 && shape::is_yes_or_no(&text.levels) {
            (Measure::Flag, "flag")
        } else {
            (Measure::Category, "category")
        };
        return Found::sure(measure, code, &format!("it has {} kinds", column.distinct));
    }
    let because = format!("it is free text ({} different values)", column.distinct);
    Found::sure(Measure::Text, "free_text", &because)
}

/// The arms of a test, or its outcome.
fn of_test(column: &Traits, text: &TextTraits) -> Option<Found> {
    let clues = &column.clues;
    let is_treatment = is_treatment(clues)
        || clues.has_any(&[Concept::Label, Concept::Message])
            && text.levels.iter().any(|level| shape::is_control(level));
    if is_treatment && column.distinct <= 8 {
        let because = "it tells the arms of a test";
        return Some(Found::sure(Measure::Treatment, "treatment", because));
    }
    let is_outcome = column.distinct == 2 && is_outcome(clues);
    is_outcome.then(|| named_as(Measure::Outcome, "outcome", "an outcome"))
}

/// What the name of a column of text says; `is_repeated` if it has few kinds.
fn named_text(column: &Traits, is_repeated: bool) -> Option<Found> {
    let clues = &column.clues;
    let mostly = 2 * column.distinct > column.present();
    clues.measures().into_iter().find_map(|measure| {
        let (fits, found) = match measure {
            Measure::Identifier => (
                mostly || !is_repeated || names_the_customer(clues),
                named_as(measure, "identifier", "an id"),
            ),
            Measure::PersonName => (
                !names_a_kind(clues),
                Found::sure(measure, "name", "it names a person or firm"),
            ),
            Measure::Contact => (
                mostly || !is_repeated,
                Found::sure(measure, "contact", "it tells how to reach somebody"),
            ),
            Measure::Place => (true, Found::sure(measure, "place", "it names a place")),
            Measure::Label => (
                is_repeated,
                named_as(measure, "label", "an earlier segmentation"),
            ),
            Measure::Code => (
                column.distinct == column.rows && column.rows > 20,
                named_as(
                    Measure::Identifier,
                    "all_different",
                    "a code, and it is different in every row",
                ),
            ),
            _ => return None,
        };
        fits.then_some(found)
    })
}

/// Whether a "name" is that of a plan, a product or a place, and of no person.
fn names_a_kind(clues: &Clues) -> bool {
    clues.has_any(&[
        Concept::Category,
        Concept::Product,
        Concept::Label,
        Concept::Place,
        Concept::Code,
    ])
}
