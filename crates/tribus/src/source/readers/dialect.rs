//! What separates the fields of a text file.

use crate::source::ReadError;

/// How the fields of a record are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Separator {
    /// One ASCII character; fields may be quoted.
    Byte(u8),
    /// Runs of spaces; no quotes.
    Spaces,
    /// One column; there is nothing to separate.
    Nothing,
}

impl Separator {
    /// In words, for the reading's decisions.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Byte(b'\t') => "tab".into(),
            Self::Byte(byte) => char::from(byte).to_string(),
            Self::Spaces => "runs of spaces".into(),
            Self::Nothing => "none (one column)".into(),
        }
    }

    /// The byte the `csv` crate splits at.
    pub(crate) fn byte(self) -> u8 {
        match self {
            Self::Byte(byte) => byte,
            // A file of one column still has quotes and records; a unit separator stands in none.
            Self::Spaces | Self::Nothing => 0x1f,
        }
    }
}

/// In order of preference where two fit equally well.
const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Enough to see the regularity of any file.
const SAMPLE: usize = 1 << 18;

/// The separator the user named.
pub(crate) fn named(delimiter: char) -> Result<Separator, ReadError> {
    let fits = delimiter.is_ascii() && !matches!(delimiter, '"' | '\n' | '\r' | '\0');
    if !fits {
        return Err(ReadError::BadDelimiter { delimiter });
    }
    Ok(if delimiter == ' ' {
        Separator::Spaces
    } else {
        Separator::Byte(delimiter as u8)
    })
}

/// Finds the separator under which most records have the same number of fields, more than one, as the header has.
pub(crate) fn detect(text: &str, extension: &str) -> Separator {
    let cut = text.len() > SAMPLE;
    let sample = &text.as_bytes()[..text.len().min(SAMPLE)];
    let mut best: Option<(f64, u8)> = None;
    for candidate in CANDIDATES {
        if let Some(score) = regularity(sample, candidate, cut)
            && best.is_none_or(|(highest, _)| score > highest)
        {
            best = Some((score, candidate));
        }
    }
    match best {
        Some((_, byte)) => Separator::Byte(byte),
        None if extension != "csv" && aligned_by_spaces(text) => Separator::Spaces,
        None => Separator::Nothing,
    }
}

/// How regular the sample is with this delimiter; nothing if it separates less than half of the records.
fn regularity(sample: &[u8], delimiter: u8, cut: bool) -> Option<f64> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(sample);
    let mut record = csv::ByteRecord::new();
    let mut widths = Vec::new();
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        widths.push(record.len());
    }
    if cut && widths.len() > 1 {
        widths.pop();
    }
    let mut sorted = widths.clone();
    sorted.sort_unstable();
    let (usual, times) = sorted
        .chunk_by(|a, b| a == b)
        .map(|same| (same[0], same.len()))
        .max_by_key(|&(width, times)| (times, width))?;
    let share = times as f64 / widths.len() as f64;
    if usual < 2 || share < 0.5 {
        return None;
    }
    // Fewer fields agree more easily by chance; a header that agrees is the best sign there is.
    let agreeing_header = if widths[0] == usual { 1.0 } else { 0.0 };
    Some(agreeing_header + share * (1.0 - 1.0 / usual as f64))
}

/// Every line has the same number of words, more than one.
fn aligned_by_spaces(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let Some(header) = lines.next() else {
        return false;
    };
    let words = header.split_ascii_whitespace().count();
    words > 1 && lines.all(|line| line.split_ascii_whitespace().count() == words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_commas_do_not_hide_a_semicolon() {
        let text = "id;spend;age\n1;12,50;3\n2;13,75;4\n";
        assert_eq!(detect(text, "csv"), Separator::Byte(b';'));
    }

    #[test]
    fn one_column_needs_no_delimiter() {
        assert_eq!(detect("spend\n1.5\n2.5\n", "csv"), Separator::Nothing);
    }

    #[test]
    fn runs_of_spaces_separate_a_txt_file_only() {
        let text = " id  date n\n 001 1997 1\n 002 1997   2\n";
        assert_eq!(detect(text, "txt"), Separator::Spaces);
        assert_eq!(detect(text, "csv"), Separator::Nothing);
    }
}
