//! The relatives of K-Means keep their own rules, and the promises of all fits.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail their tests")]

use crate::random::{Numbers, blobs};
use crate::threads::same_on_all;
use tribus_kmeans::variants::{
    BisectingKMeans, MiniBatchKMeans, SizedFit, SizedKMeans, SphericalKMeans, TrimmedKMeans,
};
use tribus_kmeans::{Error, KMeans, Model, Points, Real};

fn points<T: Real>(data: &[T], d: usize) -> Points<'_, T> {
    Points::new(data, data.len() / d, d).unwrap()
}

fn sized(k: usize, min_size: Option<usize>, max_size: Option<usize>) -> SizedKMeans {
    let kmeans = KMeans {
        k,
        ..KMeans::default()
    };
    SizedKMeans {
        kmeans,
        min_size,
        max_size,
    }
}

fn distance_sq(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum()
}

fn inertia(points: &Points, labels: &[u32], model: &Model) -> f64 {
    let rows = labels.iter().enumerate();
    rows.map(|(row, &label)| distance_sq(points.row(row), model.centroid(label as usize)))
        .sum()
}

fn sizes(labels: &[u32], k: usize) -> Vec<u64> {
    let mut sizes = vec![0; k];
    for &label in labels {
        sizes[label as usize] += 1;
    }
    sizes
}

fn assert_near(found: f64, expected: f64) {
    let scale = expected.abs().max(f64::MIN_POSITIVE);
    assert!(
        (found - expected).abs() <= 1e-9 * scale,
        "{found} is not {expected}"
    );
}

/// The mean of the rows that have this label and count, summed plainly.
fn mean(points: &Points, labels: &[u32], label: u32, counts: impl Fn(usize) -> bool) -> Vec<f64> {
    let rows: Vec<usize> = (0..points.n())
        .filter(|&row| labels[row] == label && counts(row))
        .collect();
    let sum = |column: usize| -> f64 { rows.iter().map(|&row| points.row(row)[column]).sum() };
    (0..points.d())
        .map(|column| sum(column) / rows.len() as f64)
        .collect()
}

/// Gives `fit` the rows in their order and in a random one; the same model must come out, and the same labels by row.
fn assert_order_does_not_matter(
    data: &[f64],
    d: usize,
    fit: impl Fn(&Points) -> (Model, Vec<u32>) + Sync,
) {
    let order = Numbers(9).order(data.len() / d);
    let moved: Vec<f64> = order
        .iter()
        .flat_map(|&row| data[row * d..][..d].to_vec())
        .collect();
    let (model, labels) = same_on_all(|| fit(&points(data, d)));
    let (moved_model, moved_labels) = fit(&points(&moved, d));
    assert_eq!(model, moved_model);
    let expected: Vec<u32> = order.iter().map(|&row| labels[row]).collect();
    assert_eq!(moved_labels, expected);
}

// Sizes.

/// The smallest sum of squared distances to these centroids of all labels within bounds.
fn best_by_trial(points: &Points, model: &Model, min: u64, max: u64) -> f64 {
    let (k, n) = (model.k(), points.n() as u32);
    let all = (0..k.pow(n)).map(|number| {
        (0..n)
            .map(|row| (number / k.pow(row) % k) as u32)
            .collect::<Vec<u32>>()
    });
    let is_within = |labels: &Vec<u32>| {
        let sizes = sizes(labels, k);
        sizes.iter().all(|size| (min..=max).contains(size))
    };
    all.filter(is_within)
        .map(|labels| inertia(points, &labels, model))
        .fold(f64::INFINITY, f64::min)
}

fn assert_is_one_state(points: &Points, fit: &SizedFit) {
    assert_eq!(fit.sizes, sizes(&fit.labels, fit.model.k()));
    assert_near(fit.inertia, inertia(points, &fit.labels, &fit.model));
    for label in 0..fit.model.k() as u32 {
        let mean = mean(points, &fit.labels, label, |_| true);
        for (found, expected) in fit.model.centroid(label as usize).iter().zip(mean) {
            assert!((found - expected).abs() < 1e-9);
        }
    }
    assert!(fit.cost >= 0.0 && fit.inertia >= fit.unconstrained_inertia);
}

