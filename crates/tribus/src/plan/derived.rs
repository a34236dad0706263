//! Columns made without being asked: age, days since each date, the total of what is spent.

use super::PlanError;
use super::assign::Draft;
use super::role::is_spending;
use super::traits::{Traits, Values};
use super::vocabulary::{TOTAL, any};
use crate::date::Date;
use crate::expr::{Expr, identifier};
use crate::roles::{Fate, Role};
use crate::table::ColumnFacts;

pub(super) fn add(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    set_reference_date(draft);
    if !draft.explicit {
        add_ages(draft)?;
        add_days_since(draft)?;
    }
    add_value(draft)
}

fn set_reference_date(draft: &mut Draft<'_>) {
    if draft.recipe.input.as_of.is_some() {
        return;
    }
    let latest =
        draft
            .with_role(Role::Date)
            .into_iter()
            .filter_map(|at| match draft.columns[at].values {
                Values::Dates { latest } => latest,
                _ => None,
            });
    let latest = latest.max().and_then(Date::from_days);
    if let Some(date) = latest {
        draft.notes.push(format!(
            "reference date {date}, the latest in the data (--as-of sets another)"
        ));
    }
    draft.recipe.input.as_of = latest;
}

/// A name for a new column: the wanted one, or with a number behind it.
fn free_name(draft: &Draft<'_>, wanted: &str) -> String {
    let mut name = wanted.to_owned();
    let mut number = 2;
    while draft.position(&name).is_some() {
        name = format!("{wanted}_{number}");
        number += 1;
    }
    name
}

/// Adds a derived column with its role.
fn derive(
    draft: &mut Draft<'_>,
    name: &str,
    text: String,
    role: Role,
    because: String,
) -> Result<(), PlanError> {
    let expression = |source| PlanError::Expression {
        place: format!("derive.{name}"),
        source,
    };
    let parsed = Expr::parse(&text).map_err(expression)?;
    let array = parsed.evaluate(&draft.batch()).map_err(expression)?;
    draft.push(
        Traits::new(name, array, ColumnFacts::default(), true),
        false,
    );
    let at = draft.columns.len() - 1;
    // A column that came out constant stays out, whatever it was made for.
    if draft.roles[at] != Role::Constant {
        draft.roles[at] = role;
        draft.because[at] = because;
    }
    draft.recipe.derive.insert(name.to_owned(), text);
    Ok(())
}

fn add_ages(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    let Some(date) = draft.recipe.input.as_of else {
        return Ok(());
    };
    if !draft.with_role(Role::Age).is_empty() {
        for at in draft.with_role(Role::BirthYear) {
            draft.verdicts[at] = Some((Fate::Described, "the age says the same".to_owned()));
        }
        return Ok(());
    }
    for at in draft.with_role(Role::BirthYear) {
        let source = draft.columns[at].name.clone();
        let name = free_name(draft, "Age");
        let year = date.civil().year;
        let because = format!("{year} less {source}");
        derive(
            draft,
            &name,
            format!("{year} - {}", identifier(&source)),
            Role::Age,
            because,
        )?;
        draft.verdicts[at] = Some((Fate::Described, format!("{name} is made from it")));
    }
    Ok(())
}

fn add_days_since(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    let Some(date) = draft.recipe.input.as_of else {
        return Ok(());
    };
    for at in draft.with_role(Role::Date) {
        let source = draft.columns[at].name.clone();
        let name = free_name(draft, &format!("Days_since_{source}"));
        let text = format!("DATE '{date}' - {}", identifier(&source));
        derive(
            draft,
            &name,
            text,
            Role::Days,
            format!("days from {source} to {date}"),
        )?;
        draft.because[at] = format!("{name} is made from it");
    }
    Ok(())
}

/// Without a value column: the only column of spending, or the total of several.
fn add_value(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    if draft.recipe.segment.value.is_some() {
        return Ok(());
    }
    let mut spending: Vec<usize> = (0..draft.columns.len())
        .filter(|at| {
            is_spending(&draft.columns[*at], draft.roles[*at])
                && draft.columns[*at].numbers().is_some()
                && draft.verdicts[*at].is_none()
        })
        .collect();
    spending.sort_by(|a, b| draft.columns[*a].name.cmp(&draft.columns[*b].name));
    let total = spending
        .iter()
        .find(|at| any(&draft.columns[**at].words, TOTAL));
    let value = match (spending.as_slice(), total) {
        ([], _) => return Ok(()),
        ([only], _) => draft.columns[*only].name.clone(),
        (_, Some(total)) => draft.columns[*total].name.clone(),
        (several, None) => {
            let parts: Vec<String> = several
                .iter()
                .map(|at| identifier(&draft.columns[*at].name))
                .collect();
            let name = free_name(draft, "Total_spend");
            let because = format!("the total of {} columns of money", parts.len());
            // A gap in one column is no gap in the total.
            let terms: Vec<String> = parts
                .iter()
                .map(|part| format!("COALESCE({part}, 0)"))
                .collect();
            let gaps = several.iter().any(|at| draft.columns[*at].missing > 0);
            let text = if gaps {
                terms.join(" + ")
            } else {
                parts.join(" + ")
            };
            derive(draft, &name, text, Role::Money, because)?;
            name
        }
    };
    draft.recipe.segment.value = Some(value);
    Ok(())
}
