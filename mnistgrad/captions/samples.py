"""The sentences about a weight gradient at more and more images, each true in the state it is made from.

here: the point at the reader's n. points: all that are known of the reader's seed, `here` among them.
"""

from collections.abc import Sequence

from mnistgrad.captions.words import every_image
from mnistgrad.common import numbers
from mnistgrad.gradient.sweep import SweepPoint

KICKER = "The same gradient, more and more images"


def headline(layer: str, here: SweepPoint) -> str:
    if _nothing(layer, here):
        return "Every hidden unit is off, so there is no gradient to see"
    if layer == "w2":
        return "However many images: the second layer's gradient is one column"
    if here.n == 1:
        return "One image gives an outer product"
    if here.rank == 1:
        return "Still an outer product: these images bring no second direction"
    return "One image gives an outer product. Many images give a matrix."


def lede(layer: str, here: SweepPoint, shift: float) -> str:
    """shift: what the preset's relu takes off."""
    if layer == "w2":
        return _second_layer(here, shift)
    if not here.rank:
        return "No unit is on for any image of this batch, so `w1.g` is 0 everywhere. Take more images or another seed."
    one = f"With one :orange[image], each row is the same {numbers.count(here.columns, 'number')} times one :blue[pixel]."
    if here.n == 1:
        return f"{one} Every further image adds an outer product of its own."
    rows = f"{numbers.count(here.distinct)} of {here.sizes['all']} rows differ"
    return (
        f"{one} Every new image adds another outer product, and the rows of lit pixels come apart: "
        f"with {numbers.count(here.n, 'image')} {rows}, and the rank is {here.rank}."
    )


def _second_layer(here: SweepPoint, shift: float) -> str:
    off, units = here.sizes["off"], here.sizes["all"]
    says = (
        f"The rows of `w2.g` are the {units} :green[hidden units], and it has one column. So its rank is never above 1 and one "
        "outer product holds all of it, at any n: those two charts would say nothing and are left out. "
    )
    value = f"l2 is {numbers.fixed(-shift, 1)} throughout" if shift else "l2 is 0 throughout"
    row = f"its row {numbers.fixed(-shift, 1)} times the bias gradient b2.g" if shift else "its row 0"
    if not off:
        return says + f"With {numbers.count(here.n, 'image')} no unit is off in every image."
    which = f"{numbers.count(off, 'unit is', 'units are')} off in {every_image(here.n)}"
    return says + f"With {numbers.count(here.n, 'image')} {which}; for such a unit {value}, and {row}."


AXIS_NOTE = "Click a chart to choose another :orange[n]; its axis is logarithmic."
WHAT = "Adding up all the images"


def waiting_note(seeds: Sequence[int], most: int) -> str:
    """seeds: those still to come. most: images there are."""
    which = f"seed {seeds[0]}" if len(seeds) == 1 else f"seeds {', '.join(map(str, seeds))}"
    return f"Adding up {numbers.count(most, 'image')} for {which} …"


def no_full_batch(layer: str, most: int) -> str:
    images = numbers.count(most, "image")
    return f"In all {images} no unit is on, so the full batch's {layer}.g is 0 and there is nothing to compare with."


def rows_title(layer: str, here: SweepPoint) -> str:
    different = numbers.count(here.distinct, "different row")
    if layer == "w1":
        return f"{different}, {numbers.count(here.sizes['black'], 'always-black pixel')}"
    return f"{different}, {numbers.count(here.sizes['off'], 'unit')} off in {every_image(here.n)}"


def rows_sentence(layer: str, points: Sequence[SweepPoint], here: SweepPoint) -> str:
    if _nothing(layer, here):
        return f"All rows of {layer}.g are alike here."
    group, what = ("black", "pixels stay black") if layer == "w1" else ("off", "units stay off")
    says = f"{'Pixels that are black' if layer == 'w1' else 'Units that are off'} in every image share one row."
    first, last = points[0], points[-1]
    if last.sizes[group] < first.sizes[group] and last.distinct > first.distinct:
        says += f" As fewer {what}, more rows differ: {first.distinct}, in the end {last.distinct}."
    if layer == "w1":
        plain = here.sizes["constant"] - here.sizes["black"]
        if here.n == 1:
            says += f" In one image all {here.sizes['constant']} pixels are constant, black or not."
        elif plain:
            says += f" {numbers.count(plain, 'pixel holds', 'pixels hold')} another single value in {every_image(here.n)}."
    return says


