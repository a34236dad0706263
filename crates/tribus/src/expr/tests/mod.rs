use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, LargeStringArray,
    RecordBatch,
};
use arrow_schema::DataType;
use proptest::prelude::*;

use super::*;
use crate::date::Date;

mod printed_sql;

fn day(text: &str) -> i32 {
    Date::parse(text).unwrap().days()
}

/// Three rows; the last is NULL but for `flag`.
fn table() -> RecordBatch {
    let columns: [(&str, ArrayRef); 8] = [
        (
            "x",
            Arc::new(Float64Array::from(vec![Some(4.0), Some(-2.5), None])),
        ),
        (
            "y",
            Arc::new(Float64Array::from(vec![Some(0.0), Some(2.0), None])),
        ),
        (
            "name",
            Arc::new(LargeStringArray::from(vec![
                Some("Anna"),
                Some(" Żoë_% "),
                None,
            ])),
        ),
        (
            "Dt",
            Arc::new(Date32Array::from(vec![
                Some(day("2020-02-28")),
                Some(day("1969-12-31")),
                None,
            ])),
        ),
        (
            "other day",
            Arc::new(Date32Array::from(vec![Some(day("2020-03-01")), None, None])),
        ),
        (
            "t",
            Arc::new(BooleanArray::from(vec![Some(true), Some(false), None])),
        ),
        (
            "Income.total [\"k\"]",
            Arc::new(Float64Array::from(vec![f64::NAN, f64::INFINITY, 1e308])),
        ),
        ("count", Arc::new(Int64Array::from(vec![1, 2, 3]))),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

/// The values as text, for tables of expectations.
fn shown(source: &str) -> String {
    let expr = Expr::parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
    let array = expr
        .evaluate(&table())
        .unwrap_or_else(|error| panic!("{source}: {error}"));
    let value = |row| match array.data_type() {
        _ if array.is_null(row) => "-".to_owned(),
        DataType::Float64 => array.as_primitive::<Float64Type>().value(row).to_string(),
        DataType::LargeUtf8 => format!("'{}'", array.as_string::<i64>().value(row)),
        DataType::Date32 => Date::from_days(array.as_primitive::<Date32Type>().value(row))
            .unwrap()
            .to_string(),
        _ => if array.as_boolean().value(row) {
            "T"
        } else {
            "F"
        }
        .to_owned(),
    };
    (0..array.len()).map(value).collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn assert_all(table: &[(&str, &str)]) {
    for (source, expected) in table {
        assert_eq!(shown(source), *expected, "{source}");
    }
}

#[test]
fn arithmetic_is_real_and_null_where_it_has_no_result() {
    assert_all(&[
        ("1 + 2 * 3 - 4 / 8", "6.5 6.5 6.5"),
        ("(1 + 2) * 3", "9 9 9"),
        ("10 - 4 - 3", "3 3 3"),
        ("-x * 2", "-8 5 -"),
        ("- -x", "4 -2.5 -"),
        ("x / y", "- -1.25 -"),
        ("1 / 3 * 3", "1 1 1"),
        ("y * -1", "0 -2 -"),
        ("1e308 * 10", "- - -"),
        ("\"Income.total [\"\"k\"\"]\" - 1e308", "- - 0"),
        ("2 - -1", "3 3 3"),
        (".5 + 1. + 1E1", "11.5 11.5 11.5"),
        ("NULL + 1", "- - -"),
    ]);
}

#[test]
fn unknown_follows_the_truth_tables() {
    assert_all(&[
        ("t AND TRUE", "T F -"),
        ("t AND FALSE", "F F F"),
        ("t AND NULL", "- F -"),
        ("t OR TRUE", "T T T"),
        ("t OR FALSE", "T F -"),
        ("t OR NULL", "T - -"),
        ("NOT t", "F T -"),
        ("NULL = NULL", "- - -"),
        ("x = NULL OR x <> NULL", "- - -"),
        ("x IS NULL", "F F T"),
        ("x IS NOT NULL", "T T F"),
        ("x IN (4, NULL)", "T - -"),
        ("x NOT IN (4, NULL)", "F - -"),
        ("x IN (-2.5, 4)", "T T -"),
        ("x BETWEEN -2.5 AND 4", "T T -"),
        ("x BETWEEN NULL AND 0", "F - -"),
        ("x NOT BETWEEN 0 AND 10", "F T -"),
        ("NOT x = 4 AND t OR t IS NULL", "F F T"),
    ]);
}

#[test]
fn only_true_rows_are_selected() {
    let select = |source: &str| Expr::parse(source).unwrap().select(&table());
    assert_eq!(select("x > 0").unwrap(), [true, false, false]);
    assert_eq!(select("NOT x > 0").unwrap(), [false, true, false]);
    assert_eq!(select("x IS NULL").unwrap(), [false, false, true]);
    assert_eq!(
        select("x").unwrap_err().to_string(),
        "the expression is a number, not a condition"
    );
}

#[test]
fn comparisons_hold_for_each_type() {
    assert_all(&[
        ("x = 4", "T F -"),
        ("x <> 4", "F T -"),
        ("x != 4", "F T -"),
        ("x < y", "F T -"),
        ("x <= 4", "T T -"),
        ("x > -2.5", "T F -"),
        ("x >= -2.5", "T T -"),
        ("name < 'B'", "T T -"),
        ("name = 'anna'", "F F -"),
        ("Dt < DATE '2000-01-01'", "F T -"),
        ("t = TRUE", "T F -"),
    ]);
}

#[test]
fn dates_count_whole_days() {
    assert_all(&[
        ("\"other day\" - Dt", "2 - -"),
        ("DATE '2020-05-27' - Dt", "89 18410 -"),
        ("Dt + 2", "2020-03-01 1970-01-02 -"),
        ("Dt + 1.9", "2020-02-29 1970-01-01 -"),
        ("Dt - 0.1", "2020-02-28 1969-12-31 -"),
        ("Dt + 1e7", "- - -"),
        ("Dt - 1e300", "- - -"),
        ("Dt + 1 - Dt", "1 1 -"),
        ("EXTRACT(YEAR FROM Dt)", "2020 1969 -"),
        ("month(Dt) * 100 + DAY(Dt)", "228 1231 -"),
        ("CASE WHEN FALSE THEN Dt END - 5", "- - -"),
        ("(CASE WHEN x > 100 THEN Dt END) - Dt", "- - -"),
    ]);
}

#[test]
fn functions_do_what_their_names_say() {
    assert_all(&[
        ("ABS(x)", "4 2.5 -"),
        ("ROUND(x)", "4 -3 -"),
        (
            "ROUND(1234.567, 2) + ROUND(1250, -2)",
            "2534.5699999999997 2534.5699999999997 2534.5699999999997",
        ),
        ("FLOOR(x / 3)", "1 -1 -"),
        ("CEILING(x / 3)", "2 0 -"),
        ("LN(x)", "1.3862943611198906 - -"),
        ("LOG1P(x)", "1.6094379124341003 - -"),
        ("EXP(y)", "1 7.38905609893065 -"),
        ("EXP(1000)", "- - -"),
        ("SQRT(x)", "2 - -"),
        ("POWER(x, 2)", "16 6.25 -"),
        ("pow(x, 0.5)", "2 - -"),
        ("POWER(y, -1)", "- 0.5 -"),
        ("LEAST(x, y, 1)", "0 -2.5 -"),
        ("GREATEST(x, y, NULL)", "- - -"),
        ("GREATEST(name, 'M')", "'M' 'M' -"),
        ("COALESCE(x, y, -1)", "4 -2.5 -1"),
        (
            "COALESCE(NULL, \"other day\", Dt)",
            "2020-03-01 1969-12-31 -",
        ),
        ("NULLIF(x, 4)", "- -2.5 -"),
    ]);
}

#[test]
fn text_is_joined_matched_and_measured_by_character() {
    assert_all(&[
        ("LOWER(name)", "'anna' ' żoë_% ' -"),
        ("UPPER(TRIM(name))", "'ANNA' 'ŻOË_%' -"),
        ("LENGTH(name)", "4 7 -"),
        ("name || '''s ' || 'cat'", "'Anna's cat' ' Żoë_% 's cat' -"),
        ("name LIKE 'A%a'", "T F -"),
        ("name LIKE '____'", "T F -"),
        ("TRIM(name) NOT LIKE 'Żo%'", "T F -"),
        ("name LIKE name", "T T -"),
    ]);
}

#[test]
fn case_takes_the_first_true_branch() {
    assert_all(&[
        (
            "CASE WHEN x > 0 THEN 'up' WHEN x < 0 THEN 'down' END",
            "'up' 'down' -",
        ),
        ("CASE WHEN x > 0 THEN 1 ELSE 0 END", "1 0 0"),
        (
            "CASE x WHEN 4 THEN NULL WHEN NULL THEN 2 ELSE 3 END",
            "- 3 3",
        ),
        ("CASE WHEN TRUE THEN NULL ELSE x END", "- - -"),
    ]);
}

#[test]
fn many_rows_come_in_order_across_blocks() {
    let values: Vec<f64> = (0..10_001).map(f64::from).collect();
    let column: ArrayRef = Arc::new(Float64Array::from(values.clone()));
    let table = RecordBatch::try_from_iter([("n", column)]).unwrap();
    let result = Expr::parse("CASE WHEN n < 5000 THEN n ELSE n + 0 END")
        .unwrap()
        .evaluate(&table);
    assert_eq!(
        result.unwrap().as_primitive::<Float64Type>().values()[..],
        values
    );
    let none = table.slice(0, 0);
    assert_eq!(
        Expr::parse("'a'")
            .unwrap()
            .evaluate(&none)
            .unwrap()
            .data_type(),
        &DataType::LargeUtf8
    );
}

const GRAMMAR_ERRORS: &[(&str, &str)] = &[
    ("", "expected a value, found the end at character 1"),
    ("1 +", "expected a value, found the end at character 4"),
    (
        "Income > 5 Age",
        "expected an operator or the end, found Age at character 12",
    ),
    (
        "(1 + 2",
        "expected an operator or `)`, found the end at character 7",
    ),
    (
        "a = b = c",
        "expected an operator or the end, found = at character 7",
    ),
    ("a IS 5", "expected NULL, found 5 at character 6"),
    ("x IN ()", "expected a value, found ) at character 7"),
    (
        "x NOT 5",
        "expected IN, BETWEEN or LIKE, found 5 at character 7",
    ),
    ("CASE x END", "expected WHEN, found END at character 8"),
    (
        "CASE WHEN a THEN 1",
        "expected WHEN, ELSE or END, found the end at character 19",
    ),
    (
        "a == 1",
        "expected an operator or the end, found == at character 3",
    ),
    (
        "1 -- 2",
        "expected an operator or the end, found -- at character 3",
    ),
    ("x; DROP", "unexpected ';' at character 2"),
    ("ż = `a`", "unexpected '`' at character 5"),
    (
        "name = 'Anna",
        "the quote ' opened at character 8 is never closed",
    ),
    (
        "2020_sales",
        "\"2020_sales\" at character 1 is not a number",
    ),
    ("1e999", "\"1e999\" at character 1 is not a number"),
    (
        "x > DATE '27.05.2020'",
        "\"27.05.2020\" at character 10 is not a date",
    ),
    ("ABS(1, 2)", "ABS takes 1 argument, got 2"),
    ("LEAST(1)", "LEAST takes 2 or more arguments, got 1"),
    ("round()", "ROUND takes 1 or 2 arguments, got 0"),
    ("SQR(2)", "unknown function SQR"),
    (
        "EXTRACT(HOUR FROM d)",
        "expected YEAR, MONTH or DAY, found HOUR at character 9",
    ),
];

#[test]
fn errors_of_grammar_say_what_and_where() {
    for (source, message) in GRAMMAR_ERRORS {
        assert_eq!(
            Expr::parse(source).unwrap_err().to_string(),
            *message,
            "{source}"
        );
    }
}

const TYPE_ERRORS: &[(&str, &str)] = &[
    ("x - name", "cannot subtract text from number in `x - name`"),
    (
        "1 + x + y * name",
        "cannot multiply number by text in `y * name`",
    ),
    ("1 + x + name", "cannot add text to number in `… + name`"),
    (
        "Dt > '2020-01-01'",
        "cannot compare date with text in `Dt > '2020-01-01'`",
    ),
    ("Dt + Dt", "cannot add date to date in `Dt + Dt`"),
    ("x AND t", "cannot use number as a condition in `x AND t`"),
    ("NOT name", "cannot use text as a condition in `NOT name`"),
    (
        "x || 'a'",
        "cannot join number and text with || in `x || 'a'`",
    ),
    ("LN(name)", "cannot use text in LN in `LN(name)`"),
    (
        "COALESCE(x, 'none')",
        "cannot mix number and text in COALESCE in `COALESCE(x, 'none')`",
    ),
    (
        "CASE WHEN t THEN 1 ELSE 'a' END",
        "cannot mix number and text in CASE in `CASE WHEN t THEN 1 ELSE 'a' END`",
    ),
    (
        "x IN (1, 'a')",
        "cannot compare number with text in `x IN (1, 'a')`",
    ),
    (
        "x LIKE '4%'",
        "cannot match number with LIKE in `x LIKE '4%'`",
    ),
    (
        "ROUND(x, y)",
        "the digits of ROUND must be a whole number from -15 to 15, found `y`",
    ),
    ("X", "unknown column \"X\""),
    (
        "count",
        "column \"count\" is Int64, which expressions cannot read",
    ),
    (
        "CASE WHEN t THEN NULL END",
        "the expression is always NULL, so it has no type",
    ),
];

#[test]
fn errors_of_type_name_the_part() {
    let schema = table().schema();
    for (source, message) in TYPE_ERRORS {
        let error = Expr::parse(source).unwrap().check(&schema).unwrap_err();
        assert_eq!(error.to_string(), *message, "{source}");
        assert_eq!(
            Expr::parse(source).unwrap().evaluate(&table()).unwrap_err(),
            error
        );
    }
}

#[test]
fn hints_show_the_way_out() {
    let schema = table().schema();
    let hint = |source: &str| {
        let error = Expr::parse(source)
            .and_then(|expr| expr.check(&schema))
            .unwrap_err();
        error.hint().unwrap_or_default()
    };
    assert_eq!(hint("SQR(2)"), "did you mean SQRT?");
    assert_eq!(
        hint("X + 1"),
        "did you mean x? Text is written in single quotes"
    );
    assert_eq!(
        hint("\"othr day\" IS NULL"),
        "did you mean \"other day\"? Text is written in single quotes"
    );
    assert_eq!(
        hint("Dt > '2020-01-01'"),
        "dates are written DATE '2020-05-27'; days are numbers"
    );
    assert_eq!(hint("a == 1"), "write = for equal");
    assert_eq!(
        hint("name = \u{2018}Anna\u{2019}"),
        "text is written in straight single quotes: 'text'"
    );
}

#[test]
fn carets_stand_below_the_problem() {
    let source = "Income > 5\n  AND żółć Age";
    let error = Expr::parse(source).unwrap_err();
    assert_eq!(error.span(), Some(Span { start: 22, end: 25 }));
    assert_eq!(
        error.caret(source).unwrap(),
        "  AND żółć Age\n           ^^^"
    );
    let long = format!("{}?", "x + ".repeat(100_000));
    let drawn = Expr::parse(&long).unwrap_err().caret(&long).unwrap();
    assert!(
        drawn.lines().all(|line| line.chars().count() <= 80),
        "{drawn}"
    );
}

#[test]
fn nesting_is_refused_beyond_the_limit() {
    let nested = |depth: usize, open: &str, close: &str| {
        format!("{}1{}", open.repeat(depth), close.repeat(depth))
    };
    for (open, close) in [
        ("(", ")"),
        ("-", ""),
        ("- ", ""),
        ("NOT ", ""),
        ("ABS(", ")"),
        ("CASE WHEN 1 = ", " THEN 1 END"),
        ("1 + (", ")"),
    ] {
        for depth in [100, 1_000, 200_000] {
            assert!(Expr::parse(&nested(depth, open, close)).is_err(), "{open}");
        }
    }
    let error = Expr::parse(&nested(100, "(", ")")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the expression nests deeper than 100 levels"
    );
    assert!(Expr::parse(&nested(99, "(", ")")).is_ok());
    let leaning = format!("{}t{}", "(".repeat(90), " = t AND t OR t)".repeat(90));
    assert!(matches!(
        Expr::parse(&leaning),
        Err(ExprError::TooDeep { .. })
    ));
    let deep = (0..150).fold(Expr::number(1.0), |expr, _| {
        Expr::call("ABS", vec![expr]).unwrap()
    });
    assert!(matches!(
        deep.evaluate(&table()),
        Err(ExprError::TooDeep { .. })
    ));
}

#[test]
fn what_an_expression_may_cost_is_bounded() {
    let rows = 2_000;
    let cells: ArrayRef = Arc::new(LargeStringArray::from(vec!["ten bytes."; rows]));
    let table = RecordBatch::try_from_iter([("t", cells)]).unwrap();
    let evaluated = |text: &str, budget: &Budget| {
        let expression = Expr::parse(text).unwrap();
        expression.evaluate_within(&table, budget)
    };
    let doubled = |times: usize| format!("t{}", " || t".repeat(times));
    // 4 KB in each of 2,000 rows are 8 MB, made bit by bit: 1.6 GB.
    let error = evaluated(&doubled(400), &Budget::of(rows)).unwrap_err();
    assert!(matches!(error, ExprError::TooMuchText { .. }), "{error}");
    let long = format!("'{}'", "x".repeat(40_000));
    let error = evaluated(&format!("{long} || {long}"), &Budget::of(rows)).unwrap_err();
    assert!(matches!(error, ExprError::TextTooLong { .. }), "{error}");
    // Borrowed texts cost nothing until they are kept.
    assert!(evaluated(&format!("LENGTH({long})"), &Budget::of(rows)).is_ok());
    // Each expression may be small, all together may not.
    let shared = Budget::of(rows);
    let copies = (0..10)
        .map(|_| evaluated(&long, &shared))
        .collect::<Vec<_>>();
    assert!(copies[0].is_ok() && copies[9].is_err());
    let list = vec!["1"; MAX_LENGTH / 2].join(",");
    let too_long = Expr::parse(&format!("x IN ({list}, 1, 1)"));
    assert!(matches!(too_long, Err(ExprError::TooLong { .. })));
}

#[test]
fn steps_are_counted() {
    let numbers: ArrayRef = Arc::new(Float64Array::from(vec![1.0; 100_000]));
    let table = RecordBatch::try_from_iter([("x", numbers)]).unwrap();
    let sum = Expr::parse(&format!("x{}", " + 1".repeat(250_000))).unwrap();
    let start = std::time::Instant::now();
    // 25 billion steps.
    let error = sum
        .evaluate_within(&table, &Budget::with_steps(50_000_000))
        .unwrap_err();
    assert!(matches!(error, ExprError::TooManySteps { .. }), "{error}");
    assert!(start.elapsed().as_secs() < 10);
    assert!(Expr::parse("x + 1").unwrap().evaluate(&table).is_ok());
}

#[test]
fn length_alone_is_no_problem() {
    let sum = Expr::parse(&format!("x{}", " + 1".repeat(100_000))).unwrap();
    assert_eq!(
        sum.evaluate(&table().slice(0, 1))
            .unwrap()
            .as_primitive::<Float64Type>()
            .value(0),
        100_004.0
    );
    assert!(sum.to_sql(&table().schema(), Dialect::Postgres).is_ok());
    assert_eq!(Expr::parse(&sum.to_string()).unwrap(), sum);
}

#[test]
fn names_are_exact_and_quoted_when_they_must_be() {
    let expr = Expr::parse("Größe + \"Größe\" + date + \"a b\" + \"case\" + Year + \"1st\" + \"\"")
        .unwrap();
    let columns: Vec<&str> = expr.columns().into_iter().collect();
    assert_eq!(columns, ["", "1st", "Größe", "Year", "a b", "case", "date"]);
    assert_eq!(
        expr.to_string(),
        "Größe + Größe + date + \"a b\" + \"case\" + Year + \"1st\" + \"\""
    );
}

#[test]
fn printed_text_is_canonical() {
    for (source, printed) in [
        ("((a)) + ((b*c))", "a + b * c"),
        ("a - (b - c)", "a - (b - c)"),
        ("(a + b) + c", "a + b + c"),
        ("not(a=1)and b!=2", "NOT a = 1 AND b <> 2"),
        ("(a or b) and c", "(a OR b) AND c"),
        ("- - a", "- -a"),
        ("-(1)", "-1"),
        ("1e300 + 0.000001", "1e300 + 1e-6"),
        ("year(d)", "EXTRACT(YEAR FROM d)"),
        (
            "case a when 1 then 'it''s' else null end",
            "CASE a WHEN 1 THEN 'it''s' ELSE NULL END",
        ),
        ("a is not null = (b not in (1,2))", ""),
    ] {
        match Expr::parse(source) {
            Ok(expr) => assert_eq!(expr.to_string(), printed),
            Err(_) => assert_eq!(printed, "", "{source}"),
        }
    }
}

#[test]
fn expressions_are_text_in_json() {
    let expr = Expr::parse("2020 - Year_Birth").unwrap();
    let json = serde_json::to_string(&expr).unwrap();
    assert_eq!(json, "\"2020 - Year_Birth\"");
    assert_eq!(serde_json::from_str::<Expr>(&json).unwrap(), expr);
    let error = serde_json::from_str::<Expr>("\"SQR(2)\"")
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("unknown function SQR (did you mean SQRT?)"),
        "{error}"
    );
}

fn leaf() -> impl Strategy<Value = Expr> {
    prop_oneof![
        Just(Expr::null()),
        any::<bool>().prop_map(Expr::boolean),
        any::<f64>().prop_map(Expr::number),
        (-3i32..3).prop_map(|value| Expr::number(f64::from(value))),
        any::<String>().prop_map(Expr::text),
        (Date::MIN.days()..=Date::MAX.days())
            .prop_map(|days| Expr::date(Date::from_days(days).unwrap())),
        any::<String>().prop_map(Expr::column),
        "[a-zA-Z_ż][a-z0-9_]{0,3}".prop_map(Expr::column),
        prop_oneof![
            Just("x"),
            Just("y"),
            Just("name"),
            Just("Dt"),
            Just("t"),
            Just("date"),
            Just("END")
        ]
        .prop_map(Expr::column),
    ]
}

fn operator() -> impl Strategy<Value = Operator> {
    use Operator::{Add, And, Concatenate, Divide, Multiply, Or, Subtract};
    prop::sample::select(vec![Add, And, Concatenate, Divide, Multiply, Or, Subtract])
}

fn comparison() -> impl Strategy<Value = Comparison> {
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    prop::sample::select(vec![
        Equal,
        Greater,
        GreaterOrEqual,
        Less,
        LessOrEqual,
        NotEqual,
    ])
}

fn tree() -> impl Strategy<Value = Expr> {
    leaf().prop_recursive(6, 60, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 2..4);
        let branches = prop::collection::vec((inner.clone(), inner.clone()), 1..3);
        let one = ["ABS", "LN", "TRIM", "YEAR", "LENGTH", "EXP"];
        prop_oneof![
            4 => (inner.clone(), operator(), inner.clone()).prop_map(|(a, o, b)| Expr::binary(a, o, b)),
            2 => (inner.clone(), comparison(), inner.clone()).prop_map(|(a, c, b)| Expr::compare(a, c, b)),
            1 => inner.clone().prop_map(|a| -a),
            1 => inner.clone().prop_map(|a| !a),
            1 => inner.clone().prop_map(Expr::is_null),
            1 => inner.clone().prop_map(Expr::is_not_null),
            1 => (inner.clone(), list.clone()).prop_map(|(a, list)| a.is_in(list)),
            1 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| a.between(b, c)),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| a.like(b)),
            1 => (branches, inner.clone()).prop_map(|(branches, other)| Expr::case(branches, other)),
            1 => (inner, prop::sample::select(one.to_vec()))
                .prop_map(|(a, name)| Expr::call(name, vec![a]).unwrap()),
            1 => list.prop_map(|list| Expr::call("COALESCE", list).unwrap()),
        ]
    })
}

