//! A record batch as CSV: numbers as the shortest text that reads back equal, dates as 2014-06-29.

use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};

use arrow_array::{
    Array, BooleanArray, Date32Array, Float64Array, Int64Array, LargeStringArray, RecordBatch,
};

use super::guard::Guard;
use super::{ExportError, Guarded};
use crate::date::Date;

pub(super) fn write(
    out: impl Write,
    batch: &RecordBatch,
    raw: bool,
) -> Result<Guarded, ExportError> {
    let mut guard = Guard::new(raw);
    let mut writer = csv::Writer::from_writer(BufWriter::new(out));
    let columns: Vec<Cells<'_>> = batch
        .columns()
        .iter()
        .map(|column| Cells::of(column))
        .collect();
    let header = batch.schema();
    for field in header.fields() {
        writer
            .write_field(guard.text(field.name()).as_bytes())
            .map_err(failed)?;
    }
    writer.write_record(None::<&[u8]>).map_err(failed)?;
    let mut text = String::new();
    for row in 0..batch.num_rows() {
        for column in &columns {
            text.clear();
            let field = column.text(row, &mut text);
            let field = if column.is_text() {
                guard.text(field)
            } else {
                field.into()
            };
            writer.write_field(field.as_bytes()).map_err(failed)?;
        }
        writer.write_record(None::<&[u8]>).map_err(failed)?;
    }
    writer
        .flush()
        .map_err(|source| ExportError::Stream { source })?;
    Ok(guard.guarded)
}

fn failed(error: csv::Error) -> ExportError {
    let source = match error.into_kind() {
        csv::ErrorKind::Io(source) => source,
        _ => io::Error::other("a record could not be written"),
    };
    ExportError::Stream { source }
}

/// The cells of one column.
pub(super) enum Cells<'b> {
    Number(&'b Float64Array),
    Count(&'b Int64Array),
    Text(&'b LargeStringArray),
    Date(&'b Date32Array),
    Flag(&'b BooleanArray),
}

impl<'b> Cells<'b> {
    pub(super) fn of(column: &'b dyn Array) -> Self {
        let any = column.as_any();
        None.or_else(|| any.downcast_ref().map(Self::Number))
            .or_else(|| any.downcast_ref().map(Self::Count))
            .or_else(|| any.downcast_ref().map(Self::Text))
            .or_else(|| any.downcast_ref().map(Self::Date))
            .or_else(|| any.downcast_ref().map(Self::Flag))
            .expect("exported tables hold these kinds and no others")
    }

    pub(super) fn is_text(&self) -> bool {
        matches!(self, Self::Text(_))
    }

    pub(super) fn is_missing(&self, row: usize) -> bool {
        match self {
            Self::Number(cells) => cells.is_null(row),
            Self::Count(cells) => cells.is_null(row),
            Self::Text(cells) => cells.is_null(row),
            Self::Date(cells) => cells.is_null(row),
            Self::Flag(cells) => cells.is_null(row),
        }
    }

    /// The cell as text, in `buffer` where it has to be made.
    fn text<'t>(&'t self, row: usize, buffer: &'t mut String) -> &'t str {
        if self.is_missing(row) {
            return "";
        }
        match self {
            Self::Text(cells) => return cells.value(row),
            Self::Number(cells) => push_number(buffer, cells.value(row)),
            Self::Count(cells) => {
                let _ = write!(buffer, "{}", cells.value(row));
            }
            Self::Date(cells) => push_date(buffer, cells.value(row)),
            Self::Flag(cells) => buffer.push_str(if cells.value(row) { "true" } else { "false" }),
        }
        buffer
    }
}

/// The shortest text that reads back equal; very large and very small numbers with an exponent.
fn push_number(buffer: &mut String, number: f64) {
    // Negative zero is zero.
    let number = number + 0.0;
    let size = number.abs();
    let _ = if size != 0.0 && !(1e-5..1e16).contains(&size) {
        write!(buffer, "{number:e}")
    } else {
        write!(buffer, "{number}")
    };
}

pub(super) fn push_date(buffer: &mut String, days: i32) {
    if let Some(date) = Date::from_days(days) {
        let _ = write!(buffer, "{date}");
    }
}

#[cfg(test)]
mod tests {
    use super::push_number;

    #[test]
    fn numbers_are_short_and_read_back_equal() {
        for (number, text) in [
            (0.1, "0.1"),
            (-0.0, "0"),
            (58138.0, "58138"),
            (1e300, "1e300"),
            (1.5e-9, "1.5e-9"),
            (1.0 / 3.0, "0.3333333333333333"),
        ] {
            let mut buffer = String::new();
            push_number(&mut buffer, number);
            assert_eq!(buffer, text);
            assert_eq!(buffer.parse::<f64>().unwrap(), number);
        }
    }
}
