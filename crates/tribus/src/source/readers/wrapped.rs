//! Where the rows of a JSON document are: in lines or one array, or wrapped as programs that export and libraries do.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A key and its value.
type Member<'a> = (String, &'a RawValue);

/// The rows of a document.
pub(super) enum Rows<'a> {
    /// Each is an object.
    Objects(Vec<&'a RawValue>),
    /// Each is an object under a key, which is a cell of it.
    Keyed(Vec<Member<'a>>),
    /// Each is a list of cells.
    Lists {
        names: Vec<String>,
        rows: Vec<&'a RawValue>,
    },
    /// Each is a cell in every column.
    Columns(Vec<(String, Vec<&'a RawValue>)>),
}

impl<'a> Rows<'a> {
    /// Each row, with its key if it has one.
    pub(super) fn iter(&self) -> Box<dyn Iterator<Item = (Option<&str>, &'a RawValue)> + '_> {
        match self {
            Self::Objects(rows) | Self::Lists { rows, .. } => {
                Box::new(rows.iter().map(|row| (None, *row)))
            }
            Self::Keyed(rows) => Box::new(rows.iter().map(|(key, row)| (Some(key.as_str()), *row))),
            Self::Columns(columns) => {
                let first = columns.first().map_or(&[][..], |(_, cells)| cells);
                Box::new(first.iter().map(|cell| (None, *cell)))
            }
        }
    }

    /// The cells of a row, by its number from 0, with their names.
    pub(super) fn members(&self, at: usize, row: &'a RawValue) -> Result<Vec<Member<'a>>, String> {
        let names = match self {
            Self::Objects(_) | Self::Keyed(_) => {
                return members(row).ok_or_else(|| "not a JSON object".to_owned());
            }
            Self::Columns(columns) => {
                let cell = |(name, cells): &(String, Vec<&'a RawValue>)| (name.clone(), cells[at]);
                return Ok(columns.iter().map(cell).collect());
            }
            Self::Lists { names, .. } => names,
        };
        let cells = list(row).ok_or_else(|| "not a list of cells".to_owned())?;
        if cells.len() != names.len() {
            let (cells, names) = (cells.len(), names.len());
            return Err(format!("{cells} cells under {names} names"));
        }
        Ok(names.iter().cloned().zip(cells).collect())
    }
}

/// The rows of a document that is neither an array of objects nor a single one, and where they were found, in words.
///
/// - `{"columns": [...], "data": [[...], ...]}`, as pandas writes with `orient="split"`, and `[[names ...], [cells ...], ...]`;
/// - an object with exactly one array of objects (`results`, `data`, `items`, ...), whatever else it holds;
/// - an object of objects of the same keys: its keys become the column `key`; where the keys within are the numbers of rows, as
///   pandas writes by default, its keys are the columns.
pub(super) fn find(document: &RawValue) -> Option<(Rows<'_>, Option<String>)> {
    if let Some(rows) = list(document) {
        let (names, rows) = rows.split_first()?;
        let (names, rows) = (texts(names)?, rows.to_vec());
        let are_lists = rows.iter().all(|row| row.get().starts_with('['));
        let words = Some("names of columns: the first list".to_owned());
        return are_lists.then_some((Rows::Lists { names, rows }, words));
    }
    let members = members(document)?;
    split(&members)
        .or_else(|| array_of_objects(&members))
        .or_else(|| object_of_objects(members))
}

fn split<'a>(members: &[Member<'a>]) -> Option<(Rows<'a>, Option<String>)> {
    let under = |wanted: &str| members.iter().find(|(key, _)| key == wanted);
    let names = texts(under("columns")?.1)?;
    let rows = list(under("data")?.1)?;
    let words = Some("rows: `data`, with the names in `columns`".to_owned());
    Some((Rows::Lists { names, rows }, words))
}

fn array_of_objects<'a>(members: &[Member<'a>]) -> Option<(Rows<'a>, Option<String>)> {
    let mut arrays = members.iter().filter_map(|(key, value)| {
        let rows = list(value)?;
        let are_objects = !rows.is_empty() && rows.iter().all(|row| row.get().starts_with('{'));
        are_objects.then_some((key, rows))
    });
    let (key, rows) = arrays.next()?;
    let words = Some(format!("rows: `{key}`"));
    // A customer has lists, too; a table of one customer has no other scalar than a count or a page.
    arrays
        .next()
        .is_none()
        .then_some((Rows::Objects(rows), words))
}

fn object_of_objects(rows: Vec<Member<'_>>) -> Option<(Rows<'_>, Option<String>)> {
    let first = members(rows.first()?.1)?;
    let alike = |(_, row): &Member<'_>| {
        let own = members(row);
        own.is_some_and(|own| {
            own.iter()
                .map(|(key, _)| key)
                .eq(first.iter().map(|(key, _)| key))
        })
    };
    if rows.len() < 2 || first.is_empty() || !rows.iter().all(alike) {
        return None;
    }
    if !first.iter().all(|(key, _)| key.parse::<u64>().is_ok()) {
        let words = "rows: the objects in an object, their keys in the column `key`".to_owned();
        return Some((Rows::Keyed(rows), Some(words)));
    }
    let cells = |row| Some(members(row)?.into_iter().map(|(_, cell)| cell).collect());
    let columns = rows
        .into_iter()
        .map(|(name, row)| Some((name, cells(row)?)));
    let words = "columns: the objects in an object".to_owned();
    Some((Rows::Columns(columns.collect::<Option<_>>()?), Some(words)))
}

fn list(value: &RawValue) -> Option<Vec<&RawValue>> {
    value
        .get()
        .starts_with('[')
        .then(|| serde_json::from_str(value.get()).ok())?
}

fn texts(value: &RawValue) -> Option<Vec<String>> {
    serde_json::from_str(value.get()).ok()
}

fn members(value: &RawValue) -> Option<Vec<Member<'_>>> {
    let members: Members<'_> = serde_json::from_str(value.get()).ok()?;
    Some(members.0)
}

/// What an object within a row holds.
pub(super) fn inner_members(value: &RawValue) -> Option<Vec<Member<'_>>> {
    value.get().starts_with('{').then(|| members(value))?
}

/// The members of an object in the order of the file.
struct Members<'a>(Vec<Member<'a>>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Object)
    }
}
