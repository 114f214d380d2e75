"""Links that ask for what there is not: the page stays, the rest of the link stays, and the reader is told."""

import re
from functools import cache

import pytest
from app.opening import headline, opened
from streamlit.testing.v1 import AppTest

from mnistgrad.app.control_kinds import Choice, Several, Text
from mnistgrad.app.controls import CONTROLS
from mnistgrad.app.sidebar import ACTING, SHARED
from mnistgrad.network.presets import LARGEST_SEED

PAGES: dict[tuple[str, str], str] = {  # a page, and what is chosen in it: its controls beside those of the sidebar
    ("", ""): "first answer reply watch speed",
    ("steps", ""): "form scope step cell turned image1 image2 image3 pixel unit",
    ("line", ""): "examples",
    ("line", "lines=w.g = (inp * out.g).sum(0)"): "guess",
    ("gradient", ""): "view layer column variance order",
    ("gradient", "variance=rows"): "layer row",
    ("gradient", "view=Units on the image"): "layer row column scale",
    ("gradient", "view=One outer product"): "layer column added labels off",
    ("gradient", "view=One weight"): "layer row column",
    ("gradient", "view=How many images"): "layer compare",
    ("cost", ""): "largest budget result",
    ("training", ""): "network methods rate steps trained batch seeds tiles again",
}
SIDEBAR = "n preset normalise seed nh images"
each_page = pytest.mark.parametrize("page", PAGES, ids=" ".join)
TEXTS = {control.key for control in CONTROLS if isinstance(control, Text)}
KNOWN = {control.key: control.in_link[0] for control in CONTROLS if isinstance(control, Choice) and control.options}
BAD = ["", "inf", "-1", "2.5", "9" * 400, "ünï\u202e ☃", "![x](http://127.0.0.1/x)"]
FINE = {(key, "") for key in (*TEXTS, *(control.key for control in CONTROLS if isinstance(control, Several)))}


def told(app: AppTest) -> str:
    return "\n".join(toast.value for toast in app.toast)


def open_there(page: tuple[str, str], **query: object) -> AppTest:
    path, chosen = page
    return opened(path, **dict(choice.split("=", 1) for choice in chosen.split("&") if choice) | query)


@cache
def plain_headline(page: tuple[str, str]) -> str:
    return headline(open_there(page))


@each_page
@pytest.mark.parametrize("bad", BAD, ids=lambda bad: ascii(bad[:12]))
def test_every_control_of_a_page_is_put_right_and_told(page: tuple[str, str], bad: str) -> None:
    keys = [key for key in f"{SIDEBAR} {PAGES[page]}".split() if key not in TEXTS and (key, bad) not in FINE]
    app = open_there(page, **dict.fromkeys(keys, bad))
    assert headline(app) == plain_headline(page)
    assert [key for key in keys if len(re.findall(rf"The link asked for {key} =", told(app))) != 1] == []
    assert not set(keys) & set(app.query_params)


