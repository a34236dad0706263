//! Do the columns have anything to do with each other?

use rayon::prelude::*;

use super::sample::{Labeling, Sample, log};
use crate::statistics::draw::Key;

/// Tables with every column shuffled; the smallest p-value is 1 / (this + 1).
const SHUFFLES: usize = 39;

/// Numbers of segments that are compared, as far as they were fitted.
const COMPARED: [usize; 3] = [2, 4, 8];

/// Number of the draws, above those of other draws.
const DRAWS: u64 = 0x7368_7566_0000;

/// How often customers whose columns were shuffled, each on its own, are cut into segments as tight as the real ones:
/// a permutation p-value. None for a single column.
pub(super) fn independence(sample: &Sample, labelings: &[Labeling], seed: u64) -> Option<f64> {
    let compared: Vec<&Labeling> = labelings
        .iter()
        .filter(|labeling| COMPARED.contains(&labeling.k) && labeling.inertia > 0.0)
        .collect();
    if sample.d < 2 || compared.is_empty() {
        return None;
    }
    let tightness = |inertias: &mut dyn Iterator<Item = f64>| inertias.map(log).sum::<f64>();
    let real = tightness(&mut compared.iter().map(|labeling| labeling.inertia));
    let as_tight = (0..SHUFFLES as u64)
        .into_par_iter()
        .filter(|number| {
            let shuffled = shuffled(sample, Key::new(seed, DRAWS + number));
            let inertias = compared
                .iter()
                .map(|labeling| inertia(&shuffled, labeling.k, seed));
            tightness(&mut inertias.map(|inertia| inertia.unwrap_or(f64::INFINITY))) <= real
        })
        .count();
    Some((1 + as_tight) as f64 / (1 + SHUFFLES) as f64)
}

fn inertia(sample: &Sample, k: usize, seed: u64) -> Option<f64> {
    sample.fit(k, seed).ok().map(|fit| fit.inertia)
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
