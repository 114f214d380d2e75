"""How much each row of w1.g varies from unit to unit: on the image, and all rows from the largest to the smallest."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnistgrad.common import numbers
from mnistgrad.pictures.diagrams.pixel_grid import Mask, PixelGrid
from mnistgrad.pictures.diagrams.scale_bar import HEIGHT, scale_bar
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.diagrams.units.unit_map import CELL, GAP, PAD, label_chosen, map_frame, mark_copies
from mnistgrad.pictures.palette import LEVELS, ROOMS, FloatArray, Palette, brightness_colours

WIDTH, LEAST = 1_100.0, 640.0
LEFT, TOP, FOOT = 428.0, 12.0, 314.0  # of the sorted rows
CUT, NEAR = 352.0, 400.0  # where they go below the map, and where they begin to the right of it, where there is little room
BAND, IN_BAND = 46.0, 34.0  # for exactly zero: its height, and where in it the rows lie
MOST_TICKS = 6
LABEL_ROOM = 120.0
ABOVE, AWAY, BELOW_FOOT = -16.0, 17.0, 8.0


@dataclass(frozen=True)
class RowScale:
    """Log heights from the exponent `low` to `high`; 0 lies in the band below."""

    low: int
    high: int
    foot: float

    def at(self, value: float) -> float:
        if not value:
            return self.foot + IN_BAND
        return TOP + (self.foot - TOP) * (self.high - math.log10(value)) / (self.high - self.low)


def row_variance_map(variances: FloatArray, black: Mask, row: int, palette: Palette) -> Diagram:
    """Variances (784,) of the rows over the hidden units, not all 0; black (784,): the pixels whose rows are copies.

    `row` is the one chosen; a click on a pixel tells its row.
    """
    wide = palette.room >= WIDTH
    drawing = Drawing(WIDTH if wide else max(palette.room, CUT + ROOMS["phone"]), PAD + 28 * CELL + GAP + HEIGHT + PAD, palette)
    largest = float(variances.max())
    grid = PixelGrid(drawing, PAD, PAD, CELL)
    grid.paint(brightness_colours(variances, largest, palette))
    mark_copies(grid, black, palette.muted)
    grid.frame([row])
    label_chosen(grid, row, f"row {row}: {numbers.significant(float(variances[row]))}")
    ramp = brightness_colours(np.linspace(0, 1, LEVELS), 1, palette)
    scale_bar(drawing, PAD, PAD + grid.edge + GAP, grid.edge, ramp, ["0", numbers.significant(largest)])
    grid.cells(f"variance {numbers.significant(v, 2)}" for v in variances.tolist())
    order = np.argsort(-variances, kind="stable")
    _sorted_rows(drawing, variances, black, order, row)
    copies = f"{numbers.count(int(black.sum()), 'black pixel')} hatched"
    if black.any():
        copies += f", each at {numbers.significant(float(variances[black][0]))}"
    description = (
        f"Variance of each row of w1.g over the hidden units, on the 28 × 28 pixels and sorted: up to "
        f"{numbers.significant(largest)} in row {order[0]}. {copies}. "
        f"Row {row} is chosen: {numbers.significant(float(variances[row]))}."
    )
    frame = map_frame().assign(variance=variances, black_in_every_image=black)
    return drawing.finished("row-variance", description, frame, LEAST if wide else drawing.width, () if wide else (CUT,))


def _sorted_rows(drawing: Drawing, variances: FloatArray, black: Mask, order: NDArray[np.intp], row: int) -> None:
    palette, ranked = drawing.palette, variances[order]
    scale = _scale(ranked)
    _axes(drawing, scale, bool((ranked == 0).any()))
    xs = _left(drawing) + 8 + (_right(drawing) - _left(drawing) - 16) * np.arange(len(order)) / (len(order) - 1)
    ys = np.array([scale.at(v) for v in ranked.tolist()])
    is_black = black[order]
    for mask, colour in ((is_black, palette.faint), (~is_black, palette.ink)):
        dots = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in zip(xs[mask], ys[mask], strict=True))
        drawing.add("path", dict(d=dots, stroke=colour, stroke_width=4.5, stroke_linecap="round"))
    if is_black.any():
        _label_black(drawing, float(xs[is_black].mean()), float(ys[is_black][0]), int(black.sum()), float(variances[black][0]))
    place = int((order == row).argmax())
    _label_chosen(drawing, float(xs[place]), float(ys[place]), float(variances[row]), row)


def _left(drawing: Drawing) -> float:
    return LEFT if drawing.width == WIDTH else NEAR


def _right(drawing: Drawing) -> float:
    return drawing.width - 8


def _scale(ranked: FloatArray) -> RowScale:
    nonzero = ranked[ranked > 0]
    high = math.ceil(math.log10(float(nonzero[0]) * 1.3))
    low = min(math.floor(math.log10(float(nonzero[-1]))), high - 1)
    return RowScale(low, high, FOOT - BAND if len(nonzero) < len(ranked) else FOOT)


def _axes(drawing: Drawing, scale: RowScale, any_zero: bool) -> None:
    palette = drawing.palette
    for exponent in range(scale.high, scale.low - 1, -math.ceil((scale.high - scale.low) / MOST_TICKS)):
        y = scale.at(10.0**exponent)
        drawing.line([(_left(drawing), y), (_right(drawing), y)], palette.hair)
        label = f"{10.0**exponent:g}" if -3 <= exponent <= 3 else numbers.power_of_ten(exponent)
        drawing.text(_left(drawing) - 8, y, label, palette.muted, 12, align="right")
    if any_zero:
        drawing.rect(_left(drawing), scale.foot + 4, _right(drawing) - _left(drawing), BAND - 4, palette.panel)
        drawing.text(_left(drawing) - 8, scale.at(0), "0", palette.axis_text["i"], 12, 600, "right")
    drawing.text(
        (_left(drawing) + _right(drawing)) / 2, FOOT + 20, "rows i, largest variance first", palette.axis_text["i"], 12.5
    )


def _label_black(drawing: Drawing, x: float, y: float, count: int, variance: float) -> None:
    """Below the copies, or above them where they lie at the foot."""
    each = numbers.significant(variance) + (" each" if count > 1 else "") if variance else "exactly 0"
    inside = min(max(x, _left(drawing) + LABEL_ROOM), _right(drawing) - LABEL_ROOM)
    palette = drawing.palette
    away = ABOVE if y + AWAY > FOOT - BELOW_FOOT else AWAY
    says = f"{numbers.count(count, 'black pixel')}: {each}"
    drawing.text(inside, y + away, says, palette.muted, 12.5, 600, halo=palette.paper if variance else "")


def _label_chosen(drawing: Drawing, x: float, y: float, variance: float, row: int) -> None:
    palette = drawing.palette
    drawing.add("circle", dict(cx=x, cy=y, r=6.5, fill="none", stroke=palette.axis["i"], stroke_width=2.5))
    align, away = ("left", 11) if x < _right(drawing) - LABEL_ROOM else ("right", -11)
    height = y - 12 if variance else y - IN_BAND - 8  # above the words in the band
    says = f"row {row}: {numbers.significant(variance)}"
    drawing.text(x + away, max(height, TOP), says, palette.axis_text["i"], 12.5, 600, align, halo=palette.paper)
