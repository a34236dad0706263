//! One decision from the evidence: are there groups, and which k.

use std::cmp::Ordering;
use std::ops::RangeInclusive;

use super::elbow::{Bends, elbow};
use super::score::groups_likelihood;
use super::{Candidate, Choice, Confidence, Separation, Usable, Verdict};
use crate::recipe::Clusters;

/// From this likelihood on there are groups.
const GROUPS: f64 = 0.5;

/// Groups that cannot be counted are of no use: their number must have this likelihood, given that there may be none.
pub(super) const COUNTED: f64 = 0.5;

/// Standard deviations of its worth from which one more segment keeps paying. No made-up table with groups had one at
/// the likeliest number.
const KEEPS_PAYING: f64 = 4.4;

/// Up to this p-value the columns have to do with each other.
const DEPENDENT: f64 = 0.05;

/// Likelihoods of the number of groups (that there are groups, times that it is this number) from which it is sure.
const STRONG: f64 = 0.95;
const MODERATE: f64 = 0.6;

/// Without natural groups, two segments tell little: the useful cut has at least so many (where it may).
const FEWEST: usize = 3;

/// Without natural groups, no segment is smaller than this share, or this many customers, unless a size is given.
const SMALLEST_SHARE: f64 = 0.02;
const SMALLEST: u64 = 20;

/// The similarity of the segments of resampled customers from which a cut counts as found again.
pub(super) const STABLE: f64 = 0.75;

/// A cut of a continuum that is found again this well is moderately sure.
pub(super) const STEADY: f64 = 0.85;

/// Separations under this are those of a cut through one crowd.
const VALLEY: f64 = 0.45;

/// What resampling says of the whole table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resampled {
    /// Of all customers.
    pub(super) inertia_of_one: f64,
    pub(super) independence_p: Option<f64>,
}

/// What was asked for.
pub(super) struct Asked {
    pub(super) clusters: Clusters,
    pub(super) usable: Usable,
    pub(super) customers: usize,
}

impl Asked {
    /// The numbers of segments that cuts of a continuum may have.
    fn range(&self) -> RangeInclusive<usize> {
        let most = self.usable.max_segments.get();
        match self.clusters {
            Clusters::Range(from, to) => from..=to,
            Clusters::Auto | Clusters::Exactly(_) => FEWEST.min(most)..=most,
        }
    }

    /// The fewest customers a segment may have.
    fn smallest(&self) -> u64 {
        let share = (SMALLEST_SHARE * self.customers as f64).ceil() as u64;
        self.usable.min_segment_size.unwrap_or(share.max(SMALLEST))
    }
}

/// Decides; what is to be said of it comes later. Also returns why a cut of a continuum is the useful one.
///
/// `run` are the candidates with consecutive numbers from two on, `all` also holds a number asked for outside.
pub(super) fn choose(
    run: &[Candidate],
    all: &[Candidate],
    resampled: &Resampled,
    asked: &Asked,
) -> (Choice, String) {
    let clusters = asked.clusters;
    let likeliest = likeliest(run);
    let separated = best(&run.iter().collect::<Vec<_>>());
    let groups_likelihood = likeliest.map(|at| groups_likelihood(run, at));
    let verdict = verdict(run, resampled, likeliest.zip(groups_likelihood));
    let natural = match verdict {
        Verdict::Groups => likeliest.map(|at| &run[at]).or(separated),
        Verdict::Continuum | Verdict::None => separated,
    };
    let natural_k = natural.map_or(1, |candidate| candidate.k);
    let sure = |k: usize| {
        let at = run.iter().find(|candidate| candidate.k == k);
        of_likelihood(groups_likelihood.unwrap_or(0.0) * at.map_or(0.0, likelihood))
    };
    let decided = match (clusters, verdict) {
        (Clusters::Exactly(k), _) => {
            let k = made(all, k);
            let confidence = match verdict {
                Verdict::Groups => sure(k),
                Verdict::Continuum | Verdict::None => steady(all, k),
            };
            let runner_up = (natural_k != k && natural.is_some()).then_some(natural_k);
            Decided::plainly(k, confidence, runner_up)
        }
        (_, Verdict::Groups) => {
            Decided::plainly(natural_k, sure(natural_k), runner_up(run, natural_k))
        }
        (Clusters::Auto | Clusters::Range(..), _) => useful(run, asked),
    };
    let choice = Choice {
        k: decided.k,
        natural_k,
        elbow: elbow(run, resampled.inertia_of_one),
        verdict,
        groups_likelihood,
        independence_p: resampled.independence_p,
        confidence: decided.confidence,
        reproduced: None,
        runner_up: decided.runner_up,
        requested: matches!(clusters, Clusters::Exactly(_)),
        why: String::new(),
        paragraph: String::new(),
    };
    (choice, decided.because)
}

