//! Single cells of typed columns.

use arrow_array::{
    Array, BooleanArray, Date32Array, Float64Array, Int32Array, Int64Array, LargeStringArray,
};
use arrow_schema::DataType;

/// One cell.
pub(in crate::export) enum Cell<'a> {
    Missing,
    Whole(i64),
    Number(f64),
    Flag(bool),
    /// Days since 1970-01-01.
    Date(i32),
    Text(&'a str),
}

/// A column of one of the types of [`Rows`](super::rows::Rows).
pub(in crate::export) enum Column<'a> {
    Long(&'a Int64Array),
    Whole(&'a Int32Array),
    Number(&'a Float64Array),
    Flag(&'a BooleanArray),
    Date(&'a Date32Array),
    Text(&'a LargeStringArray),
}

impl<'a> Column<'a> {
    pub(in crate::export) fn of(array: &'a dyn Array) -> Self {
        fn typed<T: 'static>(array: &dyn Array) -> &T {
            array
                .as_any()
                .downcast_ref()
                .expect("an array is of its type")
        }
        match array.data_type() {
            DataType::Int64 => Self::Long(typed(array)),
            DataType::Int32 => Self::Whole(typed(array)),
            DataType::Float64 => Self::Number(typed(array)),
            DataType::Boolean => Self::Flag(typed(array)),
            DataType::Date32 => Self::Date(typed(array)),
            DataType::LargeUtf8 => Self::Text(typed(array)),
            other => unreachable!("no column to be written is {other}"),
        }
    }

    fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Long(array) => array.is_null(row),
            Self::Whole(array) => array.is_null(row),
            Self::Number(array) => array.is_null(row),
            Self::Flag(array) => array.is_null(row),
            Self::Date(array) => array.is_null(row),
            Self::Text(array) => array.is_null(row),
        }
    }

    pub(in crate::export) fn cell(&self, row: usize) -> Cell<'a> {
        if self.is_null(row) {
            return Cell::Missing;
        }
        match self {
            Self::Long(array) => Cell::Whole(array.value(row)),
            Self::Whole(array) => Cell::Whole(i64::from(array.value(row))),
            Self::Number(array) => Cell::Number(array.value(row)),
            Self::Flag(array) => Cell::Flag(array.value(row)),
            Self::Date(array) => Cell::Date(array.value(row)),
            Self::Text(array) => Cell::Text(array.value(row)),
        }
    }
}
