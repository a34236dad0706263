//! Text of fields and records (CSV and its kin) into columns of cells.
//!
//! The `csv` crate splits records; what it tolerates silently (records of other lengths, blank lines, an open quote at the
//! end of the file) is found here and told, set aside or refused, each with its line.

use super::content::Content;
use super::dialect::{self, Dialect, Separator};
use super::header::{Disguise, name_columns};
use super::records::{Header, Odd, Records};
use super::shape::{self, Remedy};
use super::{encoding, format, quoting};
use crate::source::budget::{Budget, Exceeded};
use crate::source::raw::{RawFile, RawReject};
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
    let mut text = decoded.text;
    // DOS programs end a text with Control-Z.
    if text.ends_with('\u{1a}') {
        text.pop();
    }
    refuse_blank_and_conflicted(&text, &reading.file)?;
    let start = after_lines(&text, options.skip_rows);
    text.truncate(before_last_lines(&text, options.skip_footer).max(start));
    let (start, dialect) = dialect(&text, start, options, &extension, &mut reading)?;
    let delimiter = format!("delimiter: {}", dialect.separator.name());
    reading.decisions.push(delimiter);
    warn_of_nul(&text, &mut reading);
    check_cells(&text, dialect).map_err(|exceeded| exceeded.of(&reading.file))?;
    let (text, records) = split(text, start, dialect, options, &mut reading)?;
    finish(&text, records, dialect, options, reading)
}

fn refuse_blank_and_conflicted(text: &str, file: &str) -> Result<(), ReadError> {
    let file = file.to_owned();
    if text.chars().all(|c| c.is_whitespace() || c == '\0') {
        return Err(ReadError::Empty { file });
    }
    let marker = if text.starts_with("<<<<<<< ") {
        Some(0)
    } else {
        memchr::memmem::find(text.as_bytes(), b"\n<<<<<<< ").map(|at| at + 1)
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

/// The offset at which the last `lines` lines begin that hold anything.
fn before_last_lines(text: &str, lines: usize) -> usize {
    let mut end = text.len();
    for _ in 0..lines {
        let above = text[..end].trim_end();
        end = above.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    }
    end
}

/// The dialect named by the user, by the file (`sep=;`, which Excel writes and honors), or found.
fn dialect(
    text: &str,
    start: usize,
    options: &ReadOptions,
    extension: &str,
    reading: &mut Reading,
) -> Result<(usize, Dialect), ReadError> {
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
    let unknown = Dialect::new(Separator::Nothing, options)?;
    let separator = match options.delimiter.or(by_file) {
        Some(delimiter) => dialect::named(delimiter, &text[start..], unknown)?,
        None => dialect::detect(&text[start..], extension, unknown),
    };
    Ok((start, Dialect::new(separator, options)?))
}

/// The records, under the dialect found; or, where some do not fit it and all fit another way to write quotes, under that one.
fn split(
    text: String,
    start: usize,
    dialect: Dialect,
    options: &ReadOptions,
    reading: &mut Reading,
) -> Result<(String, Records), ReadError> {
    let header = match options.header_rows {
        Some(0) => Header::None,
        Some(rows) => Header::Records(rows),
        None => Header::Records(1),
    };
    let of = |text: &str, dialect: Dialect, header| {
        if dialect.separator == Separator::Spaces {
            Records::by_spaces(text, start, dialect.comment, header)
        } else {
            Records::by_delimiter(text, start, dialect, header)
        }
    };
    let records = of(&text, dialect, header);
    let fits = |records: &Records| records.odd.is_empty() && records.open_quote.is_none();
    if fits(&records) {
        return Ok((text, records));
    }
    if options.quote.is_none() && options.escape.is_none() {
        for (text, dialect, words) in shape::other_quotes(&text, dialect) {
            let records = of(&text, dialect, header);
            if fits(&records) && records.header.len() > 1 {
                reading.decisions.push(words.into());
                return Ok((text.into_owned(), records));
            }
        }
    }
    let fits_apostrophes = || {
        let other = dialect::with_apostrophes(dialect);
        let delimiter = dialect.separator.byte();
        options.quote.is_none()
            && quoting::are_used(text.as_bytes(), delimiter, b'\'')
            && fits(&of(&text, other, header))
    };
    match shape::remedy(&records, &reading.file, fits_apostrophes)? {
        Remedy::None => Ok((text, records)),
        Remedy::Header(header, words) => {
            reading.decisions.push(words.into());
            let records = of(&text, dialect, header);
            Ok((text, records))
        }
    }
}

fn warn_of_nul(text: &str, reading: &mut Reading) {
    if let Some(at) = memchr::memchr(0, text.as_bytes()) {
        let count = memchr::memchr_iter(0, text.as_bytes()).count();
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

/// Refuses more cells than there may be: what separates them is counted before they are split.
fn check_cells(text: &str, dialect: Dialect) -> Result<(), Exceeded> {
    let count = |byte: u8| memchr::memchr_iter(byte, text.as_bytes()).count() as u64;
    let separators = match dialect.separator {
        Separator::Byte(separator) => count(separator),
        Separator::Spaces => count(b' '),
        Separator::Nothing => 0,
    };
    Budget::of(text.len()).check_cells(separators + count(b'\n') + 1, 1)
}

fn finish(
    text: &str,
    records: Records,
    dialect: Dialect,
    options: &ReadOptions,
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
    shape::check_end(&records, text, &reading.file)?;
    if records.lines.is_empty() && records.odd.is_empty() {
        return Err(ReadError::NoRows {
            file: reading.file,
            columns: records.header,
        });
    }
    Disguise {
        names: &records.header,
        columns: &records.columns,
        file: &reading.file,
        unit: "line",
        header: records.header_line,
        first: records.lines.first().copied().unwrap_or(0),
    }
    .refuse(options)?;
    tell_skipped(&records, &mut reading);
    reading.rows = records.lines.len();
    let expected = records.header.len();
    let rejects = (records.odd.into_iter())
        .map(|odd| reject(odd, expected, options.keep_rejects.then_some(text)))
        .collect();
    let columns = name_columns(records.header, records.columns, &mut reading);
    Ok(RawFile {
        columns,
        places: places(records.lines),
        unit: "line",
        delimiter: match dialect.separator {
            Separator::Byte(byte) => Some(byte),
            Separator::Spaces | Separator::Nothing => None,
        },
        rejects,
        reading,
    })
}

fn reject(odd: Odd, expected: usize, text: Option<&str>) -> RawReject {
    RawReject {
        problem: odd.problem,
        place: odd.line,
        lines: odd.lines,
        fields: odd.fields,
        expected,
        raw: text.map(|text| text[odd.span].to_owned()),
    }
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
