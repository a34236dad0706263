"""Relatives of K-Means as scikit-learn estimators: by splitting in two, and in batches."""

from __future__ import annotations

from typing import Any

import numpy as np

from tribus import _parameters as parameters
from tribus import _tribus
from tribus._base import as_seed, warn_of_few
from tribus._centroids import CentroidEstimator
from tribus._errors import EngineError
from tribus._matrix import engine


class BisectingKMeans(CentroidEstimator):
    """K-Means by splitting the cluster of largest inertia in two, until there are enough: clusters are a tree.

    Each split is a fit of two clusters by the engine's own search. For nested clusters, and where there are many clusters;
    the price is an inertia above that of :class:`KMeans`.

    Parameters
    ----------
    n_clusters : int, default=8
        Number of clusters.
    random_state : int, RandomState instance or None, default=None
        Seed of all draws. None is 0.

    Attributes
    ----------
    cluster_centers_ : ndarray of shape (n_clusters, n_features)
        Means of the leaves, in the precision of the data.
    labels_ : ndarray of shape (n_samples,), int32
        The leaf of each row; not always that of the nearest centroid.
    inertia_ : float
        Sum of squared distances of the rows to the means of their leaves.
    tree_ : ndarray of shape (n_clusters - 1, 3)
        Nodes of each split: parent, left, right. Node 0 holds all rows.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Notes
    -----
    Rows have no weights here. Source: M. Steinbach, G. Karypis, V. Kumar: A comparison of document clustering techniques.
    KDD Workshop on Text Mining, 2000.

    Examples
    --------
    >>> import numpy as np
    >>> from tribus import BisectingKMeans
    >>> X = np.array([[0.0], [1.0], [10.0], [11.0], [100.0], [101.0]])
    >>> BisectingKMeans(n_clusters=3).fit(X).inertia_
    1.5
    """

    tree_: np.ndarray

    def __init__(self, n_clusters: int = 8, *, random_state: Any = None) -> None:
        self.n_clusters = n_clusters
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> BisectingKMeans:
        """Compute the clustering.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_samples, n_features)
        y : ignored

        Returns
        -------
        self : BisectingKMeans
        """
        n_clusters = parameters.check_count(self, "n_clusters")
        seed = as_seed(parameters.check_random_state(self))
        X = self._checked(X, reset=True)
        if X.shape[0] < n_clusters:
            raise EngineError(f"n_samples={X.shape[0]} should be >= n_clusters={n_clusters}.")
        with engine(X, self._refuse_missing):
            means, steps, nodes, labels, inertia = _tribus.bisect(X, n_clusters, seed)
        if len(nodes) < n_clusters:
            warn_of_few(len(nodes), n_clusters)
        self._means, self._nodes = means, nodes
        self.tree_ = np.array(steps, dtype=np.int64).reshape(-1, 3)
        self._exact_centers = means[nodes]
        self.cluster_centers_ = self._exact_centers.astype(X.dtype, copy=False)
        self.labels_ = labels
        self.inertia_ = inertia
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Find the leaf of each row by going down the tree, to the nearer child at each split.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_samples, n_features)

        Returns
        -------
        labels : ndarray of shape (n_samples,), int32
        """
        self._check_fitted()
        data = self._checked(X, reset=False)
        steps = [tuple(step) for step in self.tree_.tolist()]
        with engine(data, self._refuse_missing):
            return _tribus.descend(data, self._means, steps, self._nodes)


class MiniBatchKMeans(CentroidEstimator):
    """K-Means of rows that come in batches, each seen once and none kept.

    The first batch gives the first centroids; each batch is labeled by the centroids as they are, and each centroid moves
    to the mean of all rows it was ever given. For streams and for data larger than memory: :class:`KMeans` is fast enough
    for what fits, and finds better centroids.

    Parameters
    ----------
    n_clusters : int, default=8
        Number of clusters.
    batch_size : int, default=1024
        Rows of a batch of :meth:`fit`; at least ten for each cluster are taken.
    random_state : int, RandomState instance or None, default=None
        Seed of all draws. None is 0.

    Attributes
    ----------
    cluster_centers_ : ndarray of shape (n_clusters, n_features)
        Centroids, in the precision of the data.
    counts_ : ndarray of shape (n_clusters,), int64
        Rows that each centroid was given.
    labels_ : ndarray of shape (n_samples,), int32
        The nearest centroid of each row of the last call of fit or partial_fit.
    inertia_ : float
        Of those rows.
    n_steps_ : int
        Calls and batches so far.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Notes
    -----
    Rows have no weights here. Batches count in their order; within a batch the order of rows does not matter. Source: D.
    Sculley: Web-scale k-means clustering. WWW 2010. https://doi.org/10.1145/1772690.1772862

    Examples
    --------
    >>> import numpy as np
    >>> from tribus import MiniBatchKMeans
    >>> running = MiniBatchKMeans(n_clusters=2)
    >>> for batch in ([[0.0], [1.0], [10.0], [11.0]], [[0.5], [0.5], [10.5], [10.5]]):
    ...     running = running.partial_fit(np.array(batch))
    >>> running.predict([[0.7], [9.0]])
    array([1, 0], dtype=int32)
    """

    counts_: np.ndarray
    n_steps_: int

    def __init__(self, n_clusters: int = 8, *, batch_size: int = 1024, random_state: Any = None) -> None:
        self.n_clusters = n_clusters
        self.batch_size = batch_size
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> MiniBatchKMeans:
        """Start anew and take in all rows, in batches of an order drawn by ``random_state``.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_samples, n_features)
        y : ignored

        Returns
        -------
        self : MiniBatchKMeans
        """
        X = self._checked(X, reset=True)
        n_clusters, seed = self._settings(X)
        batch_size = max(parameters.check_count(self, "batch_size"), 10 * n_clusters)
        order = np.random.RandomState(seed % 2**32).permutation(len(X))
        with engine(X, self._refuse_missing):
            running = _tribus.mini_batches(X[order], batch_size, n_clusters, seed, None)
        self.n_steps_ = max(1, len(X) // batch_size)
        return self._taken(X, running)

    def partial_fit(self, X: Any, y: Any = None) -> MiniBatchKMeans:
        """Take in one batch; the first must have rows for every cluster.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_samples, n_features)
        y : ignored

        Returns
        -------
        self : MiniBatchKMeans
        """
        is_first = not hasattr(self, "cluster_centers_")
        X = self._checked(X, reset=is_first)
        if is_first:
            n_clusters, seed = self._settings(X)
            before, steps = None, 0
        else:
            n_clusters, seed = len(self.counts_), 0
            before, steps = (self._centers(), self.counts_), self.n_steps_
        # A batch that is refused changes nothing.
        with engine(X, self._refuse_missing):
            running = _tribus.mini_batches(X, len(X), n_clusters, seed, before)
        self.n_steps_ = steps + 1
        return self._taken(X, running)

    def _settings(self, X: np.ndarray) -> tuple[int, int]:
        n_clusters = parameters.check_count(self, "n_clusters")
        if X.shape[0] < n_clusters:
            raise EngineError(f"n_samples={X.shape[0]} should be >= n_clusters={n_clusters}.")
        return n_clusters, as_seed(parameters.check_random_state(self))

    def _taken(self, X: np.ndarray, running: tuple[np.ndarray, np.ndarray]) -> MiniBatchKMeans:
        self._exact_centers, self.counts_ = running
        self.cluster_centers_ = self._exact_centers.astype(X.dtype, copy=False)
        self.labels_ = _tribus.assign(X, self._exact_centers)
        self.inertia_ = _tribus.score(X, None, self._exact_centers)
        return self


__all__ = ["BisectingKMeans", "MiniBatchKMeans"]
