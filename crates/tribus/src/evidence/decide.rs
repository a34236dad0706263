//! Deciding, and whether more simulations would decide otherwise.

use std::cmp::Reverse;
use std::ops::Range;

use rayon::prelude::*;

use super::choose::{Asked, Resampled, choose};
use super::simulate::{GoOn, Kind, Pick, Runs, Simulated};
use super::{Candidate, Choice, Confidence, EvidenceError, Gap, Verdict, score};

/// Simulations that are made at first, and at most where they could change the decision.
const LEAST_RUNS: Runs = Runs {
    resamples: 40,
    tables: 20,
    shuffles: 39,
};
const MOST_RUNS: Runs = Runs {
    resamples: 320,
    tables: 80,
    shuffles: 159,
};

/// How often simulations are drawn again to see whether they would decide otherwise.
const DRAWN_AGAIN: usize = 100;

/// From this share of drawings that decide the same no more simulations are made.
const SURE: f64 = 0.98;

/// A decision that fewer drawings make again is weak.
pub(super) const REPRODUCED: f64 = 0.85;

/// What a decision is made by, beside the candidates.
pub(super) struct Deciding<'d> {
    /// The candidates with consecutive numbers.
    pub(super) run: Range<usize>,
    pub(super) asked: &'d Asked,
    /// Of all customers.
    pub(super) inertia_of_one: f64,
}

impl Deciding<'_> {
    /// Decides, after as many simulations as the decision needs; `go_on` is asked before each.
    pub(super) fn until_sure(
        &self,
        simulated: &mut Simulated<'_>,
        candidates: &mut [Candidate],
        (seed, go_on): (u64, GoOn<'_>),
    ) -> Result<Decision, EvidenceError> {
        let mut runs = LEAST_RUNS;
        loop {
            simulated.make(runs, go_on)?;
            simulated.read(candidates, Pick::All);
            let decision = self.decide(candidates, simulated.independence_p(Pick::All));
            if decision.choice.requested {
                return Ok(decision);
            }
            let doubts = Kind::ALL.map(|kind| {
                let doubt = self.doubt(simulated, candidates, &decision, (kind, seed));
                (kind, doubt)
            });
            let doubtful = doubts.iter().filter(|(_, doubt)| doubt.same < SURE);
            let more = doubtful.fold(runs, |runs, (kind, _)| runs.more(*kind, MOST_RUNS));
            if more == runs {
                return Ok(decision.with_doubt(doubts.into_iter().map(|(_, doubt)| doubt)));
            }
            runs = more;
        }
    }

    /// Weighs the candidates and decides.
    pub(super) fn decide(
        &self,
        candidates: &mut [Candidate],
        independence_p: Option<f64>,
    ) -> Decision {
        let run = &mut candidates[self.run.clone()];
        if run.iter().any(|candidate| candidate.against_null.is_some()) {
            let likelihoods = score::likelihoods(run);
            for (candidate, likelihood) in run.iter_mut().zip(likelihoods) {
                candidate.likelihood = Some(likelihood);
            }
        }
        let resampled = Resampled {
            inertia_of_one: self.inertia_of_one,
            independence_p,
        };
        let (choice, because) = choose(
            &candidates[self.run.clone()],
            candidates,
            &resampled,
            self.asked,
        );
        Decision {
            choice,
            because,
            gap_of_one: None,
        }
    }

    /// How often the runs of one kind decide otherwise when they are drawn again.
    fn doubt(
        &self,
        simulated: &Simulated<'_>,
        candidates: &[Candidate],
        decision: &Decision,
        (kind, seed): (Kind, u64),
    ) -> Doubt {
        let others: Vec<(usize, Verdict)> = (0..DRAWN_AGAIN)
            .into_par_iter()
            .map_with(candidates.to_vec(), |candidates, number| {
                let pick = Pick::again(kind, seed, number);
                simulated.read(candidates, pick);
                let choice = self
                    .decide(candidates, simulated.independence_p(pick))
                    .choice;
                let known = &decision.choice;
                let other = (choice.k, choice.verdict);
                (other != (known.k, known.verdict)).then_some(other)
            })
            .flatten()
            .collect();
        let count = |one: &(usize, Verdict)| others.iter().filter(|other| *other == one).count();
        Doubt {
            same: (DRAWN_AGAIN - others.len()) as f64 / DRAWN_AGAIN as f64,
            instead: others
                .iter()
                .max_by_key(|one| (count(one), Reverse(one.0)))
                .map(|one| (one.0, one.1, count(one) as f64 / DRAWN_AGAIN as f64)),
        }
    }
}

/// How sure the simulations make a decision.
struct Doubt {
    /// Share of drawings that decide the same.
    same: f64,
    /// What they choose most often, and in what share of all drawings.
    instead: Option<(usize, Verdict, f64)>,
}

/// What was decided, and why.
pub(super) struct Decision {
    pub(super) choice: Choice,
    pub(super) because: String,
    pub(super) gap_of_one: Option<Gap>,
}

impl Decision {
    /// The same, not surer than the simulations allow. Of two cuts of a continuum that are about as good, the smaller number
    /// is taken.
    fn with_doubt(mut self, doubts: impl Iterator<Item = Doubt>) -> Self {
        let Some(most) = doubts.min_by(|a, b| a.same.total_cmp(&b.same)) else {
            return self;
        };
        let choice = &mut self.choice;
        choice.reproduced = Some(most.same);
        if most.same >= REPRODUCED {
            return self;
        }
        choice.confidence = Confidence::Weak;
        match most.instead {
            Some((smaller, verdict, share))
                if smaller < choice.k
                    && verdict == choice.verdict
                    && verdict != Verdict::Groups =>
            {
                choice.runner_up = Some(choice.k);
                choice.k = smaller;
                choice.reproduced = Some(share);
                "of two numbers that are about as good it is the smaller"
                    .clone_into(&mut self.because);
            }
            Some((other, ..)) if other != choice.k => choice.runner_up = Some(other),
            Some(_) | None => {}
        }
        self
    }
}
