//! Segmentations: made, assigned to, saved. Everything is done by the functions that the program uses, in its order.

mod audience;
mod read;
mod tables;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use pyo3::prelude::*;
use pyo3::types::PyType;
use tribus::date::Date;
use tribus::export::{
    CustomerOptions, CustomersFormat, FolderOptions, Keep, Pictures, ResultFolder, Rewrite,
    WORKBOOK_ROWS, check_keep, unwatched,
};
use tribus::expr::Dialect;
use tribus::progress::Watch;
use tribus::recipe::{Clusters, Recipe};
use tribus::report::Report;
use tribus::segmentation::{AssignOptions, Card, Customers, Segmentation as Made, examine};
use tribus::source::{MaxRejects, ReadOptions};
use tribus::sql::{SqlOptions, statement};
use tribus::table::Table;

pub(crate) use audience::{audience_of_files, audience_of_frame};
pub(crate) use read::{Source, builtin_recipes, demo_customers, limit_memory, open, parse};

use crate::error::{raise, told};
use crate::frame::Frame;
use crate::interrupt::{borrowing, owning, watched};

/// How long results that are loaded wait for another process that is writing them.
const PATIENCE: Duration = Duration::from_secs(10);

/// A segmentation, and the customers it was made of where it was made here and not loaded.
#[pyclass(module = "tribus._tribus", frozen)]
pub(crate) struct Segmentation {
    made: Arc<Made>,
    origin: Option<Origin>,
}

/// What a segmentation was made of.
#[derive(Clone)]
struct Origin {
    /// As it was asked for, nothing filled in.
    recipe: Recipe,
    table: Arc<Table>,
    customers: Arc<Customers>,
}

/// Segments what was read.
#[pyfunction]
#[pyo3(signature = (source, listener))]
pub(crate) fn segment(
    py: Python<'_>,
    source: &Source,
    listener: Option<Py<PyAny>>,
) -> PyResult<Segmentation> {
    let (recipe, table) = source.customers(py)?;
    Segmentation::make(py, recipe, table, listener.as_ref())
}

/// The evidence for the number of segments, and remarks, as JSON.
#[pyfunction]
#[pyo3(signature = (source, listener))]
pub(crate) fn evidence(
    py: Python<'_>,
    source: &Source,
    listener: Option<Py<PyAny>>,
) -> PyResult<(String, Vec<String>)> {
    let (recipe, table) = source.customers(py)?;
    let examined = watched(py, listener.as_ref(), move |watch| {
        examine(&recipe, &table, watch)
    })?;
    let examined = examined.map_err(told(py))?;
    let notes = [
        examined.plan.notes,
        examined.prepared.notices,
        examined.warnings,
    ];
    Ok((json(&examined.evidence), notes.concat()))
}

impl Segmentation {
    /// How new rows are read: every one of them must fit.
    fn read_options(&self) -> ReadOptions {
        ReadOptions {
            max_rejects: Some(MaxRejects::Count(0)),
            ..self.made.read_options()
        }
    }

    fn make(
        py: Python<'_>,
        recipe: Recipe,
        table: Arc<Table>,
        listener: Option<&Py<PyAny>>,
    ) -> PyResult<Self> {
        let (asked, rows) = (recipe.clone(), table.clone());
        let work = move |watch: Watch<'_>| Made::fit_assigned(&recipe, &rows, watch);
        let (made, customers) = watched(py, listener, work)?.map_err(told(py))?;
        Ok(Self {
            made: Arc::new(made),
            origin: Some(Origin {
                recipe: asked,
                table,
                customers: Arc::new(customers),
            }),
        })
    }

    /// The rows that can be assigned, purchases rolled up, and how. `how` is as for `assign`.
    fn new_customers(
        &self,
        py: Python<'_>,
        source: &Source,
        (as_of, allow_duplicates): &(Option<String>, bool),
    ) -> PyResult<(Arc<Table>, AssignOptions)> {
        let options = AssignOptions {
            as_of: day_of(py, as_of.as_deref())?,
            allow_duplicates: *allow_duplicates,
        };
        let (made, table) = (self.made.clone(), source.table.clone());
        let as_of = options.as_of;
        let table = owning(py, move |_| made.customers_of(Table::clone(&table), as_of))?;
        Ok((Arc::new(table.map_err(told(py))?), options))
    }

    fn origin(&self, py: Python<'_>) -> PyResult<&Origin> {
        self.origin.as_ref().ok_or_else(|| {
            raise(
                py,
                "SegmentationError",
                "a segmentation that was loaded holds no customers",
                Some("call assign(frame) for theirs".to_owned()),
            )
        })
    }
}

#[pymethods]
impl Segmentation {
    /// Reads a saved segmentation: its folder, or the model file in it.
    #[classmethod]
    fn load(_: &Bound<'_, PyType>, py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let made = py.detach(|| Made::open(&path)).map_err(told(py))?;
        Ok(Self {
            made: Arc::new(made),
            origin: None,
        })
    }

