//! Records of a text file, each with its line.

use std::collections::BTreeMap;
use std::ops::Range;

use super::dialect::Dialect;
use super::encoding::line_ends;
use super::header::trim;
use super::pieces;
use crate::source::raw::Cells;
use crate::table::Problem;

/// The records of a file, as columns, and all that is odd about them.
#[derive(Debug, Default)]
pub(crate) struct Records {
    /// Names of the columns; where there is no header, nothing but their number.
    pub(crate) header: Vec<String>,
    pub(crate) header_line: u64,
    pub(crate) columns: Vec<Cells>,
    /// The line on which each row begins.
    pub(crate) lines: Vec<u64>,
    /// Records that are not as long as the header, or whose quotes leave a doubt; they are no rows.
    pub(crate) odd: Vec<Odd>,
    pub(crate) blank_before_header: u64,
    /// Blank lines between records.
    pub(crate) blank: Vec<u64>,
    /// Lines of records that hold delimiters only.
    pub(crate) hollow: Vec<u64>,
    /// Lines that repeat the header, as where files were put one behind the other.
    pub(crate) repeated: Vec<u64>,
    /// Line of a quote that is open at the end of the file.
    pub(crate) open_quote: Option<u64>,
}

/// A record that is no row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Odd {
    pub(crate) problem: Problem,
    pub(crate) line: u64,
    /// How many lines it takes.
    pub(crate) lines: u64,
    pub(crate) fields: usize,
    /// The number that is its first field, if it is one.
    pub(crate) number: Option<u64>,
    /// The fields beyond the header's are all empty.
    pub(crate) extra_empty: bool,
    /// Where it stands in the text.
    pub(crate) span: Range<usize>,
    /// How many rows stand before it.
    pub(crate) rows_before: usize,
}

/// What the header is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Header {
    /// There is none: columns are numbered.
    None,
    /// So many records, whose names are joined.
    Records(usize),
    /// One record, above rows of one field more or less: the column without a name is the first or the last.
    OneMore,
    OneLess,
}

/// One record, and where it stands.
pub(super) struct Place {
    pub(super) line: u64,
    pub(super) lines: u64,
    pub(super) span: Range<usize>,
    pub(super) doubtful: bool,
}

impl Records {
    /// Splits `text[start..]` at a delimiter, honoring quotes.
    pub(crate) fn by_delimiter(text: &str, start: usize, dialect: Dialect, header: Header) -> Self {
        pieces::split(text, start, dialect, header, pieces::LENGTH)
    }

    /// Splits each line of `text[start..]` at runs of spaces.
    pub(crate) fn by_spaces(text: &str, start: usize, comment: Option<u8>, header: Header) -> Self {
        let mut gathering = Gathering::new(header);
        let first = 1 + line_ends(text.as_bytes(), 0, start);
        for (line, content) in (first..).zip(text[start..].lines()) {
            let begins = content.as_ptr() as usize - text.as_ptr() as usize;
            if trim(content).is_empty() {
                gathering.skip_blank(line, 1);
            } else if comment.is_none_or(|comment| content.as_bytes()[0] != comment) {
                let place = Place {
                    line,
                    lines: 1,
                    span: begins..begins + content.len(),
                    doubtful: false,
                };
                gathering.push(content.split_ascii_whitespace(), place);
            }
        }
        gathering.finish(text.as_bytes())
    }

    /// The length most records have, and the line of the first of them; the header's if it is as frequent.
    pub(crate) fn usual_length(&self) -> (usize, u64) {
        let header = self.header.len();
        let mut lengths: BTreeMap<usize, (usize, u64)> = BTreeMap::new();
        if let Some(&first) = self.lines.first() {
            lengths.insert(header, (self.lines.len(), first));
        }
        for odd in self.of_other_length() {
            lengths.entry(odd.fields).or_insert((0, odd.line)).0 += 1;
        }
        let most = lengths
            .iter()
            .max_by_key(|&(&length, &(times, _))| (times, length == header));
        most.map_or((header, 0), |(&length, &(_, first))| (length, first))
    }

    /// The records that are not as long as the header.
    pub(crate) fn of_other_length(&self) -> impl Iterator<Item = &Odd> {
        self.odd
            .iter()
            .filter(|odd| odd.problem == Problem::FieldCount)
    }

    /// The odd records behind the last row.
    pub(crate) fn odd_at_the_end(&self) -> &[Odd] {
        let first = self
            .odd
            .partition_point(|odd| odd.rows_before < self.lines.len());
        &self.odd[first..]
    }
}

