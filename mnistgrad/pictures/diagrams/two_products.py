"""The forward product beside the gradient of its weights, small: two equal bars, and what both took where it was measured."""

from mnistgrad.common import numbers
from mnistgrad.cost.measurement import FORWARD, Measurement, multiplications
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import Palette

WIDTH, LEAST = 420.0, 320.0
TOP, ROW, THICK = 22.0, 46.0, 20.0
BAR, LENGTH, COUNT = 136.0, 150.0, 124.0  # px: left of the bars, of them, and right of them
PRODUCTS = {"inp @ w1": (FORWARD, "forward"), "inp.t() @ out.g": ("matmul", "gradient of w1")}


def two_products(n: int, nh: int, found: Measurement | None, palette: Palette) -> Diagram:
    """At n images and nh hidden units. found: whose times at the nearest count stand below the counts; None for none."""
    height = TOP + ROW * len(PRODUCTS)
    drawing, count = Drawing(min(WIDTH, palette.room), height, palette), multiplications(n, nh)
    length = min(LENGTH, drawing.width - BAR - COUNT)
    drawing.text(BAR, 10, "multiplications", palette.muted, 12, align="left")
    rows = []
    for place, (code, (method, what)) in enumerate(PRODUCTS.items()):
        middle = TOP + ROW * (place + 0.5)
        seconds = found.at(method, found.nearest(n)).seconds.median if found else None
        drawing.runs(0, middle - 8, [(code, palette.ink)], 13.5, 600, "left")
        drawing.text(0, middle + 10, what, palette.muted, 12, align="left")
        drawing.rect(BAR, middle - THICK / 2, length, THICK, palette.faint)
        end = BAR + length + 10
        drawing.text(end, middle - 8 if found else middle, numbers.count(count), palette.ink, 13.5, 600, "left")
        if seconds is not None:
            drawing.text(end, middle + 10, numbers.duration(seconds), palette.muted, 12, align="left")
        rows.append(dict(code=code, multiplications=count, seconds=seconds))
    return drawing.finished("two-products", _description(n, nh, found), rows, LEAST)


def _description(n: int, nh: int, found: Measurement | None) -> str:
    says = (
        f"The forward product and the gradient of its weights take {numbers.count(multiplications(n, nh))} multiplications each, "
        f"for {numbers.count(n, 'image')} and {nh} hidden units."
    )
    if found is None:
        return says
    at = found.nearest(n)
    forward, gradient = (numbers.duration(found.at(method, at).seconds.median) for method, _ in PRODUCTS.values())
    return f"{says} Measured at {numbers.count(at, 'image')} and {found.plan.nh} hidden units: {forward} and {gradient}."
