"""Mounts a player in the page. What it is sent it plays by itself; the server is not asked again."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from mnistgrad.app.parts.heard import heard, text
from mnistgrad.player.script import module, page_of

LONGEST = 20  # characters of the name of a part
_MOUNTS = {
    name: st.components.v2.component(f"mnistgrad_{name}", html=page_of(name)[0], css=page_of(name)[1], js=module(name))
    for name in ("print_and_map", "moving_picture", "lesson")
}


def show_player(name: str, packed: bytes, key: str, ask: Callable[[str], None] | None = None) -> None:
    """name: of its script. packed: what it plays; as long as that stays the same it is not sent again. ask: told which part of
    the pictures the player wants, where it was sent one alone.
    """
    key = f"player-{key}"
    asked: dict[str, Any] = {"on_part_change": lambda: ask(text(heard(key, "part"), LONGEST))} if ask else {}
    _MOUNTS[name](key=key, data=packed, **asked)