#[test]
fn sized_labels_are_the_best_within_bounds_for_their_centroids() {
    let mut numbers = Numbers(3);
    let mut bound = 0;
    for _ in 0..400 {
        let (k, d) = (2 + numbers.below(2) as usize, 1 + numbers.below(2) as usize);
        let n = k + numbers.below(8 - k as u64) as usize;
        let data: Vec<f64> = (0..n * d).map(|_| numbers.below(40) as f64).collect();
        let min = 1 + numbers.below((n / k) as u64) as usize;
        let max = n.div_ceil(k) + numbers.below(2) as usize;
        let points = points(&data, d);
        let fit = sized(k, Some(min), Some(max)).fit(&points).unwrap();
        assert!(
            fit.sizes
                .iter()
                .all(|size| (min as u64..=max as u64).contains(size))
        );
        assert_is_one_state(&points, &fit);
        let best = best_by_trial(&points, &fit.model, min as u64, max as u64);
        assert!(
            fit.inertia <= best * (1.0 + 1e-12),
            "{} {best}",
            fit.inertia
        );
        bound += usize::from(fit.iterations > 0);
    }
    assert!(bound > 80, "only {bound} cases were bound");
}

#[test]
fn sizes_of_many_rows_are_kept() {
    let data = blobs(3_000, 3, 5, 8.0, 1);
    let points = points(&data, 3);
    for (min, max) in [
        (Some(300), Some(300)),
        (Some(295), None),
        (None, Some(305)),
        (Some(290), Some(303)),
    ] {
        let fit = sized(10, min, max).fit(&points).unwrap();
        let bounds = min.unwrap_or(0) as u64..=max.unwrap_or(3_000) as u64;
        assert!(
            fit.sizes.iter().all(|size| bounds.contains(size)),
            "{:?}",
            fit.sizes
        );
        assert_is_one_state(&points, &fit);
        assert!(fit.iterations > 0);
    }
}

#[test]
fn bounds_that_do_not_bind_change_nothing() {
    let data = blobs(500, 2, 4, 8.0, 2);
    let points = points(&data, 2);
    for settings in [sized(4, None, None), sized(4, Some(1), Some(500))] {
        let (fit, plain) = (
            settings.fit(&points).unwrap(),
            settings.kmeans.fit(&points).unwrap(),
        );
        assert_eq!(
            (&fit.model, &fit.labels, &fit.sizes),
            (&plain.model, &plain.labels, &plain.sizes)
        );
        assert_eq!(
            (fit.inertia, fit.unconstrained_inertia),
            (plain.inertia, plain.inertia)
        );
        assert_eq!((fit.cost, fit.iterations), (0.0, 0));
    }
}

#[test]
fn equal_points_are_shared_out() {
    let data = [7.0; 10];
    let fit = sized(3, Some(3), Some(4)).fit(&points(&data, 1)).unwrap();
    let mut sizes = fit.sizes.clone();
    sizes.sort_unstable();
    assert_eq!((sizes, fit.inertia, fit.cost), (vec![3, 3, 4], 0.0, 0.0));

    let data = [0.0, 0.0, 0.0, 5.0];
    let fit = sized(2, None, Some(2)).fit(&points(&data, 1)).unwrap();
    assert_eq!((fit.sizes, fit.inertia), (vec![2, 2], 12.5));
    assert_eq!((fit.unconstrained_inertia, fit.cost), (0.0, f64::INFINITY));

    // Three clusters asked, two contents: the third cluster is needed only where a bound asks for it.
    let fit = sized(3, None, Some(3)).fit(&points(&data, 1)).unwrap();
    assert_eq!(fit.model.k(), 2);
    let fit = sized(3, Some(1), None).fit(&points(&data, 1)).unwrap();
    assert_eq!((fit.model.k(), fit.inertia), (3, 0.0));
}

#[test]
fn bounds_that_no_clusters_keep_are_refused() {
    let data: Vec<f64> = (0..10).map(f64::from).collect();
    let points = points(&data, 1);
    for (min_size, max_size, min, max) in [
        (Some(4), None, 4, 10),
        (None, Some(3), 0, 3),
        (Some(3), Some(2), 3, 2),
        (Some(usize::MAX), None, usize::MAX, 10),
    ] {
        assert_eq!(
            sized(3, min_size, max_size).fit(&points),
            Err(Error::Sizes {
                min,
                max,
                clusters: 3,
                points: 10
            })
        );
    }
    assert_eq!(sized(3, Some(0), None).fit(&points), Err(Error::ZeroSize));
    assert_eq!(sized(3, None, Some(0)).fit(&points), Err(Error::ZeroSize));
    assert!(matches!(
        sized(0, None, None).fit(&points),
        Err(Error::ClusterCount { .. })
    ));
    assert!(matches!(
        sized(11, None, None).fit(&points),
        Err(Error::TooFewPoints { .. })
    ));
}

