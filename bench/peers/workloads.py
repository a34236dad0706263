"""The workloads: customer-like tables from fixed seeds, and the starts and labels that all engines share.

Columns are log-normal (spend), gamma (income), Poisson (purchases), normal (age) and binary (campaign answers),
correlated through a few latent factors, in overlapping segments, standardized. They are made once and kept in a folder.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROWS_AT_ONCE = 200_000
LABEL_ITERATIONS = 30
KINDS = ["spend", "income", "purchases", "age"]


@dataclass(frozen=True)
class Table:
    rows: int
    columns: int
    segments: int
    seed: int
    flags: int


@dataclass(frozen=True)
class Fixed:
    """Lloyd's algorithm from the same start centroids, for at most so many iterations."""

    table: str
    clusters: int
    iterations: int


@dataclass(frozen=True)
class Silhouette:
    """The exact silhouette of given labels; one that takes long is measured less often."""

    table: str
    clusters: int
    runs: int | None = None


@dataclass(frozen=True)
class Search:
    """A free search for the best partition.

    `best` is the lowest inertia ever seen. It holds for the table whose mean absolute value is `mean` only: NumPy may
    draw other numbers one day.
    """

    table: str
    clusters: int
    seeds: int
    best: float
    mean: float


TABLES = {
    "W1-15": Table(2_205, 15, 6, 103, 3),
    "W1-37": Table(2_205, 37, 6, 102, 18),
    "W2": Table(100_000, 16, 8, 2, 2),
    "W3": Table(1_000_000, 16, 8, 3, 2),
    "W5": Table(10_000_000, 8, 5, 5, 0),
    "W6": Table(1_000_000, 64, 30, 6, 6),
    "S1": Table(2_205, 20, 6, 101, 5),
    "S2": Table(20_000, 16, 6, 12, 2),
}

FIXED = {
    "W2": Fixed("W2", 8, 100),
    "W3": Fixed("W3", 8, 100),
    "W4": Fixed("W3", 64, 50),
    "W5": Fixed("W5", 5, 50),
    "W6": Fixed("W6", 100, 20),
}

SILHOUETTES = {
    "S1": Silhouette("S1", 5),
    "S2": Silhouette("S2", 8),
    "S3": Silhouette("W2", 8, runs=3),
}

SEARCHES = {
    "W2": Search("W2", 8, seeds=10, best=1024687.181113, mean=0.719920755317),
    "W3": Search("W3", 8, seeds=6, best=10222902.0, mean=0.726560562421),
}


def made(table: Table) -> np.ndarray:
    """A standardized table; the same bytes every time."""
    n, d, segments = table.rows, table.columns, table.segments
    random = np.random.default_rng(table.seed)
    shares = random.dirichlet(np.full(segments, 3.0))
    segment = random.choice(segments, size=n, p=shares)
    factors = max(2, min(5, d // 3))
    loadings = random.normal(0, 1, (factors, d)) / np.sqrt(factors)
    means = random.normal(0, 0.6, (segments, factors))
    shifts = random.normal(0, 0.35, (segments, d))
    values = np.empty((n, d))
    for start in range(0, n, ROWS_AT_ONCE):
        end = min(n, start + ROWS_AT_ONCE)
        here = segment[start:end]
        latent = (means[here] + random.normal(0, 1, (end - start, factors))) @ loadings
        latent = latent + shifts[here] + random.normal(0, 0.6, (end - start, d))
        for column in range(d):
            kind = "flag" if column >= d - table.flags else KINDS[column % len(KINDS)]
            values[start:end, column] = observed(latent[:, column], kind, random)
    values -= values.mean(0)
    values /= values.std(0)
    return values


def observed(latent: np.ndarray, kind: str, random: np.random.Generator) -> np.ndarray:
    """A column of one kind, from its latent one."""
    if kind == "spend":
        return np.exp(0.55 * latent)
    if kind == "income":
        return random.gamma(2.0, np.exp(0.45 * latent))
    if kind == "purchases":
        return random.poisson(np.exp(np.minimum(1.2 + 0.5 * latent, 6))).astype(float)
    if kind == "age":
        return latent
    return (latent > 0.9).astype(float)


def nearest(values: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """The label of each row."""
    squares = (centroids * centroids).sum(1) - 2 * values @ centroids.T
    return squares.argmin(1)


def inertia_of(path: Path, centroids) -> float:
    """The inertia of any centroids in double precision: one evaluator for all engines."""
    values = np.load(path, mmap_mode="r")
    centroids = np.asarray(centroids, dtype=float).reshape(-1, values.shape[1])
    total = 0.0
    for start in range(0, len(values), ROWS_AT_ONCE):
        rows = np.asarray(values[start : start + ROWS_AT_ONCE], dtype=float)
        rows = rows - centroids[nearest(rows, centroids)]
        total += float((rows * rows).sum())
    return total


def lloyd_labels(values: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """Labels after a few iterations of Lloyd's algorithm; no engine that is compared has a part in them."""
    for _ in range(LABEL_ITERATIONS):
        labels = nearest(values, centroids)
        centroids = np.array([values[labels == label].mean(0) for label in np.unique(labels)])
    return nearest(values, centroids)


def drawn_rows(values: np.ndarray, count: int) -> np.ndarray:
    random = np.random.default_rng(777 + count)
    return np.ascontiguousarray(values[np.sort(random.choice(len(values), count, replace=False))])


def save(path: Path, values: np.ndarray) -> Path:
    """Saves under another name first: a file that exists is whole."""
    part = path.with_suffix(".part.npy")
    np.save(part, values)
    part.replace(path)
    return path


class Folder:
    """Where tables, starts and labels are kept."""

    def __init__(self, path: Path):
        self.path = path
        path.mkdir(parents=True, exist_ok=True)

    def table(self, name: str, dtype: str = "f64") -> Path:
        path = self.path / f"{name}.{dtype}.npy"
        if not path.exists():
            print(f"making {name} ...", file=sys.stderr)
            self.keep(name, made(TABLES[name]))
        return path

    def keep(self, name: str, values: np.ndarray) -> Path:
        """Saves a table in both precisions; the path of the double one."""
        values = np.ascontiguousarray(values, dtype=float)
        save(self.path / f"{name}.f32.npy", values.astype(np.float32))
        return save(self.path / f"{name}.f64.npy", values)

    def start(self, name: str, dtype: str) -> Path:
        """Different rows of the table, drawn once, as start centroids."""
        path, work = self.path / f"{name}.start.{dtype}.npy", FIXED[name]
        if not path.exists():
            save(path, drawn_rows(np.load(self.table(work.table, dtype), mmap_mode="r"), work.clusters))
        return path

    def labels(self, name: str) -> Path:
        """The labels that a silhouette is measured on."""
        path, work = self.path / f"{name}.labels.npy", SILHOUETTES[name]
        if not path.exists():
            values = np.load(self.table(work.table))
            save(path, lloyd_labels(values, drawn_rows(values, work.clusters)).astype(np.int32))
        return path
