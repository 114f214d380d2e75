"""The sentences around the tables of real numbers: what they show, one cell written out, how the window was chosen."""

from collections.abc import Sequence

from mnistgrad.captions.arithmetic import arithmetic
from mnistgrad.captions.words import in_colour, listed
from mnistgrad.common import numbers
from mnistgrad.trace.axes import AXIS_NAMES, noun
from mnistgrad.trace.cells import Chosen, ShownOperation, show_operation
from mnistgrad.trace.passes import statement_of
from mnistgrad.trace.recording import Operation
from mnistgrad.trace.window import Pick, Window


def written_out(operations: Sequence[Operation], place: int, window: Window, chosen: Chosen) -> str:
    """The arithmetic of the framed cell."""
    return f"The framed cell: `{arithmetic(operations, place, window, chosen)}`"


def how_chosen(window: Window, pick: Pick) -> str:
    """Which images, pixels and units are shown, and why these."""
    return f"{_images(window, pick)} {_pixels(window, pick)} {_units(window, pick)}"


def picker_sentence() -> str:
    """What a click on the map of pixels does."""
    return "Click a pixel: it and the four on its right are shown; at the right edge, the last five of its row."


def outer_product(operations: Sequence[Operation], place: int, window: Window) -> str:
    """A step of a w.g line in its broadcast form."""
    statement = statement_of(operations, place)
    product = show_operation(operations, statement[2], window)
    _, down, right = product.result.axes
    gradient_unit, unit = (numbers.unit_words(table.scale.power) for table in (product.operands[1], product.result))
    shown = numbers.count(len(window.indices(down)), noun(down))
    inp, out_g = (table.text.partition(".unsqueeze")[0] for table in product.operands)
    zeros = " A gradient is 0 where its unit was off." if right == "j" and (product.operands[1].values == 0).any() else ""
    return (
        f"Left of each table: `{inp}`, {shown} of that image. They are the same before and after `unsqueeze`.",
        f"On top of each table: `{out_g}`, the gradients of that image, {gradient_unit}.{zeros}",
        f"Each cell is {in_colour(down, f'its {noun(down)}')} times {in_colour(right, 'its gradient')}, {unit}. Every image has "
        "its own table.",
        _sum_of_tables(window, operations[place].sets),
    )[place - statement[0]]


def _sum_of_tables(window: Window, name: str) -> str:
    n, m = window.n, len(window.images)
    if n == 1:
        return f"With one image, `{name}` is this one table."
    if n == m:
        return f"`{name}` is the sum of {in_colour('n', 'both tables' if n == 2 else f'these {n} tables')}."
    return f"Cell by cell, the tables are added: the {_few(m)} shown and {_more(n - m)}. Their sum is `{name}`."


def contraction(shown: ShownOperation) -> str:
    letter = shown.letter
    terms = shown.terms(_first(shown.window))
    if terms.size == 1:
        return f"Each cell is one product: there is only one {AXIS_NAMES[letter]} to add over."
    total = in_colour(letter, numbers.count(terms.size, "product"))
    if not terms.left_out:
        return f"The framed cell is the sum of {total}, one for each {AXIS_NAMES[letter]}; all of them are shown."
    return (
        f"The framed cell is the sum of {total}, one for each {AXIS_NAMES[letter]}; {_few(len(terms.indices))} of them "
        f"{_verb(len(terms.indices), 'is', 'are')} shown, and {numbers.count(terms.left_out)} more are added."
    )


def add(shown: ShownOperation) -> str:
    bias = shown.operands[1]
    zero = " The biases shown are 0, so nothing changes." if not bias.values.any() else ""
    again = "" if shown.window.n == 1 else " The one row serves every image."
    return f"Each number plus the bias of its {AXIS_NAMES[bias.axes[0]]}, `{bias.text}`.{again}{zero}"


def clamp_min(shown: ShownOperation) -> str:
    values = shown.operands[0].values
    below = int((values < 0).sum())
    if not below:
        return f"{_part(below, values.size, 'number')} is below 0, so all stay as they are."
    stay = "" if below == values.size else "; what is positive stays"
    verbs = ("is below 0 and becomes 0", "are below 0 and become 0")
    return f"{_part(below, values.size, 'number')} {_verb(below, *verbs)}{stay}."


def gt(shown: ShownOperation) -> str:
    values = shown.result.values
    above = int(values.sum())
    return f"{_part(above, values.size, 'cell')} {_verb(above, 'is', 'are')} on: above 0 is on, anything else is off."


def mask(shown: ShownOperation) -> str:
    mask = shown.operands[0].values
    off = int((mask == 0).sum())
    rest = "" if off == mask.size else "; what meets a 1 passes unchanged"
    verbs = ("meets a 0 and is stopped", "meet a 0 and are stopped")
    return f"Each gradient times the 1 or 0 of its unit. {_part(off, mask.size, 'gradient')} {_verb(off, *verbs)}{rest}."


