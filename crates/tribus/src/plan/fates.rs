//! What becomes of each column: the rules, the strongest first.

use super::draft::{Draft, DraftColumn};
use super::group::group_of;
use crate::meaning::{Event, Measure};
use crate::roles::{ColumnDecision, Fate, Role};

/// A category of more kinds than this tells nothing by segment.
const MOST_TOLD: usize = 60;

/// What becomes of each column, and why.
pub(super) fn decide(draft: &Draft<'_>) -> Vec<ColumnDecision> {
    let columns = draft.columns.iter().enumerate();
    columns
        .map(|(at, column)| {
            let (fate, code, reason) = fate(draft, at);
            ColumnDecision {
                name: column.traits.name.clone(),
                role: column.role,
                fate,
                group: (fate != Fate::LeftOut).then(|| group_of(&column.meaning)),
                reason,
                reason_code: code.to_owned(),
                redundant_with: column.twins.clone(),
                change: change(column, fate, draft.explicit),
                derived: column.traits.derived,
            }
        })
        .collect()
}

/// The fate, its reason as a stable word, and in words for people.
fn fate(draft: &Draft<'_>, at: usize) -> (Fate, &'static str, String) {
    let column = &draft.columns[at];
    let meaning = &column.meaning;
    let by_meaning = |fate| (fate, meaning.code, meaning.because.clone());
    if draft.explicit && draft.is_named(at) {
        return (Fate::Clustered, "named", "it was named".to_owned());
    }
    if is_value(draft, column)
        && (draft.explicit || column.traits.derived || !column.is_candidate())
    {
        let reason = match &column.verdict {
            Some(verdict) => format!("it is the value of a customer; {}", verdict.reason),
            None => "it is the value of a customer".to_owned(),
        };
        return (Fate::Described, "value", reason);
    }
    if let Some(verdict) = &column.verdict {
        return (verdict.fate, verdict.code, verdict.reason.clone());
    }
    if !column.is_complete_enough() && column.traits.present() > 0 {
        let share = 100.0 * column.missing_share();
        let reason = format!("{share:.0} % of its cells are empty");
        return (Fate::LeftOut, "mostly_empty", reason);
    }
    match column.role {
        Role::Id | Role::Text | Role::Constant | Role::Weight => by_meaning(Fate::LeftOut),
        Role::Category if column.traits.distinct > MOST_TOLD => by_meaning(Fate::LeftOut),
        Role::Flag if column.is_candidate() && !draft.explicit => by_meaning(Fate::Clustered),
        Role::Date | Role::Outcome | Role::Treatment | Role::Category | Role::Flag => {
            by_meaning(Fate::Described)
        }
        _ if draft.explicit => (
            Fate::Described,
            "not_named",
            "it was not named to cluster on".to_owned(),
        ),
        _ if column.traits.numbers().is_none() => (
            Fate::Described,
            "no_numbers",
            "it holds no numbers".to_owned(),
        ),
        _ if meaning.measure == Measure::Year || meaning.event == Some(Event::Record) => {
            by_meaning(Fate::Described)
        }
        _ => by_meaning(Fate::Clustered),
    }
}

fn is_value(draft: &Draft<'_>, column: &DraftColumn) -> bool {
    draft.recipe.segment.value_column() == Some(column.traits.name.as_str())
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
        (_, Role::Date) if numbers => format!("columns.{key} = \"number\""),
        (_, Role::Date) => format!("input.dates = [{name:?}]"),
        (_, Role::Id) => format!("input.id = {name:?}"),
        (Fate::Described, _) if !numbers => format!("columns.{key} = \"text\""),
        (Fate::LeftOut, _) if !numbers => format!("columns.{key} = \"category\""),
        _ => format!("columns.{key} = \"number\""),
    }
}
