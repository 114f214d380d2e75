"""The command in a terminal: what it writes, where to, what it says and how it ends."""

import csv
import errno
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from measurements import made_up_lines
from patience import SOON

from mnistgrad.app.cards.card import about
from mnistgrad.app.cards.pages import PAGES, VIEWS, cards_of
from mnistgrad.app.command import options
from mnistgrad.app.command.asking import Asked
from mnistgrad.app.command.main import commands, main
from mnistgrad.app.controls import CONTROLS
from mnistgrad.app.controls import VIEWS as VIEW_LABELS
from mnistgrad.common import files
from mnistgrad.cost import process
from mnistgrad.cost.measurement import MeasurementPlan
from mnistgrad.pictures.export import CHART_FORMATS, DIAGRAM_FORMATS, export

Run = Callable[..., tuple[int, str, str]]
SVG = "{http://www.w3.org/2000/svg}svg"
IN_CHECKOUT = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Carry out a command in an empty folder; its exit code, and what it says on its two outputs."""
    monkeypatch.chdir(tmp_path)

    def carry_out(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        told = capfd.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, told.out, told.err

    yield carry_out


def done(result: tuple[int, str, str]) -> str:
    code, told, error = result
    assert (code, error) == (0, "")
    return told


def test_help_is_there_without_torch() -> None:
    names = ["", *commands.commands]
    code = f"""
import sys
from mnistgrad.app.command.main import main
for name in {names}:
    try:
        main([*filter(None, [name]), "--help"])
    except SystemExit as ended:
        assert not ended.code
assert not {{"torch", "streamlit", "pandas", "altair"}} & set(sys.modules)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=IN_CHECKOUT).stdout
    assert told.count("Usage: mnistgrad") == len(names)


def test_options_for_controls_are_those_of_the_table() -> None:
    """Each that a picture depends on; others place what is read beside the pictures."""
    labels, read = {control.key: control.label for control in CONTROLS}, set[str]()
    assert {key: labels[key] for key in options.LABELS} == options.LABELS
    for page in PAGES:
        for view in VIEW_LABELS.values() if page == "gradient" else [VIEW_LABELS["variance"]]:
            PAGES[page](asked := Asked({"n": ["3"], "nh": ["3"], "compare": ["1"], "view": [view]}), "light")
            read |= asked.read
    assert read <= set(options.LABELS)
    assert set(options.PAGES) == set(PAGES) == set(options.OF_PAGE)
    kinds = {name.lower() for name in (*CHART_FORMATS, *DIAGRAM_FORMATS)}
    assert {*options.PICTURES, *options.TABLES} == kinds | {"json"}


def test_all_pictures_are_listed_by_page_and_card(run: Run) -> None:
    query = {"n": ["3"], "compare": ["1"], "nh": ["3"]}
    views = [{"view": [VIEW_LABELS[view]]} for view in VIEWS]
    states = [(page, query | view) for page in PAGES for view in (views if page == "gradient" else [{}])]
    keys = [(page, card.key) for page, state in states for card in cards_of(page, state, "light") for _ in card.pictures()]
    lines = done(run("export", "--list", "--page", "all", "--n", "3", "--compare", "1", "--nh", "3")).splitlines()
    assert [(page, name.partition("/")[0]) for page, name, _ in (line.split("\t") for line in lines)] == keys


def test_pictures_are_those_of_the_page_in_every_format(run: Run, tmp_path: Path) -> None:
    given = ["--page", "gradient", "--view", "units", "--images", "12", "--seed", "3", "--theme", "dark"]
    paths = done(run("export", *given, "--format", "svg,pdf", "--purpose", "slides", "--out", "made/here")).splitlines()
    query = {"view": ["Units on the image"], "n": ["12"], "seed": ["3"]}
    assert {tmp_path / path for path in paths} == set((tmp_path / "made/here").iterdir()) and len(paths) == 4
    for card, path in zip(cards_of("gradient", query, "dark"), paths[::2], strict=True):
        (picture,) = card.drawn_for("slides", of := about(card, "gradient", query, "")).values()
        assert Path(path).read_bytes() == export(picture, "SVG", of, "slides")
        assert Path(path).with_suffix(".pdf").read_bytes().startswith(b"%PDF")


def test_a_link_pasted_whole_asks_for_what_its_options_would(run: Run, tmp_path: Path) -> None:
    link = "http://127.0.0.1:8501/gradient?n=10&layer=w2&preset=lesson-2022"
    of_link = done(run("export", "--link", link, "--view", "variance", "--format", "json", "--out", "-"))
    own = ("--page", "gradient", "--n", "10", "--layer", "w2.g", "--preset", "lesson-2022", "--view", "Column variance")
    assert of_link == done(run("export", *own, "--card", "entry-variance", "--format", "json", "--out", "-"))
    assert len(json.loads(of_link)) == 50 and not list(tmp_path.iterdir())
    table = pd.read_csv(io.StringIO(done(run("export", *own, "--format", "csv", "--out", "-"))))
    assert table["gradient"].tolist() == pytest.approx([row["gradient"] for row in json.loads(of_link)])


