//! One line of advice per segment, keyed to facts of its profile, never to its number.
//!
//! The plays are tried in order; the first whose facts are there is the advice. Each names the fact that made it fire.

use std::collections::BTreeMap;

use super::difference::{counts_days, in_words};
use super::facts::{Fact, Facts};
use super::figures::{figure, figures, percent, percents, times};
use super::meaning::Meaning;
use super::names;
use super::words::column_words;

/// Value against the average from which customers are worth protecting, and below which they are won cheaply.
const HIGH: f64 = 1.4;
const LOW: f64 = 0.75;
/// Up to this far from the average value (as a share of it) nobody is worth more than another.
pub(super) const EVEN: f64 = 0.1;
/// A fact this far from the average (in standard deviations) gives a reason.
const REASON: f64 = 0.2;

/// The same for buying on deals, the reason that says most about how to win someone.
const DEALS: f64 = 0.1;
/// What is bought says more than where: a product is preferred to a channel that stands out up to this much more.
const PRODUCT_FIRST: f64 = 1.25;

/// The same play is advised to so many segments at most.
const SAME_PLAY: usize = 2;

/// What each segment is asked to do next: the first play its facts allow that is not advised to two others already.
pub(super) fn advise(facts: &Facts<'_>) -> Vec<String> {
    if facts.segments() == 1 {
        return vec!["Keep one program for all: there is only one segment.".to_owned()];
    }
    let mut given: BTreeMap<String, usize> = BTreeMap::new();
    (0..facts.segments())
        .map(|segment| {
            let plays = plays(facts, segment);
            let is_free = |advice: &&String| {
                given
                    .get(play(advice))
                    .is_none_or(|count| *count < SAME_PLAY)
            };
            let advice = plays
                .iter()
                .find(is_free)
                .or(plays.last())
                .cloned()
                .unwrap_or_default();
            *given.entry(play(&advice).to_owned()).or_default() += 1;
            advice
        })
        .collect()
}

/// The advice without the figures behind it.
fn play(advice: &str) -> &str {
    advice.split([';', '(']).next().unwrap_or(advice).trim_end()
}

/// Every play that suits a segment, best first.
fn plays(facts: &Facts<'_>, segment: usize) -> Vec<String> {
    let score = facts
        .meaning(Meaning::SpendingScore)
        .next()
        .filter(|score| score.mean(segment).is_finite());
    let mut plays = match (by_ratio(facts, segment), score) {
        (Some((value, ratio)), _) => by_value(facts, segment, value, ratio),
        (None, Some(score)) => by_spending_score(facts, segment, score),
        (None, None) => Vec::new(),
    };
    plays.extend(by_facts(facts, segment));
    plays
}

/// The value and the segment's ratio to the average, unless value is spread evenly and tells nobody apart.
fn by_ratio<'a>(facts: &'a Facts<'_>, segment: usize) -> Option<(&'a Fact, f64)> {
    let value = facts
        .value
        .as_ref()
        .filter(|value| !is_even(facts, value))?;
    Some((value, value.ratio(segment)?))
}

/// Each segment brings about as much of the value as its customers are of all.
pub(super) fn is_even(facts: &Facts<'_>, value: &Fact) -> bool {
    (0..facts.segments())
        .filter_map(|segment| value.ratio(segment))
        .all(|ratio| (1.0 - EVEN..=1.0 + EVEN).contains(&ratio))
}

fn by_value(facts: &Facts<'_>, segment: usize, value: &Fact, ratio: f64) -> Vec<String> {
    let lapsed = recency_reason(facts, segment, 1.0);
    let is_top = value.rank_from_top(segment) == 1 && ratio > 1.0 + EVEN;
    if is_top {
        let brings = brings(facts, segment, ratio);
        return vec![lapsed.map_or_else(
            || format!("Protect: VIP treatment and early access to new products; {brings}."),
            |lapsed| {
                format!("Protect: a personal offer to win them back first; {brings}, but {lapsed}.")
            },
        )];
    }
    let is_lowest = value.rank_from_bottom(segment) == 1 && ratio < 1.0 - EVEN;
    if is_lowest {
        return vec![low_value(facts, segment, ratio, true)];
    }
    let mut plays: Vec<String> = by_rfm(facts, segment, ratio).into_iter().collect();
    if ratio >= HIGH {
        let brings = brings(facts, segment, ratio);
        plays.push(match lapsed {
            Some(lapsed) => format!("Win back first: a personal offer; {brings}, but {lapsed}."),
            None => format!(
                "Retain: a loyalty program{}; {brings}.",
                campaign(facts, segment)
            ),
        });
    } else if ratio < LOW {
        plays.push(low_value(facts, segment, ratio, false));
    } else if let Some(lapsed) = lapsed {
        plays.push(format!(
            "Win back: a reminder with an offer; {lapsed} and {}.",
            worth(ratio)
        ));
    } else if let Some((what, reason)) = preference(facts, segment) {
        plays.push(format!(
            "Develop: a subscription or membership around {what}; {reason}."
        ));
    }
    plays
}

