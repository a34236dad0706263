//! Lines that equal an earlier one in every column.

use std::hash::{BuildHasher, Hash, Hasher};

use ahash::RandomState;
use arrow_array::{Array, Date32Array, Float64Array, LargeStringArray};
use rayon::prelude::*;

use super::keys::Groups;
use crate::table::Table;

/// Of each line whether it equals an earlier one in every column.
///
/// Lines are equal where two hashes of 64 bits are, whose keys differ from run to run.
pub(super) fn copies(table: &Table) -> Vec<bool> {
    /// Lines are sorted in so many parts.
    const PARTS_LOG2: u32 = 12;

    let columns = columns(table);
    let states = [RandomState::new(), RandomState::new()];
    let rows = table.rows();
    let hashes = (0..rows).into_par_iter().map(|row| {
        let mut hashers = states.each_ref().map(RandomState::build_hasher);
        for column in &columns {
            let cell = column.cell(row);
            for hasher in &mut hashers {
                cell.hash(hasher);
            }
        }
        hashers.map(|hasher| hasher.finish())
    });
    let hashes: Vec<[u64; 2]> = hashes.collect();
    let parts = hashes
        .par_iter()
        .map(|hash| (hash[0] >> (64 - PARTS_LOG2)) as u32);
    let parts = Groups::by(&parts.collect::<Vec<u32>>());
    let found = (0..parts.len()).into_par_iter().flat_map_iter(|part| {
        let own = parts.rows(part).iter();
        let mut own: Vec<_> = own.map(|row| (hashes[*row as usize], *row)).collect();
        own.sort_unstable();
        let equal = own.chunk_by(|a, b| a.0 == b.0);
        let copies = equal.flat_map(|run| run[1..].iter().map(|(_, row)| *row));
        copies.collect::<Vec<u32>>()
    });
    let found: Vec<u32> = found.collect();
    let mut copies = vec![false; rows];
    for row in found {
        copies[row as usize] = true;
    }
    copies
}

/// The cells of a column.
enum Column<'a> {
    Text(&'a LargeStringArray),
    Numbers(&'a Float64Array),
    /// Days, and times of day.
    Days(&'a Date32Array, &'a [u32]),
    Empty,
}

#[derive(Hash)]
enum Cell<'a> {
    Text(&'a str),
    Number(u64),
    Day(i32, u32),
    None,
}

fn columns(table: &Table) -> Vec<Column<'_>> {
    let columns = 0..table.batch().num_columns();
    let column = |at| {
        let times = table.facts(at).times.as_deref().unwrap_or_default();
        let text = table.text(at).map(Column::Text);
        text.or_else(|| table.numbers(at).map(Column::Numbers))
            .or_else(|| table.dates(at).map(|days| Column::Days(days, times)))
            .unwrap_or(Column::Empty)
    };
    columns.map(column).collect()
}

impl Column<'_> {
    fn cell(&self, row: usize) -> Cell<'_> {
        match self {
            Self::Text(text) if text.is_valid(row) => Cell::Text(text.value(row)),
            Self::Numbers(numbers) if numbers.is_valid(row) => {
                Cell::Number(numbers.value(row).to_bits())
            }
            Self::Days(days, times) if days.is_valid(row) => {
                Cell::Day(days.value(row), times.get(row).copied().unwrap_or(0))
            }
            _ => Cell::None,
        }
    }
}