/// What the data say; `likeliest` is the likeliest number's place and how likely there are groups.
fn verdict(run: &[Candidate], resampled: &Resampled, likeliest: Option<(usize, f64)>) -> Verdict {
    let Some((at, groups)) = likeliest else {
        let separated = best(&run.iter().collect::<Vec<_>>());
        return if separated.is_some_and(plainly_apart) {
            Verdict::Groups
        } else {
            Verdict::Continuum
        };
    };
    if groups >= GROUPS && groups * likelihood(&run[at]) >= COUNTED && !goes_on(run, at) {
        Verdict::Groups
    } else if resampled.independence_p.is_none_or(|p| p > DEPENDENT) {
        Verdict::None
    } else {
        Verdict::Continuum
    }
}

/// The decision of before, for a number that is asked for now.
pub(super) fn asked_for(k: usize, candidates: &[Candidate], before: &Choice) -> Choice {
    let likely = candidates
        .iter()
        .find(|candidate| candidate.k == k)
        .map_or(0.0, likelihood);
    let confidence = match before.verdict {
        Verdict::Groups => of_likelihood(before.groups_likelihood.unwrap_or(0.0) * likely),
        Verdict::Continuum | Verdict::None => steady(candidates, k),
    };
    Choice {
        k,
        confidence,
        reproduced: None,
        runner_up: (before.natural_k != k).then_some(before.natural_k),
        requested: true,
        ..before.clone()
    }
}

/// The number, and what goes with it.
struct Decided {
    k: usize,
    /// Of a cut of a continuum: why this one.
    because: String,
    confidence: Confidence,
    runner_up: Option<usize>,
}

impl Decided {
    /// A number that needs no reason of its own.
    fn plainly(k: usize, confidence: Confidence, runner_up: Option<usize>) -> Self {
        Self {
            k,
            because: String::new(),
            confidence,
            runner_up,
        }
    }
}

fn of_likelihood(likelihood: f64) -> Confidence {
    match likelihood {
        likelihood if likelihood >= STRONG => Confidence::Strong,
        likelihood if likelihood >= MODERATE => Confidence::Moderate,
        _ => Confidence::Weak,
    }
}

/// The largest candidate not above the number asked for (fewer distinct customers make fewer segments).
fn made(candidates: &[Candidate], asked: usize) -> usize {
    let below = candidates
        .iter()
        .map(|candidate| candidate.k)
        .filter(|k| *k <= asked);
    below.max().unwrap_or(asked)
}

pub(super) fn mean_silhouette(candidate: &Candidate) -> f64 {
    candidate
        .silhouette
        .map_or(f64::NEG_INFINITY, |silhouette| silhouette.mean)
}

fn rand(candidate: &Candidate) -> f64 {
    candidate
        .stability
        .as_ref()
        .map_or(0.0, |stability| stability.rand)
}

/// The first of the highest.
fn highest<'c>(
    candidates: impl Iterator<Item = &'c Candidate>,
    of: impl Fn(&Candidate) -> f64,
) -> Option<&'c Candidate> {
    candidates.reduce(|best, other| match of(other).total_cmp(&of(best)) {
        Ordering::Greater => other,
        Ordering::Equal | Ordering::Less => best,
    })
}

