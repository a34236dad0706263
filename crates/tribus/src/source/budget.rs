//! What an input may become in memory: every bound of the readers in one place.
//!
//! A damaged or hostile file can claim more than it holds: four billion strings, one text that a million rows repeat, a
//! thousand bytes that unpack to a hundred gigabytes. No count of a file sizes an allocation. What is read is counted against
//! what a file of its length can honestly hold, and against the memory that reading may take; anything more is refused as
//! [`ReadError::TooLarge`] before it is built.

use super::ReadError;
use super::memory::{self, MemorySize};

/// However small the file, so many cells are fine.
const FREE_CELLS: u64 = 8 << 20;
/// Formats that count equal values (Parquet, Arrow) put many cells into a byte, but no table of customers more than this.
const CELLS_PER_BYTE: u64 = 16;
/// However small the file, so much text is fine.
const FREE_TEXT: u64 = 64 << 20;
/// A dictionary spells a text once and names it in every row.
const TEXT_PER_BYTE: u64 = 64;
/// However small the packed file, so much is fine.
const FREE_UNPACKED: u64 = 64 << 20;
/// Tables compress by 5 to 20, those of constants by more; beyond this it is a bomb.
const UNPACKED_PER_BYTE: u64 = 100;
/// More columns than any table of customers has; a sheet holds 16,384.
const COLUMNS: usize = 1 << 16;
/// Bytes of a cell: its place in the text that was read, and its value.
const BYTES_PER_CELL: u64 = 24;
/// Bytes of one customer's record: a book, not a row.
const RECORD: usize = 64 << 20;

/// Levels of types within types.
pub(crate) const NESTING: usize = 64;

/// What an input of a known length may hold; filled while it is read.
#[derive(Debug, Clone)]
pub(crate) struct Budget {
    length: u64,
    text: u64,
}

/// A bound was passed; in words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Exceeded(pub(crate) String);

impl Exceeded {
    /// The error about this file.
    pub(crate) fn of(self, file: &str) -> ReadError {
        ReadError::TooLarge {
            file: file.to_owned(),
            detail: self.0,
        }
    }
}

impl Budget {
    /// The budget of an input of `length` bytes.
    pub(crate) fn of(length: usize) -> Self {
        Self {
            length: length as u64,
            text: 0,
        }
    }

    /// How many bytes it may unpack to.
    pub(crate) fn unpacked(&self) -> u64 {
        let honest = FREE_UNPACKED + self.length.saturating_mul(UNPACKED_PER_BYTE);
        honest.min(memory::allowed())
    }

    /// Refuses `bytes` unpacked bytes that are too many.
    pub(crate) fn check_unpacked(&self, bytes: u64) -> Result<(), Exceeded> {
        let limit = self.unpacked();
        if bytes > limit {
            let limit = limit >> 20;
            return Err(Exceeded(format!("unpacked it is more than {limit} MB")));
        }
        Ok(())
    }

    /// Refuses a table of so many rows and columns, empty cells included.
    pub(crate) fn check_cells(&self, rows: u64, columns: usize) -> Result<(), Exceeded> {
        if columns > COLUMNS {
            return Err(Exceeded(format!("it has more than {COLUMNS} columns")));
        }
        if self.is_in_memory() {
            return Ok(());
        }
        let limit = FREE_CELLS + self.length.saturating_mul(CELLS_PER_BYTE);
        if rows.saturating_mul(columns as u64) > limit {
            return Err(Exceeded(format!(
                "{rows} rows of {columns} columns in a file of {} bytes",
                self.length
            )));
        }
        Self::check_memory(
            rows.saturating_mul(columns as u64)
                .saturating_mul(BYTES_PER_CELL),
        )
    }

    /// What is in memory already, as a data frame, needs none to be read.
    fn is_in_memory(&self) -> bool {
        self.length == u64::MAX
    }

    /// Refuses what takes more memory than reading may take.
    pub(crate) fn check_memory(bytes: u64) -> Result<(), Exceeded> {
        let allowed = memory::allowed();
        if bytes > allowed {
            let (needed, allowed) = (MemorySize(bytes), MemorySize(allowed));
            return Err(Exceeded(format!(
                "reading it takes {needed} of memory and more, and it may take {allowed} (--memory; in Python tribus.limit_memory)"
            )));
        }
        Ok(())
    }

    /// Counts `bytes` of text more.
    pub(crate) fn add_text(&mut self, bytes: u64) -> Result<(), Exceeded> {
        self.text = self.text.saturating_add(bytes);
        let honest = FREE_TEXT.saturating_add(self.length.saturating_mul(TEXT_PER_BYTE));
        let limit = if self.is_in_memory() {
            honest
        } else {
            honest.min(memory::allowed())
        };
        if self.text > limit {
            let limit = limit >> 20;
            return Err(Exceeded(format!(
                "its cells hold more than {limit} MB of text"
            )));
        }
        Ok(())
    }

    /// Refuses a record of so many bytes.
    pub(crate) fn check_record(bytes: usize) -> Result<(), Exceeded> {
        if bytes > RECORD {
            let limit = RECORD >> 20;
            return Err(Exceeded(format!(
                "one of its records has more than {limit} MB"
            )));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn honest_tables_are_within_the_budget() {
        // Ten million customers of forty numbers: a CSV of 1 GB, Parquet of constants in 25 MB.
        assert!(Budget::of(1 << 30).check_cells(10_000_000, 40).is_ok());
        assert!(Budget::of(25 << 20).check_cells(10_000_000, 40).is_ok());
        // A sheet of a million rows, 60 MB packed and 900 MB unpacked.
        assert!(Budget::of(60 << 20).check_unpacked(900 << 20).is_ok());
    }

    #[test]
    fn what_is_in_memory_already_is_bounded_by_nothing() {
        let mut budget = Budget::of(usize::MAX);
        assert!(budget.check_cells(1 << 50, 40).is_ok());
        assert!(budget.add_text(1 << 50).is_ok());
    }

    #[test]
    fn a_small_file_holds_no_large_table() {
        let mut budget = Budget::of(1536);
        assert!(budget.check_cells(4_000_000_000, 1).is_err());
        assert!(budget.check_cells(u64::MAX, 16_384).is_err());
        assert!(budget.check_cells(1, 1 << 20).is_err());
        assert!(budget.check_unpacked(1 << 30).is_err());
        assert!(budget.add_text(1 << 20).is_ok());
        assert!(budget.add_text(1 << 26).is_err());
    }
}
