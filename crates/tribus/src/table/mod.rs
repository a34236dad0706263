//! Typed columns with their origin.
//!
//! In: columns a reader has typed. Out: a [`Table`] that the rest of the house trusts.
//! A table holds three kinds of column and no others: numbers (`Float64`), text (`LargeUtf8`) and dates (`Date32`,
//! whole days since 1970-01-01). Numbers are always finite; a missing cell is an Arrow null.

mod arrays;
mod content;
mod origin;
mod reject;

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Date32Array, Float64Array, LargeStringArray, RecordBatch};
use arrow_schema::{DataType, Field, Schema};

use crate::date::{Date, DateOrder};
use crate::ledger::PurchaseLedger;

pub(crate) use arrays::{batch_of, flags_as_numbers, kinds_of};
pub use origin::{Origin, Origins, Part, Places};
pub use reject::{Problem, Reject, rejects_told};

pub use crate::roles::Kind;

/// The cells of a column that did not fit the type the rest of the column has.
///
/// They stand in the column as missing. Unless they are tolerated, whoever needs the column must refuse it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfits {
    /// The row (0-based, over the whole table) of each, and what is wrong with it. There is at least one.
    pub cells: Vec<(usize, Problem)>,
    /// The first such cell if it may be shown (short and without an `@`).
    pub example: Option<String>,
    /// They are so few that they count as missing.
    pub tolerated: bool,
}

impl Misfits {
    /// How many there are.
    pub fn count(&self) -> u64 {
        self.cells.len() as u64
    }

    /// What is wrong with the first.
    pub fn problem(&self) -> Problem {
        self.cells[0].1
    }
}

/// What the reader found out about one column while typing it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a finding of its own"
)]
pub struct ColumnFacts {
    /// Cells with no value.
    pub missing: u64,
    /// Every number is whole.
    pub whole: bool,
    /// Cells that did not fit.
    pub misfits: Option<Misfits>,
    /// What was decided about the column's notation, in words for people
    /// (`decimal comma`, `dates as day-month-year`, `$ removed`); empty for plain text and plain numbers.
    pub notation: Vec<String>,
    /// The currency sign that was removed.
    pub currency: Option<String>,
    /// Every number is written with two decimals, as amounts of money are, also where they are zeros.
    pub cents: bool,
    /// Its cells were spans of time with their unit.
    pub are_spans: bool,
    /// The order of day and month that the column proves, where the year is last.
    pub date_order: Option<DateOrder>,
    /// The decimal sign that the column proves.
    pub decimal: Option<char>,
    /// Of a column of dates the time of day of each row in milliseconds, where any row has one.
    pub times: Option<Arc<[u32]>>,
    /// The date order fits both day-month and month-day; the column is kept as text until somebody says which.
    pub ambiguous_dates: bool,
}

impl ColumnFacts {
    /// The facts without those of some rows (ascending), where `nulls` cells are null then.
    pub(crate) fn without(mut self, rows: &[usize], nulls: usize) -> Self {
        self.misfits = self.misfits.and_then(|mut misfits| {
            misfits
                .cells
                .retain(|(row, _)| rows.binary_search(row).is_err());
            for (row, _) in &mut misfits.cells {
                *row -= rows.partition_point(|out| out < row);
            }
            (!misfits.cells.is_empty()).then_some(misfits)
        });
        self.times = self.times.map(|times| {
            let kept = times
                .iter()
                .enumerate()
                .filter(|(row, _)| rows.binary_search(row).is_err());
            kept.map(|(_, time)| *time).collect()
        });
        self.missing = nulls as u64 - self.misfits.as_ref().map_or(0, Misfits::count);
        self
    }
}

/// How a table was written, as far as it proves it: a file of three rows may not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Notation {
    /// Order of day and month in dates that end in the year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
    /// The sign before decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<char>,
}

impl Notation {
    /// Whether nothing is known of it.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
    pub(crate) fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

/// One file (or stream) as it was read: what was decided, and what was odd.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The file as the user named it (its last component only), or `standard input`.
    pub file: String,
    /// `CSV`, `Excel`, `Parquet`, `Arrow`, `JSON`.
    pub format: &'static str,
    /// Decisions in words, each with what it was taken from: `delimiter: tab`, `encoding: Windows-1252`.
    pub decisions: Vec<String>,
    /// Oddities the user should know: blank lines skipped, an unnamed column, a byte that is no UTF-8.
    pub warnings: Vec<String>,
    /// Rows read from it.
    pub rows: usize,
}

impl Reading {
    /// The file, its format and the decisions, in one line.
    pub fn sentence(&self) -> String {
        let decisions = self.decisions.join("; ");
        let separator = if decisions.is_empty() { "" } else { "; " };
        format!("{}: {}{separator}{decisions}", self.file, self.format)
    }
}

/// A table of customers: typed columns, one row per customer, each with its origin.
#[derive(Debug, Clone)]
pub struct Table {
    batch: RecordBatch,
    /// Where each column stands, by its name.
    places: Arc<HashMap<String, usize>>,
    facts: Vec<ColumnFacts>,
    origins: Origins,
    readings: Vec<Reading>,
    rejects: Vec<Reject>,
    purchases: Option<Arc<PurchaseLedger>>,
}

