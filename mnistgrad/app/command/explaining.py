"""The work of `mnistgrad explain`."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from mnistgrad.app.cards.line import lesson as card_of
from mnistgrad.app.command.asking import Asked, Query, spelt
from mnistgrad.app.command.delivering import Piece, deliver
from mnistgrad.app.command.options import EXPLAINED as FORMATS
from mnistgrad.app.command.options import TEXT, Look
from mnistgrad.app.command.pictures import pictures_of, piece_of
from mnistgrad.app.command.tables import table_as
from mnistgrad.app.controls import SHAPES, State
from mnistgrad.app.kept import lines as kept
from mnistgrad.captions.typed_lines import NO_OPERATION
from mnistgrad.lines.typed_lines import parse_lines
from mnistgrad.pictures.diagrams.svg import slug
from mnistgrad.player.lesson import Lesson
from mnistgrad.player.lesson_file import lesson_page
from mnistgrad.player.lesson_text import line_of, one_line

COMMENT = re.compile(r"^[^\S\n]*#(?P<says>.*)\n?", re.MULTILINE)
SHAPE = re.compile(r"\s*(?P<name>[\w.]+)\s*:.*")
STDIN = "-"
LONGEST = 1_000  # characters of a sentence


def run(
    asked: Query,
    lines: Sequence[str],
    file: str | None,
    step: int | None,
    format_name: str | None,
    look: Look,
    out: str,
) -> None:
    given = _read(file) if file else "\n".join(lines)
    shapes = "\n".join(asked.pop(SHAPES.key, ())) or _shapes_in(given)
    text = COMMENT.sub("", given)
    state = Asked(spelt(asked, count="n")).state()
    lesson = kept.lesson(text, shapes, state)
    if not len(lesson):
        raise click.ClickException(NO_OPERATION)
    if step is not None:
        if step > len(lesson):
            raise click.BadParameter(f"{step} is not possible; allowed are 1 to {len(lesson)}.", param_hint="'--step'")
        lesson = lesson[step - 1 : step]
    query = {"lines": [text], SHAPES.key: [shapes]} | asked
    deliver([_piece(lesson, format_name or _format_for(out), state, query, look)], out)


def _read(file: str) -> str:
    try:
        return (sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()).decode()
    except OSError as error:
        raise click.ClickException(f"Cannot read {file}: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise click.ClickException(f"Cannot read {file}: it is not text in UTF-8.") from None


def _shapes_in(text: str) -> str:
    """In comments, of what goes into the lines. Raises BrokenRule."""
    inputs = parse_lines(text).inputs
    found = [shape for comment in COMMENT.finditer(text) if (shape := SHAPE.fullmatch(comment["says"]))]
    return "\n".join(shape[0] for shape in found if shape["name"] in inputs)


def _format_for(out: str) -> str:
    """As its ending says, if it is one of a format."""
    ending = Path(out).suffix.lower().removeprefix(".")
    return ending if ending in FORMATS else TEXT


def _piece(lesson: Lesson, name: str, state: State, query: Query, look: Look) -> Piece:
    file = f"mnistgrad-{slug(lesson.title) or 'lesson'}"
    if name == TEXT:
        return Piece(f"{file}.txt", lambda: _text(lesson).encode())
    if name == "html":
        return Piece(f"{file}.html", lambda: lesson_page(lesson).encode())
    if name in ("csv", "json"):
        return Piece(f"{file}.{name}", lambda: table_as(name, lesson.to_frame()))
    card = card_of(lesson, state, look.drawn)
    (shown,) = pictures_of([card], "line", query, look)
    return piece_of(shown, name, look)


def _text(lesson: Lesson) -> str:
    """Two lines for each operation: its shapes, and what it does."""
    lines = [f"{line_of(frame)}\n      {one_line(frame.says, LONGEST)}" for frame in lesson]
    return "\n".join([*lines, ""])
