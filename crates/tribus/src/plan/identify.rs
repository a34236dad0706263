//! Which column names the customer, and whether a row is a customer at all.

use super::PlanError;
use super::draft::Draft;
use crate::meaning::{Looks, Measure, Traits, Values};
use crate::roles::Role;
use crate::vocabulary::Concept;

/// Finds the id, and refuses ids that repeat.
pub(super) fn id(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    if let Some(name) = draft.recipe.input.id.clone() {
        if let Some(at) = draft.position(&name) {
            draft.columns[at].role = Role::Id;
            "it names the customer".clone_into(&mut draft.columns[at].meaning.because);
        }
        draft.table.require_unique_ids(&name)?;
        return Ok(());
    }
    let Some(at) = best(draft) else {
        tell_numbering(draft);
        return Ok(());
    };
    let name = draft.columns[at].traits.name.clone();
    if !is_complete_and_unique(&draft.columns[at].traits) {
        let column = &draft.columns[at].traits;
        if column.missing == 0 {
            // Every row has an id and some share one: the rows may be no customers at all.
            return draft
                .table
                .require_unique_ids(&name)
                .map_err(PlanError::from);
        }
        tell_numbering(draft);
        return Ok(());
    }
    draft.recipe.input.id = Some(name);
    Ok(())
}

/// Says that the rows are numbered though there are ids, for some are empty.
fn tell_numbering(draft: &mut Draft<'_>) {
    let mut ids = draft.columns.iter().filter(|column| {
        column.meaning.measure == Measure::Identifier
            && column.traits.missing > 0
            && !column.traits.derived
    });
    if let Some(column) = ids.next() {
        let column = &column.traits;
        draft.notes.push(format!(
            "{} is empty in {} of {} rows and no other column names every customer: the rows are numbered (--id names another column)",
            column.name, column.missing, column.rows
        ));
    }
}

/// The column that names customers, whatever its place in the file: complete and unique before all else, then by its words.
fn best(draft: &Draft<'_>) -> Option<usize> {
    let columns = draft.columns.iter().enumerate();
    let ids = columns.filter(|(_, column)| {
        let is_address = column.meaning.measure == Measure::Contact
            && matches!(&column.traits.values, Values::Text(text) if text.looks == Looks::Addresses);
        let is_id = column.role == Role::Id && column.meaning.measure == Measure::Identifier;
        (is_id || is_address) && !column.traits.derived && column.traits.present() > 0
    });
    let rank = |at: &usize| {
        let column = &draft.columns[*at];
        let is_named = column.meaning.code == "identifier";
        (
            !is_complete_and_unique(&column.traits),
            !(is_named && speaks_of_customers(&column.traits)),
            !is_named,
            // An address names a customer; what is only different in every row may be anything.
            column.meaning.measure != Measure::Contact,
            column.traits.name.clone(),
        )
    };
    let best = ids.map(|(at, _)| at).min_by_key(rank)?;
    let column = &draft.columns[best];
    let counts = is_complete_and_unique(&column.traits)
        || column.meaning.code == "identifier" && speaks_of_customers(&column.traits);
    counts.then_some(best)
}

fn is_complete_and_unique(column: &Traits) -> bool {
    column.missing == 0 && column.distinct == column.rows
}

fn speaks_of_customers(column: &Traits) -> bool {
    let others = column
        .clues
        .concepts
        .iter()
        .any(|concept| !matches!(concept, Concept::Identifier | Concept::Customer));
    column.clues.has(Concept::Customer) || !others && column.clues.unknown.is_empty()
}
