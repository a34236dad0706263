//! The value of a customer: what customers spend with us, or a named measure of what they are worth.
//!
//! One column rather than a sum; a sum only of disjoint parts; of nested windows the widest. Never what customers cost, owe,
//! own or earn, a price, an average, a ratio or a change. Without a telling name only a table that is made of amounts has a
//! value: their sum.

use super::PlanError;
use super::derived::{derive, free_name};
use super::draft::{Draft, DraftColumn};
use crate::expr::identifier;
use crate::meaning::{Aggregate, Confidence, Event, Measure, Whose};
use crate::roles::{Fate, Role};

/// Share of the features that amounts without a name must be, to be a value together.
const MADE_OF_AMOUNTS: f64 = 0.5;

/// Chooses the value column, or makes it of disjoint parts.
pub(super) fn choose(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    if draft.recipe.segment.value.is_some() || draft.standardized {
        return Ok(());
    }
    let mut by_rank: Vec<(u32, usize)> = (0..draft.columns.len())
        .filter_map(|at| Some((rank(&draft.columns[at])?, at)))
        .collect();
    by_rank.sort_by(|a, b| {
        let name = |at: usize| &draft.columns[at].traits.name;
        a.0.cmp(&b.0).then_with(|| name(a.1).cmp(name(b.1)))
    });
    let Some((best, _)) = by_rank.first().copied() else {
        return value_of_amounts(draft);
    };
    if best == 200_000 && has_other_money(draft) {
        return Ok(());
    }
    let parts: Vec<usize> = by_rank
        .iter()
        .filter(|(rank, _)| *rank == best)
        .map(|(_, at)| *at)
        .collect();
    take(draft, &parts, is_sum_sensible(best))
}

/// Totals come before measures of worth, those before what is spent in all, that before windows; the wider first.
fn rank(column: &DraftColumn) -> Option<u32> {
    let meaning = &column.meaning;
    let is_one_of_many = matches!(
        meaning.aggregate,
        Some(
            Aggregate::Average
                | Aggregate::Maximum
                | Aggregate::Minimum
                | Aggregate::Change
                | Aggregate::First
                | Aggregate::Last
        )
    );
    // A column that says what others say may be the value all the same.
    let is_repeated =
        !matches!(column.verdict, Some((Fate::LeftOut, _))) || !column.twins.is_empty();
    let usable = column.role == Role::Money
        && column.traits.numbers().is_some()
        && column.is_complete_enough()
        && is_repeated
        && !is_one_of_many;
    if !usable {
        return None;
    }
    let window = meaning.window.map(|days| 100_000 - days.min(90_000));
    let has_total = meaning.aggregate == Some(Aggregate::Total) || column.is_total;
    match meaning.whose? {
        Whose::Spent if has_total && window.is_none() => Some(0),
        Whose::Worth => Some(1),
        Whose::Spent if column.has_window() => Some(10 + window.unwrap_or(0)),
        Whose::Spent => Some(2),
        // Where one thing is bought and nothing else is known of money, its price is what was paid.
        // A total of unnamed money is what customers brought in all.
        Whose::Unknown
            if has_total && window.is_none() && meaning.confidence > Confidence::Guess =>
        {
            Some(4)
        }
        // A sum of other amounts is what they are the parts of.
        Whose::Unknown if column.is_total => Some(3),
        Whose::Price => Some(200_000),
        _ => None,
    }
}

/// Whether money other than prices, or purchases in the plural, are known.
fn has_other_money(draft: &Draft<'_>) -> bool {
    let mut columns = draft.columns.iter();
    columns.any(|column| {
        column.role == Role::Money && column.meaning.whose != Some(Whose::Price)
            || column.role == Role::Count && column.meaning.event == Some(Event::Purchase)
    })
}

/// Whether columns of a rank may be parts of one sum: not two totals, nor two measures of worth.
fn is_sum_sensible(rank: u32) -> bool {
    rank >= 2
}

/// Whether the only money of a table has cents and is seldom 0.
fn is_spent_by_most(draft: &Draft<'_>, at: usize) -> bool {
    let is_other = |other: usize| other != at && draft.columns[other].role == Role::Money;
    let numbers = draft.columns[at].traits.numbers();
    numbers.is_some_and(|numbers| numbers.cents && numbers.q05 > 0.0)
        && !(0..draft.columns.len()).any(is_other)
}

/// The only column, the one that holds all others, or the sum of parts that are disjoint.
fn take(draft: &mut Draft<'_>, parts: &[usize], may_add: bool) -> Result<(), PlanError> {
    let widest = parts.iter().find(|at| {
        parts
            .iter()
            .all(|other| holds(&draft.columns[**at], &draft.columns[*other]))
    });
    let value = match (parts, widest) {
        ([], _) => return Ok(()),
        ([only], _) => draft.columns[*only].traits.name.clone(),
        (_, Some(widest)) => draft.columns[*widest].traits.name.clone(),
        ([first, ..], None) if !may_add => draft.columns[*first].traits.name.clone(),
        (several, None) => {
            let names = several
                .iter()
                .map(|at| identifier(&draft.columns[*at].traits.name));
            let text = names.collect::<Vec<String>>().join(" + ");
            let name = free_name(draft, "Total_spend");
            let because = format!("the total of {} columns of money", several.len());
            derive(draft, &name, text, Measure::Money, because)?;
            name
        }
    };
    draft.recipe.segment.value = Some(value);
    Ok(())
}

/// Whether one column is nowhere smaller than the other, and they are not the same: a total or a wider window of it.
fn holds(one: &DraftColumn, other: &DraftColumn) -> bool {
    if std::ptr::eq(one, other) {
        return true;
    }
    let (Some(one), Some(other)) = (one.traits.array(), other.traits.array()) else {
        return false;
    };
    let both = || {
        one.iter()
            .zip(other.iter())
            .filter_map(|(one, other)| one.zip(other))
    };
    let smaller = both().filter(|(one, other)| one < other).count();
    let rows = both().count();
    // Totals of exports deviate in a few rows.
    smaller * 200 <= rows && both().any(|(one, other)| one > other)
}

/// Amounts that only their values give away: a value together, where the table is made of little else.
fn value_of_amounts(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    let is_amount = |column: &DraftColumn| {
        column.role == Role::Money
            && column.meaning.whose == Some(Whose::Unknown)
            && column.meaning.confidence == Confidence::Guess
            && column.is_candidate()
    };
    let features = draft
        .columns
        .iter()
        .filter(|column| column.is_candidate())
        .count();
    let mut amounts: Vec<usize> = (0..draft.columns.len())
        .filter(|at| is_amount(&draft.columns[*at]))
        .collect();
    if let [only] = amounts.as_slice()
        && is_spent_by_most(draft, *only)
    {
        return take(draft, &amounts, false);
    }
    if amounts.len() < 3 || (amounts.len() as f64) < MADE_OF_AMOUNTS * features as f64 {
        return Ok(());
    }
    amounts.sort_by(|a, b| {
        draft.columns[*a]
            .traits
            .name
            .cmp(&draft.columns[*b].traits.name)
    });
    take(draft, &amounts, true)
}
