//! The different values of a column, numbered, and the rows of each.

use std::borrow::Cow;
use std::hash::Hash;

use ahash::RandomState;
use arrow_array::{Array, ArrayRef, Date32Array, Float64Array, LargeStringArray};
use indexmap::IndexSet;

use crate::date::date_text;

/// No value.
pub(super) const NONE: u32 = u32::MAX;

/// The values of a column, each as the number of a value.
#[derive(Debug, Clone)]
pub(super) struct Keys {
    /// Per row; [`NONE`] where there is no value.
    pub(super) of: Vec<u32>,
    /// Of each value the first row that has it.
    first: Vec<u32>,
    column: ArrayRef,
}

impl Keys {
    pub(super) fn of(column: &ArrayRef) -> Self {
        let any = column.as_any();
        let (of, first) = if let Some(text) = any.downcast_ref::<LargeStringArray>() {
            numbered(text.iter())
        } else if let Some(numbers) = any.downcast_ref::<Float64Array>() {
            numbered(numbers.iter().map(|cell| cell.map(f64::to_bits)))
        } else {
            numbered(dates(column))
        };
        Self {
            of,
            first,
            column: column.clone(),
        }
    }

    /// How many different values there are.
    pub(super) fn len(&self) -> usize {
        self.first.len()
    }

    /// A value as text.
    pub(super) fn name(&self, key: u32) -> Cow<'_, str> {
        let row = self.first[key as usize] as usize;
        let any = self.column.as_any();
        if let Some(text) = any.downcast_ref::<LargeStringArray>() {
            Cow::Borrowed(text.value(row))
        } else if let Some(numbers) = any.downcast_ref::<Float64Array>() {
            Cow::Owned(numbers.value(row).to_string())
        } else {
            let days: Option<&Date32Array> = any.downcast_ref();
            Cow::Owned(days.map_or_else(String::new, |days| date_text(days.value(row))))
        }
    }

    /// The values as text, in the order of their numbers.
    pub(super) fn names(&self) -> impl Iterator<Item = Cow<'_, str>> {
        (0..self.len() as u32).map(|key| self.name(key))
    }

    /// The values after a change, which may make them one or none.
    pub(super) fn changed(&self, change: impl Fn(&str) -> Option<String>) -> Named {
        let mut all = Names::default();
        let numbers = self.names().map(|name| change(&name));
        let numbers: Vec<u32> = numbers
            .map(|name| name.map_or(NONE, |name| all.number(name)))
            .collect();
        let of = self.of.iter();
        Named {
            of: of
                .map(|key| numbers.get(*key as usize).copied().unwrap_or(NONE))
                .collect(),
            names: all.into_vec(),
        }
    }

    /// Of each row what its value means.
    pub(super) fn meanings<T: Copy>(&self, of: impl Fn(&str) -> Option<T>) -> Vec<Option<T>> {
        let known: Vec<Option<T>> = self.names().map(|name| of(&name)).collect();
        let rows = self.of.iter();
        rows.map(|key| known.get(*key as usize).copied().flatten())
            .collect()
    }

    /// Rows with a value.
    pub(super) fn present(&self) -> usize {
        self.of.iter().filter(|key| **key != NONE).count()
    }

    /// Whether rows with the same value have the same value there, where they have one.
    pub(super) fn determines(&self, other: &Self) -> bool {
        self.differing(other) == 0
    }

    /// How many values stand in more than one row.
    pub(super) fn repeating(&self) -> usize {
        let mut rows = vec![0_u32; self.len()];
        for key in self.of.iter().filter(|key| **key != NONE) {
            rows[*key as usize] += 1;
        }
        rows.iter().filter(|rows| **rows > 1).count()
    }

    /// How many values stand beside more than one value there.
    pub(super) fn differing(&self, other: &Self) -> usize {
        let mut first = vec![NONE; self.len()];
        let mut differs = vec![false; self.len()];
        for (own, other) in self.of.iter().zip(&other.of) {
            if *own == NONE || *other == NONE {
                continue;
            }
            let first = &mut first[*own as usize];
            if *first == NONE {
                *first = *other;
            }
            differs[*own as usize] |= *first != *other;
        }
        differs.iter().filter(|differs| **differs).count()
    }
}

/// The number of each cell's value, and of each value the first row that has it.
fn numbered<T: Hash + Eq>(cells: impl Iterator<Item = Option<T>>) -> (Vec<u32>, Vec<u32>) {
    let mut known: IndexSet<T, RandomState> = IndexSet::default();
    let mut first = Vec::new();
    let number = |(row, cell): (usize, Option<T>)| {
        let Some(value) = cell else {
            return NONE;
        };
        let (number, is_new) = known.insert_full(value);
        if is_new {
            first.push(row as u32);
        }
        number as u32
    };
    let of = cells.enumerate().map(number).collect();
    (of, first)
}

/// Rows and the number of their name.
#[derive(Debug, Clone)]
pub(super) struct Named {
    /// Per row; [`NONE`] where there is none.
    pub(super) of: Vec<u32>,
    pub(super) names: Vec<String>,
}

/// Names, numbered as they come.
#[derive(Debug, Default)]
pub(super) struct Names(IndexSet<String, RandomState>);

impl Names {
    pub(super) fn number(&mut self, name: String) -> u32 {
        self.0.insert_full(name).0 as u32
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn into_vec(self) -> Vec<String> {
        self.0.into_iter().collect()
    }
}

/// The rows of each key.
#[derive(Debug)]
pub(super) struct Groups {
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl Groups {
    /// Rows with [`NONE`] are in no group.
    pub(super) fn by(keys: &[u32]) -> Self {
        let known = || keys.iter().enumerate().filter(|(_, key)| **key != NONE);
        let mut starts = vec![0_u32; count(keys) + 1];
        for (_, key) in known() {
            starts[*key as usize + 1] += 1;
        }
        let mut before = 0;
        for start in &mut starts {
            before += *start;
            *start = before;
        }
        let mut next = starts.clone();
        let mut rows = vec![0; before as usize];
        for (row, key) in known() {
            let next = &mut next[*key as usize];
            rows[*next as usize] = row as u32;
            *next += 1;
        }
        Self { starts, rows }
    }

    /// How many keys there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The rows of a key, ascending.
    pub(super) fn rows(&self, key: usize) -> &[u32] {
        &self.rows[self.starts[key] as usize..self.starts[key + 1] as usize]
    }
}

/// One more than the largest key.
pub(super) fn count(keys: &[u32]) -> usize {
    let known = keys.iter().filter(|key| **key != NONE);
    known.max().map_or(0, |most| *most as usize + 1)
}

/// Pairs of numbers, numbered; [`NONE`] where the first is none.
pub(super) fn pairs(first: &[u32], second: &[u32]) -> Vec<u32> {
    let groups = Groups::by(first);
    let mut of = vec![NONE; first.len()];
    let mut next = 0;
    let mut own: Vec<(u32, u32)> = Vec::new();
    for key in 0..groups.len() {
        own.clear();
        own.extend(
            groups
                .rows(key)
                .iter()
                .map(|row| (second[*row as usize], *row)),
        );
        own.sort_unstable();
        for same in own.chunk_by(|a, b| a.0 == b.0) {
            for (_, row) in same {
                of[*row as usize] = next;
            }
            next += 1;
        }
    }
    of
}

/// Days since 1970; none for other columns.
pub(super) fn dates(column: &ArrayRef) -> impl Iterator<Item = Option<i32>> {
    let dates = column.as_any().downcast_ref::<Date32Array>();
    dates
        .into_iter()
        .flat_map(arrow_array::PrimitiveArray::iter)
}
