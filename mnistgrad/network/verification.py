"""Every gradient on display against autograd and against finite differences."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from mnistgrad import lesson
from mnistgrad.common.arguments import one_of
from mnistgrad.common.tensors import FLOAT64, leaf, plain, with_autograd
from mnistgrad.network.data import Batch
from mnistgrad.network.gradients import BLOCK, Gradients, Layers, check_fit, gradients, run_layers
from mnistgrad.network.presets import Preset, Weights

PARAMETERS = ("w1", "b1", "w2", "b2")
PER_IMAGE: dict[str, Callable[[Layers, Weights], Tensor]] = {
    "inp": lambda layers, weights: layers.l1_g @ weights.w1.t(),
    "l1": lambda layers, weights: layers.l1_g,
    "l2": lambda layers, weights: layers.out_g @ weights.w2.t(),
    "out": lambda layers, weights: layers.out_g,
}
NUDGE = 1e-6  # of an entry: small enough that hardly a unit switches, large enough for float64's rounding
TRIED_ENTRIES = 4  # by finite differences

Entry = tuple[int, ...]
Pair = tuple[Tensor, Tensor]  # ours and autograd's


@dataclass(frozen=True)
class Agreement:
    """One gradient against a reference: the largest difference, and whether `torch.allclose` would accept it."""

    difference: float
    passed: bool


@dataclass(frozen=True)
class Verification:
    """One gradient of the pass against its two references.

    name: the tensor it belongs to, as "l1". largest: its largest entry, without sign. autograd: over all `size` entries,
    within the preset's rtol and atol. entries: those tried by finite differences. slope: the largest difference among them.
    """

    name: str
    size: int
    largest: float
    autograd: Agreement
    preset: Preset
    entries: tuple[Entry, ...]
    slope: float


@plain()
def verify(
    name: str,
    batch: Batch,
    weights: Weights,
    found: tuple[Gradients, Gradients] | None = None,
    layers: Layers | None = None,
    go_on: Callable[[], None] = lambda: None,
) -> Verification:
    """One gradient against its references, by its tensor: "inp", "l1", "l2", "out", "w1", "b1", "w2" or "b2".

    found: the batch's gradients and autograd's; layers: the batch's; where they are known already. go_on: called before each
    block of images; what it raises ends the work. Raises ValueError for another name.
    """
    name = one_of("name", name, (*PER_IMAGE, *PARAMETERS))
    check_fit(batch, weights)
    preset = weights.preset
    layers = layers or run_layers(batch.inp, batch.targ, weights, len(batch))
    if name in PARAMETERS:
        pairs, tried = _of_parameter(name, *(found or (gradients(batch, weights), autograd_gradients(batch, weights))))
    else:
        pairs, tried = _per_image(name, layers, batch.targ, weights)
    size, extremes = 0, []
    for ours, reference in pairs:
        go_on()
        size += ours.numel()
        extremes.append(_extremes(ours, reference, preset.rtol))
    difference, beyond, largest = torch.stack(extremes).amax(0).tolist()
    slopes = finite_differences(name, [*tried], batch, weights, layers)
    slope = max(abs(value - slope) for value, slope in zip(tried.values(), slopes, strict=True))
    return Verification(name, size, largest, Agreement(difference, beyond <= preset.atol), preset, tuple(tried), slope)


def _of_parameter(name: str, grads: Gradients, reference: Gradients) -> tuple[Iterable[Pair], dict[Entry, float]]:
    """The gradient with autograd's, and its entries to try."""
    ours = getattr(grads, name)
    return [(ours, getattr(reference, name))], {entry: ours[entry].item() for entry in largest_entries(ours)}


def _per_image(name: str, layers: Layers, targ: Tensor, weights: Weights) -> tuple[Iterable[Pair], dict[Entry, float]]:
    """The same in blocks, since inp.g is as large as inp; tried is the largest entry of images spread over the batch."""
    n = len(targ)
    images = torch.linspace(0, n - 1, min(n, TRIED_ENTRIES), **FLOAT64).round().long()
    ours = PER_IMAGE[name](layers.of(images), weights)
    places = [(row, int(gradient.abs().argmax())) for row, gradient in enumerate(ours)]
    return _blocks(name, layers, targ, weights), {(int(images[row]), place): ours[row, place].item() for row, place in places}


def _blocks(name: str, layers: Layers, targ: Tensor, weights: Weights) -> Iterator[Pair]:
    """Only inp.g needs autograd's own first product; the others lie after l1."""
    n = len(targ)
    for start in range(0, n, BLOCK):
        images = slice(start, start + BLOCK)
        block = layers.of(images)
        tensors = autograd_pass(block.inp, targ[images], weights, None if name == "inp" else block.l1)
        share = tensors["loss"].new_tensor(len(block.inp) / n)
        (reference,) = torch.autograd.grad(tensors["loss"], tensors[name], share)
        yield PER_IMAGE[name](block, weights), reference


