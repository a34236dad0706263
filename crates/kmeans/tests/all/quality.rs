//! Measures equal their definitions, whatever the order of rows, the number of threads and the columns' offsets.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail their tests")]

use crate::measures::{Exact, silhouettes, squared_silhouettes};
use crate::random::{Numbers, blobs};
use crate::threads::same_on_all;
use tribus_kmeans::quality::{self, Labeled, Silhouette, SilhouetteEstimate};
use tribus_kmeans::{Error, Init, KMeans, Points};

/// Rows, columns and clusters that fill no tile and no block; the last ones have more clusters than fit one block.
const SHAPES: [(usize, usize, usize); 14] = [
    (3, 1, 2),
    (4, 2, 3),
    (7, 3, 2),
    (16, 1, 5),
    (31, 4, 7),
    (64, 5, 2),
    (65, 7, 3),
    (100, 8, 40),
    (129, 13, 9),
    (200, 2, 150),
    (257, 17, 4),
    (300, 40, 6),
    (299, 33, 100),
    (1_100, 3, 12),
];

/// Labels in no order, with every cluster used, the last one by a single point.
fn labels(n: usize, k: usize, seed: u64) -> Vec<u32> {
    let mut numbers = Numbers(seed);
    let mut labels: Vec<u32> = (0..n).map(|row| row.min(k - 1) as u32).collect();
    for label in &mut labels[k..] {
        *label = numbers.below(k as u64 - 1) as u32;
    }
    let order = numbers.order(n);
    order.into_iter().map(|place| labels[place]).collect()
}

fn whole_numbers(n: usize, d: usize, limit: u64, seed: u64) -> Vec<i64> {
    let mut numbers = Numbers(seed);
    (0..n * d).map(|_| numbers.below(limit) as i64).collect()
}

