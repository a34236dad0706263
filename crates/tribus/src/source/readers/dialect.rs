//! How the records of a text file are split into fields.

use super::quoting;
use crate::source::{Quote, ReadError, ReadOptions};

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

/// How the records of a text file are split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub(crate) separator: Separator,
    /// Encloses fields; without one, quotes are characters as any other.
    pub(crate) quote: Option<u8>,
    /// Takes the meaning from a quote that follows it; without one, a quote within a quoted field is doubled.
    pub(crate) escape: Option<u8>,
    /// A line that begins with it is skipped.
    pub(crate) comment: Option<u8>,
}

impl Dialect {
    /// What the user says, with a separator for which the user may have said nothing.
    pub(crate) fn new(separator: Separator, options: &ReadOptions) -> Result<Self, ReadError> {
        let quote = match options.quote {
            None => Some(b'"'),
            Some(Quote::None) => None,
            Some(Quote::Character(quote)) => Some(one_byte("quote", quote)?),
        };
        let or_none = |what, character: Option<char>| {
            character
                .map(|character| one_byte(what, character))
                .transpose()
        };
        let dialect = Self {
            separator,
            quote,
            escape: or_none("escape", options.escape)?,
            comment: or_none("comment", options.comment)?,
        };
        let delimiter = separator.byte();
        let clash = [
            ("quote", quote),
            ("escape", dialect.escape),
            ("comment", dialect.comment),
        ];
        match clash.iter().find(|(_, byte)| *byte == Some(delimiter)) {
            Some(&(what, _)) => Err(ReadError::BadCharacter {
                what,
                character: char::from(delimiter),
            }),
            None => Ok(dialect),
        }
    }

    /// The reader of the `csv` crate for it.
    pub(crate) fn builder(self) -> csv::ReaderBuilder {
        let mut builder = csv::ReaderBuilder::new();
        builder
            .delimiter(self.separator.byte())
            .has_headers(false)
            .flexible(true)
            .quoting(self.quote.is_some())
            .quote(self.quote.unwrap_or(b'"'))
            .escape(self.escape)
            .double_quote(self.escape.is_none())
            .comment(self.comment);
        builder
    }
}

fn one_byte(what: &'static str, character: char) -> Result<u8, ReadError> {
    if character.is_ascii() && !matches!(character, '\n' | '\r' | '\0') {
        Ok(character as u8)
    } else {
        Err(ReadError::BadCharacter { what, character })
    }
}

/// In order of preference where two fit equally well.
const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Enough to see the regularity of any file.
const SAMPLE: usize = 1 << 18;

/// The separator the user named. A space is one of many in a row, unless fields are quoted.
pub(crate) fn named(delimiter: char, text: &str, dialect: Dialect) -> Result<Separator, ReadError> {
    let byte = one_byte("delimiter", delimiter)?;
    let quoted = || {
        let quote = dialect.quote;
        quote.is_some_and(|quote| quoting::are_used(text.as_bytes(), byte, quote))
    };
    Ok(if byte == b' ' && !quoted() {
        Separator::Spaces
    } else {
        Separator::Byte(byte)
    })
}

/// Finds the separator under which most records have the same number of fields, more than one, as the header has.
pub(crate) fn detect(text: &str, extension: &str, dialect: Dialect) -> Separator {
    let cut = text.len() > SAMPLE;
    let sample = &text.as_bytes()[..text.len().min(SAMPLE)];
    let quoted = |separator| {
        dialect
            .quote
            .is_some_and(|quote| quoting::are_used(sample, separator, quote))
    };
    let by_spaces = || {
        quoted(b' ')
            .then(|| most_regular(sample, b" ", dialect, cut))
            .flatten()
    };
    let best = most_regular(sample, &CANDIDATES, dialect, cut)
        .or_else(|| most_regular(sample, &CANDIDATES, with_apostrophes(dialect), cut))
        .or_else(|| most_regular(&without_spaces(sample), &CANDIDATES, dialect, cut))
        .or_else(by_spaces);
    match best {
        Some(byte) => Separator::Byte(byte),
        None if extension != "csv" && aligned_by_spaces(text) => Separator::Spaces,
        None => Separator::Nothing,
    }
}

/// The dialect in which apostrophes enclose fields.
pub(crate) fn with_apostrophes(dialect: Dialect) -> Dialect {
    Dialect {
        quote: Some(b'\''),
        ..dialect
    }
}

/// The sample without spaces before quotes.
fn without_spaces(sample: &[u8]) -> Vec<u8> {
    let spaced = |at: usize| sample[at] == b' ' && sample.get(at + 1) == Some(&b'"');
    (0..sample.len())
        .filter(|&at| !spaced(at))
        .map(|at| sample[at])
        .collect()
}

/// The delimiter under which the sample is most regular.
fn most_regular(sample: &[u8], candidates: &[u8], dialect: Dialect, cut: bool) -> Option<u8> {
    let mut best: Option<(f64, u8)> = None;
    for &candidate in candidates {
        let candidate_dialect = Dialect {
            separator: Separator::Byte(candidate),
            ..dialect
        };
        if let Some(score) = regularity(sample, candidate_dialect, cut)
            && best.is_none_or(|(highest, _)| score > highest)
        {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, byte)| byte)
}

/// How regular the sample is with this delimiter; nothing if it separates less than half of the records.
fn regularity(sample: &[u8], dialect: Dialect, cut: bool) -> Option<f64> {
    let mut reader = dialect.builder().from_reader(sample);
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

    fn detect(text: &str, extension: &str) -> Separator {
        let dialect = Dialect::new(Separator::Nothing, &ReadOptions::default()).unwrap();
        super::detect(text, extension, dialect)
    }

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
