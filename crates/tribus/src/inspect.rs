//! What would be read, and how: files, columns, roles, fates and reasons, as text for people and as JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::plan::Plan;
use crate::recipe::Scale;
use crate::roles::{ColumnDecision, Fate};
use crate::table::Table;

/// The whole inspection as text, plain enough for a pager and a diff.
pub fn text(table: &Table, plan: &Plan) -> String {
    let mut out = String::new();
    files(&mut out, table);
    purchases(&mut out, table);
    for (fate, heading) in [
        (Fate::Clustered, "Clustered on"),
        (Fate::Described, "Described only"),
        (Fate::LeftOut, "Left out"),
    ] {
        section(
            &mut out,
            heading,
            plan.with_fate(fate).collect(),
            plan,
            table,
        );
    }
    questions(&mut out, plan);
    steps(&mut out, plan);
    lines(&mut out, "Notes", &plan.notes);
    out
}

/// The same as JSON.
pub fn json(table: &Table, plan: &Plan) -> Value {
    json!({
        "files": table.readings().iter().map(|reading| json!({
            "file": reading.file,
            "format": reading.format,
            "rows": reading.rows,
            "decisions": reading.decisions,
            "warnings": reading.warnings,
        })).collect::<Vec<Value>>(),
        "rows": table.rows(),
        "purchases": table.purchases(),
        "id": plan.recipe.input.id,
        "value": plan.recipe.segment.value_column(),
        "as_of": plan.recipe.input.as_of,
        "features": plan.recipe.segment.features,
        "columns": plan.columns.iter().map(|column| column_json(column, plan, table)).collect::<Vec<Value>>(),
        "set_aside": plan.recipe.clean.drop.iter().map(|rule| json!({
            "where": rule.condition,
            "because": rule.because,
        })).collect::<Vec<Value>>(),
        "please_check": plan.please_check,
        "notes": plan.notes,
    })
}

fn column_json(column: &ColumnDecision, plan: &Plan, table: &Table) -> Value {
    let at = table.position(&column.name);
    json!({
        "name": column.name,
        "role": column.role,
        "fate": column.fate,
        "group": column.group,
        "reason": column.reason,
        "reason_code": column.reason_code,
        "redundant_with": column.redundant_with,
        "change": column.change,
        "derived": plan.recipe.derive.get(&column.name),
        "missing": at.map(|at| table.facts(at).missing),
        "notation": at.map(|at| table.facts(at).notation.clone()),
    })
}

fn files(out: &mut String, table: &Table) {
    for reading in table.readings() {
        let decisions: String = reading
            .decisions
            .iter()
            .map(|decision| format!(", {decision}"))
            .collect();
        let _ = writeln!(
            out,
            "{}: {}{decisions}; {} rows",
            reading.file, reading.format, reading.rows
        );
        for warning in &reading.warnings {
            let _ = writeln!(out, "  {warning}");
        }
    }
}

/// The parts that columns play in purchases, what was made of them, and their account.
fn purchases(out: &mut String, table: &Table) {
    let Some(ledger) = table.purchases() else {
        return;
    };
    let _ = writeln!(out, "\nPurchases (one {} per row)", ledger.grain);
    for played in &ledger.parts {
        let _ = writeln!(
            out,
            "  {:11} {}  {}  [purchases.{} = \"...\"]",
            played.part, played.column, played.because, played.part
        );
    }
    lines(out, "Account", &ledger.told());
    lines(out, "What to know of the purchases", &ledger.notes);
    let _ = writeln!(out, "\nColumns of the customers");
    for made in &ledger.columns {
        let _ = writeln!(out, "  {:22}  {}", made.name, made.definition);
    }
}

fn section(
    out: &mut String,
    heading: &str,
    columns: Vec<&ColumnDecision>,
    plan: &Plan,
    table: &Table,
) {
    if columns.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{heading} ({})", columns.len());
    let wide = |text: &str| text.chars().count();
    let name_width = columns
        .iter()
        .map(|column| wide(&column.name))
        .max()
        .unwrap_or(0)
        .min(30);
    let group_width = if columns[0].fate == Fate::LeftOut {
        0
    } else {
        12
    };
    for column in columns {
        let group = column
            .group
            .map_or_else(String::new, |group| group.to_string());
        let mut reason = column.reason.clone();
        if let Some(formula) = plan.recipe.derive.get(&column.name) {
            let _ = write!(reason, " ({formula})");
        }
        reason.push_str(&reading_notes(column, table));
        let line = format!(
            "  {:name_width$}  {:10}  {group:group_width$}  {reason}  [{}]",
            column.name, column.role, column.change
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

/// Gaps and notation of a column of the file.
fn reading_notes(column: &ColumnDecision, table: &Table) -> String {
    let Some(at) = table.position(&column.name) else {
        return String::new();
    };
    let facts = table.facts(at);
    let mut notes = facts.notation.clone();
    if facts.missing > 0 {
        notes.push(format!("{} missing", facts.missing));
    }
    if let Some(misfits) = &facts.misfits {
        let (cells, problem) = (misfits.count(), misfits.problem());
        notes.push(format!("{cells} cells: {problem}"));
    }
    notes.iter().map(|note| format!("; {note}")).collect()
}

/// Decisions that somebody who knows the data should look at.
fn questions(out: &mut String, plan: &Plan) {
    let lines: Vec<String> = plan
        .please_check
        .iter()
        .map(|question| format!("{}  [{}]", question.sentence(), question.recipe))
        .collect();
    self::lines(out, "Please check", &lines);
}

fn steps(out: &mut String, plan: &Plan) {
    let segment = &plan.recipe.segment;
    let mut steps = Vec::new();
    match &plan.recipe.input.id {
        Some(id) => steps.push(format!("{id} names the customer (--id COL changes it)")),
        None => steps.push("no column names the customer: rows are numbered (--id COL)".to_owned()),
    }
    for rule in &plan.recipe.clean.drop {
        steps.push(format!(
            "rows where {} are set aside: {}",
            rule.condition, rule.because
        ));
    }
    match segment.value_column() {
        Some(value) => steps.push(format!(
            "{value} is what a customer is worth (--value COL changes it)"
        )),
        None => steps.push(
            "no column says what a customer is worth: segments are ordered by size (--value COL)"
                .to_owned(),
        ),
    }
    // Weights are shares of the distance only where every feature has the same spread.
    if plan.group_shares.len() > 1 && segment.scale == Some(Scale::Standard) {
        let shares: Vec<String> = plan
            .group_shares
            .iter()
            .map(|(group, share)| format!("{group} {:.0} %", 100.0 * share))
            .collect();
        steps.push(format!("share of the distance: {}", shares.join(", ")));
    }
    lines(out, "Treatment", &steps);
}

fn lines(out: &mut String, heading: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{heading}");
    for line in lines {
        let _ = writeln!(out, "  {line}");
    }
}
