//! Arrow arrays (from Parquet and Arrow files) into raw columns.
//!
//! Batches hold only the columns of a type that a customer table can hold ([`readable`]); the others are never decoded.

use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type,
    Decimal256Type, DecimalType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{AnyDictionaryArray, Array, ArrayRef, Float64Array, Int64Array, RecordBatch};
use arrow_schema::{ArrowError, DataType, Schema, TimeUnit};
use parquet::errors::ParquetError;

use crate::date::date_text;
use crate::source::budget::{Budget, Exceeded};
use crate::source::combine::merge;
use crate::source::raw::{Cells, RawColumn, RawFile};
use crate::source::typing::{DAY, EXACT};
use crate::source::{ReadError, ReadOptions};
use crate::table::{Places, Reading};

/// The positions of the columns whose type a customer table can hold.
pub(crate) fn readable(schema: &Schema) -> Vec<usize> {
    let fields = schema.fields().iter().enumerate();
    fields
        .filter(|(_, field)| is_readable(field.data_type()))
        .map(|(position, _)| position)
        .collect()
}

fn is_readable(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => !values.is_nested() && is_readable(values),
        DataType::Time32(_)
        | DataType::Time64(_)
        | DataType::Duration(_)
        | DataType::Interval(_) => false,
        data_type => {
            data_type.is_primitive()
                || data_type.is_null()
                || matches!(
                    data_type,
                    DataType::Boolean | DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
                )
        }
    }
}

/// Gathers the batches of a file, which hold the [`readable`] columns of `schema`.
pub(crate) fn gather(
    schema: &Schema,
    batches: &[RecordBatch],
    options: &ReadOptions,
    mut reading: Reading,
    budget: &mut Budget,
) -> Result<RawFile, ReadError> {
    reading.rows = batches.iter().map(RecordBatch::num_rows).sum();
    if reading.rows == 0 {
        let names = schema.fields().iter().map(|field| field.name().clone());
        return Err(ReadError::NoRows {
            file: reading.file,
            columns: names.collect(),
        });
    }
    let file = reading.file.clone();
    let too_large = |exceeded: Exceeded| exceeded.of(&file);
    let fields = schema.fields();
    budget
        .check_cells(reading.rows as u64, fields.len())
        .map_err(too_large)?;
    let mut columns = Vec::with_capacity(fields.len());
    let mut position = 0;
    for field in fields {
        let name = field.name();
        if !is_readable(field.data_type()) {
            let unsupported = RawColumn::Unsupported(field.data_type().to_string());
            columns.push((name.clone(), unsupported));
            continue;
        }
        let texts = batches
            .iter()
            .map(|batch| text_bytes(batch.column(position)));
        budget.add_text(texts.sum()).map_err(too_large)?;
        let number = options.number_columns.contains(name);
        let beyond = !number && is_beyond_exact(batches, position);
        let as_text = beyond || options.keeps_bytes(name);
        let parts = batches
            .iter()
            .map(|batch| raw_column(batch.column(position), as_text))
            .collect();
        columns.push((name.clone(), merge(parts)));
        position += 1;
    }
    Ok(RawFile {
        reading,
        columns,
        places: Places::Consecutive { first: 1 },
        unit: "row",
        delimiter: None,
        rejects: Vec::new(),
    })
}

/// How many bytes its texts are once every row has its own.
fn text_bytes(array: &ArrayRef) -> u64 {
    let length = |text: Option<&str>| text.map_or(0, |text| text.len() as u64);
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().iter().map(length).sum(),
        DataType::LargeUtf8 => array.as_string::<i64>().iter().map(length).sum(),
        DataType::Utf8View => array.as_string_view().iter().map(length).sum(),
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let values = dictionary.values();
            let RawColumn::Cells(texts) = raw_column(values, false) else {
                return 0;
            };
            let mut keys = keys_of(dictionary);
            keys.try_fold(0_u64, |sum, key| {
                sum.checked_add(key.map_or(0, |key| texts.get(key).len() as u64))
            })
            .unwrap_or(u64::MAX)
        }
        _ => 0,
    }
}

