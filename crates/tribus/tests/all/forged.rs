//! Forged and damaged files: read right, or refused with the reason; never a panic, an abort or a shorter table.
//!
//! The files are made here, in the shape of those that once ended badly. An abort ends this program: that is the point.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says when it is skipped"
)]

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow_array::{ArrayRef, DictionaryArray, Float64Array, Int32Array, RecordBatch, StringArray};
use arrow_ipc::writer::{FileWriter, StreamWriter};
use arrow_ipc::{Endianness, MessageBuilder, MessageHeader, MetadataVersion, SchemaBuilder};
use flatbuffers::{FlatBufferBuilder, WIPOffset};
use parquet::arrow::ArrowWriter;
use tempfile::TempDir;
use tribus::source::ReadError;
use tribus::table::Table;

use super::thorough;

const XLS: &[u8] = include_bytes!("../fixtures/customers.xls");
const ODS: &[u8] = include_bytes!("../fixtures/customers.ods");

/// Reads these bytes under that name, in the time any file may take.
fn open(name: &str, bytes: &[u8]) -> Result<Table, ReadError> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let begun = Instant::now();
    let outcome = Table::open(&path);
    // Five seconds in a program built for speed.
    let limit = Duration::from_secs(if cfg!(debug_assertions) { 30 } else { 5 });
    assert!(begun.elapsed() < limit, "{name}: {:?}", begun.elapsed());
    outcome
}

#[track_caller]
fn refused(name: &str, bytes: &[u8], reason: &str) {
    let message = open(name, bytes).unwrap_err().to_string();
    assert!(message.contains(name), "{message}");
    assert!(message.contains(reason), "{message}");
}

type Parts = Vec<(String, Vec<u8>)>;

