//! Columns that say what other columns say: exact sums, near copies, one-hot blocks, shadows of an outcome.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::PlanError;
use super::battery;
use super::codes;
use super::draft::{Draft, DraftColumn, Verdict, sort_by_name};
use super::sums::{dot, identities, looked_at, values_at};
use crate::meaning::{Measure, Traits};
use crate::roles::{Fate, Role};
use crate::statistics::{correlation, mean, standard_deviation};

/// More named features than this are not compared pair by pair.
const MOST_COMPARED: usize = 200;

/// At most so many columns are compared pair by pair to find those to cluster on.
const MOST_PAIRED: usize = 1000;

/// At most so many columns are clustered on without being asked for.
const MOST_FEATURES: usize = 24;

/// Marks sums, near copies, one-hot blocks and shadows of outcomes.
pub(super) fn mark(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    codes::settle(draft);
    mark_shadows(draft);
    let flags = draft.with_role(Role::Flag);
    mark_blocks(draft, &flags);
    battery::mark(draft)?;
    if draft.explicit {
        tell_copies(draft);
    } else {
        mark_sums(draft, &flags);
        mark_beyond(draft);
        mark_copies(draft);
        mark_most_alike(draft);
    }
    Ok(())
}

fn mark_shadows(draft: &mut Draft<'_>) {
    let outcomes = draft.with_role(Role::Outcome);
    for at in 0..draft.columns.len() {
        let column = &draft.columns[at];
        let money = matches!(column.role, Role::Money | Role::Count | Role::Number);
        if !money || draft.is_given(at) {
            continue;
        }
        // A prediction is no outcome: it may be 0 for people who never bought.
        let mut others = outcomes
            .iter()
            .map(|other| &draft.columns[*other].traits)
            .filter(|outcome| outcome.distinct == 2);
        if let Some(outcome) = others.find(|outcome| shadows(&column.traits, outcome)) {
            let because = format!("it is 0 wherever {} is", outcome.name);
            draft.columns[at].becomes(Measure::Outcome, "shadow", because);
        }
    }
}

fn mark_blocks(draft: &mut Draft<'_>, flags: &[usize]) {
    for (prefix, block) in one_hot_blocks(&draft.columns, flags) {
        for at in &block {
            let reason = format!("one of the columns of the category {prefix}");
            draft.columns[*at].verdict = Some(Verdict::new(Fate::Described, "one_hot", reason));
        }
        let names = block
            .iter()
            .map(|at| draft.columns[*at].traits.name.clone());
        draft.blocks.push((prefix, names.collect()));
    }
}

fn mark_sums(draft: &mut Draft<'_>, flags: &[usize]) {
    let columns = draft.columns.iter().enumerate();
    let numeric = columns
        .filter(|(_, column)| column.role.is_amount_or_measure() || column.role == Role::Flag);
    let numeric: Vec<usize> = numeric.map(|(at, _)| at).collect();
    for identity in identities(&draft.columns, &numeric) {
        let at = identity.column;
        if flags.contains(&at) || draft.is_given(at) {
            continue;
        }
        let reason = format!("it is {}", identity.formula(&draft.columns));
        let parts = identity.plus.iter().chain(&identity.minus);
        let twins = parts.map(|part| draft.columns[*part].traits.name.clone());
        draft.columns[at].twins = twins.collect();
        if identity.minus.is_empty() && is_revenue(draft, at, &identity.plus) {
            for &part in identity.plus.iter().chain([&at]) {
                draft.columns[part].meaning.becomes_spent();
            }
        }
        let is_money = |part: &usize| draft.columns[*part].role == Role::Money;
        let is_total = identity.minus.is_empty()
            && draft.columns[at].is_spending()
            && identity.plus.iter().all(is_money);
        draft.columns[at].is_total = is_total;
        draft.columns[at].verdict = Some(Verdict::new(Fate::LeftOut, "sum", reason));
    }
}

/// Whether what is named an income is the business's own: the sum of amounts of other names, or of three and more. Nobody tells us
/// all that customers earn, one by one.
fn is_revenue(draft: &Draft<'_>, at: usize, parts: &[usize]) -> bool {
    let is_income = |at: &usize| draft.columns[*at].meaning.is_income;
    let is_money = |part: &usize| draft.columns[*part].role == Role::Money;
    let is_of_others = parts.len() > 2 || !parts.iter().any(is_income);
    is_income(&at) && parts.len() > 1 && parts.iter().all(is_money) && is_of_others
}