def rank_title(here: SweepPoint) -> str:
    return f"Rank {here.rank} of {here.columns}"


def rank_sentence(points: Sequence[SweepPoint], here: SweepPoint) -> str:
    says = f"Each image can raise the rank by one at most, and the {here.columns} columns are the limit."
    full = [point.n for point in points if point.rank == here.columns]
    if here.rank == here.columns:
        return f"{says} Here it is reached."
    if here.rank == here.n:
        return f"{says} Here every image has brought its own direction."
    if full and full[0] > here.n:
        return f"{says} Among these counts it is reached first at n = {numbers.count(full[0])}."
    return says


def share_title(layer: str, here: SweepPoint) -> str:
    if _nothing(layer, here):
        return "No squared norm to share out"
    if layer == "w1":
        return f"{numbers.percent(here.first_share)} of the squared norm in one outer product"
    return f"{numbers.percent(here.copied_row_share)} of the squared norm in one copied number"


def share_sentence(layer: str, here: SweepPoint) -> str:
    if _nothing(layer, here):
        return f"{layer}.g is 0 here."
    if layer == "w1":
        copied = numbers.percent(here.copied_row_share)
        return (
            f"An outer product gives each :blue[pixel] its own factor. One row copied {here.sizes['all']} times holds {copied}."
        )
    return f"The best single number for all {here.sizes['all']} :green[hidden units] is their mean, and this is what it holds."


def variance_title(layer: str, here: SweepPoint) -> str:
    if layer == "w1":
        black = here.sizes["black"]
        return "Column variance: exactly 0 for black pixels at every n" if black else "Column variance: no pixel stays black"
    return f"Variance over the hidden units: {numbers.significant(here.variances['all'])}"


def variance_sentence(layer: str, here: SweepPoint) -> str:
    everything = f"{numbers.significant(here.variances['all'])} over all {here.sizes['all']} rows"
    if layer == "w1":
        lit = here.variances.get("lit")
        some = "" if lit is None else f", {numbers.significant(lit)} over the {numbers.count(here.sizes['lit'])} lit ones"
        printed = " The six printed rows are black too." if not here.variances["printed"] and here.sizes["black"] else ""
        return f"Mean over {here.columns} columns: {everything}{some}.{printed}"
    on = here.variances.get("on")
    some = "" if on is None else f", {numbers.significant(on)} over the {numbers.count(here.sizes['on'])} that are on"
    still = " Units that are off in every image do not vary at all." if here.sizes["off"] > 1 else ""
    return f"Of the one column of w2.g: {everything}{some}.{still}"


def angle_title(here: SweepPoint, most: int) -> str:
    """most: images of the full batch."""
    if here.n == most:
        return "This is the full batch, so the angle is 0"
    if here.away is None or here.away.angle is None:
        return "A gradient of 0 has no direction"
    return f"{degrees(here.away.angle)} from the direction of the full batch"


def angle_sentence(layer: str, points: Sequence[SweepPoint], here: SweepPoint, most: int) -> str:
    says = f"The angle between this {layer}.g and that of all {numbers.count(most, 'image')}, as directions in which to step."
    first = points[0]
    if here.n == 1 or first.n > 1 or first.away is None or first.away.angle is None:
        return says
    return f"{says} With one image it is {degrees(first.away.angle)}."


def distance_title(here: SweepPoint, most: int) -> str:
    if here.n == most or here.away is None:
        return "This is the full batch, so nothing differs"
    return f"{of_full(here.away.norm)} away from the full batch"


def distance_sentence(layer: str, here: SweepPoint, most: int) -> str:
    says = f"The norm of the difference from the full batch's {layer}.g, over the norm of that."
    if here.n == most or here.away is None:
        return says
    return f"{says} One entry is off by {of_full(here.away.largest)} of the largest."


def _nothing(layer: str, here: SweepPoint) -> bool:
    """Every unit is off for every image: w1.g is 0 then, and all rows of w2.g are alike."""
    return not here.rank if layer == "w1" else not here.sizes["on"]


def degrees(angle: float) -> str:
    return f"{numbers.significant(angle, 2)}°"


def of_full(share: float) -> str:
    """A share that can be far above 1: 0, 0.81%, 16%, 193%."""
    if not share:
        return "0"
    return f"{100 * share:,.0f}%" if share >= 0.0995 else f"{numbers.significant(100 * share, 2)}%"
