//! The model file: one JSON document with a format, a version and a checksum over its content.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use super::check::Contradiction;
use super::{Segmentation, SegmentationError};
use crate::digest::sha256;

const FORMAT: &str = "tribus-segmentation";
const VERSION: u64 = 1;

/// No model is larger: one of a thousand segments of a hundred columns has about 100 MB.
const LARGEST: u64 = 1 << 29;

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

impl Serialize for Segmentation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // The derived function of the type itself, not this one.
        Self::serialize(self, serializer)
    }
}

impl Segmentation {
    /// The document as text. Numbers are printed as the shortest text that reads back equal.
    ///
    /// # Panics
    /// Never: a segmentation holds only what JSON can say.
    pub fn to_json(&self) -> String {
        let content = RawValue::from_string(self.content()).expect("serialized JSON is JSON");
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

    /// SHA-256 of the content, as in the document.
    pub fn digest(&self) -> String {
        sha256(self.content().as_bytes())
    }

    fn content(&self) -> String {
        serde_json::to_string(self).expect("finite numbers and text")
    }

    /// Reads a document and checks that its parts go together; `path` is what messages call it.
    ///
    /// # Errors
    /// [`SegmentationError::NotASegmentation`], [`SegmentationError::Changed`], [`SegmentationError::Newer`],
    /// [`SegmentationError::Contradiction`].
    pub fn from_json(text: &str, path: &Path) -> Result<Self, SegmentationError> {
        let not_one = |problem: String| SegmentationError::NotASegmentation {
            path: path.to_path_buf(),
            problem,
        };
        let found: Found<'_> =
            serde_json::from_str(text).map_err(|error| not_one(problem(&error, text)))?;
        if found.format != FORMAT {
            return Err(not_one("its format is another one".to_owned()));
        }
        if found.version > VERSION {
            return Err(SegmentationError::Newer {
                path: path.to_path_buf(),
                found: found.version,
                known: VERSION,
            });
        }
        let content = found.content.get();
        if sha256(content.as_bytes()) != found.sha256 {
            return Err(SegmentationError::Changed {
                path: path.to_path_buf(),
            });
        }
        let segmentation = parsed(content).map_err(not_one)?;
        match segmentation.check() {
            Ok(()) => Ok(segmentation),
            Err(Contradiction(problem)) => Err(SegmentationError::Contradiction {
                path: path.to_path_buf(),
                problem,
            }),
        }
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
        let bytes = match bytes_of(&file) {
            Ok(bytes) => bytes,
            Err(source) => return Err(SegmentationError::Unreadable { path: file, source }),
        };
        let problem = match String::from_utf8(bytes) {
            Ok(text) if text.len() as u64 <= LARGEST => return Self::from_json(&text, &file),
            Ok(_) => format!("it is larger than {} MB", LARGEST >> 20),
            Err(_) => "it is not text".to_owned(),
        };
        Err(SegmentationError::NotASegmentation {
            path: file,
            problem,
        })
    }
}

/// The bytes of a file; one more than the largest of a file that is too large.
fn bytes_of(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The content by its types alone; an error says where in the document. Values are not told: they may be categories of customers.
fn parsed(content: &str) -> Result<Segmentation, String> {
    let mut reader = serde_json::Deserializer::from_str(content);
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut reader, &mut track);
    // The derived function, which does not check.
    Segmentation::deserialize(tracked).map_err(|error| {
        let (path, text) = (track.path(), error.to_string());
        match text.split_once(" at line") {
            Some((missing, _)) if missing.starts_with("missing field") => {
                format!("in `{path}`: {missing}")
            }
            _ => format!("`{path}` is not what it should be"),
        }
    })
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