impl Table {
    /// Puts a table together. The readers and tests use it; users open files.
    ///
    /// # Panics
    /// When the columns' lengths or types break the promises of this module, which is a bug of ours.
    pub fn new(
        columns: Vec<(String, ArrayRef, ColumnFacts)>,
        origins: Origins,
        readings: Vec<Reading>,
    ) -> Self {
        let mut fields = Vec::with_capacity(columns.len());
        let mut arrays = Vec::with_capacity(columns.len());
        let mut facts = Vec::with_capacity(columns.len());
        for (name, array, fact) in columns {
            fields.push(Field::new(name, array.data_type().clone(), true));
            arrays.push(array);
            facts.push(fact);
        }
        for field in &fields {
            kind_of(field.data_type());
        }
        let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(origins.rows()));
        let batch =
            RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)
                .expect("readers give columns of equal length");
        let mut places = HashMap::with_capacity(batch.num_columns());
        for (at, field) in batch.schema_ref().fields().iter().enumerate() {
            places.entry(field.name().clone()).or_insert(at);
        }
        Self {
            batch,
            places: Arc::new(places),
            facts,
            origins,
            readings,
            rejects: Vec::new(),
            purchases: None,
        }
    }

    /// The table with the rows and cells that did not fit it.
    pub(crate) fn with_rejects(self, rejects: Vec<Reject>) -> Self {
        Self { rejects, ..self }
    }

    /// The table as customers that were rolled up from purchases.
    pub(crate) fn of_purchases(self, ledger: PurchaseLedger) -> Self {
        Self {
            purchases: Some(Arc::new(ledger)),
            ..self
        }
    }

    /// The table with more columns of text behind its own.
    pub(crate) fn with_texts(self, texts: Vec<(String, LargeStringArray)>) -> Self {
        let own = self.batch.schema_ref().fields().iter();
        let own = own.zip(self.batch.columns()).zip(&self.facts);
        let own =
            own.map(|((field, array), facts)| (field.name().clone(), array.clone(), facts.clone()));
        let added = texts.into_iter().map(|(name, text)| {
            let facts = ColumnFacts {
                missing: text.null_count() as u64,
                ..ColumnFacts::default()
            };
            (name, Arc::new(text) as ArrayRef, facts)
        });
        let columns = own.chain(added).collect();
        Self {
            rejects: self.rejects,
            purchases: self.purchases,
            ..Self::new(columns, self.origins, self.readings)
        }
    }

    /// The account of the purchases that the rows were rolled up from, if they were.
    pub fn purchases(&self) -> Option<&PurchaseLedger> {
        self.purchases.as_deref()
    }

    /// The columns as one Arrow record batch.
    pub fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// What all columns that prove a notation agree on.
    pub fn notation(&self) -> Notation {
        let facts = || (0..self.batch.num_columns()).map(|at| self.facts(at));
        Notation {
            date_order: common(facts().filter_map(|facts| facts.date_order)),
            decimal: common(facts().filter_map(|facts| facts.decimal)),
        }
    }

    /// Column names, in file order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.batch
            .schema_ref()
            .fields()
            .iter()
            .map(|field| field.name().as_str())
    }

    /// Position of a column; names match exactly.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// What the column at `position` holds.
    pub fn kind(&self, position: usize) -> Kind {
        kind_of(self.batch.column(position).data_type())
    }

    /// What the reader found about the column at `position`.
    pub fn facts(&self, position: usize) -> &ColumnFacts {
        &self.facts[position]
    }

    /// The numbers of a column, if it holds numbers.
    pub fn numbers(&self, position: usize) -> Option<&Float64Array> {
        self.batch.column(position).as_any().downcast_ref()
    }

    /// The text of a column, if it holds text.
    pub fn text(&self, position: usize) -> Option<&LargeStringArray> {
        self.batch.column(position).as_any().downcast_ref()
    }

    /// The dates of a column, if it holds dates.
    pub fn dates(&self, position: usize) -> Option<&Date32Array> {
        self.batch.column(position).as_any().downcast_ref()
    }

    /// A cell as text; none where it is empty.
    pub fn cell(&self, position: usize, row: usize) -> Option<String> {
        if self.batch.column(position).is_null(row) {
            return None;
        }
        let number = self
            .numbers(position)
            .map(|numbers| numbers.value(row).to_string());
        let text = || self.text(position).map(|text| text.value(row).to_owned());
        let date = || {
            let days = self.dates(position)?.value(row);
            Date::from_days(days).map(|date| date.to_string())
        };
        number.or_else(text).or_else(date)
    }

    /// Where each row came from.
    pub fn origins(&self) -> &Origins {
        &self.origins
    }

    /// The rows of the input that were set aside while reading, and the cells that became missing, in the order of their places.
    pub fn rejects(&self) -> &[Reject] {
        &self.rejects
    }

    /// The files the rows came from.
    pub fn readings(&self) -> &[Reading] {
        &self.readings
    }
}

/// The value that all have.
fn common<T: PartialEq>(mut values: impl Iterator<Item = T>) -> Option<T> {
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}

/// What a column of this Arrow type holds.
pub(crate) fn kind_of(data_type: &DataType) -> Kind {
    match data_type {
        DataType::Float64 => Kind::Number,
        DataType::LargeUtf8 => Kind::Text,
        DataType::Date32 => Kind::Date,
        other => unreachable!("a table holds no {other} column"),
    }
}
