//! Which k, and are there groups at all: criteria for every k of a range, and one decision with its reasons.
//!
//! Every number of segments is fitted and measured ([`Candidate`]); most criteria are computed by resampling or against
//! made-up customers, on at most [`SAMPLED_CUSTOMERS`] of them. A rule weighs the criteria ([`Choice`]); docs/evidence.md
//! says how it was found and how often it is right.

mod against_null;
mod choose;
mod decide;
mod dip;
mod elbow;
mod error;
mod evaluate;
mod gap;
mod gather;
mod independence;
mod measure;
mod null;
mod prediction;
mod question;
mod sample;
mod sampled;
mod score;
mod separation;
mod simulate;
mod stability;
mod unimodal;
mod words;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use error::EvidenceError;
pub use evaluate::{Evaluation, LabelMeasures, evaluate};
pub use question::{Question, Usable};
pub use sample::SAMPLED_CUSTOMERS;
#[doc(hidden)]
pub use score::{FEATURES, GROUP_FEATURES, features, group_features};
pub(crate) use stability::Contingency;

/// A mean silhouette, exact or estimated.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SilhouetteValue {
    /// The mean, -1 to 1.
    pub mean: f64,
    /// 95 % interval when it was estimated from a sample.
    pub interval: Option<[f64; 2]>,
    /// Customers it was computed on.
    pub customers: u64,
}

/// The gap statistic of one number of segments.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// Mean log inertia of customers spread evenly, less that of the real ones.
    pub value: f64,
    /// Its standard error, with that of the simulation (`s_k` of Tibshirani, Walther and Hastie 2001).
    pub standard_error: f64,
}

/// How well the segments of one number are found again on resampled customers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stability {
    /// Mean adjusted Rand index between the segments of all customers and those of the resampled.
    pub rand: f64,
    /// The range that holds 95 % of the resamples.
    #[serde(default)]
    pub interval: Option<[f64; 2]>,
    /// For each segment, in segment order.
    pub segments: Vec<SegmentStability>,
    /// Resamples.
    pub resamples: u64,
}

/// How well one segment is found again.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentStability {
    /// Mean Jaccard similarity to the most similar segment of a resample.
    pub jaccard: f64,
    /// Share of the resamples in which it is above 0.75.
    pub recovered: f64,
    /// Share of the resamples in which it is at most 0.5.
    pub dissolved: f64,
}

impl SegmentStability {
    /// What the mean Jaccard similarity says, by the bounds of Hennig's `fpc::clusterboot`.
    pub fn grade(&self) -> Grade {
        match self.jaccard {
            jaccard if jaccard >= 0.85 => Grade::HighlyStable,
            jaccard if jaccard >= 0.75 => Grade::Stable,
            jaccard if jaccard >= 0.6 => Grade::Doubtful,
            _ => Grade::Dissolved,
        }
    }

    /// `found again in 97 of 100 resamples (highly stable)`.
    pub fn in_words(&self, resamples: u64) -> String {
        let again = (self.recovered * resamples as f64).round();
        format!(
            "found again in {again} of {resamples} resamples ({})",
            self.grade().words()
        )
    }
}

/// How stable a segment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Mean Jaccard similarity under 0.6: not to be trusted.
    Dissolved,
    /// 0.6 to 0.75: a pattern, but which customers belong to it is doubtful.
    Doubtful,
    /// 0.75 to 0.85.
    Stable,
    /// 0.85 and more.
    HighlyStable,
}

impl Grade {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Dissolved => "dissolved",
            Self::Doubtful => "doubtful",
            Self::Stable => "stable",
            Self::HighlyStable => "highly stable",
        }
    }
}

/// How far the least separated pair of segments stands apart: dip statistic times the root of the number of customers,
/// about 0.25 where a cut runs through one crowd.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Separation {
    /// Along the line between the centroids.
    pub along_centroids: f64,
    /// Along the linear discriminant.
    pub along_discriminant: f64,
}

/// One number of segments beside customers without groups.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgainstNull {
    /// Mean silhouette of customers without groups.
    pub silhouette: f64,
    /// How much higher the real one is.
    pub silhouette_surplus: f64,
    /// Mean log inertia of customers without groups, less that of the real ones.
    pub gap: f64,
    /// Standard deviation of one table without groups about that mean.
    pub gap_error: f64,
    /// What this segment more than before takes off the log inertia, beyond what it would if the segments before had one
    /// crowd each.
    pub worth: f64,
    /// Standard deviation of one simulated table about that expectation.
    pub worth_error: f64,
}

