//! What is measured on a sample of the customers, by resampling or beside made-up ones.

use std::ops::{ControlFlow, RangeInclusive};

use rayon::prelude::*;
use tribus_kmeans::quality::Labeled;
use tribus_kmeans::{Init, KMeans, Points};

use super::choose::{Asked, best_separated};
use super::decide::{Deciding, Decision};
use super::gap::gaps;
use super::measure::{Fitted, candidates, mean_by_segment, run};
use super::prediction::prediction_strengths;
use super::sample::{Labeling, Sample, centroids};
use super::separation::separation;
use super::simulate::Simulated;
use super::stability::{Similarity, resample, stability};
use super::{Candidate, EvidenceError, Gap, Question, SAMPLED_CUSTOMERS, Separation, Stability};
use crate::progress::{Progress, Stage, Watch};

/// Resamples where quick evidence is enough, of so many segments.
const QUICK_RESAMPLES: u64 = 16;
const QUICKLY_RESAMPLED: RangeInclusive<usize> = 3..=8;

/// Evenly spread tables of the gap statistic.
const REFERENCES: usize = 20;

/// Halvings of the customers, for the prediction strength.
const HALVINGS: usize = 10;

/// Steps of testing that are told one by one.
pub(super) const STEPS: usize = 4;

/// The customers that criteria by resampling are computed on, and their segments.
pub(super) struct Sampled {
    pub(super) sample: Sample,
    /// The same without what only looks like a valley.
    smoothed: Sample,
    labelings: Vec<Labeling>,
    seed: u64,
}

impl Sampled {
    pub(super) fn of(
        points: &Points<'_>,
        fitted: &[Fitted],
        question: &Question<'_>,
    ) -> Result<Self, EvidenceError> {
        let seed = question.seed;
        // A great many segments need customers to be in.
        let most = fitted.iter().map(|fitted| fitted.candidate.k).max();
        let most = most.unwrap_or(0);
        let sample = Sample::draw(points, SAMPLED_CUSTOMERS.max(2 * most), seed);
        let mut sampled = Self {
            smoothed: sample.smoothed(seed),
            sample,
            labelings: Vec::new(),
            seed,
        };
        let labelings = fitted.iter().map(|fitted| sampled.labeling(points, fitted));
        sampled.labelings = labelings.collect::<Result<_, _>>()?;
        if !sampled.sample.is_all_of(points) {
            sampled.search(seed)?;
        }
        Ok(sampled)
    }

    /// Finds how tight the sample can be cut: the best for all customers need not be the best for it.
    fn search(&mut self, seed: u64) -> Result<(), EvidenceError> {
        let ks: Vec<usize> = self.labelings.iter().map(|labeling| labeling.k).collect();
        let starts = centroids(&self.labelings);
        let found = self.sample.sweep(&ks, &starts, seed)?;
        for (labeling, found) in self.labelings.iter_mut().zip(found) {
            labeling.inertia = labeling.inertia.min(found.inertia);
        }
        Ok(())
    }

