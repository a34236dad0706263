//! Blanks that mean "none", and values that stand for it: what the other cells prove about a cell.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{Array, Float64Array};

use super::draft::{Draft, DraftColumn, sort_by_name};
use crate::meaning::{Event, Measure, Traits, Whose};
use crate::recipe::{CleanColumn, Missing, Scalar};
use crate::roles::Role;

/// Blanks of at least this share of the rows are looked at.
const FEWEST_BLANKS: f64 = 0.02;

/// From this share of the cells on a value has piled up.
const PILED_UP: f64 = 0.01;

/// A sentinel stands so many times as far out as the span of all other values, of which it is no part.
const APART: f64 = 0.5;

/// Marks sentinels as missing and blanks that mean none as 0, and writes both into the recipe.
pub(super) fn settle(draft: &mut Draft<'_>) {
    for at in 0..draft.columns.len() {
        if !is_settled(draft, at) {
            replace_sentinels(draft, at);
        }
    }
    for (at, proof) in proven_by_totals(draft) {
        fill_with_zero(draft, at, &proof);
    }
    let is_active = |at: &usize| is_activity(&draft.columns[*at]);
    let mut activities: Vec<usize> = (0..draft.columns.len()).filter(is_active).collect();
    sort_by_name(&draft.columns, &mut activities);
    let zeros: Vec<(usize, String)> = (0..draft.columns.len())
        .filter(|at| !is_settled(draft, *at))
        .filter_map(|at| Some((at, proof(draft, at, &activities)?)))
        .collect();
    for (at, proof) in zeros {
        fill_with_zero(draft, at, &proof);
    }
}

/// The recipe says what to do with the cells of the column.
fn is_settled(draft: &Draft<'_>, at: usize) -> bool {
    let name = &draft.columns[at].traits.name;
    let clean = &draft.recipe.clean;
    draft.columns[at].traits.derived
        || clean.columns.contains_key(name)
        || clean.replace.contains_key(name)
}

/// Whether people write a number for "none", "never" or "no answer": one digit over and over (999, -1, -77), or 7 and 8
/// after nines (97, 998).
fn may_stand_for_none(value: f64) -> bool {
    let text = value.abs().to_string();
    let Some((last, before)) = text.as_bytes().split_last() else {
        return false;
    };
    if value < 0.0 {
        return before.iter().all(|digit| digit == last) && *last != b'0';
    }
    !before.is_empty() && before.iter().all(|digit| *digit == b'9') && (b'7'..=b'9').contains(last)
}

/// A value of the usual kind that stands apart from all others and has piled up.
fn sentinel(column: &DraftColumn) -> Option<f64> {
    let numbers = column.traits.numbers()?;
    if !column.role.is_amount_or_measure() || !numbers.whole {
        return None;
    }
    let array = column.traits.array()?;
    let is_sentinel = |sentinel: &f64| {
        // Beside -77 for "no answer" -66 may stand for "not asked".
        let is_another = |value: f64| value < 0.0 && *sentinel < 0.0 && may_stand_for_none(value);
        let others: Vec<f64> = array
            .iter()
            .flatten()
            .filter(|value| value != sentinel && !is_another(*value))
            .collect();
        let piled = array
            .iter()
            .flatten()
            .filter(|value| value == sentinel)
            .count() as f64;
        let (low, high) = others
            .iter()
            .fold((f64::MAX, f64::MIN), |(low, high), value| {
                (low.min(*value), high.max(*value))
            });
        let gap = (low - sentinel).max(sentinel - high);
        // -1 stands beside 0 in a count: no count is negative.
        let is_apart = gap > APART * (high - low) && gap > 1.0 || *sentinel < 0.0 && low >= 0.0;
        others.len() > 20 && piled >= PILED_UP * array.len() as f64 && piled >= 2.0 && is_apart
    };
    [numbers.min, numbers.max]
        .into_iter()
        .filter(|value| may_stand_for_none(*value))
        .find(is_sentinel)
}

/// Marks a value that stands for none as missing; one after the other where there are several.
fn replace_sentinels(draft: &mut Draft<'_>, at: usize) {
    while let Some(value) = sentinel(&draft.columns[at]) {
        let column = &mut draft.columns[at];
        let Some(array) = column.traits.array() else {
            return;
        };
        let cells = array.iter().filter(|cell| *cell == Some(value)).count();
        let kept: Float64Array = array
            .iter()
            .map(|cell| cell.filter(|cell| *cell != value))
            .collect();
        let name = column.traits.name.clone();
        draft.change_cells(at, kept);
        let replaced = draft.recipe.clean.replace.entry(name.clone()).or_default();
        replaced.insert(value.to_string(), Scalar::Text(String::new()));
        draft.notes.push(format!(
            "{name}: {value} stands for none in {cells} cells, and counts as missing (clean.replace)"
        ));
    }
}

/// Whether it adds up what customers did, so that nothing done is 0. A blank income is an answer that was not given.
fn is_activity(column: &DraftColumn) -> bool {
    let meaning = &column.meaning;
    match column.role {
        Role::Count => meaning.event != Some(Event::People),
        Role::Money => matches!(
            meaning.whose,
            Some(Whose::Spent | Whose::Worth | Whose::Cost | Whose::Unknown)
        ),
        _ => false,
    }
}

