//! The recipe, fitted: clean, derive, encode, limit, transform, scale.
//!
//! In: a complete recipe (a [`Plan`](crate::plan::Plan)) and a table. Out: a [`Pipeline`] of learnt constants, and the table
//! [`Prepared`]: its cleaned columns, what happened to each row, and the matrix of scaled features. The pipeline
//! applies to new rows without the old data, and setting rows aside, repairing and limiting work the same there.
//!
//! Order: replace, drop (on raw columns), missing (constants of the rows kept), derive, encode, limits, transform,
//! scale.

mod as_of;
mod clean;
mod derive;
mod encode;
mod error;
mod feature;
mod fit;
mod frame;
mod run;
mod transform;

use std::collections::BTreeMap;

use arrow_array::{Array, RecordBatch};
use serde::{Deserialize, Serialize};

pub use clean::{Constant, DropStep, Fill, Filling, Replacement};
pub use derive::Derivation;
pub use encode::Encoding;
pub use error::PipelineError;
pub use feature::Feature;
pub(crate) use feature::scale_constants;
pub use transform::FittedTransform;

use crate::date::Date;
use crate::ledger::{Ledger, Repair};
use crate::source::ReadOptions;
use crate::table::{Kind, Table, flags_as_numbers};
use crate::words::counted;
use run::Run;

/// A column that new rows must have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputColumn {
    /// Name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// All steps with their learnt constants.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pipeline {
    /// Column that names the customer.
    pub id: Option<String>,
    /// Columns new rows must have.
    pub inputs: Vec<InputColumn>,
    /// Reference date of ages and days since.
    pub as_of: Option<Date>,
    /// Values replaced.
    pub replace: Vec<Replacement>,
    /// Rows set aside.
    pub drop: Vec<DropStep>,
    /// Gaps of raw columns.
    pub fill: Vec<Fill>,
    /// Derived columns, each behind what it needs.
    pub derive: Vec<Derivation>,
    /// One-hot encodings.
    pub encode: Vec<Encoding>,
    /// Gaps of derived features.
    pub refill: Vec<Fill>,
    /// Features in order.
    pub features: Vec<Feature>,
}

/// Scaled features: n x d, row-major.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureMatrix {
    /// n * d coordinates.
    pub values: Vec<f64>,
    /// n
    pub rows: usize,
    /// d names.
    pub names: Vec<String>,
}

impl FeatureMatrix {
    /// d
    pub fn columns(&self) -> usize {
        self.names.len()
    }

    /// The coordinates of one row.
    pub fn row(&self, row: usize) -> &[f64] {
        let d = self.columns();
        &self.values[row * d..(row + 1) * d]
    }
}

/// The gaps of one column that has a rule for them, before the rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gaps {
    /// Column, of the file or derived.
    pub column: String,
    /// Rows without a value.
    pub missing: u64,
    /// Rows that came so far: all but those set aside before.
    pub rows: u64,
}

/// A table after the pipeline.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The rows kept: columns of the file after cleaning, then derived, then encoded ones.
    pub batch: RecordBatch,
    /// Row of the table behind each row kept.
    pub rows: Vec<usize>,
    /// Per row of the table: the entry of `ledger.set_aside` that holds it, if one does.
    pub reasons: Vec<Option<usize>>,
    /// Per row kept: cells replaced or filled.
    pub repaired: Vec<u32>,
    /// Per row kept: whether a far value was limited for the distance.
    pub limited: Vec<bool>,
    /// Gaps of the columns that have a rule for them.
    pub gaps: Vec<Gaps>,
    /// Per row kept: whether the column's cell was missing and is filled, or is derived from one that was. Columns without such
    /// cells are not there.
    pub filled: BTreeMap<String, Vec<bool>>,
    /// The account.
    pub ledger: Ledger,
    /// What people should know.
    pub notices: Vec<String>,
    /// Scaled features of the rows kept.
    pub matrix: FeatureMatrix,
    /// The day that days since and ages counted to.
    pub as_of: Option<Date>,
}

impl Pipeline {
    /// Takes new rows through the fitted steps.
    ///
    /// # Errors
    /// An unknown column, one that does not hold what it should, missing cells where none are allowed.
    pub fn apply(&self, table: &Table) -> Result<Prepared, PipelineError> {
        self.apply_as_of(table, self.as_of)
    }

    /// The same, with days since and ages from a date of birth counted to `as_of`; without it to the later of the pipeline's own day and the latest
    /// date in these rows, which a notice tells.
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub fn apply_as_of(
        &self,
        table: &Table,
        as_of: Option<Date>,
    ) -> Result<Prepared, PipelineError> {
        let (pipeline, notice) = self.counting_for(table, as_of)?;
        let mut prepared = pipeline.run(table)?;
        prepared.notices.extend(notice);
        Ok(prepared)
    }

    fn run(&self, table: &Table) -> Result<Prepared, PipelineError> {
        let mut run = Run::start(table);
        for input in &self.inputs {
            require_kind(&run, input)?;
        }
        for step in &self.replace {
            run.replace(step);
        }
        for step in &self.drop {
            run.drop_rows(step)?;
        }
        for step in &self.fill {
            run.fill(step)?;
        }
        for step in &self.derive {
            add_derived(&mut run, step)?;
        }
        for step in &self.encode {
            let unknown = step.apply(&mut run.frame);
            if unknown > 0 {
                run.notices.push(format!(
                    "{}: {unknown} cells hold a category that was not there when the segments were made; they count as none of them",
                    step.column
                ));
            }
        }
        for step in &self.refill {
            run.fill(step)?;
        }
        set_aside_outside_domain(&mut run, &self.features);
        Ok(self.finish(run))
    }

