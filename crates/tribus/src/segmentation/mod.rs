//! The saved artefact: pipeline, centroids, names, evidence and summary of one segmentation; assigns new customers.
//!
//! In: a recipe and a table. Out: a [`Segmentation`] that needs neither again: report, tables and pictures are views of
//! it, and new customers are assigned by it alone. It holds no row and no id.

mod assign;
mod card;
mod document;
mod error;
mod explain;

use arrow_array::{Array, Float64Array};
use serde::{Deserialize, Serialize};
use tribus_kmeans::Model;

pub use assign::{Customers, Placement};
pub use card::Card;
pub use error::SegmentationError;
pub use explain::{Driver, Explanation};

use crate::campaign::{Campaign, Inquiry};
use crate::evidence::{Candidate, Contingency, Evidence, Question, Usable};
use crate::ledger::Ledger;
use crate::pipeline::{Pipeline, PipelineError, Prepared};
use crate::plan::Plan;
use crate::profile::{Profiles, describe};
use crate::recipe::{Clusters, Depth, InputSection, Recipe};
use crate::roles::{ColumnDecision, FeatureGroup};
use crate::rules::{Customers as RuledCustomers, Rules, grow};
use crate::source::ReadOptions;
use crate::statistics::{quantile, sorted};
use crate::summary::{Segmented, Summary, summarize};
use crate::table::Table;

/// Beyond this share of its segment's distances a customer is an outlier.
const OUTLIER: f64 = 0.995;

/// What was segmented, so that a result can be made again and told apart: no clock, no path, no dialect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The program and its version.
    pub program: String,
    /// SHA-256 of the typed rows.
    pub rows_sha256: String,
    /// Rows.
    pub rows: u64,
    /// Seed of all draws.
    pub seed: u64,
}

/// One segmentation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segmentation {
    /// What was segmented.
    pub manifest: Manifest,
    /// The recipe, nothing left open.
    pub recipe: Recipe,
    /// The recipe, fitted.
    pub pipeline: Pipeline,
    /// Number of segments.
    pub k: usize,
    /// k x d, scaled.
    pub centroids: Vec<f64>,
    /// Distance beyond which a customer of a segment is an outlier.
    pub outlier_distance: Vec<f64>,
    /// What was decided about each column.
    pub columns: Vec<ColumnDecision>,
    /// Share of each feature group in the squared distance.
    pub group_shares: Vec<(FeatureGroup, f64)>,
    /// The account of the rows.
    pub ledger: Ledger,
    /// What people should know.
    pub notes: Vec<String>,
    /// Criteria for each k tried, and the decision.
    pub evidence: Evidence,
    /// The rows, reduced.
    pub summary: Summary,
    /// The segments, described.
    pub profiles: Profiles,
    /// The segments as thresholds on a few columns; none of one segment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Rules>,
    /// Whether targeting pays; none where no column tells of a campaign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<Campaign>,
}

/// What the stages report while they work: what is done, how much of it, of how much.
pub type Progress<'p> = &'p (dyn Fn(&str, usize, usize) + Sync);

impl Segmentation {
    /// Segments a table: plan, pipeline, evidence, summary, names.
    ///
    /// # Errors
    /// Whatever keeps one of the stages from its work; see [`SegmentationError`].
    pub fn make(
        recipe: &Recipe,
        table: &Table,
        progress: Progress<'_>,
    ) -> Result<Self, SegmentationError> {
        let examined = examine(recipe, table, progress)?;
        Self::assemble(table, examined)
    }

    fn assemble(table: &Table, examined: Examined) -> Result<Self, SegmentationError> {
        let Examined {
            plan,
            pipeline,
            prepared,
            evidence,
            warnings,
            inquiry,
        } = examined;
        let chosen = evidence
            .candidate(evidence.choice.k)
            .expect("the choice is one of the candidates");
        let (k, centroids) = (chosen.k, chosen.centroids.clone());
        let model = model(&centroids, k, prepared.matrix.columns())?;
        let placements = assign::place(&model, &prepared.matrix)?;
        let labels = segments_of(&placements);
        let seed = plan.recipe.seed();
        let segmented = Segmented {
            plan: &plan,
            pipeline: &pipeline,
            prepared: &prepared,
            labels: &labels,
            centroids: &centroids,
            k,
            seed,
        };
        let summary = summarize(&segmented);
        let campaign = inquiry.map(|inquiry| Campaign::judge(&inquiry, table, &segmented));
        let profiles = described(&summary, &plan, campaign.as_ref());
        let rules = rules(&pipeline, &prepared, &labels, &centroids, seed);
        let odd = few_rows(&prepared)
            .into_iter()
            .chain(small_groups(&summary));
        let notes = [plan.notes, prepared.notices, warnings, odd.collect()];
        Ok(Self {
            manifest: manifest(table, seed),
            recipe: portable(plan.recipe),
            pipeline,
            k,
            outlier_distance: outlier_distances(&placements, k),
            centroids,
            group_shares: plan.group_shares,
            ledger: prepared.ledger,
            notes: notes.into_iter().flatten().collect(),
            evidence,
            summary,
            profiles,
            rules,
            columns: plan.columns,
            campaign,
        })
    }

    /// The name of a segment, 0-based.
    pub fn name(&self, segment: usize) -> &str {
        &self.profiles.segments[segment].name
    }

    /// The evidence for the number of segments made.
    ///
    /// # Panics
    /// Never: the number made is one of those tried.
    pub fn chosen(&self) -> &Candidate {
        self.evidence
            .candidate(self.k)
            .expect("the number made was tried")
    }

