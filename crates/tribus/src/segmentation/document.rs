//! The model file: one JSON document with a format, a version and a checksum over its content.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Segmentation, SegmentationError};
use crate::digest::sha256;

const FORMAT: &str = "tribus-segmentation";
const VERSION: u64 = 1;

#[derive(Serialize)]
struct Written<'a> {
    format: &'a str,
    version: u64,
    sha256: String,
    content: &'a RawValue,
}

#[derive(Deserialize)]
struct Found<'a> {
    format: String,
    version: u64,
    sha256: String,
    #[serde(borrow)]
    content: &'a RawValue,
}

impl Segmentation {
    /// The document as text. Numbers are printed as the shortest text that reads back equal.
    ///
    /// # Panics
    /// Never: a segmentation holds only what JSON can say.
    pub fn to_json(&self) -> String {
        let content = serde_json::to_string(self).expect("finite numbers and text");
        let content = RawValue::from_string(content).expect("serialized JSON is JSON");
        let sha256 = sha256(content.get().as_bytes());
        let written = Written {
            format: FORMAT,
            version: VERSION,
            sha256,
            content: &content,
        };
        let mut text = serde_json::to_string(&written).expect("finite numbers and text");
        text.push('\n');
        text
    }

    /// Reads a document; `path` is what messages call it.
    ///
    /// # Errors
    /// [`SegmentationError::NotASegmentation`], [`SegmentationError::Changed`], [`SegmentationError::Newer`].
    pub fn from_json(text: &str, path: &Path) -> Result<Self, SegmentationError> {
        let path = path.to_path_buf();
        let found: Found<'_> = match serde_json::from_str(text) {
            Ok(found) => found,
            Err(error) => {
                return Err(SegmentationError::NotASegmentation {
                    problem: problem(&error, text),
                    path,
                });
            }
        };
        if found.format != FORMAT {
            let problem = "its format is another one".to_owned();
            return Err(SegmentationError::NotASegmentation { path, problem });
        }
        if found.version > VERSION {
            return Err(SegmentationError::Newer {
                path,
                found: found.version,
                known: VERSION,
            });
        }
        if sha256(found.content.get().as_bytes()) != found.sha256 {
            return Err(SegmentationError::Changed { path });
        }
        serde_json::from_str(found.content.get()).map_err(|error| {
            SegmentationError::NotASegmentation {
                problem: problem(&error, text),
                path,
            }
        })
    }

    /// Reads a model file, or the one in a folder.
    ///
    /// # Errors
    /// [`SegmentationError::Unreadable`], and as [`Self::from_json`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, SegmentationError> {
        let path = path.as_ref();
        let file = if path.is_dir() {
            path.join("segmentation.json")
        } else {
            path.to_path_buf()
        };
        let bytes = match std::fs::read(&file) {
            Ok(bytes) => bytes,
            Err(source) => return Err(SegmentationError::Unreadable { path: file, source }),
        };
        match String::from_utf8(bytes) {
            Ok(text) => Self::from_json(&text, &file),
            Err(_) => {
                let problem = "it is not text".to_owned();
                Err(SegmentationError::NotASegmentation {
                    path: file,
                    problem,
                })
            }
        }
    }
}

fn problem(error: &serde_json::Error, text: &str) -> String {
    // A number that is cut in two is no unexpected end to the parser, but an invalid number at the end.
    let last_line = text.lines().count().max(1);
    let last_column = text.lines().last().map_or(0, str::len);
    let at_the_end = error.line() == last_line && error.column() + 1 >= last_column;
    if error.is_eof() || at_the_end {
        "it is cut short".to_owned()
    } else {
        format!(
            "line {}, column {} is not what it should be",
            error.line(),
            error.column()
        )
    }
}
