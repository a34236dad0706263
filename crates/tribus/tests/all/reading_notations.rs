//! Notations of numbers and dates, decided over whole columns.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and says when it is skipped"
)]

use std::fs;

use tempfile::TempDir;
use tribus::source::{DateOrder, Input, ReadError, ReadOptions, read};
use tribus::table::{Kind, Table};

fn read_text(name: &str, text: &str, options: &ReadOptions) -> Result<Table, ReadError> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    read(&[Input::Path(path)], options)
}

fn open(text: &str) -> Table {
    read_text("input.csv", text, &ReadOptions::default()).unwrap()
}

fn rows(cells: &[&str]) -> String {
    format!("who;x\na;{}\n", cells.join("\na;"))
}

/// Column `x` of a semicolon-delimited file with these cells.
fn column(cells: &[&str]) -> Table {
    open(&rows(cells))
}

fn numbers(table: &Table) -> Vec<Option<f64>> {
    table
        .numbers(table.position("x").unwrap())
        .expect("numbers")
        .iter()
        .collect()
}

fn kind(table: &Table) -> Kind {
    table.kind(table.position("x").unwrap())
}

#[test]
fn whole_columns_decide_what_commas_and_points_mean() {
    let thousands = [Some(1002.0), Some(12.5), Some(2_000_000.0)];
    assert_eq!(
        numbers(&column(&["1,002.00", "12.50", "2,000,000"])),
        thousands
    );
    assert_eq!(
        numbers(&column(&["1.002,00", "12,50", "2.000.000"])),
        thousands
    );
    assert_eq!(
        numbers(&column(&["1 002,00", "12,50", "2 000 000"])),
        thousands
    );
    assert_eq!(
        numbers(&column(&[
            "1\u{202f}002,00",
            "12,50",
            "2\u{a0}000\u{a0}000"
        ])),
        thousands
    );
    assert_eq!(
        numbers(&column(&["1'002.00", "12.50", "2'000'000"])),
        thousands
    );
    assert_eq!(
        numbers(&column(&["12,5", "0,25"])),
        [Some(12.5), Some(0.25)]
    );
}

#[test]
fn a_comma_that_may_mean_either_waits_for_the_user() {
    let rows = "who;x\na;1,234\nb;5,678\n";
    let table = open(rows);
    assert_eq!(kind(&table), Kind::Text);
    let error = table.require_numbers("x").unwrap_err();
    assert!(
        matches!(error, ReadError::AmbiguousDecimals { .. }),
        "{error}"
    );
    let pinned = |decimal| ReadOptions {
        decimal: Some(decimal),
        ..ReadOptions::default()
    };
    let comma = read_text("input.csv", rows, &pinned(',')).unwrap();
    assert_eq!(numbers(&comma), [Some(1.234), Some(5.678)]);
    let point = read_text("input.csv", rows, &pinned('.')).unwrap();
    assert_eq!(numbers(&point), [Some(1234.0), Some(5678.0)]);
}

#[test]
fn other_columns_tell_what_one_cannot() {
    let table = open("y;x\n1,5;1.234\n2,25;5.678\n");
    assert_eq!(numbers(&table), [Some(1234.0), Some(5678.0)]);
    let table = open("y;x\n1.5;1,234\n2.25;5,678\n");
    assert_eq!(numbers(&table), [Some(1234.0), Some(5678.0)]);
    let table = open("y;x\n1,5;1,234\n2,25;5,678\n");
    assert_eq!(numbers(&table), [Some(1.234), Some(5.678)]);
    let table = open("y,x\n1,\"1,234\"\n2,\"5,678\"\n");
    assert_eq!(numbers(&table), [Some(1234.0), Some(5678.0)]);
}

#[test]
fn one_cell_in_another_notation_is_a_misfit() {
    let mut cells = vec!["12.5"; 12];
    cells[5] = "12,75";
    let error = column(&cells).require_numbers("x").unwrap_err();
    assert_eq!(
        error.to_string(),
        "input.csv, line 7: column `x`: `12,75` is not a number (1 cell)"
    );
}

#[test]
fn too_many_misfits_make_text() {
    let table = column(&["1", "2", "3rd", "4"]);
    assert_eq!(kind(&table), Kind::Text);
    assert_eq!(
        table.facts(1).notation,
        ["3 of 4 cells are numbers, but not `3rd`"]
    );
}