    /// Reads the text of a model file.
    #[classmethod]
    fn from_json(_: &Bound<'_, PyType>, py: Python<'_>, text: &str) -> PyResult<Self> {
        let made = Made::from_json(text, Path::new("the segmentation")).map_err(told(py))?;
        Ok(Self {
            made: Arc::new(made),
            origin: None,
        })
    }

    /// The text of the model file.
    fn to_json(&self, py: Python<'_>) -> String {
        py.detach(|| self.made.to_json())
    }

    #[getter]
    fn k(&self) -> usize {
        self.made.k()
    }

    #[getter]
    fn is_loaded(&self) -> bool {
        self.origin.is_none()
    }

    #[getter]
    fn names(&self) -> Vec<&str> {
        self.made.names().collect()
    }

    /// Parts of the model as JSON: manifest, ledger, notes, evidence, profiles, cards, campaign,
    /// columns and please_check.
    fn part(&self, py: Python<'_>, name: &str) -> PyResult<String> {
        let made = &self.made;
        Ok(match name {
            "manifest" => json(made.manifest()),
            "ledger" => json(made.ledger()),
            "purchases" => json(&made.purchases()),
            "notes" => json(made.notes()),
            "evidence" => json(made.evidence()),
            "profiles" => json(made.profiles()),
            "columns" => json(made.columns()),
            "please_check" => json(made.please_check()),
            "cards" => json(&cards(made)),
            "campaign" => json(&made.campaign()),
            _ => {
                return Err(raise(py, "Error", &format!("no part `{name}`"), None));
            }
        })
    }

    /// The complete recipe as TOML.
    fn recipe(&self) -> String {
        self.made.recipe().to_toml()
    }

    /// The centroids in scaled units, row by row, and the names of the features.
    fn centroids(&self) -> (Vec<f64>, Vec<&str>) {
        let features = self.made.pipeline().features.iter();
        let names = features.map(|feature| feature.name.as_str()).collect();
        (self.made.centroids().to_vec(), names)
    }

    /// The customers, with columns of theirs if asked for: all, or some by name.
    #[pyo3(signature = (keep_all = false, keep = Vec::new()))]
    fn customers(&self, py: Python<'_>, keep_all: bool, keep: Vec<String>) -> PyResult<Frame> {
        let Origin {
            table, customers, ..
        } = self.origin(py)?;
        tables::customers(py, &self.made, table, customers, &keep_of(keep_all, keep))
    }

    /// One row per segment.
    fn segments(&self) -> PyResult<Frame> {
        tables::segments(&self.made)
    }

    /// Assigns customers to the segments; returns them, the ledger as JSON, and remarks. `how`: the day that days since count
    /// to, and whether rows may share an id.
    #[pyo3(signature = (source, keep_all = false, keep = Vec::new(), how = (None, false)))]
    fn assign(
        &self,
        py: Python<'_>,
        source: &Source,
        keep_all: bool,
        keep: Vec<String>,
        how: (Option<String>, bool),
    ) -> PyResult<(Frame, String, Vec<String>)> {
        let keep = keep_of(keep_all, keep);
        let (table, options) = self.new_customers(py, source, &how)?;
        check_keep(&keep, &table).map_err(told(py))?;
        let (made, rows) = (self.made.clone(), table.clone());
        let customers = owning(py, move |_| made.assign_as(&rows, &options))?.map_err(told(py))?;
        let frame = tables::customers(py, &self.made, &table, &customers, &keep)?;
        Ok((frame, json(&customers.ledger), customers.notices))
    }

    /// What changed between the rows that were segmented and these, as JSON; none of a model that keeps nothing to compare with.
    /// `how` is as for `assign`.
    #[pyo3(signature = (source, how = (None, false)))]
    fn drift(
        &self,
        py: Python<'_>,
        source: &Source,
        how: (Option<String>, bool),
    ) -> PyResult<Option<String>> {
        let (table, options) = self.new_customers(py, source, &how)?;
        let made = self.made.clone();
        let drift = owning(py, move |_| made.drift(&table, &options))?.map_err(told(py))?;
        Ok(drift.as_ref().map(json))
    }

    /// The segmentation as one SQL statement over a table. `given`: the table, its column of ids, and whether it holds
    /// customers that were rolled up before.
    fn sql(
        &self,
        py: Python<'_>,
        dialect: &str,
        given: (Option<String>, Option<String>, bool),
        as_of: Option<&str>,
    ) -> PyResult<String> {
        let (table, id, is_rolled_up) = given;
        let options = SqlOptions {
            dialect: dialect_of(py, dialect)?,
            table,
            id,
            as_of: day_of(py, as_of)?,
            is_rolled_up,
        };
        statement(&self.made, &options).map_err(told(py))
    }

    /// Opens files of new customers as the ones segmented were.
    fn open(&self, py: Python<'_>, paths: Vec<PathBuf>) -> PyResult<Source> {
        read::open_as(py, paths, self.read_options())
    }

    /// Takes in a frame of new customers as the ones segmented were.
    fn parse(&self, py: Python<'_>, frame: &Bound<'_, PyAny>) -> PyResult<Source> {
        read::parse_as(py, frame, self.read_options())
    }

