"""Type checkers are content with the package and with what its users write."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def check(*arguments: object) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *map(str, arguments)], cwd=HERE.parents[1], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_mypy(tmp_path):
    pytest.importorskip("mypy")
    check("mypy", "--strict", "--cache-dir", tmp_path, HERE / "typed_example.py")
    check("mypy", "--strict", "--cache-dir", tmp_path, "--package", "tribus")


def test_pyright():
    pytest.importorskip("pyright")
    if subprocess.run([sys.executable, "-m", "pyright", "--version"], capture_output=True, check=False).returncode != 0:
        pytest.skip("pyright could not fetch itself from its package registry")
    check("pyright", "--pythonpath", sys.executable)


def test_mypy_sees_mistakes(tmp_path):
    pytest.importorskip("mypy")
    wrong = tmp_path / "wrong.py"
    wrong.write_text('import tribus\ntribus.segment("a.csv").k + "x"\ntribus.no_such_name\n')
    with pytest.raises(AssertionError, match="(?s)Unsupported operand types.*no_such_name"):
        check("mypy", "--strict", "--cache-dir", tmp_path, wrong)


def test_mypy_sees_settings_that_are_wrong(tmp_path):
    pytest.importorskip("mypy")
    calls = {
        'segment("a.csv", valu="Income")': 'Unexpected keyword argument "valu"',
        'evidence("a.csv", scale="huge")': 'Argument "scale" to "evidence" has incompatible type',
        'read("a.csv", skip_rows="two")': 'Argument "skip_rows" to "read" has incompatible type',
        'segment("a.csv", None, 3, "Income")': "Too many positional arguments",
        'segment("a.csv", progress=3)': 'Argument "progress" to "segment" has incompatible type',
    }
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import tribus\n" + "".join(f"tribus.{call}\n" for call in calls))
    with pytest.raises(AssertionError, match="(?s)" + ".*".join(calls.values())):
        check("mypy", "--strict", "--cache-dir", tmp_path, wrong)
