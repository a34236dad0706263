//! `tribus assign`: new customers to the segments of a saved segmentation.

use tribus::segmentation::{AssignOptions, Customers, Segmentation};
use tribus::source::MaxRejects;
use tribus::table::Table;

use super::Remarks;
use super::fail_on::{self, Findings};
use super::segment::{ALL, check_kept, customer_options};
use crate::args::{Assign, FailOn, Format, Reading};
use crate::destination::Destination;
use crate::failure::Failure;
use crate::json::AssignObject;
use crate::session::Session;
use crate::settings::{read_new, read_new_or_none};
use crate::terminal::{self, Shown, count};
use tribus::export::{Guarded, Hashed, Lineage, write_customers};

/// Behind the name of a scored file: the file that says what it was made of.
const LINEAGE: &str = ".lineage.json";

pub(super) fn run(typed: &Assign, session: &Session) -> Result<(), Failure> {
    let output = Output::of(typed, session)?;
    let segmentation = Segmentation::open(&typed.segmentation)?;
    let progress = session.terminal.progress();
    progress.stage("reading");
    let table = read(&segmentation, typed)?;
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
    let guarded = output.write(typed, (&segmentation, &table, &customers), session)?;
    let remarks = Remarks::of(&table)
        .noting(&customers.notices)
        .guarded(guarded.cells);
    if session.terminal.json() {
        let warnings = remarks.all();
        let path = output.destination.path();
        let object = AssignObject::new(&segmentation, &customers, path, &warnings);
        terminal::object(&object)?;
    } else {
        session.terminal.tell(&Shown::plain(&account(&customers)));
        remarks.tell(session);
    }
    let found = Findings {
        has_drifted: has_drifted(&customers),
        rejects: table.rejects(),
        please_check: segmentation.please_check(),
    };
    fail_on::check(&typed.checks.fail_on, &found)
}

/// Whether the customers changed since the segments were made; none where the model keeps nothing to compare with.
fn has_drifted(customers: &Customers) -> Option<bool> {
    let drift = customers.drift.as_ref().map(|drift| drift.changed);
    // Nobody is no change.
    drift.or((customers.ledger.read == 0).then_some(false))
}

/// Where the scored rows go, and what is said of them there.
struct Output {
    destination: Destination,
    format: Format,
    lineage: Option<Destination>,
}

impl Output {
    /// Refuses what can be known to fail before the work is done.
    fn of(typed: &Assign, session: &Session) -> Result<Self, Failure> {
        let destination = Destination::of(typed.table.output.as_deref());
        let format = destination.format(typed.table.format);
        destination.check(&typed.inputs, format, session)?;
        let lineage = destination.beside(LINEAGE).filter(|_| !typed.no_lineage);
        if let Some(lineage) = &lineage {
            lineage.check(&typed.inputs, format, session)?;
        }
        Ok(Self {
            destination,
            format,
            lineage,
        })
    }

    /// Writes the rows, then their lineage: it names the digest of the rows, so one that is older than they are is seen.
    fn write(
        &self,
        typed: &Assign,
        (segmentation, table, customers): (&Segmentation, &Table, &Customers),
        session: &Session,
    ) -> Result<Guarded, Failure> {
        let (options, format) = (customer_options(&typed.customers), self.format.into());
        let mut digest = String::new();
        let guarded = self.destination.write(session, |out| {
            let mut out = Hashed::new(out);
            let guarded =
                write_customers(&mut out, segmentation, table, customers, &options, format)?;
            digest = out.digest();
            Ok(guarded)
        })?;
        if let (Some(lineage), Some(name)) = (&self.lineage, self.destination.name()) {
            let line = Lineage::of((name, digest), segmentation, table, customers).to_line();
            lineage.write_text(&line, session)?;
        }
        Ok(guarded)
    }
}

fn read(segmentation: &Segmentation, typed: &Assign) -> Result<Table, Failure> {
    let (files, reading, as_of) = (&typed.inputs, &all_fit_or_fail(typed), typed.as_of);
    if !typed.allow_empty {
        return read_new(segmentation, files, reading, as_of);
    }
    let keep = typed.customers.keep.iter().filter(|name| *name != ALL);
    let keep: Vec<String> = keep.cloned().collect();
    read_new_or_none(segmentation, files, reading, as_of, &keep)
}

/// Every row must fit unless the flags say else: a customer left out of a list is noticed by nobody.
pub(super) fn all_fit(typed: &Reading) -> Reading {
    limited(typed, Some(MaxRejects::Count(0)))
}

/// The same, unless rejects make the command fail: then they are noticed, and the usual limit holds.
fn all_fit_or_fail(typed: &Assign) -> Reading {
    let is_noticed = typed.checks.fail_on.contains(&FailOn::Rejects);
    limited(
        &typed.reading,
        (!is_noticed).then_some(MaxRejects::Count(0)),
    )
}

fn limited(typed: &Reading, most: Option<MaxRejects>) -> Reading {
    Reading {
        max_rejects: typed.max_rejects.or(most),
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
