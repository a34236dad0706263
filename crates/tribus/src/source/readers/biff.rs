//! What an xls workbook would become, counted record by record (MS-XLS) before its reader builds it.
//!
//! That reader makes a rectangle of each sheet, reserves the size a sheet claims, and copies shared texts into every cell.

use super::columnar::Refusal;
use crate::source::budget::Budget;

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000a;
const CONTINUE: u16 = 0x003c;
const SHEET: u16 = 0x0085;
const SHARED_TEXTS: u16 = 0x00fc;
const SHARED_TEXT: u16 = 0x00fd;
const DIMENSIONS: u16 = 0x0200;
const MANY_NUMBERS: u16 = 0x00bd;
/// Other records of cells: number, text, rich text, truth value, short number, formula.
const CELLS: [u16; 6] = [0x0203, 0x0204, 0x00d6, 0x0205, 0x027e, 0x0006];
/// All cells of a sheet, which a program may claim if the whole sheet has a color.
const SHEET_CELLS: u64 = 65_536 * 256;
/// The reader takes time in the square of these. An honest record of texts is 8 KB.
const MAX_CONTINUED: usize = 1 << 14;

/// Refuses a workbook that would become more than the budget allows.
pub(super) fn check(stream: &[u8], budget: &mut Budget) -> Result<(), Refusal> {
    let mut sheets = Vec::new();
    let mut texts = Vec::new();
    for record in Records(stream) {
        let record = record?;
        match record.kind {
            END => break,
            SHEET => sheets.push(word32(record.data, 0).ok_or("a record is too short")?),
            SHARED_TEXTS => texts = lengths(&record).ok_or("its shared texts are cut short")?,
            _ => {}
        }
    }
    let mut cells = 0;
    let mut walked = 0;
    for start in sheets {
        let sheet = usize::try_from(start)
            .ok()
            .and_then(|start| stream.get(start..));
        let sheet = sheet.ok_or("a sheet lies beyond the end of the file")?;
        let (used, length) = check_sheet(sheet, &texts, budget)?;
        // Sheets do not overlap. Many names for one sheet would be read many times.
        walked += length;
        if walked > stream.len() {
            return Err("its sheets overlap".into());
        }
        cells += used;
        // The reader holds two copies of each sheet, four times as large as the cells of other formats.
        budget.check_cells(cells * 4, 1)?;
    }
    Ok(())
}

/// Checks the sheet that `stream` begins with; returns the cells of its rectangle, empty ones included, and its length.
fn check_sheet(stream: &[u8], texts: &[u64], budget: &mut Budget) -> Result<(u64, usize), Refusal> {
    let mut used = Rectangle::default();
    let mut depth = 0_usize;
    let mut records = Records(stream);
    for record in &mut records {
        let record = record?;
        match record.kind {
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            // A chart within the sheet has cells of its own.
            _ if depth > 1 => {}
            DIMENSIONS => check_dimensions(record.data)?,
            MANY_NUMBERS => {
                let last = record.data.len().checked_sub(2);
                let last = last.and_then(|at| word(record.data, at));
                let column = word(record.data, 2);
                used.add(word(record.data, 0), column.max(last))?;
                used.add(word(record.data, 0), column)?;
            }
            SHARED_TEXT => {
                used.add(word(record.data, 0), word(record.data, 2))?;
                let text = word32(record.data, 6).ok_or("a record is too short")?;
                budget.add_text(texts.get(text as usize).copied().unwrap_or(0))?;
            }
            kind if CELLS.contains(&kind) => {
                used.add(word(record.data, 0), word(record.data, 2))?;
            }
            _ => {}
        }
    }
    Ok((used.cells(), stream.len() - records.0.len()))
}

/// The reader reserves as many cells as a sheet claims.
fn check_dimensions(data: &[u8]) -> Result<(), Refusal> {
    let (top, bottom, left, right) = if data.len() == 10 {
        let part = |at| word(data, at).map(u32::from);
        (part(0), part(2), word(data, 4), word(data, 6))
    } else {
        (
            word32(data, 0),
            word32(data, 4),
            word(data, 8),
            word(data, 10),
        )
    };
    let (Some(top), Some(bottom), Some(left), Some(right)) = (top, bottom, left, right) else {
        return Err("a record is too short".into());
    };
    let is_empty = bottom == 0 || right == 0;
    let rows = u64::from(bottom).saturating_sub(u64::from(top));
    let left = if left > 0xff || right < left { 0 } else { left };
    let columns = u64::from(right.saturating_sub(left));
    if !is_empty && (top >= bottom || rows.saturating_mul(columns) > SHEET_CELLS) {
        return Err(Refusal::Corrupt(format!(
            "a sheet claims {rows} rows of {columns} columns"
        )));
    }
    Ok(())
}

