//! Numbers from NumPy, borrowed.

use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;

/// A matrix in one of the two precisions, C-contiguous: the package sees to that.
#[derive(FromPyObject)]
pub(crate) enum Matrix<'py> {
    Double(PyReadonlyArray2<'py, f64>),
    Single(PyReadonlyArray2<'py, f32>),
}

/// Values that lie one after another.
#[derive(Clone, Copy)]
pub(crate) enum Values<'v> {
    Double(&'v [f64]),
    Single(&'v [f32]),
}

impl Matrix<'_> {
    /// Rows and columns.
    pub(crate) fn shape(&self) -> (usize, usize) {
        match self {
            Self::Double(array) => array.as_array().dim(),
            Self::Single(array) => array.as_array().dim(),
        }
    }

    pub(crate) fn values(&self) -> PyResult<Values<'_>> {
        Ok(match self {
            Self::Double(array) => Values::Double(array.as_slice()?),
            Self::Single(array) => Values::Single(array.as_slice()?),
        })
    }
}

/// Weights that lie one after another, if there are any.
pub(crate) fn weights<'w>(
    weights: Option<&'w PyReadonlyArray1<'_, f64>>,
) -> PyResult<Option<&'w [f64]>> {
    weights.map(|weights| Ok(weights.as_slice()?)).transpose()
}

/// Runs the same code on points of either precision.
macro_rules! with_points {
    ($values:expr, $n:expr, $d:expr, |$points:ident| $body:expr) => {
        match $values {
            $crate::matrix::Values::Double(values) => {
                let $points = tribus_kmeans::Points::new(values, $n, $d)?;
                $body
            }
            $crate::matrix::Values::Single(values) => {
                let $points = tribus_kmeans::Points::new(values, $n, $d)?;
                $body
            }
        }
    };
}
pub(crate) use with_points;
