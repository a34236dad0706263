//! A segmentation made again from its input, and what differs.
//!
//! The same rows, recipe and program give the same numbers to the last bit, so nothing is compared with a tolerance.

use serde::{Deserialize, Serialize};

use super::{Segmentation, SegmentationError};
use crate::progress::Watch;
use crate::recipe::{Clusters, InputSection, Recipe, ValueColumn};
use crate::segment::SegmentNumber;
use crate::table::Table;
use crate::words::count;

/// What the recipe said when the segments were made, where something else was asked for since.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MadeWith {
    /// Number of segments, as it was asked for.
    k: Option<Clusters>,
    /// The value, which numbers the segments.
    value: Option<ValueColumn>,
}

/// One thing that is not what it was when a segmentation is made again.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Difference {
    /// The input has more or fewer rows.
    Rows {
        /// Rows that the segments were made from.
        then: u64,
        /// Rows of the input.
        now: u64,
    },
    /// The input has as many rows, but other cells.
    Cells {
        /// SHA-256 of the rows that the segments were made from.
        then: String,
        /// SHA-256 of the rows of the input.
        now: String,
    },
    /// Columns are prepared with other constants, or others are clustered on.
    Preparation {
        /// The columns, sorted; none where only other steps differ.
        columns: Vec<String>,
    },
    /// Another number of segments is chosen, or nothing is known of the number that the model was switched to.
    Number {
        /// Segments of the model.
        then: usize,
        /// Segments made again.
        now: usize,
    },
    /// The centroid of a segment.
    Centroid {
        /// The segment.
        segment: SegmentNumber,
        /// How far apart the two are, in scaled features.
        distance: f64,
    },
    /// How many customers a segment has.
    Size {
        /// The segment.
        segment: SegmentNumber,
        /// In the model.
        then: u64,
        /// Made again.
        now: u64,
    },
    /// What a segment is called by itself.
    Name {
        /// The segment.
        segment: SegmentNumber,
        /// In the model.
        then: String,
        /// Made again.
        now: String,
    },
}

impl Difference {
    /// The difference as one sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::Rows { then, now } => format!(
                "the input has {} rows; the segments were made from {}",
                count(*now),
                count(*then)
            ),
            Self::Cells { .. } => {
                "the rows of the input hold something else, or stand in another order, than those the segments were made from"
                    .to_owned()
            }
            Self::Preparation { columns } if columns.is_empty() => {
                "rows are cleaned or derived in another way".to_owned()
            }
            Self::Preparation { columns } => {
                format!("other constants of preparation: {}", columns.join(", "))
            }
            Self::Number { then, now } => format!("{now} segments, not {then}"),
            Self::Centroid { segment, distance } => {
                format!(
                    "segment {segment}: its centroid lies elsewhere ({distance:.2e} in scaled features)"
                )
            }
            Self::Size { segment, then, now } => format!(
                "segment {segment}: {} customers, not {}",
                count(*now),
                count(*then)
            ),
            Self::Name { segment, then, now } => {
                format!("segment {segment}: it would be called {now}, not {then}")
            }
        }
    }
}

impl Segmentation {
    /// The recipe that makes the segmentation again, of a file that is read as `input` says beside what the model knows. A
    /// number of segments or a value that the model was switched to is none of it.
    #[must_use]
    pub fn recipe_to_verify(&self, input: &InputSection) -> Recipe {
        let mut recipe = self.recipe.pinned(&self.columns, &[]);
        let written = InputSection {
            id: None,
            as_of: None,
            ..input.clone()
        };
        recipe.input = recipe.input.with(&written);
        if let Some(made) = &self.made_with {
            recipe.segment.k = made.k;
            recipe.segment.value.clone_from(&made.value);
        }
        recipe
    }

