//! Arrow arrays (from Parquet and Arrow files) into raw columns.

use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type,
    Decimal256Type, DecimalType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, Date32Array, Float64Array, RecordBatch};
use arrow_schema::{DataType, SchemaRef, TimeUnit};

use crate::date::date_text;
use crate::source::combine::merge;
use crate::source::raw::{Cells, RawColumn, RawFile};
use crate::source::typing::EXACT;
use crate::source::{ReadError, ReadOptions};
use crate::table::{Places, Reading};

/// Gathers the batches of a file.
pub(crate) fn gather(
    schema: &SchemaRef,
    batches: &[RecordBatch],
    options: &ReadOptions,
    mut reading: Reading,
) -> Result<RawFile, ReadError> {
    reading.rows = batches.iter().map(RecordBatch::num_rows).sum();
    if reading.rows == 0 {
        return Err(ReadError::NoRows { file: reading.file });
    }
    let mut columns = Vec::with_capacity(schema.fields().len());
    for (position, field) in schema.fields().iter().enumerate() {
        let name = field.name();
        let number = options.number_columns.contains(name);
        let beyond = !number && is_beyond_exact(batches, position);
        let as_text = beyond || options.keeps_bytes(name);
        let parts = batches
            .iter()
            .map(|batch| raw_column(batch.column(position), as_text))
            .collect();
        columns.push((name.clone(), merge(parts)));
    }
    Ok(RawFile {
        reading,
        columns,
        places: Places::Consecutive { first: 1 },
        unit: "row",
        delimiter: None,
    })
}

/// Whole numbers with more digits than a double holds, nine in ten: ids. As text they are told as such.
fn is_beyond_exact(batches: &[RecordBatch], position: usize) -> bool {
    let (mut present, mut beyond) = (0, 0);
    for batch in batches {
        let column = batch.column(position);
        present += column.len() - column.null_count();
        beyond += match column.data_type() {
            DataType::Int64 => {
                let values = column.as_primitive::<Int64Type>().iter().flatten();
                values
                    .filter(|value| value.unsigned_abs() as f64 > EXACT)
                    .count()
            }
            DataType::UInt64 => {
                let values = column.as_primitive::<UInt64Type>().iter().flatten();
                values.filter(|value| *value as f64 > EXACT).count()
            }
            _ => return false,
        };
    }
    beyond > 0 && beyond * 10 >= present * 9
}

/// Runs a decoder of another crate on bytes that may be damaged.
///
/// The Parquet and Arrow crates check much but not all of what a file claims, and panic on some of the rest (slices out of
/// range, overflow in lengths); a damaged file of a customer must not take the program down.
pub(crate) fn guarded<T>(
    file: &str,
    format: &'static str,
    decode: impl FnOnce() -> Result<T, String>,
) -> Result<T, ReadError> {
    let outcome = catch_unwind(AssertUnwindSafe(decode));
    let detail = match outcome {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(detail)) => detail,
        Err(_) => "its parts contradict each other".into(),
    };
    Err(ReadError::Corrupt {
        file: file.to_owned(),
        format,
        detail,
    })
}

/// More rows than this per byte is no table but a damaged count.
const ROWS_PER_BYTE: u64 = 1000;

/// Refuses a number of rows that a file of `bytes` bytes cannot honestly hold.
pub(crate) fn plausible_rows(rows: u64, bytes: usize) -> Result<(), String> {
    const FREE: u64 = 1 << 20;
    if rows > FREE && rows > bytes as u64 * ROWS_PER_BYTE {
        return Err(format!("it claims {rows} rows in {bytes} bytes"));
    }
    Ok(())
}

fn raw_column(array: &ArrayRef, as_text: bool) -> RawColumn {
    let data_type = array.data_type();
    match data_type {
        DataType::Int8 => whole::<Int8Type>(array, as_text, f64::from),
        DataType::Int16 => whole::<Int16Type>(array, as_text, f64::from),
        DataType::Int32 => whole::<Int32Type>(array, as_text, f64::from),
        DataType::Int64 => whole::<Int64Type>(array, as_text, |value| value as f64),
        DataType::UInt8 => whole::<UInt8Type>(array, as_text, f64::from),
        DataType::UInt16 => whole::<UInt16Type>(array, as_text, f64::from),
        DataType::UInt32 => whole::<UInt32Type>(array, as_text, f64::from),
        DataType::UInt64 => whole::<UInt64Type>(array, as_text, |value| value as f64),
        DataType::Float16 => real::<Float16Type>(array, as_text, f64::from),
        DataType::Float32 => real::<Float32Type>(array, as_text, f64::from),
        DataType::Float64 => real::<Float64Type>(array, as_text, |value| value),
        DataType::Decimal32(..) => decimal::<Decimal32Type>(array, as_text),
        DataType::Decimal64(..) => decimal::<Decimal64Type>(array, as_text),
        DataType::Decimal128(..) => decimal::<Decimal128Type>(array, as_text),
        DataType::Decimal256(..) => decimal::<Decimal256Type>(array, as_text),
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => dates(array, as_text),
        _ => other(array, as_text),
    }
}

