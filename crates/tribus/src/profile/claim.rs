//! The fact a word of a name rests on, in a form that can be tested again.

use serde::{Deserialize, Serialize};

use super::facts::{Fact, Facts};
use super::figures::{figure, figures, percents, steady, times};
use crate::profile::kind::FactKind;
use crate::segment::SegmentNumber;
use crate::summary::Summary;

/// What is measured of a segment to test a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The segment's mean in raw units (a share of customers for a category or flag).
    Mean,
    /// The segment's mean over the mean of all customers.
    MeanRatio,
    /// The segment's median over the median of all customers.
    MedianRatio,
    /// (mean - overall mean) / standard deviation over all customers.
    Z,
    /// Place among all segments by mean, 1 for the highest; tied segments are both placed behind the tie.
    RankFromTop,
    /// Place among all segments by mean, 1 for the lowest; ties as above.
    RankFromBottom,
    /// The column's share of the segment's sum of these columns, over the same share for all customers.
    ShareRatio(Vec<String>),
}

/// A fact that words of a name rest on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The word or words of the name.
    pub word: String,
    /// Column the claim is about.
    pub column: String,
    /// The category, where the column holds categories.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// What is measured.
    pub measure: Measure,
    /// The measure of this segment.
    pub found: f64,
    /// The word is true from here on, if there is a lower bound.
    pub at_least: Option<f64>,
    /// The word is true up to here, if there is an upper bound.
    pub at_most: Option<f64>,
    /// What is claimed, in words: `highest mean MntTotal of all segments (1316)`.
    pub fact: String,
}

impl Claim {
    /// Whether the claim is true of `segment` in `summary`: measured again, within its bounds, and equal to
    /// the number stored.
    pub fn holds(&self, summary: &Summary, segment: SegmentNumber) -> bool {
        let fact = Fact::find(summary, &self.column, self.level.as_deref());
        let measured =
            fact.and_then(|fact| measure(&self.measure, &fact, summary, segment.index()));
        measured.is_some_and(|measured| {
            let slack = 1e-8 * measured.abs().max(1e-12);
            (measured - self.found).abs() <= slack && self.covers(measured)
        })
    }

    /// Whether a measured number is within the bounds.
    pub(super) fn covers(&self, measured: f64) -> bool {
        measured.is_finite()
            && self.at_least.is_none_or(|bound| measured >= bound)
            && self.at_most.is_none_or(|bound| measured <= bound)
    }
}

/// Measures one fact of the segment with this 0-based index.
pub(super) fn measure(
    measure: &Measure,
    fact: &Fact,
    summary: &Summary,
    index: usize,
) -> Option<f64> {
    if !fact.mean(index).is_finite() {
        return None;
    }
    let measured = match measure {
        Measure::Mean => steady(fact.mean(index)),
        Measure::MeanRatio => fact.ratio(index)?,
        Measure::MedianRatio => fact.median_ratio(index)?,
        Measure::Z => fact.z(index),
        Measure::RankFromTop => fact.rank_from_top(index) as f64,
        Measure::RankFromBottom => fact.rank_from_bottom(index) as f64,
        Measure::ShareRatio(among) => {
            let parts: Vec<Fact> = among
                .iter()
                .map(|column| Fact::find(summary, column, None))
                .collect::<Option<_>>()?;
            share_ratio(fact, &parts.iter().collect::<Vec<_>>(), index)?
        }
    };
    measured.is_finite().then_some(measured)
}

/// The share of `fact` in a segment's sum of `parts`, over its share for all customers.
pub(super) fn share_ratio(fact: &Fact, parts: &[&Fact], index: usize) -> Option<f64> {
    let sum: f64 = parts.iter().map(|part| part.mean(index)).sum();
    let overall: f64 = parts.iter().map(|part| part.overall).sum();
    let ratio = (fact.mean(index) / sum) / (fact.overall / overall);
    (sum > 0.0 && overall > 0.0 && fact.overall > 0.0 && ratio.is_finite()).then(|| steady(ratio))
}

