//! Which column names the customer, and whether a row is a customer at all.

use super::PlanError;
use super::draft::Draft;
use crate::meaning::{Looks, Measure, Traits, Values, Whose};
use crate::roles::Role;
use crate::vocabulary::Concept;

/// Rows per customer from which a table with a date and an amount is one of purchases.
const PURCHASES_PER_CUSTOMER: f64 = 1.5;

/// Finds the id, and refuses tables of purchases and ids that repeat.
pub(super) fn id(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    if let Some(name) = draft.recipe.input.id.clone() {
        if let Some(at) = draft.position(&name) {
            draft.columns[at].role = Role::Id;
            "it names the customer".clone_into(&mut draft.columns[at].meaning.because);
            refuse_purchases(draft, at)?;
        }
        draft.table.require_unique_ids(&name)?;
        return Ok(());
    }
    let Some(at) = best(draft) else {
        tell_numbering(draft);
        return Ok(());
    };
    refuse_purchases(draft, at)?;
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

fn refuse_purchases(draft: &Draft<'_>, id: usize) -> Result<(), PlanError> {
    let column = &draft.columns[id].traits;
    if column.distinct == 0 {
        return Ok(());
    }
    if (column.present() as f64) < PURCHASES_PER_CUSTOMER * column.distinct as f64 {
        return Ok(());
    }
    let dates = (0..draft.columns.len())
        .filter(|at| matches!(draft.columns[*at].traits.values, Values::Dates { .. }));
    let Some(date) = dates.min_by_key(|at| &draft.columns[*at].traits.name) else {
        return Ok(());
    };
    let Some(amount) = amount(draft) else {
        return Ok(());
    };
    Err(PlanError::Transactions {
        file: draft.table.file(),
        id: column.name.clone(),
        date: draft.columns[date].traits.name.clone(),
        amount,
        rows: column.present(),
        customers: column.distinct,
    })
}

/// The column, or product of columns, that says what was paid.
fn amount(draft: &Draft<'_>) -> Option<String> {
    let named = |wanted: &dyn Fn(usize) -> bool| {
        let mut names: Vec<&str> = (0..draft.columns.len())
            .filter(|at| draft.columns[*at].traits.numbers().is_some() && wanted(*at))
            .map(|at| draft.columns[at].traits.name.as_str())
            .collect();
        names.sort_unstable();
        names.first().map(|name| crate::expr::identifier(name))
    };
    let spending = named(&|at| draft.columns[at].is_spending());
    let quantity = named(&|at| {
        let clues = &draft.columns[at].traits.clues;
        draft.columns[at].role == Role::Count
            && clues.has(Concept::Count)
            && clues.event().is_none()
    });
    let price = named(&|at| draft.columns[at].meaning.whose == Some(Whose::Price));
    match (spending, quantity, price) {
        (_, Some(quantity), Some(price)) => Some(format!("{quantity} * {price}")),
        (Some(amount), _, _) | (None, Some(amount), None) | (None, None, Some(amount)) => {
            Some(amount)
        }
        (None, None, None) => None,
    }
}
