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
        refuse_folders_in_the_way(staging.path(), &target.path)?;
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

/// A folder with the name of one of our files would be lost.
fn refuse_folders_in_the_way(new: &Path, old: &Path) -> Result<(), ExportError> {
    for (file, is_folder) in entries(new)? {
        if !is_folder && old.join(&file).is_dir() {
            let path = old.to_path_buf();
            let file = file.display().to_string();
            return Err(ExportError::InTheWay { path, file });
        }
    }
    Ok(())
}
