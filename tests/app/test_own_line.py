"""The page for a line of one's own, by Streamlit's own simulation: each kind of line, each kind of link."""

import pytest
from app.opening import headline, opened, players, spoken
from streamlit.testing.v1 import AppTest

from mnistgrad.lines.examples import FIRST, GROUPS, WRITTEN_WRONGLY
from mnistgrad.lines.wrong_lines import WRONG_LINES

BIAS = dict(lines="b.g = out.g.sum(0)", shapes="out.g: n=4, j=3")


def words(app: AppTest) -> str:
    return spoken((*app.markdown, *app.caption))


def frames(app: AppTest) -> list[dict[str, object]]:
    header, _ = players(app)["lesson"]
    return header["frames"]


def typed(app: AppTest) -> tuple[str, str]:
    return app.text_area(key="lines").value, app.text_area(key="shapes").value


def test_page_opens_with_a_line_that_plays() -> None:
    app = opened("line")
    assert headline(app) == "`dW` comes out as (64, 27)" and typed(app) == (FIRST.lines, FIRST.shapes)
    assert [frame["code"] for frame in frames(app)] == ["h.t()", "h.t() @ dlogits"] and not app.warning
    assert app.segmented_control(key="examples").value == "Others" and app.pills(key="example").value == "dW of a layer"


def test_typed_lines_play_as_from_a_link() -> None:
    app = opened("line")
    app.text_area(key="lines").set_value("y = x + 1\nz = y.sum()").run()
    assert headline(app) == "This line is not taken" and "`x` has no shape yet" in app.warning[0].value
    app.text_area(key="shapes").set_value("x: 2, 3").run()
    assert headline(app) == "`z` comes out as one number" and len(frames(app)) == 2
    assert app.pills(key="example").value is None
    there = opened("line", lines="y = x + 1\nz = y.sum()", shapes="x: 2, 3")
    assert headline(there) == headline(app) and typed(there) == typed(app)


@pytest.mark.parametrize(
    ("lines", "shapes", "title", "told"),
    [
        ("a @ b", "a: n=32, j=64\nb: n=32, k=27", "torch stops at `a @ b`", "What would fit: `a.t() @ b`, (64, 27)"),
        ("out - targ", "out: 32, 1\ntarg: 32", "The last line gives (32, 32)", "a row against a column"),
        ('torch.einsum("inp,outg->w", a, b)', "a: 3, 4\nb: 3, 5", "torch stops at", "each letter is one axis: `inp` are 3"),
        ("a + b", "a: 1,500, 784\nb: 1500, 784", "torch stops at `a + b`", "`1,500` in a shape is two sizes"),
        ("y = x.unsqueeze(-1) * x", "x: 50_000", "`y` comes out as (50000, 50000)", "is formed: 10 GB"),
        ("n = x.shape[0]", "x: 3, 4", "No tensor comes out", "nothing to draw"),
        ("w.g = inp.t() @ out.g", "inp: n, i\nout.g: n, j", "`w.g` comes out as (784, 50)", "`w.g` is autograd's"),
        ("w.g = (inp.t() @ out.g) / 7", "inp: n=7, i=3\nout.g: n=7, j=2", "`w.g` comes out as (3, 2)", "n times too small"),
        ("w.g = out.g.t() @ inp", "inp: n=7, i=3\nout.g: n=7, j=2", "`w.g` comes out as (2, 3)", "and autograd's is (3, 2)"),
        ("s * x", "s: ()\nx: 0, 3", "The last line gives (0, 3)", "The numbers are made up"),
    ],
)
def test_what_is_to_be_known_of_a_line_stands_there(lines: str, shapes: str, title: str, told: str) -> None:
    app = opened("line", lines=lines, shapes=shapes)
    assert headline(app).startswith(title) and told in words(app)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (dict(lines="y = open('x')", shapes=""), "`open` is not among the functions"),
        (dict(lines="y = x.__class__", shapes="x: 3"), "`__class__` is a name of Python's own"),
        (dict(lines="y = x", shapes="x: 3, -1"), "axis 2 of `x` is `-1`"),
        (dict(lines="y = x", shapes="x: 1,000"), "For one axis of x write `1000`"),
        (dict(lines="", shapes="x: 3"), "No line is typed yet"),
    ],
    ids=str,
)
def test_what_is_not_taken_is_told_without_a_lesson(query: dict[str, str], told: str) -> None:
    app = opened("line", **query)
    assert headline(app) == "This line is not taken" and told in app.warning[0].value and "lesson" not in players(app)


