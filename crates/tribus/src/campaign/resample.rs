//! 95 % intervals of profits by drawing groups of identical customers again: customers of a group are no independent
//! witnesses.
//!
//! B. Efron: Bootstrap methods: another look at the jackknife. Annals of Statistics 7, 1979,
//! <https://doi.org/10.1214/aos/1176344552>; percentiles, of whole groups. The policies are not learnt again in a resample:
//! how far profits vary with the folds is averaged out by the repeats.

use rayon::prelude::*;

use super::customers::Customers;
use crate::statistics::draw::Key;
use crate::statistics::interval::Interval;
use crate::statistics::{quantile, sorted};

/// Resamples.
const RESAMPLES: u64 = 2_000;

/// More groups than these are drawn in as many blocks: sums of independent groups are independent as well.
const MOST_BLOCKS: usize = 10_000;

/// Number of the draws of the first resample.
const DRAWS: u64 = 0x6361_6d70_2000;

/// Per group: the sum of a profit over its customers.
pub(super) type Totals = Vec<f64>;

/// How far a policy's profit, and its gain over that of the first policy, may be off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spans {
    pub(super) profit: Interval,
    pub(super) gain: Interval,
}

/// The intervals of each policy's profit per customer; gains are over the first one.
pub(super) fn intervals(customers: &Customers, profits: &[Totals], seed: u64) -> Vec<Spans> {
    let blocks = Blocks::of(customers, profits);
    let means: Vec<Vec<f64>> = (0..RESAMPLES)
        .into_par_iter()
        .map(|resample| blocks.draw(Key::new(seed, DRAWS + resample)))
        .collect();
    (0..profits.len())
        .map(|policy| {
            let of = |mean: &dyn Fn(&[f64]) -> f64| -> Interval {
                let values: Vec<f64> = means.iter().map(|means| mean(means)).collect();
                let values = sorted(&values);
                Interval {
                    low: quantile(&values, 0.025),
                    high: quantile(&values, 0.975),
                }
            };
            Spans {
                profit: of(&|means| means[policy]),
                gain: of(&|means| means[policy] - means[0]),
            }
        })
        .collect()
}

/// Sums over blocks of groups, side by side: customers, then the profit of each policy.
struct Blocks {
    sums: Vec<f64>,
    width: usize,
}

impl Blocks {
    fn of(customers: &Customers, profits: &[Totals]) -> Self {
        let (groups, width) = (customers.keys.len(), profits.len() + 1);
        let count = groups.min(MOST_BLOCKS);
        let mut sums = vec![0.0; count * width];
        for group in &customers.groups {
            sums[group % count * width] += 1.0;
        }
        for (policy, totals) in profits.iter().enumerate() {
            for (group, total) in totals.iter().enumerate() {
                sums[group % count * width + policy + 1] += total;
            }
        }
        Self { sums, width }
    }

    /// The mean profits per customer of as many blocks, drawn with replacement.
    fn draw(&self, key: Key) -> Vec<f64> {
        let count = self.sums.len() / self.width;
        let mut drawn = vec![0.0; self.width];
        for draw in 0..count {
            let block = (key.uniform(draw as u64) * count as f64) as usize;
            let sums = &self.sums[block * self.width..][..self.width];
            for (sum, value) in drawn.iter_mut().zip(sums) {
                *sum += value;
            }
        }
        drawn[1..].iter().map(|sum| sum / drawn[0]).collect()
    }
}
