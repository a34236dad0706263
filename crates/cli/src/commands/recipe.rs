//! `tribus recipe`: ready recipes, and the complete recipe for a file.

use serde::Serialize;
use tribus::plan::Plan;
use tribus::recipe::{BUILT_IN, DEFAULT_PLAYBOOK, Recipe};

use super::reading_lines;
use crate::args::{Format, Init, RecipeCommand};
use crate::destination::{Destination, is_device, protected};
use crate::failure::Failure;
use crate::session::Session;
use crate::settings::Settings;
use crate::terminal::{self, Shown};

/// The name under which the default playbook is shown.
const PLAYBOOK: &str = "playbook";

#[derive(Debug, Serialize)]
struct Listed {
    recipes: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Entry {
    name: &'static str,
    about: &'static str,
}

#[derive(Debug, Serialize)]
struct Named<'a> {
    name: &'a str,
    recipe: &'a Recipe,
}

pub(super) fn run(typed: &RecipeCommand, session: &Session) -> Result<(), Failure> {
    match typed {
        RecipeCommand::List => list(session),
        RecipeCommand::Show { recipe } => show(recipe, session),
        RecipeCommand::Init(typed) => init(typed, session),
    }
}

fn list(session: &Session) -> Result<(), Failure> {
    if session.terminal.json() {
        let entries = BUILT_IN.iter();
        let recipes = entries.map(|entry| Entry {
            name: entry.name,
            about: entry.about,
        });
        return terminal::object(&Listed {
            recipes: recipes.collect(),
        });
    }
    let mut page = session.terminal.page();
    let longest = BUILT_IN.iter().map(|entry| entry.name.len()).max();
    for entry in &BUILT_IN {
        let name = page.bold(entry.name);
        let gap = longest.unwrap_or(0) - entry.name.len() + 2;
        page.hanging(&format!("{name}{:gap$}", ""), entry.about);
    }
    terminal::print(&page.into_text())
}

/// A built-in recipe as it is written, comments and all; a file as it was understood.
fn show(name: &str, session: &Session) -> Result<(), Failure> {
    if name == PLAYBOOK {
        return terminal::print_text(DEFAULT_PLAYBOOK);
    }
    let recipe = Recipe::open(name)?;
    if session.terminal.json() {
        return terminal::object(&Named {
            name,
            recipe: &recipe,
        });
    }
    match BUILT_IN.iter().find(|entry| entry.name == name) {
        Some(entry) => terminal::print_text(entry.text),
        None => terminal::print_text(&recipe.to_toml()),
    }
}

/// A recipe that is there and says something else may hold somebody's changes.
fn refuse_edited(destination: &Destination, text: &str) -> Result<(), Failure> {
    let Some(path) = destination.file().filter(|path| !is_device(path)) else {
        return Ok(());
    };
    match std::fs::read_to_string(path) {
        Ok(there) if there != text => Err(protected(
            path,
            "is there already and says something else",
            "it may hold your changes: choose another file",
        )),
        _ => Ok(()),
    }
}

fn init(typed: &Init, session: &Session) -> Result<(), Failure> {
    let destination = Destination::of(typed.output.as_deref());
    let settings = Settings::resolve(&typed.inputs, &typed.clustering, &typed.reading)?;
    if !(session.terminal.json() && destination == Destination::Stdout) {
        destination.check(&typed.inputs, Format::Csv, session)?;
    }
    let (recipe, table) = settings.read()?;
    let plan = Plan::make(&recipe, &table)?;
    let complete = plan.recipe.pinned(&plan.columns, table.readings());
    if session.terminal.json() && destination == Destination::Stdout {
        return terminal::object(&Named {
            name: &table.file(),
            recipe: &complete,
        });
    }
    let text = complete.explained(&plan.columns, &plan.notes, &reading_lines(&table));
    refuse_edited(&destination, &text)?;
    destination.write_text(&text, session)?;
    match destination.path() {
        Some(path) if session.terminal.json() => terminal::object(&serde_json::json!({
            "output": path,
        })),
        Some(path) => session.terminal.say(&Shown::plain(&format!("{path}\n"))),
        None => Ok(()),
    }
}
