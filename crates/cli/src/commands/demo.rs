//! `tribus demo`: the main job on customers that the program makes up.

use std::fs;
use std::time::Duration;

use tribus::demo;
use tribus::recipe::Recipe;
use tribus::source::{self, Input};

use super::segment::{Output, customer_options, pictures, segment};
use crate::args::{CustomerTable, Demo};
use crate::failure::Failure;
use crate::results::Results;
use crate::session::Session;
use crate::terminal::{self, Shown, shell_word};

/// The built-in recipe for a file with the columns of the sample.
const RECIPE: &str = "marketing-campaign";
/// What messages call the sample.
const FILE: &str = "sample-customers.tsv";

pub(super) fn run(typed: &Demo, session: &Session) -> Result<(), Failure> {
    if typed.data {
        return terminal::print_text(&demo::customers());
    }
    let output = Output {
        folder: typed.output.clone(),
        force: typed.force,
        open: typed.open,
        workbook: None,
        pictures: pictures(typed.pictures),
    };
    let results = Results::claim(&output.folder, Duration::ZERO, session)?;
    results.check(output.force)?;
    let recipe = Recipe::open(RECIPE)?;
    // The reader reads files; this one is gone again when it is read.
    let failed = |source| Failure::write("the sample customers to a temporary folder", source);
    let folder = tempfile::tempdir().map_err(failed)?;
    let file = folder.path().join(FILE);
    fs::write(&file, demo::customers()).map_err(failed)?;
    session.interrupt.remove_if_stopped(folder.path());
    let table = source::read(&[Input::Path(file)], &recipe.read_options()?)?;
    drop(folder);
    let customers = customer_options(&CustomerTable::default(), None);
    segment(session, &recipe, &table, customers, &output, results)?;
    let more = format!(
        "\nThe sample itself: tribus demo --data > {FILE}\nThe same by hand:  tribus segment {FILE} --recipe {RECIPE} -o {}\n",
        shell_word(&output.folder)
    );
    session.terminal.say(&Shown::plain(&more))
}
