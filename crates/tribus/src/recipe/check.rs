//! What a recipe must be beyond its types: numbers that are numbers, names that can be written, lists of a useful length.

use indexmap::IndexMap;

use super::{Campaign, Missing, Recipe, RecipeError, Scalar};

/// The most entries of one list or table of a recipe.
const MOST_ENTRIES: usize = 100_000;

impl Recipe {
    /// Whether the settings can be used at all; whether they go with a table is asked when there is one.
    pub(crate) fn check(&self) -> Result<(), RecipeError> {
        self.check_lengths()?;
        self.check_names()?;
        self.check_numbers()?;
        self.playbook
            .as_ref()
            .map_or(Ok(()), super::Playbook::check)
    }

    fn check_lengths(&self) -> Result<(), RecipeError> {
        let replaced = self.clean.replace.values().map(IndexMap::len);
        let purchases = self.purchases.as_ref();
        let rules = purchases.map_or(0, |purchases| purchases.rules.len());
        let lengths = [
            ("input.dates", self.input.dates.len()),
            ("columns", self.columns.len()),
            ("clean.columns", self.clean.columns.len()),
            ("clean.drop", self.clean.drop.len()),
            ("clean.replace", self.clean.replace.len()),
            ("clean.replace", replaced.max().unwrap_or(0)),
            ("derive", self.derive.len()),
            ("encode", self.encode.len()),
            ("segment.features", self.segment.features.len()),
            ("purchases.rules", rules),
        ];
        match lengths
            .into_iter()
            .find(|(_, length)| *length > MOST_ENTRIES)
        {
            Some((key, _)) => refuse(key, "it has more than 100,000 entries"),
            None => Ok(()),
        }
    }

    /// Names of columns that the file has are as they are; those that a recipe makes are shown everywhere.
    fn check_names(&self) -> Result<(), RecipeError> {
        let prefixes = self
            .encode
            .values()
            .filter_map(|encode| encode.prefix.as_ref());
        let named = (self.derive.keys().map(|name| ("derive", name)))
            .chain(prefixes.map(|prefix| ("encode", prefix)));
        for (key, name) in named {
            if name.chars().any(char::is_control) {
                return refuse(key, "the name of a new column holds a control character");
            }
            if name.trim().is_empty() {
                return refuse(key, "the name of a new column is empty");
            }
        }
        Ok(())
    }

    fn check_numbers(&self) -> Result<(), RecipeError> {
        let scores = self
            .purchases
            .as_ref()
            .and_then(|purchases| purchases.scores);
        if scores.is_some_and(|scores| !(2..=10).contains(&scores)) {
            return refuse("purchases.scores", "it is a number from 2 to 10");
        }
        let filled = self.clean.columns.values().map(|column| &column.missing);
        let constants = filled
            .chain(&self.clean.missing)
            .filter_map(|missing| match missing {
                Missing::Value { value } => Some(value),
                Missing::Rule(_) => None,
            });
        let replaced = self.clean.replace.values().flat_map(IndexMap::values);
        let is_number = |scalar: &Scalar| match scalar {
            Scalar::Number(number) => number.is_finite(),
            Scalar::Text(_) => true,
        };
        if !constants.chain(replaced).all(is_number) {
            return refuse("clean", "a value is neither text nor a finite number");
        }
        if let Some(rows) = &self.segment.init {
            let width = rows.first().map_or(0, Vec::len);
            if rows.is_empty() || width == 0 || rows.iter().any(|row| row.len() != width) {
                return refuse("segment.init", "each start has one number for each feature");
            }
            if rows.iter().flatten().any(|number| !number.is_finite()) {
                return refuse("segment.init", "a number is not finite");
            }
        }
        self.campaign.as_ref().map_or(Ok(()), Campaign::check)
    }
}

impl Campaign {
    fn check(&self) -> Result<(), RecipeError> {
        if self.cost.is_finite() && self.revenue.is_finite() {
            Ok(())
        } else {
            refuse("campaign", "cost and revenue are finite numbers")
        }
    }
}

fn refuse(key: &'static str, problem: &'static str) -> Result<(), RecipeError> {
    Err(RecipeError::Setting { key, problem })
}
