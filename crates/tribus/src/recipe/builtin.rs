//! The recipes of `recipes/`, embedded.

use std::collections::BTreeSet;

use super::Recipe;
use crate::expr::Expr;

/// A recipe that comes with the program.
#[derive(Debug, Clone, Copy)]
pub struct BuiltIn {
    /// Its name, as `--recipe` takes it.
    pub name: &'static str,
    /// What it is for, in one line.
    pub about: &'static str,
    /// Its TOML text.
    pub text: &'static str,
}

/// The built-in recipes, most specific first.
pub const BUILT_IN: [BuiltIn; 5] = [
    BuiltIn {
        name: "marketing-campaign",
        about: "raw marketing campaign file: cleaned, enriched, five segments by income, age and spending",
        text: include_str!("../../../../recipes/marketing-campaign.toml"),
    },
    BuiltIn {
        name: "ifood",
        about: "ifood_df.csv: five segments by income, age and spending",
        text: include_str!("../../../../recipes/ifood.toml"),
    },
    BuiltIn {
        name: "ifood-engagement",
        about: "ifood_df.csv: five segments by value, household, channels and response",
        text: include_str!("../../../../recipes/ifood-engagement.toml"),
    },
    BuiltIn {
        name: "rfm",
        about: "recency, frequency and monetary value per customer, in columns R, F and M",
        text: include_str!("../../../../recipes/rfm.toml"),
    },
    BuiltIn {
        name: "rfm-rules",
        about: "purchases: RFM scores and groups by rules that can be changed, for `tribus rollup`",
        text: include_str!("../../../../recipes/rfm-rules.toml"),
    },
];

impl BuiltIn {
    /// The recipe.
    ///
    /// # Panics
    /// Never: a test parses all of them.
    pub fn recipe(&self) -> Recipe {
        Recipe::parse(self.text, self.name).expect("a test parses every built-in recipe")
    }
}

/// The built-in recipe whose columns a file has.
pub fn recognize<'a>(columns: impl IntoIterator<Item = &'a str>) -> Option<&'static BuiltIn> {
    let present: BTreeSet<&str> = columns.into_iter().collect();
    BUILT_IN.iter().find(|entry| {
        let recipe = entry.recipe();
        let needed = needed(&recipe);
        !needed.is_empty() && needed.iter().all(|name| present.contains(name.as_str()))
    })
}

/// The columns of the file that a recipe refers to.
fn needed(recipe: &Recipe) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    names.extend(recipe.segment.features.iter().cloned());
    names.extend(recipe.segment.value_column().map(str::to_owned));
    names.extend(recipe.columns.keys().cloned());
    names.extend(recipe.clean.columns.keys().cloned());
    names.extend(recipe.clean.replace.keys().cloned());
    names.extend(recipe.encode.keys().cloned());
    names.extend(recipe.input.id.iter().cloned());
    let conditions = recipe.clean.drop.iter().map(|rule| &rule.condition);
    for text in recipe.derive.values().chain(conditions) {
        if let Ok(expression) = Expr::parse(text) {
            names.extend(expression.columns().into_iter().map(ToOwned::to_owned));
        }
    }
    for derived in recipe.derive.keys() {
        names.remove(derived);
    }
    names
}
