"""Shows an SVG in the page itself: a tooltip for each element that has a title, a click for each that has a row."""

import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import streamlit as st

from mnistgrad.app.keeping import PACKED
from mnistgrad.app.parts.heard import heard, whole
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.player.script import module, sheet

HTML = '<p class="says" hidden></p><div class="scroll"></div><div class="tip" role="status" hidden></div>'
HERE = Path(__file__)

_view = st.components.v2.component(
    "mnistgrad_diagram", html=HTML, css=sheet("diagram_view", HERE.parent), js=module("diagram_view", HERE.parent)
)
WIDEST = 1.15  # of the drawn width; beyond it text would be larger than the page's
ANSWERED_BYTES = 4  # before what is packed: the number of the last click that was answered
COMFORTABLE = 0.8  # of the drawn width; on a phone a picture scrolls rather than shrink below it


def show_diagram(diagram: Diagram, key: str, pick: Callable[[int], None] | None = None, says: str = "") -> None:
    """The diagram as wide as its place, within limits; where the place is narrower it scrolls.

    pick: told the row whose element was clicked, once for each click, in their order. says: a sentence above it, in the
    Markdown of our captions, that changes with it at once.
    """
    answered = f"{key}-answered"

    def clicked() -> None:
        for number, row in _clicks(heard(key, "clicks")):
            if number > st.session_state.get(answered, 0):
                st.session_state[answered] = number
                if pick:
                    pick(row)

    picture = _packed(diagram.svg, diagram.width, diagram.least, diagram.cuts, pick is not None, says)
    _view(key=key, data=st.session_state.get(answered, 0).to_bytes(ANSWERED_BYTES) + picture, on_clicks_change=clicked)


def _clicks(told: Any) -> Iterator[tuple[int, int]]:
    """The number of each click and the row that was clicked."""
    for click in told if isinstance(told, list) else ():
        number, row = map(whole, click) if isinstance(click, list) and len(click) == 2 else (None, None)
        if number is not None and row is not None and number < 256**ANSWERED_BYTES:
            yield number, row


@PACKED.keep
def _packed(svg: str, width: float, least: float, cuts: tuple[float, ...], picks: bool, says: str) -> bytes:
    """What the browser draws, in a fifth of the bytes where it is lines and words, in three quarters where it is an image."""
    widths = {"least": least, "drawn": width, "comfortable": width * COMFORTABLE, "most": width * WIDEST}
    return zlib.compress(json.dumps({"svg": svg, "widths": widths, "picks": picks, "cuts": cuts, "says": says}).encode())
