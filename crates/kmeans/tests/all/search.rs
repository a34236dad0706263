//! The search by default: how good, how it is told, and that chance is under control.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail their tests")]

use crate::random::{Numbers, blobs};
use tribus_kmeans::{Fit, Init, KMeans, Points, RestartSummary};

fn fit(data: &[f64], d: usize, settings: &KMeans) -> Fit {
    let points = Points::new(data, data.len() / d, d).unwrap();
    settings.fit(&points).unwrap()
}

fn defaults(k: usize) -> KMeans {
    KMeans {
        k,
        ..KMeans::default()
    }
}

fn plain_restarts(k: usize, restarts: usize, seed: u64) -> KMeans {
    KMeans {
        k,
        restarts,
        recombinations: 0,
        seed,
        ..KMeans::default()
    }
}

/// More groups than clusters, all of them overlapping: there are many ways to cut them.
fn hard_table(n: usize, d: usize, seed: u64) -> Vec<f64> {
    blobs(n, d, 25, 4.0, seed)
}

#[test]
fn default_settings_are_never_worse_than_ten_plain_restarts_on_hard_tables() {
    for (n, d, k) in [(400, 2, 12), (600, 3, 9), (300, 6, 7), (500, 1, 10)] {
        let data = hard_table(n, d, n as u64);
        let found = fit(&data, d, &defaults(k)).inertia;
        for seed in 0..5 {
            let plain = fit(&data, d, &plain_restarts(k, 10, seed)).inertia;
            assert!(
                found <= plain * (1.0 + 1e-12),
                "{n} x {d}: {found} is worse than {plain}"
            );
        }
    }
}

#[test]
fn seeds_change_starts_but_hardly_what_is_found() {
    let data = hard_table(400, 2, 1);
    let inertias = [0, 1, 2, 3, 4, 5].map(|seed| {
        let settings = KMeans {
            seed,
            ..defaults(10)
        };
        fit(&data, 2, &settings).inertia
    });
    let best = inertias.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(
        inertias.iter().all(|inertia| *inertia <= best * 1.005),
        "{inertias:?}"
    );
    let plain = [0, 1, 2, 3, 4, 5].map(|seed| fit(&data, 2, &plain_restarts(10, 1, seed)).inertia);
    assert!(
        plain.iter().any(|inertia| *inertia != plain[0]),
        "{plain:?}"
    );
}

#[test]
fn the_same_seed_finds_the_same_in_any_order_of_rows() {
    let data = hard_table(500, 2, 2);
    let here = fit(&data, 2, &defaults(11));
    for seed in 0..4 {
        let order = Numbers(seed).order(500);
        let rows = order.iter().flat_map(|&row| data[row * 2..][..2].to_vec());
        let there = fit(&rows.collect::<Vec<f64>>(), 2, &defaults(11));
        assert_eq!(
            (there.inertia, there.model, there.restarts),
            (here.inertia, here.model.clone(), here.restarts)
        );
    }
    assert!(fit(&data, 2, &defaults(11)) == here);
}

#[test]
fn more_restarts_never_find_worse() {
    let data = hard_table(300, 3, 3);
    for init in [Init::PlusPlus, Init::Random, Init::Parallel] {
        let mut last = f64::INFINITY;
        for restarts in [1, 2, 4, 8, 16] {
            let settings = KMeans {
                init: init.clone(),
                ..plain_restarts(9, restarts, 0)
            };
            let fit = fit(&data, 3, &settings);
            assert_eq!(
                (fit.restarts.runs, fit.restarts.starts),
                (restarts, restarts)
            );
            assert!(fit.inertia <= last);
            last = fit.inertia;
        }
    }
}

#[test]
fn summaries_count_what_was_run_and_what_agreed() {
    for (seed, k) in [(4, 5), (5, 8), (6, 12), (7, 17)] {
        let fit = fit(&hard_table(400, 2, seed), 2, &defaults(k));
        let RestartSummary {
            runs,
            starts,
            agreed,
            second_best_gap,
            sample,
        } = fit.restarts;
        assert_eq!((starts, sample), (16, None));
        assert!(
            (starts..=16 + KMeans::default().recombinations).contains(&runs),
            "{runs} runs"
        );
        assert!(agreed <= starts);
        assert!(
            second_best_gap.is_none_or(|gap| gap > 1e-6),
            "{second_best_gap:?}"
        );
        assert!(agreed == starts || second_best_gap.is_some());
    }
}

#[test]
fn clear_groups_are_found_by_all_starts_and_end_the_search() {
    let data = blobs(300, 2, 3, 100.0, 8);
    let fit = fit(&data, 2, &defaults(3));
    let expected = RestartSummary {
        runs: 16,
        starts: 16,
        agreed: 16,
        second_best_gap: None,
        sample: None,
    };
    assert_eq!(fit.restarts, expected);
}

#[test]
fn one_cluster_needs_no_search() {
    let data = hard_table(200, 2, 9);
    let fit = fit(&data, 2, &defaults(1));
    assert_eq!((fit.restarts.agreed, fit.restarts.runs), (16, 16));
    assert_eq!(fit.sizes, [200]);
}

#[test]
fn restarts_that_end_elsewhere_are_told_with_their_gap() {
    // The corners of a rectangle: cut across it is 4, cut along it stays at 9.
    let corners = [0.0, 0.0, 3.0, 0.0, 0.0, 2.0, 3.0, 2.0];
    let settings = KMeans {
        init: Init::Random,
        ..plain_restarts(2, 40, 0)
    };
    let fit = fit(&corners, 2, &settings);
    assert_eq!(
        (fit.inertia, fit.restarts.second_best_gap),
        (4.0, Some(1.25))
    );
    assert!((1..40).contains(&fit.restarts.agreed));
}

#[test]
fn samples_lead_to_what_all_rows_would_find() {
    let data = blobs(40_000, 2, 6, 12.0, 10);
    let settings = plain_restarts(6, 8, 0);
    let sampled = fit(&data, 2, &settings);
    assert_eq!(sampled.restarts.sample, Some(16_384));
    let centers = KMeans {
        init: Init::Given(sampled.model.centroids().to_vec()),
        ..settings
    };
    assert_eq!(fit(&data, 2, &centers).labels, sampled.labels);
    let part = fit(&data[..60_000], 2, &plain_restarts(6, 8, 0));
    let per_row = |fit: &Fit| fit.inertia / fit.labels.len() as f64;
    assert!((per_row(&part) / per_row(&sampled) - 1.0).abs() < 0.02);
}
