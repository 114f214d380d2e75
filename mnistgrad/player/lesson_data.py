"""What the lesson's player is sent: the source, and for each frame its picture, its numbers and what fed each of them."""

import zlib
from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import accumulate, product
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from mnistgrad.captions import fed as fed_says
from mnistgrad.captions import player as says
from mnistgrad.captions.general import memory_words
from mnistgrad.pictures.diagrams.shapes.general import sign_between
from mnistgrad.pictures.palette import LEVELS, NAMED, PALETTES, named_colours, value_colours
from mnistgrad.player.packing import pack
from mnistgrad.trace.operation import Fed, Numbers, Operation
from mnistgrad.trace.source import CodeLine

if TYPE_CHECKING:
    from mnistgrad.pictures.diagrams.svg import Diagram
    from mnistgrad.player.lesson import Lesson, LessonFrame

SHADES = LEVELS // 2  # of a value's colour, on either side of 0
FIRST, REST = "first", "rest"  # parts of a lesson
MOST_TOLD = 6_000  # numbers of a lesson that each tell what they are made of
Code = tuple[CodeLine, ...]


def packed_lesson(
    lesson: "Lesson",
    themes: Sequence[str] = tuple(PALETTES),
    fonts: Mapping[str, bytes] | None = None,
    link: str = "",
    whole_page: bool = False,
    part: str = FIRST,
    drawn: Container[int] | None = None,
) -> bytes:
    """themes: of two, the player follows the reader's. fonts: files by their family and weight, where the page has none.

    In the dashboard, link: what the step is called in the page's link, "" where it is not kept there; whole_page: whether keys
    that are pressed anywhere on the page are the player's. drawn: whose frames' pictures are sent. part: REST is these pictures
    alone, which the player asks for where it has the lesson without them.
    """
    fonts = fonts or {}
    numbered = {frame.operation.place: number for number, frame in enumerate(lesson)}
    sources = [*dict.fromkeys(frame.operation.code for frame in lesson)]
    header: dict[str, Any] = dict(  # see scripts/lesson.js
        title=lesson.title,
        words=says.WORDS,
        themes=[named_colours(theme) for theme in themes],
        tones={letter: NAMED.axis_text[letter] for letter in sorted({a for frame in lesson for a in frame.operation.letters})},
        sources=[[(line.number, line.text) for line in code] for code in sources],
        frames=[_frame(lesson, frame, numbered, sources, told) for frame, told in zip(lesson, _are_told(lesson), strict=True)],
        fonts=[*fonts],
        link=link,
        whole_page=whole_page,
    )
    header["id"], header["part"] = zlib.crc32(repr(header).encode()), part
    pictures = [
        dict(picture=_picture(frame.picture(NAMED)), extra=_extra(frame)) if drawn is None or frame.number in drawn else {}
        for frame in lesson
    ]
    if part == REST:
        return pack(dict(id=header["id"], part=part, frames=pictures), {})
    header["frames"] = [frame | picture for frame, picture in zip(header["frames"], pictures, strict=True)]
    ramps = np.concatenate([value_colours(np.linspace(-1, 1, LEVELS), 1.0, PALETTES[theme]).reshape(-1) for theme in themes])
    return pack(header, {"ramps": ramps} | {f"font{at}": np.frombuffer(file, "u1") for at, file in enumerate(fonts.values())})


def _are_told(lesson: "Lesson") -> Iterator[bool]:
    """Of each frame whether its numbers tell what they are made of: of the first ones, while those are not too many."""
    together = accumulate(prod(map(len, frame.operation.shown)) for frame in lesson)
    return (count <= MOST_TOLD for count in together)


def _frame(
    lesson: "Lesson", frame: "LessonFrame", numbered: Mapping[int, int], sources: Sequence[Code], told: bool
) -> dict[str, Any]:
    """Without its pictures. told: whether each number tells what it is made of."""
    step = frame.operation
    operands = [(o.text, o.shape, o.axes, o.shown, o.numbers, o.made_by) for o in step.operands]
    tensors = [*operands, *([] if frame.refused else [(frame.name, step.shape, step.axes, step.shown, step.numbers, None)])]
    limit = _limit(*(values for _, _, _, _, values, _ in tensors)) if step.known.one_scale else None
    return dict(
        code=frame.code,
        name=frame.name,
        statement=frame.statement,
        heading=frame.heading,
        worded=frame.worded,
        calling=frame.calling,
        operation=step.name,
        sign=sign_between(step),
        call=frame.called,
        repeats=step.repeats,
        refused=frame.refused,
        source=sources.index(step.code),
        marked=_marked(step),
        says=frame.says,
        memory=frame.memory,
        size="" if frame.refused else memory_words(step),
        tensors=[_tensor(*tensor[:5], limit) | {"made": _made(lesson, numbered, tensor[5], tensor[3])} for tensor in tensors],
        fed=[*_all_fed(step, not frame.worded)] if told and step.numbers is not None and not frame.refused else [],
        unfed=fed_says.unknown_origin(step) if told else fed_says.TOO_MANY,
    )


