"""Matrices for the engine: numbers row by row, from whatever the caller has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from tribus import _tribus
from tribus._errors import EngineError

DTYPES = [np.float64, np.float32]

# With fewer values, asking a frame for its columns takes longer than turning them the plain way.
_MANY_VALUES = 1 << 16


def as_matrix(X: Any) -> np.ndarray:
    """A C-contiguous matrix of float64 or float32, refused in scikit-learn's words where it cannot be one.

    Whether its numbers are finite is left to the engine, which looks at each of them anyway.
    """
    matrix = turned(X)
    if matrix is not None:
        return matrix
    if hasattr(X, "toarray"):
        X = X.toarray()
    matrix = np.asarray(X)
    if matrix.dtype not in DTYPES:
        if np.iscomplexobj(matrix):
            raise EngineError("Complex data not supported")
        matrix = matrix.astype(np.float64)
    if matrix.ndim != 2:
        raise EngineError(
            f"Expected 2D array, got {matrix.ndim}D array instead",
            "reshape(-1, 1) makes one column of a 1D array, reshape(1, -1) one row",
        )
    if 0 in matrix.shape:
        raise EngineError(f"Found array with shape {matrix.shape} while a minimum of 1 is required.")
    return np.ascontiguousarray(matrix)


def turned(X: Any) -> np.ndarray | None:
    """The rows of a table that lies column by column, turned on all cores; None where that is not what X is.

    Tables of one precision whose columns miss nothing: matrices in Fortran order, frames of pandas, and frames that know
    Arrow's stream protocol. All others go the plain way, which is slower and gives the same.
    """
    shape = getattr(X, "shape", None)
    if not isinstance(shape, tuple) or len(shape) != 2 or not _is_large(shape):
        return None
    if type(X) is np.ndarray:
        return _rows_of([X[:, at] for at in range(shape[1])]) if _is_by_column(X) else None
    if type(X).__module__.partition(".")[0] == "pandas":
        return _turned_pandas(X)
    if hasattr(X, "__arrow_c_stream__"):
        rows: np.ndarray | None = _tribus.rows_of_stream(X)
        return rows
    return None


def names_of(X: Any) -> np.ndarray | None:
    """The names of a frame's columns, where all are text."""
    columns = getattr(X, "columns", None)
    if columns is None:
        return None
    names = np.asarray(list(columns), dtype=object)
    return names if all(isinstance(name, str) for name in names) else None


def refuse_missing(matrix: np.ndarray) -> None:
    """Raises, in scikit-learn's words, if a number is not finite."""
    if not np.isfinite(matrix).all():
        what = "NaN" if np.isnan(matrix).any() else "infinity or a value too large"
        raise EngineError(f"Input X contains {what}.", "fill in or leave out missing values first")


@contextmanager
def engine(X: np.ndarray, refuse: Callable[[np.ndarray], None] = refuse_missing) -> Iterator[None]:
    """Work of the engine, which looks at each number once: one that is not finite is told of in scikit-learn's words."""
    try:
        yield
    except EngineError:
        refuse(X)
        raise


def _is_large(shape: tuple[Any, Any]) -> bool:
    try:
        return int(shape[0]) * int(shape[1]) >= _MANY_VALUES and shape[0] >= shape[1]
    except TypeError:
        return False


def _is_by_column(matrix: np.ndarray) -> bool:
    return matrix.dtype in DTYPES and matrix.flags.f_contiguous and not matrix.flags.c_contiguous


def _turned_pandas(frame: Any) -> np.ndarray | None:
    kinds = set(getattr(frame, "dtypes", ()))
    if len(kinds) != 1 or kinds.pop() not in DTYPES:
        return None
    columns = [frame.iloc[:, at].to_numpy() for at in range(frame.shape[1])]
    # Columns with gaps are those of a matrix that lies row by row, which is taken as it is.
    return _rows_of(columns) if all(column.flags.c_contiguous for column in columns) else None


def _rows_of(columns: list[np.ndarray]) -> np.ndarray:
    rows: np.ndarray = _tribus.rows_of_columns(columns)
    return rows
