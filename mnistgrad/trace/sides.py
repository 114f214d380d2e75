"""Which side of a sign is torch's first argument: torch turns 2 * x into x * 2. Nothing of the reader's code is run for it."""

import ast
import inspect
from types import FrameType
from typing import Any

from torch import Tensor

UNKNOWN = object()
COUNTS = ("size", "dim", "numel", "item")  # methods of a tensor that give numbers


def is_turned(frame: FrameType, sides: tuple[ast.expr, ast.expr] | None, args: Any) -> bool:
    """Whether it is the right side: of a tensor and a number, torch has the tensor first."""
    if sides is None or len(args) != 2 or isinstance(args[1], Tensor):
        return False
    left = _value(frame, sides[0])
    if left is not UNKNOWN:
        return left is not args[0]
    return _value(frame, sides[1]) is args[0]


def _value(frame: FrameType, node: ast.expr) -> Any:
    """What the expression is, 0 for any number that would have to be computed."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return _named(frame, name)
        case ast.Attribute(value=owner, attr=attribute):
            return getattr(_value(frame, owner), "__dict__", {}).get(attribute, UNKNOWN)
        case ast.UnaryOp(operand=operand):
            return 0 if _is_number(frame, operand) else UNKNOWN
        case ast.BinOp(left=left, right=right):
            return 0 if _is_number(frame, left) and _is_number(frame, right) else UNKNOWN
        case ast.Subscript(value=ast.Attribute(attr="shape")) | ast.Call(func=ast.Name(id="len" | "float" | "int")):
            return 0
        case ast.Call(func=ast.Attribute(attr=method)) if method in COUNTS:
            return 0
    return UNKNOWN


def _is_number(frame: FrameType, node: ast.expr) -> bool:
    return isinstance(_value(frame, node), int | float | complex)


def _named(frame: FrameType, name: str) -> Any:
    names = frame.f_locals
    found = names.get(name, frame.f_globals.get(name, UNKNOWN))
    if frame.f_code.co_flags & inspect.CO_OPTIMIZED and isinstance(names, dict):
        names.clear()  # a function's is a copy, which would keep its tensors alive
    return found