    /// How a file of new rows must be read so that its columns are what they were.
    pub fn read_options(&self) -> ReadOptions {
        let named = |kind: Kind| -> Vec<String> {
            let columns = self.inputs.iter().filter(|input| input.kind == kind);
            columns.map(|input| input.name.clone()).collect()
        };
        let mut text_columns = named(Kind::Text);
        text_columns.extend(self.id.clone());
        ReadOptions {
            text_columns,
            number_columns: named(Kind::Number),
            date_columns: named(Kind::Date),
            known: true,
            ..ReadOptions::default()
        }
    }

    fn finish(&self, mut run: Run<'_>) -> Prepared {
        let (matrix, limited) = self.matrix(&mut run);
        run.ledger.used = run.frame.rows.len() as u64;
        assert!(run.ledger.adds_up(), "every row is used or set aside");
        Prepared {
            batch: run.frame.batch(),
            rows: run.frame.rows,
            reasons: run.reasons,
            repaired: run.frame.repaired,
            limited,
            gaps: run.gaps,
            filled: run.frame.filled,
            ledger: run.ledger,
            notices: run.notices,
            matrix,
            as_of: self.as_of,
        }
    }

    /// Scales the features; counts what is limited and what lies outside the usual range.
    fn matrix(&self, run: &mut Run<'_>) -> (FeatureMatrix, Vec<bool>) {
        let (n, d) = (run.frame.rows.len(), self.features.len());
        let mut values = vec![0.0; n * d];
        let mut limited = vec![false; n];
        for (j, feature) in self.features.iter().enumerate() {
            let numbers = run
                .frame
                .numbers(&feature.name)
                .expect("features are numbers by now");
            let (mut cells, mut unusual) = (0, 0_u64);
            for (i, value) in numbers.values().iter().enumerate() {
                if feature.limits(*value) {
                    limited[i] = true;
                    cells += 1;
                }
                unusual += u64::from(*value < feature.usual[0] || *value > feature.usual[1]);
                values[i * d + j] = feature.scaled(*value);
            }
            if cells > 0 {
                let rule = limit_words(feature, numbers.values());
                run.ledger.limited.push(Repair {
                    column: feature.name.clone(),
                    rule,
                    cells,
                });
            } else if unusual > 0 {
                run.notices.push(format!(
                    "{}: {} far outside the usual range",
                    feature.name,
                    counted(unusual, "value lies", "values lie")
                ));
            }
        }
        let names = self
            .features
            .iter()
            .map(|feature| feature.name.clone())
            .collect();
        (
            FeatureMatrix {
                values,
                rows: n,
                names,
            },
            limited,
        )
    }
}

fn limit_words(feature: &Feature, values: &[f64]) -> String {
    let [low, high] = feature.limits.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
    let side = |word: &str, limit: f64, any: bool| any.then(|| format!("{word} {limit:.4}"));
    let below = side("below", low, values.iter().any(|value| *value < low));
    let above = side("above", high, values.iter().any(|value| *value > high));
    let words: Vec<String> = below.into_iter().chain(above).collect();
    format!(
        "far values {} count as that for the distance",
        words.join(" and ")
    )
}

fn require_kind(run: &Run<'_>, input: &InputColumn) -> Result<(), PipelineError> {
    let table = run.table;
    let at = table
        .position(&input.name)
        .ok_or_else(|| run.unknown(&input.name, "the segments need it"))?;
    let found = table.kind(at);
    if input.kind == Kind::Number {
        table.require_numbers(&input.name)?;
    } else {
        table.require_clean(&input.name)?;
    }
    if found == input.kind {
        return Ok(());
    }
    Err(PipelineError::WrongKind {
        file: table.file(),
        column: input.name.clone(),
        found: found.to_string(),
        wanted_for: "the segmentation".to_owned(),
        needed: match input.kind {
            Kind::Number => "numbers",
            Kind::Text => "text",
            Kind::Date => "dates",
        },
    })
}

fn add_derived(run: &mut Run<'_>, step: &Derivation) -> Result<(), PipelineError> {
    let array = step
        .expression
        .evaluate_within(&run.frame.read_by(&step.expression), &run.budget)
        .map_err(|source| PipelineError::Expression {
            place: format!("derive.{}", step.name),
            source,
        })?;
    run.frame.set(&step.name, flags_as_numbers(array));
    run.frame.mark_derived(&step.name, &step.expression);
    Ok(())
}

/// Sets aside rows whose features have no place on the scaled axes: a gap that nothing fills, a value the transform
/// does not take.
fn set_aside_outside_domain(run: &mut Run<'_>, features: &[Feature]) {
    for feature in features {
        let Some(numbers) = run.frame.numbers(&feature.name).cloned() else {
            continue;
        };
        let missing: Vec<bool> = (0..numbers.len()).map(|row| numbers.is_null(row)).collect();
        run.set_aside(&missing, &format!("{} is missing", feature.name));
        let kept = numbers.iter().flatten();
        let out: Vec<bool> = kept.map(|value| !feature.takes(value)).collect();
        let reason = format!("{}: {}", feature.name, feature.transform.domain());
        run.set_aside(&out, &reason);
    }
}

#[cfg(test)]
mod tests;
