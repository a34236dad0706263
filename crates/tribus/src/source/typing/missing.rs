//! What stands for "no value".

use crate::source::readers::header::trim;

/// Cells that say there is no value, compared without regard to case and surrounding spaces. Empty cells, quoted or not,
/// are missing too.
pub const MISSING_TOKENS: [&str; 12] = [
    "na", "n/a", "#n/a", "nan", "null", "none", "missing", "-", "--", "?", ".", "<na>",
];

/// What stands for no value in one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Nulls {
    /// What the user says; compared byte for byte, without surrounding spaces.
    pub(crate) own: Vec<String>,
    /// Whether [`MISSING_TOKENS`] stand for no value, too.
    pub(crate) defaults: bool,
}

impl Nulls {
    pub(crate) fn hold(&self, cell: &str) -> bool {
        let cell = trim(cell);
        cell.is_empty()
            || self.own.iter().any(|own| own == cell)
            || (self.defaults && is_missing(cell))
    }
}

/// Whether a cell stands for no value where the user says nothing else.
pub(crate) fn is_missing(cell: &str) -> bool {
    /// No token is longer.
    const LONGEST: usize = 7;
    let cell = trim(cell);
    cell.is_empty()
        || is_zero_date(cell)
        || (cell.len() <= LONGEST
            && !cell.as_bytes()[0].is_ascii_digit()
            && MISSING_TOKENS
                .iter()
                .any(|token| cell.eq_ignore_ascii_case(token)))
}

/// The date that databases write where there is none: `0000-00-00`, perhaps with a time.
fn is_zero_date(cell: &str) -> bool {
    let mut digits = cell.bytes().filter(u8::is_ascii_digit);
    let separated = ["0000-00-00", "00.00.0000", "00/00/0000", "0000/00/00"]
        .iter()
        .any(|zero| cell.starts_with(zero));
    separated && digits.all(|digit| digit == b'0')
}
