//! `tribus forget`: one customer taken out of folders of results.

use std::path::{Path, PathBuf};

use tribus::export::Forgotten;
use tribus::words::counted;

use crate::args::Forget;
use crate::failure::Failure;
use crate::json::{ForgetObject, ForgottenEntry};
use crate::results::{PATIENCE, Results};
use crate::session::Session;
use crate::terminal::{self, shell_word};

pub(super) fn run(typed: &Forget, session: &Session) -> Result<(), Failure> {
    if typed.id.trim().is_empty() {
        return Err(Failure::usage(
            "the id is empty",
            "tribus forget ID DIR takes the id as it stands in customers.csv",
        ));
    }
    let folders = different(&typed.folders);
    // All are claimed before the first is changed, so that one that is busy stops the work before it begins.
    let mut claimed = Vec::with_capacity(folders.len());
    for folder in &folders {
        require_folder(folder)?;
        claimed.push(Results::claim(folder, PATIENCE, session)?);
    }
    let mut entries = Vec::with_capacity(folders.len());
    for (folder, results) in folders.iter().zip(claimed) {
        let watch = results.watch();
        let forgotten = results.forget(&typed.id, &watch)?;
        drop(watch);
        drop(results);
        tell(session, folder, &forgotten)?;
        entries.push(ForgottenEntry::new(folder, forgotten));
    }
    if session.terminal.json() {
        return terminal::object(&ForgetObject { folders: entries });
    }
    Ok(())
}

/// The folders, each once however it is written.
fn different(folders: &[PathBuf]) -> Vec<PathBuf> {
    let mut known = Vec::with_capacity(folders.len());
    let mut different = Vec::with_capacity(folders.len());
    for folder in folders {
        let place = folder.canonicalize().unwrap_or_else(|_| folder.clone());
        if !known.contains(&place) {
            known.push(place);
            different.push(folder.clone());
        }
    }
    different
}

/// A folder that is not there would be claimed, and then not be ours.
fn require_folder(folder: &Path) -> Result<(), Failure> {
    if folder.is_dir() {
        return Ok(());
    }
    Err(Failure::usage(
        format!("there is no folder {}", folder.display()),
        "name the folders that `tribus segment` wrote",
    ))
}

fn tell(session: &Session, folder: &Path, forgotten: &Forgotten) -> Result<(), Failure> {
    let mut page = session.terminal.page();
    let place = folder.display();
    if forgotten.removed.is_empty() {
        page.hanging(
            "",
            &format!("{place}: no line of this customer was found; nothing was changed."),
        );
    } else {
        let lines = forgotten
            .removed
            .iter()
            .map(|(file, lines)| format!("{} of {file}", counted(*lines, "line", "lines")));
        let lines: Vec<String> = lines.collect();
        page.hanging("", &format!("{place}: removed {}.", lines.join(", ")));
        let again = forgotten.make_again.iter();
        let mut again: Vec<&str> = again
            .map(|file| {
                file.split_once('/')
                    .map_or(file.as_str(), |(folder, _)| folder)
            })
            .collect();
        again.dedup();
        page.hanging(
            "  ",
            &format!(
                "{} count this customer among all others and cannot forget one. To make them again: tribus segment INPUT -o {}, on the input without the customer.",
                again.join(", "),
                shell_word(folder)
            ),
        );
    }
    for file in &forgotten.not_searched {
        page.hanging(
            "  ",
            &format!("{file} may hold this customer and was not searched: write it again with tribus report {}.", shell_word(folder)),
        );
    }
    session.terminal.say(&page.into_text())
}