fn zip(parts: &[(impl AsRef<str>, impl AsRef<[u8]>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(name.as_ref(), options).unwrap();
        zip.write_all(bytes.as_ref()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook of one sheet, by the rows of the sheet and its shared texts.
fn xlsx_parts(rows: &str, shared: &str) -> Parts {
    let parts = [
        (
            "_rels/.rels",
            r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#.to_owned(),
        ),
        (
            "xl/workbook.xml",
            r#"<workbook xmlns:r="r"><sheets><sheet name="customers" sheetId="1" r:id="rId1"/></sheets></workbook>"#.to_owned(),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#.to_owned(),
        ),
        ("xl/sharedStrings.xml", shared.to_owned()),
        (
            "xl/worksheets/sheet1.xml",
            format!(r#"<worksheet><dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData></worksheet>"#),
        ),
    ];
    parts
        .map(|(name, text)| (name.to_owned(), text.into_bytes()))
        .to_vec()
}

fn xlsx(rows: &str, shared: &str) -> Vec<u8> {
    zip(&xlsx_parts(rows, shared))
}

const SHARED: &str = r#"<sst uniqueCount="2"><si><t>age</t></si><si><t>spend</t></si></sst>"#;
const ROWS: &str = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
    <row r="2"><c r="A2"><v>31</v></c><c r="B2"><v>12.5</v></c></row>
    <row r="3"><c r="A3"><v>44</v></c><c r="B3"><v>7</v></c></row>"#;

#[test]
fn a_workbook_claims_what_it_does_not_hold() {
    assert_eq!(open("a.xlsx", &xlsx(ROWS, SHARED)).unwrap().rows(), 2);
    let many = SHARED.replace("\"2\"", "\"4294967295\"");
    refused("a.xlsx", &xlsx(ROWS, &many), "claims 4294967295 texts");
    let beyond = ROWS.replace("<v>1</v>", "<v>4000000000</v>");
    assert!(open("a.xlsx", &xlsx(&beyond, SHARED)).is_err());
    // The number of a shared formula would size a list of formulas.
    let formula = r#"<v>31</v><f t="shared" ref="A2:A3" si="4294967295">1+1</f>"#;
    let shared = ROWS.replace("<v>31</v>", formula);
    assert_eq!(open("a.xlsx", &xlsx(&shared, SHARED)).unwrap().rows(), 2);
    let stray = format!(r#"{ROWS}<row r="1048576"><c r="XFD1048576"><v>9</v></c></row>"#);
    let table = open("a.xlsx", &xlsx(&stray, SHARED)).unwrap();
    assert_eq!(table.rows(), 2);
    assert!(table.readings()[0].warnings[0].contains("XFD1048576"));
}

#[test]
fn a_small_file_that_unpacks_to_a_large_one_is_refused() {
    const MEGABYTES: usize = 80;
    let zeros = vec![b'0'; 1 << 20];
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&zeros).unwrap();
    // Packed files one after another are one file.
    let gzip = gzip.finish().unwrap().repeat(MEGABYTES);
    refused("a.csv.gz", &gzip, "unpacked it is more than");
    let zeros = zeros.repeat(MEGABYTES);
    let zstd = zstd::encode_all(zeros.as_slice(), 1).unwrap();
    refused("a.csv.zst", &zstd, "unpacked it is more than");
    if !thorough::is_asked_for() {
        return;
    }
    let bomb = zip(&[("a.csv", &zeros)]);
    refused("a.zip", &bomb, "unpacked it is more than");
    let mut parts = xlsx_parts(ROWS, SHARED);
    parts.push(("xl/styles.xml".to_owned(), zeros));
    refused("a.xlsx", &zip(&parts), "unpacked it is more than");
}

#[test]
fn an_archive_is_read_if_it_holds_one_file() {
    let csv = "age,spend\n31,12.5\n44,7\n";
    let one = [("folder/a.csv", csv), ("__MACOSX/folder/._a.csv", "x")];
    let table = open("a.zip", &zip(&one)).unwrap();
    assert_eq!(table.rows(), 2);
    assert_eq!(table.readings()[0].decisions[0], "zip: unpacked");
    let zstd = zstd::encode_all(csv.as_bytes(), 1).unwrap();
    assert_eq!(
        open("a.csv.zst", &zstd).unwrap().readings()[0].decisions[0],
        "zstd: unpacked"
    );
    refused(
        "a.zip",
        &zip(&[("b.csv", csv), ("c.csv", csv)]),
        "2 files: b.csv, c.csv",
    );
    let none: [(&str, &str); 0] = [];
    refused("a.zip", &zip(&none), "no files");
}

const END_OF_CHAIN: u32 = 0xffff_fffe;

/// A compound file of sectors of 512 bytes: the directory, which `next` follows, then a stream, then the table of sectors.
fn compound(next: u32, stream: &[u8]) -> Vec<u8> {
    let sectors = (stream.len() / 512) as u32;
    let mut follows = vec![next];
    follows.extend(2..=sectors);
    follows.push(END_OF_CHAIN);
    let mut table: Vec<u8> = follows.iter().flat_map(|next| next.to_le_bytes()).collect();
    table.resize(table.len().next_multiple_of(512), 0xff);
    let mut header = vec![0; 512];
    header[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    header[26..34].copy_from_slice(&[3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    let tables = (table.len() / 512) as u32;
    let mut set = |at: usize, number: u32| {
        header[at..at + 4].copy_from_slice(&number.to_le_bytes());
    };
    set(44, tables);
    set(60, END_OF_CHAIN);
    set(68, END_OF_CHAIN);
    for entry in 0..109 {
        let sector = if entry < tables {
            1 + sectors + entry
        } else {
            u32::MAX
        };
        set(76 + 4 * entry as usize, sector);
    }
    let mut directory = vec![0; 512];
    let entries = [
        ("Root Entry", END_OF_CHAIN, 0),
        ("Workbook", 1, stream.len() as u32),
    ];
    for (entry, (name, start, length)) in directory.chunks_mut(128).zip(entries) {
        for (letter, place) in name.bytes().zip(entry.chunks_mut(2)) {
            place[0] = letter;
        }
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&length.to_le_bytes());
    }
    [header, directory, stream.to_vec(), table].concat()
}

/// An xls workbook of one sheet with these records.
fn xls(globals: &[(u16, Vec<u8>)], cells: &[(u16, Vec<u8>)]) -> Vec<u8> {
    fn write(stream: &mut Vec<u8>, kind: u16, data: &[u8]) {
        stream.extend(kind.to_le_bytes());
        stream.extend((data.len() as u16).to_le_bytes());
        stream.extend(data);
    }
    const BEGIN: [u8; 4] = [0, 6, 5, 0];
    let mut stream = Vec::new();
    write(&mut stream, 0x0809, &BEGIN);
    for (kind, data) in globals {
        write(&mut stream, *kind, data);
    }
    let start = (stream.len() + 4 + 9 + 4) as u32;
    let sheet = [&start.to_le_bytes()[..], &[0, 0, 1, 0, b'a']].concat();
    write(&mut stream, 0x0085, &sheet);
    write(&mut stream, 0x000a, &[]);
    write(&mut stream, 0x0809, &BEGIN);
    for (kind, data) in cells {
        write(&mut stream, *kind, data);
    }
    write(&mut stream, 0x000a, &[]);
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    compound(END_OF_CHAIN, &stream)
}

fn number(row: u16, column: u16, value: f64) -> (u16, Vec<u8>) {
    let place = [row, column, 0].map(u16::to_le_bytes).concat();
    (0x0203, [place, value.to_le_bytes().to_vec()].concat())
}

fn label(row: u16, column: u16, text: &str) -> (u16, Vec<u8>) {
    let head = [row, column, 0, text.len() as u16]
        .map(u16::to_le_bytes)
        .concat();
    (0x0204, [head, vec![0], text.as_bytes().to_vec()].concat())
}

#[test]
fn an_old_workbook_claims_what_it_does_not_hold() {
    let rows = [label(0, 0, "age"), number(1, 0, 31.0), number(2, 0, 44.0)];
    assert_eq!(open("a.xls", &xls(&[], &rows)).unwrap().rows(), 2);
    // The directory follows itself.
    refused("a.xls", &compound(0, &[0; 512]), "never ends");
    // Two corners of a sheet make a rectangle of four billion cells.
    let far = [&rows[..], &[number(65_535, 65_535, 1.0)]].concat();
    refused("a.xls", &xls(&[], &far), "too large");
    let claim = [0, u32::MAX, u32::MAX].map(u32::to_le_bytes).concat();
    let claim = [&claim[..], &[0, 0]].concat();
    refused(
        "a.xls",
        &xls(&[], &[&[(0x0200, claim)], &rows[..]].concat()),
        "claims",
    );
    // A shared text of 8,000 letters that each of 12,000 cells repeats.
    let text = [&8000_u16.to_le_bytes()[..], &[0], &[b'x'; 8000]].concat();
    let shared = (0x00fc, [&[1, 0, 0, 0, 1, 0, 0, 0][..], &text].concat());
    let repeated = |cells: u16| -> Vec<_> {
        let places = (0..cells).map(|row| [row, 0, 0, 0, 0].map(u16::to_le_bytes).concat());
        places.map(|place| (0x00fd, place)).collect()
    };
    let few = xls(std::slice::from_ref(&shared), &repeated(3));
    assert_eq!(open("a.xls", &few).unwrap().rows(), 2);
    refused("a.xls", &xls(&[shared], &repeated(12_000)), "MB of text");
}

fn ods(table: &str) -> Vec<u8> {
    let content = format!(
        r#"<office:document-content><office:body><office:spreadsheet><table:table table:name="a">{table}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    zip(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest/>"),
        ("content.xml", &content),
    ])
}

fn ods_row(attributes: &str, cells: &str) -> String {
    format!("<table:table-row {attributes}>{cells}</table:table-row>")
}

#[test]
fn an_open_document_repeats_more_than_it_may() {
    let text = |text: &str| {
        format!(
            r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#
        )
    };
    let cell = r#"<table:table-cell office:value-type="float" office:value="3.5"/>"#;
    let header = ods_row("", &format!("{}{}", text("age"), text("spend &amp; more")));
    let ten = ods_row(r#"table:number-rows-repeated="10""#, &cell.repeat(2));
    // Empty rows and cells cost nothing, however many: programs fill the sheet with them.
    let empty = ods_row(
        r#"table:number-rows-repeated="4294967295""#,
        r#"<table:table-cell table:number-columns-repeated="4294967295"/>"#,
    );
    let table = open("a.ods", &ods(&format!("{header}{ten}{empty}"))).unwrap();
    assert_eq!(
        (table.rows(), table.names().nth(1).unwrap()),
        (10, "spend & more")
    );
    let rows = ods_row(r#"table:number-rows-repeated="99999999999""#, cell);
    refused("a.ods", &ods(&format!("{header}{rows}")), "too large");
    let wide = cell.replace(
        "office:value-type",
        r#"table:number-columns-repeated="16000" office:value-type"#,
    );
    let wide = ods_row(r#"table:number-rows-repeated="1048576""#, &wide);
    refused("a.ods", &ods(&format!("{header}{wide}")), "too large");
    let torn = zip(&[(
        "content.xml",
        r#"<office:a><table:table table:name="a"><table:table-row>"#,
    )]);
    refused("a.ods", &torn, "cut short");
}

fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn one_long_text_that_every_row_repeats_is_counted() {
    let long = "x".repeat(20_000);
    let keys = Int32Array::from(vec![0; 20_000]);
    let texts = StringArray::from(vec![long.as_str()]);
    let repeated = DictionaryArray::try_new(keys, Arc::new(texts) as _).unwrap();
    let repeated: ArrayRef = Arc::new(repeated);
    refused(
        "a.parquet",
        &parquet(vec![("note", Arc::clone(&repeated))]),
        "MB of text",
    );
    let batch = RecordBatch::try_from_iter([("note", repeated)]).unwrap();
    let mut bytes = Vec::new();
    let mut writer = FileWriter::try_new(&mut bytes, &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
    refused("a.arrow", &bytes, "MB of text");
}

#[test]
fn a_parquet_file_whose_counts_disagree_is_refused() {
    let numbers: ArrayRef = Arc::new(Float64Array::from_iter_values((0..500).map(f64::from)));
    let whole = parquet(vec![("spend", numbers)]);
    assert_eq!(open("a.parquet", &whole).unwrap().rows(), 500);
    let footer = whole.len()
        - 8
        - u32::from_le_bytes(*whole[..whole.len() - 4].last_chunk().unwrap()) as usize;
    // 500 in zigzag, wherever a count stands; 100 and 1,000 instead.
    let places: Vec<usize> = (footer..whole.len() - 8)
        .filter(|&at| whole[at..].starts_with(&[0xe8, 0x07]))
        .collect();
    assert!(places.len() >= 3, "{places:?}");
    for at in places {
        for count in [[0xc8, 0x01], [0xd0, 0x0f]] {
            let mut forged = whole.clone();
            forged[at..at + 2].copy_from_slice(&count);
            if let Ok(table) = open("a.parquet", &forged) {
                assert_eq!(table.rows(), 500);
            }
        }
    }
    let rows = whole.len() - 8;
    let last = (footer..rows)
        .rev()
        .find(|&at| whole[at..].starts_with(&[0xe8, 0x07]))
        .unwrap();
    let mut forged = whole;
    forged[last..last + 2].copy_from_slice(&[0xc8, 0x01]);
    refused("a.parquet", &forged, "Parquet");
}

#[test]
fn parquet_types_nested_a_hundred_thousand_deep_are_refused() {
    // Thrift: version 1; a list of structures of name "a", repetition 0 and one child each.
    let elements = 100_000_u32;
    let mut footer = vec![0x15, 2, 0x19, 0xfc];
    let mut rest = elements;
    while rest >= 0x80 {
        footer.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    footer.push(rest as u8);
    for _ in 0..elements {
        footer.extend([0x35, 0, 0x18, 1, b'a', 0x15, 2, 0]);
    }
    footer.extend([0x16, 2, 0x19, 0x0c, 0]);
    let length = (footer.len() as u32).to_le_bytes();
    let bytes = [b"PAR1", &footer[..], &length, b"PAR1"].concat();
    refused("a.parquet", &bytes, "nested too deep");
}

/// An Arrow stream of no rows, of this version and order of bytes.
fn arrow_stream(version: MetadataVersion, endianness: Endianness) -> Vec<u8> {
    let mut builder = FlatBufferBuilder::new();
    let fields: [WIPOffset<arrow_ipc::Field<'_>>; 0] = [];
    let fields = builder.create_vector(&fields);
    let mut schema = SchemaBuilder::new(&mut builder);
    schema.add_endianness(endianness);
    schema.add_fields(fields);
    let schema = schema.finish();
    let mut message = MessageBuilder::new(&mut builder);
    message.add_version(version);
    message.add_header_type(MessageHeader::Schema);
    message.add_header(schema.as_union_value());
    let message = message.finish();
    builder.finish(message, None);
    let mut message = builder.finished_data().to_vec();
    message.resize(message.len().next_multiple_of(8), 0);
    let length = (message.len() as u32).to_le_bytes();
    [&[0xff; 4], &length[..], &message, &[0xff; 4], &[0; 4]].concat()
}

#[test]
fn arrow_of_another_order_or_an_old_version_is_named() {
    let stream = arrow_stream(MetadataVersion::V5, Endianness::Little);
    refused("a.arrows", &stream, "no rows");
    refused("a.arrows", &stream[..stream.len() - 8], "cut off");
    let twice = stream.repeat(2);
    refused("a.arrows", &twice, "something follows");
    let big = arrow_stream(MetadataVersion::V5, Endianness::Big);
    refused("a.arrows", &big, "big-endian");
    let old = arrow_stream(MetadataVersion::V3, Endianness::Little);
    refused("a.arrows", &old, "before Arrow 0.8");
    // Before 0.15 there was no mark before a length.
    refused("a.arrows", &old[4..], "before Arrow 0.8");
}

#[test]
fn json_is_bounded_by_cells_not_by_keys() {
    let sparse: String = (0..4000).map(|key| format!("{{\"k{key}\":1}}\n")).collect();
    refused("a.jsonl", sparse.as_bytes(), "too large");
    let deep = format!(
        "{{\"a\":{}{},\"b\":1}}\n",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let table = open("a.jsonl", deep.repeat(2).as_bytes()).unwrap();
    assert_eq!(table.names().collect::<Vec<_>>(), ["b"]);
    let deep = "[".repeat(100_000);
    assert!(open("a.json", deep.as_bytes()).is_err());
    let line = format!("{{\"a\":\"{}\"}}\n", "x".repeat(65 << 20));
    refused("a.jsonl", line.as_bytes(), "records");
}

/// The same rows in every binary format, whole.
fn whole() -> Vec<(&'static str, Vec<u8>)> {
    let numbers: ArrayRef = Arc::new(Float64Array::from_iter_values((0..50).map(f64::from)));
    let texts: ArrayRef = Arc::new(StringArray::from_iter_values(
        (0..50).map(|row| format!("text {row}")),
    ));
    let batch = RecordBatch::try_from_iter([
        ("spend", Arc::clone(&numbers)),
        ("note", Arc::clone(&texts)),
    ])
    .unwrap();
    let mut file = Vec::new();
    let mut writer = FileWriter::try_new(&mut file, &batch.schema()).unwrap();
    let mut stream = Vec::new();
    let mut stream_writer = StreamWriter::try_new(&mut stream, &batch.schema()).unwrap();
    for start in [0, 20] {
        writer.write(&batch.slice(start, 20 + start / 2)).unwrap();
        stream_writer
            .write(&batch.slice(start, 20 + start / 2))
            .unwrap();
    }
    writer.finish().unwrap();
    stream_writer.finish().unwrap();
    drop((writer, stream_writer));
    let csv: String = (0..50).map(|row| format!("{row},text {row}\n")).collect();
    let csv = format!("spend,note\n{csv}");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(csv.as_bytes()).unwrap();
    vec![
        (
            "a.parquet",
            parquet(vec![("spend", numbers), ("note", texts)]),
        ),
        ("a.arrow", file),
        ("a.arrows", stream),
        ("a.csv.gz", gzip.finish().unwrap()),
        ("a.csv.zst", zstd::encode_all(csv.as_bytes(), 1).unwrap()),
        ("a.zip", zip(&[("a.csv", csv)])),
        ("a.xlsx", xlsx(ROWS, SHARED)),
        ("a.xls", XLS.to_vec()),
        ("a.ods", ODS.to_vec()),
    ]
}

#[test]
fn a_torn_file_is_never_a_shorter_table() {
    for (name, bytes) in whole() {
        let rows = open(name, &bytes).unwrap().rows();
        let step = if thorough::is_asked_for() {
            1
        } else {
            bytes.len().div_ceil(200)
        };
        for end in (0..bytes.len())
            .step_by(step)
            .chain(bytes.len().saturating_sub(20)..bytes.len())
        {
            if let Ok(table) = open(name, &bytes[..end]) {
                // Some formats end with bytes that say nothing.
                assert_eq!(table.rows(), rows, "{name} of {end} bytes");
                assert!(name == "a.xls", "{name} of {end} bytes is read");
            }
        }
    }
}

/// A generator of this test's own: the same damage in every run.
struct Damage(u64);

impl Damage {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below.max(1)
    }

    /// Flips, inserts and deletes a few bytes.
    fn of(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.next(4) {
            let at = self.next(bytes.len());
            match self.next(6) {
                0 => bytes.insert(at, self.next(256) as u8),
                1 if !bytes.is_empty() => drop(bytes.remove(at)),
                2 => bytes.truncate(bytes.len() - self.next(bytes.len() / 8 + 1)),
                3 => {
                    // A count of four bytes becomes a large one.
                    let large = [u32::MAX, 0x7fff_ffff, 0x0010_0000][self.next(3)].to_le_bytes();
                    for (byte, new) in bytes.iter_mut().skip(at).zip(large) {
                        *byte = new;
                    }
                }
                _ if at < bytes.len() => bytes[at] = self.next(256) as u8,
                _ => {}
            }
        }
        bytes
    }
}

/// A binary workbook, as Excel writes it, of a header and two rows.
fn xlsb_parts() -> Parts {
    fn write(part: &mut Vec<u8>, kind: u16, data: &[u8]) {
        if kind < 0x80 {
            part.push(kind as u8);
        } else {
            part.extend([(kind & 0x7f) as u8 | 0x80, (kind >> 7) as u8]);
        }
        part.push(data.len() as u8);
        part.extend(data);
    }
    fn wide(text: &str) -> Vec<u8> {
        let letters: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [&(text.len() as u32).to_le_bytes()[..], &letters].concat()
    }
    let mut workbook = Vec::new();
    write(&mut workbook, 0x83, &[]);
    write(&mut workbook, 0x8f, &[]);
    let sheet = [vec![0, 0, 0, 0, 1, 0, 0, 0], wide("rId1"), wide("a")].concat();
    write(&mut workbook, 0x9c, &sheet);
    write(&mut workbook, 0x90, &[]);
    write(&mut workbook, 0x9d, &[]);
    let mut sheet = Vec::new();
    write(&mut sheet, 0x81, &[]);
    write(&mut sheet, 0x94, &[0; 16]);
    write(&mut sheet, 0x91, &[]);
    for row in 0..3_u32 {
        write(&mut sheet, 0, &[&row.to_le_bytes()[..], &[0; 13]].concat());
        for column in 0..2_u32 {
            let place = [&column.to_le_bytes()[..], &[0; 4]].concat();
            if row == 0 {
                let name = wide(["age", "spend"][column as usize]);
                write(&mut sheet, 6, &[place, name].concat());
            } else {
                let value = f64::from(row * 10 + column).to_le_bytes();
                write(&mut sheet, 5, &[&place[..], &value].concat());
            }
        }
    }
    write(&mut sheet, 0x92, &[]);
    let rels = r#"<Relationships><Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.bin"/></Relationships>"#;
    vec![
        ("xl/workbook.bin".to_owned(), workbook),
        (
            "xl/_rels/workbook.bin.rels".to_owned(),
            rels.as_bytes().to_vec(),
        ),
        ("xl/worksheets/sheet1.bin".to_owned(), sheet),
    ]
}

#[test]
fn a_binary_workbook_is_read() {
    let table = open("a.xlsb", &zip(&xlsb_parts())).unwrap();
    assert_eq!(
        (
            table.rows(),
            table.names().collect::<Vec<_>>().join(" ").as_str()
        ),
        (2, "age spend")
    );
}

#[test]
fn a_mutated_workbook_ends_neither_in_a_panic_nor_in_an_abort() {
    let rounds = thorough::runs(300, 5_000);
    let content = {
        let mut archive = zip::ZipArchive::new(Cursor::new(ODS)).unwrap();
        let mut part = archive.by_name("content.xml").unwrap();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut content).unwrap();
        content
    };
    let zipped = [
        ("a.xlsx", xlsx_parts(ROWS, SHARED)),
        ("a.xlsb", xlsb_parts()),
        ("a.ods", vec![("content.xml".to_owned(), content)]),
    ];
    for (name, parts) in &zipped {
        open(name, &zip(parts)).unwrap();
    }
    let mut damage = Damage(11);
    for _ in 0..rounds {
        // Its parts are damaged, and packed again with the right checksum: so the damage gets through.
        for (name, parts) in &zipped {
            let mut parts = parts.clone();
            let part = damage.next(parts.len());
            parts[part].1 = damage.of(&parts[part].1);
            let _ = open(name, &zip(&parts));
        }
        let _ = open("a.xls", &damage.of(XLS));
    }
}

#[test]
fn a_mutated_file_of_columns_ends_neither_in_a_panic_nor_in_an_abort() {
    let mut damage = Damage(12);
    for (name, bytes) in whole() {
        for _ in 0..thorough::runs(100, 2_000) {
            let _ = open(name, &damage.of(&bytes));
        }
    }
}

#[test]
fn the_forged_files_are_refused() {
    let shared = std::env::var_os("TRIBUS_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        Into::into,
    );
    let folder = shared.join("cases/forged");
    if !folder.is_dir() {
        eprintln!("skipped: {} is not there", folder.display());
        return;
    }
    let refused = [
        "x04-sst-count-4e9.xlsx",
        "xls-fat-cycle-1536-bytes.xls",
        "p04-dict-1MB-string-20k-rows.parquet",
        "j05-20k-different-keys.jsonl",
        "x19-cells-13M-declared.xlsx",
        "p15-footer-rows-100.parquet",
        "p17-bitflip-crc-present.parquet",
        "rle-dict-uncompressed-corrupt-checksum.parquet",
        "arrow-bigendian-null.stream",
    ];
    for name in refused {
        let bytes = fs::read(folder.join(name)).unwrap();
        let message = open(name, &bytes).unwrap_err().to_string();
        assert!(message.contains(name), "{message}");
    }
    // This one is a table: a value in each of the 1,048,576 rows that a sheet may have.
    let rows = fs::read(folder.join("o05-rows-repeated-1048576-value.ods")).unwrap();
    assert!(open("o05.ods", &rows).unwrap().rows() > 1_000_000);
}