#[test]
fn sized_fits_do_not_depend_on_order_or_threads() {
    let data = blobs(1_200, 2, 3, 6.0, 5);
    assert_order_does_not_matter(&data, 2, |points| {
        let fit = sized(6, Some(190), Some(210)).fit(points).unwrap();
        (fit.model, fit.labels)
    });
}

// Batches.

#[test]
fn centroids_of_batches_are_the_means_of_all_points_they_were_given() {
    let mut running = MiniBatchKMeans::new(3, 1);
    assert!(running.model().is_none() && running.counts().is_empty());
    let mut given: Vec<(u32, Vec<f64>)> = Vec::new();
    for number in 0..20 {
        let data = blobs(50, 2, 3, 20.0, 7 + number % 2);
        let batch = points(&data, 2);
        let before = running.model().cloned();
        running.partial_fit(&batch).unwrap();
        let Some(before) = before else { continue };
        for (row, assigned) in before.assign_all(&batch).unwrap().iter().enumerate() {
            given.push((assigned.label, batch.row(row).to_vec()));
        }
    }
    assert_eq!(running.counts().iter().sum::<u64>(), 20 * 50);

    // The first batch once more, as its seeds are not told: what is left of counts and sums is its.
    let model = running.model().unwrap();
    let mut first_sum = [0.0, 0.0];
    for label in 0..3 {
        let (centroid, count) = (model.centroid(label), running.counts()[label]);
        let rows = given.iter().filter(|(given, _)| *given as usize == label);
        for column in 0..2 {
            let later: f64 = rows.clone().map(|(_, row)| row[column]).sum();
            first_sum[column] += centroid[column] * count as f64 - later;
        }
    }
    let first = blobs(50, 2, 3, 20.0, 7);
    for column in 0..2 {
        let expected: f64 = first.chunks(2).map(|row| row[column]).sum();
        assert!((first_sum[column] - expected).abs() < 1e-8);
    }
}

#[test]
fn batches_come_near_to_a_fit_of_everything() {
    let data = blobs(6_000, 2, 4, 40.0, 11);
    let all = points(&data, 2);
    let fit = KMeans {
        k: 4,
        ..KMeans::default()
    }
    .fit(&all)
    .unwrap();
    let mut running = MiniBatchKMeans::new(4, 0);
    for batch in data.chunks(2 * 300) {
        running.partial_fit(&points(batch, 2)).unwrap();
    }
    let assigned = running.model().unwrap().assign_all(&all).unwrap();
    let inertia: f64 = assigned.iter().map(|assigned| assigned.distance_sq).sum();
    assert!(inertia < fit.inertia * 1.01, "{inertia} {}", fit.inertia);
}

#[test]
fn batches_that_are_refused_leave_no_trace() {
    let mut running = MiniBatchKMeans::new(3, 0);
    let too_few = Error::TooFewPoints {
        points: 2,
        clusters: 3,
    };
    let (two, equal) = ([1.0, 2.0], [1.0, 2.0, 2.0, 1.0]);
    assert_eq!(running.partial_fit(&points(&two, 1)), Err(too_few.clone()));
    assert_eq!(running.partial_fit(&points(&equal, 1)), Err(too_few));
    assert!(running.model().is_none());

    running
        .partial_fit(&points(&[1.0, 2.0, 3.0, 4.0], 1))
        .unwrap();
    let before = (running.model().cloned(), running.counts().to_vec());
    assert_eq!(
        running.partial_fit(&points(&[1.0, 2.0], 2)),
        Err(Error::Columns {
            found: 2,
            expected: 1
        })
    );
    assert_eq!(
        running.partial_fit(&points(&[1e200, 1e200], 1)),
        Err(Error::TooFar { row: 0 })
    );
    assert_eq!(
        before,
        (running.model().cloned(), running.counts().to_vec())
    );
    assert!(
        running.partial_fit(&points(&[1.0], 1)).is_ok(),
        "later batches may be small"
    );
    assert!(matches!(
        MiniBatchKMeans::new(0, 0).partial_fit(&points(&[1.0], 1)),
        Err(Error::ClusterCount { clusters: 0 })
    ));
}

