//! Workbooks read in another process, so that running out of memory there is an error message here.
//!
//! A program that wants this says how its helper is started ([`isolate_workbooks`]) and calls [`serve_workbook`] in the
//! helper. The workbook goes in by a pipe, its cells come back by another as an Arrow stream. The helper ends when its
//! program does: then the pipe to it is closed. A library that sets nothing reads workbooks where it is.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::process::Child;
use std::sync::{Arc, OnceLock};

use arrow_array::cast::AsArray;
use arrow_array::types::UInt32Type;
use arrow_array::{RecordBatch, StringArray, UInt32Array};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, DataType, Field, Schema};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::sheet::Sheet;
use super::workbook::{self, Chosen};
use crate::source::ReadError;
use crate::source::budget::{Budget, Exceeded};
use crate::source::memory::{self, MemorySize};

/// Starts the helper, with pipes for its standard input and output.
type Launch = fn() -> io::Result<Child>;

static LAUNCH: OnceLock<Launch> = OnceLock::new();

/// From here on every workbook is read by a helper that `launch` starts and that calls [`serve_workbook`].
///
/// `launch` has to give the helper pipes as standard input and standard output (`Stdio::piped`). The first call counts.
pub fn isolate_workbooks(launch: fn() -> io::Result<Child>) {
    // A second call changes nothing: a process reads workbooks in one way.
    let _ = LAUNCH.set(launch);
}

/// What to read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Request {
    /// Its name for messages.
    pub(super) file: String,
    /// The sheet asked for.
    pub(super) sheet: Option<String>,
    /// The memory that reading may take.
    pub(super) memory: u64,
}

/// What came of it; the cells of a sheet follow.
#[derive(Debug, Serialize, Deserialize)]
enum Answer {
    Sheet { told: Option<String> },
    Encrypted,
    Empty,
    NoSheet { sheets: Vec<String> },
    Corrupt { detail: String },
    TooLarge { detail: String },
}

/// Reads a sheet, by a helper if there is one.
pub(super) fn choose(bytes: Bytes, request: &Request) -> Result<Chosen, ReadError> {
    let Some(launch) = LAUNCH.get() else {
        return workbook::choose(bytes, request);
    };
    let file = request.file.clone();
    // Without a helper, as where no process may be started, the checks before the reader have to do.
    let Ok(mut child) = launch() else {
        return workbook::choose(bytes, request);
    };
    let budget = Budget::of(bytes.len());
    let answer = ask(&mut child, bytes, request, budget);
    // It has answered or is lost; nothing more is wanted of it.
    let _ = child.kill();
    let _ = child.wait();
    match answer {
        Ok((Answer::Sheet { told }, sheet)) => Ok(Chosen { told, sheet }),
        Ok((answer, _)) => Err(answer.into_error(request)),
        Err(_) => Err(ReadError::Exhausted { file }),
    }
}

/// Sends the workbook and receives its cells.
fn ask(
    child: &mut Child,
    bytes: Bytes,
    request: &Request,
    mut budget: Budget,
) -> Result<(Answer, Sheet), ArrowError> {
    let missing = || io::Error::other("no pipe to the helper");
    let mut input = child.stdin.take().ok_or_else(missing)?;
    let output = child.stdout.take().ok_or_else(missing)?;
    let header = serde_json::to_vec(request).map_err(io::Error::other)?;
    let sender = std::thread::spawn(move || -> io::Result<_> {
        input.write_all(&(header.len() as u64).to_le_bytes())?;
        input.write_all(&header)?;
        input.write_all(&(bytes.len() as u64).to_le_bytes())?;
        input.write_all(&bytes)?;
        // The pipe stays open until the answer is here: the helper watches it.
        Ok(input)
    });
    let answer = receive(output, &mut budget);
    // A helper that is lost has closed its end, so the sender is done in any case.
    drop(sender.join());
    answer
}

fn receive(output: impl Read, budget: &mut Budget) -> Result<(Answer, Sheet), ArrowError> {
    let reader = StreamReader::try_new_buffered(output, None)?;
    let schema = reader.schema();
    let answer = schema.metadata().get(ANSWER).map(String::as_str);
    let answer = serde_json::from_str(answer.unwrap_or_default()).map_err(io::Error::other)?;
    let mut sheet = Sheet::default();
    for batch in reader {
        let batch = batch?;
        let rows = batch.column(0).as_primitive::<UInt32Type>().values().iter();
        let columns = batch.column(1).as_primitive::<UInt32Type>().values().iter();
        let texts = batch.column(2).as_string::<i32>().iter();
        for ((row, column), text) in rows.zip(columns).zip(texts) {
            sheet
                .push((*row, *column), text.unwrap_or_default(), budget)
                .map_err(|Exceeded(detail)| io::Error::other(detail))?;
        }
    }
    Ok((answer, sheet))
}

const ANSWER: &str = "answer";

