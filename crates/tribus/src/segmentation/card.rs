//! All that is known of one segment, in one place: what terminal, JSON, report and workbook show is a view of it.

use super::Segmentation;
use crate::evidence::SegmentStability;
use crate::profile::Profile;
use crate::rules::SegmentRule;
use crate::summary::SegmentSummary;

/// One segment, borrowed from its segmentation.
#[derive(Debug, Clone, Copy)]
pub struct Card<'a> {
    /// Size, share and value.
    pub numbers: &'a SegmentSummary,
    /// Name, claims, differences, actions.
    pub profile: &'a Profile,
    /// Thresholds that find it again; none of a segment too small to be described.
    pub rule: Option<&'a SegmentRule>,
    /// How well it is found again on resampled customers.
    pub stability: Option<&'a SegmentStability>,
    /// Resamples behind the stability.
    pub resamples: u64,
}

impl Card<'_> {
    /// `found again in 97 of 100 resamples (highly stable)`.
    pub fn stability_in_words(&self) -> Option<String> {
        let stability = self.stability?;
        Some(stability.in_words(self.resamples))
    }
}

impl Segmentation {
    /// One card per segment, in segment order.
    pub fn cards(&self) -> Vec<Card<'_>> {
        let stability = self.chosen().stability.as_ref();
        let card = |at: usize| Card {
            numbers: &self.summary.segments[at],
            profile: &self.profiles.segments[at],
            rule: self
                .rules
                .as_ref()
                .map(|rules| &rules.segments[at])
                .filter(|_| !self.summary.is_small(at)),
            stability: stability.and_then(|stability| stability.segments.get(at)),
            resamples: stability.map_or(0, |stability| stability.resamples),
        };
        (0..self.k).map(card).collect()
    }
}
