"""The shapes of any operation: what it takes as boxes, what becomes of each axis, and what it makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mnistgrad.captions.fates import effect_of, gone_axes, repeated_axes
from mnistgrad.captions.general import REDUCED, SIGNS
from mnistgrad.common import numbers
from mnistgrad.pictures.diagrams.shapes.boxes import shape_parts
from mnistgrad.pictures.diagrams.shapes.general_box import Side, TensorBox, by_place, draw_box, length_of, ways_of
from mnistgrad.pictures.diagrams.shapes.words import method
from mnistgrad.pictures.diagrams.svg import MONO_WIDTH, Diagram, Drawing, Rows, slug
from mnistgrad.pictures.palette import Palette
from mnistgrad.trace.operation import Operation
from mnistgrad.trace.operations import Effect

MOST = 3  # operands that are drawn, and axes of a box
LONG = 24  # characters of a text
MARGIN, APART = 18.0, 22.0
NAME, NOTE = 13.0, 12.5  # font sizes
LINE = 19.0
BELOW = 44.0  # from a box to its name
SIGN, ARROW = 30.0, 84.0  # room for a sign, and for an arrow without words
SHRUNK = 0.8
WIDE = 0.53  # of the font size: a character of the sans


@dataclass(frozen=True)
class Column:
    """A tensor to draw: its text, shape and axes, its box, and what is said below it, each with the letter of its colour."""

    text: str
    shape: tuple[int, ...]
    axes: tuple[str, ...]
    box: TensorBox
    notes: tuple[tuple[str, str], ...]
    void: bool = False  # torch made nothing

    @property
    def width(self) -> float:
        lines = [len(numbers.shape(self.shape)) * NAME * MONO_WIDTH, len(self.text) * NAME * MONO_WIDTH]
        lines += [len(words) * NOTE * WIDE for words, _ in self.notes]
        return max(self.box.left + self.box.width, *lines)


def general_diagram(step: Operation, result: str, palette: Palette) -> Diagram:
    """result: what the operation's result is called."""
    taken, made = _columns(step, result)
    columns = [*taken, made]
    joints = _joints(step, len(taken))
    rooms = [_room(joint) for joint in joints]
    top = MARGIN + max(column.box.above for column in columns)
    tall = max(column.box.whole.down for column in columns)
    notes = max(len(column.notes) for column in columns)
    width = 2 * MARGIN + sum(column.width for column in columns) + sum(rooms) + 2 * APART * len(rooms)
    drawing = Drawing(width, top + tall + BELOW + LINE * (1 + notes) + MARGIN, palette)
    x, middle, cuts = MARGIN, top + tall / 2, []
    for place, column in enumerate(columns):
        if place:
            room = rooms[place - 1]
            cuts.append(x + APART / 2)
            _draw_joint(drawing, x + APART, room, middle, joints[place - 1])
            x += room + 2 * APART
        _draw_column(drawing, x, middle, top + tall, column)
        x += column.width
    return drawing.finished(
        f"shapes-{slug(f'{step.name} {step.expression}'[:60])}", _description(columns), _rows(columns), width * SHRUNK, cuts
    )


def _columns(step: Operation, result: str) -> tuple[list[Column], Column]:
    ways = _ways([*(operand.axes for operand in step.operands), step.axes])
    shown = step.operands[:MOST]
    more = len(step.operands) - len(shown)
    taken = []
    for place, operand in enumerate(shown):
        notes = [*_said(operand.axes, operand.shape), *_fates(step, place)]
        notes += [(f"and {more} more", "")] if more and operand is shown[-1] else []
        box = _box(step, operand.shape, operand.axes, ways, gone_axes(step)[place], repeated_axes(step, operand))
        taken.append(Column(_shortened(operand.text), operand.shape, operand.axes, box, tuple(notes)))
    box = _box(step, step.shape, step.axes, ways)
    notes = _said(step.axes, step.shape)
    return taken, Column(_shortened(result), step.shape, step.axes, box, tuple(notes), bool(step.message))


def _ways(tensors: Sequence[tuple[str, ...]]) -> Mapping[str, str] | None:
    """Which way each letter runs in all of the tensors; None where they have more letters than a box has axes, one tensor has
    a letter twice, or axes only change places.
    """
    letters = [letter for axes in sorted(tensors, key=len, reverse=True) for letter in axes]
    twice = any(len({*axes}) < len(axes) for axes in tensors)
    first, last = tensors[0], tensors[-1]
    moved = len(tensors) == 2 and first != last and sorted(first) == sorted(last)
    return None if twice or moved or len({*letters}) > MOST else ways_of([*dict.fromkeys(letters)])


