"""What is said of each operation of the pass: one table, by what the operation does."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from mnistgrad.captions import numbers_shown, operations
from mnistgrad.captions.words import listed
from mnistgrad.trace.cells import ShownOperation, show_operation
from mnistgrad.trace.passes import is_outer_product
from mnistgrad.trace.recording import Operation
from mnistgrad.trace.window import Window


class Told(NamedTuple):
    """verb: in a list of steps. title and sentence: of its shapes. numbers: of its tables of real numbers."""

    verb: str
    title: Callable[[Operation], str]
    sentence: Callable[[Operation, dict[str, int]], str]
    numbers: Callable[[ShownOperation], str] = numbers_shown.unknown


def _always(title: str) -> Callable[[Operation], str]:
    return lambda step: title


def _of_operand(title: str) -> Callable[[Operation], str]:
    return lambda step: f"{title} {step.operands[0].text}"


def _by_images(one: str, more: str) -> Callable[[Operation], str]:
    """By whether the first operand is of one image."""
    return lambda step: one if step.operands[0].shape[:1] == (1,) else more


TOLD = {
    "unsqueeze sheets": Told("add an axis", _of_operand("Make room in"), operations.unsqueeze_sheet),
    "mul sheets": Told(
        "multiply",
        _by_images("Multiply: one sheet for the one image", "Multiply: one sheet for every image"),
        operations.mul_sheets,
    ),
    "sum sheets": Told("sum over n", _by_images("Add up the one sheet", "Add up the sheets"), operations.sum_sheets),
    "unsqueeze": Told("add an axis", _of_operand("Make room in"), operations.unsqueeze_column, numbers_shown.unsqueeze),
    "squeeze": Told("drop an axis", _of_operand("Drop the axis of length 1 of"), operations.squeeze, numbers_shown.squeeze),
    "t": Told("transpose", _of_operand("Turn"), operations.transpose, numbers_shown.transpose),
    "matmul": Told(
        "matrix product", _always("Matrix product: match, multiply, add"), operations.matmul, numbers_shown.contraction
    ),
    "einsum": Told("einsum", _always("Einsum: name the axes, say which stay"), operations.einsum, numbers_shown.contraction),
    "add": Told("add", _by_images("Add the bias to the one row", "Add the bias to every row"), operations.add, numbers_shown.add),
    "sub": Told("subtract", _always("Prediction less label"), operations.sub, numbers_shown.sub),
    "sub number": Told("subtract", _always("Shift the rectifier"), operations.sub_number, numbers_shown.sub_number),
    "mul": Told("multiply", _always("Pass the gradient where the unit was on"), operations.mul_mask, numbers_shown.mask),
    "mul number": Told("multiply", _always("The derivative of a square"), operations.mul_number, numbers_shown.mul_number),
    "div number": Told("divide", _always("Divide by n"), operations.div, numbers_shown.div),
    "pow": Told("square", _always("Square each difference"), operations.square, numbers_shown.square),
    "clamp_min": Told(
        "cut off below 0", _always("The rectifier: nothing below 0"), operations.clamp_min, numbers_shown.clamp_min
    ),
    "gt": Told("compare", _always("Which units were on?"), operations.gt, numbers_shown.gt),
    "float": Told("to numbers", _always("On is 1, off is 0"), operations.to_numbers, numbers_shown.to_numbers),
    "sum": Told(
        "sum over n",
        _by_images("Add up the one row", "Add up the rows of all images"),
        operations.sum_rows,
        numbers_shown.added_up,
    ),
    "mean": Told(
        "mean over n",
        _by_images("The mean of the one square", "The mean of all squares"),
        operations.mean,
        numbers_shown.mean,
    ),
}
UNTOLD = Told("run", lambda step: f"The operation {step.name}", operations.unknown)


def step_verb(step: Operation) -> str:
    return _told(step).verb


def step_title(step: Operation) -> str:
    return _told(step).title(step)


def step_sentence(step: Operation, sizes: dict[str, int]) -> str:
    """What the step does, with the sizes it really has, and what its names stand for. sizes: of every axis, by its letter."""
    written = f"{step.target} {step.expression}"
    here = [f"`{name}` is `{theirs}`" for name, theirs in step.names.items() if name != theirs and _mentions(written, name)]
    return _told(step).sentence(step, sizes) + (f" Here {listed(here)}." if here else "")


def numbers_sentence(steps: Sequence[Operation], place: int, window: Window) -> str:
    """What the tables of real numbers of operation `place` show."""
    if is_outer_product(steps, place):
        return numbers_shown.outer_product(steps, place, window)
    return _told(steps[place]).numbers(show_operation(steps, place, window))


def _told(step: Operation) -> Told:
    return TOLD.get(step.manner, UNTOLD)


def _mentions(text: str, name: str) -> bool:
    return name in "".join(c if c.isalnum() or c == "_" else " " for c in text).split()
