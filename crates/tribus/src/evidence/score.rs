//! How likely each number of segments is that of the groups: the criteria, weighed.
//!
//! A conditional logit over the range (McFadden 1974: Conditional logit analysis of qualitative choice behavior). Its
//! weights were fitted on made-up customers with known groups by `bench/evidence/fit.py`.

use super::Candidate;

/// Numbers that the rule sees of each candidate.
pub const FEATURES: usize = 17;

/// The weight of each.
const WEIGHTS: [f64; FEATURES] = [
    0.746, 1.314, -1.162, -2.051, 2.868, 1.246, 0.592, -0.663, -0.421, -0.110, 0.129, -1.621,
    0.198, -0.449, 0.426, 0.497, -2.040,
];

/// Numbers that the verdict rests on.
pub const GROUP_FEATURES: usize = 8;

/// The weight of each, and of none.
const GROUP_WEIGHTS: [f64; GROUP_FEATURES] =
    [0.548, 2.164, -4.840, 0.922, 4.092, 0.296, 6.314, 0.050];
const NO_GROUPS: f64 = -7.931;

/// A surplus of the silhouette is compared with the largest one, or with this: less says nothing.
const LEAST_SURPLUS: f64 = 0.05;

/// What a cut through one crowd makes of the two separations.
const CROWD: [f64; 2] = [0.25, 0.28];

/// What the rule sees of candidates with consecutive numbers of segments.
pub fn features(candidates: &[Candidate]) -> Vec<[f64; FEATURES]> {
    let separations: Vec<[f64; 2]> = candidates.iter().map(separations).collect();
    let most =
        |of: &dyn Fn(&Candidate) -> f64, least| candidates.iter().map(of).fold(least, f64::max);
    let surplus = most(&surplus, LEAST_SURPLUS);
    let silhouette = most(&mean_silhouette, 0.01);
    let later = |at: usize, which: usize| {
        let later = separations[at + 1..].iter().map(|pair| pair[which]);
        later.reduce(f64::max).unwrap_or(0.0)
    };
    candidates
        .iter()
        .enumerate()
        .map(|(at, candidate)| {
            let before = at.checked_sub(1).map(|at| &candidates[at]);
            let next = candidates.get(at + 1);
            let null = candidate.against_null.unwrap_or_default();
            let next_null = next.and_then(|next| next.against_null).unwrap_or_default();
            let gap = |candidate: Option<&Candidate>| {
                candidate
                    .and_then(|c| c.against_null)
                    .map_or(0.0, |null| null.gap)
            };
            let gained = null.gap - gap(before);
            let to_gain = next.map_or(0.0, |next| gap(Some(next)) - null.gap);
            let noise = null.gap_error.max(0.003);
            [
                separations[at][0],
                separations[at][1],
                later(at, 0),
                later(at, 1),
                (self::surplus(candidate) / surplus).clamp(-1.0, 1.0),
                mean_silhouette(candidate) / silhouette,
                bounded(gained / 0.03),
                bounded(to_gain / 0.03),
                bounded(gained / noise / 3.0),
                bounded(to_gain / noise / 3.0),
                bounded(null.worth / null.worth_error.max(1e-9) / 4.0),
                bounded(next_null.worth / next_null.worth_error.max(1e-9) / 4.0),
                bounded(null.worth / 0.03),
                bounded(next_null.worth / 0.03),
                candidate.similarity().unwrap_or(0.5),
                candidate.least_jaccard().unwrap_or(1.0),
                libm::log(candidate.k as f64),
            ]
        })
        .collect()
}

/// -1 to 1.
fn bounded(x: f64) -> f64 {
    libm::tanh(x)
}

fn surplus(candidate: &Candidate) -> f64 {
    candidate
        .against_null
        .map_or(0.0, |null| null.silhouette_surplus)
}

fn mean_silhouette(candidate: &Candidate) -> f64 {
    candidate
        .silhouette
        .map_or(0.0, |silhouette| silhouette.mean)
}

/// Both separations as logarithms beside those of a cut through one crowd.
fn separations(candidate: &Candidate) -> [f64; 2] {
    let separation = candidate
        .separation
        .map_or(CROWD, |s| [s.along_centroids, s.along_discriminant]);
    [0, 1].map(|which| libm::log(separation[which].max(0.05) / CROWD[which]).min(1.5))
}

/// Likelihoods of candidates with consecutive numbers of segments; they sum to 1.
pub(super) fn likelihoods(candidates: &[Candidate]) -> Vec<f64> {
    let scores: Vec<f64> = features(candidates)
        .iter()
        .map(|features| features.iter().zip(WEIGHTS).map(|(x, w)| x * w).sum())
        .collect();
    let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let parts: Vec<f64> = scores
        .iter()
        .map(|score| libm::exp(score - highest))
        .collect();
    let total: f64 = parts.iter().sum();
    parts.iter().map(|part| part / total).collect()
}

/// What the verdict sees of the likeliest number of groups, `candidates[at]`: whether the table has more than one crowd,
/// whether these groups stand apart, and whether nothing is left to explain.
pub fn group_features(candidates: &[Candidate], at: usize) -> [f64; GROUP_FEATURES] {
    let of = |candidate: Option<&Candidate>| {
        candidate
            .and_then(|candidate| candidate.against_null)
            .unwrap_or_default()
    };
    let certainty = |candidate: Option<&Candidate>| {
        let null = of(candidate);
        bounded(null.worth / null.worth_error.max(1e-9) / 4.0)
    };
    let (here, next) = (candidates.get(at), candidates.get(at + 1));
    let surest = candidates[..=at]
        .iter()
        .map(|candidate| certainty(Some(candidate)));
    let features = features(candidates)[at];
    [
        certainty(candidates.first()),
        surest.fold(-1.0, f64::max),
        certainty(next),
        bounded(of(next).worth / 0.03),
        features[0],
        features[1],
        bounded(of(here).silhouette_surplus / 0.1),
        here.and_then(|here| here.likelihood).unwrap_or(0.0),
    ]
}

/// How likely there are groups at all.
pub(super) fn groups_likelihood(candidates: &[Candidate], at: usize) -> f64 {
    let features = group_features(candidates, at);
    let score: f64 = features.iter().zip(GROUP_WEIGHTS).map(|(x, w)| x * w).sum();
    1.0 / (1.0 + libm::exp(-(score + NO_GROUPS)))
}
