"""The program ``tribus``."""

from __future__ import annotations

import sys

from tribus._tribus import run_command


def main() -> int:
    """Run the program on the arguments of this process; return its exit code."""
    return run_command(["tribus", *sys.argv[1:]])