    /// Makes the segmentation again from a table that was read as [`Self::recipe_to_verify`] says, with the number of segments
    /// it has now, and tells what differs: rows, preparation, number, centroids, sizes, names. Nothing that people set is
    /// compared: their names for segments, title, language, value; nor what the program says of the segments beyond their
    /// names. As costly as [`Self::fit`].
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use std::ops::ControlFlow;
    /// # use tribus::{recipe::{InputSection, Recipe}, segmentation::Segmentation, source::{self, Input}};
    /// # let file = tempfile::NamedTempFile::new()?;
    /// # std::fs::write(file.path(), "id,age,spend\n1,20,5\n2,22,6\n3,60,40\n4,62,41\n5,21,7\n6,63,39\n")?;
    /// # let inputs = [Input::Path(file.path().to_path_buf())];
    /// # let made = Recipe::parse("[segment]\nk = 2\nfeatures = [\"age\", \"spend\"]", "a recipe")?;
    /// # let segmentation = Segmentation::fit(&made, &source::read(&inputs, &made.read_options()?)?)?;
    /// let recipe = segmentation.recipe_to_verify(&InputSection::default());
    /// let table = source::read(&inputs, &recipe.read_options()?)?;
    /// assert!(segmentation.verify(&recipe, &table, &|_| ControlFlow::Continue(()))?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Self::fit_watched`].
    pub fn verify(
        &self,
        recipe: &Recipe,
        table: &Table,
        watch: Watch<'_>,
    ) -> Result<Vec<Difference>, SegmentationError> {
        let again = Self::fit_watched(recipe, table, watch)?;
        if self.made_with.is_none() {
            return Ok(self.differences(&again));
        }
        // Where nothing is kept of that number, the numbers differ, which is told.
        let switched = again.with_number(self.k).unwrap_or(again);
        Ok(self.differences(&switched))
    }

    fn differences(&self, again: &Self) -> Vec<Difference> {
        let mut differences = Vec::new();
        let (then, now) = (&self.manifest, &again.manifest);
        if then.rows != now.rows {
            let (then, now) = (then.rows, now.rows);
            differences.push(Difference::Rows { then, now });
        } else if then.rows_sha256 != now.rows_sha256 {
            let (then, now) = (then.rows_sha256.clone(), now.rows_sha256.clone());
            differences.push(Difference::Cells { then, now });
        }
        if self.pipeline != again.pipeline {
            let columns = self.columns_prepared_otherwise(again);
            differences.push(Difference::Preparation { columns });
        }
        if self.k != again.k {
            let (then, now) = (self.k, again.k);
            differences.push(Difference::Number { then, now });
            return differences;
        }
        differences.extend((0..self.k).flat_map(|at| self.differences_of(again, at)));
        differences
    }

    fn columns_prepared_otherwise(&self, again: &Self) -> Vec<String> {
        let (then, now) = (&self.pipeline.features, &again.pipeline.features);
        let changed = then.iter().filter(|feature| !now.contains(feature));
        let new = now.iter().filter(|feature| !then.contains(feature));
        let mut columns: Vec<String> = changed
            .chain(new)
            .map(|feature| feature.name.clone())
            .collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    fn differences_of(&self, again: &Self, at: usize) -> Vec<Difference> {
        let segment = SegmentNumber::at(at);
        let mut differences = Vec::new();
        let (then, now) = (self.centroid(at), again.centroid(at));
        if then != now {
            let squares = then.iter().zip(now).map(|(a, b)| (a - b) * (a - b));
            let distance = squares.sum::<f64>().sqrt();
            differences.push(Difference::Centroid { segment, distance });
        }
        let size = |of: &Self| of.summary.segments[at].size;
        let (then, now) = (size(self), size(again));
        if then != now {
            differences.push(Difference::Size { segment, then, now });
        }
        let is_own = !self.profiles.segments[at].locked && self.describes_as(again);
        let (then, now) = (self.name(segment), again.name(segment));
        if is_own && then != now {
            let (then, now) = (then.to_owned(), now.to_owned());
            differences.push(Difference::Name { segment, then, now });
        }
        differences
    }

    fn centroid(&self, at: usize) -> &[f64] {
        let d = self.pipeline.features.len();
        &self.centroids[at * d..(at + 1) * d]
    }

    /// Whether both are named by the same columns and the same value: a recipe may describe others than were found without it.
    fn describes_as(&self, again: &Self) -> bool {
        let columns = |of: &Self| -> Vec<String> {
            let columns = of.summary.columns.iter();
            columns.map(|column| column.name.clone()).collect()
        };
        self.summary.value == again.summary.value && columns(self) == columns(again)
    }

    /// Remembers what the recipe said of number and value before they were switched; forgets it where it says so again.
    pub(super) fn remember_making(&mut self, before: &Recipe) {
        let said = |recipe: &Recipe| MadeWith {
            k: recipe.segment.k,
            value: recipe.segment.value.clone(),
        };
        let made = self.made_with.take().unwrap_or_else(|| said(before));
        self.made_with = (made != said(&self.recipe)).then_some(made);
    }
}
