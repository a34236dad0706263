//! What is said of the segments: names, rules, a campaign.

use std::fmt::Arguments;

use super::{Checked, Shape, counts_are_sane, different, require, share_of};
use crate::campaign::Campaign;
use crate::profile::{Profile, Profiles};
use crate::rules::Rules;
use crate::segment::SegmentNumber;

impl Profiles {
    pub(super) fn check(&self, shape: &Shape) -> Checked {
        shape.per_segment(format_args!("profiles.segments"), self.segments.len())?;
        let names = self
            .segments
            .iter()
            .map(|profile| profile.name.to_lowercase());
        different(format_args!("profiles.segments"), names)?;
        for (at, profile) in self.segments.iter().enumerate() {
            profile.check(&format!("profiles.segments[{at}]"), at, shape)?;
        }
        Ok(())
    }
}

impl Profile {
    fn check(&self, place: &str, at: usize, shape: &Shape) -> Checked {
        in_place(format_args!("{place}.segment"), self.segment, at)?;
        // A name made from the data may hold what a category holds; one that the user gave is printable.
        let is_printable = !(self.locked && self.name.contains(char::is_control));
        let is_name = !self.name.trim().is_empty() && is_printable;
        require(is_name, || format!("`{place}.name` is no name"))?;
        for differentiator in &self.differentiators {
            if let Some(nearest) = &differentiator.nearest {
                shape.segment(format_args!("{place}.differentiators"), nearest.segment)?;
            }
        }
        let reached = self.actions.iter().map(|action| action.reach);
        counts_are_sane(format_args!("{place}.actions"), reached)
    }
}

impl Rules {
    pub(super) fn check(&self, place: Arguments<'_>, k: usize) -> Checked {
        super::length(
            format_args!("{place}.segments"),
            self.segments.len(),
            k,
            "segment",
        )?;
        share_of(format_args!("{place}.fidelity"), self.fidelity)?;
        for (at, rule) in self.segments.iter().enumerate() {
            in_place(
                format_args!("{place}.segments[{at}].segment"),
                rule.segment,
                at,
            )?;
            for share in [rule.coverage, rule.precision] {
                share_of(format_args!("{place}.segments[{at}]"), share)?;
            }
            counts_are_sane(
                format_args!("{place}.segments[{at}].customers"),
                [rule.customers],
            )?;
        }
        Ok(())
    }
}

impl Campaign {
    pub(super) fn check(&self, place: Arguments<'_>, k: usize) -> Checked {
        if !self.response.is_empty() {
            super::length(
                format_args!("{place}.response"),
                self.response.len(),
                k,
                "segment",
            )?;
        }
        for (at, response) in self.response.iter().enumerate() {
            let place = format_args!("{place}.response[{at}]");
            counts_are_sane(
                place,
                [Some(response.customers), response.responses]
                    .into_iter()
                    .flatten(),
            )?;
            let shares = [response.rate, response.low, response.high];
            shares
                .into_iter()
                .flatten()
                .try_for_each(|share| share_of(place, share))?;
        }
        for (at, uplift) in self.uplift.iter().enumerate() {
            let place = format_args!("{place}.uplift[{at}]");
            counts_are_sane(place, [uplift.treated_customers, uplift.control_customers])?;
            if let Some(segment) = uplift.segment {
                super::within(place, segment.get() as usize, 1..=k)?;
            }
        }
        Ok(())
    }
}

/// Entries for segments stand in the order of the segments.
fn in_place(place: Arguments<'_>, segment: SegmentNumber, at: usize) -> Checked {
    require(segment.index() == at, || {
        format!(
            "`{place}` is {segment}, but it stands in the place of segment {}",
            at + 1
        )
    })
}
