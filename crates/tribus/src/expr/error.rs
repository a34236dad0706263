//! What can be wrong with an expression, where, and the way out.

use std::fmt;

use thiserror::Error;

use super::ExprType;
use super::function::{self, Function};
use crate::words::nearest::nearest;
use crate::words::shortened;

/// A stretch of an expression's text, counted in characters from 0; `end` is one past the last.
/// Expressions built by code have none: both are 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
}

/// Why an expression cannot be read, checked or evaluated.
///
/// Positions in messages count characters from 1. [`ExprError::caret`] draws them.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum ExprError {
    /// The text goes on with something that cannot stand there.
    #[error("expected {expected}, found {found} at character {}", span.start + 1)]
    UnexpectedToken {
        /// What could have stood there.
        expected: String,
        /// What stands there, as written (long tokens are cut).
        found: String,
        /// Where it stands.
        span: Span,
    },
    /// A character that no expression holds outside quotes.
    #[error("unexpected {character:?} at character {}", span.start + 1)]
    UnexpectedCharacter {
        /// The character.
        character: char,
        /// Where it stands.
        span: Span,
    },
    /// A quote that is never closed.
    #[error("the quote {quote} opened at character {} is never closed", span.start + 1)]
    UnclosedQuote {
        /// `'` or `"`.
        quote: char,
        /// From the opening quote to the end.
        span: Span,
    },
    /// Something that starts like a number and is none.
    #[error("{text:?} at character {} is not a number", span.start + 1)]
    InvalidNumber {
        /// As written (cut when long).
        text: String,
        /// Where it stands.
        span: Span,
    },
    /// `DATE '...'` of no day.
    #[error("{text:?} at character {} is not a date", span.start + 1)]
    InvalidDate {
        /// As written (cut when long).
        text: String,
        /// Where it stands.
        span: Span,
    },
    /// Parts within parts beyond any use.
    #[error("the expression nests deeper than {limit} levels")]
    TooDeep {
        /// The greatest depth there may be.
        limit: usize,
        /// Where the limit was passed.
        span: Span,
    },
    /// Longer than any expression that people write.
    #[error("the expression is longer than {limit} bytes")]
    TooLong {
        /// The greatest length there may be, in bytes.
        limit: usize,
    },
    /// One value would be a text beyond any use.
    #[error("it makes a text of more than {} KB", limit >> 10)]
    TextTooLong {
        /// The longest text there may be, in bytes.
        limit: usize,
    },
    /// The values would not fit into memory.
    #[error("it makes more text than can be held (the limit is {} MB and 64 bytes a row)", limit >> 20)]
    TooMuchText {
        /// The most text there may be of the smallest table, in bytes.
        limit: u64,
    },
    /// More work than anybody waits for.
    #[error("it is too much work for so many rows (the limit is {limit} steps)")]
    TooManySteps {
        /// The most steps there may be: a step is one part of an expression on one row.
        limit: u64,
    },
    /// No function has this name.
    #[error("unknown function {name}")]
    UnknownFunction {
        /// As written.
        name: String,
        /// The function with the most similar name.
        nearest: Option<String>,
        /// Where it stands.
        span: Span,
    },
    /// A function with too few or too many arguments.
    #[error("{function} takes {expected}, got {found}")]
    WrongArity {
        /// The function.
        function: &'static str,
        /// Say, "1 or 2 arguments".
        expected: String,
        /// The number of arguments written.
        found: usize,
        /// Where the call stands.
        span: Span,
    },
    /// The table has no such column.
    #[error("unknown column {name:?}")]
    UnknownColumn {
        /// As written.
        name: String,
        /// The column with the most similar name.
        nearest: Option<String>,
    },
    /// A column whose Arrow type expressions do not read.
    #[error("column {name:?} is {found}, which expressions cannot read")]
    UnsupportedColumn {
        /// The column.
        name: String,
        /// Its Arrow type.
        found: String,
    },
    /// An operator or function on values that it cannot take.
    #[error("cannot {attempt} in `{part}`")]
    WrongTypes {
        /// Say, "subtract text from number".
        attempt: String,
        /// The smallest part of the expression that holds the problem (cut when long).
        part: String,
    },
    /// The digits of ROUND are no whole number literal within reach.
    #[error("the digits of ROUND must be a whole number from -15 to 15, found `{part}`")]
    InvalidDigits {
        /// As written (cut when long).
        part: String,
    },
    /// A condition was needed, and this is a value.
    #[error("the expression is a {found}, not a condition")]
    NotCondition {
        /// What it is.
        found: ExprType,
    },
    /// An expression that is nothing but NULL.
    #[error("the expression is always NULL, so it has no type")]
    AlwaysNull,
    /// The SQL would be absurdly long, from guards within guards.
    #[error("the expression as SQL is longer than {limit} bytes")]
    SqlTooLong {
        /// The greatest length there may be, in bytes.
        limit: usize,
    },
}