fn other(array: &ArrayRef, as_text: bool) -> RawColumn {
    let cells = match array.data_type() {
        DataType::Null => (0..array.len()).map(|_| "").collect(),
        DataType::Utf8 => texts(array.as_string::<i32>().iter()),
        DataType::LargeUtf8 => texts(array.as_string::<i64>().iter()),
        DataType::Utf8View => texts(array.as_string_view().iter()),
        DataType::Boolean => texts(
            array
                .as_boolean()
                .iter()
                .map(|value| value.map(|value| if value { "true" } else { "false" })),
        ),
        DataType::Dictionary(..) => return dictionary(array, as_text),
        data_type => return RawColumn::Unsupported(data_type.to_string()),
    };
    RawColumn::Cells(cells)
}

fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> Cells {
    values.map(Option::unwrap_or_default).collect()
}

fn whole<T: ArrowPrimitiveType>(
    array: &ArrayRef,
    as_text: bool,
    number: impl Fn(T::Native) -> f64,
) -> RawColumn
where
    T::Native: ToString,
{
    let values = array.as_primitive::<T>();
    if as_text {
        return as_cells(
            values
                .iter()
                .map(|value| value.map(|value| value.to_string())),
        );
    }
    RawColumn::Numbers(values.iter().map(|value| value.map(&number)).collect())
}

fn real<T: ArrowPrimitiveType>(
    array: &ArrayRef,
    as_text: bool,
    number: impl Fn(T::Native) -> f64,
) -> RawColumn {
    let values = array.as_primitive::<T>().iter().map(|value| {
        // NaN is how programs without missing values write them.
        value.map(&number).filter(|value| !value.is_nan())
    });
    if as_text {
        // 12346.0 stays 12346.0: an id is what the file shows.
        return as_cells(values.map(|value| value.map(|value| format!("{value:?}"))));
    }
    // Minus zero is zero: the same number must be the same bits.
    RawColumn::Numbers(values.map(|value| value.map(|value| value + 0.0)).collect())
}

fn decimal<T: DecimalType>(array: &ArrayRef, as_text: bool) -> RawColumn {
    let values = array.as_primitive::<T>();
    let texts =
        (0..values.len()).map(|row| values.is_valid(row).then(|| values.value_as_string(row)));
    if as_text {
        return as_cells(texts);
    }
    let numbers = texts.map(|text| text.and_then(|text| text.parse().ok()));
    RawColumn::Numbers(numbers.collect::<Float64Array>())
}

fn as_cells(values: impl Iterator<Item = Option<String>>) -> RawColumn {
    let mut cells = Cells::default();
    for value in values {
        cells.push(value.as_deref().unwrap_or_default());
    }
    RawColumn::Cells(cells)
}

fn dates(array: &ArrayRef, as_text: bool) -> RawColumn {
    const DAY_SECONDS: i64 = 86_400;
    let days: Date32Array = match array.data_type() {
        DataType::Date64 => days::<Date64Type>(array, DAY_SECONDS * 1000),
        DataType::Timestamp(TimeUnit::Second, _) => days::<TimestampSecondType>(array, DAY_SECONDS),
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            days::<TimestampMillisecondType>(array, DAY_SECONDS * 1000)
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            days::<TimestampMicrosecondType>(array, DAY_SECONDS * 1_000_000)
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            days::<TimestampNanosecondType>(array, DAY_SECONDS * 1_000_000_000)
        }
        _ => array.as_primitive::<Date32Type>().clone(),
    };
    // Beyond the years 1 to 9999 there is no date anybody could mean, nor one that could be written.
    let days: Date32Array = days
        .iter()
        .map(|day| day.filter(|day| (-719_162..=2_932_896).contains(day)))
        .collect();
    if as_text {
        return as_cells(days.iter().map(|day| day.map(date_text)));
    }
    RawColumn::Dates(days)
}

fn days<T: ArrowPrimitiveType<Native = i64>>(array: &ArrayRef, per_day: i64) -> Date32Array {
    let instants = array.as_primitive::<T>().iter();
    instants
        .map(|instant| instant.and_then(|instant| i32::try_from(instant.div_euclid(per_day)).ok()))
        .collect()
}

fn dictionary(array: &ArrayRef, as_text: bool) -> RawColumn {
    let dictionary = array.as_any_dictionary();
    let values = dictionary.values();
    if values.is_empty() {
        return RawColumn::Cells((0..array.len()).map(|_| "").collect());
    }
    let keys = dictionary.normalized_keys();
    let present = |row: usize| array.is_valid(row).then(|| keys[row]);
    let rows = 0..array.len();
    match raw_column(values, as_text) {
        RawColumn::Cells(cells) => RawColumn::Cells(
            rows.map(|row| present(row).map_or("", |key| cells.get(key)))
                .collect(),
        ),
        RawColumn::Numbers(numbers) => RawColumn::Numbers(
            rows.map(|row| {
                present(row)
                    .filter(|&key| numbers.is_valid(key))
                    .map(|key| numbers.value(key))
            })
            .collect(),
        ),
        RawColumn::Dates(dates) => RawColumn::Dates(
            rows.map(|row| {
                present(row)
                    .filter(|&key| dates.is_valid(key))
                    .map(|key| dates.value(key))
            })
            .collect(),
        ),
        unsupported @ RawColumn::Unsupported(_) => unsupported,
    }
}
