//! The customers: one row per row of the input, in its order, with the segment and what is known about its fit.

use std::collections::BTreeSet;
use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array, LargeStringArray,
    RecordBatch,
};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use super::columnar::write_parquet;
use super::delimited::write_csv;
use super::rows::{Rows, chunks};
use crate::export::{CustomerOptions, ExportError, Guarded, Keep, TableFormat};
use crate::segmentation::{Customers, Placement, Segmentation};
use crate::table::{Table, batch_of};
use crate::words::nearest::nearest;

/// Position of the column that holds the name of the segment.
pub(in crate::export) const NAME_COLUMN: usize = 3;
/// Position of the column that holds the number of the segment.
pub(in crate::export) const SEGMENT_COLUMN: usize = 2;

/// Columns of ours, before those of the input.
pub(in crate::export) const OWN_COLUMNS: usize = 10;

/// Whole numbers above this have no exact 64-bit real each.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Writes the customers.
///
/// # Errors
/// [`ExportError::UnknownColumn`] for a column to keep that is not there; [`ExportError::Write`].
pub fn write_customers(
    out: impl Write + Send,
    segmentation: &Segmentation,
    table: &Table,
    customers: &Customers,
    options: &CustomerOptions,
    format: TableFormat,
) -> Result<Guarded, ExportError> {
    let rows = CustomerRows::new(segmentation, table, customers, &options.keep)?;
    write_rows(out, &rows, format, options.raw)
}

/// The customers as Arrow batches, as Parquet holds them.
///
/// # Errors
/// [`ExportError::UnknownColumn`] for a column to keep that is not there.
pub fn customer_batches(
    segmentation: &Segmentation,
    table: &Table,
    customers: &Customers,
    keep: &Keep,
) -> Result<(SchemaRef, Vec<RecordBatch>), ExportError> {
    let rows = CustomerRows::new(segmentation, table, customers, keep)?;
    let batches = chunks(rows.count()).map(|range| rows.batch(range));
    Ok((rows.schema(), batches.collect()))
}

/// Writes rows in one of the formats.
pub(in crate::export) fn write_rows(
    out: impl Write + Send,
    rows: &dyn Rows,
    format: TableFormat,
    raw: bool,
) -> Result<Guarded, ExportError> {
    match format {
        TableFormat::Csv => write_csv(out, rows, raw),
        TableFormat::Parquet => {
            write_parquet(out, rows)?;
            Ok(Guarded::default())
        }
        TableFormat::Xlsx => write_sheets(out, rows, raw),
    }
}

#[cfg(feature = "xlsx")]
fn write_sheets(mut out: impl Write, rows: &dyn Rows, raw: bool) -> Result<Guarded, ExportError> {
    let shown = super::rows::Shown::of(rows, raw);
    let (bytes, guarded) = crate::export::workbook::table(shown)?;
    out.write_all(&bytes).map_err(ExportError::write)?;
    Ok(guarded)
}

#[cfg(not(feature = "xlsx"))]
fn write_sheets(_: impl Write, _: &dyn Rows, _: bool) -> Result<Guarded, ExportError> {
    Err(ExportError::NotBuilt { feature: "xlsx" })
}

/// Whether the columns to keep are there, before the work is done.
///
/// # Errors
/// [`ExportError::UnknownColumn`] for the first that is not.
pub fn check_keep(keep: &Keep, table: &Table) -> Result<(), ExportError> {
    kept_positions(keep, table).map(|_| ())
}

fn kept_positions(keep: &Keep, table: &Table) -> Result<Vec<usize>, ExportError> {
    let names = match keep {
        Keep::Nothing => return Ok(Vec::new()),
        Keep::All => return Ok((0..table.batch().num_columns()).collect()),
        Keep::Columns(names) => names,
    };
    let mut positions = Vec::with_capacity(names.len());
    for name in names {
        let at = table
            .position(name)
            .ok_or_else(|| ExportError::UnknownColumn {
                column: name.clone(),
                nearest: nearest(name, table.names()),
            })?;
        if !positions.contains(&at) {
            positions.push(at);
        }
    }
    Ok(positions)
}

/// The ids of a table: a column, or the number of the row.
pub(in crate::export) enum Ids<'a> {
    RowNumbers,
    Column(&'a ArrayRef),
    /// Numbers that are all whole.
    Whole(&'a Float64Array),
}

impl<'a> Ids<'a> {
    /// The column of this name; the row numbers where there is none.
    pub(in crate::export) fn of(table: &'a Table, id: Option<&str>) -> Self {
        let Some(at) = id.and_then(|name| table.position(name)) else {
            return Self::RowNumbers;
        };
        let whole = |numbers: &&Float64Array| {
            numbers
                .iter()
                .flatten()
                .all(|number| number.fract() == 0.0 && number.abs() <= EXACT)
        };
        match table.numbers(at).filter(whole) {
            Some(numbers) => Self::Whole(numbers),
            None => Self::Column(table.batch().column(at)),
        }
    }

    pub(in crate::export) fn data_type(&self) -> DataType {
        match self {
            Self::RowNumbers | Self::Whole(_) => DataType::Int64,
            Self::Column(column) => column.data_type().clone(),
        }
    }

    /// The ids of these rows.
    pub(in crate::export) fn array(&self, rows: Range<usize>) -> ArrayRef {
        match self {
            Self::RowNumbers => row_numbers(rows),
            Self::Column(column) => column.slice(rows.start, rows.len()),
            Self::Whole(numbers) => {
                let whole: Int64Array = rows
                    .map(|row| numbers.is_valid(row).then(|| numbers.value(row) as i64))
                    .collect();
                Arc::new(whole)
            }
        }
    }
}

/// 1-based numbers of rows.
pub(in crate::export) fn row_numbers(rows: Range<usize>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(rows.map(|row| row as i64 + 1)))
}

