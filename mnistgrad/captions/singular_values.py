"""What the singular values of a gradient mean, and what they do not."""

import math

import torch

from mnistgrad.common import numbers
from mnistgrad.gradient.outer_product import LeadingVectors, rank_limit
from mnistgrad.gradient.weight_gradient import WeightGradient

NEARLY, MOSTLY = 0.9, 0.5  # shares of the squared size
CLOSE, ALIKE = 0.95, 0.7  # cosines


def chart_title(found: WeightGradient) -> str:
    share = found.spectrum.first_share
    if found.spectrum.rank == 1:
        return "One outer product, and nothing else"
    if share >= NEARLY:
        return "Nearly one outer product, but only nearly"
    return "Mostly one outer product" if share > MOSTLY else "No one outer product holds half"


def chart_sentence(found: WeightGradient) -> str:
    """The share of the first singular value and the rank, by float64 and as float32 would have it."""
    rank, count = found.spectrum.rank, len(found.spectrum.values)
    singles = int((found.spectrum.values > rank_limit(found, torch.float32)).sum())
    says = f"Shares of the squared size. The rank is **{rank}** of at most {count}, from products added up in float64"
    return f"{says}; float32's limit would leave {singles}." if singles != rank else f"{says}."


def one_value_sentence(found: WeightGradient) -> str:
    """Of a matrix of one column."""
    return (
        f"`{found.layer}.g` has one column, so it has one singular value, which holds 100% of its squared size: it is one outer "
        "product by its shape alone, and there is no chart to draw."
    )


def meaning_title(found: WeightGradient) -> str:
    return f"What {numbers.percent(found.spectrum.first_share)} in one outer product means"


def meaning_sentence(found: WeightGradient, leading: LeadingVectors) -> str:
    """A line for what it means, and one for each thing it does not."""
    return "  \n".join(line for line in (_means(found), _not_copies(found), _rest(found), _vectors(found, leading)) if line)


def _means(found: WeightGradient) -> str:
    factors = "one factor for each :blue[pixel] times one factor for each :green[unit]"
    if found.spectrum.rank == 1:
        return f"**It means:** {factors} is the whole matrix."
    return (
        f"**It means:** {factors}, {numbers.count(found.rows + found.columns)} numbers, has "
        f"{numbers.percent(found.spectrum.first_share)} of the sum of all {numbers.count(found.g.numel())} squared entries."
    )


def _not_copies(found: WeightGradient) -> str:
    copied = numbers.percent(found.spectrum.copied_row_share)
    return (
        "**It does not mean copied rows:** the rows of an outer product differ by their factors. The best matrix of "
        f"{found.rows} equal rows has {copied}."
    )


def _rest(found: WeightGradient) -> str:
    rank = found.spectrum.rank
    if rank == 1:
        return ""
    left = numbers.percent(math.sqrt(max(1 - found.spectrum.first_share, 0.0)))
    more = "1 further value is" if rank == 2 else f"{rank - 1} further values are"
    return (
        f"**Nor that the rest is rounding:** {more} above float64's limit, and what the product leaves out is {left} as large "
        "as the matrix (the root of the share that is left)."
    )


def _vectors(found: WeightGradient, leading: LeadingVectors) -> str:
    if found.n == 1:
        return "**The two vectors** are the one :orange[image] and the bias gradient, up to length and sign."
    says = (
        "**The two vectors:** if every :orange[image] sent back the same out.g, the matrix would be exactly the mean image times "
        f"the bias gradient. They are {_near(leading.row_cosine)} the one and {_near(leading.column_cosine)} the other."
    )
    if min(abs(leading.row_cosine), abs(leading.column_cosine)) < ALIKE:
        return says
    return (
        f"{says} A network with one output makes them so: every image sends back the vector w2, times a number of its own, less "
        "the units that are off."
    )


def _near(cosine: float) -> str:
    size = abs(cosine)
    return "close to" if size >= CLOSE else "not far from" if size >= ALIKE else "far from"
