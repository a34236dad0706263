//! Three sentences over all segments: how diverse the customers are, whom to retain, whom to win with what.

use super::difference::in_words;
use super::facts::{Fact, Facts};
use super::figures::{figures, percent, percents, times};
use super::reasons::{EVEN, above, children, children_reason, is_even, preference, recency_reason};
use super::{Profile, names};
use crate::profile::kind::FactKind;
use crate::vocabulary::column_words;

/// From this many times the average value on a segment is one to retain.
const HIGH: f64 = 1.4;

/// Diversity, whom to retain, whom to win.
pub(super) fn insights(facts: &Facts<'_>, profiles: &[Profile]) -> Vec<String> {
    match facts.segments() {
        0 => return Vec::new(),
        1 => {
            return vec![
                "All customers are in one segment: there is nothing to compare.".to_owned(),
            ];
        }
        _ => {}
    }
    let by_value = facts
        .value
        .as_ref()
        .and_then(|value| Some((value, value.ratio(0)?)));
    match by_value {
        Some((value, _)) if is_even(facts, value) => even(profiles),
        Some((value, _)) => vec![
            diversity_of_value(facts, profiles, value),
            retain_by_value(facts, profiles, value),
            win_by_value(facts, profiles, value),
        ],
        None => vec![
            diversity(facts, profiles),
            retain_without_value(facts, profiles),
            win_without_value(facts, profiles),
        ],
    }
}

/// Value tells no segment from another: no top is spoken of.
fn even(profiles: &[Profile]) -> Vec<String> {
    let strongest = profiles
        .iter()
        .filter_map(|profile| Some((profile, profile.differences.first()?)))
        .reduce(|best, next| {
            if next.1.z.abs() > best.1.z.abs() {
                next
            } else {
                best
            }
        });
    let win = strongest.map_or_else(
        || "Treat customers alike: nothing measured sets a segment apart.".to_owned(),
        |(profile, difference)| {
            format!(
                "Address each segment by what sets it apart; {}, for one: {}.",
                profile.name, difference.words
            )
        },
    );
    vec![
        "Value is spread evenly: each segment brings about as much of the value as its share of the customers."
            .to_owned(),
        format!(
            "Retain customers of all segments alike: none is worth over {} more or less than the average.",
            percent(EVEN)
        ),
        win,
    ]
}

/// Segments by falling mean of a fact; those without a value are left out.
fn ranked(facts: &Facts<'_>, fact: &Fact) -> Vec<usize> {
    let mut segments: Vec<usize> = (0..facts.segments())
        .filter(|&segment| fact.mean(segment).is_finite())
        .collect();
    segments.sort_by(|&a, &b| fact.mean(b).total_cmp(&fact.mean(a)));
    segments
}

fn name(profiles: &[Profile], segment: usize) -> &str {
    profiles
        .get(segment)
        .map_or("", |profile| profile.name.as_str())
}

fn value_share(facts: &Facts<'_>, segments: &[usize]) -> f64 {
    segments
        .iter()
        .filter_map(|&segment| facts.summary.segments.get(segment)?.value_share)
        .sum()
}

fn diversity_of_value(facts: &Facts<'_>, profiles: &[Profile], value: &Fact) -> String {
    let order = ranked(facts, value);
    let (Some(&top), Some(&bottom)) = (order.first(), order.last()) else {
        return "No customer has a value.".to_owned();
    };
    let (high, low) = (value.mean(top), value.mean(bottom));
    let brings = format!(
        "The top segment, {}, is {} of the customers and brings {} of the value",
        name(profiles, top),
        percent(facts.share(top)),
        percent(value_share(facts, &[top]))
    );
    if low > 0.0 && high / low >= 1.05 {
        format!(
            "{brings}; a customer there is worth {} one in {}.",
            times(high / low),
            name(profiles, bottom)
        )
    } else if high > low {
        let (high, low) = figures(high, low);
        format!(
            "{brings}; a customer there is worth {high}, one in {} {low}.",
            name(profiles, bottom)
        )
    } else {
        "Customers are alike in value: the segments differ in other things.".to_owned()
    }
}

