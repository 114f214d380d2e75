"""Whatever is chosen in a field is in the link, which shows the same to whoever opens it anew: each of the table of controls."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.opening import diagrams, headline, opened, players, settled
from streamlit.testing.v1 import AppTest

from mnistgrad.app.choosing import PAGE, PART
from mnistgrad.app.control_kinds import Choice, Control, Several
from mnistgrad.app.controls import CONTROLS, LINES, OFF, PRESENTER, PRINT, QUESTIONS, SHAPES
from mnistgrad.lines.examples import WRITTEN_WRONGLY

# By the players, and what is computed: tests/browser/test_links_of_clicks.py, test_results_in_links.py
KEPT_BY_PLAYERS = {"first", "answer", "reply", "watch", "speed", "step", "cell", "turned"}
RESULTS = {"result", "again"}
SMALL: dict[str, object] = dict(n=10, nh=4)
WRONG = next(iter(WRITTEN_WRONGLY.values()))
PLACES: list[tuple[str, dict[str, object]]] = [  # in which every control is drawn
    ("", {"print": "tensor([[0., 0.]])"}),
    ("steps", {"image1": 3}),
    ("line", {}),
    ("line", {"lines": WRONG.lines, "shapes": WRONG.shapes}),
    ("gradient", {}),
    ("gradient", {"variance": "rows"}),
    ("gradient", {"view": "Units on the image"}),
    ("gradient", {"view": "One outer product", "added": 4}),
    ("gradient", {"view": "How many images"}),
    ("cost", {}),
    ("training", {}),
]
TYPED = {
    LINES.key: "a + b",
    SHAPES.key: "a: n, i\nb: i",
    OFF.key: "3, 7",
    PRINT.key: "tensor([[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])",
}
KINDS = ("number_input", "segmented_control", "pills", "selectbox", "select_slider", "toggle", "text_input", "text_area")


def fields(app: AppTest) -> dict[str, Any]:
    """Those of the page that stand in a link or lead to one, by their keys."""
    return {field.key: field for kind in KINDS for field in app.get(kind) if field.key}


def shown(app: AppTest) -> dict[str, Any]:
    """All that the page shows, but for notices."""
    settled(app)
    parts: dict[str, Any] = {
        kind: [part.value for part in app.get(kind)] for kind in ("markdown", "caption", "subheader", "code")
    }
    charts = [chart.proto for chart in app.get("vega_lite_chart")]
    return parts | {
        "headline": headline(app),
        "fields": {key: field.value for key, field in fields(app).items() if key not in (PAGE, PART)},
        "charts": [(chart.spec, [data.data.data for data in chart.datasets]) for chart in charts],
        "diagrams": diagrams(app),
        "players": [[header, *map(bytes, arrays.values())] for header, arrays in players(app).values()],
    }


def opened_wide(page: str, query: Mapping[str, object]) -> AppTest:
    """The page with what opens before its controls are seen."""
    app = opened(page, **query)
    if page == "steps":
        app.session_state["choose"] = True
        app.run()
    return app


def another(control: Control, field: Any) -> Any:
    """What the field does not hold and may."""
    if control.key in TYPED:
        return TYPED[control.key]
    if field.type == "number_input":
        value = int(field.proto.min) if field.value is None else field.value
        return value + 1 if value < field.proto.max else value - 1
    if field.type == "toggle":
        return not field.value
    if isinstance(control, Several):
        return list(field.value)[1:]
    options = control.options if isinstance(control, Choice) and control.options else field.options
    return next(option for option in options if option != field.value)


def written(control: Control, value: Any) -> object:
    """As a browser writes it into the address."""
    if isinstance(control, Several):
        return [control.shown(each) for each in value] or [""]
    return control.shown(value) if isinstance(control, Choice) else str(value)


def changed(place: tuple[str, dict[str, object]], done: set[str]) -> Iterator[tuple[str, AppTest]]:
    """The page after each of its controls in turn that was not yet changed elsewhere."""
    page, query = place
    app = settled(opened_wide(page, SMALL | query))
    for control in (*CONTROLS, PRESENTER, QUESTIONS):
        field = fields(app).get("print-field" if control is PRINT else control.key)
        if field is None or control.key in done or field.proto.disabled:
            continue
        value = another(control, field)
        field.set_value(value)
        if control is not PRINT:  # which the server writes
            app.query_params[control.key] = written(control, value)
        yield control.key, app.run()
        done.add(control.key)


def test_link_of_every_control_shows_the_same_anew() -> None:
    done: set[str] = set()
    for place in PLACES:
        for key, app in changed(place, done):
            link = dict(app.query_params)
            here, there = shown(app), shown(opened_wide(place[0], link))
            assert [name for name in here if here[name] != there[name]] == [], (place, key, link)
    assert done == {control.key for control in (*CONTROLS, PRESENTER, QUESTIONS)} - KEPT_BY_PLAYERS - RESULTS
