//! Which sheet of a workbook holds the customers: the one asked for, else the first that holds anything, unless that one
//! is a dictionary of the columns of another.

use std::collections::{BTreeMap, BTreeSet};

use super::header::trim;
use super::sheet::Sheet;

/// A dictionary has no more cells.
const LARGEST_DICTIONARY: usize = 20_000;

/// Fewest columns that are described.
const FEWEST_DESCRIBED: usize = 3;

/// The choice among the sheets of a workbook, which are offered in their order.
#[derive(Debug)]
pub(super) struct Choice<'a> {
    wanted: Option<&'a str>,
    names: Vec<String>,
    chosen: Option<(String, Sheet)>,
    /// The sheet that describes the chosen one.
    dictionary: Option<String>,
}

/// The names of all sheets, and the chosen one with what is told of it.
#[derive(Debug)]
pub(super) struct Sheets {
    pub(super) names: Vec<String>,
    pub(super) chosen: Option<(String, Sheet)>,
}

impl<'a> Choice<'a> {
    pub(super) fn new(wanted: Option<&'a str>) -> Self {
        Self {
            wanted,
            names: Vec::new(),
            chosen: None,
            dictionary: None,
        }
    }

    /// Notes the next sheet; says whether its cells are needed.
    pub(super) fn wants(&mut self, name: &str) -> bool {
        self.names.push(name.to_owned());
        match (&self.chosen, self.wanted) {
            (None, wanted) => wanted.is_none_or(|wanted| wanted == name),
            (Some(_), Some(_)) => false,
            (Some((_, sheet)), None) => {
                self.dictionary.is_none() && sheet.cells().count() <= LARGEST_DICTIONARY
            }
        }
    }

    /// Whether there is a sheet to read already, so that others need not be readable.
    pub(super) fn is_made(&self) -> bool {
        self.chosen.is_some()
    }

    /// The cells of the sheet noted last.
    pub(super) fn offer(&mut self, sheet: Sheet) {
        let Some(name) = self.names.last().cloned().filter(|_| !sheet.is_empty()) else {
            return;
        };
        if let Some((dictionary, first)) = &self.chosen {
            if !describes(first, &sheet) {
                return;
            }
            self.dictionary = Some(dictionary.clone());
        }
        self.chosen = Some((name, sheet));
    }

    pub(super) fn made(self) -> Sheets {
        let told = |name: String| match &self.dictionary {
            Some(dictionary) => format!("`{name}`, whose columns `{dictionary}` describes"),
            None => format!("`{name}`"),
        };
        Sheets {
            chosen: self.chosen.map(|(name, sheet)| (told(name), sheet)),
            names: self.names,
        }
    }
}

/// Whether one column of a sheet, below its first row, names at least half of the columns of another.
fn describes(one: &Sheet, other: &Sheet) -> bool {
    let Some(first_row) = other.cells().map(|((row, _), _)| row).min() else {
        return false;
    };
    let header: BTreeSet<String> = other
        .cells()
        .filter(|((row, _), _)| *row == first_row)
        .map(|(_, text)| trim(text).to_lowercase())
        .collect();
    let own_first = one.cells().map(|((row, _), _)| row).min();
    let mut named: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    for ((row, column), text) in one.cells() {
        let text = trim(text).to_lowercase();
        if Some(row) != own_first && header.contains(&text) {
            named.entry(column).or_default().insert(text);
        }
    }
    let most = named.values().map(BTreeSet::len).max().unwrap_or(0);
    most >= FEWEST_DESCRIBED && 2 * most >= header.len()
}