def test_letters_without_a_size_are_the_sidebars() -> None:
    app = opened("line", lines="y = x + 0", shapes="x: n, j", n=37, nh=5)
    assert headline(app) == "`y` comes out as (37, 5)"
    app.number_input(key="n").set_value(12).run()
    assert headline(app) == "`y` comes out as (12, 5)"


@pytest.mark.parametrize("group", GROUPS)
def test_example_fills_the_fields(group: str) -> None:
    app = opened("line", n=6, nh=4, **BIAS)
    app.segmented_control(key="examples").set_value(group).run()
    name, example = list(GROUPS[group].items())[-1]
    app.pills(key="example").set_value(name).run()
    assert headline(app) and typed(app) == (example.lines, example.shapes)
    assert app.pills(key="example").value == name and ("guess" in [pills.key for pills in app.pills]) == bool(example.wrong)


def test_question_is_answered_by_a_lesson() -> None:
    for name, example in GROUPS["Questions"].items():
        app = opened("line", lines=example.lines, shapes=example.shapes)
        assert headline(app) == name and len(frames(app)) > 1


def test_wrong_line_is_guessed_before_anything_is_shown() -> None:
    example = WRITTEN_WRONGLY["sum(1) for sum(0)"]
    app = opened("line", n=9, nh=4, lines=example.lines, shapes=example.shapes)
    assert headline(app) == "Sum(1) for sum(0): what will happen?" and "lesson" not in players(app)
    assert not app.header and len(app.pills(key="guess").options) == 4
    app.pills(key="guess").set_value("raises").run()
    assert "Not quite: wrong shape." in words(app) and "w1.g has the wrong shape" in headline(app)
    app.pills(key="guess").set_value("shape").run()
    assert "Right: wrong shape." in words(app)
    other = GROUPS["Written wrongly"]["mean(0) for sum(0)"]
    app.text_area(key="lines").set_value(other.lines).run()
    assert headline(app).endswith("what will happen?") and app.pills(key="guess").value is None


@pytest.mark.parametrize(
    ("name", "n", "fate"),
    [
        ("without unsqueeze(-1)", 9, "torch raises"),
        ("sum(-1) for sum(0)", 9, "wrong shape"),
        ("mean(0) for sum(0)", 9, "wrong numbers"),
        ("mean(0) for sum(0)", 1, "nothing wrong"),
    ],
)
def test_answer_is_computed(name: str, n: int, fate: str) -> None:
    example = WRITTEN_WRONGLY[name]
    app = opened("line", n=n, nh=4, lines=example.lines, shapes=example.shapes, guess=fate)
    assert headline(app) and f"Right: {fate}." in words(app)


@pytest.mark.parametrize(
    ("page", "query", "lines", "shapes"),
    [
        ("shapes", {}, "a * b", "a: 1000, 784, 1\nb: 1000, 1, 50"),
        ("shapes", dict(a="(7, 1)", op="+", b="[1,3]"), "a + b", "a: (7, 1)\nb: [1,3]"),
        ("line", dict(own="Your own shapes", a="3,1", op=" ", b="3"), "a + b", "a: 3,1\nb: 3"),
        ("shapes", dict(a="3,4", op="einsum", b="3,2", eq="bi,bj->ji"), 'torch.einsum("bi,bj->ji", a, b)', "a: 3,4\nb: 3,2"),
        ("line", dict(line="mse without squeeze"), "return (out - targ).pow(2).mean()", "out: n, k\ntarg: n"),
        ("what-if", dict(line="x * w for x @ w", own="What if?"), "return x * w + b", "x: n, i\nw: i, j\nb: j"),
        ("what-if", {}, WRITTEN_WRONGLY[next(iter(WRONG_LINES))].lines, "inp: n, i\nout.g: n, j"),
    ],
    ids=str,
)
def test_link_of_earlier_opens_the_same(page: str, query: dict[str, str], lines: str, shapes: str) -> None:
    app = opened(page, n=9, nh=4, **query)
    assert headline(app) and typed(app) == (lines, shapes) and not app.toast and not app.warning
    assert app.query_params["n"] in ("9", ["9"]) and not {"a", "op", "b", "eq", "own", "line"} & set(app.query_params)
