//! What can keep a result from being written.

use std::io;
use std::path::PathBuf;

/// A result that cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// A column to keep is not in the file.
    #[error("there is no column `{column}` to keep")]
    UnknownColumn {
        /// The name.
        column: String,
        /// The nearest name there is.
        nearest: Option<String>,
    },
    /// The folder is there, and Tribus did not write it.
    #[error("{} is there already and holds `{file}`, which tribus did not write", path.display())]
    NotOurs {
        /// The folder.
        path: PathBuf,
        /// A file in it.
        file: String,
    },
    /// A file in the folder was changed after it was written.
    #[error("{} was changed after tribus wrote it", path.join(file).display())]
    Edited {
        /// The folder.
        path: PathBuf,
        /// The file.
        file: String,
    },
    /// Something else than a folder is there.
    #[error("{} is there already and is no folder", path.display())]
    NotAFolder {
        /// The path.
        path: PathBuf,
    },
    /// The folder to write in is not there.
    #[error("there is no folder {}", path.display())]
    NoParent {
        /// The folder that is missing.
        path: PathBuf,
    },
    /// A folder that Tribus did not write was to be refreshed.
    #[error("{} is no folder that tribus wrote: {file} is missing", path.display())]
    Incomplete {
        /// The folder.
        path: PathBuf,
        /// What is missing in it.
        file: String,
    },
    /// Writing failed.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Writing to an open stream failed.
    #[error("writing failed")]
    Stream {
        /// Why.
        source: io::Error,
    },
    /// A file of the folder cannot be read back.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Parquet could not be written.
    #[error("cannot write Parquet")]
    Parquet {
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The workbook could not be made.
    #[error("cannot make the workbook")]
    Workbook {
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl ExportError {
    /// The way out.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownColumn {
                nearest: Some(nearest),
                ..
            } => Some(format!("did you mean `{nearest}`?")),
            Self::NotOurs { .. } | Self::NotAFolder { .. } => {
                Some("choose another folder with -o, or add --force to write there".to_owned())
            }
            Self::Edited { .. } => Some(
                "choose another folder with -o, or add --force to replace what was changed"
                    .to_owned(),
            ),
            Self::NoParent { path } => Some(format!("make it first: mkdir -p {}", path.display())),
            Self::Incomplete { .. } => Some("give a folder that `tribus segment` wrote".to_owned()),
            _ => None,
        }
    }

    /// Whether the user asked for something that cannot be, rather than a write having failed.
    pub fn is_usage(&self) -> bool {
        !matches!(
            self,
            Self::Write { .. }
                | Self::Stream { .. }
                | Self::Read { .. }
                | Self::Parquet { .. }
                | Self::Workbook { .. }
        )
    }

    /// Whether the reader of a stream went away.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Stream { source } if source.kind() == io::ErrorKind::BrokenPipe)
    }
}
