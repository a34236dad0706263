//! Columns made without being asked: age, days since each date, the total of what is spent.

use super::PlanError;
use super::draft::{Draft, Verdict, sort_by_name};
use super::value;
use crate::date::Date;
use crate::expr::{Expr, identifier};
use crate::meaning::{
    Confidence, DateNumber, DayTraits, Event, Measure, Traits, Values, date_number,
};
use crate::roles::{Fate, Role};
use crate::table::ColumnFacts;
use crate::vocabulary::Concept;

pub(super) fn add(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    if !draft.explicit {
        read_written_dates(draft)?;
    }
    set_reference_date(draft);
    if !draft.explicit {
        add_ages(draft)?;
        add_days_since(draft)?;
    }
    value::choose(draft)
}

/// Makes dates of numbers that are dates: days of a spreadsheet, seconds and milliseconds since 1970.
fn read_written_dates(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    for at in 0..draft.columns.len() {
        let column = &draft.columns[at];
        let is_sure = column.meaning.measure == Measure::Epoch
            && column.meaning.confidence == Confidence::Sure
            && column.is_complete_enough();
        if !is_sure || draft.is_given(at) {
            continue;
        }
        let operand = identifier(&column.traits.name);
        let (text, unit) = match date_number(&column.traits) {
            Some(DateNumber::Serial) => (
                format!("DATE '1899-12-30' + FLOOR({operand})"),
                "days since 1899-12-30",
            ),
            Some(DateNumber::Seconds) => (
                format!("DATE '1970-01-01' + FLOOR({operand} / 86400)"),
                "seconds since 1970",
            ),
            Some(DateNumber::Milliseconds) => (
                format!("DATE '1970-01-01' + FLOOR({operand} / 86400000)"),
                "milliseconds since 1970",
            ),
            Some(DateNumber::Calendar) | None => continue,
        };
        let source = column.traits.name.clone();
        let event = column.meaning.event;
        let name = free_name(draft, &format!("{source}_date"));
        let because = format!("{source} read as {unit}");
        derive(draft, &name, text, Measure::Date, because)?;
        if let Some(made) = draft.columns.last_mut() {
            made.meaning.event = event;
        }
        draft.notes.push(format!(
            "{source} holds dates written as {unit}: {name} is made from it"
        ));
        let reason = format!("a date written as {unit}; {name} is made from it");
        draft.columns[at].verdict = Some(Verdict::new(Fate::LeftOut, "made_into", reason));
        draft.columns[at].twins = vec![name];
    }
    Ok(())
}