fn best<'c>(candidates: &[&'c Candidate]) -> Option<&'c Candidate> {
    let measured = candidates
        .iter()
        .copied()
        .filter(|candidate| candidate.silhouette.is_some());
    highest(measured, mean_silhouette)
}

fn likelihood(candidate: &Candidate) -> f64 {
    candidate.likelihood.unwrap_or(0.0)
}

/// The number of the highest silhouette.
pub(super) fn best_separated(candidates: &[Candidate]) -> Option<usize> {
    best(&candidates.iter().collect::<Vec<_>>()).map(|candidate| candidate.k)
}

/// What counts as groups where nobody looked at customers without any: "reasonable structure" in Kaufman and Rousseeuw
/// 1990 (<https://doi.org/10.1002/9780470316801>) that is found again, with a valley between every two segments.
fn plainly_apart(candidate: &Candidate) -> bool {
    const REASONABLE: f64 = 0.5;
    const FOUND_AGAIN: f64 = 0.8;
    let found_again = candidate
        .similarity()
        .is_none_or(|similarity| similarity >= FOUND_AGAIN);
    let has_valleys = candidate.separation.is_some_and(has_valleys);
    mean_silhouette(candidate) >= REASONABLE && found_again && has_valleys
}

/// Whether there is a valley between every two segments.
pub(super) fn has_valleys(separation: Separation) -> bool {
    let apart = separation
        .along_centroids
        .max(separation.along_discriminant);
    apart >= VALLEY
}

/// The candidate most likely to be the number of groups.
fn likeliest(run: &[Candidate]) -> Option<usize> {
    let measured = run
        .iter()
        .filter(|candidate| candidate.likelihood.is_some());
    let likeliest = highest(measured, likelihood)?.k;
    run.iter().position(|candidate| candidate.k == likeliest)
}

/// Whether one segment more than the likeliest number is worth so much more than it would be within crowds of one mode
/// that these are not the groups: they have parts themselves.
fn goes_on(run: &[Candidate], likeliest: usize) -> bool {
    let null = run.get(likeliest + 1).and_then(|next| next.against_null);
    null.is_some_and(|null| null.worth > KEEPS_PAYING * null.worth_error)
}

fn runner_up(run: &[Candidate], k: usize) -> Option<usize> {
    let others = run.iter().filter(|candidate| candidate.k != k);
    highest(others, likelihood).map(|candidate| candidate.k)
}

/// How sure a cut of a continuum is: never strongly.
fn steady(candidates: &[Candidate], k: usize) -> Confidence {
    match candidates.iter().find(|candidate| candidate.k == k) {
        Some(candidate) if rand(candidate) >= STEADY => Confidence::Moderate,
        _ => Confidence::Weak,
    }
}

/// The useful cut of a continuum. Of the numbers whose segments are all large enough: where the silhouette has a peak
/// within the range, the peak; else the most segments about the elbow that are found again on resampled customers; else
/// the number that is best found again.
fn useful(run: &[Candidate], asked: &Asked) -> Decided {
    let (range, floor) = (asked.range(), asked.smallest());
    let smallest = |candidate: &Candidate| candidate.sizes.iter().min().copied().unwrap_or(0);
    let admissible: Vec<&Candidate> = run
        .iter()
        .filter(|candidate| range.contains(&candidate.k) && smallest(candidate) >= floor)
        .collect();
    let (Some(lowest), Some(peak)) = (admissible.first(), best(&admissible)) else {
        return too_few(run, asked);
    };
    let bends = Bends::of(run);
    let at_elbow = admissible
        .iter()
        .copied()
        .filter(|candidate| bends.near_sharpest(candidate.k) && stable(candidate));
    let (chosen, because) = if peak.k != lowest.k && stable(peak) {
        (peak, "every one is large enough to act on")
    } else if let Some(candidate) = at_elbow.max_by_key(|candidate| candidate.k) {
        (
            candidate,
            "more segments add little, and these are found again on resampled customers",
        )
    } else {
        let steadiest = highest(admissible.iter().copied(), rand).unwrap_or(peak);
        (
            steadiest,
            "of the useful numbers it is best found again on resampled customers",
        )
    };
    let others = admissible
        .iter()
        .copied()
        .filter(|candidate| candidate.k != chosen.k);
    Decided {
        k: chosen.k,
        because: because.to_owned(),
        confidence: steady(run, chosen.k),
        runner_up: highest(others, rand).map(|candidate| candidate.k),
    }
}

