//! Criteria equal those of R's `cluster` and `fpc` within Monte Carlo error. `tests/make_reference.R` made the numbers.

use serde_json::Value;
use tribus_kmeans::{Fit, KMeans, Points};

use super::gap::gaps;
use super::prediction::prediction_strengths;
use super::sample::{Labeling, Sample};
use super::stability::{Similarity, resample, stability};

const SEED: u64 = 1;

/// Standard errors that two simulations of the same number may differ by.
const MONTE_CARLO: f64 = 5.0;

fn reference() -> Value {
    serde_json::from_str(include_str!("tests/reference.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|number| number.as_f64().unwrap())
        .collect()
}

/// Four groups, one of them diffuse.
fn made() -> Sample {
    let lines = include_str!("tests/made.csv").lines().skip(1);
    let values: Vec<f64> = lines
        .flat_map(|line| line.split(',').map(|cell| cell.parse().unwrap()))
        .collect();
    let points = Points::new(&values, values.len() / 4, 4).unwrap();
    Sample::draw(&points, usize::MAX, SEED)
}

fn fit(sample: &Sample, k: usize) -> Fit {
    let settings = KMeans {
        k,
        ..KMeans::default()
    };
    settings.fit(&sample.points()).unwrap()
}

fn labeling(fit: &Fit) -> Labeling {
    Labeling {
        k: fit.model.k(),
        labels: fit.labels.clone(),
        centroids: fit.model.centroids().to_vec(),
        inertia: fit.inertia,
    }
}

#[test]
fn gaps_are_those_of_clus_gap() {
    let expected = &reference()["gap_made"];
    let sample = made();
    let inertias: Vec<(usize, f64)> = (1..=7).map(|k| (k, fit(&sample, k).inertia)).collect();
    // clusGap takes half the sum of squares; the constant cancels in the gap.
    for ((_, inertia), log) in inertias.iter().zip(numbers(&expected["logW_500_starts"])) {
        assert!(libm::log(inertia / 2.0) <= log + 1e-9);
        assert!(libm::log(inertia / 2.0) >= log - 1e-3);
    }
    let references = 200;
    let found = gaps(&sample, &inertias, references, SEED);
    let (values, errors) = (numbers(&expected["gap"]), numbers(&expected["SE.sim"]));
    for ((found, value), error) in found.iter().zip(values).zip(errors) {
        let found = found.unwrap();
        let monte_carlo = MONTE_CARLO * error * (2.0 / references as f64).sqrt();
        // Two starts of ours beside 25 of R's leave some references a little looser.
        assert!(
            (found.value - value).abs() < monte_carlo + 0.005,
            "{} {value}",
            found.value
        );
        assert!(
            (found.standard_error / error - 1.0).abs() < 0.25,
            "{} {error}",
            found.standard_error
        );
    }
}

#[test]
fn jaccard_similarities_are_those_of_clusterboot() {
    let sample = made();
    let resamples = 200;
    for expected in reference()["boot_made"]["by_k"].as_array().unwrap() {
        let k = expected["k"].as_u64().unwrap() as usize;
        let fit = fit(&sample, k);
        assert!((fit.inertia / expected["tot_withinss"].as_f64().unwrap() - 1.0).abs() < 1e-9);
        let labelings = [labeling(&fit)];
        let resampled = (0..resamples).map(|number| resample(&sample, &labelings, number, SEED));
        let resampled: Vec<Vec<Similarity>> = resampled.collect();
        let found = stability(&resampled.iter().collect::<Vec<_>>(), 0, k).unwrap();
        let sizes = numbers(&expected["size"]);
        let (means, deviations) = (numbers(&expected["bootmean"]), numbers(&expected["bootsd"]));
        let recovered = numbers(&expected["bootrecover"]);
        for at in 0..k {
            let ours = fit
                .sizes
                .iter()
                .position(|size| *size as f64 == sizes[at])
                .unwrap();
            let segment = found.segments[ours];
            let monte_carlo = MONTE_CARLO * deviations[at] * (2.0 / resamples as f64).sqrt();
            assert!(
                (segment.jaccard - means[at]).abs() < monte_carlo + 0.003,
                "k = {k}: {} is not {}",
                segment.jaccard,
                means[at]
            );
            assert!((segment.recovered - recovered[at] / 200.0).abs() < 0.15);
        }
    }
}

#[test]
fn prediction_strengths_are_those_of_fpc() {
    let expected = &reference()["ps_made"];
    let sample = made();
    let (means, deviations) = (
        numbers(&expected["mean.pred"]),
        numbers(&expected["sd_of_one_split"]),
    );
    let labelings: Vec<Labeling> = (2..=7).map(|k| labeling(&fit(&sample, k))).collect();
    let splits = 50;
    let found = prediction_strengths(&sample, &labelings, splits, SEED);
    for (k, found) in (2..=7).zip(found) {
        let found = found.unwrap();
        let (mean, deviation) = (means[k - 1], deviations[k - 1]);
        let monte_carlo = MONTE_CARLO * deviation * (2.0 / splits as f64).sqrt();
        assert!(
            (found - mean).abs() < monte_carlo + 0.01,
            "k = {k}: {found} is not {mean}"
        );
    }
}
