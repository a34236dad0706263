//! What must not matter: the order of rows, and whether equal rows are repeated or weighed.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail their tests")]

use crate::random::{Numbers, blobs};
use crate::threads::same_on_all;
use tribus_kmeans::{Fit, Init, KMeans, Points, Work};

fn rows_of(data: &[f64], d: usize, rows: &[usize]) -> Vec<f64> {
    let rows = rows.iter().flat_map(|&row| &data[row * d..][..d]);
    rows.copied().collect()
}

fn labels_of(fit: &Fit, rows: &[usize]) -> Vec<u32> {
    rows.iter().map(|&row| fit.labels[row]).collect()
}

fn fit(data: &[f64], d: usize, settings: &KMeans) -> Fit {
    let points = Points::new(data, data.len() / d, d).unwrap();
    settings.fit(&points).unwrap()
}

fn weighted_fit(data: &[f64], d: usize, weights: &[f64], settings: &KMeans) -> Fit {
    let points = Points::new(data, data.len() / d, d).unwrap();
    settings.fit_weighted(&points, weights).unwrap()
}

/// Few clusters and few runs, so that sampled tables take no time.
fn brief(k: usize) -> KMeans {
    KMeans {
        k,
        restarts: 3,
        recombinations: 0,
        ..KMeans::default()
    }
}

fn from_first_rows(data: &[f64], d: usize, k: usize) -> KMeans {
    KMeans {
        k,
        init: Init::Given(data[..k * d].to_vec()),
        ..KMeans::default()
    }
}

/// The table, its width and settings: by default, from given starts, with ties and duplicates, and by sample.
fn cases() -> Vec<(Vec<f64>, usize, KMeans)> {
    let mut numbers = Numbers(9);
    let lattice: Vec<f64> = (0..600).map(|_| 0.1 * numbers.below(5) as f64).collect();
    let overlapping = blobs(500, 3, 9, 4.0, 1);
    let large = blobs(36_000, 2, 5, 8.0, 2);
    let wide = blobs(150, 40, 4, 3.0, 3);
    let defaults = |k| KMeans {
        k,
        ..KMeans::default()
    };
    vec![
        (overlapping.clone(), 3, defaults(7)),
        (overlapping.clone(), 3, from_first_rows(&overlapping, 3, 11)),
        (lattice.clone(), 2, defaults(6)),
        (lattice, 3, brief(20)),
        (wide, 40, defaults(5)),
        (large.clone(), 2, brief(6)),
        (large.clone(), 2, from_first_rows(&large, 2, 9)),
    ]
}

#[test]
fn reordered_rows_give_the_same_fit_with_labels_reordered() {
    for (data, d, settings) in cases() {
        let n = data.len() / d;
        let original = fit(&data, d, &settings);
        for seed in 0..3 {
            let order = Numbers(seed).order(n);
            let reordered = fit(&rows_of(&data, d, &order), d, &settings);
            // Which rows are skipped may depend on their order, what comes out may not.
            let expected = Fit {
                labels: labels_of(&original, &order),
                work: reordered.work,
                ..original.clone()
            };
            assert!(reordered == expected, "{n} x {d} with {settings:?}");
        }
    }
}

/// Weights from 1 to 4, and the rows repeated as often as these say.
fn weights_and_repeats(n: usize, seed: u64) -> (Vec<f64>, Vec<usize>) {
    let mut numbers = Numbers(seed);
    let times: Vec<usize> = (0..n).map(|_| 1 + numbers.below(4) as usize).collect();
    let repeats = (0..n).flat_map(|row| std::iter::repeat_n(row, times[row]));
    let mut repeats: Vec<usize> = repeats.collect();
    let order = numbers.order(repeats.len());
    repeats = order.into_iter().map(|place| repeats[place]).collect();
    (times.iter().map(|&times| times as f64).collect(), repeats)
}