def test_one_picture_goes_where_it_is_to_go(run: Run, tmp_path: Path) -> None:
    one = ("export", "--page", "story", "--card", "print/pixel-map", "--n", "5")
    assert ElementTree.fromstring(done(run(*one, "--out", "-"))).tag == SVG
    assert done(run(*one, "--out", "map.svg")) == "map.svg\n"
    assert ElementTree.parse(tmp_path / "map.svg").getroot().tag == SVG and len(list(tmp_path.iterdir())) == 1


REFUSED: Sequence[tuple[str, int, str]] = [
    ("", 2, "Missing command"),
    ("frobnicate", 2, "No such command 'frobnicate'"),
    ("export", 2, "Name a --page (story, steps, line, gradient, cost, training, all) or a --link"),
    ("export --page puzzles", 2, "'puzzles' is not one of 'story', 'steps', 'line', 'gradient', 'cost', 'training', 'all'"),
    ("export --link puzzles?n=3", 2, "'puzzles' is no page; there are story, steps, line, gradient, cost, training"),
    ("export --page cost --format svg,gif", 2, "'gif' is not one of svg, png, pdf"),
    ("export --page cost --format vega-lite --card counts", 1, "No picture here becomes vega-lite; possible are png"),
    ("export --page cost --card cards", 2, "'cards' is not here; there are counts, cost-line-time"),
    ("export --page cost --theme grey", 2, "'grey' is not one of 'light', 'dark'"),
    ("export --page cost --purpose fun", 2, "'fun' is not one of 'screen', 'slides'"),
    ("export --page story --n 0", 2, "'--n': '0' is not possible; allowed are 1 to 50,000."),
    ("export --page story --n ten", 2, "'ten' is not possible"),
    ("export --page story --images mnisty", 2, "'mnisty' is not possible; allowed are 'mnist'"),
    ("export --page story --seed -1", 2, "'--seed': '-1' is not possible"),
    ("export --page story --preset lesson", 2, "allowed are 'lesson-2019', 'lesson-2022'"),
    ("export --page story --n 3 --added 4", 2, "'--added': '4' is not possible; allowed are 1 to 3."),
    ("export --page gradient --view one-weight --layer w2 --row 50", 2, "'50' is not possible; allowed are 0 to 49."),
    ("export --page gradient --view build-up --labels 1,x", 2, "'--labels': 'x' is not possible"),
    ("export --link gradient?view=units&column=50", 2, "'--column': '50' is not possible; allowed are 0 to 49."),
    ("export --page cost --row 3", 2, "--row changes nothing in what is shown here"),
    ("export --page cost --out one.svg", 2, "--out one.svg takes one file, and these are 7 files"),
    ("export --page cost --out -", 2, "--out - takes one file"),
    ("export --page cost --card counts --out one.png", 2, "--out one.png does not end in .svg"),
    ("export --page cost --card counts --out taken/in", 1, "Cannot write taken/in: Not a directory."),
    ("export --page cost --card counts --out missing/one.svg", 1, "Cannot write missing/one.svg: No such file or directory."),
    ("export --page line --lines open(3)", 1, "open is not among the functions"),
    ("export --page gradient --view variance --variance rows --layer w2", 1, "There is no picture in this state."),
    ("explain", 2, "Give the lines, each as an argument, or a --file that holds them."),
    ("explain --file missing", 1, "Cannot read missing: No such file or directory."),
    ("explain a+a", 1, "a has no shape yet."),
    ("explain a+a --shapes a:3 --step 2", 2, "2 is not possible; allowed are 1 to 1."),
    ("explain a --shapes a:3", 1, "there is nothing to draw"),
    ("measure --largest 7", 2, "allowed are '100', '1,000', '10,000', '50,000'"),
    ("measure --format csv,svg --out one.csv", 2, "--out one.csv takes one file"),
    ("measure --format svg --out -", 2, "--out - takes one file"),
    ("train --trained 50 --batch 51", 2, "'--batch': '51' is not possible; allowed are 1 to 50."),
    ("train --methods none", 2, "'none' is not possible; allowed are 'true gradient'"),
    ("sweep --compare 99", 2, "allowed are 1 to 10"),
]


def test_what_cannot_be_done_is_said_in_a_sentence_and_leaves_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    for arguments, code, sentence in REFUSED:
        found, told, error = run(*arguments.split(" ") if arguments else [])
        assert (found, told) == (code, "") and sentence in error, (arguments, found, error)
        assert error.count("Error: ") == 1 and error.endswith(".\n"), (arguments, error)
        assert [path.name for path in tmp_path.iterdir()] == ["taken"], arguments