fn retain_by_value(facts: &Facts<'_>, profiles: &[Profile], value: &Fact) -> String {
    let order = ranked(facts, value);
    let mut worth: Vec<usize> = order
        .iter()
        .copied()
        .filter(|&segment| {
            value.ratio(segment).is_some_and(|ratio| ratio >= HIGH) || is_loyal(facts, segment)
        })
        .collect();
    if worth.is_empty() {
        worth.extend(order.first());
    }
    worth.truncate(3);
    let customers: f64 = worth.iter().map(|&segment| facts.share(segment)).sum();
    let names: Vec<&str> = worth
        .iter()
        .map(|&segment| name(profiles, segment))
        .collect();
    format!(
        "Retain {}: {} of the customers, {} of the value.",
        listed(&names),
        percent(customers),
        percent(value_share(facts, &worth))
    )
}

fn win_by_value(facts: &Facts<'_>, profiles: &[Profile], value: &Fact) -> String {
    let below = || {
        ranked(facts, value).into_iter().filter(|&segment| {
            value.ratio(segment).is_some_and(|ratio| ratio < 1.0) && !is_loyal(facts, segment)
        })
    };
    // Who has not bought for long is the hardest to win.
    let present = below().filter(|&segment| recency_reason(facts, segment, 1.0).is_none());
    let Some(segment) = largest(facts, present).or_else(|| largest(facts, below())) else {
        return "No segment is worth less than the average: grow them all alike.".to_owned();
    };
    format!(
        "Win {} with {}: {} of the customers bring {} of the value{}.",
        name(profiles, segment),
        with_what(facts, segment),
        percent(facts.share(segment)),
        percent(value_share(facts, &[segment])),
        reason(facts, segment).map_or_else(String::new, |reason| format!("; {reason}"))
    )
}

/// Loyal customers are kept, not won, whatever they are worth.
fn is_loyal(facts: &Facts<'_>, segment: usize) -> bool {
    names::rfm_kind(facts, segment).as_deref() == Some("Loyal Customers")
}

/// The segment with most customers; the first of equals.
fn largest(facts: &Facts<'_>, segments: impl Iterator<Item = usize>) -> Option<usize> {
    let size = |segment: usize| {
        facts
            .summary
            .segments
            .get(segment)
            .map_or(0, |segment| segment.size)
    };
    segments.reduce(|best, segment| {
        if size(segment) > size(best) {
            segment
        } else {
            best
        }
    })
}

fn with_what(facts: &Facts<'_>, segment: usize) -> String {
    if names::rfm_kind(facts, segment).as_deref() == Some("At Risk") {
        "a personal offer to come back".to_owned()
    } else if recency_reason(facts, segment, -1.0).is_some() {
        "a welcome offer for the next purchase".to_owned()
    } else if above(facts, FactKind::Deals, segment).is_some() {
        "value promotions and deals".to_owned()
    } else if children(facts, segment).is_some() {
        "discounts and family packs".to_owned()
    } else if let Some((what, _)) = preference(facts, segment) {
        format!("offers on {what}")
    } else {
        "discounts and value promotions".to_owned()
    }
}

fn reason(facts: &Facts<'_>, segment: usize) -> Option<String> {
    if let Some(recent) = recency_reason(facts, segment, -1.0) {
        return Some(recent);
    }
    if let Some(deals) = above(facts, FactKind::Deals, segment) {
        return Some(in_words(deals, segment));
    }
    if let Some(children) = children(facts, segment) {
        return Some(children_reason(children, segment));
    }
    preference(facts, segment).map(|(_, reason)| reason)
}