impl ExprError {
    /// The way out, when there is one to tell.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownFunction {
                nearest: Some(nearest),
                ..
            } => Some(format!("did you mean {nearest}?")),
            Self::UnknownFunction { .. } => {
                let names: Vec<&str> = function::names().collect();
                Some(format!("the functions are {}", names.join(", ")))
            }
            Self::UnknownColumn {
                nearest: Some(nearest),
                ..
            } => Some(format!(
                "did you mean {}? Text is written in single quotes",
                super::spelling::Name(nearest)
            )),
            Self::UnexpectedCharacter { character, .. } => character_hint(*character),
            Self::UnexpectedToken { found, .. } => token_hint(found),
            Self::UnclosedQuote { quote, .. } => Some(format!(
                "close it with {quote}; a {quote} within is written {quote}{quote}"
            )),
            Self::InvalidNumber { .. } => Some(
                "a column whose name begins with a digit is written in double quotes".to_owned(),
            ),
            Self::WrongTypes { attempt, .. } if attempt.contains("date") => {
                Some("dates are written DATE '2020-05-27'; days are numbers".to_owned())
            }
            _ => self.fixed_hint().map(str::to_owned),
        }
    }

    fn fixed_hint(&self) -> Option<&'static str> {
        match self {
            Self::InvalidDate { .. } => Some("dates are written DATE '2020-05-27'"),
            Self::TooDeep { .. } | Self::SqlTooLong { .. } => {
                Some("split it into several derived columns")
            }
            Self::UnknownColumn { .. } => Some("text is written in single quotes"),
            Self::TooLong { .. } => {
                Some("derive a column first, or join a table of values to the file")
            }
            Self::TextTooLong { .. } | Self::TooMuchText { .. } => {
                Some("join fewer or shorter texts with ||")
            }
            Self::TooManySteps { .. } => Some("use fewer or shorter expressions, or fewer rows"),
            Self::UnsupportedColumn { .. } => {
                Some("columns are Float64, LargeUtf8, Date32 or Boolean")
            }
            Self::NotCondition { .. } => Some("compare it with something, say `Income > 0`"),
            Self::AlwaysNull => Some("NULL never matches; write `column IS NULL` to find it"),
            _ => None,
        }
    }

    /// Whether the expression is right, and only costs too much on this table.
    pub(crate) fn is_about_cost(&self) -> bool {
        matches!(
            self,
            Self::TooManySteps { .. } | Self::TooMuchText { .. } | Self::TextTooLong { .. }
        )
    }

    /// Where in the text the problem is, if the expression was text.
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::UnexpectedToken { span, .. }
            | Self::UnexpectedCharacter { span, .. }
            | Self::UnclosedQuote { span, .. }
            | Self::InvalidNumber { span, .. }
            | Self::InvalidDate { span, .. }
            | Self::TooDeep { span, .. }
            | Self::UnknownFunction { span, .. }
            | Self::WrongArity { span, .. } => (*span != Span::default()).then_some(*span),
            _ => None,
        }
    }

    /// The line of `source` that holds the problem, and carets below it: two lines of text, at
    /// most 80 characters wide.
    pub fn caret(&self, source: &str) -> Option<String> {
        const BEFORE: usize = 50;
        const WIDTH: usize = 80;
        let span = self.span()?;
        let characters: Vec<char> = source.chars().collect();
        let start = span.start.min(characters.len());
        let line_start = characters[..start]
            .iter()
            .rposition(|c| *c == '\n')
            .map_or(0, |at| at + 1);
        let line_end = characters[start..]
            .iter()
            .position(|c| *c == '\n')
            .map_or(characters.len(), |at| start + at);
        let first = line_start.max(start.saturating_sub(BEFORE));
        let last = line_end.min(first + WIDTH);
        let shown: String = characters[first..last]
            .iter()
            .map(|c| if c.is_control() { ' ' } else { *c })
            .collect();
        let carets = span.end.min(last).saturating_sub(start).max(1);
        Some(format!(
            "{shown}\n{}{}",
            " ".repeat(start - first),
            "^".repeat(carets)
        ))
    }

    pub(super) fn unknown_function(name: &str, span: Span) -> Self {
        let nearest = nearest(name, function::names());
        Self::UnknownFunction {
            name: shortened(name, 41),
            nearest,
            span,
        }
    }

    pub(super) fn wrong_arity(function: &Function, found: usize, span: Span) -> Self {
        Self::WrongArity {
            function: function.name,
            expected: function.arity(),
            found,
            span,
        }
    }

    pub(super) fn wrong_types(attempt: String, part: &impl fmt::Display) -> Self {
        Self::WrongTypes {
            attempt,
            part: shortened(&part.to_string(), 61),
        }
    }
}

fn character_hint(character: char) -> Option<String> {
    let hint = match character {
        '`' | '[' | ']' => "a column name with spaces or signs is written in double quotes",
        '\u{2018}' | '\u{2019}' => "text is written in straight single quotes: 'text'",
        '\u{201c}' | '\u{201d}' | '\u{201e}' => {
            "column names are written in straight double quotes: \"name\""
        }
        '&' => "write AND",
        '|' => "write OR for a choice, || to join texts",
        '!' => "write NOT, or <> for unequal",
        '^' => "write POWER(x, y)",
        ';' => "an expression is no statement: leave the semicolon out",
        _ => return None,
    };
    Some(hint.to_owned())
}

fn token_hint(found: &str) -> Option<String> {
    let hint = match found {
        "==" => "write = for equal",
        "--" | "/*" => "comments are not part of an expression; minus a negative is written - -",
        "IS" | "IN" | "LIKE" | "BETWEEN" | "=" | "<>" | "!=" | "<" | "<=" | ">" | ">=" => {
            "comparisons do not chain: add parentheses"
        }
        _ => return None,
    };
    Some(hint.to_owned())
}
