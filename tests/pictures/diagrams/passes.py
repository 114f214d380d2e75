"""The pass in many states: its operations, the picture of each, and what every tensor of it really holds."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
from pictures.diagrams.drawn import parsed, rows_of_text, texts

from mnistgrad.network.data import Batch, load_batch
from mnistgrad.network.gradients import Gradients, gradients
from mnistgrad.network.presets import PRESETS, Weights, initial_weights
from mnistgrad.pictures.diagrams.shapes.diagram import shape_diagram
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.trace.painting import Paint, choose_paint
from mnistgrad.trace.passes import record_pass
from mnistgrad.trace.recording import Operation
from mnistgrad.trace.window import Window, choose_window


@dataclass(frozen=True)
class State:
    n: int
    nh: int
    preset: str
    seed: int = 0


STATES = [
    State(1, 2, "lesson-2019", seed=7),  # no unit is on
    State(1, 100, "lesson-2022"),
    State(2, 50, "lesson-2019"),
    State(3, 2, "lesson-2022"),
    State(5, 100, "lesson-2019"),
    State(6, 50, "lesson-2022"),
    State(9, 22, "lesson-2019"),
    State(50, 100, "lesson-2022"),
    State(784, 50, "lesson-2019"),
    State(1_000, 2, "lesson-2022"),
    State(50_000, 50, "lesson-2022"),
]
FEW = [state for state in STATES if state.n in (1, 3, 9, 50, 784, 50_000)]
FORMS = ("broadcast", "einsum", "matmul")


def name_of(state: State) -> str:
    return f"{state.n}-{state.nh}-{state.preset}"


each_state = pytest.mark.parametrize("state", STATES, ids=name_of, scope="module")  # all tests of one state in a row
few_states = pytest.mark.parametrize("state", FEW, ids=name_of, scope="module")


@lru_cache(maxsize=2)
def batch_and_weights(state: State) -> tuple[Batch, Weights]:
    return load_batch(state.n, PRESETS[state.preset].normalise), initial_weights(state.nh, state.seed, state.preset)


@lru_cache(maxsize=len(STATES))
def gradients_of(state: State) -> Gradients:
    return gradients(*batch_and_weights(state))


@lru_cache(maxsize=3 * len(STATES))
def operations(state: State, form: str) -> tuple[Operation, ...]:
    return record_pass(state.n, state.nh, PRESETS[state.preset].relu, form)


@lru_cache(maxsize=3 * len(STATES))
def scene(state: State, form: str) -> tuple[Paint, Window]:
    (batch, weights), grads = batch_and_weights(state), gradients_of(state)
    return choose_paint(batch, weights, grads, form), choose_window(batch, weights, grads, form)


@dataclass(frozen=True)
class Place:
    """One operation of a pass, and its picture."""

    state: State
    form: str
    place: int

    @property
    def step(self) -> Operation:
        return operations(self.state, self.form)[self.place]

    @property
    def layer(self) -> int:
        """2 if the call that runs it has an axis k."""
        call = [o for o in operations(self.state, self.form) if o.caller == self.step.caller]
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
        return scene(self.state, self.form)[0]

    @property
    def window(self) -> Window:
        return scene(self.state, self.form)[1]

    def diagram(self, theme: str = "light") -> Diagram:
        return _diagram(self, theme)

    def picture(self, theme: str = "light") -> ElementTree.Element:
        return _picture(self, theme)


@cache
def _diagram(place: Place, theme: str) -> Diagram:
    paint, window = scene(place.state, place.form)
    return shape_diagram(operations(place.state, place.form), place.place, paint, window, PALETTES[theme])


@lru_cache(maxsize=256)
def _picture(place: Place, theme: str) -> ElementTree.Element:
    return parsed(_diagram(place, theme).svg)


@lru_cache(maxsize=len(STATES))
def places(state: State) -> tuple[Place, ...]:
    """Every operation of the pass, and those that only the other two forms of the gradient have."""
    found = {
        (step.caller, step.expression): Place(state, form, place)
        for form in reversed(FORMS)
        for place, step in enumerate(operations(state, form))
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


@lru_cache(maxsize=len(STATES))
def _autograd(state: State) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """By autograd: every tensor and gradient of the painted images, and what is added up over the whole batch."""
    batch, weights = batch_and_weights(state)
    painted = [*range(min(state.n, 8)), *([state.n - 1] if state.n > 8 else [])]
    rows = _run(batch.inp[painted], batch.targ[painted], weights, state.n)
    whole = _run(batch.inp, batch.targ, weights, state.n)
    return rows, {name: whole[name] for name in ("w1.g", "b1.g", "w2.g", "b2.g", "loss")}


def _run(inp: torch.Tensor, targ: torch.Tensor, weights: Weights, n: int) -> dict[str, torch.Tensor]:
    w1, b1, w2, b2 = (t.clone().requires_grad_() for t in (weights.w1, weights.b1, weights.w2, weights.b2))
    l1 = torch.addmm(b1, inp, w1)
    l2 = torch.relu(l1) - weights.preset.relu_shift
    out = torch.addmm(b2, l2, w2)
    for t in (l1, l2, out):
        t.retain_grad()
    diff = out[:, 0] - targ
    loss = (diff**2).sum() / n
    loss.backward()
    traced = dict(l1=l1, l2=l2, out=out, w1=w1, b1=b1, w2=w2, b2=b2)
    found = {f"{name}.g": t.grad for name, t in traced.items() if t.grad is not None}
    found["inp.g"] = found["l1.g"] @ weights.w1.T
    return found | {name: t.detach() for name, t in (traced | dict(inp=inp, targ=targ, diff=diff, loss=loss)).items()}


def true_value(place: Place, text: str, axes: tuple[str, ...]) -> np.ndarray:
    """What an expression of the operation's line is for the painted images; for the whole batch if it adds up over them.

    The lesson's text is run on tensors that autograd filled.
    """
    rows, whole = _autograd(place.state)
    step = place.step
    if text == step.expression and "n" not in axes and "n" in step.letters:
        return whole[step.sets].numpy()
    given = {}
    for name, theirs in {"targ": "targ", "diff": "diff", **step.names}.items():
        if theirs in rows:
            given[name] = rows[theirs].clone()
            given[name].g = rows.get(f"{theirs}.g")
    told = re.sub(r"\w+\.shape\[0\]", str(place.state.n), text)
    return eval(told, {"torch": torch, **given}).float().numpy()


def cells(place: Place, value: np.ndarray, axes: tuple[str, ...]) -> np.ndarray:
    """The drawn part of a tensor: the mean of every 28 pixels, and the units evenly spaced."""
    stride = -(-place.state.nh // 25)
    for at, letter in enumerate(axes):
        if letter == "i" and value.shape[at] == 784:
            value = np.stack(np.split(value, 28, axis=at), axis=at).mean(at + 1)
        if letter == "j":
            value = np.take(value, range(0, value.shape[at], stride), axis=at)
    return value
