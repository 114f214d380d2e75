"""The gradient built up image by image: play, pause and step through the batch, with images switched on and off."""

from dataclasses import fields as fields_of

import streamlit as st

from mnistgrad.app import choosing
from mnistgrad.app.cards.gradient import build_up as cards
from mnistgrad.app.cards.gradient.build_up import added_control
from mnistgrad.app.cards.gradient.choice import ChosenWeight, choose_layer, choose_weight
from mnistgrad.app.choosing import choose, chosen
from mnistgrad.app.controls import ADDED, COLUMN, LAYER, OFF, ROW, State
from mnistgrad.app.kept import results, sums
from mnistgrad.app.kept.sums import Switches
from mnistgrad.app.link import mend
from mnistgrad.app.pages.gradient import singular_values
from mnistgrad.app.pages.gradient.check import show_check
from mnistgrad.app.pages.gradient.choice import take_column
from mnistgrad.app.parts import fields
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.diagram_view import show_diagram
from mnistgrad.app.parts.fields import number, several, text
from mnistgrad.app.parts.page import heading, note, prose, theme, unseen
from mnistgrad.app.parts.stepper import step_button, watch_presses
from mnistgrad.captions import build_up as says
from mnistgrad.captions.gradient import kicker
from mnistgrad.gradient.build_up import next_count, read_images

PLAYING, PAUSING, REACHED = "build-up-playing", "build-up-pausing", "build-up-reached"
WHOLE_PAGE, OUTDATED = "build-up-whole-page", "build-up-outdated"
ELSEWHERE = (*(field.name for field in fields_of(State)), LAYER.key, COLUMN.key, ROW.key)  # controls that are set by clicks too
BUTTONS = {move: f"build-{move.lower()}" for move in ("First", "Previous", "Next", "Last")}
EVERY = 0.8  # seconds from one step of play to the next


def show(state: State) -> None:
    """The view in this state. While it plays its pictures run by themselves, again and again, without the rest of the page."""
    title = st.container()  # filled once the layer is known
    with st.container(horizontal=True, vertical_alignment="bottom", key="weight"):
        layer = choose_layer(fields)
        choice = choose_weight(state, layer, fields, asks_row=False)
    with title:
        gradient = results.weight_gradient(state, layer)
        heading(kicker(gradient), says.headline(gradient), says.lede(gradient))
    if choosing.goes_back():
        st.session_state[PLAYING] = False
    playing = st.session_state.setdefault(PLAYING, False)
    st.session_state[WHOLE_PAGE] = True
    st.fragment(_section, run_every=EVERY if playing else None)(state, choice, playing, _elsewhere())
    singular_values.show(state, layer)
    show_check(state, layer)


def _elsewhere() -> list[object]:
    return [st.session_state.get(key) for key in ELSEWHERE]


def _section(state: State, choice: ChosenWeight, timed: bool, elsewhere: list[object]) -> None:
    """timed: whether this runs by itself; only the whole page can begin or end that. elsewhere: what the page's other controls
    held when it ran.
    """
    by_itself = not st.session_state.pop(WHOLE_PAGE, False)
    if by_itself:
        choosing.begin()
    if st.session_state.pop(OUTDATED, False):
        st.rerun()
    stepper = st.container(horizontal=True, vertical_alignment="bottom", key="stepper")  # filled once the images are known
    switches = _choose_switches(state)
    images = sums.images_of(state.images, state.n, switches)
    mend(added_control(len(images)))
    _keep_within(len(images), timed and by_itself, _elsewhere() == elsewhere)
    if st.session_state[PLAYING] != timed:
        st.rerun()
    gradient = results.weight_gradient(state, choice.layer)
    if off := says.off_note(gradient, len(images)):
        prose(off)
    with stepper:
        added = _stepper(len(images))
    current = int(images[added - 1]) if added else -1
    picture = sums.switches_picture(state.images, state.n, switches, current, theme())
    show_diagram(picture, "image-switches", lambda image: _switch(image, state.n))
    note(says.row_note(len(images)))
    if added:
        _pictures(state, choice, switches, added)
    with unseen("part"):
        choosing.end(choosing.PART)


def _pictures(state: State, choice: ChosenWeight, switches: Switches, added: int) -> None:
    part, *matrix = cards.build_up(state, choice, switches, added, theme())
    card(part, plays=True)
    for each in matrix:
        card(each, _take_column, plays=True)


def _choose_switches(state: State) -> Switches:
    """The controls for which images count."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        digits = several(cards.labels_control(state.images))
        listed = text(OFF, placeholder="none; 3, 7 for instance")
    off, left_out = read_images(listed, state.n)
    if left_out:
        note(says.unread_note(left_out, state.n))
    return Switches(tuple(sorted(digits)), off)


def _keep_within(possible: int, tick: bool, current: bool) -> None:
    """Never add more images than there are; go on at each tick of play, and stop at the last or where a pause is asked for.

    A tick may have left the browser before what was set last came there, and then brings older values back, here or, unless
    `current`, elsewhere on the page. So play holds the count itself, and goes on or stops only once the browser has all of it.
    """
    most = max(possible, ADDED.low)
    held = st.session_state.get(ADDED.key, ADDED.low)
    added = min(held, most)
    if st.session_state[PLAYING]:
        added = min(st.session_state[REACHED], most)
        seen = current and held == added
        if seen and (st.session_state[PAUSING] or added == most):
            st.session_state[PLAYING] = False
        elif seen and tick:
            added = next_count(added, most)
        st.session_state[REACHED] = added
    if added != held:
        choose(ADDED, added)


def _stepper(possible: int) -> int:
    """First, previous, play or pause, next, last, and the count itself; 0 where no image is on."""
    playing = st.session_state[PLAYING]
    buttons = st.container(horizontal=True, width="content")  # filled once the count is known
    control = added_control(possible)
    added = min(number(control, 150, disabled=playing), possible)
    last = added >= possible
    back, on = not playing and added > 1, not playing and not last
    label, icon = ("Pause", ":material/pause:") if playing else ("Play", ":material/play_arrow:")
    step_button(buttons, "First", control, BUTTONS["First"], not back)
    step_button(buttons, "Previous", control, BUTTONS["Previous"], not back)
    buttons.button(label, on_click=_play, args=(possible,), disabled=possible < 2, icon=icon, type="primary", key="build-play")
    step_button(buttons, "Next", control, BUTTONS["Next"], not on)
    step_button(buttons, "Last", control, BUTTONS["Last"], not on)
    watch_presses(control, max(added, ADDED.low), BUTTONS, enabled=not playing)
    return added


def _play(possible: int) -> None:
    """Go on from where it is, from the first image after the last, or ask for a pause."""
    if st.session_state[PLAYING]:
        st.session_state[PAUSING] = True
        return
    st.session_state[PLAYING], st.session_state[PAUSING] = True, False
    st.session_state[REACHED] = chosen(ADDED) or ADDED.low
    if st.session_state[REACHED] >= possible:
        choose(ADDED, ADDED.low)
        st.session_state[REACHED] = ADDED.low


def _switch(image: int, n: int) -> None:
    """Switch the image that was clicked off, or on again."""
    off = {*read_images(chosen(OFF), n)[0]} ^ {image}
    choose(OFF, ", ".join(map(str, sorted(off))))


def _take_column(column: int) -> None:
    """Choose the column that was clicked; the rest of the page follows."""
    take_column(column)
    st.session_state[OUTDATED] = True
