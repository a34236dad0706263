//! From the fields of a header to the names of columns.

use std::collections::BTreeMap;

use crate::source::raw::{Cells, RawColumn};
use crate::source::typing::{dissect, is_missing};
use crate::source::{ReadError, ReadOptions};
use crate::table::Reading;

/// Spaces that nobody means: ASCII white space and the no-break space.
pub(crate) fn trim(text: &str) -> &str {
    // Nearly every cell begins and ends with a visible ASCII character.
    let visible = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let bytes = text.as_bytes();
    if visible(bytes.first()) && visible(bytes.last()) {
        return text;
    }
    text.trim_matches(is_space)
}

pub(crate) fn is_space(character: char) -> bool {
    character.is_ascii_whitespace() || character == '\u{a0}'
}

/// Names the columns: trims names, drops columns that have neither name nor content, numbers those without a name.
pub(crate) fn name_columns(
    names: Vec<String>,
    columns: Vec<Cells>,
    reading: &mut Reading,
) -> Vec<(String, RawColumn)> {
    let mut named = Vec::with_capacity(names.len());
    let (mut trimmed, mut dropped) = (0_usize, Vec::new());
    for (position, (full, cells)) in names.into_iter().zip(columns).enumerate() {
        let name = trim(&full);
        trimmed += usize::from(name.len() < full.len() && !name.is_empty());
        if !name.is_empty() {
            named.push((name.to_owned(), RawColumn::Cells(cells)));
        } else if cells.iter().all(|cell| trim(cell).is_empty()) {
            dropped.push(position + 1);
        } else {
            let name = format!("column {}", position + 1);
            reading.warnings.push(if position == 0 && counts_rows(&cells) {
                format!("{}: the first column has no name and counts the rows; it is called `{name}`", reading.file)
            } else {
                format!("{}: {name} has no name in the header; it is called `{name}`", reading.file)
            });
            named.push((name, RawColumn::Cells(cells)));
        }
    }
    tell_trimmed(trimmed, reading);
    tell_dropped(&dropped, reading);
    hide_person(&mut named, reading);
    named
}

/// A header with somebody's e-mail address is somebody's row, and none of it is shown or kept as a name.
fn hide_person(named: &mut [(String, RawColumn)], reading: &mut Reading) {
    if !named.iter().any(|(name, _)| is_address(name)) {
        return;
    }
    for (position, (name, _)) in named.iter_mut().enumerate() {
        *name = format!("column {}", position + 1);
    }
    reading.warnings.push(format!(
        "{}: the first line holds an e-mail address, so its fields are no names: the columns are called `column 1` and so on",
        reading.file
    ));
}

fn tell_trimmed(trimmed: usize, reading: &mut Reading) {
    if trimmed > 0 {
        let names = if trimmed == 1 { "name" } else { "names" };
        reading
            .decisions
            .push(format!("spaces around {trimmed} column {names} removed"));
    }
}

fn tell_dropped(dropped: &[usize], reading: &mut Reading) {
    if let (Some(first), Some(last)) = (dropped.first(), dropped.last()) {
        let which = if first == last {
            format!("column {first} has neither a name nor a value; left out")
        } else {
            format!(
                "{} columns ({first} to {last}) have neither a name nor a value; left out",
                dropped.len()
            )
        };
        reading.warnings.push(format!("{}: {which}", reading.file));
    }
}

/// 0, 1, 2 ... or 1, 2, 3 ...
fn counts_rows(cells: &Cells) -> bool {
    let first = cells.iter().next().map(trim);
    let Some(start @ (0 | 1)) = first.and_then(|cell| cell.parse::<usize>().ok()) else {
        return false;
    };
    cells
        .iter()
        .enumerate()
        .all(|(row, cell)| trim(cell).parse() == Ok(start + row))
}

/// What the first row of data, or the header, is in truth.
pub(crate) struct Disguise<'a> {
    pub(crate) names: &'a [String],
    pub(crate) columns: &'a [Cells],
    pub(crate) file: &'a str,
    /// What `header` and `first` count: `line` or `row`.
    pub(crate) unit: &'static str,
    /// Where the header stands.
    pub(crate) header: u64,
    /// Where the first row stands.
    pub(crate) first: u64,
}