/// The value that each row names, where it names one.
fn keys_of(dictionary: &dyn AnyDictionaryArray) -> impl Iterator<Item = Option<usize>> {
    let values = dictionary.values().len();
    let keys = if values == 0 {
        vec![0; dictionary.keys().len()]
    } else {
        dictionary.normalized_keys()
    };
    let nulls = dictionary.keys().nulls().cloned();
    keys.into_iter().enumerate().map(move |(row, key)| {
        let present = nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
        (present && values > 0).then_some(key)
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

/// Why a decoder refuses a file.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Its parts contradict each other; in words.
    Corrupt(String),
    TooLarge(Exceeded),
}

impl From<String> for Refusal {
    fn from(detail: String) -> Self {
        Self::Corrupt(detail)
    }
}

impl From<&str> for Refusal {
    fn from(detail: &str) -> Self {
        Self::Corrupt(detail.to_owned())
    }
}

impl From<Exceeded> for Refusal {
    fn from(exceeded: Exceeded) -> Self {
        Self::TooLarge(exceeded)
    }
}

impl From<ArrowError> for Refusal {
    fn from(error: ArrowError) -> Self {
        Self::Corrupt(error.to_string())
    }
}

impl From<ParquetError> for Refusal {
    fn from(error: ParquetError) -> Self {
        Self::Corrupt(error.to_string())
    }
}

/// Runs a decoder of another crate on bytes that may be damaged.
///
/// The crates that decode Parquet, Arrow and workbooks check much but not all of what a file claims, and panic on some of the
/// rest (slices out of range, overflow in lengths); a damaged file of a customer must not take the program down.
pub(crate) fn guarded<T>(
    file: &str,
    format: &'static str,
    decode: impl FnOnce() -> Result<T, Refusal>,
) -> Result<T, ReadError> {
    let detail = match catch_unwind(AssertUnwindSafe(decode)) {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(Refusal::TooLarge(exceeded))) => return Err(exceeded.of(file)),
        Ok(Err(Refusal::Corrupt(detail))) => detail,
        Err(_) => "its parts contradict each other".into(),
    };
    Err(ReadError::Corrupt {
        file: file.to_owned(),
        format,
        detail,
    })
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
    // Beyond the years 1 to 9999 there is no date anybody could mean, nor one that could be written.
    let is_date = |instant: &i64| (-719_162..=2_932_896).contains(&instant.div_euclid(DAY));
    let instants: Int64Array = match array.data_type() {
        DataType::Date64 => instants::<Date64Type>(array, Some),
        DataType::Timestamp(TimeUnit::Second, _) => {
            instants::<TimestampSecondType>(array, |instant| instant.checked_mul(1000))
        }
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            instants::<TimestampMillisecondType>(array, Some)
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            instants::<TimestampMicrosecondType>(array, |instant| Some(instant.div_euclid(1000)))
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            instants::<TimestampNanosecondType>(array, |instant| {
                Some(instant.div_euclid(1_000_000))
            })
        }
        _ => {
            let days = array.as_primitive::<Date32Type>().iter();
            days.map(|day| day.map(|day| i64::from(day) * DAY))
                .collect()
        }
    };
    let instants: Int64Array = instants
        .iter()
        .map(|instant| instant.filter(is_date))
        .collect();
    if as_text {
        let day = |instant: i64| instant.div_euclid(DAY) as i32;
        return as_cells(
            instants
                .iter()
                .map(|instant| instant.map(day).map(date_text)),
        );
    }
    RawColumn::Dates(instants)
}

/// Instants in milliseconds.
fn instants<T: ArrowPrimitiveType<Native = i64>>(
    array: &ArrayRef,
    scale: impl Fn(i64) -> Option<i64>,
) -> Int64Array {
    let instants = array.as_primitive::<T>().iter();
    instants.map(|instant| instant.and_then(&scale)).collect()
}

fn dictionary(array: &ArrayRef, as_text: bool) -> RawColumn {
    let dictionary = array.as_any_dictionary();
    let keys = keys_of(dictionary);
    match raw_column(dictionary.values(), as_text) {
        RawColumn::Cells(cells) => RawColumn::Cells(
            keys.map(|key| key.map_or("", |key| cells.get(key)))
                .collect(),
        ),
        RawColumn::Numbers(numbers) => RawColumn::Numbers(
            keys.map(|key| {
                key.filter(|&key| numbers.is_valid(key))
                    .map(|key| numbers.value(key))
            })
            .collect(),
        ),
        RawColumn::Dates(dates) => RawColumn::Dates(
            keys.map(|key| {
                key.filter(|&key| dates.is_valid(key))
                    .map(|key| dates.value(key))
            })
            .collect(),
        ),
        unsupported @ RawColumn::Unsupported(_) => unsupported,
    }
}
