#!/usr/bin/env python3
"""Compares the K-Means engine of Tribus with other engines: the same bytes, starts and iterations, in turn.

    python3 bench/compare_peers.py [--quick] [--only W2,W3,S1] [--runs 5] [--dtype f64,f32]
                                   [--ifood FILE] [--campaign FILE] [--rust-peers] [--json OUT]

What is compared and how to read it: bench/README.md. Needs Python 3.11, NumPy and cargo; peers that are not installed
are left out.
"""

import argparse
import importlib.util
import json
import os
import platform
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent
PROJECT = BENCH.parent
FIXED = ["W2", "W3", "W4", "W5", "W6"]
ALL = ["W1", *FIXED, "S1", "S2", "S3", "quality"]
QUICK = ["W1", "W2", "S1", "S2", "quality"]
INSTALL = f"python3 -m pip install -r {BENCH / 'requirements-peers.txt'}"


def parsed():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"only what takes little time: {','.join(QUICK)}")
    parser.add_argument("--only", type=listed(ALL), help=f"of {','.join(ALL)}")
    parser.add_argument("--runs", type=int, default=5, help="measured runs of each engine (default 5)")
    parser.add_argument("--dtype", type=listed(["f64", "f32"]), default=["f64", "f32"], help="of f64,f32; for W2 to W6")
    parser.add_argument("--ifood", type=existing, help="ifood_df.csv, for W1 and quality")
    parser.add_argument("--campaign", type=existing, help="marketing_campaign.csv, for quality")
    parser.add_argument("--rust-peers", action="store_true", help="build and measure linfa too")
    parser.add_argument("--engine", type=existing, help="a tribus-bench built before, instead of building it now")
    parser.add_argument("--json", type=Path, help="write all figures to this file too")
    arguments = parser.parse_args()
    if arguments.runs < 1:
        parser.error("--runs is at least 1")
    arguments.only = arguments.only or (QUICK if arguments.quick else ALL)
    return arguments


def listed(allowed):
    """A reader of comma-separated names, each one of the allowed."""

    def read(text):
        names = text.split(",")
        unknown = [name for name in names if name not in allowed]
        if unknown:
            raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; known: {', '.join(allowed)}")
        return names

    return read


def existing(text):
    path = Path(text).resolve()
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"no such file: {text}")
    return path


def lineup(arguments):
    """Builds the engine, and linfa if asked for."""
    from peers.engines import OURS, RUST_PEER, Lineup, build

    ours = arguments.engine or build("tribus-bench", PROJECT)
    if not ours:
        sys.exit("cargo could not build tribus-bench")
    programs = {OURS: ours}
    if arguments.rust_peers:
        built = build("rust-peers", BENCH / "rust-peers")
        programs |= {RUST_PEER: built} if built else {}
    return Lineup(programs)


def describe(lineup, machine):
    """What is measured, where, and what is not here."""
    from peers.engines import RUST_PEER, busy, load, missing_packages, versions

    print(f"cores {os.cpu_count()}, {platform.machine()}, Python {platform.python_version()}, load {load():.1f}")
    print(", ".join(f"{name} {version}" for name, version in versions().items()))
    missing = missing_packages()
    if missing:
        print(f"not here: {', '.join(missing)}; to install: {INSTALL}")
    if RUST_PEER not in lineup.programs:
        print(f"not here: {RUST_PEER}; to measure it: --rust-peers")
    if machine:
        print(machine.text())
    if busy():
        print("more work than cores: engines with several threads suffer unequally, so repeat on a quiet machine")


def main():
    arguments = parsed()
    if not importlib.util.find_spec("numpy"):
        sys.exit(f"NumPy is not here; to install it and the peers: {INSTALL}")
    from peers import comparisons
    from peers.engines import versions
    from peers.machine import Machine
    from peers.workloads import Folder

    machine = Machine() if set(FIXED) & set(arguments.only) else None
    engines = lineup(arguments)
    describe(engines, machine)
    folder = Folder(Path(os.environ.get("TRIBUS_BENCH_DATA") or PROJECT / "target" / "bench-data"))
    bench = comparisons.Bench(
        engines, folder, machine, arguments.runs, arguments.dtype, arguments.ifood, arguments.campaign
    )
    results = []
    for name in arguments.only:
        results += compare(comparisons, bench, name, arguments.quick)
    if arguments.json:
        known = {"machine": vars(machine) if machine else None, "versions": versions(), "results": results}
        arguments.json.write_text(json.dumps(known, indent=1))


def compare(comparisons, bench, name, quick):
    """The figures of one workload."""
    if name == "W1":
        return comparisons.sweep(bench)
    if name in FIXED:
        return comparisons.fixed(bench, name)
    if name == "quality":
        return comparisons.quality(bench, ["W2"] if quick else ["W2", "W3"])
    return comparisons.silhouette(bench, name)


if __name__ == "__main__":
    main()
