"""What the page of the gradient matrix says first, true in the state it is made from."""

from mnistgrad.captions import build_up, one_weight, units
from mnistgrad.captions.words import every_image, out_of
from mnistgrad.common import numbers
from mnistgrad.gradient.weight_gradient import WeightGradient


def kicker(found: WeightGradient) -> str:
    return f"Inside {found.layer}.g · a gradient of shape {numbers.shape((found.rows, found.columns))}"


def headline(found: WeightGradient) -> str:
    if found.is_zero:
        return "Every hidden unit is off, so there is no gradient to see"
    if found.layer == "w2":
        return "The second layer's gradient has one column"
    if found.n == 1:
        return "One image: every row is the same vector, times its pixel"
    return "The copies stop where the ink begins" if found.background else "The zeros stop where the ink begins"


def lede(found: WeightGradient) -> str:
    return _second_layer(found) if found.layer == "w2" else _first_layer(found)


UNITS, ONE_WEIGHT, BUILD_UP = "units", "one-weight", "build-up"  # anchors of the page's sections


def contents(found: WeightGradient) -> str:
    """Links to the sections further down."""
    sections = {ONE_WEIGHT: one_weight.TITLE, BUILD_UP: build_up.title(found)}
    if found.layer == "w1" and not found.is_zero:
        sections = {UNITS: units.tiles_heading(found)} | sections
    return "Further down: " + " · ".join(f"[{title}](#{anchor})" for anchor, title in sections.items())


def _first_layer(found: WeightGradient) -> str:
    if not found.varying_columns:
        return f"No column of `w1.g` changes from row to row: in all {found.columns} :green[hidden units] it is 0."
    units = out_of(found.varying_columns, found.columns)
    says = (
        "Does a column of `w1.g` change from row to row? Among the printed rows, never. "
        f"Over the whole image, in {units} :green[hidden units]."
    )
    if found.n == 1:
        says += " With one :orange[image] the rows still differ by a factor only: each is the bias gradient times its pixel."
    return says


def _second_layer(found: WeightGradient) -> str:
    off = int(found.copies.sum())
    says = (
        f"`w2.g` is made by the same line as `w1.g`: `inp` is now `l2`, with one row for each of the {found.rows} "
        ":green[hidden units], and `out.g` has one number an :orange[image]. A matrix of one column is one outer product, "
        "whatever the images are, so its rank says nothing here."
    )
    if not off:
        return says
    many = "1 unit is" if off == 1 else f"{off} units are"
    which = every_image(found.n)
    whose = "its row is" if off == 1 else "their rows are all the same:"
    fate = f"{numbers.fixed(found.background, 1)} times the bias gradient" if found.background else "0"
    return says + f" {many} off for {which}, so {whose} {fate}."
