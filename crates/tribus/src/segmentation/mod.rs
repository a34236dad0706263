//! The saved artefact: pipeline, centroids, names, evidence and summary of one segmentation; assigns new customers.
//!
//! In: a recipe and a table. Out: a [`Segmentation`] that needs neither again: report, tables and pictures are views of
//! it, and new customers are assigned by it alone. It holds no row and no id.

mod agreement;
mod alternative;
mod assemble;
mod assign;
mod card;
mod cautions;
mod check;
mod document;
mod drift;
mod error;
mod examine;
mod explain;
mod fields;
mod switch;
mod verify;

use serde::{Deserialize, Serialize};
use tribus_kmeans::Model;

pub use alternative::{OtherNumber, SegmentColumn};
pub use assign::{AssignOptions, Customers, Placement};
pub use card::Card;
pub use error::SegmentationError;
pub use examine::{Examined, examine, prepare};
pub use explain::{Driver, Explanation};
pub use verify::Difference;

use crate::campaign::Campaign;
use crate::drift::Baseline;
use crate::evidence::{Candidate, Contingency, Evidence};
use crate::ledger::{Ledger, PurchaseLedger};
use crate::pipeline::Pipeline;
use crate::plan::PleaseCheck;
use crate::profile::Profiles;
use crate::progress::{Watch, unwatched};
use crate::purchases;
#[cfg(doc)]
use crate::recipe::InputSection;
use crate::recipe::Recipe;
use crate::roles::{ColumnDecision, FeatureGroup};
use crate::rules::Rules;
use crate::segment::SegmentNumber;
use crate::source::ReadOptions;
use crate::summary::Summary;
use crate::table::{Notation, Table};
use crate::words::language::Language;
use assemble::tell_anew;
use assign::Placed;
use verify::MadeWith;

/// What was segmented, so that a result can be made again and told apart: no clock, no path, no dialect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The program and its version.
    pub program: String,
    /// SHA-256 of the typed rows.
    pub rows_sha256: String,
    /// Rows.
    pub rows: u64,
    /// Seed of all draws.
    pub seed: u64,
}

/// One segmentation. Its fields depend on each other, so they are read by methods of the same names; only title and language
/// can be set.
///
/// It can be read only from a document whose parts go together ([`Self::from_json`]); that is why `Deserialize` is derived as a
/// private function.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Segmentation {
    /// What was segmented.
    manifest: Manifest,
    /// The recipe, nothing left open.
    recipe: Recipe,
    /// The recipe, fitted.
    pipeline: Pipeline,
    /// Number of segments.
    k: usize,
    /// How the table was written, where the recipe does not say it.
    #[serde(default, skip_serializing_if = "Notation::is_unknown")]
    notation: Notation,
    /// k x d, scaled.
    centroids: Vec<f64>,
    /// Distance beyond which a customer of a segment is an outlier.
    outlier_distance: Vec<f64>,
    /// What was decided about each column.
    columns: Vec<ColumnDecision>,
    /// Share of each feature group in the squared distance.
    group_shares: Vec<(FeatureGroup, f64)>,
    /// The account of the rows.
    ledger: Ledger,
    /// The account of the purchases that the rows were rolled up from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    purchases: Option<PurchaseLedger>,
    /// What new rows are compared with; none of models made before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    baseline: Option<Baseline>,
    /// What people should know.
    notes: Vec<String>,
    /// Decisions that somebody who knows the data should look at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    please_check: Vec<PleaseCheck>,
    /// Criteria for each k tried, and the decision.
    evidence: Evidence,
    /// The rows, reduced.
    summary: Summary,
    /// The segments, described.
    profiles: Profiles,
    /// The segments as thresholds on a few columns; none of one segment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rules: Option<Rules>,
    /// Whether targeting pays; none where no column tells of a campaign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    campaign: Option<Campaign>,
    /// What is kept of the other numbers of segments tried.
    #[serde(default)]
    others: Vec<OtherNumber>,
    /// How it was made, where the recipe says something else now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made_with: Option<MadeWith>,
    /// What the report is called, where the user said so.
    #[serde(default)]
    title: Option<String>,
    /// How the report writes numbers and dates.
    #[serde(default)]
    language: Language,
}

impl Segmentation {
    /// Segments a table: plan, pipeline, evidence, summary, names. Purchases are rolled up to customers first
    /// ([`roll_up`](crate::purchases::roll_up)).
    ///
    /// # Errors
    /// Whatever keeps one of the stages from its work; see [`SegmentationError`].
    pub fn fit(recipe: &Recipe, table: &Table) -> Result<Self, SegmentationError> {
        Self::fit_watched(recipe, table, &unwatched)
    }

    /// The same, telling `watch` how far it has come; stops soon after `watch` says
    /// [`ControlFlow::Break`](std::ops::ControlFlow::Break).
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use std::ops::ControlFlow;
    /// # use std::time::{Duration, Instant};
    /// # use tribus::{recipe::Recipe, segmentation::{Segmentation, SegmentationError}, table::Table};
    /// # let file = tempfile::NamedTempFile::new()?;
    /// # std::fs::write(file.path(), tribus::demo::customers())?;
    /// # let (table, late) = (Table::open(file.path())?, Instant::now() + Duration::ZERO);
    /// let made = Segmentation::fit_watched(&Recipe::default(), &table, &|progress| {
    ///     eprintln!("{}: {} of {}", progress.stage, progress.done, progress.of);
    ///     if Instant::now() < late { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    /// });
    /// assert!(matches!(made, Err(SegmentationError::Stopped)));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Self::fit`], and [`SegmentationError::Stopped`].
    pub fn fit_watched(
        recipe: &Recipe,
        table: &Table,
        watch: Watch<'_>,
    ) -> Result<Self, SegmentationError> {
        Self::made(recipe, table, watch, |made, _, _| Ok(made))
    }

