//! `tribus inspect`: what would be read, and how; nothing is clustered.

use tribus::inspect;
use tribus::plan::Plan;

use super::Remarks;
use crate::args::Inspect;
use crate::failure::Failure;
use crate::session::Session;
use crate::settings::Settings;
use crate::terminal::{self, Shown};

pub(super) fn run(typed: &Inspect, session: &Session) -> Result<(), Failure> {
    let settings = Settings::resolve(&typed.inputs, &typed.clustering, &typed.reading)?;
    let progress = session.terminal.progress();
    progress.stage("reading");
    let (recipe, table) = settings.read()?;
    let plan = Plan::make(&recipe, &table)?;
    progress.clear();
    if session.terminal.json() {
        return terminal::object(&inspect::json(&table, &plan));
    }
    terminal::print(&Shown::plain(&inspect::text(&table, &plan)))?;
    Remarks::of(&table).tell(session);
    Ok(())
}
