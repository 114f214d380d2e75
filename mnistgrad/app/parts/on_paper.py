"""What a printed page says of itself, its state and its link; and the colours of paper for whoever reads in the dark."""

from pathlib import Path
from typing import Any

import streamlit as st

from mnistgrad.app.controls import State
from mnistgrad.app.parts.page import theme
from mnistgrad.captions import viewing as says
from mnistgrad.pictures.palette import PALETTES, named_colours, theme_of
from mnistgrad.player.script import module

HERE = Path(__file__).parent
_paper = st.components.v2.component("mnistgrad_on_paper", html="<p></p>", js=module("on_paper", HERE), isolate_styles=False)


def on_paper(state: State) -> None:
    """Mount what stands above a printed page; on the screen it shows nothing."""
    told = says.state_line(state.images, state.n, state.preset, state.normalise, state.seed, state.nh)
    with st.container(height=1, border=False, key="on-paper"):
        _paper(key="paper", data={"state": told, "exchanged": _exchanged()})


def _exchanged() -> dict[str, Any] | None:
    """For each colour of the dark theme the one of the light: plain ones, and stops of ramps. None in the light theme."""
    if theme_of(theme()) == "light":
        return None
    dark, light = PALETTES["dark"], PALETTES["light"]
    named, by_light = named_colours("dark"), named_colours("light")  # words come after edges, which may be paler
    plain = {named[name]: by_light[name] for name in sorted(named, key=lambda name: not name.startswith("edge-"))}
    plain |= {"#000000": "#ffffff", "#ffffff": "#000000"}  # on cells, which turn round too
    return {"plain": list(plain.items()), "ramps": [(dark.values, light.values), (dark.brightness, light.brightness)]}
