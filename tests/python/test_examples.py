"""The example for Airflow: its job runs the program; its DAG runs in a stand-in for Airflow, as far as the job needs one."""

from __future__ import annotations

import importlib
import json
import sys
import types
from pathlib import Path
from typing import Any

import pytest

import tribus

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "airflow"
PROGRAM = (sys.executable, "-m", "tribus")


@pytest.fixture
def job(monkeypatch) -> Any:
    monkeypatch.syspath_prepend(str(FOLDER))
    monkeypatch.delitem(sys.modules, "tribus_job", raising=False)
    return importlib.import_module("tribus_job")


@pytest.fixture
def model(segmentation, tmp_path) -> Path:
    segmentation.save(tmp_path / "model")
    return tmp_path / "model"


def test_the_job_scores_and_tells_what_a_retry_may_mend(job, model, customers, tmp_path):
    export, output = tmp_path / "export.csv", tmp_path / "scored.csv"

    def score():
        return job.score(model, export, output, program=PROGRAM)

    with pytest.raises(job.TryAgainError, match="input-missing: export.csv") as late:
        score()
    assert late.value.error["exit_code"] == 75
    customers.to_csv(export, index=False)
    lineage = score()
    assert lineage["rows_written"] == len(customers)
    assert lineage["model_sha256"] == json.loads((model / "segmentation.json").read_text())["sha256"]
    assert output.stat().st_mode & 0o777 == 0o640
    with export.open("a") as file:
        file.write("1,2\n")
    with pytest.raises(job.NeedsALookError, match="fail-on: found what --fail-on names: rejects"):
        score()
    customers.iloc[:, :3].to_csv(export, index=False)
    with pytest.raises(job.JobError, match="column-missing") as wrong:
        score()
    assert not isinstance(wrong.value, job.TryAgainError | job.NeedsALookError)
    with pytest.raises(job.JobError, match="it said nothing"):
        job.run("assign", program=(sys.executable, "-c", "raise SystemExit(9)"))


class FailException(Exception):
    """Airflow's word for: do not try again."""


def airflow(tasks: dict[str, Any]) -> dict[str, types.ModuleType]:
    """What the DAG imports: decorators that keep the functions, and one exception."""

    def task(**settings):
        def keep(function):
            tasks[function.__name__] = (function, settings)
            return lambda *arguments: arguments

        return keep

    def dag(**settings):
        def keep(function):
            tasks["dag"] = (function, settings)
            return function

        return keep

    modules = {name: types.ModuleType(name) for name in ("airflow", "airflow.sdk", "airflow.sdk.exceptions")}
    modules["airflow.sdk"].dag, modules["airflow.sdk"].task = dag, task
    modules["airflow.sdk.exceptions"].AirflowFailException = FailException
    return modules


def test_the_dag_fails_at_once_what_no_retry_mends(job, model, customers, tmp_path, monkeypatch):
    tasks: dict[str, Any] = {}
    for name, module in airflow(tasks).items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.delitem(sys.modules, "tribus_nightly", raising=False)
    nightly = importlib.import_module("tribus_nightly")
    monkeypatch.delitem(sys.modules, "tribus_nightly")
    for name, folder in (("MODEL", model), ("EXPORTS", tmp_path), ("RESULTS", tmp_path)):
        monkeypatch.setattr(nightly, name, folder)
    monkeypatch.setattr(job.score, "__kwdefaults__", None)
    monkeypatch.setattr(job.score, "__defaults__", (PROGRAM,))
    score, settings = tasks["score"]
    assert settings["retries"] > 0
    with pytest.raises(job.TryAgainError):
        score("2026-01-02")
    customers.to_csv(tmp_path / "customers-2026-01-02.csv", index=False)
    assert score("2026-01-02")["output"] == "scored-2026-01-02.csv"
    (tmp_path / "customers-2026-01-03.csv").write_text("ID,Year_Birth\n1,1970\n")
    with pytest.raises(FailException, match="column-missing"):
        score("2026-01-03")
    assert tribus.load(model).k == tribus.load(nightly.MODEL).k
