//! Relatives of K-Means: by splitting in two, and in batches.

use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use tribus_kmeans::variants::{BisectingKMeans, MiniBatchKMeans, descend as go_down};
use tribus_kmeans::{Error, Model, Points};

use crate::error::of_engine;
use crate::interrupt::{borrowing, labeling};
use crate::matrix::{Matrix, with_points};

/// Parent, left child, right child.
type Step = (usize, usize, usize);

/// Means of the nodes, splits, the node of each label, labels, inertia.
type Bisected<'py> = (
    Bound<'py, PyArray2<f64>>,
    Vec<Step>,
    Vec<usize>,
    Bound<'py, PyArray1<i32>>,
    f64,
);

/// Splits the cluster of largest inertia in two, until there are so many.
#[pyfunction]
pub(crate) fn bisect<'py>(
    py: Python<'py>,
    data: Matrix<'py>,
    n_clusters: usize,
    seed: u64,
) -> PyResult<Bisected<'py>> {
    let ((n, d), values) = (data.shape(), data.values()?);
    let bisecting = BisectingKMeans {
        k: n_clusters,
        seed,
    };
    let fit = borrowing(py, |_| {
        with_points!(values, n, d, |points| bisecting.fit(&points))
    })?;
    let fit = fit.map_err(of_engine(py))?;
    let steps = fit.splits.iter().map(|split| {
        let [left, right] = split.children;
        (split.parent, left, right)
    });
    let labels: Vec<i32> = fit.labels.iter().map(|&label| label as i32).collect();
    let nodes = fit.means.len() / d;
    Ok((
        fit.means.into_pyarray(py).reshape([nodes, d])?,
        steps.collect(),
        fit.nodes,
        labels.into_pyarray(py),
        fit.inertia,
    ))
}

/// The leaf of each row, by going down the tree.
#[pyfunction]
pub(crate) fn descend<'py>(
    py: Python<'py>,
    data: Matrix<'py>,
    means: PyReadonlyArray2<'py, f64>,
    steps: Vec<Step>,
    nodes: Vec<usize>,
) -> PyResult<Bound<'py, PyArray1<i32>>> {
    let ((n, d), values) = (data.shape(), data.values()?);
    let (count, means) = (means.as_array().nrows(), means.as_slice()?);
    let labels = labeling(py, (n, count, d), || {
        let steps = steps
            .iter()
            .map(|&(parent, left, right)| (parent, [left, right]));
        let labels: Result<Vec<u32>, Error> = with_points!(values, n, d, |points| {
            Ok(go_down(&points, means, steps, &nodes))
        });
        labels
    })?;
    let labels = labels.map_err(of_engine(py))?;
    let labels: Vec<i32> = labels.into_iter().map(|label| label as i32).collect();
    Ok(labels.into_pyarray(py))
}

/// Centroids and how many rows each was given.
type Running<'py> = (Bound<'py, PyArray2<f64>>, Bound<'py, PyArray1<i64>>);

/// Takes in rows, `batch_size` of them at once; from where the batches before have led, if there were any.
#[pyfunction]
#[pyo3(signature = (data, batch_size, n_clusters, seed, before))]
pub(crate) fn mini_batches<'py>(
    py: Python<'py>,
    data: Matrix<'py>,
    batch_size: usize,
    n_clusters: usize,
    seed: u64,
    before: Option<(PyReadonlyArray2<'py, f64>, PyReadonlyArray1<'py, i64>)>,
) -> PyResult<Running<'py>> {
    let ((n, d), values) = (data.shape(), data.values()?);
    let running = match &before {
        None => Ok(MiniBatchKMeans::new(n_clusters, seed)),
        Some((centroids, counts)) => {
            let model = Model::new(centroids.as_slice()?.to_vec(), n_clusters, d);
            let counts = counts
                .as_slice()?
                .iter()
                .map(|&count| count as u64)
                .collect();
            model.and_then(|model| MiniBatchKMeans::resumed(model, counts))
        }
    };
    let mut running = running.map_err(of_engine(py))?;
    let done = borrowing(py, |stop| {
        with_points!(values, n, d, |points| {
            let mut taken = 0;
            while taken < n {
                // A last batch that is too small to stand alone goes with the one before.
                let left = n - taken;
                let rows = if left < 2 * batch_size {
                    left
                } else {
                    batch_size
                };
                let batch = &points.values()[taken * d..(taken + rows) * d];
                running.partial_fit(&Points::new(batch, rows, d)?)?;
                taken += rows;
                if stop.go_on().is_break() {
                    return Err(Error::Interrupted);
                }
            }
            Ok(())
        })
    })?;
    done.map_err(of_engine(py))?;
    let counts: Vec<i64> = running.counts().iter().map(|&count| count as i64).collect();
    let centroids = running
        .model()
        .map_or_else(Vec::new, |model| model.centroids().to_vec());
    Ok((
        centroids.into_pyarray(py).reshape([counts.len(), d])?,
        counts.into_pyarray(py),
    ))
}
