//! The SQL of each dialect, as text.

use super::*;

#[track_caller]
fn assert_sql(source: &str, dialect: Dialect, expected: &str) {
    let sql = Expr::parse(source)
        .unwrap()
        .to_sql(&table().schema(), dialect)
        .unwrap();
    assert_eq!(sql, expected, "{source} in {dialect}");
}

#[test]
fn division_is_real_and_by_zero_null() {
    assert_sql(
        "x / y",
        Dialect::DuckDb,
        "CAST(\"x\" AS DOUBLE) / NULLIF(CAST(\"y\" AS DOUBLE), 0)",
    );
    assert_sql(
        "1 / 2",
        Dialect::Postgres,
        "CAST(1 AS DOUBLE PRECISION) / 2",
    );
    assert_sql(
        "1 / (2 - 2)",
        Dialect::Sqlite,
        "CAST(1 AS REAL) / NULLIF(2 - 2, 0)",
    );
    assert_sql("x / 2", Dialect::BigQuery, "CAST(`x` AS FLOAT64) / 2");
    let expr = Expr::parse("LENGTH(name) / x").unwrap();
    let sql = expr
        .to_sql_over_typed_columns(&table().schema(), Dialect::Snowflake)
        .unwrap();
    assert_eq!(sql, "LENGTH(\"name\") / NULLIF(\"x\", 0)");
}

#[test]
fn days_between_dates_are_written_in_each_dialect() {
    for (dialect, expected) in [
        (
            Dialect::Ansi,
            "CAST((CAST(\"Dt\" AS DATE) - DATE '2020-01-01') DAY(9) AS INTEGER)",
        ),
        (Dialect::DuckDb, "CAST(\"Dt\" AS DATE) - DATE '2020-01-01'"),
        (
            Dialect::Postgres,
            "CAST(\"Dt\" AS DATE) - DATE '2020-01-01'",
        ),
        (
            Dialect::Sqlite,
            "julianday(date(\"Dt\")) - julianday('2020-01-01')",
        ),
        (
            Dialect::BigQuery,
            "DATE_DIFF(CAST(`Dt` AS DATE), DATE '2020-01-01', DAY)",
        ),
        (
            Dialect::Snowflake,
            "DATEDIFF(day, DATE '2020-01-01', CAST(\"Dt\" AS DATE))",
        ),
    ] {
        assert_sql("Dt - DATE '2020-01-01'", dialect, expected);
    }
    assert_sql(
        "Dt - 30",
        Dialect::BigQuery,
        "DATE_SUB(CAST(`Dt` AS DATE), INTERVAL 30 DAY)",
    );
    assert_sql(
        "Dt - -2.5",
        Dialect::Snowflake,
        "DATEADD(day, -(-3), CAST(\"Dt\" AS DATE))",
    );
}

#[test]
fn functions_fail_nowhere_and_are_null_where_they_are_here() {
    assert_sql(
        "LN(x)",
        Dialect::DuckDb,
        "CASE WHEN CAST(\"x\" AS DOUBLE) > 0 THEN LN(CAST(\"x\" AS DOUBLE)) END",
    );
    assert_sql(
        "LOG1P(x)",
        Dialect::BigQuery,
        "CASE WHEN CAST(`x` AS FLOAT64) > -1 THEN LN(1 + CAST(`x` AS FLOAT64)) END",
    );
    assert_sql(
        "LEAST(name, 'a')",
        Dialect::Postgres,
        "CASE WHEN \"name\" IS NOT NULL THEN LEAST(\"name\" COLLATE \"C\", 'a') END",
    );
    assert_sql("LEAST(name, 'a')", Dialect::Sqlite, "MIN(\"name\", 'a')");
    assert_sql(
        "LEAST(name, 'a')",
        Dialect::Snowflake,
        "LEAST(\"name\", 'a')",
    );
    assert_sql(
        "ROUND(x, 2)",
        Dialect::Postgres,
        "CAST(ROUND(CAST(CAST(\"x\" AS DOUBLE PRECISION) AS NUMERIC), 2) AS DOUBLE PRECISION)",
    );
    assert_sql(
        "YEAR(Dt)",
        Dialect::Sqlite,
        "CAST(strftime('%Y', date(\"Dt\")) AS INTEGER)",
    );
    assert_sql(
        "POWER(x, -1)",
        Dialect::Ansi,
        "CASE WHEN CAST(\"x\" AS DOUBLE PRECISION) <> 0 THEN POWER(CAST(\"x\" AS DOUBLE PRECISION), -1) END",
    );
}

#[test]
fn quotes_and_patterns_survive_each_dialect() {
    assert_sql(
        "name = 'it''s \\'",
        Dialect::Postgres,
        "\"name\" = 'it''s \\'",
    );
    assert_sql(
        "name = 'it''s \\'",
        Dialect::BigQuery,
        "`name` = 'it\\'s \\\\'",
    );
    assert_sql(
        "name = 'it''s \\'",
        Dialect::Snowflake,
        "\"name\" = 'it''s \\\\'",
    );
    assert_sql(
        "\"Income.total [\"\"k\"\"]\" > 0.5",
        Dialect::Sqlite,
        "CAST(\"Income.total [\"\"k\"\"]\" AS REAL) > 0.5",
    );
    assert_sql(
        "name LIKE '[a]_%*'",
        Dialect::Sqlite,
        "\"name\" GLOB '[[]a]?*[*]'",
    );
    assert_sql(
        "name NOT LIKE 'a%'",
        Dialect::Postgres,
        "\"name\" NOT LIKE 'a%' ESCAPE ''",
    );
    assert_sql(
        "name < 'a'",
        Dialect::Postgres,
        "\"name\" COLLATE \"C\" < 'a'",
    );
    assert_sql(
        "x * 0.1234567890123456",
        Dialect::DuckDb,
        "CAST(\"x\" AS DOUBLE) * 0.1234567890123456e0",
    );
}

#[test]
fn guards_within_guards_stop_before_they_fill_the_memory() {
    let source = format!("{}x{}", "SQRT(".repeat(90), ")".repeat(90));
    let expr = Expr::parse(&source).unwrap();
    let error = expr.to_sql(&table().schema(), Dialect::DuckDb).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the expression as SQL is longer than 16777216 bytes"
    );
    assert!(expr.evaluate(&table()).is_ok());
}
