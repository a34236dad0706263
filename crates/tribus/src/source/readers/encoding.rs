//! Bytes into text, saying how.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::source::ReadError;

/// Text, and how it was come by.
pub(crate) struct Decoded {
    pub(crate) text: String,
    /// In words, for the reading's decisions.
    pub(crate) decision: Option<String>,
}

/// Decodes with the encoding named, or the one the bytes themselves show: byte order mark, UTF-8, UTF-16 without a mark
/// (by its NUL bytes), and failing all Windows-1252, which every byte fits.
pub(crate) fn decode(
    bytes: Vec<u8>,
    named: Option<&str>,
    file: &str,
) -> Result<Decoded, ReadError> {
    if let Some(name) = named {
        let encoding = Encoding::for_label(name.trim().as_bytes()).ok_or_else(|| {
            ReadError::UnknownEncoding {
                name: name.to_owned(),
            }
        })?;
        return decode_as_told(bytes, encoding, file);
    }
    if let Some((encoding, _)) = Encoding::for_bom(&bytes) {
        let mut decoded = decode_as_told(bytes, encoding, file)?;
        if encoding == UTF_8 {
            decoded.decision = Some("encoding: UTF-8 with a byte order mark".into());
        }
        return Ok(decoded);
    }
    if let Some(encoding) = utf16_by_pattern(&bytes) {
        return decode_as_told(bytes, encoding, file);
    }
    decode_utf8(bytes, file)
}

fn decode_as_told(
    bytes: Vec<u8>,
    encoding: &'static Encoding,
    file: &str,
) -> Result<Decoded, ReadError> {
    let bytes = match String::from_utf8(bytes) {
        // The usual case, without another copy.
        Ok(mut text) if encoding == UTF_8 => {
            let mark = if text.starts_with('\u{feff}') {
                '\u{feff}'.len_utf8()
            } else {
                0
            };
            text.drain(..mark);
            return Ok(Decoded {
                text,
                decision: None,
            });
        }
        Ok(text) => text.into_bytes(),
        Err(error) => error.into_bytes(),
    };
    let (text, used, malformed) = encoding.decode(&bytes);
    if malformed {
        let bad = text.find('\u{fffd}').unwrap_or(0);
        return Err(ReadError::BadEncoding {
            file: file.to_owned(),
            line: line_at(text.as_bytes(), bad),
            encoding: shown_name(used),
        });
    }
    Ok(Decoded {
        text: text.into_owned(),
        decision: (used != UTF_8).then(|| format!("encoding: {}", shown_name(used))),
    })
}

fn decode_utf8(bytes: Vec<u8>, file: &str) -> Result<Decoded, ReadError> {
    let error = match String::from_utf8(bytes) {
        Ok(text) => {
            return Ok(Decoded {
                text,
                decision: None,
            });
        }
        Err(error) => error,
    };
    let offset = error.utf8_error().valid_up_to();
    let bytes = error.into_bytes();
    let line = line_at(&bytes, offset);
    if is_mostly_utf8(&bytes) {
        return Err(ReadError::BadEncoding {
            file: file.to_owned(),
            line,
            encoding: "UTF-8, as the rest of the file is",
        });
    }
    let (text, ..) = WINDOWS_1252.decode(&bytes);
    Ok(Decoded {
        text: text.into_owned(),
        decision: Some(format!(
            "encoding: Windows-1252, as line {line} is not UTF-8"
        )),
    })
}

/// More letters of several bytes are UTF-8 than are not: read as another encoding, all of them would be wrong.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut invalid) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        valid += chunk
            .valid()
            .chars()
            .filter(|letter| !letter.is_ascii())
            .count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    valid > invalid
}

fn shown_name(encoding: &'static Encoding) -> &'static str {
    if encoding == WINDOWS_1252 {
        "Windows-1252"
    } else {
        encoding.name()
    }
}

/// ASCII text in UTF-16 has a NUL in every other byte.
fn utf16_by_pattern(bytes: &[u8]) -> Option<&'static Encoding> {
    const SAMPLE: usize = 4096;
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let pairs = sample.len() / 2;
    if pairs < 4 {
        return None;
    }
    let count = |start: usize| {
        let every_other = sample[start..].iter().step_by(2).take(pairs);
        every_other.filter(|&&byte| byte == 0).count()
    };
    let (even, odd) = (count(0), count(1));
    if odd * 10 > pairs * 7 && even * 20 < pairs {
        Some(UTF_16LE)
    } else if even * 10 > pairs * 7 && odd * 20 < pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// The 1-based line of the byte at `offset`; a line ends with `\n`, `\r\n` or `\r`.
pub(crate) fn line_at(bytes: &[u8], offset: usize) -> u64 {
    1 + line_ends(bytes, 0, offset)
}

/// How many lines end in `bytes[from..to]`; `\r\n` ends with its `\n`, if that is within, or else with its `\r`.
pub(crate) fn line_ends(bytes: &[u8], from: usize, to: usize) -> u64 {
    let ended = |byte: u8, before: u8| byte == b'\r' || (byte == b'\n' && before != b'\r');
    let Some(&first) = bytes[..to].get(from) else {
        return 0;
    };
    let before = from.checked_sub(1).map_or(0, |at| bytes[at]);
    let pairs = bytes[from..to].iter().zip(&bytes[from + 1..to]);
    pairs.fold(u64::from(ended(first, before)), |ends, (&before, &byte)| {
        ends + u64::from(ended(byte, before))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_three_ways() {
        let text = b"a\r\nb\rc\nd";
        let lines: Vec<u64> = [0, 3, 5, 7].map(|at| line_at(text, at)).into();
        assert_eq!(lines, [1, 2, 3, 4]);
    }

    #[test]
    fn utf16_is_seen_without_a_byte_order_mark() {
        let bytes: Vec<u8> = "id,spend\n1,2\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let decoded = decode(bytes, None, "x.csv").unwrap();
        assert_eq!(decoded.text, "id,spend\n1,2\n");
    }

    #[test]
    fn windows_1252_names_the_line_that_gave_it_away() {
        let decoded = decode(b"a\nb\nM\xe9rida\n".to_vec(), None, "x.csv").unwrap();
        assert_eq!(decoded.text, "a\nb\nMérida\n");
        assert_eq!(
            decoded.decision.unwrap(),
            "encoding: Windows-1252, as line 3 is not UTF-8"
        );
    }
}