    /// The segments of the sample: those of all customers, moved to where they are best for the sample.
    pub(super) fn labeling(
        &self,
        points: &Points<'_>,
        fitted: &Fitted,
    ) -> Result<Labeling, EvidenceError> {
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

    /// Measures each candidate on resampled and made-up customers, as often as the decision needs it, and decides.
    pub(super) fn decide(
        &self,
        fitted: &mut [Fitted],
        asked: &Asked,
        (one, watch): (f64, Watch<'_>),
    ) -> Result<Decision, EvidenceError> {
        let Self {
            sample,
            labelings,
            seed,
            ..
        } = self;
        let go_on = |done: usize| ask(testing(watch, done));
        go_on(0)?;
        for (fitted, labeling) in fitted.iter_mut().zip(labelings) {
            self.add_shape(&mut fitted.candidate, labeling)?;
        }
        let strengths = prediction_strengths(sample, labelings, HALVINGS, *seed);
        for (fitted, strength) in fitted.iter_mut().zip(strengths) {
            fitted.candidate.prediction_strength = strength;
        }
        let of_sample = about_the_mean(&sample.points())?;
        let gap_of_one = self.add_gaps(fitted, of_sample);
        go_on(1)?;
        let run = run(fitted);
        let mut simulated = Simulated::of(sample, labelings, run.clone(), of_sample, *seed)?;
        let deciding = Deciding {
            run,
            asked,
            inertia_of_one: one,
        };
        let mut candidates = candidates(fitted);
        let decision =
            deciding.until_sure(&mut simulated, &mut candidates, (*seed, &|| go_on(2)))?;
        go_on(3)?;
        for (fitted, candidate) in fitted.iter_mut().zip(candidates) {
            fitted.candidate = candidate;
        }
        Ok(Decision {
            gap_of_one,
            ..decision
        })
    }

    /// The same by silhouette, elbow and a few resamples of the number that separates best and the useful ones.
    pub(super) fn decide_quickly(
        &self,
        fitted: &mut [Fitted],
        asked: &Asked,
        one: f64,
    ) -> Decision {
        let best = best_separated(&candidates(fitted));
        let (resampled, labelings): (Vec<&mut Fitted>, Vec<Labeling>) = fitted
            .iter_mut()
            .zip(&self.labelings)
            .filter(|(fitted, _)| {
                let k = fitted.candidate.k;
                Some(k) == best || QUICKLY_RESAMPLED.contains(&k)
            })
            .map(|(fitted, labeling)| (fitted, labeling.clone()))
            .unzip();
        let stabilities = self.stabilities(&labelings, QUICK_RESAMPLES);
        let measured = resampled.into_iter().zip(&labelings).zip(stabilities);
        for ((fitted, labeling), stability) in measured {
            let candidate = &mut fitted.candidate;
            candidate.stability = stability;
            if Some(candidate.k) == best {
                candidate.separation = self.separation(labeling);
            }
        }
        let deciding = Deciding {
            run: run(fitted),
            asked,
            inertia_of_one: one,
        };
        deciding.decide(&mut candidates(fitted), None)
    }

    /// Adds to a candidate how distinct and how separate its segments are.
    fn add_shape(
        &self,
        candidate: &mut Candidate,
        labeling: &Labeling,
    ) -> Result<(), EvidenceError> {
        if candidate.distinctness.is_empty() {
            candidate.distinctness = distinctness(&self.sample, labeling)?;
        }
        candidate.separation = self.separation(labeling);
        Ok(())
    }

    /// Measures a candidate that was searched harder as it was before, with as many resamples.
    pub(super) fn find_again(
        &self,
        candidate: &mut Candidate,
        labeling: Labeling,
        resamples: u64,
    ) -> Result<(), EvidenceError> {
        self.add_shape(candidate, &labeling)?;
        candidate.stability = self.stabilities(&[labeling], resamples).remove(0);
        Ok(())
    }

    /// How stable each labeling is.
    fn stabilities(&self, labelings: &[Labeling], resamples: u64) -> Vec<Option<Stability>> {
        let resampled: Vec<Vec<Similarity>> = (0..resamples)
            .into_par_iter()
            .map(|number| resample(&self.sample, labelings, number, self.seed))
            .collect();
        let resampled: Vec<&Vec<Similarity>> = resampled.iter().collect();
        let places = labelings.iter().enumerate();
        places
            .map(|(at, labeling)| stability(&resampled, at, labeling.k))
            .collect()
    }

    fn separation(&self, labeling: &Labeling) -> Option<Separation> {
        let Labeling {
            k,
            labels,
            centroids,
            ..
        } = labeling;
        (*k > 1).then(|| separation(&self.smoothed, labels, centroids, *k))
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
pub(super) fn about_the_mean(points: &Points<'_>) -> Result<f64, EvidenceError> {
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
    Ok(mean_by_segment(
        &labeling.labels,
        &measured.per_point,
        labeling.k,
    ))
}

/// Tells that so many steps of testing are done.
pub(super) fn testing(watch: Watch<'_>, done: usize) -> ControlFlow<()> {
    watch(Progress {
        stage: Stage::Testing,
        done,
        of: STEPS,
    })
}

pub(super) fn ask(answer: ControlFlow<()>) -> Result<(), EvidenceError> {
    match answer {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(EvidenceError::Stopped),
    }
}