fn set_reference_date(draft: &mut Draft<'_>) {
    let latest = draft
        .with_role(Role::Date)
        .into_iter()
        .filter(|at| has_happened(draft, *at))
        .filter_map(|at| match &draft.columns[at].traits.values {
            Values::Dates { days } => days.latest,
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

/// A date on which the customer was born.
fn is_birth(draft: &Draft<'_>, at: usize) -> bool {
    draft.columns[at].meaning.event == Some(Event::Birth)
}

/// Whether something happened to the customer then: no birth, no change of the record, nothing planned.
fn has_happened(draft: &Draft<'_>, at: usize) -> bool {
    let column = &draft.columns[at];
    match column.meaning.event {
        Some(Event::Birth | Event::Record | Event::Planned) => false,
        // The end of a contract lies ahead, the last renewal does not.
        Some(Event::Renewal) => column.traits.clues.has(Concept::Last),
        _ => true,
    }
}

/// A name for a new column: the wanted one, or with a number behind it. Control characters of the name it is made from
/// become spaces, for a recipe refuses them in new names.
pub(super) fn free_name(draft: &Draft<'_>, wanted: &str) -> String {
    let wanted = wanted.replace(char::is_control, " ");
    let mut name = wanted.clone();
    let mut number = 2;
    while draft.position(&name).is_some() {
        name = format!("{wanted}_{number}");
        number += 1;
    }
    name
}

/// Adds a derived column with its role.
pub(super) fn derive(
    draft: &mut Draft<'_>,
    name: &str,
    text: String,
    measure: Measure,
    because: String,
) -> Result<(), PlanError> {
    let expression = |source| PlanError::Expression {
        place: format!("derive.{name}"),
        source,
    };
    let parsed = Expr::parse(&text).map_err(expression)?;
    let array = parsed
        .evaluate(&draft.read_by(&parsed))
        .map_err(expression)?;
    draft.push(
        Traits::new(name, array, ColumnFacts::default(), true),
        false,
    );
    let at = draft.columns.len() - 1;
    // A column that came out constant stays out, whatever it was made for.
    if draft.columns[at].role != Role::Constant {
        draft.columns[at].becomes(measure, "derived", because);
    }
    draft.recipe.derive.insert(name.to_owned(), text);
    Ok(())
}

fn add_ages(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    let known = !draft.with_role(Role::Age).is_empty();
    let years = draft.with_role(Role::BirthYear).into_iter();
    let days = draft
        .with_role(Role::Date)
        .into_iter()
        .filter(|at| is_birth(draft, *at))
        .filter(|at| matches!(draft.columns[*at].traits.values, Values::Dates { .. }));
    let mut births: Vec<usize> = years.chain(days).collect();
    sort_by_name(&draft.columns, &mut births);
    for at in births {
        if known {
            let reason = "the age says the same".to_owned();
            draft.columns[at].verdict = Some(Verdict::new(Fate::Described, "age_known", reason));
            draft.columns[at].twins = vec!["Age".to_owned()];
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
        let reason = format!("{name} is made from it");
        draft.columns[at].verdict = Some(Verdict::new(Fate::Described, "made_into", reason));
        draft.columns[at].twins = vec![name];
    }
    Ok(())
}

/// Name, expression, role and reason of an age; the year of birth where there is no reference date.
fn age_of(
    as_of: Option<Date>,
    source: &str,
    is_year: bool,
) -> Option<(&'static str, String, Measure, String)> {
    let operand = identifier(source);
    match as_of {
        Some(date) if is_year => {
            let year = date.civil().year;
            Some((
                "Age",
                format!("{year} - {operand}"),
                Measure::Age,
                format!("{year} less {source}"),
            ))
        }
        Some(date) => {
            let text = format!("FLOOR((DATE '{date}' - {operand}) / 365.25)");
            Some((
                "Age",
                text,
                Measure::Age,
                format!("full years from {source} to {date}"),
            ))
        }
        None if is_year => None,
        None => {
            let text = format!("YEAR({operand})");
            Some((
                "Birth_year",
                text,
                Measure::BirthYear,
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
    sort_by_name(&draft.columns, &mut dates);
    for at in dates {
        let Values::Dates { days } = draft.columns[at].traits.values else {
            continue;
        };
        if !has_happened(draft, at) || days.most_alike > ONE_DAY {
            continue;
        }
        let source = draft.columns[at].traits.name.clone();
        let name = free_name(draft, &format!("Days_since_{source}"));
        let operand = identifier(&source);
        let mut text = format!("DATE '{date}' - {operand}");
        if let Some(bounds) = bounds(&operand, &days) {
            text = format!("CASE WHEN {bounds} THEN {text} END");
            draft.notes.push(format!(
                "{source}: {} dates far from all others stand for none, and count as missing",
                days.isolated
            ));
        }
        let because = format!("days from {source} to {date}");
        derive(draft, &name, text, Measure::Duration, because)?;
        draft.columns[at].meaning.because = format!("{name} is made from it");
        draft.columns[at].twins = vec![name];
    }
    Ok(())
}

/// Dates of which so many are one day tell nothing about customers: an export, a migration.
const ONE_DAY: f64 = 0.95;

/// The condition that a date is none that stands for "none", where there are such.
fn bounds(operand: &str, days: &DayTraits) -> Option<String> {
    let date = |day: i32| Date::from_days(day).map(|date| format!("DATE '{date}'"));
    // The bounds are the dates that stand for none, for later rows have later dates.
    let before = days.isolated_before.and_then(date);
    let after = days.isolated_after.and_then(date);
    let conditions: Vec<String> = (before.map(|day| format!("{operand} > {day}")).into_iter())
        .chain(after.map(|day| format!("{operand} < {day}")))
        .collect();
    (!conditions.is_empty()).then(|| conditions.join(" AND "))
}
