//! One table in every format, and what becomes of files that are damaged.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and says when it is skipped"
)]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array,
    Int64Array, ListArray, RecordBatch, StringArray, TimestampMillisecondArray, types::Int32Type,
};
use arrow_ipc::writer::{FileWriter, StreamWriter};
use parquet::arrow::ArrowWriter;
use tempfile::TempDir;
use tribus::source::{Input, ReadError, ReadOptions, read};
use tribus::table::{Kind, Table};

const CSV: &str = "customer_id,spend,city,joined,member,visits\n\
    1000000000000000001,12.5,Oslo,2012-09-04,true,3\n\
    1000000000000000002,,Lima,2014-06-29,false,41\n\
    1000000000000000003,14.25,,,true,5\n";

const JSON_LINES: &str = r#"{"customer_id": 1000000000000000001, "spend": 12.5, "city": "Oslo", "joined": "2012-09-04", "member": true, "visits": 3}
{"customer_id": 1000000000000000002, "spend": null, "city": "Lima", "joined": "2014-06-29", "member": false, "visits": "41"}
{"customer_id": 1000000000000000003, "spend": 14.25, "joined": null, "member": true, "visits": 5}
"#;

/// The rows of `CSV` as a program with types would write them.
fn batch() -> RecordBatch {
    let city: DictionaryArray<Int32Type> = [Some("Oslo"), Some("Lima"), None].into_iter().collect();
    let joined = TimestampMillisecondArray::from(vec![
        Some(15_587 * 86_400_000 + 1),
        Some(16_250 * 86_400_000),
        None,
    ]);
    let columns: Vec<(&str, ArrayRef)> = vec![
        (
            "customer_id",
            Arc::new(Int64Array::from_iter_values(
                (1..=3).map(|id| 1_000_000_000_000_000_000 + id),
            )),
        ),
        (
            "spend",
            Arc::new(Float64Array::from(vec![
                Some(12.5),
                Some(f64::NAN),
                Some(14.25),
            ])),
        ),
        ("city", Arc::new(city)),
        ("joined", Arc::new(joined)),
        (
            "member",
            Arc::new(BooleanArray::from(vec![true, false, true])),
        ),
        ("visits", Arc::new(StringArray::from(vec!["3", "41", "5"]))),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn write_parquet(path: &Path, batch: &RecordBatch) {
    let file = File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}

/// The table in every format; each path opens as the same table.
fn every_format(folder: &Path) -> Vec<PathBuf> {
    let path = |name: &str| folder.join(name);
    let batch = batch();
    fs::write(path("a.csv"), CSV).unwrap();
    fs::write(path("a.tsv"), CSV.replace(',', "\t")).unwrap();
    fs::write(path("a.ndjson"), JSON_LINES).unwrap();
    let lines: Vec<&str> = JSON_LINES.lines().collect();
    fs::write(path("a.json"), format!("[\n{}\n]\n", lines.join(",\n"))).unwrap();
    write_parquet(&path("a.parquet"), &batch);
    let mut file =
        FileWriter::try_new(File::create(path("a.arrow")).unwrap(), &batch.schema()).unwrap();
    file.write(&batch).unwrap();
    file.finish().unwrap();
    let mut stream =
        StreamWriter::try_new(File::create(path("a.arrows")).unwrap(), &batch.schema()).unwrap();
    stream.write(&batch).unwrap();
    stream.finish().unwrap();
    write_workbook(&path("a.xlsx"));
    [
        "a.csv",
        "a.tsv",
        "a.ndjson",
        "a.json",
        "a.parquet",
        "a.arrow",
        "a.arrows",
        "a.xlsx",
    ]
    .map(path)
    .to_vec()
}

fn write_workbook(path: &Path) {
    use rust_xlsxwriter::{Format, Workbook};
    let mut workbook = Workbook::new();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    workbook.add_worksheet().set_name("cover").unwrap();
    let sheet = workbook.add_worksheet().set_name("customers").unwrap();
    for (row, line) in (0_u32..).zip(CSV.lines()) {
        for (column, cell) in (0_u16..).zip(line.split(',')) {
            match (column, cell.parse::<f64>()) {
                (_, _) if cell.is_empty() => {}
                (1 | 5, Ok(number)) => {
                    sheet.write_number(row, column, number).unwrap();
                }
                (3, _) if row > 0 => {
                    let serial = if row == 1 { 41_156.0 } else { 41_819.0 };
                    sheet
                        .write_number_with_format(row, column, serial, &date)
                        .unwrap();
                }
                (4, _) if row > 0 => {
                    sheet.write_boolean(row, column, cell == "true").unwrap();
                }
                _ => {
                    sheet.write_string(row, column, cell).unwrap();
                }
            }
        }
    }
    workbook.save(path).unwrap();
}

#[test]
fn the_same_rows_are_the_same_table_in_every_format() {
    let folder = TempDir::new().unwrap();
    let paths = every_format(folder.path());
    let csv = Table::open(&paths[0]).unwrap();
    let kinds: Vec<Kind> = (0..6).map(|position| csv.kind(position)).collect();
    let expected = [
        Kind::Text,
        Kind::Number,
        Kind::Text,
        Kind::Date,
        Kind::Number,
        Kind::Number,
    ];
    assert_eq!(kinds, expected);
    for path in &paths[1..] {
        let table = Table::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(table.batch(), csv.batch(), "{}", path.display());
        for position in 0..6 {
            assert_eq!(
                table.facts(position).missing,
                csv.facts(position).missing,
                "{}",
                path.display()
            );
        }
    }
}

#[test]
fn files_of_different_formats_are_read_together() {
    let folder = TempDir::new().unwrap();
    let inputs: Vec<Input> = every_format(folder.path())
        .into_iter()
        .map(Input::Path)
        .collect();
    let table = read(&inputs, &ReadOptions::default()).unwrap();
    assert_eq!(table.rows(), 24);
    assert_eq!(
        table
            .require_numbers("visits")
            .unwrap()
            .iter()
            .flatten()
            .sum::<f64>(),
        8.0 * 49.0
    );
    assert_eq!(table.origins().of(3).to_string(), "a.tsv, line 2");
    assert_eq!(table.origins().of(23).to_string(), "a.xlsx, row 4");
}

#[test]
fn float_ids_of_parquet_look_as_in_a_csv() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("ids.parquet");
    let ids: ArrayRef = Arc::new(Float64Array::from(vec![Some(12346.0), None]));
    let spend = Decimal128Array::from(vec![1250, 91_050])
        .with_precision_and_scale(10, 2)
        .unwrap();
    let days: ArrayRef = Arc::new(Date32Array::from(vec![0, 1]));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("CustomerID", ids),
        ("spend", Arc::new(spend)),
        ("day", days),
    ];
    write_parquet(
        &path,
        &RecordBatch::try_from_iter_with_nullable(
            columns.into_iter().map(|(name, array)| (name, array, true)),
        )
        .unwrap(),
    );
    let table = Table::open(&path).unwrap();
    assert_eq!(
        table.text(0).unwrap().iter().collect::<Vec<_>>(),
        [Some("12346.0"), None]
    );
    assert_eq!(table.numbers(1).unwrap().values().to_vec(), [12.5, 910.5]);
    assert_eq!(table.dates(2).unwrap().values().to_vec(), [0, 1]);
}

