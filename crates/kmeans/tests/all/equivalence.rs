//! Every field of a fit equals the naive definition, on awkward shapes and any number of threads.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail their tests")]

use crate::naive::Naive;
use crate::random::{Numbers, blobs};
use crate::threads::same_on_all;
use tribus_kmeans::{Assignment, Fit, Init, KMeans, Model, Points, Real, Stop, Warning, is_small};

/// Rows, columns and clusters that fit no tile, vector or group of centroids.
fn awkward_shapes() -> impl Iterator<Item = (usize, usize, usize)> {
    let rows_and_clusters = [
        (1, 1),
        (2, 1),
        (2, 2),
        (40, 40),
        (63, 5),
        (64, 8),
        (65, 9),
        (130, 16),
        (200, 17),
        (777, 33),
        (1000, 100),
    ];
    let columns = [1, 2, 3, 4, 5, 17, 33, 65];
    columns
        .into_iter()
        .flat_map(move |d| rows_and_clusters.map(|(n, k)| (n, d, k)))
}

/// Shapes of more than 2^17 values, whose passes are shared out to threads.
const LARGE_SHAPES: [(usize, usize, usize); 6] = [
    (140_000, 1, 5),
    (70_001, 2, 9),
    (33_001, 4, 17),
    (8_000, 17, 33),
    (4_099, 33, 100),
    (2_100, 65, 7),
];

fn table(n: usize, d: usize, k: usize) -> Vec<f64> {
    blobs(n, d, k.div_ceil(2), 6.0, (n * 100 + d) as u64)
}

fn fit(data: &[f64], d: usize, settings: &KMeans) -> Fit {
    let points = Points::new(data, data.len() / d, d).unwrap();
    settings.fit(&points).unwrap()
}

fn from_start(start: &[f64], d: usize) -> KMeans {
    KMeans {
        k: start.len() / d,
        init: Init::Given(start.to_vec()),
        ..KMeans::default()
    }
}

fn assert_near(found: f64, expected: f64, what: &str) {
    assert!(
        (found - expected).abs() <= 1e-12 * expected.abs().max(1e-300),
        "{what}: {found} is not {expected}"
    );
}

fn assert_is_naive(fit: &Fit, naive: &Naive, what: &str) {
    assert_eq!(fit.iterations, naive.iterations, "{what}: iterations");
    let stop = if naive.is_converged {
        Stop::Converged
    } else {
        Stop::MaxIterations
    };
    assert_eq!(fit.stop, stop, "{what}");
    assert!(fit.labels == naive.labels, "{what}: labels");
    assert_eq!(fit.sizes, naive.sizes, "{what}: sizes");
    assert_near(fit.inertia, naive.inertia, what);
    for (found, expected) in fit.model.centroids().iter().zip(&naive.centroids) {
        assert!(
            (found - expected).abs() <= 1e-12 * expected.abs().max(1.0),
            "{what}: {found} is not {expected}"
        );
    }
}

/// Labels are the nearest of the centroids returned; sizes and inertia follow from these.
fn assert_one_state(fit: &Fit, data: &[f64], d: usize) {
    let mut sizes = vec![0; fit.model.k()];
    let mut inertia = 0.0;
    for (row, &label) in data.chunks(d).zip(&fit.labels) {
        let (nearest, distance_sq) = crate::naive::nearest(row, fit.model.centroids());
        assert_eq!(label, nearest, "{row:?} of {fit:?}");
        sizes[label as usize] += 1;
        inertia += distance_sq;
    }
    assert_eq!(fit.sizes, sizes);
    assert!(fit.sizes.iter().all(|&size| size > 0));
    assert_near(fit.inertia, inertia, "inertia");
}

/// Lloyd's algorithm finds nothing to do where the fit ended.
fn assert_is_settled(fit: &Fit, data: &[f64], d: usize, what: &str) {
    let again = crate::naive::lloyd(data, d, fit.model.centroids(), 1);
    assert!(again.labels == fit.labels, "{what}: labels");
    for (mean, centroid) in again.centroids.iter().zip(fit.model.centroids()) {
        let is_near = (mean - centroid).abs() <= 1e-12 * centroid.abs().max(1.0);
        assert!(is_near, "{what}: {centroid} is not the mean {mean}");
    }
}

