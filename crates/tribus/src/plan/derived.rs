//! Columns made without being asked: age, days since each date, the total of what is spent.

use super::PlanError;
use super::draft::Draft;
use super::role::is_surely_spending;
use super::traits::{Traits, Values};
use crate::date::Date;
use crate::expr::{Expr, identifier};
use crate::roles::{Fate, Role};
use crate::table::ColumnFacts;
use crate::vocabulary::{BIRTH, TO_COME, TOTAL, any};

pub(super) fn add(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    set_reference_date(draft);
    if !draft.explicit {
        add_ages(draft)?;
        add_days_since(draft)?;
    }
    add_value(draft)
}

fn set_reference_date(draft: &mut Draft<'_>) {
    let latest = draft
        .with_role(Role::Date)
        .into_iter()
        .filter(|at| !is_birth(draft, *at) && !is_to_come(draft, *at))
        .filter_map(|at| match draft.columns[at].traits.values {
            Values::Dates { latest } => latest,
            _ => None,
        })
        .max()
        .and_then(Date::from_days);
    match (draft.recipe.input.as_of, latest) {
        (None, Some(date)) => {
            draft.recipe.input.as_of = Some(date);
            draft.notes.push(format!(
                "reference date {date}, the latest in the data (--as-of sets another)"
            ));
        }
        (Some(given), Some(date)) if given < date => draft.notes.push(format!(
            "the reference date {given} lies before the latest date in the data, {date}: some days since are negative"
        )),
        (Some(given), None) if draft.with_role(Role::BirthYear).is_empty() => {
            draft.notes.push(format!("no column needs the reference date {given}"));
        }
        (None, None) | (Some(_), _) => {}
    }
}

/// A date that may lie ahead of all that happened: an end or an expiry.
fn is_to_come(draft: &Draft<'_>, at: usize) -> bool {
    any(&draft.columns[at].traits.words, TO_COME)
}

/// A date on which the customer was born.
fn is_birth(draft: &Draft<'_>, at: usize) -> bool {
    any(&draft.columns[at].traits.words, BIRTH)
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
    if draft.columns[at].role != Role::Constant {
        draft.columns[at].role = role;
        draft.columns[at].because = because;
    }
    draft.recipe.derive.insert(name.to_owned(), text);
    Ok(())
}

/// Columns in the order of their names, so that the order in the file names nothing.
fn by_name(draft: &Draft<'_>, columns: &mut [usize]) {
    columns.sort_by(|a, b| {
        draft.columns[*a]
            .traits
            .name
            .cmp(&draft.columns[*b].traits.name)
    });
}

fn add_ages(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    let known = !draft.with_role(Role::Age).is_empty();
    let years = draft.with_role(Role::BirthYear).into_iter();
    let days = draft
        .with_role(Role::Date)
        .into_iter()
        .filter(|at| is_birth(draft, *at));
    let mut births: Vec<usize> = years.chain(days).collect();
    by_name(draft, &mut births);
    for at in births {
        if known {
            draft.columns[at].verdict = Some((Fate::Described, "the age says the same".to_owned()));
            continue;
        }
        let source = draft.columns[at].traits.name.clone();
        let is_year = draft.columns[at].role == Role::BirthYear;
        let Some((name, text, role, because)) = age_of(draft.recipe.input.as_of, &source, is_year)
        else {
            continue;
        };
        let name = free_name(draft, name);
        derive(draft, &name, text, role, because)?;
        draft.columns[at].verdict = Some((Fate::Described, format!("{name} is made from it")));
    }
    Ok(())
}

/// Name, expression, role and reason of an age; the year of birth where there is no reference date.
fn age_of(
    as_of: Option<Date>,
    source: &str,
    is_year: bool,
) -> Option<(&'static str, String, Role, String)> {
    let operand = identifier(source);
    match as_of {
        Some(date) if is_year => {
            let year = date.civil().year;
            Some((
                "Age",
                format!("{year} - {operand}"),
                Role::Age,
                format!("{year} less {source}"),
            ))
        }
        Some(date) => {
            let text = format!("FLOOR((DATE '{date}' - {operand}) / 365.25)");
            Some((
                "Age",
                text,
                Role::Age,
                format!("full years from {source} to {date}"),
            ))
        }
        None if is_year => None,
        None => {
            let text = format!("YEAR({operand})");
            Some((
                "Birth_year",
                text,
                Role::BirthYear,
                format!("the year of {source}"),
            ))
        }
    }
}

fn add_days_since(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    let Some(date) = draft.recipe.input.as_of else {
        return Ok(());
    };
    let mut dates = draft.with_role(Role::Date);
    by_name(draft, &mut dates);
    for at in dates {
        if is_birth(draft, at) {
            continue;
        }
        let source = draft.columns[at].traits.name.clone();
        let name = free_name(draft, &format!("Days_since_{source}"));
        let text = format!("DATE '{date}' - {}", identifier(&source));
        derive(
            draft,
            &name,
            text,
            Role::Days,
            format!("days from {source} to {date}"),
        )?;
        draft.columns[at].because = format!("{name} is made from it");
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
            draft.columns[*at].is_spending()
                && draft.columns[*at].traits.numbers().is_some()
                && !matches!(draft.columns[*at].verdict, Some((Fate::LeftOut, _)))
                && draft.columns[*at].is_complete_enough()
        })
        .collect();
    // What is only guessed to be money is no part of a total with what is known to be.
    if spending
        .iter()
        .any(|at| is_surely_spending(&draft.columns[*at].traits))
    {
        spending.retain(|at| is_surely_spending(&draft.columns[*at].traits));
    }
    spending.sort_by(|a, b| {
        draft.columns[*a]
            .traits
            .name
            .cmp(&draft.columns[*b].traits.name)
    });
    let total = spending
        .iter()
        .find(|at| any(&draft.columns[**at].traits.words, TOTAL));
    let value = match (spending.as_slice(), total) {
        ([], _) => return Ok(()),
        ([only], _) => draft.columns[*only].traits.name.clone(),
        (_, Some(total)) => draft.columns[*total].traits.name.clone(),
        (several, None) => {
            let parts: Vec<String> = several
                .iter()
                .map(|at| identifier(&draft.columns[*at].traits.name))
                .collect();
            let name = free_name(draft, "Total_spend");
            let because = format!("the total of {} columns of money", parts.len());
            let text = parts.join(" + ");
            derive(draft, &name, text, Role::Money, because)?;
            name
        }
    };
    draft.recipe.segment.value = Some(value);
    Ok(())
}
