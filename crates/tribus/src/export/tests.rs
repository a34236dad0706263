use std::io::Write as _;

use super::*;
use crate::recipe::Recipe;
use crate::source::{Input, ReadOptions, read};

/// Sixty customers in two clear groups, one of them with a missing age and one with an impossible one.
fn example(folder: &Path) -> (Segmentation, Table, Customers) {
    let path = folder.join("shop.csv");
    let mut file = std::fs::File::create(&path).unwrap();
    writeln!(file, "customer_id,=note,spend,age,segment").unwrap();
    for i in 0..60 {
        let age = match i {
            3 => String::new(),
            5 => "150".to_owned(),
            _ => (20 + i % 2 * 40 + i % 5).to_string(),
        };
        writeln!(
            file,
            "C{i:02},=1+{i},{}.25,{age},old",
            10 + i % 2 * 400 + i % 7
        )
        .unwrap();
    }
    let table = read(&[Input::Path(path)], &ReadOptions::default()).unwrap();
    let recipe = Recipe::parse("[segment]\nk = 2\n", "x").unwrap();
    let segmentation = Segmentation::make(&recipe, &table, &|_, _, _| {}).unwrap();
    let customers = segmentation.assign(&table).unwrap();
    (segmentation, table, customers)
}

fn csv_text(keep: Keep, raw: bool) -> (String, Guarded) {
    let folder = tempfile::tempdir().unwrap();
    let (segmentation, table, customers) = example(folder.path());
    let mut out = Vec::new();
    let options = CustomerOptions {
        keep,
        raw,
        ..CustomerOptions::default()
    };
    let guarded = write_customers(&mut out, &segmentation, &table, &customers, &options).unwrap();
    (String::from_utf8(out).unwrap(), guarded)
}

#[test]
fn every_input_row_has_its_line_in_order() {
    let (text, _) = csv_text(Keep::Nothing, false);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 61);
    assert_eq!(lines[0], batch::CUSTOMER_COLUMNS.join(","));
    assert!(lines[1].starts_with("1,C00,"), "{}", lines[1]);
    assert!(
        lines[6].starts_with("6,C05,,,,,,,,impossible age"),
        "{}",
        lines[6]
    );
    let repaired: Vec<&str> = lines[4].split(',').collect();
    assert_eq!(repaired[8], "1", "{}", lines[4]);
}

#[test]
fn kept_columns_follow_and_are_guarded_and_renamed() {
    let (text, guarded) = csv_text(Keep::All, false);
    let header = text.lines().next().unwrap();
    assert!(
        header.ends_with("customer_id,'=note,spend,age,segment_original"),
        "{header}"
    );
    assert!(text.contains("'=1+7"));
    assert_eq!(guarded.cells, 61);
    let (text, guarded) = csv_text(Keep::Columns(vec!["=note".to_owned()]), true);
    assert!(text.contains(",=1+7"));
    assert_eq!(guarded.cells, 0);
}

#[test]
fn a_column_to_keep_that_is_not_there_offers_the_nearest() {
    let folder = tempfile::tempdir().unwrap();
    let (segmentation, table, customers) = example(folder.path());
    let keep = Keep::Columns(vec!["spned".to_owned()]);
    let options = CustomerOptions {
        keep,
        ..CustomerOptions::default()
    };
    let error =
        write_customers(Vec::new(), &segmentation, &table, &customers, &options).unwrap_err();
    assert_eq!(error.hint().unwrap(), "did you mean `spend`?");
}

fn write(folder: &Path, options: &FolderOptions) -> Result<(Segmentation, Written), ExportError> {
    let input = tempfile::tempdir().unwrap();
    let (segmentation, table, customers) = example(input.path());
    let target = folder.join("out");
    let written = write_folder(&target, &segmentation, &table, &customers, options, &|_| {})?;
    Ok((segmentation, written))
}

const WITH_WORKBOOK: FolderOptions = FolderOptions {
    customers: CustomerOptions {
        keep: Keep::Nothing,
        format: CustomersFormat::Csv,
        raw: false,
    },
    force: false,
    workbook: true,
};

/// Every file of a folder with its bytes.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    folder::files_in(folder)
        .unwrap()
        .into_iter()
        .map(|file| (file.clone(), std::fs::read(folder.join(file)).unwrap()))
        .collect()
}

#[test]
fn a_folder_is_written_whole_and_again_with_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let (_, written) = write(folder.path(), &WITH_WORKBOOK).unwrap();
    for file in [
        "report.html",
        "customers.csv",
        "segments.csv",
        "segmentation.json",
        "workbook.xlsx",
        "charts/map.svg",
    ] {
        assert!(
            written.files.iter().any(|name| name == file),
            "{file}: {:?}",
            written.files
        );
    }
    let first = contents(&folder.path().join("out"));
    write(folder.path(), &WITH_WORKBOOK).unwrap();
    assert_eq!(contents(&folder.path().join("out")), first);
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "nothing is left beside it"
    );
}

