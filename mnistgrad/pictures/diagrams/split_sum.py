"""The sum over images, split over workers: the images of each, its part of w1.g, and the all-reduce that adds the parts."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from torch import Tensor

from mnistgrad.captions.split import images_of, same
from mnistgrad.common import numbers
from mnistgrad.distributed.parts import SplitSum
from mnistgrad.gradient.statistics import colour_limit
from mnistgrad.network.data import LEVELS, SIDE
from mnistgrad.pictures.diagrams.minus_signs import minus_signs
from mnistgrad.pictures.diagrams.mosaic import mosaic, tile_values
from mnistgrad.pictures.diagrams.pixel_grid import sharp_image
from mnistgrad.pictures.diagrams.scale_bar import HEIGHT as SCALE_HEIGHT
from mnistgrad.pictures.diagrams.scale_bar import scale_bar
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import Palette, brightness_colours, rgb, value_colours

WIDTH, CELL, APART = 1_128.0, 264.0, 24.0  # px: the whole, what a worker has, and from one to the next
SHOWN = 6  # images of a worker
SHADES = 60  # of the values' colours to either side, which keeps the file small
ACROSS, GAP = 10, 2  # tiles in a row, and pixels between them
STRIP, TILES = 24.0, 92.0  # px from a worker's top to its images, and to its part
BAND, DROP = 46.0, 26.0  # px: the all-reduce, and an arrow to it
SMALL = 12.5
FEW = 4  # workers that stand beside each other on a slide
LINE, PART, BETWEEN, LOW = (
    17.0,
    36.0,
    20.0,
    30.0,
)  # px on a slide: a line of words, down to a part, between workers, the all-reduce


@dataclass(frozen=True)
class Layout:
    """Where the workers stand: so many beside each other, and how tall each is."""

    beside: int
    cell: float
    tall: float

    @classmethod
    def of(cls, workers: int, units: int, room: float) -> "Layout":
        beside = max(1, min(workers, int((min(room, WIDTH) + APART) // (CELL + APART))))
        cell = CELL if room >= CELL * 2 + APART else room
        across = min(units, ACROSS)
        return cls(beside, cell, TILES + cell / _wide(across) * -(-units // across) * (SIDE + GAP))

    def place(self, worker: int) -> tuple[float, float]:
        row, column = divmod(worker, self.beside)
        return column * (self.cell + APART), row * (self.tall + DROP)

    def bottom(self, workers: int) -> float:
        return -(-workers // self.beside) * (self.tall + DROP) - DROP

    @property
    def width(self) -> float:
        return self.beside * (self.cell + APART) - APART


def _wide(across: int) -> int:
    """Pixels of a row of tiles."""
    return across * (SIDE + GAP)


def shown_images(found: SplitSum) -> list[int]:
    """The images whose pictures are drawn, the first few of each worker."""
    return [image for own in found.images for image in range(own.start, min(own.stop, own.start + SHOWN))]


def split_sum_diagram(found: SplitSum, pictures: Tensor, palette: Palette) -> Diagram:
    """pictures (m, 28, 28) uint8: of `shown_images`."""
    units, workers = found.whole.shape[1], found.workers
    if palette.tall < palette.room / 2 and workers <= FEW:
        return _on_a_slide(found, palette)
    layout, limit = Layout.of(workers, units, palette.room), colour_limit(found.whole)
    width = max(layout.width, min(palette.room, CELL * 2 + APART))
    band = layout.bottom(workers) + DROP
    sum_wide = CELL * 2 + APART if layout.beside > 2 else layout.cell
    beside = width >= sum_wide + APART + CELL  # where the words stand right of the sum, which stands in the middle if it can
    words = 0.0 if beside else 62.0
    top = band + BAND + DROP
    sum_tall = (layout.tall - TILES) * sum_wide / layout.cell
    left = (width - sum_wide) / 2 if layout.beside > 3 else 0.0
    foot = top + 22 + sum_tall + 10
    drawing = Drawing(width, foot + SCALE_HEIGHT + words, palette)
    first = 0
    for worker, (own, part) in enumerate(zip(found.images, found.parts, strict=True)):
        count = min(own.stop - own.start, SHOWN)
        _worker(drawing, layout, worker, own, pictures[first : first + count])
        _tiles(drawing, *_below(layout.place(worker)), layout.cell, part, limit, f"the part of worker {worker}")
        first += count
    _all_reduce(drawing, layout, found, band, width)
    drawing.arrow((left + sum_wide / 2, top - DROP + 2), (left + sum_wide / 2, top - 4), palette.muted)
    drawing.text(left, top + 8, f"their sum, at every worker: w1.g of {_all(found.n)}", palette.ink, 13.5, 600, "left")
    _tiles(drawing, left, top + 22, sum_wide, found.total, limit, "the sum")
    _told(drawing, found, (left + sum_wide + APART, top + 34) if beside else (0.0, foot + SCALE_HEIGHT + 20))
    ramp = value_colours(np.linspace(-1, 1, 101), 1, palette)
    ends = (f"≤ {numbers.significant(-limit)}", "0", f"≥ {numbers.significant(limit)}")
    scale_bar(drawing, left, foot, sum_wide, ramp, ends)
    return drawing.finished(f"split-sum-{workers}-workers", _description(found), _frame(found), min(width, 560.0))


def _on_a_slide(found: SplitSum, palette: Palette) -> Diagram:
    """The parts, the all-reduce and the sum alone, in few and large words."""
    units, workers, limit = found.whole.shape[1], found.workers, colour_limit(found.whole)
    cell = (palette.room - (FEW - 1) * BETWEEN) / FEW
    across = min(units, ACROSS)
    tall = cell / _wide(across) * -(-units // across) * (SIDE + GAP)
    band = PART + tall + BETWEEN
    top = band + LOW + BETWEEN
    drawing = Drawing(palette.room, top + tall, palette)
    start = (palette.room - workers * (cell + BETWEEN) + BETWEEN) / 2
    for worker, (own, part) in enumerate(zip(found.images, found.parts, strict=True)):
        x = start + worker * (cell + BETWEEN)
        drawing.text(x, 8, f"worker {worker}", palette.ink, 13.5, 600, "left")
        drawing.text(x, 8 + LINE, images_of(own), palette.axis_text["n"], 13, align="left")
        _tiles(drawing, x, PART, cell, part, limit, f"the part of worker {worker}")
        drawing.arrow((x + cell / 2, PART + tall + 3), (x + cell / 2, band - 3), palette.muted)
    drawing.rect(0, band, palette.room, LOW, palette.panel, stroke=palette.hair, rx=6)
    numbers_sent = f"784 × {units} numbers from each, {numbers.byte_count(found.nbytes)}"
    drawing.text(palette.room / 2, band + LOW / 2, f"all-reduce: {numbers_sent}", palette.ink, 13.5)
    left = (palette.room - cell) / 2
    drawing.arrow((palette.room / 2, band + LOW + 3), (palette.room / 2, top - 4), palette.muted)
    _tiles(drawing, left, top, cell, found.total, limit, "the sum")
    for line, text in enumerate(("their sum, at every worker:", f"w1.g of {_all(found.n)}")):
        drawing.text(left - BETWEEN, top + 12 + line * LINE, text, palette.ink, 13.5, 600, "right")
    _told(drawing, found, (left + cell + BETWEEN, top + 12))
    return drawing.finished(f"split-sum-{workers}-workers", _description(found), _frame(found), palette.room)


def _below(place: tuple[float, float]) -> tuple[float, float]:
    return place[0], place[1] + TILES


def _all(n: int) -> str:
    return "the 1 image" if n == 1 else f"all {numbers.count(n)} images"


def _worker(drawing: Drawing, layout: Layout, worker: int, own: slice, pictures: Tensor) -> None:
    palette, (x, y) = drawing.palette, layout.place(worker)
    drawing.text(x, y + 8, f"worker {worker}", palette.ink, 13.5, 600, "left")
    drawing.text(x + layout.cell, y + 8, images_of(own), palette.axis_text["n"], 13, align="right")
    if not len(pictures):
        drawing.text(x, y + STRIP + 18, "adds nothing", palette.muted, SMALL, align="left")
        return
    pitch = SIDE + 6
    brightness = np.zeros((SIDE, len(pictures), pitch))
    brightness[..., :SIDE] = pictures.numpy().swapaxes(0, 1)
    row = brightness.reshape(SIDE, -1)[:, : len(pictures) * pitch - 6]
    edge = (layout.cell - 24) / (SHOWN * pitch - 6)
    sharp_image(drawing, x, y + STRIP, row.shape[1] * edge, SIDE * edge, brightness_colours(row, LEVELS, palette))
    for place in range(len(pictures)):
        drawing.rect(x + place * pitch * edge, y + STRIP, SIDE * edge, SIDE * edge, stroke=palette.hair)
    if own.stop - own.start > len(pictures):
        drawing.text(x + layout.cell - 8, y + STRIP + SIDE * edge / 2, "…", palette.muted, 15)
    drawing.text(x, y + TILES - 11, "its part of w1.g", palette.muted, SMALL, align="left")


def _tiles(drawing: Drawing, x: float, y: float, width: float, values: Tensor, limit: float, tip: str) -> None:
    """Each unit's 784 numbers on the image."""
    tiles, palette = tile_values(values.numpy(), limit, SHADES), drawing.palette
    across = min(len(tiles), ACROSS)
    picture = mosaic(value_colours(tiles, SHADES, palette), across, GAP, GAP, rgb(palette.paper))
    place = (x, y, width, width / _wide(across) * picture.shape[0])
    sharp_image(drawing, *place, picture, tip)
    minus_signs(drawing, *place, mosaic(tiles, across, GAP, GAP, 0), SHADES)


