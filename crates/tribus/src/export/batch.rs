//! The tables that are exported, as record batches.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, LargeStringArray,
    RecordBatch,
};

use super::{ExportError, Keep};
use crate::nearest::nearest;
use crate::pipeline::{Prepared, batch_of};
use crate::segmentation::{Customers, Placement, Segmentation};
use crate::table::Table;

/// Names of the columns every customers file has, in order.
pub(super) const CUSTOMER_COLUMNS: [&str; 10] = [
    "row",
    "id",
    "segment",
    "segment_name",
    "second_segment",
    "confidence",
    "distance",
    "outlier",
    "repaired_cells",
    "set_aside_because",
];

/// One row per row of the table, in its order.
pub(super) fn customers_batch(
    segmentation: &Segmentation,
    table: &Table,
    customers: &Customers,
    keep: &Keep,
) -> Result<RecordBatch, ExportError> {
    let n = table.rows();
    let rows: Int64Array = (1..=n as i64).map(Some).collect();
    let mut arrays: Vec<ArrayRef> = vec![
        Arc::new(rows),
        ids(table, segmentation.pipeline.id.as_deref()),
    ];
    arrays.extend(placement_columns(segmentation, customers));
    arrays.extend(account_columns(customers));
    let mut columns: Vec<(String, ArrayRef)> = CUSTOMER_COLUMNS
        .iter()
        .map(|name| (*name).to_owned())
        .zip(arrays)
        .collect();
    columns.extend(kept(table, keep)?);
    Ok(batch_of(
        columns
            .iter()
            .map(|(name, array)| (name.as_str(), array.clone())),
        n,
    ))
}

/// Segment, its name, the second segment, confidence, distance.
fn placement_columns(segmentation: &Segmentation, customers: &Customers) -> [ArrayRef; 5] {
    let placements = &customers.placements;
    let number = |of: fn(&Placement) -> f64| -> ArrayRef {
        let cells = placements
            .iter()
            .map(|placement| placement.as_ref().map(of));
        Arc::new(cells.collect::<Float64Array>())
    };
    let segment = |of: fn(&Placement) -> Option<u32>| -> ArrayRef {
        let cells = placements
            .iter()
            .map(|placement| placement.as_ref().and_then(of));
        let numbers = cells.map(|segment| segment.map(|segment| i64::from(segment) + 1));
        Arc::new(numbers.collect::<Int64Array>())
    };
    let names: LargeStringArray = placements
        .iter()
        .map(|placement| placement.map(|placement| segmentation.name(placement.segment as usize)))
        .collect();
    [
        segment(|placement| Some(placement.segment)),
        Arc::new(names),
        segment(|placement| placement.second),
        number(|placement| placement.confidence),
        number(|placement| placement.distance),
    ]
}

/// Outlier, repaired cells, why set aside.
fn account_columns(customers: &Customers) -> [ArrayRef; 3] {
    let placed = customers.placements.iter().map(Option::is_some);
    let outliers: BooleanArray = placed
        .clone()
        .zip(&customers.outliers)
        .map(|(placed, outlier)| placed.then_some(*outlier))
        .collect();
    let repaired: Int64Array = placed
        .zip(&customers.repaired)
        .map(|(placed, cells)| placed.then_some(i64::from(*cells)))
        .collect();
    let because: LargeStringArray = customers
        .reasons
        .iter()
        .map(|reason| reason.map(|at| customers.ledger.set_aside[at].reason.as_str()))
        .collect();
    [Arc::new(outliers), Arc::new(repaired), Arc::new(because)]
}

/// The id of each row: byte for byte, or its number.
fn ids(table: &Table, id: Option<&str>) -> ArrayRef {
    let Some(at) = id.and_then(|id| table.position(id)) else {
        return Arc::new((1..=table.rows() as i64).map(Some).collect::<Int64Array>());
    };
    let column = table.batch().column(at);
    match column.as_any().downcast_ref::<Float64Array>() {
        // Ids that were read as numbers are whole; they print without a decimal point.
        Some(numbers)
            if numbers
                .iter()
                .flatten()
                .all(|id| id.fract() == 0.0 && id.abs() < 9e15) =>
        {
            Arc::new(
                numbers
                    .iter()
                    .map(|id| id.map(|id| id as i64))
                    .collect::<Int64Array>(),
            )
        }
        _ => column.clone(),
    }
}

/// Original columns, renamed where they collide.
fn kept(table: &Table, keep: &Keep) -> Result<Vec<(String, ArrayRef)>, ExportError> {
    let names: Vec<String> = match keep {
        Keep::Nothing => Vec::new(),
        Keep::All => table.names().map(ToOwned::to_owned).collect(),
        Keep::Columns(names) => names.clone(),
    };
    let mut columns: Vec<(String, ArrayRef)> = Vec::with_capacity(names.len());
    for name in names {
        let Some(at) = table.position(&name) else {
            let nearest = nearest(&name, table.names());
            return Err(ExportError::UnknownColumn {
                column: name,
                nearest,
            });
        };
        let taken = |name: &str| {
            CUSTOMER_COLUMNS.contains(&name) || columns.iter().any(|(other, _)| other == name)
        };
        let mut title = name;
        while taken(&title) {
            title.push_str("_original");
        }
        columns.push((title, table.batch().column(at).clone()));
    }
    Ok(columns)
}

/// The cleaned columns of the rows kept. The id leads where there is one.
pub(super) fn prepared_batch(prepared: &Prepared, table: &Table, id: Option<&str>) -> RecordBatch {
    let batch = &prepared.batch;
    let schema = batch.schema();
    let named = schema
        .fields()
        .iter()
        .map(|field| field.name().as_str())
        .zip(batch.columns());
    let is_id = |name: &str| id == Some(name) && table.position(name).is_some();
    let (first, rest): (Vec<_>, Vec<_>) = named.partition(|(name, _)| is_id(name));
    let columns = first
        .into_iter()
        .chain(rest)
        .map(|(name, array)| (name, array.clone()));
    batch_of(columns, batch.num_rows())
}

/// Whether a column is one of the kinds that are exported.
pub(super) fn is_exported(column: &dyn Array) -> bool {
    let any = column.as_any();
    any.is::<Float64Array>()
        || any.is::<Int64Array>()
        || any.is::<LargeStringArray>()
        || any.is::<Date32Array>()
        || any.is::<BooleanArray>()
}
