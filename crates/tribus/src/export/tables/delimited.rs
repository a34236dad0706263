//! Rows as CSV.

use std::io::Write;

use arrow_array::RecordBatch;
use rayon::prelude::*;

use super::cells::{Cell, Column};
use super::guard::Guard;
use super::rows::{Rows, chunks};
use crate::date::date_text;
use crate::export::{ExportError, Guarded};
use crate::words::number::push_number;

/// Chunks formatted side by side before they are written in order.
const SIDE_BY_SIDE: usize = 16;

/// Writes a header and all rows.
pub(in crate::export) fn write_csv(
    mut out: impl Write,
    rows: &dyn Rows,
    raw: bool,
) -> Result<Guarded, ExportError> {
    let mut guard = Guard::new(raw);
    let mut header = csv::Writer::from_writer(Vec::new());
    for field in rows.schema().fields() {
        push_field(&mut header, &guard.text(field.name()));
    }
    end_record(&mut header);
    out.write_all(&finish(header)).map_err(ExportError::write)?;
    let mut cells = guard.guarded().cells;
    let ranges: Vec<_> = chunks(rows.count()).collect();
    for group in ranges.chunks(SIDE_BY_SIDE) {
        let texts: Vec<(Vec<u8>, Guarded)> = group
            .par_iter()
            .map(|range| format_batch(&rows.batch(range.clone()), raw))
            .collect();
        for (text, guarded) in texts {
            out.write_all(&text).map_err(ExportError::write)?;
            cells += guarded.cells;
        }
    }
    out.flush().map_err(ExportError::write)?;
    Ok(Guarded { cells })
}

fn format_batch(batch: &RecordBatch, raw: bool) -> (Vec<u8>, Guarded) {
    let mut guard = Guard::new(raw);
    let columns: Vec<Column<'_>> = batch
        .columns()
        .iter()
        .map(|column| Column::of(column))
        .collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut text = String::new();
    for row in 0..batch.num_rows() {
        for column in &columns {
            text.clear();
            push_cell(&column.cell(row), &mut text, &mut guard);
            push_field(&mut writer, &text);
        }
        end_record(&mut writer);
    }
    (finish(writer), guard.guarded())
}

/// Appends the text of a cell; nothing where it is missing.
fn push_cell(cell: &Cell<'_>, text: &mut String, guard: &mut Guard) {
    match cell {
        Cell::Missing => {}
        Cell::Whole(value) => text.push_str(&value.to_string()),
        Cell::Number(value) => push_number(text, *value),
        Cell::Flag(value) => text.push_str(if *value { "true" } else { "false" }),
        Cell::Date(days) => text.push_str(&date_text(*days)),
        Cell::Text(value) => text.push_str(&guard.text(value)),
    }
}

fn push_field(writer: &mut csv::Writer<Vec<u8>>, text: &str) {
    writer
        .write_field(text)
        .expect("memory takes all that is written");
}

fn end_record(writer: &mut csv::Writer<Vec<u8>>) {
    writer
        .write_record(None::<&[u8]>)
        .expect("memory takes all that is written");
}

fn finish(writer: csv::Writer<Vec<u8>>) -> Vec<u8> {
    writer
        .into_inner()
        .expect("memory takes all that is written")
}

#[cfg(test)]
mod tests {
    use std::ops::Range;
    use std::sync::Arc;

    use arrow_array::Int64Array;
    use arrow_schema::{DataType, Field, Schema, SchemaRef};

    use super::*;

    struct Numbered(usize);

    impl Rows for Numbered {
        fn schema(&self) -> SchemaRef {
            Arc::new(Schema::new(vec![Field::new("-n", DataType::Int64, true)]))
        }

        fn count(&self) -> usize {
            self.0
        }

        fn batch(&self, rows: Range<usize>) -> RecordBatch {
            let numbers = Int64Array::from_iter_values(rows.map(|row| -(row as i64)));
            RecordBatch::try_new(self.schema(), vec![Arc::new(numbers)]).unwrap()
        }
    }

    #[test]
    fn many_chunks_keep_their_order() {
        let mut out = Vec::new();
        let count = 20 * crate::export::tables::rows::CHUNK + 1;
        let guarded = write_csv(&mut out, &Numbered(count), false).unwrap();
        assert_eq!(guarded.cells, 1, "the header; numbers never");
        let text = String::from_utf8(out).unwrap();
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("'-n"));
        assert_eq!(lines.clone().count(), count);
        assert!(
            lines
                .enumerate()
                .all(|(row, line)| line.parse() == Ok(-(row as i64)))
        );
    }
}
