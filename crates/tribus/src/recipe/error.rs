//! What can be wrong with a recipe.

use std::path::PathBuf;

use super::builtin::BUILT_IN;
use crate::source::Location;
use crate::words::nearest::nearest;

/// A recipe that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecipeError {
    /// Neither a built-in recipe nor a file.
    #[error("there is no recipe `{name}`")]
    Unknown {
        /// As the user wrote it.
        name: String,
        /// The nearest built-in recipe.
        nearest: Option<String>,
    },
    /// The file cannot be read.
    #[error("cannot read the {what} {}", path.display())]
    Unreadable {
        /// Recipe or playbook.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Larger than anything people write.
    #[error("the {what} {} is larger than {} MB", path.display(), limit >> 20)]
    TooLarge {
        /// Recipe or playbook.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// The largest there may be, in bytes.
        limit: u64,
    },
    /// A setting that cannot be.
    #[error("{key}: {problem}")]
    Setting {
        /// Key of the recipe.
        key: &'static str,
        /// What is wrong.
        problem: &'static str,
    },
    /// A play of a playbook that cannot work.
    #[error("the play `{play}`: {problem}")]
    Play {
        /// Its name.
        play: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// A pattern among the features that stands for nothing.
    #[error("no column of numbers fits `{pattern}`")]
    NothingFits {
        /// The pattern.
        pattern: String,
    },
    /// Not TOML, an unknown key, or a value of the wrong kind.
    #[error("{recipe}, line {line}, column {column}: {problem}")]
    Toml {
        /// File or built-in name.
        recipe: String,
        /// 1-based line.
        line: usize,
        /// 1-based column, counted in characters.
        column: usize,
        /// What is wrong.
        problem: String,
        /// The nearest known key.
        nearest: Option<String>,
    },
}

impl RecipeError {
    pub(super) fn unknown(name: &str) -> Self {
        let names = BUILT_IN.iter().map(|entry| entry.name);
        Self::Unknown {
            name: name.to_owned(),
            nearest: nearest(name, names),
        }
    }

    pub(super) fn toml(error: &toml::de::Error, text: &str, recipe: &str) -> Self {
        let start = error.span().map_or(0, |span| span.start.min(text.len()));
        let before = text.get(..start).unwrap_or(text);
        let line = 1 + before.matches('\n').count();
        let column = 1 + before
            .chars()
            .rev()
            .take_while(|character| *character != '\n')
            .count();
        let message = error.message();
        Self::Toml {
            recipe: recipe.to_owned(),
            line,
            column,
            problem: message.replace("unknown field", "unknown key"),
            nearest: nearest_key(message),
        }
    }

    /// Where it lies, as far as it is known.
    pub fn location(&self) -> Location {
        match self {
            Self::Unreadable { path, .. } | Self::TooLarge { path, .. } => {
                Location::file(path.display().to_string())
            }
            Self::Toml {
                recipe,
                line,
                column,
                ..
            } => Location {
                character: Some(*column as u64),
                ..Location::file(recipe).with_line(*line as u64)
            },
            Self::Unknown { .. }
            | Self::Setting { .. }
            | Self::Play { .. }
            | Self::NothingFits { .. } => Location::default(),
        }
    }

    /// The way out.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown {
                nearest: Some(nearest),
                ..
            } => Some(format!(
                "did you mean `{nearest}`? `tribus recipe list` shows the built-in recipes"
            )),
            Self::Unknown { .. } => Some(
                "give a file (my-recipe.toml) or a name that `tribus recipe list` shows".to_owned(),
            ),
            Self::Toml {
                nearest: Some(nearest),
                ..
            } => Some(format!("did you mean `{nearest}`?")),
            Self::Play { .. } => Some(
                "`tribus recipe show playbook` prints the default playbook, with comments"
                    .to_owned(),
            ),
            Self::NothingFits { .. } => Some("`tribus inspect INPUT` lists the columns".to_owned()),
            Self::Unreadable { .. }
            | Self::TooLarge { .. }
            | Self::Setting { .. }
            | Self::Toml { .. } => None,
        }
    }
}

/// Serde says "unknown field `a`, expected one of `b`, `c`": the first quoted word is the user's, the rest are known.
fn nearest_key(message: &str) -> Option<String> {
    if !message.starts_with("unknown field") {
        return None;
    }
    let mut quoted = message.split('`').skip(1).step_by(2);
    let unknown = quoted.next()?;
    nearest(unknown, quoted)
}