/// No number leaves every segment large enough: the best of the few that the customers could fill.
fn too_few(run: &[Candidate], asked: &Asked) -> Decided {
    let (range, floor) = (asked.range(), asked.smallest());
    let most = (asked.customers / floor.max(1) as usize)
        .clamp(2.max(*range.start()), (*range.end()).max(2));
    let few: Vec<&Candidate> = run.iter().filter(|candidate| candidate.k <= most).collect();
    let k = best(&few)
        .or(run.first())
        .map_or(1, |candidate| candidate.k);
    Decided {
        k,
        because: format!(
            "no number from {} to {} leaves every segment at least {floor} customers",
            range.start(),
            range.end()
        ),
        confidence: Confidence::Weak,
        runner_up: few
            .iter()
            .map(|candidate| candidate.k)
            .find(|other| *other != k),
    }
}

fn stable(candidate: &Candidate) -> bool {
    candidate
        .stability
        .as_ref()
        .is_none_or(|stability| stability.rand >= STABLE)
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::{AgainstNull, Separation, SilhouetteValue, Stability};
    use super::*;

    /// A candidate of a continuum.
    pub(in super::super) fn candidate(k: usize, inertia: f64, silhouette: f64) -> Candidate {
        Candidate {
            k,
            inertia,
            silhouette: Some(SilhouetteValue {
                mean: silhouette,
                interval: None,
                customers: 1000,
            }),
            calinski_harabasz: None,
            davies_bouldin: None,
            sizes: vec![1000 / k as u64; k],
            centroids: Vec::new(),
            flow: Vec::new(),
            distinctness: vec![silhouette; k],
            gap: None,
            prediction_strength: Some(0.5),
            stability: Some(Stability {
                rand: 0.9,
                interval: None,
                segments: Vec::new(),
                resamples: 100,
            }),
            separation: Some(Separation {
                along_centroids: 0.25,
                along_discriminant: 0.28,
            }),
            against_null: Some(AgainstNull {
                worth: 0.02,
                worth_error: 0.004,
                silhouette_surplus: 0.01,
                ..AgainstNull::default()
            }),
            likelihood: Some(0.1),
        }
    }

    fn continuum() -> Vec<Candidate> {
        let curve = [
            (2, 100.0, 0.35),
            (3, 70.0, 0.30),
            (4, 52.0, 0.27),
            (5, 40.0, 0.26),
            (6, 36.0, 0.24),
        ];
        let rest = [
            (7, 33.0, 0.22),
            (8, 31.0, 0.21),
            (9, 29.0, 0.2),
            (10, 27.0, 0.19),
        ];
        curve
            .into_iter()
            .chain(rest)
            .map(|(k, i, s)| candidate(k, i, s))
            .collect()
    }

    /// The same with groups at one number: valleys, a silhouette far above chance, nothing left to explain.
    fn groups(k: usize) -> Vec<Candidate> {
        let mut candidates = continuum();
        for candidate in &mut candidates {
            let worth = if candidate.k <= k { 0.3 } else { 0.0 };
            let apart = if candidate.k <= k { 1.5 } else { 0.25 };
            candidate.against_null = Some(AgainstNull {
                worth,
                worth_error: 0.005,
                silhouette_surplus: if candidate.k == k { 0.3 } else { 0.1 },
                ..AgainstNull::default()
            });
            candidate.separation = Some(Separation {
                along_centroids: apart,
                along_discriminant: apart,
            });
            candidate.likelihood = Some(if candidate.k == k { 0.97 } else { 0.003 });
        }
        candidates
    }

    fn chosen(candidates: &[Candidate], clusters: Clusters, customers: usize, p: f64) -> Choice {
        let resampled = Resampled {
            inertia_of_one: 180.0,
            independence_p: Some(p),
        };
        let asked = Asked {
            clusters,
            usable: Usable::default(),
            customers,
        };
        choose(candidates, candidates, &resampled, &asked).0
    }

    #[test]
    fn what_a_team_can_act_on_bounds_a_continuum_only() {
        let continuum = continuum();
        let resampled = Resampled {
            inertia_of_one: 180.0,
            independence_p: Some(0.025),
        };
        let chosen = |candidates: &[Candidate], clusters, most: i64, smallest| {
            let asked = Asked {
                clusters,
                usable: Usable {
                    max_segments: most.try_into().unwrap(),
                    min_segment_size: smallest,
                },
                customers: 1000,
            };
            choose(candidates, candidates, &resampled, &asked).0.k
        };
        assert_eq!(chosen(&continuum, Clusters::Auto, 8, None), 5);
        assert!(chosen(&continuum, Clusters::Auto, 4, None) <= 4);
        assert_eq!(chosen(&continuum, Clusters::Auto, 2, None), 2);
        assert!(chosen(&continuum, Clusters::Auto, 8, Some(300)) <= 3);
        assert_eq!(chosen(&continuum, Clusters::Range(2, 10), 2, None), 5);
        assert_eq!(chosen(&groups(9), Clusters::Auto, 4, Some(300)), 9);
    }

    #[test]
    fn a_continuum_is_cut_at_the_elbow_and_says_what_separates_best() {
        let choice = chosen(&continuum(), Clusters::Auto, 1000, 0.025);
        assert_eq!((choice.k, choice.natural_k), (5, 2));
        assert_eq!(choice.elbow.map(|elbow| elbow.k), Some(5));
        assert_eq!(choice.verdict, Verdict::Continuum);
        assert_eq!(choice.confidence, Confidence::Moderate);
    }

    #[test]
    fn columns_that_have_nothing_to_do_with_each_other_are_no_structure() {
        let choice = chosen(&continuum(), Clusters::Auto, 1000, 0.6);
        assert_eq!(choice.verdict, Verdict::None);
    }

    #[test]
    fn natural_groups_are_taken_as_they_are() {
        for k in [2, 4, 9] {
            let choice = chosen(&groups(k), Clusters::Auto, 1000, 0.025);
            assert_eq!(
                (choice.k, choice.natural_k, choice.verdict),
                (k, k, Verdict::Groups)
            );
            assert_eq!(choice.confidence, Confidence::Strong);
            assert!(choice.runner_up.is_some_and(|other| other != k));
        }
    }

    #[test]
    fn a_number_that_was_given_is_never_overruled() {
        let choice = chosen(&continuum(), Clusters::Exactly(7), 1000, 0.025);
        assert_eq!((choice.k, choice.requested), (7, true));
        let choice = chosen(&groups(4), Clusters::Exactly(7), 1000, 0.025);
        assert_eq!((choice.k, choice.natural_k), (7, 4));
        assert_eq!(choice.confidence, Confidence::Weak);
    }

    #[test]
    fn a_cut_with_a_tiny_segment_is_not_useful() {
        let mut candidates = continuum();
        candidates[3].sizes = vec![990, 4, 3, 2, 1];
        assert_ne!(chosen(&candidates, Clusters::Auto, 1000, 0.025).k, 5);
    }

    #[test]
    fn few_customers_are_not_cut_into_slivers() {
        let mut candidates = continuum();
        for candidate in &mut candidates {
            candidate.sizes = vec![60 / candidate.k as u64; candidate.k];
        }
        candidates[8] = Candidate {
            silhouette: candidates[0]
                .silhouette
                .map(|s| SilhouetteValue { mean: 0.45, ..s }),
            ..candidates[8].clone()
        };
        let choice = chosen(&candidates, Clusters::Auto, 60, 0.025);
        assert!(choice.k <= 3, "{}", choice.k);
    }
}
