//! What sets a segment apart from all customers, strongest first, so that three differences say three things.

use super::Difference;
use super::facts::{Fact, Facts};
use super::figures::{figure, figures, percents, times};
use crate::meaning::{Clues, Unit};
use crate::profile::kind::FactKind;
use crate::roles::Role;
use crate::vocabulary::columns::column_words;

/// How many differences are told, if there are as many that say something new.
const TOLD: usize = 5;
/// At least as many, even if some are alike.
const AT_LEAST: usize = 3;
/// Two columns of one kind whose segments rise and fall together this closely tell the same.
const SAME_PATTERN: f64 = 0.9;
/// The same for two columns of any kind: identical up to a scale.
const IDENTICAL_PATTERN: f64 = 0.9999;

/// The strongest differences of the segment with this 0-based index.
pub(super) fn strongest(facts: &Facts<'_>, segment: usize) -> Vec<Difference> {
    let mut ranked: Vec<&Fact> = facts
        .all
        .iter()
        .filter(|fact| fact.is_clear(segment))
        .collect();
    ranked.sort_by(|a, b| b.z(segment).abs().total_cmp(&a.z(segment).abs()));
    let mut told: Vec<&Fact> = Vec::new();
    let is_new = |told: &[&Fact], fact: &Fact| {
        !told
            .iter()
            .any(|earlier| tell_the_same(facts, earlier, fact))
    };
    let is_untold =
        |told: &[&Fact], fact: &Fact| !told.iter().any(|earlier| std::ptr::eq(*earlier, fact));
    for fact in &ranked {
        if told.len() < TOLD && is_new(&told, fact) {
            told.push(fact);
        }
    }
    for fact in &ranked {
        if told.len() < AT_LEAST && is_untold(&told, fact) {
            told.push(fact);
        }
    }
    told.into_iter()
        .map(|fact| difference(fact, segment))
        .collect()
}

fn difference(fact: &Fact, segment: usize) -> Difference {
    Difference {
        column: fact.column.clone(),
        level: fact.level.clone(),
        mean: fact.mean(segment),
        overall: fact.overall,
        z: fact.z(segment),
        words: in_words(fact, segment),
    }
}

fn tell_the_same(facts: &Facts<'_>, a: &Fact, b: &Fact) -> bool {
    let theme = |fact: &Fact| match fact.meaning {
        FactKind::Spend | FactKind::Part | FactKind::TotalSpend | FactKind::Value => 1,
        FactKind::Channel | FactKind::Frequency => 2,
        FactKind::Response => 3,
        FactKind::Age | FactKind::BirthYear => 4,
        _ => 0,
    };
    let is_total = |fact: &Fact| matches!(fact.meaning, FactKind::TotalSpend | FactKind::Value);
    let same_theme = theme(a) != 0 && theme(a) == theme(b);
    let pattern = facts.alike(a, b).abs();
    let unknown = |fact: &Fact| fact.meaning == FactKind::Other && !fact.is_share;
    let same_kind = same_theme || unknown(a) && unknown(b) && a.role == b.role;
    // With two segments every two columns rise and fall together.
    let same_pattern = facts.segments() > 2
        && (same_kind && pattern >= SAME_PATTERN || pattern >= IDENTICAL_PATTERN);
    a.column == b.column
        || same_theme && matches!(theme(a), 3 | 4)
        || same_theme && (is_total(a) || is_total(b))
        || same_pattern
}

/// One difference in words a marketer reads.
pub(super) fn in_words(fact: &Fact, segment: usize) -> String {
    let (mean, overall) = figures(fact.mean(segment), fact.overall);
    let words = column_words(&fact.column);
    if fact.is_share {
        return share_in_words(fact, segment);
    }
    match (fact.meaning, unit(fact)) {
        (FactKind::Recency, Some(unit)) => {
            return format!("bought {mean} {unit} ago on average (all: {overall})");
        }
        (FactKind::Tenure, Some(unit)) if fact.role == Role::Days => {
            return format!("a customer for {mean} {unit} on average (all: {overall})");
        }
        _ => {}
    }
    match fact.meaning {
        FactKind::Spend | FactKind::Part | FactKind::TotalSpend => spend_in_words(fact, segment),
        FactKind::Income => format!("{words}: {mean} on average (all: {overall})"),
        FactKind::Age => format!("{mean} years old on average (all: {overall})"),
        FactKind::BirthYear => format!(
            "born in {:.0} on average (all: {:.0})",
            fact.mean(segment),
            fact.overall
        ),
        FactKind::Recency if fact.z(segment) < 0.0 => {
            format!("bought more recently ({words} {mean} against {overall})")
        }
        FactKind::Recency => format!("last bought longer ago ({words} {mean} against {overall})"),
        _ => format!("{words}: {mean} against {overall}"),
    }
}

/// The unit of a span of time: that of its name. Without one, a span too long for any other unit is in days.
pub(super) fn unit(fact: &Fact) -> Option<&'static str> {
    let named = Clues::of(&fact.column).unit.map(Unit::word);
    let is_long = match fact.meaning {
        // Nobody was away for more than five years of months, or has been a customer for more than 40.
        FactKind::Recency => fact.q95 > 62.0,
        _ => fact.q95 > 500.0,
    };
    named.or_else(|| is_long.then_some("days"))
}

fn spend_in_words(fact: &Fact, segment: usize) -> String {
    let (mean, overall) = figures(fact.mean(segment), fact.overall);
    let on = match fact.meaning {
        FactKind::TotalSpend => "in all".to_owned(),
        _ => format!("on {}", column_words(&fact.column)),
    };
    match fact.ratio(segment) {
        Some(ratio) if ratio >= 1.5 => format!(
            "spends {} the average {on} ({mean} against {overall})",
            times(ratio)
        ),
        Some(ratio) => {
            let apart = ((ratio - 1.0) * 100.0).abs();
            let than = if ratio >= 1.0 { "more" } else { "less" };
            format!(
                "spends {} % {than} than average {on} ({mean} against {overall})",
                figure(apart.round())
            )
        }
        None => format!("{}: {mean} against {overall}", column_words(&fact.column)),
    }
}

fn share_in_words(fact: &Fact, segment: usize) -> String {
    let (mean, overall) = percents(fact.mean(segment), fact.overall);
    let words = column_words(&fact.column);
    match (&fact.level, fact.meaning) {
        (Some(_), _) if fact.is_yes => format!("{words}: {mean} against {overall}"),
        (Some(level), _) if level.chars().any(char::is_alphabetic) => {
            format!("{words} {level}: {mean} against {overall}")
        }
        (Some(level), _) => format!("{words} is {level}: {mean} against {overall}"),
        (None, FactKind::Response) if fact.role == Role::Outcome => {
            format!("responds to campaigns: {mean} against {overall}")
        }
        (None, _) => format!("{words}: {mean} against {overall}"),
    }
}