#[test]
fn batches_do_not_depend_on_order_within_or_threads() {
    let data = blobs(900, 3, 4, 6.0, 13);
    let next = blobs(900, 3, 4, 6.0, 14);
    assert_order_does_not_matter(&data, 3, |points| {
        let mut running = MiniBatchKMeans::new(5, 2);
        running.partial_fit(points).unwrap();
        running.partial_fit(&self::points(&next, 3)).unwrap();
        running.partial_fit(points).unwrap();
        let model = running.model().unwrap().clone();
        let assigned = model.assign_all(points).unwrap();
        let labels = assigned.iter().map(|assigned| assigned.label).collect();
        (model, labels)
    });
}

// Splits.

#[test]
fn splits_are_a_tree_whose_leaves_are_the_clusters() {
    let data = blobs(800, 2, 6, 20.0, 17);
    let points = points(&data, 2);
    let fit = BisectingKMeans { k: 6, seed: 3 }.fit(&points).unwrap();
    assert_eq!(
        (fit.model.k(), fit.splits.len(), fit.nodes.len()),
        (6, 5, 6)
    );
    assert_eq!(fit.sizes, sizes(&fit.labels, 6));
    assert_near(fit.inertia, inertia(&points, &fit.labels, &fit.model));

    // From the root's inertia, each split takes away what it lowers.
    let mut of_node = [f64::NAN; 11];
    of_node[0] = fit.splits[0].inertia_before;
    let mut left = of_node[0];
    let mut is_leaf = [false; 11];
    is_leaf[0] = true;
    for (number, split) in fit.splits.iter().enumerate() {
        assert_eq!(split.children, [2 * number + 1, 2 * number + 2]);
        assert!(std::mem::take(&mut is_leaf[split.parent]));
        split
            .children
            .iter()
            .for_each(|&child| is_leaf[child] = true);
        assert!(split.inertia_after < split.inertia_before);
        left -= split.inertia_before - split.inertia_after;
    }
    assert_near(left, fit.inertia);
    let mut nodes = fit.nodes.clone();
    nodes.sort_unstable();
    let leaves: Vec<usize> = (0..11).filter(|&node| is_leaf[node]).collect();
    assert_eq!(nodes, leaves);

    let one = BisectingKMeans { k: 1, seed: 0 }.fit(&points).unwrap();
    assert_near(one.inertia, fit.splits[0].inertia_before);
    assert_eq!((one.splits.len(), one.nodes), (0, vec![0]));
}

#[test]
fn points_go_down_the_tree_to_their_leaf() {
    for seed in 0..5 {
        let data = blobs(400, 3, 5, 9.0, 40 + seed);
        let points = points(&data, 3);
        let fit = BisectingKMeans { k: 9, seed }.fit(&points).unwrap();
        assert_eq!(fit.assign(&points).unwrap(), fit.labels);
        assert_eq!(fit.means.len(), (2 * fit.splits.len() + 1) * 3);
        for (label, &node) in fit.nodes.iter().enumerate() {
            assert_eq!(fit.model.centroid(label), &fit.means[node * 3..][..3]);
        }
        // The mean of all points is that of the root.
        let of_column = |j: usize| data.iter().skip(j).step_by(3).sum::<f64>() / 400.0;
        (0..3).for_each(|j| assert_near(fit.means[j], of_column(j)));
    }
    let fit = BisectingKMeans { k: 2, seed: 0 }
        .fit(&points(&[0.0, 1.0], 1))
        .unwrap();
    let other = fit.assign(&points(&[0.0, 1.0], 2));
    let columns = Error::Columns {
        expected: 1,
        found: 2,
    };
    assert_eq!(other, Err(columns));
}

