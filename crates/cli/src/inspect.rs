//! What would be read, and how; simple until the library says it.

use std::fmt::Write as _;

use tribus::plan::Plan;
use tribus::table::Table;

use crate::json::Column;

/// The text for people.
pub(crate) fn text(table: &Table, plan: &Plan) -> String {
    let mut text = String::new();
    for reading in table.readings() {
        let decisions = reading.decisions.join("; ");
        let _ = writeln!(
            text,
            "{}: {}, {} rows; {decisions}",
            reading.file, reading.format, reading.rows
        );
    }
    for column in &plan.columns {
        let _ = writeln!(
            text,
            "{}: {}, {}; {} (to change it: {})",
            column.name, column.role, column.fate, column.reason, column.change
        );
    }
    for note in &plan.notes {
        let _ = writeln!(text, "note: {note}");
    }
    text
}

/// The same for machines.
pub(crate) fn json(table: &Table, plan: &Plan) -> serde_json::Value {
    serde_json::json!({
        "rows": table.rows(),
        "files": table.readings().iter().map(|r| serde_json::json!({"file": r.file, "format": r.format, "rows": r.rows, "decisions": r.decisions, "warnings": r.warnings})).collect::<Vec<_>>(),
        "columns": plan.columns.iter().map(Column::of).collect::<Vec<_>>(),
        "notes": plan.notes,
    })
}
