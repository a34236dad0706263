//! The story: fit every k, resample, compare with customers without groups, decide.

use std::ops::{ControlFlow, Range, RangeInclusive};

use rayon::prelude::*;
use tribus_kmeans::quality::Labeled;
use tribus_kmeans::{Init, KMeans, Points};

use super::against_null;
use super::choose::{Asked, Resampled, asked_for, best_separated, choose};
use super::gap::gaps;
use super::independence::independence;
use super::measure::{Effort, Fitted, fit};
use super::prediction::prediction_strength;
use super::sample::{Labeling, Sample};
use super::separation::separation;
use super::stability::{Contingency, stability};
use super::words::{Said, paragraph, sentence};
use super::{Candidate, Choice, Evidence, EvidenceError, Gap, Question, SAMPLED_CUSTOMERS, score};
use crate::pipeline::FeatureMatrix;
use crate::progress::{Progress, Stage, Watch};
use crate::recipe::{Clusters, Depth};
use crate::statistics::mean;

/// The numbers of segments compared when none, or one number, is asked for.
const USUAL_RANGE: (usize, usize) = (2, 12);

/// Resamples that segments are looked for in.
const RESAMPLES: usize = 100;

/// Resamples where quick evidence is enough, of so many segments.
const QUICK_RESAMPLES: usize = 8;
const QUICKLY_RESAMPLED: RangeInclusive<usize> = 3..=8;

/// Evenly spread tables of the gap statistic.
const REFERENCES: usize = 50;

/// Steps of testing that are told one by one.
const STEPS: usize = 4;

/// Halvings of the customers, for the prediction strength.
const HALVINGS: usize = 10;

