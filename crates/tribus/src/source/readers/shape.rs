//! What to make of records that are not as long as the header: another way to write quotes, a header one name short, a file that
//! was cut off, a footer; or single rows to set aside.

use std::borrow::Cow;

use super::dialect::{Dialect, Separator};
use super::header::trim;
use super::records::{Header, Records};
use crate::source::ReadError;
use crate::table::Problem;
use crate::vocabulary::named_like_an_id;

/// Other ways to write quotes that some programs have, with what they make of the text, in words.
pub(crate) fn other_quotes(
    text: &str,
    dialect: Dialect,
) -> impl Iterator<Item = (Cow<'_, str>, Dialect, &'static str)> {
    let escaped = (text.contains("\\\"")).then(|| {
        let dialect = Dialect {
            escape: Some(b'\\'),
            ..dialect
        };
        (
            Cow::Borrowed(text),
            dialect,
            "quotes within fields escaped by \\",
        )
    });
    let spaced = match dialect.separator {
        Separator::Byte(delimiter) => {
            let delimiter = char::from(delimiter);
            let spaced = format!("{delimiter} \"");
            text.contains(&spaced).then(|| {
                let text = text.replace(&spaced, &format!("{delimiter}\""));
                (
                    Cow::Owned(text),
                    dialect,
                    "spaces between delimiters and quotes removed",
                )
            })
        }
        _ => None,
    };
    escaped.into_iter().chain(spaced)
}

/// What makes the whole file fit.
pub(crate) enum Remedy {
    None,
    /// Another idea of the header, in words.
    Header(Header, &'static str),
}

/// Where all or most records have another length than the header, what the header is or why it cannot be told.
pub(crate) fn remedy(
    records: &Records,
    file: &str,
    fits_apostrophes: impl FnOnce() -> bool,
) -> Result<Remedy, ReadError> {
    let Some(first) = records.of_other_length().next() else {
        return Ok(Remedy::None);
    };
    let expected = records.header.len();
    if fits_apostrophes() {
        return Err(ReadError::Apostrophes {
            file: file.to_owned(),
            line: first.line,
            fields: first.fields,
            expected,
        });
    }
    let (usual, usual_first) = records.usual_length();
    let all_are_usual = records.lines.is_empty()
        && records
            .odd
            .iter()
            .all(|odd| odd.problem == Problem::FieldCount && odd.fields == usual);
    if all_are_usual
        && usual + 1 == expected
        && records
            .header
            .last()
            .is_some_and(|name| trim(name).is_empty())
    {
        return Ok(Remedy::Header(
            Header::OneLess,
            "a delimiter at the end of the header ignored",
        ));
    }
    if all_are_usual && usual == expected + 1 {
        return one_name_short(records, file);
    }
    if usual == expected {
        return Ok(Remedy::None);
    }
    Err(header_does_not_fit(
        records,
        file,
        (first.line, first.fields),
        (usual, usual_first),
    ))
}

/// Every row has one field more than the header has names. R writes the number of the row first, without a name; other
/// programs end each row with a delimiter; or a delimiter of the header was lost.
fn one_name_short(records: &Records, file: &str) -> Result<Remedy, ReadError> {
    let numbered =
        (records.odd.iter().zip(1_u64..)).all(|(odd, number)| odd.number == Some(number));
    if numbered && !named_like_an_id(&records.header[0]) {
        return Ok(Remedy::Header(
            Header::OneMore,
            "the rows begin with their numbers, which have no name in the header",
        ));
    }
    Err(ReadError::HeaderShort {
        file: file.to_owned(),
        line: records.header_line,
        names: records.header.len(),
        fields: records.header.len() + 1,
        ends_empty: records.odd.iter().all(|odd| odd.extra_empty),
    })
}

fn header_does_not_fit(
    records: &Records,
    file: &str,
    (line, fields): (u64, usize),
    (usual, usual_first): (usize, u64),
) -> ReadError {
    let expected = records.header.len();
    let file = file.to_owned();
    let comment = trim(&records.header[0]);
    if comment.starts_with('#') || comment.starts_with("//") {
        return ReadError::Comment {
            file,
            line: records.header_line,
            sign: comment.chars().next().unwrap_or('#'),
        };
    }
    if usual_first > line || expected == 1 {
        return ReadError::Preamble {
            file,
            unit: "line",
            line: usual_first,
            fields: usual,
            first_line: records.header_line,
            first_fields: expected,
        };
    }
    ReadError::FieldCount {
        file,
        line,
        fields,
        expected,
        more: None,
    }
}

/// Refuses a file whose last record was cut off, or that ends with several records that are no rows.
pub(crate) fn check_end(records: &Records, text: &str, file: &str) -> Result<(), ReadError> {
    let end = records.odd_at_the_end();
    let Some(last) = end.last() else {
        return Ok(());
    };
    let file = file.to_owned();
    let (line, fields, expected) = (last.line, last.fields, records.header.len());
    let is_last = text[last.span.end..].trim().is_empty();
    if is_last && fields < expected && !text.ends_with(['\n', '\r']) {
        return Err(ReadError::CutOff {
            file,
            line,
            fields,
            expected,
        });
    }
    if end.len() > 1 && !records.lines.is_empty() {
        let first = &end[0];
        return Err(ReadError::OddEnd {
            file,
            line: first.line,
            rows: end.len(),
            fields: first.fields,
            expected,
        });
    }
    Ok(())
}
