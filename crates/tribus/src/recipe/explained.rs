//! A recipe in which every decision about a file is pinned, as TOML that explains itself.

use super::{Clusters, Missing, MissingRule, Recipe, Transform, Transforms};
use crate::roles::ColumnDecision;
use crate::table::Reading;

/// What begins the comment that says how a file was read.
const READ_FROM: &str = "# Read from ";

impl Recipe {
    /// The recipe with the role of every column of the file, and with what was found about the text of a single file; of several
    /// files each may be written in its own way.
    #[must_use]
    pub fn pinned(&self, columns: &[ColumnDecision], readings: &[Reading]) -> Self {
        let mut recipe = self.clone();
        for column in columns.iter().filter(|column| !column.derived) {
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
        if let [reading] = readings {
            recipe.pin_dialect(reading);
        }
        recipe
    }

    fn pin_dialect(&mut self, reading: &Reading) {
        let said = |what: &str| -> Option<&str> {
            let mut decisions = reading.decisions.iter();
            decisions.find_map(|decision| decision.strip_prefix(what))
        };
        let input = &mut self.input;
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

    /// The recipe as TOML text that reads back equal, each role with what follows from it, and above it as comments how the
    /// files were read (sentences of [`Reading::sentence`]) and the notes.
    pub fn explained(
        &self,
        columns: &[ColumnDecision],
        notes: &[String],
        readings: &[String],
    ) -> String {
        let mut lines = vec![
            "# A recipe for tribus, complete: every line can be changed or taken out (then it is decided from the data)."
                .to_owned(),
        ];
        lines.extend(
            readings
                .iter()
                .map(|reading| format!("{READ_FROM}{}", one_line(reading))),
        );
        lines.extend(notes.iter().map(|note| format!("# {}", one_line(note))));
        lines.push(String::new());
        let toml = self.to_toml();
        let mut section = "";
        for line in toml.lines() {
            if line.starts_with('[') {
                section = line;
                lines.extend(about(line).map(ToOwned::to_owned));
            }
            let decision = (section == "[columns]").then(|| decision(line, columns));
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
}

/// How the files were read, of a recipe that [`Recipe::explained`] wrote.
pub(crate) fn readings_of(text: &str) -> Vec<String> {
    let comments = text.lines().skip(1);
    let readings = comments.map_while(|line| line.strip_prefix(READ_FROM));
    readings.map(ToOwned::to_owned).collect()
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
fn decision<'p>(line: &str, columns: &'p [ColumnDecision]) -> Option<&'p ColumnDecision> {
    let (key, _) = line.rsplit_once(" = ")?;
    columns.iter().find(|column| {
        let quoted = format!("{:?}", column.name);
        key == column.name || key == quoted || key == format!("'{}'", column.name)
    })
}

/// Text of a file may hold line feeds and characters that a comment must not hold.
fn one_line(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
