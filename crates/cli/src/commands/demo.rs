//! `tribus demo`: the main job on customers that the program makes up.

use std::fs;
use std::time::Duration;

use tribus::demo;
use tribus::export::CustomersFormat;
use tribus::purchases;
use tribus::recipe::Recipe;
use tribus::source::{self, Input};

use super::segment::{Output, customer_options, pictures, segment};
use crate::args::{CustomerTable, Demo};
use crate::failure::Failure;
use crate::results::Results;
use crate::session::Session;
use crate::terminal::{self, Shown, shell_word};

/// A sample: its text, what messages call it, and the built-in recipe for it.
struct Sample {
    text: String,
    file: &'static str,
    recipe: Option<&'static str>,
}

impl Sample {
    fn of(typed: &Demo) -> Self {
        if typed.purchases {
            return Self {
                text: demo::purchases(),
                file: "sample-orders.csv",
                recipe: None,
            };
        }
        Self {
            text: demo::customers(),
            file: "sample-customers.tsv",
            recipe: Some("marketing-campaign"),
        }
    }
}

pub(super) fn run(typed: &Demo, session: &Session) -> Result<(), Failure> {
    let sample = Sample::of(typed);
    if typed.data {
        return terminal::print_text(&sample.text);
    }
    let output = Output {
        folder: typed.output.clone(),
        force: typed.force,
        open: typed.open,
        format: CustomersFormat::default(),
        workbook: None,
        pictures: pictures(typed.pictures),
    };
    let results = Results::claim(&output.folder, Duration::ZERO, session)?;
    results.check(output.force)?;
    let recipe = sample
        .recipe
        .map_or_else(|| Ok(Recipe::default()), Recipe::open)?;
    // The reader reads files; this one is gone again when it is read.
    let failed = |source| Failure::write("the sample to a temporary folder", source);
    let folder = tempfile::tempdir().map_err(failed)?;
    let file = folder.path().join(sample.file);
    fs::write(&file, &sample.text).map_err(failed)?;
    session.interrupt.remove_if_stopped(folder.path());
    let table = source::read(&[Input::Path(file)], &recipe.read_options()?)?;
    drop(folder);
    let (recipe, table) = purchases::customers(recipe, table)?;
    let customers = customer_options(&CustomerTable::default());
    segment(session, &recipe, &table, customers, &output, results)?;
    let file = sample.file;
    let kind = if typed.purchases { " --purchases" } else { "" };
    let recipe = sample
        .recipe
        .map(|name| format!(" --recipe {name}"))
        .unwrap_or_default();
    let more = format!(
        "\nThe sample itself: tribus demo{kind} --data > {file}\nThe same by hand:  tribus segment {file}{recipe} -o {}\n",
        shell_word(&output.folder)
    );
    session.terminal.say(&Shown::plain(&more))
}
