"""The sentences of the puzzle page, each true in the state it is made from."""

from collections.abc import Sequence
from dataclasses import dataclass

from mnistgrad import numbers
from mnistgrad.analysis import distinct_rows, printed_indices
from mnistgrad.examination import Examination
from mnistgrad.gradients import product_bytes

KICKER = "fast.ai lesson 8 · the backward pass of a linear layer"
STRIP_SENTENCE = (
    "A thin vertical line for each :blue[pixel], a band for each :green[hidden unit]. "
    "The print keeps only the slivers at the two ends."
)


@dataclass(frozen=True)
class Figure:
    """A number to read at a glance: the value, what it is out of, and what it means."""

    value: str
    of: str
    meaning: str


def headline(found: Examination) -> str:
    if found.is_zero:
        return "Every hidden unit is off, so there is no gradient to see"
    if found.n == 1:
        return "With one image the learner is right: one row, times each pixel"
    if not found.black:
        return "A weight gradient is not 784 rows of zeros"
    return "A weight gradient is not one row copied 784 times"


def lede(found: Examination) -> str:
    printed = f"**{len(printed_rows(found))} of {found.rows} rows**"
    if found.is_zero:
        return "No unit is on for any image of this batch, so `w1.g` is 0 everywhere. Take more images or another seed."
    if found.n == 1:
        return (
            "With n = 1, `w1.g` is a single outer product: every row is **the same vector** of "
            f"{numbers.count(found.columns)} gradients, times its own pixel. That is why its rank is 1. "
            f"{numbers.count(found.black_pixels)} pixels of this image are black, so {_fate(found)}. "
            "Add a second :orange[image] and the rows stop being multiples of one another."
        )
    return (
        f"A learner printed `w1.g` and read the same number down every column. The print is right, but it shows {printed}: "
        f"corner pixels, black in all :orange[{numbers.count(found.n)} images], so {_fate(found)}. "
        f"The whole matrix has **{numbers.count(found.distinct)} different rows**."
    )


def _fate(found: Examination) -> str:
    """What happens to the rows of black pixels, and why."""
    if not found.black:
        return "their rows are exactly 0: without normalisation black is 0"
    black = numbers.fixed(found.black, 4)
    return f"their rows are all the same: black is {black}, and each row is that constant times the bias gradient"


def figures(found: Examination) -> list[Figure]:
    copied = numbers.percent(found.spectrum.copied_row_share)
    passed = all(check.passed for check in found.autograd.values())
    verdict = "within the preset's tolerance" if passed else "OUTSIDE the preset's tolerance"
    worst = max(check.difference for check in found.autograd.values())
    one = "the one outer product there is" if found.n == 1 else "its best outer product"
    return [
        Figure(numbers.count(found.distinct), f"of {found.rows}", "rows differ from one another"),
        Figure(numbers.count(found.spectrum.rank), f"of {found.columns}", "rank; one copied row would have rank 1"),
        Figure(
            numbers.percent(found.spectrum.first_share),
            "",
            f"of its squared norm is in {one}; the best copied row holds {copied}",
        ),
        Figure(
            numbers.scientific(worst),
            "",
            f"largest difference from PyTorch autograd, {verdict}; "
            f"{numbers.scientific(found.finite_difference)} from finite differences",
        ),
    ]


def printed_rows(found: Examination) -> list[int]:
    return printed_indices(found.rows)


def printed_sentence(found: Examination) -> str:
    if found.is_zero:
        return "Every number is 0: no unit is on."
    if not found.black:
        return "Every number is 0: a black pixel is 0, and 0 times any gradient is 0."
    return "Read down any column: the number never changes."


def moved_sentence(found: Examination, rows: Sequence[int]) -> str:
    """What the six movable rows show."""
    different = distinct_rows(found.w1_exact[list(rows)], found.w1_exact)
    black = int(found.groups.black[list(rows)].sum())
    kinds = {1: "all six rows are the same", len(rows): "all six rows differ"}.get(
        different, f"{different} different rows among these six"
    )
    multiples = ", all multiples of one vector" if found.n == 1 and different > 1 else ""
    which = "the image" if found.n == 1 else "every image"
    return (
        f"{kinds[0].upper()}{kinds[1:]}{multiples}; {black} of the six pixels {'is' if black == 1 else 'are'} black in {which}."
    )


def map_sentence(found: Examination) -> str:
    what = "the one image" if found.n == 1 else f"the mean of the :orange[{numbers.count(found.n)} images]"
    where = "in it" if found.n == 1 else "in all of them"
    return (
        f"One row of w1.g is one :blue[pixel]. Blue is {what}; the {numbers.count(found.black_pixels)} hatched pixels are "
        f"black {where}. Click a pixel to move the six rows."
    )


def strip_title(found: Examination) -> str:
    shown = len(printed_rows(found)) * len(printed_indices(found.columns))
    return f"The whole matrix: {numbers.count(found.rows * found.columns)} numbers, of which the print shows {shown}"


def variance_sentence(found: Examination) -> str:
    vary = int((found.variances["all"] > found.zero_variance).sum())
    off = int(found.off.sum())
    says = (
        "Variance over rows, that is over :blue[pixels], not over images. Over the printed rows it is exactly 0 in every "
        f":green[column]; over all {found.rows} rows {_share_of(vary, found.columns)} vary."
    )
    if off == 1:
        says += " One unit is off for every image, so its column is 0."
    elif off:
        says += f" {_share_of(off, found.columns).capitalize()} units are off for every image, so their columns are 0."
    return says


def _share_of(part: int, whole: int) -> str:
    return f"all {whole}" if part == whole else f"{part or 'none'} of {whole}"


def answers(found: Examination) -> list[tuple[str, str]]:
    """The learner's three questions, each with its answer from the numbers at hand."""
    n, i, j = found.n, found.rows, found.columns
    products = numbers.count(n * i * j)
    copied = numbers.percent(found.spectrum.copied_row_share)
    if found.is_zero:
        first = "Here it is 0 everywhere: no unit is on."
    elif n == 1:
        first = (
            "For one image, nearly: it is one vector of gradients times each pixel, an outer product. For a batch it is the sum "
            "of as many outer products as there are images, and those have different pixels and different gradients."
        )
    else:
        first = (
            f"No. It is the sum of :orange[{numbers.count(n)}] outer products, one for each image, and "
            f"{numbers.count(found.distinct)} of its {i} rows differ. The printed rows are copies only because their pixels are "
            "the same in every image."
        )
    second = (
        f"No. It takes n · {i} · {j} = {products} multiplications, exactly as many as the forward product `inp @ w1`. Written "
        f"`inp.t() @ out.g` it is one matrix product, and the {numbers.byte_count(product_bytes(n, i, j))} of the product in "
        "between are never formed."
    )
    third = (
        f"The other way round. With one row copied, all {i} weights of a unit would move by the same amount, whatever their "
        "pixels showed, so the unit could learn how much ink there is, but not where."
    )
    if not found.is_zero:
        third += f" Of this gradient, the best copied row keeps {copied} of the squared norm."
    return [
        ("Is w1.g just one vector, copied?", first),
        ("Is a gradient for every weight far too much computation?", second),
        ("Is it far harder to train?", third),
    ]
