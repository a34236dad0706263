//! What is bought, and where: "Wine Lovers", "Gold & Web Buyers".

use super::Part;
use crate::profile::claim::{Claim, Measure, at_least, claims, highest, share_ratio};
use crate::profile::facts::{Fact, Facts};
use crate::profile::kind::FactKind;
use crate::vocabulary::columns::product;

/// The segment with the highest spend on a product loves it from this many times its usual share of the spend on.
const LIFT: f64 = 1.1;
/// Another segment needs this many times the share.
const STRONG_LIFT: f64 = 1.4;
/// The segment with the most purchases in a channel prefers it from this many times its usual share on.
const CHANNEL_LIFT: f64 = 1.03;
/// More purchases than usual, in standard deviations, for a channel to be named.
const BUSY: f64 = 0.5;

/// The product they love, with the channel they buy it through if one stands out.
pub(super) fn taste(facts: &Facts<'_>, segment: usize) -> Option<Part> {
    let product = loved_product(facts, segment)?;
    let Some(channel) = channel(facts, segment) else {
        return Some(named(product, "Lovers"));
    };
    let score = product.score;
    Some(Part {
        score,
        ..both(product, channel)
    })
}

/// `Wine` as "Wine Lovers", claims and all.
fn named(part: Part, noun: &str) -> Part {
    let text = format!("{} {noun}", part.text);
    let claims = part
        .claims
        .into_iter()
        .map(|claim| Claim {
            word: text.clone(),
            ..claim
        })
        .collect();
    Part {
        text,
        claims,
        score: part.score,
    }
}

/// `Gold` and `Web` as "Gold & Web Buyers".
fn both(first: Part, second: Part) -> Part {
    let second = named(second, "Buyers");
    Part {
        text: format!("{} & {}", first.text, second.text),
        score: first.score.max(second.score),
        claims: first.claims.into_iter().chain(second.claims).collect(),
    }
}

/// The channels they prefer, and deals.
pub(super) fn channels(facts: &Facts<'_>, segment: usize) -> Option<Part> {
    let deals = deals(facts, segment);
    match (channel(facts, segment), deals) {
        (Some(channel), Some(deals)) => Some(both(channel, deals)),
        (Some(one), None) | (None, Some(one)) => Some(named(one, "Buyers")),
        (None, None) => None,
    }
}

fn loved_product(facts: &Facts<'_>, segment: usize) -> Option<Part> {
    let parts: Vec<&Fact> = facts.meaning(FactKind::Spend).collect();
    let lift = |fact: &&Fact| share_ratio(fact, &parts, segment).unwrap_or(0.0);
    let best_by_lift = |a: &&Fact, b: &&Fact| {
        lift(a)
            .total_cmp(&lift(b))
            .then_with(|| b.column.cmp(&a.column))
    };
    let among = Measure::ShareRatio(parts.iter().map(|part| part.column.clone()).collect());
    let first = parts
        .iter()
        .filter(|part| part.rank_from_top(segment) == 1)
        .copied()
        .max_by(best_by_lift);
    let any = parts.iter().copied().max_by(best_by_lift);
    let claim = |fact: &Fact, is_first: bool| -> Option<(Vec<Claim>, f64)> {
        let word = product(&fact.column);
        let conditions = if is_first {
            vec![
                highest(),
                at_least(among.clone(), LIFT),
                at_least(Measure::Z, 0.3),
            ]
        } else {
            vec![
                at_least(among.clone(), STRONG_LIFT),
                at_least(Measure::Z, BUSY),
            ]
        };
        Some((
            claims(facts, segment, &word, fact, &conditions)?,
            fact.z(segment),
        ))
    };
    let (fact, (claims, score)) = first
        .and_then(|fact| Some((fact, claim(fact, true)?)))
        .or_else(|| any.and_then(|fact| Some((fact, claim(fact, false)?))))?;
    (parts.len() > 1).then(|| Part {
        text: product(&fact.column),
        score,
        claims,
    })
}

fn channel(facts: &Facts<'_>, segment: usize) -> Option<Part> {
    let parts: Vec<&Fact> = facts.meaning(FactKind::Channel).collect();
    let among = Measure::ShareRatio(parts.iter().map(|part| part.column.clone()).collect());
    let conditions = [
        highest(),
        at_least(Measure::Z, BUSY),
        at_least(among, CHANNEL_LIFT),
    ];
    parts
        .iter()
        .filter_map(|fact| {
            let text = product(&fact.column);
            let claims = claims(facts, segment, &text, fact, &conditions)?;
            Some(Part {
                text,
                score: fact.z(segment),
                claims,
            })
        })
        .reduce(|best, part| if part.score > best.score { part } else { best })
}

fn deals(facts: &Facts<'_>, segment: usize) -> Option<Part> {
    let fact = facts.strongest(FactKind::Deals, segment)?;
    let claims = claims(
        facts,
        segment,
        "Deal",
        fact,
        &[highest(), at_least(Measure::Z, BUSY)],
    )?;
    Some(Part {
        text: "Deal".to_owned(),
        score: fact.z(segment),
        claims,
    })
}
