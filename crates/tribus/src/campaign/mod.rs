//! Does targeting pay? Profit of contacting everybody, nobody, the segments above break-even, and those a regression
//! picks, each on customers that were held out; beside a control group, what contacting changes.
//!
//! In: what the recipe or the columns say of a campaign ([`Inquiry`]), the prepared rows and their segments. Out: a
//! [`Campaign`], numbers and sentences, no row. Without cost and revenue nothing is said of profit: they are not invented.
//!
//! The hold-out is a cross-validation repeated with other folds (Kim: Estimating classification error rate: repeated
//! cross-validation, repeated hold-out and bootstrap. Computational Statistics and Data Analysis 53, 2009,
//! <https://doi.org/10.1016/j.csda.2009.04.009>); customers that are identical in all but the outcome share a fold, or the
//! answer would be known.

mod customers;
mod error;
mod fold;
mod holdout;
mod inquiry;
mod logistic;
mod resample;
mod uplift;
mod verdict;

use serde::{Deserialize, Serialize};

pub use error::CampaignError;
pub use inquiry::{Economics, Inquiry, Treatment};

use crate::recipe::{Depth, Scale};
use crate::roles::{ColumnDecision, Role};
use crate::segment::SegmentNumber;
use crate::statistics::interval::wilson;
use crate::summary::Segmented;
use customers::Customers;
use fold::Rules;
use uplift::Groups;

/// Of fewer customers nothing is told but how many they are; `[privacy] min_group` may ask for more.
const FEWEST_TOLD: u64 = 10;

fn fewest_told(segmented: &Segmented<'_>) -> u64 {
    segmented.min_group().max(FEWEST_TOLD)
}

/// A campaign judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Campaign {
    /// Column that says what the campaign is to change.
    pub outcome: String,
    /// It says yes or no (1 or 0), so that means of it are rates.
    pub binary: bool,
    /// Cost of contacting one customer, where known.
    pub cost: Option<f64>,
    /// Revenue of one response, where known.
    pub revenue: Option<f64>,
    /// Response rate from which contacting pays: cost / revenue.
    pub break_even: Option<f64>,
    /// What was found, and where; what was left out.
    pub found: String,
    /// Per segment, in order: who responded. Empty beside a control group, where responses alone mislead.
    pub response: Vec<SegmentResponse>,
    /// Ways to choose whom to contact; empty without cost and revenue, and beside a control group.
    pub policies: Vec<Policy>,
    /// How the policies were tried; none without policies.
    pub holdout: Option<Holdout>,
    /// What contacting changes: all customers first, then segment by segment; empty without a control group.
    pub uplift: Vec<Uplift>,
    /// One honest sentence.
    pub verdict: String,
}

/// Responses of one segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentResponse {
    /// Customers with a known outcome.
    pub customers: u64,
    /// Of these, how many responded; none for fewer than ten customers (or `[privacy] min_group`), like the rest.
    pub responses: Option<u64>,
    /// Share that responded.
    pub rate: Option<f64>,
    /// Lower end of its 95 % interval (Wilson).
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

/// A way to choose whom to contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Targeting {
    /// All customers.
    Everybody,
    /// None of them.
    Nobody,
    /// Those whose segment responded above break-even in the training folds.
    Segments,
    /// Those whose probability of responding, by a logistic regression on the same features, is above break-even.
    Regression,
}

impl Targeting {
    /// The word used in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Everybody => "everybody",
            Self::Nobody => "nobody",
            Self::Segments => "segments",
            Self::Regression => "regression",
        }
    }
}

/// What a policy comes to on held-out customers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Whom it contacts.
    pub policy: Targeting,
    /// Mean over all customers of revenue of a response less cost of a contact. It is also the gain over contacting nobody.
    pub profit_per_customer: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Share of the customers contacted.
    pub contacted: f64,
    /// Share of those contacted that responded; none where nobody was contacted.
    pub response_rate: Option<f64>,
    /// Share of all who responded that were contacted; none where nobody responded.
    pub captured: Option<f64>,
    /// Profit per customer above that of contacting everybody.
    pub gain_over_everybody: f64,
    /// Lower end of its 95 % interval.
    pub gain_low: f64,
    /// Upper end.
    pub gain_high: f64,
}

