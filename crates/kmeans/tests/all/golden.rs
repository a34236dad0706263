//! Known numbers: a case small enough to check by hand, and scikit-learn's on real customers.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail their tests")]

use crate::reference::{Reference, best_labels, columns, shared};
use tribus_kmeans::quality::Labeled;
use tribus_kmeans::{Fit, Init, KMeans, Points, Stop};

#[test]
fn four_points_on_a_line_by_hand() {
    let data = [0.0, 1.0, 10.0, 12.0];
    let points = Points::new(&data, 4, 1).unwrap();
    let fit = KMeans {
        k: 2,
        init: Init::Given(vec![0.0, 1.0]),
        ..KMeans::default()
    }
    .fit(&points)
    .unwrap();
    // 0 | 1 10 12 -> means 0, 23/3 -> 0 1 | 10 12 -> means 0.5, 11 -> unchanged.
    assert_eq!(fit.labels, [0, 0, 1, 1]);
    assert_eq!(fit.model.centroids(), [0.5, 11.0]);
    assert_eq!(fit.sizes, [2, 2]);
    assert_eq!(fit.inertia, 0.25 + 0.25 + 1.0 + 1.0);
    assert_eq!((fit.iterations, fit.stop), (3, Stop::Converged));
    let labeled = Labeled::new(&points, &fit.labels, 2).unwrap();
    // Between: 2 (0.5 - 5.75)^2 + 2 (11 - 5.75)^2 = 110.25, within 2.5, times (4 - 2) / (2 - 1).
    assert_eq!(labeled.calinski_harabasz().unwrap(), 110.25 / 2.5 * 2.0);
    assert_eq!(labeled.davies_bouldin().unwrap(), 1.5 / 10.5);
    let by_hand = [10.0 / 11.0, 9.0 / 10.0, 7.5 / 9.5, 9.5 / 11.5];
    let found = labeled.silhouette().unwrap();
    for (found, by_hand) in found.per_point.iter().zip(by_hand) {
        assert!((found - by_hand).abs() < 1e-12, "{found} is not {by_hand}");
    }
}

#[test]
fn golden_lloyd_equals_scikit_learn_on_32_runs() {
    let Some(shared) = shared() else { return };
    let references = Reference::read_all(&shared);
    assert_eq!(references.len(), 32);
    for reference in references {
        let (data, d) = columns(&shared, &reference.table, &reference.set);
        let points = Points::new(&data, data.len() / d, d).unwrap();
        let rows = reference.init_rows.iter();
        let start = rows.flat_map(|&row| points.row(row).to_vec()).collect();
        let fit = KMeans {
            k: reference.init_rows.len(),
            init: Init::Given(start),
            ..KMeans::default()
        };
        let fit = fit.fit(&points).unwrap();
        assert_same_fit(&fit, &reference);
        assert_same_quality(&points, &fit, &reference);
    }
}

fn assert_same_fit(fit: &Fit, reference: &Reference) {
    let name = &reference.name;
    assert_eq!(fit.iterations, reference.iterations, "{name}: iterations");
    assert_eq!(fit.sizes, reference.sizes, "{name}: sizes");
    assert_near(fit.inertia, reference.inertia, name);
    let first = fit.model.centroid(0);
    assert_eq!(first.len(), reference.first_centroid.len(), "{name}");
    for (found, expected) in first.iter().zip(&reference.first_centroid) {
        assert!(
            (found - expected).abs() < 1e-9,
            "{name}: {found} is not {expected}"
        );
    }
}

fn assert_same_quality(points: &Points, fit: &Fit, reference: &Reference) {
    let name = &reference.name;
    let labeled = Labeled::new(points, &fit.labels, fit.model.k()).unwrap();
    assert_near(labeled.inertia(), reference.inertia, name);
    let found = labeled.silhouette().unwrap().mean;
    assert_near(found, reference.silhouette, name);
    let found = labeled.calinski_harabasz().unwrap();
    assert_near(found, reference.calinski_harabasz, name);
    let found = labeled.davies_bouldin().unwrap();
    assert_near(found, reference.davies_bouldin, name);
}

#[test]
fn default_settings_find_the_best_known_segments_of_all_customer_tables() {
    let Some(shared) = shared() else { return };
    for table in ["ifood", "campaign"] {
        for set in ["A", "B", "C", "D"] {
            let (data, d) = columns(&shared, table, set);
            let points = Points::new(&data, data.len() / d, d).unwrap();
            let labels = best_labels(&shared, table, set);
            let best = Labeled::new(&points, &labels, 5).unwrap().inertia();
            let settings = KMeans {
                k: 5,
                ..KMeans::default()
            };
            let fit = settings.fit(&points).unwrap();
            // The many columns of set A have optima that few runs in a hundred find.
            let most = if set == "A" { 5e-3 } else { 1e-9 };
            assert!(
                fit.inertia <= best * (1.0 + most),
                "{table} {set}: {} is worse than {best}, with {:?}",
                fit.inertia,
                fit.restarts
            );
        }
    }
}

fn assert_near(found: f64, expected: f64, name: &str) {
    assert!(
        (found - expected).abs() <= 1e-9 * expected.abs(),
        "{name}: {found} is not {expected}"
    );
}