/// Records on their way into columns.
pub(super) struct Gathering {
    pub(super) records: Records,
    header: Header,
    /// The records of the header so far.
    names: Vec<Vec<String>>,
}

impl Gathering {
    pub(super) fn new(header: Header) -> Self {
        Self {
            records: Records::default(),
            header,
            names: Vec::new(),
        }
    }

    /// For more rows below the same header.
    pub(super) fn below(&self) -> Self {
        Self {
            records: Records {
                header: self.records.header.clone(),
                columns: vec![Cells::default(); self.records.header.len()],
                ..Records::default()
            },
            header: self.header,
            names: self.names.clone(),
        }
    }

    /// Appends what was gathered `lines` lines further down.
    pub(super) fn append(&mut self, other: Self, lines: u64) {
        let (records, other) = (&mut self.records, other.records);
        let rows = records.lines.len();
        let below = |line| line + lines;
        for (cells, more) in records.columns.iter_mut().zip(other.columns) {
            cells.append(more);
        }
        records.lines.extend(other.lines.into_iter().map(below));
        records.blank.extend(other.blank.into_iter().map(below));
        records.hollow.extend(other.hollow.into_iter().map(below));
        records
            .repeated
            .extend(other.repeated.into_iter().map(below));
        records.odd.extend(other.odd.into_iter().map(|odd| Odd {
            line: below(odd.line),
            rows_before: rows + odd.rows_before,
            ..odd
        }));
        records.open_quote = other.open_quote.map(below);
    }

    pub(super) fn skip_blank(&mut self, line: u64, lines: u64) {
        if self.names.is_empty() {
            self.records.blank_before_header += lines;
        } else {
            self.records.blank.extend(line..line + lines);
        }
    }

    pub(super) fn has_header(&self) -> bool {
        !self.records.header.is_empty()
    }

    pub(super) fn push<'a>(&mut self, fields: impl Iterator<Item = &'a str> + Clone, place: Place) {
        if !self.has_header() {
            if fields.clone().all(|field| trim(field).is_empty()) {
                self.records.blank_before_header += 1;
                return;
            }
            if self.header == Header::None {
                let length = fields.clone().count();
                self.names.push(vec![String::new(); length]);
                self.set_header();
                self.records.header = (1..=length).map(|at| format!("column {at}")).collect();
            } else {
                self.push_header(fields, place.line);
                return;
            }
        }
        if fields.clone().all(|field| trim(field).is_empty()) {
            let one = fields.count() == 1;
            let empty = if one {
                &mut self.records.blank
            } else {
                &mut self.records.hollow
            };
            empty.push(place.line);
            return;
        }
        let again = fields.clone().eq(self.names[0].iter().map(String::as_str));
        if again && self.header != Header::None {
            self.records.repeated.push(place.line);
            return;
        }
        self.push_row(fields, place);
    }

    fn push_header<'a>(&mut self, fields: impl Iterator<Item = &'a str>, line: u64) {
        if self.names.is_empty() {
            self.records.header_line = line;
        }
        self.names.push(fields.map(str::to_owned).collect());
        let wanted = match self.header {
            Header::Records(records) => records,
            _ => 1,
        };
        if self.names.len() == wanted {
            self.set_header();
        }
    }

    fn set_header(&mut self) {
        let mut names = joined(&self.names);
        match self.header {
            Header::OneMore => names.insert(0, String::new()),
            Header::OneLess => names.truncate(names.len() - 1),
            _ => {}
        }
        self.records.columns = vec![Cells::default(); names.len()];
        self.records.header = names;
    }

    fn push_row<'a>(&mut self, fields: impl Iterator<Item = &'a str> + Clone, place: Place) {
        let records = &mut self.records;
        let width = records.columns.len();
        let length = fields.clone().count();
        if length == width && !place.doubtful {
            for (cells, field) in records.columns.iter_mut().zip(fields) {
                cells.push(field);
            }
            records.lines.push(place.line);
            return;
        }
        let number = fields
            .clone()
            .next()
            .and_then(|first| trim(first).parse().ok());
        let mut beyond = fields.skip(width);
        records.odd.push(Odd {
            problem: if length == width {
                Problem::StrayQuote
            } else {
                Problem::FieldCount
            },
            line: place.line,
            lines: place.lines,
            fields: length,
            number,
            extra_empty: length > width && beyond.all(|field| trim(field).is_empty()),
            span: place.span,
            rows_before: records.lines.len(),
        });
    }

    /// Counts the lines of odd records; forgets blank lines at the end of a file, which are nobody's concern.
    pub(super) fn finish(mut self, bytes: &[u8]) -> Records {
        if !self.has_header() && !self.names.is_empty() {
            self.set_header();
        }
        let mut records = self.records;
        let last_row = records.lines.last().copied().unwrap_or(records.header_line);
        let last = records.odd.last().map_or(0, |odd| odd.line).max(last_row);
        records.blank.retain(|&line| line < last);
        for odd in &mut records.odd {
            let text = bytes[odd.span.clone()].trim_ascii_end();
            odd.span.end = odd.span.start + text.len();
            odd.lines = 1 + line_ends(bytes, odd.span.start, odd.span.end);
        }
        records
    }
}