/// `income is 32,903 against 51,622`, if they earn less than usual.
fn low_income(facts: &Facts<'_>, segment: usize) -> Option<String> {
    let income = facts
        .meaning(Meaning::Income)
        .next()
        .filter(|income| income.z(segment) <= -REASON)?;
    let (own, all) = figures(income.mean(segment), income.overall);
    Some(format!("income is {own} against {all}"))
}

/// What a fact that stands out upwards (1) or downwards (-1) asks for: price sensitivity, means, engagement.
const PLAYS: [(Meaning, f64, &str); 9] = [
    (Meaning::Deals, 1.0, "Develop: bundles and volume discounts"),
    (
        Meaning::Response,
        1.0,
        "Activate: the next campaign goes to them first",
    ),
    (Meaning::Income, 1.0, "Develop: premium lines and upgrades"),
    (
        Meaning::Income,
        -1.0,
        "Develop: entry prices and value packs",
    ),
    (Meaning::Visits, 1.0, "Convert: an offer where they visit"),
    (
        Meaning::Frequency,
        1.0,
        "Develop: a larger basket each time",
    ),
    (
        Meaning::Frequency,
        -1.0,
        "Activate: a reason to come again soon",
    ),
    (Meaning::Tenure, -1.0, "Develop: a welcome program"),
    (Meaning::Tenure, 1.0, "Retain: a reward for their years"),
];

/// Plays for what a segment is beyond its value: known facts, then whatever is strongest.
fn by_facts(facts: &Facts<'_>, segment: usize) -> Vec<String> {
    let known = PLAYS.into_iter().filter_map(|(meaning, side, play)| {
        let fact = facts
            .meaning(meaning)
            .find(|fact| fact.is_clear(segment) && side * fact.z(segment) > 0.0)?;
        Some(format!("{play}; {}.", in_words(fact, segment)))
    });
    let lapsed = recency_reason(facts, segment, 1.0)
        .map(|lapsed| format!("Win back: a reminder with an offer; {lapsed}."));
    let strongest = super::difference::strongest(facts, segment);
    let apart = strongest.iter().map(|difference| {
        format!(
            "Address them by what sets them apart: {}.",
            difference.words
        )
    });
    let average = strongest
        .is_empty()
        .then(|| "Treat like the average customer: nothing sets them apart.".to_owned());
    let generic = by_ratio(facts, segment)
        .filter(|(_, ratio)| (LOW..HIGH).contains(ratio))
        .map(|(_, ratio)| format!("Develop: a subscription or membership; {}.", worth(ratio)));
    let known: Vec<String> = known.collect();
    let rest = apart.chain(generic).chain(average);
    lapsed.into_iter().chain(known).chain(rest).collect()
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

/// Those worth least of all are served at low cost, others below the average are won or grown.
fn low_value(facts: &Facts<'_>, segment: usize, ratio: f64, is_lowest: bool) -> String {
    let verb = |verb: &'static str| if is_lowest { "Low-touch" } else { verb };
    if let Some(recent) = recency_reason(facts, segment, -1.0) {
        return format!(
            "{}: a welcome offer for the next purchase; {recent}, but {}.",
            verb("Grow"),
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
            "{} with value promotions; they buy on deals ({own} against {all}), {}.",
            verb("Win"),
            worth(ratio)
        );
    }
    if let Some(children) = children(facts, segment) {
        return format!(
            "{} with discounts and family packs at low cost; {}, {}.",
            verb("Win"),
            children_reason(children, segment),
            worth(ratio)
        );
    }
    if let Some(income) = low_income(facts, segment) {
        return format!(
            "{} with discounts and value promotions at low cost; {income}, {}.",
            verb("Win"),
            worth(ratio)
        );
    }
    match preference(facts, segment) {
        Some((what, reason)) => format!(
            "{}: value promotions on {what}; {reason}, but {}.",
            verb("Grow"),
            worth(ratio)
        ),
        None => format!("Low-touch: value promotions at low cost; {}.", worth(ratio)),
    }
}

fn by_spending_score(facts: &Facts<'_>, segment: usize, score: &Fact) -> Vec<String> {
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
    let advice = match (score.z(segment), earns) {
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
    };
    vec![advice]
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
