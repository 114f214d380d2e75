"""The whole page of the gradient matrix in many states, run without a browser."""

import pytest
from app.opening import diagrams, headline, opened, spoken
from streamlit.testing.v1 import AppTest
from waiting import until

from mnistgrad.network.data import load_batch
from mnistgrad.network.presets import initial_weights
from mnistgrad.network.verification import autograd_gradients

COPIES, ZEROS = "The copies stop where the ink begins", "The zeros stop where the ink begins"
ONE_IMAGE = "One image: the rows are multiples of one vector, not copies of it"
ONE_COLUMN = "The second layer's gradient has one column"
NOTHING = "Every hidden unit is off, so there is no gradient to see"
VIEWS = ("Column variance", "Units on the image", "One outer product", "One weight")
CARDS = {  # of each view, in either layer
    "Column variance": ({"column-variance"}, {"entry-variance"}),
    "Units on the image": ({"unit", "units"}, {"w2-units"}),
    "One outer product": ({"build-up-part", "build-up-matrix"}, {"build-up-part"}),
    "One weight": ({"terms", "images"}, {"terms", "images"}),
}
FIELDS = {  # the controls that act in each view, in either layer
    "Column variance": ({"column"}, {"row"}),
    "Units on the image": ({"column", "row"}, {"row"}),
    "One outer product": ({"column", "added"}, {"added"}),
    "One weight": ({"column", "row"}, {"row"}),
}
MORE = {"One outer product": "more-singular-values", "One weight": "more-one-weight"}
EVERY = {card for both in CARDS.values() for cards in both for card in cards} | {
    "singular-values",
    "leading-vectors",
    "running-sum",
}
each_layer = pytest.mark.parametrize("layer", ["w1.g", "w2.g"])
each_view = pytest.mark.parametrize("view", VIEWS)


def page(view: str = VIEWS[0], **query: object) -> AppTest:
    return opened("gradient", view=view, **query)


def cards(app: AppTest) -> set[str]:
    """The cards on the page; each holds a picture, and the row of images to switch off is one more."""
    found = {key for key in EVERY if holds(app, f"card-{key}")}
    switches = len([button for button in app.button if button.key == "build-play"])
    assert len(diagrams(app)) + len(app.get("vega_lite_chart")) == len(found) + switches
    return found


def holds(app: AppTest, key: str) -> bool:
    try:
        return bool(app.get_by_key(key).children)
    except KeyError:
        return False


def entry(app: AppTest) -> str:
    """The weight that is taken apart."""
    (metric,) = app.metric
    return metric.label


@each_layer
@each_view
@pytest.mark.parametrize("query", [dict(n=1), dict(n=10, nh=2), dict(nh=100), dict(n=10, normalise="false")], ids=str)
def test_a_view_shows_its_own_pictures_and_what_acts_on_them(view: str, layer: str, query: dict[str, object]) -> None:
    app, second = page(view, layer=layer, **query), layer == "w2.g"
    assert headline(app) and cards(app) == CARDS[view][second]
    assert {field.key for field in app.number_input} - {"n", "seed", "nh"} == FIELDS[view][second]


@pytest.mark.parametrize(
    ("query", "claim"),
    [
        (dict(n=1), ONE_IMAGE),
        (dict(n=1, preset="lesson-2022"), ONE_IMAGE),
        (dict(n=10), COPIES),
        (dict(n=10, preset="lesson-2022"), ZEROS),
        (dict(n=1_000, normalise="false"), ZEROS),
        (dict(n=1, layer="w2.g"), ONE_COLUMN),
    ],
    ids=str,
)
def test_headline_is_true_where_it_stands(query: dict[str, object], claim: str) -> None:
    assert headline(page(**query)) == claim


@pytest.mark.parametrize(("view", "shown"), [(VIEWS[0], 1), (VIEWS[1], 0), (VIEWS[2], 3), (VIEWS[3], 0)])
def test_a_gradient_of_zeros_is_told_in_every_view(view: str, shown: int) -> None:
    app = page(view, n=1, nh=2, seed=7)
    assert headline(app) == NOTHING and len(diagrams(app)) + len(app.get("vega_lite_chart")) == shown