#[test]
fn money_is_read_if_it_is_one_currency() {
    let table = column(&["$1,002.50", "$-3.00", "($4)", "", "0"]);
    let values = [Some(1002.5), Some(-3.0), Some(-4.0), None, Some(0.0)];
    assert_eq!(numbers(&table), values);
    let facts = table.facts(1);
    assert_eq!(facts.currency.as_deref(), Some("$"));
    assert_eq!(facts.missing, 1);
    let mixed = column(&["$1", "€2", "$3", "€4"]);
    assert_eq!(kind(&mixed), Kind::Text);
    let error = mixed.require_numbers("x").unwrap_err().to_string();
    assert!(error.contains("another currency"), "{error}");
}

#[test]
fn percentages_keep_the_number_they_show() {
    assert_eq!(numbers(&column(&["12.5%", "3 %"])), [Some(12.5), Some(3.0)]);
}

#[test]
fn leading_zeros_are_codes_unless_said_to_be_numbers() {
    let text = "who;x\na;02134\nb;10001\n";
    let table = open(text);
    assert_eq!(table.text(1).unwrap().value(0), "02134");
    let options = ReadOptions {
        number_columns: vec!["x".into()],
        ..ReadOptions::default()
    };
    let table = read_text("input.csv", text, &options).unwrap();
    assert_eq!(numbers(&table), [Some(2134.0), Some(10001.0)]);
}

#[test]
fn digits_beyond_what_a_number_holds_are_text() {
    let table = column(&["12345678901234567890", "12345678901234567891"]);
    assert_eq!(table.text(1).unwrap().value(1), "12345678901234567891");
    assert_eq!(kind(&column(&["1e200", "2e200"])), Kind::Number);
}

#[test]
fn ids_stay_as_they_are() {
    let table = open("customer_id,x\n12346.0,1\n 007,2\nNA,3\n,4\n");
    let ids: Vec<_> = table.text(0).unwrap().iter().collect();
    assert_eq!(ids, [Some("12346.0"), Some(" 007"), Some("NA"), None]);
}

#[test]
fn minus_zero_is_zero() {
    let table = column(&["-0", "-0.0", "1"]);
    assert!(
        numbers(&table)
            .iter()
            .flatten()
            .all(|value| value.is_sign_positive())
    );
}

fn dates(cells: &[&str], options: &ReadOptions) -> Result<Vec<Option<i32>>, ReadError> {
    let table = read_text("input.csv", &rows(cells), options)?;
    Ok(table.dates(1).expect("dates").iter().collect())
}

#[test]
fn dates_in_many_formats_are_the_same_days() {
    // 2012-09-04 and 2014-06-29.
    let days = [Some(15_587), Some(16_250)];
    let formats: [&[&str]; 9] = [
        &["2012-09-04", "2014-06-29"],
        &["2012-09-04 08:26:00", "2014-06-29T23:59:59Z"],
        &["04-09-2012", "29-06-2014"],
        &["9/4/2012", "6/29/2014"],
        &["04.09.2012", "29.06.2014"],
        &["2012/9/4", "2014/6/29"],
        &["04-Sep-2012", "29-Jun-2014"],
        &["4 September 2012", "29 June 2014"],
        &["Sep 4, 2012", "Jun 29, 2014"],
    ];
    for cells in formats {
        assert_eq!(
            dates(cells, &ReadOptions::default()).unwrap(),
            days,
            "{cells:?}"
        );
    }
}

#[test]
fn eight_digits_are_a_date_where_the_name_or_the_user_says_so() {
    let table = open("date,x\n20120904,20120904\n20140629,20140629\n");
    assert_eq!((table.kind(0), table.kind(1)), (Kind::Date, Kind::Number));
}

#[test]
fn ambiguous_dates_stay_text_until_somebody_says_which() {
    let cells = ["01/02/2024", "03/04/2024"];
    let table = column(&cells);
    assert_eq!(kind(&table), Kind::Text);
    assert!(table.facts(1).ambiguous_dates);
    assert!(table.readings()[0].warnings[0].contains("date_order"));
    let order = |order| ReadOptions {
        date_order: Some(order),
        ..ReadOptions::default()
    };
    // 2024-02-01 and 2024-01-02.
    assert_eq!(
        dates(&cells, &order(DateOrder::Dmy)).unwrap()[0],
        Some(19_754)
    );
    assert_eq!(
        dates(&cells, &order(DateOrder::Mdy)).unwrap()[0],
        Some(19_724)
    );
    let required = ReadOptions {
        date_columns: vec!["x".into()],
        ..ReadOptions::default()
    };
    let error = dates(&cells, &required).unwrap_err();
    assert!(error.hint().unwrap().contains("date_order"));
}

