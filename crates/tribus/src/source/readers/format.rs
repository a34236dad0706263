//! What a file is, by its content first and its name second.

use super::content::Content;
use crate::source::ReadError;

/// A format of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Delimited,
    Json,
    Parquet,
    ArrowFile,
    ArrowStream,
    /// xlsx, xlsb or ods, which are zip archives, or xls.
    Workbook,
}

/// Decides what a file is.
pub(crate) fn sniff(content: &Content) -> Result<Format, ReadError> {
    let bytes = content.bytes.as_slice();
    let file = || content.file.clone();
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ReadError::Empty { file: file() });
    }
    if bytes.starts_with(b"PAR1") {
        return Ok(Format::Parquet);
    }
    if bytes.starts_with(b"PARE") {
        return Err(ReadError::EncryptedParquet { file: file() });
    }
    if bytes.starts_with(b"ARROW1") {
        return Ok(Format::ArrowFile);
    }
    if bytes.starts_with(&[0xff, 0xff, 0xff, 0xff]) || super::arrow::is_old_stream(bytes) {
        return Ok(Format::ArrowStream);
    }
    // What is a zip archive and no workbook was unpacked.
    if bytes.starts_with(b"PK\x03\x04") && is_workbook_zip(bytes) {
        return Ok(Format::Workbook);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        return if is_encrypted_workbook(bytes) {
            Err(ReadError::Encrypted { file: file() })
        } else {
            Ok(Format::Workbook)
        };
    }
    sniff_text(content)
}

/// A workbook is a zip archive of files with known names.
pub(crate) fn is_workbook_zip(bytes: &[u8]) -> bool {
    let holds = |name: &[u8]| bytes.windows(name.len()).any(|window| window == name);
    holds(b"xl/work") || holds(b"content.xml")
}

fn sniff_text(content: &Content) -> Result<Format, ReadError> {
    let file = content.file.clone();
    let text = content.bytes.strip_prefix(b"\xef\xbb\xbf");
    let text = text.unwrap_or(&content.bytes).trim_ascii_start();
    if begins_with(text, b"<!doctype html") || begins_with(text, b"<html") {
        return Err(ReadError::Html { file });
    }
    let by_name = matches!(content.extension.as_str(), "json" | "ndjson" | "jsonl");
    let object = text.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    let array = text.strip_prefix(b"[").map(<[u8]>::trim_ascii_start);
    let opens = object.is_some_and(|rest| rest.starts_with(b"\"") || rest.starts_with(b"}"))
        || array.is_some_and(|rest| rest.starts_with(b"{") || rest.starts_with(b"]"));
    if by_name || opens {
        return Ok(Format::Json);
    }
    let Some(format) = of_binary(&content.extension) else {
        return refuse_binary(content);
    };
    if looks_binary(&content.bytes) {
        return Err(ReadError::Corrupt {
            file,
            format,
            detail: "it does not begin as such a file does".into(),
        });
    }
    Ok(Format::Delimited)
}

/// The binary format a file's extension promises.
pub(crate) fn of_binary(extension: &str) -> Option<&'static str> {
    match extension {
        "parquet" => Some("Parquet"),
        "arrow" | "arrows" | "feather" | "ipc" => Some("Arrow"),
        "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" => Some("Excel"),
        _ => None,
    }
}

fn refuse_binary(content: &Content) -> Result<Format, ReadError> {
    /// Formats people try, by their first bytes.
    const KNOWN: [(&[u8], &str); 10] = [
        (b"\xff\xfe\0\0", "it is UTF-32 text; save it as UTF-8"),
        (b"\0\0\xfe\xff", "it is UTF-32 text; save it as UTF-8"),
        (b"<?xml", "it is an XML document; save it as CSV or xlsx"),
        (b"%PDF", "it is a PDF document"),
        (b"\x89PNG", "it is a picture"),
        (b"\xff\xd8\xff", "it is a picture"),
        (b"SQLite format 3", "it is an SQLite database"),
        (b"BZh", "it is packed by bzip2; unpack it first"),
        (b"\x1f\x8b", "it is packed twice; unpack it first"),
        (b"\x28\xb5\x2f\xfd", "it is packed twice; unpack it first"),
    ];
    let known = KNOWN
        .iter()
        .find(|(magic, _)| content.bytes.starts_with(magic));
    let detail = match known {
        Some((_, detail)) => *detail,
        None if looks_binary(&content.bytes) => "it is not text",
        None => return Ok(Format::Delimited),
    };
    Err(ReadError::UnknownFormat {
        file: content.file.clone(),
        detail: detail.into(),
    })
}

/// Control characters that no text has, more than one in a hundred; UTF-16 has NUL in every other place and is text.
fn looks_binary(bytes: &[u8]) -> bool {
    const SAMPLE: usize = 1 << 16;
    /// A stray one is told with its line instead.
    const FEW: usize = 4;
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let nuls = |first: usize| {
        let every_other = sample.iter().skip(first).step_by(2);
        every_other.filter(|&&byte| byte == 0).count()
    };
    let (even, odd) = (nuls(0), nuls(1));
    let nul = even + odd;
    let control = sample
        .iter()
        .filter(|&&byte| byte < 0x20 && !matches!(byte, 0 | b'\t' | b'\n' | b'\r' | 0x0c | 0x1b))
        .count();
    let wide = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let one_sided = even * 20 < nul || odd * 20 < nul;
    let utf16 = wide || (nul * 10 > sample.len() * 3 && one_sided);
    let strange = if utf16 { control } else { control + nul };
    strange > FEW && strange * 100 > sample.len()
}

fn begins_with(text: &[u8], lower: &[u8]) -> bool {
    text.get(..lower.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(lower))
}

/// Office keeps an encrypted workbook in a stream of this name, in UTF-16.
fn is_encrypted_workbook(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    bytes.windows(name.len()).any(|window| window == name)
}
