"""The words of the story, each true in the state it is made from."""

from collections.abc import Mapping
from typing import Any

from mnistgrad.captions.glossary import explained, term
from mnistgrad.captions.words import every_image, out_of
from mnistgrad.common import numbers
from mnistgrad.gradient.statistics import EDGE_ITEMS, printed_indices
from mnistgrad.gradient.weight_gradient import WeightGradient
from mnistgrad.network.verification import Verification
from mnistgrad.trace.recording import Operation

KICKER = "fast.ai lesson 8 · the backward pass of a linear layer"
ASKED = (
    "A learner printed `w1.g` and asked: is it one vector, copied? Would a gradient for every weight be too much computation? "
    "Far harder to train?"
)


def headline(found: WeightGradient) -> str:
    if found.is_zero:
        return "Every hidden unit is off, so there is no gradient to see"
    if found.n == 1:
        return "One image: every row is one vector, times its pixel"
    if found.distinct == 1:
        return "Here all rows are one row: every image is of one brightness"
    if not found.background and not found.varying_in_print:
        return "A weight gradient is not 784 rows of zeros"
    return "A weight gradient is not one row copied 784 times"


def moving_title(found: WeightGradient) -> str:
    if found.is_zero:
        return "No unit is on, so no image adds anything"
    return "One image, one outer product" if found.n == 1 else "Every image adds a part of its own"


def moving_sentence(found: WeightGradient) -> str:
    return (
        "`w.g = (inp.unsqueeze(-1) * out.g.unsqueeze(1)).sum(0)`: an :orange[image] times its :green[`out.g`], added up. "
        "Click a pixel to watch its row, a strip to choose the unit."
    )


def moving_words(found: WeightGradient) -> Mapping[str, Any]:
    """What the moving picture says, with what changes as it plays in braces."""
    copies = _corners(found)
    one = found.n == 1
    return dict(
        play="Play ▶",
        pause="Pause ❚❚",
        label="How a column of w1.g is added up; arrow keys step, the space bar plays",
        labels=dict(place="Images added", speed="Speed", play="Play or pause"),
        watch="Pixels of the sum; arrow keys move, Enter watches the row",
        column="Hidden unit; arrow keys choose",
        back="{step} image{s} back",
        forth="{step} image{s} more",
        count="{m} of {n} images" if not one else "the one image",
        image="image {image}: {shows}",
        others="the other {rest} images; shown: their mean",
        number="out.g[{image}, {unit}]",
        unit="of unit {unit}",
        off="the unit is off",
        each="each its own",
        part="its part: one number times each pixel",
        parts="their parts, added up",
        sum="w1.g[:, {unit}], the sum of {m}" if not one else "w1.g[:, {unit}]",
        whole="all of w1.g: {rows}",
        distinct="{distinct} different rows",
        alike="the same row 784 times",
        row="row {row}",
        pixel="pixel ({row}, {column})",
        corner=["", "", copies],
        own="its own mixture",
        alike_here="its own, not in this unit",
        black="black so far: a copy",
        multiple="the same vector, times its pixel",
        say=dict(
            one=_one_image(found),
            more=_so_far(found, "{m} images"),
            end=_so_far(found, "both images" if found.n == 2 else f"all {numbers.count(found.n)} images"),
        ),
        equal="All equal",
        differ="They differ",
        joined="and",
        question=_question(found),
        told=["", "They are equal", "Two of the three are equal, one differs", "All three differ"],
        though=", though not in unit {unit}",
        right={"true": "Right.", "false": "Look again."},
    )


def _corners(found: WeightGradient) -> str:
    """What is said of the three printed rows together."""
    printed = printed_indices(found.rows)
    if not all(found.groups["black"][[printed[0], printed[1], printed[-1]]]):
        return "" if found.varying_in_print else "one and the same, all three"
    black = numbers.fixed(found.background, 4)
    return f"= {black} × {term('b1.g')} so far, all three" if found.background else "0: black is 0, all three"


def _question(found: WeightGradient) -> str:
    printed = printed_indices(found.rows)
    which = f"Rows {printed[0]}, {printed[1]} and {printed[-1]}"
    known = f"{which} differ: the corners are lit." if found.varying_in_print else f"{which} are one and the same."
    if found.n == 1:
        return f"{known} Are rows {{rows}} equal to each other?"
    return f"{known} Will rows {{rows}} equal each other, with all {numbers.count(found.n)} images added?"


def _one_image(found: WeightGradient) -> str:
    if found.is_zero:
        return "No unit is on: out.g is 0, and so is every part."
    if not found.out_g[0].any():
        return "No unit is on for this image, so its part is 0."
    return explained("One outer product, rank 1: every row is the same vector times its pixel. Equal pixels, equal rows.")


