//! What can keep results from being written.

use std::io;
use std::path::{Path, PathBuf};

use crate::source::Location;

/// Results that cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// A column to keep is not in the table.
    #[error("there is no column `{column}` to keep")]
    UnknownColumn {
        /// As it was asked for.
        column: String,
        /// A column that may have been meant.
        nearest: Option<String>,
    },
    /// The folder exists and was not written by us.
    #[error("{} exists and was not written by tribus", path.display())]
    NotOurs {
        /// The folder.
        path: PathBuf,
    },
    /// The folder is ours but holds something else, too.
    #[error("{} holds `{file}`, which tribus did not write", path.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// The file, relative to the folder.
        file: String,
    },
    /// A file of ours was changed or removed.
    #[error("`{file}` in {} was changed after tribus wrote it", path.display())]
    Edited {
        /// The folder.
        path: PathBuf,
        /// The file, relative to the folder.
        file: String,
    },
    /// Something that is not ours stands where a file is to be written.
    #[error("{} holds `{file}`, which tribus did not write and would replace", path.display())]
    InTheWay {
        /// The folder.
        path: PathBuf,
        /// What is in the way, relative to the folder.
        file: String,
    },
    /// The path is a file.
    #[error("{} is a file, not a folder", path.display())]
    NotAFolder {
        /// The path.
        path: PathBuf,
    },
    /// The path names no folder that could be made.
    #[error("{} cannot be the name of a new folder", path.display())]
    NoName {
        /// The path.
        path: PathBuf,
    },
    /// The folder above does not exist.
    #[error("cannot write {}: there is no folder {}", path.display(), parent.display())]
    NoParent {
        /// The folder to be written.
        path: PathBuf,
        /// The folder it should stand in.
        parent: PathBuf,
    },
    /// Another process is writing the folder.
    #[error("{} is being written by another tribus{}", path.display(), of_process(*process))]
    Busy {
        /// The folder.
        path: PathBuf,
        /// The number of the process, where it could be read.
        process: Option<u32>,
    },
    /// The watch stopped the writer; the folder is what it was.
    #[error("stopped before anything was replaced")]
    Stopped,
    /// A file could not be written.
    #[error("cannot write {}: {source}", path.display())]
    WriteFailed {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The writer that was given failed.
    #[error("cannot write: {source}")]
    Write {
        /// Why.
        source: io::Error,
    },
    /// A file of the folder cannot be read back.
    #[error("cannot read {}: {problem}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A workbook cannot hold it.
    #[error("the workbook cannot be written: {problem}")]
    Workbook {
        /// Why.
        problem: String,
    },
    /// A picture cannot be drawn.
    #[error("{problem}")]
    Picture {
        /// What, and why.
        problem: String,
    },
    /// The program was built without it.
    #[error("this program was built without {feature}")]
    NotBuilt {
        /// The cargo feature.
        feature: &'static str,
    },
}

impl ExportError {
    /// Whether the user asked for something that cannot be, rather than a write that failed.
    pub fn is_usage(&self) -> bool {
        match self {
            Self::UnknownColumn { .. }
            | Self::NotOurs { .. }
            | Self::Foreign { .. }
            | Self::Edited { .. }
            | Self::InTheWay { .. }
            | Self::NotAFolder { .. }
            | Self::NoName { .. }
            | Self::NoParent { .. }
            | Self::NotBuilt { .. } => true,
            Self::Busy { .. }
            | Self::Stopped
            | Self::WriteFailed { .. }
            | Self::Write { .. }
            | Self::Unreadable { .. }
            | Self::Workbook { .. }
            | Self::Picture { .. } => false,
        }
    }

    /// Whether the reader at the other end went away, which is no error.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Write { source } if source.kind() == io::ErrorKind::BrokenPipe)
    }

    /// Where it lies, as far as it is known.
    pub fn location(&self) -> Location {
        match self {
            Self::UnknownColumn { column, .. } => Location::default().with_column(column),
            Self::Foreign { path, file }
            | Self::Edited { path, file }
            | Self::InTheWay { path, file } => {
                Location::file(path.join(file).display().to_string())
            }
            Self::NotOurs { path }
            | Self::NotAFolder { path }
            | Self::NoName { path }
            | Self::NoParent { path, .. }
            | Self::Busy { path, .. }
            | Self::WriteFailed { path, .. }
            | Self::Unreadable { path, .. } => Location::file(path.display().to_string()),
            Self::Stopped
            | Self::Write { .. }
            | Self::Workbook { .. }
            | Self::Picture { .. }
            | Self::NotBuilt { .. } => Location::default(),
        }
    }

    /// The way out.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownColumn { nearest, .. } => nearest
                .as_ref()
                .map(|nearest| format!("did you mean `{nearest}`?")),
            Self::NotOurs { .. } | Self::Foreign { .. } => Some(
                "choose another folder with -o, or add --force: files that are not ours stay in it"
                    .to_owned(),
            ),
            Self::Edited { file, .. } => Some(format!(
                "keep your copy of `{file}` elsewhere and run `tribus segment` with --force, or choose another folder with -o"
            )),
            Self::InTheWay { file, .. } => Some(format!(
                "rename or move `{file}` first, or choose another folder with -o"
            )),
            Self::NotAFolder { .. } | Self::NoName { .. } => {
                Some("choose another folder with -o".to_owned())
            }
            Self::Busy { .. } => {
                Some("try again when it has finished, or choose another folder with -o".to_owned())
            }
            Self::NoParent { parent, .. } => {
                Some(format!("make it first: mkdir -p {}", parent.display()))
            }
            Self::Workbook { .. } => {
                Some("leave the workbook out, or keep fewer columns".to_owned())
            }
            Self::NotBuilt { feature } => Some(format!(
                "build it with `cargo build --release --features {feature}`, or print the report from the browser"
            )),
            Self::Stopped
            | Self::WriteFailed { .. }
            | Self::Write { .. }
            | Self::Unreadable { .. }
            | Self::Picture { .. } => None,
        }
    }

    /// The failure of a writer that was given from outside.
    pub(super) fn write(source: io::Error) -> Self {
        Self::Write { source }
    }

    /// The failure to write something with a place of its own.
    pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::WriteFailed { path, source }
    }

    /// Says where, if it was a writer that failed.
    pub(super) fn with_path(self, path: &Path) -> Self {
        match self {
            Self::Write { source } => Self::WriteFailed {
                path: path.to_path_buf(),
                source,
            },
            other => other,
        }
    }
}

fn of_process(process: Option<u32>) -> String {
    process.map_or_else(String::new, |process| format!(" (process {process})"))
}
