"""The kinds of pictures, and the states in which most of them are drawn."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import cycle, islice

from states import ALL_OFF, State

from mnistgrad.pictures.export import Picture
from mnistgrad.pictures.palette import Palette

Named = Iterator[tuple[str, Picture]]
STATES = [
    *(State(n, preset=preset) for preset in ("lesson-2019", "lesson-2022") for n in (1, 10, 1_000)),
    State(2),
    State(3, 12),
    State(10, 2, seed=3),
    State(10, 100),
    ALL_OFF,
]
ROWS = (0, 27, 30, 203, 405, 406, 783)  # pixels at the edges and inside
KINDS: dict[str, Callable[[Palette], Named]] = {}


def shows(picture: Callable[..., Picture | None]) -> Callable[[Callable[[Palette], Named]], Callable[[Palette], Named]]:
    """Makes a generator of labelled pictures the one of that kind."""

    def add(draw: Callable[[Palette], Named]) -> Callable[[Palette], Named]:
        KINDS[picture.__name__] = draw
        return draw

    return add


def with_w1() -> Iterator[State]:
    return (state for state in STATES if not state.weight_gradient("w1").is_zero)


def dealt(states: Iterable[State], rows: Sequence[int]) -> Iterator[tuple[State, list[int]]]:
    """Each state with two of the rows, dealt in turn so that every row comes up."""
    turn = cycle(rows)
    return ((state, [*islice(turn, 2)]) for state in states)
