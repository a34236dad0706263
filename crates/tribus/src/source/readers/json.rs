//! JSON: one object per customer, as lines, as one array, or wrapped in another object ([`super::wrapped`]).

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::content::Content;
use super::encoding::{self, line_ends};
use super::wrapped::{self, Rows, inner_members};
use crate::source::budget::Budget;
use crate::source::raw::{Cells, RawColumn, RawFile};
use crate::source::{ReadError, ReadOptions};
use crate::table::{Places, Reading};

/// Reads a JSON file.
pub(crate) fn read(content: Content, options: &ReadOptions) -> Result<RawFile, ReadError> {
    let mut reading = Reading {
        file: content.file,
        format: "JSON",
        ..Reading::default()
    };
    let decoded = encoding::decode(content.bytes, options.encoding.as_deref(), &reading.file)?;
    reading.decisions.extend(decoded.decision);
    let text = decoded.text.as_str();
    let budget = Budget::of(text.len());
    let values = top_values(text, &reading.file)?;
    let (rows, by_line) = match values[..] {
        [only] => match wrapped::find(only) {
            Some((rows, words)) => {
                reading.decisions.extend(words);
                (rows, false)
            }
            None if only.get().starts_with('[') => {
                (Rows::Objects(elements(only, text, &reading.file)?), false)
            }
            None => (Rows::Objects(values), true),
        },
        _ => (Rows::Objects(values), true),
    };
    let columns = Columns::gather(&rows, text, &budget, &reading.file)?;
    if columns.rows == 0 {
        return Err(ReadError::NoRows {
            file: reading.file,
            columns: Vec::new(),
        });
    }
    reading.rows = columns.rows;
    Ok(RawFile {
        reading,
        places: if by_line {
            Places::Listed(columns.lines)
        } else {
            Places::Consecutive { first: 1 }
        },
        unit: if by_line { "line" } else { "row" },
        columns: columns.all.into_iter().map(Column::finish).collect(),
        delimiter: None,
        rejects: Vec::new(),
    })
}

/// The values at the top of the file: one per line, or a single array.
fn top_values<'a>(text: &'a str, file: &str) -> Result<Vec<&'a RawValue>, ReadError> {
    let values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    values
        .map(|value| value.map_err(|error| bad_json(&error, error.line() as u64, file)))
        .collect()
}

fn elements<'a>(
    array: &'a RawValue,
    text: &str,
    file: &str,
) -> Result<Vec<&'a RawValue>, ReadError> {
    serde_json::from_str(array.get()).map_err(|error| bad_json(&error, line_of(array, text), file))
}

/// What the parser says, without its own idea of the place.
fn bad_json(error: &serde_json::Error, line: u64, file: &str) -> ReadError {
    let said = error.to_string();
    let what = said.split(" at line ").next().unwrap_or_default();
    ReadError::BadJson {
        file: file.to_owned(),
        line,
        detail: format!("not valid JSON: {what} (character {})", error.column()),
    }
}

fn offset_in(value: &RawValue, text: &str) -> usize {
    value.get().as_ptr() as usize - text.as_ptr() as usize
}

fn line_of(value: &RawValue, text: &str) -> u64 {
    encoding::line_at(text.as_bytes(), offset_in(value, text))
}

#[derive(Default)]
struct Column {
    name: String,
    cells: Cells,
    /// `list` or `object`, if any cell is one.
    nested: Option<&'static str>,
}

impl Column {
    fn finish(self) -> (String, RawColumn) {
        let column = match self.nested {
            Some(kind) => RawColumn::Unsupported(format!("nested {kind}")),
            None => RawColumn::Cells(self.cells),
        };
        (self.name, column)
    }
}

#[derive(Default)]
struct Columns {
    all: Vec<Column>,
    by_name: BTreeMap<String, usize>,
    lines: Vec<u64>,
    rows: usize,
}

impl Columns {
    fn gather(rows: &Rows<'_>, text: &str, budget: &Budget, file: &str) -> Result<Self, ReadError> {
        let mut columns = Self::default();
        let (mut line, mut counted) = (1, 0);
        for (key, value) in rows.iter() {
            let at = offset_in(value, text);
            line += line_ends(text.as_bytes(), counted, at);
            counted = at;
            columns.push(rows, key, value, line, file)?;
            // Keys that few objects have are empty cells in all others.
            budget
                .check_cells(columns.rows as u64, columns.all.len())
                .and_then(|()| Budget::check_record(value.get().len()))
                .map_err(|exceeded| exceeded.of(file))?;
        }
        for column in &mut columns.all {
            column.cells.pad_to(columns.rows);
        }
        Ok(columns)
    }

    fn push(
        &mut self,
        rows: &Rows<'_>,
        key: Option<&str>,
        value: &RawValue,
        line: u64,
        file: &str,
    ) -> Result<(), ReadError> {
        let bad = |detail: String| ReadError::BadJson {
            file: file.to_owned(),
            line,
            detail,
        };
        if let Some(key) = key {
            self.push_text("key", 0, key).map_err(bad)?;
        }
        for (place, (name, value)) in rows
            .members(self.rows, value)
            .map_err(bad)?
            .into_iter()
            .enumerate()
        {
            // What an object holds has columns of its own; what that holds has none.
            if let Some(members) = inner_members(value) {
                for (inner, value) in members {
                    self.push_cell(&format!("{name}.{inner}"), place, value)
                        .map_err(bad)?;
                }
            } else {
                self.push_cell(&name, place, value).map_err(bad)?;
            }
        }
        self.lines.push(line);
        self.rows += 1;
        Ok(())
    }

    fn push_cell(&mut self, name: &str, place: usize, value: &RawValue) -> Result<(), String> {
        match value.get().as_bytes().first() {
            Some(b'"') => {
                let text: String = serde_json::from_str(value.get())
                    .map_err(|error| format!("key `{name}`: {error}"))?;
                self.push_text(name, place, &text)
            }
            Some(b'[') => self.push_nested(name, place, "list"),
            Some(b'{') => self.push_nested(name, place, "object"),
            Some(b'n') => self.push_text(name, place, ""),
            _ => self.push_text(name, place, value.get()),
        }
    }

    fn push_text(&mut self, name: &str, place: usize, text: &str) -> Result<(), String> {
        let rows = self.rows;
        let position = self.position(name, place);
        let column = &mut self.all[position];
        if column.cells.len() > rows {
            return Err(format!("key `{name}` is there twice"));
        }
        column.cells.pad_to(rows);
        column.cells.push(text);
        Ok(())
    }

    fn push_nested(&mut self, name: &str, place: usize, kind: &'static str) -> Result<(), String> {
        self.push_text(name, place, "")?;
        let position = self.position(name, place);
        let column = &mut self.all[position];
        column.nested = column.nested.or(Some(kind));
        Ok(())
    }

    /// The column of that name, which is mostly the one at the key's own place.
    fn position(&mut self, name: &str, place: usize) -> usize {
        if self
            .all
            .get(place)
            .is_some_and(|column| column.name == name)
        {
            return place;
        }
        let next = self.all.len();
        let position = *self.by_name.entry(name.to_owned()).or_insert(next);
        if position == next {
            self.all.push(Column {
                name: name.to_owned(),
                ..Column::default()
            });
        }
        position
    }
}
