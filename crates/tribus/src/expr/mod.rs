//! One expression over the columns of a table: read from SQL syntax, checked against a schema,
//! evaluated on Arrow arrays, and printed as SQL for the warehouse that has the rows.
//!
//! In come text and [`RecordBatch`]es whose columns are `Float64` (numbers), `LargeUtf8` (text),
//! `Date32` (dates) or `Boolean`; out comes one array of one of these types. This module knows
//! nothing of files, recipes or segments.
//!
//! ```
//! use std::sync::Arc;
//! use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch};
//! use tribus::expr::{Dialect, Expr};
//!
//! let births: ArrayRef = Arc::new(Float64Array::from(vec![Some(1957.0), None, Some(1970.0)]));
//! let table = RecordBatch::try_from_iter([("Year_Birth", births)])?;
//!
//! let age = Expr::parse("2020 - Year_Birth")?;
//! let ages = age.evaluate(&table)?;
//! assert_eq!(ages.as_ref(), &Float64Array::from(vec![Some(63.0), None, Some(50.0)]) as &dyn Array);
//!
//! let is_old = Expr::parse("2020 - Year_Birth > 60")?;
//! assert_eq!(is_old.select(&table)?, [true, false, false]);
//!
//! let sql = age.to_sql(&table.schema(), Dialect::DuckDb)?;
//! assert_eq!(sql, r#"2020 - CAST("Year_Birth" AS DOUBLE)"#);
//!
//! let error = Expr::parse("2020 - Year_Brith")?.check(&table.schema()).unwrap_err();
//! assert_eq!(error.to_string(), r#"unknown column "Year_Brith""#);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What can be written
//! Numbers (`1`, `2.5`, `1e3`), text (`'it''s'`), `DATE '2020-05-27'`, `TRUE`, `FALSE`, `NULL`; columns by
//! their exact name, in double quotes if it is more than letters, digits and `_` or begins with a digit
//! (`"Total spend"`, `""` for a quote within). Keywords and functions go by any case.
//!
//! Loosest first: `OR`, `AND`, `NOT`, then `= <> != < <= > >=`, `IS [NOT] NULL`, `[NOT] IN (..)`,
//! `[NOT] BETWEEN .. AND ..`, `[NOT] LIKE ..` (these do not chain), then `||`, `+ -`, `* /`, unary minus.
//! `CASE [x] WHEN .. THEN .. [ELSE ..] END`. Functions: ABS, ROUND(x[, digits]), FLOOR, CEIL, LN, LOG1P,
//! EXP, SQRT, POWER, LEAST, GREATEST, COALESCE, NULLIF, LOWER, UPPER, TRIM, LENGTH,
//! EXTRACT(YEAR | MONTH | DAY FROM date), also as YEAR(date) and so on.
//!
//! # What it means
//! - NULL is unknown: what is computed from it is NULL, `NULL = NULL` too; AND, OR, NOT and IN
//!   follow SQL's three-valued logic, and [`Expr::select`] takes only rows that are TRUE.
//! - Results are finite or NULL: division by zero, logarithms of nothing, roots of less than nothing
//!   and overflow all give NULL, and a NaN or infinity in a column is read as NULL. Negative zero
//!   becomes zero.
//! - Numbers are doubles, `/` is real division, ROUND takes halves away from zero.
//! - Date - date is whole days; date + number and date - number take the number rounded down, and
//!   are NULL outside the years 1 to 9999. A date and a text do not compare.
//! - Text compares by code point; LIKE heeds case and has no escape; LENGTH counts characters; TRIM takes
//!   blanks (U+0020) only.
//! - LEAST and GREATEST are NULL if any argument is, as the SQL standard has it.
//! - `x BETWEEN low AND high` is `x >= low AND x <= high`.
//!
//! # What it may cost
//! Nesting ([`MAX_DEPTH`]) and length ([`MAX_LENGTH`]) are bounded, and so are the values that all expressions of a recipe
//! compute on one table (20 billion) and the text that they make (256 MB and 64 bytes a row; 64 KB in one value). An expression
//! that asks for more is an error before memory or patience is used up.
//!
//! How SQL engines differ, and what is done about it: see [`Dialect`].
//!
//! # Promises, and the tests that hold them
//! `Display` prints canonical text that parses back to an equal tree
//! (`printed_trees_parse_back_to_themselves`); no text makes the parser panic or run out of stack
//! (`no_text_panics_the_parser`, `nesting_is_refused_beyond_the_limit`).

mod budget;
mod build;
mod check;
mod dialect;
mod display;
mod error;
mod evaluate;
mod function;
mod lexer;
mod like;
mod order;
mod parser;
mod spelling;
mod sql;
mod statement;
mod tree;
mod values;

use std::fmt;
use std::str::FromStr;

#[cfg(doc)]
use arrow_array::RecordBatch;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub(crate) use budget::Budget;
pub use dialect::Dialect;
pub use error::{ExprError, Span};
pub(crate) use order::in_order;
pub(crate) use statement::{Step, statement};
pub use tree::{Comparison, Expr, Operator};

/// The deepest that expressions nest: parentheses, operands and arguments within each other. What
/// people write stays below 10; a parser of this depth fits in any thread's stack.
pub const MAX_DEPTH: usize = 100;

/// The longest text of an expression, in bytes; a list of 50,000 values fits.
pub const MAX_LENGTH: usize = 1 << 20;

/// The type of an expression's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExprType {
    /// Doubles: Arrow's `Float64`.
    Number,
    /// Arrow's `LargeUtf8`.
    Text,
    /// Whole days: Arrow's `Date32`.
    Date,
    /// TRUE, FALSE or unknown: Arrow's `Boolean`.
    Boolean,
}

impl fmt::Display for ExprType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Number => "number",
            Self::Text => "text",
            Self::Date => "date",
            Self::Boolean => "condition",
        })
    }
}

/// A column's name as expressions write it: quoted if it has to be.
pub fn identifier(name: &str) -> String {
    spelling::Name(name).to_string()
}

impl Expr {
    /// Reads an expression; the grammar is told in the [module](self).
    ///
    /// # Errors
    /// What the first problem is and where, counted in characters; functions and their numbers of
    /// arguments are checked here, columns and types by [`Expr::check`].
    pub fn parse(source: &str) -> Result<Self, ExprError> {
        if source.len() > MAX_LENGTH {
            return Err(ExprError::TooLong { limit: MAX_LENGTH });
        }
        parser::parse(source)
    }
}

impl FromStr for Expr {
    type Err = ExprError;

    fn from_str(source: &str) -> Result<Self, ExprError> {
        Self::parse(source)
    }
}

impl Serialize for Expr {
    /// As its canonical text.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Expr {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let source = String::deserialize(deserializer)?;
        Self::parse(&source).map_err(|error| match error.hint() {
            Some(hint) => de::Error::custom(format_args!("{error} ({hint})")),
            None => de::Error::custom(error),
        })
    }
}

#[cfg(test)]
mod tests;
