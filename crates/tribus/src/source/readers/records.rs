//! Records of a text file, each with its line.

use std::collections::BTreeMap;

use super::encoding::line_ends;
use super::header::trim;
use crate::source::raw::Cells;

/// The records of a file, as columns, and all that is odd about them.
#[derive(Debug, Default)]
pub(crate) struct Records {
    pub(crate) header: Vec<String>,
    pub(crate) header_line: u64,
    pub(crate) columns: Vec<Cells>,
    /// The line on which each row begins.
    pub(crate) lines: Vec<u64>,
    pub(crate) blank_before_header: u64,
    /// Blank lines between records.
    pub(crate) blank: Vec<u64>,
    /// Lines of records that hold delimiters only.
    pub(crate) hollow: Vec<u64>,
    /// Lines that repeat the header, as where files were put one behind the other.
    pub(crate) repeated: Vec<u64>,
    pub(crate) shape: Shape,
    /// Line of a quote that is open at the end of the file.
    pub(crate) open_quote: Option<u64>,
}

/// How long the records are.
#[derive(Debug)]
pub(crate) struct Shape {
    /// Line and length of the first record that is not as long as the header.
    pub(crate) first_other: Option<(u64, usize)>,
    /// For each length, how many records have it and the line of the first.
    lengths: BTreeMap<usize, (usize, u64)>,
    /// The fields beyond the header's are all empty.
    pub(crate) extra_empty: bool,
}

impl Default for Shape {
    fn default() -> Self {
        Self {
            first_other: None,
            lengths: BTreeMap::new(),
            extra_empty: true,
        }
    }
}

impl Shape {
    /// The length most records have, and the line of the first of them; the header's if it is as frequent.
    pub(crate) fn usual(&self, header: usize) -> (usize, u64) {
        let most = self
            .lengths
            .iter()
            .max_by_key(|&(&length, &(times, _))| (times, length == header));
        most.map_or((header, 0), |(&length, &(_, first))| (length, first))
    }

    /// All `rows` records have this length.
    pub(crate) fn all_of(&self, length: usize, rows: usize) -> bool {
        self.lengths
            .get(&length)
            .is_some_and(|&(times, _)| times == rows)
    }
}

impl Records {
    /// Splits `text[start..]` at a delimiter, honoring quotes.
    pub(crate) fn by_delimiter(text: &str, start: usize, delimiter: u8) -> Self {
        let bytes = text.as_bytes();
        let mut records = Self::default();
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(&bytes[start..]);
        let mut record = csv::StringRecord::new();
        // Invariant: `line` is the line on which the byte at `counted` stands.
        let (mut line, mut counted) = (1, 0);
        let mut last_start = start;
        loop {
            let before = start + reader.position().byte() as usize;
            if !reader.read_record(&mut record).unwrap_or(false) {
                break;
            }
            line += line_ends(bytes, counted, before);
            let content = before
                + bytes[before..]
                    .iter()
                    .position(|byte| !matches!(byte, b'\n' | b'\r'))
                    .unwrap_or(0);
            let blank = line_ends(bytes, before, content);
            records.skip_blank(line, blank);
            line += blank;
            counted = content;
            last_start = content;
            records.push(record.iter(), line);
        }
        records.trim_blank_end();
        if let Some(open) = open_quote(&bytes[last_start..], delimiter) {
            records.open_quote = Some(line + line_ends(bytes, counted, last_start + open));
        }
        records
    }

    /// Splits each line of `text[start..]` at runs of spaces.
    pub(crate) fn by_spaces(text: &str, start: usize) -> Self {
        let mut records = Self::default();
        let first = 1 + line_ends(text.as_bytes(), 0, start);
        for (line, content) in (first..).zip(text[start..].lines()) {
            if trim(content).is_empty() {
                records.skip_blank(line, 1);
            } else {
                records.push(content.split_ascii_whitespace(), line);
            }
        }
        records.trim_blank_end();
        records
    }

    fn skip_blank(&mut self, line: u64, lines: u64) {
        if self.header.is_empty() {
            self.blank_before_header += lines;
        } else {
            self.blank.extend(line..line + lines);
        }
    }

