"""The controls that all pages share, each where it acts."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from mnistgrad.app.choosing import choose, chosen, goes_back, is_old
from mnistgrad.app.control_kinds import Control
from mnistgrad.app.controls import IMAGE_SET, LINES, NH, NORMALISE, PRESENTER, PRESET, QUESTIONS, SEED, N, State
from mnistgrad.app.parts.fields import choice, in_link, number, switch
from mnistgrad.app.parts.image_choice import choose_images, mend_images, most_shown, shown
from mnistgrad.common import numbers
from mnistgrad.lines.examples import WRONG_BY_LINES
from mnistgrad.network.presets import PRESETS
from mnistgrad.network.sets.kinds import MNIST, title_of

QUICK_PICKS = (1, 10, 100, 1_000, 10_000, 50_000)
SHARED: tuple[Control, ...] = (N, IMAGE_SET, PRESET, NORMALISE, SEED, NH)
# What acts on a page, by its path; on any other page all of them do.
ACTING: Mapping[str, tuple[Control, ...]] = {
    "line": (N, NH),  # which the letters n and j stand for
    "cost": (N, NH),
    "training": (IMAGE_SET, PRESET, NORMALISE, SEED, NH),
}


def sidebar(path: str = "") -> State:
    """Draw the controls that act on the page at this path, and return what they and the others say."""
    here = acting(path)
    mend_images()
    for control in SHARED:
        if control not in here:
            _take_from_link(control)
    _take_from_link(IMAGE_SET)  # before its field is drawn: the count depends on it
    most = most_shown()
    with st.sidebar:
        if N in here:
            _quick_picks(number(replace(N, high=most, start=min(State.n, most))), most)
        if more := [control for control in here if control is not N]:
            with st.expander("More", key="more"):
                _draw(more)
        state = _state(most)
        if changes := _changes(state, more):
            st.caption(", ".join(changes))
        _colour_key()
        with st.expander("In class", key="class"):
            switch(PRESENTER)
            switch(QUESTIONS)
    return state


def acting(path: str) -> tuple[Control, ...]:
    """The controls that act on the page at this path."""
    return SHARED if path == "line" and _wrong_line() else ACTING.get(path, SHARED)


def _wrong_line() -> bool:
    """Whether one of the lesson's lines written wrongly is shown, which is run on the batch."""
    asked = st.query_params.get(LINES.key)
    return (asked if goes_back() else st.session_state.get(LINES.key, asked)) in WRONG_BY_LINES


def _draw(controls: list[Control]) -> None:
    if IMAGE_SET in controls:
        choose_images()
    if PRESET in controls:
        choice(PRESET, on_change=_follow_preset, width="stretch")
    preset = PRESETS[st.session_state.get(PRESET.key, PRESET.start)]
    if NORMALISE in controls:
        st.toggle(
            NORMALISE.label,
            preset.normalise,
            **in_link(NORMALISE),
            help=NORMALISE.help,
        )
    if SEED in controls:
        number(replace(SEED, start=preset.seed))
    if NH in controls:
        number(NH)


def _take_from_link(control: Control) -> None:
    """What a link asks for is held where the control is not drawn too, for the pages that draw it."""
    given = st.query_params.get(control.key)
    if given and (goes_back() or control.key not in st.session_state):
        st.session_state[control.key] = control.read(given)
    elif goes_back():
        st.session_state.pop(control.key, None)


def _state(most: int) -> State:
    """What the controls hold, drawn here or not. most: images there are."""
    held = st.session_state
    preset = held.get(PRESET.key, PRESET.start)
    return State(
        min(held.get(N.key, State.n), most),
        preset,
        held.get(NORMALISE.key, PRESETS[preset].normalise),
        held.get(SEED.key, PRESETS[preset].seed),
        held.get(NH.key, NH.start),
        shown(),
    )


def _changes(state: State, controls: list[Control]) -> list[str]:
    """What is not as it starts, of controls that stand behind "More"."""
    preset = PRESETS[state.preset]
    changes = {
        IMAGE_SET.key: title_of(state.images) if state.images != MNIST else "",
        PRESET.key: state.preset if state.preset != PRESET.start else "",
        NORMALISE.key: ("normalised" if state.normalise else "raw pixels") if state.normalise != preset.normalise else "",
        SEED.key: f"seed {state.seed}" if state.seed != preset.seed else "",
        NH.key: f"nh {state.nh}" if state.nh != NH.start else "",
    }
    return [changes[control.key] for control in controls if changes[control.key]]


def _quick_picks(n: int, most: int) -> None:
    picks = [*(pick for pick in QUICK_PICKS if pick < most), most]
    st.session_state["pick"] = n if n in picks else None
    st.pills("Quick picks", picks, format_func=numbers.count, key="pick", on_change=_take_pick, label_visibility="collapsed")


def _take_pick() -> None:
    if st.session_state["pick"]:
        choose(N, st.session_state["pick"])


def _follow_preset() -> None:
    """The pixels as it has them, and its seed, unless the reader chose another than a preset's."""
    if is_old(PRESET):
        return
    preset = PRESETS[st.session_state[PRESET.key]]
    choose(NORMALISE, preset.normalise)
    if chosen(SEED) in {each.seed for each in PRESETS.values()}:
        choose(SEED, preset.seed)


def _colour_key() -> None:
    with st.container(key="key"):
        st.markdown(":orange[**n**] images  \n:blue[**i**] pixels, rows of w1.g  \n:green[**j**] hidden units, columns")
        st.html("<div class='ramp'></div><p><span>− negative</span><span>0</span><span>+ positive</span></p>")
