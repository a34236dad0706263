//! What is refused, what is told, and what happens at the edges.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail their tests")]

use tribus_kmeans::quality::{calinski_harabasz, davies_bouldin, inertia, silhouette};
use tribus_kmeans::{Error, Init, KMeans, Points, Stop, Warning};

const LINE: [f64; 6] = [0.0, 1.0, 2.0, 10.0, 11.0, 12.0];

fn refusal(settings: &KMeans) -> Error {
    settings
        .fit(&Points::new(&LINE, 6, 1).unwrap())
        .unwrap_err()
}

#[test]
fn settings_out_of_range_are_refused_with_their_value() {
    let base = KMeans {
        k: 2,
        ..KMeans::default()
    };
    let too_many = refusal(&KMeans {
        k: 7,
        ..base.clone()
    });
    assert_eq!(too_many.to_string(), "7 clusters asked of 6 points");
    assert_eq!(
        too_many.hint(),
        Some("ask for fewer clusters, or bring more points")
    );
    assert_eq!(
        refusal(&KMeans {
            k: 0,
            ..base.clone()
        }),
        Error::ClusterCount { clusters: 0 }
    );
    let huge = KMeans {
        k: usize::MAX,
        ..base.clone()
    };
    assert_eq!(
        refusal(&huge),
        Error::ClusterCount {
            clusters: usize::MAX
        }
    );
    assert_eq!(
        refusal(&KMeans {
            restarts: 0,
            ..base.clone()
        }),
        Error::NoRestarts
    );
    assert_eq!(
        refusal(&KMeans {
            max_iterations: 0,
            ..base.clone()
        }),
        Error::NoIterations
    );
}

#[test]
fn tolerances_that_are_no_amount_are_refused() {
    let base = KMeans {
        k: 2,
        ..KMeans::default()
    };
    for tolerance in [-1.0, f64::NAN] {
        let error = refusal(&KMeans {
            tolerance,
            ..base.clone()
        });
        assert!(matches!(error, Error::Tolerance { .. }));
    }
}

#[test]
fn given_centroids_that_cannot_start_a_run_are_refused() {
    let from = |centroids: &[f64]| KMeans {
        k: 2,
        init: Init::Given(centroids.to_vec()),
        ..KMeans::default()
    };
    let error = refusal(&from(&[1.0]));
    assert_eq!(
        error,
        Error::CentroidShape {
            values: 1,
            clusters: 2,
            columns: 1
        }
    );
    for far in [f64::NAN, f64::INFINITY, 1e200] {
        assert_eq!(
            refusal(&from(&[1.0, far])),
            Error::Centroid {
                centroid: 1,
                column: 0
            }
        );
    }
}

#[test]
fn a_given_centroid_far_from_all_points_takes_the_farthest_point() {
    let points = Points::new(&LINE, 6, 1).unwrap();
    let settings = KMeans {
        k: 2,
        init: Init::Given(vec![1.0, 1e9]),
        ..KMeans::default()
    };
    let fit = settings.fit(&points).unwrap();
    // All rows go to centroid 0; 12 is farthest from it and starts cluster 1, which then takes 10 and 11.
    assert_eq!(fit.labels, [0, 0, 0, 1, 1, 1]);
    assert_eq!(fit.model.centroids(), [1.0, 11.0]);
    assert!(fit.warnings.is_empty());
}

#[test]
fn stopping_early_is_told_and_still_one_state() {
    let points = Points::new(&LINE, 6, 1).unwrap();
    let settings = KMeans {
        k: 2,
        init: Init::Given(vec![0.0, 1.0]),
        max_iterations: 1,
        ..KMeans::default()
    };
    let fit = settings.fit(&points).unwrap();
    assert_eq!((fit.stop, fit.iterations), (Stop::MaxIterations, 1));
    // After one iteration: the means of 0 and of 1 2 10 11 12, and the labels that follow from them.
    assert_eq!(fit.model.centroids(), [0.0, 7.2]);
    assert_eq!(fit.labels, [0, 0, 0, 1, 1, 1]);
}

