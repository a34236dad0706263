//! `tribus evidence`: how many segments, and are there any; nothing is written.

use tribus::segmentation::examine;

use super::Remarks;
use crate::args::Evidence;
use crate::failure::Failure;
use crate::json::EvidenceObject;
use crate::session::Session;
use crate::settings::Settings;
use crate::terminal::{self, EvidenceSummary, evidence_summary};

pub(super) fn run(typed: &Evidence, session: &Session) -> Result<(), Failure> {
    let settings = Settings::resolve(&typed.inputs, &typed.clustering, &typed.reading)?;
    let progress = session.terminal.progress();
    progress.stage("reading");
    let (recipe, table) = settings.read()?;
    let examined = examine(&recipe, &table, &|step| progress.watch(step))?;
    progress.clear();
    let notes = examined
        .plan
        .notes
        .iter()
        .chain(&examined.prepared.notices)
        .chain(&examined.warnings);
    let remarks = Remarks::of(&table).noting(notes);
    if session.terminal.json() {
        return terminal::object(&EvidenceObject::new(&examined, &remarks.all()));
    }
    let mut page = session.terminal.page();
    let summary = EvidenceSummary {
        evidence: &examined.evidence,
        customers: examined.prepared.ledger.used,
        verbose: session.terminal.verbose(),
    };
    evidence_summary(&mut page, &summary);
    session.terminal.say(&page.into_text())?;
    remarks.tell(session);
    Ok(())
}
