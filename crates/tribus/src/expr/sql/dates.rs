//! The SQL of sums and differences of dates, which every engine writes in its own way.

use super::{Printer, Sql};
use crate::expr::tree::{Level, Operator};
use crate::expr::{Dialect, ExprType};

impl Printer<'_> {
    pub(super) fn days_between(&self, left: &Sql, right: &Sql) -> Sql {
        let (text, level) = match self.dialect {
            Dialect::DuckDb | Dialect::Postgres => {
                let right = right.at(Level::Product);
                (format!("{} - {right}", left.at(Level::Sum)), Level::Sum)
            }
            Dialect::Sqlite => {
                let text = format!("julianday({}) - julianday({})", left.text, right.text);
                (text, Level::Sum)
            }
            Dialect::BigQuery => (
                format!("DATE_DIFF({}, {}, DAY)", left.text, right.text),
                Level::Atom,
            ),
            Dialect::Snowflake => (
                format!("DATEDIFF(day, {}, {})", right.text, left.text),
                Level::Atom,
            ),
            Dialect::Spark => (
                format!("DATEDIFF({}, {})", left.text, right.text),
                Level::Atom,
            ),
            Dialect::ClickHouse => (
                format!("dateDiff('day', {}, {})", right.text, left.text),
                Level::Atom,
            ),
            Dialect::Ansi => {
                let (left, right) = (left.at(Level::Sum), right.at(Level::Product));
                (
                    format!("CAST(({left} - {right}) DAY(9) AS INTEGER)"),
                    Level::Atom,
                )
            }
        };
        Sql::new(text, level, ExprType::Number)
    }

    /// A date and days, which are rounded down.
    pub(super) fn moved(&self, date: &Sql, operator: Operator, days: &Sql) -> Sql {
        let whole = match days.number {
            Some(number) if number.abs() < 1e9 => format!("{}", number.floor()),
            _ => format!("CAST(FLOOR({}) AS {})", days.text, self.dialect.integer()),
        };
        let is_sum = operator == Operator::Add;
        let minus = if is_sum { "" } else { "-" };
        let symbol = operator.symbol();
        let (text, level) = match self.dialect {
            Dialect::DuckDb | Dialect::Postgres => (
                format!("{} {symbol} {whole}", date.at(Level::Sum)),
                Level::Sum,
            ),
            Dialect::Sqlite => {
                let text = format!("date({}, {minus}({whole}) || ' days')", date.text);
                (text, Level::Atom)
            }
            Dialect::BigQuery => {
                let name = if is_sum { "DATE_ADD" } else { "DATE_SUB" };
                (
                    format!("{name}({}, INTERVAL {whole} DAY)", date.text),
                    Level::Atom,
                )
            }
            Dialect::Snowflake => (
                format!("DATEADD(day, {minus}({whole}), {})", date.text),
                Level::Atom,
            ),
            Dialect::Spark => {
                let name = if is_sum { "DATE_ADD" } else { "DATE_SUB" };
                (format!("{name}({}, {whole})", date.text), Level::Atom)
            }
            Dialect::ClickHouse => {
                let name = if is_sum { "addDays" } else { "subtractDays" };
                (format!("{name}({}, {whole})", date.text), Level::Atom)
            }
            Dialect::Ansi => {
                let date = date.at(Level::Sum);
                (
                    format!("{date} {symbol} {whole} * INTERVAL '1' DAY"),
                    Level::Sum,
                )
            }
        };
        Sql::new(text, level, ExprType::Date)
    }
}
