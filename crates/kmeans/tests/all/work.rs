//! What a fit tells of itself: how much it computed, how far it has come, and that it stops when asked to.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail their tests")]

use std::ops::ControlFlow;
use std::sync::Mutex;

use crate::random::{Numbers, blobs};
use tribus_kmeans::{Error, Fit, Init, KMeans, Points, Progress, Stage, Stop};

/// Groups that overlap a little, and a start that is far from where runs end.
fn table() -> (Vec<f64>, KMeans) {
    let data = blobs(20_000, 8, 10, 5.0, 1);
    let settings = KMeans {
        k: 10,
        init: Init::Given(data[..80].to_vec()),
        ..KMeans::default()
    };
    (data, settings)
}

fn fit(data: &[f64], d: usize, settings: &KMeans) -> Fit {
    let points = Points::new(data, data.len() / d, d).unwrap();
    settings.fit(&points).unwrap()
}

#[test]
fn distances_are_points_times_clusters() {
    let (data, settings) = table();
    for max_iterations in [1, 2, 3, 10, 1000] {
        let settings = KMeans {
            max_iterations,
            ..settings.clone()
        };
        let work = fit(&data, 8, &settings).work;
        assert_eq!(work.distances, work.points * 10);
    }
}

#[test]
fn the_first_pass_reads_every_point_and_no_pass_reads_more() {
    let (data, settings) = table();
    let mut last = 0;
    for max_iterations in 1..12 {
        let settings = KMeans {
            max_iterations,
            ..settings.clone()
        };
        let fit = fit(&data, 8, &settings);
        assert_eq!(fit.stop, Stop::MaxIterations);
        // One pass per iteration, and one for the labels of the last centroids.
        let most = 20_000 * (max_iterations as u64 + 1);
        assert!((20_000..=most).contains(&fit.work.points), "{:?}", fit.work);
        assert!(fit.work.points >= last);
        last = fit.work.points;
    }
}

#[test]
fn a_start_that_is_settled_reads_every_point_once_or_twice() {
    let data = [0.0, 1.0, 2.0, 10.0, 11.0, 12.0];
    let settings = KMeans {
        k: 2,
        init: Init::Given(vec![1.0, 11.0]),
        ..KMeans::default()
    };
    let fit = fit(&data, 1, &settings);
    assert_eq!((fit.iterations, fit.stop), (1, Stop::Converged));
    assert_eq!((fit.work.points, fit.work.distances), (6, 12));
}

#[test]
fn long_runs_on_clustered_data_skip_most_points() {
    let (data, settings) = table();
    let fit = fit(&data, 8, &settings);
    assert!(fit.iterations > 10, "{} iterations", fit.iterations);
    let all = 20_000 * fit.iterations as u64;
    assert!(
        fit.work.points * 2 < all,
        "{} of {all} points read",
        fit.work.points
    );
}

#[test]
fn a_search_counts_the_work_of_all_its_runs() {
    let data = blobs(500, 3, 6, 4.0, 2);
    let settings = |restarts, recombinations| KMeans {
        k: 6,
        restarts,
        recombinations,
        ..KMeans::default()
    };
    let works = [(1, 0), (4, 0), (4, 16)]
        .map(|(restarts, recombinations)| fit(&data, 3, &settings(restarts, recombinations)).work);
    assert!(works[0].points >= 500);
    assert!(works[0].points < works[1].points && works[1].points < works[2].points);
    assert!(works.iter().all(|work| work.distances == work.points * 6));
}

