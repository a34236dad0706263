//! Quotes that contradict the rules by which a record was split.
//!
//! By RFC 4180 (DOI 10.17487/RFC4180) a quote opens a field only as its first byte, is doubled within, and the closing one ends the field. The `csv` crate is
//! more tolerant and silent about it, so that a lost delimiter or a quote too many moves cells into other columns.

/// Whether the quotes of one record of `fields` fields leave a doubt about where its fields end: text behind a closing quote;
/// or, where the file quotes fields at all (`are_used`), quotes within unquoted fields that would enclose a delimiter.
pub(crate) fn is_doubtful(
    record: &[u8],
    fields: usize,
    delimiter: u8,
    quote: u8,
    are_used: impl FnOnce() -> bool,
) -> bool {
    let ends_field = |byte: u8| byte == delimiter || byte == b'\n' || byte == b'\r';
    let mut at = 0;
    let mut all_open_fields = true;
    while let Some(found) = memchr::memchr(quote, &record[at..]) {
        let quote_at = at + found;
        if quote_at > 0 && !ends_field(record[quote_at - 1]) {
            all_open_fields = false;
            at = quote_at + 1;
            continue;
        }
        let Some(close) = closing_quote(record, quote_at + 1, quote) else {
            // Open at the end of the file, which is found elsewhere.
            return false;
        };
        if record.get(close + 1).is_some_and(|&byte| !ends_field(byte)) {
            return true;
        }
        at = close + 1;
    }
    !all_open_fields
        && enclosed_fields(record, delimiter, quote).is_some_and(|enclosed| enclosed != fields)
        && are_used()
}

/// How many fields there are if every quote opens or closes, wherever it stands; nothing if one stays open.
fn enclosed_fields(record: &[u8], delimiter: u8, quote: u8) -> Option<usize> {
    let (mut open, mut fields) = (false, 1);
    for &byte in record {
        if byte == quote {
            open = !open;
        } else if byte == delimiter && !open {
            fields += 1;
        }
    }
    (!open).then_some(fields)
}

/// The offset of the quote that closes a field whose text begins at `from`.
fn closing_quote(record: &[u8], from: usize, quote: u8) -> Option<usize> {
    let mut at = from;
    loop {
        let found = at + memchr::memchr(quote, record.get(at..)?)?;
        if record.get(found + 1) != Some(&quote) {
            return Some(found);
        }
        at = found + 2;
    }
}

/// Whether any field of the text begins with a quote.
pub(crate) fn are_used(text: &[u8], delimiter: u8, quote: u8) -> bool {
    memchr::memchr_iter(quote, text)
        .any(|at| at == 0 || matches!(text[at - 1], b'\n' | b'\r') || text[at - 1] == delimiter)
}

/// The offset of the quote that is open at the end of `record`, by the rules of the `csv` crate: a quote opens a field only
/// as its first byte, is doubled within (or escaped), and after the closing one the field goes on as plain text.
pub(crate) fn open_quote(
    record: &[u8],
    delimiter: u8,
    quote: u8,
    escape: Option<u8>,
) -> Option<usize> {
    #[derive(PartialEq)]
    enum State {
        FieldStart,
        Plain,
        Quoted,
        Escaped,
        QuoteInQuoted,
    }
    let (mut state, mut opened) = (State::FieldStart, 0);
    for (at, &byte) in record.iter().enumerate() {
        state = match state {
            State::Quoted if Some(byte) == escape => State::Escaped,
            State::Quoted if byte == quote => State::QuoteInQuoted,
            State::QuoteInQuoted if byte == quote && escape.is_none() => State::Quoted,
            State::Quoted | State::Escaped => State::Quoted,
            State::FieldStart if byte == quote => {
                opened = at;
                State::Quoted
            }
            _ if byte == delimiter || byte == b'\n' || byte == b'\r' => State::FieldStart,
            _ => State::Plain,
        };
    }
    matches!(state, State::Quoted | State::Escaped).then_some(opened)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubtful(record: &str) -> bool {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(record.as_bytes());
        let fields = reader.records().next().unwrap().unwrap().len();
        is_doubtful(record.as_bytes(), fields, b',', b'"', || true)
    }

    #[test]
    fn a_lost_delimiter_before_a_quote_is_seen() {
        assert!(doubtful("3,shoe 3\"size 3, black\",\"x0\"\n"));
        assert!(doubtful("3,\"shoe 3\"size 3,x\n"));
        assert!(doubtful("3,\"shoe \"red\" 3\",x\n"));
    }

    #[test]
    fn quotes_that_change_no_border_are_plain_text() {
        for fine in [
            "3,TV 48\",x\n",
            "3,a \"b\" c,x\n",
            "3,\"a \"\"b, c\"\" d\",x\r\n",
            "\"\",\"x\"",
            "3,TV 48\",\"nice, new\"\n",
        ] {
            assert!(!doubtful(fine), "{fine}");
        }
    }

    #[test]
    fn inches_are_plain_where_no_field_is_quoted() {
        let record = b"12\" pipe, 3\" nail\n";
        assert!(!is_doubtful(record, 2, b',', b'"', || false));
        assert!(is_doubtful(record, 2, b',', b'"', || true));
    }

    #[test]
    fn an_open_quote_is_found_where_it_opened() {
        assert_eq!(open_quote(b"2,\"y\n3,z\n", b',', b'"', None), Some(2));
        assert_eq!(open_quote(b"1,\"x \"\"y\"\"\"\n", b',', b'"', None), None);
        assert_eq!(
            open_quote(b"1,\"x \\\"y\",2\n", b',', b'"', Some(b'\\')),
            None
        );
    }
}