/// The customers as typed rows.
pub(in crate::export) struct CustomerRows<'a> {
    segmentation: &'a Segmentation,
    table: &'a Table,
    customers: &'a Customers,
    ids: Ids<'a>,
    kept: Vec<usize>,
    schema: SchemaRef,
}

impl<'a> CustomerRows<'a> {
    pub(in crate::export) fn new(
        segmentation: &'a Segmentation,
        table: &'a Table,
        customers: &'a Customers,
        keep: &Keep,
    ) -> Result<Self, ExportError> {
        let ids = Ids::of(table, segmentation.pipeline().id.as_deref());
        let kept = kept_positions(keep, table)?;
        let mut fields: Vec<Field> = own_columns(ids.data_type())
            .into_iter()
            .map(|(name, data_type)| Field::new(name, data_type, true))
            .collect();
        let taken: Vec<String> = fields.iter().map(|field| field.name().clone()).collect();
        let names: Vec<&str> = table.names().collect();
        let originals = beside(&taken, &names);
        for at in &kept {
            let data_type = table.batch().column(*at).data_type().clone();
            fields.push(Field::new(&originals[*at], data_type, true));
        }
        Ok(Self {
            segmentation,
            table,
            customers,
            ids,
            kept,
            schema: Arc::new(Schema::new(fields)),
        })
    }

    fn placed<T>(&self, rows: Range<usize>, of: impl Fn(&Placement) -> T) -> Vec<Option<T>> {
        self.customers.placements[rows]
            .iter()
            .map(|placement| placement.as_ref().map(&of))
            .collect()
    }

    /// What is known of the rows that were not set aside.
    fn known<T: Copy, U>(&self, rows: Range<usize>, of: &[T], into: fn(T) -> U) -> Vec<Option<U>> {
        rows.map(|row| self.customers.placements[row].map(|_| into(of[row])))
            .collect()
    }

    fn reasons(&self, rows: Range<usize>) -> LargeStringArray {
        self.customers.reasons[rows]
            .iter()
            .map(|reason| reason.map(|at| self.customers.ledger.set_aside[at].reason.as_str()))
            .collect()
    }

    fn names(&self, rows: Range<usize>) -> LargeStringArray {
        self.customers.placements[rows]
            .iter()
            .map(|placement| placement.map(|p| self.segmentation.name(p.segment)))
            .collect()
    }
}

impl Rows for CustomerRows<'_> {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn count(&self) -> usize {
        self.customers.placements.len()
    }

    fn batch(&self, rows: Range<usize>) -> RecordBatch {
        let range = || rows.clone();
        let segment = self.placed(range(), |placement| placement.segment.get() as i32);
        let second: Int32Array = self.customers.placements[range()]
            .iter()
            .map(|placement| Some(placement.as_ref()?.second?.get() as i32))
            .collect();
        let confidence = self.placed(range(), |placement| placement.confidence);
        let distances = self.placed(range(), |placement| placement.distance);
        let distance: Vec<Option<f64>> = distances.into_iter().map(Option::flatten).collect();
        let outlier = self.known(range(), &self.customers.outliers, |outlier| outlier);
        let repaired = self.known(range(), &self.customers.repaired, |cells| cells as i32);
        let mut columns: Vec<ArrayRef> = vec![
            row_numbers(range()),
            self.ids.array(range()),
            Arc::new(Int32Array::from(segment)),
            Arc::new(self.names(range())),
            Arc::new(second),
            Arc::new(Float64Array::from(confidence)),
            Arc::new(Float64Array::from(distance)),
            Arc::new(BooleanArray::from(outlier)),
            Arc::new(Int32Array::from(repaired)),
            Arc::new(self.reasons(range())),
        ];
        let batch = self.table.batch();
        for at in &self.kept {
            columns.push(batch.column(*at).slice(rows.start, rows.len()));
        }
        let names = self
            .schema
            .fields()
            .iter()
            .map(|field| field.name().as_str());
        batch_of(names.zip(columns), rows.len())
    }
}

fn own_columns(id: DataType) -> [(&'static str, DataType); OWN_COLUMNS] {
    [
        ("row", DataType::Int64),
        ("id", id),
        ("segment", DataType::Int32),
        ("segment_name", DataType::LargeUtf8),
        ("second_segment", DataType::Int32),
        ("confidence", DataType::Float64),
        ("distance", DataType::Float64),
        ("outlier", DataType::Boolean),
        ("repaired_cells", DataType::Int32),
        ("set_aside_because", DataType::LargeUtf8),
    ]
}

/// New names of original columns where they stand beside ours. Names that differ in case only collide as well: databases
/// do not tell them apart.
pub(in crate::export) fn beside(ours: &[String], originals: &[&str]) -> Vec<String> {
    let ours: BTreeSet<String> = ours.iter().map(|name| name.to_lowercase()).collect();
    let mut taken: BTreeSet<String> = originals.iter().map(|name| name.to_lowercase()).collect();
    taken.extend(ours.iter().cloned());
    let mut names = Vec::with_capacity(originals.len());
    for original in originals {
        let mut name = (*original).to_owned();
        if ours.contains(&name.to_lowercase()) {
            while taken.contains(&name.to_lowercase()) {
                name.push_str("_original");
            }
            taken.insert(name.to_lowercase());
        }
        names.push(name);
    }
    names
}