#[test]
fn fits_from_given_starts_equal_naive_lloyd_on_awkward_shapes_and_any_threads() {
    for (n, d, k) in awkward_shapes() {
        let data = table(n, d, k);
        let start = &data[..k * d];
        let fit = same_on_all(|| fit(&data, d, &from_start(start, d)));
        let naive = crate::naive::lloyd(&data, d, start, 1000);
        assert_is_naive(&fit, &naive, &format!("{n} x {d} in {k}"));
    }
}

#[test]
fn fits_from_given_starts_equal_naive_lloyd_where_threads_share_the_rows() {
    for (n, d, k) in LARGE_SHAPES {
        let data = table(n, d, k);
        let start = &data[..k * d];
        let settings = KMeans {
            max_iterations: 25,
            ..from_start(start, d)
        };
        let fit = same_on_all(|| fit(&data, d, &settings));
        let naive = crate::naive::lloyd(&data, d, start, 25);
        assert_is_naive(&fit, &naive, &format!("{n} x {d} in {k}"));
    }
}

#[test]
fn every_single_iteration_equals_naive_lloyd_and_never_raises_the_inertia() {
    for (n, d, k) in [
        (300, 1, 9),
        (501, 2, 7),
        (700, 3, 20),
        (450, 8, 12),
        (333, 20, 5),
    ] {
        let data = blobs(n, d, 5, 3.0, n as u64);
        let start = &data[..k * d];
        let mut last = f64::INFINITY;
        for max_iterations in 1..40 {
            let settings = KMeans {
                max_iterations,
                ..from_start(start, d)
            };
            let fit = fit(&data, d, &settings);
            let naive = crate::naive::lloyd(&data, d, start, max_iterations);
            assert_is_naive(&fit, &naive, &format!("{n} x {d} after {max_iterations}"));
            assert!(fit.inertia <= last * (1.0 + 1e-13));
            last = fit.inertia;
        }
    }
}

#[test]
fn clusters_that_start_empty_are_refilled_as_in_naive_lloyd() {
    for (n, d, k, far) in [
        (50, 1, 4, 2),
        (120, 2, 9, 5),
        (301, 3, 20, 12),
        (90, 5, 30, 29),
    ] {
        let data = blobs(n, d, 6, 8.0, k as u64);
        let mut start = data[..k * d].to_vec();
        start[(k - far) * d..].fill(1e4);
        let fit = same_on_all(|| fit(&data, d, &from_start(&start, d)));
        let naive = crate::naive::lloyd(&data, d, &start, 1000);
        assert_is_naive(&fit, &naive, &format!("{n} x {d} in {k}"));
    }
}

#[test]
fn drawn_starts_end_in_one_settled_state_on_awkward_shapes_and_any_threads() {
    for (n, d, k) in awkward_shapes() {
        let data = table(n, d, k);
        for (init, recombinations) in [(Init::PlusPlus, 2), (Init::Random, 0), (Init::Parallel, 0)]
        {
            let what = format!("{n} x {d} in {k}, {init:?}");
            let settings = KMeans {
                k,
                init,
                restarts: 2,
                recombinations,
                ..KMeans::default()
            };
            let fit = same_on_all(|| fit(&data, d, &settings));
            assert_one_state(&fit, &data, d);
            assert_is_settled(&fit, &data, d, &what);
            assert_eq!((fit.model.k(), &fit.warnings[..]), (k, &[][..]), "{what}");
        }
    }
}

