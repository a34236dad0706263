"""Cards of the segments, computed once more with pandas, and their rules run as SQL."""

from __future__ import annotations

import json
import math
import sqlite3
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import tribus
from conftest import data_folder

TOLERANCE = 1e-9


def program(*arguments) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tribus", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module", params=["ifood_df.csv", "sample"])
def made(request, tmp_path_factory):
    """What `segment --json` says of a file, its prepared table, and the segment of each row of that."""
    folder = tmp_path_factory.mktemp("cards")
    if request.param == "sample":
        path, recipe = folder / "customers.csv", "marketing-campaign"
        tribus.demo().to_csv(path, index=False)
    else:
        data = data_folder()
        if data is None:
            pytest.skip("../shared is not there")
        path, recipe = data / request.param, "ifood"
    said = json.loads(program("segment", path, "--recipe", recipe, "--quick", "-o", folder / "out", "--json"))
    program("prepare", path, "--recipe", recipe, "-o", folder / "prepared.csv")
    customers = pd.read_csv(folder / "out" / "customers.csv")
    used = customers[customers["segment"].notna()]
    prepared = pd.read_csv(folder / "prepared.csv")
    assert len(prepared) == len(used)
    return said, prepared, used["segment"].astype(int).reset_index(drop=True)


def close(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def standardized(a: pd.Series, b: pd.Series) -> float:
    return (a.mean() - b.mean()) / math.sqrt((a.var() + b.var()) / 2)


def test_the_numbers_of_every_card_are_those_of_pandas(made):
    said, prepared, segment = made
    checked = 0
    for card in said["segments"]:
        own = prepared[segment == card["segment"]]
        assert card["size"] == len(own)
        assert close(card["share"], len(own) / len(prepared))
        if card["value"] is not None and said["value"] in prepared:
            assert close(card["value"], own[said["value"]].sum())
        for found in card["differentiators"]:
            name, level = found["column"], found.get("level")
            if level is not None or name not in prepared:
                continue
            near = prepared[segment == found["nearest"]["segment"]]
            assert close(found["mean"], own[name].mean())
            assert close(found["overall"], prepared[name].mean())
            assert close(found["nearest"]["mean"], near[name].mean())
            if found["measure"] == "difference_of_shares":
                assert close(found["effect"]["value"], own[name].mean() - prepared[name].mean())
                assert close(found["lift"]["value"], own[name].mean() / prepared[name].mean())
                assert close(found["nearest"]["effect"]["value"], own[name].mean() - near[name].mean())
            else:
                # Both groups have their sample variances, weighed by their sizes.
                rest, share = prepared[segment != card["segment"]], len(own) / len(prepared)
                spread = math.sqrt(share * own[name].var() + (1 - share) * rest[name].var())
                apart = (own[name].mean() - rest[name].mean()) / spread
                expected = (1 - share) * apart / math.sqrt(1 + share * (1 - share) * apart**2)
                assert close(found["effect"]["value"], expected)
                assert close(found["nearest"]["effect"]["value"], standardized(own[name], near[name]))
            for effect in (found["effect"], found["nearest"]["effect"]):
                assert effect["low"] <= effect["value"] <= effect["high"]
            checked += 1
    assert checked > 20


def rows_of(sql: str, frame: pd.DataFrame, engine: str) -> list[int | None]:
    query = f"SELECT {sql} FROM prepared"
    if engine == "sqlite":
        with sqlite3.connect(":memory:") as database:
            frame.to_sql("prepared", database, index=False)
            return [row[0] for row in database.execute(query + " ORDER BY rowid")]
    duckdb = pytest.importorskip("duckdb")
    database = duckdb.connect()
    database.register("prepared", frame)
    return [row[0] for row in database.execute(query).fetchall()]


@pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
def test_rules_as_sql_find_what_is_said_of_them(made, engine):
    said, prepared, segment = made
    features = prepared[said["features"]]
    ruled = pd.Series(rows_of(said["rules"]["sql"], features, engine))
    assert said["rules"]["fidelity"] == (ruled == segment).mean()
    for card in said["segments"]:
        rule, own = card["rule"], segment == card["segment"]
        taken = pd.Series(rows_of(f"({rule['sql']})", features, engine)).astype(bool)
        assert (taken == (ruled == card["segment"])).all()
        assert rule["customers"] == taken.sum()
        assert rule["coverage"] == (taken & own).sum() / own.sum()
        assert rule["precision"] == (taken & own).sum() / taken.sum()


def test_words_of_names_rest_on_claims_and_actions_on_facts(made):
    said, _, _ = made
    names = [card["name"] for card in said["segments"]]
    assert len(set(names)) == len(names) and all(1 <= len(name.split()) <= 5 for name in names)
    for card in said["segments"]:
        assert card["claims"] and all(claim["fact"] for claim in card["claims"])
        assert all(action["because"] and action["reach"] == card["size"] for action in card["actions"])
    assert Path(said["output"]).is_dir()