def _so_far(found: WeightGradient, images: str) -> str:
    if found.is_zero:
        return "No unit is on: out.g is 0, and so is every part."
    if not found.sizes["black"]:
        return f"No pixel is black in {images}: each weighs every image by its own ink."
    corner = f"{numbers.fixed(found.background, 4)} × the sum of {term('out.g')}" if found.background else "0 × the sum of out.g"
    return f"A pixel black in {images} gets {corner}, whichever it is; a lit one weighs each image by its own ink."


PRINTED_TITLE = "What `print(w1.g)` shows"
VARIANCE_TITLE = "How much each column varies from row to row"
STILLS = dict(print="The print", rows="The six other rows", map="The map", moving="As it stands")
TOO_MUCH = "Too much computation?"
FAR_HARDER = "Far harder to train?"


def printed_sentence(found: WeightGradient) -> str:
    if found.is_zero:
        return "No unit is on, so every number is 0."
    if found.varying_in_print:
        return "These images are lit in their corners, so even the printed rows differ: there are no copies to show."
    if not found.background and found.sizes["black"]:
        return "Without normalisation black is 0, and so are these rows. The learner, who normalised, saw copies."
    return "Read down any printed column: the number never changes."


def map_sentence(found: WeightGradient) -> str:
    value = f" ({numbers.fixed(found.background, 4)} once normalised)" if found.background and found.sizes["black"] else ""
    where = f"black{value} in {every_image(found.n)}"
    black = found.sizes["black"]
    many = f"{numbers.count(black)}, hatched, {'is' if black == 1 else 'are'}" if black else "none is"
    return f"One row is one :blue[pixel]; {many} {where}. Click the map to print others."


def first_words(found: WeightGradient) -> Mapping[str, Any]:
    """What the print and the map say and ask."""
    equal = "Equal" if found.varying_in_print else "Equal too"
    return dict(
        question=f"Rows {{first}} to {{last}} are printed next. {equal}?",
        moved="Rows {first} to {last}:",
        equal=equal,
        differ="They differ",
        right={"true": "Right:", "false": "Look:"},
        different=[
            "",
            "all six are equal.",
            *(f"{many} different rows among the six." for many in range(2, 6)),
            "all six differ.",
        ],
        black=[
            "None of their pixels is",
            "One of their pixels is",
            *(f"{many} of their pixels are" for many in range(2, 6)),
            "All six pixels are",
        ],
        where="black in " + every_image(found.n) + ".",
        row="row {row} · pixel ({down}, {right})",
        printed="printed",
        rows="rows {first}–{last}",
        tip="row {row} · pixel ({down}, {right}) · {kind}",
        hatched="black in " + every_image(found.n),
        lit="mean brightness {mean}",
        shortened="  # columns shortened as above" if found.columns > 2 * EDGE_ITEMS else "",
        map_label="Map of the pixels; arrow keys move the six rows",
    )


STEPS_TITLE = "The line, operation by operation"


def step_sentence(step: Operation, sizes: Mapping[str, int]) -> str:
    """What happens to the shapes; plain words. sizes: of every axis, by its letter."""
    n, rows, columns = numbers.count(sizes["n"], "image"), sizes["i"], sizes["j"]
    if step.name == "mul":
        tables = "one table" if sizes["n"] == 1 else f"{numbers.count(sizes['n'])} tables, one for each image"
        return f"Both stretch until they match; every pixel meets every unit: {tables}."
    if step.name == "sum":
        fall = "The one table is w1.g" if sizes["n"] == 1 else f"The {numbers.count(sizes['n'])} tables fall into one"
        return f"{fall}: {rows} × {columns}, a gradient for each weight. The axis n is gone."
    pixels = "i" in step.operands[0].axes  # those of the result have the new axis too
    made = f"{n} × {rows} pixels" if pixels else f"{n} × {columns} gradients"
    where = f"where the {columns} units will go" if pixels else f"where the {rows} pixels will go"
    return f"{made}, with a new axis of length 1 {where}. No number changes."


def variance_sentence(found: WeightGradient) -> str:
    varying = out_of(found.varying_columns, found.columns)
    some = found.varying_in_print
    printed = f"{out_of(some, found.columns)} vary" if some else "no column varies (exactly 0)"
    return f"Over the printed rows {printed}; over all {found.rows} rows {varying} do."


def check_sentence(verified: Mapping[str, Verification]) -> str:
    """verified: every gradient of the pass, "w1" among them."""
    passed = all(each.autograd.passed for each in verified.values())
    worst = max(each.autograd.difference for each in verified.values())
    verdict = f", {'within' if passed else 'OUTSIDE'} the preset's tolerance"
    apart = f"at most {numbers.scientific(worst)} from autograd{verdict}" if worst else "autograd's to the last bit"
    slope = numbers.scientific(verified["w1"].slope)
    return f"Checked: every gradient is {apart}; `w1.g` is {slope} from finite differences."
