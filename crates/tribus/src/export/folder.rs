//! A folder written all or nothing: filled beside its place, flushed to disk, then renamed into it.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::ExportError;
use crate::digest::sha256;

/// Lists the files of a folder with their digests, so that a later run knows what is its own.
const MARKER: &str = ".tribus";

/// Whether a folder may be written at `path`.
pub(super) fn check(path: &Path, force: bool) -> Result<(), ExportError> {
    let parent = parent_of(path);
    if !parent.is_dir() {
        return Err(ExportError::NoParent { path: parent });
    }
    if !path.exists() && !path.is_symlink() {
        return Ok(());
    }
    if !path.is_dir() {
        return Err(ExportError::NotAFolder {
            path: path.to_path_buf(),
        });
    }
    if force { Ok(()) } else { check_ours(path) }
}

fn parent_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
        Some(parent) => parent.to_path_buf(),
        None => PathBuf::from("/"),
    }
}

/// Every file in the folder is one that Tribus wrote and nobody changed.
pub(super) fn check_ours(path: &Path) -> Result<(), ExportError> {
    let listed = listed(path);
    for file in files_in(path)? {
        if file == MARKER {
            continue;
        }
        let Some(digest) = listed.get(&file) else {
            return Err(ExportError::NotOurs {
                path: path.to_path_buf(),
                file,
            });
        };
        let bytes = fs::read(path.join(&file)).map_err(|source| ExportError::Read {
            path: path.join(&file),
            source,
        })?;
        if sha256(&bytes) != *digest {
            return Err(ExportError::Edited {
                path: path.to_path_buf(),
                file,
            });
        }
    }
    Ok(())
}

/// The files the marker lists, with their digests; none without a marker.
fn listed(path: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(path.join(MARKER)).unwrap_or_default();
    text.lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(digest, file)| (file.to_owned(), digest.to_owned()))
        .collect()
}

/// All files below a folder, relative to it, in alphabetical order.
pub(super) fn files_in(folder: &Path) -> Result<Vec<String>, ExportError> {
    let mut files = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(below) = open.pop() {
        let path = folder.join(&below);
        let unreadable = |source| ExportError::Read {
            path: path.clone(),
            source,
        };
        for entry in fs::read_dir(&path).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = below.join(entry.file_name());
            if entry.file_type().map_err(unreadable)?.is_dir() {
                open.push(name);
            } else {
                files.push(name.to_string_lossy().into_owned());
            }
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// The folder beside the target that is filled first. Removed when dropped before [`Staging::commit`].
pub(super) struct Staging {
    target: PathBuf,
    path: PathBuf,
    digests: BTreeMap<String, String>,
    done: bool,
}

impl Staging {
    pub(super) fn begin(target: &Path) -> Result<Self, ExportError> {
        let name = target
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let path = parent_of(target).join(format!(".{name}.tribus-{}", std::process::id()));
        // What a killed run of the same process number left behind.
        let _ = fs::remove_dir_all(&path);
        let failed = |source| ExportError::Write {
            path: target.to_path_buf(),
            source,
        };
        fs::create_dir(&path).map_err(failed)?;
        let staging = Self {
            target: target.to_path_buf(),
            path,
            digests: BTreeMap::new(),
            done: false,
        };
        restrict(&staging.path, 0o700).map_err(failed)?;
        Ok(staging)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes one file and flushes it to disk.
    pub(super) fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), ExportError> {
        let path = self.path.join(name);
        let failed = |source| ExportError::Write {
            path: self.target.join(name),
            source,
        };
        // Never the folder itself: whoever removed it wants nothing written.
        if let Some(folder) = path.parent().filter(|folder| **folder != self.path)
            && !folder.is_dir()
        {
            fs::create_dir(folder).map_err(failed)?;
            restrict(folder, 0o700).map_err(failed)?;
        }
        write_private(&path, bytes).map_err(failed)?;
        if name != MARKER {
            self.digests.insert(name.to_owned(), sha256(bytes));
        }
        Ok(())
    }

    /// Puts the folder in its place; gives the names of its files. Files of others stay where `force` let them be.
    pub(super) fn commit(mut self, force: bool) -> Result<Vec<String>, ExportError> {
        let marker: String = self
            .digests
            .iter()
            .map(|(file, digest)| format!("{digest}  {file}\n"))
            .collect();
        self.write(MARKER, marker.as_bytes())?;
        let target = self.target.clone();
        let failed = |source| ExportError::Write {
            path: target.clone(),
            source,
        };
        if target.exists() {
            self.replace(force).map_err(failed)?;
        } else {
            fs::rename(&self.path, &target).map_err(failed)?;
        }
        self.done = true;
        // The renaming itself must survive a power cut; some systems cannot open folders, and then nothing can be done.
        if let Ok(parent) = File::open(parent_of(&target)) {
            let _ = parent.sync_all();
        }
        Ok(std::mem::take(&mut self.digests).into_keys().collect())
    }

    fn replace(&self, force: bool) -> io::Result<()> {
        let mut old = self.path.clone().into_os_string();
        old.push("-old");
        let old = PathBuf::from(old);
        let _ = fs::remove_dir_all(&old);
        let ours = listed(&self.target);
        fs::rename(&self.target, &old)?;
        if let Err(error) = fs::rename(&self.path, &self.target) {
            fs::rename(&old, &self.target)?;
            return Err(error);
        }
        if force {
            let others = files_in(&old).unwrap_or_default();
            for file in others
                .iter()
                .filter(|file| *file != MARKER && !ours.contains_key(*file))
            {
                let place = self.target.join(file);
                if place.exists() {
                    continue;
                }
                if let Some(folder) = place.parent() {
                    fs::create_dir_all(folder)?;
                }
                fs::rename(old.join(file), place)?;
            }
        }
        fs::remove_dir_all(&old)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.done {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(unix)]
fn restrict(folder: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(mode))
}

#[cfg(not(unix))]
fn restrict(_folder: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}
