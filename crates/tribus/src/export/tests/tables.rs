//! Customers, segments and cleaned tables.

use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::{Made, hostile, ifood};
use crate::export::{
    CustomerOptions, ExportError, Guarded, Keep, TableFormat, segments_csv, write_customers,
    write_prepared,
};
use crate::segment::SegmentNumber;
use crate::source::{Input, ReadOptions, read};

pub(super) fn customers(made: &Made, options: &CustomerOptions) -> (Vec<u8>, Guarded) {
    customers_as(made, options, TableFormat::Csv)
}

fn customers_as(made: &Made, options: &CustomerOptions, format: TableFormat) -> (Vec<u8>, Guarded) {
    let mut out = Vec::new();
    let guarded = write_customers(
        &mut out,
        &made.segmentation,
        &made.table,
        &made.customers,
        options,
        format,
    )
    .unwrap();
    (out, guarded)
}

pub(super) fn records(csv: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(csv);
    reader
        .records()
        .map(|record| record.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

fn keeping(keep: Keep) -> CustomerOptions {
    CustomerOptions {
        keep,
        ..CustomerOptions::default()
    }
}

#[test]
fn every_row_has_a_line_in_input_order() {
    let (csv, _) = customers(hostile(), &CustomerOptions::default());
    let rows: Vec<String> = records(&csv)[1..]
        .iter()
        .map(|record| record[0].clone())
        .collect();
    assert_eq!(rows.join(" "), "1 2 3 4 5 6 7 8 9 10 11 12");
}

#[test]
fn the_header_names_what_is_known_of_each_customer() {
    let (csv, _) = customers(hostile(), &CustomerOptions::default());
    assert_eq!(
        records(&csv)[0].join(","),
        "row,id,segment,segment_name,second_segment,confidence,distance,outlier,repaired_cells,set_aside_because"
    );
}

#[test]
fn a_customer_has_its_segment_the_second_one_and_the_distance() {
    let (csv, _) = customers(hostile(), &CustomerOptions::default());
    let placed = &records(&csv)[2];
    assert_eq!((placed[2].as_str(), placed[4].as_str()), ("1", "2"));
    assert_eq!(placed[3], hostile().segmentation.name(SegmentNumber::at(0)));
    let distance: f64 = placed[6].parse().unwrap();
    assert_eq!(
        distance,
        hostile().customers.placements[1].unwrap().distance.unwrap()
    );
}

#[test]
fn the_repaired_cells_of_a_customer_are_counted() {
    let (csv, _) = customers(hostile(), &CustomerOptions::default());
    let repaired: Vec<String> = records(&csv)[1..=10]
        .iter()
        .map(|record| record[8].clone())
        .collect();
    // The sixth customer has a gap in `spend`.
    assert_eq!(repaired.join(" "), "0 0 0 0 0 1 0 0 0 0");
}

#[test]
fn a_row_that_is_set_aside_has_the_reason_and_no_segment() {
    let (csv, _) = customers(hostile(), &CustomerOptions::default());
    assert_eq!(
        records(&csv)[11][2..],
        ["", "", "", "", "", "", "", "implausible spend"]
    );
}

#[test]
fn lines_end_with_a_line_feed_alone() {
    let (csv, _) = customers(hostile(), &CustomerOptions::default());
    assert_eq!(csv.last(), Some(&b'\n'));
    assert!(!csv.windows(2).any(|pair| pair == b"\r\n"));
}

#[test]
fn no_id_is_an_active_cell_unless_asked_for_raw() {
    let ids = |raw| {
        let options = CustomerOptions {
            raw,
            ..CustomerOptions::default()
        };
        let (csv, guarded) = customers(hostile(), &options);
        let column: Vec<String> = records(&csv)[1..].iter().map(|r| r[1].clone()).collect();
        (column, guarded.cells)
    };
    let (exact, none) = ids(true);
    let (guarded, cells) = ids(false);
    assert_eq!((none, cells), (0, 9));
    assert_eq!(exact[4], "\t=1+1");
    for (guarded, exact) in guarded.iter().zip(&exact) {
        assert!(*guarded == *exact || *guarded == format!("'{exact}"));
        let first = guarded.chars().next().unwrap();
        assert!(!"=+-@＝＋－＠".contains(first) && !first.is_control());
    }
}

#[test]
fn kept_columns_stand_behind_and_do_not_collide() {
    let (csv, guarded) = customers(hostile(), &keeping(Keep::All));
    let records = records(&csv);
    assert_eq!(
        records[0][10..],
        [
            "customer_id",
            "email",
            "city",
            "'=formula",
            "segment_original",
            "ID_original",
            "since",
            "spend",
            "visits"
        ]
    );
    assert_eq!(guarded.cells, 9 + 9 + 1 + 1);
    assert_eq!(
        records[11][10..],
        [
            "%0A=1",
            "p11@example.com",
            "Kyiv",
            "x",
            "1",
            "k",
            "2020-01-11",
            "99999",
            "1"
        ]
    );
    let some = keeping(Keep::Columns(vec![
        "spend".into(),
        "city".into(),
        "spend".into(),
    ]));
    let (csv, _) = customers(hostile(), &some);
    assert_eq!(
        super::tables::records(&csv)[6][10..],
        ["", "Cairo"],
        "cells are kept as read"
    );
}

#[test]
fn an_unknown_column_to_keep_is_named_with_the_nearest() {
    let made = hostile();
    let error = write_customers(
        Vec::new(),
        &made.segmentation,
        &made.table,
        &made.customers,
        &keeping(Keep::Columns(vec!["Sity".into()])),
        TableFormat::Csv,
    )
    .unwrap_err();
    assert!(error.is_usage());
    assert_eq!(error.to_string(), "there is no column `Sity` to keep");
    assert_eq!(error.hint().unwrap(), "did you mean `city`?");
}

#[test]
fn a_reader_that_goes_away_is_known() {
    struct Closed;
    impl std::io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let made = hostile();
    let options = CustomerOptions::default();
    for format in [TableFormat::Csv, TableFormat::Parquet, TableFormat::Xlsx] {
        let (s, t, c) = (&made.segmentation, &made.table, &made.customers);
        let error = write_customers(Closed, s, t, c, &options, format).unwrap_err();
        assert!(error.is_closed_pipe(), "{error}");
        assert!(matches!(error, ExportError::Write { .. }));
    }
}

#[test]
fn parquet_holds_what_csv_holds_and_exact_text() {
    let options = CustomerOptions {
        keep: Keep::All,
        raw: false,
    };
    let (bytes, guarded) = customers_as(hostile(), &options, TableFormat::Parquet);
    assert_eq!(guarded.cells, 0);
    let builder = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes.clone())).unwrap();
    let types: Vec<String> = builder
        .schema()
        .fields()
        .iter()
        .map(|field| field.data_type().to_string())
        .collect();
    assert_eq!(
        types[..10].join(" "),
        "Int64 LargeUtf8 Int32 LargeUtf8 Int32 Float64 Float64 Boolean Int32 LargeUtf8"
    );
    let exact = CustomerOptions {
        raw: true,
        ..options
    };
    let (csv, _) = customers(hostile(), &exact);
    assert_eq!(reread(&bytes, "c.parquet"), reread(&csv, "c.csv"));
}

