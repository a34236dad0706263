//! What must hold on all data.

use proptest::prelude::*;
use tribus_kmeans::quality::Labeled;
use tribus_kmeans::{Init, KMeans, Points};

/// Rows of small whole numbers, so that duplicates and ties are common: the values, `n` and `d`.
fn tables() -> impl Strategy<Value = (Vec<f64>, usize, usize)> {
    (2_usize..50, 1_usize..4).prop_flat_map(|(n, d)| {
        let values = prop::collection::vec((-20_i32..20).prop_map(f64::from), n * d);
        (values, Just(n), Just(d))
    })
}

/// The same with a random order of the rows.
fn shuffled_tables() -> impl Strategy<Value = ((Vec<f64>, usize, usize), Vec<usize>)> {
    tables().prop_flat_map(|table| {
        let order = Just((0..table.1).collect::<Vec<usize>>()).prop_shuffle();
        (Just(table), order)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn inertia_never_rises_with_more_iterations((data, n, d) in tables(), seed: u64) {
        let points = Points::new(&data, n, d).unwrap();
        let mut last = f64::INFINITY;
        for max_iterations in 1..8 {
            let settings = KMeans { k: 2, restarts: 1, recombinations: 0, max_iterations, seed, ..KMeans::default() };
            let fit = settings.fit(&points).unwrap();
            prop_assert!(fit.inertia <= last * (1.0 + 1e-12), "{} after {last}", fit.inertia);
            last = fit.inertia;
        }
    }

    #[test]
    fn shuffling_rows_shuffles_labels(((data, n, d), order) in shuffled_tables(), seed: u64, k in 1_usize..6) {
        let k = k.min(n);
        let shuffled: Vec<f64> = order.iter().flat_map(|&row| data[row * d..][..d].to_vec()).collect();
        let settings = KMeans { k, restarts: 3, seed, ..KMeans::default() };
        let fit = settings.fit(&Points::new(&data, n, d).unwrap()).unwrap();
        let other = settings.fit(&Points::new(&shuffled, n, d).unwrap()).unwrap();
        prop_assert_eq!(&other.model, &fit.model);
        prop_assert_eq!(other.inertia, fit.inertia);
        prop_assert!(order.iter().zip(&other.labels).all(|(&row, &label)| fit.labels[row] == label));
    }

    #[test]
    fn shifting_points_shifts_centroids((data, n, d) in tables(), shift in -9_i32..9) {
        let shift = f64::from(shift) * 1024.0;
        let shifted: Vec<f64> = data.iter().map(|value| value + shift).collect();
        let fit_of = |data: &[f64]| {
            let settings = KMeans { k: 2, init: Init::Given(data[..2 * d].to_vec()), ..KMeans::default() };
            settings.fit(&Points::new(data, n, d).unwrap()).unwrap()
        };
        // Means of other numbers round otherwise, which may move a tie; equal labels are the common case.
        let (fit, other) = (fit_of(&data), fit_of(&shifted));
        prop_assume!(fit.labels == other.labels);
        for (here, there) in fit.model.centroids().iter().zip(other.model.centroids()) {
            prop_assert!((there - here - shift).abs() < 1e-9);
        }
        prop_assert!((fit.inertia - other.inertia).abs() <= 1e-9 * fit.inertia.max(1.0));
    }

    #[test]
    fn one_cluster_has_the_mean_and_n_clusters_have_no_inertia((data, n, d) in tables()) {
        let points = Points::new(&data, n, d).unwrap();
        let one = KMeans { k: 1, ..KMeans::default() }.fit(&points).unwrap();
        for (column, mean) in one.model.centroids().iter().enumerate() {
            let sum: f64 = data.iter().skip(column).step_by(d).sum();
            prop_assert_eq!(*mean, sum / n as f64);
        }
        let all = KMeans { k: n, ..KMeans::default() }.fit(&points).unwrap();
        prop_assert_eq!(all.inertia, 0.0);
    }

    #[test]
    fn a_fit_has_the_inertia_of_its_labels((data, n, d) in tables(), seed: u64) {
        let points = Points::new(&data, n, d).unwrap();
        let fit = KMeans { k: 2, restarts: 2, seed, ..KMeans::default() }.fit(&points).unwrap();
        let of_labels = Labeled::new(&points, &fit.labels, fit.model.k()).unwrap().inertia();
        prop_assert!((fit.inertia - of_labels).abs() <= 1e-12 * of_labels);
    }

    #[test]
    fn a_common_offset_does_not_cost_digits((data, n, d) in tables(), power in 20..32) {
        prop_assume!(n > 2);
        // Whole numbers plus a power of two stay exact, so only the measures' own rounding is seen.
        let offset = libm::exp2(f64::from(power));
        let shifted: Vec<f64> = data.iter().map(|value| value + offset).collect();
        let labels: Vec<u32> = (0..n as u32).map(|row| row % 2).collect();
        let (here, there) = (Points::new(&data, n, d).unwrap(), Points::new(&shifted, n, d).unwrap());
        let here = Labeled::new(&here, &labels, 2).unwrap();
        let there = Labeled::new(&there, &labels, 2).unwrap();
        let pairs = [
            (here.inertia(), there.inertia()),
            (here.calinski_harabasz().unwrap(), there.calinski_harabasz().unwrap()),
            (here.davies_bouldin().unwrap(), there.davies_bouldin().unwrap()),
        ];
        for (near, far) in pairs {
            prop_assert!(near == far || (near - far).abs() <= 1e-12 * near.abs(), "{near} became {far}");
        }
    }
}
