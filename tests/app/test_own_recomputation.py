"""The script and the notebook of a reader's own images run with nothing but what comes along in their zip."""

import io
import json
import sys
import zipfile
from pathlib import Path

import pytest
from own_sets import arrays, own_set
from recomputed import run_alone

from mnistgrad.app.cards import recomputing
from mnistgrad.app.cards.bundle import Asked, bundle
from mnistgrad.app.controls import State
from mnistgrad.app.kept.image_sets import hold

STATES = [("on white", True, "w1"), ("lit corners", False, "w2"), ("flat", True, "w1")]


def test_the_script_lies_beside_its_images_and_meets_every_figure(tmp_path: Path) -> None:
    """And stops where they are others."""
    others = recomputing.own_images(hold(own_set("one class")).key)
    for name, normalise, layer in STATES:
        held = hold(own_set(name))
        state = State(held.most, normalise=normalise, seed=4, nh=6, images=held.key)
        assert recomputing.file_name(state, layer, "py").endswith(".py.zip")
        for folder in (saved := tmp_path / name, altered := tmp_path / f"{name}, altered"):
            with zipfile.ZipFile(io.BytesIO(recomputing.file(state, layer, "", "py"))) as made:
                made.extractall(folder)
        (images,) = saved.glob("images*")
        (altered / images.name).write_bytes(others[images.name])
    (elsewhere := tmp_path / "elsewhere").mkdir()
    names = [name for name, *_ in STATES]
    ran = run_alone([tmp_path / f"{name}{how}" / "recompute.py" for how in ("", ", altered") for name in names], elsewhere)
    for name, right, wrong in zip(names, ran[: len(names)], ran[len(names) :], strict=True):
        assert not right.stopped and right.said.count("as on the page") >= 13, (name, right.stopped)
        assert wrong.stopped, name


def test_the_zip_of_a_page_has_them_too_and_the_notebook_finds_them_where_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = hold(own_set("five images"))
    asked = Asked(("cost",), {"images": [held.key], "n": ["5"], "nh": ["3"]}, "light", formats=("CSV",))
    with zipfile.ZipFile(io.BytesIO(bundle(asked))) as made:
        made.extractall(tmp_path)
    cells = json.loads((tmp_path / "recompute.ipynb").read_text())["cells"]
    names: dict[str, object] = {"__name__": "notebook"}
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["kernel", "-f", "connection"])
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    assert names["images"].shape == (5, 784) and names["labels"].tolist() == arrays()["five images"][1].tolist()
