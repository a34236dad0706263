//! The folder of results that a command has claimed.

use std::ops::{ControlFlow, Deref};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tribus::export::{FolderStep, ResultFolder};

use crate::failure::Failure;
use crate::session::Session;

/// How long a command that changes results waits for another that is writing them.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// A claimed folder; a signal that ends the program gives the claim up, too.
pub(crate) struct Results<'s> {
    folder: ResultFolder,
    claim_file: PathBuf,
    session: &'s Session,
}

impl<'s> Results<'s> {
    /// Claims the folder; waits for another process as long as `patience` says.
    pub(crate) fn claim(
        path: &Path,
        patience: Duration,
        session: &'s Session,
    ) -> Result<Self, Failure> {
        let folder = ResultFolder::claim(path, patience)?;
        let claim_file = folder.claim_file();
        session.interrupt.remove_if_stopped(&claim_file);
        Ok(Self {
            folder,
            claim_file,
            session,
        })
    }

    /// What the writer of the folder asks at every step.
    pub(crate) fn watch(&self) -> impl Fn(FolderStep<'_>) -> ControlFlow<()> {
        |step| {
            let answer = self.session.interrupt.watch(step);
            (self.session.observer)(step);
            answer
        }
    }
}

impl Deref for Results<'_> {
    type Target = ResultFolder;

    fn deref(&self) -> &ResultFolder {
        &self.folder
    }
}

impl Drop for Results<'_> {
    fn drop(&mut self) {
        self.session.interrupt.forget(&self.claim_file);
    }
}
