"""The sentences of the page for the reader's own shapes, from the operation that was typed."""

import math

from mnistgrad.captions.words import listed
from mnistgrad.common import numbers
from mnistgrad.lines.own_shapes import EINSUM, FEW, FLOAT, SHORT, OwnOperation
from mnistgrad.lines.two_shapes import Typed
from mnistgrad.trace.recording import Operand
from mnistgrad.trace.stand_ins import MEMORY

KICKER = "Any two shapes"
SIGNS = {"+": "+", "-": "−", "*": "×", "@": "@"}
RULES = {
    EINSUM: "Every letter is one axis. Where a letter stands in both operands, the two are set against each other; a letter that "
    "the result does not have is added up.",
    "@": "Each row of `a` meets each column of `b`. The inner sizes must be equal, and that axis is added up; axes in front of "
    "the last two are broadcast.",
}
BROADCASTING = (
    "Broadcasting sets the shapes against each other from the right. Sizes must be equal, or one of them 1: an axis of length 1, "
    "or one that is not there, is repeated."
)
UNREAD = "This breaks a rule before anything is run"
BOXES_TITLE = "As boxes"
NUMBERS_TITLE = "With numbers"
TORCH_SAYS = "What torch says to tensors of these shapes:"
TOO_MANY_NUMBERS = (
    f"Numbers are shown where each tensor has at most 3 axes, {SHORT} numbers along an axis and {FEW} in all. The example "
    "“few numbers” is small enough."
)


EXAMPLES = {
    "the w.g line": Typed("*", ("1000, 784, 1", "1000, 1, 50")),
    "adding a bias": Typed("+", ("1000, 50", "50")),
    "the loss trap": Typed("-", ("1000, 1", "1000")),
    "a clash": Typed("*", ("1000, 784", "1000, 50")),
    "x @ w": Typed("@", ("1000, 784", "784, 50")),
    "w.g by einsum": Typed(EINSUM, ("1000, 784", "1000, 50"), "ni,nj->ij"),
    "few numbers": Typed("*", ("3, 4, 1", "3, 1, 2")),
}
FIRST_EXAMPLE, EINSUM_EXAMPLE = EXAMPLES["the w.g line"], EXAMPLES["w.g by einsum"]


def headline(operation: OwnOperation) -> str:
    first, second = (numbers.shape(operand.shape) for operand in operation.operands)
    if operation.clashes:
        return f"{first} and {second} do not fit"
    result = numbers.shape(operation.shape)
    if operation.sign == EINSUM:
        return f"{first} and {second} give {result}"
    return f"{first} {SIGNS[operation.sign]} {second} gives {result}"


def rule(sign: str) -> str:
    return f"{RULES.get(sign, BROADCASTING)} On this page colours only tell the axes apart."


def alignment_title(operation: OwnOperation) -> str:
    if operation.sign == EINSUM:
        return "Letter by letter"
    return "Row by column" if operation.sign == "@" else "Aligned from the right"


def alignment_sentence(operation: OwnOperation) -> str:
    """What is repeated and what is added up, or which axis clashes and which rule that breaks."""
    if operation.clashes:
        return " ".join(_clash(operation, axis) for axis in operation.clashes)
    return " ".join(filter(None, (_repeated(operation), _added_up(operation), _result(operation), _memory(operation))))


def boxes_sentence(operation: OwnOperation) -> str:
    """What is stored, what is only repeated, and what would be formed in between."""
    stored = numbers.byte_count(FLOAT * math.prod(operation.shape))
    if not operation.added_up:
        return (
            f"Solid is what is stored, dashed what is repeated without being stored. Stored in full, the result takes {stored}."
        )
    formed = numbers.byte_count(FLOAT * math.prod(operation.pairs_shape))
    along = listed([f"the axis of {numbers.count(operation.sizes[axis] or 0)}" for axis in operation.added_up])
    how = "`einsum`" if operation.sign == EINSUM else "`@`"
    return (
        f"Stretched to one box, `a` and `b` meet in {numbers.shape(operation.pairs_shape)} products; then {along} "
        f"{_are(operation)} added up. Formed by `*`, the products would take {formed}; {how} adds up as it goes and stores "
        f"{stored}."
    )


