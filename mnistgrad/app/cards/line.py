"""Your own line: the lesson that typed lines make; with the lesson's own, written wrongly, what becomes of them."""

from mnistgrad.app.cards import wrong_lines
from mnistgrad.app.cards.card import Card
from mnistgrad.app.cards.fields import Link
from mnistgrad.app.controls import LINES, SHAPES, State
from mnistgrad.app.kept import lines as kept
from mnistgrad.captions import typed_lines as says
from mnistgrad.lines.examples import GROUPS, place_of
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.player.lesson import Lesson
from mnistgrad.player.lesson_picture import lesson_picture


def lesson(found: Lesson, state: State, look: str) -> Card:
    """Of at least one step."""
    return Card.of_one("lesson", says.LESSON_TITLE, "", state, lambda to: lesson_picture(found, PALETTES[to]), look)


def cards(link: Link, look: str) -> list[Card]:
    """As if the reader had guessed already. Raises BrokenRule, DataFileError."""
    state, lines, shapes = link.state(), link.text(LINES), link.text(SHAPES)
    group, name = place_of(lines, shapes)
    wrong = GROUPS[group][name].wrong if group else ""
    found = kept.lesson(lines, shapes, state)
    shown = wrong_lines.cards(state, wrong, look) if wrong else []
    return [*shown, lesson(found, state, look)] if len(found) else shown
