"""Customer segmentation with K-Means: a table of customers in, explained segments out.

``tribus.segment(frame)`` goes the whole way from a frame or a file to named segments, with the numbers of the program
``tribus`` to the last bit. ``tribus.KMeans`` is the engine below it as a scikit-learn estimator, ``tribus.metrics``
measures labels at its speed, ``tribus.evidence(frame)`` says how many segments there are, and whether there are any.
"""

from __future__ import annotations

import importlib
from typing import Any

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
    ReadError,
    RecipeError,
    SegmentationError,
    UnknownColumnError,
)
from tribus._tribus import __version__

# Where names are that would make the import slow: NumPy and scikit-learn are loaded when they are needed.
_LATER = {
    "KMeans": "tribus._kmeans",
    "Chart": "tribus._views",
    "Evidence": "tribus._views",
    "Ledger": "tribus._views",
    "Profile": "tribus._views",
    "Segmentation": "tribus._segmentation",
    "demo": "tribus._segmentation",
    "evidence": "tribus._segmentation",
    "load": "tribus._segmentation",
    "read": "tribus._segmentation",
    "recipes": "tribus._segmentation",
    "segment": "tribus._segmentation",
}

__all__ = [
    "Chart",
    "ConvergenceWarning",
    "EngineError",
    "Error",
    "Evidence",
    "EvidenceError",
    "ExportError",
    "KMeans",
    "Ledger",
    "NotFittedError",
    "ParameterError",
    "PipelineError",
    "PlanError",
    "Profile",
    "ReadError",
    "RecipeError",
    "Segmentation",
    "SegmentationError",
    "UnknownColumnError",
    "__version__",
    "demo",
    "evidence",
    "load",
    "metrics",
    "read",
    "recipes",
    "segment",
]


def __getattr__(name: str) -> Any:
    if name == "metrics":
        return importlib.import_module("tribus.metrics")
    module = _LATER.get(name)
    if module is None:
        raise AttributeError(f"module 'tribus' has no attribute {name!r}")
    value = getattr(importlib.import_module(module), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
