"""How a page is shown, as its link says: within a course's page, one card alone, before a class, with questions or without.

Streamlit reads `embed` itself, and hides it from the page; everything else that other modules ask is read here.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from mnistgrad.app.choosing import choose, goes_back
from mnistgrad.app.control_kinds import Choice
from mnistgrad.app.controls import CARD, PRESENTER, QUESTIONS, VIEW
from mnistgrad.app.parts.heard import heard
from mnistgrad.captions import viewing as says
from mnistgrad.player.script import module

DRAWN = "drawn-cards"  # in the session: the keys of this run, in their order
WATCHER = "browser-watcher"  # in the session: what browser_watch.js tells
KEY = re.compile(r"[a-z0-9-]+")  # of a card, as it may stand in a style
HERE = Path(__file__)
PRESENTED, EMBEDDED = (HERE.with_name(f"{name}.css").read_text("utf-8") for name in ("presenter", "embedded"))
ALONE = """[data-testid="stMain"] [data-testid="stMainBlockContainer"] :not(
  .st-key-card-{key}, .st-key-card-{key} *, :has(.st-key-card-{key}), .st-key-told, .st-key-told *, :has(.st-key-told)
) {{ display: none; }}"""
SCRIPT = module("presenter", HERE.parent)
_presenter = st.components.v2.component(
    "mnistgrad_presenter", html='<nav class="presenter"></nav>', js=SCRIPT, isolate_styles=False
)


@dataclass(frozen=True)
class Viewing:
    """card: the key of the one that is shown alone; "" for the whole page. asks: whether a question comes before its answer."""

    embedded: bool
    card: str
    presenter: bool
    asks: bool


def viewing() -> Viewing:
    """As the reader has it now."""
    return Viewing(bool(st.context.is_embedded), st.query_params.get(CARD.key, ""), _held(PRESENTER), _held(QUESTIONS))


def _held(control: Choice[bool]) -> bool:
    """What its switch holds, or will once it is drawn."""
    given = st.query_params.get(control.key, "")
    start = control.read(given) if given in control.in_link else control.start
    return bool(start if goes_back() else st.session_state.get(control.key, start))


def room() -> str:
    """What ends the name of the palette by the room that pictures have, as in `palette.ROOMS`."""
    if viewing().presenter:
        return "-slide"
    return "-phone" if is_narrow() else ""


def is_narrow() -> bool | None:
    """Whether the window is as narrow as a phone's; None until the browser has told. What is no browser does not tell."""
    if not (st.context.headers.get("User-Agent") or "").startswith("Mozilla"):  # as every browser does
        return False
    told = heard(WATCHER, "narrow")
    return None if told is None else told is True


def style() -> str:
    """What the page's own style does not know."""
    now = viewing()
    alone = ALONE.format(key=now.card) if KEY.fullmatch(now.card) else ""
    return f"{EMBEDDED if now.embedded or now.card else ''} {PRESENTED if now.presenter else ''} {alone}"


def begin() -> None:
    """Before the page is drawn: no card stands on it yet."""
    st.session_state[DRAWN] = {}


def note(key: str) -> None:
    """The page has a card of this key."""
    st.session_state.setdefault(DRAWN, {})[key] = None


def leaves_out(key: str) -> bool:
    """Whether another card is shown alone."""
    return viewing().card not in ("", key)


def finish(page: str) -> None:
    """Once the page stands: turn its cards into slides, or tell that the one asked for is not there."""
    now, keys = viewing(), st.session_state[DRAWN]
    if now.presenter:
        with st.container(key="slides-bar"):
            told = says.PRESENTER | {"of": f"{page} {st.query_params.get(VIEW.key, '')}"}  # another begins with its first
            _presenter(key="slides", data=told, on_leave_change=_leave)
    elif now.card and now.card not in keys:
        _tell(now.card, keys)


def _leave() -> None:
    choose(PRESENTER, False)


def _tell(card: str, keys: Collection[str]) -> None:
    with st.container(key="told"):
        st.warning(says.no_card(card, keys), icon=":material/info:")
