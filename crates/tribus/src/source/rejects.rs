//! Rows and cells that do not fit: how many may be, which are set aside, and which refuse the whole input.

use super::raw::{RawColumn, RawFile};
use super::typing::Typed;
use super::{MaxRejects, ReadError, ReadOptions};
use crate::table::{Kind, Origin, Origins, Problem, Reject, kind_of};

/// The rows and cells that do not fit so far, and how many more may.
pub(super) struct Rejects {
    all: Vec<Reject>,
    left: u64,
    kept: Option<Kept>,
}

/// The cells as they stand in the files, where rows that do not fit are to be shown.
struct Kept {
    columns: Vec<Vec<RawColumn>>,
    delimiter: u8,
}

impl Kept {
    /// A row, written as in a file. Values that were never text are left out.
    fn row(&self, row: usize) -> Option<String> {
        let cell = |parts: &Vec<RawColumn>| {
            let mut row = row;
            for part in parts {
                match part {
                    _ if row >= part.len() => row -= part.len(),
                    RawColumn::Cells(cells) => return cells.get(row).to_owned(),
                    _ => break,
                }
            }
            String::new()
        };
        let mut writer = csv::WriterBuilder::new()
            .delimiter(self.delimiter)
            .from_writer(Vec::new());
        writer.write_record(self.columns.iter().map(cell)).ok()?;
        let text = String::from_utf8(writer.into_inner().ok()?).ok()?;
        Some(text.trim_end_matches('\n').to_owned())
    }
}

impl Rejects {
    /// The rows that the readers could not split.
    ///
    /// # Errors
    /// When there are more than may be, naming the first lines.
    pub(super) fn of_files(
        files: &mut [RawFile],
        options: &ReadOptions,
    ) -> Result<Self, ReadError> {
        let rows: u64 = files
            .iter()
            .map(|file| (file.reading.rows + file.rejects.len()) as u64)
            .sum();
        let limit = match options.max_rejects {
            Some(limit) => limit.of(rows),
            None => MaxRejects::unsaid(rows),
        };
        let lines: u64 = files
            .iter()
            .flat_map(|file| &file.rejects)
            .map(|reject| reject.lines)
            .sum();
        if lines > limit
            && let Some(file) = files.iter().find(|file| !file.rejects.is_empty())
        {
            return Err(too_many(file));
        }
        let mut all = Vec::new();
        for file in files {
            let (name, unit) = (file.reading.file.clone(), file.unit);
            all.extend(file.rejects.drain(..).map(|reject| Reject {
                origin: Origin {
                    file: name.clone(),
                    unit,
                    number: reject.place,
                },
                lines: reject.lines,
                column: None,
                problem: reject.problem,
                is_row: true,
                raw: reject.raw,
            }));
        }
        Ok(Self {
            all,
            left: limit - lines,
            kept: None,
        })
    }

    /// Keeps the cells as they stand in the files, for the rows to come.
    pub(super) fn keep(&mut self, columns: &[(String, Vec<RawColumn>)], delimiter: Option<u8>) {
        self.kept = Some(Kept {
            columns: columns.iter().map(|(_, parts)| parts.clone()).collect(),
            delimiter: delimiter.unwrap_or(b','),
        });
    }

    /// Tolerates the misfits of columns, those with the fewest first, as long as there are not too many; never those of a column
    /// that the user declared. The rows of those that are dates are to be set aside: their numbers, ascending.
    pub(super) fn tolerate(
        &mut self,
        columns: &mut [(String, Typed)],
        options: &ReadOptions,
        origins: &Origins,
    ) -> Vec<usize> {
        let mut candidates: Vec<(u64, usize)> = columns
            .iter()
            .enumerate()
            .filter(|(_, (name, _))| {
                options.known || !options.named_columns().any(|named| named == name)
            })
            .filter_map(|(at, (_, typed))| Some((typed.facts.misfits.as_ref()?.count(), at)))
            .collect();
        candidates.sort_by(|(a, at), (b, bt)| (a, &columns[*at].0).cmp(&(b, &columns[*bt].0)));
        let mut aside = Vec::new();
        for (count, at) in candidates {
            let (name, typed) = &mut columns[at];
            let is_row = kind_of(typed.array.data_type()) == Kind::Date;
            let Some(misfits) = typed.facts.misfits.as_mut().filter(|_| count <= self.left) else {
                break;
            };
            self.left -= count;
            misfits.tolerated = true;
            for &(row, problem) in &misfits.cells {
                self.push(row, problem, Some(name.clone()), is_row, origins);
                aside.extend(is_row.then_some(row));
            }
        }
        aside.sort_unstable();
        aside.dedup();
        aside
    }

    /// A row of the table, or a cell of it.
    pub(super) fn push(
        &mut self,
        row: usize,
        problem: Problem,
        column: Option<String>,
        is_row: bool,
        origins: &Origins,
    ) {
        self.all.push(Reject {
            origin: origins.of(row),
            lines: 1,
            column,
            problem,
            is_row,
            raw: self.kept.as_ref().and_then(|kept| kept.row(row)),
        });
    }

    /// All of them, in the order of their places.
    pub(super) fn finish(mut self, files: &[String]) -> Vec<Reject> {
        let place = |reject: &Reject| {
            let file = files.iter().position(|file| *file == reject.origin.file);
            (file, reject.origin.number)
        };
        self.all.sort_by_key(place);
        self.all
    }
}

/// The error for the first row that does not fit, with the places of the next.
fn too_many(file: &RawFile) -> ReadError {
    /// More lines than these help nobody.
    const SHOWN: usize = 4;
    let first = &file.rejects[0];
    let others = &file.rejects[1..];
    let more = (!others.is_empty()).then(|| {
        let lines: Vec<_> = others
            .iter()
            .take(SHOWN)
            .map(|reject| reject.place.to_string())
            .collect();
        let and_more = if others.len() > SHOWN { ", ..." } else { "" };
        let rows = if others.len() == 1 { "row" } else { "rows" };
        format!(
            "{} more {rows} do not fit: line {}{and_more}",
            others.len(),
            lines.join(", ")
        )
    });
    let (file, line) = (file.reading.file.clone(), first.place);
    match first.problem {
        Problem::StrayQuote => ReadError::StrayQuote { file, line, more },
        _ => ReadError::FieldCount {
            file,
            line,
            fields: first.fields,
            expected: first.expected,
            more,
        },
    }
}
