//! How they respond and when they came back: "Campaign Responders", "Recent", "Lapsed", "Newcomers".

use super::Part;
use crate::profile::claim::{Condition, Measure, at_least, at_most, claims};
use crate::profile::facts::Facts;
use crate::profile::kind::FactKind;

/// Those who answer campaigns far more often than usual.
pub(super) fn responders(facts: &Facts<'_>, segment: usize) -> Option<Part> {
    let fact = facts.strongest(FactKind::Response, segment)?;
    let conditions = [at_least(Measure::Z, 1.0), at_least(Measure::MeanRatio, 2.0)];
    let claims = claims(facts, segment, "Campaign Responders", fact, &conditions)?;
    Some(Part {
        text: "Campaign Responders".to_owned(),
        score: fact.z(segment),
        claims,
    })
}

/// Bought recently, or long ago. A low number of days is "Recent", never "low".
pub(super) fn recency(facts: &Facts<'_>, segment: usize) -> Option<Part> {
    let fact = facts.meaning(FactKind::Recency).next()?;
    let part = |text: &str, conditions: &[Condition]| {
        let claims = claims(facts, segment, text, fact, conditions)?;
        Some(Part {
            text: text.to_owned(),
            score: fact.z(segment).abs(),
            claims,
        })
    };
    part(
        "Recent",
        &[at_most(Measure::Z, -0.4), at_most(Measure::MeanRatio, 0.7)],
    )
    .or_else(|| {
        part(
            "Lapsed",
            &[at_least(Measure::Z, 0.4), at_least(Measure::MeanRatio, 1.3)],
        )
    })
}

/// Customers who are new by their own flag.
pub(super) fn newcomers(facts: &Facts<'_>, segment: usize) -> Option<Part> {
    let mut new = facts.meaning(FactKind::New);
    let fact = new.find(|fact| fact.is_share && fact.level.is_none())?;
    let claims = claims(
        facts,
        segment,
        "Newcomers",
        fact,
        &[at_least(Measure::Mean, 0.75), at_least(Measure::Z, 0.4)],
    )?;
    Some(Part {
        text: "Newcomers".to_owned(),
        score: fact.z(segment),
        claims,
    })
}

/// What one is who bought recently or long ago.
pub(super) fn shoppers() -> Part {
    Part {
        text: "Shoppers".to_owned(),
        score: 0.0,
        claims: Vec::new(),
    }
}
