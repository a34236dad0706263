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
