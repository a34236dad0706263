"""What a segmentation shows: evidence, ledger and charts, each with a display of its own in Jupyter.

Displays are plain HTML with inline styles, and charts are images, so that nothing of them reaches the page around, and
they stay as they are in a static export.
"""

from __future__ import annotations

import base64
import html
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tribus._frames import Kind
from tribus._tribus import Frame

_CELL = "padding:4px 10px;text-align:left;vertical-align:top;border:0;border-bottom:1px solid rgba(128,128,128,.35)"
_NUMBER = _CELL.replace("left", "right")


def table_html(header: list[str], rows: list[list[Any]]) -> str:
    """A table; numbers stand to the right."""
    head = "".join(
        f'<th style="{_style(rows, at)};font-weight:600">{html.escape(name)}</th>'
        for at, name in enumerate(header)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<td style="{_style(rows, at)}">{html.escape(_text(cell))}</td>' for at, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return (
        '<table style="border-collapse:collapse;margin:6px 0;font-size:13px">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _style(rows: list[list[Any]], at: int) -> str:
    is_number = all(isinstance(row[at], (int, float)) or row[at] is None for row in rows)
    return _NUMBER if is_number and rows else _CELL


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float):
        return f"{cell:,.4g}" if abs(cell) < 1000 else f"{cell:,.0f}"
    return str(cell)


def paragraph(text: str) -> str:
    """A paragraph of text."""
    return f'<p style="margin:6px 0;max-width:80ch">{html.escape(text)}</p>'