#[test]
fn batches_go_on_from_centroids_and_counts() {
    let data = blobs(600, 2, 3, 20.0, 11);
    let halves = data.split_at(600);
    let mut whole = MiniBatchKMeans::new(3, 1);
    whole.partial_fit(&points(halves.0, 2)).unwrap();
    let half = whole.model().unwrap().clone();
    let mut resumed = MiniBatchKMeans::resumed(half.clone(), whole.counts().to_vec()).unwrap();
    for running in [&mut whole, &mut resumed] {
        running.partial_fit(&points(halves.1, 2)).unwrap();
    }
    assert_eq!(whole.counts(), resumed.counts());
    let centroids = whole.model().unwrap().centroids().iter();
    let again = resumed.model().unwrap().centroids();
    centroids
        .zip(again)
        .for_each(|(one, other)| assert_near(*one, *other));
    let other = MiniBatchKMeans::resumed(half, vec![1, 2]).unwrap_err();
    let counts = Error::WeightCount {
        weights: 2,
        points: 3,
    };
    assert_eq!(other, counts);
}

#[test]
fn the_cluster_of_largest_inertia_is_split_as_a_fit_of_its_rows() {
    let data = [0.0, 1.0, 2.0, 50.0, 51.0, 60.0, 62.0];
    let fit = BisectingKMeans { k: 3, seed: 0 }
        .fit(&points(&data, 1))
        .unwrap();
    // 0 1 2 has inertia 2. 50 51 60 62 has mean 55.75 and inertia 112.75, then 50 51 has 0.5 and 60 62 has 2.
    assert_eq!(fit.splits[0].inertia_after, 2.0 + 112.75);
    assert_eq!(
        (fit.splits[1].inertia_before, fit.splits[1].inertia_after),
        (112.75, 2.5)
    );
    assert_eq!(fit.inertia, 4.5);
}

#[test]
fn few_contents_end_the_splits() {
    let data = [1.0, 2.0, 2.0, 1.0, 3.0, 3.0, 3.0, 3.0];
    let fit = BisectingKMeans { k: 7, seed: 0 }
        .fit(&points(&data, 1))
        .unwrap();
    assert_eq!((fit.model.k(), fit.inertia, fit.splits.len()), (3, 0.0, 2));
    assert!(matches!(
        BisectingKMeans { k: 9, seed: 0 }.fit(&points(&data, 1)),
        Err(Error::TooFewPoints { .. })
    ));
    assert!(matches!(
        BisectingKMeans { k: 0, seed: 0 }.fit(&points(&data, 1)),
        Err(Error::ClusterCount { .. })
    ));
    // Two close rows and one far: the two cannot be told apart by squares once they are alone.
    let close = [0.0, 1e-200, 1.0];
    let fit = BisectingKMeans { k: 3, seed: 0 }
        .fit(&points(&close, 1))
        .unwrap();
    assert_eq!(fit.model.k(), 2);
}

#[test]
fn splits_do_not_depend_on_order_or_threads() {
    let data = blobs(700, 3, 5, 6.0, 19);
    assert_order_does_not_matter(&data, 3, |points| {
        let fit = BisectingKMeans { k: 7, seed: 1 }.fit(points).unwrap();
        (fit.model, fit.labels)
    });
}

// Directions.

fn length(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum::<f64>().sqrt()
}

fn cosine(a: &[f64], b: &[f64]) -> f64 {
    let product: f64 = a.iter().zip(b).map(|(x, y)| x * y).sum();
    product / length(a) / length(b)
}

fn spherical(k: usize, seed: u64) -> SphericalKMeans {
    SphericalKMeans {
        k,
        seed,
        ..SphericalKMeans::default()
    }
}

/// Directions around `groups` centers, at lengths from 1e-3 to 1e3.
fn directions(n: usize, d: usize, groups: usize, seed: u64) -> Vec<f64> {
    let mut data = blobs(n, d, groups, 12.0, seed);
    let mut numbers = Numbers(seed + 1);
    for row in data.chunks_mut(d) {
        let scale = libm::pow(10.0, numbers.below(7) as f64 - 3.0);
        for value in row {
            *value *= scale;
        }
    }
    data
}

