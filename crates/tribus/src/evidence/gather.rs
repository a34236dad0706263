//! The story: fit every k, resample, compare with customers without groups, decide.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use tribus_kmeans::{Init, KMeans, Points};

use super::choose::{Asked, asked_for};
use super::decide::Decision;
use super::measure::{Fitted, candidates, fit_compared, fit_made, run};
use super::sampled::{STEPS, Sampled, about_the_mean, ask, testing};
use super::stability::Contingency;
use super::words::{Said, paragraph, sentence};
use super::{Candidate, Choice, Evidence, EvidenceError, Question};
use crate::pipeline::FeatureMatrix;
use crate::progress::{Progress, Stage, Watch};
use crate::recipe::{Clusters, Depth};

/// The numbers of segments compared when none, or one number, is asked for.
const USUAL_RANGE: (usize, usize) = (2, 12);

/// Resamples of the number that is chosen, at least.
const RESAMPLES: u64 = 100;

impl Evidence {
    /// Fits and measures every k of the range, and decides.
    ///
    /// Cost: one fit per k on all customers, silhouettes in O(n^2 d) (of a sample above 10,000 customers), and some 200
    /// small fits per k on at most [`super::SAMPLED_CUSTOMERS`] customers. The result depends neither on the number of threads
    /// nor on the order of the customers.
    ///
    /// # Errors
    /// More segments than customers; numbers the engine refuses; [`EvidenceError::Stopped`] soon after `watch` breaks.
    pub fn gather(
        matrix: &FeatureMatrix,
        question: &Question<'_>,
        watch: Watch<'_>,
    ) -> Result<(Self, Vec<String>), EvidenceError> {
        let points = Points::new(&matrix.values, matrix.rows, matrix.columns())?;
        let (mut fitted, mut warnings) = fit_all(&points, question, watch)?;
        let sampled = Sampled::of(&points, &fitted, question)?;
        let asked = Asked {
            clusters: question.clusters,
            usable: question.usable,
            customers: points.n(),
        };
        let one = about_the_mean(&points)?;
        let Decision {
            choice,
            because,
            gap_of_one,
        } = match question.depth {
            Depth::Full => sampled.decide(&mut fitted, &asked, (one, watch))?,
            Depth::Quick => sampled.decide_quickly(&mut fitted, &asked, one),
        };
        let run = run(&fitted);
        if !choice.requested {
            refine(&mut fitted, choice.k, &points, &sampled, (question, watch))?;
        }
        add_flows(&mut fitted);
        let mut evidence = Self {
            candidates: self::candidates(&fitted),
            sampled: [sampled.sample.n as u64, points.n() as u64],
            inertia_of_one: one,
            gap_of_one,
            choice,
        };
        evidence.say(&because, run, points.n());
        warnings.extend(evidence.at_the_end());
        Ok((evidence, warnings))
    }

    /// The same evidence, with the decision for a number that is asked for now; none where it was not tried.
    #[must_use]
    pub fn asking_for(&self, k: usize) -> Option<Self> {
        self.candidate(k)?;
        let mut evidence = Self {
            choice: asked_for(k, &self.candidates, &self.choice),
            ..self.clone()
        };
        let ks: Vec<usize> = self
            .candidates
            .iter()
            .map(|candidate| candidate.k)
            .collect();
        let start = ks.iter().position(|k| *k == 2).unwrap_or(ks.len());
        let length = ks[start..]
            .iter()
            .zip(2..)
            .take_while(|(k, expected)| *k == expected)
            .count();
        evidence.say("", start..start + length, self.sampled[1] as usize);
        Some(evidence)
    }

    /// Where the number found is the largest tried, a larger one may be better.
    fn at_the_end(&self) -> Option<String> {
        let most = self.candidates.iter().map(|candidate| candidate.k).max()?;
        let is_found = !self.choice.requested && self.candidates.len() > 1;
        let has_room = 2 * most as u64 <= self.sampled[1];
        (is_found && has_room && self.choice.k == most).then(|| {
            format!(
                "the best number of segments, {most}, is the largest that was tried: more may fit better (--k 2-{})",
                2 * most
            )
        })
    }

    fn say(&mut self, because: &str, run: Range<usize>, customers: usize) {
        let said = Said {
            choice: &self.choice,
            because,
            run: &self.candidates[run],
            all: &self.candidates,
            gap_of_one: self.gap_of_one,
            customers,
        };
        let (why, paragraph) = (sentence(&said), paragraph(&said));
        self.choice = Choice {
            why,
            paragraph,
            ..self.choice.clone()
        };
    }
}

