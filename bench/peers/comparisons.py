"""The comparisons: each runs its engines in turn, prints a table and returns its figures."""

import os
import statistics
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from peers import customers
from peers.engines import OURS, RUST_PEER, Lineup, busy, in_turn, load, ours_of
from peers.machine import Machine
from peers.workloads import FIXED, SEARCHES, SILHOUETTES, TABLES, Folder, inertia_of

REFERENCE = "scikit-learn"
# Ours with its own settings rather than the peers' number of starts.
OURS_FREE = "tribus, own settings"
# Results of the same work agree to this share; what is worse is not counted as a peer to beat.
SAME_INERTIA = 1e-5
# How much worse than the lowest inertia ever seen a result may be.
LIMITS = {"0.1 %": 1e-3, "0.01 %": 1e-4}
SWEEP = (2, 12)
SWEEP_STARTS = 10


@dataclass
class Bench:
    """What every comparison needs."""

    lineup: Lineup
    folder: Folder
    machine: Machine | None
    runs: int
    dtypes: list[str]
    ifood: Path | None
    campaign: Path | None

    def plans(self, peers, arguments):
        """The command of our engine and of each peer that is here, all with the same arguments."""
        return {name: [*self.lineup.command(name), *arguments] for name in self.lineup.here(*peers)}


def table(title, header, rows):
    """Prints a table; the first column is text, the others are figures."""
    widths = [max(len(str(row[i])) for row in [header, *rows]) for i in range(len(header))]
    print(f"\n{title} ({load_text()})\n")
    for row in [header, ["-" * width for width in widths], *rows]:
        cells = [str(cell).rjust(width) for cell, width in zip(row, widths, strict=True)]
        print("  ".join([str(row[0]).ljust(widths[0]), *cells[1:]]).rstrip())


def load_text():
    """The load, and a warning if other work takes part of the cores."""
    return f"load {load():.1f}" + f", {os.cpu_count()} cores: ratios are not to be trusted" * busy()


def ratio(time, other):
    return f"{time / other:.2f}" if other else "-"


def median_of(engines, name):
    """Median seconds of an engine; None if it is not here."""
    return next((engine.median for engine in engines if engine.name == name), None)


def fastest(peers):
    """Median seconds of the fastest; None if there is none."""
    return min((peer.median for peer in peers), default=None)


def size(data):
    rows, columns = np.load(data, mmap_mode="r").shape
    return f"{rows:,} x {columns}"


def times(engine, best, reference):
    """The cells that every table of times begins with."""
    columns = [f"{engine.median:.4f}", f"{min(engine.seconds):.4f}"]
    return [engine.name, *columns, ratio(engine.median, best), ratio(engine.median, reference)]


TIMES = ["engine", "median s", "min s", "/ best peer", f"/ {REFERENCE}"]


def by_time(engines):
    """Ours first, then the peers, the fastest first."""
    return [engines[0], *sorted(engines[1:], key=lambda engine: engine.median)]


def conclusion(engines, equals):
    """How many times as fast ours is; `equals` are the peers with a result at least as good."""
    if not equals:
        print(f"\n{OURS}: no peer here reaches this result" if engines[1:] else "\nno peer here to compare with")
        return
    best = min(equals, key=lambda engine: engine.median)
    references = [engine for engine in engines if engine.name == REFERENCE and engine is not best]
    for peer, name in [(best, f"the best peer ({best.name})"), *((one, REFERENCE) for one in references)]:
        by_median, by_fastest = peer.median / engines[0].median, min(peer.seconds) / min(engines[0].seconds)
        print(f"\n{OURS}: {by_median:.1f} times as fast as {name}; by the fastest runs {by_fastest:.1f}", end="")
    print()


def figures(engine, **more):
    """What is kept of an engine for `--json`."""
    return {"engine": engine.name, "seconds": engine.seconds, "peak_mb": engine.peak_mb, **more}


def fixed(bench, name):
    """The same work: Lloyd's algorithm from the same start centroids."""
    return [fixed_in(bench, name, dtype) for dtype in bench.dtypes]


