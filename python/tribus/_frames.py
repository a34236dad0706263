"""Frames across the border: what the caller has in, the same kind out again."""

from __future__ import annotations

import datetime
import importlib.util
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tribus._errors import ReadError
from tribus._tribus import Frame

_EPOCH = datetime.date(1970, 1, 1)

# Columns of customers in which a row that was set aside has nothing: their type in pandas is one that knows missing values,
# also where no row was set aside, so that code which worked yesterday works on tomorrow's customers.
_MAY_MISS = frozenset({"segment", "second_segment", "outlier", "repaired_cells"})


@dataclass(frozen=True)
class Kind:
    """The caller's kind of frame, and its index where it has one."""

    library: str
    index: Any = None

    def without_index(self) -> Kind:
        """The same kind for rows that are not the caller's."""
        return Kind(self.library)

    def made_of(self, frame: Frame, *, per_row: bool = False) -> Any:
        """A frame of this kind; ``per_row`` says that its rows are those of the caller's frame, in order."""
        if self.library == "pandas":
            made = _to_pandas(frame, _MAY_MISS if per_row else frozenset())
            if per_row and self.index is not None and len(self.index) == len(made):
                made.index = self.index
            return made
        if self.library == "polars":
            import polars

            return polars.DataFrame(frame)
        if self.library == "pyarrow":
            import pyarrow

            return pyarrow.table(frame)
        if self.library == "duckdb":
            return _to_duckdb(frame)
        return frame


def is_path(value: Any) -> bool:
    """Whether this names a file rather than being a frame."""
    return isinstance(value, (str, os.PathLike))


def usual() -> Kind:
    """The kind of frame for customers that came from a file: the first of these that is installed."""
    for library in ("pandas", "polars", "pyarrow"):
        if importlib.util.find_spec(library) is not None:
            return Kind(library)
    return Kind("arrow")


def taken_in(frame: Any) -> tuple[Any, Kind]:
    """An object that knows Arrow's stream protocol, and the kind of frame it came as."""
    # Of a class of somebody's own, the library it is made from.
    bases = [base.__module__.partition(".")[0] for base in type(frame).__mro__]
    library = next((base for base in bases if base in ("pandas", "polars", "pyarrow")), bases[0])
    if library == "pandas" and hasattr(frame, "iloc"):
        return _from_pandas(frame), Kind("pandas", frame.index)
    if library == "polars":
        return (frame.collect() if hasattr(frame, "collect") else frame), Kind("polars")
    if library in ("duckdb", "_duckdb"):
        return _from_duckdb(frame), Kind("duckdb")
    if isinstance(frame, Mapping):
        return _from_mapping(frame), usual()
    if hasattr(frame, "__arrow_c_stream__"):
        return frame, Kind("pyarrow" if library == "pyarrow" else "arrow")
    raise ReadError(
        f"{type(frame).__name__} is no table that can be read",
        "give a path, a pandas or polars DataFrame, an Arrow table, a duckdb relation, a dict of columns, or any object "
        "with __arrow_c_stream__",
    )


def _from_pandas(frame: Any) -> Any:
    if frame.columns.nlevels > 1:
        raise ReadError(
            "the columns of the frame have several levels",
            'join them first: frame.columns = ["_".join(map(str, names)) for names in frame.columns]',
        )
    # A frame of its own, whose names can be made text; the values are shared.
    frame = frame.reset_index(drop=True)
    frame.columns = [str(name) for name in frame.columns]
    try:
        import pyarrow
    except ImportError:
        # Not there, or not made for this NumPy.
        return _plain(frame)
    try:
        return pyarrow.Table.from_pandas(frame, preserve_index=False)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError, pyarrow.ArrowNotImplementedError):
        # Columns of mixed objects: as text, as a file would hold them.
        return _plain(frame)