def _all_reduce(drawing: Drawing, layout: Layout, found: SplitSum, top: float, width: float) -> None:
    palette = drawing.palette
    last = (found.workers - 1) // layout.beside
    for worker in range(found.workers):
        (x, y), middle = layout.place(worker), layout.place(worker)[0] + layout.cell / 2
        if worker // layout.beside == last:
            drawing.arrow((middle, y + layout.tall + 4), (middle, top - 3), palette.muted)
        elif layout.beside > 1:  # between those below
            gap = x - APART / 2 if x else layout.cell + APART / 2
            turn = y + layout.tall + 9
            drawing.line([(middle, turn - 6), (middle, turn), (gap, turn), (gap, top - 10)], palette.muted, 1.6)
            drawing.arrow((gap, top - 12), (gap, top - 3), palette.muted)
    drawing.rect(0, top, width, BAND, palette.panel, stroke=palette.hair, rx=6)
    units = found.whole.shape[1]
    told = f"784 × {units} numbers from each, {numbers.byte_count(found.nbytes)}"
    drawing.text(width / 2, top + 15, "all-reduce", palette.ink, 13.5, 600)
    drawing.text(width / 2, top + 33, told, palette.muted, SMALL)


def _told(drawing: Drawing, found: SplitSum, place: tuple[float, float]) -> None:
    (x, y), (first, _, then) = place, same(found).partition(", ")
    drawing.text(x, y, first, drawing.palette.ink, 15, 600, "left")
    drawing.text(
        x, y + 22, f"{then} of its largest number" if then else "in every digit", drawing.palette.muted, 13, align="left"
    )


def _frame(found: SplitSum) -> pd.DataFrame:
    rows = []
    for worker, (own, part) in enumerate(zip(found.images, found.parts, strict=True)):
        size = dict(norm=part.norm().item(), largest=part.abs().max().item())
        rows.append(dict(worker=worker, first_image=own.start, images=own.stop - own.start) | size)
    return pd.DataFrame(rows)


def _description(found: SplitSum) -> str:
    parts = "; ".join(f"worker {worker} has {images_of(own)}" for worker, own in enumerate(found.images))
    return (
        f"{numbers.count(found.workers, 'worker')}: {parts}. Below the first images of each, its part of w1.g as maps of the "
        f"28 × 28 pixels, one for each hidden unit. An all-reduce adds the parts up; the sum is {same(found)}."
    )
