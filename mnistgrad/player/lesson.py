"""A lesson: the operations of code that really ran, one frame each, shown by one player wherever it is opened."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, overload

from mnistgrad.captions.general import clash_sentence, general_sentence, memory_sentence
from mnistgrad.trace.operation import Operand, Operation

SETS_ITSELF = re.compile(r"[\w.\[\]]+ [^=\s<>!]{1,3}= ")  # "x += y"

if TYPE_CHECKING:
    import pandas as pd

    from mnistgrad.pictures.diagrams.svg import Diagram
    from mnistgrad.pictures.palette import Palette


@dataclass(frozen=True, eq=False)
class LessonFrame:
    """One operation: its code, its tensors with axes and numbers, what it does in one sentence, its picture, its memory.

    Attributes:
        operation: What the recorder noted of it.
        name: What its result is called.
        number: Its place in the lesson, from 0.
    """

    operation: Operation
    name: str
    number: int

    @property
    def code(self) -> str:
        """The sub-expression that ran."""
        return self.operation.expression

    @property
    def statement(self) -> str:
        """The code with what it sets: "w.g = inp.t() @ out.g"."""
        written = self.name == self.code or SETS_ITSELF.match(self.code)
        return self.code if written else f"{self.name} = {self.code}"

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the result; () where torch refused."""
        return self.operation.shape

    @property
    def axes(self) -> tuple[str, ...]:
        """The letters of the result's axes."""
        return self.operation.axes

    @property
    def operands(self) -> tuple[Operand, ...]:
        """What it was given, each with its text, its shape and its axes."""
        return self.operation.operands

    @property
    def refused(self) -> bool:
        """Whether torch raised an error here."""
        return bool(self.operation.message)

    @property
    def says(self) -> str:
        """What it does, in one sentence."""
        return clash_sentence(self.operation.message) if self.refused else general_sentence(self.operation)

    @property
    def heading(self) -> str:
        """What stands over it, where that is not its code."""
        return ""

    @property
    def called(self) -> str:
        """The call that ran its function, in words."""
        return f"in `{self.operation.caller}`" if self.operation.caller else ""

    @property
    def extra(self) -> "tuple[str, Diagram] | None":
        """A second picture, and what it says."""
        return None

    @property
    def calling(self) -> int:
        """The line of its code that calls the function; 0 where the code does not hold it."""
        return 0

    @property
    def worded(self) -> bool:
        """Whether its sentence is in the Markdown of our captions, and so ours alone, with no word of a reader."""
        return False

    @property
    def memory(self) -> str:
        """How many bytes it made, and how many were alive while it ran, in words."""
        return "" if self.refused else memory_sentence(self.operation)

    def picture(self, palette: "Palette | None" = None) -> "Diagram":
        """Its shapes, as an SVG that a notebook shows.

        Args:
            palette: One of `mnistgrad.pictures.palette.PALETTES`; that of light paper unless given.
        """
        from mnistgrad.pictures.diagrams.shapes.clash import clash_diagram
        from mnistgrad.pictures.diagrams.shapes.general import general_diagram
        from mnistgrad.pictures.palette import PALETTES

        palette = palette or PALETTES["light"]
        if self.refused:
            return clash_diagram(self.operation, palette)
        return general_diagram(self.operation, self.name, palette)

    def __repr__(self) -> str:
        from mnistgrad.player.lesson_text import line_of

        return line_of(self)

    def _repr_svg_(self) -> str:
        return self.picture().svg


@dataclass(frozen=True, eq=False)
class DrawnFrame(LessonFrame):
    """A frame with a heading, a sentence in the Markdown of our captions, and a picture of its own, in the colours of one theme.

    numbers: a second picture, of its numbers, and what that says. drawn: None where it is not made yet. note: on the picture.
    call: what is said of the call that ran it.
    """

    headed: str
    told: str
    drawn: "Diagram | None"
    numbers: "tuple[str, Diagram] | None" = None
    note: str = ""
    call: str = ""

    @property
    def called(self) -> str:
        return self.call

    @property
    def memory(self) -> str:
        return f"{super().memory} {self.note}".strip()

    @property
    def heading(self) -> str:
        return self.headed

    @property
    def says(self) -> str:
        return self.told

    @property
    def extra(self) -> "tuple[str, Diagram] | None":
        return self.numbers

    @property
    def calling(self) -> int:
        return self.operation.caller_line

    @property
    def worded(self) -> bool:
        return True

    def picture(self, palette: "Palette | None" = None) -> "Diagram":
        assert self.drawn is not None
        return self.drawn