/// What proves that the blanks of a column mean 0; none where nothing does. `activities` are in the order of their names.
fn proof(draft: &Draft<'_>, at: usize, activities: &[usize]) -> Option<String> {
    let column = &draft.columns[at];
    let array = column.traits.array()?;
    let numbers = column.traits.numbers()?;
    if !is_activity(column) || column.missing_share() < FEWEST_BLANKS || numbers.min <= 0.0 {
        return None;
    }
    let others = activities.iter().filter(|other| **other != at);
    let others = others.map(|other| &draft.columns[*other].traits);
    let mut others = others.filter_map(|other| Some((&other.name, other, other.array()?)));
    others.find_map(|(name, other, cells)| {
        let same_blanks = (0..array.len()).all(|row| array.is_null(row) == cells.is_null(row));
        let is_zero = |row: usize| cells.is_valid(row) && cells.value(row) == 0.0;
        let zero_there = (0..array.len()).all(|row| array.is_null(row) == is_zero(row));
        let never_zero = other.numbers().is_some_and(|numbers| numbers.min > 0.0);
        if zero_there {
            Some(format!("{name} is 0 there"))
        } else if same_blanks && never_zero {
            Some(format!("{name} is empty there, too"))
        } else {
            None
        }
    })
}

/// Columns of money or counts whose sum, blanks taken as 0, is another column of the same kind.
fn proven_by_totals(draft: &Draft<'_>) -> Vec<(usize, String)> {
    let kind = |at: usize| draft.columns[at].role;
    let is_part = |at: &usize| is_activity(&draft.columns[*at]) && !is_settled(draft, *at);
    let columns: Vec<usize> = (0..draft.columns.len()).filter(is_part).collect();
    let is_blank = |at: usize| draft.columns[at].traits.missing > 0;
    let mut kinds: BTreeMap<Role, (Vec<usize>, Vec<f64>)> = BTreeMap::new();
    for at in &columns {
        kinds.entry(kind(*at)).or_default().0.push(*at);
    }
    for (members, sums) in kinds.values_mut() {
        *sums = sums_of_rows(draft, members);
    }
    for total in &columns {
        let Some((members, sums)) = kinds.get(&kind(*total)) else {
            continue;
        };
        let blanks = || members.iter().filter(|at| *at != total && is_blank(**at));
        if members.len() >= 3 && is_rest(draft, *total, sums) && blanks().next().is_some() {
            let name = &draft.columns[*total].traits.name;
            return blanks()
                .map(|at| (*at, format!("{name} is the sum")))
                .collect();
        }
    }
    Vec::new()
}

/// The sum of each row, blanks taken as 0.
fn sums_of_rows(draft: &Draft<'_>, columns: &[usize]) -> Vec<f64> {
    let rows = draft.columns.first().map_or(0, |column| column.traits.rows);
    let mut sums = vec![0.0; rows];
    let arrays = columns
        .iter()
        .filter_map(|at| draft.columns[*at].traits.array());
    for array in arrays {
        for (sum, cell) in sums.iter_mut().zip(array) {
            *sum += cell.unwrap_or(0.0);
        }
    }
    sums
}

/// Whether a column is, in nearly every row, what the other columns of these sums come to.
fn is_rest(draft: &Draft<'_>, total: usize, sums: &[f64]) -> bool {
    let Some(total) = draft.columns[total].traits.array() else {
        return false;
    };
    let known = || {
        total
            .iter()
            .zip(sums)
            .filter_map(|(total, sum)| Some((total?, sum)))
    };
    let deviates = |(total, sum): &(f64, &f64)| {
        let others = **sum - total;
        (others - total).abs() > 1e-6 * others.abs().max(1.0)
    };
    known().filter(deviates).count() * 200 <= known().count()
}

fn fill_with_zero(draft: &mut Draft<'_>, at: usize, proof: &str) {
    let column = &draft.columns[at];
    let Some(array) = column.traits.array() else {
        return;
    };
    let filled: Float64Array = array.iter().map(|cell| Some(cell.unwrap_or(0.0))).collect();
    let (name, blanks) = (column.traits.name.clone(), column.traits.missing);
    draft.change_cells(at, filled);
    let zero = Missing::Value {
        value: Scalar::Number(0.0),
    };
    draft
        .recipe
        .clean
        .columns
        .insert(name.clone(), CleanColumn { missing: zero });
    draft.notes.push(format!(
        "{name}: {blanks} empty cells mean 0, for {proof} (clean.columns)"
    ));
}

impl Draft<'_> {
    /// Gives a column other cells; what it means is decided once more.
    fn change_cells(&mut self, at: usize, cells: Float64Array) {
        let column = &self.columns[at].traits;
        let traits = Traits::new(
            &column.name,
            Arc::new(cells),
            column.facts.clone(),
            column.derived,
        );
        let given = self.is_given(at);
        let column = &mut self.columns[at];
        column.traits = traits;
        let meaning = crate::meaning::decide(&column.traits, false);
        let keeps = given || column.meaning.code == "rfm" || meaning.measure == Measure::Constant;
        if !keeps {
            column.role = meaning.measure.role();
            column.meaning = meaning;
        }
    }
}
