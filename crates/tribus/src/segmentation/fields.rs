//! What a segmentation holds, to be read; only its title and its language may be changed from outside.
//!
//! The fields depend on each other: centroids have the columns of the pipeline, summary and profiles have one entry
//! for each segment, the evidence contains the number of segments. So callers read them and cannot set them.

use crate::campaign::Campaign;
use crate::evidence::Evidence;
use crate::ledger::{Ledger, LifecycleGroup, PurchaseLedger};
use crate::pipeline::Pipeline;
use crate::plan::PleaseCheck;
use crate::profile::Profiles;
use crate::recipe::Recipe;
use crate::roles::{ColumnDecision, FeatureGroup};
use crate::rules::Rules;
use crate::summary::Summary;
use crate::words::language::Language;

use super::{Manifest, OtherNumber, Segmentation};

impl Segmentation {
    /// What was segmented, and by which version of the program.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The recipe with every setting filled in, those that were left open too.
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// The fitted steps that turn a row of the file into features.
    pub fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }

    /// The account of the purchases that the customers were rolled up from, if they were.
    pub fn purchases(&self) -> Option<&PurchaseLedger> {
        self.purchases.as_ref()
    }

    /// Groups of customers by a rule, numbered after the segments.
    pub fn lifecycle(&self) -> &[LifecycleGroup] {
        self.purchases
            .as_ref()
            .map_or(&[], |purchases| &purchases.lifecycle)
    }

    /// Number of segments, at least 1.
    pub fn k(&self) -> usize {
        self.k
    }

    /// The centers of the segments in scaled and weighted features, as the pipeline makes them: `k x d` values, one
    /// segment after another, where `d` is the number of features of [`Self::pipeline`].
    pub fn centroids(&self) -> &[f64] {
        &self.centroids
    }

    /// For each segment the Euclidean distance to its centroid, in scaled features, beyond which a customer is an
    /// outlier.
    pub fn outlier_distance(&self) -> &[f64] {
        &self.outlier_distance
    }

    /// What was decided about each column, in the order of the table.
    pub fn columns(&self) -> &[ColumnDecision] {
        &self.columns
    }

    /// Share of each feature group in the squared distance, from 0 to 1, in the order of the groups. The shares sum to 1 up
    /// to rounding.
    pub fn group_shares(&self) -> &[(FeatureGroup, f64)] {
        &self.group_shares
    }

    /// How many rows were read, how many were segmented, and why the others were set aside.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Sentences about the data and the decisions that the reader of a result should know.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Decisions of which the program is not sure, at most five, the weightiest first. `agreement` is of the number of segments
    /// that was made from the rows; it is not known of a number switched to.
    pub fn please_check(&self) -> &[PleaseCheck] {
        &self.please_check
    }

    /// The criteria of each number of segments that was tried, and which number was chosen and why.
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// Counts, means and quantiles of all customers and of each segment.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Name, description and suggested actions of each segment.
    pub fn profiles(&self) -> &Profiles {
        &self.profiles
    }

    /// The segments as thresholds on a few columns; `None` if there is only one segment.
    pub fn rules(&self) -> Option<&Rules> {
        self.rules.as_ref()
    }

    /// Whether targeting by segment pays; `None` if no column holds the outcome of a campaign.
    pub fn campaign(&self) -> Option<&Campaign> {
        self.campaign.as_ref()
    }

    /// The other numbers of segments that were tried and can be switched to, in ascending order.
    pub fn others(&self) -> &[OtherNumber] {
        &self.others
    }

    /// The title of the report; `None` if the user gave none.
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// Gives the report a title, or takes it away. Nothing else depends on it.
    pub fn set_title(&mut self, title: Option<String>) {
        self.title = title;
    }

    /// How the report writes numbers and dates; English by default.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Sets how the report writes numbers and dates. No value changes.
    pub fn set_language(&mut self, language: Language) {
        self.language = language;
    }
}
