//! A folder under way: made beside its target, filled, and either moved into place or removed.
//!
//! A folder under way holds its marker file open and locked, so that a later run can tell one that was left behind by a
//! killed run (not locked: removed) from one that is being written (locked: left alone).

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::ExportError;
use super::check::{Target, entries};
use super::marker::{MARKER, Marker};
use super::place::give_back;
use crate::digest::finish;

/// Between the name of the target and the number of the folder under way.
const UNDER_WAY: &str = ".tribus-";

/// At the end of the name of the folder that is being replaced.
pub(super) const OLD: &str = "-old";

/// A folder under way; removed when dropped before it is in place.
#[derive(Debug)]
pub(super) struct Staging {
    path: PathBuf,
    lock: Option<File>,
    kept: bool,
}

impl Staging {
    /// Makes an empty folder beside the target, for our eyes only.
    pub(super) fn beside(target: &Target) -> Result<Self, ExportError> {
        let mut number = 1_u32;
        let path = loop {
            let name = format!(".{}{UNDER_WAY}{number}", target.name);
            let path = target.parent.join(name);
            let old = with_suffix(&path, OLD);
            match make_folder(&path) {
                Ok(()) if old.exists() => {
                    fs::remove_dir(&path).map_err(ExportError::at(&path))?;
                }
                Ok(()) => break path,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(source) => return Err(ExportError::at(&target.path)(source)),
            }
            number += 1;
        };
        let mut staging = Self {
            path,
            lock: None,
            kept: false,
        };
        let marker = staging.path.join(MARKER);
        let lock = new_file(&marker).map_err(ExportError::at(&marker))?;
        // Where the file system knows no locks, nothing is swept either.
        let _ = lock.try_lock();
        staging.lock = Some(lock);
        Ok(staging)
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes a folder inside.
    pub(super) fn add_folder(&self, name: &str) -> Result<(), ExportError> {
        let path = self.path.join(name);
        make_folder(&path).map_err(ExportError::at(&path))
    }

    /// Writes one file, entirely and to the disk, and notes its hash.
    pub(super) fn add<T>(
        &self,
        marker: &mut Marker,
        name: &str,
        fill: impl FnOnce(&mut HashedFile) -> Result<T, ExportError>,
    ) -> Result<T, ExportError> {
        let path = self.path.join(name);
        let file = new_file(&path).map_err(ExportError::at(&path))?;
        let mut out = HashedFile {
            file: BufWriter::new(file),
            hasher: Sha256::new(),
        };
        let filled = fill(&mut out).map_err(|error| error.with_path(&path))?;
        let hash = out.close().map_err(ExportError::at(&path))?;
        marker.files.insert(name.to_owned(), hash);
        Ok(filled)
    }

    /// Writes the marker, and everything is on the disk.
    pub(super) fn seal(&mut self, marker: &Marker) -> Result<(), ExportError> {
        if let Some(mut file) = self.lock.take() {
            let path = self.path.join(MARKER);
            let mut write = || {
                file.write_all(marker.to_text().as_bytes())?;
                file.sync_all()
            };
            write().map_err(ExportError::at(&path))?;
        }
        for (name, is_folder) in entries(&self.path)? {
            if is_folder {
                sync_folder(&self.path.join(name))?;
            }
        }
        sync_folder(&self.path)
    }

    /// It was moved into place: there is nothing to remove.
    pub(super) fn keep(&mut self) {
        self.kept = true;
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.kept {
            self.lock = None;
            // A failure to clean up must not hide why there is something to clean up.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// A file that is hashed while it is written.
pub(super) struct HashedFile {
    file: BufWriter<File>,
    hasher: Sha256,
}

impl HashedFile {
    fn close(self) -> io::Result<String> {
        let file = self
            .file
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(finish(self.hasher))
    }
}

impl Write for HashedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Removes what killed runs left beside a target; a folder they had moved away comes back.
pub(super) fn sweep(parent: &Path, name: &str, target: &Path) {
    let prefix = format!(".{name}{UNDER_WAY}");
    // A folder that cannot be listed may still take new ones.
    for (name, is_folder) in entries(parent).unwrap_or_default() {
        let Some(name) = name.to_str() else {
            continue;
        };
        let Some(number) = name.strip_prefix(&prefix).filter(|_| is_folder) else {
            continue;
        };
        let path = parent.join(name);
        if number.strip_suffix(OLD).is_some_and(is_number) {
            // What cannot be moved or removed stays; the next number is free.
            let _ = give_back(&path, target);
        } else if is_number(number) && is_left_behind(&path) {
            let _ = fs::remove_dir_all(&path);
        }
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Nobody holds the lock.
fn is_left_behind(path: &Path) -> bool {
    File::open(path.join(MARKER)).is_ok_and(|file| file.try_lock().is_ok())
}

/// The path with something behind its name.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// A new folder that only its owner can enter.
fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A new file that only its owner can read.
fn new_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A folder's own entries reach the disk; only Unix can say so.
pub(super) fn sync_folder(path: &Path) -> Result<(), ExportError> {
    if cfg!(unix) {
        let sync = || File::open(path)?.sync_all();
        sync().map_err(ExportError::at(path))?;
    }
    Ok(())
}