#[test]
fn a_nested_column_is_left_out_and_told_or_refused_if_asked_for() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("nested.parquet");
    let list = ListArray::from_iter_primitive::<Int32Type, _, _>(vec![Some(vec![Some(1)]), None]);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("x", Arc::new(Float64Array::from(vec![1.0, 2.0]))),
        ("basket", Arc::new(list)),
    ];
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    );
    write_parquet(&path, &batch.unwrap());
    let table = Table::open(&path).unwrap();
    assert_eq!(table.names().collect::<Vec<_>>(), ["x"]);
    assert!(table.readings()[0].warnings[0].contains("`basket`"));
    let options = ReadOptions {
        number_columns: vec!["basket".into()],
        ..ReadOptions::default()
    };
    let refused = read(&[Input::Path(path)], &options);
    assert!(matches!(refused, Err(ReadError::UnsupportedType { .. })));
}

#[test]
fn json_refuses_what_it_cannot_hold_by_line() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.ndjson");
    let refused = |text: &str| {
        fs::write(&path, text).unwrap();
        Table::open(&path).unwrap_err().to_string()
    };
    assert_eq!(
        refused("{\"a\":1}\n[2]\n"),
        "a.ndjson, line 2: not a JSON object"
    );
    assert_eq!(
        refused("{\"a\":1}\n{\"a\":1,\"a\":2}\n"),
        "a.ndjson, line 2: key `a` is there twice"
    );
    assert!(refused("{\"a\":1}\n{\"a\":\n").starts_with("a.ndjson, line 3: not valid JSON: EOF"));
}

