"""The sentences of the page for a line of one's own, from what the typed lines do."""

import math
import re

from mnistgrad.captions.words import listed
from mnistgrad.common import numbers
from mnistgrad.common.reading import code
from mnistgrad.lines.explaining import Explained
from mnistgrad.lines.fitting import fittings
from mnistgrad.lines.lesson_form import Compared
from mnistgrad.trace.operation import Operation
from mnistgrad.trace.stand_ins import MEMORY

KICKER = "Your own line"
UNREAD = "This line is not taken"
ASK = "What will happen?"
LESSON_TITLE = "Operation by operation"
FATES = {"raises": "torch raises", "shape": "wrong shape", "numbers": "wrong numbers", "right": "nothing wrong"}
NO_OPERATION = "No operation of torch's runs here, so there is nothing to draw."
ANSWERS = {  # to the questions among the examples
    "Why sum(0) for a bias?": (
        "`b` is repeated for every image, so each of its numbers acts on all n of them, and n gradients add up: `sum(0)`. With "
        "`keepdim` that axis stays, of length 1; the numbers are the same."
    ),
    "What if one is repeated?": (
        "What is repeated along an axis acts once for every place there: its gradient is the sum over that axis. `s` is repeated "
        "along j, and `s.g` adds up over j."
    ),
    "Why is nn.Linear (out, in)?": (
        "`nn.Linear` keeps one row for each output, (out, in), and multiplies by the transpose. Its gradient has that shape too: "
        "the transpose of the lesson's `w.g`."
    ),
    "Why no Jacobian?": (
        "The loss is one number, so `.g` has one number for each of its tensor's. The Jacobian `J` of all outputs by all weights "
        "is far larger; multiplied by `out.g` it gives what `inp.t() @ out.g` gives at once."
    ),
}
LARGE = 10**8  # bytes


def headline(found: Explained) -> str:
    if found.message:
        return f"torch stops at {code(found.refused.expression, 40)}" if found.refused else "torch raises an error"
    if not found.results:
        return "No tensor comes out"
    name, shape = list(found.results.items())[-1]
    comes = f"{code(name, 40)} comes out as" if name else "The last line gives"
    return f"{comes} {'one number' if not shape else numbers.shape(shape)}"


def asks(name: str) -> str:
    """The headline of a wrong line before anybody guessed."""
    return f"{name[0].upper()}{name[1:]}: what will happen?"


def lede(found: Explained, shapes: str) -> str:
    """What is to be known at once: why it stops and what would fit, or how much is made on the way."""
    if found.message:
        return " ".join(filter(None, (_would_fit(found.refused), _letters(found.refused), _thousands(shapes))))
    largest = max(found.operations, key=lambda step: 0 if step.is_view else step.nbytes, default=None)
    if largest is None:
        return NO_OPERATION
    told = [_trap(step, found) for step in found.operations]
    return next((trap for trap in told if trap), "") or _size(largest)


def _size(largest: Operation) -> str:
    if largest.is_view or largest.nbytes < LARGE:
        return ""
    room = f" With {numbers.byte_count(MEMORY)} of memory torch would stop." if largest.nbytes > MEMORY else ""
    return f"On the way {numbers.shape(largest.shape)} is formed: {numbers.byte_count(largest.nbytes)}.{room}"


def _trap(step: Operation, found: Explained) -> str:
    """A row where a column is meant: shapes of another number of axes that broadcasting brings together, and nobody prepared."""
    if len(step.operands) != 2 or step.name not in ("add", "sub", "mul", "div"):
        return ""
    left, right = step.operands
    made_by = [found.operations[operand.made_by].name for operand in step.operands if operand.made_by is not None]
    if {"unsqueeze", "getitem", "view", "reshape"} & {*made_by}:
        return ""
    if len(left.shape) == len(right.shape) or math.prod(step.shape) <= max(math.prod(left.shape), math.prod(right.shape)):
        return ""
    return (
        f"{code(step.expression, 40)} is {numbers.shape(step.shape)}: a row against a column, so every number of the one meets "
        "every number of the other. If that is not meant, `squeeze` or `unsqueeze` one of them."
    )


def _would_fit(refused: Operation | None) -> str:
    found = fittings(refused)[:2] if refused else []
    named = [fitting for fitting in found if fitting.meets] or found
    if refused is None or not named:
        return ""
    each = [f"{code(fitting.code, 60)}, {numbers.shape(fitting.shape)}" for fitting in named]
    turned = [written.count(".unsqueeze(-1)") for written in (refused.expression, named[0].code)]
    row = "A row stands where a column is meant? " if turned[0] < turned[1] else ""
    return f"{row}What would fit: {' or '.join(each)}."


def _letters(refused: Operation | None) -> str:
    """Names in an equation where letters belong."""
    if refused is None or refused.name != "einsum" or not refused.arguments:
        return ""
    words = re.findall(r"[A-Za-z]{2,}", str(refused.arguments[0]).split("->")[0])
    groups = re.split(r",|->", "".join(str(refused.arguments[0]).split()))
    long = [(g, o) for g, o in zip(groups, refused.operands, strict=False) if len(g) > len(o.shape) and "." not in g]
    if not words or not long:
        return ""
    group, operand = long[0]
    axes = numbers.count(len(operand.shape), "axis", "axes")
    return f"In an equation each letter is one axis: {code(group)} are {len(group)}, and {code(operand.text)} has {axes}."


def _thousands(shapes: str) -> str:
    found = re.search(r"(?<![0-9,])([0-9]{1,3},[0-9]{3})(?![0-9])", shapes)
    if not found:
        return ""
    return f"{code(found[1])} in a shape is two sizes; for one axis write {code(found[1].replace(',', ''))}."


def numbers_note(found: Explained) -> str:
    """What the numbers of the lesson are."""
    if not found.operations:
        return "Torch refuses it before there is any number."
    if not found.numbered:
        return "The lines hold sizes of their own and make too many numbers to be shown: these are shapes alone."
    if not found.smaller:
        return "The numbers are made up."
    stands = listed(f"{small} for {numbers.count(size)}" for size, small in found.smaller.items())
    return f"The numbers are made up, with {stands}; shapes and bytes are as typed."


def compared_sentence(result: Compared) -> str:
    """One gradient beside autograd's."""
    name = code(result.name)
    if result.difference is None:
        return f"{name} is {numbers.shape(result.shape)}, and autograd's is {numbers.shape(result.needed)}."
    if not result.off:
        return f"{name} is autograd's: the largest difference is {numbers.significant(result.difference, 2)}."
    if result.factor:
        off = max(abs(result.factor), 1 / abs(result.factor))
        times = "n times too" if abs(off / result.n - 1) < 1e-3 and result.n > 1 else f"{numbers.significant(off)} times too"
        side = "large" if abs(result.factor) > 1 else "small"
        sign = " and of the other sign" if result.factor < 0 else ""
        return f"{name} has autograd's shape, but every number is {times} {side}{sign}."
    share, finite = numbers.percent(result.off), math.isfinite(result.difference)
    by = f"by up to {numbers.significant(result.difference, 2)}" if finite else "some of them infinite or no number"
    return f"{name} has autograd's shape, but {share} of its numbers are off, {by}."


def answer(guess: str, outcome: str) -> str:
    """After a guess of what a wrong line does."""
    return f"**{'Right' if guess == outcome else 'Not quite'}: {FATES[outcome]}.**"