@pytest.mark.parametrize(
    ("view", "more"),
    [("One outer product", {"singular-values", "leading-vectors"}), ("One weight", {"running-sum"})],
)
def test_what_stands_behind_more_is_made_when_it_is_opened(view: str, more: set[str]) -> None:
    app = page(view, n=10)
    closed = cards(app)
    app.session_state[MORE[view]] = True
    assert headline(app.run()) and cards(app) == closed | more and not closed & more


@pytest.mark.parametrize(("layer", "row", "column"), [("w1.g", 0, 3), ("w1.g", 783, 49), ("w2.g", 17, 0)])
def test_the_weight_of_the_link_is_taken_apart_and_its_value_is_autograds(layer: str, row: int, column: int) -> None:
    app = page("One weight", n=10, layer=layer, row=row, column=column)
    assert headline(app) and entry(app) == f"{layer}[{row}, {column}]"
    reference = autograd_gradients(load_batch(10), initial_weights())
    expected = getattr(reference, layer[:2])[row, column].item()
    assert float(app.metric[0].value.replace("−", "-")) == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        (dict(row=783, column=49), (783, 49)),
        (dict(row=784, column=50), (None, None)),
        (dict(row=783, column=99), (783, None)),
        (dict(row=5, column=2, nh=2), (5, None)),
        (dict(row="inf", column="-1"), (None, None)),
    ],
    ids=str,
)
def test_a_weight_that_the_layer_does_not_have_is_left_to_the_page(
    query: dict[str, object], kept: tuple[int | None, int | None]
) -> None:
    app = page("One weight", n=3, **query)
    fields = [app.number_input(key=key) for key in ("row", "column")]
    assert headline(app) and tuple(field.value for field in fields) == kept
    shown = [int(field.placeholder) if value is None else value for field, value in zip(fields, kept, strict=True)]
    assert entry(app) == f"w1.g[{shown[0]}, {shown[1]}]"


def test_a_row_of_the_first_layer_is_forgotten_in_the_second() -> None:
    app = page("One weight", n=3, row=600, column=7)
    app.segmented_control(key="layer").set_value("w2").run()
    assert headline(app) and entry(app).startswith("w2.g[") and app.number_input(key="row").value is None


def test_what_is_chosen_in_one_view_is_chosen_in_the_next() -> None:
    app = page("Units on the image", n=3, row=600, column=7)
    for view, shown in (("build-up", "Hidden unit 7:"), ("variance", ""), ("one-weight", "w1.g[600, 7]")):
        app.segmented_control(key="view").set_value(view).run()
        assert headline(app)
        assert shown in " ".join([*(part.value for part in app.header), *(metric.label for metric in app.metric)])


@pytest.mark.parametrize("layer", ["w3.g", ""])
def test_a_layer_that_does_not_exist_is_the_first(layer: str) -> None:
    app = page(n=3, layer=layer)
    assert headline(app) == COPIES and app.segmented_control(key="layer").value == "w1"


@pytest.mark.parametrize("old", ["variance", "units", "build-up", "one-weight", "samples"])
def test_name_of_a_section_of_earlier_is_its_view(old: str) -> None:
    app = page(old, n=3)
    assert headline(app) and app.segmented_control(key="view").value == old and not app.toast


@each_layer
@each_view
def test_the_gradient_carries_its_check(view: str, layer: str) -> None:
    app = page(view, n=10, layer=layer)
    until(lambda: bool(checked(app.run())), 30, lambda: "no check")
    assert f"**Check.** `{layer}`" in checked(app)[0] and "Lesson 2019's tolerance" in checked(app)[0]


def checked(app: AppTest) -> list[str]:
    return [spoken([text]) for text in app.markdown if text.value.startswith("**Check.**")]