#[test]
fn a_workbook_holds_what_csv_holds() {
    let options = keeping(Keep::Columns(vec!["city".into()]));
    let (bytes, guarded) = customers_as(hostile(), &options, TableFormat::Xlsx);
    let (csv, same) = customers(hostile(), &options);
    assert_eq!(guarded, same);
    assert_eq!(reread(&bytes, "c.xlsx"), reread(&csv, "c.csv"));
}

/// All cells of a file as our readers see them.
fn reread(bytes: &[u8], name: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let text = ["id", "customer_id", "segment_name", "set_aside_because"];
    let options = ReadOptions {
        text_columns: text.map(str::to_owned).to_vec(),
        ..ReadOptions::default()
    };
    let table = read(&[Input::Path(path)], &options).unwrap();
    let names: Vec<&str> = table.names().collect();
    format!("{names:?} {:?}", table.batch().columns())
}

#[test]
fn segments_have_centroid_mean_and_median_of_numbers() {
    let made = hostile();
    let (text, guarded) = segments_csv(&made.segmentation, false);
    let records = records(text.as_bytes());
    assert_eq!(
        records[0][..11].join(","),
        "segment,segment_name,size,share,value,centroid_spend,mean_spend,median_spend,centroid_visits,mean_visits,median_visits"
    );
    assert_eq!(records.len(), 3);
    let sizes: u64 = records[1..]
        .iter()
        .map(|r| r[2].parse::<u64>().unwrap())
        .sum();
    assert_eq!(sizes, 11);
    assert!(records[1][4].parse::<f64>().unwrap() > records[2][4].parse::<f64>().unwrap());
    assert_eq!(guarded.cells, 0);
    let mut renamed = made.segmentation.clone();
    renamed.rename(SegmentNumber::at(0), "=evil()").unwrap();
    let (text, guarded) = segments_csv(&renamed, false);
    assert!(text.contains("1,'=evil(),") && guarded.cells == 1);
}

#[test]
fn a_cleaned_table_has_ids_and_repaired_cells() {
    let made = hostile();
    let prepared = made.segmentation.pipeline().apply(&made.table).unwrap();
    let write = |id: Option<&str>| {
        let mut out = Vec::new();
        write_prepared(&mut out, TableFormat::Csv, &prepared, &made.table, id, true).unwrap();
        records(&out)
    };
    let named = write(Some("customer_id"));
    assert_eq!(named.len(), 12, "the row set aside is not in it");
    assert_eq!(
        named[0],
        [
            "id",
            "email",
            "city",
            "=formula",
            "segment",
            "ID_original",
            "since",
            "spend",
            "visits"
        ]
    );
    assert_eq!(
        (named[6][0].as_str(), named[6][7].is_empty()),
        ("\r=1+1", false)
    );
    let numbered = write(None);
    assert_eq!(numbered[11][..2], ["12", "'=1"]);
}

#[test]
fn real_customers_add_up() {
    let Some(made) = ifood() else { return };
    let (csv, _) = customers(made, &keeping(Keep::Columns(vec!["Income".into()])));
    let records = records(&csv);
    assert_eq!(records.len(), made.table.rows() + 1);
    for (at, segment) in made.segmentation.summary().segments.iter().enumerate() {
        let number = (at + 1).to_string();
        let lines = records.iter().filter(|record| record[2] == number).count();
        assert_eq!(lines as u64, segment.size);
    }
}
