//! What stands for "no value".

use crate::source::readers::header::trim;

/// Cells that say there is no value, compared without regard to case and surrounding spaces. Empty cells, quoted or not,
/// are missing too.
pub const MISSING_TOKENS: [&str; 12] = [
    "na", "n/a", "#n/a", "nan", "null", "none", "missing", "-", "--", "?", ".", "<na>",
];

/// Whether a cell stands for no value.
pub(crate) fn is_missing(cell: &str) -> bool {
    /// No token is longer.
    const LONGEST: usize = 7;
    let cell = trim(cell);
    cell.is_empty()
        || (cell.len() <= LONGEST
            && !cell.as_bytes()[0].is_ascii_digit()
            && MISSING_TOKENS
                .iter()
                .any(|token| cell.eq_ignore_ascii_case(token)))
}
