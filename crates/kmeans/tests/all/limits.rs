//! What is refused, what is told, and what happens at the edges.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail their tests")]

use tribus_kmeans::{Error, Init, KMeans, Model, Points, Stop};

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
fn tables_that_are_no_points_are_refused() {
    let refusal = |data: &[f64], n, d| Points::new(data, n, d).unwrap_err();
    assert_eq!(
        refusal(&[], 0, 3),
        Error::Empty {
            rows: 0,
            columns: 3
        }
    );
    assert_eq!(
        refusal(&LINE, 6, 0),
        Error::Empty {
            rows: 6,
            columns: 0
        }
    );
    assert_eq!(
        refusal(&LINE, 2, 2),
        Error::Shape {
            values: 6,
            rows: 2,
            columns: 2
        }
    );
}

#[test]
fn weights_that_cannot_be_summed_are_refused() {
    let points = Points::new(&LINE, 6, 1).unwrap();
    let settings = KMeans {
        k: 2,
        ..KMeans::default()
    };
    let refusal = |weights: &[f64]| settings.fit_weighted(&points, weights).unwrap_err();
    assert_eq!(
        refusal(&[1.0; 5]),
        Error::WeightCount {
            weights: 5,
            points: 6
        }
    );
    for wrong in [-1.0, f64::NAN, 1e-16] {
        let weights = [1.0, 1.0, wrong, 1.0, 1.0, wrong];
        assert_eq!(refusal(&weights), Error::Weight { row: 2 });
    }
}

#[test]
fn fewer_points_of_positive_weight_than_clusters_are_refused() {
    let points = Points::new(&LINE, 6, 1).unwrap();
    let settings = KMeans {
        k: 2,
        ..KMeans::default()
    };
    for weights in [[0.0; 6], [0.0, 0.0, 5.0, 0.0, 0.0, 0.0]] {
        let points_left = weights.iter().filter(|&&weight| weight > 0.0).count();
        assert_eq!(
            settings.fit_weighted(&points, &weights).unwrap_err(),
            Error::TooFewPoints {
                points: points_left,
                clusters: 2
            }
        );
    }
}

#[test]
fn points_of_other_columns_than_the_model_are_refused() {
    let model = Model::new(vec![0.0, 0.0, 1.0, 1.0], 2, 2).unwrap();
    let points = Points::new(&LINE, 6, 1).unwrap();
    let expected = Error::Columns {
        found: 1,
        expected: 2,
    };
    assert_eq!(model.assign_all(&points).unwrap_err(), expected);
    assert_eq!(model.transform(&points).unwrap_err(), expected);
    assert_eq!(model.labels(&LINE, 6, 1).unwrap_err(), expected);
    assert_eq!(model.assign(&[1.0]).unwrap_err(), expected);
}

#[test]
fn points_too_far_from_a_model_are_refused_by_their_row() {
    let model = Model::new(vec![0.0, 1.0], 2, 1).unwrap();
    let mut data = vec![1e200; 3_000];
    assert_eq!(
        model.assign_all(&Points::new(&data, 3_000, 1).unwrap()),
        Err(Error::TooFar { row: 0 })
    );
    assert_eq!(model.labels(&data, 3_000, 1), Err(Error::TooFar { row: 0 }));
    data.fill(0.0);
    let points = Points::new(&data, 3_000, 1).unwrap();
    assert_eq!(model.assign_all(&points).unwrap().len(), 3_000);
    assert_eq!(model.transform(&points).unwrap()[..2], [0.0, 1.0]);
}

#[test]
fn the_first_row_that_cannot_be_labeled_is_told_wherever_it_lies() {
    for (d, k) in [(1, 1), (2, 3), (9, 4), (9, 40), (16, 12), (17, 13)] {
        let n = 40_000 / d;
        let centroids = (0..k * d).map(|at| (at * 7 % 23) as f64).collect();
        let model = Model::new(centroids, k, d).unwrap();
        let data: Vec<f64> = (0..n * d).map(|at| (at * 13 % 29) as f64).collect();
        for row in [0, 1, 63, 64, n / 2, n - 1] {
            for column in [0, d / 2, d - 1] {
                for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                    let mut data = data.clone();
                    data[row * d + column] = bad;
                    data[(n - 1) * d + d - 1] = f64::NAN;
                    let expected = Error::NotFinite { row, column };
                    assert_eq!(model.labels(&data, n, d), Err(expected), "{n} x {d}, {k}");
                    let narrow: Vec<f32> = data.iter().map(|value| *value as f32).collect();
                    let expected = Error::NotFinite { row, column };
                    assert_eq!(model.labels(&narrow, n, d), Err(expected), "{n} x {d}, {k}");
                }
            }
            let mut data = data.clone();
            data[row * d] = 1e200;
            data[(n - 1) * d] = 1e200;
            let expected = Err(Error::TooFar { row });
            assert_eq!(model.labels(&data, n, d), expected);
            let points = Points::new(&data, n, d);
            // Such a column is too wide to be clustered, but where all rows are as far.
            assert!(points.is_err(), "{n} x {d}");
        }
    }
}

#[test]
fn labels_are_refused_to_what_is_no_table() {
    let model = Model::new(vec![0.0, 1.0], 2, 1).unwrap();
    assert!(matches!(
        model.labels::<f64>(&[], 0, 1),
        Err(Error::Empty { .. })
    ));
    assert!(matches!(
        model.labels(&[1.0; 5], 4, 1),
        Err(Error::Shape { .. })
    ));
}