#[test]
fn drawn_starts_end_in_one_settled_state_on_tables_that_are_searched_by_sample() {
    for (n, d, k) in [(140_000, 1, 5), (70_001, 2, 9), (40_000, 4, 17)] {
        let data = table(n, d, k);
        for (init, recombinations) in [(Init::PlusPlus, 2), (Init::Random, 0), (Init::Parallel, 0)]
        {
            let what = format!("{n} x {d} in {k}, {init:?}");
            let settings = KMeans {
                k,
                init,
                restarts: 2,
                recombinations,
                ..KMeans::default()
            };
            let fit = same_on_all(|| fit(&data, d, &settings));
            assert_eq!(fit.restarts.sample, Some(16_384), "{what}");
            assert_one_state(&fit, &data, d);
            assert_is_settled(&fit, &data, d, &what);
        }
    }
}

/// A small table with duplicates, ties and offsets that test the rounding.
fn hard_small_table(numbers: &mut Numbers) -> (Vec<f64>, usize) {
    let n = 1 + numbers.below(60) as usize;
    let d = 1 + numbers.below(5) as usize;
    let values = 1 + numbers.below(12);
    let offset = [0.0, 0.1, -3e5, 1e12][numbers.below(4) as usize];
    let scale = [1.0, 0.1, 1e-9, 1e6][numbers.below(4) as usize];
    let data = (0..n * d).map(|_| offset + scale * numbers.below(values) as f64);
    (data.collect(), d)
}

/// Centroids among and around the rows, some of them equal, some so far that they stay empty.
fn hard_start(numbers: &mut Numbers, data: &[f64], d: usize, k: usize) -> Vec<f64> {
    let n = data.len() / d;
    let mut start = Vec::new();
    for _ in 0..k {
        let row = numbers.below(n as u64) as usize;
        let away = [0.0, 0.0, 0.0, 0.5, 1e3][numbers.below(5) as usize];
        start.extend(data[row * d..][..d].iter().map(|value| value + away));
    }
    start
}

#[test]
fn labels_are_the_nearest_centroids_in_10_000_random_fits() {
    let mut numbers = Numbers(1);
    for case in 0..10_000 {
        let (data, d) = hard_small_table(&mut numbers);
        let k = 1 + numbers.below((data.len() / d) as u64) as usize;
        let init = match case % 4 {
            0 => Init::PlusPlus,
            1 => Init::Random,
            2 => Init::Parallel,
            _ => Init::Given(hard_start(&mut numbers, &data, d, k)),
        };
        let settings = KMeans {
            k,
            init,
            restarts: 1 + case % 3,
            recombinations: if case % 16 == 0 { 3 } else { 0 },
            max_iterations: if case % 6 == 0 { 2 } else { 1000 },
            tolerance: if case % 7 == 0 { 0.05 } else { 0.0 },
            seed: case as u64,
        };
        assert_one_state(&fit(&data, d, &settings), &data, d);
    }
}

#[test]
fn labels_are_the_nearest_centroids_on_lattices_full_of_ties() {
    let mut numbers = Numbers(2);
    for case in 0..2_000 {
        let n = 65 + numbers.below(400) as usize;
        let d = 1 + numbers.below(9) as usize;
        let k = 2 + numbers.below(30) as usize;
        let step = [1.0, 0.1, 1.0 / 3.0][case % 3];
        let data: Vec<f64> = (0..n * d).map(|_| step * numbers.below(9) as f64).collect();
        let middle = |numbers: &mut Numbers| step * (0.5 * numbers.below(17) as f64);
        let start: Vec<f64> = (0..k * d).map(|_| middle(&mut numbers)).collect();
        for max_iterations in [1, 2, 4, 1000] {
            let settings = KMeans {
                max_iterations,
                ..from_start(&start, d)
            };
            assert_one_state(&fit(&data, d, &settings), &data, d);
        }
    }
}