    /// The same, and what is known of each customer, as [`Self::assign`] of the same rows says it, without another pass
    /// through the pipeline. Of purchases, the customers that were rolled up from them.
    ///
    /// # Errors
    /// As [`Self::fit_watched`] and [`Self::assign`].
    pub fn fit_assigned(
        recipe: &Recipe,
        table: &Table,
        watch: Watch<'_>,
    ) -> Result<(Self, Customers), SegmentationError> {
        Self::made(recipe, table, watch, |made, table, placed| {
            let customers = made.own_customers(table, placed)?;
            Ok((made, customers))
        })
    }

    fn made<M>(
        recipe: &Recipe,
        table: &Table,
        watch: Watch<'_>,
        of: impl FnOnce(Self, &Table, Placed) -> Result<M, SegmentationError>,
    ) -> Result<M, SegmentationError> {
        let rolled_up = purchases::roll_up(recipe, table)?;
        let (recipe, table) = match &rolled_up {
            Some((recipe, customers)) => (recipe, customers),
            None => (recipe, table),
        };
        let examined = examine(recipe, table, watch)?;
        let (made, placed) = assemble::assemble(table, examined)?;
        of(made, table, placed)
    }

    /// The segment that people call so, counted from 1.
    ///
    /// # Errors
    /// [`SegmentationError::NoSuchSegment`] where there are not so many.
    pub fn segment(&self, number: usize) -> Result<SegmentNumber, SegmentationError> {
        SegmentNumber::new(number)
            .filter(|segment| segment.index() < self.k)
            .ok_or(SegmentationError::NoSuchSegment { number, k: self.k })
    }

    /// The name of a segment, or of a group by rule: these are numbered after the segments.
    ///
    /// # Panics
    /// For a segment of another segmentation, with more of them.
    pub fn name(&self, segment: SegmentNumber) -> &str {
        let by_rule = || &self.lifecycle()[segment.index() - self.k].group;
        let profile = self.profiles.segments.get(segment.index());
        profile.map_or_else(by_rule, |profile| &profile.name)
    }

    /// The names of all segments, in order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        let profiles = self.profiles.segments.iter();
        profiles.map(|profile| profile.name.as_str())
    }

    /// The evidence for the number of segments made.
    ///
    /// # Panics
    /// Never: the number made is one of those tried.
    pub fn chosen(&self) -> &Candidate {
        self.evidence
            .candidate(self.k)
            .expect("the number made was tried")
    }

    /// Gives a segment a name that stays.
    ///
    /// # Errors
    /// [`SegmentationError::NoSuchSegment`]; [`SegmentationError::Name`] for an empty name or one another segment has.
    pub fn rename(&mut self, segment: SegmentNumber, name: &str) -> Result<(), SegmentationError> {
        let segment = self.segment(segment.get() as usize)?;
        let name = name.trim();
        let taken = self.profiles.segments.iter().any(|profile| {
            profile.segment != segment && profile.name.to_lowercase() == name.to_lowercase()
        });
        if taken {
            return Err(SegmentationError::Name {
                problem: "another segment has this name",
            });
        }
        if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
            return Err(SegmentationError::Name {
                problem: "a name has 1 to 100 printable characters",
            });
        }
        self.profiles.rename(segment, name);
        let campaign = self.campaign.as_ref();
        tell_anew(&mut self.profiles, &self.summary, &self.columns, campaign);
        Ok(())
    }

    /// How a file of new customers must be read so that its columns are what they were. What is said of the file itself goes over it:
    /// [`InputSection::over`].
    pub fn read_options(&self) -> ReadOptions {
        let input = &self.recipe.input;
        let read = match &self.recipe.purchases {
            Some(purchases) => ReadOptions {
                known: true,
                ..purchases.over(ReadOptions::default())
            },
            None => self.pipeline.read_options(),
        };
        ReadOptions {
            decimal: input.decimal.or(self.notation.decimal),
            date_order: input.date_order.or(self.notation.date_order),
            null_values: input.null_values.clone(),
            keep_default_nulls: input.keep_default_nulls,
            ..read
        }
    }

    fn model(&self) -> Result<Model, SegmentationError> {
        model(&self.centroids, self.k, self.pipeline.features.len())
    }
}

/// The adjusted Rand index of two labelings of the same customers: 1 where both say the same, about 0 for chance.
pub fn agreement(a: &[u32], b: &[u32]) -> f64 {
    let count = |labels: &[u32]| labels.iter().max().map_or(0, |label| *label as usize + 1);
    Contingency::of(a, b, count(a), count(b)).adjusted_rand()
}

fn model(centroids: &[f64], k: usize, d: usize) -> Result<Model, SegmentationError> {
    Ok(Model::new(centroids.to_vec(), k, d)?)
}

/// The index of the segment of each customer.
fn segments_of(placements: &[Placement]) -> Vec<u32> {
    placements
        .iter()
        .map(|placement| placement.segment.index() as u32)
        .collect()
}
