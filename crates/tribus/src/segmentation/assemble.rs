//! From the evidence to the artefact: segments placed, reduced, described, ruled and judged.

use arrow_array::{Array, Float64Array};
use rayon::prelude::*;

use super::agreement::settled;
use super::alternative::OTHERS_KEPT;
use super::assign::{Placed, Placement, place};
use super::cautions::odd;
use super::{Examined, Manifest, OtherNumber, Segmentation, SegmentationError, model, segments_of};
use crate::campaign::Campaign;
use crate::drift::Baseline;
use crate::evidence::Evidence;
use crate::pipeline::Prepared;
use crate::profile::{Profiles, describe};
use crate::recipe::{InputSection, Recipe};
use crate::roles::ColumnDecision;
use crate::rules::{Customers, Rules, grow};
use crate::statistics::{quantile, sorted};
use crate::summary::{Segmented, Summary, map_ground, summarize, summarize_again};
use crate::table::Table;
use crate::words::language::Language;

/// Beyond this share of its segment's distances a customer is an outlier.
const OUTLIER: f64 = 0.995;

/// The segmentation of an examined table, and where its customers stand.
pub(super) fn assemble(
    table: &Table,
    examined: Examined,
) -> Result<(Segmentation, Placed), SegmentationError> {
    let Examined {
        plan,
        pipeline,
        prepared,
        evidence,
        warnings,
        inquiry,
    } = examined;
    let (centroids, placements) = placed(&evidence, &prepared)?;
    let segmented = Segmented {
        plan: &plan,
        table,
        pipeline: &pipeline,
        prepared: &prepared,
        labels: &segments_of(&placements),
        centroids: &centroids,
        k: evidence.choice.k,
        seed: plan.recipe.seed(),
    };
    let (summary, manifest, baseline) = reduced(table, &segmented);
    let campaign = inquiry.map(|inquiry| Campaign::judge(&inquiry, &segmented));
    let others = others(&segmented, &summary, &evidence)?;
    let (rules, please_check) = (rules(&segmented), settled(&segmented));
    let odd = odd(&segmented, &summary);
    let segmentation = Segmentation {
        profiles: described(&summary, &plan.columns, &plan.recipe, campaign.as_ref()),
        manifest,
        recipe: portable(plan.recipe),
        pipeline,
        notation: table.notation(),
        k: evidence.choice.k,
        outlier_distance: outlier_distances(&placements, evidence.choice.k),
        centroids,
        group_shares: plan.group_shares,
        ledger: prepared.ledger.clone(),
        purchases: table.purchases().cloned(),
        baseline: Some(baseline),
        notes: [&plan.notes[..], &prepared.notices, &warnings, &odd].concat(),
        please_check,
        evidence,
        summary,
        rules,
        columns: plan.columns,
        campaign,
        others,
        made_with: None,
        title: None,
        language: Language::default(),
    };
    Ok((segmentation, Placed::of(prepared, placements)))
}

/// The customers reduced: to statistics, to what tells them from others, and to what new ones will be compared with.
fn reduced(table: &Table, segmented: &Segmented<'_>) -> (Summary, Manifest, Baseline) {
    let Segmented {
        plan,
        pipeline,
        prepared,
        ..
    } = segmented;
    let (summary, (manifest, baseline)) = rayon::join(
        || summarize(segmented),
        || {
            let smallest = segmented.min_group();
            let baseline = Baseline::of(prepared, pipeline, &plan.columns, smallest);
            (manifest(table, segmented.seed), baseline)
        },
    );
    (summary, manifest, baseline)
}

/// What is kept of every other number that was tried; nothing of more customers than can be reduced in passing.
fn others(
    first: &Segmented<'_>,
    summary: &Summary,
    evidence: &Evidence,
) -> Result<Vec<OtherNumber>, SegmentationError> {
    if first.labels.len() > OTHERS_KEPT {
        return Ok(Vec::new());
    }
    let matrix = &first.prepared.matrix;
    let ground = map_ground(first);
    evidence
        .candidates
        .par_iter()
        .filter(|candidate| candidate.k != first.k)
        .map(|candidate| {
            let k = candidate.k;
            let model = model(&candidate.centroids, k, matrix.columns())?;
            let placements = place(&model, matrix)?;
            let segmented = Segmented {
                labels: &segments_of(&placements),
                centroids: &candidate.centroids,
                k,
                ..*first
            };
            let again = summarize_again(&segmented, &ground, summary);
            Ok(OtherNumber {
                rules: rules(&segmented),
                ..OtherNumber::of(&again, outlier_distances(&placements, k))
            })
        })
        .collect()
}

/// The centroids decided on, and where they put every customer.
fn placed(
    evidence: &Evidence,
    prepared: &Prepared,
) -> Result<(Vec<f64>, Vec<Placement>), SegmentationError> {
    let chosen = evidence
        .candidate(evidence.choice.k)
        .expect("the choice is one of the candidates");
    let centroids = chosen.centroids.clone();
    let model = model(&centroids, chosen.k, prepared.matrix.columns())?;
    let placements = place(&model, &prepared.matrix)?;
    Ok((centroids, placements))
}

/// The segments described, with the actions of the recipe's playbook.
pub(super) fn described(
    summary: &Summary,
    columns: &[ColumnDecision],
    recipe: &Recipe,
    campaign: Option<&Campaign>,
) -> Profiles {
    let playbook = recipe.playbook.clone().unwrap_or_default();
    let mut profiles = describe(summary, columns, &playbook);
    if let Some(campaign) = campaign {
        profiles.tell_verdict(&campaign.verdict);
    }
    profiles
}

/// Says of all segments what there is to say, with the names they have now.
pub(super) fn tell_anew(
    profiles: &mut Profiles,
    summary: &Summary,
    columns: &[ColumnDecision],
    campaign: Option<&Campaign>,
) {
    profiles.tell_anew(summary, columns);
    if let Some(campaign) = campaign {
        profiles.tell_verdict(&campaign.verdict);
    }
}

/// The segments as rules over the raw features.
fn rules(segmented: &Segmented<'_>) -> Option<Rules> {
    let features = &segmented.pipeline.features;
    let prepared = segmented.prepared;
    let columns = features.iter().map(|feature| {
        let column = prepared.batch.column_by_name(&feature.name)?;
        let numbers: &Float64Array = column.as_any().downcast_ref()?;
        Some(&numbers.values()[..])
    });
    let d = features.len();
    let raw = |(at, coordinate): (usize, &f64)| features[at % d].raw(*coordinate);
    grow(&Customers {
        names: &prepared.matrix.names,
        columns: columns.collect::<Option<_>>()?,
        labels: segmented.labels,
        centroids: segmented.centroids.iter().enumerate().map(raw).collect(),
        k: segmented.k,
        seed: segmented.seed,
    })
}

/// How a file was written is no part of what was learnt from it, but what the user said about it holds for the next.
fn portable(mut recipe: Recipe) -> Recipe {
    recipe.input = InputSection {
        id: recipe.input.id,
        as_of: recipe.input.as_of,
        date_order: recipe.input.date_order,
        decimal: recipe.input.decimal,
        null_values: recipe.input.null_values,
        keep_default_nulls: recipe.input.keep_default_nulls,
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

fn outlier_distances(placements: &[Placement], k: usize) -> Vec<f64> {
    let mut distances = vec![Vec::new(); k];
    for placement in placements {
        distances[placement.segment.index()].extend(placement.distance);
    }
    distances
        .iter()
        .map(|distances| quantile(&sorted(distances), OUTLIER))
        .collect()
}
