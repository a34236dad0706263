//! A folder written again from its model alone: the customers keep their rows, their segments' names are redone.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int64Array, LargeStringArray, RecordBatch,
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::batch::{CUSTOMER_COLUMNS, is_exported};
use super::{
    CustomerOptions, CustomersFormat, ExportError, FolderOptions, Keep, Written, fill_folder,
    folder,
};
use crate::pipeline::batch_of;
use crate::segmentation::Segmentation;

/// Writes everything in a folder again from the segmentation: after a renaming, or by a newer program.
///
/// # Errors
/// [`ExportError::Incomplete`] for a folder without customers; [`ExportError::NotOurs`] and [`ExportError::Edited`] for
/// one that others wrote in; a write that failed. Then nothing is changed.
pub fn refresh_folder(
    path: &Path,
    segmentation: &Segmentation,
    staged: &dyn Fn(&Path),
) -> Result<Written, ExportError> {
    folder::check_ours(path)?;
    let (format, customers) = read_customers(path)?;
    let renamed = with_names(&customers, segmentation);
    let options = FolderOptions {
        // What was guarded stays guarded; names are guarded again.
        customers: CustomerOptions {
            keep: Keep::Nothing,
            format,
            raw: false,
        },
        force: false,
        workbook: path.join("workbook.xlsx").exists(),
    };
    fill_folder(path, segmentation, &renamed, &options, staged)
}

fn read_customers(path: &Path) -> Result<(CustomersFormat, RecordBatch), ExportError> {
    let csv = path.join(CustomersFormat::Csv.file());
    let parquet = path.join(CustomersFormat::Parquet.file());
    let unreadable = |path: &Path, source: std::io::Error| ExportError::Read {
        path: path.to_path_buf(),
        source,
    };
    if csv.exists() {
        let bytes = fs::read(&csv).map_err(|source| unreadable(&csv, source))?;
        let batch = from_csv(&bytes)
            .map_err(|error| unreadable(&csv, std::io::Error::other(error.to_string())))?;
        Ok((CustomersFormat::Csv, batch))
    } else if parquet.exists() {
        let file = File::open(&parquet).map_err(|source| unreadable(&parquet, source))?;
        let batch = from_parquet(file)
            .map_err(|error| unreadable(&parquet, std::io::Error::other(error)))?;
        Ok((CustomersFormat::Parquet, batch))
    } else {
        let file = CustomersFormat::Csv.file().to_owned();
        Err(ExportError::Incomplete {
            path: path.to_path_buf(),
            file,
        })
    }
}

/// Our own columns typed as they were written; kept columns and ids as text, which is written as it stands.
fn from_csv(bytes: &[u8]) -> Result<RecordBatch, csv::Error> {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers()?.clone();
    let mut cells: Vec<Vec<String>> = vec![Vec::new(); header.len()];
    for record in reader.records() {
        for (column, cell) in cells.iter_mut().zip(record?.iter()) {
            column.push(cell.to_owned());
        }
    }
    let rows = cells.first().map_or(0, Vec::len);
    let columns = header
        .iter()
        .zip(cells)
        .enumerate()
        .map(|(at, (name, cells))| {
            let ours = CUSTOMER_COLUMNS.get(at).copied().unwrap_or("");
            (name, typed(ours, &cells))
        });
    let columns: Vec<(&str, ArrayRef)> = columns.collect();
    Ok(batch_of(columns.into_iter(), rows))
}

fn typed(ours: &str, cells: &[String]) -> ArrayRef {
    let present = |cell: &String| (!cell.is_empty()).then(|| cell.clone());
    match ours {
        "row" | "segment" | "second_segment" | "repaired_cells" => Arc::new(
            cells
                .iter()
                .map(|cell| cell.parse().ok())
                .collect::<Int64Array>(),
        ),
        "confidence" | "distance" => Arc::new(
            cells
                .iter()
                .map(|cell| cell.parse().ok())
                .collect::<Float64Array>(),
        ),
        "outlier" => Arc::new(
            cells
                .iter()
                .map(|cell| cell.parse().ok())
                .collect::<BooleanArray>(),
        ),
        // Kept numbers and row numbers come back as numbers if that loses nothing.
        _ if cells.iter().any(|cell| !cell.is_empty())
            && cells
                .iter()
                .all(|cell| cell.is_empty() || is_plain_number(cell)) =>
        {
            Arc::new(
                cells
                    .iter()
                    .map(|cell| cell.parse().ok())
                    .collect::<Float64Array>(),
            )
        }
        _ => Arc::new(cells.iter().map(present).collect::<LargeStringArray>()),
    }
}

/// A number in just the notation in which it would be written again.
fn is_plain_number(cell: &str) -> bool {
    cell.parse::<f64>()
        .is_ok_and(|number| number.is_finite() && number.to_string() == cell)
}

fn from_parquet(file: File) -> Result<RecordBatch, String> {
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| error.to_string())?;
    let schema = builder.schema().clone();
    let reader = builder
        .with_batch_size(usize::MAX >> 1)
        .build()
        .map_err(|error| error.to_string())?;
    let batches: Vec<RecordBatch> = reader
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())?;
    let rows = batches.iter().map(RecordBatch::num_rows).sum();
    let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
    for (at, field) in schema.fields().iter().enumerate() {
        let parts: Vec<&dyn Array> = batches
            .iter()
            .map(|batch| batch.column(at).as_ref())
            .collect();
        let column = match parts.as_slice() {
            [] => arrow_array::new_empty_array(field.data_type()),
            parts => arrow_select::concat::concat(parts).map_err(|error| error.to_string())?,
        };
        if !is_exported(column.as_ref()) {
            return Err(format!(
                "column {} is of no kind that tribus writes",
                field.name()
            ));
        }
        columns.push((field.name(), column));
    }
    Ok(batch_of(columns.into_iter(), rows))
}

/// The customers with the names their segments have now.
fn with_names(customers: &RecordBatch, segmentation: &Segmentation) -> RecordBatch {
    let segments = customers
        .column_by_name("segment")
        .and_then(|column| column.as_any().downcast_ref::<Int64Array>());
    let names: LargeStringArray = match segments {
        Some(segments) => segments
            .iter()
            .map(|segment| {
                let at = usize::try_from(segment? - 1).ok()?;
                (at < segmentation.k).then(|| segmentation.name(at))
            })
            .collect(),
        None => LargeStringArray::new_null(customers.num_rows()),
    };
    let names: ArrayRef = Arc::new(names);
    let schema = customers.schema();
    let columns = schema
        .fields()
        .iter()
        .zip(customers.columns())
        .map(|(field, column)| {
            let is_name = field.name() == "segment_name";
            (
                field.name().as_str(),
                if is_name {
                    names.clone()
                } else {
                    column.clone()
                },
            )
        });
    batch_of(columns, customers.num_rows())
}
