//! Every field of a fit equals the naive definition, on awkward shapes and any number of threads.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail their tests")]

mod naive;

use naive::Numbers;
use rayon::ThreadPoolBuilder;
use tribus_kmeans::quality::{silhouette, silhouette_sampled};
use tribus_kmeans::{Fit, Init, KMeans, Points, Stop, Warning};

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap()
        .install(work)
}

fn assert_one_state(fit: &Fit, data: &[f64], d: usize) {
    let mut sizes = vec![0; fit.model.k()];
    let mut inertia = 0.0;
    for (row, &label) in data.chunks(d).zip(&fit.labels) {
        let (nearest, distance_sq) = naive::nearest(row, fit.model.centroids());
        assert_eq!(
            label, nearest,
            "labels are the nearest of the centroids returned"
        );
        let assignment = fit.model.assign(row).unwrap();
        assert_eq!(
            (assignment.label, assignment.distance_sq),
            (label, distance_sq)
        );
        sizes[label as usize] += 1;
        inertia += distance_sq;
    }
    assert_eq!(fit.sizes, sizes);
    assert!(fit.sizes.iter().all(|&size| size > 0));
    assert!(
        (fit.inertia - inertia).abs() <= 1e-12 * inertia,
        "{} is not {inertia}",
        fit.inertia
    );
}

#[test]
fn every_fit_describes_one_state_on_2000_random_tables() {
    let mut numbers = Numbers(1);
    for case in 0..2_000 {
        let n = 1 + numbers.below(60) as usize;
        let d = 1 + numbers.below(5) as usize;
        // Few different whole numbers give duplicates, ties and empty clusters; offsets test the rounding.
        let values = 1 + numbers.below(12);
        let offset = [0.0, 0.1, -3e5, 1e12][numbers.below(4) as usize];
        let scale = [1.0, 0.1, 1e-9, 1e6][numbers.below(4) as usize];
        let data: Vec<f64> = (0..n * d)
            .map(|_| offset + scale * numbers.below(values) as f64)
            .collect();
        let points = Points::new(&data, n, d).unwrap();
        let fit = KMeans {
            k: 1 + numbers.below(n as u64) as usize,
            init: if case % 2 == 0 {
                Init::PlusPlus
            } else {
                Init::Random
            },
            restarts: 1 + case % 3,
            max_iterations: if case % 5 == 0 { 2 } else { 1000 },
            tolerance: if case % 7 == 0 { 0.05 } else { 0.0 },
            seed: case as u64,
        };
        assert_one_state(&fit.fit(&points).unwrap(), &data, d);
    }
}

#[test]
fn fits_equal_the_naive_definition_on_awkward_shapes_and_threads() {
    let shapes = [
        (1, 1, 1),
        (2, 1, 2),
        (15, 3, 2),
        (16, 1, 4),
        (17, 7, 3),
        (257, 2, 5),
        (2049, 3, 7),
    ];
    for (n, d, k) in shapes.into_iter().chain([(20_001, 2, 3), (33_000, 3, 4)]) {
        let mut numbers = Numbers(n as u64);
        // Rows in loose groups, so that no cluster runs empty.
        let data: Vec<f64> = (0..n * d)
            .map(|i| ((i / d) % k * 3) as f64 + 2.0 * numbers.unit())
            .collect();
        let points = Points::new(&data, n, d).unwrap();
        let start = data[..k * d].to_vec();
        let naive = naive::lloyd(&data, d, &start);
        for threads in [1, 2, 8] {
            let settings = KMeans {
                k,
                init: Init::Given(start.clone()),
                ..KMeans::default()
            };
            let fit = on_threads(threads, || settings.fit(&points).unwrap());
            assert_eq!(fit.labels, naive.labels, "{n} x {d}");
            assert_eq!(fit.sizes, naive.sizes);
            assert_eq!(
                (fit.iterations, fit.stop),
                (naive.iterations, Stop::Converged)
            );
            assert!((fit.inertia - naive.inertia).abs() <= 1e-12 * naive.inertia);
            for (found, expected) in fit.model.centroids().iter().zip(&naive.centroids) {
                assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0));
            }
        }
    }
}

#[test]
fn threads_do_not_change_a_bit() {
    for (n, restarts) in [(700, 9), (40_000, 3)] {
        let mut numbers = Numbers(3);
        let data: Vec<f64> = (0..n * 4).map(|_| numbers.unit()).collect();
        let points = Points::new(&data, n, 4).unwrap();
        let settings = KMeans {
            k: 6,
            restarts,
            ..KMeans::default()
        };
        let one = on_threads(1, || settings.fit(&points).unwrap());
        assert_eq!(one.restarts.sample.is_some(), n == 40_000);
        for threads in [2, 7] {
            let fit = on_threads(threads, || settings.fit(&points).unwrap());
            assert_eq!(fit, one, "{n} rows on {threads} threads");
        }
    }
}

