//! From the fields of a header to the names of columns.

use std::collections::BTreeMap;

use crate::source::ReadError;
use crate::source::raw::{Cells, RawColumn};
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
    if named.iter().any(|(name, _)| looks_like_a_cell(name)) {
        reading.warnings.push(format!(
            "{}: the first line looks like data, not like a header",
            reading.file
        ));
    }
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

/// A number that is no year, or an e-mail address, is no name of a column.
fn looks_like_a_cell(name: &str) -> bool {
    let year = name.len() == 4 && name.bytes().all(|byte| byte.is_ascii_digit());
    (name.parse::<f64>().is_ok_and(f64::is_finite) && !year) || is_address(name)
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