@with_autograd()
def autograd_gradients(batch: Batch, weights: Weights) -> Gradients:
    """What PyTorch's autograd makes of the lesson's forward pass."""
    check_fit(batch, weights)
    tensors = autograd_pass(batch.inp, batch.targ, weights)
    w1_g, b1_g, w2_g, b2_g = torch.autograd.grad(tensors["loss"], [tensors[name] for name in PARAMETERS])
    return Gradients(w1_g, b1_g, w2_g, b2_g, tensors["loss"].detach())


@with_autograd()
def autograd_pass(inp: Tensor, targ: Tensor, weights: Weights, l1: Tensor | None = None) -> dict[str, Tensor]:
    """The lesson's forward pass on inp (m, 784) and targ (m,), in autograd's graph: its tensors by name.

    l1: (m, nh), where it is known already; the graph begins there.
    """
    leaves = (inp, weights.w1, weights.b1, weights.w2, weights.b2)
    inp, w1, b1, w2, b2 = map(leaf, leaves)
    l1 = lesson.lin(inp, w1, b1) if l1 is None else leaf(l1)
    l2 = weights.preset.relu(l1)
    out = lesson.lin(l2, w2, b2)
    return dict(inp=inp, w1=w1, b1=b1, w2=w2, b2=b2, l1=l1, l2=l2, out=out, loss=lesson.mse(out, targ))


def _extremes(ours: Tensor, reference: Tensor, rtol: float) -> Tensor:
    """The largest difference, the largest that rtol leaves of one, and the largest entry of `ours`."""
    difference = (ours - reference).abs_()
    largest_difference = difference.max()
    beyond = difference.sub_(reference.abs(), alpha=rtol).max()
    return torch.stack([largest_difference, beyond, ours.abs().max()])


def largest_entries(g: Tensor) -> list[Entry]:
    """The largest entry of each of the columns of largest norm; a vector's or a single column's largest entries."""
    table = g if g.ndim == 2 and g.shape[1] > 1 else g.reshape(1, -1)
    columns = table.norm(dim=0).topk(min(TRIED_ENTRIES, table.shape[1])).indices
    flat = table[:, columns].abs().argmax(0) * table.shape[1] + columns
    places = np.unravel_index(flat.numpy(), tuple(g.shape))  # torch's own loads half of torch at its first call
    return [tuple(map(int, place)) for place in zip(*places, strict=True)]


def finite_differences(
    name: str, entries: Sequence[Entry], batch: Batch, weights: Weights, layers: Layers | None = None
) -> list[float]:
    """The slope of the loss along some entries of a tensor of the pass, by a central difference in float64.

    layers: the batch's, where they are known already.
    """
    if name in PER_IMAGE:
        return [_slope_of_image(name, image, place, batch, weights) for image, place in entries]
    layers = layers or run_layers(batch.inp, batch.targ, weights, len(batch))
    return parameter_slopes(name, entries, batch, weights, layers.l1, layers.out)


def parameter_slopes(name: str, entries: Sequence[Entry], batch: Batch, weights: Weights, l1: Tensor, out: Tensor) -> list[float]:
    """`finite_differences` of a parameter, from l1 (n, nh) and out (n, 1) of the forward pass.

    Moving an entry of w1 or b1 moves one column of l1, and one of w2 or b2 moves out, so only that runs again.
    """
    relu, w2, out, targ = weights.preset.relu, weights.w2.double(), out.double(), batch.targ.double()

    def moved(entry: Entry, move: float) -> Tensor:
        if name == "b2":
            return out + move
        if name == "w2":
            return out + move * relu(l1[:, entry[:1]].double())
        column, towards = l1[:, entry[-1:]].double(), batch.inp[:, entry[:1]].double() if name == "w1" else 1.0
        return out + (relu(column + move * towards) - relu(column)) * w2[entry[-1]]

    return [_central(lesson.mse(moved(entry, NUDGE), targ), lesson.mse(moved(entry, -NUDGE), targ)) for entry in entries]


def _slope_of_image(name: str, image: int, place: int, batch: Batch, weights: Weights) -> float:
    """Moving an entry of one image moves that image's part of the loss alone, so only that image runs again."""
    wide, only = weights.to(torch.float64), slice(image, image + 1)
    forward: dict[str, Callable[[Tensor], Tensor]] = {
        "inp": lambda inp: lesson.lin(inp, wide.w1, wide.b1),
        "l1": weights.preset.relu,
        "l2": lambda l2: lesson.lin(l2, wide.w2, wide.b2),
        "out": lambda out: lesson.mse(out, batch.targ[only].double()) / len(batch),
    }

    def loss(move: float) -> Tensor:
        tensor = batch.inp[only].double()
        for this, run in forward.items():
            if this == name:
                tensor = tensor.clone()
                tensor[0, place] += move
            tensor = run(tensor)
        return tensor

    return _central(loss(NUDGE), loss(-NUDGE))


def _central(above: Tensor, below: Tensor) -> float:
    return ((above - below) / (2 * NUDGE)).item()
