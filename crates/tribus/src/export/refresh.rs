//! A folder written again from its model, after a segment got another name.

use std::path::Path;

use super::check::Target;
use super::folder::{Shown, finish, write_views, write_workbook};
use super::marker::Marker;
use super::on_disk::{open_csv, open_parquet};
use super::renaming::{rename_in_csv, rename_in_parquet};
use super::staging::Staging;
use super::{CUSTOMERS_CSV, CUSTOMERS_PARQUET, ExportError, Guarded, WORKBOOK, Written};
use crate::segmentation::Segmentation;

/// Writes everything in a folder of ours again, all or nothing. The customers keep their rows and get the names the segments
/// have now. Files of other people stay; files of ours that somebody removed stay away.
///
/// `guarded` of the result counts what was guarded now: names of segments.
///
/// # Errors
/// [`ExportError::NotOurs`], [`ExportError::Edited`], or a write that failed, after which the folder is what it was.
pub fn refresh_folder(
    path: &Path,
    segmentation: &Segmentation,
    staged: &dyn Fn(&Path),
) -> Result<Written, ExportError> {
    let target = Target::find(path)?;
    let Some(found) = Marker::read(&target.path) else {
        let path = path.to_path_buf();
        return Err(ExportError::NotOurs { path });
    };
    if let Some(file) = found.first_edited(&target.path, false) {
        let (path, file) = (path.to_path_buf(), file.to_owned());
        return Err(ExportError::Edited { path, file });
    }
    let staging = Staging::beside(&target)?;
    staged(staging.path());
    let mut marker = Marker {
        files: std::collections::BTreeMap::new(),
        ..found.clone()
    };
    let mut guarded = write_views(&staging, &mut marker, segmentation)?;
    for name in [CUSTOMERS_CSV, CUSTOMERS_PARQUET] {
        let old = target.path.join(name);
        if !found.files.contains_key(name) || !old.exists() {
            continue;
        }
        let renamed = staging.add(&mut marker, name, |out| {
            if name == CUSTOMERS_CSV {
                rename_in_csv(out, &old, segmentation, found.raw)
            } else {
                rename_in_parquet(out, &old, segmentation).map(|()| Guarded::default())
            }
        })?;
        guarded.cells += renamed.cells;
    }
    if found.files.contains_key(WORKBOOK) && target.path.join(WORKBOOK).exists() {
        workbook_again(&staging, &mut marker, segmentation)?;
    }
    finish(staging, &target, &marker, guarded)
}

/// The workbook from the customers just written.
fn workbook_again(
    staging: &Staging,
    marker: &mut Marker,
    segmentation: &Segmentation,
) -> Result<(), ExportError> {
    let csv = staging.path().join(CUSTOMERS_CSV);
    let parquet = staging.path().join(CUSTOMERS_PARQUET);
    let shown = if csv.exists() {
        let (schema, batches) = open_csv(&csv, &marker.kinds)?;
        // The text of the file is guarded already.
        Some(Shown {
            schema,
            batches,
            raw: true,
        })
    } else if parquet.exists() {
        let (schema, batches) = open_parquet(&parquet)?;
        Some(Shown {
            schema,
            batches,
            raw: marker.raw,
        })
    } else {
        None
    };
    write_workbook(staging, marker, segmentation, shown).map(drop)
}