/// The smallest rectangle around the cells of a sheet.
#[derive(Default)]
struct Rectangle(Option<[u16; 4]>);

impl Rectangle {
    fn add(&mut self, row: Option<u16>, column: Option<u16>) -> Result<(), Refusal> {
        let row = row.ok_or("a record is too short")?;
        let column = column.ok_or("a record is too short")?;
        let [top, bottom, left, right] = self.0.unwrap_or([row, row, column, column]);
        self.0 = Some([
            top.min(row),
            bottom.max(row),
            left.min(column),
            right.max(column),
        ]);
        Ok(())
    }

    fn cells(&self) -> u64 {
        self.0.map_or(0, |[top, bottom, left, right]| {
            (u64::from(bottom - top) + 1) * (u64::from(right - left) + 1)
        })
    }
}

/// The number of letters of each shared text. A text may go on in the record's continuations.
fn lengths(record: &Record<'_>) -> Option<Vec<u64>> {
    const RUNS: u8 = 8;
    const MORE: u8 = 4;
    let mut parts = Parts {
        part: record.data.get(8..)?,
        rest: record.continued.iter(),
    };
    let mut lengths = Vec::new();
    while parts.is_more() {
        let letters = parts.number(2)?;
        let flags = parts.number(1)? as u8;
        let runs = if flags & RUNS > 0 {
            parts.number(2)?
        } else {
            0
        };
        let more = if flags & MORE > 0 {
            parts.number(4)?
        } else {
            0
        };
        parts.skip_letters(letters, flags & 1 > 0)?;
        parts.skip(runs * 4 + more)?;
        lengths.push(letters);
    }
    Some(lengths)
}

/// A record and its continuations, read on and on.
struct Parts<'a> {
    part: &'a [u8],
    rest: std::slice::Iter<'a, &'a [u8]>,
}

impl Parts<'_> {
    fn is_more(&mut self) -> bool {
        while self.part.is_empty() {
            match self.rest.next() {
                Some(part) => self.part = part,
                None => return false,
            }
        }
        true
    }

    /// A number of so many bytes, which lies in one part.
    fn number(&mut self, bytes: usize) -> Option<u64> {
        let (number, rest) = self.part.split_at_checked(bytes)?;
        self.part = rest;
        let digits = number.iter().rev();
        Some(digits.fold(0, |number, &byte| number << 8 | u64::from(byte)))
    }

    fn skip(&mut self, mut bytes: u64) -> Option<()> {
        while bytes > 0 {
            if !self.is_more() {
                return None;
            }
            let step = bytes.min(self.part.len() as u64);
            self.part = self.part.get(step as usize..)?;
            bytes -= step;
        }
        Some(())
    }

    /// Each part says anew whether its letters have one byte or two.
    fn skip_letters(&mut self, mut letters: u64, mut is_wide: bool) -> Option<()> {
        while letters > 0 {
            let width = if is_wide { 2 } else { 1 };
            let step = letters.min(self.part.len() as u64 / width);
            self.part = self.part.get((step * width) as usize..)?;
            letters -= step;
            if letters > 0 {
                self.part = self.rest.next()?;
                is_wide = self.number(1)? & 1 > 0;
            }
        }
        Some(())
    }
}

struct Record<'a> {
    kind: u16,
    data: &'a [u8],
    continued: Vec<&'a [u8]>,
}

/// The records of a stream.
struct Records<'a>(&'a [u8]);

impl<'a> Records<'a> {
    fn record(&mut self) -> Option<(u16, &'a [u8])> {
        let kind = word(self.0, 0)?;
        let end = 4 + usize::from(word(self.0, 2)?);
        let data = self.0.get(4..end)?;
        self.0 = &self.0[end..];
        Some((kind, data))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let Some((kind, data)) = self.record() else {
            self.0 = &[];
            return Some(Err("a record is cut short".into()));
        };
        let mut continued = Vec::new();
        while word(self.0, 0) == Some(CONTINUE) {
            let Some((_, data)) = self.record() else {
                break;
            };
            if continued.len() == MAX_CONTINUED {
                return Some(Err("a record goes on for too long".into()));
            }
            continued.push(data);
        }
        Some(Ok(Record {
            kind,
            data,
            continued,
        }))
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    let word = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_le_bytes(*word))
}

fn word32(bytes: &[u8], at: usize) -> Option<u32> {
    let word = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*word))
}
