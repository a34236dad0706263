//! What sets each segment apart, column by column, beside all customers and beside the nearest segment.

use serde::{Deserialize, Serialize};

use super::effect::{self, Effect, Part};
use super::facts::{Fact, Facts};
use crate::roles::{Fate, Role};
use crate::segment::SegmentNumber;

/// The share of false alarms among the columns told to set segments apart.
const FALSE_ALARMS: f64 = 0.05;

/// How an effect is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectMeasure {
    /// (mean - mean of all) / standard deviation of all; between two segments, the difference of means over the root of the
    /// mean of their variances.
    StandardizedMeanDifference,
    /// Share of the segment less the share of all customers (or of the nearest segment).
    DifferenceOfShares,
}

/// A segment beside the one whose centroid is nearest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FromNearest {
    /// The nearest segment.
    pub segment: SegmentNumber,
    /// Its mean or share.
    pub mean: f64,
    /// The difference from it.
    pub effect: Effect,
}

/// A column that sets a segment apart from all customers: by more than chance (Benjamini and Hochberg at 5 % over all
/// columns and segments, <https://doi.org/10.1111/j.2517-6161.1995.tb02031.x>), and by 0.2 standard deviations or 5 points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Differentiator {
    /// Column.
    pub column: String,
    /// The category, where the column holds categories.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The segments were made from this column: that they differ in it is no discovery, and its interval is too short.
    pub clustered: bool,
    /// How the effect is measured.
    pub measure: EffectMeasure,
    /// The segment's mean in raw units (share of customers, 0 to 1, for a category or flag).
    pub mean: f64,
    /// The same over all customers.
    pub overall: f64,
    /// The difference from all customers, with its 95 % interval.
    pub effect: Effect,
    /// Of shares: the segment's share over that of all customers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lift: Option<Effect>,
    /// Beside the nearest segment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<FromNearest>,
}

/// A column measured for one segment, not yet told from chance.
struct Measured {
    segment: usize,
    /// How strong it is, on a scale that numbers and shares have in common.
    strength: f64,
    p: f64,
    found: Differentiator,
    is_clear: bool,
}

/// The differentiators of every segment, strongest first.
pub(super) fn differentiators(facts: &Facts<'_>) -> Vec<Vec<Differentiator>> {
    let mut measured: Vec<Measured> = facts
        .all
        .iter()
        .filter(|fact| tells_of_customers(fact))
        .flat_map(|fact| (0..facts.segments()).filter_map(|segment| measure(facts, fact, segment)))
        .collect();
    let limit = limit(measured.iter().map(|measured| measured.p).collect());
    measured.retain(|measured| measured.is_clear && measured.p <= limit);
    measured.sort_by(|a, b| b.strength.total_cmp(&a.strength));
    let mut told = vec![Vec::new(); facts.segments()];
    for Measured { segment, found, .. } in measured {
        told[segment].push(found);
    }
    told
}

fn tells_of_customers(fact: &Fact) -> bool {
    !matches!(fact.role, Role::Treatment | Role::Constant)
}

fn measure(facts: &Facts<'_>, fact: &Fact, segment: usize) -> Option<Measured> {
    let near = facts.nearest(segment);
    let (measure, effect, lift, between, p) = if let Some(parts) = fact.parts() {
        let beside_all = effect::share_from_all(&parts, segment)?;
        let between =
            near.and_then(|near| effect::difference_of_shares(parts[segment], parts[near]));
        (
            EffectMeasure::DifferenceOfShares,
            beside_all.difference,
            Some(beside_all.lift),
            between,
            beside_all.p,
        )
    } else {
        let (effect, p) = effect::from_all(&fact.moments, segment)?;
        let between = near.and_then(|near| effect::between(&fact.moments, segment, near));
        (
            EffectMeasure::StandardizedMeanDifference,
            effect,
            None,
            between,
            p,
        )
    };
    let nearest = near.zip(between).map(|(near, effect)| FromNearest {
        segment: SegmentNumber::at(near),
        mean: fact.mean(near),
        effect,
    });
    Some(Measured {
        segment,
        strength: fact.z(segment).abs(),
        p,
        is_clear: fact.is_clear(segment),
        found: Differentiator {
            column: fact.column.clone(),
            level: fact.level.clone(),
            clustered: fact.fate == Fate::Clustered,
            measure,
            mean: fact.mean(segment),
            overall: fact.overall,
            effect,
            lift,
            nearest,
        },
    })
}

/// The largest chance that still counts (Benjamini and Hochberg).
fn limit(mut chances: Vec<f64>) -> f64 {
    chances.sort_by(f64::total_cmp);
    let m = chances.len() as f64;
    let within = chances
        .iter()
        .enumerate()
        .filter(|(at, p)| **p <= FALSE_ALARMS * (*at + 1) as f64 / m);
    within.map(|(_, p)| *p).fold(0.0, f64::max)
}

impl Fact {
    /// How many of each segment, where the mean is a share of customers.
    fn parts(&self) -> Option<Vec<Part>> {
        self.is_share.then(|| {
            let counted = self.means.iter().zip(&self.counts);
            counted
                .map(|(share, &of)| Part {
                    // A share of whole customers; of nobody it is no number.
                    count: (share * of as f64).round() as u64,
                    of,
                })
                .collect()
        })
    }
}
