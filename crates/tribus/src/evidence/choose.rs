//! One decision from the evidence, and one sentence of why.

use std::ops::RangeInclusive;

use super::{Candidate, Choice, Verdict};
use crate::recipe::Clusters;

/// A mean silhouette from which groups count as natural ("reasonable structure" in Kaufman and Rousseeuw 1990,
/// <https://doi.org/10.1002/9780470316801>).
const GROUPS: f64 = 0.5;

/// Groups must be found again on halves of the customers.
const FOUND_AGAIN: f64 = 0.8;

/// Without natural groups, so many segments are useful to a team.
const USEFUL: RangeInclusive<usize> = 3..=8;

/// Without natural groups, no segment is smaller than this share, or this many customers.
const SMALLEST_SHARE: f64 = 0.02;
const SMALLEST: u64 = 20;

/// An elbow must stand out this far from the straight line between the ends of the curve (both scaled to 0 to 1).
const ELBOW: f64 = 0.1;

/// Numbers whose bend is at least this share of the sharpest are about the elbow.
const NEAR_ELBOW: f64 = 0.95;

/// The similarity of segmentations of halves from which a cut counts as found again.
const STABLE: f64 = 0.75;

pub(super) fn choose(candidates: &[Candidate], clusters: Clusters, customers: usize) -> Choice {
    let natural = natural(candidates);
    let elbow = elbow(candidates);
    let verdict = verdict(natural);
    let natural_k = natural.map_or(1, |candidate| candidate.k);
    let (k, because) = match clusters {
        Clusters::Exactly(asked) => (made(candidates, asked), "the number was given".to_owned()),
        Clusters::Auto | Clusters::Range(..) if verdict == Verdict::Groups => {
            (natural_k, "they are natural groups".to_owned())
        }
        Clusters::Auto => useful(candidates, &USEFUL, customers),
        Clusters::Range(from, to) => useful(candidates, &(from..=to), customers),
    };
    let requested = matches!(clusters, Clusters::Exactly(_));
    let why = sentence(candidates, k, natural, verdict, requested, &because);
    Choice {
        k,
        natural_k,
        elbow,
        verdict,
        requested,
        why,
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

fn mean_silhouette(candidate: &Candidate) -> f64 {
    candidate
        .silhouette
        .map_or(f64::NEG_INFINITY, |silhouette| silhouette.mean)
}

/// The candidate of the highest silhouette; the smallest of equals.
pub(super) fn natural(candidates: &[Candidate]) -> Option<&Candidate> {
    best(&candidates.iter().collect::<Vec<_>>())
}

fn best<'c>(candidates: &[&'c Candidate]) -> Option<&'c Candidate> {
    candidates
        .iter()
        .copied()
        .filter(|candidate| candidate.silhouette.is_some())
        .reduce(|best, other| {
            if mean_silhouette(other) > mean_silhouette(best) {
                other
            } else {
                best
            }
        })
}

fn verdict(natural: Option<&Candidate>) -> Verdict {
    match natural {
        Some(candidate)
            if mean_silhouette(candidate) >= GROUPS
                && candidate
                    .stability
                    .is_none_or(|stability| stability >= FOUND_AGAIN) =>
        {
            Verdict::Groups
        }
        _ => Verdict::Continuum,
    }
}

/// The k at which the inertia curve bends most, if it bends.
fn elbow(candidates: &[Candidate]) -> Option<usize> {
    let bends = bends(candidates);
    let sharpest = bends
        .iter()
        .copied()
        .reduce(|best, other| if other.1 > best.1 { other } else { best });
    sharpest.filter(|(_, bend)| *bend >= ELBOW).map(|(k, _)| k)
}

/// How far each inner point of the inertia curve lies below the straight line between its ends, both axes scaled to 0
/// to 1 (Satopaa et al. 2011, "Finding a Kneedle in a haystack", <https://doi.org/10.1109/ICDCSW.2011.20>).
fn bends(candidates: &[Candidate]) -> Vec<(usize, f64)> {
    // A number asked for beyond the range compared is no part of the curve.
    let next = |pair: &[Candidate]| pair[1].k == pair[0].k + 1;
    let curve = candidates.windows(2).take_while(|pair| next(pair)).count() + 1;
    let candidates = &candidates[..curve.min(candidates.len())];
    let (Some(first), Some(last)) = (candidates.first(), candidates.last()) else {
        return Vec::new();
    };
    let (width, height) = ((last.k - first.k) as f64, first.inertia - last.inertia);
    if candidates.len() < 3 || height <= 0.0 {
        return Vec::new();
    }
    let bend = |candidate: &Candidate| {
        let along = (candidate.k - first.k) as f64 / width;
        (
            candidate.k,
            (first.inertia - candidate.inertia) / height - along,
        )
    };
    candidates[1..candidates.len() - 1]
        .iter()
        .map(bend)
        .collect()
}

