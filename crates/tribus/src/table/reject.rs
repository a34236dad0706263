//! Rows and cells of an input that did not fit, each with its place.

use std::fmt;

use super::Origin;

/// What is wrong with a row or a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Problem {
    /// A row with more or fewer fields than the header.
    FieldCount,
    /// A quote within a field that is not quoted, or text behind a closing quote.
    StrayQuote,
    /// The row is the sum of the others.
    Total,
    /// Text in a column of numbers.
    NotANumber,
    /// An infinite number.
    Infinite,
    /// A number beyond the range of numbers.
    TooLarge,
    /// An amount in another currency than the rest.
    OtherCurrency,
    /// An amount with a currency, or without one, where the rest is not so.
    Currency,
    /// A percentage, or none, where the rest is not so.
    Percentage,
    /// Text in a column of dates, or a day that is in no calendar.
    NotADate,
}

impl Problem {
    /// Its stable name in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::FieldCount => "field_count",
            Self::StrayQuote => "stray_quote",
            Self::Total => "total",
            Self::NotANumber => "not_a_number",
            Self::Infinite => "infinite",
            Self::TooLarge => "too_large",
            Self::OtherCurrency => "other_currency",
            Self::Currency => "currency",
            Self::Percentage => "percentage",
            Self::NotADate => "not_a_date",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::FieldCount => "another number of fields than the header",
            Self::StrayQuote => "a quote (\") within a field",
            Self::Total => "the sum of the other rows",
            Self::NotANumber => "not a number",
            Self::Infinite => "infinite",
            Self::TooLarge => "too large",
            Self::OtherCurrency => "another currency",
            Self::Currency => "with or without a currency, unlike the rest",
            Self::Percentage => "a percentage or none, unlike the rest",
            Self::NotADate => "not a date",
        })
    }
}

/// A row that was set aside while reading, or a cell that became missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// The row.
    pub origin: Origin,
    /// How many lines of the file it takes.
    pub lines: u64,
    /// The column of the cell; none where the row as a whole does not fit.
    pub column: Option<String>,
    /// What is wrong with it.
    pub problem: Problem,
    /// Whether the row was set aside, not only its cell.
    pub is_row: bool,
    /// The row as it stands in the file, where that was asked for.
    pub raw: Option<String>,
}

/// What was set aside, in one sentence.
pub fn rejects_told(rejects: &[Reject]) -> Option<String> {
    let count = |is_row| {
        rejects
            .iter()
            .filter(|reject| reject.is_row == is_row)
            .count()
    };
    let first = |is_row| rejects.iter().find(|reject| reject.is_row == is_row);
    let part = |is_row, one: &str, several: &str| {
        let first = first(is_row)?;
        let column = (first.column.as_deref())
            .map(|column| format!("column `{column}`: "))
            .unwrap_or_default();
        let place = format!("{}, {column}{}", first.origin, first.problem);
        Some(match count(is_row) {
            1 => format!("{one} ({place})"),
            number => format!("{number} {several} (the first: {place})"),
        })
    };
    let rows = part(
        true,
        "one row does not fit and is set aside",
        "rows do not fit and are set aside",
    );
    let cells = part(
        false,
        "one cell does not fit its column and counts as missing",
        "cells do not fit their columns and count as missing",
    );
    let parts: Vec<String> = rows.into_iter().chain(cells).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}
