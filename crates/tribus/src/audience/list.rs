//! The columns of a list, and the list itself.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Int32Array, LargeStringArray, RecordBatch, UInt64Array};

use super::contacts::{self, ContactColumn};
use super::platform::{Filled, PlatformColumns};
use super::{AudienceColumn, AudienceError, AudienceOptions, id_of};
use crate::segmentation::{Customers, Segmentation};
use crate::table::{Table, batch_of};
use crate::vocabulary::contacts::{Channel, Contact};

/// Columns of ours.
const ID: &str = "id";
const SEGMENT: &str = "segment";
const SEGMENT_NAME: &str = "segment_name";

/// What is written where nobody named columns: as little as reaches somebody.
const USUAL: [Contact; 5] = [
    Contact::Email,
    Contact::Phone,
    Contact::FirstName,
    Contact::LastName,
    Contact::FullName,
];

/// One column of a list without a platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Id,
    Segment,
    SegmentName,
    Table(usize),
}

/// The columns of a list.
pub(super) struct Columns {
    /// Position of the column that names the customer.
    ids: Option<usize>,
    /// Contacts that are written.
    contacts: Vec<ContactColumn>,
    kind: Kind,
}

enum Kind {
    Own(Vec<(String, Source)>),
    Platform(PlatformColumns),
}

/// A list, and what is known of its columns.
pub(super) struct Written {
    pub(super) batch: RecordBatch,
    pub(super) columns: Vec<AudienceColumn>,
}

impl Columns {
    /// The columns that the options ask for.
    pub(super) fn of(
        table: &Table,
        ids: Option<usize>,
        options: &AudienceOptions,
    ) -> Result<Self, AudienceError> {
        let named = named(table, &options.columns)?;
        let positions: Vec<usize> = match (options.columns.is_empty(), options.platform) {
            (true, _) => (0..table.batch().num_columns()).collect(),
            (false, _) => named
                .iter()
                .filter_map(|(_, source)| source.position())
                .collect(),
        };
        let mut found = contacts::find(table, &positions);
        let kind = match options.platform {
            Some(platform) => {
                let columns = PlatformColumns::of(platform, table, &found, options.country)?;
                let used: BTreeSet<usize> =
                    columns.headers().filter_map(|(_, source)| source).collect();
                found.retain(|column| used.contains(&column.position));
                Kind::Platform(columns)
            }
            None if options.columns.is_empty() => {
                found.retain(|column| USUAL.contains(&column.contact));
                Kind::Own(usual(table, &found))
            }
            None => Kind::Own(named),
        };
        Ok(Self {
            ids,
            contacts: found,
            kind,
        })
    }

    /// The ways to write that the list is for.
    pub(super) fn channels(&self) -> Vec<Channel> {
        contacts::channels(&self.contacts)
    }

    /// Whether the list can be used to find the customer of a row.
    pub(super) fn can_match(&self, table: &Table, row: usize) -> bool {
        match &self.kind {
            Kind::Own(_) => true,
            Kind::Platform(columns) => columns.can_match(table, row),
        }
    }

    /// The list of these rows.
    pub(super) fn written(
        &self,
        segmentation: &Segmentation,
        table: &Table,
        customers: &Customers,
        rows: &[usize],
    ) -> Written {
        match &self.kind {
            Kind::Own(columns) => {
                let own = Own {
                    segmentation,
                    table,
                    customers,
                    ids: self.ids,
                    rows,
                };
                own.written(columns)
            }
            Kind::Platform(columns) => of_platform(columns, table, rows),
        }
    }
}

impl Source {
    fn position(self) -> Option<usize> {
        match self {
            Self::Table(position) => Some(position),
            _ => None,
        }
    }
}

/// The columns that were named: each entry whole if there is such a column, else its parts between commas.
fn named(table: &Table, entries: &[String]) -> Result<Vec<(String, Source)>, AudienceError> {
    let mut columns: Vec<(String, Source)> = Vec::new();
    for entry in entries {
        let is_whole = table.position(entry).is_some();
        let parts: Vec<&str> = if is_whole {
            vec![entry.as_str()]
        } else {
            let parts = entry.split(',').map(str::trim);
            parts.filter(|part| !part.is_empty()).collect()
        };
        for name in parts {
            let source = match (table.position(name), name) {
                (Some(position), _) => Source::Table(position),
                (None, ID) => Source::Id,
                (None, SEGMENT) => Source::Segment,
                (None, SEGMENT_NAME) => Source::SegmentName,
                (None, _) => Source::Table(table.require(name)?),
            };
            if !columns.iter().any(|(other, _)| other == name) {
                columns.push((name.to_owned(), source));
            }
        }
    }
    Ok(columns)
}

