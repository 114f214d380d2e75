"""Links that ask for anything in every place, at once: the page is drawn, nothing fails."""

import pytest
from app.opening import headline, opened

from mnistgrad.app import link
from mnistgrad.app.controls import CARD, CONTROLS, LINES, OFF, PRESENTER, PRINT, QUESTIONS, RESULT, SHAPES
from mnistgrad.app.old_links import OLD_KEYS

KEYS = [control.key for control in (*CONTROLS, CARD, PRESENTER, QUESTIONS)]
KEYS += ["embed", "embed_options", "unknown", *sorted(OLD_KEYS)]
TEXTS = [control.key for control in (LINES, SHAPES, PRINT, OFF, RESULT, CARD)]
ODD = [
    "",
    "-1",
    "1e400",
    "9" * 400,
    "١5５",  # digits that Python reads as some
    "\x00\x1b[31m\u202e",
    "<img src=x onerror=alert(1)>",
    ["", "x", "5", "5"],
]


@pytest.mark.parametrize("page", ["", "steps", "line", "gradient", "cost", "training"])
def test_no_value_of_any_parameter_fails(page: str) -> None:
    for odd in ODD:
        app = opened(page, **dict.fromkeys(KEYS, odd))
        assert headline(app) and app.get("page_link"), odd


def test_long_values_are_told_and_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a link of at most half a megabyte; Streamlit takes nothing from a longer one."""
    monkeypatch.setattr(link, "TOLD_AGAIN", 1e9)  # on the slowest machine
    for odd in ("1," * 10_000, "[" * 20_000):
        for page in ("", "line"):
            app = opened(page, **dict.fromkeys(TEXTS, odd))
            assert headline(app) and not {control.key for control in CONTROLS} & set(app.query_params)
            assert 100 < len(" ".join(toast.value for toast in app.toast)) < 2_000
