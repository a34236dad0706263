//! The lineage of a scored file: what it was made of, in one line.

use std::fmt;
use std::io::{self, Write};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::date::Date;
use crate::digest::{finish, sha256};
use crate::segmentation::{Customers, Segmentation};
use crate::table::Table;

/// What a file of assigned customers was made of: enough to find the model and the input again, and to see that none of the
/// three was changed since. No clock, no folder: the same input gives the same line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lineage {
    /// Name of the scored file.
    pub output: String,
    /// SHA-256 of the scored file.
    pub output_sha256: String,
    /// SHA-256 of the model, as in its document.
    pub model_sha256: String,
    /// SHA-256 of the typed rows that the segments were made from.
    pub model_rows_sha256: String,
    /// The program that made the segments.
    pub model_program: String,
    /// SHA-256 of the model's recipe, as TOML.
    pub recipe_sha256: String,
    /// Names of the files that were read.
    pub input: Vec<String>,
    /// SHA-256 of the typed rows; of purchases, of the customers that they were rolled up to.
    pub input_sha256: String,
    /// The day that days since and ages counted to; none where nothing counts to a day.
    pub as_of: Option<Date>,
    /// Rows read.
    pub rows_read: u64,
    /// Rows that got a segment.
    pub rows_assigned: u64,
    /// Rows of the scored file.
    pub rows_written: u64,
    /// The program that assigned the rows.
    pub program: &'static str,
}

impl Lineage {
    /// Of a file of this name and SHA-256 that holds these customers.
    pub fn of(
        (output, output_sha256): (String, String),
        segmentation: &Segmentation,
        table: &Table,
        customers: &Customers,
    ) -> Self {
        let (manifest, ledger) = (segmentation.manifest(), &customers.ledger);
        let readings = table.readings().iter();
        let as_of = table.purchases().map(|purchases| purchases.as_of);
        Self {
            output,
            output_sha256,
            model_sha256: segmentation.digest(),
            model_rows_sha256: manifest.rows_sha256.clone(),
            model_program: manifest.program.clone(),
            recipe_sha256: sha256(segmentation.recipe().to_toml().as_bytes()),
            input: readings.map(|reading| reading.file.clone()).collect(),
            input_sha256: table.digest(),
            as_of: customers.as_of.or(as_of),
            rows_read: ledger.read,
            rows_assigned: customers.placements.iter().flatten().count() as u64,
            rows_written: table.rows() as u64,
            program: concat!("tribus ", env!("CARGO_PKG_VERSION")),
        }
    }

    /// The lineage as one line of JSON.
    ///
    /// # Panics
    /// Never: it holds text and numbers.
    pub fn to_line(&self) -> String {
        let line = serde_json::to_string(self).expect("text and numbers");
        format!("{line}\n")
    }
}

/// A writer that hashes what goes through it.
pub struct Hashed<W> {
    inner: W,
    hasher: Sha256,
}

impl<W: Write> Hashed<W> {
    /// Writes to `inner`.
    pub fn new(inner: W) -> Self {
        Self {
            inner,
            hasher: Sha256::new(),
        }
    }

    /// SHA-256 of what was written.
    pub fn digest(self) -> String {
        finish(self.hasher)
    }

    /// The writer, and SHA-256 of what was written to it.
    pub(super) fn into_parts(self) -> (W, String) {
        (self.inner, finish(self.hasher))
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W> fmt::Debug for Hashed<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hashed").finish_non_exhaustive()
    }
}
