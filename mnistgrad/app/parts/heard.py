"""What the page's own scripts tell, taken for what it may be and nothing else: it comes from a browser, so from anybody."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

LARGEST = 2**53 - 1  # the largest whole number that a browser counts to


def heard(component: str, name: str) -> Any:
    """What the component of this key told under the name; None where nothing."""
    told = st.session_state.get(component)
    return told.get(name) if isinstance(told, Mapping) else None


def entry(told: Any, name: str) -> Any:
    """Of what may be a mapping."""
    return told.get(name) if isinstance(told, Mapping) else None


def whole(told: Any, low: int = 0, high: int = LARGEST) -> int | None:
    """A whole number, if it is one in these bounds."""
    if isinstance(told, bool) or not isinstance(told, int | float) or told != told or not low <= told <= high:
        return None
    return int(told)


def text(told: Any, longest: int) -> str:
    """A text, "" where it is none, is longer or holds half a letter, which no link and no file can."""
    if not isinstance(told, str) or len(told) > longest:
        return ""
    return told if told.isascii() or _is_whole(told) else ""


def _is_whole(told: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in told)
