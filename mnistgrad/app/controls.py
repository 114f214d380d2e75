"""The one table of controls, the state they make, and the sidebar. Every control is in the link."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import streamlit as st

from mnistgrad.common import numbers
from mnistgrad.gradient.statistics import EDGE_ITEMS
from mnistgrad.gradient.sweep import MOST_COMPARED
from mnistgrad.network.data import PIXELS, TRAINING_IMAGES
from mnistgrad.network.presets import DEFAULT_PRESET, HIDDEN_UNITS, LARGEST_SEED, MOST_HIDDEN_UNITS, PRESETS
from mnistgrad.training.comparison import MOST_SEEDS
from mnistgrad.training.descent import MOST_STEPS

T = TypeVar("T")
TOLD_AGAIN = 5.0  # seconds; a run that follows at once could take a notice back before the browser has drawn it


@dataclass(frozen=True)
class State:
    """What a reader chose in the sidebar: small plain values, so that results can be kept by it."""

    n: int = 1_000
    preset: str = DEFAULT_PRESET
    normalise: bool = PRESETS[DEFAULT_PRESET].normalise
    seed: int = 0
    nh: int = HIDDEN_UNITS

    def file_name(self, picture: str, ending: str) -> str:
        """`mnistgrad-column-variance-n1000-seed0.svg`, with whatever else is not as it starts."""
        parts = ["mnistgrad", picture, f"n{self.n}", f"seed{self.seed}"]
        if self.preset != DEFAULT_PRESET:
            parts.append(self.preset)
        if self.normalise != PRESETS[self.preset].normalise:
            parts.append("normalised" if self.normalise else "raw")
        if self.nh != HIDDEN_UNITS:
            parts.append(f"nh{self.nh}")
        return "-".join(parts) + f".{ending}"


@dataclass(frozen=True)
class Numeric:
    """A number in the link: its name there, its label, what is allowed, and where it starts."""

    key: str
    label: str
    low: int
    high: int
    start: int | None  # None where it is left to us at first
    help: str = ""

    def allows(self, text: str) -> bool:
        """Whether the text is one of the whole numbers allowed."""
        return text.isdecimal() and len(text) < 10 and self.low <= int(text) <= self.high


N = Numeric(
    "n",
    "Sample count, n",
    1,
    TRAINING_IMAGES,
    State.n,
    "How many images the gradient is summed over: the first n of the training images.",
)
SEED = Numeric("seed", "Seed of the weights", 0, LARGEST_SEED, State.seed, "The same seed gives the same starting weights.")
NH = Numeric("nh", "Hidden units, nh", 2, MOST_HIDDEN_UNITS, State.nh, "Columns of w1; the lesson has 50.")
FIRST_ROW = Numeric("first", "First of the six rows", 0, PIXELS - 2 * EDGE_ITEMS, 405)
STEP = Numeric("step", "Step", 1, 99, 1)  # the scope has its own last one
IMAGES = tuple(Numeric(f"image{place}", f"Image {place}", 0, TRAINING_IMAGES - 1, None) for place in (1, 2, 3))
PIXEL = Numeric("pixel", "First of five pixels", 0, PIXELS - 1, None)
UNIT = Numeric("unit", "First of four units", 0, MOST_HIDDEN_UNITS - 1, None)
FIRST_THUMBNAIL = Numeric("thumbnails", "Show images from number", 0, TRAINING_IMAGES - 1, 0)
ROW = Numeric("row", "Row", 0, PIXELS - 1, None)
COLUMN = Numeric("column", "Column", 0, MOST_HIDDEN_UNITS - 1, None)
ADDED = Numeric("added", "Images added", 1, TRAINING_IMAGES, 1)
STEPS = Numeric("steps", "Steps", 1, MOST_STEPS, None)
TRAINED_IMAGES = Numeric("images", "Images", 10, TRAINING_IMAGES, None)
BATCH_SIZE = Numeric("batch", "Images a step", 1, TRAINING_IMAGES, None)
SEEDS = Numeric("seeds", "Seeds to compare", 1, MOST_SEEDS, None)
TRAINING = (STEPS, TRAINED_IMAGES, BATCH_SIZE, SEEDS)
COMPARED = Numeric("compare", "Seeds to compare", 1, MOST_COMPARED, 3, "The seed of the weights and those after it; thin lines.")
NUMERIC = (N, SEED, NH, FIRST_ROW, STEP, *IMAGES, PIXEL, UNIT, FIRST_THUMBNAIL, ROW, COLUMN, ADDED, COMPARED, *TRAINING)
QUICK_PICKS = (1, 10, 100, 1_000, 10_000, 50_000)


def sidebar() -> State:
    """Draw the controls and return what they say."""
    _drop_odd_values()
    with st.sidebar:
        n = number(N)
        _quick_picks(n)
        preset = choice(
            "Preset",
            list(PRESETS),
            "preset",
            DEFAULT_PRESET,
            on_change=_follow_preset,
            width="stretch",
            help="2019: normalised pixels, scaled weights, relu less 0.5. 2022: raw pixels, plain normal weights, relu.",
        )
        normalise = st.toggle(
            "Normalise the pixels",
            PRESETS[preset].normalise,
            key="normalise",
            bind="query-params",
            help="On: (pixel / 256 − mean) / deviation of the training images. Off: pixel / 256.",
        )
        seed = number(SEED)
        nh = number(NH)
        _colour_key()
        st.caption(
            f"The lesson's network: {PIXELS} pixels → {nh} hidden units → relu → 1 output, mean squared error. Its gradients are "
            "those of one backward pass at the starting weights."
        )
    return State(n, preset, normalise, seed, nh)


def number(control: Numeric, width: int | Literal["stretch"] = "stretch") -> int:
    """A number field of the table, in the link."""
    value = st.number_input(
        control.label,
        control.low,
        control.high,
        control.start,
        step=1,
        key=control.key,
        help=control.help or None,
        bind="query-params",
        persist_state="session",
        width=width,
    )
    assert value is not None  # only a control that starts empty can be empty
    return int(value)


def optional_number(control: Numeric, high: int, start: int | None = None) -> int | None:
    """A number field, up to `high`, that may be left empty; `start` is what stands for it then."""
    held = st.session_state.get(control.key)
    if held is not None and held > high:
        st.session_state[control.key] = None  # what the batch or the layer does not have
    value = st.number_input(
        control.label,
        control.low,
        high,
        None,
        step=1,
        key=control.key,
        bind="query-params",
        persist_state="session",
        placeholder="chosen for you" if start is None else str(start),
        width=150,
    )
    return None if value is None else int(value)


def choice(label: str, options: Sequence[T], key: str, start: T, **look: Any) -> T:
    """One of a few, in the link. A link that leaves it empty, as Streamlit allows, gets the one to start with."""
    if st.query_params.get(key) == "":
        del st.query_params[key]
        st.rerun()
    return st.segmented_control(
        label, options, default=start, required=True, key=key, bind="query-params", persist_state="session", **look
    )


def _drop_odd_values() -> None:
    """Take out of the link what is no number that its control allows, and begin again: Streamlit fails on "inf"."""
    odd = [(c, given) for c in NUMERIC if (given := st.query_params.get(c.key)) is not None and not c.allows(given)]
    for control, given in odd:
        del st.query_params[control.key]
        asked = f"The link asked for {control.key} = {given[:20]}"
        possible = f"{numbers.count(control.low)} to {numbers.count(control.high)} is possible"
        st.session_state.setdefault("odd", []).append((f"{asked}; {possible}.", time.monotonic()))
    if odd:
        st.rerun()
    told = [(notice, since) for notice, since in st.session_state.get("odd", []) if time.monotonic() - since < TOLD_AGAIN]
    st.session_state["odd"] = told
    for notice, _ in told:
        st.toast(notice, icon=":material/info:", duration="long")


def _quick_picks(n: int) -> None:
    st.session_state["pick"] = n if n in QUICK_PICKS else None
    st.pills(
        "Quick picks", QUICK_PICKS, format_func=numbers.count, key="pick", on_change=_take_pick, label_visibility="collapsed"
    )


def _take_pick() -> None:
    if st.session_state["pick"]:
        st.session_state[N.key] = st.session_state["pick"]


def _follow_preset() -> None:
    st.session_state["normalise"] = PRESETS[st.session_state["preset"]].normalise


def _colour_key() -> None:
    st.divider()
    with st.container(key="key"):
        st.markdown(
            "**Colours used throughout**  \n:orange[**n**] images in the batch  \n:blue[**i**] input pixels, rows of w1.g  \n"
            ":green[**j**] hidden units, columns of w1.g"
        )
        st.html("<div class='ramp'></div><p><span>negative</span><span>0</span><span>positive</span></p>")
