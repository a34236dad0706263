//! Files of other people in a folder of ours: they stand in the new folder before the old one goes.

use std::fs;
use std::io;
use std::path::Path;

use super::ExportError;
use super::marker::{MARKER, Marker};
use super::target::entries;

/// What happens to a file of other people.
#[derive(Clone, Copy)]
pub(super) enum Carry {
    /// It stands in both folders.
    Link,
    /// It leaves the old folder.
    Move,
}

/// Brings what is not ours from `old` to `new`. What stands there already stays as it is.
pub(super) fn carry(old: &Path, new: &Path, ours: &Marker, how: Carry) -> Result<(), ExportError> {
    carry_below(old, new, "", ours, how)
}

fn carry_below(
    old: &Path,
    new: &Path,
    prefix: &str,
    ours: &Marker,
    how: Carry,
) -> Result<(), ExportError> {
    for (name, is_folder) in entries(old)? {
        let file = format!("{prefix}{}", name.display());
        let (from, to) = (old.join(&name), new.join(&name));
        if file == MARKER || ours.files.contains_key(&file) {
            continue;
        }
        let is_there = fs::symlink_metadata(&to).is_ok();
        match how {
            _ if is_folder && to.is_dir() => {
                carry_below(&from, &to, &format!("{file}/"), ours, how)?;
            }
            _ if is_there => {}
            Carry::Move => fs::rename(&from, &to).map_err(ExportError::at(&to))?,
            Carry::Link if is_folder => copy_folder(&from, &to).map_err(ExportError::at(&from))?,
            Carry::Link => link(&from, &to).map_err(ExportError::at(&from))?,
        }
    }
    Ok(())
}

/// The same folder once more; its files are linked. Nothing is left out: it is not ours.
fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &to)?;
        } else {
            link(&entry.path(), &to)?;
        }
    }
    // Last, for a folder that may only be read takes no files.
    fs::set_permissions(to, fs::metadata(from)?.permissions())
}

/// The same file under a second name, or a copy on the disk where the file system has no second names.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    if fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    fs::copy(from, to)?;
    fs::File::open(to)?.sync_all()
}

/// What is not ours and has the name of one of our files would be lost: it may be the input itself.
pub(super) fn refuse_in_the_way(new: &Path, old: &Path, ours: &Marker) -> Result<(), ExportError> {
    refuse_below(new, old, "", ours)
}

fn refuse_below(new: &Path, old: &Path, prefix: &str, ours: &Marker) -> Result<(), ExportError> {
    for (name, is_folder) in entries(new)? {
        let file = format!("{prefix}{}", name.display());
        let there = old.join(&name);
        let is_ours = file == MARKER || ours.files.contains_key(&file);
        let is_there = fs::symlink_metadata(&there).is_ok();
        if is_folder && there.is_dir() {
            refuse_below(&new.join(&name), &there, &format!("{file}/"), ours)?;
        } else if is_there && (is_folder || there.is_dir() || !is_ours) {
            let path = old.to_path_buf();
            return Err(ExportError::InTheWay { path, file });
        }
    }
    Ok(())
}

/// The first file or folder (by name) that we did not write.
pub(super) fn first_foreign(folder: &Path, marker: &Marker) -> Result<Option<String>, ExportError> {
    first_below(folder, "", marker)
}

fn first_below(
    folder: &Path,
    prefix: &str,
    marker: &Marker,
) -> Result<Option<String>, ExportError> {
    for (name, is_folder) in entries(folder)? {
        let file = format!("{prefix}{}", name.display());
        let inside = format!("{file}/");
        if is_folder && marker.files.keys().any(|ours| ours.starts_with(&inside)) {
            if let Some(foreign) = first_below(&folder.join(&name), &inside, marker)? {
                return Ok(Some(foreign));
            }
        } else if file != MARKER && !marker.files.contains_key(&file) {
            return Ok(Some(file));
        }
    }
    Ok(None)
}
