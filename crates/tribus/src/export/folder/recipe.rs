//! The recipe of a folder: every decision that was made about the input, with its reason, to be read again.
//!
//! The model keeps nothing of how the text of a file was written, for the next file may be written otherwise. The recipe is for
//! the same file, so it says that, too; when the folder is written again, it is taken from the recipe that is there.

use std::fs;
use std::path::Path;

use crate::export::RECIPE;
use crate::recipe::{InputSection, Recipe, readings_of};
use crate::segmentation::Segmentation;
use crate::table::{Reading, Table};

/// The recipe of a segmentation that was made of a table.
pub(super) fn written(segmentation: &Segmentation, table: &Table, input: &InputSection) -> String {
    let readings: Vec<String> = table.readings().iter().map(Reading::sentence).collect();
    text(segmentation, table.readings(), input, &readings)
}

/// The same of a segmentation that was changed, in the place of the recipe in this folder.
pub(super) fn again(segmentation: &Segmentation, folder: &Path) -> String {
    // A folder of a version that wrote none, or one that somebody removed: then nothing is known of it.
    let old = fs::read_to_string(folder.join(RECIPE)).unwrap_or_default();
    let input =
        Recipe::parse(&old, RECIPE).map_or_else(|_| InputSection::default(), |old| old.input);
    text(segmentation, &[], &input, &readings_of(&old))
}

fn text(
    segmentation: &Segmentation,
    found: &[Reading],
    input: &InputSection,
    readings: &[String],
) -> String {
    let mut recipe = segmentation.recipe().clone();
    recipe.input = InputSection {
        id: recipe.input.id.take(),
        as_of: recipe.input.as_of,
        ..input.clone()
    };
    let columns = segmentation.columns();
    let recipe = recipe.pinned(columns, found);
    recipe.explained(columns, segmentation.notes(), readings)
}