/// The evidence for one number of segments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// Number of segments.
    pub k: usize,
    /// Sum of squared distances to the centroids, in scaled units.
    pub inertia: f64,
    /// Mean silhouette; none for one segment.
    pub silhouette: Option<SilhouetteValue>,
    /// Calinski-Harabasz index; none for one segment.
    pub calinski_harabasz: Option<f64>,
    /// Davies-Bouldin index; none for one segment.
    pub davies_bouldin: Option<f64>,
    /// Sizes in segment order.
    pub sizes: Vec<u64>,
    /// Centroids in scaled units, k x d row-major, in segment order.
    pub centroids: Vec<f64>,
    /// Where the customers come from: of each segment of the number before (rows) how many are in each segment
    /// (columns); empty where one less was not tried.
    pub flow: Vec<u64>,
    /// Mean silhouette of each segment's customers, on the sampled customers; empty where it cannot be computed.
    pub distinctness: Vec<f64>,
    /// Gap statistic.
    pub gap: Option<Gap>,
    /// Prediction strength: the worst segment's share of pairs that the other half of the customers puts together too.
    pub prediction_strength: Option<f64>,
    /// Whether the segments are found again.
    pub stability: Option<Stability>,
    /// How far the least separated pair of segments stands apart.
    pub separation: Option<Separation>,
    /// Beside customers without groups.
    pub against_null: Option<AgainstNull>,
    /// How likely this is the number of groups, if there are any and it is in the range, by the rule that weighs the
    /// criteria.
    pub likelihood: Option<f64>,
}

impl Candidate {
    /// How alike its segments are to those of resampled customers, where it was computed: mean adjusted Rand index.
    pub fn similarity(&self) -> Option<f64> {
        self.stability.as_ref().map(|stability| stability.rand)
    }

    /// The mean Jaccard similarity of its least stable segment, where it was computed.
    pub fn least_jaccard(&self) -> Option<f64> {
        let segments = self
            .stability
            .iter()
            .flat_map(|stability| &stability.segments);
        segments.map(|segment| segment.jaccard).reduce(f64::min)
    }
}

/// What the data say about groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Natural groups.
    Groups,
    /// A continuum: segments are useful slices, not natural groups.
    Continuum,
    /// No structure to speak of.
    None,
}

/// How sure a decision is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Another number would do as well.
    Weak,
    /// The criteria point this way, not all of them.
    Moderate,
    /// The criteria agree.
    Strong,
}

/// The decision and its reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The number of segments.
    pub k: usize,
    /// What separates best: the number of groups where there are groups, else the number of the highest silhouette.
    pub natural_k: usize,
    /// The elbow of the inertia curve, if there is one.
    pub elbow: Option<Elbow>,
    /// Whether the data has groups.
    pub verdict: Verdict,
    /// How likely there are groups, 0 to 1, by the rule that weighs the criteria; none of quick evidence.
    pub groups_likelihood: Option<f64>,
    /// How often customers whose columns have nothing to do with each other are cut as well as these, 0 to 1: a
    /// permutation p-value.
    pub independence_p: Option<f64>,
    /// How sure the number is.
    pub confidence: Confidence,
    /// How often the same is decided, 0 to 1, when the resamples and made-up customers behind it are drawn again; none of
    /// quick evidence, and of a number that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reproduced: Option<f64>,
    /// The next best number.
    pub runner_up: Option<usize>,
    /// Whether the user (or the recipe) named the number.
    pub requested: bool,
    /// One sentence for people.
    pub why: String,
    /// One paragraph: why each criterion says what it says.
    pub paragraph: String,
}

/// The bend of the inertia curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Elbow {
    /// Where it is.
    pub k: usize,
    /// How sure it is.
    pub confidence: Confidence,
}

/// Criteria for each k tried, and the decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// One per k, ascending.
    pub candidates: Vec<Candidate>,
    /// Customers that the criteria by resampling were computed on, and of how many.
    pub sampled: [u64; 2],
    /// Inertia of all customers in one segment.
    pub inertia_of_one: f64,
    /// Gap statistic of all customers in one segment.
    pub gap_of_one: Option<Gap>,
    /// The decision.
    pub choice: Choice,
}

impl Evidence {
    /// The candidate with `k` segments, if it was tried.
    pub fn candidate(&self, k: usize) -> Option<&Candidate> {
        self.candidates.iter().find(|candidate| candidate.k == k)
    }
}
