"""What explains segments: their profiles with names, rules and actions, and whether targeting pays."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

import numpy as np

from tribus._frames import Kind
from tribus._tribus import Frame, printable
from tribus._views import paragraph, table_html


@dataclass(frozen=True)
class Profile:
    """One segment, described.

    Attributes
    ----------
    segment : int
        Its number, from 1.
    name : str
    size : int
        Customers.
    share : float
        Of all customers, 0 to 1.
    value : float or None
        Total of the value column.
    advice : str
        One line.
    differences : tuple of str
        How it differs from all customers, strongest first.
    priority : {'protect', 'grow', 'develop', 'low_touch'} or None
        What its customers are worth spending on; None where no value is known.
    stability : str or None
        How often it is found again in resamples.
    claims : tuple of str
        The facts that the words of its name rest on.
    actions : tuple of str
        What its facts call for, with the reason.
    rule : str or None
        Thresholds that find it again, in words.
    coverage, precision : float or None
        Share of the segment that the rule finds; share of those it takes that are of the segment.
    """

    segment: int
    name: str
    size: int
    share: float
    value: float | None
    advice: str
    differences: tuple[str, ...]
    priority: str | None
    stability: str | None
    claims: tuple[str, ...]
    actions: tuple[str, ...]
    rule: str | None
    coverage: float | None
    precision: float | None

    @classmethod
    def _of(cls, card: dict[str, Any]) -> Profile:
        numbers, profile = card["numbers"], card["profile"]
        rule = card["rule"] or {}
        return cls(
            segment=profile["segment"],
            name=profile["name"],
            size=numbers["size"],
            share=numbers["share"],
            value=numbers["value"],
            advice=profile["advice"],
            differences=tuple(difference["words"] for difference in profile["differences"]),
            priority=profile.get("priority"),
            stability=card["stability"],
            claims=tuple(f"{claim['word']}: {claim['fact']}" for claim in profile["claims"]),
            actions=tuple(f"{action['say']}; {action['because']}" for action in profile["actions"]),
            rule=rule.get("words"),
            coverage=rule.get("coverage"),
            precision=rule.get("precision"),
        )

    def _repr_html_(self) -> str:
        title = f"{self.segment}. {self.name}: {self.size:,} customers, {self.share:.0%}"
        parts = [f"<strong>{html.escape(title)}</strong>", _items(self.differences)]
        if self.stability is not None:
            parts.append(paragraph(self.stability.capitalize() + "."))
        if self.rule is not None:
            found = f"{self.coverage:.0%} of them; {self.precision:.0%} of those it takes are theirs"
            parts.append(paragraph(f"Rule: {self.rule} ({found})."))
        parts.append(paragraph(self.advice))
        return f"<div>{''.join(parts)}</div>"


def _items(texts: tuple[str, ...]) -> str:
    items = "".join(f"<li>{html.escape(text)}</li>" for text in texts)
    return f'<ul style="margin:4px 0">{items}</ul>'


class Profiles(tuple[Profile, ...]):
    """All segments described, in order."""

    def _repr_html_(self) -> str:
        return "".join(profile._repr_html_() for profile in self)


class Campaign:
    """Whether targeting pays, tried on customers that were held out; beside a control group, what contacting changes.

    Attributes
    ----------
    verdict : str
        One honest sentence.
    found : str
        What is the outcome, the cost, the revenue, the treatment, and where they were found.
    outcome : str
        Column that says what the campaign is to change.
    cost, revenue, break_even : float or None
        Of a contact and of a response, and the rate from which contacting pays.
    policies : frame
        One row per way to choose whom to contact: ``policy``, ``contacted``, ``profit_per_customer``, ``low``, ``high``,
        ``gain_over_everybody``, ``gain_low``, ``gain_high``; empty without cost and revenue.
    response : frame
        One row per segment: ``segment``, ``customers``, ``responses``, ``rate``, ``low``, ``high``.
    uplift : frame
        All customers (segment 0), then the segments: ``segment``, ``arm``, ``treated``, ``control``, ``difference``, ``low``,
        ``high``; empty without a control group.
    """

    def __init__(self, campaign: dict[str, Any], kind: Kind) -> None:
        self._campaign = campaign
        self._kind = kind
        self.verdict: str = campaign["verdict"]
        self.found: str = campaign["found"]
        self.outcome: str = campaign["outcome"]
        self.cost: float | None = campaign["cost"]
        self.revenue: float | None = campaign["revenue"]
        self.break_even: float | None = campaign["break_even"]

    @property
    def policies(self) -> Any:
        numbers = [
            "contacted",
            "profit_per_customer",
            "low",
            "high",
            "gain_over_everybody",
            "gain_low",
            "gain_high",
        ]
        return frame_of(self._campaign["policies"], {"policy": str, **dict.fromkeys(numbers, float)}, self._kind)

    @property
    def response(self) -> Any:
        rows = [{"segment": at, **row} for at, row in enumerate(self._campaign["response"], start=1)]
        numbers = dict.fromkeys(["responses", "rate", "low", "high"], float)
        return frame_of(rows, {"segment": int, "customers": int, **numbers}, self._kind)

    @property
    def uplift(self) -> Any:
        rows = [{**row, "segment": row["segment"] or 0} for row in self._campaign["uplift"]]
        numbers = dict.fromkeys(["treated", "control", "difference", "low", "high"], float)
        counts = dict.fromkeys(["treated_customers", "control_customers"], int)
        return frame_of(rows, {"segment": int, "arm": str, **counts, **numbers}, self._kind)

    def __repr__(self) -> str:
        return printable(f"<tribus campaign: {self.verdict}>")

    def _repr_html_(self) -> str:
        parts = [paragraph(f"{self.verdict}.")]
        if self._campaign["policies"]:
            header = ["Whom to contact", "Contacted", "Profit per customer", "Low", "High"]
            keys = ["policy", "contacted", "profit_per_customer", "low", "high"]
            parts.append(table_html(header, [[row[key] for key in keys] for row in self._campaign["policies"]]))
        together = [row for row in self._campaign["uplift"] if row["arm"] is None]
        if together:
            header = ["Segment", "Treated", "Control", "Change", "Low", "High"]
            keys = ["treated", "control", "difference", "low", "high"]
            rows = [[str(row["segment"] or "all"), *(row[key] for key in keys)] for row in together]
            parts.append(table_html(header, rows))
        parts.append(paragraph(f"{self.found}."))
        return f"<div>{''.join(parts)}</div>"


def differentiators(cards: list[dict[str, Any]], kind: Kind) -> Any:
    """One row per column that sets a segment apart."""
    rows = []
    for card in cards:
        for found in card["profile"]["differentiators"]:
            near = found.get("nearest") or {}
            lift, beside = found.get("lift") or {}, near.get("effect") or {}
            rows.append(
                {
                    **found,
                    "segment": card["profile"]["segment"],
                    "segment_name": card["profile"]["name"],
                    "effect": found["effect"]["value"],
                    "low": found["effect"]["low"],
                    "high": found["effect"]["high"],
                    "lift": lift.get("value"),
                    "nearest_segment": near.get("segment", 0),
                    "nearest_mean": near.get("mean"),
                    "nearest_effect": beside.get("value"),
                    "nearest_low": beside.get("low"),
                    "nearest_high": beside.get("high"),
                }
            )
    effects = dict.fromkeys(["mean", "overall", "effect", "low", "high", "lift"], float)
    beside_nearest = dict.fromkeys(["nearest_mean", "nearest_effect", "nearest_low", "nearest_high"], float)
    texts = dict.fromkeys(["segment_name", "column", "level"], str)
    types = {"segment": int, **texts, "clustered": bool, "measure": str, **effects}
    return frame_of(rows, {**types, "nearest_segment": int, **beside_nearest}, kind)


def actions(cards: list[dict[str, Any]], kind: Kind) -> Any:
    """One row per play that the facts of a segment call for."""
    rows = [
        {
            "segment": card["profile"]["segment"],
            "segment_name": card["profile"]["name"],
            "priority": card["profile"].get("priority"),
            **action,
        }
        for card in cards
        for action in card["profile"]["actions"]
    ]
    texts = dict.fromkeys(["segment_name", "priority", "play", "say", "because"], str)
    return frame_of(rows, {"segment": int, **texts, "reach": int, "value_at_stake": float}, kind)


def rules(cards: list[dict[str, Any]], kind: Kind) -> Any:
    """One row per segment: its thresholds, how much they find, and as SQL."""
    rows = [
        {
            "segment": card["profile"]["segment"],
            "segment_name": card["profile"]["name"],
            "rule": card["rule"]["words"],
            **card["rule"],
        }
        for card in cards
        if card["rule"] is not None
    ]
    types = {"segment": int, "segment_name": str, "rule": str, "coverage": float, "precision": float}
    return frame_of(rows, {**types, "customers": int, "sql": str}, kind)


def frame_of(rows: list[dict[str, Any]], types: dict[str, type], kind: Kind) -> Any:
    """A frame of dicts, column by column."""
    columns: list[tuple[str, Any]] = []
    for name, of in types.items():
        values = [row.get(name) for row in rows]
        if of is float:
            numbers = [np.nan if value is None else value for value in values]
            columns.append((name, np.array(numbers, dtype=np.float64)))
        elif of is str:
            columns.append((name, values))
        else:
            columns.append((name, np.array(values, dtype=np.int64 if of is int else np.bool_)))
    return kind.made_of(Frame.from_columns(columns))
