"""What a typed line may call: the operations of the table, by torch's names, and a few things of Python's.

Nothing else can be reached: a name that is not here is refused before anything runs.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from mnistgrad.trace.operations import OPERATIONS, SPELLINGS

BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.MatMult: operator.matmul,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
IN_PLACE: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.iadd,
    ast.Sub: operator.isub,
    ast.Mult: operator.imul,
    ast.Div: operator.itruediv,
    ast.FloorDiv: operator.ifloordiv,
    ast.Mod: operator.imod,
    ast.Pow: operator.ipow,
    ast.MatMult: operator.matmul,  # torch has none in place
    ast.BitAnd: operator.iand,
    ast.BitOr: operator.ior,
    ast.BitXor: operator.ixor,
}
UNARY: Mapping[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}
COMPARED: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
PROPERTIES = {"T", "mT"}  # of a tensor, that are operations
FACTS = {"shape", "ndim", "dtype"}  # of a tensor, that are none
MEASURES = {"size", "numel", "nelement", "dim", "ndimension"}  # the same as calls
PARTS = {"values", "indices"}  # of what max and min along an axis give
MODULES: Mapping[str, tuple[Any, ...]] = {  # where a function is looked for, by what stands before its name
    **{"": (torch, functional), "torch": (torch,)},
    **dict.fromkeys(("F", "nn.functional", "torch.nn.functional"), (functional,)),
}
ROOTS = {"torch", "F", "nn", "math"}  # where a dotted name begins that leads to no tensor
FLOATS_MADE = {"zeros", "ones", "eye"}
RANDOM = {"rand", "randn", "randint", "randperm", "rand_like", "randn_like"}
UNREACHED = RANDOM | {  # of the table: what shows memory that nobody wrote, reaches other devices, or draws lots
    *("empty", "empty_like", "new_empty", "from_numpy", "as_tensor", "asarray", "to", "type", "type_as", "cpu", "cuda", "data"),
    *("dropout", "normal", "uniform", "bernoulli", "multinomial"),
}
DTYPES = {"float", "float32", "float64", "double", "int64", "long", "int32", "int", "bool"}
PLAIN: Mapping[str, Callable[..., Any]] = {"len": len, "range": range, "int": int, "float": float, "math.sqrt": math.sqrt}
CONSTANTS: Mapping[str, Any] = {
    **{f"torch.{name}": getattr(torch, name) for name in DTYPES},
    **{"math.pi": math.pi, "torch.pi": math.pi, "torch.inf": math.inf, "math.inf": math.inf},
}
REFUSED_KEYWORDS = {"out", "device", "generator", "layout", "requires_grad", "pin_memory", "memory_format", "names"}


def is_operation(name: str) -> bool:
    """Whether the table has it and a line may call it."""
    plain = name.removesuffix("_")
    return plain not in UNREACHED and not name.startswith("_") and SPELLINGS.get(plain, plain) in OPERATIONS


def method(name: str) -> Callable[..., Any] | None:
    """Of tensors; None where the table has none by this name."""
    found = getattr(Tensor, name, None) if is_operation(name) else None
    return found if callable(found) else None


def function(name: str, module: str = "") -> Callable[..., Any] | None:
    """torch's own, or torch.nn.functional's; None where the table, or the module that is named, has none by this name."""
    if not is_operation(name):
        return None
    found = next((getattr(place, name) for place in MODULES[module] if hasattr(place, name)), None)
    return found if callable(found) else None


def is_member(name: str) -> bool:
    """Whether `.name` behind a tensor is something of the tensor's, and no further part of its own name."""
    return name in PROPERTIES | FACTS | MEASURES | PARTS or method(name) is not None