#[test]
fn shuffled_rows_give_the_same_partition_bit_for_bit() {
    for (n, d, values) in [
        (300, 3, 1 << 20),
        (300, 2, 5),
        (3_000, 4, 1 << 20),
        (36_000, 2, 1 << 20),
    ] {
        let mut numbers = Numbers(n as u64 + d as u64);
        let data: Vec<f64> = (0..n * d)
            .map(|_| numbers.below(values) as f64 * 0.1)
            .collect();
        let order = numbers.order(n);
        let shuffled: Vec<f64> = order
            .iter()
            .flat_map(|&row| data[row * d..][..d].to_vec())
            .collect();
        let settings = KMeans {
            k: 7,
            restarts: 4,
            seed: 5,
            ..KMeans::default()
        };
        let fit = settings.fit(&Points::new(&data, n, d).unwrap()).unwrap();
        let other = settings
            .fit(&Points::new(&shuffled, n, d).unwrap())
            .unwrap();
        let labels: Vec<u32> = order.iter().map(|&row| fit.labels[row]).collect();
        assert_eq!(other, Fit { labels, ..fit });
    }
}

#[test]
fn fewer_distinct_points_than_clusters_are_told_and_fitted_exactly() {
    let data = [1.0, 0.1, 1.0, 0.1, -0.0, 0.1, 0.0, 0.1];
    let points = Points::new(&data, 4, 2).unwrap();
    let fit = KMeans {
        k: 3,
        ..KMeans::default()
    }
    .fit(&points)
    .unwrap();
    assert_eq!(
        fit.warnings,
        [Warning::FewerDistinctPoints { distinct: 2, k: 3 }]
    );
    assert_eq!((fit.model.k(), fit.inertia), (2, 0.0));
    assert_eq!(fit.sizes, [2, 2]);
    assert_one_state(&fit, &data, 2);
}

#[test]
fn silhouettes_equal_the_naive_definition() {
    for (n, d, k, values) in [
        (3, 1, 2, 9),
        (40, 2, 3, 4),
        (130, 5, 6, 1 << 20),
        (90, 3, 40, 7),
    ] {
        let mut numbers = Numbers(n as u64);
        let data: Vec<f64> = (0..n * d).map(|_| numbers.below(values) as f64).collect();
        let mut labels: Vec<u32> = (0..n).map(|_| numbers.below(k) as u32).collect();
        (labels[0], labels[1], labels[2]) = (0, 1, 1);
        let points = Points::new(&data, n, d).unwrap();
        let found = silhouette(&points, &labels, k as usize).unwrap();
        let naive = naive::silhouettes(&data, d, &labels);
        for (found, naive) in found.per_point.iter().zip(&naive) {
            assert!((found - naive).abs() < 1e-12, "{found} is not {naive}");
        }
        let mean = naive.iter().sum::<f64>() / n as f64;
        assert!((found.mean - mean).abs() < 1e-12);
    }
}

#[test]
fn sampled_silhouette_covers_the_exact_mean_and_is_exact_when_all_are_drawn() {
    let mut numbers = Numbers(4);
    let data: Vec<f64> = (0..3_000)
        .map(|i| numbers.unit() + if i % 30 < 2 { 3.0 } else { 0.0 })
        .collect();
    let points = Points::new(&data, 1_500, 2).unwrap();
    let fit = KMeans {
        k: 4,
        restarts: 5,
        ..KMeans::default()
    }
    .fit(&points)
    .unwrap();
    let exact = silhouette(&points, &fit.labels, 4).unwrap().mean;
    let all = silhouette_sampled(&points, &fit.labels, 4, 1_500, 0).unwrap();
    assert_eq!((all.standard_error, all.sampled), (0.0, 1_500));
    assert!((all.mean - exact).abs() < 1e-12);
    let covered = (0..200).filter(|&seed| {
        let some = silhouette_sampled(&points, &fit.labels, 4, 300, seed).unwrap();
        assert!(some.sampled < 400 && some.standard_error > 0.0);
        (some.low..=some.high).contains(&exact)
    });
    // 190 expected; 4.9 standard deviations of a binomial count are 15; all 200 would say that the error is too large.
    assert!((175..200).contains(&covered.count()));
}

#[test]
fn ties_that_move_when_means_become_exact_still_end_in_the_means_of_their_rows() {
    let mut numbers = Numbers(1);
    for seed in 0..20_000 {
        // Tenths are not exact, so means that ought to tie differ in their last bit.
        let n = 4 + numbers.below(12) as usize;
        let data: Vec<f64> = (0..n).map(|_| numbers.below(20) as f64 * 0.1).collect();
        let points = Points::new(&data, n, 1).unwrap();
        let settings = KMeans {
            k: 2,
            restarts: 1,
            seed,
            ..KMeans::default()
        };
        let fit = settings.fit(&points).unwrap();
        for (cluster, centroid) in fit.model.centroids().iter().enumerate() {
            let rows = data
                .iter()
                .zip(&fit.labels)
                .filter(|&(_, &label)| label as usize == cluster);
            let mean = rows.map(|(x, _)| x).sum::<f64>() / fit.sizes[cluster] as f64;
            assert!(
                (centroid - mean).abs() < 1e-12,
                "{centroid} is not {mean} of {data:?}"
            );
        }
    }
}