def test_a_full_disk_leaves_whole_files_alone(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put = os.replace

    def full_at_the_second(source: str, target: Path) -> None:
        if list(tmp_path.glob("out/*.svg")):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        put(source, target)

    monkeypatch.setattr(files.os, "replace", full_at_the_second)
    code, told, error = run("export", "--page", "cost", "--out", "out")
    assert code == 1 and re.fullmatch(r"Error: Cannot write out/[\w.-]+\.svg: No space left on device\.\n", error)
    (whole,) = (tmp_path / "out").iterdir()
    assert told == f"out/{whole.name}\n" and ElementTree.parse(whole)


def test_lines_are_explained_from_arguments_files_and_pipes(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line, shapes = "dW = h.t() @ dlogits", "h: n=32, j=64; dlogits: n, k=27"
    text = done(run("explain", line, "--shapes", shapes))
    assert "(n 32, k 27) → (j 64, k 27)" in text and "Along n pairs are multiplied" in text
    held = f"# h: n=32, j=64\n# a note: no tensor\n# dlogits: n, k=27\n{line}\n"
    (tmp_path / "lines.py").write_text(held)
    assert done(run("explain", "--file", "lines.py")) == text
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(held.encode())))
    assert done(run("explain", "--file", "-")) == text
    assert "(n 7, j 50)" in done(run("explain", "a = h + 1", "--shapes", "h: n, j", "--n", "7"))
    rows = list(csv.DictReader(done(run("explain", line, "--shapes", shapes, "--step", "2", "--format", "csv")).splitlines()))
    assert [row["code"] for row in rows] == ["h.t() @ dlogits"]
    for name, begins in {"a.html": b"<!doctype html>", "a.png": b"\x89PNG", "a.pdf": b"%PDF", "a.txt": text.encode()}.items():
        assert done(run("explain", line, "--shapes", shapes, "--out", name)) == f"{name}\n"
        assert (tmp_path / name).read_bytes().startswith(begins)


def test_a_measurement_becomes_a_table_and_pictures(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = made_up_lines(MeasurementPlan(largest=100, nh=7))
    monkeypatch.setattr(process, "MODULE", ["-c", f"for line in {lines!r}: print(line)"])
    table = pd.read_csv(io.StringIO(done(run("measure", "--largest", "100", "--nh", "7", "--format", "csv"))))
    assert len(table) == len(lines) - 1 and set(table["images"]) == {1, 5, 10, 50, 100}
    assert table.set_index(["method", "images"])["median [s]"]["autograd", 100] == pytest.approx(355e-6)
    assert "360 µs" in done(run("measure", "--largest", "100", "--nh", "7"))
    assert len(done(run("measure", "--largest", "100", "--nh", "7", "--format", "svg,json")).splitlines()) == 5
    monkeypatch.setattr(process, "MODULE", ["-c", "raise SystemExit(3)"])
    assert run("measure")[0::2] == (1, "Error: The measuring process ended with code 3, before it was done.\n")


def test_trainings_become_a_table_and_pictures(run: Run) -> None:
    short = ("train", "--steps", "2", "--images", "20", "--nh", "2", "--seeds", "2", "--methods", "true,printed row, copied")
    table = pd.read_csv(io.StringIO(done(run(*short, "--format", "csv"))))
    assert set(table["method"]) == {"true gradient", "printed row, copied"} and set(table["seed"]) == {0, 1}
    assert table["step"].max() == 2 and table["read right [share]"].between(0, 1).all()
    names = done(run(*short, "--format", "svg", "--out", "made")).splitlines()
    assert len(names) == 4 and sum("n-20-" in name for name in names) == 3  # the rates are the stored study's


def test_a_sweep_becomes_a_table_and_pictures(run: Run) -> None:
    table = pd.DataFrame(json.loads(done(run("sweep", "--nh", "2", "--compare", "2", "--n", "3", "--format", "json"))))
    assert set(table["seed"]) == {0, 1} and 3 in set(table["images"]) and table["rank"].max() == 2
    assert table[table["images"] == 50_000]["distance to the full batch [share]"].tolist() == [0, 0]
    assert len(done(run("sweep", "--nh", "2", "--compare", "2", "--format", "svg", "--out", "made")).splitlines()) == 6


def test_an_interrupt_ends_it_at_once_and_leaves_whole_files_alone(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mnistgrad", "export", "--page", "cost", "--format", "svg,png,pdf", "--out", "out"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=tmp_path, stdout=pipe, stderr=pipe, text=True, env=IN_CHECKOUT) as running:
        assert running.stdout and running.stderr
        first = running.stdout.readline().strip()
        running.send_signal(signal.SIGINT)
        told = [first, *running.stdout.read().split()]
        assert running.wait(SOON) == 130 and "Traceback" not in running.stderr.read()
    assert {tmp_path / path for path in told} == set((tmp_path / "out").iterdir()) and len(told) < 15
