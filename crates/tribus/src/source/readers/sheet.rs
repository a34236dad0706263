//! The cells of a sheet into columns: where the header is, and what lies outside the table.

use std::collections::BTreeMap;

use super::header::{name_columns, trim};
use crate::source::ReadError;
use crate::source::raw::{Cells, RawFile};
use crate::table::{Places, Reading};

/// A sheet: cells by row and column, from 0.
pub(crate) struct Sheet {
    rows: BTreeMap<u32, BTreeMap<u32, String>>,
}

impl Sheet {
    /// Keeps the cells that hold more than spaces, below the first `skip_rows` rows.
    pub(crate) fn new(cells: BTreeMap<(u32, u32), String>, skip_rows: usize) -> Self {
        let mut rows: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
        for ((row, column), text) in cells {
            if row as usize >= skip_rows && !trim(&text).is_empty() {
                rows.entry(row).or_default().insert(column, text);
            }
        }
        Self { rows }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table whose header is the first row that holds anything.
    pub(crate) fn into_raw(mut self, mut reading: Reading) -> Result<RawFile, ReadError> {
        let file = reading.file.clone();
        let Some((header_row, header)) = self.rows.pop_first() else {
            return Err(ReadError::Empty { file });
        };
        self.refuse_title(header_row, header.len(), &file)?;
        let first = header.keys().next().copied().unwrap_or(0);
        let last = header.keys().next_back().copied().unwrap_or(0);
        if header_row > 0 {
            reading
                .decisions
                .push(format!("header on row {}", header_row + 1));
        }
        self.drop_outside(first, last, &mut reading);
        if self.rows.is_empty() {
            return Err(ReadError::NoRows { file });
        }
        let names = (first..=last)
            .map(|column| header.get(&column).cloned().unwrap_or_default())
            .collect();
        let mut columns = vec![Cells::default(); (last - first + 1) as usize];
        let mut places = Vec::with_capacity(self.rows.len());
        for (row, mut cells) in self.rows {
            for (column, text) in (first..=last).zip(&mut columns) {
                text.push(&cells.remove(&column).unwrap_or_default());
            }
            places.push(u64::from(row) + 1);
        }
        tell_gaps(u64::from(header_row) + 1, &places, &mut reading);
        reading.rows = places.len();
        Ok(RawFile {
            columns: name_columns(names, columns, &mut reading),
            places: Places::Listed(places),
            unit: "row",
            delimiter: None,
            reading,
        })
    }

    /// A row of one cell above rows of many is a title, not a header.
    fn refuse_title(&self, header_row: u32, fields: usize, file: &str) -> Result<(), ReadError> {
        let wide = self.rows.values().filter(|cells| cells.len() > 1).count();
        let first_wide = self.rows.iter().find(|(_, cells)| cells.len() > 1);
        match first_wide {
            Some((&row, cells)) if fields == 1 && wide * 2 > self.rows.len() => {
                Err(ReadError::Preamble {
                    file: file.to_owned(),
                    unit: "row",
                    line: u64::from(row) + 1,
                    fields: cells.len(),
                    first_line: u64::from(header_row) + 1,
                    first_fields: fields,
                })
            }
            _ => Ok(()),
        }
    }

    /// Leaves out cells beside the table, telling of the first.
    fn drop_outside(&mut self, first: u32, last: u32, reading: &mut Reading) {
        let mut outside = 0;
        let mut example = None;
        for (&row, cells) in &mut self.rows {
            let before = cells.len();
            let beside = cells
                .keys()
                .find(|&column| !(first..=last).contains(column));
            example = example.or(beside.map(|&column| cell_name(row, column)));
            cells.retain(|column, _| (first..=last).contains(column));
            outside += before - cells.len();
        }
        self.rows.retain(|_, cells| !cells.is_empty());
        if let Some(example) = example {
            reading.warnings.push(match outside {
                1 => format!("{}: cell {example} has no column name above it; ignored", reading.file),
                _ => format!(
                    "{}: {outside} cells, the first {example}, have no column name above them; ignored",
                    reading.file
                ),
            });
        }
    }
}

fn tell_gaps(header: u64, places: &[u64], reading: &mut Reading) {
    let mut before = header;
    let mut gaps = Vec::new();
    for &place in places {
        gaps.extend((place > before + 1).then_some(before + 1));
        before = place;
    }
    let empty = places.last().map_or(0, |last| last - header) as usize - places.len();
    if let Some(first) = gaps.first() {
        reading.warnings.push(match empty {
            1 => format!("{}, row {first}: an empty row; skipped", reading.file),
            _ => format!(
                "{}, row {first}: the first of {empty} empty rows; skipped",
                reading.file
            ),
        });
    }
}

/// `D6`.
fn cell_name(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    format!("{letters}{}", row + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_the_names_of_a_sheet() {
        assert_eq!(cell_name(5, 3), "D6");
        assert_eq!(cell_name(1_048_575, 16_383), "XFD1048576");
        assert_eq!(cell_name(0, 26), "AA1");
    }
}
