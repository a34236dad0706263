//! `tribus prepare`: the cleaned table with its derived columns.

use std::path::Path;

use tribus::segmentation::prepare;

use super::Remarks;
use crate::args::Prepare;
use crate::destination::Destination;
use crate::failure::Failure;
use crate::json::{PrepareObject, Rows};
use crate::session::Session;
use crate::settings::Settings;
use crate::terminal::{self, Shown, count};
use tribus::export::write_prepared;

pub(super) fn run(typed: &Prepare, session: &Session) -> Result<(), Failure> {
    let destination = Destination::of(typed.table.output.as_deref());
    let format = destination.format(typed.table.format);
    destination.check(&typed.inputs, format, session)?;
    if let Some(recipe) = &typed.clustering.recipe {
        destination.spare(Path::new(recipe), "the recipe")?;
    }
    let settings = Settings::resolve(&typed.inputs, &typed.clustering, &typed.reading)?;
    let progress = session.terminal.progress();
    progress.stage("reading");
    let (recipe, table) = settings.read()?;
    progress.stage("preparing");
    let (plan, pipeline, prepared) = prepare(&recipe, &table)?;
    progress.clear();
    let id = pipeline.id.as_deref();
    let guarded = destination.write(session, |out| {
        write_prepared(out, format.into(), &prepared, &table, id, typed.raw)
    })?;
    let remarks = Remarks::of(&table)
        .noting(plan.notes.iter().chain(&prepared.notices))
        .guarded(guarded.cells);
    let ledger = &prepared.ledger;
    if session.terminal.json() {
        let schema = prepared.batch.schema();
        return terminal::object(&PrepareObject {
            rows: Rows::of(ledger),
            repaired: &ledger.repaired,
            columns: schema
                .fields()
                .iter()
                .map(|field| field.name().as_str())
                .collect(),
            output: destination.path(),
            warnings: &remarks.all(),
        });
    }
    let account = format!(
        "{} rows read = {} written + {} set aside\n",
        count(ledger.read),
        count(ledger.used),
        count(ledger.rows_set_aside())
    );
    session.terminal.tell(&Shown::plain(&account));
    for entry in ledger.set_aside.iter().filter(|entry| entry.rows > 0) {
        let line = format!("  {} set aside: {}\n", count(entry.rows), entry.reason);
        session.terminal.tell(&Shown::plain(&line));
    }
    remarks.tell(session);
    Ok(())
}
