//! Policies tried on customers that were held out, again and again.

use rayon::prelude::*;

use super::customers::Customers;
use super::fold::{Contacts, Rules, contacts};
use super::resample::{Totals, intervals};
use super::{Economics, Holdout, Policy, Targeting};
use crate::statistics::draw::Key;

/// Folds, where there are as many groups of customers.
const FOLDS: usize = 5;

/// Times the customers are dealt anew, at most and at least; fewer where a repeat costs much.
const REPEATS: std::ops::RangeInclusive<usize> = 4..=20;

/// Customers times features times (features + twice the segments), over all repeats: what fits cost.
const WORK: usize = 330_000_000;

/// Number of the first deal.
const DEALS: u64 = 0x6361_6d70_1000;

/// How often a policy contacted each customer, of all repeats.
struct Tried {
    policy: Targeting,
    times: Vec<u64>,
}

/// Tries the policies; none where there are no two groups of customers to learn from and to try on.
pub(super) fn hold_out(customers: &Customers, rules: Rules<'_>) -> Option<(Vec<Policy>, Holdout)> {
    let folds = FOLDS.min(customers.keys.len());
    if folds < 2 {
        return None;
    }
    let (n, d) = (customers.n(), customers.d);
    let affordable = WORK / (n * d * (d + 2 * rules.k)).max(1);
    let repeats = if rules.thorough {
        affordable.clamp(*REPEATS.start(), *REPEATS.end())
    } else {
        *REPEATS.start()
    };
    let tried = try_out(customers, rules, repeats, folds);
    let holdout = Holdout {
        customers: n as u64,
        groups: customers.keys.len() as u64,
        repeats: repeats as u64,
        folds: folds as u64,
        sampled: customers.sampled,
    };
    Some((policies(customers, rules, &tried, repeats), holdout))
}

fn try_out(customers: &Customers, rules: Rules<'_>, repeats: usize, folds: usize) -> Vec<Tried> {
    let n = customers.n();
    let deals: Vec<Vec<usize>> = (0..repeats)
        .map(|repeat| customers.deal(folds, Key::new(rules.seed, DEALS + repeat as u64)))
        .collect();
    let decided: Vec<Vec<Contacts>> = (0..repeats * folds)
        .into_par_iter()
        .map(|at| contacts(customers, &deals[at / folds], at % folds, rules))
        .collect();
    let (mut segments, mut regression) = (vec![0; n], vec![0; n]);
    for contacts in decided.into_iter().flatten() {
        segments[contacts.customer] += u64::from(contacts.segments);
        regression[contacts.customer] += u64::from(contacts.regression);
    }
    let tried = |policy, times| Tried { policy, times };
    vec![
        tried(Targeting::Everybody, vec![repeats as u64; n]),
        tried(Targeting::Nobody, vec![0; n]),
        tried(Targeting::Segments, segments),
        tried(Targeting::Regression, regression),
    ]
}

/// What the policies come to.
fn policies(
    customers: &Customers,
    rules: Rules<'_>,
    tried: &[Tried],
    repeats: usize,
) -> Vec<Policy> {
    let profits: Vec<Totals> = tried
        .iter()
        .map(|tried| totals(customers, rules.economics, tried, repeats))
        .collect();
    let spans = intervals(customers, &profits, rules.seed);
    let everybody = mean(customers, &profits[0]);
    let policies = tried.iter().zip(&profits).zip(spans);
    policies
        .map(|((tried, profit), spans)| {
            let counts = Counts::of(customers, tried);
            let profit = mean(customers, profit);
            Policy {
                policy: tried.policy,
                profit_per_customer: profit,
                low: spans.profit.low,
                high: spans.profit.high,
                contacted: counts.contacts as f64 / (repeats * customers.n()) as f64,
                response_rate: share(counts.answered, counts.contacts),
                captured: share(counts.answered, counts.responders * repeats as u64),
                gain_over_everybody: profit - everybody,
                gain_low: spans.gain.low,
                gain_high: spans.gain.high,
            }
        })
        .collect()
}

/// Per group: the profit of its customers, averaged over repeats.
fn totals(customers: &Customers, economics: Economics, tried: &Tried, repeats: usize) -> Totals {
    let mut totals = vec![0.0; customers.keys.len()];
    for (row, times) in tried.times.iter().enumerate() {
        let revenue = f64::from(customers.responded[row]) * economics.revenue;
        let share = *times as f64 / repeats as f64;
        totals[customers.groups[row]] += share * (revenue - economics.cost);
    }
    totals
}

fn mean(customers: &Customers, totals: &Totals) -> f64 {
    crate::statistics::sum(totals.iter().copied()) / customers.n() as f64
}

/// Contacts, and who responded, over all repeats.
struct Counts {
    contacts: u64,
    answered: u64,
    responders: u64,
}

impl Counts {
    fn of(customers: &Customers, tried: &Tried) -> Self {
        let answered = tried
            .times
            .iter()
            .zip(&customers.responded)
            .filter(|(_, responded)| **responded);
        let (responders, answered) = answered.fold((0, 0), |(responders, answered), (times, _)| {
            (responders + 1, answered + times)
        });
        Self {
            contacts: tried.times.iter().sum(),
            answered,
            responders,
        }
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
