//! K-Means: fitting, labels, distances, inertia.

use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use tribus_kmeans::{Error, Fit, Init, KMeans, Model, Points, Real, Warning};

use crate::error::of_engine;
use crate::interrupt::{Stop, borrowing, labeling};
use crate::matrix::{Matrix, Values, weights, with_points};

/// What a fit is asked for, as Python says it.
#[derive(FromPyObject)]
pub(crate) struct Settings<'py> {
    #[pyo3(item)]
    n_clusters: usize,
    /// `k-means++`, `random`, or centroids.
    #[pyo3(item)]
    init: Start<'py>,
    /// None: the engine's own search.
    #[pyo3(item)]
    n_init: Option<usize>,
    #[pyo3(item)]
    max_iter: usize,
    #[pyo3(item)]
    tol: f64,
    #[pyo3(item)]
    seed: u64,
}

#[derive(FromPyObject)]
enum Start<'py> {
    Named(String),
    Centroids(PyReadonlyArray2<'py, f64>),
}

impl Settings<'_> {
    fn to_kmeans(&self) -> PyResult<KMeans> {
        let search = KMeans::default();
        let init = match &self.init {
            Start::Named(name) if name == "random" => Init::Random,
            Start::Named(_) => Init::PlusPlus,
            Start::Centroids(centroids) => Init::Given(centroids.as_slice()?.to_vec()),
        };
        Ok(KMeans {
            k: self.n_clusters,
            init,
            restarts: self.n_init.unwrap_or(search.restarts),
            recombinations: self.n_init.map_or(search.recombinations, |_| 0),
            max_iterations: self.max_iter,
            tolerance: self.tol,
            seed: self.seed,
        })
    }
}

/// Centroids, labels, inertia, iterations, and how many points differ where those are fewer than clusters.
type Fitted<'py> = (
    Bound<'py, PyArray2<f64>>,
    Bound<'py, PyArray1<i32>>,
    f64,
    usize,
    Option<usize>,
);

/// Fits centroids. Clusters of a search are numbered from the largest to the smallest, those of given centroids as given.
#[pyfunction]
#[pyo3(signature = (data, sample_weight, settings))]
pub(crate) fn fit<'py>(
    py: Python<'py>,
    data: Matrix<'py>,
    sample_weight: Option<PyReadonlyArray1<'py, f64>>,
    settings: Settings<'py>,
) -> PyResult<Fitted<'py>> {
    let kmeans = settings.to_kmeans()?;
    let ((n, d), values) = (data.shape(), data.values()?);
    let weights = weights(sample_weight.as_ref())?;
    let fit = borrowing(py, |stop| {
        with_points!(values, n, d, |points| fit_points(
            &kmeans, &points, weights, stop
        ))
    })?;
    let fit = fit.map_err(of_engine(py))?;
    let distinct = fit.warnings.iter().find_map(|warning| match warning {
        Warning::FewerDistinctPoints { distinct, .. } => Some(*distinct),
        Warning::EmptyClusters { clusters, .. } => Some(*clusters),
        _ => None,
    });
    let order = match kmeans.init {
        Init::Given(_) => (0..fit.model.k()).collect(),
        _ => largest_first(&fit, weights),
    };
    let centroids: Vec<f64> = order
        .iter()
        .flat_map(|&cluster| fit.model.centroid(cluster))
        .copied()
        .collect();
    let mut place = vec![0; order.len()];
    for (new, &old) in order.iter().enumerate() {
        place[old] = new as i32;
    }
    let labels: Vec<i32> = fit
        .labels
        .iter()
        .map(|&label| place[label as usize])
        .collect();
    Ok((
        centroids.into_pyarray(py).reshape([order.len(), d])?,
        labels.into_pyarray(py),
        fit.inertia,
        fit.iterations,
        distinct,
    ))
}

fn fit_points<T: Real>(
    kmeans: &KMeans,
    points: &Points<'_, T>,
    weights: Option<&[f64]>,
    stop: &Stop,
) -> Result<Fit, Error> {
    kmeans.fit_watched(points, weights, &|_| stop.go_on())
}

