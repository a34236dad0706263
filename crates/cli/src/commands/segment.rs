//! `tribus segment`: from files to a folder of results.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tribus::recipe::Recipe;
use tribus::segmentation::Segmentation;
use tribus::table::Table;

use super::fail_on::{self, Findings};
use super::{Remarks, reading_lines};
use crate::args::{self, CustomerTable, Segment};
use crate::failure::Failure;
use crate::json::{SegmentObject, Written};
use crate::mode;
use crate::results::Results;
use crate::session::Session;
use crate::settings::{Settings, default_folder};
use crate::terminal::{self, SegmentSummary, Shown, link, segment_summary, shell_word};
use tribus::export::{
    self, CustomerOptions, CustomersFormat, FolderOptions, Keep, Pictures, WORKBOOK_ROWS,
};

/// As a column to carry: every one.
pub(super) const ALL: &str = "all";

/// Where and how the results are written.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) folder: PathBuf,
    pub(super) force: bool,
    pub(super) open: bool,
    pub(super) format: CustomersFormat,
    /// Asked for, refused, or by the number of rows.
    pub(super) workbook: Option<bool>,
    pub(super) pictures: Pictures,
}

pub(super) fn run(typed: &Segment, session: &Session) -> Result<(), Failure> {
    fail_on::refuse_drift(&typed.checks.fail_on)?;
    let output = Output {
        folder: typed
            .output
            .clone()
            .unwrap_or_else(|| default_folder(&typed.inputs)),
        force: typed.force,
        open: typed.open,
        format: typed.format.map(customers_format).unwrap_or_default(),
        workbook: (typed.xlsx || typed.no_xlsx).then_some(typed.xlsx),
        pictures: pictures(typed.pictures),
    };
    let settings = Settings::resolve(&typed.inputs, &typed.clustering, &typed.reading)?;
    let results = Results::claim(&output.folder, Duration::ZERO, session)?;
    results.check(output.force)?;
    let progress = session.terminal.progress();
    progress.stage("reading");
    let (recipe, table) = settings.read()?;
    progress.clear();
    check_kept(&table, &typed.customers)?;
    let customers = customer_options(&typed.customers);
    let segmentation = segment(session, &recipe, &table, customers, &output, results)?;
    let found = Findings {
        has_drifted: None,
        rejects: table.rejects(),
        please_check: segmentation.please_check(),
    };
    fail_on::check(&typed.checks.fail_on, &found)
}

/// Columns to carry must be there: better known before the work than after it.
pub(super) fn check_kept(table: &Table, typed: &CustomerTable) -> Result<(), Failure> {
    for name in typed.keep.iter().filter(|name| *name != ALL) {
        table.require(name)?;
    }
    Ok(())
}

/// How customers are written, in the words of the library.
pub(super) fn customer_options(typed: &CustomerTable) -> CustomerOptions {
    let keep = if typed.keep.is_empty() {
        Keep::Nothing
    } else if typed.keep.iter().any(|name| name == ALL) {
        Keep::All
    } else {
        Keep::Columns(typed.keep.clone())
    };
    CustomerOptions {
        keep,
        raw: typed.raw,
    }
}

pub(super) fn pictures(typed: args::Pictures) -> Pictures {
    Pictures {
        pdf: typed.pdf,
        png: typed.png,
    }
}

fn customers_format(format: args::CustomersFormat) -> CustomersFormat {
    match format {
        args::CustomersFormat::Csv => CustomersFormat::Csv,
        args::CustomersFormat::Parquet => CustomersFormat::Parquet,
    }
}

/// Makes a segmentation of a table, writes its folder and says what came of it.
pub(super) fn segment(
    session: &Session,
    recipe: &Recipe,
    table: &Table,
    customers: CustomerOptions,
    output: &Output,
    results: Results<'_>,
) -> Result<Segmentation, Failure> {
    let progress = session.terminal.progress();
    let watch = |step| progress.watch(step);
    let (segmentation, assigned) = Segmentation::fit_assigned(recipe, table, &watch)?;
    progress.stage("writing");
    let options = FolderOptions {
        input: recipe.input.clone(),
        customers,
        format: output.format,
        force: output.force,
        workbook: output.workbook.unwrap_or(table.rows() <= WORKBOOK_ROWS),
        pictures: output.pictures,
        mode: mode::asked(),
    };
    let watch = results.watch();
    let written = results.write(&segmentation, table, &assigned, &options, &watch)?;
    // What is said of the results may wait for a reader; the next command need not.
    drop(watch);
    drop(results);
    progress.clear();
    let remarks = Remarks::of(table)
        .noting(segmentation.notes())
        .guarded(written.guarded.cells);
    tell(session, &segmentation, table, output, &written, &remarks)?;
    Ok(segmentation)
}

fn tell(
    session: &Session,
    segmentation: &Segmentation,
    table: &Table,
    output: &Output,
    written: &export::Written,
    remarks: &Remarks,
) -> Result<(), Failure> {
    let terminal = &session.terminal;
    let folder = output.folder.as_path();
    if terminal.json() {
        let written = Written {
            folder,
            files: &written.files,
            warnings: &remarks.all(),
        };
        terminal::object(&SegmentObject::new(segmentation, written))?;
    } else {
        let mut page = terminal.page();
        let readings = reading_lines(table);
        let summary = SegmentSummary {
            segmentation,
            verbose: terminal.verbose(),
            readings: &readings,
        };
        segment_summary(&mut page, &summary);
        page.blank();
        terminal.say(&page.into_text())?;
        remarks.tell(session);
        terminal.say(&farewell(session, folder, !remarks.is_empty()))?;
    }
    if output.open {
        open_report(session, folder);
    }
    Ok(())
}

/// Where the report is, and what to do next.
fn farewell(session: &Session, folder: &Path, apart: bool) -> Shown {
    let mut page = session.terminal.page();
    if apart && session.terminal.is_interactive() {
        page.blank();
    }
    let report = page.bold("Report");
    page.line(&format!("{report}  {}", link(&folder.join("report.html"))));
    let next = page.bold("Next");
    page.line(&format!(
        "{next}    tribus assign {} NEW-CUSTOMERS.csv",
        shell_word(folder)
    ));
    page.into_text()
}

/// Opens the report in the browser; where that fails, the user can still open it by hand.
pub(super) fn open_report(session: &Session, folder: &Path) {
    let report = folder.join("report.html");
    let (program, before): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/c", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    let opened = Command::new(program)
        .args(before)
        .arg(&report)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !opened.is_ok_and(|status| status.success()) {
        session.terminal.warn(&format!(
            "the report could not be opened ({program}); open {}",
            link(&report)
        ));
    }
}
