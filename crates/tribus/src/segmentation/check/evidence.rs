//! The numbers of segments tried, and the one decided on.

use super::{Checked, MOST_SEGMENTS, Shape, ascending, counts_are_sane, require, share_of, within};
use crate::evidence::{Candidate, Choice, Evidence};

impl Evidence {
    pub(super) fn check(&self, model: &Shape) -> Checked {
        let numbers = || self.candidates.iter().map(|candidate| candidate.k);
        ascending(format_args!("evidence.candidates"), numbers())?;
        let choice = &self.choice;
        require(choice.k == model.k, || {
            format!(
                "`evidence.choice.k` is {}, but `k` is {}",
                choice.k, model.k
            )
        })?;
        require(self.candidate(model.k).is_some(), || {
            format!(
                "`evidence.candidates` lacks the number of segments, {}",
                model.k
            )
        })?;
        choice.check()?;
        counts_are_sane(format_args!("evidence.sampled"), self.sampled)?;
        within(
            format_args!("evidence.inertia_of_one"),
            self.inertia_of_one,
            0.0..=f64::MAX,
        )?;
        let mut before = None;
        for (at, candidate) in self.candidates.iter().enumerate() {
            let shape = Shape {
                k: candidate.k,
                ..*model
            };
            candidate.check(&format!("evidence.candidates[{at}]"), &shape, before)?;
            before = Some(candidate.k);
        }
        Ok(())
    }
}

impl Choice {
    fn check(&self) -> Checked {
        within(
            format_args!("evidence.choice.natural_k"),
            self.natural_k,
            1..=MOST_SEGMENTS,
        )?;
        if let Some(elbow) = self.elbow {
            within(
                format_args!("evidence.choice.elbow.k"),
                elbow.k,
                1..=MOST_SEGMENTS,
            )?;
        }
        let shares = [self.groups_likelihood, self.independence_p, self.reproduced];
        for share in shares.into_iter().flatten() {
            share_of(format_args!("evidence.choice"), share)?;
        }
        Ok(())
    }
}

impl Candidate {
    fn check(&self, place: &str, shape: &Shape, before: Option<usize>) -> Checked {
        within(format_args!("{place}.k"), self.k, 1..=MOST_SEGMENTS)?;
        within(
            format_args!("{place}.inertia"),
            self.inertia,
            0.0..=f64::MAX,
        )?;
        shape.per_segment(format_args!("{place}.sizes"), self.sizes.len())?;
        counts_are_sane(format_args!("{place}.sizes"), self.sizes.iter().copied())?;
        shape.centroids(format_args!("{place}.centroids"), &self.centroids)?;
        // It is of a sample, in which a segment may be without customers.
        require(self.distinctness.len() <= self.k, || {
            format!("`{place}.distinctness` has more entries than there are segments")
        })?;
        if !self.flow.is_empty() {
            let fits = before == Some(self.k - 1) && self.flow.len() == self.k * (self.k - 1);
            require(fits, || {
                format!("`{place}.flow` does not lead from the segments before to these")
            })?;
            counts_are_sane(format_args!("{place}.flow"), self.flow.iter().copied())?;
        }
        if let Some(silhouette) = self.silhouette {
            within(
                format_args!("{place}.silhouette.mean"),
                silhouette.mean,
                -1.0..=1.0,
            )?;
        }
        if let Some(stability) = &self.stability {
            let place = format!("{place}.stability");
            // Of a sample, too.
            require(stability.segments.len() <= self.k, || {
                format!("`{place}.segments` has more entries than there are segments")
            })?;
            counts_are_sane(format_args!("{place}.resamples"), [stability.resamples])?;
            for (at, segment) in stability.segments.iter().enumerate() {
                for share in [segment.jaccard, segment.recovered, segment.dissolved] {
                    share_of(format_args!("{place}.segments[{at}]"), share)?;
                }
            }
        }
        Ok(())
    }
}
