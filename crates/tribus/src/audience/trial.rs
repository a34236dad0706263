//! What a list changed: its customers beside those who were held out.

use std::collections::HashSet;

use super::{AudienceError, id_of, id_position};
use crate::campaign::{Campaign, Economics, Test};
use crate::segmentation::{AssignOptions, Placement, Segmentation, SegmentationError};
use crate::table::Table;
use crate::words::counted;

/// Columns of the files that an audience is written to.
const ID: &str = "id";
const SEGMENT: &str = "segment";

/// The arms.
const CONTACTED: &str = "contacted";
const HOLDOUT: &str = "holdout";

/// A campaign that was sent to a list.
#[derive(Debug, Clone, Copy)]
pub struct Trial<'a> {
    /// Column of the table that the campaign was to change: 0 and 1, or an amount.
    pub outcome: &'a str,
    /// The holdout as it was written.
    pub holdout: &'a Table,
    /// The list as it was written, with its ids. Without it all customers of the segments of the holdout count as contacted
    /// who were not held out.
    pub list: Option<&'a Table>,
    /// What a contact costs and a response brings, where both are known.
    pub economics: Option<Economics>,
}

/// Compares the customers of a list with those of its holdout: the test of [`Campaign`] beside a control group, all customers
/// first, then segment by segment. Customers of the table who are in neither count for nothing. Also tells what to know of it.
///
/// # Errors
/// [`AudienceError::NoId`], [`AudienceError::NoIdsInList`], [`AudienceError::NobodyHeldOut`]; an outcome that is no column of
/// numbers; as [`Segmentation::assign_as`].
pub fn evaluate(
    segmentation: &Segmentation,
    table: &Table,
    trial: &Trial<'_>,
    assign: &AssignOptions,
) -> Result<(Campaign, Vec<String>), AudienceError> {
    let outcomes = table.require_numbers(trial.outcome)?;
    let ids = id_position(segmentation.pipeline(), table)
        .ok_or_else(|| AudienceError::NoId { file: table.file() })?;
    let test = Arms::of(segmentation, trial)?;
    let customers = segmentation.assign_as(table, assign)?;
    let placements = &customers.placements;
    let arms: Vec<Option<String>> = (placements.iter().enumerate())
        .map(|(row, placed)| {
            let id = id_of(table, Some(ids), row)?;
            test.arm(&id, placed.as_ref()?).map(str::to_owned)
        })
        .collect();
    let is = |wanted: &str| {
        let arms = arms.iter().flatten();
        arms.filter(|arm| *arm == wanted).count() as u64
    };
    let (contacted, held_out) = (is(CONTACTED), is(HOLDOUT));
    if held_out == 0 {
        return Err(AudienceError::NobodyHeldOut { file: table.file() });
    }
    let labels: Vec<u32> = (placements.iter())
        .map(|placed| placed.map_or(0, |placed| placed.segment.index() as u32))
        .collect();
    let campaign = Campaign::of_test(&Test {
        outcome: trial.outcome,
        outcomes: &outcomes.iter().collect::<Vec<_>>(),
        column: "the list",
        arms: &arms,
        control: HOLDOUT,
        labels: &labels,
        k: segmentation.k() + segmentation.lifecycle().len(),
        min_group: segmentation.recipe().privacy.smallest(table.rows()),
        economics: trial.economics,
        found: format!(
            "{} beside {} held out",
            counted(contacted, "customer of the list", "customers of the list"),
            counted(held_out, "customer", "customers")
        ),
    })
    .map_err(SegmentationError::from)?;
    let missing = (test.held_out.len() as u64).saturating_sub(held_out);
    Ok((campaign, notes(trial, missing)))
}

/// Who is in which arm.
struct Arms {
    held_out: HashSet<String>,
    listed: Option<HashSet<String>>,
    /// Numbers of the segments of the holdout.
    segments: HashSet<String>,
}

impl Arms {
    fn of(segmentation: &Segmentation, trial: &Trial<'_>) -> Result<Self, AudienceError> {
        let list = trial.list.map(|list| ids_of(segmentation, list));
        Ok(Self {
            held_out: ids_of(segmentation, trial.holdout)?,
            listed: list.transpose()?,
            segments: column(trial.holdout, SEGMENT).collect(),
        })
    }

    fn arm(&self, id: &str, placed: &Placement) -> Option<&'static str> {
        if self.held_out.contains(id) {
            return Some(HOLDOUT);
        }
        let is_contacted = match &self.listed {
            Some(listed) => listed.contains(id),
            None => self.segments.contains(&placed.segment.to_string()),
        };
        is_contacted.then_some(CONTACTED)
    }
}

fn notes(trial: &Trial<'_>, missing: u64) -> Vec<String> {
    let mut notes = Vec::new();
    if trial.list.is_none() {
        notes.push(
            "without a list that holds ids, every customer of the segments of the holdout counts as contacted, also those who were left out of the list for want of consent; name the list with --list"
                .to_owned(),
        );
    }
    if missing > 0 {
        let missing = counted(missing, "customer", "customers");
        notes.push(format!(
            "{missing} of the holdout cannot be found in the segments of this file"
        ));
    }
    notes
}

/// The ids of a file that was written: under the name that they have in the input, or `id`.
fn ids_of(segmentation: &Segmentation, file: &Table) -> Result<HashSet<String>, AudienceError> {
    let own = segmentation.pipeline().id.as_deref();
    let mut name = [Some(ID), own].into_iter().flatten();
    let name = name.find(|name| file.position(name).is_some());
    match name {
        Some(name) => Ok(column(file, name).collect()),
        None => Err(AudienceError::NoIdsInList { file: file.file() }),
    }
}

fn column(file: &Table, name: &str) -> impl Iterator<Item = String> {
    let position = file.position(name);
    (0..file.rows()).filter_map(move |row| id_of(file, position, row).map(unguarded))
}

/// The id without the `'` that keeps a spreadsheet from running it: a telephone number may name the customer.
fn unguarded(id: String) -> String {
    match id.strip_prefix('\'') {
        Some(own) if own.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) => {
            own.to_owned()
        }
        _ => id,
    }
}
