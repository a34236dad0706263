//! Customers as they come: files, or frames that know Arrow's stream protocol.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use tribus::purchases::{roll_up, roll_up_sql};
use tribus::recipe::{BUILT_IN, Overlay, Recipe, RecipeError};
use tribus::source::{self, Input, ReadError, ReadOptions};
use tribus::table::{Table, rejects_told};

use crate::error::{raise, told};
use crate::frame::Frame;
use crate::interrupt::owning;

/// What messages call a frame.
const FRAME: &str = "the frame";

/// A table that was read, and the recipe for it.
#[pyclass(module = "tribus._tribus", frozen)]
pub(crate) struct Source {
    pub(super) recipe: Recipe,
    pub(super) table: Arc<Table>,
}

#[pymethods]
impl Source {
    /// The table as it was typed.
    fn frame(&self) -> Frame {
        let batch = self.table.batch();
        Frame {
            schema: batch.schema(),
            batches: vec![batch.clone()],
        }
    }

    /// How each file was read, and what was odd about it.
    fn readings(&self) -> Vec<(String, String, Vec<String>, Vec<String>)> {
        let readings = self.table.readings().iter().cloned();
        readings
            .map(|reading| {
                let format = reading.format.to_owned();
                (reading.file, format, reading.decisions, reading.warnings)
            })
            .collect()
    }

    /// Purchases rolled up to customers, and their account as JSON; none where the rows are customers already.
    fn rolled_up(&self, py: Python<'_>) -> PyResult<Option<(Self, String)>> {
        let (recipe, table) = self.customers(py)?;
        let account = table.purchases().map(super::json);
        Ok(account.map(|account| (Self { recipe, table }, account)))
    }

    /// The roll-up as an SQL statement over a table called `name`; none where the rows are customers already.
    fn roll_up_sql(&self, py: Python<'_>, dialect: &str, name: &str) -> PyResult<Option<String>> {
        let dialect = super::dialect_of(py, dialect)?;
        let (recipe, table) = (self.recipe.clone(), self.table.clone());
        let name = name.to_owned();
        let sql = owning(py, move |_| roll_up_sql(&recipe, &table, dialect, &name))?;
        sql.map_err(told(py))
    }

    /// What did not fit, in a sentence.
    fn rejects(&self) -> Option<String> {
        rejects_told(self.table.rejects())
    }
}

/// Reads files into one table. `recipe` is a name or a file, or JSON where `is_json`; `over` is an overlay in JSON.
#[pyfunction]
#[pyo3(signature = (paths, recipe, is_json, over, text=false))]
pub(crate) fn open(
    py: Python<'_>,
    paths: Vec<PathBuf>,
    recipe: Option<&str>,
    is_json: bool,
    over: &str,
    text: bool,
) -> PyResult<Source> {
    let recipe = recipe_of(py, recipe, is_json, over)?;
    let options = options_of(py, &recipe, text)?;
    let source = open_as(py, paths, options)?;
    Ok(source.asked(recipe))
}

/// Takes in a frame; the rest as [`open`].
#[pyfunction]
#[pyo3(signature = (frame, recipe, is_json, over, text=false))]
pub(crate) fn parse(
    py: Python<'_>,
    frame: &Bound<'_, PyAny>,
    recipe: Option<&str>,
    is_json: bool,
    over: &str,
    text: bool,
) -> PyResult<Source> {
    let recipe = recipe_of(py, recipe, is_json, over)?;
    let options = options_of(py, &recipe, text)?;
    let source = parse_as(py, frame, options)?;
    Ok(source.asked(recipe))
}

impl Source {
    /// The same with a recipe, whose patterns wait for the customers.
    fn asked(self, recipe: Recipe) -> Self {
        Self { recipe, ..self }
    }

    /// The customers, purchases rolled up, and the recipe in which every pattern is replaced by the columns it stands for.
    pub(super) fn customers(&self, py: Python<'_>) -> PyResult<(Recipe, Arc<Table>)> {
        let (recipe, table) = (self.recipe.clone(), self.table.clone());
        let rolled_up = owning(py, move |_| roll_up(&recipe, &table))?;
        let (recipe, table) = match rolled_up.map_err(told(py))? {
            Some((recipe, customers)) => (recipe, Arc::new(customers)),
            None => (self.recipe.clone(), self.table.clone()),
        };
        Ok((recipe.resolve(&table).map_err(told(py))?, table))
    }

    fn of(table: Table) -> Self {
        Self {
            recipe: Recipe::default(),
            table: Arc::new(table),
        }
    }
}

pub(super) fn open_as(
    py: Python<'_>,
    paths: Vec<PathBuf>,
    options: ReadOptions,
) -> PyResult<Source> {
    let inputs: Vec<Input> = paths.into_iter().map(Input::Path).collect();
    let table = owning(py, move |_| source::read(&inputs, &options))?;
    Ok(Source::of(table.map_err(told(py))?))
}

pub(super) fn parse_as(
    py: Python<'_>,
    frame: &Bound<'_, PyAny>,
    options: ReadOptions,
) -> PyResult<Source> {
    let Frame { schema, batches } = Frame::of(frame)?;
    let typed: Result<Table, ReadError> = owning(py, move |_| {
        source::from_batches(&schema, &batches, FRAME, &options)
    })?;
    Ok(Source::of(typed.map_err(told(py))?))
}

fn options_of(py: Python<'_>, recipe: &Recipe, text: bool) -> PyResult<ReadOptions> {
    let options = recipe.read_options().map_err(told(py))?;
    Ok(ReadOptions { text, ..options })
}

fn recipe_of(py: Python<'_>, recipe: Option<&str>, is_json: bool, over: &str) -> PyResult<Recipe> {
    let recipe = match recipe {
        None => Recipe::default(),
        Some(text) if is_json => of_json(py, text)?,
        Some(name) => Recipe::open(name).map_err(told::<RecipeError>(py))?,
    };
    let over: Overlay = of_json(py, over)?;
    Ok(recipe.with_overlay(&over))
}

fn of_json<T: serde::de::DeserializeOwned>(py: Python<'_>, text: &str) -> PyResult<T> {
    let value: Result<serde_json::Value, _> = serde_json::from_str(text);
    value
        .and_then(serde_json::from_value)
        .map_err(|error| raise(py, "RecipeError", &error.to_string(), None))
}

/// From here on reading one input takes at most about so much memory.
#[pyfunction]
pub(crate) fn limit_memory(py: Python<'_>, size: &str) -> PyResult<()> {
    let size = size
        .parse()
        .map_err(|problem: String| raise(py, "ParameterError", &problem, None))?;
    source::limit_memory(size);
    Ok(())
}

/// The built-in recipes as (name, TOML).
#[pyfunction]
pub(crate) fn builtin_recipes() -> Vec<(&'static str, &'static str)> {
    BUILT_IN
        .iter()
        .map(|entry| (entry.name, entry.text))
        .collect()
}

/// The sample customers, as tab-separated text.
#[pyfunction]
pub(crate) fn demo_customers() -> String {
    tribus::demo::customers()
}
