//! The cells of a sheet into columns: where the header is, and what lies outside the table.

use std::ops::{Range, RangeInclusive};

use super::header::{Disguise, name_columns, trim};
use super::records::joined;
use crate::source::budget::{Budget, Exceeded};
use crate::source::raw::{Cells, RawFile};
use crate::source::{ReadError, ReadOptions};
use crate::table::{Places, Reading};

/// A sheet: the cells that hold more than spaces, row by row; rows and columns count from 0.
///
/// Cells are kept one by one, never as a rectangle: one stray cell in XFD1048576 would make that 17 billion cells.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Sheet {
    places: Vec<(u32, u32)>,
    texts: Cells,
}

impl Sheet {
    /// Adds a cell. Later cells replace earlier ones of the same place.
    pub(crate) fn push(
        &mut self,
        place: (u32, u32),
        text: &str,
        budget: &mut Budget,
    ) -> Result<(), Exceeded> {
        if trim(text).is_empty() {
            return Ok(());
        }
        budget.check_cells(self.places.len() as u64, 1)?;
        budget.add_text(text.len() as u64)?;
        self.places.push(place);
        self.texts.push(text);
        Ok(())
    }

    /// Its cells, in the order they were added.
    pub(crate) fn cells(&self) -> impl Iterator<Item = ((u32, u32), &str)> {
        self.places.iter().copied().zip(self.texts.iter())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The same cells by place, without the first `skip_rows` rows.
    fn ordered(self, skip_rows: usize) -> Self {
        let ordered = self.places.is_sorted_by(|one, next| one < next);
        let skipped = |place: &(u32, u32)| (place.0 as usize) < skip_rows;
        if ordered && !self.places.first().is_some_and(skipped) {
            return self;
        }
        let mut order: Vec<usize> = (0..self.places.len())
            .filter(|&cell| !skipped(&self.places[cell]))
            .collect();
        // The later of two cells comes first, and is kept.
        order.sort_by_key(|&cell| (self.places[cell], usize::MAX - cell));
        order.dedup_by_key(|cell| self.places[*cell]);
        Self {
            places: order.iter().map(|&cell| self.places[cell]).collect(),
            texts: order.iter().map(|&cell| self.texts.get(cell)).collect(),
        }
    }

    /// The cells of each row.
    fn rows(&self) -> Vec<Range<usize>> {
        let mut start = 0;
        let rows = self.places.chunk_by(|one, next| one.0 == next.0);
        rows.map(|row| {
            let end = start + row.len();
            std::mem::replace(&mut start, end)..end
        })
        .collect()
    }

    /// The table whose header is the first row that holds anything, or as many as the options say.
    pub(crate) fn into_raw(
        self,
        options: &ReadOptions,
        mut reading: Reading,
        budget: &Budget,
    ) -> Result<RawFile, ReadError> {
        let file = reading.file.clone();
        let sheet = self.ordered(options.skip_rows);
        let mut rows = sheet.rows();
        rows.truncate(rows.len().saturating_sub(options.skip_footer));
        let Some(top) = rows.first().cloned() else {
            return Err(ReadError::Empty { file });
        };
        let (header, rows) = rows.split_at(options.header_rows.unwrap_or(1).min(rows.len()));
        if options.header_rows.is_none() {
            sheet.refuse_title(&top, rows, &file)?;
        }
        let top_row = sheet.number(&top);
        if top_row > 1 {
            reading.decisions.push(format!("header on row {top_row}"));
        }
        let top_rows = header.first().map_or_else(|| &rows[..1], |_| header);
        let extent = sheet.extent(top_rows);
        let rows = sheet.within(rows, extent.clone(), &mut reading);
        let names = sheet.names(header, extent.clone());
        if rows.is_empty() {
            let columns = names;
            return Err(ReadError::NoRows { file, columns });
        }
        budget
            .check_cells(rows.len() as u64, extent.clone().count())
            .map_err(|exceeded| exceeded.of(&file))?;
        let places: Vec<u64> = rows.iter().map(|row| sheet.number(row)).collect();
        let columns = sheet.columns(&rows, extent);
        Disguise {
            names: &names,
            columns: &columns,
            file: &file,
            unit: "row",
            header: top_row,
            first: places[0],
        }
        .refuse(options)?;
        let above = header.last().map_or(places[0] - 1, |row| sheet.number(row));
        tell_gaps(above, &places, &mut reading);
        reading.rows = places.len();
        Ok(RawFile {
            columns: name_columns(names, columns, &mut reading),
            places: Places::Listed(places),
            unit: "row",
            delimiter: None,
            rejects: Vec::new(),
            reading,
        })
    }

    /// The number of a row as people count.
    fn number(&self, row: &Range<usize>) -> u64 {
        u64::from(self.places[row.start].0) + 1
    }

    /// From the first to the last column that holds anything in these rows.
    fn extent(&self, rows: &[Range<usize>]) -> RangeInclusive<u32> {
        let firsts = rows.iter().map(|row| self.places[row.start].1);
        let lasts = rows.iter().map(|row| self.places[row.end - 1].1);
        firsts.min().unwrap_or(0)..=lasts.max().unwrap_or(0)
    }

    /// The names in the rows of a header, joined; without one, columns are numbered.
    fn names(&self, header: &[Range<usize>], within: RangeInclusive<u32>) -> Vec<String> {
        let width = within.clone().count();
        if header.is_empty() {
            return (1..=width).map(|at| format!("column {at}")).collect();
        }
        let row_of = |row: &Range<usize>| {
            let mut names = vec![String::new(); width];
            for cell in row.clone() {
                let column = (self.places[cell].1 - within.start()) as usize;
                self.texts.get(cell).clone_into(&mut names[column]);
            }
            names
        };
        joined(&header.iter().map(row_of).collect::<Vec<_>>())
    }

    /// The cells of `rows`, column by column.
    fn columns(&self, rows: &[Range<usize>], within: RangeInclusive<u32>) -> Vec<Cells> {
        let first = *within.start();
        let mut columns = vec![Cells::default(); within.count()];
        for (row, cells) in rows.iter().enumerate() {
            for cell in cells.clone() {
                let column = &mut columns[(self.places[cell].1 - first) as usize];
                column.pad_to(row);
                column.push(self.texts.get(cell));
            }
        }
        for column in &mut columns {
            column.pad_to(rows.len());
        }
        columns
    }

    /// A row of one cell above rows of many is a title, not a header.
    fn refuse_title(
        &self,
        header: &Range<usize>,
        rows: &[Range<usize>],
        file: &str,
    ) -> Result<(), ReadError> {
        let wide = || rows.iter().filter(|cells| cells.len() > 1);
        match wide().next() {
            Some(cells) if header.len() == 1 && wide().count() * 2 > rows.len() => {
                Err(ReadError::Preamble {
                    file: file.to_owned(),
                    unit: "row",
                    line: u64::from(self.places[cells.start].0) + 1,
                    fields: cells.len(),
                    first_line: u64::from(self.places[header.start].0) + 1,
                    first_fields: header.len(),
                })
            }
            _ => Ok(()),
        }
    }

    /// The part of each row that is within the table; cells beside it are left out, telling of the first.
    fn within(
        &self,
        rows: &[Range<usize>],
        within: RangeInclusive<u32>,
        reading: &mut Reading,
    ) -> Vec<Range<usize>> {
        let mut outside = 0;
        let mut example = None;
        let mut kept = Vec::with_capacity(rows.len());
        for row in rows {
            let cells = &self.places[row.clone()];
            let before = cells.partition_point(|(_, column)| column < within.start());
            let end = cells.partition_point(|(_, column)| column <= within.end());
            outside += cells.len() - (end - before);
            let beside = if before > 0 {
                cells.first()
            } else {
                cells.get(end)
            };
            example = example.or(beside.copied());
            if before < end {
                kept.push(row.start + before..row.start + end);
            }
        }
        if let Some((row, column)) = example {
            let (file, example) = (&reading.file, cell_name(row, column));
            reading.warnings.push(match outside {
                1 => format!("{file}: cell {example} has no column name above it; ignored"),
                _ => format!(
                    "{file}: {outside} cells, the first {example}, have no column name above them; ignored"
                ),
            });
        }
        kept
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
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    format!("{letters}{}", u64::from(row) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::raw::RawColumn;

    #[test]
    fn cells_have_the_names_of_a_sheet() {
        assert_eq!(cell_name(5, 3), "D6");
        assert_eq!(cell_name(1_048_575, 16_383), "XFD1048576");
        assert_eq!(cell_name(0, 26), "AA1");
    }

    /// A sheet of these cells.
    fn sheet(cells: &[((u32, u32), &str)]) -> Sheet {
        let mut sheet = Sheet::default();
        for &(place, text) in cells {
            sheet.push(place, text, &mut Budget::of(0)).unwrap();
        }
        sheet
    }

    #[test]
    fn cells_in_any_order_are_the_same_sheet_and_the_last_of_a_place_counts() {
        let rows = sheet(&[
            ((2, 1), "x"),
            ((0, 0), "a"),
            ((0, 1), "b"),
            ((2, 1), "y"),
            ((9, 0), " "),
        ]);
        let raw = rows
            .into_raw(&ReadOptions::default(), Reading::default(), &Budget::of(0))
            .unwrap();
        let cells: Vec<_> = raw
            .columns
            .iter()
            .map(|(name, column)| match column {
                RawColumn::Cells(cells) => (name.as_str(), cells.iter().collect::<Vec<_>>()),
                _ => panic!("not cells"),
            })
            .collect();
        assert_eq!(cells, [("a", vec![""]), ("b", vec!["y"])]);
    }

    #[test]
    fn a_stray_cell_in_the_last_corner_makes_no_table_of_17_billion() {
        let last = (1_048_575, 16_383);
        let stray = sheet(&[((0, 0), "a"), ((1, 0), "1"), (last, "x")]);
        let raw = stray
            .into_raw(&ReadOptions::default(), Reading::default(), &Budget::of(0))
            .unwrap();
        assert_eq!(raw.reading.rows, 1);
        assert!(raw.reading.warnings[0].contains("XFD1048576"));
        let mut wide: Vec<_> = (0..16_384).map(|column| ((0, column), "a")).collect();
        wide.extend((1..100_000).map(|row| ((row, 0), "1")));
        let refused =
            sheet(&wide).into_raw(&ReadOptions::default(), Reading::default(), &Budget::of(0));
        assert!(matches!(refused, Err(ReadError::TooLarge { .. })));
    }
}