fn diversity(facts: &Facts<'_>, profiles: &[Profile]) -> String {
    let spread = |fact: &Fact| {
        let z = (0..facts.segments()).map(|segment| fact.z(segment));
        z.clone().fold(f64::MIN, f64::max) - z.fold(f64::MAX, f64::min)
    };
    let widest = facts.all.iter().reduce(|best, fact| {
        if spread(fact) > spread(best) {
            fact
        } else {
            best
        }
    });
    let Some(fact) = widest.filter(|fact| spread(fact) > 0.0) else {
        return "Customers are alike in everything measured.".to_owned();
    };
    let order = ranked(facts, fact);
    // One segment that may be described has none to stand against.
    let [top, .., bottom] = order[..] else {
        return "Customers are alike in everything measured.".to_owned();
    };
    let (high, low) = (fact.mean(top), fact.mean(bottom));
    let (high, low) = if fact.is_share {
        percents(high, low)
    } else {
        figures(high, low)
    };
    let what = fact.words();
    format!(
        "Customers differ most in {what}: {high} on average in {}, {low} in {}.",
        name(profiles, top),
        name(profiles, bottom)
    )
}

fn retain_without_value(facts: &Facts<'_>, profiles: &[Profile]) -> String {
    let score = facts.meaning(FactKind::SpendingScore).next();
    let best = score.and_then(|score| Some((score, *ranked(facts, score).first()?)));
    let segment = best
        .map(|(_, segment)| segment)
        .or_else(|| largest(facts, 0..facts.segments()))
        .unwrap_or(0);
    let share = percent(facts.share(segment));
    match best {
        Some((score, _)) => {
            format!(
                "Retain {}: {share} of the customers ({}).",
                name(profiles, segment),
                in_words(score, segment)
            )
        }
        None => format!(
            "Retain {}: the largest segment, {share} of the customers.",
            name(profiles, segment)
        ),
    }
}

fn win_without_value(facts: &Facts<'_>, profiles: &[Profile]) -> String {
    let score = facts.meaning(FactKind::SpendingScore).next();
    let income = facts.meaning(FactKind::Income).next();
    if let (Some(score), Some(income)) = (score, income) {
        // Income that is not spent: the widest gap between the two.
        let gap = |segment: usize| income.z(segment) - score.z(segment);
        let is_known =
            |segment: &usize| income.mean(*segment).is_finite() && score.mean(*segment).is_finite();
        let widest = (0..facts.segments())
            .filter(is_known)
            .reduce(|best, segment| {
                if gap(segment) > gap(best) {
                    segment
                } else {
                    best
                }
            });
        if let Some(segment) = widest.filter(|&segment| gap(segment) > 0.0) {
            return format!(
                "Win {} with premium offers: {}, but {}.",
                name(profiles, segment),
                against(income, segment),
                against(score, segment)
            );
        }
    }
    let retained = largest(facts, 0..facts.segments()).unwrap_or(0);
    let segment = largest(
        facts,
        (0..facts.segments()).filter(|&segment| segment != retained),
    )
    .unwrap_or(0);
    let difference = profiles
        .get(segment)
        .and_then(|profile| profile.differences.first());
    difference.map_or_else(
        || {
            format!(
                "Win {} with an offer of their own.",
                name(profiles, segment)
            )
        },
        |difference| {
            format!(
                "Win {} with an offer that fits them: {}.",
                name(profiles, segment),
                difference.words
            )
        },
    )
}

/// `annual income (k$) 86 against 61`.
fn against(fact: &Fact, segment: usize) -> String {
    let (own, all) = figures(fact.mean(segment), fact.overall);
    format!("{} {own} against {all}", column_words(&fact.column))
}

/// `A`, `A and B`, `A, B and C`; names that hold an "&" or a comma stay readable by quotes.
fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names
        .iter()
        .map(|name| {
            if name.contains(',') {
                format!("\"{name}\"")
            } else {
                (*name).to_owned()
            }
        })
        .collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
        None => String::new(),
    }
}
