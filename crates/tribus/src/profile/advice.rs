//! One line of advice per segment, keyed to facts of its profile, never to its number.
//!
//! The plays are tried in order; the first whose facts are there is the advice. Each names the fact that made it fire.

use super::difference::counts_days;
use super::facts::{Fact, Facts};
use super::figures::{figure, figures, percent, percents, times};
use super::meaning::Meaning;
use super::names;
use super::words::column_words;

/// Value against the average from which customers are worth protecting, and below which they are won cheaply.
const HIGH: f64 = 1.4;
const LOW: f64 = 0.75;
/// A fact this far from the average (in standard deviations) gives a reason.
const REASON: f64 = 0.2;

/// The same for buying on deals, the reason that says most about how to win someone.
const DEALS: f64 = 0.1;
/// What is bought says more than where: a product is preferred to a channel that stands out up to this much more.
const PRODUCT_FIRST: f64 = 1.25;

/// What a segment is asked to do next.
pub(super) fn advise(facts: &Facts<'_>, segment: usize) -> String {
    if facts.segments() == 1 {
        return "Keep one program for all: there is only one segment.".to_owned();
    }
    match facts
        .value
        .as_ref()
        .and_then(|value| Some((value, value.ratio(segment)?)))
    {
        Some((value, ratio)) => by_value(facts, segment, value, ratio),
        None => without_value(facts, segment),
    }
}

fn by_value(facts: &Facts<'_>, segment: usize, value: &Fact, ratio: f64) -> String {
    if let Some(advice) = by_rfm(facts, segment, ratio) {
        return advice;
    }
    let lapsed = recency_reason(facts, segment, 1.0);
    if ratio >= HIGH {
        let brings = brings(facts, segment, ratio);
        return match (lapsed, value.rank_from_top(segment)) {
            (Some(lapsed), _) => {
                format!("Win back first: a personal offer; {brings}, but {lapsed}.")
            }
            (None, 1) => {
                format!("Protect: VIP treatment and early access to new products; {brings}.")
            }
            (None, _) => format!(
                "Retain: a loyalty program{}; {brings}.",
                campaign(facts, segment)
            ),
        };
    }
    if ratio < LOW {
        return low_value(facts, segment, ratio);
    }
    match (lapsed, preference(facts, segment)) {
        (Some(lapsed), _) => format!(
            "Win back: a reminder with an offer; {lapsed} and {}.",
            worth(ratio)
        ),
        (None, Some((what, reason))) => {
            format!("Develop: a subscription or membership around {what}; {reason}.")
        }
        (None, None) => format!("Develop: a subscription or membership; {}.", worth(ratio)),
    }
}

/// Customers of a recency, frequency and value table whom another play than that of their value suits.
fn by_rfm(facts: &Facts<'_>, segment: usize, ratio: f64) -> Option<String> {
    match names::rfm_kind(facts, segment)?.as_str() {
        "At Risk" => {
            let recency = facts.meaning(Meaning::Recency).next()?;
            let late = times(recency.median_ratio(segment)?);
            Some(format!(
                "Win back now: a personal offer; they used to buy, and half of them have been away {late} as long as is typical or longer."
            ))
        }
        "Loyal Customers" => Some(format!(
            "Retain: a loyalty program and a membership; {}.",
            brings(facts, segment, ratio)
        )),
        _ => None,
    }
}

fn low_value(facts: &Facts<'_>, segment: usize, ratio: f64) -> String {
    if let Some(recent) = recency_reason(facts, segment, -1.0) {
        return format!(
            "Grow: a welcome offer for the next purchase; {recent}, but {}.",
            worth(ratio)
        );
    }
    if let Some(lapsed) = recency_reason(facts, segment, 1.0) {
        return format!(
            "Low-touch: one low-cost reminder with a discount; {lapsed} and {}.",
            worth(ratio)
        );
    }
    if let Some(deals) = facts
        .strongest(Meaning::Deals, segment)
        .filter(|deals| deals.z(segment) >= DEALS)
    {
        let (own, all) = figures(deals.mean(segment), deals.overall);
        return format!(
            "Win with value promotions: they buy on deals ({own} against {all}); {}.",
            worth(ratio)
        );
    }
    if let Some(children) = children(facts, segment) {
        return format!(
            "Win with discounts and family packs at low cost: {}; {}.",
            children_reason(children, segment),
            worth(ratio)
        );
    }
    if let Some(income) = facts
        .meaning(Meaning::Income)
        .next()
        .filter(|income| income.z(segment) <= -REASON)
    {
        let (own, all) = figures(income.mean(segment), income.overall);
        return format!(
            "Win with discounts and value promotions at low cost: income is {own} against {all}; {}.",
            worth(ratio)
        );
    }
    match preference(facts, segment) {
        Some((what, reason)) => format!(
            "Grow: value promotions on {what}; {reason}, but {}.",
            worth(ratio)
        ),
        None => format!("Low-touch: value promotions at low cost; {}.", worth(ratio)),
    }
}

