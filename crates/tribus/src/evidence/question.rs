//! What the evidence is gathered for.

use crate::recipe::{Clusters, Depth, MaxSegments};

/// What the evidence is gathered for.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// How many segments were asked for.
    pub clusters: Clusters,
    /// How much is done.
    pub depth: Depth,
    /// Which cuts of a continuum are of use.
    pub usable: Usable,
    /// Seed of all draws.
    pub seed: u64,
    /// What each customer is worth (NaN where unknown); orders the segments.
    pub value: Option<&'a [f64]>,
    /// Start centroids in scaled units, k x d, instead of random starts; only with an exact number of segments.
    pub init: Option<Vec<f64>>,
}

/// Which segments a team can act on, where customers have no natural groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usable {
    /// The most segments, unless a range was asked for.
    pub max_segments: MaxSegments,
    /// The fewest customers of a segment; 20 or 2 % of all, whichever is more, where not given.
    pub min_segment_size: Option<u64>,
}
