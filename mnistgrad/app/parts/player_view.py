"""Mounts a player in the page. What it is sent it plays by itself; the server is not asked again."""

import streamlit as st

from mnistgrad.player.script import page_of, script

_MOUNTS = {
    name: st.components.v2.component(f"mnistgrad_{name}", html=page_of(name)[0], css=page_of(name)[1], js=script(name))
    for name in ("print_and_map", "moving_picture", "lesson")
}


def show_player(name: str, packed: bytes, key: str) -> None:
    """name: of its script. packed: what it plays; as long as that stays the same it is not sent again."""
    _MOUNTS[name](key=f"player-{key}", data=packed)
