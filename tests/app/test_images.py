"""Other images on every page: what is true of them is said, what is not is not, and nothing outlives the session."""

import gc
import io
import re
import time
from pathlib import Path

import numpy as np
import pytest
from app.opening import headline, opened, players, settled, spoken
from own_sets import contents, own_set
from patience import SOON
from PIL import Image
from streamlit.testing.v1 import AppTest

from mnistgrad.app import keeping
from mnistgrad.app.cards.pages import PAGES, cards_of
from mnistgrad.app.controls import VIEWS, State
from mnistgrad.app.kept import fetches, image_sets, results
from mnistgrad.app.kept.image_sets import hold, image_set
from mnistgrad.network.sets.sources import Remote, UnusableSet

STATES = [(page, {}) for page in PAGES] + [("gradient", {"view": view}) for view in VIEWS.values()]
STATES += [("gradient", {"variance": of}) for of in ("rows", "over images")] + [("gradient", {"layer": "w2.g"})]
CLAIMS = re.compile(
    "MNIST|digit|handwritten|[Tt]he 0 (?:black|hatched)|black too|exactly 0 for black|copies stop|one and the same|50,000 images"
)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is there yet, whatever this machine has."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def with_files(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    uploader = app.file_uploader(key="images-files")
    uploader.set_value([(name, content, "application/octet-stream") for name, content in files])
    return app.run()


def shown(name: str, page: str = "", **query: object) -> AppTest:
    """A page with a made-up set, as a reader brings it."""
    return with_files(opened(page, **query), ("mine.bin", contents()[name]))


def words(app: AppTest) -> str:
    return spoken((*app.title, *app.header, *app.markdown, *app.caption))


@pytest.mark.parametrize("name", ["lit corners", "on white", "one class", "five images", "one image", "flat", "many classes"])
def test_every_card_is_drawn_with_any_set(name: str) -> None:
    """And where the corners are lit no card says that the printed rows are copies."""
    held = hold(own_set(name))
    for page, query in STATES:
        asked = {"images": [held.key], **{key: [value] for key, value in query.items()}}
        for card in cards_of(page, asked, "light"):
            pictures = card.pictures()
            assert card.state.images in (held.key, "mnist") and all(picture.description for picture in pictures.values())
            if card.state.images == held.key:
                assert not [picture.name for picture in pictures.values() if "handwritten" in getattr(picture, "svg", "")]
            if name == "lit corners" and card.state.images == held.key and page not in ("cost", "line"):
                told = [card.title, card.sentence, *(picture.description for picture in pictures.values())]
                stored = "training" in card.title or card.key == "five-curves"
                assert stored or not [said for said in told if CLAIMS.search(said)], (page, query, told)


@pytest.mark.parametrize("page", ["", "steps", "gradient", "training", "cost", "line"])
@pytest.mark.parametrize("name", ["lit corners", "one class", "five images"])
def test_every_page_opens_with_a_readers_own_images(page: str, name: str) -> None:
    app = shown(name)
    count = len(own_set(name).images)
    assert app.number_input(key="n").value == count and app.number_input(key="n").max == count
    app._page_hash = opened(page)._page_hash
    app.run()
    assert headline(app) and not app.warning
    if page in ("", "steps", "gradient"):
        assert app.session_state["images"] == own_set(name).key


def test_lit_corners_have_no_copies_to_show_and_say_so() -> None:
    app = shown("lit corners")
    said = words(app)
    assert "there are no copies to show" in said and "none is black" in said
    assert "Over the printed rows all 50 vary" in said and "never changes" not in said
    header, _ = players(app)["moving_picture"]
    assert "differ: the corners are lit" in header["words"]["question"] and header["shows"][0].startswith("class ")
    assert "one and the same" not in str(header)
    gradient = settled(shown("lit corners", "gradient"))
    assert headline(gradient) == "No pixel stays black, so there are no copies to show"


def test_constant_lit_corners_are_copies_that_are_not_black() -> None:
    app = shown("on white")
    assert "the number never changes" in words(app) and "none is black" in words(app)
    assert "Rows 0, 1 and 783 are one and the same." in players(app)["moving_picture"][0]["words"]["question"]


def test_numbers_are_those_of_the_set() -> None:
    held = hold(own_set("lit corners"))
    state = State(n=90, images=held.key)
    pixels = held.images.double() / 256
    assert results.batch_of(state).inp.mean().item() == pytest.approx(0, abs=1e-5)
    assert held.mean == pytest.approx(pixels.mean().item()) and held.std == pytest.approx(pixels.std().item())
    np.testing.assert_allclose(results.mean_image_of(held.key, 90).numpy(), held.images.double().mean(0).flatten().numpy(), 1e-5)
    assert not results.groups_of(held.key, 90).black.any()
    assert results.gradients_of(state).w1.ne(results.gradients_of(State(n=90)).w1).any()


def test_switches_are_of_the_classes_there_are() -> None:
    app = shown("lit corners", "gradient", view="One outer product")
    switches = app.get("button_group")
    (labels,) = [each for each in switches if "that count" in each.label]
    assert labels.label == "Items that count" and labels.options == ["0", "1", "2", "3"]


def test_too_few_images_cannot_be_trained_with() -> None:
    app = shown("five images")
    app._page_hash = opened("training")._page_hash
    app.run()
    assert "To train takes 60 images or more" in app.info[0].value and app.button(key="run").disabled