/// Features that were named and say the same count twice; people should know.
fn tell_copies(draft: &mut Draft<'_>) {
    let named: Vec<usize> = (0..draft.columns.len())
        .filter(|at| draft.is_named(*at) && draft.columns[*at].traits.numbers().is_some())
        .collect();
    if named.len() > MOST_COMPARED {
        return;
    }
    for (at, twin, r) in near_copies(&draft.columns, &named) {
        draft.notes.push(format!(
            "{} and {} are correlated ({r:.3}): what they say counts twice in the distance",
            draft.columns[twin].traits.name, draft.columns[at].traits.name
        ));
    }
}

/// Of more columns than can be compared pair by pair, those with the most gaps are described only.
fn mark_beyond(draft: &mut Draft<'_>) {
    let mut candidates = candidates(draft);
    if candidates.len() <= MOST_PAIRED {
        return;
    }
    let columns = &draft.columns;
    candidates.sort_by(|a, b| {
        let key = |at: &usize| (columns[*at].traits.missing, &columns[*at].traits.name);
        key(a).cmp(&key(b))
    });
    for at in candidates.split_off(MOST_PAIRED) {
        let reason = format!(
            "{MOST_PAIRED} columns are the most that are compared with each other, and so many have no more gaps than it"
        );
        draft.columns[at].verdict = Some(Verdict::new(Fate::Described, "too_many", reason));
    }
}

fn mark_copies(draft: &mut Draft<'_>) {
    for (at, twin, r) in near_copies(&draft.columns, &candidates(draft)) {
        let (column, twin) = (&draft.columns[at], &draft.columns[twin]);
        let reason = format!(
            "it says what {} says (correlation {r:.3})",
            twin.traits.name
        );
        // Money that says what another kind of column says may be the value all the same.
        let fate = if column.is_spending() && !twin.is_spending() {
            Fate::Described
        } else {
            Fate::LeftOut
        };
        let twin = twin.traits.name.clone();
        draft.columns[at].twins = vec![twin];
        draft.columns[at].verdict = Some(Verdict::new(fate, "copy", reason));
    }
}

fn mark_most_alike(draft: &mut Draft<'_>) {
    for (at, twin, r) in most_alike(&draft.columns, &candidates(draft), MOST_FEATURES) {
        let reason = format!(
            "{MOST_FEATURES} columns are the most that is clustered on without being asked, and it is among those most like another ({}, correlation {r:.2})",
            draft.columns[twin].traits.name
        );
        draft.columns[at].twins = vec![draft.columns[twin].traits.name.clone()];
        draft.columns[at].verdict = Some(Verdict::new(Fate::Described, "too_many", reason));
    }
}

/// Columns that may be clustered on, as far as is known, unless the user gave them their role.
fn candidates(draft: &Draft<'_>) -> Vec<usize> {
    (0..draft.columns.len())
        .filter(|at| draft.columns[*at].is_candidate() && !draft.is_given(*at))
        .collect()
}

/// Pairs of columns with a correlation of at least this are near copies.
const NEAR_COPY: f64 = 0.98;

/// Below this correlation on the rows looked at, a pair is not checked on all.
const WORTH_CHECKING: f64 = 0.97;

/// With fewer complete rows than this nothing is told by them, and every pair of up to so many columns is checked.
const FEWEST_LOOKED_AT: usize = 30;
const MOST_CHECKED: usize = 100;

/// Columns standardized on the rows looked at, for quick correlations. Columns are in the order of their names.
struct Standardized {
    /// Too few rows have all the values to tell anything by.
    blind: bool,
    order: Vec<usize>,
    values: Vec<Vec<f64>>,
}

impl Standardized {
    fn new(columns: &[DraftColumn], candidates: &[usize]) -> Self {
        let mut order = candidates.to_vec();
        sort_by_name(columns, &mut order);
        let rows = looked_at(columns, &order);
        let standardize = |at: &usize| {
            let mut values = values_at(&columns[*at].traits, &rows);
            let center = mean(&values);
            let length = (standard_deviation(&values, center) * (values.len() as f64).sqrt())
                .max(f64::MIN_POSITIVE);
            for value in &mut values {
                *value = (*value - center) / length;
            }
            values
        };
        let values = order.par_iter().map(standardize).collect();
        Self {
            blind: rows.len() < FEWEST_LOOKED_AT,
            order,
            values,
        }
    }

