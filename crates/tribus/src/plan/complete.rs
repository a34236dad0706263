//! From the decisions about columns to a recipe in which nothing is left open.

use super::draft::Draft;
use super::weigh::weigh;
use super::{Plan, please_check, recognized};
use crate::meaning::{Looks, Values};
use crate::recipe::{DropRule, Limits, Scale, SegmentSection, Weights};
use crate::roles::{ColumnDecision, Fate, Role};

/// Rows with impossible values are set aside where they are no more than this share.
const MOST_IMPOSSIBLE: f64 = 0.05;

/// The plan of a draft whose columns are decided on.
pub(super) fn complete(mut draft: Draft<'_>, columns: Vec<ColumnDecision>) -> Plan {
    let please_check = please_check::questions(&draft, &columns);
    if !draft.explicit {
        name_features(&mut draft, &columns);
        set_impossible_aside(&mut draft, &columns);
        let features = &draft.recipe.segment.features;
        if let [only] = features.as_slice() {
            draft.notes.push(format!(
                "only one column can be clustered on ({only}): the segments are slices of it"
            ));
        }
        draft.notes.extend(recognized(draft.table));
        let unread = unread(&draft, &columns);
        draft.notes.extend(unread);
    }
    let unset = if draft.explicit {
        Weights::Equal
    } else {
        Weights::Balanced
    };
    let segment = &mut draft.recipe.segment;
    let weights = *segment.weights.get_or_insert(unset);
    fill_in(segment);
    let (weights, group_shares) = weigh(&columns, &segment.features, weights);
    let amounts = columns
        .iter()
        .filter(|column| matches!(column.role, Role::Money | Role::Count))
        .map(|column| column.name.clone())
        .collect();
    Plan {
        recipe: draft.recipe,
        columns,
        blocks: draft.blocks,
        notes: draft.notes,
        please_check,
        group_shares,
        amounts,
        weights,
    }
}

/// Columns left as text whose cells look like something else, and ids that lost their digits.
fn unread(draft: &Draft<'_>, columns: &[ColumnDecision]) -> Vec<String> {
    let decided = draft.columns.iter().zip(columns);
    let text = decided.filter_map(|(column, decided)| match &column.traits.values {
        Values::Text(text) => Some((&column.traits, text, decided)),
        _ => None,
    });
    let told = text.filter_map(|(column, text, decided)| {
        let name = &column.name;
        let is_text = decided.role == Role::Text;
        if text.looks == Looks::Shortened {
            return Some(format!(
                "{name}: a spreadsheet shortened its numbers (like 8.93E+12): different ones may look alike; export the column as text"
            ));
        }
        (text.looks == Looks::Measured && is_text).then(|| {
            format!(
                "{name} was left as text, though its cells look like numbers, money or dates: see `tribus inspect`; --decimal, --date-order and --dates settle how they are read"
            )
        })
    });
    told.collect()
}

fn name_features(draft: &mut Draft<'_>, columns: &[ColumnDecision]) {
    let mut features: Vec<String> = columns
        .iter()
        .filter(|column| column.fate == Fate::Clustered)
        .map(|column| column.name.clone())
        .collect();
    features.sort_unstable();
    draft.recipe.segment.features = features;
}

/// Rows with impossible ages or negative counts are set aside, also among rows to come.
fn set_impossible_aside(draft: &mut Draft<'_>, columns: &[ColumnDecision]) {
    let (mut ages, mut counts) = (Vec::new(), Vec::new());
    let decided = draft.columns.iter().zip(columns);
    for (column, _) in decided.filter(|(_, decided)| decided.fate == Fate::Clustered) {
        let Some(numbers) = column.traits.numbers() else {
            continue;
        };
        let name = &column.traits.name;
        let formula = draft
            .recipe
            .derive
            .get(name)
            .map(|text| format!("({text})"));
        let operand = formula.unwrap_or_else(|| crate::expr::identifier(name));
        match column.role {
            _ if draft.standardized => {}
            Role::Age if numbers.q05 >= 0.0 && numbers.q95 <= 110.0 => {
                ages.push(format!("{operand} < 0 OR {operand} > 110"));
            }
            // A few negative counts are mistakes; many mean something.
            Role::Count if numbers.negatives <= MOST_IMPOSSIBLE => {
                counts.push(format!("{operand} < 0"));
            }
            Role::Money if numbers.min < 0.0 && !draft.standardized => {
                let filled = column.traits.filled();
                let negative = filled.iter().filter(|value| **value < 0.0).count();
                draft
                    .notes
                    .push(format!("{name}: {negative} negative amounts, kept"));
            }
            _ => {}
        }
    }
    for (mut conditions, because) in [
        (ages, "impossible age (under 0 or over 110)"),
        (counts, "negative count"),
    ] {
        conditions.sort_unstable();
        if !conditions.is_empty() {
            let (condition, because) = (conditions.join(" OR "), because.to_owned());
            draft
                .recipe
                .clean
                .drop
                .push(DropRule { condition, because });
        }
    }
}

/// What the recipe leaves open is as it usually is.
fn fill_in(segment: &mut SegmentSection) {
    let raw = segment.scale == Some(Scale::None);
    segment.scale.get_or_insert(Scale::Standard);
    segment
        .limits
        .get_or_insert(if raw { Limits::None } else { Limits::Auto });
    segment.seed.get_or_insert(0);
}
