//! Moving a finished folder into place. What is not ours in the folder it replaces moves into the new one.

use std::fs;
use std::path::Path;

use super::ExportError;
use super::check::{Target, entries};
use super::marker::{MARKER, Marker};
use super::staging::{OLD, Staging, sync_folder, with_suffix};

/// Moves the staging folder to its target.
pub(super) fn place(mut staging: Staging, target: &Target) -> Result<(), ExportError> {
    let old = with_suffix(staging.path(), OLD);
    if target.exists {
        let ours = Marker::read(&target.path).unwrap_or_default();
        refuse_what_is_in_the_way(staging.path(), &target.path, "", &ours)?;
        fs::rename(&target.path, &old).map_err(ExportError::at(&target.path))?;
    }
    if let Err(source) = fs::rename(staging.path(), &target.path) {
        if target.exists {
            fs::rename(&old, &target.path).map_err(ExportError::at(&target.path))?;
        }
        return Err(ExportError::at(&target.path)(source));
    }
    staging.keep();
    if target.exists {
        dissolve(&old, &target.path)?;
    }
    sync_folder(&target.parent)
}

/// A folder that a killed run had moved away: back to its place, or dissolved if there is a new one.
pub(super) fn give_back(old: &Path, target: &Path) -> Result<(), ExportError> {
    if target.exists() {
        dissolve(old, target)
    } else {
        fs::rename(old, target).map_err(ExportError::at(target))
    }
}

/// Moves what is not ours into the new folder, removes the rest.
fn dissolve(old: &Path, new: &Path) -> Result<(), ExportError> {
    let ours = Marker::read(old).unwrap_or_default();
    move_foreign(old, new, "", &ours)?;
    fs::remove_dir_all(old).map_err(ExportError::at(old))
}

fn move_foreign(old: &Path, new: &Path, prefix: &str, ours: &Marker) -> Result<(), ExportError> {
    for (name, is_folder) in entries(old)? {
        let file = format!("{prefix}{}", name.display());
        let (from, to) = (old.join(&name), new.join(&name));
        let inside = format!("{file}/");
        if file == MARKER || ours.files.contains_key(&file) {
            continue;
        }
        if is_folder && to.is_dir() {
            move_foreign(&from, &to, &inside, ours)?;
        } else if !to.exists() {
            fs::rename(&from, &to).map_err(ExportError::at(&to))?;
        }
    }
    Ok(())
}

/// What is not ours and has the name of one of our files would be lost: it may be the input itself.
fn refuse_what_is_in_the_way(
    new: &Path,
    old: &Path,
    prefix: &str,
    ours: &Marker,
) -> Result<(), ExportError> {
    for (name, is_folder) in entries(new)? {
        let file = format!("{prefix}{}", name.display());
        let there = old.join(&name);
        let is_ours = file == MARKER || ours.files.contains_key(&file);
        let is_there = fs::symlink_metadata(&there).is_ok();
        if is_folder && there.is_dir() {
            let inside = format!("{file}/");
            refuse_what_is_in_the_way(&new.join(&name), &there, &inside, ours)?;
        } else if is_there && (is_folder || there.is_dir() || !is_ours) {
            let path = old.to_path_buf();
            return Err(ExportError::InTheWay { path, file });
        }
    }
    Ok(())
}
