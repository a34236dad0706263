//! The folder of results: claimed, written beside its place, and moved into place in one step.
//!
//! The order of events is what makes a stop safe at any moment. Until the replacement nothing of the folder in place is
//! touched; the replacement is one system call where the system has one; after it only the old folder is cleared away.
//! [`FolderStep`] names the events, and [`Watch`] hears of each. A watch can stop the writer before the replacement, not
//! after it.

mod claim;
mod foreign;
mod forget;
mod marker;
mod on_disk;
mod recipe;
mod refresh;
mod renaming;
mod replace;
mod staging;
mod target;
mod views;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use forget::Forgotten;
pub use refresh::Rewrite;

use self::claim::Claim;
use self::marker::Marker;
use self::replace::{replace, sweep};
use self::staging::Staging;
use self::target::Target;
use self::views::{Views, write_views, write_workbook};
use super::{
    CUSTOMERS_CSV, CUSTOMERS_PARQUET, CustomersFormat, ExportError, FolderOptions, Guarded,
    REJECTS, Written, write_rejects,
};
use crate::export::tables::customers::{CustomerRows, write_rows};
use crate::export::tables::rows::{Rows, Shown};
use crate::segmentation::{Customers, Segmentation};
use crate::table::Table;

/// What the writer of a folder has just done, or is about to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FolderStep<'a> {
    /// The folder under way exists here, beside its place.
    Started(&'a Path),
    /// This file in it is complete and on the disk.
    Wrote(&'a str),
    /// Files of other people stand in the folder under way, too; they still stand in the old one.
    ForeignKept,
    /// The folder under way is complete. The replacement comes next, and nothing stops the writer after it.
    Replacing,
    /// The new folder is in place.
    Replaced,
    /// The old folder is gone.
    Cleared,
}

/// Hears of every step. `Break` stops the writer, which removes what it has written, up to [`FolderStep::Replacing`];
/// later answers change nothing.
pub type Watch<'a> = &'a dyn Fn(FolderStep<'_>) -> ControlFlow<()>;

/// A watch that lets every step pass.
pub fn unwatched(_: FolderStep<'_>) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// A folder of results that this process alone may write, until the value is dropped.
///
/// The claim is a locked file beside the folder, `.NAME.tribus-lock`, which the last holder removes. Where the file system
/// has no locks there is no claim either, and the last writer wins.
///
/// ```no_run
/// # use std::time::Duration;
/// # use tribus::export::{FolderOptions, ResultFolder, unwatched};
/// # fn save(segmentation: &tribus::segmentation::Segmentation, table: &tribus::table::Table)
/// # -> Result<(), Box<dyn std::error::Error>> {
/// let folder = ResultFolder::claim("customers-segments".as_ref(), Duration::ZERO)?;
/// folder.check(false)?;
/// let customers = segmentation.assign(table)?;
/// folder.write(segmentation, table, &customers, &FolderOptions::default(), &unwatched)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct ResultFolder {
    target: Target,
    claim: Claim,
}

impl ResultFolder {
    /// Claims the folder at `path`, which need not exist, and removes what killed runs left beside it. Waits for another
    /// process that holds the claim for as long as `patience` says.
    ///
    /// # Errors
    /// [`ExportError::Busy`] if another process holds it still; a path that is a file or has no folder above it;
    /// [`ExportError::WriteFailed`] where nothing can be written.
    pub fn claim(path: &Path, patience: Duration) -> Result<Self, ExportError> {
        let target = Target::find(path)?;
        let claim = Claim::of(&target, patience)?;
        if claim.is_held() {
            sweep(&target);
        }
        Ok(Self { target, claim })
    }

    /// The file of the claim, which a program that ends without dropping this value has to remove.
    pub fn claim_file(&self) -> PathBuf {
        self.claim.path().to_path_buf()
    }

    /// Whether the folder may be written or replaced: it does not exist, or is ours and nobody edited it, or is given up by
    /// `force`.
    ///
    /// # Errors
    /// [`ExportError::NotOurs`], [`ExportError::Foreign`], [`ExportError::Edited`].
    pub fn check(&self, force: bool) -> Result<(), ExportError> {
        self.target.check(force)
    }

    /// Writes everything about a segmentation: all or nothing.
    ///
    /// # Errors
    /// As [`check`](Self::check); a column to keep that is not there; [`ExportError::Stopped`] by `watch`; a write that
    /// failed. After an error the folder is what it was.
    pub fn write(
        &self,
        segmentation: &Segmentation,
        table: &Table,
        customers: &Customers,
        options: &FolderOptions,
        watch: Watch<'_>,
    ) -> Result<Written, ExportError> {
        self.check(options.force)?;
        let keep = &options.customers.keep;
        let rows = CustomerRows::new(segmentation, table, customers, keep)?;
        let raw = options.customers.raw;
        let marker = Marker::new(raw, &rows.schema());
        let mut staging = Staging::beside(&self.target, marker, options.mode, watch)?;
        let format = options.format;
        let name = customers_file(format);
        let mut guarded = staging.add(name, |out| write_rows(out, &rows, format.into(), raw))?;
        add_rejects(&mut staging, table, raw)?;
        let views = Views {
            segmentation,
            recipe: &recipe::written(segmentation, table, &options.input),
            pictures: options.pictures,
        };
        guarded.cells += write_views(&mut staging, &views)?.cells;
        if options.workbook {
            let shown = Shown::of(&rows, raw);
            let shown = write_workbook(&mut staging, segmentation, Some(shown))?;
            if format == CustomersFormat::Parquet {
                guarded.cells += shown.cells;
            }
        }
        self.finish(staging, guarded)
    }

    /// Writes everything in a folder of ours again, all or nothing. Customers keep their rows and get the names the segments
    /// have now. Files of other people stay; files of ours that somebody removed stay away.
    ///
    /// `guarded` of the result counts what was guarded now: names of segments.
    ///
    /// # Errors
    /// [`ExportError::NotOurs`], [`ExportError::Edited`], [`ExportError::Stopped`] by `watch`, a picture that cannot be
    /// drawn, or a write that failed. After an error the folder is what it was.
    pub fn rewrite(
        &self,
        segmentation: &Segmentation,
        rewrite: &Rewrite<'_>,
        watch: Watch<'_>,
    ) -> Result<Written, ExportError> {
        let (staging, guarded) = refresh::staged(&self.target, segmentation, rewrite, watch)?;
        self.finish(staging, guarded)
    }

    /// Takes one customer out of a folder of ours, all or nothing: the lines of its tables whose id is this one, rows kept in
    /// `rejects.csv` that hold it, and their rows in the workbook, which is written again. Everything else keeps its bytes.
    /// Where no line is found nothing is written.
    ///
    /// Ids are compared as text; as numbers where the column holds numbers. Without a column of ids the id is the number of the
    /// row. Files of other people are not looked through.
    ///
    /// # Errors
    /// [`ExportError::NotOurs`], [`ExportError::Edited`], [`ExportError::Stopped`] by `watch`, a file that cannot be read, or a
    /// write that failed. After an error the folder is what it was.
    pub fn forget(&self, id: &str, watch: Watch<'_>) -> Result<Forgotten, ExportError> {
        let (staging, forgotten) = forget::staged(&self.target, id, watch)?;
        if let Some(staging) = staging {
            self.finish(staging, Guarded::default())?;
        }
        Ok(forgotten)
    }

    /// Completes the folder under way and moves it into place.
    fn finish(&self, staging: Staging<'_>, guarded: Guarded) -> Result<Written, ExportError> {
        let files = staging.files();
        replace(staging, &self.target)?;
        Ok(Written { files, guarded })
    }
}

/// Adds the file of rows and cells that did not fit, if there are any.
fn add_rejects(staging: &mut Staging<'_>, table: &Table, raw: bool) -> Result<(), ExportError> {
    if table.rejects().is_empty() {
        return Ok(());
    }
    staging.add(REJECTS, |out| write_rejects(out, table.rejects(), raw))
}

/// Name of the file of customers.
fn customers_file(format: CustomersFormat) -> &'static str {
    match format {
        CustomersFormat::Csv => CUSTOMERS_CSV,
        CustomersFormat::Parquet => CUSTOMERS_PARQUET,
    }
}
