//! First bytes for formats that nobody writes by hand: a few made-up customers, written by the crates that read them.

use std::io::{Cursor, Write};
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array,
    Int32Array, LargeStringArray, RecordBatch, StringArray, TimestampMillisecondArray,
};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use serde_json::Value;
use tribus::recipe::Recipe;
use tribus::segmentation::Segmentation;
use tribus::source::{Input, read};
use tribus::table::Table;

type Seeds = Vec<(&'static str, Vec<u8>)>;

/// Columns of the kinds that a table of customers can have.
fn batch() -> RecordBatch {
    let cities: DictionaryArray<Int32Type> = ["Rome", "Bern", "Rome"].into_iter().collect();
    let spent = Decimal128Array::from(vec![Some(1250), None, Some(799)]);
    let spent = spent.with_precision_and_scale(9, 2).expect("nine digits");
    let columns: [(&str, ArrayRef); 9] = [
        ("id", Arc::new(StringArray::from(vec!["a1", "b2", "c3"]))),
        (
            "age",
            Arc::new(Int32Array::from(vec![Some(31), Some(44), None])),
        ),
        (
            "income",
            Arc::new(Float64Array::from(vec![1.5e4, f64::NAN, 3e4])),
        ),
        (
            "since",
            Arc::new(Date32Array::from(vec![16_000, 16_100, 16_200])),
        ),
        ("city", Arc::new(cities)),
        ("spent", Arc::new(spent)),
        (
            "last",
            Arc::new(TimestampMillisecondArray::from(vec![
                Some(1_500_000_000_000),
                None,
                Some(-1),
            ])),
        ),
        (
            "member",
            Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)])),
        ),
        (
            "note",
            Arc::new(LargeStringArray::from(vec!["", "é", "n/a"])),
        ),
    ];
    RecordBatch::try_from_iter(columns).expect("columns of one length")
}

/// Parquet, plain and packed.
pub fn parquet() -> Seeds {
    let written = |compression| {
        let properties = WriterProperties::builder()
            .set_compression(compression)
            .build();
        let mut bytes = Vec::new();
        let writer = ArrowWriter::try_new(&mut bytes, batch().schema(), Some(properties));
        let mut writer = writer.expect("types that Parquet has");
        writer.write(&batch()).expect("room in memory");
        writer.close().expect("room in memory");
        bytes
    };
    vec![
        ("plain", written(Compression::UNCOMPRESSED)),
        ("snappy", written(Compression::SNAPPY)),
    ]
}

/// Arrow files and streams, plain and packed.
pub fn arrow() -> Seeds {
    let packed = |compression| {
        let options = IpcWriteOptions::default().try_with_compression(compression);
        options.expect("a compression that is built in")
    };
    let file = |compression| {
        let mut bytes = Vec::new();
        let schema = batch().schema();
        let writer = FileWriter::try_new_with_options(&mut bytes, &schema, packed(compression));
        let mut writer = writer.expect("room in memory");
        writer.write(&batch()).expect("room in memory");
        writer.finish().expect("room in memory");
        drop(writer);
        bytes
    };
    let stream = |compression| {
        let mut bytes = Vec::new();
        let schema = batch().schema();
        let writer = StreamWriter::try_new_with_options(&mut bytes, &schema, packed(compression));
        let mut writer = writer.expect("room in memory");
        writer.write(&batch()).expect("room in memory");
        writer.finish().expect("room in memory");
        drop(writer);
        bytes
    };
    vec![
        ("file", file(None)),
        ("file-lz4", file(Some(CompressionType::LZ4_FRAME))),
        ("stream", stream(None)),
        ("stream-zstd", stream(Some(CompressionType::ZSTD))),
    ]
}

/// Workbooks: the two formats that are no text, and the parts of an xlsx file as [`workbook_of`] puts them together.
pub fn workbook() -> Seeds {
    const XLS: &[u8] = include_bytes!("../../crates/tribus/tests/fixtures/customers.xls");
    const ODS: &[u8] = include_bytes!("../../crates/tribus/tests/fixtures/customers.ods");
    vec![("xls", XLS.to_vec()), ("ods", ODS.to_vec())]
}

/// The bytes of a workbook. Random changes of a zip archive hardly ever get past its checksums, so text that begins with `=` is
/// its parts: each after a line `=NAME`.
pub fn workbook_of(bytes: &[u8]) -> Vec<u8> {
    if bytes.first() != Some(&b'=') {
        return bytes.to_vec();
    }
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut is_open = false;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_prefix(b"=") {
            Some(name) => {
                let name = String::from_utf8_lossy(name.trim_ascii());
                // A name that was there already.
                is_open = archive.start_file(name, options).is_ok();
            }
            None if is_open => archive.write_all(line).expect("room in memory"),
            None => {}
        }
    }
    archive.finish().expect("room in memory").into_inner()
}

/// What a small model holds, without its digest, and the customers it was made from.
pub fn model() -> (Value, Table) {
    let mut text = "id,age,income,visits,since,city\n".to_owned();
    for row in 0..24 {
        let (age, city) = (20 + row * 7 % 50, ["Rome", "Bern", "Oslo"][row % 3]);
        let (income, visits) = (1000 * (1 + row % 2 * 4) + row * 13, row % 2 * 20 + row % 5);
        text += &format!(
            "c{row},{age},{income},{visits},2020-01-{:02},{city}\n",
            row + 1
        );
    }
    let path = super::file_of("customers.csv", text.as_bytes());
    let recipe = "[segment]\nk = \"2-3\"\nevidence = \"quick\"\n";
    let recipe = Recipe::parse(recipe, "seed").expect("a recipe");
    let options = recipe.read_options().expect("a recipe");
    let table = read(&[Input::Path(path)], &options).expect("a table");
    let model = Segmentation::fit(&recipe, &table).expect("a model");
    let mut document: Value = serde_json::from_str(&model.to_json()).expect("a document");
    (document["content"].take(), table)
}
