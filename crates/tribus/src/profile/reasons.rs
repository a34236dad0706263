//! Why a segment is to be treated so: the facts behind an action, in words.

use super::difference::unit;
use super::facts::{Fact, Facts};
use super::figures::{figure, figures, percent, percents, times};
use crate::profile::kind::FactKind;
use crate::vocabulary::column_words;

/// Up to this far from the average value (as a share of it) nobody is worth more than another.
pub(super) const EVEN: f64 = 0.1;
/// A fact this far from the average (in standard deviations) gives a reason.
const REASON: f64 = 0.2;
/// What is bought says more than where: a product is preferred to a channel that stands out up to this much more.
const PRODUCT_FIRST: f64 = 1.25;

/// Each segment brings about as much of the value as its customers are of all.
pub(super) fn is_even(facts: &Facts<'_>, value: &Fact) -> bool {
    (0..facts.segments())
        .filter_map(|segment| value.ratio(segment))
        .all(|ratio| (1.0 - EVEN..=1.0 + EVEN).contains(&ratio))
}

/// The product or channel the segment stands out by, and the fact; `win with what` rests on it too.
pub(super) fn preference(facts: &Facts<'_>, segment: usize) -> Option<(String, String)> {
    let kinds = [
        (FactKind::Spend, PRODUCT_FIRST),
        (FactKind::Part, PRODUCT_FIRST),
        (FactKind::Channel, 1.0),
        (FactKind::Deals, 1.0),
    ];
    let (best, _) = kinds
        .into_iter()
        .filter_map(|(meaning, weight)| {
            facts
                .strongest(meaning, segment)
                .map(|fact| (fact, weight * fact.z(segment)))
        })
        .reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    let (own, all) = figures(best.mean(segment), best.overall);
    let what = column_words(&best.column);
    let reason = match best.meaning {
        FactKind::Spend | FactKind::Part => format!("they spend {own} against {all} on average"),
        _ => format!("they make {own} against {all} on average"),
    };
    (best.z(segment) >= REASON).then_some((what, reason))
}

/// The children fact that stands out, if the segment has more of them at home than usual.
pub(super) fn children<'a>(facts: &'a Facts<'_>, segment: usize) -> Option<&'a Fact> {
    [
        FactKind::SmallChildren,
        FactKind::Children,
        FactKind::Teenagers,
    ]
    .into_iter()
    .find_map(|meaning| above(facts, meaning, segment))
}

/// `0.84 small children at home against 0.44`.
pub(super) fn children_reason(fact: &Fact, segment: usize) -> String {
    let words = column_words(&fact.column);
    if fact.is_share {
        let (own, all) = percents(fact.mean(segment), fact.overall);
        return format!("{words}: {own} against {all}");
    }
    let (own, all) = figures(fact.mean(segment), fact.overall);
    format!("{own} {words} against {all}")
}

/// The fact of this meaning if it stands out upwards.
pub(super) fn above<'a>(
    facts: &'a Facts<'_>,
    meaning: FactKind,
    segment: usize,
) -> Option<&'a Fact> {
    facts
        .strongest(meaning, segment)
        .filter(|fact| fact.z(segment) >= REASON)
}

/// Bought long ago (`side` 1) or recently (-1), if that stands out.
pub(super) fn recency_reason(facts: &Facts<'_>, segment: usize, side: f64) -> Option<String> {
    let fact = facts
        .meaning(FactKind::Recency)
        .next()
        .filter(|fact| side * fact.z(segment) >= 2.0 * REASON)?;
    let (own, all) = figures(fact.mean(segment), fact.overall);
    Some(match (unit(fact), side > 0.0) {
        (Some(unit), _) => format!("they bought {own} {unit} ago (all: {all})"),
        (None, true) => format!(
            "they have not bought for long ({} {own} against {all})",
            column_words(&fact.column)
        ),
        (None, false) => format!(
            "they bought recently ({} {own} against {all})",
            column_words(&fact.column)
        ),
    })
}

/// `they bring 31 % of the value`, or what one is worth where the sum is not known.
pub(super) fn brings(facts: &Facts<'_>, segment: usize, ratio: f64) -> String {
    let share = facts
        .summary
        .segments
        .get(segment)
        .and_then(|segment| segment.value_share)
        .filter(|share| *share > 0.0);
    share.map_or_else(
        || worth(ratio),
        |share| format!("they bring {} of the value", percent(share)),
    )
}

/// `each is worth 1.4 times the average`.
pub(super) fn worth(ratio: f64) -> String {
    if ratio >= 1.5 {
        format!("each is worth {} the average", times(ratio))
    } else if ratio > 0.0 {
        format!("each is worth {} of the average", percent(ratio))
    } else {
        format!("each is worth {}", figure(0.0))
    }
}

/// Up to two products that stand out, strongest first: `wine and meat`.
pub(super) fn products(facts: &Facts<'_>, segment: usize) -> Option<String> {
    let mut tastes: Vec<&Fact> = facts
        .all
        .iter()
        .filter(|fact| {
            matches!(fact.meaning, FactKind::Spend | FactKind::Part) && fact.z(segment) >= REASON
        })
        .collect();
    tastes.sort_by(|a, b| b.z(segment).total_cmp(&a.z(segment)));
    let products: Vec<String> = tastes
        .iter()
        .take(2)
        .map(|fact| crate::vocabulary::columns::product(&fact.column).to_lowercase())
        .collect();
    (!products.is_empty()).then(|| products.join(" and "))
}