/// What would make a word true of a segment: a measure and its bounds.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    measure: Measure,
    at_least: Option<f64>,
    at_most: Option<f64>,
}

/// The highest mean of all segments.
pub(super) fn highest() -> Condition {
    Condition {
        measure: Measure::RankFromTop,
        at_least: None,
        at_most: Some(1.0),
    }
}

/// The lowest mean of all segments.
pub(super) fn lowest() -> Condition {
    Condition {
        measure: Measure::RankFromBottom,
        at_least: None,
        at_most: Some(1.0),
    }
}

/// A measure of at least this.
pub(super) fn at_least(measure: Measure, bound: f64) -> Condition {
    Condition {
        measure,
        at_least: Some(bound),
        at_most: None,
    }
}

/// A measure of at most this.
pub(super) fn at_most(measure: Measure, bound: f64) -> Condition {
    Condition {
        measure,
        at_least: None,
        at_most: Some(bound),
    }
}

/// A measure within these bounds.
pub(super) fn between(measure: Measure, low: f64, high: f64) -> Condition {
    Condition {
        measure,
        at_least: Some(low),
        at_most: Some(high),
    }
}

/// The claims for `word` if the segment meets every condition, else none.
pub(super) fn claims(
    facts: &Facts<'_>,
    segment: usize,
    word: &str,
    fact: &Fact,
    conditions: &[Condition],
) -> Option<Vec<Claim>> {
    conditions
        .iter()
        .map(|condition| {
            let found = measure(&condition.measure, fact, facts.summary, segment)?;
            let claim = Claim {
                word: word.to_owned(),
                column: fact.column.clone(),
                level: fact.level.clone(),
                measure: condition.measure.clone(),
                found,
                at_least: condition.at_least,
                at_most: condition.at_most,
                fact: in_words(&condition.measure, fact, segment, found),
            };
            claim.covers(found).then_some(claim)
        })
        .collect()
}

/// `highest`, `2nd highest`, `3rd highest`.
pub(super) fn placed(rank: f64, extreme: &str) -> String {
    let rank = rank.max(1.0) as u64;
    let ending = match (rank % 10, rank % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    if rank == 1 {
        extreme.to_owned()
    } else {
        format!("{rank}{ending} {extreme}")
    }
}

fn in_words(measure: &Measure, fact: &Fact, segment: usize, found: f64) -> String {
    let mean = fact.mean(segment);
    let (own, all) = if fact.is_share {
        percents(mean, fact.overall)
    } else {
        figures(mean, fact.overall)
    };
    let column = match &fact.level {
        None => fact.column.clone(),
        Some(level) => format!("{} {level}", fact.column),
    };
    let kind = if fact.is_share { "share of" } else { "mean" };
    let ranked = |extreme| {
        let place = placed(found, extreme);
        format!("{place} {kind} {column} of all segments ({own})")
    };
    match measure {
        Measure::Mean => format!("{kind} {column}: {own} (all: {all})"),
        Measure::MeanRatio if found >= 1.0 => format!(
            "{kind} {column} is {} the average ({own} against {all})",
            times(found)
        ),
        Measure::MeanRatio => format!(
            "{kind} {column} is {} times the average ({own} against {all})",
            figure(found)
        ),
        Measure::MedianRatio => format!(
            "median {column} is {} times that of all customers",
            figure(found)
        ),
        Measure::Z => {
            let side = if found >= 0.0 { "above" } else { "below" };
            format!(
                "{kind} {column} is {} standard deviations {side} the average ({own} against {all})",
                figure(found.abs())
            )
        }
        Measure::RankFromTop => ranked("highest"),
        Measure::RankFromBottom => ranked("lowest"),
        Measure::ShareRatio(_) => {
            let of = if fact.meaning == FactKind::Channel {
                "purchases"
            } else {
                "spending"
            };
            format!(
                "{column} takes {} times its usual share of their {of}",
                figure(found)
            )
        }
    }
}
