"""The fields of the table of controls, each in the link."""

from dataclasses import replace
from typing import Any, Literal, TypeVar

import streamlit as st

from mnistgrad.app.choosing import choose, goes_back
from mnistgrad.app.control_kinds import Choice, Control, Numeric, Several, Text
from mnistgrad.app.link import mend
from mnistgrad.app.parts.typed_numbers import known_field

T = TypeVar("T")
Width = int | Literal["stretch"]


def in_link(control: Control) -> dict[str, Any]:
    """What a widget needs to stand in the link under the control's name, and to keep what it holds while its page is away."""
    return dict(key=control.key, bind="query-params", persist_state="session")


def number(control: Numeric, width: Width = "stretch", disabled: bool = False) -> int:
    """A number field. Where what is allowed depends on others and what it holds is no longer, it holds the nearest."""
    if (held := _held(control)) is not None and held > control.high:
        st.session_state[control.key] = control.high
    value = _number_field(control, help=control.help or None, disabled=disabled, width=width)
    assert value is not None  # only a control that starts empty can be empty
    return value


def optional_number(control: Numeric, high: int, start: int) -> int | None:
    """A number field, up to `high`, that may be left empty; `start` is what stands for it then."""
    control = replace(control, high=high, start=None, depends=False)
    kept = _of_this_axis(control)
    if (held := _held(control)) is not None and held > high:
        st.session_state[control.key] = None  # what the batch or the layer does not have
    kept[control.label] = _number_field(control, placeholder=str(start), width=150)
    return kept[control.label]


def _of_this_axis(control: Control) -> dict[str, int | None]:
    """Rows of w1.g are pixels, those of w2.g units: what was chosen of one is kept, by its label, while the other is shown."""
    kept: dict[str, int | None] = st.session_state.setdefault(f"{control.key}-kept", {})
    shown = st.session_state.get(f"{control.key}-label", control.label)
    st.session_state[f"{control.key}-label"] = control.label
    if shown != control.label and not goes_back():
        choose(control, kept.get(control.label))
    return kept


def _held(control: Numeric) -> int | None:
    """What the field is to hold, once the link is put right."""
    mend(control)
    known_field(control)
    held: int | None = st.session_state.get(control.key)
    return held


def _number_field(control: Numeric, **look: Any) -> int | None:
    value = st.number_input(
        control.label,
        control.low,
        control.high,
        control.start,
        step=1,
        **in_link(control),
        **look,
    )
    return None if value is None else int(value)


def choice(control: Choice[T], **look: Any) -> T:
    """One of a few, side by side."""
    mend(control)
    return st.segmented_control(
        control.label,
        control.options,
        default=control.start,
        format_func=control.shown,
        required=True,
        help=control.help or None,
        **in_link(control),
        **look,
    )


def listed(control: Choice[T]) -> T:
    """One of many, in a list that opens."""
    mend(control)
    index = control.options.index(control.start)
    return st.selectbox(control.label, control.options, index, **in_link(control), width=240)


def slider(control: Choice[T]) -> T:
    """One of many that lie on a scale."""
    return st.select_slider(control.label, control.options, control.start, **in_link(control), width=220)


def switch(control: Choice[bool]) -> bool:
    """On or off."""
    return st.toggle(control.label, control.start, help=control.help or None, **in_link(control))


def several(control: Several[T]) -> list[T]:
    """Any of a few, side by side. What is held and no longer among them is let go."""
    if (held := st.session_state.get(control.key)) and not set(held) <= set(control.options):
        st.session_state[control.key] = [option for option in held if option in control.options]
    return st.pills(
        control.label,
        control.options,
        selection_mode="multi",
        default=control.options,
        format_func=control.shown,
        **in_link(control),
    )


def guess(control: Choice[T], **look: Any) -> T | None:
    """One of a few, side by side, or none yet."""
    mend(replace(control, depends=False))
    return st.pills(
        control.label,
        control.options,
        format_func=control.shown,
        **in_link(control),
        **look,
    )


def lines(control: Text, **look: Any) -> str:
    """A field for several lines, as high as they are."""
    return st.text_area(
        control.label,
        control.start,
        height="content",
        max_chars=control.longest,
        **in_link(control),
        **look,
    )


def pasted(control: Text) -> str:
    """A field for a text of any length; in the link only where it is short enough for one, and as the link has it after Back."""
    field, linked = f"{control.key}-field", f"{control.key}-linked"
    asked = st.query_params.get(control.key, "")
    if goes_back() or linked not in st.session_state:
        st.session_state[field] = st.session_state[linked] = asked
    elif asked != st.session_state[linked]:  # what came is older
        _link(control, st.session_state[linked])

    def keep() -> None:
        text = st.session_state[field]
        st.session_state[linked] = text if len(text) <= control.longest else ""
        _link(control, st.session_state[linked])

    look: dict[str, Any] = dict(height=160, placeholder="tensor([[-0.0542,  0.0930, …")
    return st.text_area(control.label, key=field, persist_state="session", on_change=keep, **look)


def _link(control: Text, text: str) -> None:
    if text:
        st.query_params[control.key] = text
    else:
        st.query_params.pop(control.key, None)


def text(control: Text, **look: Any) -> str:
    """A short text field."""
    return st.text_input(
        control.label,
        control.start,
        max_chars=control.longest,
        **in_link(control),
        width=220,
        **look,
    )
