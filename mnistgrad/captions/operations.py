"""A sentence about an operation of the pass, with the sizes that it really has; `told` says which is whose."""

from mnistgrad.captions.words import in_colour
from mnistgrad.common import numbers
from mnistgrad.trace.axes import AXIS_NAMES, noun
from mnistgrad.trace.painting import sums_over_images
from mnistgrad.trace.recording import Operand, Operation

N = ":orange[**n**]"


def _length(letter: str, size: int) -> str:
    return in_colour(letter, numbers.count(size, AXIS_NAMES[letter]))


def _axis_of_row(tensor: Operand) -> str:
    """What one row of a matrix is."""
    return AXIS_NAMES[tensor.axes[0]]


def matmul(step: Operation, sizes: dict[str, int]) -> str:
    one, other = step.operands
    inner = one.axes[1]
    size = sizes[inner]
    products = (
        f"Their {in_colour(inner, numbers.count(size, 'pair'))} are multiplied and added up"
        if size > 1
        else "Their one pair is multiplied"
    )
    sentence = (
        f"One row of `{one.text}` is one {_axis_of_row(one)}; one column of `{other.text}` is one {AXIS_NAMES[other.axes[1]]}. "
        f"{products}: one number. The {in_colour(inner, inner)} axis is used up."
    )
    if sums_over_images(step):
        inside = "The sum over the images happens inside the product" if size > 1 else "With one image there is nothing to add up"
        return f"{sentence} {inside}; no sheet is ever formed."
    if step.axes == ("n", "i"):
        return sentence + " Nobody reads this one: pixels are not trained."
    return sentence


def einsum(step: Operation, sizes: dict[str, int]) -> str:
    n = sizes["n"]
    one = f"with {in_colour('n', 'one image')} its product is the sum"
    added = f"the products of all {_length('n', n)} are added up" if n > 1 else one
    return (
        f"`{step.arguments[0]}` names the axes of both operands and, after the arrow, those that stay. "
        f"{N} is in both and not after the arrow: {added}, without a sheet ever being stored."
    )


def add(step: Operation, sizes: dict[str, int]) -> str:
    bias = step.operands[1]
    n, unit = sizes["n"], AXIS_NAMES[bias.axes[0]]
    again = (
        f"It is repeated for all {_length('n', n)}; so in the backward pass its gradient is added up over them"
        if n > 1
        else "There is one image to add it to; with more, it is repeated for each"
    )
    which = f"each {unit}" if bias.shape[0] > 1 else f"the one {unit}"
    return f"`{bias.text}` has shape {numbers.shape(bias.shape)}: one number for {which} and no axis n. {again}."


def squeeze(step: Operation, sizes: dict[str, int]) -> str:
    n = sizes["n"]
    return (
        f"`{step.operands[0].text}` holds one number an image in a column, {numbers.shape(step.operands[0].shape)}; the digits "
        f"`targ` have shape ({n},). Without `squeeze(-1)` their difference would broadcast to ({n}, {n})."
    )


def unsqueeze_sheet(step: Operation, sizes: dict[str, int]) -> str:
    operand = step.operands[0]
    method = step.expression[len(operand.text) + 1 :]
    if step.axes[:2] == operand.axes:
        new, rows = step.axes[2], AXIS_NAMES[operand.axes[1]]
        return (
            f"`{operand.text}` has one row of {numbers.count(operand.shape[1], rows)} for each image, drawn here standing up. "
            f"`{method}` adds a third axis, of length 1. No number changes and no memory is taken; there is now room for the "
            f"{_length(new, sizes[new]) if sizes[new] > 1 else in_colour(new, f'one {AXIS_NAMES[new]}')}."
        )
    new = step.axes[1]
    return (
        f"`{operand.text}` has one row of {numbers.count(operand.shape[1], 'gradient')} for each image. `{method}` adds its new "
        f"axis in the middle, where the {_length(new, sizes[new])} will go. The batch axis {N} stays first, so every "
        "image keeps its own row."
    )


def mul_sheets(step: Operation, sizes: dict[str, int]) -> str:
    n, rows, columns = (sizes[letter] for letter in step.axes)
    result = (
        f"The result is not one table: it is {in_colour('n', f'{numbers.count(n)} tables')}, one for each image."
        if n > 1
        else f"With one image the result is {in_colour('n', 'one table')} of {rows} × {columns}."
    )
    down, right = (in_colour(letter, f"every {noun(letter)}") for letter in step.axes[1:])
    meets = f"{down} meets {right}" if columns > 1 else f"{down} meets the one output"
    return f"Each side of length 1 is repeated until both shapes match. Then, image by image, {meets}. {result}"


