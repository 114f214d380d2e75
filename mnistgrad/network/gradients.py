"""The weight gradient in its three forms, and every gradient of the network in blocks that stay in cache."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from mnistgrad.common.arguments import fitting_shapes, float_tensors, instance, one_of, whole_number
from mnistgrad.common.numbers import byte_count
from mnistgrad.common.shown import Brief
from mnistgrad.common.tensors import plain
from mnistgrad.network.data import Batch, MnistBatch
from mnistgrad.network.losses import CROSS_ENTROPY, LOSSES, MSE, loss_read_from
from mnistgrad.network.presets import OWN, PRESETS, Preset, Weights

BLOCK = 2_048  # images whose inp, l1 and l1.g stay in cache together
SMALL_BLOCK = 512  # images of layers that are known already
BUDGET = 1_000_000_000  # bytes the broadcast form may take for its product, unless told otherwise

AXES = {"inp": "ni", "targ": "n", "w1": "ij", "b1": "j", "w2": "jk", "b2": "k"}
FORMS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "broadcast": lambda inp, out_g: (inp.unsqueeze(-1) * out_g.unsqueeze(1)).sum(0),
    "einsum": lambda inp, out_g: torch.einsum("nr,nc->rc", inp, out_g),
    "matmul": lambda inp, out_g: inp.t() @ out_g,
}


def product_bytes(n: int, rows: int, columns: int, itemsize: int = 4) -> int:
    """Bytes of the broadcast form's product (n, rows, columns)."""
    return n * rows * columns * itemsize


@plain()
def weight_grad(inp: Tensor, out_g: Tensor, form: str = "matmul", budget: int = BUDGET) -> Tensor:
    """The gradient (rows, columns) of a linear layer's weights, in loss per unit of the weight.

    Args:
        inp: (n, rows), what the layer took in.
        out_g: (n, columns), the loss' gradient of what it gave.
        form: "broadcast" (the lesson's line, with its product of shape (n, rows, columns)), "einsum" or "matmul".
        budget: Bytes that the broadcast product may take; 10⁹ unless given.

    Raises:
        TypeError: For what are no tensors, all of float32 or all of float64 and on one device.
        ValueError: For another form, for shapes that do not fit, and where the broadcast product takes more than the budget.
    """
    form = one_of("form", form, FORMS)
    float_tensors(inp=inp, out_g=out_g)
    if inp.ndim != 2 or out_g.ndim != 2 or inp.shape[0] != out_g.shape[0]:
        raise ValueError(
            f"inp has shape {tuple(inp.shape)} and out_g {tuple(out_g.shape)}; allowed are (n, rows) and (n, columns) with the "
            "same n"
        )
    if form == "broadcast":
        n, rows, columns = len(inp), inp.shape[1], out_g.shape[1]
        budget = whole_number("budget", budget, 0, sys.maxsize)
        needed = product_bytes(n, rows, columns, inp.element_size())
        if needed > budget:
            raise ValueError(
                f"form is 'broadcast', whose product of shape ({n}, {rows}, {columns}) takes "
                f"{byte_count(needed)} ({needed:,} bytes); the budget allows "
                f"{byte_count(budget)}. Take fewer images, a larger budget, or form='matmul'"
            )
    return FORMS[form](inp, out_g)


@dataclass(frozen=True, repr=False, eq=False)
class Gradients(Brief):
    """What `gradients` gives: of the loss, with respect to each parameter, in loss per unit of the parameter.

    Attributes:
        w1: (pixels, nh), of the first layer's weights.
        b1: (nh,).
        w2: (nh, k), of the second layer's.
        b2: (k,).
        loss: A scalar, in the loss' own unit.
        batch: What they were made from.
        weights: The same.
    """

    w1: Tensor
    b1: Tensor
    w2: Tensor
    b2: Tensor
    loss: Tensor
    batch: Batch | None = field(default=None, repr=False)
    weights: Weights | None = field(default=None, repr=False)


@dataclass(frozen=True, repr=False, eq=False)
class Layers(Brief):
    """Activations and the gradients that flow back, for m images out of n.

    inp (m, i); l1, l2 and l1_g (m, nh); out and out_g (m, k). losses (m,): each image's part of the loss.
    """

    inp: Tensor
    l1: Tensor
    l2: Tensor
    out: Tensor
    out_g: Tensor
    l1_g: Tensor
    losses: Tensor

    def of(self, images: Tensor | slice) -> "Layers":
        """The same for some of the images, by index or slice."""
        return Layers(*(tensor[images] for tensor in vars(self).values()))


def run_layers(inp: Tensor, targ: Tensor, weights: Weights, n: int) -> Layers:
    """Forward and back to l1_g for inp (m, i) and their targ; the first layer's inp.g, which nobody reads, is not formed."""
    l1 = torch.addmm(weights.b1, inp, weights.w1)
    l2 = l1.clamp_min(0.0).sub_(weights.preset.relu_shift)
    out = torch.addmm(weights.b2, l2, weights.w2)
    losses, out_g = LOSSES[loss_read_from(targ)](out, targ, n)
    l2_g = out_g * weights.w2.t() if out.shape[1] == 1 else out_g @ weights.w2.t()  # of one output faster than a product
    return Layers(inp, l1, l2, out, out_g, through_relu(l2_g, l1), losses)


