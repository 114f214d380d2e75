"""The sentences of the puzzle page, each true in the state it is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mnistgrad.captions.words import every_image, out_of
from mnistgrad.common import numbers
from mnistgrad.common.data_files import DataFileError
from mnistgrad.gradient.statistics import distinct_rows, printed_indices
from mnistgrad.gradient.weight_gradient import WeightGradient
from mnistgrad.network.data import TRAINING_IMAGES
from mnistgrad.network.gradients import product_bytes
from mnistgrad.network.verification import Verification
from mnistgrad.training.comparison import Comparison
from mnistgrad.training.stored import stored_comparison

KICKER = "fast.ai lesson 8 · the backward pass of a linear layer"


@dataclass(frozen=True)
class Figure:
    """A number to read at a glance: the value, what it is out of, and what it means."""

    value: str
    of: str
    meaning: str


def headline(found: WeightGradient) -> str:
    if found.is_zero:
        return "Every hidden unit is off, so there is no gradient to see"
    if found.n == 1:
        return "One image: the rows are multiples of one vector, not copies of it"
    if not found.background:
        return "A weight gradient is not 784 rows of zeros"
    return "A weight gradient is not one row copied 784 times"


def lede(found: WeightGradient) -> str:
    if found.is_zero:
        return "No unit is on for any image of this batch, so `w1.g` is 0 everywhere. Take many more images or another seed."
    if found.n == 1:
        return (
            "With n = 1, `w1.g` is a single outer product, of rank 1: each row is one vector of "
            f"{numbers.count(found.columns)} gradients, times its own pixel. The rows would be copies only if all pixels were "
            f"equal; here **{numbers.count(found.distinct)} are different**. {numbers.count(found.sizes['black'])} pixels of "
            f"this image are black, so {_fate(found)}."
        )
    rank_one = " Here all rows are still multiples of one vector (rank 1)." if found.spectrum.rank == 1 else ""
    return (
        "A learner printed `w1.g` and read the same number down every column. The print is right, but it shows "
        f"**{len(printed_rows(found))} of {found.rows} rows**: corner pixels, black in {_all_images(found)}, so {_fate(found)}. "
        f"The whole matrix has **{numbers.count(found.distinct)} different rows**.{rank_one}"
    )


def reason(found: WeightGradient) -> str:
    """Why the rows of black pixels are alike, from the line itself."""
    line = (
        "The line `w.g = (inp.unsqueeze(-1) * out.g.unsqueeze(1)).sum(0)` makes every entry a sum over the images: "
        "w1.g[:blue[i], :green[j]] = Σₙ inp[:orange[n], :blue[i]] · out.g[:orange[n], :green[j]]. "
    )
    if not found.background:
        return line + "Where a pixel is black in every image, every term is 0, and so is the sum."
    return line + (
        f"Where a pixel is black in every image, inp is the same c = {numbers.fixed(found.background, 4)} in every term. It "
        "comes out of the sum, and what is left, Σₙ out.g[:orange[n], :green[j]], is the bias gradient b1.g: one and the same "
        "row for every such pixel."
    )


def _all_images(found: WeightGradient) -> str:
    if found.n == 1:
        return "the :orange[image]"
    return "both :orange[images]" if found.n == 2 else f"all :orange[{numbers.count(found.n)} images]"


def _fate(found: WeightGradient) -> str:
    """What happens to the rows of black pixels."""
    if not found.background:
        return "their rows are exactly 0: without normalisation black is 0"
    return f"their rows are all the same, {numbers.fixed(found.background, 4)} times the bias gradient"


def figures(found: WeightGradient, verified: Mapping[str, Verification] | None) -> list[Figure]:
    """verified: of "w1" at least, and of every other gradient that is to count; None while they are made."""
    black = numbers.count(found.sizes["black"])
    return [
        Figure(numbers.count(found.distinct), f"of {found.rows}", f"different rows; the {black} of black pixels count as one"),
        Figure(
            numbers.count(found.spectrum.rank),
            f"of {found.columns}",
            "independent directions (rank); one copied row would have 1",
        ),
        _share_figure(found),
        _verification_figure(verified)
        if verified
        else Figure("…", "", "being compared with PyTorch autograd and finite differences"),
    ]


def _share_figure(found: WeightGradient) -> Figure:
    if found.is_zero:
        return Figure("–", "", "there is no gradient whose share could be told")
    copied = numbers.percent(found.spectrum.copied_row_share)
    meaning = f"of its squared size is one outer product, each pixel with its own factor; one row, copied, holds {copied}"
    return Figure(numbers.percent(found.spectrum.first_share), "", meaning)


def _verification_figure(verified: Mapping[str, Verification]) -> Figure:
    passed = all(each.autograd.passed for each in verified.values())
    verdict = "within the preset's tolerance" if passed else "OUTSIDE the preset's tolerance"
    worst = max(each.autograd.difference for each in verified.values())
    exact = "equal to the last bit" if passed and not worst else verdict
    slopes = numbers.scientific(verified["w1"].slope)
    meaning = f"largest difference from PyTorch autograd, {exact}; {slopes} from finite differences"
    return Figure(numbers.scientific(worst), "", meaning)


def printed_rows(found: WeightGradient) -> list[int]:
    return printed_indices(found.rows)


def printed_sentence(found: WeightGradient) -> str:
    if found.is_zero:
        return "Every number is 0: no unit is on."
    if not found.background:
        says = "Every number is 0: a black pixel is 0, and 0 times any gradient is 0."
    else:
        says = "Read down any column: the number never changes."
    if found.n == TRAINING_IMAGES:
        return says
    return f"{says} Here for :orange[{numbers.count(found.n, 'image')}]; the lesson takes {numbers.count(TRAINING_IMAGES)}."


def moved_sentence(found: WeightGradient, rows: Sequence[int]) -> str:
    """What the six movable rows show."""
    different = distinct_rows(found.g[list(rows)], found.g)
    black = int(found.groups["black"][list(rows)].sum())
    kinds = {1: "all six rows are the same", len(rows): "all six rows differ"}.get(
        different, f"{different} different rows among these six"
    )
    multiples = ", all multiples of one vector" if found.n == 1 and different > 1 else ""
    which = every_image(found.n)
    return (
        f"{kinds[0].upper()}{kinds[1:]}{multiples}; {black} of the six pixels {'is' if black == 1 else 'are'} black in {which}."
    )


def map_sentence(found: WeightGradient) -> str:
    what = "the one image" if found.n == 1 else "the mean image"
    return (
        f"One row of w1.g is one :blue[pixel]. Blue is the ink of {what}; the {numbers.count(found.sizes['black'])} hatched "
        f"pixels are black in {_all_images(found)}. Click a pixel to move the six rows."
    )


def strip_title(found: WeightGradient) -> str:
    shown = len(printed_rows(found)) * len(printed_indices(found.columns))
    return f"The whole matrix: {numbers.count(found.rows * found.columns)} numbers, of which the print shows {shown}"


def strip_sentence(found: WeightGradient) -> str:
    printed = len(printed_indices(found.columns))
    units = f", and of those only {printed} of {found.columns} units" if printed < found.columns else ""
    return (
        "Its rows run down, one for each :blue[pixel]; its columns are the :green[hidden units]. The print reads only the framed "
        f"rows at the two ends{units}."
    )


def variance_sentence(found: WeightGradient) -> str:
    off = int(found.off.sum())
    every = every_image(found.n)
    says = (
        "Every mark is a :green[hidden unit]. Over the printed rows its gradient never varies (exactly 0); over all "
        f"{found.rows} rows {out_of(found.varying_columns, found.columns)} vary. This is variance over rows, that is over "
        ":blue[pixels], not over images, on a logarithmic scale."
    )
    if off == 1:
        says += f" One unit is off for {every}, so its column is 0."
    elif off:
        says += f" {out_of(off, found.columns).capitalize()} units are off for {every}, so their columns are 0."
    return says


def answers(found: WeightGradient) -> list[tuple[str, str]]:
    """The learner's three questions, each with its answer from the numbers at hand."""
    return [
        ("Is w1.g just one vector, copied?", _copied_answer(found)),
        ("Is a gradient for every weight far too much computation?", _cost_answer(found)),
        ("Is it far harder to train?", _training_answer(found)),
    ]


