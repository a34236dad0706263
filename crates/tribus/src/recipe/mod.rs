//! What the user wants, as TOML: every key optional, unknown keys refused with the nearest known one.
//!
//! The same [`Recipe`] is read from a file, filled by command-line flags, completed by the planner
//! ([`crate::plan`]) and stored, complete, in the model.

mod builtin;
mod check;
mod error;
mod explained;
mod input;
mod overlay;
mod playbook;
mod purchases;
mod settings;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

pub use builtin::{BUILT_IN, BuiltIn, recognize};
pub use error::RecipeError;
pub(crate) use explained::readings_of;
pub use input::InputSection;
pub use overlay::Overlay;
pub use playbook::{DEFAULT_PLAYBOOK, KnownFact, Play, Playbook, Trigger, TriggerMeasure};
pub(crate) use purchases::PARTS;
pub use purchases::{Copies, Frequency, Lifecycle, Money, PurchasesSection, Returns};
pub use settings::{
    Clusters, Depth, Limits, MaxSegments, Missing, MissingRule, Scalar, Scale, Transform,
    Transforms, ValueColumn, Weights,
};

use crate::roles::Role;
use crate::source::ReadOptions;

/// The largest recipe or playbook that is read, in bytes.
const LARGEST_FILE: u64 = 16 << 20;

/// A recipe. An empty one asks for everything to be decided from the data.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recipe {
    /// How the file is read; found from the file where not given. A model keeps of it what holds for the next file: id, dates, decimals.
    #[serde(skip_serializing_if = "InputSection::is_empty")]
    pub input: InputSection,
    /// How lines of purchases become customers, where the rows are purchases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purchases: Option<PurchasesSection>,
    /// Roles of columns, over what is found.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub columns: IndexMap<String, Role>,
    /// Replacing, dropping and repairing.
    pub clean: Clean,
    /// New columns as SQL expressions over the columns of the file and over each other.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub derive: IndexMap<String, String>,
    /// Text columns turned into columns of 0 and 1.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub encode: IndexMap<String, Encode>,
    /// What to cluster on, and how.
    pub segment: SegmentSection,
    /// Economics of a campaign.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<Campaign>,
    /// Actions and the facts that call for them, instead of the default playbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub playbook: Option<Playbook>,
    /// What protects single customers.
    #[serde(skip_serializing_if = "Privacy::is_default")]
    pub privacy: Privacy,
}

/// Replacing, dropping and repairing, in this order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Clean {
    /// What to do with missing cells of columns that matter (default: median, most frequent for text).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
    /// The same for single columns.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub columns: IndexMap<String, CleanColumn>,
    /// Rows to set aside; the first rule that matches counts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub drop: Vec<DropRule>,
    /// Values to replace, by column: old = new.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub replace: IndexMap<String, IndexMap<String, Scalar>>,
}

/// Cleaning of one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CleanColumn {
    /// What to do with its missing cells.
    pub missing: Missing,
}

/// Rows to set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DropRule {
    /// A condition in SQL syntax over the raw columns; NULL never matches but by IS NULL.
    #[serde(rename = "where")]
    pub condition: String,
    /// The reason, for the ledger.
    pub because: String,
}

/// One-hot encoding of one text column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Encode {
    /// The new columns are called `prefix_category`; the column's own name where not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
}

impl Encode {
    /// Whether the encoding of `column` makes a column called `name`.
    pub(crate) fn makes(&self, column: &str, name: &str) -> bool {
        let prefix = self.prefix.as_deref().unwrap_or(column);
        name.strip_prefix(prefix)
            .is_some_and(|rest| rest.starts_with('_'))
    }
}

/// What to cluster on, and how.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SegmentSection {
    /// Columns to cluster on; decided from the data where not given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    /// The column that says what a customer is worth (higher is better), or `false`: no column does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<ValueColumn>,
    /// `none`, `log`, `log1p`, `yeo-johnson`, `auto` (heavy-tailed money and counts by log1p), or one per column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transform: Option<Transforms>,
    /// `auto` limits far outliers for the distance only; `none` does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
    /// `standard`, `robust`, `minmax`, `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<Scale>,
    /// `equal` counts every feature alike; `balanced` keeps a group of many columns from drowning the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<Weights>,
    /// `auto`, a number, or a range such as `2-10`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub k: Option<Clusters>,
    /// The most segments where the customers are a continuum and `k` is `auto`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_segments: Option<MaxSegments>,
    /// The fewest customers a segment may have where the customers are a continuum (default: 20 or 2 %, the larger).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_segment_size: Option<u64>,
    /// `full` weighs every criterion; `quick` looks at elbow, silhouette and a few resamples only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Depth>,
    /// Start centroids in raw units, one row per segment, instead of random starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub init: Option<Vec<Vec<f64>>>,
    /// Seed of all random draws (default 0).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

impl SegmentSection {
    /// The column that says what a customer is worth.
    pub fn value_column(&self) -> Option<&str> {
        self.value.as_ref()?.name()
    }
}