def test_the_reader_trains_with_their_own_images() -> None:
    app = shown("one class", n=5)
    app._page_hash = opened("training", steps=3)._page_hash
    app.query_params["steps"], app.query_params["nh"], app.query_params["seeds"] = "3", "3", "1"
    app.run()
    assert "**MNIST**, now Your images" in "".join(info.value for info in app.info)
    app.button(key="run").click().run()
    (run,) = app.session_state["training-runs"]._runs.values()
    assert run.job.wait(SOON) and not run.error and run.experiment.plan.source.held_back == 11
    app.run()
    assert "Of 11 images that no training saw" in words(app) and "Items read right" in words(app)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([("a.png", b"GIF89a")], "`a.png` is something else; allowed are pictures of a digit"),
        ([("digits.csv", b"1,2,3")], "has 3 columns; allowed are in each line a label and 784 pixels"),
    ],
)
def test_a_wrong_file_is_told_and_changes_nothing(files: list[tuple[str, bytes]], told: str) -> None:
    app = with_files(opened(n=9), *files)
    (warning,) = app.warning
    assert told in warning.value and headline(app)
    assert "images" not in app.query_params and app.number_input(key="n").value == 9


def test_a_readers_images_are_no_other_readers() -> None:
    mine = shown("five images")
    key = mine.session_state["images"]
    assert mine.query_params["images"] in (key, [key])
    other = opened(images=key, n=9)
    (toast,) = other.toast
    assert "gone with their session; choose the files again. images is mnist instead." in toast.value
    assert other.number_input(key="n").value == 9 and "images" not in other.query_params


def test_what_was_made_of_a_readers_images_goes_with_them() -> None:
    held = hold(own_set("five images"))
    key = held.key
    own_set.cache_clear()
    results.gradients_of(State(n=5, images=key))
    shelves = [shelf for shelf in vars(keeping).values() if isinstance(shelf, keeping.Shelf)]
    assert any(keeping._names(name, key) for shelf in shelves for name in list(shelf._results))
    del held
    deadline = time.monotonic() + SOON
    while any(keeping._names(name, key) for shelf in shelves for name in list(shelf._results)):
        gc.collect()
        assert time.monotonic() < deadline
    with pytest.raises(UnusableSet, match="gone with their session"):
        image_set(key)


def test_a_set_that_is_not_there_is_told_fetched_and_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    from network.sets.test_fetching import CONTENT, OF  # the files that its server has

    monkeypatch.setattr(fetches, "fetch", lambda source, root, progress: _lay(root, progress, CONTENT, OF["fashion"]))
    image_sets._read.cache_clear()
    app = opened(images="fashion", n=9)
    assert "Fashion-MNIST is not on this machine yet. MNIST is shown meanwhile." in app.info[0].value
    assert app.query_params["images"] in ("fashion", ["fashion"]) and headline(app)
    app.button(key="fetch").click().run()
    job = fetches.FETCHES._active.get("fashion") or app.session_state[fetches.ASKED][1]
    assert job.wait(SOON) and job.error is None
    app.run()
    assert not app.info and app.number_input(key="n").max == 70
    assert players(app)["moving_picture"][0]["shows"][:2] == ["a T-shirt", "trousers"]
    image_sets._read.cache_clear()


def _lay(root: Path, progress: object, content: dict[str, bytes], names: list[str]) -> None:
    import gzip

    raw = root / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    for name in names:
        (raw / name.removesuffix(".gz")).write_bytes(gzip.decompress(content[name]))


def test_what_fails_is_told_and_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "mnistgrad.network.sets.fetching.remotes", lambda _: [Remote("a.gz", ("http://127.0.0.1:9/a.gz",), "0" * 32)]
    )
    app = opened(images="kmnist", n=9)
    app.button(key="fetch").click().run()
    assert app.session_state[fetches.ASKED][1].wait(SOON)
    app.run()
    assert "a.gz could not be fetched from 127.0.0.1: Connection refused. MNIST is shown meanwhile." in app.warning[0].value
    assert app.button(key="fetch").label == "Fetch KMNIST, 22 MB" and headline(app)


def test_a_fetching_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def forever(source: object, root: Path, progress: object) -> None:
        while True:
            progress(1)  # type: ignore[operator]

    monkeypatch.setattr(fetches, "fetch", forever)
    app = opened(images="kmnist", n=9)
    app.button(key="fetch").click().run()
    job = app.session_state[fetches.ASKED][1]
    app.button(key="fetch-stop").click().run()
    assert job.wait(SOON) and job.stage.name == "STOPPED" and app.button(key="fetch")


def test_pictures_of_digits_are_asked_what_they_show() -> None:
    """One that is dark on light; its digit is typed."""
    picture, file = Image.new("L", (60, 90), 255), io.BytesIO()
    picture.paste(0, (25, 15, 35, 75))
    picture.save(file, "PNG")
    app = with_files(opened(n=9), ("scan.png", file.getvalue()))
    assert "is not known; allowed are one digit for each" in app.warning[0].value and "images" not in app.query_params
    app.text_input(key="images-digits").set_value("one").run()
    assert "only digits can be read" in app.warning[0].value
    app.text_input(key="images-digits").set_value("1").run()
    assert not app.warning and app.number_input(key="n").value == 1
    assert "1 image, 1 class. Dark on light, so turned to light on dark" in words(app)
    assert players(app)["moving_picture"][0]["shows"] == ["a 1"]
