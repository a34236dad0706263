//! The different values of a column, numbered.

use std::collections::HashMap;

use arrow_array::{Array, ArrayRef, Float64Array, LargeStringArray};

use crate::date::date_text;

/// No value.
pub(super) const NONE: u32 = u32::MAX;

/// The values of a column, each as the number of a name.
#[derive(Debug, Clone)]
pub(super) struct Keys {
    /// Per row; [`NONE`] where there is no value.
    pub(super) of: Vec<u32>,
    /// The values as text.
    pub(super) names: Vec<String>,
}

impl Keys {
    pub(super) fn of(column: &ArrayRef) -> Self {
        Self::of_changed(column, |text| Some(text.to_owned()))
    }

    /// The values after a change, which may make them none.
    pub(super) fn of_changed(column: &ArrayRef, change: impl Fn(&str) -> Option<String>) -> Self {
        let mut all = Interner::default();
        let any = column.as_any();
        let of = if let Some(text) = any.downcast_ref::<LargeStringArray>() {
            let mut known: HashMap<&str, u32> = HashMap::new();
            let mut number = |cell| {
                *known
                    .entry(cell)
                    .or_insert_with(|| change(cell).map_or(NONE, |name| all.number(name)))
            };
            text.iter()
                .map(|cell| cell.map_or(NONE, &mut number))
                .collect()
        } else {
            let numbers = any.downcast_ref::<Float64Array>();
            let mut known: HashMap<u64, u32> = HashMap::new();
            // A name is made of each different value, not of each cell.
            let mut number = |bits: u64, name: &dyn Fn() -> String| {
                *known
                    .entry(bits)
                    .or_insert_with(|| change(&name()).map_or(NONE, |name| all.number(name)))
            };
            match numbers {
                Some(numbers) => numbers
                    .iter()
                    .map(|cell| {
                        cell.map_or(NONE, |value| number(value.to_bits(), &|| value.to_string()))
                    })
                    .collect(),
                None => dates(column)
                    .map(|day| day.map_or(NONE, |day| number(day as u64, &|| date_text(day))))
                    .collect(),
            }
        };
        Self {
            of,
            names: all.names,
        }
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
        let mut rows = vec![0_u32; self.names.len()];
        for key in self.of.iter().filter(|key| **key != NONE) {
            rows[*key as usize] += 1;
        }
        rows.iter().filter(|rows| **rows > 1).count()
    }

    /// How many values stand beside more than one value there.
    pub(super) fn differing(&self, other: &Self) -> usize {
        let mut first = vec![NONE; self.names.len()];
        let mut differs = vec![false; self.names.len()];
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

/// Pairs of numbers, numbered; [`NONE`] where the first is none.
pub(super) fn pairs(first: &[u32], second: &[u32]) -> Vec<u32> {
    let mut known: HashMap<(u32, u32), u32> = HashMap::new();
    let pairs = first.iter().zip(second).map(|(first, second)| {
        if *first == NONE {
            return NONE;
        }
        let next = known.len() as u32;
        *known.entry((*first, *second)).or_insert(next)
    });
    pairs.collect()
}

/// Days since 1970; none for other columns.
pub(super) fn dates(column: &ArrayRef) -> impl Iterator<Item = Option<i32>> {
    let dates = column.as_any().downcast_ref::<arrow_array::Date32Array>();
    dates
        .into_iter()
        .flat_map(arrow_array::PrimitiveArray::iter)
}

/// Names, numbered as they come.
#[derive(Debug, Default)]
pub(super) struct Interner {
    known: HashMap<String, u32>,
    pub(super) names: Vec<String>,
}

impl Interner {
    pub(super) fn number(&mut self, name: String) -> u32 {
        let next = self.names.len() as u32;
        let names = &mut self.names;
        *self.known.entry(name).or_insert_with_key(|name| {
            names.push(name.clone());
            next
        })
    }
}
