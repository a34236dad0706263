//! The bytes of an input: a file or standard input, unpacked if it is gzip.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use crate::source::ReadError;

/// Where rows come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file.
    Path(PathBuf),
    /// Standard input.
    Stdin,
}

impl Input {
    /// The name used in messages: the last component of the path, or `standard input`.
    pub fn name(&self) -> String {
        match self {
            Self::Stdin => "standard input".into(),
            Self::Path(path) => path.file_name().map_or_else(
                || path.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            ),
        }
    }
}

/// An input, loaded.
pub(crate) struct Content {
    /// Name for messages.
    pub(crate) file: String,
    /// Extension in lower case, without that of the compression.
    pub(crate) extension: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) gzip: bool,
}

/// Text compresses by 5 to 20; more than this is a bomb, not a table.
const GZIP_RATIO: u64 = 500;
/// However small the packed file, this much is fine.
const GZIP_FREE: u64 = 64 << 20;

pub(crate) fn load(input: &Input) -> Result<Content, ReadError> {
    let file = input.name();
    let packed = match input {
        Input::Path(path) => read_file(path, &file)?,
        Input::Stdin => {
            let mut bytes = Vec::new();
            let read = io::stdin().lock().read_to_end(&mut bytes);
            read.map_err(|source| ReadError::Unreadable {
                file: file.clone(),
                source,
            })?;
            bytes
        }
    };
    let mut extension = extension_of(&file);
    let gzip = packed.starts_with(&[0x1f, 0x8b]);
    let bytes = if gzip {
        unpack(&packed, &file)?
    } else {
        packed
    };
    if extension == "gz" {
        let inner = Path::new(&file)
            .file_stem()
            .map(|stem| stem.to_string_lossy());
        extension = extension_of(&inner.unwrap_or_default());
    }
    Ok(Content {
        file,
        extension,
        bytes,
        gzip,
    })
}

fn extension_of(file: &str) -> String {
    Path::new(file)
        .extension()
        .map_or_else(String::new, |extension| {
            extension.to_string_lossy().to_ascii_lowercase()
        })
}

fn read_file(path: &Path, file: &str) -> Result<Vec<u8>, ReadError> {
    let file = file.to_owned();
    if path.is_dir() {
        return Err(ReadError::Directory { file });
    }
    fs::read(path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => ReadError::NotFound { file },
        io::ErrorKind::PermissionDenied => ReadError::Permission { file },
        io::ErrorKind::IsADirectory => ReadError::Directory { file },
        _ => ReadError::Unreadable { file, source },
    })
}

fn unpack(packed: &[u8], file: &str) -> Result<Vec<u8>, ReadError> {
    let limit = (packed.len() as u64 * GZIP_RATIO).max(GZIP_FREE);
    let mut bytes = Vec::new();
    let read = MultiGzDecoder::new(packed)
        .take(limit + 1)
        .read_to_end(&mut bytes);
    read.map_err(|source| ReadError::Corrupt {
        file: file.to_owned(),
        format: "gzip",
        detail: source.to_string(),
    })?;
    if bytes.len() as u64 > limit {
        return Err(ReadError::TooLarge {
            file: file.to_owned(),
            detail: format!("unpacked it is more than {} MB", limit >> 20),
        });
    }
    Ok(bytes)
}