    /// The same with another name for a segment, counted from 1.
    fn renamed(&self, py: Python<'_>, segment: usize, name: &str) -> PyResult<Self> {
        let mut made = Made::clone(&self.made);
        made.segment(segment)
            .and_then(|segment| made.rename(segment, name))
            .map_err(told(py))?;
        Ok(Self {
            made: Arc::new(made),
            origin: self.origin.clone(),
        })
    }

    /// The same customers in another number of segments.
    #[pyo3(signature = (k, listener))]
    fn with_k(&self, py: Python<'_>, k: usize, listener: Option<Py<PyAny>>) -> PyResult<Self> {
        if k == self.made.k() {
            return Ok(Self {
                made: Arc::clone(&self.made),
                origin: self.origin.clone(),
            });
        }
        let Some(Origin { recipe, table, .. }) = &self.origin else {
            let made = self.made.with_number(k).map_err(told(py))?;
            return Ok(Self {
                made: Arc::new(made),
                origin: None,
            });
        };
        let mut recipe = recipe.clone();
        recipe.segment.k = Some(Clusters::Exactly(k));
        recipe.segment.init = None;
        Self::make(py, recipe, table.clone(), listener.as_ref())
    }

    /// The report.
    fn html(&self, py: Python<'_>) -> PyResult<String> {
        borrowing(py, |_| Report::of(&self.made).to_html())
    }

    /// The charts of the report as (name, SVG).
    fn charts(&self, py: Python<'_>) -> PyResult<Vec<(String, String)>> {
        borrowing(py, |_| Report::of(&self.made).charts())
    }

    /// Writes everything to a folder, all or nothing; returns the names of the files.
    #[pyo3(signature = (folder, *, force, keep_all, keep, parquet, raw, workbook, pdf, png))]
    #[expect(
        clippy::too_many_arguments,
        clippy::fn_params_excessive_bools,
        reason = "each is a keyword of its own"
    )]
    fn write(
        &self,
        py: Python<'_>,
        folder: PathBuf,
        force: bool,
        keep_all: bool,
        keep: Vec<String>,
        parquet: bool,
        raw: bool,
        workbook: Option<bool>,
        pdf: bool,
        png: bool,
    ) -> PyResult<Vec<String>> {
        let Origin {
            recipe,
            table,
            customers,
        } = self.origin(py)?;
        let format = if parquet {
            CustomersFormat::Parquet
        } else {
            CustomersFormat::Csv
        };
        let options = FolderOptions {
            input: recipe.input.clone(),
            customers: CustomerOptions {
                keep: keep_of(keep_all, keep),
                raw,
            },
            format,
            force,
            workbook: workbook.unwrap_or(table.rows() <= WORKBOOK_ROWS),
            pictures: Pictures { pdf, png },
            mode: None,
        };
        let written = borrowing(py, |_| {
            let folder = ResultFolder::claim(&folder, Duration::ZERO)?;
            folder.write(&self.made, table, customers, &options, &unwatched)
        })?;
        Ok(written.map_err(told(py))?.files)
    }

    /// Writes everything in the folder it was loaded from again, and pictures beside those that are there.
    #[pyo3(signature = (folder, *, pdf, png))]
    fn refresh(
        &self,
        py: Python<'_>,
        folder: PathBuf,
        pdf: bool,
        png: bool,
    ) -> PyResult<Vec<String>> {
        let rewrite = Rewrite {
            customers: None,
            pictures: Pictures { pdf, png },
            mode: None,
        };
        let written = borrowing(py, |_| {
            let folder = ResultFolder::claim(&folder, PATIENCE)?;
            folder.rewrite(&self.made, &rewrite, &unwatched)
        })?;
        Ok(written.map_err(told(py))?.files)
    }
}

fn day_of(py: Python<'_>, text: Option<&str>) -> PyResult<Option<Date>> {
    let day = |text: &str| {
        let problem = format!("as_of={text:?} is no date such as 2014-06-29");
        Date::parse(text).ok_or_else(|| raise(py, "ParameterError", &problem, None))
    };
    text.map(day).transpose()
}

fn dialect_of(py: Python<'_>, name: &str) -> PyResult<Dialect> {
    name.parse()
        .map_err(|problem: String| raise(py, "ParameterError", &problem, None))
}

fn keep_of(all: bool, columns: Vec<String>) -> Keep {
    match (all, columns.is_empty()) {
        (true, _) => Keep::All,
        (false, true) => Keep::Nothing,
        (false, false) => Keep::Columns(columns),
    }
}

/// The cards with what they say in words.
fn cards(made: &Made) -> Vec<serde_json::Value> {
    let card = |card: &Card<'_>| {
        let rule = card.rule.map(|rule| {
            serde_json::json!({
                "words": rule.words(),
                "sql": rule.sql(Dialect::Ansi),
                "coverage": rule.coverage,
                "precision": rule.precision,
                "customers": rule.customers,
            })
        });
        serde_json::json!({
            "numbers": card.numbers,
            "profile": card.profile,
            "stability": card.stability_in_words(),
            "rule": rule,
        })
    };
    made.cards().iter().map(card).collect()
}

fn json<T: serde::Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("what is in a model can be said in JSON")
}
