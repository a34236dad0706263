//! The bytes of an input: a file, a pipe or standard input, unpacked if it is packed.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use flate2::read::MultiGzDecoder;

use super::columnar::Refusal;
use super::format::is_workbook_zip;
use super::package::{self, NotOne};
use crate::source::ReadError;
use crate::source::budget::Budget;
use crate::source::memory;

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
    /// What it was packed by: gzip, zstd or zip.
    pub(crate) packed: Option<&'static str>,
}

pub(crate) fn load(input: &Input) -> Result<Content, ReadError> {
    let file = input.name();
    let bytes = match input {
        Input::Path(path) => read_path(path, &file)?,
        Input::Stdin => read_all(&mut io::stdin().lock(), &file)?,
    };
    let extension = extension_of(&file);
    let budget = Budget::of(bytes.len());
    let (packed, bytes) = match bytes.as_slice() {
        [0x1f, 0x8b, ..] => (
            "gzip",
            unpack(MultiGzDecoder::new(&*bytes), "gzip", &budget, &file)?,
        ),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => ("zstd", unpack_zstd(&bytes, &budget, &file)?),
        [b'P', b'K', 3 | 5, 4 | 6, ..] if !is_workbook_zip(&bytes) => {
            let (name, bytes) = only_file(bytes, &budget, &file)?;
            return Ok(Content {
                file,
                extension: extension_of(&name),
                bytes,
                packed: Some("zip"),
            });
        }
        _ => {
            return Ok(Content {
                file,
                extension,
                bytes,
                packed: None,
            });
        }
    };
    let extension = match extension.as_str() {
        "gz" | "zst" => extension_of(file.rsplit_once('.').map_or("", |(stem, _)| stem)),
        _ => extension,
    };
    Ok(Content {
        file,
        extension,
        bytes,
        packed: Some(packed),
    })
}

fn extension_of(file: &str) -> String {
    Path::new(file)
        .extension()
        .map_or_else(String::new, |extension| {
            extension.to_string_lossy().to_ascii_lowercase()
        })
}

/// Reads a file or a pipe; devices, sockets and what the system makes up are refused.
fn read_path(path: &Path, file: &str) -> Result<Vec<u8>, ReadError> {
    let is_stdin = ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];
    if cfg!(unix) && is_stdin.iter().any(|stdin| path == Path::new(stdin)) {
        return read_all(&mut io::stdin().lock(), file);
    }
    let metadata = fs::metadata(path).map_err(|error| unreadable(error, file))?;
    let not_a_file = |what| ReadError::NotAFile {
        file: file.to_owned(),
        what,
    };
    if metadata.is_dir() {
        return Err(ReadError::Directory {
            file: file.to_owned(),
        });
    }
    if metadata.is_file() {
        let real = fs::canonicalize(path).unwrap_or_default();
        if ["/proc", "/sys", "/dev"]
            .iter()
            .any(|folder| real.starts_with(folder))
        {
            // Shared memory is a place for files.
            if !real.starts_with("/dev/shm") {
                return Err(not_a_file("made up by the system"));
            }
        }
        return read_file(path, file);
    }
    match special(&metadata) {
        Special::Pipe => read_pipe(path, file),
        Special::Other(what) => Err(not_a_file(what)),
    }
}

