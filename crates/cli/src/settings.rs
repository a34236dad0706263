//! What the user typed, resolved: flag over recipe over default. Below this, nothing knows of flags.

use std::path::{Path, PathBuf};

use tribus::recipe::{Depth, Missing, MissingRule, Recipe, Transforms};
use tribus::source::{self, Input, ReadOptions};
use tribus::table::{Kind, Table};

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
        let mut recipe = match &clustering.recipe {
            Some(name) => Recipe::open(name)?,
            None => Recipe::default(),
        };
        lay_clustering_over(&mut recipe, clustering);
        lay_reading_over(&mut recipe, reading);
        let mut reading = recipe.read_options()?;
        // A pattern is no column: what it stands for is known when the columns are.
        reading.number_columns.retain(|name| !is_pattern(name));
        Ok(Self {
            inputs: self::inputs(inputs)?,
            recipe,
            reading,
        })
    }

    /// Reads the table, and the recipe in which every pattern is replaced by the columns it stands for.
    pub(crate) fn read(&self) -> Result<(Recipe, Table), Failure> {
        let table = source::read(&self.inputs, &self.reading)?;
        let mut recipe = self.recipe.clone();
        recipe.segment.features = expanded(&self.recipe, &table)?;
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

fn lay_clustering_over(recipe: &mut Recipe, typed: &Clustering) {
    let segment = &mut recipe.segment;
    if !typed.features.is_empty() || typed.k.is_some() {
        // Start centroids belong to the recipe's own features and number of segments.
        segment.init = None;
    }
    if !typed.features.is_empty() {
        segment.features.clone_from(&typed.features);
    }
    segment.value = typed.value.clone().or(segment.value.take());
    segment.k = typed.k.or(segment.k);
    segment.scale = typed.scale.or(segment.scale);
    segment.limits = typed.limits.or(segment.limits);
    segment.weights = typed.weights.or(segment.weights);
    segment.seed = typed.seed.or(segment.seed);
    segment.max_segments = typed.max_segments.or(segment.max_segments);
    if typed.quick {
        segment.evidence = Some(Depth::Quick);
    }
    if let Some(transform) = typed.transform {
        segment.transform = Some(Transforms::All(transform));
    }
    recipe.input.id = typed.id.clone().or(recipe.input.id.take());
    recipe.input.as_of = typed.as_of.or(recipe.input.as_of);
    if typed.strict {
        let refuse = || Missing::Rule(MissingRule::Error);
        recipe.clean.missing = Some(refuse());
        for column in recipe.clean.columns.values_mut() {
            column.missing = refuse();
        }
    }
}

fn lay_reading_over(recipe: &mut Recipe, typed: &Reading) {
    let input = &mut recipe.input;
    if let Some(delimiter) = typed.delimiter {
        input.delimiter = Some(match delimiter {
            '\t' => "tab".to_owned(),
            other => other.to_string(),
        });
    }
    input.encoding = typed.encoding.clone().or(input.encoding.take());
    input.decimal = typed.decimal.or(input.decimal);
    input.date_order = typed.date_order.map(Into::into).or(input.date_order);
    input.skip_rows = typed.skip_rows.or(input.skip_rows);
    input.sheet = typed.sheet.clone().or(input.sheet.take());
    input.dates.extend(typed.dates.iter().cloned());
}

fn is_pattern(name: &str) -> bool {
    name.contains('*')
}

/// The features with every pattern replaced by the columns it fits, by name: the order of the file must not matter.
fn expanded(recipe: &Recipe, table: &Table) -> Result<Vec<String>, Failure> {
    let mut features: Vec<String> = Vec::new();
    for name in &recipe.segment.features {
        let known = table.position(name).is_some() || recipe.derive.contains_key(name);
        let fitting = if known || !is_pattern(name) {
            vec![name.clone()]
        } else {
            fitting(name, recipe, table)?
        };
        for feature in fitting {
            if !features.contains(&feature) {
                features.push(feature);
            }
        }
    }
    Ok(features)
}

fn fitting(pattern: &str, recipe: &Recipe, table: &Table) -> Result<Vec<String>, Failure> {
    let numbers = table
        .names()
        .enumerate()
        .filter(|(at, _)| table.kind(*at) == Kind::Number)
        .map(|(_, name)| name);
    let derived = recipe.derive.keys().map(String::as_str);
    let mut names: Vec<String> = numbers
        .chain(derived)
        .filter(|name| fits(pattern, name))
        .map(ToOwned::to_owned)
        .collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return Err(Failure::usage(
            format!("no column of numbers fits `{pattern}`"),
            "`tribus inspect INPUT` lists the columns",
        ));
    }
    Ok(names)
}

/// Whether a name is what the pattern says, `*` standing for any run of characters.
fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    // The earliest place for each part leaves the most for those behind it.
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_run_of_characters() {
        assert!(fits("Mnt*", "MntWines") && fits("*", "x") && fits("a*b*c", "abc"));
        assert!(fits("*Products", "MntMeatProducts") && fits("a*a", "aa"));
        assert!(!fits("Mnt*", "NumMnt") && !fits("a*a", "a") && !fits("a*b*b", "ab"));
    }

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

    #[test]
    fn strict_overrules_the_rules_of_single_columns() {
        let mut recipe = Recipe::open("marketing-campaign").unwrap();
        let typed = Clustering {
            strict: true,
            ..Clustering::default()
        };
        lay_clustering_over(&mut recipe, &typed);
        let refuse = Missing::Rule(MissingRule::Error);
        assert_eq!(recipe.clean.columns["Income"].missing, refuse);
        assert_eq!(recipe.clean.missing, Some(refuse));
    }
}
