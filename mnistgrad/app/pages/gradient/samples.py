"""How many images: what becomes of a weight gradient as the batch grows, for several seeds."""

import streamlit as st

from mnistgrad.app.cards.gradient import samples as cards
from mnistgrad.app.cards.gradient.choice import choose_layer
from mnistgrad.app.choosing import choose
from mnistgrad.app.controls import COMPARED, N, State
from mnistgrad.app.kept import sweeps
from mnistgrad.app.kept.image_sets import image_set
from mnistgrad.app.parts import fields
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.page import columns, come_back_after, heading, prose, tell_failures, theme, under_way
from mnistgrad.captions import samples as says
from mnistgrad.network.presets import PRESETS
from mnistgrad.network.seeds import seeds_from


def show(state: State) -> None:
    """The view in this state."""
    top = st.container()  # filled once the layer is known
    with st.container(horizontal=True, vertical_alignment="bottom", key="weight"):
        layer = choose_layer(fields)
        seeds = seeds_from(state.seed, fields.number(COMPARED, 180))
    here = sweeps.point_of(state, layer, False)
    with top:
        heading(says.KICKER, says.headline(layer, here), says.lede(layer, here, PRESETS[state.preset].relu_shift))
    prose(says.AXIS_NOTE)
    done = _finished(state, seeds)
    _charts(state, layer, done)


def _finished(state: State, seeds: list[int]) -> sweeps.Seeds:
    """The seeds whose sweeps can be drawn: the reader's own at once, the others together, since six charts are 130 kB each time.

    The others begin when the first is drawn.
    """
    for some in (seeds[:1], seeds):
        jobs = {seed: sweeps.sweep_of(state, seed) for seed in some}
        waits = under_way(jobs.values())
        if any(job.result is None for job in jobs.values()):
            waited_for, most = [seed for seed, job in jobs.items() if job in waits], image_set(state.images).most
            come_back_after(waits, says.waiting_note(waited_for, most))
            tell_failures(jobs.values(), says.WHAT, "sweep")
            return tuple(seeds[:1]) if some is seeds else ()
    return tuple(seeds)


def _charts(state: State, layer: str, done: sweeps.Seeds) -> None:
    """Side by side, so that neighbours begin at the same height; a last one by itself takes the whole width."""
    shown = cards.curves(state, layer, done, theme())
    for pair in (shown[at : at + 2] for at in range(0, len(shown), 2)):
        spots = columns(pair[0].key, [1, 1]) if len(pair) == 2 else [st.container()]
        for spot, each in zip(spots, pair, strict=True):
            with spot:
                card(each, _take_count, state.n)
    if done and not sweeps.point_of(state, layer, True).away:
        prose(says.no_full_batch(layer, image_set(state.images).most))


def _take_count(n: int) -> None:
    """Choose the count that was clicked."""
    choose(N, n)
