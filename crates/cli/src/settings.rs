//! What the user typed, resolved: flag over recipe over default. Below this, nothing knows of flags.

use std::fs::File;
use std::path::{Path, PathBuf};

use tribus::date::Date;
use tribus::export::{ExportError, write_rejects};
use tribus::purchases;
use tribus::recipe::{InputSection, Overlay, Playbook, Recipe, ValueColumn};
use tribus::segmentation::Segmentation;
use tribus::source::{self, Header, Input, ReadOptions};
use tribus::table::Table;

use crate::args::{Clustering, Inputs, Reading, Rollup};
use crate::failure::Failure;
use crate::mode;

/// What is read, and what is asked of it.
#[derive(Debug)]
pub(crate) struct Settings {
    inputs: Vec<Input>,
    recipe: Recipe,
    reading: ReadOptions,
    /// File to list what did not fit in.
    rejects: Option<PathBuf>,
}

impl Settings {
    /// Opens the recipe and lays the flags over it.
    pub(crate) fn resolve(
        inputs: &Inputs,
        clustering: &Clustering,
        typed: &Reading,
    ) -> Result<Self, Failure> {
        let recipe = match &clustering.recipe {
            Some(name) => Recipe::open(name)?,
            None => Recipe::default(),
        };
        let mut recipe = recipe.with_overlay(&overlay(clustering, typed));
        if let Some(playbook) = &clustering.playbook {
            recipe.playbook = Some(Playbook::open(playbook)?);
        }
        Self::new(inputs, recipe, typed)
    }

    /// The settings of a roll-up: nothing is clustered.
    pub(crate) fn of_purchases(typed: &Rollup) -> Result<Self, Failure> {
        let recipe = match &typed.recipe {
            Some(name) => Recipe::open(name)?,
            None => Recipe::default(),
        };
        let over = Overlay {
            input: InputSection {
                as_of: typed.as_of,
                ..section(&typed.reading)
            },
            ..Overlay::default()
        };
        Self::new(&typed.inputs, recipe.with_overlay(&over), &typed.reading)
    }

    fn new(inputs: &Inputs, recipe: Recipe, typed: &Reading) -> Result<Self, Failure> {
        let reading = ReadOptions {
            keep_rejects: typed.keep_rejects,
            ..recipe.read_options()?
        };
        Ok(Self {
            inputs: self::inputs(inputs)?,
            recipe,
            reading,
            rejects: typed.rejects.clone(),
        })
    }

    /// Reads the table, purchases rolled up to customers, and the recipe in which every pattern is replaced by the columns it stands for.
    pub(crate) fn read(&self) -> Result<(Recipe, Table), Failure> {
        let table = source::read(&self.inputs, &self.reading)?;
        list_rejects(&table, self.rejects.as_deref())?;
        let (recipe, table) = purchases::customers(self.recipe.clone(), table)?;
        let recipe = recipe.resolve(&table)?;
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

/// What the flags say about reading, as a recipe says it.
pub(crate) fn section(typed: &Reading) -> InputSection {
    let header = typed.header_rows.map(Header::Rows);
    InputSection {
        delimiter: typed.delimiter.map(|delimiter| match delimiter {
            '\t' => "tab".to_owned(),
            other => other.to_string(),
        }),
        encoding: typed.encoding.clone(),
        decimal: typed.decimal,
        date_order: typed.date_order.map(Into::into),
        dates: typed.dates.clone(),
        header: typed.no_header.then_some(Header::Is(false)).or(header),
        skip_rows: typed.skip_rows,
        skip_footer: typed.skip_footer,
        totals: typed.totals,
        quote: typed.quote,
        escape: typed.escape,
        comment: typed.comment,
        null_values: typed.null_value.clone(),
        keep_default_nulls: typed.no_default_nulls.then_some(false),
        max_rejects: typed.max_rejects,
        sheet: typed.sheet.clone(),
        ..InputSection::default()
    }
}

/// Reads new rows for a segmentation: as its own were, then as the flags say.
pub(crate) fn read_new(
    segmentation: &Segmentation,
    files: &Inputs,
    typed: &Reading,
    as_of: Option<Date>,
) -> Result<Table, Failure> {
    let table = read_rows(segmentation, files, typed, |options| options)?;
    Ok(segmentation.customers_of(table, as_of)?)
}

/// The same, or no customers where the input has no rows; `others` are columns that must be there then.
pub(crate) fn read_new_or_none(
    segmentation: &Segmentation,
    files: &Inputs,
    typed: &Reading,
    as_of: Option<Date>,
    others: &[String],
) -> Result<Table, Failure> {
    let table = read_rows(segmentation, files, typed, |options| ReadOptions {
        allow_empty: true,
        ..options
    })?;
    if table.rows() == 0 {
        return Ok(segmentation.no_customers(table, others));
    }
    Ok(segmentation.customers_of(table, as_of)?)
}

/// The same rows before purchases are rolled up, with what else is to be said of how they are read.
pub(crate) fn read_rows(
    segmentation: &Segmentation,
    files: &Inputs,
    typed: &Reading,
    also: impl FnOnce(ReadOptions) -> ReadOptions,
) -> Result<Table, Failure> {
    let options = ReadOptions {
        keep_rejects: typed.keep_rejects,
        ..section(typed).over(also(segmentation.read_options()))?
    };
    let table = source::read(&inputs(files)?, &options)?;
    list_rejects(&table, typed.rejects.as_deref())?;
    Ok(table)
}

/// Lists what did not fit, where that was asked for.
fn list_rejects(table: &Table, file: Option<&Path>) -> Result<(), Failure> {
    let Some(path) = file else {
        return Ok(());
    };
    let failed = |source| ExportError::WriteFailed {
        path: path.to_path_buf(),
        source,
    };
    let file = File::create(path).map_err(failed)?;
    if let Some(mode) = mode::asked() {
        mode.set(&file).map_err(failed)?;
    }
    Ok(write_rejects(file, table.rejects(), false)?)
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
        k: clustering.k,
        max_segments: clustering.max_segments,
        quick: clustering.quick,
        transform: clustering.transform,
        scale: clustering.scale,
        limits: clustering.limits,
        weights: clustering.weights,
        seed: clustering.seed,
        strict: clustering.strict,
        input: InputSection {
            id: clustering.id.clone(),
            as_of: clustering.as_of,
            ..section(reading)
        },
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
