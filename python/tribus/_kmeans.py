"""K-Means as a scikit-learn estimator."""

from __future__ import annotations

from typing import Any

import numpy as np

from tribus import _parameters as parameters
from tribus import _tribus
from tribus._base import as_seed, as_weights, warn_of_few
from tribus._centroids import CentroidEstimator
from tribus._errors import EngineError
from tribus._matrix import engine

# Centroids, labels, inertia, iterations, and how many rows differ where those are fewer than clusters.
Fitted = tuple[np.ndarray, np.ndarray, float, int, int | None]

# Starts of a callable where n_init is "auto": as in scikit-learn.
_CALLABLE_STARTS = 10


class KMeans(CentroidEstimator):
    """K-Means clustering: exact, reproducible, and with a search that goes on where Lloyd's algorithm stops.

    Parameters, methods and attributes are those of ``sklearn.cluster.KMeans``. It works without scikit-learn, too.

    Parameters
    ----------
    n_clusters : int, default=8
        Number of clusters.
    init : {'k-means++', 'random'}, callable or array-like of shape (n_clusters, n_features), default='k-means++'
        Where the first centroids come from. A callable takes ``X``, ``n_clusters`` and a ``random_state``.
    n_init : 'auto' or int, default='auto'
        'auto' is the engine's own search: sixteen starts, single moves of rows, and recombinations of the best solutions
        (one run where centroids are given, ten where they come from a callable). A number is so many plain runs of
        Lloyd's algorithm, of which the best is kept, as in scikit-learn.
    max_iter : int, default=300
        Iterations of Lloyd's algorithm allowed in one run.
    tol : float, default=1e-4
        Stop a run once the squared movement of all centroids is at most this share of the mean variance of the columns.
        0 runs until no label changes.
    verbose : int, default=0
        Accepted and ignored: nothing is ever printed.
    random_state : int, RandomState instance or None, default=None
        Seed of all draws. None is 0, so that a fit without a seed gives the same every time, too.
    copy_x : bool, default=True
        Accepted and ignored: data is never changed.
    algorithm : {'lloyd', 'elkan'}, default='lloyd'
        Accepted: the engine chooses what to skip, and labels are exact under both.

    Attributes
    ----------
    cluster_centers_ : ndarray of shape (n_clusters, n_features)
        Centroids, in the precision of the data. Clusters of a search are numbered from the largest to the smallest, so
        that the order of rows decides nothing; those of given centroids as given.
    labels_ : ndarray of shape (n_samples,), int32
        The nearest centroid of each row.
    inertia_ : float
        Sum of squared distances of the rows to their centroids, each times its weight.
    n_iter_ : int
        Iterations of the best run; on large data of its last part, on all rows.
    n_features_in_ : int
        Number of columns.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the columns, where the data has them.

    Notes
    -----
    The same rows, parameters and seed give the same bits on any number of threads and any processor; the order of rows
    changes nothing but the order of ``labels_``. Sparse data is accepted and made dense. The interpreter's lock is released,
    and Ctrl-C ends a fit.

    Examples
    --------
    >>> import numpy as np
    >>> from tribus import KMeans
    >>> X = np.array([[1.0, 2.0], [1.5, 1.8], [1.2, 2.2], [8.0, 8.0], [9.0, 8.5]])
    >>> km = KMeans(n_clusters=2).fit(X)
    >>> km.labels_
    array([0, 0, 0, 1, 1], dtype=int32)
    >>> km.predict([[8.2, 8.1]])
    array([1], dtype=int32)
    """

    n_iter_: int

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        init: Any = "k-means++",
        n_init: Any = "auto",
        max_iter: int = 300,
        tol: float = 1e-4,
        verbose: int = 0,
        random_state: Any = None,
        copy_x: bool = True,
        algorithm: str = "lloyd",
    ) -> None:
        self.n_clusters = n_clusters
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.verbose = verbose
        self.random_state = random_state
        self.copy_x = copy_x
        self.algorithm = algorithm

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> KMeans:
        """Compute the clustering.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_samples, n_features)
            Rows to cluster: float64 or float32, other numbers become float64. C-contiguous data is not copied.
        y : ignored
        sample_weight : array-like of shape (n_samples,), default=None
            A row of weight 3 counts as three equal rows, one of weight 0 not at all.

        Returns
        -------
        self : KMeans

        Raises
        ------
        EngineError
            A ``ValueError``: for numbers that are not finite, fewer rows than clusters, or weights that cannot be summed.
        """
        settings = self._settings()
        X = self._checked(X, reset=True)
        weights = as_weights(sample_weight, X)
        n_clusters = settings["n_clusters"]
        if X.shape[0] < n_clusters:
            raise EngineError(f"n_samples={X.shape[0]} should be >= n_clusters={n_clusters}.")
        with engine(X, self._refuse_missing):
            centers, labels, inertia, n_iter, distinct = self._best(X, weights, settings)
        if distinct is not None:
            warn_of_few(distinct, n_clusters)
            # As many centroids as asked for: copies, which no row is nearest to, for they come last.
            copies = np.repeat(centers[-1:], n_clusters - len(centers), axis=0)
            centers = np.concatenate([centers, copies])
        self._exact_centers = centers
        self.cluster_centers_ = centers.astype(X.dtype, copy=False)
        self.labels_ = labels
        self.inertia_ = inertia
        self.n_iter_ = n_iter
        return self

    def fit_predict(self, X: Any, y: Any = None, sample_weight: Any = None) -> np.ndarray:
        """Compute the clustering and return ``labels_``; see :meth:`fit`."""
        return self.fit(X, sample_weight=sample_weight).labels_

    def fit_transform(self, X: Any, y: Any = None, sample_weight: Any = None) -> Any:
        """Compute the clustering and return ``transform(X)``; see :meth:`fit`."""
        return self.fit(X, sample_weight=sample_weight).transform(X)

    def _settings(self) -> dict[str, Any]:
        parameters.check_choice(self, "algorithm", ("lloyd", "elkan"))
        return {
            "n_clusters": parameters.check_count(self, "n_clusters"),
            "init": parameters.check_init(self),
            "n_init": parameters.check_n_init(self),
            "max_iter": parameters.check_count(self, "max_iter"),
            "tol": parameters.check_tol(self),
            "seed": parameters.check_random_state(self),
        }

    def _best(self, X: np.ndarray, weights: np.ndarray | None, settings: dict[str, Any]) -> Fitted:
        init, random_state = settings["init"], settings["seed"]
        settings["seed"] = as_seed(random_state)
        if isinstance(init, str):
            return _tribus.fit(X, weights, settings)
        if not callable(init):
            settings["init"] = self._starting_centers(init, X)
            return _tribus.fit(X, weights, settings)
        # They are the caller's function's to see first.
        self._refuse_missing(X)
        state = random_state if isinstance(random_state, np.random.RandomState) else None
        state = state or np.random.RandomState(settings["seed"])
        runs = []
        for _ in range(settings["n_init"] or _CALLABLE_STARTS):
            centers = init(X, self.n_clusters, random_state=state)
            runs.append(_tribus.fit(X, weights, {**settings, "init": self._starting_centers(centers, X)}))
        return min(runs, key=lambda run: run[2])

    def _starting_centers(self, init: Any, X: np.ndarray) -> np.ndarray:
        centers = np.ascontiguousarray(init, dtype=np.float64)
        if centers.ndim != 2 or centers.shape[0] != self.n_clusters:
            raise EngineError(
                f"The shape of the initial centers {centers.shape} does not match the number of clusters "
                f"{self.n_clusters}."
            )
        if centers.shape[1] != X.shape[1]:
            raise EngineError(
                f"The shape of the initial centers {centers.shape} does not match the number of features of the "
                f"data {X.shape[1]}."
            )
        return centers
