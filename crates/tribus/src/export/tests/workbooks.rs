//! Workbooks, read back.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use calamine::{Data, Range, Reader, Xlsx, open_workbook};

use super::tables::{customers, records};
use super::{Made, hostile, ifood, made};
use crate::export::{
    CustomerOptions, CustomersFormat, FolderOptions, Keep, Pictures, ResultFolder, unwatched,
};
use crate::recipe::InputSection;
use crate::segment::SegmentNumber;

fn options(keep: Keep) -> FolderOptions {
    FolderOptions {
        input: InputSection::default(),
        mode: None,
        customers: CustomerOptions {
            keep,
            ..CustomerOptions::default()
        },
        format: CustomersFormat::Csv,
        force: false,
        workbook: true,
        pictures: Pictures::default(),
    }
}

fn write(folder: &Path, made: &Made, options: &FolderOptions) -> u64 {
    let (s, t, c) = (&made.segmentation, &made.table, &made.customers);
    let folder = ResultFolder::claim(folder, std::time::Duration::ZERO).unwrap();
    let written = folder.write(s, t, c, options, &unwatched).unwrap();
    written.guarded.cells
}

struct Book(Xlsx<std::io::BufReader<fs::File>>);

impl Book {
    fn open(folder: &Path) -> Self {
        Self(open_workbook(folder.join("workbook.xlsx")).unwrap())
    }

    fn sheet(&mut self, name: &str) -> Range<Data> {
        assert!(
            self.0.worksheet_formula(name).unwrap().is_empty(),
            "no formula"
        );
        self.0.worksheet_range(name).unwrap()
    }
}

/// The cell as CSV says it.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::Bool(flag) => flag.to_string(),
        Data::DateTime(date) => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::Float(number) => crate::words::number::number_text(*number),
        other => other.to_string(),
    }
}

fn same_customers(made: &Made, keep: Keep) {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("out");
    let options = options(keep);
    write(&path, made, &options);
    let sheet = Book::open(&path).sheet("Customers");
    let lines = records(&customers(made, &options.customers).0);
    assert_eq!(sheet.height(), lines.len());
    for (cells, line) in sheet.rows().zip(&lines) {
        let cells: Vec<String> = cells.iter().map(text).collect();
        // XML reads a carriage return as a line feed.
        let line: Vec<String> = line.iter().map(|cell| cell.replace('\r', "\n")).collect();
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('\r', "\n")).collect();
        assert_eq!(cells, line);
    }
}

#[test]
fn the_customers_of_a_workbook_are_those_of_the_file() {
    same_customers(hostile(), Keep::All);
    if let Some(made) = ifood() {
        same_customers(
            made,
            Keep::Columns(vec!["Income".into(), "MntTotal".into()]),
        );
    }
}

#[test]
fn the_sheets_stand_in_order_and_hold_the_summary() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("out");
    let made = hostile();
    write(&path, made, &options(Keep::Nothing));
    let mut book = Book::open(&path);
    let names = book.0.sheet_names();
    assert_eq!(
        names,
        [
            "Segments",
            "Profile",
            "Segment 1",
            "Segment 2",
            "Differentiators",
            "Actions",
            "Rules",
            "Customers",
            "Data check",
            "Evidence"
        ]
    );
    let segments = book.sheet("Segments");
    assert_eq!(segments.height(), made.segmentation.k() + 1);
    let summary = &made.segmentation.summary().segments[0];
    assert_eq!(
        segments[(1, 1)],
        Data::String(made.segmentation.name(SegmentNumber::at(0)).to_owned())
    );
    assert_eq!(segments[(1, 2)], Data::Float(summary.size as f64));
    assert_eq!(segments[(1, 4)], Data::Float(summary.value.unwrap()));
    let check = book.sheet("Data check");
    assert_eq!(check[(1, 3)], Data::Float(12.0));
    assert_eq!(check[(4, 2)], Data::String("implausible spend".into()));
    let card = book.sheet("Segment 1");
    assert_eq!(card[(0, 0)], segments[(1, 1)]);
    assert_eq!(card[(1, 1)], Data::Float(summary.size as f64));
    assert_eq!(card[(13, 0)], Data::String("spend".into()));
    let profile = book.sheet("Profile");
    assert_eq!(profile[(1, 0)], Data::String("spend".into()));
    let evidence = book.sheet("Evidence");
    assert_eq!(
        evidence.height(),
        made.segmentation.evidence().candidates.len() + 1
    );
}

