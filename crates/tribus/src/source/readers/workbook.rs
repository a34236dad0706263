//! Workbooks: xlsx, xlsb, xls, ods.
//!
//! Sheets are read cell by cell, never as a rectangle: one stray cell in XFD1048576 would make that 17 billion cells.

use std::collections::BTreeMap;
use std::io::Cursor;

use bytes::Bytes;
use calamine::{
    Data, DataRef, ExcelDateTime, Reader, Sheets, Xls, XlsError, Xlsx, open_workbook_auto_from_rs,
};

use super::columnar::guarded;
use super::content::Content;
use super::sheet::Sheet;
use crate::source::raw::RawFile;
use crate::source::{ReadError, ReadOptions};
use crate::table::Reading;

/// Sheets compress well, but not better than this.
const UNPACKED_RATIO: u64 = 200;
/// However small the file, this much is fine.
const UNPACKED_FREE: u64 = 256 << 20;

/// Stands for a formula whose result was never stored, so that it is not taken for a missing value.
const UNCALCULATED: &str = "#UNCALCULATED!";

type Workbook = Sheets<Cursor<Bytes>>;

/// Reads one sheet of a workbook.
pub(crate) fn read(content: Content, options: &ReadOptions) -> Result<RawFile, ReadError> {
    let mut reading = Reading {
        file: content.file,
        format: "Excel",
        ..Reading::default()
    };
    check_unpacked_size(&content.bytes, &reading.file)?;
    let bytes = Bytes::from(content.bytes);
    let file = reading.file.clone();
    let mut workbook = guarded(&file, "Excel", || open(&bytes))?.ok_or_else(|| {
        let file = file.clone();
        ReadError::Encrypted { file }
    })?;
    let names = workbook.sheet_names();
    let chosen: Vec<String> = match &options.sheet {
        Some(sheet) if !names.contains(sheet) => {
            return Err(ReadError::NoSheet {
                file,
                sheet: sheet.clone(),
                sheets: names,
            });
        }
        Some(sheet) => vec![sheet.clone()],
        None => names.clone(),
    };
    for name in chosen {
        let cells = guarded(&file, "Excel", || cells(&mut workbook, &name))?;
        let sheet = Sheet::new(cells, options.skip_rows);
        if !sheet.is_empty() {
            if names.len() > 1 {
                reading.decisions.push(format!("sheet: `{name}`"));
            }
            return sheet.into_raw(reading);
        }
    }
    Err(ReadError::Empty { file })
}

/// Opens a workbook; nothing if it asks for a password.
fn open(bytes: &Bytes) -> Result<Option<Workbook>, String> {
    let cursor = Cursor::new(bytes.clone());
    if bytes.starts_with(b"PK") {
        let workbook = open_workbook_auto_from_rs(cursor).map_err(|error| error.to_string())?;
        return Ok(Some(workbook));
    }
    match Xls::new(cursor) {
        Ok(workbook) => Ok(Some(Sheets::Xls(workbook))),
        Err(XlsError::Password) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// The cells of a sheet that hold something, by row and column from 0.
fn cells(workbook: &mut Workbook, name: &str) -> Result<BTreeMap<(u32, u32), String>, String> {
    if let Sheets::Xlsx(workbook) = workbook {
        return xlsx_cells(workbook, name);
    }
    let range = workbook.worksheet_range(name).map_err(|e| e.to_string())?;
    let (row, column) = range.start().unwrap_or_default();
    let used = range.used_cells();
    Ok(used
        .map(|(r, c, data)| ((row + r as u32, column + c as u32), text(data)))
        .filter(|(_, text)| !text.is_empty())
        .collect())
}

fn xlsx_cells(
    workbook: &mut Xlsx<Cursor<Bytes>>,
    name: &str,
) -> Result<BTreeMap<(u32, u32), String>, String> {
    let mut reader = workbook
        .worksheet_cells_reader(name)
        .map_err(|error| error.to_string())?;
    let mut cells = BTreeMap::new();
    while let Some(cell) = reader
        .next_cell_with_formula()
        .map_err(|error| error.to_string())?
    {
        let text = match cell.value {
            DataRef::SharedString(text) => text.to_owned(),
            DataRef::Empty if cell.formula.is_some() => UNCALCULATED.to_owned(),
            other => text(&Data::from(other)),
        };
        if !text.is_empty() {
            cells.insert(cell.pos, text);
        }
    }
    Ok(cells)
}

/// A cell as a CSV export would show it.
fn text(data: &Data) -> String {
    match data {
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Bool(value) => value.to_string(),
        Data::DateTime(moment) => moment_text(*moment),
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    }
}

fn moment_text(moment: ExcelDateTime) -> String {
    // A time without a date is a fraction of a day.
    if !moment.is_datetime() || moment.as_f64() < 1.0 {
        return moment.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) {
        date
    } else {
        format!("{date} {hour:02}:{minute:02}:{second:02}")
    }
}

/// Adds up the unpacked sizes in a zip archive's directory, before anything is unpacked.
fn check_unpacked_size(bytes: &[u8], file: &str) -> Result<(), ReadError> {
    const ENTRY: &[u8] = b"PK\x01\x02";
    const SIZE_AT: usize = 24;
    if !bytes.starts_with(b"PK") {
        return Ok(());
    }
    let entries = bytes
        .windows(SIZE_AT + 4)
        .filter(|window| window.starts_with(ENTRY));
    let unpacked: u64 = entries
        .filter_map(|entry| entry[SIZE_AT..].first_chunk::<4>())
        .map(|size| u64::from(u32::from_le_bytes(*size)))
        .sum();
    let limit = UNPACKED_FREE.max(bytes.len() as u64 * UNPACKED_RATIO);
    if unpacked > limit {
        return Err(ReadError::TooLarge {
            file: file.to_owned(),
            detail: format!("unpacked it is {} MB, over the limit", unpacked >> 20),
        });
    }
    Ok(())
}