/// What protects single customers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Privacy {
    /// A segment or category of fewer customers is described by its size alone. Where not given: 10, but in a table of
    /// fewer than 100 customers, whose owner knows each of them, no group is too small.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_group: Option<u64>,
}

impl Privacy {
    /// The smallest group that is described, of so many customers.
    pub(crate) fn smallest(self, customers: usize) -> u64 {
        const USUAL: u64 = 10;
        const FEW: usize = 100;
        let unset = if customers < FEW { 0 } else { USUAL };
        self.min_group.unwrap_or(unset)
    }

    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Economics of a campaign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Campaign {
    /// Column that says whether the customer responded (0 or 1); beside a control group it may be an amount.
    pub outcome: String,
    /// Cost of contacting one customer.
    pub cost: f64,
    /// Revenue of one response.
    pub revenue: f64,
    /// Column that says who was contacted in a test with a control group; found where there is only one such column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub treatment: Option<String>,
    /// Its value for the control group; found where it is called so ("No E-Mail", "control", "holdout", "none", 0).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<Scalar>,
}

impl Recipe {
    /// Reads a recipe from TOML text. `name` is what messages call it.
    ///
    /// # Errors
    /// [`RecipeError::Toml`] with the place, and the nearest known key where a key is unknown; [`RecipeError::Setting`] and
    /// [`RecipeError::Play`] for what cannot be used.
    pub fn parse(text: &str, name: &str) -> Result<Self, RecipeError> {
        let recipe: Self =
            toml::from_str(text).map_err(|error| RecipeError::toml(&error, text, name))?;
        recipe.check()?;
        Ok(recipe)
    }

    /// Reads a recipe file, or a built-in recipe by its name.
    ///
    /// # Errors
    /// [`RecipeError::Unknown`] when there is neither; [`RecipeError::Unreadable`]; [`RecipeError::Toml`].
    pub fn open(name_or_path: &str) -> Result<Self, RecipeError> {
        if let Some(built_in) = BUILT_IN.iter().find(|entry| entry.name == name_or_path) {
            return Self::parse(built_in.text, built_in.name);
        }
        let path = Path::new(name_or_path);
        let looks_like_a_file = path.extension().is_some() || path.components().count() > 1;
        if !path.exists() && !looks_like_a_file {
            return Err(RecipeError::unknown(name_or_path));
        }
        let text = text_of("recipe", path)?;
        Self::parse(&text, &path.display().to_string())
    }

    /// The recipe as TOML text that reads back equal.
    ///
    /// # Panics
    /// Never: a recipe holds only what TOML can say.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("a recipe holds only what TOML can say")
    }

    /// How a file must be read for this recipe: columns clustered on are numbers, the id stays text.
    ///
    /// # Errors
    /// [`RecipeError::Setting`] for a delimiter that is not one character.
    pub fn read_options(&self) -> Result<ReadOptions, RecipeError> {
        let input = &self.input;
        let made = |name: &String| self.derive.contains_key(name);
        let with_role = |wanted: fn(Role) -> bool| {
            let columns = self.columns.iter().filter(move |(_, role)| wanted(**role));
            columns
                .map(|(name, _)| name)
                .filter(|name| !made(name))
                .cloned()
        };
        let features = self
            .segment
            .features
            .iter()
            .filter(|name| !made(name))
            .cloned();
        let value = self.segment.value_column().map(str::to_owned);
        let value = value.filter(|name| !made(name));
        let options = ReadOptions {
            text_columns: input
                .id
                .iter()
                .cloned()
                .chain(with_role(|role| role == Role::Id))
                .collect(),
            date_columns: with_role(|role| role == Role::Date).collect(),
            // A pattern is no column: what it stands for is known when the columns are.
            number_columns: features
                .chain(value)
                .chain(with_role(Role::is_amount_or_measure))
                .filter(|name| !overlay::is_pattern(name))
                .collect(),
            ..ReadOptions::default()
        };
        let purchases = self.purchases.as_ref();
        input.over(match purchases {
            Some(purchases) => purchases.over(options),
            None => options,
        })
    }

    /// The seed of all random draws.
    pub fn seed(&self) -> u64 {
        self.segment.seed.unwrap_or(0)
    }
}

/// The text of a file that people write; nothing that somebody could write is as long as the limit.
fn text_of(what: &'static str, path: &Path) -> Result<String, RecipeError> {
    let unreadable = |source| RecipeError::Unreadable {
        what,
        path: path.to_path_buf(),
        source,
    };
    let file = File::open(path).map_err(unreadable)?;
    let mut text = String::new();
    let read = file.take(LARGEST_FILE + 1).read_to_string(&mut text);
    read.map_err(unreadable)?;
    if text.len() as u64 > LARGEST_FILE {
        return Err(RecipeError::TooLarge {
            what,
            path: path.to_path_buf(),
            limit: LARGEST_FILE,
        });
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
