"""Step by step: one operation of the pass, as shapes, as numbers, in the code and in the list."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from mnistgrad.app.cards.card import Card
from mnistgrad.app.cards.fields import Fields, Link
from mnistgrad.app.control_kinds import Numeric
from mnistgrad.app.controls import FORM, IMAGES, PIXEL, SCOPE, STEP, UNIT, State
from mnistgrad.app.kept import pictures, results
from mnistgrad.captions import steps as says
from mnistgrad.pictures.export import Picture
from mnistgrad.trace.cells import liveliest_cell
from mnistgrad.trace.passes import scopes
from mnistgrad.trace.window import WINDOW_UNITS, Pick


def chosen_program(state: State, fields: Fields) -> tuple[str, str]:
    """The form of the weight gradient, and what is stepped through."""
    form = fields.choice(FORM)
    options = tuple(scopes(results.pass_of(state, form)))
    return form, fields.listed(replace(SCOPE, options=options, depends=False))


def chosen_window(state: State, form: str, fields: Fields) -> Pick:
    """Images, pixels and units; what is left empty is chosen for the reader."""
    held = [fields.optional_number(control, state.n - 1, place) for place, control in enumerate(IMAGES[: state.n])]
    all_left_to_us = all(image is None for image in held)
    pick = Pick(() if all_left_to_us else tuple(dict.fromkeys(images_held(held))))
    ours = results.window_of(state, form, pick)
    pixel = fields.optional_number(PIXEL, PIXEL.high, ours.pixels[0])
    unit = fields.optional_number(UNIT, max(state.nh - WINDOW_UNITS, 0), ours.units[0])
    return replace(pick, pixel=pixel, unit=unit)


def images_held(held: list[int | None]) -> list[int]:
    """Where none is chosen, the one of that place."""
    return [place if image is None else image for place, image in enumerate(held)]


def step_control(count: int) -> Numeric:
    """With as many steps as there are."""
    return replace(STEP, high=count, depends=False)


def lesson(state: State, form: str, scope: str, pick: Pick, step: int, look: str) -> Card:
    """step: from 0, the one that the pictures are of."""
    return Card("steps", says.STEPS_TITLE, "", state, partial(_pictures, state, form, scope, pick, step), look)


def _pictures(state: State, form: str, scope: str, pick: Pick, step: int, look: str) -> Mapping[str, Picture]:
    place = scopes(results.pass_of(state, form))[scope][step]
    chosen = liveliest_cell(results.window_of(state, form, pick))
    return {
        says.STILLS["shapes"]: pictures.shapes_picture(state, form, place, pick, look),
        says.STILLS["numbers"]: pictures.numbers_picture(state, form, place, pick, chosen, look),
        says.STILLS["code"]: pictures.code_picture(state.n, state.nh, state.preset, form, place, look),
        says.STILLS["operations"]: pictures.operations_picture(state.n, state.nh, state.preset, form, scope, place, look),
    }


def cards(link: Link, look: str) -> list[Card]:
    """Of the step that the link names."""
    state = link.state()
    form, scope = chosen_program(state, link)
    step = link.number(step_control(len(scopes(results.pass_of(state, form))[scope]))) - 1
    return [lesson(state, form, scope, chosen_window(state, form, link), step, look)]
