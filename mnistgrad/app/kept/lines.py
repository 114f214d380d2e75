"""What typed lines do, kept by the text, the sizes that its letters stand for, and the look."""

from mnistgrad.app.controls import STEP, State
from mnistgrad.app.keeping import PACKED, STATES
from mnistgrad.lines.explaining import Explained, explained
from mnistgrad.lines.lesson_form import Compared, compared
from mnistgrad.network.data import PIXELS
from mnistgrad.player.lesson import Lesson
from mnistgrad.player.lesson_data import packed_lesson
from mnistgrad.player.typed_lesson import lesson_of


@STATES.keep
def explained_lines(lines: str, shapes: str, n: int, nh: int) -> Explained:
    """Raises BrokenRule. n, nh: what the letters n and j stand for where no size is typed."""
    return explained(lines, shapes, {"n": n, "i": PIXELS, "j": nh, "k": 1})


@STATES.keep
def compared_lines(lines: str, shapes: str, n: int, nh: int) -> tuple[Compared, ...]:
    return compared(explained_lines(lines, shapes, n, nh))


def lesson(lines: str, shapes: str, state: State) -> Lesson:
    """Raises BrokenRule."""
    return lesson_of(explained_lines(lines, shapes, state.n, state.nh))


@PACKED.keep
def packed_lines(lines: str, shapes: str, n: int, nh: int, look: str) -> bytes:
    """For the player."""
    return packed_lesson(lesson_of(explained_lines(lines, shapes, n, nh)), [look], link=STEP.key)
