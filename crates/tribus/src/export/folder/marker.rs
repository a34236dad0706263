//! The hidden file `.tribus` in every folder we write: what we wrote there, and the SHA-256 of each file.
//!
//! Its lines are those of `sha256sum`, so `sha256sum -c .tribus` says which file was changed. What else a later run must know
//! stands in comments above them.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path};

use arrow_schema::{DataType, Schema};
use sha2::{Digest, Sha256};

use crate::digest::finish;

/// Name of the file.
pub(super) const MARKER: &str = ".tribus";

const TITLE: &str =
    "# Written by tribus, format 1. `sha256sum -c .tribus` tells which file was changed.";
const RAW: &str = "# text: raw";
const GUARDED: &str = "# text: guarded";
const KINDS: &str = "# customers: ";

/// What is known about a folder of ours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Marker {
    /// Text was written as it is.
    pub(super) raw: bool,
    /// Types of the columns of the customers, which CSV does not tell.
    pub(super) kinds: Vec<DataType>,
    /// SHA-256 of each file, by its path in the folder.
    pub(super) files: BTreeMap<String, String>,
}

/// Types of columns as they will be read back: whole numbers have one width there.
pub(super) fn kinds_of(customers: &Schema) -> Vec<DataType> {
    let fields = customers.fields().iter();
    fields
        .filter_map(|field| data_type(word(field.data_type())))
        .collect()
}

impl Marker {
    pub(super) fn new(raw: bool, customers: &Schema) -> Self {
        Self {
            raw,
            kinds: kinds_of(customers),
            files: BTreeMap::new(),
        }
    }

    /// Reads the marker of a folder; none where there is none that we could have written.
    pub(super) fn read(folder: &Path) -> Option<Self> {
        Self::parse(&fs::read_to_string(folder.join(MARKER)).ok()?)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut marker = Self::default();
        let mut lines = text.lines();
        if lines.next()? != TITLE {
            return None;
        }
        for line in lines {
            if let Some(kinds) = line.strip_prefix(KINDS) {
                let kinds: Option<Vec<DataType>> = kinds.split(' ').map(data_type).collect();
                marker.kinds = kinds?;
            } else if line == RAW {
                marker.raw = true;
            } else if !line.starts_with('#') {
                let (hash, file) = line.split_once("  ")?;
                if !stays_inside(file) {
                    return None;
                }
                marker.files.insert(file.to_owned(), hash.to_owned());
            }
        }
        Some(marker)
    }

    pub(super) fn to_text(&self) -> String {
        let kinds: Vec<&str> = self.kinds.iter().map(word).collect();
        let text = if self.raw { RAW } else { GUARDED };
        let mut lines = vec![TITLE.to_owned(), text.to_owned()];
        lines.push(format!("{KINDS}{}", kinds.join(" ")));
        let files = self.files.iter();
        lines.extend(files.map(|(file, hash)| format!("{hash}  {file}")));
        lines.push(String::new());
        lines.join("\n")
    }

    /// The first file that is not as we wrote it; one that is gone counts if `all` must be there.
    pub(super) fn first_edited(&self, folder: &Path, all: bool) -> Option<&str> {
        let edited = |file: &str, hash: &str| match hash_of(&folder.join(file)) {
            Ok(found) => found != hash,
            Err(error) => all || error.kind() != io::ErrorKind::NotFound,
        };
        self.files
            .iter()
            .find(|(file, hash)| edited(file, hash))
            .map(|(file, _)| file.as_str())
    }
}

/// SHA-256 of a file.
fn hash_of(path: &Path) -> io::Result<String> {
    let mut file = fs::File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(finish(hasher)),
            read => hasher.update(&buffer[..read]),
        }
    }
}

/// A marker may have been written by anybody: its names must not lead out of the folder.
fn stays_inside(file: &str) -> bool {
    Path::new(file)
        .components()
        .all(|component| matches!(component, Component::Normal(_)))
}

fn word(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Int64 | DataType::Int32 => "whole",
        DataType::Float64 => "number",
        DataType::Boolean => "flag",
        DataType::Date32 => "date",
        _ => "text",
    }
}

fn data_type(word: &str) -> Option<DataType> {
    match word {
        "whole" => Some(DataType::Int64),
        "number" => Some(DataType::Float64),
        "flag" => Some(DataType::Boolean),
        "date" => Some(DataType::Date32),
        "text" => Some(DataType::LargeUtf8),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_reads_back_equal() {
        let mut marker = Marker {
            raw: true,
            kinds: vec![DataType::Int64, DataType::LargeUtf8, DataType::Date32],
            files: BTreeMap::new(),
        };
        marker.files.insert("charts/a.svg".into(), "ab12".into());
        assert_eq!(Marker::parse(&marker.to_text()), Some(marker));
    }

    #[test]
    fn a_marker_that_leads_out_of_the_folder_is_not_ours() {
        for file in ["../x", "/etc/passwd", "charts/../../x"] {
            let text = format!("{TITLE}\n{GUARDED}\n00  {file}\n");
            assert_eq!(Marker::parse(&text), None, "{file}");
        }
        assert_eq!(Marker::parse("notes"), None);
    }
}
