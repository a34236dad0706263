//! One customer taken out of a folder: the lines that name them, and nothing else.
//!
//! What a folder says of all customers together (model, report, segments, charts) counts this one, too, and cannot be undone line
//! by line: it has to be made again from a file without the customer.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use arrow_array::{Array, BooleanArray, Float64Array, Int64Array, LargeStringArray, RecordBatch};
use arrow_schema::{DataType, Schema};

use super::marker::{MARKER, Marker};
use super::on_disk::{open_parquet, unreadable};
use super::refresh::{copy, workbook_again};
use super::staging::Staging;
use super::target::Target;
use super::{ExportError, Watch};
use crate::export::tables::columnar::write_batches;
use crate::export::tables::guard::unguarded;
use crate::export::{CUSTOMERS_CSV, CUSTOMERS_PARQUET, FileMode, MODEL, REJECTS, WORKBOOK};
use crate::segmentation::Segmentation;

/// Headers of columns of ids in the tables of a folder.
const ID_COLUMNS: [&str; 2] = ["id", "customer_id"];

/// The column of [`REJECTS`] with rows as they stand in the file.
const RAW_ROW: &str = "row";

/// What was taken out of a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Lines taken out of each file that had any.
    pub removed: BTreeMap<String, u64>,
    /// Files that count the customer among others and must be made again; none where no line was found.
    pub make_again: Vec<String>,
    /// Files that may hold the customer and cannot be looked through.
    pub not_searched: Vec<String>,
}

/// The customer that is looked for.
struct Wanted<'a> {
    id: &'a str,
    /// Of ids that are numbers: `42` and `42.0` are one.
    number: Option<f64>,
}

/// Lines that stay, each a range of bytes, and how many go.
struct Sifted {
    kept: Vec<std::ops::Range<usize>>,
    removed: u64,
}

/// The folder under way without the customer; none where no line names them.
pub(super) fn staged<'w>(
    target: &Target,
    id: &str,
    watch: Watch<'w>,
) -> Result<(Option<Staging<'w>>, Forgotten), ExportError> {
    let path = || target.path.clone();
    let Some(found) = Marker::read(&target.path) else {
        return Err(ExportError::NotOurs { path: path() });
    };
    if let Some(file) = found.first_edited(&target.path, false) {
        let file = file.to_owned();
        return Err(ExportError::Edited { path: path(), file });
    }
    let files: Vec<&String> = (found.files.keys())
        .filter(|name| target.path.join(name).exists())
        .collect();
    let mut forgotten = searched(&found, &target.path, &files, id)?;
    if forgotten.removed.is_empty() {
        return Ok((None, forgotten));
    }
    let marker = Marker {
        files: BTreeMap::new(),
        ..found.clone()
    };
    let mut staging = Staging::beside(
        target,
        marker,
        FileMode::of(&target.path.join(MARKER)),
        watch,
    )?;
    let lines = forgotten
        .removed
        .iter()
        .find_map(|(name, lines)| is_customers(name).then_some(*lines));
    let again = lines.filter(|_| files.iter().any(|name| *name == WORKBOOK));
    let copied = files
        .iter()
        .filter(|name| again.is_none() || **name != WORKBOOK);
    for name in copied {
        add(&mut staging, &found, &target.path, name, (id, &forgotten))?;
    }
    if let Some(lines) = again {
        workbook_again(&mut staging, &model(&target.path)?)?;
        forgotten.removed.insert(WORKBOOK.to_owned(), lines);
    }
    forgotten.make_again = (files.into_iter())
        .filter(|name| *name == WORKBOOK || !forgotten.removed.contains_key(*name))
        .filter(|name| *name != REJECTS && !is_customers(name))
        .cloned()
        .collect();
    Ok((Some(staging), forgotten))
}

fn is_customers(name: &str) -> bool {
    name == CUSTOMERS_CSV || name == CUSTOMERS_PARQUET
}

/// How many lines of each file name the customer.
fn searched(
    found: &Marker,
    folder: &Path,
    files: &[&String],
    id: &str,
) -> Result<Forgotten, ExportError> {
    let mut forgotten = Forgotten::default();
    for name in files {
        let lines = count(found, folder, name, id)?;
        if lines > 0 {
            forgotten.removed.insert((*name).clone(), lines);
        }
    }
    let has_customers = files.iter().any(|name| is_customers(name));
    if !has_customers && files.iter().any(|name| *name == WORKBOOK) {
        forgotten.not_searched.push(WORKBOOK.to_owned());
    }
    Ok(forgotten)
}

fn model(folder: &Path) -> Result<Segmentation, ExportError> {
    let path = folder.join(MODEL);
    Segmentation::open(&path).map_err(|error| unreadable(&path, &error))
}

impl<'a> Wanted<'a> {
    /// Ids of a column that holds numbers are compared as numbers.
    fn new(id: &'a str, kind: Option<&DataType>) -> Self {
        let is_number = matches!(kind, Some(DataType::Int64 | DataType::Float64));
        Self {
            id: id.trim(),
            number: id.trim().parse().ok().filter(|_| is_number),
        }
    }

