//! A recipe and a table, up to the decision how many segments: all that does not depend on that number.

use arrow_array::{Array, Float64Array};

use super::{SegmentationError, assign, model, segments_of};
use crate::campaign::Inquiry;
use crate::evidence::{Evidence, Question, Usable};
use crate::pipeline::{Pipeline, PipelineError, Prepared};
use crate::plan::Plan;
use crate::progress::Watch;
use crate::recipe::{Clusters, Depth, Recipe};
use crate::table::Table;

/// A table with the evidence for its number of segments, not yet segmented.
#[derive(Debug, Clone)]
pub struct Examined {
    /// What is done with the columns.
    pub plan: Plan,
    /// The plan, fitted.
    pub pipeline: Pipeline,
    /// The table after it.
    pub prepared: Prepared,
    /// Criteria for each k tried, and the decision.
    pub evidence: Evidence,
    /// What people should know of the number that was asked for.
    pub warnings: Vec<String>,
    /// What can be asked about a campaign.
    pub inquiry: Option<Inquiry>,
}

impl Examined {
    /// The segment of each row kept (0-based), for the number decided.
    ///
    /// # Errors
    /// Numbers the engine refuses.
    pub fn segments(&self) -> Result<Vec<u32>, SegmentationError> {
        let chosen = self.evidence.candidate(self.evidence.choice.k);
        let Some(chosen) = chosen else {
            return Ok(vec![0; self.prepared.matrix.rows]);
        };
        let model = model(&chosen.centroids, chosen.k, self.prepared.matrix.columns())?;
        let placements = assign::place(&model, &self.prepared.matrix)?;
        Ok(segments_of(&placements))
    }

    /// What a column of the table says of each row kept, as text; none where it is empty.
    pub fn labels(&self, table: &Table, position: usize) -> Vec<Option<String>> {
        let rows = self.prepared.rows.iter().copied();
        rows.map(|row| table.cell(position, row)).collect()
    }
}

/// Plans, prepares, and gathers the evidence: all of [`super::Segmentation::fit`] but the segments themselves.
///
/// # Errors
/// As [`prepare`] and [`Evidence::gather`].
pub fn examine(
    recipe: &Recipe,
    table: &Table,
    watch: Watch<'_>,
) -> Result<Examined, SegmentationError> {
    let (plan, pipeline, prepared) = prepare(recipe, table)?;
    // Before the long work, so that a recipe that asks what cannot be answered is refused at once.
    let inquiry = Inquiry::find(&plan, &prepared)?;
    let worth = worth(&plan, &prepared);
    let question = Question {
        clusters: plan.recipe.segment.k.unwrap_or(Clusters::Auto),
        depth: plan.recipe.segment.evidence.unwrap_or(Depth::Full),
        usable: Usable {
            max_segments: plan.recipe.segment.max_segments.unwrap_or_default(),
            min_segment_size: plan.recipe.segment.min_segment_size,
        },
        seed: plan.recipe.seed(),
        value: worth.as_deref(),
        init: scaled_start(&plan.recipe, &pipeline)?,
    };
    let (evidence, warnings) = Evidence::gather(&prepared.matrix, &question, watch)?;
    Ok(Examined {
        plan,
        pipeline,
        prepared,
        evidence,
        warnings,
        inquiry,
    })
}

/// Plans and fits the pipeline.
///
/// # Errors
/// As [`Plan::make`] and [`Pipeline::fit`].
pub fn prepare(
    recipe: &Recipe,
    table: &Table,
) -> Result<(Plan, Pipeline, Prepared), SegmentationError> {
    let plan = Plan::make(recipe, table)?;
    let (pipeline, prepared) = Pipeline::fit(&plan, table)?;
    Ok((plan, pipeline, prepared))
}

/// What each customer is worth; not a number where the value is missing.
fn worth(plan: &Plan, prepared: &Prepared) -> Option<Vec<f64>> {
    let name = plan.recipe.segment.value_column()?;
    let numbers = prepared
        .batch
        .column_by_name(name)?
        .as_any()
        .downcast_ref::<Float64Array>()?;
    let known = numbers.len() > numbers.null_count();
    known.then(|| {
        numbers
            .iter()
            .map(|value| value.unwrap_or(f64::NAN))
            .collect()
    })
}

/// The start centroids of the recipe in scaled units.
fn scaled_start(
    recipe: &Recipe,
    pipeline: &Pipeline,
) -> Result<Option<Vec<f64>>, SegmentationError> {
    let Some(rows) = &recipe.segment.init else {
        return Ok(None);
    };
    let problem = |problem: String| {
        Err(PipelineError::Setting {
            place: "segment.init".to_owned(),
            problem,
        }
        .into())
    };
    if recipe.segment.k != Some(Clusters::Exactly(rows.len())) {
        return problem(format!(
            "it has {0} start centroids: set k = {0}",
            rows.len()
        ));
    }
    let names = &recipe.segment.features;
    let mut scaled = Vec::with_capacity(rows.len() * names.len());
    for row in rows {
        if row.len() != names.len() {
            let (found, wanted) = (row.len(), names.len());
            return problem(format!(
                "a start centroid has {found} numbers, but {wanted} features are clustered on"
            ));
        }
        for feature in &pipeline.features {
            let at = names.iter().position(|name| *name == feature.name);
            scaled.push(feature.scaled(row[at.expect("features come from the recipe")]));
        }
    }
    Ok(Some(scaled))
}
