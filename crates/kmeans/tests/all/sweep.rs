//! Several numbers of clusters of the same points.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail their tests")]

use std::ops::ControlFlow;

use crate::random::{Numbers, blobs};
use crate::threads::same_on_all;
use tribus_kmeans::{Error, Fit, KMeans, Points};

fn sweep(data: &[f64], d: usize, ks: &[usize], settings: &KMeans) -> Vec<Fit> {
    let points = Points::new(data, data.len() / d, d).unwrap();
    let go_on = |_| ControlFlow::Continue(());
    settings.sweep(&points, ks, &[], &go_on).unwrap()
}

fn plain(restarts: usize) -> KMeans {
    KMeans {
        restarts,
        recombinations: 0,
        ..KMeans::default()
    }
}

#[test]
fn every_number_is_a_fit_of_its_own() {
    let data = blobs(600, 3, 25, 4.0, 5);
    let points = Points::new(&data, 600, 3).unwrap();
    let ks = [1, 2, 3, 7, 12];
    for (fit, k) in sweep(&data, 3, &ks, &plain(3)).iter().zip(ks) {
        assert_eq!(fit.model.k(), k);
        let again = fit.model.assign_all(&points).unwrap();
        let labels: Vec<u32> = again.iter().map(|assigned| assigned.label).collect();
        assert_eq!(labels, fit.labels);
        let sizes: u64 = fit.sizes.iter().sum();
        assert_eq!(sizes, 600);
        let at_rest = KMeans {
            k,
            init: tribus_kmeans::Init::Given(fit.model.centroids().to_vec()),
            ..KMeans::default()
        };
        let inertia = at_rest.fit(&points).unwrap().inertia;
        assert!((inertia - fit.inertia).abs() <= 1e-12 * inertia);
    }
}

#[test]
fn three_starts_of_a_sweep_find_more_than_two_plain_ones() {
    let ks: Vec<usize> = (2..=12).collect();
    let (mut swept, mut alone) = (0.0, 0.0);
    for seed in 0..10 {
        let data = blobs(500, 2, 25, 4.0, seed);
        let points = Points::new(&data, 500, 2).unwrap();
        for (fit, k) in sweep(&data, 2, &ks, &plain(3)).iter().zip(&ks) {
            let settings = KMeans { k: *k, ..plain(2) };
            swept += libm::log(fit.inertia);
            alone += libm::log(settings.fit(&points).unwrap().inertia);
        }
    }
    assert!(swept < alone, "{swept} is not below {alone}");
}

#[test]
fn a_known_start_is_taken_where_it_is_best() {
    let data = blobs(400, 4, 25, 4.0, 1);
    let points = Points::new(&data, 400, 4).unwrap();
    let known = KMeans {
        k: 9,
        ..KMeans::default()
    };
    let known = known.fit(&points).unwrap();
    let starts = [known.model.centroids().to_vec()];
    let go_on = |_| ControlFlow::Continue(());
    let swept = plain(1).sweep(&points, &[4, 9], &starts, &go_on).unwrap();
    assert!(swept[1].inertia <= known.inertia * (1.0 + 1e-12));
}

#[test]
fn neither_threads_nor_the_order_of_rows_change_what_is_found() {
    let data = blobs(700, 2, 25, 4.0, 8);
    let ks = [2, 5, 9];
    let settings = KMeans {
        recombinations: 16,
        ..plain(4)
    };
    let here = same_on_all(|| sweep(&data, 2, &ks, &settings));
    let order = Numbers(3).order(700);
    let moved: Vec<f64> = order
        .iter()
        .flat_map(|&row| data[row * 2..][..2].to_vec())
        .collect();
    for (here, there) in here.iter().zip(sweep(&moved, 2, &ks, &settings)) {
        assert_eq!(
            (&there.model, there.inertia, there.restarts),
            (&here.model, here.inertia, here.restarts)
        );
    }
    let other = KMeans {
        seed: 1,
        ..settings
    };
    assert_ne!(sweep(&data, 2, &ks, &other), here);
}

#[test]
fn more_clusters_than_different_points_make_one_of_each() {
    let data: Vec<f64> = (0..60).map(|row| f64::from(row % 5)).collect();
    let fits = sweep(&data, 1, &[2, 5, 8], &plain(2));
    let made: Vec<usize> = fits.iter().map(|fit| fit.model.k()).collect();
    assert_eq!(made, [2, 5, 5]);
    assert_eq!(fits[2].inertia, 0.0);
    assert_eq!(fits[2].warnings.len(), 1);
}

#[test]
fn what_cannot_be_clustered_is_refused() {
    let data = blobs(30, 2, 3, 4.0, 2);
    let points = Points::new(&data, 30, 2).unwrap();
    let swept = |ks: &[usize], starts: &[Vec<f64>]| {
        let go_on = |_| ControlFlow::Continue(());
        plain(2).sweep(&points, ks, starts, &go_on)
    };
    assert!(swept(&[], &[]).unwrap().is_empty());
    assert!(matches!(
        swept(&[2, 31], &[]),
        Err(Error::TooFewPoints { .. })
    ));
    assert!(matches!(swept(&[0], &[]), Err(Error::ClusterCount { .. })));
    let wrong = [vec![0.0, f64::NAN]];
    assert!(matches!(swept(&[1], &wrong), Err(Error::Centroid { .. })));
    let odd = [vec![0.0; 3]];
    assert!(matches!(
        swept(&[1], &odd),
        Err(Error::CentroidShape { .. })
    ));
    let stop = |_| ControlFlow::Break(());
    let stopped = plain(2).sweep(&points, &[3], &[], &stop);
    assert!(matches!(stopped, Err(Error::Interrupted)));
}