/// The useful cut of a continuum. Of the numbers whose segments are all large enough: where the silhouette has a peak
/// within the range, the peak; else the most segments about the elbow that are found again on halves of the
/// customers; else the number that is best found again.
fn useful(
    candidates: &[Candidate],
    range: &RangeInclusive<usize>,
    customers: usize,
) -> (usize, String) {
    let smallest = |candidate: &Candidate| candidate.sizes.iter().min().copied().unwrap_or(0);
    let floor = ((SMALLEST_SHARE * customers as f64).ceil() as u64).max(SMALLEST);
    let admissible: Vec<&Candidate> = candidates
        .iter()
        .filter(|candidate| range.contains(&candidate.k) && smallest(candidate) >= floor)
        .collect();
    let (Some(lowest), Some(peak)) = (admissible.first(), best(&admissible)) else {
        return too_few(candidates, range, customers, floor);
    };
    if peak.k != lowest.k && stable(peak) {
        return (peak.k, "every one is large enough to act on".to_owned());
    }
    let bends = bends(candidates);
    let sharpest = bends.iter().map(|(_, bend)| *bend).fold(0.0, f64::max);
    let near_elbow = |k: usize| {
        sharpest >= ELBOW
            && bends
                .iter()
                .any(|(other, bend)| *other == k && *bend >= NEAR_ELBOW * sharpest)
    };
    let at_elbow = admissible
        .iter()
        .filter(|candidate| near_elbow(candidate.k) && stable(candidate));
    if let Some(candidate) = at_elbow.max_by_key(|candidate| candidate.k) {
        let because =
            "more segments add little, and these are found again on halves of the customers";
        return (candidate.k, because.to_owned());
    }
    let found_again = |candidate: &Candidate| candidate.stability.unwrap_or(0.0);
    let steadiest = admissible.iter().copied().reduce(|best, other| {
        if found_again(other) > found_again(best) {
            other
        } else {
            best
        }
    });
    (
        steadiest.map_or(peak.k, |candidate| candidate.k),
        "of the useful numbers it is best found again on halves of the customers".to_owned(),
    )
}

/// No number leaves every segment large enough: the best of the few that the customers could fill.
fn too_few(
    candidates: &[Candidate],
    range: &RangeInclusive<usize>,
    customers: usize,
    floor: u64,
) -> (usize, String) {
    let most = (customers / SMALLEST as usize).clamp(2.max(*range.start()), (*range.end()).max(2));
    let few: Vec<&Candidate> = candidates
        .iter()
        .filter(|candidate| candidate.k <= most)
        .collect();
    let k = best(&few)
        .or(candidates.first())
        .map_or(1, |candidate| candidate.k);
    (
        k,
        format!("no number leaves every segment at least {floor} customers"),
    )
}

fn stable(candidate: &Candidate) -> bool {
    candidate
        .stability
        .is_none_or(|stability| stability >= STABLE)
}

fn sentence(
    candidates: &[Candidate],
    k: usize,
    natural: Option<&Candidate>,
    verdict: Verdict,
    requested: bool,
    because: &str,
) -> String {
    let Some(natural) = natural else {
        return format!(
            "There are too few customers to compare numbers of segments; {} was asked for.",
            word(k)
        );
    };
    let silhouette = |k: usize| {
        candidates
            .iter()
            .find(|candidate| candidate.k == k)
            .map_or(0.0, mean_silhouette)
    };
    let best = capitalized(&word(natural.k));
    let of_best = mean_silhouette(natural);
    match (requested, verdict) {
        (true, _) if k == natural.k => format!(
            "{} was asked for, and it is also the number that separates best (silhouette {of_best:.2}).",
            capitalized(&word(k))
        ),
        (true, _) => {
            let own = candidates
                .iter()
                .find(|candidate| candidate.k == k)
                .and_then(|c| c.silhouette);
            let own = own.map_or_else(String::new, |own| format!(" (silhouette {:.2})", own.mean));
            let best = word(natural.k);
            let asked = capitalized(&word(k));
            format!("{asked} was asked for{own}; {best} would separate best ({of_best:.2}).")
        }
        (false, Verdict::Groups) => {
            format!("{best} groups stand apart from each other (silhouette {of_best:.2}).")
        }
        (false, _) if k == natural.k => format!(
            "The customers form a continuum rather than groups; {} segments separate best (silhouette {of_best:.2}): {because}.",
            word(k)
        ),
        (false, _) => format!(
            "{best} groups separate best (silhouette {of_best:.2}), but the customers form a continuum; {} is the useful cut (silhouette {:.2}): {because}.",
            word(k),
            silhouette(k)
        ),
    }
}

/// Small numbers as words.
pub(crate) fn word(number: usize) -> String {
    const WORDS: [&str; 13] = [
        "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    WORDS
        .get(number)
        .map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::SilhouetteValue;

    fn candidate(k: usize, inertia: f64, silhouette: f64) -> Candidate {
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
            stability: Some(0.9),
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

    #[test]
    fn a_continuum_is_cut_at_the_elbow_and_says_what_separates_best() {
        let choice = choose(&continuum(), Clusters::Auto, 1000);
        assert_eq!((choice.k, choice.natural_k, choice.elbow), (5, 2, Some(5)));
        assert_eq!(choice.verdict, Verdict::Continuum);
        assert!(
            choice.why.starts_with("Two groups separate best"),
            "{}",
            choice.why
        );
    }

    #[test]
    fn natural_groups_are_taken_as_they_are() {
        let mut candidates = continuum();
        candidates[2] = candidate(4, 52.0, 0.7);
        let choice = choose(&candidates, Clusters::Auto, 1000);
        assert_eq!((choice.k, choice.verdict), (4, Verdict::Groups));
    }

    #[test]
    fn a_number_that_was_given_is_never_overruled() {
        let choice = choose(&continuum(), Clusters::Exactly(7), 1000);
        assert_eq!((choice.k, choice.requested), (7, true));
    }

    #[test]
    fn a_cut_with_a_tiny_segment_is_not_useful() {
        let mut candidates = continuum();
        candidates[3].sizes = vec![990, 4, 3, 2, 1];
        assert_ne!(choose(&candidates, Clusters::Auto, 1000).k, 5);
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
        let choice = choose(&candidates, Clusters::Auto, 60);
        assert!(choice.k <= 3, "{}", choice.k);
    }

    #[test]
    fn a_straight_curve_has_no_elbow() {
        let straight: Vec<Candidate> = (2..=10)
            .map(|k| candidate(k, 100.0 - 5.0 * k as f64, 0.2))
            .collect();
        assert_eq!(elbow(&straight), None);
    }
}