#[test]
fn directions_have_the_centroid_of_largest_cosine() {
    for (d, k) in [(2, 3), (5, 6), (9, 4)] {
        let data = directions(600, d, 4, 23);
        let points = points(&data, d);
        let fit = spherical(k, 1).fit(&points).unwrap();
        assert_eq!(fit.sizes, sizes(&fit.labels, k));
        let mut objective = 0.0;
        for (row, &label) in fit.labels.iter().enumerate() {
            let cosines = (0..k).map(|c| cosine(points.row(row), fit.model.centroid(c)));
            let cosines: Vec<f64> = cosines.collect();
            let largest = cosines.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            assert!(cosines[label as usize] >= largest - 1e-13);
            objective += 1.0 - largest;
        }
        assert_near(fit.objective, objective);
        for label in 0..k {
            assert!((length(fit.model.centroid(label)) - 1.0).abs() < 1e-12);
        }
        let rows = SphericalKMeans::normalize(&points).unwrap();
        let assigned = fit.model.assign_all(&self::points(&rows, d)).unwrap();
        assert!(
            assigned
                .iter()
                .zip(&fit.labels)
                .all(|(found, label)| found.label == *label)
        );
    }
}

#[test]
fn the_objective_of_directions_never_rises() {
    let data = directions(500, 3, 6, 29);
    let points = points(&data, 3);
    for seed in 0..10 {
        let mut before = f64::INFINITY;
        for max_iterations in 1..20 {
            let settings = SphericalKMeans {
                restarts: 1,
                max_iterations,
                ..spherical(8, seed)
            };
            let fit = settings.fit(&points).unwrap();
            assert!(fit.objective <= before * (1.0 + 1e-14));
            before = fit.objective;
        }
    }
}

#[test]
fn the_length_of_rows_does_not_matter() {
    let data = directions(300, 4, 3, 31);
    // Powers of two change no digit.
    let longer: Vec<f64> = data
        .chunks(4)
        .enumerate()
        .flat_map(|(row, values)| values.iter().map(move |v| v * f64::from(1 << (row % 20))))
        .collect();
    let (fit, other) = (
        spherical(3, 0).fit(&points(&data, 4)).unwrap(),
        spherical(3, 0).fit(&points(&longer, 4)).unwrap(),
    );
    assert_eq!((fit.model, fit.labels), (other.model, other.labels));
    let narrow: Vec<f32> = data.iter().map(|&value| value as f32).collect();
    let wide: Vec<f64> = narrow.iter().map(|&value| f64::from(value)).collect();
    assert_eq!(
        spherical(3, 0).fit(&points(&narrow, 4)),
        spherical(3, 0).fit(&points(&wide, 4))
    );
}

#[test]
fn rows_without_direction_are_refused_and_opposite_ones_are_not() {
    let data = [1.0, 1.0, 0.0, 0.0, -0.0, 0.0];
    assert_eq!(
        spherical(2, 0).fit(&points(&data, 2)),
        Err(Error::ZeroRow { row: 1 })
    );
    // Their mean is no direction: the centroid stays where it started.
    let opposite = [1.0, 0.0, -1.0, 0.0];
    let fit = spherical(1, 0).fit(&points(&opposite, 2)).unwrap();
    assert_eq!((fit.objective, fit.sizes), (2.0, vec![2]));
    // Values whose squares overflow or vanish.
    let extreme = [1e200, 1e200, 1e200, 1e200];
    let fit = spherical(1, 0).fit(&points(&extreme, 2)).unwrap();
    assert!(fit.objective < 1e-15);
    assert!(matches!(
        SphericalKMeans {
            restarts: 0,
            ..spherical(1, 0)
        }
        .fit(&points(&opposite, 2)),
        Err(Error::NoRestarts)
    ));
}

#[test]
fn directions_do_not_depend_on_order_or_threads() {
    let data = directions(40_000, 2, 5, 37);
    assert_order_does_not_matter(&data, 2, |points| {
        let settings = SphericalKMeans {
            restarts: 3,
            ..spherical(5, 0)
        };
        let fit = settings.fit(points).unwrap();
        (fit.model, fit.labels)
    });
}

// Trimming.

fn trimmed(k: usize, trim: f64, seed: u64) -> TrimmedKMeans {
    TrimmedKMeans {
        k,
        trim,
        seed,
        ..TrimmedKMeans::default()
    }
}

/// Three groups, and as many rows as asked far away from them and from each other.
fn with_outliers(n: usize, outliers: usize) -> Vec<f64> {
    let mut numbers = Numbers(41);
    let mut data = blobs(n, 2, 3, 30.0, 41);
    for _ in 0..outliers {
        let far = |numbers: &mut Numbers| 1e3 + 1e5 * numbers.unit();
        data.extend([far(&mut numbers), -far(&mut numbers)]);
    }
    data
}

