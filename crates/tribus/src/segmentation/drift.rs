//! New rows beside those that the segments were made from.

use super::{AssignOptions, Placement, Segmentation, SegmentationError};
use crate::drift::{Aside, Drift, Group, Rows, compare};
use crate::ledger::Ledger;
use crate::pipeline::Prepared;
use crate::table::Table;

impl Segmentation {
    /// What changed between the rows that the segments were made from and those of a table, which [`Self::assign`] finds out, too:
    /// shares of segments, the distribution and the missing share of each column, values out of range, unseen categories. None of a
    /// model that was made by a version that kept nothing to compare with.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use tribus::{recipe::Recipe, segmentation::{AssignOptions, Segmentation}, table::Table};
    /// # let file = tempfile::NamedTempFile::new()?;
    /// # std::fs::write(file.path(), tribus::demo::customers())?;
    /// # let (table, new) = (Table::open(file.path())?, Table::open(file.path())?);
    /// # let quick = Recipe::parse("[segment]\nk = 3\nevidence = \"quick\"\n", "quick")?;
    /// let segmentation = Segmentation::fit(&quick, &table)?;
    /// let drift = segmentation.drift(&new, &AssignOptions::default())?;
    /// for change in drift.iter().flat_map(|drift| &drift.what) {
    ///     println!("{}", change.sentence());
    /// }
    /// # assert!(!drift.unwrap().changed);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Self::assign`].
    pub fn drift(
        &self,
        table: &Table,
        options: &AssignOptions,
    ) -> Result<Option<Drift>, SegmentationError> {
        Ok(self.assign_as(table, options)?.drift)
    }

    /// The same of rows that are prepared and placed.
    pub(super) fn drift_of(&self, prepared: &Prepared, placements: &[Placement]) -> Option<Drift> {
        let baseline = self.baseline.as_ref()?;
        let mut sizes = vec![0; self.k];
        for placement in placements {
            sizes[placement.segment.index()] += 1;
        }
        let segments = self.summary.segments.iter().zip(self.names()).zip(sizes);
        let segments = segments.map(|((then, name), now)| Group {
            name,
            then: then.size,
            now,
        });
        let by_rule = self.lifecycle().iter().map(|group| Group {
            name: &group.group,
            then: set_aside(&self.ledger, &group.reason()),
            now: set_aside(&prepared.ledger, &group.reason()),
        });
        let groups: Vec<Group<'_>> = segments.chain(by_rule).collect();
        let count = |of: fn(&Group<'_>) -> u64| groups.iter().map(of).sum();
        let then = Rows {
            read: self.manifest.rows,
            used: count(|group| group.then),
        };
        let now = Rows {
            read: prepared.reasons.len() as u64,
            used: count(|group| group.now),
        };
        let asides = self.asides(prepared);
        Some(compare(baseline, prepared, &groups, &asides, [then, now]))
    }

    /// Rows set aside by each rule of the pipeline, groups by rule and gaps left out: these are compared for themselves.
    fn asides(&self, prepared: &Prepared) -> Vec<Aside> {
        let mut asides: Vec<Aside> = Vec::new();
        for step in &self.pipeline.drop {
            let is_group = self
                .lifecycle()
                .iter()
                .any(|group| group.reason() == step.because);
            let is_known = asides.iter().any(|aside| aside.reason == step.because);
            let columns = step.condition.columns();
            let (false, false, Some(column)) = (is_group, is_known, columns.iter().next()) else {
                continue;
            };
            asides.push(Aside {
                column: (*column).to_owned(),
                reason: step.because.clone(),
                then: set_aside(&self.ledger, &step.because),
                now: set_aside(&prepared.ledger, &step.because),
            });
        }
        asides
    }
}

/// Rows set aside for a reason.
fn set_aside(ledger: &Ledger, reason: &str) -> u64 {
    let entries = ledger
        .set_aside
        .iter()
        .filter(|entry| entry.reason == reason);
    entries.map(|entry| entry.rows).sum()
}