/// How policies were tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holdout {
    /// Customers it was tried on.
    pub customers: u64,
    /// Of these, different in anything but the outcome.
    pub groups: u64,
    /// Times the customers were dealt into folds anew.
    pub repeats: u64,
    /// Folds, each held out once a repeat.
    pub folds: u64,
    /// The customers are a random part of a larger table.
    pub sampled: bool,
}

/// A test outside the table that was segmented: who was written to is told apart from who was left alone.
#[derive(Debug, Clone)]
pub(crate) struct Test<'a> {
    /// Name of the column that the campaign was to change.
    pub(crate) outcome: &'a str,
    /// What it says of each customer.
    pub(crate) outcomes: &'a [Option<f64>],
    /// What the arms are called together.
    pub(crate) column: &'a str,
    /// The arm of each customer; none of those outside the test.
    pub(crate) arms: &'a [Option<String>],
    /// The arm that was left alone.
    pub(crate) control: &'a str,
    /// Segment of each customer, 0-based.
    pub(crate) labels: &'a [u32],
    /// Segments.
    pub(crate) k: usize,
    /// Of fewer customers nothing is told; ten at least.
    pub(crate) min_group: u64,
    /// Cost and revenue, where both are known.
    pub(crate) economics: Option<Economics>,
    /// What is compared, in words.
    pub(crate) found: String,
}

/// What contacting changes, treated less control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uplift {
    /// None for all customers.
    pub segment: Option<SegmentNumber>,
    /// What was done to the treated; none for all arms but the control group together.
    pub arm: Option<String>,
    /// Customers treated.
    pub treated_customers: u64,
    /// Customers of the control group.
    pub control_customers: u64,
    /// Mean outcome of the treated; a rate where the outcome is 0 or 1.
    pub treated: f64,
    /// Mean outcome of the control group.
    pub control: f64,
    /// Treated less control.
    pub difference: f64,
    /// Lower end of its 95 % interval (Newcombe for rates, Welch for means).
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Revenue of the difference less the cost of a contact, per customer contacted; none without cost and revenue.
    pub profit_per_contact: Option<f64>,
    /// Lower end of its 95 % interval.
    pub profit_low: Option<f64>,
    /// Upper end.
    pub profit_high: Option<f64>,
}

impl Campaign {
    /// Judges the campaign of an inquiry.
    pub(crate) fn judge(inquiry: &Inquiry, segmented: &Segmented<'_>) -> Self {
        let outcomes = inquiry.outcomes(segmented.prepared);
        let mut campaign = Self::unjudged(inquiry, &outcomes);
        if let Some(treatment) = &inquiry.treatment {
            let arms = treatment.arms(segmented.prepared);
            let groups = Groups {
                labels: segmented.labels,
                k: segmented.k,
                fewest: fewest_told(segmented),
            };
            campaign.tell_uplift(inquiry, treatment, (&outcomes, &arms), groups);
            return campaign;
        }
        campaign.response = responses(&outcomes, segmented);
        let is_feature = |feature: &crate::pipeline::Feature| feature.name == inquiry.outcome;
        if segmented.pipeline.features.iter().any(is_feature) {
            campaign.verdict = verdict::known_answer(&inquiry.outcome);
            return campaign;
        }
        let Some(economics) = inquiry.economics else {
            campaign.verdict = verdict::of_rates(&campaign);
            return campaign;
        };
        let customers = Customers::draw(&outcomes, segmented);
        let scale = segmented.plan.recipe.segment.scale;
        let features = segmented.pipeline.features.iter();
        let weights: Vec<f64> = features.map(|feature| feature.weight).collect();
        let rules = Rules {
            k: segmented.k,
            economics,
            scale: scale.unwrap_or(Scale::Standard),
            weights: &weights,
            thorough: segmented.plan.recipe.segment.evidence != Some(Depth::Quick),
            seed: segmented.seed,
        };
        if let Some((policies, holdout)) = holdout::hold_out(&customers, rules) {
            campaign.verdict = verdict::of_policies(&policies);
            (campaign.policies, campaign.holdout) = (policies, Some(holdout));
        } else {
            campaign.verdict = verdict::too_few();
        }
        campaign
    }

