//! What the numbers say, in one sentence that claims no more than they do.

use super::{Campaign, Policy, Targeting, Treatment, Uplift};
use crate::statistics::interval::{Z, chi_squared};

/// What was found, and how many customers have no outcome.
pub(super) fn found(found: &[String], left_out: usize) -> String {
    let mut sentence = found.join("; ");
    match left_out {
        0 => {}
        1 => sentence.push_str("; 1 customer without an outcome is left out"),
        several => {
            let words = format!("; {several} customers without an outcome are left out");
            sentence.push_str(&words);
        }
    }
    sentence
}

/// Whether targeting by segments surely gains over both ways to do without it.
pub(super) fn pays(policies: &[Policy]) -> Option<bool> {
    let of = |wanted| policies.iter().find(|policy| policy.policy == wanted);
    let (segments, everybody) = (of(Targeting::Segments)?, of(Targeting::Everybody)?);
    let best = everybody.profit_per_customer.max(0.0);
    // The gain over everybody is of the same customers, so its interval is its own.
    Some(segments.low > best && segments.gain_low > 0.0)
}

pub(super) fn of_policies(policies: &[Policy]) -> String {
    let of = |wanted| policies.iter().find(|policy| policy.policy == wanted);
    let (Some(segments), Some(everybody), Some(regression)) = (
        of(Targeting::Segments),
        of(Targeting::Everybody),
        of(Targeting::Regression),
    ) else {
        return too_few();
    };
    let best = everybody.profit_per_customer.max(0.0);
    let blanket = format!(
        "contacting everybody {}",
        gains_or_loses(everybody.profit_per_customer)
    );
    let opening = if pays(policies) == Some(true) {
        format!(
            "Targeting by segments pays: {}, where {blanket}",
            amount(segments)
        )
    } else if segments.contacted == 0.0 {
        format!(
            "Targeting by segments does not pay: none of them responds above break-even, so nobody would be contacted; {blanket}"
        )
    } else if segments.profit_per_customer > best {
        format!(
            "Targeting by segments is not shown to pay: {}, where {blanket}",
            amount(segments)
        )
    } else {
        format!(
            "Targeting by segments does not pay: {}, where {blanket}",
            amount(segments)
        )
    };
    format!("{opening}{}", of_regression(regression, segments, best))
}

/// What a regression comes to, beside the segments and the best of everybody and nobody; nothing where the segments do as well.
fn of_regression(regression: &Policy, segments: &Policy, best: f64) -> String {
    let said = match regression.low {
        low if low > best.max(segments.profit_per_customer) => "comes to",
        low if low > best => return String::new(),
        _ if regression.high < best => "does not gain:",
        _ => "is not sure to gain:",
    };
    format!(
        "; a regression on the same features {said} {}",
        amount(regression)
    )
}

fn gains_or_loses(profit: f64) -> String {
    if profit < 0.0 {
        format!("loses {}", number(-profit))
    } else {
        format!("gains {}", number(profit))
    }
}

fn amount(policy: &Policy) -> String {
    let &Policy {
        profit_per_customer: profit,
        low,
        high,
        ..
    } = policy;
    let word = if profit < 0.0 {
        "a loss of"
    } else {
        "a gain of"
    };
    let [_, low, high] = numbers([profit, low, high]);
    let [profit, ..] = numbers([profit.abs(), policy.low, policy.high]);
    format!("{word} {profit} a customer (95 % interval {low} to {high})")
}

fn number(value: f64) -> String {
    let [text] = numbers([value]);
    text
}

/// Two decimals, for amounts that are all small three or four; never "-0.00".
fn numbers<const N: usize>(values: [f64; N]) -> [String; N] {
    let largest = values
        .iter()
        .fold(0.0, |most: f64, value| most.max(value.abs()));
    let decimals = match largest {
        0.0 => 2,
        small if small < 0.01 => 4,
        small if small < 0.1 => 3,
        _ => 2,
    };
    values.map(|value| {
        let text = format!("{value:.decimals$}");
        match text.strip_prefix('-') {
            Some(digits) if digits.chars().all(|digit| matches!(digit, '0' | '.')) => {
                digits.to_owned()
            }
            _ => text,
        }
    })
}

/// Without cost and revenue.
pub(super) fn of_rates(campaign: &Campaign) -> String {
    let opening = "Whether targeting pays cannot be said without the cost of a contact and the revenue of a response";
    let rates = campaign.response.iter().enumerate();
    let mut told: Vec<(usize, f64)> = rates
        .filter_map(|(at, segment)| Some((at + 1, segment.rate?)))
        .collect();
    told.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    match (told.first(), told.last()) {
        (Some((least, low)), Some((most, high))) if least != most => format!(
            "{opening}; {} of segment {least} and {} of segment {most} responded",
            percent(*low),
            percent(*high)
        ),
        _ => opening.to_owned(),
    }
}

