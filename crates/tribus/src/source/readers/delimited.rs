//! Text of fields and records (CSV and its kin) into columns of cells.
//!
//! The `csv` crate splits records; what it tolerates silently (records of other lengths, blank lines, an open quote at the
//! end of the file) is found here and told or refused, each with its line.

use super::content::Content;
use super::dialect::{self, Separator};
use super::header::{name_columns, trim};
use super::records::{Records, Shape};
use super::{encoding, format};
use crate::source::raw::RawFile;
use crate::source::{ReadError, ReadOptions};
use crate::table::{Places, Reading};

/// Reads a text file.
pub(crate) fn read(content: Content, options: &ReadOptions) -> Result<RawFile, ReadError> {
    let Content {
        file,
        extension,
        bytes,
        ..
    } = content;
    let mut reading = Reading {
        file,
        format: "CSV",
        ..Reading::default()
    };
    if format::of_binary(&extension).is_some() {
        reading.warnings.push(format!(
            "{}: not what its name says; read as CSV",
            reading.file
        ));
    }
    let decoded = encoding::decode(bytes, options.encoding.as_deref(), &reading.file)?;
    reading.decisions.extend(decoded.decision);
    reading.warnings.extend(decoded.warning);
    let mut text = decoded.text;
    // DOS programs end a text with Control-Z.
    if text.ends_with('\u{1a}') {
        text.pop();
    }
    refuse_blank_and_conflicted(&text, &reading.file)?;
    let start = after_lines(&text, options.skip_rows);
    let (start, separator) = separator(&text, start, options, &extension, &mut reading)?;
    reading
        .decisions
        .push(format!("delimiter: {}", separator.name()));
    let records = if separator == Separator::Spaces {
        Records::by_spaces(&text, start)
    } else {
        Records::by_delimiter(&text, start, separator.byte())
    };
    warn_of_nul(&text, &mut reading);
    finish(records, separator, reading)
}

fn refuse_blank_and_conflicted(text: &str, file: &str) -> Result<(), ReadError> {
    let file = file.to_owned();
    if text.chars().all(|c| c.is_whitespace() || c == '\0') {
        return Err(ReadError::Empty { file });
    }
    let marker = if text.starts_with("<<<<<<< ") {
        Some(0)
    } else {
        text.find("\n<<<<<<< ").map(|at| at + 1)
    };
    // A marker alone may be somebody's text; git also writes the line that ends the conflict.
    match marker.filter(|&at| text[at..].contains("\n>>>>>>> ")) {
        Some(at) => Err(ReadError::ConflictMarker {
            file,
            line: encoding::line_at(text.as_bytes(), at),
        }),
        None => Ok(()),
    }
}

/// The offset behind the first `lines` lines.
fn after_lines(text: &str, lines: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    for _ in 0..lines {
        let Some(end) = bytes[at..].iter().position(|b| matches!(b, b'\n' | b'\r')) else {
            return bytes.len();
        };
        at += end + 1;
        if bytes[at - 1] == b'\r' && bytes.get(at) == Some(&b'\n') {
            at += 1;
        }
    }
    at
}

/// The separator named by the user, by the file (`sep=;`, which Excel writes and honors), or found.
fn separator(
    text: &str,
    start: usize,
    options: &ReadOptions,
    extension: &str,
    reading: &mut Reading,
) -> Result<(usize, Separator), ReadError> {
    let rest = &text[start..];
    let content = start + (rest.len() - rest.trim_start_matches(['\r', '\n']).len());
    let line = text[content..].lines().next().unwrap_or_default();
    let by_file = line
        .get(..4)
        .filter(|key| key.eq_ignore_ascii_case("sep="))
        .and_then(|_| line[4..].trim_end_matches('\r').chars().next());
    let start = if by_file.is_some() {
        reading.decisions.push(format!("`{line}` line honored"));
        content + after_lines(&text[content..], 1)
    } else {
        start
    };
    let separator = match options.delimiter.or(by_file) {
        Some(delimiter) => dialect::named(delimiter)?,
        None => dialect::detect(&text[start..], extension),
    };
    Ok((start, separator))
}

