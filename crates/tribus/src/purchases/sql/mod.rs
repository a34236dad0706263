//! The roll-up as SQL: one statement from the table of purchases to the table of customers, for an engine that holds it.
//!
//! It does what [`roll_up`](super::roll_up) does, step by step, with what was found in the file at hand: the parts, the words of
//! states and guests, which numbers count once per order, and the day that counts as today. Sums are those of the engine.

mod customers;
mod form;
mod lines;

use std::collections::BTreeMap;

use super::PurchasesError;
use crate::date::Date;
use crate::expr::{self, Dialect, Expr, ExprType, Step};
use crate::ledger::{FormColumn, PurchaseForm};
use crate::meaning::{latest_of_all, latest_steps};
use crate::recipe::PurchasesSection;
use crate::table::{Kind, kinds_of};
use crate::vocabulary::parts::Part;

pub(super) use form::{form_of, form_to_keep};

/// The day that counts as today, since 1970-01-01.
const AS_OF: &str = "(SELECT as_of FROM counted_to)";

/// The statement for a table, in words of the engine. Without a day it finds the latest date, as [`roll_up`](super::roll_up) does.
pub(super) fn statement(
    form: &PurchaseForm,
    section: &PurchasesSection,
    as_of: Option<Date>,
    dialect: Dialect,
    table: &str,
) -> Result<String, PurchasesError> {
    if section.scores.is_some() || !section.rules.is_empty() {
        let what = "with scores or rules";
        return Err(PurchasesError::NoSql { what });
    }
    let writer = Writer {
        form,
        section,
        dialect,
    };
    let mut steps = writer.typed_steps(table)?;
    steps.extend(counted_to(as_of));
    steps.extend(writer.line_steps());
    steps.extend(writer.customer_steps());
    Ok(expr::statement(&steps, &writer.customers(), dialect))
}

/// The day that days are counted to.
fn counted_to(as_of: Option<Date>) -> Vec<Step> {
    let (mut steps, query) = match as_of {
        Some(day) => (Vec::new(), format!("    SELECT {} AS as_of", day.days())),
        None => (
            latest_steps(&[("day".to_owned(), "typed_lines")]),
            format!(
                "    SELECT latest AS as_of\n    FROM ({}) AS last_day",
                latest_of_all(None, "latest")
            ),
        ),
    };
    let comment = "the day that counts as today, since 1970-01-01";
    steps.push(Step::new("counted_to", comment, query));
    steps
}

struct Writer<'a> {
    form: &'a PurchaseForm,
    section: &'a PurchasesSection,
    dialect: Dialect,
}

impl Writer<'_> {
    fn played(&self, part: Part) -> Option<&FormColumn> {
        self.form.columns.get(part.word())
    }

    fn has(&self, part: Part) -> bool {
        self.played(part).is_some()
    }

    fn kind(&self, part: Part) -> Option<Kind> {
        self.played(part).map(|column| column.kind)
    }

    fn column(&self, part: Part) -> Option<String> {
        self.played(part)
            .map(|column| self.dialect.identifier(&column.name))
    }

    /// A column as text, as Tribus writes its numbers; NULL where no column plays the part.
    fn text(&self, part: Part) -> String {
        let text = self.dialect.type_name(ExprType::Text);
        match (self.column(part), self.kind(part)) {
            (None, _) => format!("CAST(NULL AS {text})"),
            (Some(column), Some(Kind::Number)) => {
                let whole = match self.dialect {
                    Dialect::Sqlite => "INTEGER",
                    Dialect::BigQuery => "INT64",
                    Dialect::ClickHouse => "Nullable(Int64)",
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
    fn day(&self, part: Part) -> Result<String, PurchasesError> {
        let whole = self.dialect.integer();
        let Some(column) = self.played(part) else {
            return Ok(format!("CAST(NULL AS {whole})"));
        };
        let days = Expr::column(&column.name) - Expr::date(Date::EPOCH);
        let schema = kinds_of([(column.name.as_str(), Kind::Date)]);
        let days = days.to_sql(&schema, self.dialect).map_err(of_date)?;
        Ok(format!("CAST({days} AS {whole})"))
    }

    /// A day as a date.
    fn date(&self, day: &str) -> String {
        let date = Expr::date(Date::EPOCH) + Expr::column(day);
        let schema = kinds_of([(day, Kind::Number)]);
        let date = date.to_sql_over_typed_columns(&schema, self.dialect);
        // Our own columns are written without quotes, which fold them to capitals in some engines.
        date.expect("a date and days are a date")
            .replace(&self.dialect.identifier(day), day)
    }

    /// `'a', 'b'`.
    fn listed<'t>(&self, texts: impl IntoIterator<Item = &'t String>) -> String {
        let texts = texts.into_iter().map(|text| self.dialect.text(text));
        texts.collect::<Vec<_>>().join(", ")
    }

    /// The key of a customer; NULL for a guest.
    fn key(&self, part: Part) -> String {
        if !self.has(part) {
            return self.text(part);
        }
        let key = format!("TRIM({})", self.text(part));
        let key = format!("CASE WHEN {key} LIKE '%@%' THEN LOWER({key}) ELSE {key} END");
        let guests = self.form.guests.get(part.word());
        guests.map_or_else(
            || key.clone(),
            |guests| {
                format!(
                    "CASE WHEN {} IN ({}) THEN NULL ELSE {key} END",
                    self.text(part),
                    self.listed(guests)
                )
            },
        )
    }

    /// What the words of a column mean, as numbers; NULL where no column plays the part.
    fn meanings(&self, part: Part, words: &BTreeMap<String, u8>) -> String {
        if words.is_empty() {
            return format!("CAST(NULL AS {})", self.dialect.integer());
        }
        let cases = words
            .iter()
            .map(|(word, number)| format!(" WHEN {} THEN {number}", self.dialect.text(word)));
        format!("CASE {}{} END", self.text(part), cases.collect::<String>())
    }
}

/// A column of the form that is no date after all.
fn of_date(source: expr::ExprError) -> PurchasesError {
    PurchasesError::Expression {
        place: "the day".to_owned(),
        source,
    }
}

/// A value of a line, or else the only one of its order.
fn filled(value: &str, order: &str) -> String {
    let [least, most] =
        ["MIN", "MAX"].map(|end| format!("{end}({value}) OVER (PARTITION BY {order})"));
    format!("COALESCE({value}, CASE WHEN {least} = {most} THEN {least} END)")
}
