//! Data at the edges of what numbers can hold: refused, or right.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail their tests")]

use crate::random::{Numbers, blobs};
use tribus_kmeans::{Error, Fit, Init, KMeans, Points, Warning};

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

fn from_start(start: &[f64], d: usize) -> KMeans {
    KMeans {
        init: Init::Given(start.to_vec()),
        ..defaults(start.len() / d)
    }
}

fn assert_near(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-12 * expected.abs(),
        "{found:e} is not {expected:e}"
    );
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn rows_that_are_all_equal_are_one_cluster_at_their_own_value() {
    for value in [0.1, -7.3, 1e200, -1e300, 1e-310, 5e-324, 0.0] {
        for (n, d) in [(1, 1), (3, 1), (49, 2), (1_000, 5), (40_000, 1)] {
            let data = vec![value; n * d];
            let k = n.min(3);
            let fit = fit(&data, d, &defaults(k));
            assert_eq!(bits(fit.model.centroids()), bits(&vec![value; d]));
            assert_eq!((fit.inertia, &fit.sizes[..]), (0.0, &[n as u64][..]));
            let told = Warning::FewerDistinctPoints { distinct: 1, k };
            assert_eq!(fit.warnings.contains(&told), k > 1);
        }
    }
}

#[test]
fn more_clusters_than_distinct_points_give_one_cluster_per_content() {
    let mut numbers = Numbers(1);
    for (n, d, values) in [(10, 1, 3), (200, 2, 4), (50_000, 1, 9)] {
        let data: Vec<f64> = (0..n * d)
            .map(|_| 0.1 * numbers.below(values) as f64)
            .collect();
        let mut contents: Vec<&[f64]> = data.chunks(d).collect();
        contents.sort_by(|a, b| a.partial_cmp(b).unwrap());
        contents.dedup();
        let distinct = contents.len();
        for init in [Init::PlusPlus, Init::Random, Init::Parallel] {
            let settings = KMeans {
                init,
                ..defaults(distinct + 1)
            };
            let fit = fit(&data, d, &settings);
            let k = settings.k;
            assert_eq!(fit.warnings, [Warning::FewerDistinctPoints { distinct, k }]);
            assert_eq!((fit.model.k(), fit.inertia), (distinct, 0.0));
            for (row, &label) in data.chunks(d).zip(&fit.labels) {
                assert_eq!(row, fit.model.centroid(label as usize));
            }
        }
        let exact = fit(&data, d, &defaults(distinct));
        assert_eq!((exact.inertia, &exact.warnings[..]), (0.0, &[][..]));
    }
}

#[test]
fn given_starts_on_fewer_distinct_points_leave_out_empty_clusters() {
    let data = [1.0, 1.0, 2.0, 2.0, 2.0];
    let fit = fit(&data, 1, &from_start(&[1.0, 2.0, 3.0, 4.0], 1));
    assert_eq!(
        fit.warnings,
        [Warning::FewerDistinctPoints { distinct: 2, k: 4 }]
    );
    assert_eq!(
        (fit.model.centroids(), &fit.sizes[..]),
        (&[1.0, 2.0][..], &[2, 3][..])
    );
}

#[test]
fn points_too_close_to_tell_apart_leave_fewer_clusters_and_say_so() {
    let fit = fit(&[0.0, 1e-170, 1.0], 1, &defaults(3));
    assert_eq!(fit.warnings, [Warning::EmptyClusters { clusters: 2, k: 3 }]);
    assert_eq!(fit.sizes.iter().sum::<u64>(), 3);
}

/// The table with another column behind its own.
fn with_column(data: &[f64], d: usize, column: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let rows = data
        .chunks(d)
        .flat_map(|row| row.iter().copied().chain([column(row)]));
    rows.collect()
}

