//! What a caller says beside a recipe: it goes over the recipe, which goes over what is found.
//!
//! The command line and Python fill the same [`Overlay`], so that both ask for the same thing by the same name.

use serde::{Deserialize, Serialize};

use super::{
    Clusters, Depth, InputSection, Limits, MaxSegments, Missing, MissingRule, Recipe, RecipeError,
    Scale, Transform, Transforms, ValueColumn, Weights,
};
use crate::table::{Kind, Table};

/// Settings over those of a recipe; what is not given leaves the recipe as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Overlay {
    /// Columns to cluster on; a `*` stands for any characters when no column has that exact name.
    pub features: Vec<String>,
    /// Column that says what a customer is worth, or that none does.
    pub value: Option<ValueColumn>,
    /// How many segments.
    pub k: Option<Clusters>,
    /// The most segments where customers have no natural groups.
    pub max_segments: Option<MaxSegments>,
    /// Choose the number by elbow, silhouette and a few resamples alone.
    pub quick: bool,
    /// Transform of all features.
    pub transform: Option<Transform>,
    /// Scale of features.
    pub scale: Option<Scale>,
    /// Far outliers.
    pub limits: Option<Limits>,
    /// How features share the distance.
    pub weights: Option<Weights>,
    /// Seed of all random draws.
    pub seed: Option<u64>,
    /// Refuse missing cells instead of repairing them.
    pub strict: bool,
    /// How the input is read.
    #[serde(flatten)]
    pub input: InputSection,
}

impl Recipe {
    /// This recipe with the caller's settings over its own.
    #[must_use]
    pub fn with_overlay(mut self, over: &Overlay) -> Self {
        self.lay_clustering_over(over);
        self.input = self.input.with(&over.input);
        if over.strict {
            let refuse = || Missing::Rule(MissingRule::Error);
            self.clean.missing = Some(refuse());
            for column in self.clean.columns.values_mut() {
                column.missing = refuse();
            }
        }
        self
    }

    fn lay_clustering_over(&mut self, over: &Overlay) {
        let segment = &mut self.segment;
        if !over.features.is_empty() || over.k.is_some() {
            // Start centroids belong to the recipe's own features and number of segments.
            segment.init = None;
        }
        if !over.features.is_empty() {
            segment.features.clone_from(&over.features);
        }
        segment.value = over.value.clone().or(segment.value.take());
        segment.k = over.k.or(segment.k);
        segment.scale = over.scale.or(segment.scale);
        segment.limits = over.limits.or(segment.limits);
        segment.weights = over.weights.or(segment.weights);
        segment.seed = over.seed.or(segment.seed);
        segment.max_segments = over.max_segments.or(segment.max_segments);
        if over.quick {
            segment.evidence = Some(Depth::Quick);
        }
        if let Some(transform) = over.transform {
            segment.transform = Some(Transforms::All(transform));
        }
    }

    /// This recipe for a table that was read: every pattern among its features is replaced by the columns it fits, by name,
    /// for the order of the file must not matter.
    ///
    /// # Errors
    /// [`RecipeError::NothingFits`] for a pattern that fits no column of numbers.
    pub fn resolve(mut self, table: &Table) -> Result<Self, RecipeError> {
        let mut features: Vec<String> = Vec::new();
        for name in &self.segment.features {
            let known = table.position(name).is_some() || self.derive.contains_key(name);
            let fitting = if known || !is_pattern(name) {
                vec![name.clone()]
            } else {
                self.fitting(name, table)?
            };
            for feature in fitting {
                if !features.contains(&feature) {
                    features.push(feature);
                }
            }
        }
        self.segment.features = features;
        Ok(self)
    }

    fn fitting(&self, pattern: &str, table: &Table) -> Result<Vec<String>, RecipeError> {
        let numbers = table
            .names()
            .enumerate()
            .filter(|(at, _)| table.kind(*at) == Kind::Number)
            .map(|(_, name)| name);
        let derived = self.derive.keys().map(String::as_str);
        let mut names: Vec<String> = numbers
            .chain(derived)
            .filter(|name| fits(pattern, name))
            .map(ToOwned::to_owned)
            .collect();
        names.sort_unstable();
        names.dedup();
        if names.is_empty() {
            return Err(RecipeError::NothingFits {
                pattern: pattern.to_owned(),
            });
        }
        Ok(names)
    }
}

/// Whether a name stands for several columns, unless a column has that very name.
pub(super) fn is_pattern(name: &str) -> bool {
    name.contains('*')
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
    fn strict_overrules_the_rules_of_single_columns() {
        let over = Overlay {
            strict: true,
            ..Overlay::default()
        };
        let recipe = Recipe::open("marketing-campaign")
            .unwrap()
            .with_overlay(&over);
        let refuse = Missing::Rule(MissingRule::Error);
        assert_eq!(recipe.clean.columns["Income"].missing, refuse);
        assert_eq!(recipe.clean.missing, Some(refuse));
    }

    #[test]
    fn an_empty_overlay_changes_nothing() {
        let recipe = Recipe::open("ifood").unwrap();
        assert_eq!(recipe.clone().with_overlay(&Overlay::default()), recipe);
    }
}
