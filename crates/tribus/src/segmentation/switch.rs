//! Another number of segments, or another value, without the rows: both from what the summary kept of them.

use super::assemble::{described, tell_anew};
use super::{OtherNumber, Segmentation, SegmentationError};
use crate::campaign::Campaign;
use crate::profile::Profiles;
use crate::recipe::{Clusters, ValueColumn};
use crate::segment::SegmentNumber;
use crate::summary::{ColumnStatistics, Summary};
use crate::words::nearest::nearest;

impl Segmentation {
    /// The numbers of segments it can be switched to, its own among them.
    pub fn numbers_kept(&self) -> Vec<usize> {
        let others = self.others.iter().map(|other| other.k);
        let mut kept: Vec<usize> = others.chain([self.k]).collect();
        kept.sort_unstable();
        kept
    }

    /// The same customers in another number of segments that was tried. Names that the user gave stay with the number they
    /// were given for.
    ///
    /// # Errors
    /// [`SegmentationError::NotKept`] where nothing is kept of that number.
    pub fn with_number(&self, k: usize) -> Result<Self, SegmentationError> {
        if k == self.k {
            return Ok(self.clone());
        }
        let not_kept = || SegmentationError::NotKept {
            k,
            kept: self.numbers_kept(),
        };
        let other = self
            .others
            .iter()
            .find(|other| other.k == k)
            .ok_or_else(not_kept)?;
        let evidence = self.evidence.asking_for(k).ok_or_else(not_kept)?;
        let summary = other.applied_to(&self.summary).ok_or_else(not_kept)?;
        let candidate = evidence.candidate(k).ok_or_else(not_kept)?;
        let own = OtherNumber {
            names: locked_names(&self.profiles),
            rules: self.rules.clone(),
            campaign: self.campaign.clone(),
            ..OtherNumber::of(&self.summary, self.outlier_distance.clone())
        };
        let mut others: Vec<OtherNumber> = self
            .others
            .iter()
            .filter(|other| other.k != k)
            .cloned()
            .chain([own])
            .collect();
        others.sort_by_key(|other| other.k);
        let mut switched = Self {
            k,
            centroids: candidate.centroids.clone(),
            outlier_distance: other.outlier_distance.clone(),
            profiles: self.profiled(&summary, other.campaign.as_ref(), &other.names),
            rules: other.rules.clone(),
            campaign: other.campaign.clone(),
            evidence,
            summary,
            others,
            ..self.clone()
        };
        for question in &mut switched.please_check {
            question.agreement = None;
        }
        switched.recipe.segment.k = Some(Clusters::Exactly(k));
        switched.remember_making(&self.recipe);
        let before = self.where_the_campaign_is();
        switched.notes.retain(|note| Some(note) != before.as_ref());
        switched.notes.extend(switched.where_the_campaign_is());
        Ok(switched)
    }

    /// A campaign needs the rows, so it is known only of the number that was made from them. The note that says so of any
    /// other number.
    fn where_the_campaign_is(&self) -> Option<String> {
        let judged = self.others.iter().find(|other| other.campaign.is_some());
        let judged = judged.filter(|_| self.campaign.is_none())?;
        Some(format!(
            "whether targeting pays was tried with {} segments; for {} it needs the rows: tribus segment INPUT --k {}",
            judged.k, self.k, self.k
        ))
    }

    /// The same segments, with what they bring measured in another numeric column. Segments keep their numbers.
    ///
    /// # Errors
    /// [`SegmentationError::NoValue`] for a column of which no numbers are kept.
    pub fn with_value(&self, column: &str) -> Result<Self, SegmentationError> {
        let summary = valued(&self.summary, column).ok_or_else(|| {
            let numeric = self
                .summary
                .columns
                .iter()
                .filter(|known| matches!(known.statistics, ColumnStatistics::Numbers { .. }));
            SegmentationError::NoValue {
                column: column.to_owned(),
                nearest: nearest(column, numeric.map(|known| known.name.as_str())),
            }
        })?;
        let mut valued = self.clone();
        for other in &mut valued.others {
            let again = other
                .applied_to(&self.summary)
                .and_then(|summary| self::valued(&summary, column));
            if let Some(again) = again {
                other.segments = again.segments;
            }
        }
        let locked = locked_names(&self.profiles);
        valued.profiles = self.profiled(&summary, self.campaign.as_ref(), &locked);
        valued.summary = summary;
        valued.recipe.segment.value = Some(ValueColumn::Named(column.to_owned()));
        valued.remember_making(&self.recipe);
        Ok(valued)
    }

    /// Other numbers of the same customers, described, with the names that the user gave.
    fn profiled(
        &self,
        summary: &Summary,
        campaign: Option<&Campaign>,
        names: &[(SegmentNumber, String)],
    ) -> Profiles {
        let mut profiles = described(summary, &self.columns, &self.recipe, campaign);
        if names.is_empty() {
            return profiles;
        }
        for (segment, name) in names {
            profiles.rename(*segment, name);
        }
        tell_anew(&mut profiles, summary, &self.columns, campaign);
        profiles
    }
}

/// Sums from means and counts.
fn valued(summary: &Summary, column: &str) -> Option<Summary> {
    let found = summary.columns.iter().find(|known| known.name == column)?;
    let ColumnStatistics::Numbers {
        overall, segments, ..
    } = &found.statistics
    else {
        return None;
    };
    let total = overall.mean * overall.count as f64;
    let mut valued = summary.clone();
    valued.value = Some(column.to_owned());
    for (segment, numbers) in valued.segments.iter_mut().zip(segments) {
        let value = numbers.mean * numbers.count as f64;
        segment.value = Some(value);
        segment.value_share = (total > 0.0).then_some(value / total);
    }
    Some(valued)
}

fn locked_names(profiles: &Profiles) -> Vec<(SegmentNumber, String)> {
    let locked = profiles.segments.iter().filter(|profile| profile.locked);
    locked
        .map(|profile| (profile.segment, profile.name.clone()))
        .collect()
}
