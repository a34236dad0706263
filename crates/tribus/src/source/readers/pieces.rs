//! Delimited text into records, in pieces beside each other.
//!
//! A text is cut behind line ends that seem to end a record. Where a piece turns out to end within quotes, the cut was none, and
//! the text is split as one; otherwise every piece began where a record begins, and the records are those of the whole.

use std::ops::Range;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::dialect::Dialect;
use super::encoding::line_ends;
use super::quoting;
use super::records::{Gathering, Header, Place, Records};

/// Bytes of a piece: many pieces of a large file, and one of a file that is read in milliseconds.
pub(super) const LENGTH: usize = 4 << 20;

/// Splits `text[start..]`, in pieces of about `length` bytes.
pub(super) fn split(
    text: &str,
    start: usize,
    dialect: Dialect,
    header: Header,
    length: usize,
) -> Records {
    let text = Text {
        bytes: text.as_bytes(),
        dialect,
        are_used: OnceLock::new(),
    };
    let pieces = text.pieces(start, length);
    let gathering = text.gather_pieces(&pieces, header).unwrap_or_else(|| {
        let whole = start..text.bytes.len();
        text.gather(whole, Gathering::new(header))
    });
    gathering.finish(text.bytes)
}

struct Text<'a> {
    bytes: &'a [u8],
    dialect: Dialect,
    /// Whether fields are quoted at all; found when it is asked for.
    are_used: OnceLock<bool>,
}

impl Text<'_> {
    /// Cuts behind line ends before which there is an even number of quotes, where a record may begin.
    fn pieces(&self, start: usize, length: usize) -> Vec<Range<usize>> {
        let is_odd = |span: &[u8]| match self.dialect.quote {
            Some(quote) => memchr::memchr_iter(quote, span).count() % 2 == 1,
            None => false,
        };
        let mut pieces = Vec::new();
        let (mut from, mut at, mut is_open) = (start, start, false);
        // The ends of comments are another matter, and files that have any are small.
        let is_plain = self.dialect.comment.is_none();
        while is_plain && self.bytes.len() - from > 2 * length {
            let least = (from + length).max(at);
            let Some(end) = memchr::memchr(b'\n', &self.bytes[least..]) else {
                break;
            };
            let end = least + end + 1;
            is_open ^= is_odd(&self.bytes[at..end]);
            at = end;
            // No blank line and no byte order mark, of which more is said at the start of a text than within.
            let begins = self.bytes.get(end).is_some_and(u8::is_ascii_graphic);
            if !is_open && begins {
                pieces.push(from..end);
                from = end;
            }
        }
        pieces.push(from..self.bytes.len());
        pieces
    }

    /// Nothing where a piece ends within quotes, or the first one within the header.
    fn gather_pieces(&self, pieces: &[Range<usize>], header: Header) -> Option<Gathering> {
        let (first, others) = pieces.split_first()?;
        let mut all = self.gather(first.clone(), Gathering::new(header));
        if others.is_empty() {
            return Some(all);
        }
        if !all.has_header() {
            return None;
        }
        let others: Vec<(Gathering, u64)> = (others.par_iter())
            .map(|piece| {
                let lines = line_ends(self.bytes, piece.start, piece.end);
                (self.gather(piece.clone(), all.below()), lines)
            })
            .collect();
        let mut lines = line_ends(self.bytes, 0, first.end);
        for (gathering, own) in others {
            if all.records.open_quote.is_some() {
                return None;
            }
            all.append(gathering, lines);
            lines += own;
        }
        Some(all)
    }

    /// The records of one piece. Its lines are counted from 1, those of the first piece from the start of the text.
    fn gather(&self, piece: Range<usize>, mut gathering: Gathering) -> Gathering {
        let Dialect { quote, comment, .. } = self.dialect;
        let bytes = &self.bytes[..piece.end];
        let mut reader = self.dialect.builder().from_reader(&bytes[piece.start..]);
        let mut record = csv::StringRecord::new();
        let is_first = !gathering.has_header();
        // The last record begins at `last`, on line `line`, but for lines of the text above the first one.
        let (mut line, mut counted) = (1, if is_first { 0 } else { piece.start });
        let mut last = piece.start;
        loop {
            let before = piece.start + reader.position().byte() as usize;
            let is_record = reader.read_record(&mut record).unwrap_or(false);
            let behind = line + line_ends(bytes, counted, before);
            let (content, blank, comments) = skipped(bytes, before, comment);
            gathering.skip_blank(behind, blank);
            if !is_record {
                break;
            }
            let end = piece.start + reader.position().byte() as usize;
            line = behind + blank + comments;
            (counted, last) = (content, content);
            let place = Place {
                line,
                lines: 0,
                span: content..end,
                doubtful: self.is_doubtful(&bytes[content..end], record.len()),
            };
            gathering.push(record.iter(), place);
        }
        let open = quote.and_then(|quote| {
            let delimiter = self.dialect.separator.byte();
            quoting::open_quote(&bytes[last..], delimiter, quote, self.dialect.escape)
        });
        gathering.records.open_quote =
            open.map(|open| line + line_ends(bytes, counted, last + open));
        gathering
    }

    fn is_doubtful(&self, record: &[u8], fields: usize) -> bool {
        let delimiter = self.dialect.separator.byte();
        match self.dialect.quote {
            Some(quote) if self.dialect.escape.is_none() && record.contains(&quote) => {
                quoting::is_doubtful(record, fields, delimiter, quote, || {
                    let used = || quoting::are_used(self.bytes, delimiter, quote);
                    *self.are_used.get_or_init(used)
                })
            }
            _ => false,
        }
    }
}

/// The first byte behind blank lines and comments, and how many lines of each there are.
fn skipped(bytes: &[u8], from: usize, comment: Option<u8>) -> (usize, u64, u64) {
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let (mut at, mut blank, mut comments) = (from, 0, 0);
    loop {
        let rest = &bytes[at..];
        let content = at
            + rest
                .iter()
                .position(|byte| !is_end(byte))
                .unwrap_or(rest.len());
        blank += line_ends(bytes, at, content);
        at = content;
        if comment.is_none() || bytes.get(at).copied() != comment {
            return (at, blank, comments);
        }
        let Some(length) = bytes[at..].iter().position(is_end) else {
            return (at, blank, comments);
        };
        comments += 1;
        at += length + 1;
        if bytes[at - 1] == b'\r' && bytes.get(at) == Some(&b'\n') {
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::dialect::Separator;
    use super::*;
    use crate::source::ReadOptions;

    proptest! {
        #[test]
        fn pieces_are_split_as_the_whole(
            text in prop::collection::vec(prop::sample::select(vec![
                "a", "b", ",", ",", "\n", "\n", "\r\n", "\"", "\"\"", "\"a,b\"", "\"a\nb\"", "#", "\u{feff}", " ", "\r",
            ]), 0..80),
            length in 1_usize..12,
        ) {
            let text = format!("a,b\n{}", text.concat());
            let dialect = Dialect::new(Separator::Byte(b','), &ReadOptions::default()).unwrap();
            let of = |length| {
                let records = split(&text, 0, dialect, Header::Records(1), length);
                let cells: Vec<Vec<String>> = (records.columns.iter())
                    .map(|cells| cells.iter().map(str::to_owned).collect())
                    .collect();
                let Records { header, header_line, lines, odd, blank, hollow, repeated, open_quote, .. } = records;
                (cells, (header, header_line, lines), odd, blank, hollow, repeated, open_quote)
            };
            prop_assert_eq!(of(length), of(usize::MAX / 4));
        }
    }
}
