"""What the CPU refuses for the kind of its numbers, truths or whole ones, where torch's device "meta" takes it."""

import re
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from mnistgrad.lines.arguments import numbers_in
from mnistgrad.lines.made_up import SHOWN
from mnistgrad.trace.calls import replaced
from mnistgrad.trace.nested import every

ABOUT_KINDS = re.compile(r"not implemented for '|support|same dtype|ZeroDivision")  # torch's words


class KindsOfTheCpu(TorchFunctionMode):
    """Raises what the CPU says to one number of each operand's kind, if that is about kinds; sizes are left to "meta"."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        given = (list(args), list(kwargs.values()))
        is_small = all(abs(number) <= SHOWN for number in numbers_in(given, of_shapes=True))  # else it might make much
        if every(Tensor, given) and is_small:
            alone, named = replaced(given, _one_number)
            try:
                func(*alone, **dict(zip(kwargs, named, strict=True)))
            except Exception as error:
                if ABOUT_KINDS.search(str(error)):
                    raise
        return result


def _one_number(tensor: Tensor) -> Tensor:
    return torch.ones((1,) * tensor.ndim, dtype=tensor.dtype, device="cpu")
