//! What simulation says of each number of segments, kept run by run: more runs can be made where they could change the
//! decision, and the runs can be drawn again to see whether they would.

use rayon::prelude::*;

use super::against_null::{Cut, Nulls};
use super::independence::Shuffles;
use super::sample::{Labeling, Sample};
use super::stability::{Similarity, resample, stability};
use super::{Candidate, EvidenceError};
use crate::statistics::draw::Key;

/// Number of the draws among the runs, above those of other draws.
const DRAWS: u64 = 0x7069_636b_0000;

/// Asked before each run.
pub(super) type GoOn<'g> = &'g (dyn Fn() -> Result<(), EvidenceError> + Sync);

/// How many runs of each kind are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Runs {
    /// Resamples that segments are looked for in.
    pub(super) resamples: usize,
    /// Tables without groups, for the whole and within the segments of each number.
    pub(super) tables: usize,
    /// Tables with every column shuffled; the smallest p-value is 1 / (this + 1).
    pub(super) shuffles: usize,
}

impl Runs {
    /// Twice as many of a kind, up to a limit.
    pub(super) fn more(self, kind: Kind, most: Self) -> Self {
        match kind {
            Kind::Resamples => Self {
                resamples: (2 * self.resamples).min(most.resamples),
                ..self
            },
            Kind::Tables => Self {
                tables: (2 * self.tables).min(most.tables),
                ..self
            },
            Kind::Shuffles => Self {
                shuffles: (2 * self.shuffles + 1).min(most.shuffles),
                ..self
            },
        }
    }
}

/// Which of the runs are read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pick {
    /// Each once.
    All,
    /// As many of one kind as there are, drawn with replacement.
    Again(Kind, Key),
}

/// Kinds of simulation that a decision rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Resamples,
    Tables,
    Shuffles,
}

impl Kind {
    pub(super) const ALL: [Self; 3] = [Self::Resamples, Self::Tables, Self::Shuffles];
}

impl Pick {
    /// The `number`th drawing again of a kind.
    pub(super) fn again(kind: Kind, seed: u64, number: usize) -> Self {
        let at = (kind as u64) << 32 | number as u64;
        Self::Again(kind, Key::new(seed, DRAWS ^ at))
    }

    fn reads(self, kind: Kind) -> bool {
        match self {
            Self::All => true,
            Self::Again(drawn, _) => drawn == kind,
        }
    }

    fn of<R>(self, runs: &[R]) -> Vec<&R> {
        match self {
            Self::All => runs.iter().collect(),
            Self::Again(_, key) => (0..runs.len() as u64)
                .map(|at| &runs[(key.uniform(at) * runs.len() as f64) as usize])
                .collect(),
        }
    }
}

/// All runs made so far.
pub(super) struct Simulated<'s> {
    sample: &'s Sample,
    /// Of every candidate.
    labelings: &'s [Labeling],
    /// Where those begin whose numbers are consecutive from two on.
    first_of_run: usize,
    seed: u64,
    nulls: Nulls,
    shuffles: Option<Shuffles<'s>>,
    resampled: Vec<Vec<Similarity>>,
    cuts: Vec<Vec<Cut>>,
    worths: Vec<Vec<f64>>,
    as_tight: Vec<bool>,
}

impl<'s> Simulated<'s> {
    /// Nothing yet; `one` is the inertia about the mean of all.
    pub(super) fn of(
        sample: &'s Sample,
        labelings: &'s [Labeling],
        run: std::ops::Range<usize>,
        one: f64,
        seed: u64,
    ) -> Result<Self, EvidenceError> {
        let first_of_run = run.start;
        let run = &labelings[run];
        Ok(Self {
            sample,
            labelings,
            first_of_run,
            seed,
            nulls: Nulls::of(sample, run, one, seed)?,
            shuffles: Shuffles::of(sample, run),
            resampled: Vec::new(),
            cuts: Vec::new(),
            worths: Vec::new(),
            as_tight: Vec::new(),
        })
    }

    /// Makes what is missing to so many runs.
    pub(super) fn make(&mut self, runs: Runs, go_on: GoOn<'_>) -> Result<(), EvidenceError> {
        let Self { sample, seed, .. } = *self;
        extend(&mut self.resampled, runs.resamples, |number| {
            go_on()?;
            Ok(resample(sample, self.labelings, number, seed))
        })?;
        extend(&mut self.cuts, runs.tables, |number| {
            go_on()?;
            self.nulls.cuts(number, seed)
        })?;
        extend(&mut self.worths, runs.tables, |number| {
            go_on()?;
            self.nulls.worths(number, seed)
        })?;
        if let Some(shuffles) = &self.shuffles {
            extend(&mut self.as_tight, runs.shuffles, |number| {
                go_on()?;
                Ok(shuffles.is_as_tight(number, seed))
            })?;
        }
        Ok(())
    }

    /// Writes into the candidates what the runs say of them; of runs drawn again, only what their kind says.
    pub(super) fn read(&self, candidates: &mut [Candidate], pick: Pick) {
        if pick.reads(Kind::Resamples) {
            let resampled = pick.of(&self.resampled);
            let places = candidates.iter_mut().zip(self.labelings).enumerate();
            for (at, (candidate, labeling)) in places {
                candidate.stability = stability(&resampled, at, labeling.k);
            }
        }
        if pick.reads(Kind::Tables) {
            let (cuts, worths) = (pick.of(&self.cuts), pick.of(&self.worths));
            let nulls = self.nulls.against(&cuts, &worths);
            let of_run = candidates.iter_mut().skip(self.first_of_run);
            for (candidate, null) in of_run.zip(nulls) {
                candidate.against_null = Some(null);
            }
        }
    }

    /// The permutation p-value of independence; none where nothing can be shuffled.
    pub(super) fn independence_p(&self, pick: Pick) -> Option<f64> {
        let as_tight = if pick.reads(Kind::Shuffles) {
            pick.of(&self.as_tight)
        } else {
            Pick::All.of(&self.as_tight)
        };
        let found = as_tight.iter().filter(|as_tight| ***as_tight).count();
        (!as_tight.is_empty()).then(|| (1 + found) as f64 / (1 + as_tight.len()) as f64)
    }
}

/// Makes runs until there are `count`.
fn extend<R: Send>(
    runs: &mut Vec<R>,
    count: usize,
    make: impl Fn(u64) -> Result<R, EvidenceError> + Sync,
) -> Result<(), EvidenceError> {
    let more: Vec<R> = (runs.len()..count)
        .into_par_iter()
        .map(|number| make(number as u64))
        .collect::<Result<_, _>>()?;
    runs.extend(more);
    Ok(())
}
