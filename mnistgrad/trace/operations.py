"""The one table of torch's operations: what is known of each, by its name.

To teach the dashboard another operation: a row here, and where it wants words and a picture of its own, an entry in
`mnistgrad.captions.told.TOLD` and one in `mnistgrad.pictures.diagrams.shapes.diagram.DRAWN`. Without them it is recorded and
shown with its shapes all the same.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from mnistgrad.trace import axes
from mnistgrad.trace.axes import Axes, Axis, Labelled

Rule = Callable[[Sequence[Labelled], Sequence[Any], Mapping[str, Any]], Axes]


class Effect(Enum):
    """What becomes of the numbers."""

    MOVED = "the same numbers in another shape"
    CELLWISE = "each from the numbers in its place, repeated where an axis has length 1"
    REDUCED = "added up along an axis"
    CONTRACTED = "multiplied and added up along an axis"
    UNKNOWN = "not known"


@dataclass(frozen=True)
class TorchOperation:
    """name: torch's own, without underscores, so that an operation in place is the same. rule: how the axes go through it.

    sign: as it is typeset between two operands. spellings: other names of torch's for it. one_scale: whether operands and
    result are written and coloured alike. averages: whether a sum is divided by its terms. operand_bytes: of a number of its
    operand.
    """

    name: str
    effect: Effect
    rule: Rule | None
    sign: str = ""
    spellings: tuple[str, ...] = ()
    one_scale: bool = False
    averages: bool = False
    operand_bytes: int = 4


OPERATIONS = {
    row.name: row
    for row in (
        TorchOperation("unsqueeze", Effect.MOVED, axes.unsqueeze, one_scale=True),
        TorchOperation("squeeze", Effect.MOVED, axes.squeeze, one_scale=True),
        TorchOperation("t", Effect.MOVED, axes.transpose, one_scale=True),
        TorchOperation("add", Effect.CELLWISE, axes.elementwise, "+", ("radd",), one_scale=True),
        TorchOperation("sub", Effect.CELLWISE, axes.elementwise, "−", one_scale=True),
        TorchOperation("mul", Effect.CELLWISE, axes.elementwise, "×", ("rmul",)),
        TorchOperation("div", Effect.CELLWISE, axes.elementwise, "/", ("truediv", "true_divide")),
        TorchOperation("pow", Effect.CELLWISE, axes.elementwise),
        TorchOperation("clamp_min", Effect.CELLWISE, axes.elementwise, one_scale=True),
        TorchOperation("gt", Effect.CELLWISE, axes.elementwise),
        TorchOperation("float", Effect.CELLWISE, axes.elementwise, operand_bytes=1),
        TorchOperation("sum", Effect.REDUCED, axes.reduction),
        TorchOperation("mean", Effect.REDUCED, axes.reduction, averages=True),
        TorchOperation("matmul", Effect.CONTRACTED, axes.matmul),
        TorchOperation("einsum", Effect.CONTRACTED, axes.einsum),
    )
}
UNKNOWN = TorchOperation("", Effect.UNKNOWN, None)
SPELLINGS = {spelling: row.name for row in OPERATIONS.values() for spelling in row.spellings}


def operation_name(function: str) -> str:
    """torch's own name without its underscores and spellings: "__rmul__" is "mul"."""
    plain = function.strip("_")
    return SPELLINGS.get(plain, plain)


def result_axes(name: str, tensors: Sequence[Labelled], args: Sequence[Any], kwargs: Mapping[str, Any], count: int) -> Axes:
    """The axes of an operation's result, which has so many. They have no names where no rule fits the operation."""
    rule = OPERATIONS.get(name, UNKNOWN).rule
    try:
        found = rule(tensors, args, kwargs) if rule else ()
    except (LookupError, TypeError, ValueError):  # an operation that has a rule, used otherwise than the rule knows
        found = ()
    return found if len(found) == count else tuple(Axis() for _ in range(count))
