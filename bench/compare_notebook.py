#!/usr/bin/env python3
"""Compares `tribus segment` with the classic notebook, each as one whole process, on the same work.

    python3 bench/compare_notebook.py [ifood_df.csv] [--rounds N] [--tribus PROGRAM]

Wall time and peak memory of whole processes, start to end, in turn (A B A B ...), after one warm-up of each.
What is compared and how to read it: bench/README.md. Needs Python 3.11 and, the first time, PyPI.
"""

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass
from pathlib import Path

BENCH = Path(__file__).resolve().parent
PROJECT = BENCH.parent
REQUIREMENTS = BENCH / "requirements.txt"
FINAL_K = 5
# Linux counts ru_maxrss in KiB, macOS in bytes.
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass
class Run:
    """One whole process, and the inertia it reached at k = 5."""

    seconds: float
    peak_bytes: int
    inertia: float = float("nan")


def measure(command):
    """Runs a command; its Run and its standard output. Ends the comparison if it fails."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as messages:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=messages)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            messages.seek(0)
            sys.exit(f"{command[0]} failed ({process.returncode}):\n{messages.read().decode(errors='replace')}")
        output.seek(0)
        return Run(seconds, usage.ru_maxrss * RSS_UNIT), output.read().decode()


def notebook(python, source):
    """One run of the notebook."""
    with tempfile.TemporaryDirectory() as folder:
        run, output = measure([python, BENCH / "notebook_baseline.py", source, Path(folder) / "out"])
    run.inertia = json.loads(output)["inertia"]
    return run


def tribus(program, source):
    """One run of tribus."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        run, output = measure(
            [program, "segment", source, "--recipe", BENCH / "notebook.toml", "-o", out, "--json"]
        )
    run.inertia = inertia_of(json.loads(output))
    return run


def inertia_of(summary):
    """The inertia at k = 5, whichever k the evidence spoke for: the summary tells it for every k tried."""
    for candidate in summary["evidence"]:
        if candidate["k"] == FINAL_K:
            return candidate["inertia"]
    sys.exit(f"tribus did not try k = {FINAL_K}")


def cache_folder():
    """Where the environment is kept between comparisons."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tribus-bench"


def python_with_requirements():
    """The Python of an environment with the pinned packages, made the first time."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    pinned = hashlib.sha256(REQUIREMENTS.read_bytes() + version.encode()).hexdigest()[:12]
    folder = cache_folder() / f"venv-{pinned}"
    python = folder / "bin" / "python"
    complete = folder / "complete"
    if not complete.exists():
        print(f"installing {REQUIREMENTS.name} (once) ...", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", REQUIREMENTS], check=True)
        complete.touch()
    return python


def build_tribus():
    """The release build of the program."""
    print("building tribus ...", file=sys.stderr)
    built = subprocess.run(
        ["cargo", "build", "--release", "--locked", "--package", "tribus-cli", "--message-format=json"],
        cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True,
    )
    for line in built.stdout.splitlines():
        message = json.loads(line)
        if message.get("executable") and message["target"]["name"] == "tribus":
            return Path(message["executable"])
    sys.exit("cargo built no program called tribus")


def data_file(given):
    """The file to segment: the one given, or ifood_df.csv in the shared data beside the project."""
    shared = Path(os.environ.get("TRIBUS_SHARED") or PROJECT.parent / "shared")
    path = (given or shared / "data" / "ifood_df.csv").resolve()
    if not path.is_file():
        sys.exit(f"no such file: {path}\nname ifood_df.csv: python3 bench/compare_notebook.py ifood_df.csv")
    return path


def show(name, runs):
    """One line: median and range of the seconds, median memory, inertia."""
    seconds = [run.seconds for run in runs]
    print(
        f"{name:<10}{statistics.median(seconds):>10.3f}{min(seconds):>10.3f}{max(seconds):>10.3f}"
        f"{median_peak(runs) / 1e6:>12.1f}{runs[-1].inertia:>18.6f}"
    )


def median_peak(runs):
    """Median peak memory in bytes."""
    return statistics.median(run.peak_bytes for run in runs)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, help="ifood_df.csv (default: in ../shared/data)")
    parser.add_argument("--rounds", type=int, default=5, help="measured runs of each (default 5)")
    parser.add_argument("--tribus", type=Path, help="a program built before, instead of building it now")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("--rounds is at least 1")
    source = data_file(arguments.file)
    python = python_with_requirements()
    program = arguments.tribus.resolve() if arguments.tribus else build_tribus()

    notebooks, tribuses = [], []
    for round_number in range(arguments.rounds + 1):
        pair = notebook(python, source), tribus(program, source)
        if round_number == 0:
            continue  # files and caches are warm from here on
        notebooks.append(pair[0])
        tribuses.append(pair[1])
        print(f"round {round_number} of {arguments.rounds}", file=sys.stderr)

    print(f"{'':<10}{'median s':>10}{'min s':>10}{'max s':>10}{'peak MB':>12}{f'inertia k={FINAL_K}':>18}")
    show("notebook", notebooks)
    show("tribus", tribuses)
    time_ratio = statistics.median(run.seconds for run in notebooks) / statistics.median(
        run.seconds for run in tribuses
    )
    print(f"time:   {time_ratio:.1f} times as fast")
    print(f"memory: {median_peak(notebooks) / median_peak(tribuses):.1f} times less")
    smallest, _ = measure(["true"])
    print(f"(memory below {smallest.peak_bytes / 1e6:.0f} MB cannot be measured this way; load {os.getloadavg()[0]:.1f})")


if __name__ == "__main__":
    main()
