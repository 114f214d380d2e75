"""The script and the notebook of a reader's own images run with nothing but what comes along in their zip."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from own_sets import arrays, own_set

from mnistgrad.app.cards import recomputing
from mnistgrad.app.cards.bundle import Asked, bundle
from mnistgrad.app.controls import State
from mnistgrad.app.kept.image_sets import hold

WITHOUT_MNISTGRAD = (
    "import sys, runpy; sys.modules['mnistgrad'] = None; sys.argv = sys.argv[1:]; "
    "runpy.run_path(sys.argv[0], run_name='__main__')"
)


def run(script: Path, elsewhere: Path) -> subprocess.CompletedProcess:
    command = [sys.executable, "-W", "error", "-c", WITHOUT_MNISTGRAD, str(script)]
    return subprocess.run(command, cwd=elsewhere, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize(
    ("name", "normalise", "layer"), [("on white", True, "w1"), ("lit corners", False, "w2"), ("flat", True, "w1")]
)
def test_the_script_lies_beside_its_images_and_meets_every_figure(name: str, normalise: bool, layer: str, tmp_path: Path) -> None:
    held = hold(own_set(name))
    state = State(held.most, normalise=normalise, seed=4, nh=6, images=held.key)
    assert recomputing.file_name(state, layer, "py").endswith(".py.zip")
    with zipfile.ZipFile(io.BytesIO(recomputing.file(state, layer, "", "py"))) as made:
        made.extractall(tmp_path / "saved")
    (elsewhere := tmp_path / "elsewhere").mkdir()
    done = run(tmp_path / "saved" / "recompute.py", elsewhere)
    assert not done.returncode and done.stdout.count("as on the page") >= 13, done.stderr
    images = next((tmp_path / "saved").glob("images*"))
    images.write_bytes(recomputing.own_images(hold(own_set("one class")).key)[images.name])
    assert run(tmp_path / "saved" / "recompute.py", elsewhere).returncode  # other images, other figures


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
