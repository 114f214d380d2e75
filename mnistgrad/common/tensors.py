"""What a caller has set in torch for the whole process or thread reaches no result of ours, and stays as it was.

A tensor that is made from nothing says its dtype and its device: `torch.zeros(3, **FLOAT32)`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TypedDict

import torch
from torch import Tensor
from torch._tensor_str import printoptions


class Kind(TypedDict):
    """What torch would take from its defaults."""

    dtype: torch.dtype
    device: str


FLOAT32 = Kind(dtype=torch.float32, device="cpu")
FLOAT64 = Kind(dtype=torch.float64, device="cpu")
TRUTH = Kind(dtype=torch.bool, device="cpu")
WHOLE = Kind(dtype=torch.int64, device="cpu")

NOT_DEFAULT = re.compile(r",\s+(?:dtype=torch\.float32|device='cpu')")  # what print adds where the defaults are others
_printing = Lock()  # the options are the same for all threads


@contextmanager
def plain() -> Iterator[None]:
    """Tensors made here belong to no graph and may join one later, whatever mode the caller is in; also a decorator."""
    with torch.inference_mode(False), torch.no_grad():
        yield


@contextmanager
def with_autograd() -> Iterator[None]:
    """Autograd follows what runs here, whatever mode the caller is in; also a decorator."""
    with torch.inference_mode(False), torch.enable_grad():
        yield


def leaf(tensor: Tensor) -> Tensor:
    """The same numbers as the beginning of a graph; those of inference mode are copied, since autograd refuses them."""
    return (tensor.clone() if tensor.is_inference() else tensor.detach()).requires_grad_()


def printed(tensor: Tensor) -> str:
    """torch's print of a float32 tensor, with the options and defaults that torch begins with."""
    with _printing, printoptions(profile="default"):
        return NOT_DEFAULT.sub("", str(tensor.detach()))