#[test]
fn a_constant_column_changes_nothing() {
    let data = blobs(400, 3, 6, 5.0, 2);
    let plain = fit(&data, 3, &from_start(&data[..15], 3));
    for constant in [0.0, 0.1, -1e9, 1e300, 5e-324] {
        let wider = with_column(&data, 3, |_| constant);
        let fit = fit(&wider, 4, &from_start(&wider[..20], 4));
        assert_eq!(
            (&fit.labels, fit.iterations),
            (&plain.labels, plain.iterations)
        );
        assert_eq!(fit.inertia, plain.inertia);
        assert_eq!(
            fit.model.centroids(),
            with_column(plain.model.centroids(), 3, |_| constant)
        );
    }
}

#[test]
fn a_column_that_follows_from_another_only_stretches_distances() {
    let data = blobs(500, 1, 4, 30.0, 3);
    let plain = fit(&data, 1, &from_start(&data[..4], 1));
    let wider = with_column(&data, 1, |row| -2.0 * row[0]);
    let found = fit(&wider, 2, &from_start(&wider[..8], 2));
    assert_eq!(found.labels, plain.labels);
    assert_near(found.inertia, 5.0 * plain.inertia);
    let searched = fit(&wider, 2, &defaults(4));
    assert_near(searched.inertia, 5.0 * fit(&data, 1, &defaults(4)).inertia);
}

#[test]
fn powers_of_two_scale_a_fit_exactly() {
    let data = blobs(500, 3, 6, 5.0, 4);
    let scaled_by = |power: i32| -> Vec<f64> {
        let scale = libm::exp2(f64::from(power));
        data.iter().map(|value| value * scale).collect()
    };
    let plain = fit(&data, 3, &from_start(&data[..21], 3));
    for power in [-440, -120, -1, 1, 60, 130, 480] {
        let (scaled, scale) = (scaled_by(power), libm::exp2(f64::from(power)));
        let found = fit(&scaled, 3, &from_start(&scaled[..21], 3));
        assert_eq!(
            (&found.labels, found.iterations),
            (&plain.labels, plain.iterations)
        );
        assert_eq!(found.inertia, plain.inertia * scale * scale, "2^{power}");
        let centroids = plain.model.centroids().iter().map(|value| value * scale);
        assert_eq!(found.model.centroids(), centroids.collect::<Vec<_>>());
    }
}

#[test]
fn an_offset_moves_centroids_and_nothing_else() {
    let mut numbers = Numbers(5);
    let whole: Vec<f64> = (0..1_200)
        .map(|row| (row % 5 * 3_000 + numbers.below(1_000)) as f64)
        .collect();
    let plain = fit(&whole, 2, &from_start(&whole[..10], 2));
    for offset in [1e6, -1e6, 1e9, 1e12, -1e12] {
        let data: Vec<f64> = whole.iter().map(|value| value + offset).collect();
        let fit = fit(&data, 2, &from_start(&data[..10], 2));
        assert_eq!(
            (&fit.labels, fit.iterations),
            (&plain.labels, plain.iterations)
        );
        assert_near(fit.inertia, plain.inertia);
        let pairs = fit.model.centroids().iter().zip(plain.model.centroids());
        for (found, expected) in pairs {
            assert_near(*found, expected + offset);
        }
    }
}

#[test]
fn ranges_whose_squares_overflow_or_vanish_are_refused() {
    assert!(matches!(
        Points::new(&[0.0, 1.0, 0.0, 1e200], 2, 2),
        Err(Error::TooLarge { column: 1, .. })
    ));
    assert!(matches!(
        Points::new(&[-f64::MAX, f64::MAX], 2, 1),
        Err(Error::TooLarge { column: 0, .. })
    ));
    for close in [1e-200, 5e-324, 1e-310] {
        assert!(matches!(
            Points::new(&[1.0, 0.0, 1.0, close], 2, 2),
            Err(Error::TooSmall { column: 1, .. })
        ));
    }
}

#[test]
fn what_is_not_finite_is_refused_with_its_row_and_column() {
    for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for (n, d) in [(1, 1), (7, 3), (1_000, 5), (70_000, 2)] {
            for (row, column) in [(0, 0), (n / 2, d / 2), (n - 1, d - 1)] {
                let mut data = vec![1.0; n * d];
                data[row * d + column] = wrong;
                data[n * d - 1] = wrong;
                let expected = Error::NotFinite { row, column };
                assert_eq!(Points::new(&data, n, d).unwrap_err(), expected);
                let narrow: Vec<f32> = data.iter().map(|&value| value as f32).collect();
                assert_eq!(Points::new(&narrow, n, d).unwrap_err(), expected);
            }
        }
    }
}

