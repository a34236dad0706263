"""Frames and matrices of every layout give estimators the same numbers, and the same words where one is missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import tribus
from tribus import _matrix, _tribus

NAMES = [f"column {at}" for at in range(11)]


@pytest.fixture(params=[np.float64, np.float32], scope="module")
def rows(request: pytest.FixtureRequest) -> np.ndarray:
    # More values than one thread writes at a time, in a number of rows that no block divides.
    drawn = np.random.default_rng(5)
    groups = 3 * drawn.normal(size=(4, 11))
    rows = groups[drawn.integers(0, 4, 20_011)] + drawn.normal(size=(20_011, 11))
    return rows.astype(request.param)


def frames_of(rows: np.ndarray) -> dict[str, Any]:
    columns = {name: np.ascontiguousarray(rows[:, at]) for at, name in enumerate(NAMES)}
    table = pa.table(columns)
    return {
        "fortran": np.asfortranarray(rows),
        "pandas": pd.DataFrame(columns),
        "pandas, part": pd.DataFrame({"other": rows[:, 0], **columns})[NAMES],
        "polars": pl.DataFrame(columns),
        "polars, in pieces": pl.concat([pl.DataFrame(table[:7]), pl.DataFrame(table[7:])], rechunk=False),
        "pyarrow": table,
        "pyarrow, in pieces": pa.concat_tables([table[:9_000], table[9_000:9_001], table[9_001:]]),
    }


def test_columns_are_turned_into_the_same_rows(rows: np.ndarray) -> None:
    for kind, frame in frames_of(rows).items():
        turned = _matrix.turned(frame)
        assert turned is not None, kind
        assert turned.dtype == rows.dtype
        assert turned.flags.c_contiguous
        np.testing.assert_array_equal(turned, rows, err_msg=kind)


def test_rows_that_lie_in_order_are_not_copied(rows: np.ndarray) -> None:
    assert np.shares_memory(tribus.KMeans()._checked(rows, reset=True), rows)
    frame = pd.DataFrame(rows, columns=NAMES, copy=False)
    assert _matrix.turned(frame) is None
    assert np.shares_memory(tribus.KMeans()._checked(frame, reset=True), rows)


def test_fits_of_all_layouts_are_equal_and_know_their_names(rows: np.ndarray) -> None:
    expected = tribus.KMeans(4).fit(rows)
    for kind, frame in frames_of(rows).items():
        fitted = tribus.KMeans(4).fit(frame)
        np.testing.assert_array_equal(fitted.cluster_centers_, expected.cluster_centers_, err_msg=kind)
        np.testing.assert_array_equal(fitted.labels_, expected.labels_)
        np.testing.assert_array_equal(fitted.predict(frame), expected.labels_)
        assert fitted.cluster_centers_.dtype == rows.dtype
        assert hasattr(fitted, "feature_names_in_") == (kind != "fortran")
        if kind != "fortran":
            assert list(fitted.feature_names_in_) == NAMES


def test_what_is_not_of_one_precision_goes_the_plain_way(rows: np.ndarray) -> None:
    columns = dict(zip(NAMES, rows.T, strict=True))
    mixed = {**columns, NAMES[0]: np.arange(len(rows)), NAMES[1]: rows[:, 1].astype(np.float32)}
    wide = np.column_stack([np.asarray(column, dtype=np.float64) for column in mixed.values()])
    expected = tribus.KMeans(4).fit(wide)
    for frame in (pd.DataFrame(mixed), pl.DataFrame(mixed), pa.table(mixed)):
        assert _matrix.turned(frame) is None
        np.testing.assert_array_equal(tribus.KMeans(4).fit(frame).labels_, expected.labels_)
    assert _matrix.turned(rows.astype(np.float16, order="F")) is None
    assert _matrix.turned(rows[:10]) is None


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_refused_in_the_words_of_scikit_learn(
    rows: np.ndarray, bad: float
) -> None:
    broken = rows.copy()
    broken[777, 10] = bad
    words = "Input X contains NaN" if np.isnan(bad) else "Input X contains infinity"
    fitted = tribus.KMeans(4).fit(rows)
    for frame in (broken, *frames_of(broken).values()):
        with pytest.raises(ValueError, match=words):
            tribus.KMeans(4).fit(frame)
        for method in (fitted.predict, fitted.transform, fitted.score):
            data = frame if isinstance(frame, np.ndarray) else broken
            with pytest.raises(ValueError, match=words):
                method(data)
    with pytest.raises(ValueError, match=words):
        tribus.MiniBatchKMeans(4).fit(broken)
    with pytest.raises(ValueError, match=words):
        tribus.BisectingKMeans(4).fit(broken)
    with pytest.raises(ValueError, match=words):
        tribus.metrics.silhouette_score(broken[:900], fitted.labels_[:900])
    with pytest.raises(ValueError, match=words):
        tribus.metrics.davies_bouldin_score(broken, fitted.labels_)


def test_missing_values_of_arrow_are_refused_as_those_of_numpy(rows: np.ndarray) -> None:
    columns: dict[str, Any] = {name: pa.array(rows[:, at]) for at, name in enumerate(NAMES)}
    columns[NAMES[3]] = pa.array([None, *rows[1:, 3].tolist()], type=pa.array(rows[:1, 3]).type)
    table = pa.table(columns)
    assert _matrix.turned(table) is None
    for frame in (table, pl.DataFrame(table)):
        with pytest.raises(ValueError, match="Input X contains NaN"):
            tribus.KMeans(4).fit(frame)


def test_columns_of_different_lengths_are_no_matrix() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        _tribus.rows_of_columns([np.zeros(3), np.zeros(4)])


def test_types_that_arrow_in_rust_does_not_know_are_left_to_their_library() -> None:
    frame = pl.DataFrame({name: pl.Series(range(9_000)).cast(pl.Int128) for name in NAMES})
    assert _matrix.turned(frame) is None
