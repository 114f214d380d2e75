"""The sentences about a gradient that is built up image by image, each true at the count it is made from."""

from collections.abc import Sequence
from dataclasses import dataclass

from mnistgrad.captions.gradient import NOTHING
from mnistgrad.common import numbers
from mnistgrad.common.reading import literal
from mnistgrad.gradient.build_up import MOST_OFF, ONE_BY_ONE, SumSoFar
from mnistgrad.gradient.weight_gradient import WeightGradient
from mnistgrad.trace.axes import AXIS_NAMES

MOST_SHOWN = 3  # parts of a list that name no image


@dataclass(frozen=True)
class Figure:
    """A number to read at a glance: the value, what it is out of, and what it means."""

    value: str
    of: str
    meaning: str


def headline(gradient: WeightGradient) -> str:
    if gradient.is_zero:
        return NOTHING
    if gradient.n == 1:
        return f"One image, one outer product: that is all of {gradient.layer}.g"
    return f"Every image adds one outer product to {gradient.layer}.g"


def lede(gradient: WeightGradient) -> str:
    shape, inp = numbers.shape((gradient.rows, gradient.columns)), "inp" if gradient.layer == "w1" else "l2"
    whole = "" if gradient.n == 1 else f" The sum over all :orange[{numbers.count(gradient.n)} images] is `{gradient.layer}.g`."
    return f"The outer product of an :orange[image], {shape}, is its row of `{inp}` times its row of `out.g`.{whole}"


def row_note(possible: int) -> str:
    """How the row of images is read, and how the count goes on by itself."""
    says = "Framed images are in the sum; crossed-out ones are switched off. Click an image to switch it off or on."
    if possible < 2:
        return says
    if possible <= ONE_BY_ONE:
        return f"{says} Play adds one image at a time."
    return f"{says} Play adds one image at a time up to {ONE_BY_ONE}, then goes on to 20, 50, 100 and so on."


def off_note(gradient: WeightGradient, possible: int) -> str:
    """What it means that images are switched off; nothing where all are on."""
    off = gradient.n - possible
    if not off:
        return ""
    if not possible:
        which = "The one image of the batch is" if gradient.n == 1 else "All images of the batch are"
        return f"{which} switched off: there is nothing to add up."
    verbs = "is switched off and does" if off == 1 else "are switched off and do"
    return (
        f"{numbers.count(off)} of {numbers.count(gradient.n)} images {verbs} not count: the sum is the part of the others in the "
        "batch's gradient, not that gradient."
    )


def unread_note(left_out: Sequence[str], n: int) -> str:
    """Which parts of the list of images name none."""
    shown = ", ".join(f"“{literal(part[:12])}”" for part in left_out[:MOST_SHOWN])
    more = f" and {len(left_out) - MOST_SHOWN} more" if len(left_out) > MOST_SHOWN else ""
    allowed = f"at most {MOST_OFF} image numbers, 0 to {numbers.count(n - 1)}, with commas"
    return f"Left out of the list: {shown}{more}. It takes {allowed}."


def figures(found: SumSoFar) -> list[Figure]:
    """The numbers beside the pictures."""
    gradient = found.gradient
    return [
        Figure(numbers.count(found.added), f"of {numbers.count(found.possible)}", "images added"),
        Figure(str(found.rank), f"of {min(gradient.rows, gradient.columns)}", "rank of the sum"),
        Figure(str(found.distinct), f"of {gradient.rows}", "different rows"),
        Figure(_distance(found), "", f"distance from {gradient.layer}.g"),
    ]


def _distance(found: SumSoFar) -> str:
    if found.distance is None:
        return "–"
    percent = 100 * found.distance
    return f"{numbers.significant(percent, 3 if percent < 99 else 4)}%" if percent >= 0.05 else numbers.percent(found.distance)


def part_title(gradient: WeightGradient, column: int) -> str:
    if gradient.layer == "w2":
        return "One image's hidden units times one number, added to the sum so far"
    return f"Hidden unit {column}: one image times one number, added to the sum so far"


def matrix_title(gradient: WeightGradient) -> str:
    return f"All {gradient.columns} hidden units: one outer product, and the sum so far"


def part_sentence(found: SumSoFar, column: int, told: str) -> str:
    """What the image added last brings to a column. told: what it is, "a handwritten 5"."""
    gradient, factor = found.gradient, found.out_g[column].item()
    rows, columns = (AXIS_NAMES[letter] for letter in gradient.axes)
    row_colour, column_colour = (":blue", ":green") if gradient.layer == "w1" else (":green", "")
    whose = f"{column_colour}[{columns} {column}]" if column_colour else "the output"
    number = f"out.g[{found.image}, {column}] = {numbers.significant(factor, sign=True)}"
    says = (
        f":orange[Image {found.image}], {told}: its {row_colour}[{numbers.count(gradient.rows, rows)}] times one "
        f"number for {whose}, {number}. "
    )
    if not factor:
        return says + "That is 0, so this image adds nothing here."
    return says + _background(found)


def _background(found: SumSoFar) -> str:
    """What is added where nothing is."""
    what = "A black pixel" if found.gradient.layer == "w1" else "A unit that is off"
    if not found.gradient.background:
        return f"{what} is 0 and adds nothing."
    return f"{what} adds too: it is {numbers.fixed(found.gradient.background, 4 if found.gradient.layer == 'w1' else 1)}, not 0."


def sum_sentence(found: SumSoFar) -> str:
    """What the sum is by now, and how far from the gradient."""
    return f"{_rank(found)} {_rows(found)} {_whole(found)}"


def _rank(found: SumSoFar) -> str:
    if not found.rank:
        return "The sum is 0 so far." if not found.is_all else "The sum is 0."
    if found.gradient.columns == 1:
        return "A matrix of one column has rank 1, however many images are added."
    if found.added == 1:
        return "One outer product has rank 1: its rows are multiples of one vector, and copies only where pixels are equal."
    limit = f"; {found.added} images give at most {found.added}" if found.added < found.gradient.columns else ""
    return f"The sum of :orange[{numbers.count(found.added)} images] has rank {found.rank}{limit}."


def _rows(found: SumSoFar) -> str:
    rows = found.gradient.rows
    if found.distinct == 1:
        return f"Its {rows} rows are all the same."
    if found.distinct == rows:
        return f"All its {rows} rows differ."
    return f"Of its {rows} rows, {found.distinct} are different."


def _whole(found: SumSoFar) -> str:
    name = f"`{found.gradient.layer}.g`"
    if found.is_all:
        exact = f"to within {numbers.scientific(found.difference)} in every entry" if found.difference else "to the last bit"
        images = "The one image is" if found.gradient.n == 1 else f"All {numbers.count(found.gradient.n)} images are"
        return f"{images} in: this is {name}, {exact}."
    if found.distance is None:
        return f"{name} is 0 too."
    missing = f"Its distance from {name} is {_distance(found)} of the norm of {name}."
    return f"{missing} Every image that is switched on is in." if found.is_last else missing