#[test]
fn a_sheet_is_chosen_by_name_and_its_notes_are_told() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.xlsx");
    write_workbook(&path);
    let input = [Input::Path(path)];
    let sheet = |name: &str| ReadOptions {
        sheet: Some(name.into()),
        ..ReadOptions::default()
    };
    let table = read(&input, &ReadOptions::default()).unwrap();
    assert_eq!(table.readings()[0].decisions, ["sheet: `customers`"]);
    assert!(matches!(
        read(&input, &sheet("cover")),
        Err(ReadError::Empty { .. })
    ));
    let error = read(&input, &sheet("nowhere")).unwrap_err();
    assert_eq!(error.hint().unwrap(), "available: cover, customers");
}

#[test]
fn of_a_sheet_that_describes_the_columns_of_another_the_other_is_read() {
    use rust_xlsxwriter::Workbook;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.xlsx");
    let write = |described: [&str; 3]| {
        let mut workbook = Workbook::new();
        let dictionary = workbook.add_worksheet().set_name("about").unwrap();
        dictionary
            .write_row(0, 0, ["Sheet", "Variable", "Discription"])
            .unwrap();
        for (row, name) in (1_u32..).zip(described) {
            dictionary
                .write_row(row, 0, ["data", name, "what it is"])
                .unwrap();
        }
        let customers = workbook.add_worksheet().set_name("data").unwrap();
        customers
            .write_row(0, 0, ["Customer ID", "Tenure", "Orders"])
            .unwrap();
        for row in 1..60_u32 {
            customers
                .write_row(row, 0, [row * 17, row % 40, row % 7])
                .unwrap();
        }
        workbook.save(&path).unwrap();
    };
    write(["Customer ID ", "tenure", "Orders"]);
    let table = Table::open(&path).unwrap();
    assert_eq!(table.rows(), 59);
    assert_eq!(
        table.readings()[0].decisions,
        ["sheet: `data`, whose columns `about` describes"]
    );
    // A first sheet about something else is the one that is read.
    write(["Customer ID", "colour", "shape"]);
    assert_eq!(Table::open(&path).unwrap().rows(), 3);
}

/// A generator of this test's own: the same damage in every run.
struct Damage(u64);

impl Damage {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below
    }
}

#[test]
fn damaged_files_are_refused_or_read_but_never_fatal() {
    let folder = TempDir::new().unwrap();
    let mut damage = Damage(7);
    for path in every_format(folder.path()) {
        let whole = fs::read(&path).unwrap();
        for round in 0..150 {
            let mut bytes = whole.clone();
            if round % 5 == 0 {
                bytes.truncate(damage.next(whole.len()));
            } else {
                for _ in 0..=damage.next(4) {
                    let at = damage.next(bytes.len());
                    bytes[at] = damage.next(256) as u8;
                }
            }
            fs::write(&path, &bytes).unwrap();
            match Table::open(&path) {
                Ok(table) => assert!(table.rows() < 100, "{}", path.display()),
                Err(error) => assert!(error.to_string().contains("a."), "{error}"),
            }
        }
    }
}

#[test]
fn wrapped_json_is_unwrapped() {
    let documents = [
        r#"{"results": [{"id": "a", "properties": {"spend": "1.5"}}, {"id": "b", "properties": {"spend": "2.5"}}], "paging": {"next": 3}}"#,
        r#"{"columns": ["id", "spend"], "index": [0, 1], "data": [["a", 1.5], ["b", 2.5]]}"#,
        r#"[["id", "spend"], ["a", 1.5], ["b", 2.5]]"#,
        r#"{"a": {"spend": 1.5}, "b": {"spend": 2.5}}"#,
        r#"{"id": {"0": "a", "1": "b"}, "spend": {"0": 1.5, "1": 2.5}}"#,
    ];
    for document in documents {
        let mut file = tempfile::NamedTempFile::with_suffix(".json").unwrap();
        std::io::Write::write_all(&mut file, document.as_bytes()).unwrap();
        let table = Table::open(file.path()).unwrap();
        assert_eq!((table.rows(), table.names().count()), (2, 2), "{document}");
        assert_eq!(table.cell(0, 1).unwrap(), "b", "{document}");
        let numbers = table.numbers(1).unwrap();
        assert_eq!(numbers.values().to_vec(), [1.5, 2.5], "{document}");
    }
}
