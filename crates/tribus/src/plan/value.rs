//! The value of a customer: what customers spend with us, or a named measure of what they are worth.
//!
//! One column rather than a sum; a sum only of disjoint parts; of nested windows the widest. Never what customers cost, owe,
//! own or earn, a price, an average, a ratio or a change. Without a telling name there is a value only where a table is made
//! of amounts (their sum), or has a single one.

use std::cmp::Reverse;

use super::PlanError;
use super::derived::{derive, free_name};
use super::draft::{Draft, DraftColumn, sort_by_name};
use crate::expr::identifier;
use crate::meaning::{Aggregate, Confidence, Event, Measure, Whose};
use crate::recipe::ValueColumn;
use crate::roles::{Fate, Role};
use crate::statistics::correlation;
use crate::vocabulary::Concept;

/// Share of the features that amounts without a name must be, to be a value together.
const MADE_OF_AMOUNTS: f64 = 0.5;

/// From this correlation on a total rises with its parts.
const RISES: f64 = 0.3;

/// Fewest amounts without a name that make a table of amounts.
const FEWEST_AMOUNTS: usize = 3;

/// How good a value a column is, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// All that is spent.
    Total,
    /// A measure of worth.
    Worth,
    /// What is spent, or a part of it.
    Spent,
    /// The sum of other amounts that nobody named.
    SumOfAmounts,
    /// A total of unnamed money.
    UnnamedTotal,
    /// What is spent in a span of so many days, the widest first; in one of unknown length last.
    Window(Reverse<u32>),
    /// The price of the one thing that was bought.
    Price,
}

impl Rank {
    /// Whether columns of this rank may be parts of one sum: not two totals, nor two measures of worth.
    fn may_be_parts(self) -> bool {
        self >= Self::Spent
    }
}

/// Chooses the value column, or makes it of disjoint parts.
pub(super) fn choose(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    if draft.recipe.segment.value.is_some() || draft.standardized {
        return Ok(());
    }
    let ranks: Vec<Option<Rank>> = draft.columns.iter().map(rank).collect();
    let Some(best) = ranks.iter().flatten().min().copied() else {
        return value_of_amounts(draft);
    };
    if best == Rank::Price && has_other_money(draft) {
        return Ok(());
    }
    let is_best = |at: &usize| ranks[*at] == Some(best);
    let parts = by_name(draft, (0..draft.columns.len()).filter(is_best));
    let is_wider = |at: &usize| {
        matches!(ranks[*at], Some(Rank::Window(_)))
            && parts
                .iter()
                .all(|part| holds(&draft.columns[*at], &draft.columns[*part]))
    };
    // What is spent in a year may hold all of a fee.
    let wider = by_name(draft, (0..draft.columns.len()).filter(is_wider));
    if best == Rank::Spent && !wider.is_empty() {
        return take(draft, &wider, false);
    }
    take(draft, &parts, best.may_be_parts())
}

/// Columns in the order of their names, so that the order in the file changes nothing.
fn by_name(draft: &Draft<'_>, columns: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut columns: Vec<usize> = columns.collect();
    sort_by_name(&draft.columns, &mut columns);
    columns
}

fn rank(column: &DraftColumn) -> Option<Rank> {
    let meaning = &column.meaning;
    let is_one_of_many = !matches!(meaning.aggregate, None | Some(Aggregate::Total));
    // A column that says what others say may be the value all the same.
    let is_left_out = column
        .verdict
        .as_ref()
        .is_some_and(|verdict| verdict.fate == Fate::LeftOut && column.twins.is_empty());
    let is_usable = column.role == Role::Money
        && column.traits.numbers().is_some()
        && column.is_complete_enough();
    if !is_usable || is_left_out || is_one_of_many {
        return None;
    }
    let is_whole_time = meaning.window.is_none();
    let is_total =
        is_whole_time && (meaning.aggregate == Some(Aggregate::Total) || column.is_total);
    Some(match meaning.whose? {
        Whose::Spent if is_total => Rank::Total,
        Whose::Worth => Rank::Worth,
        Whose::Spent if column.has_window() => Rank::Window(Reverse(meaning.window.unwrap_or(0))),
        Whose::Spent => Rank::Spent,
        Whose::Unknown if is_total && meaning.confidence > Confidence::Guess => Rank::UnnamedTotal,
        Whose::Unknown if column.is_total => Rank::SumOfAmounts,
        Whose::Price => Rank::Price,
        _ => return None,
    })
}

