"""What the gradient page says about variance: over pixels, over hidden units, and over images."""

from mnistgrad.captions.words import every_image, out_of
from mnistgrad.common import numbers
from mnistgrad.gradient.rows import Rows
from mnistgrad.gradient.variance import ImageVariance
from mnistgrad.gradient.weight_gradient import WeightGradient

CLEAR_ERRORS = 2.0  # standard errors from 0 that count as clear
ONE_NUMBER = "A row of w2.g is a single number, which has no variance. Look at the column, or over the images."
NO_ROW_VARIES = "No unit is on for any image, so w1.g is 0 everywhere and no row varies."
ONE_IMAGE = (
    "With one :orange[image] there is nothing to vary over: its own gradient is the gradient. Take two images or more to see "
    "how far they agree."
)


def columns_title(layer: str) -> str:
    return "How much each column of w1.g varies from row to row" if layer == "w1" else "How much the column of w2.g varies"


def columns_sentence(found: WeightGradient) -> str:
    """For w1."""
    says = "A mark for each :green[hidden unit] and group of rows: the variance is over :blue[pixels], not over images."
    return f"{says}{_off(found)}{_constant_pixels(found)} Click a unit to choose it."


def _off(found: WeightGradient) -> str:
    off, every = int(found.off.sum()), every_image(found.n)
    if off == 1:
        return f" One unit is off for {every}, so its column is 0."
    return f" {out_of(off, found.columns).capitalize()} units are off for {every}, so their columns are 0." if off else ""


def _constant_pixels(found: WeightGradient) -> str:
    """Those that are not black, where the chart shows them."""
    constant, black = found.sizes["constant"], found.sizes["black"]
    if constant in (found.rows, black):
        return ""
    more = numbers.count(constant - black, "more pixel")
    are, their = ("is", "its row is its") if constant - black == 1 else ("are", "each of their rows is its")
    return f" {more} {are} constant without being black: {their} own constant times b1.g."


def lane_labels(gradient: WeightGradient) -> dict[str, str]:
    """For each group of w2's rows that is worth a line of its own: its label."""
    off, on = gradient.sizes["off"], gradient.sizes["on"]
    every = {"all": f"all {numbers.count(gradient.rows, 'unit')}"}
    if not (off and on):
        return every
    return {"off": f"{numbers.count(off, 'unit')} off", "on": f"{numbers.count(on, 'unit')} on"} | every


def lanes_sentence(gradient: WeightGradient) -> str:
    """For w2."""
    off = gradient.sizes["off"]
    says = (
        "An entry for each :green[hidden unit]; the bar is one standard deviation to each side of the mean. The variance is "
        "over units, not over images."
    )
    if off > 1:
        each = numbers.significant(gradient.background, sign=True)
        says += f" The {off} units that are off hold {each} for every image, so their entries are copies and do not vary."
    elif off:
        says += " One unit is off for every image; a single entry has no spread."
    return f"{says} Click an entry to choose it."


def rows_title() -> str:
    return "How much each row of w1.g varies from unit to unit"


def rows_sentence(gradient: WeightGradient, variances: list[float]) -> str:
    """For w1. variances: of its rows, not all 0."""
    copy = next((v for v, black in zip(variances, gradient.copies.tolist(), strict=True) if black), None)
    black = numbers.count(gradient.sizes["black"], "black pixel")
    says = f"Across now: the variance of each row over the {gradient.columns} :green[hidden units], one for each :blue[pixel]. "
    if gradient.n == 1:
        says += "With one image every row is the same vector times its pixel, so the map is that image with each value squared. "
    if copy is None:
        return says + "No pixel is black in every image, so no rows are copies. Click a pixel to choose its row."
    if not copy:
        return says + f"The rows of the {black} are exactly 0. Click a pixel to choose its row."
    margin = 1e-9 * copy
    more, less = sum(v > copy + margin for v in variances), sum(v < copy - margin for v in variances)
    return says + (
        f"The {black} have copies of one row, so all have one value, {numbers.significant(copy)}; "
        f"{numbers.count(more, 'row')} {'varies' if more == 1 else 'vary'} more and {less or 'none'} less. "
        "Click a pixel to choose its row."
    )


