//! Every customer, as in the file of customers; on several sheets where one cannot hold them.

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use rust_xlsxwriter::{Workbook, XlsxError};

use super::failed;
use super::sheet::{Sheet, column_number};
use crate::date::date_text;
use crate::export::tables::cells::{Cell, Column};
use crate::export::tables::rows::{Batches, Shown};
use crate::export::{ExportError, Guarded};

/// Rows of a sheet, without its header.
pub(super) const ROWS: u32 = 1_048_575;
/// Columns of a sheet.
const COLUMNS: usize = 16_384;
/// Days from Excel's day 0 to 1970-01-01.
const EPOCH: i32 = 25_569;
/// 1900-03-01: before it, Excel counts a day that never was.
const FIRST_DATE: i32 = 61;

/// Writes as many sheets of at most `most` rows as it takes.
pub(super) fn write(
    book: &mut Workbook,
    customers: Shown<'_>,
    most: u32,
) -> Result<Guarded, ExportError> {
    let fields = customers.schema.fields().len();
    if fields > COLUMNS {
        let problem = format!("{fields} columns are more than a sheet can hold");
        return Err(ExportError::Workbook { problem });
    }
    let mut supply = Supply {
        batches: customers.batches,
        rest: None,
    };
    let mut cells = 0;
    let mut sheets = 0_u32;
    while sheets == 0 || supply.has_more()? {
        sheets += 1;
        let name = match sheets {
            1 => "Customers".to_owned(),
            number => format!("Customers {number}"),
        };
        let page = book.add_worksheet_with_constant_memory().map_err(failed)?;
        let mut sheet = Sheet::new(page, &name, customers.raw, true).map_err(failed)?;
        fill(&mut sheet, &customers.schema, &mut supply, most)?;
        cells += sheet.guarded().cells;
    }
    Ok(Guarded { cells })
}

/// Rows to come.
struct Supply<'a> {
    batches: Batches<'a>,
    /// What did not fit on the sheet before.
    rest: Option<RecordBatch>,
}

impl Supply<'_> {
    fn has_more(&mut self) -> Result<bool, ExportError> {
        if self.rest.is_none() {
            self.rest = self.batches.next().transpose()?;
        }
        Ok(self.rest.is_some())
    }

    /// At most `most` rows; none at the end.
    fn take(&mut self, most: usize) -> Result<Option<RecordBatch>, ExportError> {
        self.has_more()?;
        let Some(batch) = self.rest.take() else {
            return Ok(None);
        };
        let fits = batch.num_rows().min(most);
        if fits < batch.num_rows() {
            self.rest = Some(batch.slice(fits, batch.num_rows() - fits));
        }
        Ok(Some(batch.slice(0, fits)))
    }
}

/// Fills one sheet.
fn fill(
    sheet: &mut Sheet<'_>,
    schema: &Schema,
    supply: &mut Supply<'_>,
    most: u32,
) -> Result<(), ExportError> {
    let names = schema.fields().iter().map(|field| field.name().as_str());
    let header: Vec<(&str, f64)> = names.map(|name| (name, width_of(name))).collect();
    sheet.header(&header).map_err(failed)?;
    let mut rows = 0_u32;
    while rows < most
        && let Some(batch) = supply.take((most - rows) as usize)?
    {
        write_rows(sheet, rows + 1, &batch).map_err(failed)?;
        rows += batch.num_rows() as u32;
    }
    let last = column_number(header.len() - 1).map_err(failed)?;
    sheet.page.autofilter(0, 0, rows, last).map_err(failed)?;
    Ok(())
}

fn write_rows(sheet: &mut Sheet<'_>, first: u32, batch: &RecordBatch) -> Result<(), XlsxError> {
    let columns: Vec<Column<'_>> = batch
        .columns()
        .iter()
        .map(|column| Column::of(column))
        .collect();
    // Rows must come in order: what is above is no longer in memory.
    for row in 0..batch.num_rows() {
        for (at, column) in columns.iter().enumerate() {
            write_cell(sheet, first + row as u32, at, &column.cell(row))?;
        }
    }
    Ok(())
}

fn write_cell(
    sheet: &mut Sheet<'_>,
    row: u32,
    column: usize,
    cell: &Cell<'_>,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Missing => Ok(()),
        Cell::Whole(value) => sheet.plain_number(row, column, *value as f64),
        Cell::Number(value) => sheet.plain_number(row, column, *value),
        Cell::Flag(value) => sheet.flag(row, column, *value),
        Cell::Text(text) => sheet.plain_text(row, column, text),
        Cell::Date(days) => match days.checked_add(EPOCH) {
            Some(number) if number >= FIRST_DATE => sheet.date(row, column, f64::from(number)),
            _ => sheet.plain_text(row, column, &date_text(*days)),
        },
    }
}

/// In characters; the same for a header before and after it was guarded.
fn width_of(name: &str) -> f64 {
    match name.trim_start_matches('\'') {
        "segment_name" => 32.0,
        "set_aside_because" => 28.0,
        name => (name.chars().count() as f64 + 3.0).clamp(9.0, 30.0),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::Int64Array;
    use arrow_schema::{DataType, Field};
    use calamine::{Data, Reader, Xlsx};

    use super::*;

    #[test]
    fn rows_beyond_a_sheet_go_on_another() {
        let schema = Arc::new(Schema::new(vec![Field::new("row", DataType::Int64, true)]));
        let batch = |rows: [i64; 4]| {
            let column = Arc::new(Int64Array::from(rows.to_vec()));
            Ok(RecordBatch::try_new(schema.clone(), vec![column]).unwrap())
        };
        let batches = [batch([1, 2, 3, 4]), batch([5, 6, 7, 8])];
        let shown = Shown {
            schema: schema.clone(),
            batches: Box::new(batches.into_iter()),
            raw: false,
        };
        let mut book = Workbook::new();
        write(&mut book, shown, 3).unwrap();
        let bytes = book.save_to_buffer().unwrap();
        let mut book = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        assert_eq!(
            book.sheet_names(),
            ["Customers", "Customers 2", "Customers 3"]
        );
        let mut column = |sheet: &str| -> Vec<String> {
            let cells = book.worksheet_range(sheet).unwrap();
            cells
                .rows()
                .map(|row: &[Data]| row[0].to_string())
                .collect()
        };
        assert_eq!(column("Customers"), ["row", "1", "2", "3"]);
        assert_eq!(column("Customers 2"), ["row", "4", "5", "6"]);
        assert_eq!(column("Customers 3"), ["row", "7", "8"]);
    }
}
