//! Which column names the customer, and whether a row is a customer at all.

use super::PlanError;
use super::draft::Draft;
use super::traits::{Traits, Values};
use crate::roles::Role;
use crate::vocabulary::{OTHER_MONEY, any, named_like_an_id};

const CUSTOMER: &[&str] = &[
    "customer",
    "cust",
    "client",
    "member",
    "user",
    "account",
    "guest",
    "patient",
    "household",
    "kund",
    "cliente",
];

/// Rows per customer from which a table with a date and an amount is one of purchases.
const PURCHASES_PER_CUSTOMER: f64 = 1.5;

/// Finds the id, and refuses tables of purchases and ids that repeat.
pub(super) fn id(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    if let Some(name) = draft.recipe.input.id.clone() {
        if let Some(at) = draft.position(&name) {
            draft.columns[at].role = Role::Id;
            "it names the customer".clone_into(&mut draft.columns[at].because);
            refuse_purchases(draft, at)?;
        }
        draft.table.require_unique_ids(&name)?;
        return Ok(());
    }
    let Some(at) = best(draft) else { return Ok(()) };
    refuse_purchases(draft, at)?;
    let name = draft.columns[at].traits.name.clone();
    draft.table.require_unique_ids(&name)?;
    draft.recipe.input.id = Some(name);
    Ok(())
}

/// The id column that names customers, whatever its place in the file: first by its words, then by being unique.
fn best(draft: &Draft<'_>) -> Option<usize> {
    let mut ids = draft.with_role(Role::Id);
    ids.retain(|at| !draft.columns[*at].traits.derived);
    let rank = |at: &usize| {
        let column = &draft.columns[*at].traits;
        let unique = column.distinct == column.rows;
        let named = named_like_an_id(&column.name);
        (
            !speaks_of_customers(column),
            !named,
            !unique,
            column.name.clone(),
        )
    };
    let best = ids.into_iter().min_by_key(rank)?;
    let column = &draft.columns[best].traits;
    (speaks_of_customers(column) || column.distinct == column.rows).then_some(best)
}

fn speaks_of_customers(column: &Traits) -> bool {
    let about = |word: &String| CUSTOMER.iter().any(|subject| word.starts_with(subject));
    column.words == ["id"] || column.words.iter().any(about)
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
    let quantity = named(&|at| any(&draft.columns[at].traits.words, &["quantity", "qty"]));
    let price = named(&|at| any(&draft.columns[at].traits.words, OTHER_MONEY));
    match (spending, quantity, price) {
        (_, Some(quantity), Some(price)) => Some(format!("{quantity} * {price}")),
        (Some(amount), _, _) | (None, Some(amount), None) | (None, None, Some(amount)) => {
            Some(amount)
        }
        (None, None, None) => None,
    }
}