#[test]
fn a_day_that_never_was_is_a_misfit() {
    let mut cells = vec!["2024-01-15"; 10];
    cells[3] = "2024-02-30";
    let table = column(&cells);
    let misfits = table.facts(1).misfits.clone().unwrap();
    assert_eq!(
        (
            misfits.count(),
            misfits.cells[0].0,
            misfits.problem().code()
        ),
        (1, 3, "not_a_date")
    );
    assert_eq!(table.dates(1).unwrap().iter().flatten().count(), 9);
}

#[test]
fn messages_name_the_place_and_nobodys_address() {
    let error = open("who,x\nann@example.com,1\nann@example.com,2\n")
        .require_unique_ids("who")
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "input.csv, line 3: column `who`: duplicate id (first on line 2)"
    );
    let error = open("spend,x\n1,2\n").require_numbers("spned").unwrap_err();
    assert_eq!(
        error.to_string(),
        "input.csv: column `spned` not found; did you mean `spend`?"
    );
}

#[test]
fn what_is_not_there_has_its_own_error() {
    let missing = Table::open("/nowhere/customers.csv").unwrap_err();
    assert_eq!(missing.to_string(), "customers.csv: there is no such file");
    let folder = TempDir::new().unwrap();
    assert!(matches!(
        Table::open(folder.path()),
        Err(ReadError::Directory { .. })
    ));
    let none = read(&[], &ReadOptions::default());
    assert!(matches!(none, Err(ReadError::NoInput)));
}

#[test]
fn a_decimal_sign_is_a_point_or_a_comma() {
    let options = ReadOptions {
        decimal: Some('x'),
        ..ReadOptions::default()
    };
    let refused = read_text("input.csv", "a,b\n1,2\n", &options);
    assert!(matches!(
        refused,
        Err(ReadError::BadDecimal { decimal: 'x' })
    ));
}

#[test]
fn the_end_mark_of_old_systems_is_no_row() {
    assert_eq!(open("a,b\n1,2\n\u{1a}").rows(), 1);
}

#[test]
fn options_are_written_as_they_are_read() {
    let options = ReadOptions {
        delimiter: Some(';'),
        date_order: Some(DateOrder::Dmy),
        skip_rows: 2,
        text_columns: vec!["code".into()],
        ..ReadOptions::default()
    };
    let text = toml::to_string(&options).unwrap();
    assert!(text.contains("date_order = \"dmy\""), "{text}");
    assert_eq!(toml::from_str::<ReadOptions>(&text).unwrap(), options);
    assert!(toml::from_str::<ReadOptions>("delimeter = \";\"").is_err());
}

#[test]
fn points_of_thousands_beside_semicolons_are_asked_for_or_settled_by_the_decimal_sign() {
    let text = "id;alter;umsatz\nA;44;1.187\nB;27;166\nC;36;1.536\nD;74;2.971\n";
    let read_with = |decimal: Option<char>| {
        let mut file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
        let options = ReadOptions {
            decimal,
            ..ReadOptions::default()
        };
        read(&[Input::Path(file.path().to_path_buf())], &options).unwrap()
    };
    let values = |table: &Table| {
        let numbers = table.numbers(table.position("umsatz").unwrap());
        numbers.map(|numbers| numbers.iter().flatten().collect::<Vec<f64>>())
    };
    let unsaid = read_with(None);
    assert_eq!(values(&unsaid), None);
    let warnings = unsaid.readings()[0].warnings.join(" ");
    assert!(
        warnings.contains("such as 1.187") && warnings.contains("--decimal"),
        "{warnings}"
    );
    let comma = Some(vec![1187.0, 166.0, 1536.0, 2971.0]);
    assert_eq!(values(&read_with(Some(','))), comma);
    let scores = "id;umsatz;score\nA;1,5;0.85\nB;2,25;1.5\nC;3,75;2.125\n";
    let options = ReadOptions {
        decimal: Some(','),
        ..ReadOptions::default()
    };
    let table = read_text("scores.csv", scores, &options).unwrap();
    let read = table.numbers(table.position("score").unwrap()).unwrap();
    assert_eq!(read.values().to_vec(), [0.85, 1.5, 2.125]);
    let point = Some(vec![1.187, 166.0, 1.536, 2.971]);
    assert_eq!(values(&read_with(Some('.'))), point);
}
