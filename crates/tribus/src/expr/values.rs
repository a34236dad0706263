//! The values of one part of an expression on a run of rows, as the evaluator handles them.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Date32Array, Float64Array, LargeStringArray};

use super::ExprType;

/// One value per row, `None` where it is NULL. Numbers are finite and never negative zero.
#[derive(Clone, Debug)]
pub(super) enum Values<'a> {
    /// This many rows of NULL: of no type, or of any type where it happens that no row has a value.
    Null(usize),
    Number(Vec<Option<f64>>),
    Text(Vec<Option<Cow<'a, str>>>),
    /// Days since 1970-01-01.
    Date(Vec<Option<i32>>),
    Boolean(Vec<Option<bool>>),
}

const CHECKED: &str = "types are checked before values are computed";

impl<'a> Values<'a> {
    pub(super) fn empty(kind: ExprType) -> Self {
        match kind {
            ExprType::Number => Self::Number(Vec::new()),
            ExprType::Text => Self::Text(Vec::new()),
            ExprType::Date => Self::Date(Vec::new()),
            ExprType::Boolean => Self::Boolean(Vec::new()),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Null(rows) => *rows,
            Self::Number(values) => values.len(),
            Self::Text(values) => values.len(),
            Self::Date(values) => values.len(),
            Self::Boolean(values) => values.len(),
        }
    }

    pub(super) fn numbers(self) -> Vec<Option<f64>> {
        match self {
            Self::Number(values) => values,
            Self::Null(rows) => vec![None; rows],
            _ => unreachable!("{CHECKED}"),
        }
    }

    pub(super) fn texts(self) -> Vec<Option<Cow<'a, str>>> {
        match self {
            Self::Text(values) => values,
            Self::Null(rows) => vec![None; rows],
            _ => unreachable!("{CHECKED}"),
        }
    }

    pub(super) fn dates(self) -> Vec<Option<i32>> {
        match self {
            Self::Date(values) => values,
            Self::Null(rows) => vec![None; rows],
            _ => unreachable!("{CHECKED}"),
        }
    }

    pub(super) fn booleans(self) -> Vec<Option<bool>> {
        match self {
            Self::Boolean(values) => values,
            Self::Null(rows) => vec![None; rows],
            _ => unreachable!("{CHECKED}"),
        }
    }

    pub(super) fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Null(_) => true,
            Self::Number(values) => values[row].is_none(),
            Self::Text(values) => values[row].is_none(),
            Self::Date(values) => values[row].is_none(),
            Self::Boolean(values) => values[row].is_none(),
        }
    }

    /// How the values of a row compare; `None` where either is NULL.
    pub(super) fn compare(&self, other: &Self, row: usize) -> Option<Ordering> {
        match (self, other) {
            (Self::Null(_), _) | (_, Self::Null(_)) => None,
            (Self::Number(left), Self::Number(right)) => left[row]?.partial_cmp(&right[row]?),
            (Self::Text(left), Self::Text(right)) => {
                Some(left[row].as_deref()?.cmp(right[row].as_deref()?))
            }
            (Self::Date(left), Self::Date(right)) => Some(left[row]?.cmp(&right[row]?)),
            (Self::Boolean(left), Self::Boolean(right)) => Some(left[row]?.cmp(&right[row]?)),
            _ => unreachable!("{CHECKED}"),
        }
    }

    /// Takes over `from` in the rows that `takes` names.
    pub(super) fn overwrite(&mut self, from: Self, takes: impl Fn(usize) -> bool) {
        if let (Self::Null(rows), false) = (&*self, matches!(from, Self::Null(_))) {
            *self = from.nulls(*rows);
        }
        match self {
            Self::Null(_) => {}
            Self::Number(values) => overwrite(values, from.numbers(), takes),
            Self::Text(values) => overwrite(values, from.texts(), takes),
            Self::Date(values) => overwrite(values, from.dates(), takes),
            Self::Boolean(values) => overwrite(values, from.booleans(), takes),
        }
    }

    /// As many rows of NULL, of the type of `self`.
    fn nulls(&self, rows: usize) -> Self {
        match self {
            Self::Null(_) => Self::Null(rows),
            Self::Number(_) => Self::Number(vec![None; rows]),
            Self::Text(_) => Self::Text(vec![None; rows]),
            Self::Date(_) => Self::Date(vec![None; rows]),
            Self::Boolean(_) => Self::Boolean(vec![None; rows]),
        }
    }

    /// Puts the rows of `more` behind these, which are typed.
    pub(super) fn append(&mut self, more: Self) {
        match self {
            Self::Null(rows) => *rows += more.len(),
            Self::Number(values) => values.extend(more.numbers()),
            Self::Text(values) => values.extend(more.texts()),
            Self::Date(values) => values.extend(more.dates()),
            Self::Boolean(values) => values.extend(more.booleans()),
        }
    }

    pub(super) fn into_array(self) -> ArrayRef {
        match self {
            Self::Null(rows) => Arc::new(BooleanArray::new_null(rows)),
            Self::Number(values) => Arc::new(Float64Array::from(values)),
            Self::Text(values) => Arc::new(values.into_iter().collect::<LargeStringArray>()),
            Self::Date(values) => Arc::new(Date32Array::from(values)),
            Self::Boolean(values) => Arc::new(BooleanArray::from(values)),
        }
    }
}

fn overwrite<T>(values: &mut [Option<T>], from: Vec<Option<T>>, takes: impl Fn(usize) -> bool) {
    for (row, (value, new)) in values.iter_mut().zip(from).enumerate() {
        if takes(row) {
            *value = new;
        }
    }
}

/// What expressions let through as a number: finite, and zero without a sign.
pub(super) fn finite(number: f64) -> Option<f64> {
    number.is_finite().then_some(number + 0.0)
}

/// AND of three-valued logic: FALSE wins over unknown.
pub(super) fn and(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// OR of three-valued logic: TRUE wins over unknown.
pub(super) fn or(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}