def fixed_in(bench, name, dtype):
    work = FIXED[name]
    shape = TABLES[work.table]
    data = bench.folder.table(work.table, dtype)
    peers = ["scikit-learn", "scikit-learn elkan", "sklearnex", RUST_PEER, *(["faiss"] if dtype == "f32" else [])]
    arguments = ["fixed", data, bench.folder.start(name, dtype), work.iterations]
    engines = in_turn(bench.plans(peers, arguments), bench.runs)
    ours_of(engines)
    inertias = {engine.name: inertia_of(data, engine.runs[0]["centroids"]) for engine in engines}
    equals = [peer for peer in engines[1:] if inertias[peer.name] <= inertias[OURS] * (1 + SAME_INERTIA)]
    bound = bench.machine.iteration(dtype, shape.rows, shape.columns, work.clusters)
    title = f"{name} {dtype}: {size(data)}, k = {work.clusters}, at most {work.iterations} iterations"
    rows = fixed_rows(engines, equals, inertias, work.iterations, bound)
    table(title, [*TIMES, "iterations", "inertia", "peak MB", "/ bound"], rows)
    print(f"\nbound: {bound * 1e3:.3f} ms for each iteration")
    conclusion(engines, equals)
    kept = [figures(engine, iterations=iterations_of(engine), inertia=inertias[engine.name]) for engine in engines]
    return {"workload": name, "dtype": dtype, "bound_seconds": bound, "engines": kept}


def fixed_rows(engines, equals, inertias, most, bound):
    best, reference = fastest(equals), median_of(engines, REFERENCE)
    rows = []
    for engine in by_time(engines):
        made = iterations_of(engine)
        bounds = engine.median / ((made or most) * bound)
        cells = [made or "?", f"{inertias[engine.name]:.3f}", f"{engine.peak_mb:.0f}", f"{bounds:.2f}"]
        rows.append([*times(engine, best, reference), *cells])
    return rows


def iterations_of(engine):
    """None for an engine that does not tell."""
    return engine.runs[0]["iterations"]


def sweep(bench):
    """A whole choice of k: fits and exact silhouettes for every k, from start to end."""
    if bench.ifood:
        tables = customers.sweep_tables(bench.folder, bench.ifood)
    else:
        print("\nW1: no --ifood given: made-up customers in a table of the same shape")
        tables = {name: bench.folder.table(name) for name in ("W1-15", "W1-37")}
    return [sweep_of(bench, name, data) for name, data in tables.items()]


def sweep_of(bench, name, data):
    ks = range(SWEEP[0], SWEEP[1] + 1)
    plans = bench.plans(["scikit-learn", "sklearnex"], ["sweep", data, *SWEEP, SWEEP_STARTS])
    plans[OURS_FREE] = [*bench.lineup.command(OURS), "sweep", data, *SWEEP]
    engines = in_turn(plans, bench.runs)
    ours_of(engines)
    peers = [engine for engine in engines[1:] if engine.name != OURS_FREE]
    best, reference = fastest(peers), median_of(engines, REFERENCE)
    rows = [[*times(engine, best, reference), f"{engine.peak_mb:.0f}"] for engine in by_time(engines)]
    title = f"{name}: {size(data)}, k = {SWEEP[0]} to {SWEEP[1]}, {SWEEP_STARTS} starts each, exact silhouettes"
    table(title, [*TIMES, "peak MB"], rows)
    conclusion(engines, peers)
    inertias = {engine.name: sweep_inertias(data, engine) for engine in engines}
    by_k = [[f"k = {k}", *(f"{values[i]:.2f}" for values in inertias.values())] for i, k in enumerate(ks)]
    table(f"{name}: median inertia of the runs", ["", *inertias], by_k)
    for peer in peers:
        for ours in (OURS, OURS_FREE):
            compare_inertias(ks, ours, peer.name, inertias)
    return {"workload": name, "engines": [figures(engine, inertias=inertias[engine.name]) for engine in engines]}


def sweep_inertias(data, engine):
    """For each k the median over the runs, each of which has its own seed."""
    runs = [[inertia_of(data, centroids) for centroids in run["centroids"]] for run in engine.runs]
    return [statistics.median(values) for values in zip(*runs, strict=True)]


