"""The script and the notebook recompute a state without mnistgrad, and stop where a figure is another."""

import json
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import nbclient
import nbformat
import pytest
from patience import ENDED_WITHIN
from recomputed import run_alone

from mnistgrad.gradient.weight_gradient import weight_gradient_of
from mnistgrad.network.data import load_batch
from mnistgrad.network.gradients import gradients
from mnistgrad.network.presets import initial_weights
from mnistgrad.takeaway.documents import notebook, script
from mnistgrad.takeaway.figures import Figures, figures_of
from mnistgrad.takeaway.lesson_cells import Recomputed, cells_of

IMAGES = Path(__file__).parents[1] / "mnistgrad" / "network" / "mnist"
STATES = [
    Recomputed(1_000, "lesson-2019", True, 0, 50, link="http://127.0.0.1/?n=1000"),
    Recomputed(7, "lesson-2022", True, 42, 8, layer="w2"),
    Recomputed(7_000, "lesson-2022", False, 3, 50),  # where the lesson's line would take more than 1 GB
    Recomputed(1, "lesson-2019", True, 7, 2),  # no unit is on
]


@cache
def figures(of: Recomputed) -> Figures:
    batch, weights = load_batch(of.n, of.normalise), initial_weights(of.nh, of.seed, of.preset)
    return figures_of(weight_gradient_of(of.layer, batch, weights), gradients(batch, weights))


def test_the_script_meets_every_figure_without_mnistgrad(tmp_path: Path) -> None:
    scripts = [tmp_path / f"recompute-{place}.py" for place in range(len(STATES))]
    for path, of in zip(scripts, STATES, strict=True):
        path.write_text(script(cells_of(of, figures(of))), encoding="utf-8")
    for of, ran in zip(STATES, run_alone(scripts, tmp_path, str(IMAGES)), strict=True):
        assert not ran.stopped, (of, ran.stopped)
        assert ran.said.count("as on the page") >= 13, of


def test_another_figure_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    of = Recomputed(20, "lesson-2019", True, 0, 6)
    right = figures(of)
    monkeypatch.setattr(sys, "argv", ["recompute.py", str(IMAGES)])
    exec(script(cells_of(of, right)), {"__name__": "right"})
    for wrong in (
        dict(loss=right.loss * 1.01),
        dict(rank=right.rank - 1),
        dict(distinct=right.distinct + 1),
        dict(variance=right.variance * 1.01),
        dict(copied=right.copied + 1),
        dict(entries={place: value + 0.01 for place, value in right.entries.items()}),
    ):
        with pytest.raises(AssertionError):
            exec(script(cells_of(of, replace(right, **wrong))), {"__name__": "wrong"})
            pytest.fail(f"goes on with {wrong}")


def test_the_notebook_is_the_same_lesson_and_runs(tmp_path: Path) -> None:
    of = STATES[1]
    cells = cells_of(of, figures(of))
    text = notebook(cells)
    found = nbformat.reads(text, as_version=4)
    nbformat.validate(found)
    assert [cell.source.rstrip() for cell in found.cells if cell.cell_type == "code"] == [cell.code.rstrip() for cell in cells]
    assert notebook(cells) == text and json.loads(text)["nbformat"] == 4
    found.cells[1].source += f"\nfolder = Path({str(IMAGES)!r})"
    nbclient.NotebookClient(found, timeout=ENDED_WITHIN, resources={"metadata": {"path": str(tmp_path)}}).execute()


def test_other_sets_are_read_through_torchvision() -> None:
    of = replace(STATES[0], images="emnist")
    text = script(cells_of(of, figures(STATES[0])))
    compile(text, "recompute.py", "exec")
    assert "datasets.EMNIST(folder, train=True, download=True, split='letters')" in text and "transpose(1, 2)" in text