/// With and without duplicates: the values, width, labels and number of clusters.
fn tables() -> impl Iterator<Item = (Vec<f64>, usize, Vec<u32>, usize)> {
    SHAPES.into_iter().flat_map(|(n, d, k)| {
        let lattice = whole_numbers(n, d, 3, n as u64);
        let lattice = lattice.into_iter().map(|value| value as f64).collect();
        let tables = [blobs(n, d, 4, 3.0, n as u64), lattice];
        tables.map(|data| (data, d, labels(n, k, n as u64), k))
    })
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn assert_silhouettes(found: &Silhouette, expected: &[f64], most: f64) {
    assert_eq!(found.per_point.len(), expected.len());
    for (found, expected) in found.per_point.iter().zip(expected) {
        assert!(
            (found - expected).abs() <= most,
            "{found} is not {expected}"
        );
    }
    assert!((found.mean - mean(expected)).abs() <= most);
}

fn assert_near(found: f64, expected: f64, most: f64, what: &str) {
    assert!(
        found == expected || (found - expected).abs() <= most * expected.abs(),
        "{what}: {found} is not {expected}"
    );
}

#[test]
fn silhouettes_equal_the_definition_on_any_threads() {
    for (data, d, labels, k) in tables() {
        let points = Points::new(&data, labels.len(), d).unwrap();
        let labeled = Labeled::new(&points, &labels, k).unwrap();
        let found = same_on_all(|| labeled.silhouette().unwrap());
        assert_silhouettes(&found, &silhouettes(&data, d, &labels), 1e-11);
    }
}

/// Nested labelings, as those of neighboring numbers of clusters nearly are, and one that has nothing to do with them.
fn labelings(n: usize) -> Vec<(Vec<u32>, usize)> {
    let nested = (2..9).map(|k| ((0..n).map(|row| (row * k / n) as u32).collect(), k));
    nested.chain([(labels(n, 5, n as u64), 5)]).collect()
}

#[test]
fn silhouettes_of_labelings_measured_together_equal_those_of_each_alone() {
    for n in [9, 61, 400] {
        let data = blobs(n, 3, 4, 3.0, n as u64);
        let points = Points::new(&data, n, 3).unwrap();
        let mut numbers = Numbers(n as u64);
        let weights: Vec<f64> = (0..n).map(|_| numbers.below(4) as f64).collect();
        for weights in [None, Some(&weights)] {
            let labelings = labelings(n);
            let labeled: Vec<Labeled<'_>> = labelings
                .iter()
                .map(|(labels, k)| match weights {
                    Some(weights) => Labeled::weighted(&points, labels, *k, weights).unwrap(),
                    None => Labeled::new(&points, labels, *k).unwrap(),
                })
                .collect();
            let together = same_on_all(|| quality::silhouettes(&labeled).unwrap());
            for (found, labeled) in together.iter().zip(&labeled) {
                let alone = labeled.silhouette().unwrap();
                assert!((found.mean - alone.mean).abs() < 1e-11);
                for (found, alone) in found.per_point.iter().zip(&alone.per_point) {
                    assert!((found - alone).abs() < 1e-11, "{found} is not {alone}");
                }
            }
        }
    }
}

#[test]
fn silhouettes_of_labelings_of_different_points_are_measured_one_by_one() {
    let tables = [blobs(60, 2, 3, 3.0, 1), blobs(60, 2, 3, 3.0, 2)];
    let points = tables
        .each_ref()
        .map(|data| Points::new(data, 60, 2).unwrap());
    let labels = labels(60, 3, 1);
    let labeled = points
        .each_ref()
        .map(|points| Labeled::new(points, &labels, 3).unwrap());
    let found = quality::silhouettes(&labeled).unwrap();
    assert_eq!(found[0], labeled[0].silhouette().unwrap());
    assert_eq!(found[1], labeled[1].silhouette().unwrap());
}

#[test]
fn squared_silhouettes_equal_the_definition_on_any_threads() {
    for (data, d, labels, k) in tables() {
        let points = Points::new(&data, labels.len(), d).unwrap();
        let labeled = Labeled::new(&points, &labels, k).unwrap();
        let found = same_on_all(|| labeled.squared_silhouette().unwrap());
        assert_silhouettes(&found, &squared_silhouettes(&data, d, &labels), 1e-11);
    }
}

#[test]
fn silhouettes_of_single_precision_points_are_those_of_the_same_values() {
    for (data, d, labels, k) in tables() {
        let narrow: Vec<f32> = data.iter().map(|&value| value as f32).collect();
        let wide: Vec<f64> = narrow.iter().map(|&value| f64::from(value)).collect();
        let narrow = Points::new(&narrow, labels.len(), d).unwrap();
        let wide = Points::new(&wide, labels.len(), d).unwrap();
        let narrow = Labeled::new(&narrow, &labels, k).unwrap();
        let wide = Labeled::new(&wide, &labels, k).unwrap();
        assert_eq!(narrow.silhouette(), wide.silhouette());
        assert_eq!(narrow.squared_silhouette(), wide.squared_silhouette());
        assert_eq!(narrow.inertia(), wide.inertia());
        assert_eq!(narrow.calinski_harabasz(), wide.calinski_harabasz());
        assert_eq!(narrow.davies_bouldin(), wide.davies_bouldin());
    }
}

#[test]
fn points_alone_in_their_cluster_have_silhouette_0() {
    let data = [0.0, 0.1, 5.0, 9.0];
    let points = Points::new(&data, 4, 1).unwrap();
    let labeled = Labeled::new(&points, &[0, 0, 1, 2], 3).unwrap();
    let found = labeled.silhouette().unwrap().per_point;
    assert_eq!(found[2..], [0.0, 0.0]);
    assert!(found[0] > 0.9 && found[1] > 0.9);
}

/// All measures of labeled points, each with all its bits.
#[derive(Debug, PartialEq)]
struct Measured {
    inertia: f64,
    calinski_harabasz: f64,
    davies_bouldin: f64,
    silhouette: Silhouette,
    squared: Silhouette,
    sampled: SilhouetteEstimate,
}

impl Measured {
    fn of(labeled: &Labeled) -> Self {
        Self {
            inertia: labeled.inertia(),
            calinski_harabasz: labeled.calinski_harabasz().unwrap(),
            davies_bouldin: labeled.davies_bouldin().unwrap(),
            silhouette: labeled.silhouette().unwrap(),
            squared: labeled.squared_silhouette().unwrap(),
            sampled: labeled.silhouette_sampled(60, 1).unwrap(),
        }
    }

    fn in_order(self, order: &[usize]) -> Self {
        let reorder = |silhouette: Silhouette| Silhouette {
            per_point: order.iter().map(|&row| silhouette.per_point[row]).collect(),
            ..silhouette
        };
        Self {
            silhouette: reorder(self.silhouette),
            squared: reorder(self.squared),
            ..self
        }
    }
}

#[test]
fn threads_and_the_order_of_rows_change_no_bit_of_any_measure() {
    for (data, d, labels, k) in tables() {
        let n = labels.len();
        let points = Points::new(&data, n, d).unwrap();
        let labeled = Labeled::new(&points, &labels, k).unwrap();
        let here = same_on_all(|| Measured::of(&labeled));
        let order = Numbers(d as u64).order(n);
        let rows = order.iter().flat_map(|&row| &data[row * d..][..d]);
        let rows: Vec<f64> = rows.copied().collect();
        let reordered: Vec<u32> = order.iter().map(|&row| labels[row]).collect();
        let points = Points::new(&rows, n, d).unwrap();
        let there = Measured::of(&Labeled::new(&points, &reordered, k).unwrap());
        assert_eq!(there, here.in_order(&order), "{n} x {d} in {k}");
    }
}

#[test]
fn threads_change_no_bit_of_measures_of_large_tables() {
    let data = blobs(50_000, 3, 5, 3.0, 1);
    let points = Points::new(&data, 50_000, 3).unwrap();
    let labels: Vec<u32> = labels(50_000, 5, 2);
    let labeled = Labeled::new(&points, &labels, 5).unwrap();
    let (inertia, ..) = same_on_all(|| {
        let squared = labeled.squared_silhouette().unwrap();
        let sampled = labeled.silhouette_sampled(300, 1).unwrap();
        let ratios = (labeled.calinski_harabasz(), labeled.davies_bouldin());
        (labeled.inertia(), ratios, squared, sampled)
    });
    assert!(inertia > 0.0);
}

#[test]
fn whole_weights_measure_as_rows_repeated_so_often() {
    for (data, d, labels, k) in tables() {
        let n = labels.len();
        let mut numbers = Numbers(n as u64);
        let times: Vec<usize> = (0..n).map(|_| numbers.below(4) as usize).collect();
        let repeats = (0..n).flat_map(|row| std::iter::repeat_n(row, times[row]));
        let repeats: Vec<usize> = repeats.collect();
        let rows = repeats.iter().flat_map(|&row| &data[row * d..][..d]);
        let rows: Vec<f64> = rows.copied().collect();
        let repeated_labels: Vec<u32> = repeats.iter().map(|&row| labels[row]).collect();
        let weights: Vec<f64> = times.iter().map(|&times| times as f64).collect();
        let points = Points::new(&data, n, d).unwrap();
        let repeated_points = Points::new(&rows, repeats.len(), d).unwrap();
        let weighted = Labeled::weighted(&points, &labels, k, &weights).unwrap();
        let repeated = Labeled::new(&repeated_points, &repeated_labels, k).unwrap();
        assert_same_measures(&weighted, &repeated, &repeats, &times);
    }
}

fn assert_same_measures(
    weighted: &Labeled,
    repeated: &Labeled,
    repeats: &[usize],
    times: &[usize],
) {
    assert_near(weighted.inertia(), repeated.inertia(), 1e-12, "inertia");
    let Ok(found) = weighted.calinski_harabasz() else {
        // Few rows, of which those of weight 0 left nothing to compare.
        assert!(repeats.len() < 12);
        return;
    };
    assert_near(found, repeated.calinski_harabasz().unwrap(), 1e-12, "CH");
    let (found, expected) = (weighted.davies_bouldin(), repeated.davies_bouldin());
    assert_near(found.unwrap(), expected.unwrap(), 1e-12, "DB");
    let all = [Labeled::silhouette, Labeled::squared_silhouette];
    for measure in all {
        let (found, expected) = (measure(weighted).unwrap(), measure(repeated).unwrap());
        assert!((found.mean - expected.mean).abs() <= 1e-11);
        for (&row, expected) in repeats.iter().zip(&expected.per_point) {
            assert!((found.per_point[row] - expected).abs() <= 1e-11);
        }
        let unweighted = found.per_point.iter().zip(times);
        assert!(
            unweighted
                .filter(|&(_, &times)| times == 0)
                .all(|(value, _)| *value == 0.0)
        );
    }
    let all = weighted.silhouette_sampled(usize::MAX, 1).unwrap();
    let exact = weighted.silhouette().unwrap();
    assert!((all.mean - exact.mean).abs() <= 1e-11);
}

#[test]
fn a_common_offset_costs_no_digits() {
    let rows = [(50, 1, 2), (200, 3, 5), (301, 7, 12), (1_000, 2, 30)];
    for (n, d, k) in rows {
        let whole = whole_numbers(n, d, 1_000, n as u64);
        let labels = labels(n, k, n as u64);
        let exact = Exact::new(&whole, d, &labels, k);
        for offset in [0.0, 1e6, -1e6, 1e9, 1e12, -1e12, 1e15] {
            let data: Vec<f64> = whole.iter().map(|&value| value as f64 + offset).collect();
            let points = Points::new(&data, n, d).unwrap();
            let labeled = Labeled::new(&points, &labels, k).unwrap();
            assert_near(labeled.inertia(), exact.inertia(), 1e-14, "inertia");
            let found = labeled.calinski_harabasz().unwrap();
            assert_near(found, exact.calinski_harabasz(), 1e-13, "CH");
            let found = labeled.davies_bouldin().unwrap();
            assert_near(found, exact.davies_bouldin(), 1e-13, "DB");
        }
    }
}

#[test]
fn silhouettes_do_not_depend_on_a_common_offset() {
    let whole = whole_numbers(300, 3, 1_000, 1);
    let labels = labels(300, 6, 2);
    let measured = [0.0, 1e6, 1e9, 1e12].map(|offset| {
        let data: Vec<f64> = whole.iter().map(|&value| value as f64 + offset).collect();
        let points = Points::new(&data, 300, 3).unwrap();
        let labeled = Labeled::new(&points, &labels, 6).unwrap();
        (
            labeled.silhouette().unwrap(),
            labeled.squared_silhouette().unwrap(),
        )
    });
    for (plain, squared) in &measured[1..] {
        assert_silhouettes(plain, &measured[0].0.per_point, 1e-12);
        assert_silhouettes(squared, &measured[0].1.per_point, 1e-12);
    }
}

#[test]
fn sampled_silhouettes_cover_the_exact_mean_nine_times_in_ten() {
    let data = blobs(1_500, 2, 4, 4.0, 4);
    let points = Points::new(&data, 1_500, 2).unwrap();
    let settings = KMeans {
        k: 4,
        restarts: 5,
        ..KMeans::default()
    };
    let labels = settings.fit(&points).unwrap().labels;
    let labeled = Labeled::new(&points, &labels, 4).unwrap();
    let exact = labeled.silhouette().unwrap().mean;
    let covered = (0..100).filter(|&seed| {
        let some = labeled.silhouette_sampled(300, seed).unwrap();
        assert!(some.sampled < 400 && some.standard_error > 0.0);
        assert!(some.low <= some.mean && some.mean <= some.high);
        (some.low..=some.high).contains(&exact)
    });
    // 95 expected, with a standard deviation of 2.2; all would say that the interval is too wide.
    assert!((88..100).contains(&covered.count()));
}

#[test]
fn weighted_samples_cover_the_exact_mean_nine_times_in_ten() {
    let data = blobs(1_200, 2, 4, 4.0, 5);
    let mut numbers = Numbers(6);
    let weights: Vec<f64> = (0..1_200).map(|_| 0.5 + 4.0 * numbers.unit()).collect();
    let points = Points::new(&data, 1_200, 2).unwrap();
    let settings = KMeans {
        k: 4,
        restarts: 5,
        ..KMeans::default()
    };
    let labels = settings.fit_weighted(&points, &weights).unwrap().labels;
    let labeled = Labeled::weighted(&points, &labels, 4, &weights).unwrap();
    let exact = labeled.silhouette().unwrap().mean;
    let covered = (0..100).filter(|&seed| {
        let some = labeled.silhouette_sampled(300, seed).unwrap();
        (some.low..=some.high).contains(&exact)
    });
    assert!((86..100).contains(&covered.count()));
}

#[test]
fn samples_of_all_points_are_exact() {
    let data = blobs(700, 3, 4, 4.0, 7);
    let points = Points::new(&data, 700, 3).unwrap();
    let labels = labels(700, 5, 8);
    let labeled = Labeled::new(&points, &labels, 5).unwrap();
    let exact = labeled.silhouette().unwrap().mean;
    for size in [700, 701, usize::MAX] {
        let all = labeled.silhouette_sampled(size, 0).unwrap();
        assert_eq!((all.standard_error, all.sampled), (0.0, 700));
        assert!((all.mean - exact).abs() < 1e-12);
        assert_eq!((all.low, all.high), (all.mean, all.mean));
    }
}

#[test]
fn small_clusters_keep_fifty_points_in_a_sample() {
    let data = blobs(2_000, 2, 4, 4.0, 9);
    let points = Points::new(&data, 2_000, 2).unwrap();
    let labels: Vec<u32> = (0..2_000)
        .map(|row| u32::from(row < 60) + u32::from(row < 20))
        .collect();
    let labeled = Labeled::new(&points, &labels, 3).unwrap();
    let few = labeled.silhouette_sampled(10, 0).unwrap();
    assert_eq!(few.sampled, 50 + 40 + 20);
    assert_eq!(labeled.silhouette_sampled(10, 0).unwrap(), few);
    assert_ne!(labeled.silhouette_sampled(10, 1).unwrap().mean, few.mean);
}

#[test]
fn the_inertia_of_a_fit_is_that_of_its_labels() {
    for (data, d, labels, k) in tables() {
        let n = labels.len();
        let points = Points::new(&data, n, d).unwrap();
        let settings = KMeans {
            k,
            init: Init::Given(data[..k * d].to_vec()),
            ..KMeans::default()
        };
        let fit = settings.fit(&points).unwrap();
        let labeled = Labeled::new(&points, &fit.labels, fit.model.k()).unwrap();
        assert_near(fit.inertia, labeled.inertia(), 1e-12, "inertia");
    }
}

const LINE: [f64; 6] = [0.0, 1.0, 2.0, 10.0, 11.0, 12.0];

#[test]
fn labels_that_do_not_fit_the_points_are_refused() {
    let points = Points::new(&LINE, 6, 1).unwrap();
    let refusal = |labels: &[u32], k| Labeled::new(&points, labels, k).unwrap_err();
    assert_eq!(
        refusal(&[0; 5], 1),
        Error::LabelCount {
            labels: 5,
            points: 6
        }
    );
    assert_eq!(
        refusal(&[0, 0, 2, 0, 0, 9], 2),
        Error::Label {
            row: 2,
            label: 2,
            clusters: 2
        }
    );
}

#[test]
fn weights_that_cannot_be_summed_are_refused() {
    let points = Points::new(&LINE, 6, 1).unwrap();
    let refusal =
        |weights: &[f64]| Labeled::weighted(&points, &[0, 0, 0, 1, 1, 1], 2, weights).unwrap_err();
    assert_eq!(
        refusal(&[1.0; 7]),
        Error::WeightCount {
            weights: 7,
            points: 6
        }
    );
    for wrong in [-1.0, f64::NAN, 1e-16] {
        let weights = [1.0, 1.0, wrong, 1.0, 1.0, wrong];
        assert_eq!(refusal(&weights), Error::Weight { row: 2 });
    }
    for heavy in [f64::INFINITY, 1e101] {
        assert_eq!(refusal(&[heavy; 6]), Error::Weight { row: 0 });
        let refused = refusal(&[1.0, 1.0, heavy, 1.0, 1.0, 1.0]);
        assert!(matches!(refused, Error::Weight { .. }));
    }
}

#[test]
fn clusters_that_cannot_be_compared_are_refused() {
    let points = Points::new(&LINE, 6, 1).unwrap();
    let refused = |labeled: Labeled, clusters, of| {
        let expected = Error::NotComparable {
            clusters,
            points: of,
        };
        assert_eq!(labeled.calinski_harabasz(), Err(expected.clone()));
        assert_eq!(labeled.davies_bouldin(), Err(expected.clone()));
        assert_eq!(labeled.silhouette(), Err(expected.clone()));
        assert_eq!(labeled.silhouette_sampled(6, 0), Err(expected.clone()));
        assert_eq!(labeled.squared_silhouette(), Err(expected));
    };
    refused(Labeled::new(&points, &[3; 6], 6).unwrap(), 1, 6);
    refused(Labeled::new(&points, &[0, 1, 2, 3, 4, 5], 6).unwrap(), 6, 6);
    let none = [0.0; 6];
    refused(
        Labeled::weighted(&points, &[0, 0, 0, 1, 1, 1], 2, &none).unwrap(),
        0,
        0,
    );
}

#[test]
fn clusters_without_points_do_not_count() {
    let points = Points::new(&LINE, 6, 1).unwrap();
    let dense = Labeled::new(&points, &[0, 0, 0, 1, 1, 1], 2).unwrap();
    let sparse = Labeled::new(&points, &[2, 2, 2, 7, 7, 7], 9).unwrap();
    assert_eq!(Measured::of(&sparse), Measured::of(&dense));
    let (weights, labels) = ([1.0, 1.0, 1.0, 0.0, 1.0, 1.0], [4, 4, 4, 5, 7, 7]);
    let weighted = Labeled::weighted(&points, &labels, 9, &weights).unwrap();
    let rest = [0.0, 1.0, 2.0, 11.0, 12.0];
    let points = Points::new(&rest, 5, 1).unwrap();
    let rest = Labeled::new(&points, &[0, 0, 0, 1, 1], 2).unwrap();
    assert_eq!(weighted.calinski_harabasz(), rest.calinski_harabasz());
    assert_eq!(
        weighted.silhouette().unwrap().mean,
        rest.silhouette().unwrap().mean
    );
}