DISTANCE_TITLE = "How far each row is from a black pixel's row"


def distance_sentence(found: WeightGradient, rows: Rows) -> str:
    copies, farthest = int(rows.copied.sum()), int(rows.distances.argmax())
    hatched = "The hatched row is it exactly" if copies == 1 else f"The {numbers.count(copies)} hatched rows are exact copies"
    near = f"{hatched}, at 0" if copies else "No row is it: no pixel is black in every image"
    return (
        f"Euclidean distance between rows of {numbers.count(found.columns, 'number')}. {near}; farthest is "
        f":blue[row] {farthest}, at {numbers.significant(rows.distances[farthest].item())}."
    )


def images_title(layer: str, column: int) -> str:
    return f"Unit {column}: do the images agree?" if layer == "w1" else "w2.g: do the images agree?"


def images_sentence(gradient: WeightGradient, found: ImageVariance, column: int) -> str:
    """Of one column over two images or more."""
    return (
        f"Another variance: each of the :orange[{numbers.count(found.n, 'image')}] has its own gradient of every weight, and "
        f"{gradient.layer}.g is their mean. {_column_spread(gradient, found, column)}"
    )


def ratio_sentence(layer: str, n: int) -> str:
    """How the ratio is made. For two images or more."""
    factors = "inp[n, i] · l1.g[n, j]" if layer == "w1" else "l2[n, j] · out.g[n, k]"
    errors = f"√{numbers.count(n - 1)} = {numbers.significant((n - 1) ** 0.5)}"
    return (
        f"An image's own gradient is {numbers.count(n)} · {factors}, for the 1/{numbers.count(n)} lies in out.g. The ratio, "
        f"signal-to-noise, is |mean| ÷ standard deviation over images; times {errors} it is the mean in standard errors, a t "
        "statistic."
    )


def _column_spread(gradient: WeightGradient, found: ImageVariance, column: int) -> str:
    varies = found.varies[:, column]
    if not varies.any():
        return f"Unit {column} is off for every image: nothing to compare." if gradient.off[column] else "No weight here varies."
    says, still = _shares(found, column), int((~varies).sum())
    if gradient.layer == "w1":
        return f"{says} {_black_ratio(gradient, found, column)}"
    return f"{says} {numbers.count(still, 'unit')} without a bar: the same for every image." if still else says


def _shares(found: ImageVariance, column: int | None = None) -> str:
    """Of the weights that vary, in one column or in all."""
    chosen = slice(None) if column is None else column
    ratio = found.signal_to_noise[:, chosen][found.varies[:, chosen]]
    below, clear = (ratio < 1).double().mean().item(), (ratio * (found.n - 1) ** 0.5 > CLEAR_ERRORS).double().mean().item()
    return (
        f"A ratio below 1, where the images differ by more than their mean: {numbers.percent(below)} of the "
        f"{numbers.count(len(ratio), 'weight')} that {'varies' if len(ratio) == 1 else 'vary'}; more than two standard errors "
        f"from 0: {numbers.percent(clear)}."
    )


def _black_ratio(gradient: WeightGradient, found: ImageVariance, column: int) -> str:
    if not gradient.sizes["black"]:
        return "No pixel is black in every image, so none is hatched."
    if not gradient.background:
        return "Hatched pixels are 0 in every image: 0 ÷ 0, no ratio."
    ratio = found.signal_to_noise[gradient.copies, column][0].item()
    return f"Hatched pixels hold one constant, so all have the ratio of b1.g[{column}], {numbers.significant(ratio)}."


def matrix_title() -> str:
    return "Signal-to-noise of every weight"


def matrix_sentence(found: ImageVariance) -> str:
    """Over two images or more."""
    if not found.varies.any():
        return "No unit is on for any image, so no weight has a gradient that could vary."
    return f"All of w1 at once, its rows from top to bottom. {_shares(found)} Click a column to choose its unit."
