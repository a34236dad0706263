//! `tribus rollup`: purchases to one row per customer.

use std::path::Path;

use tribus::export::write_table;

use super::Remarks;
use crate::args::Rollup;
use crate::destination::Destination;
use crate::failure::Failure;
use crate::json::{Purchases, RollupObject};
use crate::session::Session;
use crate::settings::Settings;
use crate::terminal::{self, Shown};

pub(super) fn run(typed: &Rollup, session: &Session) -> Result<(), Failure> {
    let destination = Destination::of(typed.table.output.as_deref());
    let format = destination.format(typed.table.format);
    destination.check(&typed.inputs, format, session)?;
    if let Some(recipe) = &typed.recipe {
        destination.spare(Path::new(recipe), "the recipe")?;
    }
    let settings = Settings::of_purchases(typed)?;
    let progress = session.terminal.progress();
    progress.stage("reading");
    let (_, table) = settings.read()?;
    progress.clear();
    let Some(ledger) = table.purchases() else {
        return Err(Failure::usage(
            format!("{} holds one row per customer already", table.file()),
            "if its rows are purchases, name the columns: [purchases] customer, date and amount in a recipe",
        ));
    };
    let guarded = destination.write(session, |out| {
        write_table(out, format.into(), &table, typed.raw)
    })?;
    let remarks = Remarks::of(&table)
        .noting(&ledger.notes)
        .guarded(guarded.cells);
    if session.terminal.json() {
        return terminal::object(&RollupObject {
            purchases: Purchases::of(ledger),
            output: destination.path(),
            warnings: &remarks.all(),
        });
    }
    let lines = ledger.told().join("\n");
    session.terminal.tell(&Shown::plain(&format!("{lines}\n")));
    remarks.tell(session);
    Ok(())
}