def too_many_axes(operation: OwnOperation) -> str:
    """Why there are no boxes."""
    return (
        f"A box has three axes, and `a` and `b` meet along {len(operation.sizes)}, so there are no boxes to this one. The result "
        f"takes {numbers.byte_count(FLOAT * math.prod(operation.shape))} in float32."
    )


def numbers_sentence(operation: OwnOperation) -> str:
    repeated = operation.sign not in ("@", EINSUM) and any(_repeats(operation, operand) for operand in operation.operands)
    repeats = " Dashed numbers are repeats." if repeated else ""
    return f"`a` and `b` are filled with 0, 1, 2, … in order; the result is torch's.{repeats} Point at a cell for its arithmetic."


def _clash(operation: OwnOperation, axis: str) -> str:
    first, second = (operand.shape[operand.axes.index(axis)] for operand in operation.operands)
    if operation.equation:
        group, operand = operation.equation.groups[0], operation.operands[0]
        letter = group[operand.axes.index(axis)]
        return (
            f"The letter `{letter}` has size {first} in the first and {second} in the second; the sizes of one letter must be "
            "equal, or one of them 1."
        )
    if operation.sign == "@" and axis == "i":
        return f"The last axis of `a` is {first}, {_inner(operation.operands[1])} of `b` is {second}; `@` needs them equal."
    return f"{_place(operation, axis)}: {first} against {second}; broadcasting needs equal sizes or a 1."


def _inner(right: Operand) -> str:
    return "the last axis but one" if len(right.shape) > 1 else "the only axis"


def _place(operation: OwnOperation, axis: str) -> str:
    longest = max((operand.axes for operand in operation.operands if axis in operand.axes), key=len)
    from_right = len(longest) - longest.index(axis)
    return "The last axis" if from_right == 1 else f"Axis {from_right} from the right"


def _repeats(operation: OwnOperation, operand: Operand) -> list[str]:
    """The axes along which it is 1, or that it does not have, while the other has more."""
    own = dict(zip(operand.axes, operand.shape, strict=True))
    return [axis for axis, size in operation.sizes.items() if own.get(axis, 1) != size]


def _repeated(operation: OwnOperation) -> str:
    """Of +, -, *: which operand is repeated along which axis."""
    if operation.sign in ("@", EINSUM):
        return ""
    said = []
    for operand in operation.operands:
        axes = [f"{_place(operation, axis).lower()}, 1 → {operation.sizes[axis]}" for axis in _repeats(operation, operand)]
        if axes:
            said.append(f"`{operand.text}` is repeated along {listed(axes)}.")
    return " ".join(said) or "The shapes are equal, so nothing is repeated."


def _added_up(operation: OwnOperation) -> str:
    if not operation.added_up:
        return ""
    count = math.prod(operation.sizes[axis] or 0 for axis in operation.added_up)
    of = "the inner axis" if operation.sign == "@" else _letters(operation)
    each = "the one number" if not operation.shape else "each number"
    return f"{of[0].upper()}{of[1:]} {_are(operation)} added up: {numbers.count(count, 'product')} for {each} of the result."


def _are(operation: OwnOperation) -> str:
    return "is" if len(operation.added_up) == 1 else "are"


def _letters(operation: OwnOperation) -> str:
    assert operation.equation
    letters = dict.fromkeys("".join(operation.equation.groups))
    gone = [f"`{letter}`" for letter in letters if letter not in operation.equation.kept]
    return listed(gone)


def _result(operation: OwnOperation) -> str:
    count = math.prod(operation.shape)
    sizes = [math.prod(operand.shape) for operand in operation.operands]
    size = f"{numbers.count(count, 'number')}, {numbers.byte_count(FLOAT * count)} in float32"
    if count > max(sizes):
        return f"The result has {size}: more than `a` with {numbers.count(sizes[0])} and `b` with {numbers.count(sizes[1])}."
    return f"The result has {size}."


def _memory(operation: OwnOperation) -> str:
    """What torch would stop at, though the shapes fit."""
    shapes = {**{operand.text: operand.shape for operand in operation.operands}, "the result": operation.shape}
    name, needed = max(((name, FLOAT * math.prod(shape)) for name, shape in shapes.items()), key=lambda pair: pair[1])
    if needed <= MEMORY:
        return ""
    what = name if name == "the result" else f"`{name}`"
    return f"With {numbers.byte_count(MEMORY)} of memory torch stops: there is no room for {what}."
