//! A folder under way: made beside its target, filled, and either moved into place or removed.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use arrow_schema::DataType;

use super::marker::{MARKER, Marker};
use super::target::{Target, entries};
use super::{ExportError, FolderStep, Watch};
use crate::export::{CHARTS, FileMode, Hashed};

/// Between the name of the target and the number of the folder under way.
pub(super) const UNDER_WAY: &str = ".tribus-";

/// At the end of the name of the folder that is being replaced, where the system cannot exchange two folders.
pub(super) const OLD: &str = "-old";

/// A folder under way; removed when dropped before it is in place.
pub(super) struct Staging<'a> {
    path: PathBuf,
    marker: Marker,
    mode: Option<FileMode>,
    watch: Watch<'a>,
    kept: bool,
}

impl<'a> Staging<'a> {
    /// Makes an empty folder beside the target, for our eyes only until it is sealed. Its marker lists no file yet.
    pub(super) fn beside(
        target: &Target,
        marker: Marker,
        mode: Option<FileMode>,
        watch: Watch<'a>,
    ) -> Result<Self, ExportError> {
        let mut number = 1_u32;
        let path = loop {
            let name = format!(".{}{UNDER_WAY}{number}", target.name);
            let path = target.parent.join(name);
            let is_taken = with_suffix(&path, OLD).exists();
            match make_folder(&path) {
                Ok(()) if is_taken => fs::remove_dir(&path).map_err(ExportError::at(&path))?,
                Ok(()) => break path,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(source) => return Err(ExportError::at(&target.path)(source)),
            }
            number += 1;
        };
        let staging = Self {
            path,
            marker,
            mode,
            watch,
            kept: false,
        };
        staging.step(FolderStep::Started(&staging.path))?;
        Ok(staging)
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What is known of its files.
    pub(super) fn marker(&self) -> &Marker {
        &self.marker
    }

    /// Other types of the columns of the customers.
    pub(super) fn set_kinds(&mut self, kinds: Vec<DataType>) {
        self.marker.kinds = kinds;
    }

    /// Names of its files, sorted.
    pub(super) fn files(&self) -> Vec<String> {
        self.marker.files.keys().cloned().collect()
    }

    /// Tells the watch of a step.
    pub(super) fn step(&self, step: FolderStep<'_>) -> Result<(), ExportError> {
        if (self.watch)(step).is_break() {
            return Err(ExportError::Stopped);
        }
        Ok(())
    }

    /// Makes a folder inside.
    pub(super) fn add_folder(&self, name: &str) -> Result<(), ExportError> {
        let path = self.path.join(name);
        make_folder(&path).map_err(ExportError::at(&path))
    }

    /// Writes one file, entirely and to the disk, and notes its hash.
    pub(super) fn add<T>(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut Hashed<BufWriter<File>>) -> Result<T, ExportError>,
    ) -> Result<T, ExportError> {
        let path = self.path.join(name);
        let file = self.new_file(&path).map_err(ExportError::at(&path))?;
        let mut out = Hashed::new(BufWriter::new(file));
        let filled = fill(&mut out).map_err(|error| error.with_path(&path))?;
        let hash = close(out).map_err(ExportError::at(&path))?;
        self.marker.files.insert(name.to_owned(), hash);
        self.step(FolderStep::Wrote(name))?;
        Ok(filled)
    }

    /// Writes the marker, and everything is on the disk.
    pub(super) fn seal(&self) -> Result<(), ExportError> {
        let path = self.path.join(MARKER);
        let write = || {
            let mut file = self.new_file(&path)?;
            file.write_all(self.marker.to_text().as_bytes())?;
            file.sync_all()
        };
        write().map_err(ExportError::at(&path))?;
        // Folders of other people keep what they allow.
        if let Some(mode) = self.mode.filter(|_| self.path.join(CHARTS).is_dir()) {
            open_folder(&self.path.join(CHARTS), mode)?;
        }
        for (name, is_folder) in entries(&self.path)? {
            if is_folder {
                sync_folder(&self.path.join(name))?;
            }
        }
        self.mode
            .map_or(Ok(()), |mode| open_folder(&self.path, mode))?;
        sync_folder(&self.path)
    }

    /// A new file that only its owner can read, or those that the mode says.
    fn new_file(&self, path: &Path) -> io::Result<File> {
        let file = new_file(path)?;
        self.mode.map_or(Ok(()), |mode| mode.set(&file))?;
        Ok(file)
    }

    /// It was moved into place: there is nothing to remove.
    pub(super) fn keep(&mut self) -> Watch<'a> {
        self.kept = true;
        self.watch
    }
}

impl Drop for Staging<'_> {
    fn drop(&mut self) {
        if !self.kept {
            // A failure to clean up must not hide why there is something to clean up.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// Everything is on the disk; returns the hash.
fn close(out: Hashed<BufWriter<File>>) -> io::Result<String> {
    let (file, hash) = out.into_parts();
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(hash)
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

/// Lets those enter a folder who may read its files.
fn open_folder(path: &Path, mode: FileMode) -> Result<(), ExportError> {
    let set = mode.of_folder().set_at(path);
    set.map_err(ExportError::at(path))
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
