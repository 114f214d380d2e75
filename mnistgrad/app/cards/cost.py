"""What it costs: the counts, and the times and memory of a measurement."""

from functools import partial

from mnistgrad.app.cards import workers
from mnistgrad.app.cards.card import Card
from mnistgrad.app.cards.fields import Link
from mnistgrad.app.controls import WORKERS, State
from mnistgrad.app.keeping import PICTURES
from mnistgrad.captions import cost as says
from mnistgrad.cost.measurement import LINE, PASS, Measurement, stored_measurement
from mnistgrad.distributed.scaling import stored_scaling
from mnistgrad.pictures.charts.cost import memory_chart, time_chart
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.diagrams.cost_counts import cost_counts
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import PALETTES

LINES = {"line": LINE, "pass": PASS}


@PICTURES.keep
def counts_picture(n: int, nh: int, look: str) -> Diagram:
    return cost_counts(n, nh, PALETTES[look])


@PICTURES.keep
def time_picture(found: Measurement, lines: str, n: int, look: str) -> Chart:
    return time_chart(found, LINES[lines], n, lines, PALETTES[look])


@PICTURES.keep
def memory_picture(found: Measurement, lines: str, n: int, look: str) -> Chart:
    return memory_chart(found, LINES[lines], n, lines, PALETTES[look])


def counts(state: State, look: str) -> Card:
    title = "Exactly as many multiplications as the forward product"
    return Card.of_one("counts", title, says.counts_sentence(), state, partial(counts_picture, state.n, state.nh), look)


def measured(found: Measurement, state: State, look: str) -> list[Card]:
    """Time and memory of the line by itself, then of the whole pass."""
    n = state.n
    told = {
        "cost-line-time": (says.line_time_title(found, n), says.line_time_sentence(found)),
        "cost-line-memory": (says.line_memory_title(found), says.line_memory_sentence()),
        "cost-pass-time": (says.pass_time_title(found, n), says.pass_time_sentence(found, n)),
        "cost-pass-memory": (says.pass_memory_title(found), says.pass_memory_sentence(found)),
    }
    return [Card.of_one(key, *words, state, partial(_picture, key, found, n), look) for key, words in told.items()]


def _picture(key: str, found: Measurement, n: int, look: str) -> Chart:
    _, lines, what = key.split("-")
    return (time_picture if what == "time" else memory_picture)(found, lines, n, look)


def cards(link: Link, look: str) -> list[Card]:
    """Those of the stored measurement. Raises DataFileError."""
    state = link.state()
    of_workers = [workers.split(state, link.number(WORKERS), look), workers.scaling(stored_scaling(), state, look)]
    return [counts(state, look), *measured(stored_measurement(), state, look), *of_workers]
