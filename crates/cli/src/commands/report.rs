//! `tribus report`: everything in a folder, written again from its model.

use std::path::Path;

use tribus::segmentation::Segmentation;

use super::Session;
use super::segment::open_report;
use crate::args::Report;
use crate::failure::Failure;
use crate::json::RefreshObject;
use crate::terminal::{self, link};
use tribus::export::refresh_folder;

pub(super) fn run(typed: &Report, session: &Session) -> Result<(), Failure> {
    let segmentation = open_folder(&typed.folder)?;
    refresh(session, &typed.folder, &segmentation, None)?;
    if typed.open {
        open_report(session, &typed.folder);
    }
    Ok(())
}

/// The segmentation of a folder that is to be written again.
pub(super) fn open_folder(folder: &Path) -> Result<Segmentation, Failure> {
    if folder.is_file() {
        return Err(Failure::usage(
            format!("{} is a file", folder.display()),
            "give the folder that `tribus segment` wrote",
        ));
    }
    Ok(Segmentation::open(folder)?)
}

/// Writes the folder again and says so, behind what was changed.
pub(super) fn refresh(
    session: &Session,
    folder: &Path,
    segmentation: &Segmentation,
    changed: Option<&str>,
) -> Result<(), Failure> {
    let staged = |path: &Path| session.interrupt.staged(path);
    let written = refresh_folder(folder, segmentation, &staged)?;
    if session.terminal.json() {
        let names = 0..segmentation.k;
        return terminal::object(&RefreshObject {
            output: folder.display().to_string(),
            files: &written.files,
            segments: names.map(|at| segmentation.name(at)).collect(),
            warnings: &[],
        });
    }
    let mut page = session.terminal.page();
    if let Some(changed) = changed {
        page.hanging("", changed);
    }
    let report = page.bold("Report");
    page.line(&format!("{report}  {}", link(&folder.join("report.html"))));
    session.terminal.say(&page.into_text())
}
