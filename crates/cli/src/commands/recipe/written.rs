//! The complete recipe for a file as TOML that explains itself.

use tribus::plan::Plan;
use tribus::recipe::Recipe;
use tribus::roles::ColumnDecision;
use tribus::table::Table;

/// The plan's recipe, with the role of every column of the file and how the file was read pinned.
pub(super) fn complete(plan: &Plan, table: &Table) -> Recipe {
    let mut recipe = plan.recipe.clone();
    for column in plan.columns.iter().filter(|column| !column.derived) {
        recipe
            .columns
            .entry(column.name.clone())
            .or_insert(column.role);
    }
    pin_dialect(&mut recipe, table);
    recipe
}

/// What was found about the text of a single file. Of several files each may be written in its own way.
fn pin_dialect(recipe: &mut Recipe, table: &Table) {
    let [reading] = table.readings() else { return };
    let said = |what: &str| -> Option<&str> {
        let decisions = reading.decisions.iter();
        decisions
            .filter_map(|decision| decision.strip_prefix(what))
            .next()
    };
    let input = &mut recipe.input;
    if input.delimiter.is_none()
        && let Some(delimiter) = said("delimiter: ")
        && (delimiter == "tab" || delimiter.chars().count() == 1)
    {
        input.delimiter = Some(delimiter.to_owned());
    }
    if input.encoding.is_none()
        && let Some(encoding) = said("encoding: ")
    {
        let name = encoding.split(' ').next().unwrap_or(encoding);
        input.encoding = Some(name.to_lowercase());
    }
}

/// The recipe as TOML, each role with what follows from it.
pub(super) fn commented(recipe: &Recipe, plan: &Plan, readings: &[String]) -> String {
    let mut text = String::from(
        "# A recipe for tribus, complete: every line can be changed or taken out (then it is decided from the data).\n",
    );
    for reading in readings {
        text.push_str(&format!("# Read from {reading}\n"));
    }
    for note in &plan.notes {
        text.push_str(&format!("# {note}\n"));
    }
    text.push('\n');
    let mut section = String::new();
    for line in recipe.to_toml().lines() {
        if line.starts_with('[') {
            line.clone_into(&mut section);
            text.push_str(about(line));
        }
        text.push_str(line);
        if section == "[columns]"
            && let Some(column) = decision(line, plan)
        {
            text.push_str(&format!(
                "  # {}: {}",
                column.fate,
                one_line(&column.reason)
            ));
        }
        text.push('\n');
    }
    text
}

/// What a section is for.
fn about(section: &str) -> &'static str {
    match section {
        "[input]" => "# How the file is read.\n",
        "[columns]" => "# What each column means, and what follows from it.\n",
        "[clean]" => "# Replacing, setting rows aside, repairing.\n",
        "[derive]" => "# New columns, as SQL expressions.\n",
        "[segment]" => "# What is clustered on, and how.\n",
        _ => "",
    }
}

/// The column whose role a line gives.
fn decision<'p>(line: &str, plan: &'p Plan) -> Option<&'p ColumnDecision> {
    let (key, _) = line.rsplit_once(" = ")?;
    plan.columns.iter().find(|column| {
        let quoted = format!("{:?}", column.name);
        key == column.name || key == quoted || key == format!("'{}'", column.name)
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
