"""One sentence for any operation, by what it does: true for every letter and every size."""

import math
from collections.abc import Callable
from typing import NamedTuple

from mnistgrad.captions.fates import effect_of, gone_axes, repeated_axes
from mnistgrad.captions.words import listed
from mnistgrad.common import numbers
from mnistgrad.trace.operation import Operand, Operation
from mnistgrad.trace.operations import Effect


class Reduced(NamedTuple):
    """What is said of a reduction: what becomes of an axis, and of so many numbers along it."""

    fate: str
    many: str


NORMS = ("layer_norm", "batch_norm", "group_norm", "instance_norm")
MOST_PARTS = 4  # of a sum that is written out
REDUCED = {
    "sum": Reduced("added up", "become one"),
    "mean": Reduced("averaged", "become one"),
    "prod": Reduced("multiplied", "become one"),
    "max": Reduced("searched for the largest", "leave one"),
    "amax": Reduced("searched for the largest", "leave one"),
    "min": Reduced("searched for the smallest", "leave one"),
    "amin": Reduced("searched for the smallest", "leave one"),
    "median": Reduced("searched for the middle one", "leave one"),
    "argmax": Reduced("searched for the largest", "leave the place of one"),
    "argmin": Reduced("searched for the smallest", "leave the place of one"),
    "var": Reduced("measured by its variance", "become one"),
    "std": Reduced("measured by its standard deviation", "become one"),
    "norm": Reduced("measured by its norm", "become one"),
    "logsumexp": Reduced("added up as exponentials", "become the logarithm of one sum"),
    "all": Reduced("asked whether all hold", "give one answer"),
    "any": Reduced("asked whether any holds", "give one answer"),
    "count_nonzero": Reduced("counted where it is not 0", "give one count"),
}
LOSSES = {
    "mse_loss": "The mean of the squared differences",
    "l1_loss": "The mean of the differences, without their signs",
    "binary_cross_entropy": "The mean of minus the logarithm of the share given to what is right",
    "binary_cross_entropy_with_logits": "The mean of minus the logarithm of the share given to what is right",
    "cross_entropy": "The mean of minus the logarithm of the share that softmax gives to what is right",
    "nll_loss": "The mean of minus the numbers at the places that are right",
}
SIGNS = {"add": "+", "sub": "−", "mul": "×", "div": "/", "gt": ">", "ge": "≥", "lt": "<", "le": "≤", "eq": "=", "ne": "≠"}
SIGNS |= {"matmul": "@", "outer": "⊗", "dot": "·"}
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
    "maximum": "or, where it is larger,",
    "minimum": "or, where it is smaller,",
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
    "masked_fill": "One number wherever the mask holds, the others stay",
    "to": "The same numbers in another kind",
}
TAKEN = {
    "embedding": "For each number of the index the row at that place",
    "gather": "For each place the number that the index says",
    "split": "One of the parts that it is cut into",
    "unbind": "One of the parts that it is cut into",
}
JOINED = {"cat": "One after the other, along an axis that is there", "stack": "Side by side, along a new axis"}
PLACED = {
    "setitem": "New numbers in some places, the others stay",
    "scatter": "New numbers in the places that the index says, the others stay",
    "scatter_add": "Numbers added in the places that the index says",
    "index_add": "Rows added in the places that the index says",
    "one_hot": "For each number a row of 0, with one 1 in its place",
    "copy": "The numbers of another tensor",
}
MADE = {"zeros": "All 0", "zeros_like": "All 0", "zero": "All 0", "ones": "All 1", "ones_like": "All 1"}
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
    "flip": "The same numbers, the other way round",
    "roll": "The same numbers, moved on; what falls off comes in again",
    "repeat": "The same numbers, copied again and again",
    "tril": "The same numbers, 0 above the diagonal",
    "triu": "The same numbers, 0 below the diagonal",
    "diag": "The numbers of the diagonal, or a diagonal of them",
    "diagonal": "The numbers of the diagonal",
}


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
    if step.name in LOSSES:
        return f"{LOSSES[step.name]}." if not step.shape else "The loss of each, not averaged."
    gone = [(operand.axes[place], operand.shape[place]) for place in gone_axes(step)[0]]
    name = f"arg{step.name}" if step.result and step.name in ("max", "min") else step.name
    words = REDUCED.get(name, Reduced("reduced", "become one"))
    if not gone:
        return f"`{operand.text}` has no axis longer than 1 to lose: its numbers stay as they are."
    count = math.prod(size for _, size in gone)
    verb = "is" if len(gone) == 1 else "are"
    kept = " The axis stays, of length 1." if any(letter in step.axes for letter, _ in gone) else ""
    if count == 0:
        return f"{listed(letter for letter, _ in gone)} {verb} {words.fate}; there are no numbers along it.{kept}"
    many = f"{numbers.count(count, 'number')} {words.many}" if count > 1 else "there is one number, which stays as it is"
    return f"{listed(letter for letter, _ in gone)} {verb} {words.fate}: {many}.{kept}"


