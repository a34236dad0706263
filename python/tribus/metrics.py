"""Measures of labels at the engine's speed, with the names, signatures and values of ``sklearn.metrics``.

Distances are Euclidean, computed in double precision from differences, so near and equal rows keep all their digits.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from tribus import _tribus
from tribus._errors import EngineError, ParameterError
from tribus._matrix import as_matrix, engine

__all__ = [
    "calinski_harabasz_score",
    "davies_bouldin_score",
    "silhouette_samples",
    "silhouette_score",
]


def silhouette_score(
    X: Any,
    labels: Any,
    *,
    metric: str = "euclidean",
    sample_size: int | None = None,
    random_state: Any = None,
    **kwds: Any,
) -> float:
    """Compute the mean silhouette of all rows.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
    labels : array-like of shape (n_samples,)
        The cluster of each row: numbers or text.
    metric : 'euclidean', default='euclidean'
        The only one there is.
    sample_size : int or None, default=None
        So many rows drawn with ``random_state``, as scikit-learn draws them, are measured among themselves.
    random_state : int, RandomState instance or None, default=None

    Returns
    -------
    silhouette : float
        -1 (wrong clusters) to 1 (clusters far from each other).

    Raises
    ------
    EngineError
        A ``ValueError``: unless 2 to n_samples - 1 labels differ.
    """
    _only_euclidean(metric, kwds)
    X = as_matrix(X)
    labels = _as_labels(labels, X)
    if sample_size is not None:
        drawn = _random(random_state).permutation(X.shape[0])[:sample_size]
        X, labels = np.ascontiguousarray(X[drawn]), labels[drawn]
    return _silhouettes(X, labels)[1]


def silhouette_samples(X: Any, labels: Any, *, metric: str = "euclidean", **kwds: Any) -> np.ndarray:
    """Compute the silhouette of each row.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
    labels : array-like of shape (n_samples,)
        The cluster of each row: numbers or text.
    metric : 'euclidean', default='euclidean'
        The only one there is.

    Returns
    -------
    silhouettes : ndarray of shape (n_samples,)
        0 for a row that is alone in its cluster.

    Raises
    ------
    EngineError
        A ``ValueError``: unless 2 to n_samples - 1 labels differ.
    """
    _only_euclidean(metric, kwds)
    X = as_matrix(X)
    return _silhouettes(X, _as_labels(labels, X))[0]


def calinski_harabasz_score(X: Any, labels: Any) -> float:
    """Compute the Calinski-Harabasz index: variance between clusters over variance within; higher is better.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
    labels : array-like of shape (n_samples,)

    Returns
    -------
    score : float
        1 where clusters have no extent, as in scikit-learn.
    """
    score = _measure(X, labels, "calinski_harabasz")
    return score if np.isfinite(score) else 1.0


def davies_bouldin_score(X: Any, labels: Any) -> float:
    """Compute the Davies-Bouldin index: the mean likeness of each cluster to the most similar other; lower is better.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
    labels : array-like of shape (n_samples,)

    Returns
    -------
    score : float
    """
    return _measure(X, labels, "davies_bouldin")


def _measure(X: Any, labels: Any, which: Literal["calinski_harabasz", "davies_bouldin"]) -> float:
    X = as_matrix(X)
    codes, n_labels = _codes(_as_labels(labels, X))
    with engine(X):
        return _tribus.measure(X, codes, n_labels, which)


def _silhouettes(X: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, float]:
    codes, n_labels = _codes(labels)
    with engine(X):
        return _tribus.silhouette(X, codes, n_labels)


def _as_labels(labels: Any, X: np.ndarray) -> np.ndarray:
    given = np.asarray(labels)
    if given.ndim == 2 and given.shape[1] == 1:
        given = given.ravel()
    if given.ndim != 1:
        raise EngineError(f"y should be a 1d array, got an array of shape {given.shape} instead.")
    if given.shape[0] != X.shape[0]:
        raise EngineError(
            "Found input variables with inconsistent numbers of samples: "
            f"[{X.shape[0]}, {given.shape[0]}]"
        )
    return given


def _codes(labels: np.ndarray) -> tuple[np.ndarray, int]:
    names, codes = np.unique(labels, return_inverse=True)
    if not 1 < len(names) < len(labels):
        raise EngineError(
            f"Number of labels is {len(names)}. Valid values are 2 to n_samples - 1 (inclusive)"
        )
    return codes.astype(np.uint32), len(names)


def _only_euclidean(metric: str, kwds: dict[str, Any]) -> None:
    if kwds:
        raise ParameterError(f"{', '.join(sorted(kwds))}: no such argument here; distances need no others")
    if metric != "euclidean":
        raise ParameterError(
            f"metric={metric!r} is not supported: distances are Euclidean",
            "sklearn.metrics has other distances",
        )


def _random(random_state: Any) -> np.random.RandomState:
    if isinstance(random_state, np.random.RandomState):
        return random_state
    return np.random.RandomState(0 if random_state is None else random_state)