#[test]
fn columns_of_tiny_values_beside_others_have_exact_means() {
    for power in [-20, -60, -100, -150, -200, -250] {
        let scale = libm::pow(10.0, f64::from(power));
        let rows = (0..90).flat_map(|row| [f64::from(row % 3), f64::from(row + 1) * scale]);
        let data: Vec<f64> = rows.collect();
        let fit = fit(&data, 2, &from_start(&data[..6], 2));
        assert_eq!(fit.sizes, [30, 30, 30]);
        for cluster in 0..3 {
            // Rows cluster + 1, + 4, ..., + 88 of the scale.
            let mean = (cluster as f64 + 44.5) * scale;
            assert_eq!(fit.model.centroid(cluster)[0], cluster as f64);
            assert_near(fit.model.centroid(cluster)[1], mean);
        }
    }
}

#[test]
fn tiny_values_beside_a_huge_outlier_keep_their_mean() {
    for (n, d) in [(3, 1), (100, 1), (1_000, 2), (5_000, 4), (70_000, 2)] {
        let mut numbers = Numbers(n as u64);
        let mut data: Vec<f64> = (0..n * d)
            .map(|_| (1 + numbers.below(1_000)) as f64 * 1e-33)
            .collect();
        data[(n - 1) * d..].fill(1e3);
        let start = [vec![0.0; d], vec![1e3; d]].concat();
        for settings in [from_start(&start, d), defaults(2)] {
            let fit = fit(&data, d, &settings);
            let (tiny, huge) = (fit.labels[0] as usize, fit.labels[n - 1] as usize);
            assert_eq!(fit.sizes[huge], 1);
            assert_eq!(fit.model.centroid(huge), vec![1e3; d]);
            for column in 0..d {
                let values = data[..(n - 1) * d].iter().skip(column).step_by(d);
                let mean = values.sum::<f64>() / (n - 1) as f64;
                assert_near(fit.model.centroid(tiny)[column], mean);
            }
        }
    }
}

#[test]
fn an_outlier_does_not_blur_the_groups_it_is_far_from() {
    let groups = blobs(2_000, 3, 3, 40.0, 6);
    let mut data = groups.clone();
    data.extend([1e14, -1e14, 1e14]);
    let plain = fit(&groups, 3, &from_start(&groups[..9], 3));
    let start = [&groups[..9], &data[6_000..]].concat();
    let with = fit(&data, 3, &from_start(&start, 3));
    assert_eq!(with.labels[..2_000], plain.labels);
    assert_eq!(with.labels[2_000], 3);
    for (found, expected) in with.model.centroids().iter().zip(plain.model.centroids()) {
        assert_near(*found, *expected);
    }
    assert_near(with.inertia, plain.inertia);
}

#[test]
fn points_of_subnormal_single_precision_are_fitted() {
    let data: Vec<f32> = (0..120)
        .map(|i| f32::from_bits(1 + i % 3 * 1_000 + i % 7))
        .collect();
    let points = Points::new(&data, 120, 1).unwrap();
    let fit = defaults(3).fit(&points).unwrap();
    assert_eq!(fit.sizes, [40, 40, 40]);
    for (row, label) in fit.labels.iter().enumerate() {
        assert_eq!(*label, fit.labels[row % 3]);
    }
    assert!(fit.inertia > 0.0);
}

#[test]
fn single_precision_points_may_span_all_their_range() {
    let data = [-f32::MAX, -f32::MAX / 2.0, f32::MAX / 2.0, f32::MAX];
    let points = Points::new(&data, 4, 1).unwrap();
    let fit = defaults(2).fit(&points).unwrap();
    assert_eq!(fit.sizes, [2, 2]);
    let mut centroids = fit.model.centroids().to_vec();
    centroids.sort_by(f64::total_cmp);
    let most = f64::from(f32::MAX);
    assert_eq!(centroids, [-0.75 * most, 0.75 * most]);
}