def _contracted(step: Operation) -> str:
    found = zip(step.operands, gone_axes(step), strict=True)
    inner = {operand.axes[place]: operand.shape[place] for operand, places in found for place in places}
    if not inner:
        return "Each number of the result is one product."
    count = math.prod(inner.values())
    products = f"{numbers.count(count, 'product')} added up" if count != 1 else "one product"
    used = f"{listed(inner)} {'is' if len(inner) == 1 else 'are'} used up"
    return f"Along {listed(inner)} pairs are multiplied; each number of the result is {products}. {used}."


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
    longer = repeated_axes(step, operand)
    if not longer or len(step.operands) < 2:
        return ""
    times = " and ".join(f"{numbers.count(size)} times along {letter}" for letter, size in longer)
    return f"`{operand.text}` is repeated {times}."


def _moved(step: Operation) -> str:
    plain = f"The same numbers, read in order as {numbers.shape(step.shape)}"
    return f"{MOVED.get(step.name, plain)}."


def _taken(step: Operation) -> str:
    plain = f"Some of the numbers of `{step.operands[0].text}`, by their index" if step.operands else "Some of the numbers"
    return f"{TAKEN.get(step.name, plain)}."


def _joined(step: Operation) -> str:
    first = step.operands[0]
    if step.name == "cat" and len(first.shape) == len(step.shape):
        longer = [place for place, size in enumerate(step.shape) if size != first.shape[place]]
        if len(longer) == 1:
            parts = " + ".join(numbers.count(operand.shape[longer[0]]) for operand in step.operands[:MOST_PARTS])
            more = " + …" if len(step.operands) > MOST_PARTS else ""
            total = numbers.count(step.shape[longer[0]])
            return f"One after the other along {step.axes[longer[0]]}: {parts}{more} = {total}."
    return f"{JOINED.get(step.name, 'Several tensors as one')}."


def _placed(step: Operation) -> str:
    return f"{PLACED.get(step.name, 'New numbers in some places')}."


def _made(step: Operation) -> str:
    return f"{MADE.get(step.name, 'New numbers, made of no tensor')}."


def _along(step: Operation) -> str:
    place = next((each for each in step.arguments if isinstance(each, int) and not isinstance(each, bool)), None)
    axes = step.axes
    letter = axes[place] if place is not None and -len(axes) <= place < len(axes) else "one axis"
    says = {
        "softmax": f"Along {letter} each exponential as a share of their sum: the shares add up to 1",
        "log_softmax": f"The logarithm of the softmax along {letter}",
        "normalize": f"Along {letter} divided by its norm",
        "sort": f"Along {letter} {'the places of the numbers ' * step.result}in order of size",
        "argsort": f"Along {letter} the places of the numbers in order of size",
        "topk": f"Along {letter} {'the places of ' * step.result}the largest, in order",
        **dict.fromkeys(NORMS, "Each number less a mean, and divided by a standard deviation"),
        "cumsum": f"Along {letter} each number with all before it added up",
    }
    return f"{says.get(step.name, f'Each number from all along {letter}')}."


def _unknown(step: Operation) -> str:
    """Of an operation that has no row in the table."""
    taken = listed(numbers.shape(operand.shape) for operand in step.operands) if step.operands else ""
    made = f"makes {numbers.shape(step.shape)}{f' of {taken}' if taken else ''}"
    return f"`{step.name}` {made}. Shapes in, shapes out: what becomes of each axis is not known."


def _loop(step: Operation) -> str:
    times = step.repeats
    return f"The same, {numbers.count(times)} times." if times > 1 else ""


SAID: dict[Effect, Callable[[Operation], str]] = {
    Effect.MADE: _made,
    Effect.MOVED: _moved,
    Effect.TAKEN: _taken,
    Effect.JOINED: _joined,
    Effect.PLACED: _placed,
    Effect.CELLWISE: _cellwise,
    Effect.ALONG: _along,
    Effect.REDUCED: _reduced,
    Effect.CHOSEN: _reduced,
    Effect.CONTRACTED: _contracted,
    Effect.UNKNOWN: _unknown,
}
