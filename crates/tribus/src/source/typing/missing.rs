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
