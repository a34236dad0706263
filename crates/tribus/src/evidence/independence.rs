//! Do the columns have anything to do with each other?

use tribus_kmeans::Fit;

use super::sample::{Labeling, Sample, log};
use crate::statistics::draw::Key;

/// Numbers of segments that are compared, as far as they were fitted.
const COMPARED: [usize; 3] = [2, 4, 8];

/// Number of the draws, above those of other draws.
const DRAWS: u64 = 0x7368_7566_0000;

/// Whether customers whose columns were shuffled, each on its own, are cut into segments as tight as the real ones: how
/// often is a permutation p-value.
pub(super) struct Shuffles<'s> {
    sample: &'s Sample,
    ks: Vec<usize>,
    /// Sum of the real log inertias.
    real: f64,
}

impl<'s> Shuffles<'s> {
    /// None for a single column.
    pub(super) fn of(sample: &'s Sample, labelings: &[Labeling]) -> Option<Self> {
        let compared: Vec<&Labeling> = labelings
            .iter()
            .filter(|labeling| COMPARED.contains(&labeling.k) && labeling.inertia > 0.0)
            .collect();
        (sample.d >= 2 && !compared.is_empty()).then(|| Self {
            sample,
            ks: compared.iter().map(|labeling| labeling.k).collect(),
            real: compared.iter().map(|labeling| log(labeling.inertia)).sum(),
        })
    }

    pub(super) fn is_as_tight(&self, number: u64, seed: u64) -> bool {
        let shuffled = shuffled(self.sample, Key::new(seed, DRAWS + number));
        let fits = shuffled.sweep(&self.ks, &[], seed);
        let tightness = |fits: Vec<Fit>| fits.iter().map(|fit| log(fit.inertia)).sum::<f64>();
        fits.is_ok_and(|fits| tightness(fits) <= self.real)
    }
}

/// Every column shuffled on its own.
fn shuffled(sample: &Sample, key: Key) -> Sample {
    let (n, d) = (sample.n, sample.d);
    let mut values = vec![0.0; n * d];
    for column in 0..d {
        let mut order: Vec<(u64, usize)> = (0..n)
            .map(|row| (key.of((row * d + column) as u64), row))
            .collect();
        order.sort_unstable();
        for (to, (_, from)) in order.into_iter().enumerate() {
            values[to * d + column] = sample.values[from * d + column];
        }
    }
    Sample::made(values, d)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shuffling_keeps_each_column() {
        let sample = Sample::made((0..60).map(f64::from).collect(), 3);
        let shuffled = shuffled(&sample, Key::new(1, 1));
        assert_ne!(shuffled.values, sample.values);
        for column in 0..3 {
            let mut values = shuffled.column(column);
            values.sort_unstable_by(f64::total_cmp);
            assert_eq!(values, sample.column(column));
        }
    }
}
