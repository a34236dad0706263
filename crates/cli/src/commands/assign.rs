//! `tribus assign`: new customers to the segments of a saved segmentation.

use tribus::segmentation::{AssignOptions, Customers, Segmentation};
use tribus::source::MaxRejects;

use super::Remarks;
use super::segment::{check_kept, customer_options};
use crate::args::{Assign, Reading};
use crate::destination::Destination;
use crate::failure::Failure;
use crate::json::AssignObject;
use crate::session::Session;
use crate::settings::read_new;
use crate::terminal::{self, Shown, count};
use tribus::export::write_customers;

pub(super) fn run(typed: &Assign, session: &Session) -> Result<(), Failure> {
    let destination = Destination::of(typed.table.output.as_deref());
    let format = destination.format(typed.table.format);
    destination.check(&typed.inputs, format, session)?;
    let segmentation = Segmentation::open(&typed.segmentation)?;
    let progress = session.terminal.progress();
    progress.stage("reading");
    let table = read_new(
        &segmentation,
        &typed.inputs,
        &all_fit(&typed.reading),
        typed.as_of,
    )?;
    check_kept(&table, &typed.customers)?;
    progress.stage("assigning");
    let options = AssignOptions {
        as_of: typed.as_of,
        allow_duplicates: typed.allow_duplicates,
    };
    let customers = segmentation
        .assign_as(&table, &options)
        .map_err(Failure::of_new_rows)?;
    progress.clear();
    let options = customer_options(&typed.customers);
    let guarded = destination.write(session, |out| {
        write_customers(
            out,
            &segmentation,
            &table,
            &customers,
            &options,
            format.into(),
        )
    })?;
    let remarks = Remarks::of(&table)
        .noting(&customers.notices)
        .guarded(guarded.cells);
    if session.terminal.json() {
        let warnings = remarks.all();
        let object = AssignObject::new(&segmentation, &customers, destination.path(), &warnings);
        return terminal::object(&object);
    }
    session.terminal.tell(&Shown::plain(&account(&customers)));
    remarks.tell(session);
    Ok(())
}

/// Every row must fit unless the flags say else: a customer left out of a list is noticed by nobody.
fn all_fit(typed: &Reading) -> Reading {
    Reading {
        max_rejects: typed.max_rejects.or(Some(MaxRejects::Count(0))),
        ..typed.clone()
    }
}

/// Changes told one by one; `--json` tells all.
const CHANGES_TOLD: usize = 3;

/// Rows in = assigned + set aside, by reason; what changed since the segments were made.
fn account(customers: &Customers) -> String {
    let ledger = &customers.ledger;
    let mut lines = vec![format!(
        "{} rows read = {} assigned + {} set aside",
        count(ledger.read),
        count(ledger.used),
        count(ledger.rows_set_aside())
    )];
    let set_aside = ledger.set_aside.iter().filter(|entry| entry.rows > 0);
    lines.extend(
        set_aside.map(|entry| format!("  {} set aside: {}", count(entry.rows), entry.reason)),
    );
    let repaired = ledger.repaired.iter().filter(|repair| repair.cells > 0);
    lines.extend(repaired.map(|repair| {
        let cells = count(repair.cells);
        format!("  {}: {cells} repaired, {}", repair.column, repair.rule)
    }));
    let drift = customers.drift.iter();
    lines.extend(drift.flat_map(|drift| drift.lines(CHANGES_TOLD)));
    lines.push(String::new());
    lines.join("\n")
}
