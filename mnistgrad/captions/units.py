"""What is said of one column of the gradient, of all columns side by side, and of why copies are copies."""

from mnistgrad.captions.gradient import NOTHING, ONE_COLUMN
from mnistgrad.common import numbers
from mnistgrad.gradient.rows import Rows
from mnistgrad.gradient.weight_gradient import WeightGradient

NO_COPIES = "No pixel is black in every image, so there are no copies to hatch."


def nothing_sentence(found: WeightGradient) -> str:
    """Where every entry is 0."""
    return (
        f"Every entry of `{found.layer}.g` is 0, since no unit is on for {_images(found)}: there is no map to draw. Take more "
        "images or another seed."
    )


def headline(found: WeightGradient) -> str:
    if found.is_zero:
        return NOTHING
    if found.layer == "w2":
        return ONE_COLUMN
    if found.spectrum.rank == 1:
        which = "the one image" if found.n == 1 else "the same picture"
        return f"Every hidden unit shows {which}, times a number of its own"
    return "Every hidden unit has a picture of its own"


def map_title(column: int) -> str:
    return f"Column {column}: the gradient of one hidden unit"


def map_sentence(found: WeightGradient, rows: Rows, column: int) -> str:
    if found.off[column]:
        return (
            f"Unit {column} is off for {_images(found)}, so all {found.rows} numbers of its :green[column] are 0. "
            "Choose another unit among the tiles."
        )
    value = found.background * found.b_g[column].item()
    copies = int(rows.copied.sum())
    held = f"{_hatched(copies)} {numbers.significant(value, sign=True)}." if copies else NO_COPIES
    return f"Its {found.rows} numbers, laid back onto the image. {held} Click a :blue[pixel] to choose its row."


def _hatched(copies: int) -> str:
    return "The one hatched pixel holds" if copies == 1 else f"The {numbers.count(copies)} hatched pixels hold the same value,"


def identity_sentence(found: WeightGradient, rows: Rows) -> str:
    """`row = c * b.g` on the real numbers."""
    bias = f"b{found.layer[1]}.g"
    inputs = "pixel" if found.layer == "w1" else "hidden unit"
    holder = "a pixel" if found.layer == "w1" else "the l2 of a hidden unit"
    law = f"Where {holder} holds one value c in every :orange[image], c comes out of the sum: `row = c * {bias}`."
    count = int(rows.constant.sum())
    if not count:
        return f"{law} In this batch no {inputs} does, so there is no row to check."
    many = f"the 1 such {inputs}" if count == 1 else f"the {numbers.count(count)} such {inputs}s"
    values = "one c" if rows.values == 1 else f"{numbers.count(rows.values)} different c, each row with its own"
    one_image = " With one image everything is constant." if found.n == 1 else ""
    size = numbers.scientific(rows.difference, 1)
    difference = "no difference at all" if not rows.difference else f"a largest difference of {size}"
    return (
        f"{law}{one_image} Checked for {many} here ({values}): {difference}, where the largest entry of "
        f"`{found.layer}.g` is {numbers.significant(rows.largest)}."
    )


def tiles_title(found: WeightGradient) -> str:
    return f"All {found.columns} hidden units, each column a tile"


def tiles_sentence(found: WeightGradient, rows: Rows, limit: float | None) -> str:
    """limit: the end of the one scale, or None where each tile has its own."""
    scale = (
        "Each tile has a scale of its own, so the faint units look as strong as the others."
        if limit is None
        else f"One scale for all, to ±{numbers.significant(limit)}; what lies beyond has the end colour."
    )
    return f"{scale} {_alike(found, rows)}{_off(found)} Click a tile to choose its unit."


def _alike(found: WeightGradient, rows: Rows) -> str:
    if found.spectrum.rank == 1:
        return "The sign of its number swaps a tile's two colours: the matrix is one outer product."
    copies = int(rows.copied.sum())
    if not copies:
        return NO_COPIES
    where = "the hatched pixel" if copies == 1 else f"the {numbers.count(copies)} hatched pixels"
    value = "one value a tile" if found.background else "0"
    return f"At {where} every tile is flat: {value}, and that is what the learner saw."


def _off(found: WeightGradient) -> str:
    off = int(found.off.sum())
    if not off:
        return ""
    return f" {numbers.count(off)} {'unit is' if off == 1 else 'units are'} off for {_images(found)}."


BARS_TITLE = "w2.g: one number for each hidden unit"


def bars_sentence(found: WeightGradient) -> str:
    """Of w2.g, with what a layer of one output has not got."""
    value = found.background * found.b_g.item()
    row = f"{numbers.fixed(found.background, 1)} · b2.g = {numbers.significant(value, sign=True)}" if found.background else "0"
    off = int(found.copies.sum())
    if off:
        says = f"{numbers.count(off)} {'unit is' if off == 1 else 'units are'} off for {_images(found)} (faded); "
        says += f"{'its row is' if off == 1 else 'their rows are copies,'} {row}"
    else:
        says = f"No unit is off for {_images(found)}; the row of one would be {row}"
    return (
        f"Its rows are :green[hidden units], not pixels: no map of the image and no tiles here. {says}, the dashed line. "
        "Click a bar to choose its unit."
    )


def _images(found: WeightGradient) -> str:
    return "the one image" if found.n == 1 else "every image"