def _copied_answer(found: WeightGradient) -> str:
    says = "No. It is the sum of one outer product for each :orange[image], its pixels times its own vector of gradients. "
    if found.is_zero:
        return says + "Here it is 0 everywhere, since no unit is on."
    if found.n == 1:
        return says + (
            "Here that is a single one: its rows are multiples of one vector, and the printed ones are copies because their "
            "pixels are equal, all black."
        )
    return says + (
        f"Of its {found.rows} rows {numbers.count(found.distinct)} differ; the printed ones are copies only because their "
        f"pixels are black in {_all_images(found)}."
    )


def _cost_answer(found: WeightGradient) -> str:
    n, rows, columns = found.n, found.rows, found.columns
    return (
        f"No. It takes n · {rows} · {columns} = {numbers.count(n * rows * columns)} multiplications, exactly as many as the "
        f"forward product `inp @ w1`. Written `inp.t() @ out.g` it is one matrix product like that one, and the product of shape "
        f"{numbers.shape((n, rows, columns))} that the line forms, "
        f"{numbers.byte_count(product_bytes(n, rows, columns))}, is never needed."
    )


def _training_answer(found: WeightGradient) -> str:
    return (
        "No. A weight's own gradient says how the loss changes if that weight moves, so a unit can learn where the ink is. With "
        f"one row copied, all {found.rows} weights of a unit would move alike: it could learn how much ink there is, not where. "
        f"{_trained()}"
    )


def _trained() -> str:
    """How far the kept run of the ten-output network came; nothing where it cannot be read."""
    try:
        found = stored_comparison("cross-entropy")
    except DataFileError:
        return ""
    plan = found.experiment.plan
    true, outer, copied, frozen = (_reads(found, method) for method in ("true", "rank-1", "mean-row", "frozen"))
    return (
        f"Measured, with ten outputs and {numbers.count(plan.images, 'image')}: after {plan.steps} steps the true gradient reads "
        f"{true} of new digits right, its best outer product {outer}, the mean row copied {copied}, a first layer that is never "
        f"trained {frozen}."
    )


def _reads(found: Comparison, method: str) -> str:
    last = found.last(method)
    assert last and last.accuracy is not None  # the kept run did not diverge
    return f"{last.accuracy:.0%}"
