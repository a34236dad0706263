//! What a reader found before anything was typed: names, and cells as they stand in the file.

use std::sync::Arc;

use arrow_array::{Float64Array, Int64Array};

use super::typing::{self, Nulls};
use crate::table::{Places, Problem, Reading};

/// The text of the cells of one column.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cells {
    pieces: Vec<Piece>,
    /// What stands for no value, where the user said so.
    nulls: Option<Arc<Nulls>>,
}

/// Cells end to end in one buffer, which is short enough for ends of four bytes.
#[derive(Debug, Clone, Default)]
struct Piece {
    text: String,
    ends: Vec<u32>,
}

impl Piece {
    fn get(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.text[start as usize..self.ends[row] as usize]
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(start, &end)| &self.text[start as usize..end as usize])
    }
}

impl Cells {
    pub(crate) fn push(&mut self, cell: &str) {
        let piece = self.piece_for(cell.len());
        piece.text.push_str(cell);
        piece.ends.push(piece.text.len() as u32);
    }

    /// The last piece, or a new one where so many more bytes do not fit into it.
    fn piece_for(&mut self, bytes: usize) -> &mut Piece {
        let fits = |piece: &Piece| u32::try_from(piece.text.len() + bytes).is_ok();
        if !self.pieces.last().is_some_and(fits) {
            self.pieces.push(Piece::default());
        }
        self.pieces.last_mut().expect("a piece was pushed")
    }

    /// From now on these stand for no value.
    pub(crate) fn with_nulls(self, nulls: Arc<Nulls>) -> Self {
        Self {
            nulls: Some(nulls),
            ..self
        }
    }

    /// Whether this cell of the column stands for no value.
    pub(crate) fn is_missing(&self, cell: &str) -> bool {
        match &self.nulls {
            Some(nulls) => nulls.hold(cell),
            None => typing::is_missing(cell),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.pieces.iter().map(|piece| piece.ends.len()).sum()
    }

    pub(crate) fn get(&self, row: usize) -> &str {
        let mut row = row;
        for piece in &self.pieces {
            match row.checked_sub(piece.ends.len()) {
                Some(behind) => row = behind,
                None => return piece.get(row),
            }
        }
        panic!("a column has no cell that far down")
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().flat_map(Piece::iter)
    }

    pub(crate) fn append(&mut self, other: Self) {
        self.pieces.extend(other.pieces);
    }

    /// Bytes of text in all.
    pub(crate) fn bytes(&self) -> usize {
        self.pieces.iter().map(|piece| piece.text.len()).sum()
    }

    /// Pushes empty cells up to `rows` cells.
    pub(crate) fn pad_to(&mut self, rows: usize) {
        let more = rows.saturating_sub(self.len());
        if more > 0 {
            let piece = self.piece_for(0);
            let end = piece.text.len() as u32;
            piece.ends.extend(std::iter::repeat_n(end, more));
        }
    }
}

impl PartialEq for Cells {
    fn eq(&self, other: &Self) -> bool {
        self.nulls == other.nulls && self.iter().eq(other.iter())
    }
}

impl Eq for Cells {}

impl<'a> FromIterator<&'a str> for Cells {
    fn from_iter<I: IntoIterator<Item = &'a str>>(cells: I) -> Self {
        let mut all = Self::default();
        for cell in cells {
            all.push(cell);
        }
        all
    }
}

/// One column of one file.
#[derive(Debug, Clone)]
pub(crate) enum RawColumn {
    /// Text that has yet to be typed.
    Cells(Cells),
    /// Numbers the file itself holds as numbers. Nulls and NaN are null.
    Numbers(Float64Array),
    /// Milliseconds since 1970-01-01.
    Dates(Int64Array),
    /// A type no customer table holds (a list, a struct), by its name.
    Unsupported(String),
}

impl RawColumn {
    /// How many rows it has; none where its type is not supported.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Cells(cells) => cells.len(),
            Self::Numbers(numbers) => numbers.len(),
            Self::Dates(dates) => dates.len(),
            Self::Unsupported(_) => 0,
        }
    }
}

/// A row that did not fit, and is not among the columns.
#[derive(Debug)]
pub(crate) struct RawReject {
    pub(crate) problem: Problem,
    /// The line on which it begins.
    pub(crate) place: u64,
    /// How many lines it takes.
    pub(crate) lines: u64,
    pub(crate) fields: usize,
    pub(crate) expected: usize,
    /// The row as it stands in the file, where that was asked for.
    pub(crate) raw: Option<String>,
}

/// One file, read.
#[derive(Debug)]
pub(crate) struct RawFile {
    pub(crate) reading: Reading,
    pub(crate) columns: Vec<(String, RawColumn)>,
    pub(crate) places: Places,
    pub(crate) rejects: Vec<RawReject>,
    /// What the places count: `line` or `row`.
    pub(crate) unit: &'static str,
    /// What separates fields, where a file has such a thing.
    pub(crate) delimiter: Option<u8>,
}