def sum_sheets(step: Operation, sizes: dict[str, int]) -> str:
    again = (
        "All images share the same weights, so their tables are added. "
        if sizes["n"] > 1
        else "There is only one table, so the sum is that table. "
    )
    return (
        f"{again}`sum(0)` adds along axis 0, the {N} axis, and that axis is gone. What is left has the shape of `w`: "
        "one gradient for each weight."
    )


def sum_rows(step: Operation, sizes: dict[str, int]) -> str:
    operand = step.operands[0]
    n = sizes["n"]
    rows = (
        f"The bias was repeated for every image, so the rows of all {_length('n', n)} are added"
        if n > 1
        else "There is one image, so its row is the sum"
    )
    shapes = f"{numbers.shape(operand.shape)} to {numbers.shape(step.shape)}"
    return f"{rows}. `inp` does not come in: `{operand.text}` as it is, {shapes}."


def mean(step: Operation, sizes: dict[str, int]) -> str:
    n = sizes["n"]
    if n == 1:
        return "The one square is the mean: the loss, one number. Its derivative has the factor 1/n, which is 1 here."
    return (
        f"All {in_colour('n', f'{numbers.count(n)} squares')} are added and divided by {numbers.count(n)}: the loss, one number. "
        "This division comes back in `mse_grad` as 1/n."
    )


def div(step: Operation, sizes: dict[str, int]) -> str:
    n = sizes["n"]
    share = f"so each image has only 1/{numbers.count(n)} of the say" if n > 1 else "here of one image, which has all of the say"
    return (
        f"The loss is a mean, {share}. This is the only place of the 1/n in the backward pass: every gradient below is made of "
        "these numbers."
    )


def gt(step: Operation, sizes: dict[str, int]) -> str:
    return (
        f"True where the unit was on for the image, {_length('n', sizes['n'])} times {_length('j', sizes['j'])}. The slope of "
        "`relu` is 1 there and 0 elsewhere; how far above 0 does not matter."
    )


def unsqueeze_column(step: Operation, sizes: dict[str, int]) -> str:
    return (
        f"The axis of the one output comes back, so that `out.g` gets the shape of `out`, {numbers.shape(step.shape)}. The "
        "numbers stay as they are."
    )


def mul_mask(step: Operation, sizes: dict[str, int]) -> str:
    return (
        "Each gradient is multiplied by 1 where its unit was on and by 0 where it was off: a unit that was off for an image "
        "gets nothing from it."
    )


def mul_number(step: Operation, sizes: dict[str, int]) -> str:
    return "The derivative of a square is twice what was squared: 2 times the difference, for each image."


def to_numbers(step: Operation, sizes: dict[str, int]) -> str:
    return "True becomes 1 and False 0, so that the mask can be multiplied with a gradient."


def clamp_min(step: Operation, sizes: dict[str, int]) -> str:
    return "What is negative becomes 0, what is positive stays. A unit at 0 is off for that image; for another it may be on."


def sub_number(step: Operation, sizes: dict[str, int]) -> str:
    return (
        f"The lesson of 2019 takes {step.arguments[0]} off everywhere, meant to keep the mean near 0. It is the same for all "
        "numbers, so the slope stays as it is."
    )


def sub(step: Operation, sizes: dict[str, int]) -> str:
    return "The prediction less the label, image by image: both have one number for each image and one axis, n."


def square(step: Operation, sizes: dict[str, int]) -> str:
    return "Each difference times itself: too much and too little count alike, and large misses most."


def transpose(step: Operation, sizes: dict[str, int]) -> str:
    return (
        f"`{step.expression}` has the rows of `{step.operands[0].text}` as its columns, so that the axes meet in the product "
        "that follows. Nothing is copied: only the shape is read the other way round."
    )


def unknown(step: Operation, sizes: dict[str, int]) -> str:
    """Of an operation that has no row in the table, or is used otherwise than there."""
    taken = " and ".join(numbers.shape(operand.shape) for operand in step.operands)
    made = f"{numbers.shape(step.shape)}{f' of {taken}' if taken else ''}"
    return f"`{step.expression}` makes {made}. Which axis is which is not known."
