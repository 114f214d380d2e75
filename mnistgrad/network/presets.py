"""The two published versions of the lesson, and the weights they start from."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from mnistgrad import lesson
from mnistgrad.common.arguments import one_of, whole_number
from mnistgrad.common.tensors import FLOAT32, plain

DEFAULT_PRESET = "lesson-2019"
SIDE = 28
PIXELS = SIDE * SIDE
HIDDEN_UNITS = 50
MOST_HIDDEN_UNITS = 512
LARGEST_SEED = 2**32 - 1


@dataclass(frozen=True)
class Preset:
    """What a version of the lesson sets together.

    relu_shift: what `relu` takes off, the same for all numbers. w1_scale and w2_scale: from (fan in) to the factor on
    standard normal weights. rtol and atol: the tolerance against autograd, as in `torch.allclose`.
    seed: the one that its weights are drawn with where nothing else is said.
    """

    label: str
    normalise: bool
    relu: Callable[[Tensor], Tensor]
    relu_shift: float
    w1_scale: Callable[[int], float]
    w2_scale: Callable[[int], float]
    rtol: float
    atol: float
    seed: int = 0


PRESETS = {
    # 02_fully_connected: Kaiming initialisation for w1, 1 / sqrt(nh) for w2; test_near's tolerance.
    "lesson-2019": Preset(
        "Lesson 2019",
        True,
        lesson.relu_shifted,
        0.5,
        lambda m: math.sqrt(2 / m),
        lambda nh: 1 / math.sqrt(nh),
        rtol=1e-3,
        atol=1e-5,
    ),
    # 03_backprop: plain normal weights, raw pixels; test_close's tolerance.
    "lesson-2022": Preset("Lesson 2022", False, lesson.relu, 0.0, lambda m: 1.0, lambda nh: 1.0, rtol=0.0, atol=0.01, seed=42),
}


@dataclass(frozen=True)
class Weights:
    """w1 (784, nh), b1 (nh,), w2 (nh, 1), b2 (1,), float32, and the preset they belong to."""

    w1: Tensor
    b1: Tensor
    w2: Tensor
    b2: Tensor
    preset: Preset

    def to(self, dtype: torch.dtype) -> "Weights":
        """The same weights in another dtype."""
        return Weights(self.w1.to(dtype), self.b1.to(dtype), self.w2.to(dtype), self.b2.to(dtype), self.preset)


@plain()
def initial_weights(nh: int = HIDDEN_UNITS, seed: int | None = None, preset: str = DEFAULT_PRESET) -> Weights:
    """The weights before training; the same seed gives the same weights, whatever else has drawn random numbers.

    nh: hidden units, 1 to 512. seed: 0 to 4,294,967,295, the preset's unless given. preset: "lesson-2019" or "lesson-2022".
    Raises ValueError or TypeError for anything else.
    """
    nh = whole_number("nh", nh, 1, MOST_HIDDEN_UNITS)
    chosen = PRESETS[one_of("preset", preset, PRESETS)]
    seed = whole_number("seed", chosen.seed if seed is None else seed, 0, LARGEST_SEED)
    generator = torch.Generator().manual_seed(seed)
    w1 = torch.randn(PIXELS, nh, generator=generator, **FLOAT32) * chosen.w1_scale(PIXELS)
    w2 = torch.randn(nh, 1, generator=generator, **FLOAT32) * chosen.w2_scale(nh)
    return Weights(w1, torch.zeros(nh, **FLOAT32), w2, torch.zeros(1, **FLOAT32), chosen)
