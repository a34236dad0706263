//! What the rows hold, whatever file they came from.

use std::collections::HashSet;

use ahash::RandomState;
use arrow_array::Array;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::Table;
use crate::digest::finish;

impl Table {
    /// The file, or files, the rows came from, as messages name them.
    pub fn file(&self) -> String {
        match self.readings() {
            [] => "the table".to_owned(),
            [one] => one.file.clone(),
            [first, .., last] => format!("{} to {}", first.file, last.file),
        }
    }

    /// SHA-256 over names, kinds and typed cells: equal for CSV and Parquet of the same rows.
    pub fn digest(&self) -> String {
        let mut hasher = Sha256::new();
        for (at, name) in self.names().enumerate() {
            hasher.update((name.len() as u64).to_le_bytes());
            hasher.update(name.as_bytes());
            hasher.update([self.kind(at) as u8]);
            let mut bytes = Vec::new();
            for row in 0..self.rows() {
                self.write_cell(at, row, &mut bytes);
                if bytes.len() > 1 << 16 {
                    hasher.update(&bytes);
                    bytes.clear();
                }
            }
            hasher.update(&bytes);
        }
        finish(hasher)
    }

    /// Rows that equal an earlier row in every column but the id.
    pub fn duplicates(&self, id: Option<&str>) -> u64 {
        let columns: Vec<usize> = (0..self.batch.num_columns())
            .filter(|at| id != Some(self.batch.schema_ref().field(*at).name().as_str()))
            .collect();
        if columns.is_empty() {
            return 0;
        }
        let mut keyed = self.keyed(&columns);
        keyed.par_sort_unstable();
        let runs = keyed.chunk_by(|a, b| a.0 == b.0);
        let again = runs.filter(|run| run.len() > 1);
        again.map(|run| self.repeated(&columns, run)).sum()
    }

    /// Whether no two rows hold the same in these columns, as far as short keys tell: where they do, it is so.
    pub(crate) fn surely_differ(&self, columns: &[usize]) -> bool {
        let mut keyed = self.keyed(columns);
        keyed.par_sort_unstable();
        keyed.windows(2).all(|pair| pair[0].0 != pair[1].0)
    }

    /// A short key of what each row holds in these columns, and the row.
    fn keyed(&self, columns: &[usize]) -> Vec<(u64, u32)> {
        // The same in every run; which keys collide changes no result.
        let state = RandomState::with_seeds(1, 2, 3, 4);
        let key = |bytes: &mut Vec<u8>, row: usize| {
            bytes.clear();
            for at in columns {
                self.write_cell(*at, row, bytes);
            }
            (state.hash_one(&bytes[..]), row as u32)
        };
        (0..self.rows())
            .into_par_iter()
            .map_init(Vec::new, key)
            .collect()
    }

    /// Of rows with one key those that equal an earlier one.
    fn repeated(&self, columns: &[usize], keyed: &[(u64, u32)]) -> u64 {
        let content = |(_, row): &(u64, u32)| {
            let mut bytes = Vec::new();
            for at in columns {
                self.write_cell(*at, *row as usize, &mut bytes);
            }
            bytes
        };
        let different: HashSet<Vec<u8>> = keyed.iter().map(content).collect();
        (keyed.len() - different.len()) as u64
    }

    /// A key of what each of some rows holds in all columns but those left out, whatever the order of the columns.
    pub(crate) fn row_keys(&self, rows: &[usize], left_out: impl Fn(&str) -> bool) -> Vec<u64> {
        let mut columns: Vec<(&str, usize)> = self
            .names()
            .enumerate()
            .map(|(at, name)| (name, at))
            .filter(|(name, _)| !left_out(name))
            .collect();
        columns.sort_unstable();
        let key = |bytes: &mut Vec<u8>, row: &usize| {
            bytes.clear();
            for (_, at) in &columns {
                self.write_cell(*at, *row, bytes);
            }
            let digest: [u8; 32] = Sha256::digest(&*bytes).into();
            let (first, _) = digest.split_first_chunk().expect("a digest has 32 bytes");
            u64::from_le_bytes(*first)
        };
        rows.par_iter().map_init(Vec::new, key).collect()
    }

    /// One cell, so that no two different cells write the same bytes.
    fn write_cell(&self, column: usize, row: usize, bytes: &mut Vec<u8>) {
        if self.batch.column(column).is_null(row) {
            bytes.push(0);
            return;
        }
        bytes.push(1);
        if let Some(numbers) = self.numbers(column) {
            // Negative zero is zero.
            bytes.extend((numbers.value(row) + 0.0).to_bits().to_le_bytes());
        } else if let Some(dates) = self.dates(column) {
            bytes.extend(dates.value(row).to_le_bytes());
        } else if let Some(text) = self.text(column) {
            let cell = text.value(row);
            bytes.extend((cell.len() as u64).to_le_bytes());
            bytes.extend(cell.as_bytes());
        }
    }
}