/// The names of several header records, column by column. A blank above takes the name to its left, as under merged cells.
pub(crate) fn joined(records: &[Vec<String>]) -> Vec<String> {
    let Some((last, above)) = records.split_last() else {
        return Vec::new();
    };
    let mut names = last.clone();
    for row in above.iter().rev() {
        let mut left = "";
        for (at, name) in names.iter_mut().enumerate() {
            let own = row.get(at).map_or("", |own| trim(own));
            if !own.is_empty() {
                left = own;
            }
            if !left.is_empty() {
                let joined = format!("{left} {}", trim(name));
                joined.trim_end().clone_into(name);
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::super::dialect::Separator;
    use super::*;
    use crate::source::ReadOptions;

    fn split(text: &str, header: Header) -> Records {
        let dialect = Dialect::new(Separator::Byte(b','), &ReadOptions::default()).unwrap();
        Records::by_delimiter(text, 0, dialect, header)
    }

    #[test]
    fn records_name_the_line_they_begin_on() {
        let text = "a,b\r\n1,\"x\ny\"\r\n\r\n2,z\r3,w\n\n";
        let records = split(text, Header::Records(1));
        assert_eq!(records.lines, [2, 5, 6]);
        assert_eq!(records.blank, [4]);
        assert_eq!(records.columns[1].get(0), "x\ny");
    }

    #[test]
    fn an_open_quote_is_found_where_it_opened() {
        let text = "a,b\n1,x\n2,\"y\n3,z\n";
        assert_eq!(split(text, Header::Records(1)).open_quote, Some(3));
    }

    #[test]
    fn a_header_within_is_no_row() {
        let records = split("a,b\n1,2\na,b\n3,4\n", Header::Records(1));
        assert_eq!(records.repeated, [3]);
        assert_eq!(records.lines, [2, 4]);
    }

    #[test]
    fn rows_of_delimiters_only_are_skipped_and_remembered() {
        let records = split("a,b\n1,2\n,\n3,4\n", Header::Records(1));
        assert_eq!(records.hollow, [3]);
        assert_eq!(records.lines, [2, 4]);
    }

    #[test]
    fn records_of_another_length_are_no_rows() {
        let text = "a,b\n1,2\n3\n\"4\n\"5,6\n7,8,\n9,10\n";
        let records = split(text, Header::Records(1));
        assert_eq!(records.lines, [2, 7]);
        let odd: Vec<_> = (records.odd.iter())
            .map(|odd| {
                (
                    odd.problem.code(),
                    odd.line,
                    odd.lines,
                    &text[odd.span.clone()],
                )
            })
            .collect();
        assert_eq!(
            odd,
            [
                ("field_count", 3, 1, "3"),
                ("stray_quote", 4, 2, "\"4\n\"5,6"),
                ("field_count", 6, 1, "7,8,")
            ]
        );
        assert!(records.odd[2].extra_empty);
    }

    #[test]
    fn headers_are_joined_under_merged_cells() {
        let records = split(
            ",2023,,2024,\nid,n,spent,n,spent\n1,2,3,4,5\n",
            Header::Records(2),
        );
        let wanted = ["id", "2023 n", "2023 spent", "2024 n", "2024 spent"];
        assert_eq!(records.header, wanted);
        assert_eq!(records.lines, [3]);
    }

    #[test]
    fn columns_without_a_header_are_numbered() {
        let records = split("1,2\n1,2\n", Header::None);
        assert_eq!(records.header, ["column 1", "column 2"]);
        assert_eq!(records.lines, [1, 2]);
    }
}
