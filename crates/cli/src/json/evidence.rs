//! The evidence for machines.

use serde::Serialize;
use tribus::evidence::{
    Candidate, Confidence, Elbow, Evaluation, Evidence, Gap, Grade, Separation, Verdict,
};
use tribus::segmentation::Examined;

use super::Rows;

/// The decision, its sureness and its reasons.
#[derive(Debug, Serialize)]
pub(super) struct Decision<'a> {
    k: usize,
    natural_k: usize,
    verdict: Verdict,
    confidence: Confidence,
    reproduced: Option<f64>,
    runner_up: Option<usize>,
    requested: bool,
    groups_likelihood: Option<f64>,
    independence_p: Option<f64>,
    elbow: Option<Elbow>,
    why: &'a str,
    paragraph: &'a str,
}

impl<'a> Decision<'a> {
    pub(super) fn of(evidence: &'a Evidence) -> Self {
        let choice = &evidence.choice;
        Self {
            k: choice.k,
            natural_k: choice.natural_k,
            verdict: choice.verdict,
            confidence: choice.confidence,
            reproduced: choice.reproduced,
            runner_up: choice.runner_up,
            requested: choice.requested,
            groups_likelihood: choice.groups_likelihood,
            independence_p: choice.independence_p,
            elbow: choice.elbow,
            why: &choice.why,
            paragraph: &choice.paragraph,
        }
    }
}

/// The criteria for one number of segments.
#[derive(Debug, Serialize)]
pub(super) struct Criteria<'a> {
    k: usize,
    inertia: f64,
    silhouette: Option<f64>,
    silhouette_interval: Option<[f64; 2]>,
    calinski_harabasz: Option<f64>,
    davies_bouldin: Option<f64>,
    gap: Option<f64>,
    gap_standard_error: Option<f64>,
    prediction_strength: Option<f64>,
    stability: Option<f64>,
    separation: Option<Separation>,
    silhouette_without_groups: Option<f64>,
    likelihood: Option<f64>,
    smallest: Option<OneSegment>,
    segments: Vec<OneSegment>,
    flow: Vec<&'a [u64]>,
}

/// One segment of one number.
#[derive(Debug, Clone, Serialize)]
struct OneSegment {
    segment: usize,
    size: u64,
    silhouette: Option<f64>,
    jaccard: Option<f64>,
    recovered: Option<f64>,
    dissolved: Option<f64>,
    stability: Option<Grade>,
}

impl<'a> Criteria<'a> {
    pub(super) fn all(evidence: &'a Evidence) -> Vec<Self> {
        evidence.candidates.iter().map(Self::of).collect()
    }

    fn of(candidate: &'a Candidate) -> Self {
        let segments: Vec<OneSegment> = (0..candidate.sizes.len())
            .map(|at| OneSegment::of(candidate, at))
            .collect();
        let gap = |of: fn(&Gap) -> f64| candidate.gap.as_ref().map(of);
        Self {
            k: candidate.k,
            inertia: candidate.inertia,
            silhouette: candidate.silhouette.map(|silhouette| silhouette.mean),
            silhouette_interval: candidate
                .silhouette
                .and_then(|silhouette| silhouette.interval),
            calinski_harabasz: candidate.calinski_harabasz,
            davies_bouldin: candidate.davies_bouldin,
            gap: gap(|gap| gap.value),
            gap_standard_error: gap(|gap| gap.standard_error),
            prediction_strength: candidate.prediction_strength,
            stability: candidate.similarity(),
            separation: candidate.separation,
            silhouette_without_groups: candidate.against_null.map(|null| null.silhouette),
            likelihood: candidate.likelihood,
            smallest: segments.iter().min_by_key(|segment| segment.size).cloned(),
            segments,
            flow: candidate.flow.chunks(candidate.k.max(1)).collect(),
        }
    }
}

impl OneSegment {
    fn of(candidate: &Candidate, at: usize) -> Self {
        let stability = candidate
            .stability
            .as_ref()
            .and_then(|stability| stability.segments.get(at).copied());
        Self {
            segment: at + 1,
            size: candidate.sizes[at],
            silhouette: candidate.distinctness.get(at).copied(),
            jaccard: stability.map(|segment| segment.jaccard),
            recovered: stability.map(|segment| segment.recovered),
            dissolved: stability.map(|segment| segment.dissolved),
            stability: stability.map(|segment| segment.grade()),
        }
    }
}

/// What `evidence` says.
#[derive(Debug, Serialize)]
pub(crate) struct EvidenceObject<'a> {
    #[serde(flatten)]
    decision: Decision<'a>,
    rows: Rows<'a>,
    features: Vec<&'a str>,
    sampled: Sampled,
    gap_of_one: Option<Gap>,
    inertia_of_one: f64,
    criteria: Vec<Criteria<'a>>,
    warnings: &'a [String],
}

/// The customers that the criteria by resampling were computed on.
#[derive(Debug, Serialize)]
struct Sampled {
    customers: u64,
    of: u64,
}

impl<'a> EvidenceObject<'a> {
    pub(crate) fn new(examined: &'a Examined, warnings: &'a [String]) -> Self {
        let evidence = &examined.evidence;
        let [customers, of] = evidence.sampled;
        Self {
            decision: Decision::of(evidence),
            rows: Rows::of(&examined.prepared.ledger),
            features: features(examined),
            sampled: Sampled { customers, of },
            gap_of_one: evidence.gap_of_one,
            inertia_of_one: evidence.inertia_of_one,
            criteria: Criteria::all(evidence),
            warnings,
        }
    }
}

fn features(examined: &Examined) -> Vec<&str> {
    let features = examined.pipeline.features.iter();
    features.map(|feature| feature.name.as_str()).collect()
}

/// What `evaluate` says.
#[derive(Debug, Serialize)]
pub(crate) struct EvaluateObject<'a> {
    column: &'a str,
    #[serde(flatten)]
    evaluation: &'a Evaluation,
    rows: Rows<'a>,
    features: Vec<&'a str>,
    segments: Ours<'a>,
    warnings: &'a [String],
}

/// Our own segments of the same customers.
#[derive(Debug, Serialize)]
struct Ours<'a> {
    #[serde(flatten)]
    decision: Decision<'a>,
    criteria: Option<Criteria<'a>>,
}

impl<'a> EvaluateObject<'a> {
    pub(crate) fn new(
        column: &'a str,
        evaluation: &'a Evaluation,
        examined: &'a Examined,
        warnings: &'a [String],
    ) -> Self {
        let evidence = &examined.evidence;
        Self {
            column,
            evaluation,
            rows: Rows::of(&examined.prepared.ledger),
            features: features(examined),
            segments: Ours {
                decision: Decision::of(evidence),
                criteria: evidence.candidate(evidence.choice.k).map(Criteria::of),
            },
            warnings,
        }
    }
}