/// What is neither a file nor a folder.
enum Special {
    Pipe,
    Other(&'static str),
}

#[cfg(unix)]
fn special(metadata: &Metadata) -> Special {
    use std::os::unix::fs::FileTypeExt;
    let kind = metadata.file_type();
    if kind.is_fifo() {
        Special::Pipe
    } else if kind.is_socket() {
        Special::Other("a socket")
    } else {
        Special::Other("a device")
    }
}

#[cfg(not(unix))]
fn special(_: &Metadata) -> Special {
    Special::Other("a device")
}

/// Reads a file that nobody writes meanwhile.
fn read_file(path: &Path, file: &str) -> Result<Vec<u8>, ReadError> {
    let length = fs::metadata(path).map_or(0, |metadata| metadata.len());
    Budget::check_memory(length).map_err(|exceeded| exceeded.of(file))?;
    let read = || -> io::Result<Option<Vec<u8>>> {
        let mut open = File::open(path)?;
        let before = open.metadata()?;
        let mut bytes = Vec::new();
        // One byte more than there should be shows that it grows.
        (&mut open)
            .take(before.len().saturating_add(1))
            .read_to_end(&mut bytes)?;
        let after = open.metadata()?;
        let same = bytes.len() as u64 == before.len()
            && after.len() == before.len()
            && after.modified().ok() == before.modified().ok();
        Ok(same.then_some(bytes))
    };
    let bytes = read().map_err(|error| unreadable(error, file))?;
    bytes.ok_or_else(|| ReadError::Changed {
        file: file.to_owned(),
    })
}

/// Reads a named pipe, or one that a shell made (`<(command)`), once a program writes to it.
#[cfg(unix)]
fn read_pipe(path: &Path, file: &str) -> Result<Vec<u8>, ReadError> {
    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
    use std::os::unix::fs::OpenOptionsExt;
    use std::time::{Duration, Instant};

    /// For so long a pipe may have no writer.
    const PATIENCE: Duration = Duration::from_secs(5);
    let failed = |error| unreadable(error, file);
    // Without waiting: opening a pipe that nobody writes to would wait for ever.
    let mut pipe = fs::OpenOptions::new()
        .read(true)
        .custom_flags(OFlags::NONBLOCK.bits() as i32)
        .open(path)
        .map_err(failed)?;
    let begun = Instant::now();
    let mut bytes = vec![0; 1 << 16];
    let read = loop {
        match pipe.read(&mut bytes) {
            // No writer, yet or any more.
            Ok(0) if begun.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(20)),
            Ok(0) => {
                let file = file.to_owned();
                return Err(ReadError::SilentPipe { file });
            }
            Ok(read) => break read,
            // There is one; it takes its time.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => break 0,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    };
    bytes.truncate(read);
    let flags = fcntl_getfl(&pipe).map_err(io::Error::from);
    flags
        .and_then(|flags| fcntl_setfl(&pipe, flags - OFlags::NONBLOCK).map_err(io::Error::from))
        .map_err(failed)?;
    bytes.extend(read_all(&mut pipe, file)?);
    Ok(bytes)
}

#[cfg(not(unix))]
fn read_pipe(_: &Path, file: &str) -> Result<Vec<u8>, ReadError> {
    Err(ReadError::SilentPipe {
        file: file.to_owned(),
    })
}

fn read_all(input: &mut impl Read, file: &str) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    let most = memory::allowed().saturating_add(1);
    let read = input.take(most).read_to_end(&mut bytes);
    read.map_err(|error| unreadable(error, file))?;
    Budget::check_memory(bytes.len() as u64).map_err(|exceeded| exceeded.of(file))?;
    Ok(bytes)
}

fn unreadable(error: io::Error, file: &str) -> ReadError {
    let file = file.to_owned();
    match error.kind() {
        io::ErrorKind::NotFound => ReadError::NotFound { file },
        io::ErrorKind::PermissionDenied => ReadError::Permission { file },
        io::ErrorKind::IsADirectory => ReadError::Directory { file },
        _ => ReadError::Unreadable {
            file,
            source: error,
        },
    }
}

fn unpack(
    packed: impl Read,
    format: &'static str,
    budget: &Budget,
    file: &str,
) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    let read = packed.take(budget.unpacked() + 1).read_to_end(&mut bytes);
    read.map_err(|error| corrupt(error.to_string(), format, file))?;
    budget
        .check_unpacked(bytes.len() as u64)
        .map_err(|exceeded| exceeded.of(file))?;
    Ok(bytes)
}

fn unpack_zstd(packed: &[u8], budget: &Budget, file: &str) -> Result<Vec<u8>, ReadError> {
    let decoder = zstd::Decoder::new(packed);
    let decoder = decoder.map_err(|error| corrupt(error.to_string(), "zstd", file))?;
    unpack(decoder, "zstd", budget, file)
}

fn only_file(packed: Vec<u8>, budget: &Budget, file: &str) -> Result<(String, Vec<u8>), ReadError> {
    let only = package::only_file(&Bytes::from(packed), budget);
    only.map_err(|reason| match reason {
        NotOne::Encrypted => ReadError::Encrypted {
            file: file.to_owned(),
        },
        NotOne::Several(entries) => ReadError::Archive {
            file: file.to_owned(),
            entries,
        },
        NotOne::Refused(Refusal::TooLarge(exceeded)) => exceeded.of(file),
        NotOne::Refused(Refusal::Corrupt(detail)) => corrupt(detail, "zip", file),
    })
}

fn corrupt(detail: String, format: &'static str, file: &str) -> ReadError {
    ReadError::Corrupt {
        file: file.to_owned(),
        format,
        detail,
    }
}