/// Whether money other than prices, or purchases in the plural, are known.
fn has_other_money(draft: &Draft<'_>) -> bool {
    let mut columns = draft.columns.iter();
    columns.any(|column| {
        column.role == Role::Money && column.meaning.whose != Some(Whose::Price)
            || column.role == Role::Count && column.meaning.event == Some(Event::Purchase)
    })
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
    draft.recipe.segment.value = Some(ValueColumn::Named(value));
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
    // Totals of exports deviate in a few rows. Most pairs of columns are told apart by the first hundreds.
    let most = one.len() / 200;
    let smaller = both()
        .filter(|(one, other)| one < other)
        .take(most + 1)
        .count();
    smaller <= most && smaller * 200 <= both().count() && both().any(|(one, other)| one > other)
}

/// The only money beside incomes, if its name says that it is an amount, and not whose.
fn only_named_amount(draft: &Draft<'_>) -> Option<usize> {
    let mut amounts = (0..draft.columns.len()).filter(|at| {
        let (column, meaning) = (&draft.columns[*at], &draft.columns[*at].meaning);
        let is_whole = matches!(meaning.aggregate, None | Some(Aggregate::Total));
        column.role == Role::Money
            && meaning.whose == Some(Whose::Unknown)
            && meaning.confidence == Confidence::Sure
            && column
                .traits
                .clues
                .has_any(&[Concept::Amount, Concept::CurrencyUnit])
            && is_whole
            && column.is_candidate()
    });
    let first = amounts.next()?;
    let is_other = |at: usize| {
        let column = &draft.columns[at];
        let is_no_value = column.meaning.is_income
            || matches!(column.meaning.whose, Some(Whose::Cost | Whose::Price));
        at != first && column.role == Role::Money && !is_no_value
    };
    (!(0..draft.columns.len()).any(is_other)).then_some(first)
}

/// Whether one column holds the other and rises with it: the value of a home is above all gifts, and holds none.
fn contains(one: &DraftColumn, other: &DraftColumn) -> bool {
    holds(one, other) && correlation(&one.traits.filled(), &other.traits.filled()) > RISES
}

/// The amount that contains the most others, if one does: a total, or the widest of several. Empty where two contain as
/// many; none where no amount contains another.
fn widest(draft: &Draft<'_>, amounts: &[usize]) -> Option<Vec<usize>> {
    let contained = |one: &usize| {
        let others = amounts.iter().filter(|other| *other != one);
        let is_in = |other: &&usize| contains(&draft.columns[*one], &draft.columns[**other]);
        (others.filter(is_in).count(), *one)
    };
    let counts: Vec<(usize, usize)> = amounts.iter().map(contained).collect();
    let most = counts.iter().map(|(count, _)| *count).max()?;
    let widest = counts.iter().filter(|(count, _)| *count == most);
    let widest: Vec<usize> = widest.map(|(_, one)| *one).collect();
    (most > 0).then(|| {
        if widest.len() == 1 {
            widest
        } else {
            Vec::new()
        }
    })
}

/// All amounts of which no name says whose they are.
fn amounts_of_unknown(draft: &Draft<'_>) -> Vec<usize> {
    let is_amount = |at: &usize| {
        let column = &draft.columns[*at];
        column.role == Role::Money
            && column.meaning.whose == Some(Whose::Unknown)
            && matches!(column.meaning.aggregate, None | Some(Aggregate::Total))
            && column.is_candidate()
    };
    by_name(draft, (0..draft.columns.len()).filter(is_amount))
}

/// Amounts that only their values give away: a value together, where the table is made of little else.
fn value_of_amounts(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    if let Some(only) = only_named_amount(draft) {
        return take(draft, &[only], false);
    }
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
    let amounts = (0..draft.columns.len()).filter(|at| is_amount(&draft.columns[*at]));
    let amounts = by_name(draft, amounts);
    if let [only] = amounts.as_slice()
        && is_spent_by_most(draft, *only)
    {
        return take(draft, &amounts, false);
    }
    // Amounts of which one contains another are no parts of a sum.
    if let Some(widest) = widest(draft, &amounts) {
        return take(draft, &widest, false);
    }
    if let Some(widest) = widest(draft, &amounts_of_unknown(draft)) {
        return take(draft, &widest, false);
    }
    let is_made_of_them = amounts.len() as f64 >= MADE_OF_AMOUNTS * features as f64;
    if amounts.len() < FEWEST_AMOUNTS || !is_made_of_them {
        return Ok(());
    }
    take(draft, &amounts, true)
}
