"""Windows on the pass in many states, and what each tensor really holds: the lesson's text on tensors that autograd filled."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pytest
import torch
from torch import Tensor

from mnistgrad.network.data import load_batch
from mnistgrad.network.gradients import gradients
from mnistgrad.network.presets import PRESETS, initial_weights
from mnistgrad.trace.cells import Chosen
from mnistgrad.trace.passes import record_pass
from mnistgrad.trace.recording import Operation
from mnistgrad.trace.window import Pick, Window, choose_window

FORMS = ("broadcast", "einsum", "matmul")


@dataclass(frozen=True)
class Scene:
    """A state, a form of the weight gradient and what a reader picked, with the pass and the window on it."""

    n: int
    nh: int
    preset: str = "lesson-2019"
    normalise: bool = True
    seed: int = 0
    form: str = "broadcast"
    pick: Pick | None = None

    def __str__(self) -> str:
        raw, picked = "" if self.normalise else "-raw", "-picked" if self.pick else ""
        return f"{self.n}-{self.nh}-{self.preset[-4:]}{raw}{picked}-{self.form}"

    @property
    def operations(self) -> tuple[Operation, ...]:
        return _operations(self)

    @property
    def window(self) -> Window:
        return _window(self)

    @property
    def places(self) -> range:
        """Every operation in the broadcast form, and in the others those of the lines that differ."""
        return range(len(self.operations))

    @cached_property
    def real(self) -> dict[str, Tensor]:
        return _real(self.n, self.nh, self.preset, self.normalise, self.seed)

    @lru_cache(maxsize=64)  # noqa: B019 - scenes live as long as the tests
    def value(self, place: int, text: str) -> Tensor:
        """What a text of the operation's line is, for the whole batch, in float64."""
        return self.run(text, place)

    def run(self, text: str, place: int, **more: Tensor) -> Tensor:
        """A text with the names of the operation's line, and more."""
        given = {}
        for name, theirs in {"targ": "targ", "diff": "diff", **self.operations[place].names}.items():
            if theirs in self.real:
                given[name] = self.real[theirs].clone()
                given[name].g = self.real.get(f"{theirs}.g")
        return eval(text, {"torch": torch, **given, **more})

    def cells(self) -> list[Chosen]:
        """A few cells of the window, its corners among them."""
        images, pixels, units = self.window.images, self.window.pixels, self.window.units
        return [Chosen(images[a], pixels[b], units[b % len(units)]) for a, b in ((0, 0), (-1, -1), (len(images) // 2, 2))]


SCENES = [
    Scene(1, 2, seed=7),  # no unit is on
    Scene(1, 50),
    Scene(2, 3, "lesson-2022", False),
    Scene(3, 50),
    Scene(4, 12),
    Scene(20, 50, pick=Pick((19, 7, 13), 782, 46)),
    Scene(60, 9, "lesson-2022", True, pick=Pick((5, 41), 0, 0)),
    Scene(40, 50, "lesson-2019", False),
    Scene(300, 2, "lesson-2022", False),
    Scene(1, 50, form="einsum"),
    Scene(30, 50, form="einsum", pick=Pick((29, 7), 300, 3)),
    Scene(60, 7, "lesson-2022", False, form="matmul"),
    Scene(3, 2, form="matmul"),
]
each_scene = pytest.mark.parametrize("scene", SCENES, ids=str)


@lru_cache(maxsize=len(SCENES))
def _operations(scene: Scene) -> tuple[Operation, ...]:
    return record_pass(scene.n, scene.nh, PRESETS[scene.preset].relu, scene.form)


@lru_cache(maxsize=len(SCENES))
def _window(scene: Scene) -> Window:
    batch, weights = load_batch(scene.n, scene.normalise), initial_weights(scene.nh, scene.seed, scene.preset)
    return choose_window(batch, weights, gradients(batch, weights), scene.form, scene.pick)


@lru_cache(maxsize=len(SCENES))
def _real(n: int, nh: int, preset: str, normalise: bool, seed: int) -> dict[str, Tensor]:
    """Every tensor of the pass and every gradient by autograd, float64, the whole batch."""
    batch, weights = load_batch(n, normalise), initial_weights(nh, seed, preset).to(torch.float64)
    inp, targ = batch.inp.double().requires_grad_(), batch.targ.double()
    w1, b1, w2, b2 = (t.requires_grad_() for t in (weights.w1, weights.b1, weights.w2, weights.b2))
    l1 = torch.addmm(b1, inp, w1)
    l2 = torch.relu(l1) - weights.preset.relu_shift
    out = torch.addmm(b2, l2, w2)
    diff = out[:, 0] - targ
    loss = diff.square().mean()
    traced = dict(inp=inp, w1=w1, b1=b1, w2=w2, b2=b2, l1=l1, l2=l2, out=out)
    found = torch.autograd.grad(loss, list(traced.values()))
    values = {name: tensor.detach() for name, tensor in (traced | dict(targ=targ, diff=diff, loss=loss)).items()}
    return values | {f"{name}.g": gradient for name, gradient in zip(traced, found, strict=True)}


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
