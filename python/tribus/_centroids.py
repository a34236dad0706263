"""What estimators with centroids have in common, once they are fitted."""

from __future__ import annotations

from typing import Any

import numpy as np

from tribus import _tribus
from tribus._base import Estimator, as_weights, wrapped
from tribus._matrix import engine


class CentroidEstimator(Estimator):
    """Labels, distances and score by the nearest of ``cluster_centers_``."""

    cluster_centers_: np.ndarray
    labels_: np.ndarray
    inertia_: float
    _exact_centers: np.ndarray

    def predict(self, X: Any) -> np.ndarray:
        """Find the nearest centroid of each row.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_samples, n_features)

        Returns
        -------
        labels : ndarray of shape (n_samples,), int32
        """
        self._check_fitted()
        data = self._checked(X, reset=False)
        with engine(data, self._refuse_missing):
            return _tribus.assign(data, self._centers())

    def transform(self, X: Any) -> Any:
        """Compute the Euclidean distance of each row to each centroid.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_samples, n_features)

        Returns
        -------
        distances : ndarray of shape (n_samples, n_clusters), in the precision of X
        """
        self._check_fitted()
        data = self._checked(X, reset=False)
        with engine(data, self._refuse_missing):
            distances = _tribus.distances(data, self._centers())
        return wrapped(self, X, distances.astype(data.dtype, copy=False))

    def score(self, X: Any, y: Any = None, sample_weight: Any = None) -> float:
        """Compute minus the inertia of rows: higher is better.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_samples, n_features)
        y : ignored
        sample_weight : array-like of shape (n_samples,), default=None

        Returns
        -------
        score : float
        """
        self._check_fitted()
        X = self._checked(X, reset=False)
        with engine(X, self._refuse_missing):
            return -_tribus.score(X, as_weights(sample_weight, X), self._centers())

    @property
    def _n_features_out(self) -> int:
        return int(self.cluster_centers_.shape[0])

    def _centers(self) -> np.ndarray:
        """The centroids in double precision: those of the fit, unless somebody has set others since."""
        exact: np.ndarray | None = getattr(self, "_exact_centers", None)
        given = np.ascontiguousarray(self.cluster_centers_)
        if exact is not None and np.array_equal(exact.astype(given.dtype), given):
            return exact
        return given.astype(np.float64)

    def fit(self, X: Any, y: Any = None) -> Any:
        """Compute the clustering."""
        raise NotImplementedError

    def fit_predict(self, X: Any, y: Any = None) -> np.ndarray:
        """Compute the clustering and return ``labels_``."""
        labels: np.ndarray = self.fit(X).labels_
        return labels

    def fit_transform(self, X: Any, y: Any = None) -> Any:
        """Compute the clustering and return ``transform(X)``."""
        return self.fit(X).transform(X)
