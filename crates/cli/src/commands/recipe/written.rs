//! The complete recipe for a file as TOML that explains itself.

use tribus::plan::Plan;
use tribus::recipe::{Clusters, Missing, MissingRule, Recipe, Transform, Transforms};
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
    recipe
        .clean
        .missing
        .get_or_insert(Missing::Rule(MissingRule::Median));
    let segment = &mut recipe.segment;
    segment
        .transform
        .get_or_insert(Transforms::All(Transform::Auto));
    segment.k.get_or_insert(Clusters::Auto);
    pin_dialect(&mut recipe, table);
    recipe
}

/// What was found about the text of a single file. Of several files each may be written in its own way.
fn pin_dialect(recipe: &mut Recipe, table: &Table) {
    let [reading] = table.readings() else { return };
    let said = |what: &str| -> Option<&str> {
        let mut decisions = reading.decisions.iter();
        decisions.find_map(|decision| decision.strip_prefix(what))
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
        let name = encoding.split([' ', ',']).next().unwrap_or(encoding);
        input.encoding = Some(name.to_lowercase());
    }
}

/// The recipe as TOML, each role with what follows from it.
pub(super) fn commented(recipe: &Recipe, plan: &Plan, readings: &[String]) -> String {
    let mut lines = vec![
        "# A recipe for tribus, complete: every line can be changed or taken out (then it is decided from the data)."
            .to_owned(),
    ];
    lines.extend(
        readings
            .iter()
            .map(|reading| format!("# Read from {reading}")),
    );
    lines.extend(
        plan.notes
            .iter()
            .map(|note| format!("# {}", one_line(note))),
    );
    lines.push(String::new());
    let toml = recipe.to_toml();
    let mut section = "";
    for line in toml.lines() {
        if line.starts_with('[') {
            section = line;
            lines.extend(about(line).map(ToOwned::to_owned));
        }
        let decision = (section == "[columns]").then(|| decision(line, plan));
        lines.push(match decision.flatten() {
            Some(column) => {
                let reason = one_line(&column.reason);
                format!("{line}  # {}: {reason}", column.fate)
            }
            None => line.to_owned(),
        });
    }
    lines.push(String::new());
    lines.join("\n")
}

/// What a section is for.
fn about(section: &str) -> Option<&'static str> {
    match section {
        "[input]" => Some("# How the file is read."),
        "[columns]" => Some("# What each column means, and what follows from it."),
        "[clean]" => Some("# Replacing, setting rows aside, repairing."),
        "[derive]" => Some("# New columns, as SQL expressions."),
        "[segment]" => Some("# What is clustered on, and how."),
        _ => None,
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