/// Searches the number chosen as hard as if it had been asked for. Its measures may differ in the third digit; what was
/// decided stays.
fn refine(
    fitted: &mut [Fitted],
    k: usize,
    points: &Points<'_>,
    sampled: &Sampled,
    (question, watch): (&Question<'_>, Watch<'_>),
) -> Result<(), EvidenceError> {
    let go_on = || testing(watch, STEPS);
    let mut refined = fit_made(points, k, Init::PlusPlus, (question, &go_on))?;
    let Some(known) = fitted
        .iter_mut()
        .find(|known| known.candidate.k == refined.candidate.k)
    else {
        return Ok(());
    };
    let labeling = sampled.labeling(points, &refined)?;
    let before = &known.candidate;
    let stability = before.stability.as_ref();
    let resamples = stability.map_or(0, |stability| stability.resamples);
    let resamples = match question.depth {
        Depth::Full => resamples.max(RESAMPLES),
        Depth::Quick => resamples,
    };
    refined.candidate = Candidate {
        gap: before.gap,
        prediction_strength: before.prediction_strength,
        against_null: before.against_null,
        likelihood: before.likelihood,
        ..refined.candidate
    };
    *known = refined;
    sampled.find_again(&mut known.candidate, labeling, resamples)
}

/// Of each segment of one number, how many customers are in each segment of the next.
fn add_flows(fitted: &mut [Fitted]) {
    for at in 1..fitted.len() {
        let (before, here) = fitted.split_at_mut(at);
        let (before, here) = (&before[at - 1], &mut here[0]);
        let (from, to) = (before.candidate.k, here.candidate.k);
        if to == from + 1 {
            let flow = Contingency::of(&before.labels, &here.labels, from, to);
            here.candidate.flow = flow.counts().to_vec();
        }
    }
}

fn fit_all(
    points: &Points<'_>,
    question: &Question<'_>,
    watch: Watch<'_>,
) -> Result<(Vec<Fitted>, Vec<String>), EvidenceError> {
    let range = range(question.clusters, points.n())?;
    let asked = match question.clusters {
        Clusters::Exactly(k) => Some(k),
        Clusters::Auto | Clusters::Range(..) => None,
    };
    let compared: Vec<usize> = range
        .iter()
        .copied()
        .filter(|k| Some(*k) != asked)
        .collect();
    let asks = AtomicUsize::new(0);
    let go_on = || {
        // The engine asks after each run.
        let runs = compared.len() * (KMeans::default().restarts + 1);
        let made = asks.fetch_add(1, Ordering::Relaxed).min(runs);
        watch(Progress {
            stage: Stage::Comparing,
            done: made * range.len() / runs.max(1),
            of: range.len(),
        })
    };
    ask(go_on())?;
    let mut all = fit_compared(points, &compared, question, &go_on)?;
    let mut warnings = Vec::new();
    if let Some(k) = asked {
        let init = question.init.clone().map_or(Init::PlusPlus, Init::Given);
        let made = fit_made(points, k, init, (question, &go_on))?;
        warnings.extend(made.warning.clone());
        all.insert(0, made);
    }
    // With fewer distinct customers than segments, larger numbers say the same again; the one asked for stays.
    all.sort_by_key(|fitted| fitted.candidate.k);
    all.dedup_by_key(|fitted| fitted.candidate.k);
    Ok((all, warnings))
}

/// The numbers of segments to fit, ascending.
fn range(clusters: Clusters, customers: usize) -> Result<Vec<usize>, EvidenceError> {
    // With as many segments as customers there is nothing left to measure.
    let most = customers.saturating_sub(1);
    let (usual_from, usual_to) = USUAL_RANGE;
    let mut range: Vec<usize> = match clusters {
        Clusters::Range(from, to) if from <= customers => (from..=to.min(customers)).collect(),
        Clusters::Range(k, _) => return Err(EvidenceError::TooFewCustomers { k, customers }),
        Clusters::Exactly(k) if k > customers => {
            return Err(EvidenceError::TooFewCustomers { k, customers });
        }
        Clusters::Exactly(_) | Clusters::Auto => (usual_from..=usual_to.min(most)).collect(),
    };
    if let Clusters::Exactly(k) = clusters
        && !range.contains(&k)
    {
        range.push(k);
    }
    if range.is_empty() {
        return Err(EvidenceError::NothingToCompare {
            customers,
            from: usual_from,
        });
    }
    range.sort_unstable();
    Ok(range)
}