class Lesson(Sequence[LessonFrame]):
    """What was recorded, in order. `lesson[3]` is a frame, `lesson[2:5]` a lesson of three; in a notebook it shows itself.

    Args:
        operations: As they ran.
        refused: The one at which torch raised an error, if any.
        title: What the whole is called.

    Raises:
        IndexError: By `lesson[9]`, where it has no such frame.
    """

    def __init__(self, operations: Sequence[Operation], refused: Operation | None = None, title: str = "lesson") -> None:
        self.title = title
        self._record(operations, refused)

    def _record(self, operations: Sequence[Operation], refused: Operation | None) -> None:
        steps = [*operations, *([refused] if refused else [])]
        self._frames = [
            LessonFrame(step, (_ends(steps, place) and (step.target or step.sets)) or step.expression, place)
            for place, step in enumerate(steps)
        ]

    @classmethod
    def of(cls, frames: Sequence[LessonFrame], title: str) -> "Lesson":
        """Of frames that are there."""
        part = cls((), None, title)
        part._frames = [*frames]
        return part

    def __len__(self) -> int:
        return len(self._frames)

    def __iter__(self) -> Iterator[LessonFrame]:
        return iter(self._frames)

    @overload
    def __getitem__(self, place: int) -> LessonFrame: ...

    @overload
    def __getitem__(self, place: slice) -> "Lesson": ...

    def __getitem__(self, place: int | slice) -> "LessonFrame | Lesson":
        if isinstance(place, slice):
            return Lesson.of(self._frames[place], self.title)
        if not -len(self) <= place < len(self):
            raise IndexError(f"step is {place}; {_allowed(len(self))}")
        return self._frames[place]

    @property
    def refused(self) -> LessonFrame | None:
        """The frame at which torch raised an error."""
        return self._frames[-1] if self._frames and self._frames[-1].refused else None

    def to_frame(self) -> "pd.DataFrame":
        """One row an operation.

        Returns:
            place, from 0; code; operation, torch's name; operands; shape and axes of the result; bytes that it made, and alive,
                the bytes of all tensors while it ran.
        """
        import pandas as pd

        columns = ["place", "code", "operation", "operands", "shape", "axes", "bytes", "alive"]
        rows = [
            (
                frame.number,
                frame.code,
                frame.operation.name,
                ", ".join(operand.text for operand in frame.operands),
                frame.shape,
                " ".join(frame.axes),
                frame.operation.nbytes,
                frame.operation.live,
            )
            for frame in self
        ]
        return pd.DataFrame(rows, columns=columns)

    def save(self, path: "str | PathLike[str]", step: int | None = None) -> None:
        """Writes the lesson, or the step that `lesson[step]` is, as a file.

        Args:
            path: Ends in .html (the player, which needs no network), .svg, .png or .pdf (the step, or all steps one below the
                other).
            step: From 0, or from the end as -1; all of them unless given.

        Raises:
            ValueError: For another ending, a step that is not there and a folder that is not there.
        """
        from mnistgrad.player.lesson_file import save_lesson

        save_lesson(self, path, step)

    def _repr_html_(self) -> str:
        from mnistgrad.player.lesson_file import notebook_html

        return notebook_html(self)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}

    def __repr__(self) -> str:
        from mnistgrad.player.lesson_text import text_of

        return text_of(self)


def _allowed(count: int) -> str:
    return f"allowed are 0 to {count - 1}" if count else "the lesson has no steps"


def _ends(steps: Sequence[Operation], place: int) -> bool:
    """Whether the operation's result is what its statement sets: no later one of the statement is made with it."""
    step = steps[place]
    for later in steps[place + 1 :]:
        if (later.function, later.caller_line, later.target) != (step.function, step.caller_line, step.target):
            return True
        if later.span != step.span and later.span[:2] <= step.span[:2] and step.span[2:] <= later.span[2:]:
            return False
    return True
