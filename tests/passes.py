"""The recorded pass in many states, and what each tensor of it holds: the lesson's text on tensors that autograd filled."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import torch
from loops import over
from states import State
from torch import Tensor

from mnistgrad.network.presets import PRESETS, Weights
from mnistgrad.trace.cells import Chosen, show_operation
from mnistgrad.trace.painting import Paint, choose_paint
from mnistgrad.trace.passes import record_pass
from mnistgrad.trace.recording import Operation
from mnistgrad.trace.window import Pick, Window, choose_window

FORMS = ("broadcast", "einsum", "matmul")
KEPT = 64
AT_ONCE = 5_000  # images of which autograd holds every tensor


@dataclass(frozen=True)
class Scene:
    """The pass in a state with a form of the weight gradient, and what a reader picked of it."""

    state: State
    form: str = "broadcast"
    pick: Pick | None = None

    def __str__(self) -> str:
        return f"{self.state}{'-picked' if self.pick else ''}-{self.form}"

    @property
    def n(self) -> int:
        return self.state.n

    @property
    def nh(self) -> int:
        return self.state.nh

    @property
    def operations(self) -> tuple[Operation, ...]:
        return _operations(self.n, self.nh, self.state.preset, self.form)

    @property
    def places(self) -> range:
        return range(len(self.operations))

    @property
    def window(self) -> Window:
        return _window(self)

    @property
    def paint(self) -> Paint:
        return _paint(self.state, self.form)

    @property
    def real(self) -> dict[str, Tensor]:
        """Every tensor of the pass and its gradient, whole and in float64; for batches that are not large."""
        return by_autograd(self.state, range(self.n))

    @lru_cache(maxsize=64)  # noqa: B019 - scenes live as long as the tests
    def value(self, place: int, text: str) -> Tensor:
        """What a text of the operation's line is, for the whole batch."""
        return self.run(text, place)

    def run(self, text: str, place: int, **more: Tensor) -> Tensor:
        """A text with the names of the operation's line, and more."""
        return run(text, self.operations[place], self.real, **more)

    def cells(self) -> list[Chosen]:
        """A few cells of the window, its corners among them."""
        images, pixels, units = self.window.images, self.window.pixels, self.window.units
        return [Chosen(images[a], pixels[b], units[b % len(units)]) for a, b in ((0, 0), (-1, -1), (len(images) // 2, 2))]


SCENES = [
    Scene(State(1, 2, seed=7)),  # no unit is on
    Scene(State(1)),
    Scene(State(2, 3, "lesson-2022")),
    Scene(State(3)),
    Scene(State(4, 12)),
    Scene(State(20), pick=Pick((19, 7, 13), 782, 46)),
    Scene(State(60, 9, "lesson-2022", normalise=True), pick=Pick((5, 41), 0, 0)),
    Scene(State(40, normalise=False)),
    Scene(State(300, 2, "lesson-2022")),
    Scene(State(1), "einsum"),
    Scene(State(30), "einsum", Pick((29, 7), 300, 3)),
    Scene(State(60, 7, "lesson-2022"), "matmul"),
    Scene(State(3, 2), "matmul"),
]
each_scene = over("scene", SCENES)


@lru_cache(maxsize=KEPT)
def _operations(n: int, nh: int, preset: str, form: str) -> tuple[Operation, ...]:
    return record_pass(n, nh, PRESETS[preset].relu, form)


@lru_cache(maxsize=KEPT)
def _window(scene: Scene) -> Window:
    state = scene.state
    return choose_window(state.batch, state.weights, state.gradients, scene.form, scene.pick)


@lru_cache(maxsize=KEPT)
def _paint(state: State, form: str) -> Paint:
    return choose_paint(state.batch, state.weights, state.gradients, form)


@lru_cache(maxsize=KEPT)
def by_autograd(state: State, images: Sequence[int]) -> dict[str, Tensor]:
    """Every tensor of these images' part of the pass, and the gradients that they add, in float64."""
    return _run(state, list(images), state.weights.to(torch.float64))


@lru_cache(maxsize=KEPT)
def sums_by_autograd(state: State) -> dict[str, Tensor]:
    """What the whole batch adds up to: the loss and the gradients of the parameters, in float64."""
    weights, images = state.weights.to(torch.float64), range(state.n)
    parts = [_run(state, images[start : start + AT_ONCE], weights) for start in range(0, state.n, AT_ONCE)]
    return {name: sum(part[name] for part in parts) for name in ("w1.g", "b1.g", "w2.g", "b2.g", "loss")}


def _run(state: State, images: Sequence[int], weights: Weights) -> dict[str, Tensor]:
    inp, targ = state.batch.inp[images].double().requires_grad_(), state.batch.targ[images].double()
    w1, b1, w2, b2 = (t.clone().requires_grad_() for t in (weights.w1, weights.b1, weights.w2, weights.b2))
    l1 = torch.addmm(b1, inp, w1)
    l2 = torch.relu(l1) - weights.preset.relu_shift
    out = torch.addmm(b2, l2, w2)
    diff = out[:, 0] - targ
    loss = diff.square().sum() / state.n
    traced = dict(inp=inp, w1=w1, b1=b1, w2=w2, b2=b2, l1=l1, l2=l2, out=out)
    found = torch.autograd.grad(loss, list(traced.values()))
    values = {name: tensor.detach() for name, tensor in (traced | dict(targ=targ, diff=diff, loss=loss)).items()}
    return values | {f"{name}.g": gradient for name, gradient in zip(traced, found, strict=True)}


def run(text: str, step: Operation, real: dict[str, Tensor], **more: Tensor) -> Tensor:
    """What a text of the operation's line is where its names are these tensors."""
    given = {}
    for name, theirs in {"targ": "targ", "diff": "diff", **step.names}.items():
        if theirs in real:
            given[name] = real[theirs].clone()
            given[name].g = real.get(f"{theirs}.g")
    return eval(text, {"torch": torch, **given, **more})


def taken(value: Tensor, indices: tuple[tuple[int, ...], ...]) -> np.ndarray:
    """The entries of a whole tensor at these indices along its axes."""
    array = value.double().numpy()
    return array[np.ix_(*indices)] if indices else array


def python(text: str) -> str:
    """Printed arithmetic as Python would have it."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text.replace("−", "-").replace("×", "*").replace("²", "**2"))
    powers = {"thousandths": -3, "millionths": -6, "thousands": 3}
    text = re.sub(r" (thousandths|millionths|thousands)\b", lambda unit: f"*1e{powers[unit[1]]}", text)
    text = re.sub(r" times 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda found: "*1e" + found[1].translate(SUPERSCRIPTS), text)
    return re.sub(r" \+ [\d,]+ more", "", text)


SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def cell_at(operations: Sequence[Operation], place: int, window: Window, row: int, chosen: Chosen) -> Chosen:
    """The cell of that flat index in the result's table; along axes that the result lacks, it stays where it was chosen.

    Raises ValueError for an index that the table does not have.
    """
    result = show_operation(operations, place, window).result
    places = np.unravel_index(row, result.values.shape or (1,))[: result.values.ndim]
    names = {"n": "image", "i": "pixel", "j": "unit"}
    found = zip(result.axes, result.indices, places, strict=True)
    return replace(chosen, **{names[letter]: shown[int(at)] for letter, shown, at in found if letter in names and len(shown) > 1})