def compare_inertias(ks, ours, peer, inertias):
    if ours not in inertias:
        return
    changes = [100 * (mine / other - 1) for mine, other in zip(inertias[ours], inertias[peer], strict=True)]
    no_worse = sum(change <= 100 * SAME_INERTIA for change in changes)
    worst, best = changes.index(max(changes)), changes.index(min(changes))
    print(
        f"\n{ours} against {peer}: inertia lower or equal for {no_worse} of {len(changes)} k; "
        f"at worst {changes[worst]:+.3f} % (k = {ks[worst]}), at best {changes[best]:+.3f} % (k = {ks[best]})"
    )


def silhouette(bench, name):
    """The exact mean silhouette of the same labels."""
    work = SILHOUETTES[name]
    data, labels = bench.folder.table(work.table), bench.folder.labels(name)
    plans = bench.plans(["scikit-learn", "sklearnex", "numpy by blocks"], ["silhouette", data, labels])
    engines = in_turn(plans, min(bench.runs, work.runs or bench.runs), warm_up=work.runs is None)
    ours = ours_of(engines).runs[0]["silhouette"]
    best, reference = fastest(engines[1:]), median_of(engines, REFERENCE)
    rows, kept = [], []
    for engine in by_time(engines):
        value = engine.runs[0]["silhouette"]
        rows.append([*times(engine, best, reference), f"{value:.12f}", f"{value - ours:+.1e}", f"{engine.peak_mb:.0f}"])
        kept.append(figures(engine, silhouette=value))
    title = f"{name}: {size(data)}, {work.clusters} clusters, exact silhouette of the same labels"
    table(title, [*TIMES, "silhouette", "difference", "peak MB"], rows)
    conclusion(engines, engines[1:])
    return [{"workload": name, "engines": kept}]


def quality(bench, names):
    """Time to a result within a limit of the best known one, with each engine's own starts and stopping."""
    cases = {name: SEARCHES[name] for name in names} | customers.searches(bench.folder, bench.ifood, bench.campaign)
    return [quality_of(bench, name, case) for name, case in cases.items()]


def quality_of(bench, name, case):
    data = bench.folder.table(case.table)
    engines = in_turn(search_plans(bench, data, case.clusters), case.seeds)
    ours_of(engines)
    inertias = {engine.name: [inertia_of(data, run["centroids"]) for run in engine.runs] for engine in engines}
    best = best_known(case, data, inertias)
    rows, kept = [], []
    for engine in engines:
        gaps = [inertia / best - 1 for inertia in inertias[engine.name]]
        gap = f"{100 * statistics.median(gaps):.4f} %"
        rows.append([engine.name, f"{engine.median:.4f}", gap, *reached(engine, gaps)])
        kept.append(figures(engine, inertias=inertias[engine.name]))
    limits = [word for limit in LIMITS for word in (f"within {limit}", "expected s")]
    title = f"quality {name}: {size(data)}, k = {case.clusters}, {case.seeds} seeds, own settings"
    table(title, ["engine", "median s", "median gap", *limits], rows)
    print(f"\nbest known inertia {best:.6f}; expected s = mean time of a run / share of runs within the limit")
    return {"workload": f"quality {name}", "best": best, "engines": kept}


def best_known(case, data, inertias):
    """The lowest inertia of all runs, or the lowest ever seen on the same table."""
    best = min(min(values) for values in inertias.values())
    same_table = np.isclose(np.abs(np.load(data, mmap_mode="r")).mean(), case.mean, rtol=1e-6)
    return min(best, case.best) if same_table else best


def search_plans(bench, data, clusters):
    """Our default search, and each peer with its usual numbers of starts."""
    plans = {OURS: [*bench.lineup.command(OURS), "search", data, clusters]}
    one_start = ("bkmeans", "superkmeans")
    several = (("scikit-learn", 1), ("scikit-learn", 10), ("sklearnex", 10), ("clostera", 1), ("clostera", 10))
    for peer, starts in (*several, *((peer, 1) for peer in one_start)):
        if peer in bench.lineup.here(peer):
            label = peer if peer in one_start else f"{peer}, n_init={starts}"
            plans[label] = [*bench.lineup.command(peer), "search", data, clusters, starts]
    return plans


def reached(engine, gaps):
    """For each limit the share of runs within it, and the seconds one must expect to spend until then."""
    cells = []
    for limit in LIMITS.values():
        share = sum(gap <= limit for gap in gaps) / len(gaps)
        cells += [f"{share:.0%}", f"{statistics.mean(engine.seconds) / share:.3f}" if share else "never"]
    return cells
