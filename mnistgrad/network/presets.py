"""The two published versions of the lesson, and the weights they start from."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from mnistgrad import lesson
from mnistgrad.common.arguments import instance, one_of, whole_number
from mnistgrad.common.given import Numbers, all_floats
from mnistgrad.common.shown import Brief
from mnistgrad.common.tensors import FLOAT32, plain

DEFAULT_PRESET = "lesson-2019"
SIDE = 28
PIXELS = SIDE * SIDE
HIDDEN_UNITS = 50
MOST_HIDDEN_UNITS = 512
LARGEST_SEED = 2**32 - 1


@dataclass(frozen=True, repr=False)
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

    def __repr__(self) -> str:
        return repr(self.label)


def _kaiming(fan_in: int) -> float:
    return math.sqrt(2 / fan_in)


def _inverse_root(fan_in: int) -> float:
    return 1 / math.sqrt(fan_in)


def _one(fan_in: int) -> float:
    return 1.0


PRESETS = {
    # 02_fully_connected: Kaiming initialisation for w1, 1 / sqrt(nh) for w2; test_near's tolerance.
    "lesson-2019": Preset(
        "Lesson 2019",
        True,
        lesson.relu_shifted,
        0.5,
        _kaiming,
        _inverse_root,
        rtol=1e-3,
        atol=1e-5,
    ),
    # 03_backprop: plain normal weights, raw pixels; test_close's tolerance.
    "lesson-2022": Preset("Lesson 2022", False, lesson.relu, 0.0, _one, _one, rtol=0.0, atol=0.01, seed=42),
}


# What weights of a reader's own take: the rectifier without a shift, on pixels of any kind.
OWN = Preset("your own", False, lesson.relu, 0.0, _one, _one, rtol=1e-3, atol=1e-5)


@dataclass(frozen=True, init=False, repr=False, eq=False)
class Weights(Brief):
    """Two linear layers with a rectifier between, as the lesson writes them: out = relu(inp @ w1 + b1) @ w2 + b2.

    Tensors, NumPy arrays or lists, all float32 or all float64, of any sizes; copied as they are now.

    Args:
        w1: (pixels, units), per unit of a pixel.
        b1: (units,).
        w2: (units, k).
        b2: (k,), in the unit of the outputs.
        preset: Whose rectifier; your own weights take the plain one, max(0, x).

    Raises:
        TypeError: By the argument's name, for what are no floats, or not all of one kind.
        ValueError: By the argument's name, for shapes that do not follow each other.
    """

    w1: Tensor
    b1: Tensor
    w2: Tensor
    b2: Tensor
    preset: Preset

    @plain()
    def __init__(self, w1: Numbers, b1: Numbers, w2: Numbers, b2: Numbers, preset: Preset = OWN) -> None:
        instance("preset", preset, Preset)
        found = all_floats(w1=w1, b1=b1, w2=w2, b2=b2)
        _check_sizes(**found)
        for name, tensor in found.items():
            object.__setattr__(self, name, tensor.clone(memory_format=torch.contiguous_format))
        object.__setattr__(self, "preset", preset)

    @classmethod
    @plain()
    def from_linear(cls, l1: nn.Linear, l2: nn.Linear) -> "Weights":
        """Of two layers of a model: nn.Linear keeps (out, in), so w1 and w2 are its weights transposed.

        A layer without a bias gets one of zeros. The layers are copied, and stay as they are.

        Args:
            l1: Takes (n, pixels), gives (n, units).
            l2: Takes (n, units), gives (n, k).

        Raises:
            TypeError: For other modules, and for a lazy one whose sizes are not known yet.
            ValueError: Where l2 does not take what l1 gives.
        """
        layers = dict(l1=l1, l2=l2)
        for name, layer in layers.items():
            if not isinstance(layer, nn.Linear) or isinstance(layer, nn.LazyLinear):
                raise TypeError(f"{name} is of type {type(layer).__name__}; allowed is an nn.Linear whose sizes are known")
        if l1.out_features != l2.in_features:
            raise ValueError(
                f"l2 takes {l2.in_features:,} numbers an image and l1 gives {l1.out_features:,}; allowed are layers that follow "
                "each other, with nothing between but a rectifier"
            )
        given = {f"{name}.{part}": getattr(layer, part) for name, layer in layers.items() for part in ("weight", "bias")}
        found = all_floats(**{name: tensor for name, tensor in given.items() if tensor is not None})
        biases = [found.get(f"{name}.bias", layer.weight.new_zeros(layer.out_features)) for name, layer in layers.items()]
        return cls(found["l1.weight"].t(), biases[0], found["l2.weight"].t(), biases[1])

    def to(self, dtype: torch.dtype) -> "Weights":
        """The same weights in another dtype.

        Args:
            dtype: torch.float32 or torch.float64.

        Raises:
            TypeError: For another dtype.
        """
        return Weights(self.w1.to(dtype), self.b1.to(dtype), self.w2.to(dtype), self.b2.to(dtype), self.preset)

    def on(self, device: torch.device | str) -> "Weights":
        """The same weights on a device.

        Args:
            device: Where torch puts them, as "cuda".
        """
        return Weights(self.w1.to(device), self.b1.to(device), self.w2.to(device), self.b2.to(device), self.preset)


SIZES = {"w1": ("pixels", "units"), "b1": ("units",), "w2": ("units", "k"), "b2": ("k",)}


def _check_sizes(**given: Tensor) -> None:
    """Of the four, first each by itself; matrices that fit the other way round are told so."""
    for name, tensor in given.items():
        if tensor.ndim != len(SIZES[name]) or not tensor.numel():
            allowed = f"{_axes(name)} with no axis of length 0"
            raise ValueError(f"{name} has shape {tuple(tensor.shape)}; allowed is {allowed}")
    for one, other, size in (("w1", "b1", "units"), ("w2", "b2", "k"), ("w1", "w2", "units")):
        shapes = {name: tuple(given[name].shape) for name in (one, other)}
        if len({dict(zip(SIZES[name], shape, strict=True))[size] for name, shape in shapes.items()}) > 1:
            turned = all(given[w].shape[0] == len(given[b]) for w, b in (("w1", "b1"), ("w2", "b2")))
            hint = "; nn.Linear keeps (out, in): take Weights.from_linear(l1, l2), or transpose both" if turned else ""
            raise ValueError(
                f"{one} has shape {shapes[one]} and {other} {shapes[other]}; allowed are {_axes(one)} and {_axes(other)} with "
                f"the same {size}{hint}"
            )


def _axes(name: str) -> str:
    return str(SIZES[name]).replace("'", "")


@plain()
def initial_weights(nh: int = HIDDEN_UNITS, seed: int | None = None, preset: str = DEFAULT_PRESET) -> Weights:
    """The weights before training; the same seed gives the same weights, whatever else has drawn random numbers.

    float32: w1 (784, nh) and w2 (nh, 1) normal, b1 (nh,) and b2 (1,) zeros.

    Args:
        nh: Hidden units, 1 to 512; 50 unless given.
        seed: 0 to 4,294,967,295; the preset's unless given, which is 0, or 42 in 2022.
        preset: "lesson-2019" unless given, with deviations √(2/784) and √(1/nh), or "lesson-2022", with 1 and 1.

    Raises:
        TypeError: Where nh or seed is no whole number.
        ValueError: For one out of range, or another preset.
    """
    nh = whole_number("nh", nh, 1, MOST_HIDDEN_UNITS)
    chosen = PRESETS[one_of("preset", preset, PRESETS)]
    seed = whole_number("seed", chosen.seed if seed is None else seed, 0, LARGEST_SEED)
    generator = torch.Generator().manual_seed(seed)
    w1 = torch.randn(PIXELS, nh, generator=generator, **FLOAT32) * chosen.w1_scale(PIXELS)
    w2 = torch.randn(nh, 1, generator=generator, **FLOAT32) * chosen.w2_scale(nh)
    return Weights(w1, torch.zeros(nh, **FLOAT32), w2, torch.zeros(1, **FLOAT32), chosen)
