"""The controls that all pages share."""

from dataclasses import replace

import streamlit as st

from mnistgrad.app.controls import NH, NORMALISE, PRESET, SEED, N, State
from mnistgrad.app.parts.fields import choice, number
from mnistgrad.common import numbers
from mnistgrad.network.data import PIXELS
from mnistgrad.network.presets import PRESETS

QUICK_PICKS = (1, 10, 100, 1_000, 10_000, 50_000)


def sidebar() -> State:
    """Draw the controls and return what they say."""
    with st.sidebar:
        n = number(N)
        _quick_picks(n)
        preset = choice(PRESET, on_change=_follow_preset, width="stretch")
        normalise = st.toggle(
            NORMALISE.label,
            PRESETS[preset].normalise,
            key=NORMALISE.key,
            bind="query-params",
            help=NORMALISE.help,
        )
        seed = number(replace(SEED, start=PRESETS[preset].seed))
        nh = number(NH)
        _colour_key()
        st.caption(
            f"The lesson's network: {PIXELS} pixels → {nh} hidden units → relu → 1 output, mean squared error. Its gradients are "
            "those of one backward pass at the starting weights."
        )
    return State(n, preset, normalise, seed, nh)


def _quick_picks(n: int) -> None:
    st.session_state["pick"] = n if n in QUICK_PICKS else None
    st.pills(
        "Quick picks", QUICK_PICKS, format_func=numbers.count, key="pick", on_change=_take_pick, label_visibility="collapsed"
    )


def _take_pick() -> None:
    if st.session_state["pick"]:
        st.session_state[N.key] = st.session_state["pick"]


def _follow_preset() -> None:
    """The pixels as it has them, and its seed, unless the reader chose another than a preset's."""
    preset = PRESETS[st.session_state[PRESET.key]]
    st.session_state[NORMALISE.key] = preset.normalise
    if st.session_state[SEED.key] in {each.seed for each in PRESETS.values()}:
        st.session_state[SEED.key] = preset.seed


def _colour_key() -> None:
    st.divider()
    with st.container(key="key"):
        st.markdown(
            "**Colours used throughout**  \n:orange[**n**] images in the batch  \n:blue[**i**] input pixels, rows of w1.g  \n"
            ":green[**j**] hidden units, columns of w1.g"
        )
        st.html("<div class='ramp'></div><p><span>negative</span><span>0</span><span>positive</span></p>")
