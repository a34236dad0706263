"""What several tests need: real files where they are there, and sample customers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import tribus

REPOSITORY = Path(__file__).resolve().parents[2]


def data_folder() -> Path | None:
    """The folder of real files that lies beside the repository, where it is there."""
    shared = Path(os.environ.get("TRIBUS_SHARED", REPOSITORY.parent / "shared"))
    return shared / "data" if (shared / "data").is_dir() else None


def real_file(name: str) -> Path:
    """A real file, or a skip that says so."""
    folder = data_folder()
    if folder is None or not (folder / name).is_file():
        pytest.skip(f"../shared/data/{name} is not there")
    return folder / name


@pytest.fixture(scope="session")
def customers() -> Any:
    """Sample customers as a pandas frame with an index of its own."""
    frame = tribus.demo()
    frame.index = range(1000, 1000 + len(frame))
    return frame


@pytest.fixture(scope="session")
def segmentation(customers: Any) -> tribus.Segmentation:
    return tribus.segment(customers, recipe="marketing-campaign", quick=True)