/// The helper's side: reads a workbook from standard input and writes its cells to standard output.
///
/// # Errors
/// When a pipe is closed: the program is gone.
pub fn serve_workbook() -> io::Result<()> {
    let mut input = io::stdin();
    let header = read_part(&mut input, 1 << 20)?;
    let request: Request = serde_json::from_slice(&header)?;
    let bytes = read_part(&mut input, u64::MAX)?;
    limit(bytes.len() as u64, request.memory);
    memory::limit_memory(MemorySize(request.memory));
    std::thread::spawn(|| {
        // Ends with the pipe, and the pipe with the program.
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        end();
    });
    let answer = workbook::choose(Bytes::from(bytes), &request);
    send(answer, &mut io::stdout().lock()).map_err(io::Error::other)
}

#[expect(
    clippy::exit,
    reason = "the thread that reads the workbook cannot be asked to return"
)]
fn end() -> ! {
    std::process::exit(1)
}

/// Reads a length and so many bytes.
fn read_part(input: &mut impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut length = [0; 8];
    input.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length).min(limit);
    let mut part = Vec::new();
    if input.by_ref().take(length).read_to_end(&mut part)? as u64 == length {
        return Ok(part);
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

fn send(answer: Result<Chosen, ReadError>, output: &mut impl Write) -> Result<(), ArrowError> {
    /// Cells of a batch.
    const BATCH: usize = 1 << 16;
    let (answer, sheet) = match answer {
        Ok(chosen) => (Answer::Sheet { told: chosen.told }, chosen.sheet),
        Err(error) => (Answer::of(error), Sheet::default()),
    };
    let answer = serde_json::to_string(&answer).map_err(io::Error::other)?;
    let fields = vec![
        Field::new("row", DataType::UInt32, false),
        Field::new("column", DataType::UInt32, false),
        Field::new("text", DataType::Utf8, false),
    ];
    let metadata = HashMap::from([(ANSWER.to_owned(), answer)]);
    let schema = Arc::new(Schema::new_with_metadata(fields, metadata));
    let mut writer = StreamWriter::try_new_buffered(output, &schema)?;
    let mut cells = sheet.cells();
    loop {
        let batch: Vec<_> = cells.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return writer.finish();
        }
        let rows: UInt32Array = batch.iter().map(|((row, _), _)| *row).collect();
        let columns: UInt32Array = batch.iter().map(|((_, column), _)| *column).collect();
        let texts = StringArray::from_iter_values(batch.iter().map(|(_, text)| text));
        let columns = vec![
            Arc::new(rows) as _,
            Arc::new(columns) as _,
            Arc::new(texts) as _,
        ];
        writer.write(&RecordBatch::try_new(Arc::clone(&schema), columns)?)?;
    }
}

impl Answer {
    fn of(error: ReadError) -> Self {
        match error {
            ReadError::Encrypted { .. } => Self::Encrypted,
            ReadError::Empty { .. } => Self::Empty,
            ReadError::NoSheet { sheets, .. } => Self::NoSheet { sheets },
            ReadError::TooLarge { detail, .. } => Self::TooLarge { detail },
            ReadError::Corrupt { detail, .. } => Self::Corrupt { detail },
            error => Self::Corrupt {
                detail: error.to_string(),
            },
        }
    }

    fn into_error(self, request: &Request) -> ReadError {
        let file = request.file.clone();
        match self {
            Self::Encrypted => ReadError::Encrypted { file },
            Self::NoSheet { sheets } => ReadError::NoSheet {
                file,
                sheet: request.sheet.clone().unwrap_or_default(),
                sheets,
            },
            Self::TooLarge { detail } => ReadError::TooLarge { file, detail },
            Self::Corrupt { detail } => ReadError::Corrupt {
                file,
                format: "Excel",
                detail,
            },
            Self::Empty | Self::Sheet { .. } => ReadError::Empty { file },
        }
    }
}

/// Limits the memory and the time of this process to what an honest workbook of `length` bytes takes.
#[cfg(unix)]
fn limit(length: u64, allowed: u64) {
    use rustix::process::{Resource, Rlimit, setrlimit};

    /// The program itself, its threads and a small workbook.
    const FREE: u64 = 1 << 30;
    const PER_BYTE: u64 = 100;
    const MOST: u64 = 4 << 30;
    /// Seconds; a slow machine takes two for a megabyte.
    const SECONDS: u64 = 5;
    let memory = (FREE + length.saturating_mul(PER_BYTE)).min(allowed.clamp(FREE, MOST));
    let seconds = SECONDS + length / (1 << 18);
    for (resource, most) in [(Resource::As, memory), (Resource::Cpu, seconds)] {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        // A lower limit may be set already; then that one holds.
        let _ = setrlimit(resource, limit);
    }
}

#[cfg(not(unix))]
fn limit(_: u64, _: u64) {}
