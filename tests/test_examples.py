"""The notebooks of examples/ run from their first cell to their last, and show what they promise."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from patience import ENDED_WITHIN

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.ipynb"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_notebook_runs_and_shows_its_lessons(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "keep a notebook without its outputs"
    monkeypatch.setenv("PYTHONPATH", str(path.parents[1]))
    NotebookClient(notebook, timeout=ENDED_WITHIN, resources={"metadata": {"path": tmp_path}}).execute()
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs if "data" in output]
    players = [output for output in shown if "<iframe" in output.data.get("text/html", "")]
    assert len(players) >= 4 and all(output.data["text/plain"].startswith("Lesson ") for output in players)
    assert "vega" in str(shown[-1].data), "the chart is Altair's own"
    assert {file.suffix for file in tmp_path.iterdir()} == {".html", ".svg"}
