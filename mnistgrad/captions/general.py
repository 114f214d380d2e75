"""One sentence for any operation, by what it does: true for every letter and every size."""

import math
from collections.abc import Callable
from typing import NamedTuple

from mnistgrad.captions.words import listed
from mnistgrad.common import numbers
from mnistgrad.trace.operation import Operand, Operation
from mnistgrad.trace.operations import Effect


class Reduced(NamedTuple):
    """What is said of a reduction: what becomes of an axis, and of so many numbers along it."""

    fate: str
    many: str


REDUCED = {
    "sum": Reduced("added up", "become one"),
    "mean": Reduced("averaged", "become one"),
    "max": Reduced("searched for the largest", "leave one"),
    "amax": Reduced("searched for the largest", "leave one"),
    "min": Reduced("searched for the smallest", "leave one"),
    "amin": Reduced("searched for the smallest", "leave one"),
    "argmax": Reduced("searched for the largest", "leave the place of one"),
    "argmin": Reduced("searched for the smallest", "leave the place of one"),
    "var": Reduced("measured by its variance", "become one"),
    "std": Reduced("measured by its standard deviation", "become one"),
    "prod": Reduced("multiplied", "become one"),
    "logsumexp": Reduced("added up as exponentials", "become the logarithm of one sum"),
}
SIGNED = {
    "add": "plus",
    "sub": "less",
    "mul": "times",
    "div": "divided by",
    "pow": "to the power of",
    "gt": "greater than",
    "ge": "at least",
    "lt": "less than",
    "le": "at most",
    "eq": "equal to",
    "ne": "unequal to",
}
EACH = {
    "exp": "e to the power of each number",
    "log": "The logarithm of each number",
    "sqrt": "The square root of each number",
    "rsqrt": "One over the square root of each number",
    "tanh": "Each number squeezed between −1 and 1",
    "sigmoid": "Each number squeezed between 0 and 1",
    "relu": "What is negative becomes 0, what is positive stays",
    "neg": "Each number with the other sign",
    "abs": "Each number without its sign",
    "clamp": "Each number kept within bounds",
    "clamp_min": "Each number raised to a bound where it is smaller",
    "clamp_max": "Each number lowered to a bound where it is larger",
    "float": "The same numbers as decimals; True is 1, False is 0",
    "where": "Where the condition holds the number of the one, elsewhere that of the other",
    "square": "Each number times itself",
    "reciprocal": "One over each number",
}
MOVED = {
    "unsqueeze": "The same numbers with one axis more, of length 1",
    "squeeze": "The same numbers without axes of length 1",
    "t": "The same numbers; rows become columns",
    "transpose": "The same numbers; two axes change places",
    "permute": "The same numbers; the axes change places",
    "expand": "The same numbers, repeated without being copied",
    "clone": "A copy of the same numbers",
    "contiguous": "The same numbers, laid out in order",
    "detach": "The same numbers, cut off from autograd",
}


def effect_of(step: Operation) -> Effect:
    """What becomes of the numbers; not known where an axis of the result is none of the operands'."""
    taken = {letter for operand in step.operands for letter in operand.axes}
    new = [letter for letter, size in zip(step.axes, step.shape, strict=True) if letter not in taken and size != 1]
    return Effect.UNKNOWN if new and step.known.effect is not Effect.MOVED else step.known.effect


def general_sentence(step: Operation) -> str:
    """Code stands in backticks; it is plain text else."""
    says = SAID.get(effect_of(step), _unknown)(step)
    return f"{says} {_loop(step)}".strip()


def clash_sentence(message: str) -> str:
    return f"torch stops here: {message.strip() or 'no reason given'}"


def memory_words(step: Operation) -> str:
    """Short, for a list."""
    if step.in_place:
        return "in place"
    return "the same memory" if step.is_view else f"{numbers.byte_count(step.nbytes)} made"