#[test]
fn a_folder_that_others_wrote_in_is_refused_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &WITH_WORKBOOK).unwrap();
    let out = folder.path().join("out");
    std::fs::write(out.join("notes.txt"), "mine").unwrap();
    let error = write(folder.path(), &WITH_WORKBOOK).unwrap_err();
    assert!(
        matches!(error, ExportError::NotOurs { .. }) && error.is_usage(),
        "{error}"
    );
    let force = FolderOptions {
        force: true,
        ..WITH_WORKBOOK
    };
    write(folder.path(), &force).unwrap();
    assert_eq!(
        std::fs::read_to_string(out.join("notes.txt")).unwrap(),
        "mine"
    );
    std::fs::remove_file(out.join("notes.txt")).unwrap();
    std::fs::write(out.join("segments.csv"), "edited").unwrap();
    let error = write(folder.path(), &WITH_WORKBOOK).unwrap_err();
    assert!(matches!(error, ExportError::Edited { .. }), "{error}");
    assert_eq!(
        std::fs::read_to_string(out.join("segments.csv")).unwrap(),
        "edited"
    );
}

#[test]
fn a_write_that_fails_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = check_folder(&file.join("out"), false).unwrap_err();
    assert!(matches!(error, ExportError::NoParent { .. }), "{error}");
    let error = check_folder(&file, true).unwrap_err();
    assert!(matches!(error, ExportError::NotAFolder { .. }), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_renamed_segment_is_renamed_everywhere() {
    for format in [CustomersFormat::Csv, CustomersFormat::Parquet] {
        let folder = tempfile::tempdir().unwrap();
        let customers = CustomerOptions {
            format,
            ..CustomerOptions::default()
        };
        let options = FolderOptions {
            customers,
            ..WITH_WORKBOOK
        };
        let (mut segmentation, _) = write(folder.path(), &options).unwrap();
        let out = folder.path().join("out");
        let old = segmentation.name(0).to_owned();
        let before = std::fs::read(out.join(format.file())).unwrap();
        refresh_folder(&out, &segmentation, &|_| {}).unwrap();
        assert_eq!(
            std::fs::read(out.join(format.file())).unwrap(),
            before,
            "nothing to rename"
        );
        segmentation.rename(0, "Our <best> customers").unwrap();
        refresh_folder(&out, &segmentation, &|_| {}).unwrap();
        let report = std::fs::read_to_string(out.join("report.html")).unwrap();
        assert!(report.contains("Our &lt;best&gt; customers") && !report.contains("Our <best>"));
        for file in ["segments.csv", "segmentation.json"] {
            let text = std::fs::read_to_string(out.join(file)).unwrap();
            assert!(
                text.contains("Our <best> customers") && !text.contains(&format!("\"{old}\"")),
                "{file}"
            );
        }
        let again = Segmentation::open(&out).unwrap();
        assert!(again.profiles.segments[0].locked);
        assert_eq!(contents(&out).len(), contents(&out).len());
    }
}

#[test]
fn parquet_holds_the_same_customers_exactly() {
    let folder = tempfile::tempdir().unwrap();
    let (segmentation, table, customers) = example(folder.path());
    let expected = batch::customers_batch(&segmentation, &table, &customers, &Keep::All).unwrap();
    let options = CustomerOptions {
        keep: Keep::All,
        format: CustomersFormat::Parquet,
        raw: false,
    };
    let mut bytes = Vec::new();
    write_customers(&mut bytes, &segmentation, &table, &customers, &options).unwrap();
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(
        bytes::Bytes::from(bytes),
    );
    let found = reader.unwrap().build().unwrap().next().unwrap().unwrap();
    assert_eq!(found.columns(), expected.columns());
}

#[test]
fn the_workbook_holds_the_segments_and_every_customer() {
    use calamine::{Data, Reader};
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &WITH_WORKBOOK).unwrap();
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook(folder.path().join("out/workbook.xlsx")).unwrap();
    assert_eq!(
        book.sheet_names(),
        ["Segments", "Profile", "Customers", "Data check", "Evidence"]
    );
    let customers = book.worksheet_range("Customers").unwrap();
    assert_eq!(customers.height(), 61);
    assert_eq!(
        customers.get_value((1, 1)),
        Some(&Data::String("C00".to_owned()))
    );
    assert_eq!(customers.get_value((1, 0)), Some(&Data::Float(1.0)));
}
