//! Level of value: Elite, Premium, Mid-Value, Moderate, Budget; income and spending score where there is no value.

use super::Part;
use crate::profile::claim::{
    Claim, Condition, Measure, at_least, at_most, between, claims, highest, lowest,
};
use crate::profile::facts::{Fact, Facts};
use crate::profile::kind::FactKind;

/// From this many times the average value on, the best segment is "Elite" and another "Premium".
const HIGH: f64 = 1.4;
/// Down to this many times the average value a segment is neither high nor low.
const MIDDLE: f64 = 0.75;
/// Down to this "Moderate", below "Budget".
const LOW: f64 = 0.3;

/// The level word of a segment.
pub(super) struct Level {
    pub(super) part: Part,
    /// Near the average: the word says little.
    pub(super) is_middle: bool,
    /// The best segment, and first in more than half of what is bought: no one product is its own.
    pub(super) takes_all: bool,
}

/// The level of value, if there is a value column that tells segments apart.
pub(super) fn level(facts: &Facts<'_>, segment: usize) -> Option<Level> {
    let value = facts.value.as_ref()?;
    let ratio = || Measure::MeanRatio;
    let words: [(&str, Vec<Condition>); 7] = [
        ("Elite", vec![highest(), at_least(ratio(), HIGH)]),
        ("Premium", vec![at_least(ratio(), HIGH)]),
        ("Mid-Value", vec![between(ratio(), MIDDLE, HIGH)]),
        ("Moderate", vec![between(ratio(), LOW, MIDDLE)]),
        ("Budget", vec![at_most(ratio(), LOW)]),
        ("Top-Value", vec![highest(), at_least(Measure::Z, 0.3)]),
        ("Low-Value", vec![lowest(), at_most(Measure::Z, -0.3)]),
    ];
    let (word, claims) = words.iter().find_map(|(word, conditions)| {
        Some((*word, claims(facts, segment, word, value, conditions)?))
    })?;
    let part = Part {
        text: word.to_owned(),
        score: value.z(segment).abs(),
        claims,
    };
    Some(Level {
        part,
        is_middle: word == "Mid-Value",
        takes_all: word == "Elite" && takes_all(facts, segment),
    })
}

fn takes_all(facts: &Facts<'_>, segment: usize) -> bool {
    let parts: Vec<&Fact> = facts.meaning(FactKind::Spend).collect();
    let first = parts
        .iter()
        .filter(|part| part.rank_from_top(segment) == 1)
        .count();
    parts.len() > 2 && 2 * first > parts.len()
}

/// Income as the level, where there is no value column.
pub(super) fn income(facts: &Facts<'_>, segment: usize) -> Option<Part> {
    let fact = facts.meaning(FactKind::Income).next()?;
    let part = |text: &str, condition: Condition| {
        let claims = claims(facts, segment, text, fact, &[condition])?;
        Some(Part {
            text: text.to_owned(),
            score: fact.z(segment).abs(),
            claims,
        })
    };
    part("Affluent", at_least(Measure::Z, 0.5))
        .or_else(|| part("Modest-Income", at_most(Measure::Z, -0.5)))
}

/// What any customer of the segment is: a (big, low) spender where spending is known, else a customer.
pub(super) fn plain_noun(facts: &Facts<'_>, segment: usize) -> Part {
    let value = facts
        .value
        .as_ref()
        .filter(|value| matches!(value.meaning, FactKind::TotalSpend | FactKind::Spend));
    if let Some(value) = value {
        let top = claims(
            facts,
            segment,
            "Top Spenders",
            value,
            &[highest(), at_least(Measure::MeanRatio, HIGH)],
        );
        if let Some(claims) = top {
            return part("Top Spenders", 0.0, claims);
        }
        if let Some(claims) = claims(
            facts,
            segment,
            "Spenders",
            value,
            &[at_least(Measure::Mean, f64::MIN_POSITIVE)],
        ) {
            return part("Spenders", 0.0, claims);
        }
    }
    let score = facts
        .meaning(FactKind::SpendingScore)
        .next()
        .filter(|_| facts.value.is_none());
    score
        .and_then(|score| by_score(facts, segment, score))
        .unwrap_or_else(|| part("Customers", 0.0, Vec::new()))
}

fn by_score(facts: &Facts<'_>, segment: usize, score: &Fact) -> Option<Part> {
    let words: [(&str, Vec<Condition>); 4] = [
        ("Big Spenders", vec![at_least(Measure::Z, 0.6)]),
        ("Low Spenders", vec![at_most(Measure::Z, -0.6)]),
        ("Moderate Spenders", vec![between(Measure::Z, -0.3, 0.3)]),
        ("Spenders", vec![at_least(Measure::Mean, f64::MIN_POSITIVE)]),
    ];
    words.iter().find_map(|(word, conditions)| {
        Some(part(
            word,
            score.z(segment).abs(),
            claims(facts, segment, word, score, conditions)?,
        ))
    })
}

fn part(text: &str, score: f64, claims: Vec<Claim>) -> Part {
    Part {
        text: text.to_owned(),
        score,
        claims,
    }
}