def _box(
    step: Operation,
    shape: tuple[int, ...],
    axes: tuple[str, ...],
    ways: Mapping[str, str] | None,
    gone: Sequence[int] = (),
    repeated: Sequence[tuple[str, int]] = (),
) -> TensorBox:
    """gone: places of axes whose numbers become one. repeated: along which axes of the result it is, and how often."""
    first = max(len(axes) - MOST, 0)
    own = axes[first:]
    found = ways or (ways_of(own) if len({*own}) == len(own) and not _only_moves(step) else None)
    runs = [found[letter] for letter in own] if found else by_place(own)
    times = dict(repeated) | _expanded(step)
    sides = {}
    for place, way in enumerate(runs, first):
        letter, size = axes[place], shape[place]
        length = length_of(size, way)
        full = length_of(times[letter], way) if size == 1 and letter in times else length
        sides[way] = Side(letter, size, length, full, place in gone)
    for letter, size in repeated:
        if ways and letter not in axes:
            sides[ways[letter]] = Side(letter, size, 0.0, length_of(size, ways[letter]))
    return TensorBox(sides, tuple(zip(axes[:first], shape, strict=False)))


def _only_moves(step: Operation) -> bool:
    return effect_of(step) is Effect.MOVED and bool(step.operands) and sorted(step.operands[0].axes) == sorted(step.axes)


def _expanded(step: Operation) -> dict[str, int]:
    """Of an operand that is repeated without being copied: along which of its axes of length 1, and how often."""
    if step.name != "expand" or not step.operands:
        return {}
    own = dict(zip(step.operands[0].axes, step.operands[0].shape, strict=True))
    return {letter: size for letter, size in zip(step.axes, step.shape, strict=True) if size > 1 and own.get(letter) == 1}


def _fates(step: Operation, place: int) -> list[tuple[str, str]]:
    """What becomes of each axis of an operand that does not simply stay."""
    operand = step.operands[place]
    fate = REDUCED[step.name].fate if step.name in REDUCED else "added up"
    found = [(f"{operand.axes[axis]}: {fate}", operand.axes[axis]) for axis in gone_axes(step)[place]]
    longer = repeated_axes(step, operand) or [*_expanded(step).items()]
    return found + [(f"{letter}: repeated {numbers.count(size)} times", letter) for letter, size in longer]


def _said(axes: Sequence[str], shape: Sequence[int]) -> list[tuple[str, str]]:
    """Of the axes before those that are drawn."""
    first = max(len(axes) - MOST, 0)
    if not first:
        return []
    sizes = " × ".join(f"{letter} = {numbers.count(size)}" for letter, size in zip(axes[:first], shape, strict=False))
    return [(f"a stack of such boxes: {sizes}", axes[0] if first == 1 else "")]


def sign_between(step: Operation) -> str:
    """Of two operands; "" where none is written between them."""
    return SIGNS.get(step.name, "") if len(step.operands) == 2 else ""


def _joints(step: Operation, taken: int) -> list[str]:
    """What stands before each tensor but the first: a sign, or a method, which stands on an arrow."""
    if sign := sign_between(step):
        return [sign, "="]
    return [","] * (taken - 1) + [_shortened(_method(step))] if taken else []


def _method(step: Operation) -> str:
    words = method(step)
    return words if len(step.operands) == 1 and len(words) <= LONG else step.name


def _room(joint: str) -> float:
    return SIGN if len(joint) == 1 else max(ARROW, len(joint) * NAME * MONO_WIDTH)


def _draw_joint(drawing: Drawing, x: float, room: float, middle: float, joint: str) -> None:
    if len(joint) == 1:
        drawing.text(x + room / 2, middle, joint, drawing.palette.ink, 26)
        return
    centre = x + room / 2
    drawing.arrow((centre - ARROW / 2, middle), (centre + ARROW / 2, middle), drawing.palette.ink, 1.8, 9)
    drawing.text(centre, middle - 15, joint, drawing.palette.ink, NAME, 500, mono=True)


def _draw_column(drawing: Drawing, x: float, middle: float, base: float, column: Column) -> None:
    palette, box = drawing.palette, column.box
    centre = x + column.width / 2
    if column.void:
        for turn in (-1, 1):
            drawing.line([(centre - 9, middle - 9 * turn), (centre + 9, middle + 9 * turn)], palette.mark_edge, 2.4)
    else:
        draw_box(drawing, box, x + (column.width - box.left - box.width) / 2 + box.left, middle - box.whole.down / 2)
        drawing.runs(centre, base + BELOW + LINE, shape_parts(column.shape, column.axes, palette), NAME, 500)
    drawing.text(centre, base + BELOW, column.text, palette.ink, NAME, 500, mono=True)
    for line, (words, letter) in enumerate(column.notes, 2):
        colour = palette.axis_text[letter] if letter else palette.muted
        drawing.text(centre, base + BELOW + LINE * line, words, colour, NOTE, 600 if letter else 400)


def _shortened(text: str) -> str:
    """A long one by its two ends."""
    return text if len(text) <= LONG else f"{text[: LONG // 2]}…{text[1 - LONG // 2 :]}"


def _description(columns: Sequence[Column]) -> str:
    *taken, made = [f"{column.text} {numbers.shape(column.shape)}" for column in columns]
    fates = "; ".join(words for column in columns[:-1] for words, _ in column.notes)
    verb = "become" if len(taken) > 1 else "becomes"
    return f"{' and '.join(taken) or 'Nothing'} {verb} {made}{f': {fates}' if fates else ''}."


def _rows(columns: Sequence[Column]) -> Rows:
    return [dict(tensor=c.text, shape=numbers.shape(c.shape), axes=" ".join(c.axes)) for c in columns]
