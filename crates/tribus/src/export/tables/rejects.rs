//! The rows and cells that did not fit, as CSV: one line each.

use std::io::Write;

use super::guard::Guard;
use crate::export::ExportError;
use crate::table::Reject;

/// Writes `file,line,column,reason`, and `row` behind it where rows were kept as they stand in the file. `line` is the row of a
/// sheet where there are no lines; `column` is empty where the row as a whole does not fit.
///
/// # Errors
/// [`ExportError::WriteFailed`].
pub fn write_rejects(out: impl Write, rejects: &[Reject], raw: bool) -> Result<(), ExportError> {
    let mut guard = Guard::new(raw);
    let with_rows = rejects.iter().any(|reject| reject.raw.is_some());
    let mut writer = csv::Writer::from_writer(out);
    let mut header = vec!["file", "line", "column", "reason"];
    header.extend(with_rows.then_some("row"));
    let failed = |error: csv::Error| ExportError::write(std::io::Error::other(error));
    writer.write_record(&header).map_err(failed)?;
    for reject in rejects {
        let mut record = vec![
            guard.text(&reject.origin.file).into_owned(),
            reject.origin.number.to_string(),
            guard
                .text(reject.column.as_deref().unwrap_or_default())
                .into_owned(),
            reject.problem.code().to_owned(),
        ];
        if with_rows {
            record.push(
                guard
                    .text(reject.raw.as_deref().unwrap_or_default())
                    .into_owned(),
            );
        }
        writer.write_record(&record).map_err(failed)?;
    }
    writer.flush().map_err(ExportError::write)
}
