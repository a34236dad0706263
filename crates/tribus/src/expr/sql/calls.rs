//! The SQL of functions: the same values in every engine, and NULL where an engine would fail.

use std::borrow::Cow;

use super::{Sql, join};
use crate::expr::tree::Level;
use crate::expr::{Dialect, ExprType};

/// `NAME(arguments)`.
pub(in crate::expr) fn call(name: &str, arguments: &[Sql]) -> String {
    format!("{name}({})", join(arguments))
}

/// The function only where its argument lets it have a value: engines fail elsewhere.
pub(in crate::expr) fn guarded(condition: &str, name: &str, arguments: &[Sql]) -> String {
    let argument = &arguments[0];
    format!(
        "CASE WHEN {} {condition} THEN {name}({}) END",
        argument.operand(),
        argument.text
    )
}

pub(in crate::expr) fn log1p(arguments: &[Sql], _: Dialect) -> String {
    let argument = &arguments[0];
    let term = argument.at(Level::Product);
    format!(
        "CASE WHEN {} > -1 THEN LN(1 + {term}) END",
        argument.operand()
    )
}

/// Beyond 709.78 the result is no double; Postgres fails where it is zero, too.
pub(in crate::expr) fn exp(arguments: &[Sql], dialect: Dialect) -> String {
    let (operand, argument) = (arguments[0].operand(), &arguments[0].text);
    let underflow = match dialect {
        Dialect::Postgres => format!("WHEN {operand} < -745 THEN 0 "),
        _ => String::new(),
    };
    format!("CASE {underflow}WHEN {operand} < 709.782712893384 THEN EXP({argument}) END")
}

pub(in crate::expr) fn power(arguments: &[Sql]) -> String {
    let (base, exponent) = (arguments[0].operand(), arguments[1].operand());
    let condition = match arguments[1].number {
        Some(number) if number.fract() == 0.0 && number >= 0.0 => return call("POWER", arguments),
        Some(number) if number.fract() == 0.0 => format!("{base} <> 0"),
        Some(number) if number > 0.0 => format!("{base} >= 0"),
        Some(_) => format!("{base} > 0"),
        None => format!(
            "{base} > 0 OR {base} = 0 AND {exponent} >= 0 OR {base} < 0 AND {exponent} = FLOOR({exponent})"
        ),
    };
    format!(
        "CASE WHEN {condition} THEN {} END",
        call("POWER", arguments)
    )
}

pub(in crate::expr) fn round(arguments: &[Sql], dialect: Dialect) -> String {
    let digits = arguments
        .get(1)
        .and_then(|digits| digits.number)
        .unwrap_or(0.0);
    let value = &arguments[0];
    match dialect {
        Dialect::Postgres => {
            format!(
                "CAST(ROUND(CAST({} AS NUMERIC), {digits}) AS DOUBLE PRECISION)",
                value.text
            )
        }
        // SQLite takes digits below zero for zero.
        Dialect::Sqlite if digits < 0.0 => {
            let scale = format!("1e{}", -digits);
            format!("(ROUND({} / {scale}) * {scale})", value.at(Level::Product))
        }
        _ => call("ROUND", arguments),
    }
}

/// LEAST or GREATEST: NULL if any argument is.
pub(in crate::expr) fn extreme(
    name: &str,
    sqlite: &str,
    arguments: &[Sql],
    dialect: Dialect,
) -> String {
    match dialect {
        Dialect::Sqlite => return call(sqlite, arguments),
        Dialect::Ansi | Dialect::BigQuery | Dialect::Snowflake => return call(name, arguments),
        Dialect::DuckDb | Dialect::Postgres | Dialect::Spark | Dialect::ClickHouse => {}
    }
    let known: Vec<String> = arguments
        .iter()
        .filter(|argument| !argument.is_literal)
        .map(|argument| format!("{} IS NOT NULL", argument.operand()))
        .collect();
    let first = match arguments[0].ordered(dialect) {
        Cow::Owned(collated) if arguments[0].kind == Some(ExprType::Text) => collated,
        _ => arguments[0].text.clone(),
    };
    let call = format!("{name}({first}, {})", join(&arguments[1..]));
    if known.is_empty() {
        return call;
    }
    format!("CASE WHEN {} THEN {call} END", known.join(" AND "))
}

/// LOWER or UPPER, of letters beyond ASCII too.
pub(in crate::expr) fn cased(
    name: &str,
    clickhouse: &str,
    arguments: &[Sql],
    dialect: Dialect,
) -> String {
    match dialect {
        Dialect::ClickHouse => call(clickhouse, arguments),
        _ => call(name, arguments),
    }
}

/// Blanks only, where an engine would take all white space.
pub(in crate::expr) fn trim(arguments: &[Sql], dialect: Dialect) -> String {
    let text = &arguments[0].text;
    match dialect {
        Dialect::Ansi | Dialect::Postgres | Dialect::Spark | Dialect::ClickHouse => {
            format!("TRIM(BOTH ' ' FROM {text})")
        }
        _ => format!("TRIM({text}, ' ')"),
    }
}

pub(in crate::expr) fn length(arguments: &[Sql], dialect: Dialect) -> String {
    let name = match dialect {
        Dialect::Ansi | Dialect::ClickHouse => "CHAR_LENGTH",
        _ => "LENGTH",
    };
    call(name, arguments)
}

pub(in crate::expr) fn field(
    name: &str,
    format: &str,
    arguments: &[Sql],
    dialect: Dialect,
) -> String {
    let date = &arguments[0].text;
    match dialect {
        Dialect::Sqlite => format!("CAST(strftime('{format}', {date}) AS INTEGER)"),
        _ => format!("EXTRACT({name} FROM {date})"),
    }
}
