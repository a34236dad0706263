//! Measures of labels.

use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;
use tribus_kmeans::Error;
use tribus_kmeans::quality::Labeled;

use crate::error::of_engine;
use crate::interrupt::borrowing;
use crate::matrix::{Matrix, with_points};

/// Silhouettes of all rows, and their mean. Labels count from 0 without gaps.
#[pyfunction]
pub(crate) fn silhouette<'py>(
    py: Python<'py>,
    data: Matrix<'py>,
    labels: PyReadonlyArray1<'py, u32>,
    n_labels: usize,
) -> PyResult<(Bound<'py, PyArray1<f64>>, f64)> {
    let ((n, d), values, labels) = (data.shape(), data.values()?, labels.as_slice()?);
    let silhouette = borrowing(py, |stop| {
        with_points!(values, n, d, |points| {
            let labeled = Labeled::new(&points, labels, n_labels)?;
            labeled.silhouette_watched(&|| stop.go_on())
        })
    })?;
    let silhouette = silhouette.map_err(of_engine(py))?;
    Ok((silhouette.per_point.into_pyarray(py), silhouette.mean))
}

/// Calinski-Harabasz and Davies-Bouldin.
#[pyfunction]
pub(crate) fn measure(
    py: Python<'_>,
    data: Matrix<'_>,
    labels: PyReadonlyArray1<'_, u32>,
    n_labels: usize,
    which: &str,
) -> PyResult<f64> {
    let ((n, d), values, labels) = (data.shape(), data.values()?, labels.as_slice()?);
    let is_davies_bouldin = which == "davies_bouldin";
    let value = borrowing(py, |_| -> Result<f64, Error> {
        with_points!(values, n, d, |points| {
            let labeled = Labeled::new(&points, labels, n_labels)?;
            if is_davies_bouldin {
                labeled.davies_bouldin()
            } else {
                labeled.calinski_harabasz()
            }
        })
    })?;
    value.map_err(of_engine(py))
}