#[test]
fn ties_that_move_when_means_become_exact_still_end_in_the_means_of_their_rows() {
    let mut numbers = Numbers(1);
    for seed in 0..10_000 {
        // Tenths are not exact, so means that ought to tie differ in their last bit.
        let n = 4 + numbers.below(12) as usize;
        let data: Vec<f64> = (0..n).map(|_| numbers.below(20) as f64 * 0.1).collect();
        let settings = KMeans {
            k: 2,
            restarts: 1,
            recombinations: 0,
            seed,
            ..KMeans::default()
        };
        let fit = fit(&data, 1, &settings);
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

/// All of a fit but how much was computed, which may differ between precisions.
fn result<T: Real>(data: &[T], d: usize, settings: &KMeans) -> Fit {
    let points = Points::new(data, data.len() / d, d).unwrap();
    let fit = settings.fit(&points).unwrap();
    Fit {
        work: tribus_kmeans::Work::default(),
        ..fit
    }
}

fn assert_precisions_agree(data: &[f32], d: usize, settings: &KMeans) {
    let wide: Vec<f64> = data.iter().map(|&value| f64::from(value)).collect();
    let (found, expected) = (result(data, d, settings), result(&wide, d, settings));
    assert!(
        found == expected,
        "{settings:?} of {} x {d}",
        wide.len() / d
    );
}

#[test]
fn single_precision_points_give_what_the_same_values_give_in_double_precision() {
    let mut numbers = Numbers(3);
    for case in 0..3_000 {
        let (n, d) = (
            1 + numbers.below(150) as usize,
            1 + numbers.below(9) as usize,
        );
        let offset = [0.0, 0.1, -16_777_216.0, 1e20][numbers.below(4) as usize];
        let scale = [1.0, 1e-3, 1e15, 1e-38, 1e-44][numbers.below(5) as usize];
        let values = 1 + numbers.below(50);
        let data: Vec<f32> = (0..n * d)
            .map(|_| (offset + scale * numbers.below(values) as f64) as f32)
            .collect();
        let k = 1 + numbers.below(n.min(20) as u64) as usize;
        let wide: Vec<f64> = data.iter().map(|&value| f64::from(value)).collect();
        let init = match case % 3 {
            0 => Init::PlusPlus,
            1 => Init::Parallel,
            _ => Init::Given(hard_start(&mut numbers, &wide, d, k)),
        };
        let settings = KMeans {
            k,
            init,
            restarts: 2,
            recombinations: if case % 15 == 0 { 2 } else { 0 },
            max_iterations: 1 + case % 20,
            ..KMeans::default()
        };
        assert_precisions_agree(&data, d, &settings);
    }
}

#[test]
fn single_precision_points_give_the_same_where_threads_share_the_rows() {
    for (n, d, k) in [(140_000, 1, 5), (40_001, 4, 12), (8_000, 17, 33)] {
        let data: Vec<f32> = table(n, d, k).iter().map(|&value| value as f32).collect();
        let start: Vec<f64> = data[..k * d]
            .iter()
            .map(|&value| f64::from(value))
            .collect();
        assert_precisions_agree(&data, d, &from_start(&start, d));
        let searched = KMeans {
            k,
            restarts: 2,
            recombinations: 0,
            ..KMeans::default()
        };
        assert_precisions_agree(&data, d, &searched);
    }
}

#[test]
fn assigned_points_are_those_of_the_naive_definition() {
    let mut numbers = Numbers(4);
    for (n, d, k) in awkward_shapes().filter(|&(_, _, k)| k > 1) {
        let data = table(n, d, k);
        let settings = KMeans {
            max_iterations: 1,
            ..from_start(&data[..k * d], d)
        };
        let model = fit(&data, d, &settings).model;
        let k = model.k();
        let other: Vec<f64> = (0..100 * d).map(|_| 8.0 * numbers.unit() - 1.0).collect();
        let points = Points::new(&other, 100, d).unwrap();
        let distances = model.transform(&points).unwrap();
        let assigned = same_on_all(|| model.assign_all(&points).unwrap());
        for (row, found) in assigned.iter().enumerate() {
            let nearest = crate::naive::nearest(points.row(row), model.centroids());
            assert_eq!((found.label, found.distance_sq), nearest);
            assert_eq!(*found, model.assign(points.row(row)).unwrap());
            let second = found.second.unwrap();
            let to_all = &distances[row * k..][..k];
            assert_eq!(to_all[second.label as usize], second.distance_sq.sqrt());
            let nearer = to_all.iter().filter(|&&to| to < second.distance_sq.sqrt());
            assert!(nearer.count() <= 1 && second.label != found.label);
        }
        let labels: Vec<u32> = assigned.iter().map(|found| found.label).collect();
        assert_eq!(
            same_on_all(|| model.labels(&other, 100, d).unwrap()),
            labels
        );
        let single_values: Vec<f32> = other.iter().map(|value| *value as f32).collect();
        let single = Points::new(&single_values, 100, d).unwrap();
        let assigned = model.assign_all(&single).unwrap();
        let labels: Vec<u32> = assigned.iter().map(|found| found.label).collect();
        assert_eq!(model.labels(&single_values, 100, d).unwrap(), labels);
    }
}

#[test]
fn labels_alone_are_those_of_ties_and_extremes_too() {
    let mut numbers = Numbers(17);
    for scale in [1e-120, 1e-30, 1.0, 1e30, 1e120, 1e145] {
        // Whole numbers, so that many rows are as far from one centroid as from another.
        let data: Vec<f64> = (0..4_000)
            .map(|_| (7.0 * numbers.unit()).floor() * scale)
            .collect();
        let points = Points::new(&data, 2_000, 2).unwrap();
        let centroids = [0.0, 0.0, 2.0, 0.0, 0.0, 2.0, 2.0, 2.0, 6.0, 3.0, 1.0, 1.0];
        let centroids = centroids.iter().map(|value| value * scale).collect();
        let model = Model::new(centroids, 6, 2).unwrap();
        let assigned = model.assign_all(&points).unwrap();
        let labels: Vec<u32> = assigned.iter().map(|found| found.label).collect();
        assert_eq!(model.labels(&data, 2_000, 2).unwrap(), labels, "{scale}");
    }
}

/// Labels by the definition, for rows of which nothing is known.
fn defined_labels(model: &Model, data: &[f64]) -> Vec<u32> {
    let rows = data.chunks_exact(model.d());
    rows.map(|row| crate::naive::nearest(row, model.centroids()).0)
        .collect()
}

#[test]
fn labels_of_many_rows_near_and_far_are_those_of_the_definition() {
    let mut numbers = Numbers(31);
    for (n, d, k) in LARGE_SHAPES {
        let mut data = table(n, d, k);
        let centroids = data[..k * d].to_vec();
        // Some rows far from all others, and one between two centroids.
        for row in (0..n).step_by(97) {
            data[row * d] *= libm::exp10(60.0 * numbers.unit() - 20.0);
        }
        for column in 0..d {
            data[(n - 1) * d + column] = f64::midpoint(centroids[column], centroids[d + column]);
        }
        let model = Model::new(centroids, k, d).unwrap();
        let labels = same_on_all(|| model.labels(&data, n, d).unwrap());
        assert_eq!(labels, defined_labels(&model, &data), "{n} x {d}, {k}");
    }
}

#[test]
fn centroids_of_any_size_and_distance_label_by_the_definition() {
    let base = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0];
    for (scale, offset) in [
        (1e-300, 0.0),
        (1e-160, 0.0),
        (1e-131, 0.0),
        (1e-129, 0.0),
        (1.0, 1e15),
        (1e-3, 1e9),
        (1e129, 0.0),
        (1e131, 0.0),
        (0.0, 3.0),
    ] {
        let of_frame = |value: &f64| value * scale + offset;
        let centroids: Vec<f64> = base.iter().map(of_frame).collect();
        let model = Model::new(centroids, 3, 2).unwrap();
        let mut numbers = Numbers(5);
        let rows: Vec<f64> = (0..1_000).map(|_| 3.0 * numbers.unit() - 1.0).collect();
        let data: Vec<f64> = rows.iter().map(of_frame).collect();
        let expected = defined_labels(&model, &data);
        let what = format!("times {scale:e}, plus {offset:e}");
        assert_eq!(model.labels(&data, 500, 2).unwrap(), expected, "{what}");
        let narrow: Vec<f32> = data.iter().map(|value| *value as f32).collect();
        let wide: Vec<f64> = narrow.iter().map(|value| f64::from(*value)).collect();
        if wide.iter().all(|value| value.is_finite()) {
            let expected = defined_labels(&model, &wide);
            assert_eq!(model.labels(&narrow, 500, 2).unwrap(), expected, "{what}");
        }
    }
}

#[test]
fn fewer_distinct_points_than_clusters_are_told_and_fitted_exactly() {
    let data = [1.0, 0.1, 1.0, 0.1, -0.0, 0.1, 0.0, 0.1];
    let settings = KMeans {
        k: 3,
        ..KMeans::default()
    };
    let fit = fit(&data, 2, &settings);
    assert_eq!(
        fit.warnings,
        [Warning::FewerDistinctPoints { distinct: 2, k: 3 }]
    );
    assert_eq!((fit.model.k(), fit.inertia), (2, 0.0));
    assert_eq!(fit.sizes, [2, 2]);
    assert_one_state(&fit, &data, 2);
}

/// What a model says of some rows, in every way there is.
#[derive(Debug, PartialEq)]
struct Said {
    labels: Vec<u32>,
    with_distances: Vec<(u32, f64)>,
    assigned: Vec<Assignment>,
    /// Row by row, to each centroid.
    distances: Vec<f64>,
}

impl Said {
    fn of<T: Real>(model: &Model, data: &[T], d: usize) -> Self {
        let n = data.len() / d;
        let points = Points::new(data, n, d).unwrap();
        let (labels, distances_sq) = model.label_all(&points).unwrap();
        Self {
            labels: model.labels(data, n, d).unwrap(),
            with_distances: labels.into_iter().zip(distances_sq).collect(),
            assigned: model.assign_all(&points).unwrap(),
            distances: model.transform(&points).unwrap(),
        }
    }

    fn part(&self, rows: std::ops::Range<usize>, k: usize) -> Self {
        Self {
            labels: self.labels[rows.clone()].to_vec(),
            with_distances: self.with_distances[rows.clone()].to_vec(),
            assigned: self.assigned[rows.clone()].to_vec(),
            distances: self.distances[rows.start * k..rows.end * k].to_vec(),
        }
    }
}

fn assert_few_are_as_many<T: Real>(data: &[T], d: usize, model: &Model) {
    let (n, k) = (data.len() / d, model.k());
    assert!(!is_small(n, k, d), "{n} x {d} in {k} is to be much");
    let many = same_on_all(|| Said::of(model, data, d));
    for (first, rows) in [(0, 1), (5, 1), (17, 10), (64, 100), (1_003, 1_000)] {
        assert!(is_small(rows, k, d), "{rows} x {d} in {k} is to be little");
        let here = first..first + rows;
        let few = Said::of(model, &data[first * d..(first + rows) * d], d);
        assert_eq!(few, many.part(here.clone(), k), "{here:?} of {d} columns");
    }
}

#[test]
fn few_rows_are_labeled_as_they_are_among_many() {
    for (n, d, k) in [
        (60_000, 2, 3),
        (9_000, 16, 8),
        (4_000, 9, 25),
        (90_000, 3, 1),
    ] {
        let data: Vec<f32> = table(n, d, k).iter().map(|&value| value as f32).collect();
        let doubles: Vec<f64> = data.iter().copied().map(f64::from).collect();
        let model = Model::new(doubles[..k * d].to_vec(), k, d).unwrap();
        assert_few_are_as_many(&data, d, &model);
        assert_few_are_as_many(&doubles, d, &model);
        let distances = Said::of(&model, &doubles[..200 * d], d).distances;
        for (row, found) in doubles.chunks(d).zip(distances.chunks(k)) {
            for (centroid, &distance) in model.centroids().chunks(d).zip(found) {
                let terms = row.iter().zip(centroid).map(|(x, c)| (x - c) * (x - c));
                assert_eq!(distance, terms.fold(0.0, |sum, term| sum + term).sqrt());
            }
        }
    }
}
