//! Which k: criteria for every k of a range, and one decision with its reason.

mod choose;
mod gather;
mod stability;

use serde::{Deserialize, Serialize};

pub use gather::{EvidenceError, Progress, Question};

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
    /// Similarity of segmentations of resampled customers (mean adjusted Rand index), where it was computed.
    pub stability: Option<f64>,
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

/// The decision and its reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The number of segments.
    pub k: usize,
    /// The number that separates best (highest silhouette).
    pub natural_k: usize,
    /// The elbow of the inertia curve, if there is one.
    pub elbow: Option<usize>,
    /// Whether the data has groups.
    pub verdict: Verdict,
    /// Whether the user (or the recipe) named the number.
    pub requested: bool,
    /// One sentence for people.
    pub why: String,
}

/// Criteria for each k tried, and the decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// One per k, ascending.
    pub candidates: Vec<Candidate>,
    /// The decision.
    pub choice: Choice,
}

impl Evidence {
    /// The candidate with `k` segments, if it was tried.
    pub fn candidate(&self, k: usize) -> Option<&Candidate> {
        self.candidates.iter().find(|candidate| candidate.k == k)
    }
}
