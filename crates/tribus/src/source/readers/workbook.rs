//! Workbooks: xlsx, xlsb, xls, ods.
//!
//! The `calamine` crate reads xlsx, xlsb and xls; it trusts some counts and chains, so `package`, `compound` and `biff` check
//! those first, and [`isolation`] lets a program read workbooks in another process whose memory is limited.

use std::io::Cursor;

use bytes::Bytes;
use calamine::{Data, DataRef, ExcelDateTime, Reader, Xls, XlsError, Xlsb, Xlsx};

use super::columnar::{Refusal, guarded};
use super::content::Content;
use super::sheet::Sheet;
use super::sheets::{Choice, Sheets};
use super::{biff, compound, isolation, ods, package};
use crate::source::budget::Budget;
use crate::source::memory;
use crate::source::raw::RawFile;
use crate::source::{ReadError, ReadOptions};
use crate::table::Reading;

/// Stands for a formula whose result was never stored, so that it is not taken for a missing value.
const UNCALCULATED: &str = "#UNCALCULATED!";

/// A sheet that was read, and what is told of it if there are several.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) told: Option<String>,
    pub(super) sheet: Sheet,
}

/// Reads one sheet of a workbook.
pub(crate) fn read(content: Content, options: &ReadOptions) -> Result<RawFile, ReadError> {
    let mut reading = Reading {
        file: content.file,
        format: "Excel",
        ..Reading::default()
    };
    let budget = Budget::of(content.bytes.len());
    let request = isolation::Request {
        file: reading.file.clone(),
        sheet: options.sheet.clone(),
        memory: memory::allowed(),
    };
    let chosen = isolation::choose(Bytes::from(content.bytes), &request)?;
    if let Some(told) = chosen.told {
        reading.decisions.push(format!("sheet: {told}"));
    }
    chosen.sheet.into_raw(options, reading, &budget)
}

/// Reads the sheet asked for, else the one that holds the customers.
pub(super) fn choose(bytes: Bytes, request: &isolation::Request) -> Result<Chosen, ReadError> {
    let file = || request.file.clone();
    let wanted = request.sheet.as_deref();
    let found = guarded(&request.file, "Excel", || {
        let mut budget = Budget::of(bytes.len());
        if bytes.starts_with(b"PK") {
            zipped(&bytes, wanted, &mut budget)
        } else {
            xls(bytes, wanted, &mut budget)
        }
    })?;
    match found {
        Found::Locked => Err(ReadError::Encrypted { file: file() }),
        Found::Sheets(Sheets {
            names,
            chosen: Some((told, sheet)),
        }) => Ok(Chosen {
            told: (names.len() > 1).then_some(told),
            sheet,
        }),
        Found::Sheets(Sheets {
            names,
            chosen: None,
        }) => match wanted {
            Some(wanted) if !names.iter().any(|name| name == wanted) => Err(ReadError::NoSheet {
                file: file(),
                sheet: wanted.to_owned(),
                sheets: names,
            }),
            _ => Err(ReadError::Empty { file: file() }),
        },
    }
}

enum Found {
    /// A password is needed.
    Locked,
    Sheets(Sheets),
}

fn zipped(bytes: &Bytes, wanted: Option<&str>, budget: &mut Budget) -> Result<Found, Refusal> {
    let mut package = package::open(bytes, budget)?;
    if package.index_for_name("content.xml").is_some() {
        if ods::is_encrypted(&mut package)? {
            return Ok(Found::Locked);
        }
        let mut choice = Choice::new(wanted);
        ods::read(&mut package, &mut choice, budget)?;
        return Ok(Found::Sheets(choice.made()));
    }
    if package.index_for_name("xl/workbook.bin").is_some() {
        let mut workbook = Xlsb::new(Cursor::new(bytes.clone()))?;
        let names = workbook.sheet_names();
        return offered(&names, wanted, |name| {
            let mut reader = workbook.worksheet_cells_reader(name)?;
            let mut sheet = Sheet::default();
            while let Some(cell) = reader.next_cell()? {
                push(
                    &mut sheet,
                    cell.get_position(),
                    cell.get_value().clone(),
                    budget,
                )?;
            }
            Ok(sheet)
        });
    }
    package::check_shared_strings(&mut package)?;
    let mut workbook = Xlsx::new(Cursor::new(bytes.clone()))?;
    let names = workbook.sheet_names();
    offered(&names, wanted, |name| {
        xlsx_sheet(&mut workbook, name, budget)
    })
}

/// Offers the sheets to the choice. Beside one that can be read, others may be damaged.
fn offered(
    names: &[String],
    wanted: Option<&str>,
    mut read: impl FnMut(&str) -> Result<Sheet, Refusal>,
) -> Result<Found, Refusal> {
    let mut choice = Choice::new(wanted);
    for name in names {
        if !choice.wants(name) {
            continue;
        }
        match read(name) {
            Err(_) if choice.is_made() => {}
            sheet => choice.offer(sheet?),
        }
    }
    Ok(Found::Sheets(choice.made()))
}

fn xlsx_sheet(
    workbook: &mut Xlsx<Cursor<Bytes>>,
    name: &str,
    budget: &mut Budget,
) -> Result<Sheet, Refusal> {
    let mut reader = workbook.worksheet_cells_reader(name)?;
    let mut sheet = Sheet::default();
    // Formulas are not expanded: their number in the file would size an allocation.
    while let Some(cell) = reader.next_cell_with_formula_metadata()? {
        match cell.value {
            DataRef::Empty if cell.formula.is_some() => {
                sheet.push(cell.pos, UNCALCULATED, budget)?;
            }
            value => push(&mut sheet, cell.pos, value, budget)?,
        }
    }
    Ok(sheet)
}

/// Reads an xls workbook, of which all sheets are read at once.
fn xls(bytes: Bytes, wanted: Option<&str>, budget: &mut Budget) -> Result<Found, Refusal> {
    let stream = compound::workbook_stream(&bytes)?;
    biff::check(&stream, &mut budget.clone())?;
    let mut workbook = match Xls::new(Cursor::new(bytes)) {
        Ok(workbook) => workbook,
        Err(XlsError::Password) => return Ok(Found::Locked),
        Err(error) => return Err(error.into()),
    };
    let names = workbook.sheet_names();
    offered(&names, wanted, |name| {
        let range = workbook.worksheet_range(name)?;
        let (top, left) = range.start().unwrap_or_default();
        let mut sheet = Sheet::default();
        for (row, column, data) in range.used_cells() {
            let place = (top + row as u32, left + column as u32);
            sheet.push(place, &text(data), budget)?;
        }
        Ok(sheet)
    })
}

fn push(
    sheet: &mut Sheet,
    place: (u32, u32),
    value: DataRef<'_>,
    budget: &mut Budget,
) -> Result<(), Refusal> {
    match value {
        DataRef::SharedString(text) => sheet.push(place, text, budget)?,
        value => sheet.push(place, &text(&Data::from(value)), budget)?,
    }
    Ok(())
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

impl From<calamine::XlsxError> for Refusal {
    fn from(error: calamine::XlsxError) -> Self {
        Self::Corrupt(error.to_string())
    }
}

impl From<calamine::XlsbError> for Refusal {
    fn from(error: calamine::XlsbError) -> Self {
        Self::Corrupt(error.to_string())
    }
}

impl From<XlsError> for Refusal {
    fn from(error: XlsError) -> Self {
        Self::Corrupt(error.to_string())
    }
}