    /// Correlations of one column with all before it.
    fn with_earlier(&self, later: usize) -> Vec<f64> {
        let own = &self.values[later];
        self.values[..later]
            .par_iter()
            .map(|other| dot(own, other))
            .collect()
    }
}

/// The correlation over the rows that have both values.
fn exact_correlation(a: &Traits, b: &Traits) -> f64 {
    let (Some(a), Some(b)) = (a.array(), b.array()) else {
        return 0.0;
    };
    let both = a.iter().zip(b.iter()).filter_map(|(x, y)| x.zip(y));
    let (a, b): (Vec<f64>, Vec<f64>) = both.unzip();
    correlation(&a, &b)
}

/// For each near copy: the later of the pair by name, the earlier one, and their correlation.
pub(super) fn near_copies(
    columns: &[DraftColumn],
    candidates: &[usize],
) -> Vec<(usize, usize, f64)> {
    let standardized = Standardized::new(columns, candidates);
    let order = &standardized.order;
    let every = standardized.blind && order.len() <= MOST_CHECKED;
    let mut gone = vec![false; order.len()];
    let mut copies = Vec::new();
    for later in 1..order.len() {
        let quick = standardized.with_earlier(later);
        let twin = (0..later)
            .filter(|earlier| !gone[*earlier] && (every || quick[*earlier].abs() >= WORTH_CHECKING))
            .map(|earlier| {
                (
                    earlier,
                    exact_correlation(
                        &columns[order[later]].traits,
                        &columns[order[earlier]].traits,
                    ),
                )
            })
            .find(|(_, r)| r.abs() >= NEAR_COPY);
        if let Some((earlier, r)) = twin {
            gone[later] = true;
            copies.push((order[later], order[earlier], r));
        }
    }
    copies
}

/// The columns to leave out until at most `most` are left: again and again one of the pair most alike, the later by
/// name, with its twin and their correlation on the rows looked at.
pub(super) fn most_alike(
    columns: &[DraftColumn],
    candidates: &[usize],
    most: usize,
) -> Vec<(usize, usize, f64)> {
    if candidates.len() <= most {
        return Vec::new();
    }
    let standardized = Standardized::new(columns, candidates);
    let order = &standardized.order;
    let mut pairs = Vec::new();
    for later in 1..order.len() {
        let alike = standardized.with_earlier(later).into_iter().enumerate();
        pairs.extend(alike.map(|(earlier, r)| (r, earlier, later)));
    }
    pairs.sort_by(|a, b| {
        b.0.abs()
            .total_cmp(&a.0.abs())
            .then(a.2.cmp(&b.2))
            .then(a.1.cmp(&b.1))
    });
    let mut gone = vec![false; order.len()];
    let mut out = Vec::new();
    for (r, earlier, later) in pairs {
        if order.len() - out.len() <= most {
            break;
        }
        if !gone[earlier] && !gone[later] {
            gone[later] = true;
            out.push((order[later], order[earlier], r));
        }
    }
    out
}

/// Blocks of flags with a common prefix, exactly one of which is 1 in every row: a category written as columns.
/// Each block is its prefix and its columns.
pub(super) fn one_hot_blocks(
    columns: &[DraftColumn],
    flags: &[usize],
) -> Vec<(String, Vec<usize>)> {
    let mut by_prefix: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for at in flags {
        let name = columns[*at].traits.name.as_str();
        if let Some((prefix, _)) = name.split_once(['_', '=', ':']) {
            by_prefix.entry(prefix).or_default().push(*at);
        }
    }
    by_prefix
        .into_iter()
        .filter(|(_, block)| block.len() > 1)
        .filter(|(_, block)| {
            let rows = columns[block[0]].traits.rows;
            let mut sums = vec![0.0; rows];
            for at in block {
                for (sum, value) in sums.iter_mut().zip(columns[*at].traits.filled()) {
                    *sum += value;
                }
            }
            sums.iter().all(|sum| *sum == 1.0)
        })
        .map(|(prefix, block)| (prefix.to_owned(), block))
        .collect()
}

/// Whether `column` is non-zero only in rows where `outcome` is: money that the outcome brought.
pub(super) fn shadows(column: &Traits, outcome: &Traits) -> bool {
    let (values, outcomes) = (column.filled(), outcome.filled());
    let mut any = false;
    for (value, outcome) in values.iter().zip(&outcomes) {
        if *value != 0.0 {
            if *outcome == 0.0 {
                return false;
            }
            any = true;
        }
    }
    any && outcomes.contains(&0.0)
}
