//! A folder written again from its model: after a segment got another name, or with another number of segments.

use std::path::Path;

use super::check::Target;
use super::folder::{Shown, Views, customers_file, finish, write_views, write_workbook};
use super::marker::Marker;
use super::on_disk::{open_csv, open_parquet};
use super::renaming::{rename_in_csv, rename_in_parquet};
use super::staging::Staging;
use super::tables::customers::{CustomerRows, write_rows};
use super::tables::rows::Rows;
use super::{
    CHARTS, CUSTOMERS_CSV, CUSTOMERS_PARQUET, CustomersFormat, ExportError, Guarded, Keep, MODEL,
    PDF, Pictures, WORKBOOK, Written,
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
}

/// Writes everything in a folder of ours again, all or nothing. Customers keep their rows and get the names the segments have
/// now. Files of other people stay; files of ours that somebody removed stay away.
///
/// `guarded` of the result counts what was guarded now: names of segments.
///
/// # Errors
/// [`ExportError::NotOurs`], [`ExportError::Edited`], a picture that cannot be drawn, or a write that failed, after which the
/// folder is what it was.
pub fn rewrite_folder(
    path: &Path,
    segmentation: &Segmentation,
    rewrite: &Rewrite<'_>,
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
    let pictures = pictures(&found, &target.path, rewrite.pictures);
    let views = Views {
        segmentation,
        pictures,
    };
    let mut guarded = write_views(&staging, &mut marker, &views)?;
    let place = Place {
        staging: &staging,
        target: &target.path,
        found: &found,
    };
    guarded.cells += customers(&place, &mut marker, segmentation, rewrite)?.cells;
    if place.had(WORKBOOK) {
        workbook_again(&staging, &mut marker, segmentation)?;
    }
    finish(staging, &target, &marker, guarded)
}

/// Where a folder was and where it is written.
struct Place<'a> {
    staging: &'a Staging,
    target: &'a Path,
    found: &'a Marker,
}

impl Place<'_> {
    fn had(&self, name: &str) -> bool {
        self.found.files.contains_key(name) && self.target.join(name).exists()
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
    place: &Place<'_>,
    marker: &mut Marker,
    segmentation: &Segmentation,
    rewrite: &Rewrite<'_>,
) -> Result<Guarded, ExportError> {
    if let Some((table, customers)) = rewrite.customers {
        return customers_anew(place, marker, segmentation, (table, customers));
    }
    if is_switched(place.target, segmentation) {
        return Ok(Guarded::default());
    }
    let mut guarded = Guarded::default();
    for name in [CUSTOMERS_CSV, CUSTOMERS_PARQUET] {
        if !place.had(name) {
            continue;
        }
        let old = place.target.join(name);
        let renamed = place.staging.add(marker, name, |out| {
            if name == CUSTOMERS_CSV {
                rename_in_csv(out, &old, segmentation, place.found.raw)
            } else {
                rename_in_parquet(out, &old, segmentation).map(|()| Guarded::default())
            }
        })?;
        guarded.cells += renamed.cells;
    }
    Ok(guarded)
}

/// Whether the folder has other segments than the model; a folder without a readable model has.
fn is_switched(target: &Path, segmentation: &Segmentation) -> bool {
    Segmentation::open(target.join(MODEL))
        .map_or(true, |before| before.centroids != segmentation.centroids)
}

/// The customers from the input, in the format and with the columns they had.
fn customers_anew(
    place: &Place<'_>,
    marker: &mut Marker,
    segmentation: &Segmentation,
    (table, customers): (&Table, &Customers),
) -> Result<Guarded, ExportError> {
    let format = if place.had(CUSTOMERS_PARQUET) {
        CustomersFormat::Parquet
    } else {
        CustomersFormat::Csv
    };
    let keep = kept_before(place, format, table);
    let rows = CustomerRows::new(segmentation, table, customers, &keep)?;
    marker.kinds = Marker::new(marker.raw, &rows.schema()).kinds;
    let raw = marker.raw;
    place.staging.add(marker, customers_file(format), |out| {
        write_rows(out, &rows, format, raw)
    })
}

/// The columns of the input that stood behind the customers, as far as the input still has them.
fn kept_before(place: &Place<'_>, format: CustomersFormat, table: &Table) -> Keep {
    let old = place.target.join(customers_file(format));
    let schema = match format {
        CustomersFormat::Csv => open_csv(&old, &place.found.kinds).map(|(schema, _)| schema),
        CustomersFormat::Parquet => open_parquet(&old).map(|(schema, _)| schema),
    };
    let Ok(schema) = schema else {
        return Keep::Nothing;
    };
    let own = super::tables::customers::OWN_COLUMNS;
    let names = schema.fields().iter().skip(own);
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