def memory_sentence(step: Operation) -> str:
    if step.in_place:
        made = "In place: no memory is taken."
    else:
        made = "A view: no memory is taken." if step.is_view else f"{numbers.byte_count(step.nbytes)} made."
    return f"{made} {numbers.byte_count(step.live)} alive." if step.live else made


def _reduced(step: Operation) -> str:
    operand = step.operands[0]
    gone = [(a, size) for a, size in zip(operand.axes, operand.shape, strict=True) if _is_gone(step, a, size)]
    words = REDUCED.get(step.name, Reduced("reduced", "become one"))
    if not gone:
        return f"`{operand.text}` has no axis longer than 1 to lose: its numbers stay as they are."
    count = math.prod(size for _, size in gone)
    verb = "is" if len(gone) == 1 else "are"
    kept = " The axis stays, of length 1." if any(letter in step.axes for letter, _ in gone) else ""
    if count == 0:
        return f"{listed(letter for letter, _ in gone)} {verb} {words.fate}; there are no numbers along it.{kept}"
    many = f"{numbers.count(count, 'number')} {words.many}" if count > 1 else "there is one number, which stays as it is"
    return f"{listed(letter for letter, _ in gone)} {verb} {words.fate}: {many}.{kept}"


def _is_gone(step: Operation, letter: str, size: int) -> bool:
    return letter not in step.axes or size != 1 == step.shape[step.axes.index(letter)]


def _contracted(step: Operation) -> str:
    sizes = {a: size for operand in step.operands for a, size in zip(operand.axes, operand.shape, strict=True)}
    inner = [letter for letter in sizes if letter not in step.axes]
    if not inner:
        return "Each number of the result is one product."
    count = math.prod(sizes[letter] for letter in inner)
    products = f"{numbers.count(count, 'product')} added up" if count != 1 else "one product"
    along = f"Along {listed(inner)} pairs are multiplied"
    return f"{along}; each number of the result is {products}. {listed(inner)} {'is' if len(inner) == 1 else 'are'} used up."


def _cellwise(step: Operation) -> str:
    operands = step.operands
    words = SIGNED.get(step.name)
    if words and len(operands) == 2:
        says = f"Cell by cell: `{operands[0].text}` {words} `{operands[1].text}`."
    elif words and len(operands) == 1 and step.arguments:
        says = f"Each number {words} {step.arguments[0]}."
    else:
        says = f"{EACH.get(step.name, 'Each number by itself, in its place')}."
    return " ".join([says, *(found for operand in operands if (found := _repeated(step, operand)))])


def _repeated(step: Operation, operand: Operand) -> str:
    """Along which axes of the result the operand is repeated."""
    own = dict(zip(operand.axes, operand.shape, strict=True))
    longer = [(a, size) for a, size in zip(step.axes, step.shape, strict=True) if size > 1 and own.get(a, 1) == 1]
    if not longer or len(step.operands) < 2:
        return ""
    times = " and ".join(f"{numbers.count(size)} times along {letter}" for letter, size in longer)
    return f"`{operand.text}` is repeated {times}."


def _moved(step: Operation) -> str:
    plain = f"The same numbers, read in order as {numbers.shape(step.shape)}"
    return f"{MOVED.get(step.name, plain)}."


def _unknown(step: Operation) -> str:
    """Of an operation that has no row in the table."""
    taken = listed(numbers.shape(operand.shape) for operand in step.operands) if step.operands else ""
    made = f"makes {numbers.shape(step.shape)}{f' of {taken}' if taken else ''}"
    return f"`{step.name}` {made}. Shapes in, shapes out: what becomes of each axis is not known."


def _loop(step: Operation) -> str:
    times = step.repeats
    return f"The same, {numbers.count(times)} times." if times > 1 else ""


SAID: dict[Effect, Callable[[Operation], str]] = {
    Effect.MOVED: _moved,
    Effect.CELLWISE: _cellwise,
    Effect.REDUCED: _reduced,
    Effect.CONTRACTED: _contracted,
    Effect.UNKNOWN: _unknown,
}
