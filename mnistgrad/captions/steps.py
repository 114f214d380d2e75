"""The sentences of the step-by-step page, from the recorded operations."""

from mnistgrad import numbers
from mnistgrad.recording import Operation
from mnistgrad.window import Paint, Window

KICKER = "One line of manual backprop"
VERBS = {"unsqueeze": "add an axis", "mul": "multiply", "sum": "sum over n"}


def headline(n: int) -> str:
    if n == 1:
        return "One image makes one table, and there is nothing to add up"
    return f"{numbers.count(n)} images make {numbers.count(n)} tables, and w.g is their sum"


def lede(n: int, is_zero: bool) -> str:
    zero = " Every hidden unit is off in this batch, so out.g and all that follows is 0." if is_zero else ""
    return (
        "`w.g = (inp.unsqueeze(-1) * out.g.unsqueeze(1)).sum(0)` in four steps. The shapes are recorded from the lesson's own "
        "code as it runs" + (" on one :orange[image]." if n == 1 else f" on :orange[{numbers.count(n)} images].") + zero
    )


def step_name(step: Operation, place: int, count: int) -> str:
    return f"Step {place} of {count}: **{VERBS[step.name]}**"


def step_title(step: Operation) -> str:
    if step.name == "unsqueeze":
        return f"Make room in {step.operands[0].text}"
    if step.name == "mul":
        return "Multiply: one sheet for every image" if step.shape[0] > 1 else "Multiply: one sheet for the one image"
    return "Add up the sheets" if step.operands[0].shape[0] > 1 else "Add up the one sheet"


def step_sentence(step: Operation, steps: tuple[Operation, ...]) -> str:
    """What the step does, with the sizes it really has."""
    n, i, j = next(other.shape for other in steps if other.name == "mul")
    if step.name == "mul":
        result = (
            f"The result is not one table: it is :orange[**{numbers.count(n)} tables**], one for each image."
            if n > 1
            else f"With one image the result is :orange[**one table**] of {i} × {j}."
        )
        return (
            "Each thin side is repeated until both shapes match. Then, image by image, :blue[**every pixel**] meets "
            f":green[**every unit**]. {result}"
        )
    if step.name == "sum":
        again = (
            "All images share the same weights, so their tables are added. "
            if n > 1
            else "There is only one table, so the sum is that table. "
        )
        return (
            again
            + "`sum(0)` adds along axis 0, the :orange[**n**] axis, and that axis is gone. What is left has the shape of `w`: "
            "one gradient for each weight."
        )
    return _room_sentence(step, j if step.axes[-1] != step.operands[0].axes[-1] else i)


def _room_sentence(step: Operation, size: int) -> str:
    operand = step.operands[0]
    method = step.expression[len(operand.text) + 1 :]
    if step.axes[:2] == operand.axes:
        return (
            f"`{operand.text}` has one row of {operand.shape[1]} pixels for each image, drawn here standing up. `{method}` adds "
            "a third axis, of length 1. No number changes and no memory is taken; there is now room for the "
            f":green[{size} hidden units]."
        )
    return (
        f"`{operand.text}` has one row of {operand.shape[1]} gradients for each image. `{method}` adds its new axis in the "
        f"middle, where the :blue[{size} pixels] will go. The batch axis :orange[**n**] stays first, so every image keeps "
        "its own row."
    )


def numbers_sentence(place: int, window: Window) -> str:
    """What the multiplication tables show at the step of this place, from 1."""
    unit = numbers.unit_words(window.power)
    return (
        "Left of each table: a few pixels of that image. The same code runs on these numbers; point at a cell for more digits.",
        f"On top of each table: a few gradients of that image, {unit}. 0 means that the unit was off for it.",
        f"Each cell is :blue[**its pixel**] times :green[**its gradient**], {unit}. Every image has its own table.",
        _sum_sentence(window.n, len(window.labels)),
    )[place - 1]


def _sum_sentence(n: int, shown: int) -> str:
    if n == 1:
        return "With one image, `w.g` is this one table."
    if n <= shown:
        return f"`w.g` is the sum of these :orange[**{n} tables**]."
    return (
        f"With one image, `w.g` would be one such table. With :orange[**{numbers.count(n)} images**] it is the sum of them all."
    )


def paint_note(step: Operation, paint: Paint) -> str:
    """What the drawing leaves out."""
    units = "every unit" if paint.units[-1] == len(paint.units) - 1 else f"every {_ordinal(paint.units[1])} unit"
    frame = "" if step.name == "unsqueeze" else " The small frame on a sheet marks the numbers shown below."
    return (
        f"The drawing shows {_painted(paint)}, each cell the mean of 28 pixels, one image row, and {units}. All values are "
        f"measured.{frame}"
    )


def _painted(paint: Paint) -> str:
    if paint.n > len(paint.images):
        return f"{len(paint.images)} of the {numbers.count(paint.n)} images"
    return {1: "the one image", 2: "both images"}.get(paint.n, f"all {paint.n} images")


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third"}.get(number, f"{number}th")