def div(shown: ShownOperation) -> str:
    n = shown.window.n
    if n == 1:
        return "Each number divided by n, which is 1: nothing changes."
    return f"Each number divided by n = {in_colour('n', numbers.count(n))}, the number of images, as in the mean."


def added_up(shown: ShownOperation) -> str:
    if shown.window.n == 1:
        return f"There is one row, so `{shown.sets}` is that row."
    return f"Column by column, the {_rows(shown, 'rows')} are added: `{shown.sets}`."


def mean(shown: ShownOperation) -> str:
    n, loss = shown.window.n, numbers.significant(float(shown.result.values))
    if n == 1:
        return f"The mean of one number is that number: the loss is {loss}."
    return (
        f"The {_rows(shown, 'squares')} are added, and the sum is divided by {in_colour('n', numbers.count(n))}: the loss is "
        f"{loss}. That division is where the 1/n of `mse_grad` comes from."
    )


def _rows(shown: ShownOperation, what: str) -> str:
    """What is added over the images, with those left out."""
    n, m = shown.window.n, len(shown.window.images)
    if n == m:
        return f"{what} of {in_colour('n', 'both images' if n == 2 else f'all {n} images')}"
    return f"{what} of the {_few(m)} shown and of {_more(n - m)}"


def _more(images: int) -> str:
    return in_colour("n", f"{numbers.count(images)} more")


def sub_number(shown: ShownOperation) -> str:
    return f"Each number less {shown.operation.arguments[0]:g}."


def mul_number(shown: ShownOperation) -> str:
    return f"Each number times {shown.operation.arguments[0]:g}."


def squeeze(shown: ShownOperation) -> str:
    return f"{_same_numbers(shown)}; the axis of length 1 is gone."


def unsqueeze(shown: ShownOperation) -> str:
    return f"{_same_numbers(shown)}; an axis of length 1 has come in."


def transpose(shown: ShownOperation) -> str:
    return f"{_same_numbers(shown)}: what was a row is a column now."


def sub(shown: ShownOperation) -> str:
    return "The prediction less the label: negative where the prediction is too low."


def square(shown: ShownOperation) -> str:
    return "Each number times itself; no square is negative."


def to_numbers(shown: ShownOperation) -> str:
    return "Where it is on, 1; where it is off, 0."


def unknown(shown: ShownOperation) -> str:
    """Of an operation that has no row in the table, or is used otherwise than there."""
    return f"What `{shown.operation.expression}` takes, and what comes out."


def _same_numbers(shown: ShownOperation) -> str:
    count = shown.result.values.size
    return "The same number" if count == 1 else f"The same {count} numbers"


def _first(window: Window) -> Chosen:
    return Chosen(window.images[0], window.pixels[0], window.units[0])


def _part(count: int, size: int, noun: str) -> str:
    """ "3 of these 12 cells", at the beginning of a sentence."""
    if not count:
        return f"None of these {numbers.count(size, noun)}" if size > 1 else f"No {noun}"
    if count == size:
        return {1: f"The one {noun}", 2: f"Both {noun}s"}.get(size, f"All {size} {noun}s")
    return f"{count} of these {numbers.count(size, noun)}"


def _verb(count: int, one: str, many: str) -> str:
    return one if count < 2 else many


def _few(count: int) -> str:
    return {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 8: "eight"}.get(count, str(count))


def _images(window: Window, pick: Pick) -> str:
    shown = window.images
    if window.n == 1:
        return f"{in_colour('n', 'Image 0')} is the only one of the batch."
    named = in_colour("n", f"{'Images' if len(shown) > 1 else 'Image'} {listed(shown)}")
    if pick.images:
        return f"{named}: your choice."
    return f"{named}: all there are." if len(shown) == window.n else f"{named}: the first of the batch."


def _pixels(window: Window, pick: Pick) -> str:
    named = in_colour("i", f"Pixels {window.pixels[0]} to {window.pixels[-1]}")
    if pick.pixel is not None:
        return f"{named}: your choice."
    images = "this image" if len(window.images) == 1 else "these images"
    return f"{named}: the five neighbours most often lit in {images}, of the most varied ink."


def _units(window: Window, pick: Pick) -> str:
    shown, count = window.units, _unit_count(window)
    named = in_colour("j", f"Units {shown[0]} to {shown[-1]}" if len(shown) > 2 else f"Units {listed(shown)}")
    if count == len(shown):
        return f"{named}: all there are."
    if pick.unit is not None:
        return f"{named}: your choice."
    if not window.value_of("l1.g").any():
        return f"{named}: the first, since no gradient reaches any unit here."
    return f"{named}: the {_few(len(shown))} neighbours that most often get a gradient here, and the largest."


def _unit_count(window: Window) -> int:
    return window.whole["w1.g"].shape[1]
