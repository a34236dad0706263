//! From lines of purchases to customers: which column plays which part, which lines count, and one row per customer.
//!
//! In: a [`Table`] of orders, lines of orders or payments, and a [`Recipe`]. Out: a table with one row per customer, whose
//! [`PurchaseLedger`] accounts for every line and every cent; and the recipe with what was found. A table of customers is left
//! as it is. The order of the lines changes nothing.

mod amounts;
mod aside;
mod bought;
mod buyers;
mod columns;
mod copies;
mod customers;
mod error;
mod history;
mod keys;
mod lifecycle;
mod lines;
mod notes;
mod recognize;
mod scores;
mod sql;
mod states;

pub(crate) use buyers::key_of as customer_key;
pub use error::PurchasesError;

use crate::date::Date;
use crate::expr::Dialect;
use crate::ledger::{LifecycleGroup, LinesAside, PurchaseForm, PurchaseLedger};
use crate::recipe::{PurchasesSection, Recipe, Transform, Transforms, ValueColumn};
use crate::table::Table;

/// The column that names the customer.
pub(crate) const CUSTOMER_ID: &str = "customer_id";

/// The column that says what a customer is worth.
pub(crate) const REVENUE: &str = "revenue_after_returns";

/// What came back, where it is not taken off the revenue.
pub(crate) const RETURNED: &str = "returned_amount";

/// Revenue per order.
pub(crate) const AVERAGE: &str = "average_order_value";

/// What customers are clustered on where the user says nothing: when, how often and how much they bought, and for how long.
const FEATURES: [&str; 5] = [
    "recency_days",
    "tenure_days",
    "order_count",
    REVENUE,
    AVERAGE,
];

/// The customers of a table of purchases, and the recipe for them; nothing where the rows are customers already.
///
/// # Errors
/// Purchases without a buyer, a day or an amount, of several currencies, or of which none is left.
pub fn roll_up(recipe: &Recipe, table: &Table) -> Result<Option<(Recipe, Table)>, PurchasesError> {
    if table.purchases().is_some() {
        return Ok(None);
    }
    let Some(mut found) = recognize::recognize(recipe, table)? else {
        return Ok(None);
    };
    let lines = lines::read(recipe, &mut found)?;
    let (as_of, mut money, notes) = (lines.as_of, lines.money(), lines.notes.clone());
    let form = sql::form_to_keep(&found, &lines);
    let unreadable = table
        .rejects()
        .iter()
        .filter(|reject| reject.is_row)
        .count() as u64;
    if unreadable > 0 {
        // Nobody knows what was paid on a line that could not be read.
        money.set_aside.push(LinesAside {
            reason: "unreadable".to_owned(),
            lines: unreadable,
            money: 0.0,
        });
    }
    let customers = customers::of(lines, &found, recipe)?;
    let lifecycle = customers.lifecycle.clone();
    let mut section = recipe.purchases.clone().unwrap_or_default();
    for (part, column) in &found.columns {
        section.set(*part, &column.name);
    }
    let ledger = PurchaseLedger {
        grain: found.grain.word().to_owned(),
        lines: table.rows() as u64 + unreadable,
        orders: customers.orders,
        customers: customers.ids.len() as u64,
        as_of,
        parts: found.played(),
        money,
        columns: customers.made(),
        notes: notes
            .into_iter()
            .chain(customers.notes.clone())
            .chain(lifecycle::told(&lifecycle))
            .collect(),
        lifecycle,
        form,
        history: customers.history.clone(),
    };
    Ok(Some((
        for_customers(recipe, section, &ledger.lifecycle),
        customers.table(table, ledger),
    )))
}

/// The roll-up of a table of purchases as one SQL statement over the same table in an engine, where it is called `name`; nothing
/// where the rows are customers already.
///
/// # Errors
/// As [`roll_up`]; [`PurchasesError::NoSql`] for scores and rules.
pub fn roll_up_sql(
    recipe: &Recipe,
    table: &Table,
    dialect: Dialect,
    name: &str,
) -> Result<Option<String>, PurchasesError> {
    if table.purchases().is_some() {
        return Ok(None);
    }
    let Some(mut found) = recognize::recognize(recipe, table)? else {
        return Ok(None);
    };
    let lines = lines::read(recipe, &mut found)?;
    let form = sql::form_of(&found, &lines);
    let name = dialect.identifier(name);
    sql::statement(&form, &lines.section, Some(lines.as_of), dialect, &name).map(Some)
}

/// The same, of the purchases that a recipe was made for, in a table like theirs: in words of the engine, with the day that counts
/// as today or the latest date in the table.
pub(crate) fn roll_up_again(
    recipe: &Recipe,
    form: &PurchaseForm,
    as_of: Option<Date>,
    dialect: Dialect,
    table: &str,
) -> Result<String, PurchasesError> {
    let section = recipe.purchases.clone().unwrap_or_default();
    sql::statement(form, &section, as_of, dialect, table)
}

/// The same, with tables of customers as they are.
///
/// # Errors
/// As [`roll_up`].
pub fn customers(recipe: Recipe, table: Table) -> Result<(Recipe, Table), PurchasesError> {
    Ok(roll_up(&recipe, &table)?.unwrap_or((recipe, table)))
}

/// The recipe for the table of customers.
fn for_customers(recipe: &Recipe, section: PurchasesSection, groups: &[LifecycleGroup]) -> Recipe {
    let mut recipe = recipe.clone();
    recipe.purchases = Some(section);
    recipe.input.id = Some(CUSTOMER_ID.to_owned());
    let drop = &mut recipe.clean.drop;
    drop.retain(|rule| !lifecycle::is_own(rule));
    drop.splice(0..0, lifecycle::rules(groups));
    let segment = &mut recipe.segment;
    if segment.features.is_empty() {
        segment.features = FEATURES.map(str::to_owned).to_vec();
        segment.transform.get_or_insert_with(|| {
            let signed = [REVENUE, AVERAGE].map(|name| (name.to_owned(), Transform::YeoJohnson));
            Transforms::PerColumn(signed.into_iter().collect())
        });
    }
    let value = &mut recipe.segment.value;
    value.get_or_insert_with(|| ValueColumn::Named(REVENUE.to_owned()));
    recipe
}
