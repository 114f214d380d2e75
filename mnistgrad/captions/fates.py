"""What becomes of the axes of an operation's operands: which are gone in its result, and along which an operand is repeated."""

from mnistgrad.trace.operation import Operand, Operation
from mnistgrad.trace.operations import Effect

ALIGNED = {Effect.CELLWISE, Effect.ALONG, Effect.REDUCED, Effect.CHOSEN, Effect.CONTRACTED}  # whose axes are the operands'
ONE_OF_MANY = {Effect.REDUCED, Effect.CHOSEN}
INNER = {"matmul": (-1, -2), "linear": (-1, -1), "dot": (-1, -1)}  # the axis of either operand that is added up


def effect_of(step: Operation) -> Effect:
    """What becomes of the numbers; not known where an axis of the result is none of the operands', though it should be."""
    taken = {letter for operand in step.operands for letter in operand.axes}
    new = [letter for letter, size in zip(step.axes, step.shape, strict=True) if letter not in taken and size != 1]
    return Effect.UNKNOWN if new and step.known.effect in ALIGNED and not step.message else step.known.effect


def gone_axes(step: Operation) -> tuple[tuple[int, ...], ...]:
    """For each operand the places of the axes along which many numbers become one."""
    effect = effect_of(step)
    if step.message or effect not in (*ONE_OF_MANY, Effect.CONTRACTED):
        return ((),) * len(step.operands)
    if effect is Effect.CONTRACTED and step.name in INNER and len(step.operands) > 1:
        pairs = zip(step.operands, INNER[step.name], strict=False)
        inner = [(max(len(operand.axes) + place, 0),) for operand, place in pairs]
        return (*inner, *((),) * (len(step.operands) - len(inner)))
    if step.name == "einsum" and (found := _gone_in_einsum(step)):
        return found
    return tuple(_gone(step, operand, effect in ONE_OF_MANY) for operand in step.operands)


def _gone(step: Operation, operand: Operand, may_stay: bool) -> tuple[int, ...]:
    """may_stay: whether an axis may be gone and stay with length 1."""
    if len({*operand.axes}) < len(operand.axes):  # letters do not tell which
        places = {place % len(operand.axes) for place in _dims(step) if -len(operand.axes) <= place < len(operand.axes)}
        return tuple(sorted(places)) if len(operand.axes) > len(step.axes) or may_stay else ()
    kept = dict(zip(step.axes, step.shape, strict=True))
    return tuple(
        place
        for place, (letter, size) in enumerate(zip(operand.axes, operand.shape, strict=True))
        if letter not in kept or (may_stay and size != 1 == kept[letter])
    )


def _gone_in_einsum(step: Operation) -> tuple[tuple[int, ...], ...]:
    """By the letters of its equation; () where that leaves some out."""
    equation = str(step.arguments[0]).replace(" ", "") if step.arguments else "."
    left, arrow, kept = equation.partition("->")
    groups = left.split(",")
    if "." in equation or [len(group) for group in groups] != [len(operand.axes) for operand in step.operands]:
        return ()
    kept = kept if arrow else "".join(letter for letter in left if left.count(letter) == 1)
    return tuple(tuple(place for place, letter in enumerate(group) if letter not in kept) for group in groups)


def _dims(step: Operation) -> list[int]:
    """The axes that the call names, by their number."""
    named = next((each for each in step.arguments if isinstance(each, int | tuple | list) and not isinstance(each, bool)), ())
    return [named] if isinstance(named, int) else [each for each in named if isinstance(each, int)]


def repeated_axes(step: Operation, operand: Operand) -> list[tuple[str, int]]:
    """Along which axes of the result the operand is repeated, and how often."""
    if effect_of(step) is not Effect.CELLWISE or step.message:
        return []
    longer = [(letter, size) for letter, size in zip(step.axes, step.shape, strict=True)]
    if len({*step.axes}) == len(step.axes):
        own = dict(zip(operand.axes, operand.shape, strict=True))
        return [(letter, size) for letter, size in longer if size > 1 and own.get(letter, 1) == 1]
    sizes = (1,) * (len(longer) - len(operand.shape)) + operand.shape  # aligned from the right
    return [(letter, size) for (letter, size), own_size in zip(longer, sizes, strict=True) if size > 1 and own_size == 1]
