//! `tribus report`: everything in a folder, written again from its model, with another number of segments if asked.

use std::path::{Path, PathBuf};

use tribus::export::{Pictures, Rewrite};
use tribus::segmentation::{Customers, Segmentation};
use tribus::table::Table;

use super::Remarks;
use super::segment::{open_report, pictures};
use crate::args::{Inputs, Report};
use crate::failure::Failure;
use crate::json::RefreshObject;
use crate::mode;
use crate::results::{PATIENCE, Results};
use crate::session::Session;
use crate::settings::read_new;
use crate::terminal::{self, link, shell_word};

pub(super) fn run(typed: &Report, session: &Session) -> Result<(), Failure> {
    let (results, segmentation) = claimed(&typed.folder, session)?;
    let segmentation = changed(segmentation, typed)?;
    let rows = rows(&segmentation, typed, session)?;
    let remarks = rows.as_ref().map_or_else(Remarks::default, |rows| {
        of_rows(&segmentation, &rows.0, &rows.1)
    });
    let again = Again {
        customers: rows.as_ref().map(|(table, customers)| (table, customers)),
        pictures: pictures(typed.pictures),
        changed: None,
        remarks,
    };
    write_again(session, &typed.folder, results, &segmentation, again)?;
    if typed.open {
        open_report(session, &typed.folder);
    }
    Ok(())
}

/// The segmentation as it is asked for now.
fn changed(mut segmentation: Segmentation, typed: &Report) -> Result<Segmentation, Failure> {
    if let Some(k) = typed.k {
        segmentation = segmentation.with_number(k.get())?;
    }
    if let Some(value) = &typed.value {
        segmentation = segmentation.with_value(value)?;
    }
    if let Some(title) = &typed.title {
        let title = title.trim();
        segmentation.set_title((!title.is_empty()).then(|| title.to_owned()));
    }
    if let Some(language) = typed.language {
        segmentation.set_language(language);
    }
    Ok(segmentation)
}

/// The input again, where it is given, and the segments of its customers.
fn rows(
    segmentation: &Segmentation,
    typed: &Report,
    session: &Session,
) -> Result<Option<(Table, Customers)>, Failure> {
    if typed.inputs.is_empty() {
        return Ok(None);
    }
    let given = Inputs {
        inputs: typed.inputs.clone(),
    };
    let progress = session.terminal.progress();
    progress.stage("reading");
    let table = read_new(segmentation, &given, &typed.reading, None)?;
    let customers = segmentation.assign(&table).map_err(Failure::of_new_rows)?;
    progress.clear();
    Ok(Some((table, customers)))
}

/// What is to be said of the input, and of its rows beside those that were segmented.
fn of_rows(segmentation: &Segmentation, table: &Table, customers: &Customers) -> Remarks {
    let mut remarks = Remarks::of(table).noting(&customers.notices);
    if table.digest() != segmentation.manifest().rows_sha256 {
        remarks.warnings.push(
            "the input holds other rows than those the segments were made from: customers.csv is of these rows, all else of those"
                .to_owned(),
        );
    }
    remarks
}

/// The segmentation of a folder that is to be written again. The folder is claimed before it is read, so that what another
/// process changes at the same time is not lost.
pub(super) fn claimed<'s>(
    folder: &Path,
    session: &'s Session,
) -> Result<(Results<'s>, Segmentation), Failure> {
    if folder.is_file() {
        return Err(Failure::usage(
            format!("{} is a file", folder.display()),
            "give the folder that `tribus segment` wrote",
        ));
    }
    if !folder.is_dir() {
        // There is nothing to claim; the error of opening it says why.
        Segmentation::open(folder)?;
    }
    let results = Results::claim(folder, PATIENCE, session)?;
    let segmentation = Segmentation::open(folder)?;
    Ok((results, segmentation))
}

/// How a folder is written again, and what to say of it.
#[derive(Debug, Default)]
pub(super) struct Again<'a> {
    pub(super) customers: Option<(&'a Table, &'a Customers)>,
    pub(super) pictures: Pictures,
    /// What was changed, in words.
    pub(super) changed: Option<String>,
    /// What is to be said of the input.
    pub(super) remarks: Remarks,
}

/// Writes the folder again and says so, behind what was changed.
pub(super) fn write_again(
    session: &Session,
    folder: &Path,
    results: Results<'_>,
    segmentation: &Segmentation,
    again: Again<'_>,
) -> Result<(), Failure> {
    let had: Vec<PathBuf> = ["customers.csv", "customers.parquet"]
        .map(|name| folder.join(name))
        .into_iter()
        .filter(|path| path.exists())
        .collect();
    let rewrite = Rewrite {
        customers: again.customers,
        pictures: again.pictures,
        mode: mode::asked(),
    };
    let watch = results.watch();
    let written = results.rewrite(segmentation, &rewrite, &watch)?;
    drop(watch);
    drop(results);
    let gone = had.iter().filter(|path| !path.exists());
    let mut remarks = again.remarks.guarded(written.guarded.cells);
    remarks
        .warnings
        .extend(gone.map(|path| needs_the_input(path, folder)));
    if session.terminal.json() {
        return terminal::object(&RefreshObject {
            output: folder.display().to_string(),
            files: &written.files,
            segments: segmentation.names().collect(),
            warnings: &remarks.all(),
        });
    }
    let mut page = session.terminal.page();
    if let Some(changed) = &again.changed {
        page.hanging("", changed);
    }
    let report = page.bold("Report");
    page.line(&format!("{report}  {}", link(&folder.join("report.html"))));
    session.terminal.say(&page.into_text())?;
    remarks.tell(session);
    Ok(())
}

fn needs_the_input(customers: &Path, folder: &Path) -> String {
    let name = customers.file_name().unwrap_or_default();
    format!(
        "{} held the segments of before and is gone: it needs the input again, tribus report {} INPUT",
        name.to_string_lossy(),
        shell_word(folder)
    )
}