#[test]
fn both_zeros_are_the_same_number() {
    let mut numbers = Numbers(7);
    let plain: Vec<f64> = (0..600).map(|_| numbers.below(4) as f64).collect();
    let signed = plain.iter().enumerate().map(|(at, &value)| {
        if value == 0.0 && at % 3 > 0 {
            -0.0
        } else {
            value
        }
    });
    let signed: Vec<f64> = signed.collect();
    assert_ne!(bits(&plain), bits(&signed));
    for settings in [defaults(5), defaults(200), from_start(&plain[..8], 2)] {
        let (here, there) = (fit(&plain, 2, &settings), fit(&signed, 2, &settings));
        assert!(here == there, "{settings:?}");
        assert_eq!(bits(here.model.centroids()), bits(there.model.centroids()));
    }
}

#[test]
fn a_mean_of_negative_zeros_is_plain_zero() {
    let fit = fit(&[-0.0, -0.0, 5.0, 5.0], 1, &defaults(2));
    let zero = fit.model.centroid(fit.labels[0] as usize)[0];
    assert_eq!(zero.to_bits(), 0.0_f64.to_bits());
}

#[test]
fn a_column_too_narrow_for_a_grid_keeps_its_means_beside_a_wide_one() {
    for scale in [1e-290, 1e-300] {
        let row = |i: usize| [f64::from(u8::from(i >= 4)), (i as f64 - 3.5) * scale];
        let data: Vec<f64> = (0..8).flat_map(row).collect();
        let fit = fit(&data, 2, &from_start(&[0.0, 0.0, 1.0, 0.0], 2));
        assert_near(fit.model.centroid(0)[1], -2.0 * scale);
        assert_near(fit.model.centroid(1)[1], 2.0 * scale);
    }
}

#[test]
fn tiny_weights_say_what_plain_ones_say() {
    let data = [0.0, 1.0, 2.0, 10.0, 11.0, 12.0];
    let points = Points::new(&data, 6, 1).unwrap();
    let settings = from_start(&[0.0, 12.0], 1);
    let plain = settings.fit(&points).unwrap();
    let fit = settings.fit_weighted(&points, &[1e-290; 6]).unwrap();
    assert_eq!(fit.model, plain.model);
    assert_near(fit.inertia, plain.inertia * 1e-290);
}

#[test]
fn more_clusters_than_a_sample_has_rows_are_all_made() {
    let data: Vec<f64> = (0..33_000).map(f64::from).collect();
    let settings = KMeans {
        restarts: 1,
        recombinations: 0,
        init: Init::Random,
        max_iterations: 1,
        ..defaults(17_000)
    };
    assert_eq!(fit(&data, 1, &settings).model.k(), 17_000);
}

#[test]
fn an_emptied_cluster_takes_one_copy_of_a_row_that_counts_twice() {
    let settings = from_start(&[2.0, 2.0, 13.0], 1);
    let data = [6.0, 1.0, 4.0, 9.0];
    let points = Points::new(&data, 4, 1).unwrap();
    let weighted = settings
        .fit_weighted(&points, &[2.0, 1.0, 2.0, 2.0])
        .unwrap();
    let repeated = fit(&[6.0, 6.0, 1.0, 4.0, 4.0, 9.0, 9.0], 1, &settings);
    assert_eq!(weighted.model, repeated.model);
    assert_eq!(weighted.inertia, repeated.inertia);
}

#[test]
fn rows_that_count_and_are_too_near_for_squares_are_refused_beside_a_far_one_that_does_not() {
    let points = Points::new(&[0.0, 1e-200, 3e-200, 1.0], 4, 1).unwrap();
    for k in [1, 2, 3] {
        let error = defaults(k).fit_weighted(&points, &[1.0, 1.0, 1.0, 0.0]);
        assert!(
            matches!(error, Err(Error::TooSmall { column: 0, .. })),
            "{error:?}"
        );
    }
}
