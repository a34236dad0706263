"""The notebooks run from top to bottom, and are kept without outputs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

from conftest import REPOSITORY, real_file  # noqa: E402

NOTEBOOKS = sorted((REPOSITORY / "examples").glob("*.ipynb"))


def test_there_are_notebooks():
    assert [path.stem for path in NOTEBOOKS] == ["Customer_Segmentation", "coming_from_scikit_learn"]


def executed(path: Path, folder: Path, monkeypatch):
    """The notebook, run in a folder for what it writes."""
    monkeypatch.setenv("EXAMPLE_SCALE", "0.05")
    monkeypatch.setenv("IPYTHONDIR", str(folder / "ipython"))
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    return notebook


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.parametrize("data", ["real", "sample"])
def test_it_runs(path, data, tmp_path, monkeypatch):
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    if data == "real":
        if path.stem != "Customer_Segmentation":
            pytest.skip("it needs no file")
        os.symlink(real_file("marketing_campaign.csv").parents[1], tmp_path / "a" / "shared")
    notebook = executed(path, folder, monkeypatch)
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert all(cell.outputs for cell in notebook.cells if cell.cell_type == "code" and len(cell.source) < 40)
    assert not [output for output in outputs if output.get("name") == "stderr"]
    texts = "".join(output.get("text", "") for output in outputs)
    if path.stem == "coming_from_scikit_learn":
        assert "labels equal: True" in texts
    else:
        assert ("sample customers" in texts) == (data == "sample")
        assert "report.html" in texts


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_kept_without_outputs(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None
