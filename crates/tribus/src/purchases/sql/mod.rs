//! The roll-up as SQL: one statement from the table of purchases to the table of customers, for an engine that holds it.
//!
//! It does what [`roll_up`](super::roll_up) does, step by step, with what was found in the file at hand: the parts, the words of
//! states and guests, which numbers count once per order, and the day that counts as today. Sums are those of the engine.

mod customers;
mod lines;

use std::fmt::Write as _;

use super::PurchasesError;
use super::lines::Lines;
use super::recognize::Found;
use crate::expr::{Dialect, ExprType};
use crate::table::Kind;
use crate::vocabulary::parts::Part;

/// The statement for a table called `table`.
pub(super) fn statement(
    found: &Found<'_>,
    lines: &Lines,
    dialect: Dialect,
    table: &str,
) -> Result<String, PurchasesError> {
    if !matches!(
        dialect,
        Dialect::DuckDb | Dialect::Postgres | Dialect::Sqlite
    ) {
        let what = "in this dialect (there are duckdb, postgres and sqlite)";
        return Err(PurchasesError::NoSql { what });
    }
    if lines.section.scores.is_some() || !lines.section.rules.is_empty() {
        let what = "with scores or rules";
        return Err(PurchasesError::NoSql { what });
    }
    let writer = Writer {
        found,
        lines,
        dialect,
    };
    let mut text = String::new();
    for (name, comment, body) in writer
        .line_steps(table)?
        .into_iter()
        .chain(writer.customer_steps())
    {
        let before = if text.is_empty() { "WITH" } else { "," };
        let _ = write!(text, "{before}\n-- {comment}\n{name} AS (\n{body}\n)");
    }
    let _ = write!(text, "\n{}\n", writer.customers());
    Ok(text)
}

/// A common table expression: its name, what it holds, and its query.
type Step = (&'static str, &'static str, String);

struct Writer<'a> {
    found: &'a Found<'a>,
    lines: &'a Lines,
    dialect: Dialect,
}

impl Writer<'_> {
    fn has(&self, part: Part) -> bool {
        self.found.at(part).is_some()
    }

    fn kind(&self, part: Part) -> Option<Kind> {
        self.found.at(part).map(|at| self.found.table().kind(at))
    }

    fn column(&self, part: Part) -> Option<String> {
        self.found
            .name(part)
            .map(|name| self.dialect.identifier(name))
    }

    /// A column as text, as Tribus writes its numbers; NULL where no column plays the part.
    fn text(&self, part: Part) -> String {
        let text = self.dialect.type_name(ExprType::Text);
        match (self.column(part), self.kind(part)) {
            (None, _) => format!("CAST(NULL AS {text})"),
            (Some(column), Some(Kind::Number)) => {
                let whole = match self.dialect {
                    Dialect::Sqlite => "INTEGER",
                    _ => "BIGINT",
                };
                let number = self.dialect.type_name(ExprType::Number);
                format!(
                    "CASE WHEN {column} = CAST({column} AS {whole}) THEN CAST(CAST({column} AS {whole}) AS {text}) ELSE CAST(CAST({column} AS {number}) AS {text}) END"
                )
            }
            // Empty cells are missing.
            (Some(column), _) => format!("NULLIF(CAST({column} AS {text}), '')"),
        }
    }

    /// A column as a number.
    fn number(&self, part: Part) -> String {
        let kind = self.dialect.type_name(ExprType::Number);
        let column = self.column(part).unwrap_or_else(|| "NULL".to_owned());
        format!("CAST({column} AS {kind})")
    }

    /// Days since 1970-01-01.
    fn day(&self, part: Part) -> String {
        match (self.column(part), self.dialect) {
            (None, _) => "CAST(NULL AS INTEGER)".to_owned(),
            (Some(column), Dialect::Sqlite) => {
                format!("CAST(julianday(date({column})) - 2440587.5 AS INTEGER)")
            }
            (Some(column), _) => {
                format!("CAST(CAST({column} AS DATE) - DATE '1970-01-01' AS INTEGER)")
            }
        }
    }

    /// A day as a date.
    fn date(&self, day: &str) -> String {
        match self.dialect {
            Dialect::Sqlite => format!("date({day} * 86400, 'unixepoch')"),
            _ => format!("DATE '1970-01-01' + {day}"),
        }
    }

    /// `'a', 'b'`.
    fn listed<'t>(&self, texts: impl IntoIterator<Item = &'t String>) -> String {
        let texts = texts.into_iter().map(|text| self.dialect.text(text));
        texts.collect::<Vec<_>>().join(", ")
    }

    /// The key of a customer; NULL for a guest.
    fn key(&self, part: Part) -> String {
        let Some(keys) = self.found.keys(part) else {
            return self.text(part);
        };
        let guests = keys
            .names()
            .filter(|name| super::buyers::key_of(name).is_none());
        let guests: Vec<String> = guests.map(std::borrow::Cow::into_owned).collect();
        let key = format!("TRIM({})", self.text(part));
        let key = format!("CASE WHEN {key} LIKE '%@%' THEN LOWER({key}) ELSE {key} END");
        if guests.is_empty() {
            return key;
        }
        format!(
            "CASE WHEN {} IN ({}) THEN NULL ELSE {key} END",
            self.text(part),
            self.listed(&guests)
        )
    }

    /// What the words of a column mean, as numbers; NULL where no column plays the part.
    fn meanings(&self, part: Part, meaning: impl Fn(&str) -> Option<u8>) -> String {
        let words = self.found.keys(part).map_or_else(Vec::new, |keys| {
            let known = keys
                .names()
                .filter_map(|name| Some((meaning(&name)?, name.into_owned())));
            known.collect::<Vec<_>>()
        });
        if words.is_empty() {
            return "CAST(NULL AS INTEGER)".to_owned();
        }
        let cases = words
            .iter()
            .map(|(number, word)| format!(" WHEN {} THEN {number}", self.dialect.text(word)));
        format!("CASE {}{} END", self.text(part), cases.collect::<String>())
    }
}

/// A value of a line, or else the only one of its order.
fn filled(value: &str, order: &str) -> String {
    let [least, most] =
        ["MIN", "MAX"].map(|end| format!("{end}({value}) OVER (PARTITION BY {order})"));
    format!("COALESCE({value}, CASE WHEN {least} = {most} THEN {least} END)")
}