@pytest.mark.parametrize(
    ("page", "query", "notice"),
    [
        ("", dict(n=60_000), "n = 60000; 1 to 50,000 is possible. n is 1,000 instead."),
        ("puzzle", dict(first=779), "first = 779; 0 to 778 is possible. first is 405 instead."),
        ("steps", dict(step=99), "step = 99; 1 to 4 is possible. step is 1 instead."),
        ("steps", dict(scope="w9.g"), "scope = `w9.g`; that is none of its 17 choices. scope is w1.g instead."),
        ("steps", dict(n=5, image1=5), "image1 = 5; 0 to 4 is possible. image1 is left empty instead."),
        ("steps", dict(nh=5, unit=2), "unit = 2; 0 to 1 is possible"),
        ("line", dict(line="w.t()"), "line = `w.t()`; that is none of its"),
        ("", dict(watch="208.406.784"), "watch = `208.406.784`;"),
        ("", dict(watch="٢٠٨.406.600"), "watch = `٢٠٨.406.600`;"),
        ("steps", dict(cell="٣.٠.١٢", turned="n٣"), "cell = `٣.٠.١٢`;"),
        ("gradient", dict(nh=5, column=5), "column = 5; 0 to 4 is possible. column is left empty instead."),
        ("gradient", dict(column="9e9"), "column = 9e9; 0 to 49 is possible. column is left empty instead."),
        ("gradient", dict(column="1e1"), "column = 1e1, which is read as 10."),
        ("gradient", dict(view="w1"), "How many images. view is Column variance instead."),
        ("gradient", dict(layer="w2.g", row=50), "row = 50; 0 to 49 is possible. row is left empty instead."),
        ("gradient", dict(view="One outer product", n=5, added=6), "added = 6; 1 to 5 is possible. added is 1 instead."),
        ("gradient", dict(labels=["3", "x"]), "labels = x;"),
        (
            "gradient",
            dict(off="1," * 300),
            "off = `1,1,1,1,1,1,1,1,1,1,`; at most 400 characters are possible, and these are 600.",
        ),
        ("gradient", dict(n="1e3"), "n = 1e3, which is read as 1,000."),
        ("gradient", dict(n=["5", "7"]), "n more than once; the last counts."),
        ("line", dict(lines="1" * 3_001), "lines = 11111111111111111111; at most 3000 characters are possible"),
        ("cost", dict(seed=-1), "seed = -1; 0 to"),
        ("training", dict(trained=100, batch=101), "batch = 101; 1 to 100 is possible. batch is left empty instead."),
        (
            "training",
            dict(methods=["first layer frozen", "x"]),
            "methods = x; that is none of its 5 choices. methods is first layer frozen instead.",
        ),
        ("training", dict(network="mse", rate="0.3"), "rate is 0.005 instead."),
        ("training", dict(steps=100_000), "steps = 100000; 1 to 1,000 is possible. steps is left empty instead."),
        ("cost", dict(preset="lesson-2022", seed="x", normalise="y"), "seed is 42 instead."),
    ],
    ids=str,
)
def test_notice_says_what_was_replaced_by_what(page: str, query: dict[str, object], notice: str) -> None:
    app = opened(page, **query)
    assert headline(app) and notice in told(app)


@pytest.mark.parametrize("page", ["", "steps", "line", "gradient", "cost", "training"])
def test_what_is_right_in_a_link_stays_where_something_is_wrong(page: str) -> None:
    app = opened(page, n=7, nh=5, seed="x", preset="lesson-2022")
    assert headline(app) and told(app).count("The link asked") == 1
    right = {"n": 7, "nh": 5, "seed": 42}
    shown = {field.key: field.value for field in app.number_input if field.key in right}
    assert shown == {control.key: right[control.key] for control in ACTING.get(page, SHARED) if control.key in right}
    assert app.query_params == {"n": "7", "nh": "5", "preset": "lesson-2022"}


def test_known_choices_of_a_repeated_list_are_kept() -> None:
    app = opened("training", methods=["first layer frozen", "best outer product", "x"])
    assert headline(app) and app.pills(key="methods").value == ["frozen", "rank-1"]
    assert "methods is first layer frozen, best outer product instead." in told(app)


@pytest.mark.parametrize(
    ("old", "query", "now", "chosen"),
    [
        ("start", dict(n="1", first="26"), "", {}),
        ("puzzle", dict(n="2", preset="lesson-2022"), "", {}),
        ("samples", dict(n="5", layer="w2.g", compare="2"), "gradient", dict(view="How many images")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_link_to_a_page_of_earlier_opens_what_it_is_now_in_its_state(
    old: str, query: dict[str, str], now: str, chosen: dict[str, str]
) -> None:
    app, there = opened(old, **query), opened(now, **query, **chosen)
    assert headline(app) == headline(there)
    assert all(app.query_params[key] in (value, [value]) for key, value in query.items()) and not app.toast
    assert app.get("page_link")[-1].proto.page == there.get("page_link")[-1].proto.page


@pytest.mark.parametrize("page", ["", "gradient", "training"])
def test_largest_seed_opens(page: str) -> None:
    app = opened(page, n=10, nh=4, seed=LARGEST_SEED)
    assert headline(app) and app.number_input(key="seed").value == LARGEST_SEED and not app.toast
