"""Everything of a page from the terminal: every member opened, its progress, and nothing half made where it is stopped."""

import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from patience import SOON
from PIL import Image
from pypdf import PdfReader

from mnistgrad.app.command.main import main
from mnistgrad.pictures.sheet.sheet import PX_PER_MM

ROOT = Path(__file__).parents[2]
GIVEN = ("export", "--page", "cost", "--n", "3", "--nh", "4", "--address", "https://lesson.example", "--format", "zip")


def test_the_zip_holds_the_page_and_each_of_its_files_opens_and_says_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main([*GIVEN, "--out", "made/"])
    assert not ended.value.code and capfd.readouterr() == ("made/mnistgrad-cost-n3-seed0.zip\n", "")
    whole = zipfile.ZipFile("made/mnistgrad-cost-n3-seed0.zip")
    cards = json.loads(whole.read("state.json"))["cards"]
    assert cards and {"report.html", "lesson.html", "recompute.py"} <= set(whole.namelist())
    for card in cards:
        sizes = {}
        for name in card["files"]:
            content = io.BytesIO(whole.read(name))
            if name.endswith(".png"):
                with Image.open(content) as image:
                    image.load()
                    assert image.text["Title"] == card["title"] and card["link"] in image.text["Source"]
                    sizes["png"] = [side / 2 for side in image.size]  # two pixels for each px
            elif name.endswith(".pdf"):
                reader = PdfReader(content)
                (page,) = reader.pages
                assert reader.metadata.title == card["title"] and card["title"].split()[0] in page.extract_text()
                sizes["pdf"] = [float(side) / 0.75 for side in page.mediabox[2:]]
        assert sizes["png"] == pytest.approx(sizes["pdf"], abs=1.5) and min(sizes["png"]) > 20 * PX_PER_MM, card["card"]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--format", "zip,svg"), "leave out other formats"),
        (("--card", "counts"), "leave out other formats, --card"),
        (("--purpose", "slides"), "and --purpose"),
        (("--n", "0"), "'0' is not possible"),
        (("--row", "3"), "--row changes nothing"),
    ],
)
def test_what_a_zip_does_not_take_is_said(
    more: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main([*GIVEN, *more])
    assert ended.value.code == 2 and sentence in capfd.readouterr().err and not list(tmp_path.iterdir())


def test_ctrl_c_while_it_is_made_leaves_nothing(tmp_path: Path) -> None:
    ours, terminal = pty.openpty()
    command = [sys.executable, "-m", "mnistgrad", *GIVEN, "--out", "made/lesson.zip"]
    (tmp_path / "made").mkdir()
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=terminal, env=os.environ | {"PYTHONPATH": str(ROOT)}
    ) as running:
        seen = ""
        while not re.search(r"[1-9]\d?%", seen):  # some of its cards are done
            seen += os.read(ours, 1_000).decode()
        running.send_signal(signal.SIGINT)
        assert running.stdout and not running.stdout.read() and running.wait(SOON) == 130
    os.close(terminal)
    os.close(ours)
    assert not list((tmp_path / "made").iterdir())
