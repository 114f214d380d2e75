"""A batch of images with what is wanted of each: any pixels, any targets."""

from dataclasses import dataclass

import torch
from torch import Tensor

from mnistgrad.common.arguments import one_of, whole_number
from mnistgrad.common.given import Numbers, floats, whole_numbers
from mnistgrad.common.shown import Brief
from mnistgrad.common.tensors import plain
from mnistgrad.network.losses import CROSS_ENTROPY, LOSSES, MSE


@dataclass(frozen=True, init=False, repr=False, eq=False)
class Batch(Brief):
    """Your own images, one a row, and what is wanted of each; `len(batch)` is n.

    Tensors, NumPy arrays or lists. Their memory is shared, so leave them as they are.

    Args:
        inp: (n, pixels), float32 or float64, in whatever unit your pixels have.
        targ: For loss="mse" floats as inp's, (n,) for one output or (n, k) for k of them, in the unit of the outputs; for
            loss="cross-entropy" the classes (n,), whole numbers from 0 on.
        loss: "mse" unless given, the mean over images and outputs of (output less target)², or "cross-entropy", in nats an image.

    Raises:
        TypeError: By the argument's name, for what are no numbers, or numbers of another kind than said above.
        ValueError: By the argument's name, for another shape, no image, another loss, or classes below 0.
    """

    inp: Tensor
    targ: Tensor
    loss: str

    @plain()
    def __init__(self, inp: Numbers, targ: Numbers, loss: str = MSE) -> None:
        loss = one_of("loss", loss, LOSSES)
        pixels = floats("inp", inp)
        _check_images(pixels)
        wanted = _classes(targ) if loss == CROSS_ENTROPY else _numbers(targ, pixels.dtype)
        axes = "(n,)" if loss == CROSS_ENTROPY else "(n,) or (n, k)"
        if wanted.ndim not in (1, 2)[: 1 + (loss == MSE)] or len(wanted) != len(pixels) or not wanted.numel():
            one_hot = "; targ.argmax(1) reads the classes of one-hot rows" if loss == CROSS_ENTROPY and wanted.ndim == 2 else ""
            raise ValueError(
                f"targ has shape {tuple(wanted.shape)}; allowed is {axes}, with n = {len(pixels)} as inp has images{one_hot}"
            )
        for name, value in dict(inp=pixels, targ=wanted, loss=loss).items():
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return self.inp.shape[0]

    def first(self, n: int) -> "Batch":
        """The first n images as views: no copy, and a `.g` set on them stays theirs.

        Args:
            n: 1 to as many as there are.

        Raises:
            TypeError: Where n is no whole number.
            ValueError: Where there are not so many.
        """
        n = whole_number("n", n, 1, len(self))
        return Batch(self.inp[:n], self.targ[:n], self.loss)


def _check_images(inp: Tensor) -> None:
    shape = tuple(inp.shape)
    if inp.ndim > 2:
        raise ValueError(f"inp has shape {shape}; allowed is (n, pixels), as inp.flatten(1) makes it")
    if inp.ndim < 2 or not inp.numel():
        raise ValueError(f"inp has shape {shape}; allowed is (n, pixels), with an image and a pixel at least")


def _classes(targ: object) -> Tensor:
    found = whole_numbers("targ", targ)
    if found.numel() and found.min() < 0:
        raise ValueError(f"targ has classes from {found.min().item()} on; allowed are whole numbers from 0 to k - 1")
    return found


def _numbers(targ: object, dtype: torch.dtype) -> Tensor:
    """Whole numbers of a tensor or array may be meant as classes, so they are not taken for floats in silence."""
    try:
        found = floats("targ", targ, dtype)
    except TypeError as error:
        classes = '; classes go with loss="cross-entropy"' if "int" in str(error) else ""
        raise TypeError(f"{error}{classes}") from None
    if found.dtype != dtype:
        raise TypeError(f"targ has dtype {found.dtype} and inp {dtype}; allowed is the same for both")
    return found
