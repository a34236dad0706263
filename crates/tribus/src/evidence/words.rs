//! The decision in words: one sentence, and a paragraph of what each criterion says.

use super::choose::{COUNTED, STABLE, STEADY, has_valleys, mean_silhouette};
use super::decide::REPRODUCED;
use super::{Candidate, Choice, Confidence, Elbow, Gap, Verdict};
use crate::words::capitalized;

/// Prediction strengths from here on count (Tibshirani and Walther 2005).
const PREDICTED: f64 = 0.8;

/// What there is to say.
pub(super) struct Said<'s> {
    pub(super) choice: &'s Choice,
    /// Of a cut of a continuum: why this one.
    pub(super) because: &'s str,
    /// Candidates with consecutive numbers from two on.
    pub(super) run: &'s [Candidate],
    /// All of them.
    pub(super) all: &'s [Candidate],
    pub(super) gap_of_one: Option<Gap>,
    pub(super) customers: usize,
}

impl Said<'_> {
    fn chosen(&self) -> Option<&Candidate> {
        self.all
            .iter()
            .find(|candidate| candidate.k == self.choice.k)
    }

    /// What separates best.
    fn natural(&self) -> Option<&Candidate> {
        self.run
            .iter()
            .find(|candidate| candidate.k == self.choice.natural_k)
    }
}

/// Why this number, in one sentence; in a second, which other would be nearly as good.
pub(super) fn sentence(said: &Said<'_>) -> String {
    let choice = said.choice;
    let is_doubtful = choice
        .reproduced
        .is_some_and(|reproduced| reproduced < REPRODUCED);
    match choice.runner_up {
        Some(other) if is_doubtful && !choice.requested => format!(
            "{} {} is nearly as good.",
            why(said),
            capitalized(&word(other))
        ),
        _ => why(said),
    }
}

fn why(said: &Said<'_>) -> String {
    let k = said.choice.k;
    let Some(natural) = said.natural() else {
        return format!(
            "There are too few customers to compare numbers of segments; {} was asked for.",
            word(k)
        );
    };
    let of_best = mean_silhouette(natural);
    let best = capitalized(&word(natural.k));
    if said.choice.requested {
        let asked = capitalized(&word(k));
        if k == natural.k {
            return format!(
                "{asked} was asked for, and it is also the number that separates best (silhouette {of_best:.2})."
            );
        }
        let own = said.chosen().and_then(|chosen| chosen.silhouette);
        let own = own.map_or_else(String::new, |own| format!(" (silhouette {:.2})", own.mean));
        return format!(
            "{asked} was asked for{own}; {} would separate best ({of_best:.2}).",
            word(natural.k)
        );
    }
    let because = said.because;
    match said.choice.verdict {
        Verdict::Groups if said.choice.confidence == Confidence::Weak => format!(
            "There are groups, and {} is the likeliest of several numbers (silhouette {of_best:.2}).",
            word(natural.k)
        ),
        Verdict::Groups => {
            format!("{best} groups stand apart from each other (silhouette {of_best:.2}).")
        }
        Verdict::None => format!(
            "The customers show no structure to speak of; {} segments are slices of convenience: {because}.",
            word(k)
        ),
        Verdict::Continuum if k == natural.k => format!(
            "The customers form a continuum rather than groups; {} segments separate best (silhouette {of_best:.2}): {because}.",
            word(k)
        ),
        Verdict::Continuum => format!(
            "{best} groups separate best (silhouette {of_best:.2}), but the customers form a continuum; {} is the useful cut (silhouette {:.2}): {because}.",
            word(k),
            said.chosen().map_or(0.0, mean_silhouette)
        ),
    }
}

/// What each criterion says, and why.
pub(super) fn paragraph(said: &Said<'_>) -> String {
    let sentences = [
        structure(said),
        silhouette(said),
        bend(said),
        gap(said),
        prediction(said),
        stability(said),
        separation(said),
        smallest(said),
    ];
    sentences
        .into_iter()
        .flatten()
        .collect::<Vec<String>>()
        .join(" ")
}

/// Groups, a continuum or nothing, and what that rests on.
fn structure(said: &Said<'_>) -> Option<String> {
    let natural = said.natural()?;
    let Some(groups_likelihood) = said.choice.groups_likelihood else {
        return Some(
            "This is quick evidence: nobody compared with customers without groups.".to_owned(),
        );
    };
    let likely = percent(groups_likelihood);
    Some(match said.choice.verdict {
        Verdict::Groups => {
            let share = natural.likelihood.map_or(0.0, |likelihood| likelihood);
            format!(
                "There are groups ({likely} likely beside made-up customers of the same columns without any), and {} is their number with {} likelihood.",
                word(natural.k),
                percent(share)
            )
        }
        Verdict::Continuum if groups_likelihood >= 0.5 => {
            let likelihoods = said
                .run
                .iter()
                .map(|candidate| candidate.likelihood.unwrap_or(0.0));
            let highest = likelihoods.fold(0.0, f64::max);
            if groups_likelihood * highest >= COUNTED {
                format!(
                    "Some customers stand apart ({likely} likely), but one segment more keeps paying: whatever the number, its segments have parts themselves."
                )
            } else {
                format!(
                    "There may be groups ({likely} likely), but their number cannot be told: none has a likelihood above {}.",
                    percent(highest)
                )
            }
        }
        Verdict::Continuum => format!(
            "Customers differ along connected columns, but not in groups ({likely} likely): whatever the number, cuts run through crowds or more cuts keep paying."
        ),
        Verdict::None => match said.choice.independence_p {
            Some(p) => format!(
                "Customers whose columns have nothing to do with each other are cut as tightly (p = {p:.2}): there is no structure to speak of."
            ),
            None => {
                "A single column without groups in it is cut, wherever it is cut, through a crowd."
                    .to_owned()
            }
        },
    })
}

