"""The story: the print, the moving picture, the line as shapes, the column variance, and two short answers."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from mnistgrad.app.cards.card import Card
from mnistgrad.app.cards.fields import Link
from mnistgrad.app.cards.training import state_of
from mnistgrad.app.control_kinds import Numeric
from mnistgrad.app.controls import ADDED, COLUMN, FIRST_ROW, State
from mnistgrad.app.kept import pictures, results, story, sums
from mnistgrad.app.kept.image_sets import image_set
from mnistgrad.app.kept.sums import Switches
from mnistgrad.captions import copied_lines
from mnistgrad.captions import cost as cost_says
from mnistgrad.captions import story as says
from mnistgrad.captions import training as training_says
from mnistgrad.cost.measurement import Measurement, stored_measurement
from mnistgrad.gradient.statistics import EDGE_ITEMS
from mnistgrad.pictures.export import Picture
from mnistgrad.trace.window import Pick
from mnistgrad.training.comparison import Comparison
from mnistgrad.training.descent import TrainingPlan
from mnistgrad.training.stored import stored_comparison


def moved_by_players(state: State) -> tuple[Numeric, Numeric]:
    """With what they allow in this state."""
    return replace(ADDED, high=state.n, depends=False), replace(COLUMN, high=state.nh - 1, start=None, depends=False)


def prints(state: State, link: Link, look: str) -> Card:
    found = results.weight_gradient(state, "w1")
    sentence = f"{says.printed_sentence(found)} {says.map_sentence(found)}"
    line = copied_lines.rows(link.number(FIRST_ROW), 2 * EDGE_ITEMS)
    return Card("print", says.PRINTED_TITLE, sentence, state, partial(_prints, state, link), look, line)


def _prints(state: State, link: Link, look: str) -> Mapping[str, Picture]:
    first = link.number(FIRST_ROW)
    return {
        says.STILLS["print"]: pictures.print_picture(state, look),
        says.STILLS["rows"]: pictures.rows_picture(state, first, look),
        says.STILLS["map"]: pictures.map_picture(state.images, state.n, first, look),
    }


def moving(state: State, link: Link, look: str) -> Card:
    found = results.weight_gradient(state, "w1")
    return Card("moving", says.moving_title(found), says.moving_sentence(found), state, partial(_still, state, link), look)


def _still(state: State, link: Link, look: str) -> Mapping[str, Picture]:
    in_added, in_column = moved_by_players(state)
    start = results.weight_gradient(state, "w1").liveliest_column
    column = link.optional_number(in_column, in_column.high, start)
    switches, added = Switches(image_set(state.images).classes, ()), link.number(in_added)
    picture = sums.part_picture(state, "w1", switches, added, start if column is None else column, look)
    return {says.STILLS["moving"]: picture}


def steps(state: State, look: str) -> Card:
    return Card("steps", says.STEPS_TITLE, "", state, partial(_steps, state), look)


def _steps(state: State, look: str) -> Mapping[str, Picture]:
    places = story.places_of_line(state)
    return {
        f"Step {number}": pictures.shapes_picture(state, story.FORM, place, Pick(), look)
        for number, place in enumerate(places, 1)
    }


def variance(state: State, look: str) -> Card:
    sentence, line = says.variance_sentence(results.weight_gradient(state, "w1")), copied_lines.variance("w1")
    return Card.of_one("variance", says.VARIANCE_TITLE, sentence, state, partial(pictures.variance_picture, state), look, line)


def cost_answer(state: State, measured: Measurement | None, look: str) -> Card:
    """The two products, without their times where there are none."""
    title = f"{says.TOO_MUCH} {cost_says.products_title()}"
    sentence = cost_says.products_sentence(measured, state.n, state.nh)
    picture = partial(pictures.two_products_picture, measured, state.n, state.nh)
    return Card.of_one("two-products", title, sentence, state, picture, look)


def training_answer(state: State, found: Comparison, look: str) -> Card:
    chosen = TrainingPlan(preset=state.preset, normalise=state.normalise, nh=state.nh, source=image_set(state.images).trained)
    title = f"{says.FAR_HARDER} {training_says.small_title(found)}"
    sentence = training_says.small_sentence(found, chosen)
    return Card.of_one("five-curves", title, sentence, state_of(found.experiment.plan), pictures.five_curves_picture, look)


def cards(link: Link, look: str) -> list[Card]:
    """Raises DataFileError."""
    state = link.state()
    return [
        prints(state, link, look),
        moving(state, link, look),
        steps(state, look),
        variance(state, look),
        cost_answer(state, stored_measurement(), look),
        training_answer(state, stored_comparison("cross-entropy"), look),
    ]
