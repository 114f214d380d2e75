"""The controls and the link: what is chosen is shown, kept in the address, and checked."""

import math

import pytest
from app.opening import headline, opened, players
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from mnistgrad.app.controls import State


def shown(app: AppTest) -> State:
    """The state that the controls say."""
    numbers = {name: app.number_input(key=name).value for name in ("n", "seed", "nh")}
    return State(
        preset=app.segmented_control(key="preset").value,
        normalise=app.toggle(key="normalise").value,
        **{name: int(value) for name, value in numbers.items() if value is not None},
    )


def test_plain_address_opens_as_it_starts() -> None:
    app = opened()
    assert shown(app) == State(1_000, "lesson-2019", True, 0, 50)
    assert headline(app)


@pytest.mark.parametrize("page", ["", "steps"])
def test_link_restores_the_whole_state(page: str) -> None:
    app = opened(page, n=7, preset="lesson-2022", normalise="true", seed=3, nh=5)
    assert shown(app) == State(7, "lesson-2022", True, 3, 5)
    assert headline(app)


@pytest.mark.parametrize(("preset", "normalise"), [("lesson-2019", True), ("lesson-2022", False)])
def test_link_with_a_preset_alone_takes_its_normalisation(preset: str, normalise: bool) -> None:
    assert shown(opened(n=5, preset=preset)).normalise is normalise


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("n", "many"),
        ("n", "0"),
        ("n", "50001"),
        ("n", ""),
        ("n", "1e400"),
        ("seed", "inf"),
        ("seed", "-1"),
        ("seed", "4294967296"),
        ("nh", "1"),
        ("nh", "100001"),
        ("preset", "lesson-2030"),
        ("normalise", "perhaps"),
        ("first", "779"),
        ("first", "x"),
        ("n", "__import__('os')"),
    ],
)
def test_bad_value_in_the_link_falls_back(name: str, bad: str) -> None:
    query: dict[str, object] = {"n": 5} | {name: bad}
    app = opened(**query)
    assert headline(app)
    assert shown(app) == (State() if name == "n" else State(n=5))
    assert "first" not in app.query_params


def test_answer_to_a_bad_value_outlives_a_run_that_follows_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mnistgrad.app.link.TOLD_AGAIN", math.inf)
    app = opened(n=60_000)
    told = [toast.value for toast in app.toast]
    assert told == ["The link asked for n = 60000; 1 to 50,000 is possible. n is 1,000 instead."]
    assert [toast.value for toast in app.run().toast] == told
    monkeypatch.setattr("mnistgrad.app.link.TOLD_AGAIN", 0)
    assert not app.run().toast


@pytest.mark.parametrize("bad", ["0", "5", "33", "100", "x", "inf", "1.5"])
def test_bad_step_in_the_link_falls_back(bad: str) -> None:
    app = opened("steps", n=5, step=bad)
    assert headline(app) and "step" not in app.query_params and len(players(app)["lesson"][0]["frames"]) == 4


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("form", "matrix"),
        ("scope", "w9.g"),
        ("image1", "5"),
        ("image1", "inf"),
        ("pixel", "784"),
        ("unit", "50"),
        ("thumbnails", "-1"),
    ],
)
def test_bad_choice_of_what_to_step_through_or_look_at_falls_back(name: str, bad: str) -> None:
    app = opened("steps", n=5, **{name: bad})
    assert headline(app) == "5 images make 5 tables, and w1.g is their sum"


@pytest.mark.parametrize("n", [1, 10, 100])
def test_quick_pick_sets_the_count_and_shows_its_pill(n: int) -> None:
    app = opened()
    app.pills(key="pick").set_value(n)
    app.run()
    assert shown(app) == State(n=n) and app.pills(key="pick").value == n
    assert app.query_params["n"] in (str(n), [str(n)])


def test_exact_count_clears_or_sets_the_pill() -> None:
    app = opened(n=10)
    assert app.pills(key="pick").value == 10
    app.number_input(key="n").set_value(7).run()
    assert app.pills(key="pick").value is None and shown(app).n == 7
    app.number_input(key="n").set_value(100).run()
    assert app.pills(key="pick").value == 100


def test_pill_pressed_again_keeps_the_count() -> None:
    app = opened(n=10)
    app.pills(key="pick").set_value(None)
    app.run()
    assert headline(app) and shown(app).n == 10 and app.pills(key="pick").value == 10


def test_preset_brings_its_normalisation_and_leaves_the_rest() -> None:
    app = opened(n=5, seed=2, nh=4)
    app.segmented_control(key="preset").set_value("lesson-2022")
    app.run()
    assert shown(app) == State(5, "lesson-2022", False, 2, 4)
    app.segmented_control(key="preset").set_value("lesson-2019")
    app.run()
    assert shown(app) == State(5, "lesson-2019", True, 2, 4)


def test_preset_of_2022_brings_the_seed_of_its_notebook_and_takes_it_back() -> None:
    assert shown(opened(preset="lesson-2022")).seed == 42
    app = opened(n=5)
    for preset, seed in (("lesson-2022", 42), ("lesson-2019", 0)):
        app.segmented_control(key="preset").set_value(preset)
        app.run()
        assert shown(app).seed == seed


def test_normalisation_can_be_changed_alone() -> None:
    app = opened(n=5)
    app.toggle(key="normalise").set_value(False)
    app.run()
    assert shown(app) == State(n=5, normalise=False)
    assert headline(app) == "A weight gradient is not 784 rows of zeros"


def sidebar_says(app: AppTest) -> list[str]:
    return [caption.value for caption in app.sidebar.caption]


@pytest.mark.parametrize(
    ("query", "changes"),
    [
        ({}, []),
        ({"preset": "lesson-2022"}, ["lesson-2022"]),
        ({"normalise": "false"}, ["raw pixels"]),
        ({"preset": "lesson-2022", "normalise": "true", "seed": 3, "nh": 12}, ["lesson-2022, normalised, seed 3, nh 12"]),
    ],
)
def test_what_is_behind_more_and_not_as_it_starts_is_told_beside_it(query: dict[str, object], changes: list[str]) -> None:
    assert sidebar_says(opened("line", n=5, line="without unsqueeze(1)", **query)) == changes
    assert sidebar_says(opened("line", **query)) == (["nh 12"] if "nh" in query else [])  # lines of one's own have no batch


def test_link_to_a_page_without_the_control_is_kept_for_the_pages_that_have_it() -> None:
    app = opened("line", n=7, preset="lesson-2022", normalise="true", seed=3, nh="1e1")
    assert {field.key for field in app.number_input} == {"n", "nh"}
    app._page_hash = calc_hash("steps")
    assert shown(app.run()) == State(7, "lesson-2022", True, 3, 10)
    assert headline(app)


STATES = [
    State(),
    State(n=1),
    State(seed=1),
    State(nh=2),
    State(normalise=False),
    State(preset="lesson-2022"),
    State(preset="lesson-2022", normalise=False),
]


def test_line_of_a_state_tells_it_from_every_other() -> None:
    assert len({state.line for state in STATES}) == len(STATES)
    assert {state.sizes for state in STATES} == {"n = 1,000", "n = 1", "n = 1,000, nh 2"}
