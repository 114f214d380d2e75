"""Lines of the lesson written wrongly, and what becomes of them, call by call."""

from collections.abc import Callable
from functools import partial

from mnistgrad.app.cards.card import Card
from mnistgrad.app.controls import State
from mnistgrad.app.keeping import PICTURES, STATES
from mnistgrad.app.kept import results
from mnistgrad.captions import wrong_lines as says
from mnistgrad.lines.study import Study, study
from mnistgrad.lines.wrong_lines import WRONG_LINES, changed_lines
from mnistgrad.pictures.diagrams import svg
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.diagrams.wrong_lines.attempt_picture import attempt_picture, shapes_picture
from mnistgrad.pictures.diagrams.wrong_lines.changed_line import changed_line
from mnistgrad.pictures.diagrams.wrong_lines.pairs_table import pairs_table
from mnistgrad.pictures.diagrams.wrong_lines.pass_results import pass_results
from mnistgrad.pictures.palette import PALETTES


@STATES.keep
def study_of(state: State, line: str) -> Study:
    return study(WRONG_LINES[line], results.batch_of(state), results.weights_of(state))


@PICTURES.keep
def line_picture(line: str, look: str) -> Diagram:
    pairs = [(right.text.strip(), wrong.text.strip()) for right, wrong in changed_lines(WRONG_LINES[line])]
    return changed_line(slug(line), pairs, PALETTES[look])


@PICTURES.keep
def call_picture(state: State, line: str, place: int, look: str) -> Diagram | None:
    """Of one call by itself; None where only its numbers are wrong."""
    attempt = study_of(state, line).attempts[place]
    return attempt_picture(f"{slug(attempt.call)}-{slug(line)}", attempt, PALETTES[look])


@PICTURES.keep
def stop_picture(state: State, line: str, look: str) -> Diagram | None:
    """Of the operation that stops the pass, where that is none of the line's own calls."""
    shown = study_of(state, line)
    if shown.refused is None or shown.stops_in_its_own_call:
        return None
    return shapes_picture(f"stop-{slug(line)}", shown.refused, PALETTES[look])


@PICTURES.keep
def pairs_picture(state: State, line: str, look: str) -> Diagram | None:
    pairs = study_of(state, line).pairs
    return pairs_table(slug(line), pairs, results.batch_of(state).images, state.n, PALETTES[look]) if pairs else None


@PICTURES.keep
def results_picture(state: State, line: str, look: str) -> Diagram:
    return pass_results(slug(line), study_of(state, line).results, PALETTES[look])


def slug(text: str) -> str:
    """For names of files; tells unsqueeze(-1) from unsqueeze(1)."""
    return svg.slug(text.replace("(-1)", "-last"))


def cards(state: State, line: str, look: str) -> list[Card]:
    """line: its name. The card of a call of which only the numbers are wrong has no picture."""
    shown = study_of(state, line)
    found = [_card("line", "The line", says.line_sentence(shown), state, partial(line_picture, line), look)]
    for attempt in sorted(shown.attempts, key=says.attempt_title):
        place = shown.attempts.index(attempt)
        picture = partial(call_picture, state, line, place)
        found.append(
            _card(f"call-{place}", says.attempt_title(attempt), says.attempt_sentence(shown, attempt), state, picture, look)
        )
    if shown.refused and not shown.stops_in_its_own_call:
        words = says.stop_title(shown.refused), says.stop_sentence(shown, shown.refused)
        found.append(_card("stop", *words, state, partial(stop_picture, state, line), look))
    if shown.pairs:
        pairs = partial(pairs_picture, state, line)
        found.append(_card("pairs", "Every output less every target", says.pairs_sentence(shown), state, pairs, look))
    passed = partial(results_picture, state, line)
    return [*found, _card("pass", "The whole pass with this line", says.pass_sentence(shown), state, passed, look)]


def _card(key: str, title: str, sentence: str, state: State, picture: Callable[[str], Diagram | None], look: str) -> Card:
    return Card(key, title, sentence, state, lambda to: {"": found} if (found := picture(to)) else {}, look)