@dataclass(frozen=True, repr=False)
class Chart:
    """A chart: SVG that stands alone.

    Attributes
    ----------
    name : str
    svg : str
    """

    name: str
    svg: str

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the SVG to a file."""
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(self.svg)

    def __repr__(self) -> str:
        return f"<tribus chart {self.name!r}>"

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.svg.encode()).decode()
        return (
            f'<img alt="{html.escape(self.name)}" style="max-width:100%;height:auto" '
            f'src="data:image/svg+xml;base64,{data}">'
        )


class Charts(Mapping[str, Chart]):
    """The charts of a report by name, in its order."""

    def __init__(self, charts: list[tuple[str, str]]) -> None:
        self._charts = {name: Chart(name, svg) for name, svg in charts}

    def __getitem__(self, name: str) -> Chart:
        return self._charts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._charts)

    def __len__(self) -> int:
        return len(self._charts)

    def __repr__(self) -> str:
        return f"<tribus charts: {', '.join(self._charts)}>"

    def _repr_html_(self) -> str:
        return "".join(chart._repr_html_() for chart in self._charts.values())


class Ledger:
    """What happened to every row and every repaired cell: rows read = rows used + rows set aside.

    Attributes
    ----------
    read, used : int
        Rows.
    set_aside : frame
        Rows set aside: ``reason``, ``rows``.
    repaired : frame
        Cells repaired: ``column``, ``rule``, ``cells``.
    limited : frame
        Cells limited for the distance only: ``column``, ``rule``, ``cells``.
    duplicates : int
        Rows that equal another in every column but the id; they are kept.
    """

    def __init__(self, ledger: dict[str, Any], kind: Kind) -> None:
        self._ledger = ledger
        self._kind = kind
        self.read: int = ledger["read"]
        self.used: int = ledger["used"]
        self.duplicates: int = ledger["duplicates"]

    @property
    def set_aside(self) -> Any:
        return self._frame("set_aside", ["reason"], "rows")

    @property
    def repaired(self) -> Any:
        return self._frame("repaired", ["column", "rule"], "cells")

    @property
    def limited(self) -> Any:
        return self._frame("limited", ["column", "rule"], "cells")

    @property
    def rows_set_aside(self) -> int:
        """Rows set aside in all."""
        return sum(entry["rows"] for entry in self._ledger["set_aside"])

    @property
    def cells_repaired(self) -> int:
        """Cells repaired in all."""
        return sum(entry["cells"] for entry in self._ledger["repaired"])

    def __repr__(self) -> str:
        return f"{self.read:,} rows read = {self.used:,} used + {self.rows_set_aside:,} set aside"

    def _repr_html_(self) -> str:
        parts = [paragraph(repr(self))]
        set_aside = [[e["reason"], e["rows"]] for e in self._ledger["set_aside"] if e["rows"]]
        if set_aside:
            parts.append(table_html(["Set aside because", "Rows"], set_aside))
        for key, title in (("repaired", "Repaired"), ("limited", "Limited for the distance")):
            rows = [[e["column"], e["rule"], e["cells"]] for e in self._ledger[key] if e["cells"]]
            if rows:
                parts.append(table_html([title, "Rule", "Cells"], rows))
        return "<div>" + "".join(parts) + "</div>"

    def _frame(self, key: str, texts: list[str], count: str) -> Any:
        entries = self._ledger[key]
        columns: list[tuple[str, Any]] = [(name, [entry[name] for entry in entries]) for name in texts]
        columns.append((count, np.array([entry[count] for entry in entries], dtype=np.int64)))
        return self._kind.made_of(Frame.from_columns(columns))


class Evidence:
    """How many segments there are, and whether there are any.

    Attributes
    ----------
    k : int
        The number of segments decided.
    verdict : {'groups', 'continuum', 'none'}
        Natural groups, a continuum that can be cut usefully, or nothing.
    confidence : {'strong', 'moderate', 'weak'}
        How sure the number is.
    runner_up : int or None
        The next best number.
    why : str
        One sentence.
    paragraph : str
        What each criterion says.
    notes : tuple of str
        What should be known beside it.
    criteria : frame
        One row per number of segments tried.
    """

    def __init__(self, evidence: dict[str, Any], notes: list[str], kind: Kind) -> None:
        self._evidence = evidence
        self._kind = kind
        choice = evidence["choice"]
        self.k: int = choice["k"]
        self.natural_k: int = choice["natural_k"]
        self.verdict: str = choice["verdict"]
        self.confidence: str = choice["confidence"]
        self.runner_up: int | None = choice["runner_up"]
        self.why: str = choice["why"]
        self.paragraph: str = choice["paragraph"]
        self.notes = tuple(notes)

    @property
    def criteria(self) -> Any:
        names, rows = self._criteria()
        columns: list[tuple[str, Any]] = []
        for at, name in enumerate(names):
            values = [row[at] for row in rows]
            if name == "k":
                columns.append((name, np.array(values, dtype=np.int64)))
            else:
                numbers = [np.nan if value is None else float(value) for value in values]
                columns.append((name, np.array(numbers, dtype=np.float64)))
        return self._kind.made_of(Frame.from_columns(columns))

    def __repr__(self) -> str:
        return f"<tribus evidence: {self.why}>"

    def _repr_html_(self) -> str:
        names, rows = self._criteria()
        header = [name.replace("_", " ") for name in names]
        return f"<div>{paragraph(self.why)}{table_html(header, rows)}{paragraph(self.paragraph)}</div>"

    def _criteria(self) -> tuple[list[str], list[list[Any]]]:
        names = [
            "k",
            "inertia",
            "silhouette",
            "calinski_harabasz",
            "davies_bouldin",
            "gap",
            "prediction_strength",
            "stability",
            "likelihood",
        ]
        rows = []
        for candidate in self._evidence["candidates"]:
            part = {**candidate}
            part["silhouette"] = (candidate["silhouette"] or {}).get("mean")
            part["gap"] = (candidate["gap"] or {}).get("value")
            part["stability"] = (candidate["stability"] or {}).get("rand")
            rows.append([part[name] for name in names])
        return names, rows


@dataclass(frozen=True, repr=False)
class Audience:
    """A list to send to.

    Attributes
    ----------
    list : frame
        The list.
    holdout : frame or None
        ``id``, ``segment``, ``segment_name`` and ``holdout`` (1) of those who are left alone; None where nobody was to be.
    account : dict
        What became of each customer of the segments: ``written``, ``held_out``, ``left_out`` by reason; ``consent`` and
        ``columns`` tell which columns were used.
    notes : tuple of str
        What should be known beside it.
    """

    list: Any
    holdout: Any
    account: dict[str, Any]
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        # The frames hold contacts, which nobody prints by the way.
        return f"<tribus audience: {self.account['written']:,} customers, {self.account['held_out']:,} held out>"