def through_relu(l2_g: Tensor, l1: Tensor) -> Tensor:
    """l1_g (m, nh) in the place of l2_g (m, nh): it passes where l1 was positive.

    In one pass, by the kernel autograd uses; a mask of booleans takes five times as long.
    """
    return torch.ops.aten.threshold_backward.grad_input(l2_g, l1, 0, grad_input=l2_g)


def check_fit(batch: Batch, weights: Weights) -> None:
    """As `check_pair`, for the lesson's network alone: one output, and the mean square."""
    check_pair(batch, weights)
    if batch.loss != MSE:
        raise ValueError(f"batch has the loss {batch.loss!r}; allowed is {MSE!r}")
    fitting_shapes({"targ": (batch.targ, "n"), "w2": (weights.w2, "jk")}, {"n": len(batch), "k": 1})


def check_pair(batch: Batch, weights: Weights) -> None:
    """Raises TypeError or ValueError unless the two belong together: in kind, in shape, and in what a pixel is."""
    instance("batch", batch, Batch)
    instance("weights", weights, Weights)
    tensors = dict(inp=batch.inp, targ=batch.targ, w1=weights.w1, b1=weights.b1, w2=weights.w2, b2=weights.b2)
    given = {name: tensor for name, tensor in tensors.items() if name != "targ" or batch.loss == MSE}
    float_tensors(**given)
    fitting_shapes({name: (tensor, AXES[name]) for name, tensor in given.items() if name != "targ"}, {})
    _check_targets(batch, weights.w2.shape[1])
    if isinstance(batch, MnistBatch):
        _check_pixels(batch, weights.preset)


def _check_targets(batch: Batch, outputs: int) -> None:
    targ, n = batch.targ, len(batch)
    if batch.loss == CROSS_ENTROPY:
        if targ.max() >= outputs:
            raise ValueError(f"targ has classes up to {targ.max().item()}; allowed are 0 to {outputs - 1}, the outputs of w2")
    elif tuple(targ.shape) not in ({(n,), (n, 1)} if outputs == 1 else {(n, outputs)}):
        several = f"(n, k), here ({n}, {outputs}); classes go with loss={CROSS_ENTROPY!r}"
        allowed = f"(n,), here ({n},)" if outputs == 1 else several
        raise ValueError(f"targ has shape {tuple(targ.shape)}; allowed is {allowed}")


def _check_pixels(batch: MnistBatch, preset: Preset) -> None:
    if batch.preset is not None and preset != OWN and PRESETS[batch.preset].normalise != preset.normalise:
        kinds = {True: "normalised", False: "raw"}
        raise ValueError(
            f"batch has the {kinds[not preset.normalise]} pixels of {PRESETS[batch.preset].label}, and weights are those of "
            f"{preset.label}, which takes {kinds[preset.normalise]} ones; load the batch with the same preset, or with "
            f"normalise={not preset.normalise} if that is what you mean"
        )


@plain()
def gradients(batch: Batch, weights: Weights, form: str = "matmul") -> Gradients:
    """The lesson's gradients over the batch, with the rectifier of the weights' preset; neither argument is changed.

    Of the mean square or the cross-entropy, whichever the batch says, over k outputs. The matmul form adds up blocks of 2,048
    images and forms nothing of shape (n, pixels, nh).

    Args:
        batch: n images; of MNIST, with pixels as the weights' preset takes them.
        weights: w1 (pixels, nh) and the others, of the batch's dtype.
        form: As in `weight_grad`.

    Raises:
        TypeError: For what are no Batch and Weights, or of different dtypes.
        ValueError: Where their shapes, classes or pixels do not fit together, or the broadcast product is too large.
    """
    form = one_of("form", form, FORMS)
    check_pair(batch, weights)
    n = len(batch)
    size = BLOCK if form == "matmul" else n
    total = block_gradients(run_layers(batch.inp[:size], batch.targ[:size], weights, n), form)
    for start in range(size, n, size):
        images = slice(start, start + size)
        add_block(total, run_layers(batch.inp[images], batch.targ[images], weights, n))
    return replace(total, batch=batch, weights=weights)


def summed_gradients(layers: Layers) -> Gradients:
    """The lesson's gradients over a batch, from its layers."""
    first, *others = (layers.of(slice(start, start + SMALL_BLOCK)) for start in range(0, len(layers.inp), SMALL_BLOCK))
    total = block_gradients(first)
    for block in others:
        add_block(total, block)
    return total


def block_gradients(layers: Layers, form: str = "matmul") -> Gradients:
    """The part of a block of images in the gradients of the batch."""
    out_g = layers.out_g
    w1, w2 = weight_grad(layers.inp, layers.l1_g, form), weight_grad(layers.l2, out_g, form)
    return Gradients(w1, layers.l1_g.sum(0), w2, out_g.sum(0), layers.losses.sum())


def add_block(total: Gradients, layers: Layers) -> None:
    """Add another block's part to `total`, in place: a gradient is a sum over images."""
    total.w1.addmm_(layers.inp.t(), layers.l1_g)
    total.w2.addmm_(layers.l2.t(), layers.out_g)
    total.b1.add_(layers.l1_g.sum(0))
    total.b2.add_(layers.out_g.sum(0))
    total.loss.add_(layers.losses.sum())
