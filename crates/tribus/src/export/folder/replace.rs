//! The replacement of a folder by the one under way, and what is done with folders that killed runs left.
//!
//! | killed                            | the folder in place is | beside it stands             | the next run               |
//! |-----------------------------------|------------------------|------------------------------|----------------------------|
//! | before the replacement            | the old one            | the folder under way         | removes what is beside it  |
//! | after it                          | the new one            | the old folder               | removes what is beside it  |
//! | between two renames (no exchange) | not there              | the old one, ending in `-old`| puts the old one back      |
//!
//! Linux and macOS exchange two folders in one system call, so that the third line does not happen there.

use std::fs;
use std::io;
use std::path::Path;

use super::foreign::{Carry, carry, refuse_in_the_way};
use super::marker::Marker;
use super::staging::{OLD, Staging, UNDER_WAY, sync_folder, with_suffix};
use super::target::{Target, entries};
use super::{ExportError, FolderStep};

/// Moves the folder under way to its target.
pub(super) fn replace(mut staging: Staging<'_>, target: &Target) -> Result<(), ExportError> {
    let exists = target.path.exists();
    if exists {
        let ours = Marker::read(&target.path).unwrap_or_default();
        refuse_in_the_way(staging.path(), &target.path, &ours)?;
        carry(&target.path, staging.path(), &ours, Carry::Link)?;
        staging.step(FolderStep::ForeignKept)?;
    }
    staging.seal()?;
    staging.step(FolderStep::Replacing)?;
    let old = if exists {
        Some(swap(staging.path(), &target.path).map_err(ExportError::at(&target.path))?)
    } else {
        fs::rename(staging.path(), &target.path).map_err(ExportError::at(&target.path))?;
        None
    };
    let watch = staging.keep();
    // From here on the results are in place: nothing that fails or stops is a failure to write them.
    let _ = watch(FolderStep::Replaced);
    let _ = sync_folder(&target.parent);
    if let Some(old) = old {
        dissolve(&old, &target.path);
        let _ = watch(FolderStep::Cleared);
    }
    Ok(())
}

/// Puts the folder `new` in the place of `target`; returns where the old one is now.
fn swap(new: &Path, target: &Path) -> io::Result<std::path::PathBuf> {
    if exchange(new, target)? {
        return Ok(new.to_path_buf());
    }
    let old = with_suffix(new, OLD);
    fs::rename(target, &old)?;
    if let Err(error) = fs::rename(new, target) {
        fs::rename(&old, target)?;
        return Err(error);
    }
    Ok(old)
}

/// Exchanges two folders in one step; false where the system or the file system cannot.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Removes an old folder. A file of other people that came into it at the last moment moves into the new one.
/// What cannot be moved or removed stays for the next run.
fn dissolve(old: &Path, new: &Path) {
    let ours = Marker::read(old).unwrap_or_default();
    if carry(old, new, &ours, Carry::Move).is_ok() {
        let _ = fs::remove_dir_all(old);
    }
}

/// Removes what killed runs left beside a target; a folder they had moved away comes back. Only the holder of the claim may
/// do this, for nobody else is writing then.
pub(super) fn sweep(target: &Target) {
    let prefix = format!(".{}{UNDER_WAY}", target.name);
    // A folder that cannot be listed may still take new ones.
    for (name, is_folder) in entries(&target.parent).unwrap_or_default() {
        let Some(name) = name.to_str() else {
            continue;
        };
        let Some(number) = name.strip_prefix(&prefix).filter(|_| is_folder) else {
            continue;
        };
        let left = target.parent.join(name);
        if number.strip_suffix(OLD).is_some_and(is_number) {
            if target.path.exists() {
                dissolve(&left, &target.path);
            } else {
                // What cannot be moved stays; the next number is free.
                let _ = fs::rename(&left, &target.path);
            }
        } else if is_number(number) {
            if Marker::read(&left).is_some() && target.path.exists() {
                dissolve(&left, &target.path);
            } else {
                // Without its marker it was not complete: files of other people in it are second names.
                let _ = fs::remove_dir_all(&left);
            }
        }
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
