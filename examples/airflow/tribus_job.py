"""Runs ``tribus assign`` for a scheduler: what a retry may mend, what somebody must look at, and what is wrong.

Nothing here needs Airflow; ``tribus_nightly.py`` is the DAG.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

# docs/exit-codes.md explains them; they stay.
FOUND = 4
TRY_AGAIN = 75


class JobError(Exception):
    """An error of Tribus; ``error`` is the object that ``--json-errors`` printed."""

    def __init__(self, error: dict[str, Any]) -> None:
        hint = f" ({error['hint']})" if error.get("hint") else ""
        super().__init__(f"{error['code']}: {error['message']}{hint}")
        self.error = error


class TryAgainError(JobError):
    """The input or the model is not there yet, or somebody else is writing: the same command may succeed later."""


class NeedsALookError(JobError):
    """Everything is written, and what ``--fail-on`` names was found."""


def run(*arguments: str | Path, program: tuple[str, ...] = ("tribus",)) -> dict[str, Any]:
    """Run a command of Tribus; return the object that it prints."""
    command = [*program, *map(str, arguments), "--json", "--json-errors"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return json.loads(done.stdout)
    try:
        error = json.loads(done.stderr)
    except json.JSONDecodeError:
        # Killed, or not Tribus at all.
        error = {"code": f"exit {done.returncode}", "message": done.stderr.strip() or "it said nothing"}
    kinds = {FOUND: NeedsALookError, TRY_AGAIN: TryAgainError}
    raise kinds.get(done.returncode, JobError)(error)


def score(
    model: str | Path, export: str | Path, output: str | Path, program: tuple[str, ...] = ("tribus",)
) -> dict[str, Any]:
    """Score an export; return the lineage of the scored file, which is small enough for an XCom."""
    flags = ("--allow-empty", "--max-rejects", "0.1%", "--fail-on", "rejects", "--mode", "0640")
    run("assign", model, export, "-o", output, *flags, program=program)
    return json.loads(Path(f"{output}.lineage.json").read_text(encoding="utf-8"))
