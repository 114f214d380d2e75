"""The sentences about one weight's gradient as a sum over images, each true in the state it is made from."""

from mnistgrad.captions.gradient import NOTHING
from mnistgrad.captions.words import COLOURS
from mnistgrad.common import numbers
from mnistgrad.gradient.one_weight import OneWeight
from mnistgrad.gradient.weight_gradient import LAYER_AXES
from mnistgrad.network.data import SIDE

RUNNING_TITLE = "The sum, image by image"
ON_AXES = COLOURS | {"k": "gray"}
INP = {"w1": "inp", "w2": "l2"}  # what stands for inp in the line w.g = ...
ALL_ZERO = "Every term is 0, so there is nothing to sort and no image to show: choose another row or column."
NEAR = 0.1  # of the gradient


def headline(found: OneWeight, is_zero: bool) -> str:
    """is_zero: whether all of the matrix is."""
    if is_zero:
        return NOTHING
    return "One number of the matrix is one product" if found.n == 1 else "One number of the matrix is a sum over the images"


def formula(found: OneWeight) -> str:
    """What the entry is the sum of."""
    n, row, column = (f":{ON_AXES[a]}[{index}]" for a, index in zip(_axes(found), ("n", found.row, found.column), strict=True))
    products = f"{numbers.count(found.n, 'product')}, one for each :orange[image]" if found.n > 1 else "one product"
    return (
        f"{found.layer}.g[{row}, {column}] = Σₙ {INP[found.layer]}[{n}, {row}] · out.g[{n}, {column}] is {products}. "
        f"{_place(found)}"
    )


def _axes(found: OneWeight) -> tuple[str, str, str]:
    return ("n", *LAYER_AXES[found.layer])


def _place(found: OneWeight) -> str:
    if found.layer == "w2":
        return f"Row {found.row} is :green[hidden unit] {found.row}."
    return f"Row {found.row} is the :blue[pixel] in image row {found.row // SIDE}, column {found.row % SIDE}."


def some_terms(found: OneWeight) -> str:
    """A table of real numbers: the strongest term on each side, the first that is 0, and the sum."""
    zeros = (found.terms == 0).nonzero().flatten()[:1].tolist()
    shown = [*found.strongest_up[:1], *found.strongest_down[:1], *zeros]
    lines = [f"| :orange[image] | {INP[found.layer]} | out.g | product |", "|:--|--:|--:|--:|"]
    for image in shown:
        factors = (numbers.significant(values[image].item(), 4) for values in (found.inp, found.out_g))
        product = numbers.significant(found.terms[image].item())
        lines.append(f"| {image} | {' | '.join(factors)} | {product} |")
    if more := found.n - len(shown):
        lines.append(f"| {numbers.count(more)}{numbers.NO_BREAK}more | … | … | … |")
    return "\n".join(lines)


def gradient(found: OneWeight) -> str:
    """The value, to be read at a glance."""
    return numbers.significant(found.gradient, 5, sign=True)


def counts(found: OneWeight) -> str:
    """How many images push the entry up, pull it down, or add nothing, and why nothing."""
    if found.n == 1:
        return f"The 1 image {'pushes it up' if found.ups else 'pulls it down' if found.downs else _nothing(found)}."
    sides = ((found.ups, "pushes", "push", "it up"), (found.downs, "pulls", "pull", "it down"))
    told = [f"**{_share(count, found.n)}** {one if count == 1 else several} {way}" for count, one, several, way in sides]
    if found.zeros:
        told.append(f"**{_share(found.zeros, found.n)}** {_nothing(found)}")
    return f"Of the :orange[{numbers.count(found.n)} images] {', '.join(told[:-1])} and {told[-1]}."


def _share(part: int, n: int) -> str:
    return f"{numbers.count(part)} ({numbers.percent(part / n)})" if part else "none"


def _nothing(found: OneWeight) -> str:
    """That a number of images add nothing, with the reason, or how many have which."""
    verb = "adds nothing" if found.zeros == 1 else "add nothing"
    reasons = [
        (count, why) for count, why in zip((found.without_out_g, found.without_inp), _reasons(found), strict=True) if count
    ]
    if len(reasons) == 2:
        (one, why), (other, other_why) = reasons
        return f"{verb}: {numbers.count(one)} because {why}, {numbers.count(other)} more because {other_why}"
    return f"{verb}, because {reasons[0][1]}" if reasons else verb


def _reasons(found: OneWeight) -> tuple[str, str]:
    """Why out.g is 0, and why inp is."""
    if found.layer == "w1":
        return "the unit is off, so out.g is 0", "the pixel is black, and black is 0 without normalisation"
    off = "the unit is off and holds 0" if not found.background else "l2 is exactly 0"
    return "the output is exactly right, so out.g is 0", off


def background(found: OneWeight) -> str:
    """What the images add whose pixel is black, or for which the unit is off; nothing to say where that is 0."""
    m = int(found.in_background.sum())
    if not m or not found.background:
        return ""
    holds = numbers.fixed(found.background, 4 if found.layer == "w1" else 1)
    added = found.terms[found.in_background]
    total = numbers.significant(added.sum().item(), sign=True)
    they = "that image" if m == 1 else f"those {numbers.count(m)} images together"
    add = f"{'still ' if added.any() else ''}{'adds' if m == 1 else 'add'}"
    where = "the pixel is black, inp" if found.layer == "w1" else "the unit is off, l2"
    return f"Where {where} is not 0 but {holds}: {they} {add} {total}."


def terms_title(found: OneWeight) -> str:
    return "The 1 image gives the only term" if found.n == 1 else "Every image adds one term"


def terms_sentence(found: OneWeight) -> str:
    """What the chart of sorted terms shows. The terms are not all 0."""
    if found.n == 1:
        return "With n = 1 there is nothing to add up: the term is the gradient."
    sides = [words for count, words in ((found.downs, "purple pulls down"), (found.ups, "mustard pushes up")) if count]
    colours = ", ".join(sides)
    return (
        "Sorted, and each times :orange[n], so that their mean, the dashed line, is the gradient. "
        f"{colours[0].upper()}{colours[1:]}."
    )


def images_title(found: OneWeight) -> str:
    return "The one image that moves it" if found.ups + found.downs == 1 else "The images that move it most"


def images_sentence(found: OneWeight) -> str:
    """What is written below the images and framed in them."""
    looks = "The framed :blue[pixel] is the one that this weight multiplies." if found.layer == "w1" else _no_pixel(found)
    return f"Below {'it' if found.ups + found.downs == 1 else 'each image'}, its term times :orange[n]. {looks}"


def _no_pixel(found: OneWeight) -> str:
    return f"No pixel is framed: w2 multiplies what :green[hidden unit] {found.row} makes of the whole image."


def running_sentence(found: OneWeight) -> str:
    """How the sum comes about, and from when on it is nearly what it ends as. For two images or more."""
    settled, share = found.settled(NEAR), numbers.percent(NEAR).replace(".0", "")
    if settled == found.n:
        when = f"Before the last image it is still more than {share} away from the end."
    elif settled == 1:
        when = f"It stays within {share} of the end from the first image on."
    else:
        when = f"It stays within {share} of the end from {numbers.count(settled)} images on."
    return (
        "Dashed, the terms added up one by one. Solid, the gradient which the :orange[images] so far have as a batch: "
        f"that sum times :orange[n] over their number. {when}"
    )
