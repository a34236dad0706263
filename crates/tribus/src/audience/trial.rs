//! What a list changed: its customers beside those who were held out.

use std::collections::HashSet;

use super::{AudienceError, id_of, id_position};
use crate::campaign::{Campaign, Economics, Test};
use crate::segmentation::{AssignOptions, Segmentation, SegmentationError};
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
    let held_out = ids_of(segmentation, trial.holdout)?;
    let listed = trial
        .list
        .map(|list| ids_of(segmentation, list))
        .transpose()?;
    let segments: HashSet<String> = column(trial.holdout, SEGMENT).collect();
    let customers = segmentation.assign_as(table, assign)?;
    let arm = |row: usize| {
        let id = id_of(table, Some(ids), row)?;
        let placed = customers.placements[row]?;
        if held_out.contains(&id) {
            return Some(HOLDOUT.to_owned());
        }
        let is_contacted = match &listed {
            Some(listed) => listed.contains(&id),
            None => segments.contains(&placed.segment.to_string()),
        };
        is_contacted.then(|| CONTACTED.to_owned())
    };
    let arms: Vec<Option<String>> = (0..table.rows()).map(arm).collect();
    let is = |wanted: &str| {
        let arms = arms.iter().flatten();
        arms.filter(|arm| *arm == wanted).count() as u64
    };
    if is(HOLDOUT) == 0 {
        return Err(AudienceError::NobodyHeldOut { file: table.file() });
    }
    let placements = customers.placements.iter();
    let labels: Vec<u32> = placements
        .map(|placed| placed.map_or(0, |placed| placed.segment.index() as u32))
        .collect();
    let outcomes: Vec<Option<f64>> = outcomes.iter().collect();
    let campaign = Campaign::of_test(&Test {
        outcome: trial.outcome,
        outcomes: &outcomes,
        column: "the list",
        arms: &arms,
        control: HOLDOUT,
        labels: &labels,
        k: segmentation.k() + segmentation.lifecycle().len(),
        min_group: segmentation.recipe().privacy.smallest(table.rows()),
        economics: trial.economics,
        found: format!(
            "{} beside {} held out",
            counted(
                is(CONTACTED),
                "customer of the list",
                "customers of the list"
            ),
            counted(is(HOLDOUT), "customer", "customers")
        ),
    })
    .map_err(SegmentationError::from)?;
    Ok((campaign, notes(trial, held_out.len() as u64, is(HOLDOUT))))
}

fn notes(trial: &Trial<'_>, held_out: u64, found: u64) -> Vec<String> {
    let mut notes = Vec::new();
    if trial.list.is_none() {
        notes.push(
            "without a list that holds ids, every customer of the segments of the holdout counts as contacted, also those who were left out of the list for want of consent; name the list with --list"
                .to_owned(),
        );
    }
    if found < held_out {
        let missing = counted(held_out - found, "customer", "customers");
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
