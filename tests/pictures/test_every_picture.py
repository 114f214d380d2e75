"""What holds for every picture in every state, and that no kind of picture is left out."""

import ast
import importlib
import inspect
import pkgutil
import re
import typing
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path

import pytest
from loops import over
from pictures.diagrams.drawn import parsed, texts
from pictures.every_picture import KINDS, drawn, drawn_dark, pictures
from pictures.looks import assert_tidy, assert_well_formed, texts_of
from pictures.opened import READERS, said_by
from playwright.sync_api import Browser, Page

import mnistgrad.pictures
from mnistgrad.captions.axes import AXES
from mnistgrad.pictures.about import About
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.export import export, formats_of
from mnistgrad.pictures.palette import PALETTES, ROOMS

ABOUT = About(
    "What `w1.g` <says> & means",
    "A :orange[**sentence**], that holds.",
    "MNIST, n = 10, seed 3",
    "http://localhost:8501/gradient?n=10&seed=3&view=Units+on+the+image",
    "gradient",
    "card",
)
IN_TURN = ("PNG", "PDF", "HTML")  # slow to write: each kind in one of the themes, which differ in colours alone
each_kind = pytest.mark.parametrize("kind", KINDS, scope="module")  # the tests of a kind in a row
FILES_OF_PICTURES = ("mnistgrad.pictures.export", "mnistgrad.pictures.sheet")  # made of what others draw


@each_kind
def test_pictures_are_well_formed_and_tidy(kind: str) -> None:
    shown = drawn(kind)
    assert shown
    assert_well_formed(shown)
    assert_tidy(shown, PALETTES["light"])


@each_kind
def test_no_words_stand_where_a_picture_is_cut_to_be_stacked(kind: str) -> None:
    for label, picture in drawn(kind):
        if isinstance(picture, Diagram) and picture.cuts:
            assert [*picture.cuts] == sorted(picture.cuts) and picture.cuts[0] > 0 and picture.cuts[-1] < picture.width
            cut = [(t.words, at) for t in texts(parsed(picture.svg)) for at in picture.cuts if t.box[0] + 1 < at < t.box[2] - 1]
            assert not cut, label


@each_kind
def test_in_the_dark_the_same_is_drawn_in_colours_that_can_be_read(kind: str) -> None:
    dark = drawn_dark(kind)
    assert_tidy(dark, PALETTES["dark"])
    for (label, one), (_, other) in zip(drawn(kind), dark, strict=False):
        assert (one.name, one.description) == (other.name, other.description), label
        assert one.frame.equals(other.frame), label
        assert texts_of(one) == texts_of(other), label
        assert shapes_of(one) == shapes_of(other), label


@pytest.fixture(scope="module")
def offline(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page without a network, and what it reports."""
    context = browser.new_context(offline=True)
    page, faults = context.new_page(), []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page, faults
    context.close()


@each_kind
def test_every_file_of_a_picture_says_what_it_is(kind: str, offline: tuple[Page, list[str]], tmp_path: Path) -> None:
    """That files without a title hold the table alone is tested with the exports."""
    for turn, (theme, shown) in enumerate((("light", drawn(kind)), ("dark", drawn_dark(kind))), [*KINDS].index(kind)):
        picture = shown[:2][-1][1]  # the first often shows a single image
        letters = {"n"} | {letter for text in texts_of(picture) for letter in re.findall(r"(?<![\w.(])[ijk](?![\w.(\[])", text)}
        purpose = "print" if theme == "light" else "slides-clear"
        wanted = [
            "What w1.g <says> & means",
            "A sentence, that holds.",
            "MNIST, n = 10, seed 3",
            *(AXES[each] for each in letters),
        ]
        for name in READERS.keys() & formats_of(picture).keys():
            if name in IN_TURN and (turn + IN_TURN.index(name)) % 2:
                continue
            file = export(picture, name, ABOUT, "screen" if name == "PNG" else purpose)
            said = said_by(name, file)
            missing = [each for each in [*wanted, ABOUT.link] if each not in said and not (name == "PDF" and each == ABOUT.link)]
            assert not missing, (theme, name, missing)
            if name == "HTML":
                (tmp_path / "picture.html").write_bytes(file)
                assert_page(*offline, tmp_path / "picture.html")


def assert_page(page: Page, faults: list[str], file: Path) -> None:
    """It draws the picture without a network, as large as the window lets it, and reports no fault."""
    faults.clear()
    page.goto(file.as_uri())
    page.wait_for_selector("main svg")
    assert page.title() == ABOUT.plain_title and not faults
    assert page.evaluate(
        "document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight"
    )
    box = page.locator("main svg").first.bounding_box()
    assert box and box["width"] > 0.9 * 1280 and box["height"] > 250


def shapes_of(picture: Chart | Diagram) -> object:
    """What is drawn, but for its colours, and for minuses, which stand in order of the tone that is seen on them."""
    if isinstance(picture, Chart):
        return re.sub(r"#[0-9a-f]{6}|view_[0-9a-f]+", "", str(picture.spec))
    root = parsed(picture.svg)
    plain = [e for e in root.iter() if e.get("class") != "minus"]
    return [(e.tag, e.text, {k: v for k, v in e.attrib.items() if k != "href" and not v.startswith("#")}) for e in plain]


ROOMS_FIT = {"phone": (328, 9.5), "slide": (677, 11.99)}  # px that pictures have there, and that the smallest text must be
WHOLE = {  # pictures that only files hold, or that scroll within a player
    *("code_panel", "operations_list", "numbers_diagram", "one_cell", "printed_tensor", "added_rows"),
    *("multiplication_table", "tables", "shape_diagram", "general_diagram", "alignment", "matmul_alignment", "einsum_alignment"),
}


@each_kind
@over("room", ROOMS)
def test_on_a_phone_and_on_a_slide_pictures_fit_with_words_that_can_be_read(kind: str, room: str) -> None:
    shown = list(islice(pictures(kind, f"light-{room}"), 3))
    assert_tidy(shown, PALETTES["light"])
    place, smallest = ROOMS_FIT[room]
    for label, picture in shown:
        if isinstance(picture, Chart):
            assert picture.least <= place, label
        elif kind not in WHOLE:
            edges = [0, *picture.cuts, picture.width] if place < picture.least else [0, picture.width]
            widest = max(end - start for start, end in pairwise(edges))
            sizes = [float(size) for size in re.findall(r"""font-size=["']([\d.]+)""", picture.svg)]
            assert min(sizes, default=smallest) * min(1, place / widest) >= smallest, label


def test_no_function_that_draws_a_picture_is_left_out() -> None:
    found = set()
    for module in pkgutil.walk_packages(mnistgrad.pictures.__path__, "mnistgrad.pictures."):
        if module.name.startswith(FILES_OF_PICTURES):
            continue
        for name, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            if function.__module__ == module.name and not name.startswith("_"):
                returns = typing.get_type_hints(inspect.unwrap(function)).get("return")
                if {Chart, Diagram} & {returns, *typing.get_args(returns)}:
                    found.add(name)
    assert found == set(KINDS)


def test_pictures_are_tested_without_the_dashboard() -> None:
    """That no module below the app needs it is for the test of the import law."""
    tests = Path(__file__).parents[1]
    files = [
        *tests.glob("pictures/**/*.py"),
        *(tests / f"{name}.py" for name in ("comparisons", "measurements", "passes", "states")),
    ]
    asking = {file.name for file in files for name in imported(file) if re.match(r"streamlit\b|mnistgrad\.app\b", name)}
    assert len(files) > 30 and not asking


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