    /// Gives a segment (0-based) a name that stays.
    ///
    /// # Errors
    /// [`SegmentationError::NoSuchSegment`]; [`SegmentationError::Name`] for an empty name or one another segment has.
    pub fn rename(&mut self, segment: usize, name: &str) -> Result<(), SegmentationError> {
        let name = name.trim();
        if segment >= self.k {
            return Err(SegmentationError::NoSuchSegment {
                segment: segment + 1,
                k: self.k,
            });
        }
        let taken = self
            .profiles
            .segments
            .iter()
            .enumerate()
            .any(|(other, profile)| {
                other != segment && profile.name.to_lowercase() == name.to_lowercase()
            });
        if taken {
            return Err(SegmentationError::Name {
                problem: "another segment has this name",
            });
        }
        if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
            return Err(SegmentationError::Name {
                problem: "a name has 1 to 100 printable characters",
            });
        }
        self.profiles.rename(segment, name);
        Ok(())
    }

    /// How a file of new customers must be read so that its columns are what they were.
    pub fn read_options(&self) -> ReadOptions {
        let InputSection {
            date_order,
            decimal,
            ..
        } = self.recipe.input;
        ReadOptions {
            decimal,
            date_order,
            ..self.pipeline.read_options()
        }
    }

    fn model(&self) -> Result<Model, SegmentationError> {
        model(&self.centroids, self.k, self.pipeline.features.len())
    }
}

/// The segments described, with the actions of the recipe's playbook.
fn described(summary: &Summary, plan: &Plan, campaign: Option<&Campaign>) -> Profiles {
    let playbook = plan.recipe.playbook.clone().unwrap_or_default();
    let profiles = describe(summary, &plan.columns, &playbook);
    match campaign {
        Some(campaign) => profiles.with_verdict(&campaign.verdict),
        None => profiles,
    }
}

/// What small segments are not told for.
fn small_groups(summary: &Summary) -> Option<String> {
    let small = (0..summary.segments.len()).filter(|segment| summary.is_small(*segment));
    let small = small.count();
    (small > 0).then(|| {
        format!(
            "{small} segment{} fewer than {} customers and {} described by size alone ([privacy] min_group)",
            if small == 1 { " has" } else { "s have" },
            summary.min_group,
            if small == 1 { "is" } else { "are" }
        )
    })
}

/// The segments as rules over the raw features.
fn rules(
    pipeline: &Pipeline,
    prepared: &Prepared,
    labels: &[u32],
    centroids: &[f64],
    seed: u64,
) -> Option<Rules> {
    let features = &pipeline.features;
    let columns = features.iter().map(|feature| {
        let column = prepared.batch.column_by_name(&feature.name)?;
        let numbers: &Float64Array = column.as_any().downcast_ref()?;
        Some(&numbers.values()[..])
    });
    let d = features.len();
    grow(&RuledCustomers {
        names: &prepared.matrix.names,
        columns: columns.collect::<Option<_>>()?,
        labels,
        centroids: centroids
            .iter()
            .enumerate()
            .map(|(at, coordinate)| features[at % d].raw(*coordinate))
            .collect(),
        k: centroids.len() / d,
        seed,
    })
}

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

/// Plans, prepares, and gathers the evidence: all of [`Segmentation::make`] but the segments themselves.
///
/// # Errors
/// As [`prepare`] and [`Evidence::gather`].
pub fn examine(
    recipe: &Recipe,
    table: &Table,
    progress: Progress<'_>,
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
    let (evidence, warnings) = Evidence::gather(&prepared.matrix, &question, progress)?;
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

/// The adjusted Rand index of two labelings of the same customers: 1 where both say the same, about 0 for chance.
pub fn agreement(a: &[u32], b: &[u32]) -> f64 {
    let count = |labels: &[u32]| labels.iter().max().map_or(0, |label| *label as usize + 1);
    Contingency::of(a, b, count(a), count(b)).adjusted_rand()
}

/// How a file was written is no part of what was learnt from it, but what the user said about it holds for the next.
fn portable(mut recipe: Recipe) -> Recipe {
    recipe.input = InputSection {
        id: recipe.input.id,
        as_of: recipe.input.as_of,
        date_order: recipe.input.date_order,
        decimal: recipe.input.decimal,
        ..InputSection::default()
    };
    recipe
}

fn manifest(table: &Table, seed: u64) -> Manifest {
    Manifest {
        program: concat!("tribus ", env!("CARGO_PKG_VERSION")).to_owned(),
        rows_sha256: table.digest(),
        rows: table.rows() as u64,
        seed,
    }
}

fn model(centroids: &[f64], k: usize, d: usize) -> Result<Model, SegmentationError> {
    Model::new(centroids.to_vec(), k, d).map_err(|source| SegmentationError::Engine { source })
}

/// What each customer is worth; not a number where the value is missing.
fn worth(plan: &Plan, prepared: &Prepared) -> Option<Vec<f64>> {
    let name = plan.recipe.segment.value.as_ref()?;
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

/// The segment of each customer, 0-based.
fn segments_of(placements: &[Placement]) -> Vec<u32> {
    placements
        .iter()
        .map(|placement| placement.segment)
        .collect()
}

fn outlier_distances(placements: &[Placement], k: usize) -> Vec<f64> {
    let mut distances = vec![Vec::new(); k];
    for placement in placements {
        distances[placement.segment as usize].push(placement.distance);
    }
    distances
        .iter()
        .map(|distances| quantile(&sorted(distances), OUTLIER))
        .collect()
}

/// Few customers for many features make segments that will not hold.
fn few_rows(prepared: &Prepared) -> Option<String> {
    let (n, d) = (prepared.matrix.rows, prepared.matrix.columns());
    (n < 10 * d).then(|| {
        format!(
            "{n} customers are few for {d} features (10 customers a feature is a rule of thumb): the segments may not hold for others"
        )
    })
}
