"""The operations of the pass in many states, the shape diagram of each, and what its tensors really hold."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from xml.etree import ElementTree

import numpy as np
import pytest
from passes import FORMS, Scene, by_autograd, run, sums_by_autograd
from pictures.diagrams.drawn import parsed, rows_of_text, texts
from states import State

from mnistgrad.pictures.diagrams.shapes.diagram import shape_diagram
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.trace.painting import Paint
from mnistgrad.trace.recording import Operation
from mnistgrad.trace.window import Window

STATES = [
    State(1, 2, seed=7),  # no unit is on
    State(1, 100, "lesson-2022"),
    State(2, 50),
    State(3, 2, "lesson-2022"),
    State(5, 100),
    State(6, 50, "lesson-2022"),
    State(9, 22),
    State(50, 100, "lesson-2022"),
    State(784, 50),
    State(1_000, 2, "lesson-2022"),
    State(50_000, 50, "lesson-2022"),
]
FEW = [state for state in STATES if state.n in (1, 3, 9, 50, 784, 50_000)]
each_state = pytest.mark.parametrize("state", STATES, ids=str, scope="module")  # all tests of one state in a row
few_states = pytest.mark.parametrize("state", FEW, ids=str, scope="module")


@dataclass(frozen=True)
class Place:
    """One operation of a pass, and its picture."""

    scene: Scene
    place: int

    @property
    def state(self) -> State:
        return self.scene.state

    @property
    def step(self) -> Operation:
        return self.scene.operations[self.place]

    @property
    def layer(self) -> int:
        """2 if the call that runs it has an axis k."""
        call = [o for o in self.scene.operations if o.caller == self.step.caller]
        return 2 if any("k" in o.letters for o in call) else 1

    @property
    def roles(self) -> tuple[str, str, str]:
        """The axes that recede, run down and run right."""
        return ("n", "i", "j") if self.layer == 1 else ("n", "j", "k")

    @property
    def tensors(self) -> list[tuple[str, tuple[int, ...], tuple[str, ...]]]:
        """Source text, shape and axes of the operands and of the result."""
        step = self.step
        return [*((o.text, o.shape, o.axes) for o in step.operands), (step.expression, step.shape, step.axes)]

    @property
    def paint(self) -> Paint:
        return self.scene.paint

    @property
    def window(self) -> Window:
        return self.scene.window

    def diagram(self, theme: str = "light") -> Diagram:
        return _diagram(self, theme)

    def picture(self, theme: str = "light") -> ElementTree.Element:
        return _picture(self, theme)


@cache
def _diagram(place: Place, theme: str) -> Diagram:
    scene = place.scene
    return shape_diagram(scene.operations, place.place, scene.paint, scene.window, PALETTES[theme])


@lru_cache(maxsize=256)
def _picture(place: Place, theme: str) -> ElementTree.Element:
    return parsed(_diagram(place, theme).svg)


@lru_cache(maxsize=len(STATES))
def places(state: State) -> tuple[Place, ...]:
    """Every operation of the pass, and those that only the other two forms of the gradient have."""
    found = {
        (step.caller, step.expression): Place(scene, place)
        for scene in (Scene(state, form) for form in reversed(FORMS))
        for place, step in enumerate(scene.operations)
    }
    return tuple(found.values())


def drawn_shapes(root: ElementTree.Element) -> list[tuple[str, list[tuple[str, str]], float]]:
    """Every shape printed in the picture, by row and from left to right: the name above it, the digits and colour of each
    size, and its middle.
    """
    mono = [text for text in texts(root) if text.mono]
    found = []
    for row in rows_of_text(mono, per=0.1).values():
        run: list = []
        for text in row:
            run = [text] if text.words == "(" else [*run, text]
            if text.words in (")", ",)") and run[0].words == "(":
                left, right, y = run[0].box[0], text.box[2], text.y
                above = [t for t in mono if 17 < y - t.y < 22 and t.box[0] < right and t.box[2] > left]
                (name,) = (t.words for t in above if len(above) == 1 or t.words not in ("(", ")"))
                found.append((name, [(t.words, t.fill) for t in run if t.words.isdigit()], (left + right) / 2))
    return found


def true_value(place: Place, text: str, axes: tuple[str, ...]) -> np.ndarray:
    """What an expression of the operation's line is for the painted images; for the whole batch if it adds up over them.

    The lesson's text is run on tensors that autograd filled.
    """
    state, step = place.state, place.step
    if text == step.expression and "n" not in axes and "n" in step.letters:
        return sums_by_autograd(state)[step.sets].numpy()
    painted = (*range(min(state.n, 8)), *([state.n - 1] if state.n > 8 else []))
    told = re.sub(r"\w+\.shape\[0\]", str(state.n), text)
    return run(told, step, by_autograd(state, painted)).float().numpy()


def cells(place: Place, value: np.ndarray, axes: tuple[str, ...]) -> np.ndarray:
    """The drawn part of a tensor: the mean of every 28 pixels, and the units evenly spaced."""
    stride = -(-place.state.nh // 25)
    for at, letter in enumerate(axes):
        if letter == "i" and value.shape[at] == 784:
            value = np.stack(np.split(value, 28, axis=at), axis=at).mean(at + 1)
        if letter == "j":
            value = np.take(value, range(0, value.shape[at], stride), axis=at)
    return value
