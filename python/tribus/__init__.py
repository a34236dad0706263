"""Customer segmentation with K-Means: a table of customers in, explained segments out.

``tribus.segment(frame)`` goes the whole way from a frame or a file to named segments, with the numbers of the program
``tribus`` to the last bit. ``tribus.KMeans`` is the engine below it as a scikit-learn estimator, ``tribus.metrics``
measures labels at its speed, ``tribus.evidence(frame)`` says how many segments there are, and whether there are any.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from tribus._errors import (
    ConvergenceWarning,
    EngineError,
    Error,
    EvidenceError,
    ExportError,
    NotFittedError,
    ParameterError,
    PipelineError,
    PlanError,
    PurchasesError,
    ReadError,
    RecipeError,
    SegmentationError,
    UnknownColumnError,
)
from tribus._tribus import __version__

if TYPE_CHECKING:
    from tribus import metrics as metrics
    from tribus._explained import Campaign as Campaign
    from tribus._explained import Profile as Profile
    from tribus._kmeans import KMeans as KMeans
    from tribus._segmentation import Segmentation as Segmentation
    from tribus._segmentation import demo as demo
    from tribus._segmentation import evidence as evidence
    from tribus._segmentation import limit_memory as limit_memory
    from tribus._segmentation import load as load
    from tribus._segmentation import read as read
    from tribus._segmentation import recipes as recipes
    from tribus._segmentation import rollup as rollup
    from tribus._segmentation import rollup_sql as rollup_sql
    from tribus._segmentation import segment as segment
    from tribus._views import Audience as Audience
    from tribus._views import Chart as Chart
    from tribus._views import Evidence as Evidence
    from tribus._variants import BisectingKMeans as BisectingKMeans
    from tribus._variants import MiniBatchKMeans as MiniBatchKMeans
    from tribus._views import Ledger as Ledger

# Where names are that would make the import slow: NumPy and scikit-learn are loaded when they are needed.
_LATER = {
    "BisectingKMeans": "tribus._variants",
    "KMeans": "tribus._kmeans",
    "MiniBatchKMeans": "tribus._variants",
    "Audience": "tribus._views",
    "Campaign": "tribus._explained",
    "Chart": "tribus._views",
    "Evidence": "tribus._views",
    "Ledger": "tribus._views",
    "Profile": "tribus._explained",
    "Segmentation": "tribus._segmentation",
    "demo": "tribus._segmentation",
    "evidence": "tribus._segmentation",
    "limit_memory": "tribus._segmentation",
    "load": "tribus._segmentation",
    "read": "tribus._segmentation",
    "recipes": "tribus._segmentation",
    "rollup": "tribus._segmentation",
    "rollup_sql": "tribus._segmentation",
    "segment": "tribus._segmentation",
}

__all__ = [
    "Audience",
    "BisectingKMeans",
    "Campaign",
    "Chart",
    "ConvergenceWarning",
    "EngineError",
    "Error",
    "Evidence",
    "EvidenceError",
    "ExportError",
    "KMeans",
    "Ledger",
    "MiniBatchKMeans",
    "NotFittedError",
    "ParameterError",
    "PipelineError",
    "PlanError",
    "Profile",
    "PurchasesError",
    "ReadError",
    "RecipeError",
    "Segmentation",
    "SegmentationError",
    "UnknownColumnError",
    "__version__",
    "demo",
    "evidence",
    "limit_memory",
    "load",
    "metrics",
    "read",
    "recipes",
    "rollup",
    "rollup_sql",
    "segment",
]


def _later(name: str) -> Any:
    if name == "metrics":
        return importlib.import_module("tribus.metrics")
    module = _LATER.get(name)
    if module is None:
        raise AttributeError(f"module 'tribus' has no attribute {name!r}")
    value = getattr(importlib.import_module(module), name)
    globals()[name] = value
    return value


if not TYPE_CHECKING:
    # Hidden from type checkers, which would take any name for granted.
    __getattr__ = _later


def __dir__() -> list[str]:
    return sorted(__all__)
