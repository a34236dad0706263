//! Whether a folder may be written: it must not exist, or be ours and untouched, or be given up by force.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::ExportError;
use super::foreign::first_foreign;
use super::marker::Marker;

/// Where a folder is to be written.
#[derive(Debug)]
pub(super) struct Target {
    /// The folder, links followed.
    pub(super) path: PathBuf,
    /// The folder it stands in.
    pub(super) parent: PathBuf,
    /// Its name.
    pub(super) name: String,
}

impl Target {
    /// Looks at `path`.
    pub(super) fn find(path: &Path) -> Result<Self, ExportError> {
        let exists = match fs::metadata(path) {
            Ok(found) if !found.is_dir() => {
                let path = path.to_path_buf();
                return Err(ExportError::NotAFolder { path });
            }
            Ok(_) => true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(source) => return Err(unreachable_folder(path, source)),
        };
        // The folder behind a link is replaced, not the link.
        let resolved = if exists {
            fs::canonicalize(path).map_err(ExportError::at(path))?
        } else {
            path.to_path_buf()
        };
        let no_name = || ExportError::NoName {
            path: path.to_path_buf(),
        };
        let name = resolved.file_name().ok_or_else(no_name)?;
        let name = name.to_string_lossy().into_owned();
        let parent = match resolved.parent() {
            Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
            Some(parent) => parent.to_path_buf(),
            None => return Err(no_name()),
        };
        if !parent.is_dir() {
            let path = path.to_path_buf();
            return Err(ExportError::NoParent { path, parent });
        }
        Ok(Self {
            path: resolved,
            parent,
            name,
        })
    }

    /// Whether it may be replaced, and by whose leave.
    pub(super) fn check(&self, force: bool) -> Result<(), ExportError> {
        if force || !self.path.exists() {
            return Ok(());
        }
        let path = || self.path.clone();
        let Some(marker) = Marker::read(&self.path) else {
            return Err(ExportError::NotOurs { path: path() });
        };
        if let Some(file) = marker.first_edited(&self.path, true) {
            let file = file.to_owned();
            return Err(ExportError::Edited { path: path(), file });
        }
        match first_foreign(&self.path, &marker)? {
            Some(file) => Err(ExportError::Foreign { path: path(), file }),
            None => Ok(()),
        }
    }
}

/// Names in a folder, sorted, and whether each is a folder itself.
pub(super) fn entries(folder: &Path) -> Result<Vec<(OsString, bool)>, ExportError> {
    let list = || -> io::Result<Vec<(OsString, bool)>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if !is_dropping(&entry.file_name()) {
                names.push((entry.file_name(), entry.file_type()?.is_dir()));
            }
        }
        names.sort();
        Ok(names)
    };
    list().map_err(ExportError::at(folder))
}

/// What file managers and office programs leave in a folder that somebody looked at: nobody's work.
fn is_dropping(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    matches!(name.as_ref(), ".DS_Store" | "Thumbs.db" | "desktop.ini")
        || name.starts_with(".~lock.")
        || name.starts_with("~$")
}

/// What keeps us from looking at `path`: most often, that something above it is a file.
fn unreachable_folder(path: &Path, source: io::Error) -> ExportError {
    match path.parent() {
        Some(parent) if source.kind() == io::ErrorKind::NotADirectory => ExportError::NoParent {
            path: path.to_path_buf(),
            parent: parent.to_path_buf(),
        },
        _ => ExportError::at(path)(source),
    }
}