    /// Judges a test of customers who were written to and others who were left alone.
    ///
    /// # Errors
    /// [`CampaignError::Empty`] where no customer of the test has an outcome.
    pub(crate) fn of_test(test: &Test<'_>) -> Result<Self, CampaignError> {
        let known = test.outcomes.iter().zip(test.arms);
        let known: Vec<f64> = known
            .filter_map(|(outcome, arm)| arm.as_ref().and(*outcome))
            .collect();
        if known.is_empty() {
            return Err(CampaignError::Empty {
                column: test.outcome.to_owned(),
            });
        }
        let treatment = Treatment {
            column: test.column.to_owned(),
            control: test.control.to_owned(),
        };
        let inquiry = Inquiry {
            outcome: test.outcome.to_owned(),
            binary: known.iter().all(|value| *value == 0.0 || *value == 1.0),
            economics: test.economics,
            treatment: Some(treatment.clone()),
            found: vec![test.found.clone()],
        };
        let tested = test.arms.iter().zip(test.outcomes);
        let tested = tested.filter(|(arm, _)| arm.is_some());
        let outcomes: Vec<Option<f64>> = tested.map(|(_, outcome)| *outcome).collect();
        let mut campaign = Self::unjudged(&inquiry, &outcomes);
        let groups = Groups {
            labels: test.labels,
            k: test.k,
            fewest: test.min_group.max(FEWEST_TOLD),
        };
        campaign.tell_uplift(&inquiry, &treatment, (test.outcomes, test.arms), groups);
        Ok(campaign)
    }

    fn tell_uplift(
        &mut self,
        inquiry: &Inquiry,
        treatment: &Treatment,
        (outcomes, arms): (&[Option<f64>], &[Option<String>]),
        groups: Groups<'_>,
    ) {
        self.uplift = uplift::uplift(inquiry, outcomes, arms, groups);
        self.verdict = verdict::of_test(self, treatment, inquiry.binary);
    }

    fn unjudged(inquiry: &Inquiry, outcomes: &[Option<f64>]) -> Self {
        let left_out = outcomes.iter().filter(|outcome| outcome.is_none()).count();
        let economics = inquiry.economics;
        Self {
            outcome: inquiry.outcome.clone(),
            binary: inquiry.binary,
            cost: economics.map(|economics| economics.cost),
            revenue: economics.map(|economics| economics.revenue),
            break_even: economics.map(Economics::break_even),
            found: verdict::found(&inquiry.found, left_out),
            response: Vec::new(),
            policies: Vec::new(),
            holdout: None,
            uplift: Vec::new(),
            verdict: String::new(),
        }
    }

    /// A policy, if it was tried.
    pub fn policy(&self, policy: Targeting) -> Option<&Policy> {
        self.policies.iter().find(|tried| tried.policy == policy)
    }

    /// Whether targeting by segments surely gains, both over contacting nobody and over contacting everybody; none where
    /// it was not tried.
    pub fn targeting_pays(&self) -> Option<bool> {
        verdict::pays(&self.policies)
    }
}

/// Who responded, segment by segment.
fn responses(outcomes: &[Option<f64>], segmented: &Segmented<'_>) -> Vec<SegmentResponse> {
    let mut counts = vec![(0_u64, 0_u64); segmented.k];
    for (outcome, label) in outcomes.iter().zip(segmented.labels) {
        if let Some(outcome) = outcome {
            let (customers, responses) = &mut counts[*label as usize];
            *customers += 1;
            *responses += u64::from(*outcome == 1.0);
        }
    }
    counts
        .into_iter()
        .map(|(customers, responses)| {
            let told = customers >= fewest_told(segmented);
            let interval = wilson(responses, customers);
            SegmentResponse {
                customers,
                responses: told.then_some(responses),
                rate: told.then(|| responses as f64 / customers as f64),
                low: told.then_some(interval.low),
                high: told.then_some(interval.high),
            }
        })
        .collect()
}

/// Whether a column says who a customer is, or what is to be foreseen, and no more.
fn names_or_outcomes(columns: &[ColumnDecision], name: &str) -> bool {
    let role = columns.iter().find(|column| column.name == name);
    role.is_some_and(|column| matches!(column.role, Role::Id | Role::Outcome))
}

#[cfg(test)]
mod tests;