fn warn_of_nul(text: &str, reading: &mut Reading) {
    let count = text.bytes().filter(|&byte| byte == 0).count();
    if let Some(at) = text.find('\0').filter(|_| count > 0) {
        let line = encoding::line_at(text.as_bytes(), at);
        let bytes = if count == 1 {
            "a NUL byte".to_owned()
        } else {
            format!("the first of {count} NUL bytes")
        };
        reading.warnings.push(format!(
            "{}, line {line}: {bytes} (U+0000) in a field; the file may be damaged",
            reading.file
        ));
    }
}

fn finish(
    records: Records,
    separator: Separator,
    mut reading: Reading,
) -> Result<RawFile, ReadError> {
    if let Some(line) = records.open_quote {
        return Err(ReadError::UnterminatedQuote {
            file: reading.file,
            line,
        });
    }
    if records.header.is_empty() {
        return Err(ReadError::Empty { file: reading.file });
    }
    check_shape(&records.shape, &records, &mut reading)?;
    if records.lines.is_empty() {
        return Err(ReadError::NoRows { file: reading.file });
    }
    tell_skipped(&records, &mut reading);
    reading.rows = records.lines.len();
    let columns = name_columns(records.header, records.columns, &mut reading);
    Ok(RawFile {
        columns,
        places: places(records.lines),
        unit: "line",
        delimiter: match separator {
            Separator::Byte(byte) => Some(byte),
            Separator::Spaces | Separator::Nothing => None,
        },
        reading,
    })
}

/// Refuses records that are not as long as the header, saying what the file most likely is.
fn check_shape(shape: &Shape, records: &Records, reading: &mut Reading) -> Result<(), ReadError> {
    let Some((line, fields)) = shape.first_other else {
        return Ok(());
    };
    let file = reading.file.clone();
    let expected = records.header.len();
    let (usual, usual_first) = shape.usual(expected);
    if shape.all_of(usual, records.lines.len()) && usual > expected && shape.extra_empty {
        reading.warnings.push(format!(
            "{file}: every row ends with {} delimiters more than the header; ignored",
            usual - expected
        ));
        return Ok(());
    }
    let comment = trim(&records.header[0]);
    if usual != expected && (comment.starts_with('#') || comment.starts_with("//")) {
        return Err(ReadError::Comment {
            file,
            line: records.header_line,
        });
    }
    let prose_above = usual != expected && (usual_first > line || expected == 1);
    if prose_above {
        return Err(ReadError::Preamble {
            file,
            unit: "line",
            line: usual_first,
            fields: usual,
            first_line: records.header_line,
            first_fields: expected,
        });
    }
    Err(ReadError::FieldCount {
        file,
        line,
        fields,
        expected,
    })
}

fn tell_skipped(records: &Records, reading: &mut Reading) {
    let file = &reading.file;
    if records.blank_before_header > 0 {
        let before = records.blank_before_header;
        let lines = if before == 1 { "line" } else { "lines" };
        reading.warnings.push(format!(
            "{file}: {before} blank {lines} above the header skipped (header on line {})",
            records.header_line
        ));
    }
    if let Some(first) = records.blank.first() {
        reading.warnings.push(match records.blank.len() {
            1 => format!("{file}, line {first}: a blank line; skipped"),
            n => format!("{file}, line {first}: the first of {n} blank lines; skipped"),
        });
    }
    if let Some(first) = records.repeated.first() {
        reading.warnings.push(match records.repeated.len() {
            1 => format!("{file}, line {first}: the header again; skipped"),
            n => format!("{file}, line {first}: the first of {n} headers again; skipped"),
        });
    }
    if let Some(first) = records.hollow.first() {
        reading.warnings.push(match records.hollow.len() {
            1 => format!("{file}, line {first}: a row without any value; skipped"),
            n => format!("{file}, line {first}: the first of {n} rows without any value; skipped"),
        });
    }
}

fn places(lines: Vec<u64>) -> Places {
    let consecutive = lines.windows(2).all(|pair| pair[1] == pair[0] + 1);
    match lines.first() {
        Some(&first) if consecutive => Places::Consecutive { first },
        _ => Places::Listed(lines),
    }
}