fn silhouette(said: &Said<'_>) -> Option<String> {
    let measured = said
        .run
        .iter()
        .filter(|candidate| candidate.silhouette.is_some());
    let best = measured.reduce(|best, other| {
        if mean_silhouette(other) > mean_silhouette(best) {
            other
        } else {
            best
        }
    })?;
    let beside = best.against_null.map_or_else(String::new, |null| {
        format!(
            ", {:+.2} beside customers without groups",
            null.silhouette_surplus
        )
    });
    let favors = if best.k == 2 && said.choice.k != 2 {
        " (it favors few, large segments)"
    } else {
        ""
    };
    Some(format!(
        "The silhouette is highest with {} ({:.2}{beside}){favors}.",
        word(best.k),
        mean_silhouette(best)
    ))
}

fn bend(said: &Said<'_>) -> Option<String> {
    if said.run.len() < 3 {
        return None;
    }
    Some(match said.choice.elbow {
        None => "The inertia falls without an elbow.".to_owned(),
        Some(Elbow {
            k,
            confidence: Confidence::Weak,
        }) => {
            format!(
                "The elbow is at {}, but it moves when the range starts elsewhere.",
                word(k)
            )
        }
        Some(Elbow {
            k,
            confidence: Confidence::Moderate,
        }) => format!("The elbow is at {}, a soft one.", word(k)),
        Some(Elbow {
            k,
            confidence: Confidence::Strong,
        }) => format!("The elbow is plain, at {}.", word(k)),
    })
}

/// The smallest number whose gap is within a standard error of the next one's.
fn gap(said: &Said<'_>) -> Option<String> {
    let of_one = said.gap_of_one.map(|gap| (1, gap));
    let gaps: Vec<_> = of_one
        .into_iter()
        .chain(
            said.run
                .iter()
                .filter_map(|candidate| candidate.gap.map(|gap| (candidate.k, gap))),
        )
        .collect();
    let found = gaps
        .windows(2)
        .find(|pair| pair[0].1.value >= pair[1].1.value - pair[1].1.standard_error)
        .map(|pair| pair[0].0);
    let last = gaps.last()?.0;
    Some(found.map_or_else(
        || {
            format!(
                "The gap to customers spread evenly keeps growing to {}.",
                word(last)
            )
        },
        |k| {
            format!(
                "The gap to customers spread evenly first stops growing at {}.",
                word(k)
            )
        },
    ))
}

fn prediction(said: &Said<'_>) -> Option<String> {
    let strong = said.run.iter().filter(|candidate| {
        candidate
            .prediction_strength
            .is_some_and(|s| s >= PREDICTED)
    });
    let measured = said
        .run
        .iter()
        .any(|candidate| candidate.prediction_strength.is_some());
    measured.then(|| match strong.map(|candidate| candidate.k).max() {
        Some(k) => format!(
            "Halves of the customers predict each other's segments up to {}.",
            word(k)
        ),
        None => "No number of segments is predicted from one half of the customers to the other."
            .to_owned(),
    })
}

fn stability(said: &Said<'_>) -> Option<String> {
    let stability = said.chosen()?.stability.as_ref()?;
    let worst = stability
        .segments
        .iter()
        .enumerate()
        .min_by(|a, b| a.1.jaccard.total_cmp(&b.1.jaccard))?;
    Some(format!(
        "On {} resamples the {} come out {} ({:.2} of 1); the least stable is segment {} ({}).",
        stability.resamples,
        word(said.choice.k),
        match stability.rand {
            rand if rand >= STEADY => "alike",
            rand if rand >= STABLE => "similar",
            _ => "differently",
        },
        stability.rand,
        worst.0 + 1,
        worst.1.grade().words()
    ))
}

fn separation(said: &Said<'_>) -> Option<String> {
    let separation = said.chosen()?.separation?;
    Some(if !has_valleys(separation) {
        format!(
            "{} there is no valley: the cut runs through a crowd.",
            match said.choice.k {
                2 => "Between the two".to_owned(),
                k => format!("Between some two of the {}", word(k)),
            }
        )
    } else if said.choice.verdict == Verdict::None {
        // Of many pairs and numbers tried some one is always thinner at the cut.
        return None;
    } else {
        match said.choice.k {
            2 => "The two have a valley between them.".to_owned(),
            k => format!("Any two of the {} have a valley between them.", word(k)),
        }
    })
}

fn smallest(said: &Said<'_>) -> Option<String> {
    let chosen = said.chosen()?;
    let (at, size) = chosen
        .sizes
        .iter()
        .enumerate()
        .min_by_key(|(_, size)| **size)?;
    let apart = chosen.distinctness.get(at);
    let apart = apart.map_or_else(String::new, |silhouette| {
        format!(", silhouette {silhouette:.2}")
    });
    let share = percent(*size as f64 / said.customers as f64);
    Some(format!(
        "The smallest segment has {size} customers ({share}{apart})."
    ))
}

fn percent(share: f64) -> String {
    match share {
        share if share > 0.99 && share < 1.0 => "over 99 %".to_owned(),
        share if share < 0.01 && share > 0.0 => "under 1 %".to_owned(),
        // Halves away from zero, as everywhere.
        share => format!("{:.0} %", (share * 100.0).round()),
    }
}

/// Small numbers as words.
fn word(number: usize) -> String {
    const WORDS: [&str; 13] = [
        "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    WORDS
        .get(number)
        .map_or_else(|| number.to_string(), |word| (*word).to_owned())
}
