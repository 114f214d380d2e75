"""Puts a link right that asks for what there is not: its page stays, and so does the rest of it, and the reader is told.

A link to a page of earlier opens what has become of it.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NoReturn
from urllib.parse import urlsplit

import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import RerunException, get_script_run_ctx

from mnistgrad.app.choosing import goes_back
from mnistgrad.app.control_kinds import Carried, Choice, Control, Mended, Numeric, Several, Text, Written
from mnistgrad.app.controls import CONTROLS, NETWORK, NORMALISE, PRESET, RATE, SEED, VIEW
from mnistgrad.app.old_links import IMAGES, LINE, OLD_KEYS, SHAPES_PAGE, Query, counted, renewed, unknown_line
from mnistgrad.app.parts import history
from mnistgrad.app.parts.heard import entry, heard, text
from mnistgrad.captions import link as says
from mnistgrad.common import numbers
from mnistgrad.common.reading import literal
from mnistgrad.lines.examples import WRITTEN_WRONGLY
from mnistgrad.network.presets import PRESETS
from mnistgrad.training.stored import START_RATES

TOLD_AGAIN = 5.0  # seconds; a run that follows at once could take a notice back before the browser has drawn it
LONGEST_PATH = 2_000  # characters
NOTICES = "notices"  # in the session

OLD_LINKS: Mapping[str, tuple[str, Query]] = {  # the path of a page of earlier: the page it is now, and what is chosen there
    "start": ("story", {}),
    "puzzle": ("story", {}),
    "what-if": ("line", {"own": ["What if?"]}),
    "shapes": ("line", {"own": [SHAPES_PAGE]}),
    "samples": ("gradient", {VIEW.key: [VIEW.shown("samples")]}),
}
FOLLOWED = "followed-links"  # in the session


def follow_old_link(path: str, pages: Mapping[str, "st.Page"]) -> None:
    """Go on to the page that stands for one of earlier, with all that the link holds.

    Once for each: a reader who goes back over it has it shown where it is, not to be held there.
    """
    followed: set[str] = st.session_state.setdefault(FOLLOWED, set())
    if path in OLD_LINKS and path not in followed:
        followed.add(path)
        name, chosen = OLD_LINKS[path]
        st.switch_page(pages[name], query_params=_query() | chosen)


def mend_link() -> None:
    """Put right what the table of controls does not allow, and begin again: Streamlit fails on "inf".

    Once navigation knows the page, which beginning again would lose before; and before anything is drawn.
    """
    query = _query()
    if OLD_KEYS & query.keys():
        if asked := unknown_line(query):
            notify(says.no_choice(LINE, asked, list(WRITTEN_WRONGLY)))
        _rewrite(renewed(query), [*OLD_KEYS])
        _begin_again()
    if (of_today := counted(query)) is not None:
        _rewrite(of_today, [IMAGES])
        _begin_again()
    _mend([(control, found) for control in CONTROLS if (found := control.mended(query.get(control.key, [])))])
    _tell()


def mend(control: Control) -> None:
    """The same for one control that depends on others, with what its page allows, before its field is drawn."""
    if control.key not in st.session_state and (found := control.mended(st.query_params.get_all(control.key))):
        _mend([(control, found)])


def notify(notice: str) -> None:
    """Tell it in this run or the next, and again in those that follow at once."""
    st.session_state.setdefault(NOTICES, []).append((notice, time.monotonic()))


def query() -> Query:
    """All that the link of this page holds, with what its players keep there, as far as they told."""
    own = heard(history.KEY, "own")
    here, there = urlsplit(st.context.url or "").path, text(entry(own, "page"), LONGEST_PATH)
    kept = _kept_by_players(entry(own, "values")) if there.rstrip("/") == here.rstrip("/") else {}
    held = {key: values for key, values in _query().items() if key not in kept}
    return held | {key: [value] for key, value in kept.items() if value}


def _kept_by_players(told: Any) -> dict[str, str]:
    """What the table of controls allows of it; "" for what they took out of the link."""
    known = {control.key: control for control in CONTROLS}
    given = {key: "" if value is None else str(value) for key, value in told.items()} if isinstance(told, Mapping) else {}
    return {key: value for key, value in given.items() if key in known and not (value and known[key].mended([value]))}


def place() -> tuple[str, str]:
    """The address of the dashboard, without a page, "" where unknown; and the page that is there."""
    url = urlsplit(st.context.url or "")
    folder, _, page = url.path.rpartition("/")
    return url._replace(path=folder, query="", fragment="").geturl(), page or "story"


def _query() -> Query:
    return {key: st.query_params.get_all(key) for key in st.query_params}


def _mend(odd: Sequence[tuple[Control, Mended]]) -> None:
    if not odd:
        return
    query = _query() | {control.key: list(found.values) for control, found in odd}
    query = {key: values for key, values in query.items() if values}
    _rewrite(query, [control.key for control, _ in odd])
    for control, found in odd:
        now = "" if found.values and not isinstance(control, Several) else says.instead(control.key, _now(control, query))
        if found.why:
            notify(f"{found.why} {now}".strip())
    _begin_again()


def _begin_again() -> NoReturn:
    """For a reader who went back or forward all is still as the link says; Streamlit would have forgotten that they did."""
    try:
        st.rerun()
    except RerunException as again:
        raise RerunException(replace(again.rerun_data, is_history_navigation=goes_back())) from None


def _rewrite(query: Query, odd: Sequence[str]) -> None:
    try:
        st.query_params.from_dict(query)
    except StreamlitAPIException:  # the browser went back to a link that was put right; by now fields hold what it asked for
        if context := get_script_run_ctx():
            with context.session_state.query_params() as held:
                for key in odd:
                    held.remove_param(key)
                    if key in query:
                        held.set_with_no_forward_msg(key, query[key])
            st.query_params.update()  # with nothing: the whole link is sent


def _now(control: Control, query: Query) -> str:
    """What a control is where it stands not in the link, or what it stands there for."""
    preset = PRESETS[query.get(PRESET.key, [PRESET.start])[-1]]
    network = query.get(NETWORK.key, [NETWORK.start])[-1]
    own = {NORMALISE.key: NORMALISE.shown(preset.normalise), SEED.key: str(preset.seed), RATE.key: str(START_RATES[network])}
    if control.key in own:
        return own[control.key]
    if isinstance(control, Several):
        return ", ".join(query.get(control.key, control.in_link))
    if isinstance(control, Choice):
        return str(control.shown(control.start))
    if isinstance(control, Written | Carried):
        return ""
    if isinstance(control, Text):
        return literal(control.start)
    assert isinstance(control, Numeric)
    return "" if control.start is None else numbers.count(control.start)


def _tell() -> None:
    told = [(notice, since) for notice, since in st.session_state.get(NOTICES, []) if time.monotonic() - since < TOLD_AGAIN]
    st.session_state[NOTICES] = told
    for notice, _ in told:
        st.toast(notice, icon=":material/info:", duration="long")