/// Clusters from the heaviest to the lightest; of equal weight, by their centroids. The order of rows has no say.
fn largest_first(fit: &Fit, weights: Option<&[f64]>) -> Vec<usize> {
    let mut heaviness: Vec<f64> = fit.sizes.iter().map(|&size| size as f64).collect();
    if let Some(weights) = weights {
        let mut of_cluster = vec![Vec::new(); heaviness.len()];
        for (&label, &weight) in fit.labels.iter().zip(weights) {
            of_cluster[label as usize].push(weight);
        }
        for (heaviness, weights) in heaviness.iter_mut().zip(&mut of_cluster) {
            // In one order, whatever that of the rows.
            weights.sort_unstable_by(f64::total_cmp);
            *heaviness = weights.iter().sum();
        }
    }
    let mut order: Vec<usize> = (0..heaviness.len()).collect();
    order.sort_by(|&a, &b| {
        let by_centroid = || {
            let values = fit.model.centroid(a).iter().zip(fit.model.centroid(b));
            let mut orders = values.map(|(a, b)| a.total_cmp(b));
            orders
                .find(|order| order.is_ne())
                .unwrap_or(std::cmp::Ordering::Equal)
        };
        heaviness[b].total_cmp(&heaviness[a]).then_with(by_centroid)
    });
    order
}

fn model(centroids: &PyReadonlyArray2<'_, f64>) -> PyResult<Result<Model, Error>> {
    let (k, d) = centroids.as_array().dim();
    Ok(Model::new(centroids.as_slice()?.to_vec(), k, d))
}

/// The label of the nearest centroid of each row.
#[pyfunction]
pub(crate) fn assign<'py>(
    py: Python<'py>,
    data: Matrix<'py>,
    centroids: PyReadonlyArray2<'py, f64>,
) -> PyResult<Bound<'py, PyArray1<i32>>> {
    let ((n, d), values) = (data.shape(), data.values()?);
    let model = model(&centroids)?.map_err(of_engine(py))?;
    let labels = labeling(py, (n, model.k(), d), || match values {
        Values::Double(values) => model.labels(values, n, d),
        Values::Single(values) => model.labels(values, n, d),
    })?;
    let labels = labels.map_err(of_engine(py))?;
    let labels: Vec<i32> = labels.into_iter().map(|label| label as i32).collect();
    Ok(labels.into_pyarray(py))
}

/// Distances of each row to each centroid.
#[pyfunction]
pub(crate) fn distances<'py>(
    py: Python<'py>,
    data: Matrix<'py>,
    centroids: PyReadonlyArray2<'py, f64>,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let ((n, d), values) = (data.shape(), data.values()?);
    let model = model(&centroids)?.map_err(of_engine(py))?;
    let distances = labeling(py, (n, model.k(), d), || {
        with_points!(values, n, d, |points| model.transform(&points))
    })?;
    let distances = distances.map_err(of_engine(py))?;
    distances.into_pyarray(py).reshape([n, model.k()])
}

/// The sum of squared distances of the rows to their nearest centroids, each times its weight.
#[pyfunction]
#[pyo3(signature = (data, sample_weight, centroids))]
pub(crate) fn score<'py>(
    py: Python<'py>,
    data: Matrix<'py>,
    sample_weight: Option<PyReadonlyArray1<'py, f64>>,
    centroids: PyReadonlyArray2<'py, f64>,
) -> PyResult<f64> {
    let ((n, d), values) = (data.shape(), data.values()?);
    let model = model(&centroids)?.map_err(of_engine(py))?;
    let weights = weights(sample_weight.as_ref())?;
    let sum = labeling(py, (n, model.k(), d), || {
        with_points!(values, n, d, |points| {
            let (_, distances_sq) = model.label_all(&points)?;
            Ok(match weights {
                None => distances_sq.iter().sum(),
                Some(weights) => {
                    let terms = distances_sq.iter().zip(weights);
                    terms
                        .map(|(distance_sq, weight)| distance_sq * weight)
                        .sum()
                }
            })
        })
    })?;
    sum.map_err(of_engine(py))
}
