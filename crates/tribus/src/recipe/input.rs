//! What is said about the input: how it is read, which column names the customer, which day is today.

use serde::{Deserialize, Serialize};

use super::RecipeError;
use crate::date::Date;
use crate::source::{DateOrder, Header, MaxRejects, Quote, ReadOptions, Totals};

/// How the input is read; found from the file where not given.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InputSection {
    /// Column that names the customer; kept byte for byte.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Field separator: one character, or `tab`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
    /// Encoding by its usual name: `utf-8`, `utf-16le`, `windows-1252`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// Decimal sign: `.` or `,`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<char>,
    /// Order of day, month and year in dates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
    /// Columns that hold dates; a cell that is none is an error.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<String>,
    /// How many rows the header has; `false` where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<Header>,
    /// Lines before the header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip_rows: Option<usize>,
    /// Lines below the last row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip_footer: Option<usize>,
    /// What happens to a row that is the sum of the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub totals: Option<Totals>,
    /// What encloses fields: one character, or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<Quote>,
    /// Takes the meaning from a quote within a field; by default it is doubled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escape: Option<char>,
    /// Lines that begin with it are skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<char>,
    /// Words that stand for no value, beside the usual ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub null_values: Vec<String>,
    /// Whether the usual words (`NA`, `null`, `-`) stand for no value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_default_nulls: Option<bool>,
    /// How many rows and cells may not fit: a number, or a share such as `"0.5%"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_rejects: Option<MaxRejects>,
    /// Sheet of a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Reference date for ages and days since; the latest date in the data where not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
}

impl InputSection {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// This section with what another says over its own.
    #[must_use]
    pub fn with(mut self, over: &Self) -> Self {
        self.dates.extend(over.dates.iter().cloned());
        self.null_values.extend(over.null_values.iter().cloned());
        Self {
            id: over.id.clone().or(self.id),
            delimiter: over.delimiter.clone().or(self.delimiter),
            encoding: over.encoding.clone().or(self.encoding),
            decimal: over.decimal.or(self.decimal),
            date_order: over.date_order.or(self.date_order),
            dates: self.dates,
            header: over.header.or(self.header),
            skip_rows: over.skip_rows.or(self.skip_rows),
            skip_footer: over.skip_footer.or(self.skip_footer),
            totals: over.totals.or(self.totals),
            quote: over.quote.or(self.quote),
            escape: over.escape.or(self.escape),
            comment: over.comment.or(self.comment),
            null_values: self.null_values,
            keep_default_nulls: over.keep_default_nulls.or(self.keep_default_nulls),
            max_rejects: over.max_rejects.or(self.max_rejects),
            sheet: over.sheet.clone().or(self.sheet),
            as_of: over.as_of.or(self.as_of),
        }
    }

    /// What is said here over how a file would be read otherwise.
    ///
    /// # Errors
    /// [`RecipeError::Setting`] for a delimiter that is not one character.
    pub fn over(&self, mut options: ReadOptions) -> Result<ReadOptions, RecipeError> {
        let delimiter = self.delimiter.as_deref().map(delimiter).transpose()?;
        options.delimiter = delimiter.or(options.delimiter);
        options.encoding = self.encoding.clone().or(options.encoding);
        options.decimal = self.decimal.or(options.decimal);
        options.date_order = self.date_order.or(options.date_order);
        options.date_columns.extend(self.dates.iter().cloned());
        options.header_rows = self.header.map(Header::rows).or(options.header_rows);
        options.skip_rows = self.skip_rows.unwrap_or(options.skip_rows);
        options.skip_footer = self.skip_footer.unwrap_or(options.skip_footer);
        options.totals = self.totals.or(options.totals);
        options.quote = self.quote.or(options.quote);
        options.escape = self.escape.or(options.escape);
        options.comment = self.comment.or(options.comment);
        options.null_values.extend(self.null_values.iter().cloned());
        options.keep_default_nulls = self.keep_default_nulls.or(options.keep_default_nulls);
        options.max_rejects = self.max_rejects.or(options.max_rejects);
        options.sheet = self.sheet.clone().or(options.sheet);
        Ok(options)
    }
}

/// A delimiter as people write it.
fn delimiter(text: &str) -> Result<char, RecipeError> {
    let mut characters = text.chars();
    match (text, characters.next(), characters.next()) {
        ("tab" | "\\t", ..) => Ok('\t'),
        (_, Some(delimiter), None) if delimiter.is_ascii() => Ok(delimiter),
        _ => Err(RecipeError::Setting {
            key: "input.delimiter",
            problem: "it is one ASCII character, or tab",
        }),
    }
}
