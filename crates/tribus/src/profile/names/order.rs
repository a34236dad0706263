//! Names of slices of one number, by their order: "Lowest Travel Time" to "Highest Travel Time".

use super::{LONGEST, Named};
use crate::profile::claim::{Condition, Measure, at_least, at_most, between, claims, placed};
use crate::profile::facts::{Fact, Facts};
use crate::profile::kind::FactKind;
use crate::roles::Fate;
use crate::vocabulary::columns::{column_words, title, word_count};

/// A name for each segment if one number alone was clustered on and no two segments tie in it.
pub(super) fn by_one_column(facts: &Facts<'_>) -> Option<Vec<Named>> {
    let mut clustered = facts.all.iter().filter(|fact| fact.fate == Fate::Clustered);
    let fact = clustered.next().filter(|fact| !fact.is_share)?;
    if clustered.next().is_some() {
        return None;
    }
    (0..facts.segments())
        .map(|segment| named(facts, fact, segment))
        .collect()
}

fn named(facts: &Facts<'_>, fact: &Fact, segment: usize) -> Option<Named> {
    let (top, bottom) = (fact.rank_from_top(segment), fact.rank_from_bottom(segment));
    // A tie leaves both behind it, and a segment without a value has no place.
    if top + bottom != facts.segments() + 1 || !fact.mean(segment).is_finite() {
        return None;
    }
    let (place, conditions) = place(facts.segments(), bottom, fact.z(segment));
    let thing = match fact.meaning {
        FactKind::Recency => "Time Since Purchase".to_owned(),
        _ => title(&column_words(&fact.column)),
    };
    let place = title(&place);
    let room = LONGEST.saturating_sub(word_count(&place));
    let thing: Vec<&str> = thing.split_whitespace().take(room).collect();
    let name = format!("{place} {}", thing.join(" "));
    let claims = claims(facts, segment, &name, fact, &conditions)?;
    Some(Named { name, claims })
}

/// The word for a place of `k` from the bottom, and what it rests on.
fn place(k: usize, bottom: usize, z: f64) -> (String, Vec<Condition>) {
    let top = k + 1 - bottom;
    let exactly = |measure, rank: usize| between(measure, rank as f64, rank as f64);
    let from_bottom = || exactly(Measure::RankFromBottom, bottom);
    let from_top = || exactly(Measure::RankFromTop, top);
    if top == bottom {
        return ("Middle".to_owned(), vec![from_bottom(), from_top()]);
    }
    let has_plain_words = k == 4 || k == 5;
    if bottom < top {
        if has_plain_words && bottom == 2 && z < 0.0 {
            return (
                "Low".to_owned(),
                vec![from_bottom(), at_most(Measure::Z, 0.0)],
            );
        }
        return (placed(bottom as f64, "lowest"), vec![from_bottom()]);
    }
    if has_plain_words && top == 2 && z > 0.0 {
        return (
            "High".to_owned(),
            vec![from_top(), at_least(Measure::Z, 0.0)],
        );
    }
    (placed(top as f64, "highest"), vec![from_top()])
}
