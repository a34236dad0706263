//! Where rows came from, for messages.

use std::fmt;

/// Where the rows of one file stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Places {
    /// Row `i` is record `first + i` (lines of a plain CSV, rows of Parquet, rows of a sheet).
    Consecutive {
        /// Place of the first row.
        first: u64,
    },
    /// Row `i` begins at place `places[i]` (records that span lines).
    Listed(Vec<u64>),
}

/// The origin of one row: a file, and a place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Name of the file, without its folder.
    pub file: String,
    /// What `number` counts: `line`, `row`.
    pub unit: &'static str,
    /// 1-based.
    pub number: u64,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {} {}", self.file, self.unit, self.number)
    }
}

/// The rows of one file within a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Name of the file, without its folder.
    pub file: String,
    /// What the places count: `line` for text files, `row` otherwise.
    pub unit: &'static str,
    /// How many rows.
    pub rows: usize,
    /// Where they stand.
    pub places: Places,
}

/// The origin of each row of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origins {
    parts: Vec<Part>,
}

impl Origins {
    /// The files in the order in which their rows stand in the table.
    pub fn new(parts: Vec<Part>) -> Self {
        Self { parts }
    }

    /// Without the rows marked false.
    pub(crate) fn keep(self, keep: &[bool]) -> Self {
        let mut before = 0;
        let parts = self.parts.into_iter().map(|part| {
            let kept: Vec<usize> = (0..part.rows).filter(|row| keep[before + row]).collect();
            before += part.rows;
            let place = |row: &usize| match &part.places {
                Places::Consecutive { first } => first + *row as u64,
                Places::Listed(places) => places[*row],
            };
            Part {
                rows: kept.len(),
                places: Places::Listed(kept.iter().map(place).collect()),
                ..part
            }
        });
        Self::new(parts.collect())
    }

    /// For each row the number of its file.
    pub(crate) fn files(&self) -> Vec<u32> {
        let parts = self.parts.iter().enumerate();
        let rows = parts.flat_map(|(file, part)| std::iter::repeat_n(file as u32, part.rows));
        rows.collect()
    }

    /// Whether all rows stand in the first file.
    pub(crate) fn is_one_file(&self) -> bool {
        self.parts.iter().skip(1).all(|part| part.rows == 0)
    }

    /// Rows in all.
    pub fn rows(&self) -> usize {
        self.parts.iter().map(|part| part.rows).sum()
    }

    /// Origin of row `row` (0-based over the table).
    ///
    /// # Panics
    /// When there is no such row.
    pub fn of(&self, row: usize) -> Origin {
        let mut before = 0;
        for part in &self.parts {
            if row < before + part.rows {
                let within = row - before;
                let number = match &part.places {
                    Places::Consecutive { first } => first + within as u64,
                    Places::Listed(places) => places[within],
                };
                return Origin {
                    file: part.file.clone(),
                    unit: part.unit,
                    number,
                };
            }
            before += part.rows;
        }
        panic!("row {row} of a table of {before} rows");
    }
}
