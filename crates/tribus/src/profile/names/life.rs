//! Stage of life: age, household, person.

use super::{Named, Part};
use crate::profile::claim::{Condition, Measure, at_least, at_most, claims};
use crate::profile::facts::{Fact, Facts};
use crate::profile::figures::steady;
use crate::profile::kind::FactKind;

/// "Young" up to this mean age, "Mature" and "Senior" from these on.
const YOUNG: f64 = 35.0;
const MATURE: f64 = 50.0;
const SENIOR: f64 = 65.0;
/// An age word needs to stand out this far.
const APART: f64 = 0.4;
/// A word that compares (younger, older) says less than one that holds by itself.
const COMPARISON: f64 = 0.4;

/// Young, Mature, Senior; Younger or Older where the age itself is neither.
pub(super) fn age(facts: &Facts<'_>, segment: usize) -> Option<Part> {
    let low = || at_most(Measure::Z, -APART);
    let high = || at_least(Measure::Z, APART);
    if let Some(fact) = facts.meaning(FactKind::Age).next() {
        let words = [
            ("Young", vec![at_most(Measure::Mean, YOUNG), low()]),
            ("Senior", vec![at_least(Measure::Mean, SENIOR), high()]),
            ("Mature", vec![at_least(Measure::Mean, MATURE), high()]),
        ];
        return first_true(facts, segment, fact, &words).or_else(|| {
            let words = [("Younger", vec![low()]), ("Older", vec![high()])];
            let part = first_true(facts, segment, fact, &words)?;
            Some(Part {
                score: COMPARISON * part.score,
                ..part
            })
        });
    }
    let born = facts.meaning(FactKind::BirthYear).next()?;
    first_true(
        facts,
        segment,
        born,
        &[("Younger", vec![high()]), ("Older", vec![low()])],
    )
}

/// Segments called young (or mature) although another is younger (older) and is not called so.
pub(super) fn contradicted(facts: &Facts<'_>, names: &[Named]) -> Vec<usize> {
    let (fact, older) = match facts.meaning(FactKind::Age).next() {
        Some(age) => (age, 1.0),
        None => match facts.meaning(FactKind::BirthYear).next() {
            Some(born) => (born, -1.0),
            None => return Vec::new(),
        },
    };
    let sides: [(&[&str], f64); 2] = [
        (&["Young", "Younger"], older),
        (&["Mature", "Senior", "Older"], -older),
    ];
    let mut found = Vec::new();
    for (words, side) in sides {
        let is_called = |named: &Named| {
            named
                .claims
                .iter()
                .any(|claim| words.contains(&claim.word.as_str()))
        };
        let age = |segment: usize| steady(side * fact.mean(segment));
        let rival = (0..names.len())
            .filter(|&segment| !is_called(&names[segment]) && age(segment).is_finite())
            .map(age)
            .fold(f64::INFINITY, f64::min);
        found.extend(
            (0..names.len()).filter(|&segment| is_called(&names[segment]) && age(segment) >= rival),
        );
    }
    found
}

/// The first of these words whose conditions the segment meets.
fn first_true(
    facts: &Facts<'_>,
    segment: usize,
    fact: &Fact,
    words: &[(&str, Vec<Condition>)],
) -> Option<Part> {
    words
        .iter()
        .find_map(|(text, conditions)| word(facts, segment, fact, text, conditions))
}

fn word(
    facts: &Facts<'_>,
    segment: usize,
    fact: &Fact,
    text: &str,
    conditions: &[Condition],
) -> Option<Part> {
    let claims = claims(facts, segment, text, fact, conditions)?;
    Some(Part {
        text: text.to_owned(),
        score: fact.z(segment).abs(),
        claims,
    })
}

/// Families, Parents of Teenagers.
pub(super) fn household(facts: &Facts<'_>, segment: usize) -> Option<Part> {
    // Every second customer or more has one at home, and clearly more often than usual.
    let at_home = || [at_least(Measure::Mean, 0.5), at_least(Measure::Z, 0.4)];
    let having = |meaning: FactKind, text: &str| {
        let fact = facts.strongest(meaning, segment)?;
        word(facts, segment, fact, text, &at_home())
    };
    let families = having(FactKind::SmallChildren, "Families")
        .or_else(|| having(FactKind::Children, "Families"));
    match (families, having(FactKind::Teenagers, "With Teenagers")) {
        (Some(families), Some(teenagers)) => Some(Part {
            text: "Families With Teenagers".to_owned(),
            score: families.score.max(teenagers.score),
            claims: families
                .claims
                .into_iter()
                .chain(teenagers.claims)
                .collect(),
        }),
        (Some(families), None) => Some(families),
        (None, _) => having(FactKind::Teenagers, "Parents of Teenagers"),
    }
}

/// Couples, Singles, Women, Men: only where nearly all of them are.
pub(super) fn person(facts: &Facts<'_>, segment: usize) -> Option<Part> {
    [
        (FactKind::Couple, "Couples", 0.6),
        (FactKind::Single, "Singles", 0.6),
        (FactKind::Woman, "Women", 0.85),
        (FactKind::Man, "Men", 0.85),
    ]
    .into_iter()
    .filter_map(|(meaning, text, share)| {
        let fact = facts
            .strongest(meaning, segment)
            .filter(|fact| fact.is_share)?;
        word(
            facts,
            segment,
            fact,
            text,
            &[at_least(Measure::Mean, share), at_least(Measure::Z, 0.5)],
        )
    })
    .reduce(|best, part| if part.score > best.score { part } else { best })
}
