"""What changed since the segments were made: the same in Python and in the program, and true of the numbers."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pandas
import pytest
from scipy import stats

import tribus


def customers(rows: int, seed: int) -> pandas.DataFrame:
    draw = np.random.default_rng(seed)
    kind = draw.integers(0, 3, rows)
    frame = pandas.DataFrame(
        {
            "customer_id": [f"C{row:05}" for row in range(rows)],
            "age": np.round(40 + 10 * kind + 4 * draw.normal(size=rows)),
            "income": np.round(20_000 * np.exp(0.4 * kind + 0.3 * draw.normal(size=rows)), 2),
            "visits": draw.poisson(3 + 2 * kind),
            "channel": draw.choice(["shop", "web", "phone"], rows),
        }
    )
    frame.loc[draw.random(rows) < 0.05, "income"] = np.nan
    return frame


@pytest.fixture(scope="module")
def segmentation() -> tribus.Segmentation:
    return tribus.segment(customers(1000, 1), k=3, quick=True)


def test_an_unchanged_sample_shows_no_drift_and_a_changed_one_does(segmentation):
    drift = segmentation.drift(customers(1000, 2))
    assert (drift["changed"], drift["rows"], drift["rows_then"], drift["what"]) == (False, 1000, 1000, [])
    changed = customers(1000, 2)
    changed["age"] += 4
    changed["channel"] = np.where(np.arange(1000) % 10 == 0, "kiosk", changed["channel"])
    drift = segmentation.drift(changed)
    assert drift["changed"]
    for change in drift["what"]:
        assert ("column" in change) != ("segment" in change)
        assert {"kind", "then", "now", "p", "effect", "psi"} <= set(change)
        assert 0 <= change["p"] <= 0.01
    kinds = {(change.get("column"), change["kind"]) for change in drift["what"]}
    assert {("age", "mean"), ("channel", "unseen")} <= kinds


def test_means_shares_and_probabilities_are_those_of_pandas_and_scipy(segmentation):
    changed = customers(1000, 2)
    changed["age"] += 4
    changed.loc[changed.index % 8 == 0, "income"] = np.nan
    drift = segmentation.drift(changed)
    made_of = customers(1000, 1)
    mean = next(change for change in drift["what"] if change["kind"] == "mean" and change["column"] == "age")
    assert mean["then"] == pytest.approx(made_of["age"].mean())
    assert mean["now"] == pytest.approx(changed["age"].mean())
    assert mean["effect"] == pytest.approx((mean["now"] - mean["then"]) / made_of["age"].std(ddof=0))
    missing = next(change for change in drift["what"] if change["kind"] == "missing")
    counts = [int(made_of["income"].isna().sum()), int(changed["income"].isna().sum())]
    assert [missing["then"], missing["now"]] == [count / 1000 for count in counts]
    draws = stats.hypergeom(2000, sum(counts), 1000)
    alone = 2 * draws.cdf(counts[0])
    # Corrected for at most all comparisons.
    assert alone * (1 - 1e-6) <= missing["p"] <= alone * drift["comparisons"] * (1 + 1e-6)
    for change in drift["what"]:
        if "segment" in change:
            sizes = [segmentation.customers["segment"], segmentation.assign(changed)["segment"]]
            shares = [(size == change["segment"]).mean() for size in sizes]
            assert [change["then"], change["now"]] == pytest.approx(shares)
            assert change["name"] == segmentation.names[change["segment"] - 1]


def test_the_program_tells_the_same(segmentation, tmp_path):
    segmentation.save(tmp_path / "model")
    changed = customers(1000, 2)
    changed["age"] += 4
    changed.to_csv(tmp_path / "new.csv", index=False)
    command = [sys.executable, "-m", "tribus", "assign", tmp_path / "model", tmp_path / "new.csv", "-o"]
    done = subprocess.run([*command, tmp_path / "a.csv", "--json"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["drift"] == segmentation.drift(tmp_path / "new.csv")
    told = subprocess.run([*command, tmp_path / "b.csv"], capture_output=True, text=True, check=True).stderr
    assert "drift: " in told and "age: mean " in told and "85 %" in told


def test_a_loaded_segmentation_and_another_number_of_segments_compare_too(tmp_path):
    made = tribus.segment(customers(1000, 1), k="2-4", quick=True)
    made.save(tmp_path / "model.json")
    loaded, new = tribus.load(tmp_path / "model.json"), customers(1000, 2)
    assert loaded.drift(new) == made.drift(new)
    other = loaded.with_k(3 if made.k == 2 else 2)
    assert other.drift(new)["changed"] is False
    assert other.drift(new)["comparisons"] == made.drift(new)["comparisons"] + other.k - made.k
