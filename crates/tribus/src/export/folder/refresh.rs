//! A folder written again from its model: after a segment got another name, or with another number of segments.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use super::marker::{MARKER, Marker, kinds_of};
use super::on_disk::{open_csv, open_parquet};
use super::renaming::{rename_in_csv, rename_in_parquet};
use super::staging::Staging;
use super::target::Target;
use super::views::{Views, write_views, write_workbook};
use super::{ExportError, Watch, add_rejects, customers_file, recipe};
use crate::export::tables::customers::{CustomerRows, OWN_COLUMNS, write_rows};
use crate::export::tables::rows::{Rows, Shown};
use crate::export::{
    CHARTS, CUSTOMERS_CSV, CUSTOMERS_PARQUET, CustomersFormat, FileMode, Guarded, Keep, MODEL, PDF,
    Pictures, REJECTS, WORKBOOK,
};
use crate::segmentation::{Customers, Segmentation};
use crate::table::Table;

/// How a folder is written again.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rewrite<'a> {
    /// The input, and its customers in the segments of now. Without it customers keep their rows; where their segments are
    /// no longer those of the model, they are taken out of the folder.
    pub customers: Option<(&'a Table, &'a Customers)>,
    /// Pictures beside those that are there already.
    pub pictures: Pictures,
    /// Permissions of the files; without them those that they have.
    pub mode: Option<FileMode>,
}

/// The folder under way with everything that was in `target`, as [`ResultFolder::rewrite`](super::ResultFolder::rewrite)
/// says.
pub(super) fn staged<'w>(
    target: &Target,
    segmentation: &Segmentation,
    rewrite: &Rewrite<'_>,
    watch: Watch<'w>,
) -> Result<(Staging<'w>, Guarded), ExportError> {
    let path = || target.path.clone();
    let Some(found) = Marker::read(&target.path) else {
        return Err(ExportError::NotOurs { path: path() });
    };
    if let Some(file) = found.first_edited(&target.path, false) {
        let file = file.to_owned();
        return Err(ExportError::Edited { path: path(), file });
    }
    let marker = Marker {
        files: BTreeMap::new(),
        ..found.clone()
    };
    let mode = rewrite
        .mode
        .or_else(|| FileMode::of(&target.path.join(MARKER)));
    let mut staging = Staging::beside(target, marker, mode, watch)?;
    let views = Views {
        segmentation,
        recipe: &recipe::again(segmentation, &target.path),
        pictures: pictures(&found, &target.path, rewrite.pictures),
    };
    let mut guarded = write_views(&mut staging, &views)?;
    let before = Before {
        path: &target.path,
        found: &found,
    };
    guarded.cells += customers(&before, &mut staging, segmentation, rewrite)?.cells;
    if before.had(WORKBOOK) {
        workbook_again(&mut staging, segmentation)?;
    }
    Ok((staging, guarded))
}

/// The folder as it was found.
struct Before<'a> {
    path: &'a Path,
    found: &'a Marker,
}

impl Before<'_> {
    fn had(&self, name: &str) -> bool {
        self.found.files.contains_key(name) && self.path.join(name).exists()
    }
}

/// Those asked for, and those that are there.
fn pictures(found: &Marker, target: &Path, asked: Pictures) -> Pictures {
    let there = |name: &String| target.join(name).exists();
    let mut files = found.files.keys().filter(|name| there(name));
    Pictures {
        pdf: asked.pdf || files.clone().any(|name| name == PDF),
        png: asked.png || files.any(|name| name.starts_with(CHARTS) && is_picture(name)),
    }
}

fn is_picture(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|extension| extension == "png")
}

fn customers(
    before: &Before<'_>,
    staging: &mut Staging<'_>,
    segmentation: &Segmentation,
    rewrite: &Rewrite<'_>,
) -> Result<Guarded, ExportError> {
    if let Some((table, customers)) = rewrite.customers {
        add_rejects(staging, table, staging.marker().raw)?;
        return customers_anew(before, staging, segmentation, (table, customers));
    }
    if before.had(REJECTS) {
        let old = before.path.join(REJECTS);
        staging.add(REJECTS, |out| copy(&old, out))?;
    }
    if is_switched(before.path, segmentation) {
        return Ok(Guarded::default());
    }
    let mut guarded = Guarded::default();
    for name in [CUSTOMERS_CSV, CUSTOMERS_PARQUET] {
        if !before.had(name) {
            continue;
        }
        let old = before.path.join(name);
        let renamed = staging.add(name, |out| {
            if name == CUSTOMERS_CSV {
                rename_in_csv(out, &old, segmentation, before.found.raw)
            } else {
                rename_in_parquet(out, &old, segmentation).map(|()| Guarded::default())
            }
        })?;
        guarded.cells += renamed.cells;
    }
    Ok(guarded)
}

pub(super) fn copy(from: &Path, mut out: impl Write) -> Result<(), ExportError> {
    let mut file = File::open(from).map_err(ExportError::write)?;
    io::copy(&mut file, &mut out)
        .map(drop)
        .map_err(ExportError::write)
}

/// Whether the folder has other segments than the model; a folder without a readable model has.
fn is_switched(target: &Path, segmentation: &Segmentation) -> bool {
    Segmentation::open(target.join(MODEL)).map_or(true, |before| {
        before.centroids() != segmentation.centroids()
    })
}

/// The customers from the input, in the format and with the columns they had.
fn customers_anew(
    before: &Before<'_>,
    staging: &mut Staging<'_>,
    segmentation: &Segmentation,
    (table, customers): (&Table, &Customers),
) -> Result<Guarded, ExportError> {
    let format = if before.had(CUSTOMERS_PARQUET) {
        CustomersFormat::Parquet
    } else {
        CustomersFormat::Csv
    };
    let keep = kept_before(before, format, table);
    let rows = CustomerRows::new(segmentation, table, customers, &keep)?;
    let raw = staging.marker().raw;
    staging.set_kinds(kinds_of(&rows.schema()));
    staging.add(customers_file(format), |out| {
        write_rows(out, &rows, format.into(), raw)
    })
}

/// The columns of the input that stood behind the customers, as far as the input still has them.
fn kept_before(before: &Before<'_>, format: CustomersFormat, table: &Table) -> Keep {
    let old = before.path.join(customers_file(format));
    let schema = match format {
        CustomersFormat::Csv => open_csv(&old, &before.found.kinds).map(|(schema, _)| schema),
        CustomersFormat::Parquet => open_parquet(&old).map(|(schema, _)| schema),
    };
    let Ok(schema) = schema else {
        return Keep::Nothing;
    };
    let names = schema.fields().iter().skip(OWN_COLUMNS);
    let original = |name: &str| {
        let name = name.strip_prefix('\'').unwrap_or(name);
        let plain = name.trim_end_matches("_original");
        [name, plain]
            .into_iter()
            .find(|name| table.position(name).is_some())
            .map(str::to_owned)
    };
    Keep::Columns(names.filter_map(|field| original(field.name())).collect())
}

/// The workbook from the customers just written.
pub(super) fn workbook_again(
    staging: &mut Staging<'_>,
    segmentation: &Segmentation,
) -> Result<(), ExportError> {
    let csv = staging.path().join(CUSTOMERS_CSV);
    let parquet = staging.path().join(CUSTOMERS_PARQUET);
    let Marker { raw, kinds, .. } = staging.marker().clone();
    let shown = if csv.exists() {
        let (schema, batches) = open_csv(&csv, &kinds)?;
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
            raw,
        })
    } else {
        None
    };
    write_workbook(staging, segmentation, shown).map(drop)
}