#[test]
fn a_tolerance_stops_a_run_before_its_labels_settle() {
    let points = Points::new(&LINE, 6, 1).unwrap();
    let settings = KMeans {
        k: 2,
        init: Init::Given(vec![0.0, 1.0]),
        ..KMeans::default()
    };
    let exact = settings.fit(&points).unwrap();
    let early = KMeans {
        tolerance: 10.0,
        ..settings
    }
    .fit(&points)
    .unwrap();
    assert_eq!((early.stop, early.iterations), (Stop::Converged, 1));
    assert!(exact.iterations > 1 && early.inertia > exact.inertia);
}

#[test]
fn points_too_close_to_tell_apart_leave_fewer_clusters_and_say_so() {
    let points = Points::new(&[0.0, 1e-170, 1.0], 3, 1).unwrap();
    let fit = KMeans {
        k: 3,
        ..KMeans::default()
    }
    .fit(&points)
    .unwrap();
    assert_eq!(fit.warnings, [Warning::EmptyClusters { clusters: 2, k: 3 }]);
    assert_eq!(fit.sizes.iter().sum::<u64>(), 3);
}

#[test]
fn equal_points_have_their_own_value_as_centroid_and_no_inertia() {
    let points = Points::new(&[0.1; 49], 49, 1).unwrap();
    let fit = KMeans {
        k: 1,
        ..KMeans::default()
    }
    .fit(&points)
    .unwrap();
    assert_eq!(
        (fit.model.centroids(), fit.inertia),
        ([0.1].as_slice(), 0.0)
    );
}

#[test]
fn restarts_that_agree_are_counted() {
    let points = Points::new(&LINE, 6, 1).unwrap();
    let fit = KMeans {
        k: 2,
        restarts: 9,
        ..KMeans::default()
    }
    .fit(&points)
    .unwrap();
    assert_eq!((fit.restarts.runs, fit.restarts.agreed), (9, 9));
    assert_eq!(
        (fit.restarts.second_best_gap, fit.restarts.sample),
        (None, None)
    );

    // The corners of a rectangle: cut across it is 4, cut along it stays at 9.
    let corners = [0.0, 0.0, 3.0, 0.0, 0.0, 2.0, 3.0, 2.0];
    let points = Points::new(&corners, 4, 2).unwrap();
    let settings = KMeans {
        k: 2,
        restarts: 40,
        init: Init::Random,
        ..KMeans::default()
    };
    let fit = settings.fit(&points).unwrap();
    assert_eq!(
        (fit.inertia, fit.restarts.second_best_gap),
        (4.0, Some(1.25))
    );
    assert!((1..40).contains(&fit.restarts.agreed));
}

#[test]
fn labels_that_do_not_fit_the_points_are_refused() {
    let points = Points::new(&LINE, 6, 1).unwrap();
    let error = inertia(&points, &[0; 5], 1).unwrap_err();
    assert_eq!(
        error,
        Error::LabelCount {
            labels: 5,
            points: 6
        }
    );
    let error = inertia(&points, &[0, 0, 2, 0, 0, 9], 2).unwrap_err();
    assert_eq!(
        error,
        Error::Label {
            row: 2,
            label: 2,
            clusters: 2
        }
    );
    for labels in [[3; 6], [0, 1, 2, 3, 4, 5]] {
        for measure in [calinski_harabasz, davies_bouldin] {
            assert!(matches!(
                measure(&points, &labels, 6),
                Err(Error::NotComparable { .. })
            ));
        }
        assert!(silhouette(&points, &labels, 6).is_err());
    }
}

#[test]
fn clusters_without_points_do_not_count_in_measures() {
    let points = Points::new(&LINE, 6, 1).unwrap();
    let (dense, sparse) = ([0, 0, 0, 1, 1, 1], [2, 2, 2, 7, 7, 7]);
    for measure in [inertia, calinski_harabasz, davies_bouldin] {
        assert_eq!(measure(&points, &dense, 2), measure(&points, &sparse, 9));
    }
    assert_eq!(
        silhouette(&points, &dense, 2),
        silhouette(&points, &sparse, 9)
    );
}