    /// Blank lines at the end of a file are nobody's concern.
    fn trim_blank_end(&mut self) {
        let last = self.lines.last().copied().unwrap_or(self.header_line);
        self.blank.retain(|&line| line < last);
    }

    fn push<'a>(&mut self, fields: impl Iterator<Item = &'a str> + Clone, line: u64) {
        if self.header.is_empty() {
            let blank = fields.clone().all(|field| trim(field).is_empty());
            if blank {
                self.blank_before_header += 1;
                return;
            }
            self.header = fields.map(str::to_owned).collect();
            self.header_line = line;
            self.columns = vec![Cells::default(); self.header.len()];
            return;
        }
        if fields.clone().all(|field| trim(field).is_empty()) {
            let one = fields.count() == 1;
            if one {
                &mut self.blank
            } else {
                &mut self.hollow
            }
            .push(line);
            return;
        }
        if fields.clone().eq(self.header.iter()) {
            self.repeated.push(line);
            return;
        }
        self.push_row(fields, line);
    }

    fn push_row<'a>(&mut self, mut fields: impl Iterator<Item = &'a str>, line: u64) {
        let mut length = 0;
        for cells in &mut self.columns {
            if let Some(field) = fields.next() {
                cells.push(field);
                length += 1;
            } else {
                cells.push("");
            }
        }
        for extra in fields {
            length += 1;
            self.shape.extra_empty &= trim(extra).is_empty();
        }
        self.lines.push(line);
        let known = self.shape.lengths.entry(length).or_insert((0, line));
        known.0 += 1;
        if length != self.columns.len() && self.shape.first_other.is_none() {
            self.shape.first_other = Some((line, length));
        }
    }
}

/// The offset of the quote that is open at the end of `record`, by the rules of the `csv` crate: a quote opens a field only
/// as its first byte, is doubled within, and after the closing one the field goes on as plain text.
fn open_quote(record: &[u8], delimiter: u8) -> Option<usize> {
    #[derive(PartialEq)]
    enum State {
        FieldStart,
        Plain,
        Quoted,
        QuoteInQuoted,
    }
    let (mut state, mut opened) = (State::FieldStart, 0);
    for (at, &byte) in record.iter().enumerate() {
        state = match state {
            State::Quoted if byte == b'"' => State::QuoteInQuoted,
            State::QuoteInQuoted if byte == b'"' => State::Quoted,
            State::Quoted => State::Quoted,
            State::FieldStart if byte == b'"' => {
                opened = at;
                State::Quoted
            }
            _ if byte == delimiter || byte == b'\n' || byte == b'\r' => State::FieldStart,
            _ => State::Plain,
        };
    }
    (state == State::Quoted).then_some(opened)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_name_the_line_they_begin_on() {
        let text = "a,b\r\n1,\"x\ny\"\r\n\r\n2,z\r3,w\n\n";
        let records = Records::by_delimiter(text, 0, b',');
        assert_eq!(records.lines, [2, 5, 6]);
        assert_eq!(records.blank, [4]);
        assert_eq!(records.columns[1].get(0), "x\ny");
    }

    #[test]
    fn an_open_quote_is_found_where_it_opened() {
        let text = "a,b\n1,x\n2,\"y\n3,z\n";
        assert_eq!(Records::by_delimiter(text, 0, b',').open_quote, Some(3));
        let closed = "a,b\n1,\"x \"\"y\"\"\"\n";
        assert_eq!(Records::by_delimiter(closed, 0, b',').open_quote, None);
    }

    #[test]
    fn a_header_within_is_no_row() {
        let records = Records::by_delimiter("a,b\n1,2\na,b\n3,4\n", 0, b',');
        assert_eq!(records.repeated, [3]);
        assert_eq!(records.lines, [2, 4]);
    }

    #[test]
    fn rows_of_delimiters_only_are_skipped_and_remembered() {
        let records = Records::by_delimiter("a,b\n1,2\n,\n3,4\n", 0, b',');
        assert_eq!(records.hollow, [3]);
        assert_eq!(records.lines, [2, 4]);
    }
}