def _picture(picture: "Diagram") -> dict[str, Any]:
    return dict(svg=picture.svg, widths=[picture.width, picture.least], cuts=picture.cuts)


def _extra(frame: "LessonFrame") -> dict[str, Any] | None:
    return _picture(frame.extra[1]) | dict(says=frame.extra[0]) if frame.extra else None


def _marked(step: Operation) -> list[tuple[int, int, int]]:
    """Of each line of the code that the operation stands on: its number, and from which character to which."""
    texts = {line.number: line.text.encode() for line in step.code}
    found = []
    for line in range(step.span.line, step.span.end_line + 1):
        text = texts.get(line, b"")
        start = step.span.start if line == step.span.line else len(text) - len(text.lstrip())
        end = step.span.end if line == step.span.end_line else len(text)
        found.append((line, len(text[:start].decode(errors="ignore")), len(text[:end].decode(errors="ignore"))))
    return found


def _tensor(
    text: str,
    shape: tuple[int, ...],
    axes: tuple[str, ...],
    shown: tuple[tuple[int, ...], ...],
    values: Numbers | None,
    limit: float | None,
) -> dict[str, Any]:
    """shades: of each number's colour, from -127 to 127; None where it is no number."""
    found = dict(text=text, shape=shape, axes=axes, shown=shown, cells=None, shades=None)
    if values is None:
        return found
    largest = _limit(values) if limit is None else limit
    plain = values.astype(float) if values.dtype.kind in "biuf" else np.abs(values)
    with np.errstate(invalid="ignore", over="ignore"):
        shades = np.clip(plain.reshape(-1) / (largest or 1), -1, 1) * SHADES
    return found | dict(
        cells=[fed_says.number_text(value) for value in values.reshape(-1).tolist()],
        shades=[round(float(shade)) if np.isfinite(shade) else None for shade in shades],
    )


def _limit(*tensors: Numbers | None) -> float:
    """The largest of all that are numbers."""
    plain = [values.astype(float) if values.dtype.kind == "b" else values for values in tensors if values is not None]
    flat = [np.abs(values).reshape(-1) for values in plain]
    together = np.concatenate(flat) if flat else np.zeros(1)
    return float(together[np.isfinite(together)].max(initial=0))


def _made(
    lesson: "Lesson", numbered: Mapping[int, int], made_by: int | None, shown: tuple[tuple[int, ...], ...]
) -> dict[str, Any] | None:
    """The frame that made an operand, and for each number of its window its place in that frame's; -1 where it is not shown."""
    if made_by is None or made_by not in numbered:
        return None
    maker = lesson[numbered[made_by]].operation
    if len(maker.shown) != len(shown):
        return dict(frame=numbered[made_by], at=[-1] * len([*product(*shown)]))
    at = {index: place for place, index in enumerate(product(*maker.shown))}
    return dict(frame=numbered[made_by], at=[at.get(index, -1) for index in product(*shown)])


def _all_fed(step: Operation, largest: bool) -> Iterator[dict[str, Any] | None]:
    """What each number of the result is made of; None where that is not known. largest: whether its terms are the largest."""
    places = [{index: at for at, index in enumerate(product(*operand.shown))} for operand in step.operands]
    for position in product(*(range(len(along)) for along in step.shown)):
        try:
            fed = step.fed[position]
        except KeyError:
            yield None
        else:
            yield _fed(step, fed, largest, places)


def _fed(step: Operation, fed: Fed, largest: bool, places: Sequence[Mapping[tuple[int, ...], int]]) -> dict[str, Any]:
    """places: for each operand, of its indices those in its window, flat."""
    return dict(
        lit=[np.flatnonzero(cells).tolist() for cells in fed.cells],
        heading=fed_says.terms_heading(fed, largest),
        count=fed.count,
        terms=[
            (
                fed_says.term_place(step, term) if fed.count > 1 else "",
                fed_says.term_text(step, term),
                [-1 if index is None else at.get(index, -1) for index, at in zip(term.index, places, strict=True)],
            )
            for term in fed.terms
        ],
    )