impl Disguise<'_> {
    /// Refuses a header that is a row of data, and a first row that is a second header, unless the user says what the header is.
    pub(crate) fn refuse(&self, options: &ReadOptions) -> Result<(), ReadError> {
        if options.header_rows.is_some() {
            return Ok(());
        }
        if self.header_is_a_row() {
            let mut wanted = options.named_columns();
            let missing = wanted.find(|name| !self.names.contains(name));
            return Err(ReadError::HeaderIsRow {
                file: self.file.to_owned(),
                unit: self.unit,
                line: self.header,
                missing: missing.cloned(),
            });
        }
        match self.second_header() {
            Some((column, cell)) => Err(ReadError::SecondHeader {
                file: self.file.to_owned(),
                unit: self.unit,
                line: self.first,
                column,
                cell,
                complete: self.first_row_is_complete(),
            }),
            None => Ok(()),
        }
    }

    /// Every name that can be told from a cell is like the cells below it, and there is one. An e-mail address is no name.
    fn header_is_a_row(&self) -> bool {
        let names = || self.names.iter().map(|name| trim(name));
        if names().any(is_address) {
            return true;
        }
        let numbers: Vec<i64> = names().filter_map(|name| name.parse().ok()).collect();
        let counted = numbers.len() > 1 && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1);
        let mut any = false;
        let all = names().zip(self.columns).all(|(name, cells)| {
            let alike = alike(name, cells);
            any |= alike == Some(true);
            alike != Some(false)
        });
        any && all && !counted
    }

    /// The first row could be a header of its own: no cell is blank, no two are the same.
    fn first_row_is_complete(&self) -> bool {
        let mut names: Vec<&str> = (self.columns.iter())
            .filter_map(|cells| cells.iter().next())
            .map(trim)
            .collect();
        names.sort_unstable();
        names.windows(2).all(|pair| pair[0] != pair[1]) && !names.contains(&"")
    }

    /// The first column of numbers whose first cell is text, if all columns of numbers begin so, and what that cell says.
    fn second_header(&self) -> Option<(String, String)> {
        let mut first = None;
        let (mut numeric, mut blank, mut texts) = (0, 0, 0);
        for (name, cells) in self.names.iter().zip(self.columns) {
            let cell = trim(cells.iter().next()?);
            blank += usize::from(cell.is_empty());
            if !is_numeric(cells.iter().skip(1)) {
                continue;
            }
            numeric += 1;
            if cell.is_empty() {
                continue;
            }
            if is_number(cell) || is_missing(cell) {
                return None;
            }
            texts += 1;
            first = first.or_else(|| Some((name.clone(), cell.to_owned())));
        }
        let certain = texts > 1 || numeric == 1 && blank + 1 == self.columns.len();
        first.filter(|_| certain && self.columns.len() > 1)
    }
}

/// Rows that show what a column is like.
const SHOWING: usize = 200;

/// Whether a name is like the cells of its column; nothing where neither can be said.
fn alike(name: &str, cells: &Cells) -> Option<bool> {
    if name.is_empty() {
        return None;
    }
    if is_numeric(cells.iter()) {
        let year = name.len() == 4 && name.bytes().all(|byte| byte.is_ascii_digit());
        return if year { None } else { Some(is_number(name)) };
    }
    let mut shapes = shown(cells.iter()).map(shape);
    let first = shapes.next().filter(|shape| shape.contains('9'))?;
    shapes
        .all(|shape| shape == first)
        .then(|| shape(name) == first)
}

/// At least nine in ten of the first cells are numbers, and there are two.
fn is_numeric<'a>(cells: impl Iterator<Item = &'a str>) -> bool {
    let (mut present, mut numbers) = (0, 0);
    for cell in shown(cells) {
        present += 1;
        numbers += usize::from(is_number(cell));
    }
    numbers > 1 && numbers * 10 >= present * 9
}

fn shown<'a>(cells: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    cells
        .take(SHOWING)
        .map(trim)
        .filter(|cell| !is_missing(cell))
}

fn is_number(text: &str) -> bool {
    dissect(text).is_some()
}

/// Letters as `a` and digits as `9`, runs as one: `C0012` and `X7` are both `a9`.
fn shape(text: &str) -> String {
    let kinds = text.chars().map(|character| match character {
        _ if character.is_alphabetic() => 'a',
        _ if character.is_numeric() => '9',
        _ => character,
    });
    let mut shape = String::new();
    for kind in kinds {
        if !shape.ends_with(kind) {
            shape.push(kind);
        }
    }
    shape
}

/// Text that may be somebody's e-mail address.
pub(crate) fn is_address(text: &str) -> bool {
    text.split_once('@')
        .is_some_and(|(before, after)| !before.is_empty() && after.contains('.'))
}

/// Refuses two columns of one name.
pub(crate) fn check_unique(columns: &[(String, RawColumn)], file: &str) -> Result<(), ReadError> {
    let mut seen = BTreeMap::new();
    for (position, (name, _)) in columns.iter().enumerate() {
        if let Some(first) = seen.insert(name, position) {
            return Err(ReadError::DuplicateColumn {
                file: file.to_owned(),
                column: name.clone(),
                first: first + 1,
                second: position + 1,
            });
        }
    }
    Ok(())
}