fn without_value(facts: &Facts<'_>, segment: usize) -> String {
    let score = facts.meaning(Meaning::SpendingScore).next();
    if let Some(score) = score.filter(|score| score.mean(segment).is_finite()) {
        return by_spending_score(facts, segment, score);
    }
    if let Some(lapsed) = recency_reason(facts, segment, 1.0) {
        return format!("Win back: a reminder with an offer; {lapsed}.");
    }
    let strongest = super::difference::strongest(facts, segment);
    match strongest.first() {
        Some(difference) => format!(
            "Address them by what sets them apart: {}.",
            difference.words
        ),
        None => "Treat like the average customer: nothing sets them apart.".to_owned(),
    }
}

fn by_spending_score(facts: &Facts<'_>, segment: usize, score: &Fact) -> String {
    let income = facts
        .meaning(Meaning::Income)
        .next()
        .filter(|income| income.mean(segment).is_finite());
    let earns = income.map_or(0.0, |income| income.z(segment));
    let (own, all) = figures(score.mean(segment), score.overall);
    let scores = format!("{} {own} against {all}", column_words(&score.column));
    let incomes = income.map_or_else(String::new, |income| {
        let (own, all) = figures(income.mean(segment), income.overall);
        format!(", {} {own} against {all}", column_words(&income.column))
    });
    match (score.z(segment), earns) {
        (spends, earns) if spends >= REASON && earns >= REASON => {
            format!(
                "Protect: VIP treatment and a loyalty program; they spend and can ({scores}{incomes})."
            )
        }
        (spends, earns) if spends >= REASON && earns <= -REASON => {
            format!(
                "Retain with discounts and value promotions; they spend on a small income ({scores}{incomes})."
            )
        }
        (spends, _) if spends >= REASON => {
            format!("Retain: a loyalty program; they spend gladly ({scores}).")
        }
        (spends, earns) if spends <= -REASON && earns >= REASON => {
            format!(
                "Develop: premium offers and early access; they could spend more ({scores}{incomes})."
            )
        }
        (spends, _) if spends <= -REASON => {
            format!("Low-touch: value promotions at low cost ({scores}{incomes}).")
        }
        _ => format!(
            "Develop: a subscription or membership; they spend like the average ({scores})."
        ),
    }
}

/// The product or channel the segment stands out by, and the fact; `win with what` rests on it too.
pub(super) fn preference(facts: &Facts<'_>, segment: usize) -> Option<(String, String)> {
    let kinds = [
        (Meaning::Spend, PRODUCT_FIRST),
        (Meaning::Part, PRODUCT_FIRST),
        (Meaning::Channel, 1.0),
        (Meaning::Deals, 1.0),
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
        Meaning::Spend | Meaning::Part => format!("they spend {own} against {all} on average"),
        _ => format!("they make {own} against {all} on average"),
    };
    (best.z(segment) >= REASON).then_some((what, reason))
}

/// The campaign for what valuable customers buy most: `and a premium wine and meat campaign`.
fn campaign(facts: &Facts<'_>, segment: usize) -> String {
    let mut tastes: Vec<&Fact> = facts
        .all
        .iter()
        .filter(|fact| {
            matches!(fact.meaning, Meaning::Spend | Meaning::Part) && fact.z(segment) >= REASON
        })
        .collect();
    tastes.sort_by(|a, b| b.z(segment).total_cmp(&a.z(segment)));
    let products: Vec<String> = tastes
        .iter()
        .take(2)
        .map(|fact| super::words::product(&fact.column).to_lowercase())
        .collect();
    if products.is_empty() {
        String::new()
    } else {
        format!(" and a premium {} campaign", products.join(" and "))
    }
}

/// The children fact that stands out, if the segment has more of them at home than usual.
pub(super) fn children<'a>(facts: &'a Facts<'_>, segment: usize) -> Option<&'a Fact> {
    [
        Meaning::SmallChildren,
        Meaning::Children,
        Meaning::Teenagers,
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
    meaning: Meaning,
    segment: usize,
) -> Option<&'a Fact> {
    facts
        .strongest(meaning, segment)
        .filter(|fact| fact.z(segment) >= REASON)
}

/// Bought long ago (`side` 1) or recently (-1), if that stands out.
pub(super) fn recency_reason(facts: &Facts<'_>, segment: usize, side: f64) -> Option<String> {
    let fact = facts
        .meaning(Meaning::Recency)
        .next()
        .filter(|fact| side * fact.z(segment) >= 2.0 * REASON)?;
    let (own, all) = figures(fact.mean(segment), fact.overall);
    Some(match (counts_days(fact), side > 0.0) {
        (true, _) => format!("they bought {own} days ago (all: {all})"),
        (false, true) => format!(
            "they have not bought for long ({} {own} against {all})",
            column_words(&fact.column)
        ),
        (false, false) => format!(
            "they bought recently ({} {own} against {all})",
            column_words(&fact.column)
        ),
    })
}

/// `they bring 31 % of the value`, or what one is worth where the sum is not known.
fn brings(facts: &Facts<'_>, segment: usize, ratio: f64) -> String {
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
fn worth(ratio: f64) -> String {
    if ratio >= 1.5 {
        format!("each is worth {} the average", times(ratio))
    } else if ratio > 0.0 {
        format!("each is worth {} of the average", percent(ratio))
    } else {
        format!("each is worth {}", figure(0.0))
    }
}