#[test]
fn planted_outliers_are_trimmed() {
    let data = with_outliers(190, 10);
    let points = points(&data, 2);
    for seed in 0..20 {
        let fit = trimmed(3, 0.05, seed).fit(&points).unwrap();
        let is_outlier: Vec<bool> = (0..200).map(|row| row >= 190).collect();
        assert_eq!(fit.is_trimmed, is_outlier);
        assert_eq!(fit.sizes.iter().sum::<u64>(), 190);
        // What is left is what a fit without the outliers gives.
        let clean = &data[..380];
        let plain = KMeans {
            k: 3,
            ..KMeans::default()
        };
        let plain = plain.fit(&self::points(clean, 2)).unwrap();
        assert_near(fit.inertia, plain.inertia);
    }
}

#[test]
fn trimmed_rows_are_the_farthest_and_centroids_the_means_of_the_rest() {
    let data = blobs(400, 3, 5, 8.0, 43);
    let points = points(&data, 3);
    let fit = trimmed(5, 0.1, 2).fit(&points).unwrap();
    let assigned = fit.model.assign_all(&points).unwrap();
    let far = |trimmed: bool| {
        let rows = assigned.iter().zip(&fit.is_trimmed);
        let distances = rows.filter(move |(_, is)| **is == trimmed);
        distances.map(|(assigned, _)| assigned.distance_sq)
    };
    assert_eq!(far(true).count(), 40);
    assert!(far(true).fold(f64::INFINITY, f64::min) >= far(false).fold(0.0, f64::max));
    assert_near(fit.inertia, far(false).sum());
    for label in 0..5 {
        assert!(
            assigned
                .iter()
                .zip(&fit.labels)
                .all(|(found, label)| found.label == *label)
        );
        let mean = mean(&points, &fit.labels, label, |row| !fit.is_trimmed[row]);
        for (found, expected) in fit.model.centroid(label as usize).iter().zip(mean) {
            assert!((found - expected).abs() < 1e-9);
        }
    }
}

#[test]
fn the_objective_of_what_is_left_never_rises() {
    let data = with_outliers(300, 20);
    let points = points(&data, 2);
    for seed in 0..10 {
        let mut before = f64::INFINITY;
        for max_iterations in 1..20 {
            let settings = TrimmedKMeans {
                restarts: 1,
                max_iterations,
                ..trimmed(6, 0.1, seed)
            };
            let fit = settings.fit(&points).unwrap();
            assert!(fit.inertia <= before * (1.0 + 1e-14));
            before = fit.inertia;
        }
    }
}

#[test]
fn the_share_to_trim_is_rounded_up_but_not_by_rounding_errors() {
    let data = blobs(100, 1, 2, 8.0, 47);
    let points = points(&data, 1);
    for (trim, expected) in [
        (0.0, 0),
        (0.07, 7),
        (0.071, 8),
        (0.29, 29),
        (0.5, 50),
        (1e-9, 1),
    ] {
        let fit = trimmed(2, trim, 0).fit(&points).unwrap();
        assert_eq!(
            fit.is_trimmed.iter().filter(|is| **is).count(),
            expected,
            "{trim}"
        );
    }
    for trim in [-0.1, 0.51, f64::NAN] {
        assert!(matches!(
            trimmed(2, trim, 0).fit(&points),
            Err(Error::Trim { .. })
        ));
    }
    assert_eq!(
        trimmed(60, 0.5, 0).fit(&points),
        Err(Error::TooFewPoints {
            points: 50,
            clusters: 60
        })
    );
    // One content is left: one cluster.
    let few = [1.0, 1.0, 1.0, 9.0];
    let fit = trimmed(2, 0.25, 0).fit(&self::points(&few, 1)).unwrap();
    assert_eq!(fit.inertia, 0.0);
}

#[test]
fn trimming_does_not_depend_on_order_or_threads() {
    let data = with_outliers(900, 60);
    assert_order_does_not_matter(&data, 2, |points| {
        let fit = trimmed(4, 0.08, 0).fit(points).unwrap();
        (fit.model, fit.labels)
    });
}