proptest! {
    #[test]
    fn printed_trees_parse_back_to_themselves(expr in tree()) {
        let text = expr.to_string();
        prop_assert_eq!(Expr::parse(&text), Ok(expr));
    }

    #[test]
    fn what_checks_evaluates_and_prints(expr in tree()) {
        let table = table();
        if let Ok(kind) = expr.check(&table.schema()) {
            let array = expr.evaluate(&table).unwrap();
            let expected = match kind {
                ExprType::Number => DataType::Float64,
                ExprType::Text => DataType::LargeUtf8,
                ExprType::Date => DataType::Date32,
                ExprType::Boolean => DataType::Boolean,
            };
            prop_assert_eq!(array.data_type(), &expected);
            prop_assert_eq!(array.len(), 3);
            for dialect in Dialect::ALL {
                prop_assert!(expr.to_sql(&table.schema(), dialect).is_ok());
            }
        }
    }

    #[test]
    fn no_text_panics_the_parser(text in any::<String>()) {
        let _ = Expr::parse(&text).map_err(|error| (error.to_string(), error.hint(), error.caret(&text)));
    }

    #[test]
    fn no_run_of_tokens_panics_the_parser(words in prop::collection::vec(
        prop::sample::select(vec![
            "x", "1", "'a'", "\"b\"", "(", ")", ",", "+", "-", "*", "/", "=", "<", "AND", "OR", "NOT", "IS",
            "NULL", "IN", "BETWEEN", "LIKE", "CASE", "WHEN", "THEN", "ELSE", "END", "DATE", "EXTRACT", "YEAR",
            "FROM", "ABS", "ROUND", "||", "'", "\"", "é", ".",
        ]), 0..30)) {
        let text = words.join(" ");
        if let Ok(expr) = Expr::parse(&text) {
            prop_assert_eq!(&Expr::parse(&expr.to_string()).unwrap(), &expr);
            let _ = expr.evaluate(&table());
        }
    }
}