#[test]
fn text_that_looks_like_markup_stays_text() {
    let mut csv = "customer,kind,spend\n".to_owned();
    for row in 0..12 {
        writeln!(csv, "<r>{row}</r>,<t>&amp;</t>,{}", row * row).unwrap();
    }
    let mut made = made(&csv, "[segment]\nfeatures = [\"spend\"]\nk = 2\n");
    made.segmentation
        .rename(SegmentNumber::at(0), "<r><t>x</t></r>")
        .unwrap();
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("out");
    write(&path, &made, &options(Keep::All));
    let mut book = Book::open(&path);
    let segments = book.sheet("Segments");
    assert_eq!(segments[(1, 1)].to_string().trim_end(), "<r><t>x</t></r>");
    let customers = book.sheet("Customers");
    assert_eq!(customers[(3, 10)], Data::String("<r>2</r>".into()));
    assert_eq!(customers[(3, 11)], Data::String("<t>&amp;</t>".into()));
}

#[test]
fn beside_parquet_the_workbook_is_what_is_guarded() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("out");
    let mut options = options(Keep::Nothing);
    options.format = CustomersFormat::Parquet;
    assert_eq!(write(&path, hostile(), &options), 9);
    let sheet = Book::open(&path).sheet("Customers");
    assert_eq!(sheet[(1, 1)], Data::String("'=1+1".into()));
}

#[test]
fn what_is_explained_has_sheets_with_the_numbers_of_the_model() {
    let Some(made) = ifood() else { return };
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("out");
    write(&path, made, &options(Keep::Nothing));
    let mut book = Book::open(&path);
    let segmentation = &made.segmentation;
    let profiles = segmentation.profiles();

    let found = book.sheet("Differentiators");
    let all = profiles
        .segments
        .iter()
        .map(|profile| profile.differentiators.len());
    assert_eq!(found.height(), 1 + all.sum::<usize>());
    let first = &profiles.segments[0].differentiators[0];
    assert_eq!(found[(1, 2)], Data::String(first.column.clone()));
    let effect = [first.effect.value, first.effect.low, first.effect.high];
    for (at, number) in effect.into_iter().enumerate() {
        assert_eq!(found[(1, 8 + at)], Data::Float(number));
    }

    let plays = book.sheet("Actions");
    let actions = profiles
        .segments
        .iter()
        .map(|profile| profile.actions.len());
    assert_eq!(
        plays.height(),
        1 + actions.sum::<usize>() + profiles.idle_plays.len()
    );

    let rules = book.sheet("Rules");
    let rule = &segmentation.rules().unwrap().segments[0];
    assert_eq!(rules[(1, 2)], Data::String(rule.words()));
    assert_eq!(rules[(1, 3)], Data::Float(rule.coverage));

    let sheet = book.sheet("Campaign");
    let campaign = segmentation.campaign().unwrap();
    assert_eq!(
        sheet[(1, 0)],
        Data::String(format!("{}.", campaign.verdict))
    );
    for (at, policy) in campaign.policies.iter().enumerate() {
        assert_eq!(
            sheet[(5 + at, 0)],
            Data::String(policy.policy.word().into())
        );
        assert_eq!(
            sheet[(5 + at, 2)],
            Data::Float(policy.profit_per_customer + 0.0)
        );
    }
}
