"""The zip of all pages: every member opened, the report offline, the same for the same state; made beside a page, and stopped."""

import io
import json
import zipfile
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pandas as pd
import pytest
from app.opening import headline, opened, settled
from patience import SOON

from mnistgrad import __version__
from mnistgrad.app.cards import bundle as made
from mnistgrad.app.cards.bundle import ALL, Asked, bundle
from mnistgrad.app.jobs.readers import READER
from mnistgrad.app.kept import bundles
from mnistgrad.app.parts import take_home

ASKED = Asked(ALL, {"n": ["3"], "nh": ["4"]}, "light", "http://127.0.0.1:1", ("SVG", "CSV"))
LESSONS = {"lesson.html": 4, "lesson-steps.html": 4, "lesson-own-line.html": 2}  # and how many steps each has
ONE = Asked(("story",), {"n": ["3"], "nh": ["4"]}, "dark", "", ("PNG",))


@pytest.fixture(scope="module")
def whole() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(bundle(ASKED)))


def test_every_member_opens_and_every_page_is_there(whole: zipfile.ZipFile) -> None:
    assert whole.testzip() is None and sum(member.file_size for member in whole.infolist()) < 40e6
    names = whole.namelist()
    assert len(set(names)) == len(names)
    for name in names:
        if name.endswith(".svg"):
            assert ElementTree.fromstring(whole.read(name)).tag.endswith("svg")
        elif name.endswith(".csv"):
            assert len(pd.read_csv(io.BytesIO(whole.read(name)), comment="#").columns)
    assert {name.partition("/")[0] for name in names if "/" in name} == set(ALL)
    assert {"report.html", "state.json", *LESSONS, "recompute.py", "recompute.ipynb"} <= set(names)
    told = json.loads(whole.read("state.json"))
    assert (
        told["state"]["n"] == 3
        and told["versions"]["mnistgrad"] == __version__
        and told["link"] == "http://127.0.0.1:1/story?n=3&nh=4"
    )
    assert {name for card in told["cards"] for name in card["files"]} == {name for name in names if "/" in name}
    assert {card["page"] for card in told["cards"]} == set(ALL) and json.loads(whole.read("recompute.ipynb"))["nbformat"] == 4
    compile(whole.read("recompute.py"), "recompute.py", "exec")
    assert "n, nh, seed = 3, 4, 0" in whole.read("recompute.py").decode()


def test_report_and_lesson_open_offline_and_no_picture_is_cut_on_paper(whole: zipfile.ZipFile, browser, tmp_path) -> None:
    whole.extractall(tmp_path)
    context = browser.new_context(offline=True)
    faults: list[str] = []
    context.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    context.on("request", lambda asked: faults.append(asked.url) if asked.url.startswith("http") else None)
    page = context.new_page()
    for lesson, steps in LESSONS.items():
        page.goto((tmp_path / lesson).as_uri())
        page.locator(".lesson svg").first.wait_for()
        assert f"of {steps}" in page.locator(".lesson").inner_text()
    page.goto((tmp_path / "report.html").as_uri())
    cards = json.loads(whole.read("state.json"))["cards"]
    assert page.locator("h3").all_inner_texts() == [card["title"] for card in cards]
    assert page.locator("h2").count() == len(ALL) and "n = 3" in page.locator(".small").first.inner_text()
    sizes = page.evaluate("[...document.images].map((each) => [each.naturalWidth, each.alt.length])")
    assert len(sizes) >= len(cards) - 2 and all(width and told for width, told in sizes)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.emulate_media(media="print")
    for width, height in ((674, 930), (694, 858)):  # px of A4 and Letter inside their margins
        page.set_viewport_size({"width": width, "height": height})
        boxes = page.evaluate("[...document.images].map((each) => [each.clientWidth, each.clientHeight])")
        assert all(across <= width and down < height for across, down in boxes)
    assert page.evaluate("getComputedStyle(document.querySelector('figure')).breakInside") == "avoid"
    context.close()
    assert not faults


def test_the_same_state_makes_the_same_file_with_the_formats_asked_for() -> None:
    first = bundle(ONE)
    assert first == bundle(ONE)
    names = zipfile.ZipFile(io.BytesIO(first)).namelist()
    assert {name.rpartition(".")[2] for name in names if "/" in name} == {"png"}
    assert all(name.startswith("story/") for name in names if "/" in name)


def test_making_is_told_card_by_card_and_ends_where_it_is_told_to() -> None:
    seen = []

    class Over(Exception):
        pass

    def step(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 2:
            raise Over

    with pytest.raises(Over):
        bundle(ONE, step)
    assert seen == [(0, 0), (0, 6), (1, 6), (2, 6)]


def test_a_page_makes_it_beside_itself_tells_failures_and_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    def small(asked: Asked, step) -> bytes:
        step(0, 1)
        return b"zip of " + asked.pages[0].encode()

    monkeypatch.setattr(bundles, "bundle", small)
    app = settled(opened(n=3, nh=4))
    app.button(key="bundle-1").click().run()
    assert headline(settled(app)) and app.session_state[bundles.RUN].job.result == b"zip of story"
    assert "Save" in [button.label.partition(" (")[0] for button in app.get("download_button")]

    def full(asked: Asked, step) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bundles, "bundle", full)
    app.button(key=f"bundle-{len(ALL)}").click().run()
    (warning,) = settled(app).warning
    assert "there is no space left on the disk" in warning.value

    def endless(asked: Asked, step) -> bytes:
        while True:
            step(0, 1)

    monkeypatch.setattr(bundles, "bundle", endless)
    app.button(key="bundle-1").click().run()
    job = app.session_state[bundles.RUN].job
    app.button(key="bundle-stop").click().run()
    assert job.wait(SOON) and bundles.BUNDLES.active is False and job.result is None
    assert made.file_name(ASKED) == "mnistgrad-all-pages-n3-seed0.zip" and app.session_state[READER]


def test_the_recomputation_below_a_page_says_the_link_of_its_state(monkeypatch: pytest.MonkeyPatch) -> None:
    links = []
    monkeypatch.setattr(take_home, "place", lambda: ("http://127.0.0.1:1/base", "gradient"))
    monkeypatch.setattr(take_home.recomputing, "document", lambda state, layer, link, ending: links.append(link) or b"")
    monkeypatch.setattr(take_home.st, "download_button", lambda label, make, *_, **__: make())
    opened("gradient", n=3, nh=4, layer="w2.g")
    assert {urlsplit(link).path for link in links} == {"/base/gradient"}
    assert all(parse_qs(urlsplit(link).query) == {"n": ["3"], "nh": ["4"], "layer": ["w2.g"]} for link in links)
