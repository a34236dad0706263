//! What the user typed, resolved: flag over recipe over default. Below this, nothing knows of flags.

use std::path::{Path, PathBuf};

use tribus::recipe::{Overlay, Playbook, Recipe, ValueColumn};
use tribus::source::{self, Input, ReadOptions};
use tribus::table::Table;

use crate::args::{Clustering, Inputs, Reading};
use crate::failure::Failure;

/// What is read, and what is asked of it.
#[derive(Debug)]
pub(crate) struct Settings {
    inputs: Vec<Input>,
    recipe: Recipe,
    reading: ReadOptions,
}

impl Settings {
    /// Opens the recipe and lays the flags over it.
    pub(crate) fn resolve(
        inputs: &Inputs,
        clustering: &Clustering,
        reading: &Reading,
    ) -> Result<Self, Failure> {
        let recipe = match &clustering.recipe {
            Some(name) => Recipe::open(name)?,
            None => Recipe::default(),
        };
        let mut recipe = recipe.with_overlay(&overlay(clustering, reading));
        if let Some(playbook) = &clustering.playbook {
            recipe.playbook = Some(Playbook::open(playbook)?);
        }
        let reading = recipe.read_options()?;
        Ok(Self {
            inputs: self::inputs(inputs)?,
            recipe,
            reading,
        })
    }

    /// Reads the table, and the recipe in which every pattern is replaced by the columns it stands for.
    pub(crate) fn read(&self) -> Result<(Recipe, Table), Failure> {
        let table = source::read(&self.inputs, &self.reading)?;
        let recipe = self.recipe.clone().resolve(&table)?;
        Ok((recipe, table))
    }
}

/// Files and standard input, which can be read but once.
pub(crate) fn inputs(typed: &Inputs) -> Result<Vec<Input>, Failure> {
    let inputs: Vec<Input> = typed
        .inputs
        .iter()
        .map(|path| match path.to_str() {
            Some("-") => Input::Stdin,
            _ => Input::Path(path.clone()),
        })
        .collect();
    let from_stdin = inputs.iter().filter(|input| **input == Input::Stdin);
    if from_stdin.count() > 1 {
        return Err(Failure::usage(
            "standard input (-) can be read only once",
            "name it once, or give files",
        ));
    }
    Ok(inputs)
}

/// How new rows are read for a segmentation: as its columns were, then as the user says.
pub(crate) fn over_reading(mut options: ReadOptions, typed: &Reading) -> ReadOptions {
    options.delimiter = typed.delimiter.or(options.delimiter);
    options.encoding = typed.encoding.clone().or(options.encoding);
    options.decimal = typed.decimal.or(options.decimal);
    options.date_order = typed.date_order.map(Into::into).or(options.date_order);
    options.skip_rows = typed.skip_rows.unwrap_or(options.skip_rows);
    options.sheet = typed.sheet.clone().or(options.sheet);
    options.date_columns.extend(typed.dates.iter().cloned());
    options
}

/// The folder for the segments of these inputs, in the current folder.
pub(crate) fn default_folder(inputs: &Inputs) -> PathBuf {
    let named = match inputs.inputs.as_slice() {
        [one] if one.as_os_str() != "-" => stem(one),
        _ => None,
    };
    PathBuf::from(format!("{}-segments", named.as_deref().unwrap_or("tribus")))
}

/// The file's name without its folder, its compression and its extension.
fn stem(path: &Path) -> Option<String> {
    let packed = path.extension().is_some_and(|extension| extension == "gz");
    let unpacked = if packed {
        PathBuf::from(path.file_stem()?)
    } else {
        path.to_path_buf()
    };
    let stem = unpacked.file_stem()?.to_string_lossy().into_owned();
    (!stem.is_empty()).then_some(stem)
}

fn value(clustering: &Clustering) -> Option<ValueColumn> {
    let none = clustering.no_value.then_some(ValueColumn::None);
    clustering.value.clone().map(ValueColumn::Named).or(none)
}

fn overlay(clustering: &Clustering, reading: &Reading) -> Overlay {
    Overlay {
        features: clustering.features.clone(),
        value: value(clustering),
        id: clustering.id.clone(),
        k: clustering.k,
        max_segments: clustering.max_segments,
        quick: clustering.quick,
        as_of: clustering.as_of,
        transform: clustering.transform,
        scale: clustering.scale,
        limits: clustering.limits,
        weights: clustering.weights,
        seed: clustering.seed,
        strict: clustering.strict,
        delimiter: reading.delimiter.map(|delimiter| match delimiter {
            '\t' => "tab".to_owned(),
            other => other.to_string(),
        }),
        encoding: reading.encoding.clone(),
        decimal: reading.decimal,
        date_order: reading.date_order.map(Into::into),
        skip_rows: reading.skip_rows,
        sheet: reading.sheet.clone(),
        dates: reading.dates.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_named_after_a_single_file() {
        let folder = |names: &[&str]| {
            let inputs = names.iter().map(PathBuf::from).collect();
            default_folder(&Inputs { inputs }).display().to_string()
        };
        assert_eq!(folder(&["data/customers.csv"]), "customers-segments");
        assert_eq!(folder(&["customers.v2.csv.gz"]), "customers.v2-segments");
        assert_eq!(folder(&["-"]), "tribus-segments");
        assert_eq!(folder(&["a.csv", "b.csv"]), "tribus-segments");
    }
}