    fn is(&self, cell: &str) -> bool {
        let cell = unguarded(cell).trim();
        cell == self.id
            || self
                .number
                .is_some_and(|number| cell.parse::<f64>().is_ok_and(|own| own == number))
    }

    /// Whether a row of a file is that of the customer: one of its fields is the id, whatever separates them.
    fn is_in(&self, row: &str) -> bool {
        let mut fields = unguarded(row).split([',', ';', '\t', '|']);
        fields.any(|field| self.is(field.trim().trim_matches(['"', '\''])))
    }
}

/// How many lines of a file name the customer.
fn count(found: &Marker, folder: &Path, name: &str, id: &str) -> Result<u64, ExportError> {
    let path = folder.join(name);
    if name == CUSTOMERS_PARQUET {
        let (schema, batches) = open_parquet(&path)?;
        let mut lines = 0;
        for batch in batches {
            let keep = kept_rows(&schema, &batch?, id);
            lines += keep.iter().filter(|keep| !**keep).count() as u64;
        }
        return Ok(lines);
    }
    if !is_table(name) {
        return Ok(0);
    }
    let text = fs::read(&path).map_err(|error| unreadable(&path, &error))?;
    Ok(sift(&text, &path, found, name, id)?.removed)
}

fn is_table(name: &str) -> bool {
    let extension = Path::new(name).extension();
    extension.is_some_and(|extension| extension == "csv")
}

/// Writes a file without the customer; as it is where it does not name them.
fn add(
    staging: &mut Staging<'_>,
    found: &Marker,
    folder: &Path,
    name: &str,
    (id, forgotten): (&str, &Forgotten),
) -> Result<(), ExportError> {
    if let Some((inner, _)) = name.rsplit_once('/')
        && !staging.path().join(inner).exists()
    {
        staging.add_folder(inner)?;
    }
    let path = folder.join(name);
    if !forgotten.removed.contains_key(name) {
        return staging.add(name, |out| copy(&path, out));
    }
    if name == CUSTOMERS_PARQUET {
        let (schema, batches) = open_parquet(&path)?;
        let of = schema.clone();
        let kept = batches.map(move |batch| {
            let batch = batch?;
            let mask = BooleanArray::from(kept_rows(&of, &batch, id));
            let filtered = arrow_select::filter::filter_record_batch(&batch, &mask);
            Ok(filtered.expect("the mask is as long as the batch"))
        });
        return staging.add(name, |out| write_batches(out, schema, kept));
    }
    let text = fs::read(&path).map_err(|error| unreadable(&path, &error))?;
    let sifted = sift(&text, &path, found, name, id)?;
    staging.add(name, |out| {
        let mut kept = sifted.kept.into_iter();
        kept.try_for_each(|range| out.write_all(&text[range]))
            .map_err(ExportError::write)
    })
}

/// The records of a CSV file, by their bytes.
fn sift(
    text: &[u8],
    path: &Path,
    found: &Marker,
    name: &str,
    id: &str,
) -> Result<Sifted, ExportError> {
    let broken = |error: csv::Error| unreadable(path, &error);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text);
    let mut record = csv::StringRecord::new();
    let mut column = None;
    let mut wanted = Wanted::new(id, None);
    let mut sifted = Sifted {
        kept: Vec::new(),
        removed: 0,
    };
    let mut is_header = true;
    loop {
        let start = reader.position().byte() as usize;
        if !reader.read_record(&mut record).map_err(broken)? {
            break;
        }
        let range = start..reader.position().byte() as usize;
        if is_header {
            is_header = false;
            let named = |header: &str| match name {
                REJECTS => header == RAW_ROW,
                _ => ID_COLUMNS.contains(&header),
            };
            column = record.iter().position(named);
            let kinds = (name == CUSTOMERS_CSV).then_some(&found.kinds);
            let kind = column.and_then(|column| kinds?.get(column));
            wanted = Wanted::new(id, kind);
        } else if let Some(cell) = column.and_then(|column| record.get(column)) {
            let is_it = if name == REJECTS {
                wanted.is_in(cell)
            } else {
                wanted.is(cell)
            };
            if is_it {
                sifted.removed += 1;
                continue;
            }
        }
        sifted.kept.push(range);
    }
    Ok(sifted)
}

/// For each row of a batch whether it stays.
fn kept_rows(schema: &Schema, batch: &RecordBatch, id: &str) -> Vec<bool> {
    let position = ID_COLUMNS
        .iter()
        .find_map(|name| schema.index_of(name).ok());
    let Some(position) = position else {
        return vec![true; batch.num_rows()];
    };
    let column = batch.column(position);
    let wanted = Wanted::new(id, Some(column.data_type()));
    let any = column.as_any();
    let is_it = |row: usize| {
        if column.is_null(row) {
            return false;
        }
        let text = any.downcast_ref::<LargeStringArray>();
        let whole = any.downcast_ref::<Int64Array>();
        let number = any.downcast_ref::<Float64Array>();
        let cell = text
            .map(|text| text.value(row).to_owned())
            .or_else(|| whole.map(|whole| whole.value(row).to_string()))
            .or_else(|| number.map(|number| number.value(row).to_string()));
        cell.is_some_and(|cell| wanted.is(&cell))
    };
    (0..batch.num_rows()).map(|row| !is_it(row)).collect()
}