pub(super) fn known_answer(outcome: &str) -> String {
    format!(
        "Whether targeting pays cannot be tried: the segments are made with {outcome} itself, which nobody knows beforehand"
    )
}

pub(super) fn too_few() -> String {
    "Whether targeting pays cannot be tried: there are too few different customers to hold some out"
        .to_owned()
}

/// Of a test with a control group; `rates` where the outcome is 0 or 1.
pub(super) fn of_test(campaign: &Campaign, treatment: &Treatment, rates: bool) -> String {
    let together = |uplift: &&Uplift| uplift.arm.is_none();
    let mut rows = campaign.uplift.iter().filter(together);
    let Some(all) = rows.next().filter(|uplift| uplift.segment.is_none()) else {
        return format!(
            "What contacting changes cannot be said: too few customers of {} have an outcome in the control group or outside it",
            treatment.column
        );
    };
    let segments: Vec<&Uplift> = rows.collect();
    let mut sentence = change(&campaign.outcome, all, rates);
    sentence.push_str(&among(&segments, rates));
    sentence.push_str(&profit(all, &segments));
    sentence
}

fn change(outcome: &str, all: &Uplift, rates: bool) -> String {
    let [difference, low, high] = points([all.difference, all.low, all.high], rates);
    let unit = if rates { " points" } else { "" };
    let (from, to) = if rates {
        (percent(all.control), percent(all.treated))
    } else {
        (number(all.control), number(all.treated))
    };
    let span = format!("{difference}{unit} (95 % interval {low} to {high}), from {from} to {to}");
    if all.low > 0.0 {
        format!("Contacting raised {outcome} by {span}")
    } else if all.high < 0.0 {
        format!("Contacting lowered {outcome}: by {span}")
    } else {
        format!("Contacting is not shown to change {outcome}: by {span}")
    }
}

/// Whether segments differ in what contacting changes, by Cochran's Q (Biometrics 10, 1954,
/// <https://doi.org/10.2307/3001666>): differences between best and worst of several are large by chance alone.
fn among(segments: &[&Uplift], rates: bool) -> String {
    if segments.len() < 2 {
        return String::new();
    }
    let weighted: Vec<(f64, f64)> = segments
        .iter()
        .map(|uplift| {
            let error = (uplift.high - uplift.low) / (2.0 * Z);
            (
                uplift.difference,
                1.0 / (error * error).max(f64::MIN_POSITIVE),
            )
        })
        .collect();
    let total: f64 = weighted.iter().map(|(_, weight)| weight).sum();
    let center = weighted.iter().map(|(x, weight)| x * weight).sum::<f64>() / total;
    let q: f64 = weighted
        .iter()
        .map(|(x, weight)| weight * (x - center) * (x - center))
        .sum();
    let order = |a: &&&Uplift, b: &&&Uplift| a.difference.total_cmp(&b.difference);
    let (Some(least), Some(most)) = (segments.iter().min_by(order), segments.iter().max_by(order))
    else {
        return String::new();
    };
    if q.is_nan() || q <= chi_squared(segments.len() - 1) {
        return "; that this differs between the segments is not shown".to_owned();
    }
    let of = |uplift: &Uplift| {
        let segment = uplift
            .segment
            .map_or_else(String::new, |segment| segment.to_string());
        let [difference] = points([uplift.difference], rates);
        format!("{difference} in segment {segment}")
    };
    format!(
        "; it differs between the segments, from {} to {}",
        of(least),
        of(most)
    )
}

/// What a contact brings, where cost and revenue are known.
fn profit(all: &Uplift, segments: &[&Uplift]) -> String {
    let (Some(gain), Some(low), Some(high)) =
        (all.profit_per_contact, all.profit_low, all.profit_high)
    else {
        return String::new();
    };
    let paying: Vec<String> = segments
        .iter()
        .filter(|uplift| uplift.profit_low.is_some_and(|low| low > 0.0))
        .filter_map(|uplift| uplift.segment.map(|segment| segment.to_string()))
        .collect();
    let whom = match paying.as_slice() {
        [] => "in no segment for sure".to_owned(),
        all if all.len() == segments.len() => "in every segment".to_owned(),
        [one] => format!("in segment {one}"),
        several => format!("in segments {}", several.join(", ")),
    };
    let [_, low, high] = numbers([gain, low, high]);
    format!(
        "; a contact {} (95 % interval {low} to {high}), and contacting pays {whom}",
        gains_or_loses(gain)
    )
}

/// Differences of rates in percentage points, of means as they are.
fn points<const N: usize>(values: [f64; N], rates: bool) -> [String; N] {
    if rates {
        values.map(|value| format!("{:.1}", (1000.0 * value).round() / 10.0 + 0.0))
    } else {
        numbers(values)
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}
