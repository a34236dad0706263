//! Stand-in for tribus::export.
use std::io::{self, Write};
use std::path::Path;
use tribus::pipeline::Prepared;
use tribus::segmentation::{Customers, Segmentation};
use tribus::table::Table;

pub(crate) enum Keep {
    Nothing,
    All,
    Columns(Vec<String>),
}
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum CustomersFormat {
    Csv,
    Parquet,
}
pub(crate) struct CustomerOptions {
    pub(crate) keep: Keep,
    pub(crate) format: CustomersFormat,
    pub(crate) raw: bool,
}
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Guarded {
    pub(crate) cells: u64,
}
pub(crate) struct FolderOptions {
    pub(crate) customers: CustomerOptions,
    pub(crate) force: bool,
    pub(crate) workbook: bool,
}
pub(crate) struct Written {
    pub(crate) files: Vec<String>,
    pub(crate) guarded: Guarded,
}
#[derive(Debug)]
pub(crate) enum ExportError {
    NotOurs,
    Write { source: io::Error },
}
impl std::fmt::Display for ExportError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}
impl std::error::Error for ExportError {}
impl ExportError {
    pub(crate) fn hint(&self) -> Option<String> {
        None
    }
    pub(crate) fn is_usage(&self) -> bool {
        matches!(self, Self::NotOurs)
    }
}
pub(crate) fn write_customers(
    mut out: impl Write + Send,
    s: &Segmentation,
    _t: &Table,
    c: &Customers,
    _o: &CustomerOptions,
) -> Result<Guarded, ExportError> {
    for (row, p) in c.placements.iter().enumerate() {
        match p {
            Some(p) => writeln!(
                out,
                "{},{},{},{}",
                row + 1,
                p.segment + 1,
                s.name(p.segment as usize),
                p.distance
            ),
            None => writeln!(out, "{},,,", row + 1),
        }
        .map_err(|source| ExportError::Write { source })?;
    }
    Ok(Guarded::default())
}
pub(crate) fn write_prepared(
    mut out: impl Write + Send,
    _f: CustomersFormat,
    p: &Prepared,
    _t: &Table,
    _id: Option<&str>,
    _raw: bool,
) -> Result<Guarded, ExportError> {
    writeln!(out, "{} rows", p.rows.len()).map_err(|source| ExportError::Write { source })?;
    Ok(Guarded::default())
}
pub(crate) fn check_folder(dir: &Path, force: bool) -> Result<(), ExportError> {
    if dir.exists() && !dir.join("segmentation.json").exists() && !force {
        return Err(ExportError::NotOurs);
    }
    Ok(())
}
pub(crate) fn write_folder(
    dir: &Path,
    s: &Segmentation,
    t: &Table,
    c: &Customers,
    o: &FolderOptions,
    staged: &dyn Fn(&Path),
) -> Result<Written, ExportError> {
    staged(dir);
    std::fs::create_dir_all(dir).map_err(|source| ExportError::Write { source })?;
    std::fs::write(dir.join("segmentation.json"), s.to_json())
        .map_err(|source| ExportError::Write { source })?;
    let f = std::fs::File::create(dir.join("customers.csv"))
        .map_err(|source| ExportError::Write { source })?;
    let guarded = write_customers(f, s, t, c, &o.customers)?;
    Ok(Written {
        files: vec!["segmentation.json".into(), "customers.csv".into()],
        guarded,
    })
}
pub(crate) fn refresh_folder(
    dir: &Path,
    s: &Segmentation,
    _staged: &dyn Fn(&Path),
) -> Result<Written, ExportError> {
    std::fs::write(dir.join("segmentation.json"), s.to_json())
        .map_err(|source| ExportError::Write { source })?;
    Ok(Written {
        files: vec![],
        guarded: Guarded::default(),
    })
}