/// Fits while noting what is told; asks to stop as soon as `is_enough` says so.
fn watched(
    data: &[f64],
    d: usize,
    settings: &KMeans,
    is_enough: impl Fn(Progress) -> bool + Sync,
) -> (Result<Fit, Error>, Vec<Progress>) {
    let told = Mutex::new(Vec::new());
    let points = Points::new(data, data.len() / d, d).unwrap();
    let fit = settings.fit_watched(&points, None, &|progress| {
        told.lock().unwrap().push(progress);
        if is_enough(progress) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    (fit, told.into_inner().unwrap())
}

#[test]
fn iterations_from_given_starts_are_told_one_by_one() {
    let (data, settings) = table();
    let (watched, told) = watched(&data, 8, &settings, |_| false);
    let watched = watched.unwrap();
    // The last iteration, which finds nothing to do, ends the run instead.
    let expected = (1..watched.iterations).map(|done| Progress {
        stage: Stage::Refining,
        done,
        of: settings.max_iterations,
    });
    assert_eq!(told, expected.collect::<Vec<_>>());
    assert!(
        watched == fit(&data, 8, &settings),
        "watching changes nothing"
    );
}

#[test]
fn given_starts_stop_at_the_iteration_that_was_asked_to() {
    let (data, settings) = table();
    for last in [1, 2, 7] {
        let (fit, told) = watched(&data, 8, &settings, |progress| progress.done == last);
        assert_eq!(fit.unwrap_err(), Error::Interrupted);
        assert_eq!(told.len(), last);
    }
}

fn search() -> (Vec<f64>, KMeans) {
    let settings = KMeans {
        k: 8,
        restarts: 20,
        recombinations: 32,
        ..KMeans::default()
    };
    (blobs(600, 3, 12, 4.0, 3), settings)
}

#[test]
fn runs_of_a_search_are_told_one_by_one_starts_first() {
    let (data, settings) = search();
    let (watched, told) = watched(&data, 3, &settings, |_| false);
    let watched = watched.unwrap();
    let count = |stage| told.iter().filter(|told| told.stage == stage).count();
    assert_eq!(count(Stage::Starts), watched.restarts.starts);
    assert!(count(Stage::Recombinations) > 0);
    assert_eq!(count(Stage::Refining), 0);
    let mut done: Vec<usize> = told.iter().map(|told| told.done).collect();
    done.sort_unstable();
    assert_eq!(done, (1..=told.len()).collect::<Vec<_>>());
    assert!(
        told.iter()
            .all(|told| told.of == 52 && told.done <= told.of)
    );
    assert!(
        watched == fit(&data, 3, &settings),
        "watching changes nothing"
    );
}

#[test]
fn searches_stop_at_any_stage() {
    let (data, settings) = search();
    for stage in [Stage::Starts, Stage::Recombinations] {
        let (fit, told) = watched(&data, 3, &settings, |progress| progress.stage == stage);
        assert_eq!(fit.unwrap_err(), Error::Interrupted);
        assert!(told.iter().any(|told| told.stage == stage));
    }
}

#[test]
fn searches_by_sample_stop_while_all_rows_are_refined() {
    let data = blobs(40_000, 2, 5, 3.0, 4);
    let settings = KMeans {
        k: 6,
        restarts: 2,
        recombinations: 0,
        ..KMeans::default()
    };
    let (fit, told) = watched(&data, 2, &settings, |progress| {
        progress.stage == Stage::Refining
    });
    assert_eq!(fit.unwrap_err(), Error::Interrupted);
    let stages: Vec<Stage> = told.iter().map(|told| told.stage).collect();
    assert_eq!(stages, [Stage::Starts, Stage::Starts, Stage::Refining]);
}

#[test]
fn weighted_searches_can_be_watched_too() {
    let (data, settings) = search();
    let mut numbers = Numbers(5);
    let weights: Vec<f64> = (0..600).map(|_| 0.5 + numbers.unit()).collect();
    let points = Points::new(&data, 600, 3).unwrap();
    let go_on = settings.fit_watched(&points, Some(&weights), &|_| ControlFlow::Continue(()));
    assert!(go_on.unwrap() == settings.fit_weighted(&points, &weights).unwrap());
    let stop = settings.fit_watched(&points, Some(&weights), &|_| ControlFlow::Break(()));
    assert_eq!(stop.unwrap_err(), Error::Interrupted);
}

#[test]
fn the_memory_of_a_fit_grows_with_rows_and_covers_their_labels() {
    let (_, given) = table();
    for settings in [KMeans::default(), given] {
        let sizes = [10, 1_000, 100_000, 10_000_000];
        let memory = sizes.map(|n| settings.memory(n, 8));
        assert!(memory.is_sorted());
        assert!(memory.iter().zip(sizes).all(|(memory, n)| *memory >= 8 * n));
        assert!(memory[3] < 9 * sizes[3], "rows are not copied");
    }
}
