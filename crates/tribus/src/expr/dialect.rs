//! What differs between SQL engines in names, literals and types.

use std::fmt;
use std::str::FromStr;

use super::ExprType;
use super::spelling::{Number, Quoted};

/// An SQL engine, for [`Expr::to_sql`](super::Expr::to_sql).
///
/// Printed SQL means what the expression means here, except where an engine cannot say it:
/// - **Overflow** of `+ - *` and POWER is NULL here, an error in Postgres and infinity elsewhere. Guards
///   are printed where results would differ for ordinary numbers: `NULLIF(b, 0)` under a division, `CASE
///   WHEN x > 0 ..` around LN, SQRT, POWER and EXP.
/// - **LN, EXP, POWER** come from the engine's own library and may differ in the last digit; LOG1P is
///   `LN(1 + x)`, which loses digits for x near zero.
/// - **ROUND** in Postgres goes by NUMERIC (doubles there round halves to even), that is by the first 15
///   digits; SQLite, DuckDB and Spark round by decimal digits, too.
/// - **LEAST, GREATEST** ignore NULL in Postgres, DuckDB, Spark and ClickHouse; a guard makes them NULL.
/// - **LOWER, UPPER** know only ASCII in SQLite, follow the database's locale in Postgres, and change letter by letter in DuckDB
///   (`ß` is `SS` here).
/// - **Numbers with a point** are decimals in Spark and engines that speak its dialect, so they are written with an exponent.
/// - **Text order** is by code point here: Postgres gets `COLLATE "C"`, the others do so by default unless a
///   column was declared otherwise; standard SQL has no name for it.
/// - **LIKE** is `GLOB` in SQLite, whose LIKE ignores case.
/// - **Dates** outside the years 1 to 9999 are NULL here, and a date or an error elsewhere. Dates in SQLite are ISO texts. Standard SQL has an interval where others have days.
/// - **Empty text** is text, not NULL; in SQLite `CAST('' AS REAL)` is 0, so load empty cells as NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// ISO SQL (2016 and later), for engines without a dialect of their own here.
    Ansi,
    /// DuckDB.
    DuckDb,
    /// PostgreSQL 12 and later.
    Postgres,
    /// SQLite 3.35 and later, with its math functions.
    Sqlite,
    /// Google BigQuery.
    BigQuery,
    /// Snowflake.
    Snowflake,
    /// Apache Spark 3.4 and later, Databricks and Sail.
    Spark,
    /// ClickHouse.
    ClickHouse,
}

impl Dialect {
    /// Every dialect there is.
    pub const ALL: [Self; 8] = [
        Self::Ansi,
        Self::DuckDb,
        Self::Postgres,
        Self::Sqlite,
        Self::BigQuery,
        Self::Snowflake,
        Self::Spark,
        Self::ClickHouse,
    ];

    /// The name people write, say `duckdb`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ansi => "ansi",
            Self::DuckDb => "duckdb",
            Self::Postgres => "postgres",
            Self::Sqlite => "sqlite",
            Self::BigQuery => "bigquery",
            Self::Snowflake => "snowflake",
            Self::Spark => "spark",
            Self::ClickHouse => "clickhouse",
        }
    }

    /// A column's or table's name, always quoted: exact in case, and never a keyword.
    pub fn identifier(self, name: &str) -> String {
        match self {
            Self::BigQuery | Self::ClickHouse => {
                format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`"))
            }
            Self::Spark => Quoted(name, '`').to_string(),
            _ => Quoted(name, '"').to_string(),
        }
    }

    /// A text literal.
    pub fn text(self, text: &str) -> String {
        match self {
            Self::BigQuery | Self::Spark | Self::ClickHouse => {
                let escaped = text
                    .replace('\\', "\\\\")
                    .replace('\'', "\\'")
                    .replace('\n', "\\n")
                    .replace('\r', "\\r");
                format!("'{escaped}'")
            }
            Self::Snowflake => Quoted(&text.replace('\\', "\\\\"), '\'').to_string(),
            _ => Quoted(text, '\'').to_string(),
        }
    }

    /// A number literal that reads back as the same double (NULL when not finite).
    pub fn number(self, number: f64) -> String {
        if !number.is_finite() {
            return "NULL".to_owned();
        }
        let text = Number(number).to_string();
        // DuckDB and Spark read digits with a point as DECIMAL, which beyond 15 digits does not always convert to
        // the nearest double; an exponent makes them a DOUBLE at once. In Spark a DECIMAL stays one in every sum.
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let is_decimal = match self {
            Self::DuckDb => digits > 15,
            Self::Spark => true,
            _ => false,
        };
        if is_decimal && text.contains('.') && !text.contains('e') {
            return format!("{text}e0");
        }
        text
    }

    /// The engine's name for a type.
    pub fn type_name(self, kind: ExprType) -> &'static str {
        match (kind, self) {
            (ExprType::Number, Self::Ansi | Self::Postgres) => "DOUBLE PRECISION",
            (ExprType::Number, Self::DuckDb | Self::Snowflake | Self::Spark) => "DOUBLE",
            (ExprType::Number, Self::ClickHouse) => "Nullable(Float64)",
            (ExprType::Text, Self::ClickHouse) => "Nullable(String)",
            (ExprType::Date, Self::ClickHouse) => "Nullable(Date32)",
            (ExprType::Boolean, Self::ClickHouse) => "Nullable(Bool)",
            (ExprType::Number, Self::Sqlite) => "REAL",
            (ExprType::Number, Self::BigQuery) => "FLOAT64",
            (ExprType::Text, Self::Sqlite | Self::Postgres) | (ExprType::Date, Self::Sqlite) => {
                "TEXT"
            }
            (ExprType::Text, Self::BigQuery | Self::Spark) => "STRING",
            (ExprType::Text, _) => "VARCHAR",
            (ExprType::Date, _) => "DATE",
            (ExprType::Boolean, Self::BigQuery) => "BOOL",
            (ExprType::Boolean, _) => "BOOLEAN",
        }
    }

    /// A column as the type that it has in Tribus, whatever the warehouse keeps it as: integers and
    /// decimals as doubles, timestamps as dates. Text and conditions are taken as they are.
    pub fn typed_column(self, name: &str, kind: ExprType) -> String {
        let name = self.identifier(name);
        match kind {
            ExprType::Date if self == Self::Sqlite => format!("date({name})"),
            ExprType::Number | ExprType::Date => {
                format!("CAST({name} AS {})", self.type_name(kind))
            }
            ExprType::Text | ExprType::Boolean => name,
        }
    }

    /// The engine's name for whole numbers.
    pub(crate) fn integer(self) -> &'static str {
        match self {
            Self::BigQuery => "INT64",
            Self::ClickHouse => "Nullable(Int32)",
            _ => "INTEGER",
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Dialect {
    type Err = String;

    /// By its [name](Dialect::name), in any case; also `postgresql`.
    fn from_str(name: &str) -> Result<Self, String> {
        let lower = name.to_ascii_lowercase();
        let wanted = if lower == "postgresql" {
            "postgres"
        } else {
            lower.as_str()
        };
        Self::ALL
            .into_iter()
            .find(|dialect| dialect.name() == wanted)
            .ok_or_else(|| {
                let names: Vec<&str> = Self::ALL.iter().map(|dialect| dialect.name()).collect();
                format!("unknown SQL dialect; there are {}", names.join(", "))
            })
    }
}