/// Id, segment and contacts; a contact that is called like one of ours gets another name.
fn usual(table: &Table, found: &[ContactColumn]) -> Vec<(String, Source)> {
    let ours = [
        (ID, Source::Id),
        (SEGMENT, Source::Segment),
        (SEGMENT_NAME, Source::SegmentName),
    ];
    let mut columns: Vec<(String, Source)> = ours
        .into_iter()
        .map(|(name, source)| (name.to_owned(), source))
        .collect();
    let names: Vec<&str> = table.names().collect();
    for column in found {
        let mut name = names[column.position].to_owned();
        while columns
            .iter()
            .any(|(other, _)| other.to_lowercase() == name.to_lowercase())
        {
            name.push_str("_original");
        }
        columns.push((name, Source::Table(column.position)));
    }
    columns
}

/// A list with the columns of the table.
struct Own<'a> {
    segmentation: &'a Segmentation,
    table: &'a Table,
    customers: &'a Customers,
    ids: Option<usize>,
    rows: &'a [usize],
}

impl Own<'_> {
    fn written(&self, columns: &[(String, Source)]) -> Written {
        let names: Vec<&str> = self.table.names().collect();
        let arrays: Vec<(&str, ArrayRef)> = columns
            .iter()
            .map(|(name, source)| (name.as_str(), self.array(*source)))
            .collect();
        let told = arrays
            .iter()
            .zip(columns)
            .map(|((name, array), (_, source))| AudienceColumn {
                column: (*name).to_owned(),
                from: source.position().map(|position| names[position].to_owned()),
                empty: array.null_count() as u64,
                unreadable: 0,
            });
        Written {
            columns: told.collect(),
            batch: batch_of(arrays.into_iter(), self.rows.len()),
        }
    }

    fn array(&self, source: Source) -> ArrayRef {
        match source {
            Source::Table(position) => {
                let column = self.table.batch().column(position);
                let rows: UInt64Array = self.rows.iter().map(|row| Some(*row as u64)).collect();
                arrow_select::take::take(column, &rows, None)
                    .expect("rows of the list are rows of the table")
            }
            Source::Id => ids(self.table, self.ids, self.rows),
            Source::Segment => segments(self.customers, self.rows),
            Source::SegmentName => segment_names(self.segmentation, self.customers, self.rows),
        }
    }
}

/// Ids as text; without a column of ids the numbers of the rows, from 1.
fn ids(table: &Table, ids: Option<usize>, rows: &[usize]) -> ArrayRef {
    let texts: LargeStringArray = rows
        .iter()
        .map(|&row| match ids {
            Some(_) => id_of(table, ids, row),
            None => Some((row + 1).to_string()),
        })
        .collect();
    Arc::new(texts)
}

fn segments(customers: &Customers, rows: &[usize]) -> ArrayRef {
    let numbers: Int32Array = rows
        .iter()
        .map(|&row| customers.placements[row].map(|placed| placed.segment.get() as i32))
        .collect();
    Arc::new(numbers)
}

fn segment_names(segmentation: &Segmentation, customers: &Customers, rows: &[usize]) -> ArrayRef {
    let names: LargeStringArray = rows
        .iter()
        .map(|&row| customers.placements[row].map(|placed| segmentation.name(placed.segment)))
        .collect();
    Arc::new(names)
}

/// Those who are left alone.
pub(super) fn holdout(
    segmentation: &Segmentation,
    table: &Table,
    customers: &Customers,
    position: Option<usize>,
    rows: &[usize],
) -> RecordBatch {
    let ones: Int32Array = rows.iter().map(|_| Some(1)).collect();
    let columns: [(&str, ArrayRef); 4] = [
        (ID, ids(table, position, rows)),
        (SEGMENT, segments(customers, rows)),
        (SEGMENT_NAME, segment_names(segmentation, customers, rows)),
        ("holdout", Arc::new(ones)),
    ];
    batch_of(columns.into_iter(), rows.len())
}

fn of_platform(columns: &PlatformColumns, table: &Table, rows: &[usize]) -> Written {
    let names: Vec<&str> = table.names().collect();
    let headers: Vec<(&str, Option<usize>)> = columns.headers().collect();
    let mut told: Vec<AudienceColumn> = headers
        .iter()
        .map(|(header, source)| AudienceColumn {
            column: (*header).to_owned(),
            from: source.map(|position| names[position].to_owned()),
            empty: 0,
            unreadable: 0,
        })
        .collect();
    let mut cells: Vec<Vec<Option<String>>> = vec![Vec::with_capacity(rows.len()); headers.len()];
    for &row in rows {
        for (at, cell) in columns.cells(table, row).into_iter().enumerate() {
            told[at].unreadable += u64::from(cell == Filled::Unreadable);
            let text = match cell {
                Filled::Text(text) => Some(text),
                Filled::Empty | Filled::Unreadable => None,
            };
            told[at].empty += u64::from(text.is_none());
            cells[at].push(text);
        }
    }
    let arrays = cells
        .into_iter()
        .map(|cells| -> ArrayRef { Arc::new(cells.into_iter().collect::<LargeStringArray>()) });
    let named = headers.iter().map(|(header, _)| *header).zip(arrays);
    Written {
        batch: batch_of(named, rows.len()),
        columns: told,
    }
}