#[test]
fn whole_weights_give_the_fit_of_rows_repeated_so_often() {
    for (data, d, settings) in cases() {
        let n = data.len() / d;
        let (weights, repeats) = weights_and_repeats(n, n as u64);
        let weighted = same_on_all(|| weighted_fit(&data, d, &weights, &settings));
        let repeated = fit(&rows_of(&data, d, &repeats), d, &settings);
        let what = format!("{n} x {d} with {settings:?}");
        assert_eq!(weighted.model, repeated.model, "{what}");
        assert_eq!(weighted.inertia, repeated.inertia, "{what}");
        assert_eq!(weighted.iterations, repeated.iterations, "{what}");
        assert_eq!(weighted.restarts, repeated.restarts, "{what}");
        assert!(labels_of(&weighted, &repeats) == repeated.labels, "{what}");
        assert_eq!(weighted.sizes.iter().sum::<u64>(), n as u64);
        assert_eq!(repeated.sizes.iter().sum::<u64>(), repeats.len() as u64);
    }
}

#[test]
fn weights_of_one_change_nothing() {
    for (data, d, settings) in cases() {
        let weights = vec![1.0; data.len() / d];
        let weighted = weighted_fit(&data, d, &weights, &settings);
        let plain = fit(&data, d, &settings);
        assert!(weighted == plain, "{settings:?}");
    }
}

#[test]
fn weights_count_by_their_ratio_alone() {
    for (data, d, settings) in cases() {
        let n = data.len() / d;
        let (weights, _) = weights_and_repeats(n, 5);
        let halves: Vec<f64> = weights.iter().map(|weight| weight / 1024.0).collect();
        let whole = weighted_fit(&data, d, &weights, &settings);
        let scaled = Fit {
            inertia: whole.inertia / 1024.0,
            ..whole
        };
        assert!(weighted_fit(&data, d, &halves, &settings) == scaled);
    }
}

/// The same rows with others of weight 0 strewn in; those are far out, so that they would pull at every mean.
fn strewn(data: &[f64], d: usize, weights: &[f64]) -> (Vec<f64>, Vec<f64>, Vec<usize>) {
    let n = data.len() / d;
    let mut numbers = Numbers(8);
    let (mut rows, mut all_weights, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..n {
        if numbers.below(3) == 0 {
            rows.extend((0..d).map(|_| 40.0 + 9.0 * numbers.unit()));
            all_weights.push(0.0);
        }
        kept.push(all_weights.len());
        rows.extend_from_slice(&data[row * d..][..d]);
        all_weights.push(weights[row]);
    }
    (rows, all_weights, kept)
}

#[test]
fn rows_of_weight_zero_have_no_say_but_are_labeled() {
    for (data, d, settings) in cases() {
        let (weights, _) = weights_and_repeats(data.len() / d, 6);
        let (rows, all_weights, kept) = strewn(&data, d, &weights);
        let without = weighted_fit(&data, d, &weights, &settings);
        let with = weighted_fit(&rows, d, &all_weights, &settings);
        assert!(labels_of(&with, &kept) == without.labels, "{settings:?}");
        assert_eq!(with.restarts, without.restarts);
        assert!((with.inertia - without.inertia).abs() <= 1e-12 * without.inertia);
        let pairs = with.model.centroids().iter().zip(without.model.centroids());
        for (found, expected) in pairs {
            assert!((found - expected).abs() <= 1e-12, "{settings:?}");
        }
        for (row, values) in rows.chunks(d).enumerate() {
            assert_eq!(with.labels[row], with.model.assign(values).unwrap().label);
        }
    }
}

#[test]
fn the_same_settings_give_the_same_fit_again() {
    for (data, d, settings) in cases() {
        assert!(fit(&data, d, &settings) == fit(&data, d, &settings));
    }
}

#[test]
fn threads_change_no_bit_of_any_fit() {
    for (data, d, settings) in cases() {
        let fit = same_on_all(|| fit(&data, d, &settings));
        assert_ne!(fit.work, Work::default());
    }
}
