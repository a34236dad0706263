//! What happened to the rows and cells of the input.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::sheet::Sheet;
use crate::ledger::{Ledger, Repair};

/// What, column, rule or reason, count.
type Line<'a> = (&'a str, &'a str, &'a str, u64);

pub(super) fn write(sheet: &mut Worksheet, ledger: &Ledger, raw: bool) -> Result<(), XlsxError> {
    let mut sheet = Sheet::new(sheet, "Data check", raw, false)?;
    sheet.header(&[
        ("What", 30.0),
        ("Column", 28.0),
        ("Rule or reason", 60.0),
        ("Count", 12.0),
    ])?;
    let mut lines: Vec<Line<'_>> = vec![
        ("Rows read", "", "", ledger.read),
        ("Rows used", "", "", ledger.used),
        ("Rows set aside", "", "", ledger.rows_set_aside()),
    ];
    for entry in &ledger.set_aside {
        lines.push(("Set aside because", "", &entry.reason, entry.rows));
    }
    lines.push(("Cells repaired", "", "", ledger.cells_repaired()));
    lines.extend(cells("Repaired", &ledger.repaired));
    lines.extend(cells("Limited for the distance", &ledger.limited));
    lines.push((
        "Duplicate rows",
        "",
        "equal another row in every column but the id; kept",
        ledger.duplicates,
    ));
    for (at, (what, column, rule, count)) in lines.into_iter().enumerate() {
        let row = at as u32 + 1;
        for (position, text) in [what, column, rule].into_iter().enumerate() {
            if !text.is_empty() {
                sheet.text(row, position, text)?;
            }
        }
        sheet.count(row, 3, count)?;
    }
    Ok(())
}

fn cells<'a>(what: &'a str, repairs: &'a [Repair]) -> impl Iterator<Item = Line<'a>> {
    repairs.iter().map(move |repair| {
        (
            what,
            repair.column.as_str(),
            repair.rule.as_str(),
            repair.cells,
        )
    })
}
