"""What the views of the gradient matrix say first, true in the state it is made from."""

from mnistgrad.captions.words import every_image, out_of
from mnistgrad.common import numbers
from mnistgrad.gradient.weight_gradient import WeightGradient

NOTHING = "Every hidden unit is off, so there is no gradient to see"
ONE_COLUMN = "The second layer's gradient has one column"


def kicker(found: WeightGradient) -> str:
    return f"Inside {found.layer}.g · a gradient of shape {numbers.shape((found.rows, found.columns))}"


def headline(found: WeightGradient) -> str:
    """Of how much its columns and rows vary."""
    if found.is_zero:
        return NOTHING
    if found.layer == "w2":
        return ONE_COLUMN
    if found.n == 1:
        return "One image: the rows are multiples of one vector, not copies of it"
    if not found.sizes["black"]:
        return "No pixel stays black, so there are no copies to show"
    return "The copies stop where the ink begins" if found.background else "The zeros stop where the ink begins"


def lede(found: WeightGradient) -> str:
    return _second_layer(found) if found.layer == "w2" else _first_layer(found)


def _first_layer(found: WeightGradient) -> str:
    if not found.varying_columns:
        return f"No column of `w1.g` changes from row to row: in all {found.columns} :green[hidden units] it is 0."
    units = out_of(found.varying_columns, found.columns)
    printed = f"in {out_of(found.varying_in_print, found.columns)}" if found.varying_in_print else "never"
    says = (
        f"Does a column of `w1.g` change from row to row? Among the printed rows, {printed}. "
        f"Over the whole image, in {units} :green[hidden units]."
    )
    if found.n == 1:
        says += (
            " The matrix is one outer product, of rank 1: each row is b1.g times its :blue[pixel]. Only if all pixels were equal "
            "would the rows be copies."
        )
    return says


def _second_layer(found: WeightGradient) -> str:
    off = int(found.copies.sum())
    says = (
        f"The line that makes `w1.g` makes `w2.g` too: `inp` is now `l2`, with one row for each of the {found.rows} "
        ":green[hidden units], and `out.g` has one number an :orange[image]."
    )
    if not off:
        return says
    many = "1 unit is" if off == 1 else f"{off} units are"
    which = every_image(found.n)
    whose = "its row is" if off == 1 else "their rows are all the same:"
    fate = f"{numbers.fixed(found.background, 1)} times the bias gradient" if found.background else "0"
    return says + f" {many} off for {which}, so {whose} {fate}."
