//! What becomes of each column: the rules, the strongest first.

use super::draft::{Draft, DraftColumn};
use super::role::group_of;
use crate::roles::{ColumnDecision, Fate, Role};

/// What becomes of each column, and why.
pub(super) fn decide(draft: &Draft<'_>) -> Vec<ColumnDecision> {
    let columns = draft.columns.iter().enumerate();
    columns
        .map(|(at, column)| {
            let (fate, reason) = fate(draft, at);
            ColumnDecision {
                name: column.traits.name.clone(),
                role: column.role,
                fate,
                group: (fate != Fate::LeftOut).then(|| group_of(&column.traits.words, column.role)),
                reason,
                change: change(column, fate, draft.explicit),
                derived: column.traits.derived,
            }
        })
        .collect()
}

fn fate(draft: &Draft<'_>, at: usize) -> (Fate, String) {
    let column = &draft.columns[at];
    let because = column.because.clone();
    if draft.explicit && draft.is_named(at) {
        return (Fate::Clustered, "it was named".to_owned());
    }
    if is_value(draft, column)
        && (draft.explicit || column.traits.derived || !column.is_candidate())
    {
        let reason = match &column.verdict {
            Some((_, reason)) => format!("it is the value of a customer; {reason}"),
            None => "it is the value of a customer".to_owned(),
        };
        return (Fate::Described, reason);
    }
    if let Some(verdict) = &column.verdict {
        return verdict.clone();
    }
    if !column.is_complete_enough() && column.traits.present() > 0 {
        let share = 100.0 * column.missing_share();
        return (
            Fate::LeftOut,
            format!("{share:.0} % of its cells are empty"),
        );
    }
    match column.role {
        Role::Id | Role::Text | Role::Constant | Role::Weight => (Fate::LeftOut, because),
        Role::Date | Role::Outcome | Role::Treatment | Role::Category | Role::Flag => {
            (Fate::Described, because)
        }
        _ if draft.explicit => (Fate::Described, "it was not named to cluster on".to_owned()),
        _ if column.traits.numbers().is_none() => {
            (Fate::Described, "it holds no numbers".to_owned())
        }
        _ => (Fate::Clustered, because),
    }
}

fn is_value(draft: &Draft<'_>, column: &DraftColumn) -> bool {
    draft.recipe.segment.value.as_ref() == Some(&column.traits.name)
}

/// The recipe line that would change a decision.
fn change(column: &DraftColumn, fate: Fate, explicit: bool) -> String {
    let name = &column.traits.name;
    let key = if name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    {
        name.clone()
    } else {
        format!("{name:?}")
    };
    let numbers = column.traits.numbers().is_some();
    match (fate, column.role) {
        _ if explicit => "segment.features = [...]".to_owned(),
        (Fate::Clustered, _) => format!("columns.{key} = \"category\""),
        (_, Role::Date) => format!("input.dates = [{name:?}]"),
        (_, Role::Id) => format!("input.id = {name:?}"),
        (Fate::Described, _) if !numbers => format!("columns.{key} = \"text\""),
        (Fate::LeftOut, _) if !numbers => format!("columns.{key} = \"category\""),
        _ => format!("columns.{key} = \"number\""),
    }
}
