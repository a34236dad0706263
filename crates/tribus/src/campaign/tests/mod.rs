//! The reference's profits, an independent difference of means, false alarms, and input that is awkward.

mod awkward;
mod false_alarms;
mod real_files;

use std::io::Write as _;

use super::{Campaign, Inquiry};
use crate::recipe::Recipe;
use crate::segmentation::{SegmentationError, prepare};
use crate::summary::Segmented;
use crate::table::Table;

/// A table from CSV text.
fn table(text: &str) -> Table {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    Table::open(file.path()).unwrap()
}

/// The campaign of a table, its segments told by the rows' places in the table.
fn judged(
    recipe: &str,
    table: &Table,
    k: usize,
    label: impl Fn(usize) -> u32,
) -> Result<Option<Campaign>, SegmentationError> {
    let recipe = Recipe::parse(recipe, "test").unwrap();
    let (plan, pipeline, prepared) = prepare(&recipe, table)?;
    let Some(inquiry) = Inquiry::find(&plan, &prepared)? else {
        return Ok(None);
    };
    let labels: Vec<u32> = prepared.rows.iter().map(|row| label(*row)).collect();
    let segmented = Segmented {
        plan: &plan,
        table,
        pipeline: &pipeline,
        prepared: &prepared,
        labels: &labels,
        // Whether targeting pays is tried with segments of its own.
        centroids: &[],
        k,
        seed: plan.recipe.seed(),
    };
    Ok(Some(Campaign::judge(&inquiry, &segmented)))
}
