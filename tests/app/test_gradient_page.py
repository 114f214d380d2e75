"""The whole page of the gradient matrix in many states, run without a browser."""

import re

import pytest
from app.opening import diagrams, headline, opened
from streamlit.testing.v1 import AppTest
from waiting import until

from mnistgrad.network.data import load_batch
from mnistgrad.network.presets import PRESETS, initial_weights
from mnistgrad.network.verification import autograd_gradients

FIRST_LAYER = {"column-variance", "unit", "distances", "singular-values", "leading-vectors", "units", "build-up-matrix"}
SECOND_LAYER = {"entry-variance", "w2-units"}
ONE_WEIGHT = {"terms", "images"}
EVERY = FIRST_LAYER | SECOND_LAYER | ONE_WEIGHT | {"running-sum", "build-up-part"}
COPIES, ZEROS = "The copies stop where the ink begins", "The zeros stop where the ink begins"
ONE_IMAGE = "One image: every row is the same vector, times its pixel"
ONE_COLUMN = "The second layer's gradient has one column"
SAMPLE_COUNTS = [1, 10, 1_000]
each_layer = pytest.mark.parametrize("layer", ["w1.g", "w2.g"])


def page(**query: object) -> AppTest:
    return opened("gradient", **query)


def cards(app: AppTest) -> set[str]:
    """The cards on the page; each holds a picture, and the row of images to switch off is one more."""
    found = {key for key in EVERY if holds(app, f"card-{key}")}
    assert len(diagrams(app)) + len(app.get("vega_lite_chart")) == len(found) + 1
    return found


def holds(app: AppTest, key: str) -> bool:
    try:
        return bool(app.get_by_key(key).children)
    except KeyError:
        return False


def expected_cards(layer: str, n: int) -> set[str]:
    of_layer = FIRST_LAYER if layer == "w1.g" else SECOND_LAYER
    return of_layer | ONE_WEIGHT | {"build-up-part"} | ({"running-sum"} if n > 1 else set())


def entry(app: AppTest) -> str:
    """The weight that is taken apart."""
    (metric,) = app.metric
    return metric.label


def subheaders(app: AppTest) -> list[str]:
    return [part.value for part in app.subheader]


@each_layer
@pytest.mark.parametrize("n", SAMPLE_COUNTS)
@pytest.mark.parametrize("preset", PRESETS)
def test_every_part_is_there_and_the_headline_is_true(layer: str, n: int, preset: str) -> None:
    app = page(n=n, preset=preset, normalise=PRESETS[preset].normalise, layer=layer)
    raw = not PRESETS[preset].normalise
    several = ZEROS if raw else COPIES
    assert headline(app) == (ONE_COLUMN if layer == "w2.g" else ONE_IMAGE if n == 1 else several)
    assert cards(app) == expected_cards(layer, n)


@pytest.mark.parametrize("nh", [2, 100])
@each_layer
def test_few_and_many_hidden_units(layer: str, nh: int) -> None:
    app = page(n=10, nh=nh, layer=layer)
    assert headline(app) in (COPIES, ONE_COLUMN) and cards(app) == expected_cards(layer, 10)
    if layer == "w1.g":
        assert f"All {nh} hidden units" in [part.value for part in app.header]


def test_raw_pixels_give_rows_of_zeros() -> None:
    app = page(n=10, normalise="false")
    assert headline(app) == ZEROS and cards(app) == expected_cards("w1.g", 10)


def test_a_first_layer_of_zeros_is_told_and_shown_only_where_zeros_say_something() -> None:
    app = page(n=1, nh=2, seed=7)
    assert headline(app) == "Every hidden unit is off, so there is no gradient to see"
    assert cards(app) == {"column-variance", "build-up-part", "build-up-matrix"}
    assert app.metric[0].value == "0"


def test_a_second_layer_where_all_units_are_off_still_has_its_number() -> None:
    app = page(n=1, nh=2, seed=7, layer="w2.g")
    assert headline(app) == ONE_COLUMN and cards(app) == expected_cards("w2.g", 1)


@pytest.mark.parametrize(("layer", "row", "column"), [("w1.g", 0, 3), ("w1.g", 783, 49), ("w2.g", 17, 0)])
def test_the_weight_of_the_link_is_taken_apart_and_its_value_is_autograds(layer: str, row: int, column: int) -> None:
    app = page(n=10, layer=layer, row=row, column=column)
    assert headline(app) and entry(app) == f"{layer}[{row}, {column}]"
    reference = autograd_gradients(load_batch(10), initial_weights())
    expected = getattr(reference, layer[:2])[row, column].item()
    assert float(app.metric[0].value.replace("−", "-")) == pytest.approx(expected, rel=0.02)
    unit = f"Column {column}: the gradient of one hidden unit"
    assert (unit in subheaders(app)) == (layer == "w1.g")


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        (dict(row=783, column=49), (783, 49)),
        (dict(row=784, column=50), (None, None)),
        (dict(row=783, column=99), (783, None)),
        (dict(row=50, column=0, layer="w2.g"), (None, 0)),
        (dict(row=49, column=1, layer="w2.g"), (49, None)),
        (dict(row=5, column=2, nh=2), (5, None)),
        (dict(row="inf", column="-1"), (None, None)),
    ],
    ids=str,
)
def test_a_weight_that_the_layer_does_not_have_is_left_to_the_page(
    query: dict[str, object], kept: tuple[int | None, int | None]
) -> None:
    app = page(n=3, **query)
    assert headline(app) and (app.number_input(key="row").value, app.number_input(key="column").value) == kept
    fields = [app.number_input(key=key) for key in ("row", "column")]
    shown = [int(field.placeholder) if value is None else value for field, value in zip(fields, kept, strict=True)]
    assert entry(app) == f"{query.get('layer', 'w1.g')}[{shown[0]}, {shown[1]}]"


def test_a_row_of_the_first_layer_is_forgotten_in_the_second() -> None:
    app = page(n=3, row=600, column=7)
    app.segmented_control(key="layer").set_value("w2").run()
    assert headline(app) == ONE_COLUMN and entry(app).startswith("w2.g[")
    assert app.number_input(key="row").value is None and app.number_input(key="column").value is None


@pytest.mark.parametrize("layer", ["w3.g", ""])
def test_a_layer_that_does_not_exist_is_the_first(layer: str) -> None:
    app = page(n=3, layer=layer)
    assert headline(app) == COPIES and app.segmented_control(key="layer").value == "w1"


@pytest.mark.parametrize(
    ("query", "sections"),
    [({}, 3), ({"layer": "w2.g"}, 2), ({"n": 1, "nh": 2, "seed": 7}, 2)],
    ids=["w1", "w2", "no unit on"],
)
def test_links_at_the_top_lead_to_the_sections_that_are_there(query: dict[str, object], sections: int) -> None:
    app = page(**{"n": 10} | query)
    [links] = [text.value for text in app.markdown if text.value.startswith("Further down:")]
    assert re.findall(r"\[(.+?)\]\(#(.+?)\)", links) == [(header.value, header.proto.anchor) for header in app.header]
    assert len(app.header) == sections


@each_layer
def test_the_gradient_carries_its_check(layer: str) -> None:
    app = page(n=10, layer=layer)
    until(lambda: bool(checked(app.run())), 30, lambda: "no check")
    assert f"**Check.** `{layer}`" in checked(app)[0] and "Lesson 2019's tolerance" in checked(app)[0]


def checked(app: AppTest) -> list[str]:
    return [text.value for text in app.markdown if text.value.startswith("**Check.**")]