def _plain(frame: Any) -> Frame:
    import pandas

    columns: list[tuple[str, Any]] = []
    for at, name in enumerate(frame.columns):
        column = frame.iloc[:, at]
        if pandas.api.types.is_datetime64_any_dtype(column.dtype):
            if getattr(column.dtype, "tz", None) is not None:
                column = column.dt.tz_convert("UTC").dt.tz_localize(None)
            days = column.to_numpy(dtype="datetime64[D]")
            values = np.where(np.isnat(days), np.iinfo(np.int32).min, days.astype(np.int64))
            columns.append((name, np.ascontiguousarray(values, dtype=np.int32)))
        elif pandas.api.types.is_bool_dtype(column.dtype):
            columns.append((name, _texts(column.map({True: "true", False: "false"}))))
        elif (
            pandas.api.types.is_integer_dtype(column.dtype)
            and not column.isna().any()
            and _fits(column.to_numpy())
        ):
            columns.append((name, np.ascontiguousarray(column.to_numpy(dtype=np.int64))))
        elif pandas.api.types.is_numeric_dtype(column.dtype):
            numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
            columns.append((name, np.ascontiguousarray(numbers)))
        else:
            columns.append((name, _texts(column)))
    return Frame.from_columns(columns)


def _texts(column: Any) -> list[str | None]:
    return [
        None if missing else str(value)
        for value, missing in zip(column, column.isna(), strict=True)
    ]


def _from_mapping(frame: Mapping[Any, Any]) -> Frame:
    return Frame.from_columns([(str(name), _column(values)) for name, values in frame.items()])


def _unmasked(values: Any) -> np.ndarray:
    """The gaps of a masked array as those of its kind: NaN among numbers, None among others."""
    data, mask = np.ma.getdata(values), np.ma.getmaskarray(values)
    if not mask.any():
        return data
    if data.dtype.kind in "iuf":
        return np.where(mask, np.nan, data)
    objects = data.astype(object)
    objects[mask] = None
    return objects


def _fits(whole: np.ndarray) -> bool:
    """Whether whole numbers keep their value in 64 bits with a sign; ids beyond are kept as text."""
    return whole.dtype != np.uint64 or not whole.size or int(whole.max()) <= np.iinfo(np.int64).max


def _column(values: Any) -> Any:
    if isinstance(values, np.ma.MaskedArray):
        values = _unmasked(values)
    array = np.asarray(values)
    if array.dtype.kind in "iu" and _fits(array):
        return np.ascontiguousarray(array, dtype=np.int64)
    if array.dtype.kind == "f":
        return np.ascontiguousarray(array, dtype=np.float64)
    if array.dtype.kind == "M":
        days = array.astype("datetime64[D]")
        whole = np.where(np.isnat(days), np.iinfo(np.int32).min, days.astype(np.int64))
        return np.ascontiguousarray(whole, dtype=np.int32)
    return [None if value is None else str(value) for value in array.tolist()]


def _from_duckdb(relation: Any) -> Any:
    # One of its own: in older versions a relation can be streamed only once, and the caller has plans for theirs.
    relation = relation.select("*")
    if hasattr(relation, "__arrow_c_stream__"):
        return relation
    return relation.to_arrow_table()


def _to_duckdb(frame: Frame) -> Any:
    import duckdb
    import pyarrow

    return duckdb.from_arrow(pyarrow.table(frame))


def _to_pandas(frame: Frame, may_miss: frozenset[str]) -> Any:
    import pandas

    made: dict[str, Any] = {}
    for name, kind, values in frame.columns():
        if kind == "date":
            days: Any = [None if day is None else _EPOCH + datetime.timedelta(days=day) for day in values]
            made[name] = pandas.to_datetime(days)
        elif kind == "whole" and (isinstance(values, list) or name in may_miss):
            made[name] = pandas.array(values, dtype="Int64")
        elif kind == "flag":
            is_nullable = name in may_miss or None in values
            made[name] = pandas.array(values, dtype="boolean" if is_nullable else "bool")
        elif kind == "text":
            made[name] = pandas.Series(values, dtype=_text_dtype())
        else:
            made[name] = values
    return pandas.DataFrame(made)


def _text_dtype() -> Any:
    import pandas

    # Before 3.0 this word would make text of what is missing.
    return "str" if int(pandas.__version__.partition(".")[0]) >= 3 else object