impl Evidence {
    /// Fits and measures every k of the range, and decides.
    ///
    /// Cost: one fit per k on all customers, silhouettes in O(n^2 d) (of a sample above 10,000 customers), and some 400
    /// small fits per k on at most [`SAMPLED_CUSTOMERS`] customers. The result depends neither on the number of threads
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
        let resampled = Resampled {
            inertia_of_one: about_the_mean(&points)?,
            ..match question.depth {
                Depth::Full => sampled.measure(&mut fitted, watch)?,
                Depth::Quick => sampled.measure_quickly(&mut fitted)?,
            }
        };
        let candidates = candidates(&fitted);
        let run = run(&fitted);
        let (choice, because) = choose(
            &candidates[run.clone()],
            &candidates,
            &resampled,
            &Asked {
                clusters: question.clusters,
                usable: question.usable,
                customers: points.n(),
            },
        );
        if !choice.requested {
            refine(&mut fitted, choice.k, &points, &sampled, (question, watch))?;
        }
        add_flows(&mut fitted);
        let mut evidence = Self {
            candidates: self::candidates(&fitted),
            sampled: [sampled.sample.n as u64, points.n() as u64],
            inertia_of_one: resampled.inertia_of_one,
            gap_of_one: resampled.gap_of_one,
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

fn candidates(fitted: &[Fitted]) -> Vec<Candidate> {
    fitted
        .iter()
        .map(|fitted| fitted.candidate.clone())
        .collect()
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
    let refined = fit(points, k, Init::PlusPlus, Effort::Made, (question, &go_on))?;
    let Some(known) = fitted
        .iter_mut()
        .find(|known| known.candidate.k == refined.candidate.k)
    else {
        return Ok(());
    };
    if known.candidate.centroids == refined.candidate.centroids {
        return Ok(());
    }
    let labeling = sampled.labeling(points, &refined)?;
    let before = &known.candidate;
    let candidate = Candidate {
        gap: before.gap,
        prediction_strength: before.prediction_strength,
        against_null: before.against_null,
        likelihood: before.likelihood,
        ..sampled.found_again(&refined.candidate, &labeling)?
    };
    *known = Fitted {
        candidate,
        ..refined
    };
    Ok(())
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

/// Tells that so many steps of testing are done.
fn testing(watch: Watch<'_>, done: usize) -> ControlFlow<()> {
    watch(Progress {
        stage: Stage::Testing,
        done,
        of: STEPS,
    })
}

fn ask(answer: ControlFlow<()>) -> Result<(), EvidenceError> {
    match answer {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(EvidenceError::Stopped),
    }
}

fn fit_all(
    points: &Points<'_>,
    question: &Question<'_>,
    watch: Watch<'_>,
) -> Result<(Vec<Fitted>, Vec<String>), EvidenceError> {
    let range = range(question.clusters, points.n())?;
    let mut all: Vec<Fitted> = Vec::with_capacity(range.len());
    let mut warnings = Vec::new();
    for (done, k) in range.iter().enumerate() {
        let go_on = || {
            watch(Progress {
                stage: Stage::Comparing,
                done,
                of: range.len(),
            })
        };
        ask(go_on())?;
        let init = match (&question.init, question.clusters) {
            (Some(init), Clusters::Exactly(asked)) if asked == *k => Init::Given(init.clone()),
            _ => Init::PlusPlus,
        };
        let asked = question.clusters == Clusters::Exactly(*k);
        let effort = if asked {
            Effort::Made
        } else {
            Effort::Compared
        };
        let fitted = fit(points, *k, init, effort, (question, &go_on))?;
        if asked {
            warnings.extend(fitted.warning.clone());
        }
        // With fewer distinct customers than segments, larger numbers say the same again.
        if all
            .iter()
            .all(|other| other.candidate.k != fitted.candidate.k)
        {
            all.push(fitted);
        }
    }
    all.sort_by_key(|fitted| fitted.candidate.k);
    Ok((all, warnings))
}

/// Where the numbers are consecutive from two on; one asked for beyond the range compared is no part of it.
fn run(fitted: &[Fitted]) -> Range<usize> {
    let k = |at: usize| fitted[at].candidate.k;
    let start = (0..fitted.len())
        .find(|at| k(*at) >= 2)
        .unwrap_or(fitted.len());
    let mut end = start;
    while end < fitted.len() && k(end) == k(start) + end - start {
        end += 1;
    }
    start..end
}

/// The customers that criteria by resampling are computed on, and their segments.
struct Sampled {
    sample: Sample,
    labelings: Vec<Labeling>,
    depth: Depth,
    seed: u64,
}

impl Sampled {
    fn of(
        points: &Points<'_>,
        fitted: &[Fitted],
        question: &Question<'_>,
    ) -> Result<Self, EvidenceError> {
        let Question { depth, seed, .. } = *question;
        // A great many segments need customers to be in.
        let most = fitted.iter().map(|fitted| fitted.candidate.k).max();
        let most = most.unwrap_or(0);
        let mut sampled = Self {
            sample: Sample::draw(points, SAMPLED_CUSTOMERS.max(2 * most), seed),
            labelings: Vec::new(),
            depth,
            seed,
        };
        let labelings = fitted.iter().map(|fitted| sampled.labeling(points, fitted));
        sampled.labelings = labelings.collect::<Result<_, _>>()?;
        Ok(sampled)
    }

    /// The segments of the sample: those of all customers, moved to where they are best for the sample.
    fn labeling(&self, points: &Points<'_>, fitted: &Fitted) -> Result<Labeling, EvidenceError> {
        let Candidate {
            k,
            centroids,
            inertia,
            ..
        } = &fitted.candidate;
        let rows = self.sample.rows.iter();
        let labels: Vec<u32> = rows.map(|row| fitted.labels[*row]).collect();
        if self.sample.is_all_of(points) {
            return Ok(Labeling {
                k: *k,
                labels,
                centroids: centroids.clone(),
                inertia: *inertia,
            });
        }
        let settings = KMeans {
            k: *k,
            init: Init::Given(self.sample.centers(&labels, *k)),
            restarts: 1,
            recombinations: 0,
            ..KMeans::default()
        };
        let fit = settings.fit(&self.sample.points())?;
        Ok(Labeling {
            k: fit.model.k(),
            labels: fit.labels,
            centroids: fit.model.centroids().to_vec(),
            inertia: fit.inertia,
        })
    }

    /// Adds to each candidate what resampling says of it.
    fn measure(&self, fitted: &mut [Fitted], watch: Watch<'_>) -> Result<Resampled, EvidenceError> {
        let Self {
            sample,
            labelings,
            seed,
            ..
        } = self;
        let go_on = |done: usize| ask(testing(watch, done));
        go_on(0)?;
        let found_again: Vec<Candidate> = fitted
            .par_iter()
            .zip(labelings)
            .map(|(fitted, labeling)| {
                go_on(0)?;
                self.found_again(&fitted.candidate, labeling)
            })
            .collect::<Result<_, EvidenceError>>()?;
        for (fitted, candidate) in fitted.iter_mut().zip(found_again) {
            fitted.candidate = Candidate {
                prediction_strength: prediction_strength(sample, candidate.k, HALVINGS, *seed),
                ..candidate
            };
        }
        go_on(1)?;
        let one = about_the_mean(&sample.points())?;
        let gap_of_one = self.add_gaps(fitted, one);
        go_on(2)?;
        let run = run(fitted);
        let labelings = &labelings[run.clone()];
        let nulls = against_null::compare(sample, one, labelings, *seed)?;
        for (fitted, null) in fitted[run.clone()].iter_mut().zip(nulls) {
            fitted.candidate.against_null = Some(null);
        }
        go_on(3)?;
        let likelihoods = score::likelihoods(&candidates(&fitted[run.clone()]));
        for (fitted, likelihood) in fitted[run].iter_mut().zip(likelihoods) {
            fitted.candidate.likelihood = Some(likelihood);
        }
        let independence_p = independence(sample, labelings, *seed);
        go_on(4)?;
        Ok(Resampled {
            inertia_of_one: one,
            gap_of_one,
            independence_p,
        })
    }

    /// Adds how stable the segments are, for the number that separates best and the useful ones.
    fn measure_quickly(&self, fitted: &mut [Fitted]) -> Result<Resampled, EvidenceError> {
        let best = best_separated(&candidates(fitted));
        for (fitted, labeling) in fitted.iter_mut().zip(&self.labelings) {
            let candidate = &mut fitted.candidate;
            if Some(candidate.k) == best || QUICKLY_RESAMPLED.contains(&candidate.k) {
                let (labels, k) = (&labeling.labels, labeling.k);
                candidate.stability =
                    stability(&self.sample, labels, k, self.resamples(), self.seed);
            }
        }
        Ok(Resampled {
            inertia_of_one: about_the_mean(&self.sample.points())?,
            gap_of_one: None,
            independence_p: None,
        })
    }

    fn resamples(&self) -> usize {
        match self.depth {
            Depth::Full => RESAMPLES,
            Depth::Quick => QUICK_RESAMPLES,
        }
    }

    /// A candidate with how distinct, how separate and how stable its segments are.
    fn found_again(
        &self,
        candidate: &Candidate,
        labeling: &Labeling,
    ) -> Result<Candidate, EvidenceError> {
        let Labeling {
            k,
            labels,
            centroids,
            ..
        } = labeling;
        Ok(Candidate {
            distinctness: distinctness(&self.sample, labeling)?,
            separation: (*k > 1).then(|| separation(&self.sample, labels, centroids, *k)),
            stability: stability(&self.sample, labels, *k, self.resamples(), self.seed),
            ..candidate.clone()
        })
    }

    /// Adds the gap statistic to each candidate; returns that of one segment.
    fn add_gaps(&self, fitted: &mut [Fitted], one: f64) -> Option<Gap> {
        let of_labelings = self.labelings.iter().filter(|labeling| labeling.k > 1);
        let inertias: Vec<(usize, f64)> = std::iter::once((1, one))
            .chain(of_labelings.map(|labeling| (labeling.k, labeling.inertia)))
            .collect();
        let gaps = gaps(&self.sample, &inertias, REFERENCES, self.seed);
        for candidate in fitted.iter_mut().map(|fitted| &mut fitted.candidate) {
            let at = inertias.iter().position(|(k, _)| *k == candidate.k);
            candidate.gap = at.and_then(|at| gaps[at]);
        }
        gaps[0]
    }
}

/// The inertia of one segment.
fn about_the_mean(points: &Points<'_>) -> Result<f64, EvidenceError> {
    let all = vec![0; points.n()];
    let labeled = Labeled::new(points, &all, 1)?;
    Ok(labeled.inertia())
}

/// The mean silhouette of each segment's customers; empty where there is nothing to compare.
fn distinctness(sample: &Sample, labeling: &Labeling) -> Result<Vec<f64>, EvidenceError> {
    let points = sample.points();
    let labeled = Labeled::new(&points, &labeling.labels, labeling.k)?;
    let Ok(measured) = labeled.silhouette() else {
        return Ok(Vec::new());
    };
    let mut segments = vec![Vec::new(); labeling.k];
    for (label, value) in labeling.labels.iter().zip(&measured.per_point) {
        segments[*label as usize].push(*value);
    }
    Ok(segments.iter().map(|values| mean(values)).collect())
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
