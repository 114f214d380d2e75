"""The w.g line with real numbers: a multiplication table for each of a few images, and their sum."""

import numpy as np
import pandas as pd

from mnistgrad import numbers
from mnistgrad.data import LEVELS, SIDE
from mnistgrad.diagrams.svg import Diagram, Drawing
from mnistgrad.palette import FloatArray, Palette, brightness_colours, hex_colour, ink_on, value_colours
from mnistgrad.window import Window, power_of

CELL, ROW, GAP, HEAD = 37.0, 28.0, 6.0, 86.0
GRID = 4 * CELL  # what the units of a table take; fewer leave the rest blank
HEIGHT = 308.0
THUMB = 48.0
LEFT, PLUS, EQUALS, MORE, MARGIN = 54.0, 24.0, 30.0, 62.0, 14.0
LEAST_SHARE = 0.74


class Table:
    """Lays the tables out from left to right; `stage` is the step, 1 to 4, up to which cells are filled."""

    def __init__(self, window: Window, stage: int, palette: Palette) -> None:
        self.window, self.stage = window, stage
        inp, out_g, product, total = (step.value for step in window.steps)
        assert inp is not None and out_g is not None and product is not None and total is not None
        self.inp, self.out_g = inp.squeeze(-1).numpy(), out_g.squeeze(1).numpy()
        self.product, self.added, self.w_g = product.numpy(), total.numpy(), window.w_g.numpy()
        self.unit = window.power
        self.whole = len(self.inp) == window.n
        self.drawing = Drawing(self._width(), HEIGHT, palette)
        self.palette = palette
        self.rows: list[dict[str, object]] = []

    def _width(self) -> float:
        images = len(self.inp)
        tables = images * (CELL + GAP + GRID) + (images - 1) * PLUS
        sums = EQUALS + GRID + (0 if self.whole else MORE + GRID) + 2 * MARGIN
        return LEFT + tables + sums

    def draw(self) -> Diagram:
        x = LEFT
        for image in range(len(self.inp)):
            if image:
                self._operator(x + PLUS / 2, "+")
                x += PLUS
            self._image_table(x, image)
            x += CELL + GAP + GRID
        self._operator(x + EQUALS / 2, "=")
        x += EQUALS + (MARGIN if self.whole else 0)
        self._sums(x)
        least = self.drawing.width * LEAST_SHARE
        return self.drawing.finished(f"numbers-step-{self.stage}", self._description(), pd.DataFrame(self.rows), least)

    def _sums(self, x: float) -> None:
        n, m = self.window.n, len(self.inp)
        if not self.whole:
            self._sum(x, self.added, f"these {m} added", f"product[:{m}].sum(0)", "added")
            x += GRID
            self._more(x + MORE / 2, n - m)
            x += MORE
        self._panel(x)
        title = {1: "the sum of one", 2: "both added"}.get(n, f"all {numbers.count(n)} added")
        self._sum(x, self.w_g, title, "w.g = product.sum(0)", "w.g")

    def _description(self) -> str:
        filled = ["inp", "out.g", "product", "sums"][: self.stage]
        return (
            f"Real numbers of {numbers.count(len(self.inp), 'image')}, pixels {self.window.pixels[0]} to "
            f"{self.window.pixels[-1]}, units {self.window.units[0]} to {self.window.units[-1]}; filled so far: "
            f"{', '.join(filled)}."
        )

    def _image_table(self, x: float, image: int) -> None:
        grid, top = x + CELL + GAP, HEAD + ROW + GAP
        self._heading(x, image)
        self._unit_labels(grid, HEAD)
        self.drawing.text(x + CELL / 2, HEAD + ROW / 2, "×", self.palette.muted, 16)
        for place, pixel in enumerate(self.window.pixels):
            y = top + ROW * place
            value = float(self.inp[image, place])
            self._cell(
                x, y, value, _largest(self.inp), numbers.fixed(value), f"inp[{image}, {pixel}] = {numbers.fixed(value, 4)}"
            )
            self._note("inp", image, pixel, None, value)
            self._product_row(grid, y, image, place)
        for place, unit in enumerate(self.window.units):
            value = float(self.out_g[image, place])
            if self.stage >= 2:
                self._cell(
                    grid + CELL * place,
                    HEAD,
                    value,
                    _largest(self.out_g),
                    self._scaled(value),
                    f"out.g[{image}, {unit}] = {numbers.significant(value, 4)}",
                )
                self._note("out.g", image, None, unit, value)
            else:
                self._blank(grid + CELL * place, HEAD)
        self._rules(x, grid, HEAD, top)
        if not image:
            self._row_labels(x, top)
        self._label(x + CELL / 2, "inp", 1)
        self._label(grid + CELL * len(self.window.units) / 2, f"product[{image}]", 3)

    def _product_row(self, grid: float, y: float, image: int, row: int) -> None:
        pixel = self.window.pixels[row]
        for place, unit in enumerate(self.window.units):
            x = grid + CELL * place
            if self.stage < 3:
                self._blank(x, y)
                continue
            one, other, value = (
                float(v) for v in (self.inp[image, row], self.out_g[image, place], self.product[image, row, place])
            )
            tip = (
                f"inp[{image}, {pixel}] × out.g[{image}, {unit}] = {numbers.fixed(one, 4)} × "
                f"{self._exact(other)} = {self._exact(value)}{self._of_unit()}"
            )
            self._cell(x, y, value, _largest(self.product), self._scaled(value), tip)
            self._note("product", image, pixel, unit, value)

    def _sum(self, x: float, values: FloatArray, title: str, name: str, note: str) -> None:
        done, top = self.stage >= 4, HEAD + ROW + GAP
        middle = x + GRID / 2
        unit = power_of(_largest(values))
        ink = self.palette.ink if done else self.palette.muted
        self.drawing.text(middle, 22, title, ink, 14, 600)
        self.drawing.text(middle, 42, numbers.unit_words(unit), self.palette.muted, 12.5)
        self._unit_labels(x, top)
        for row, pixel in enumerate(self.window.pixels):
            for place, j in enumerate(self.window.units):
                cell = x + CELL * place, top + ROW * row
                value = float(values[row, place])
                if done:
                    self._cell(*cell, value, _largest(values), _in_unit(value, unit), self._sum_tip(note, row, place, value))
                    self._note(note, None, pixel, j, value)
                else:
                    self._blank(*cell)
        self._rules(x, x, top, top)
        self._label(middle, name, 4)

    def _sum_tip(self, note: str, row: int, place: int, value: float) -> str:
        pixel, unit = self.window.pixels[row], self.window.units[place]
        if note == "w.g" and not self.whole:
            return f"w.g[{pixel}, {unit}] = {numbers.count(self.window.n, 'product')} added = {numbers.significant(value, 4)}"
        first, *others = self.product[:, row, place].tolist()
        terms = "".join(f" {'−' if v < 0 else '+'} {self._exact(abs(v))}" for v in others)
        return f"{self._exact(first)}{terms} = {self._exact(value)}{self._of_unit()}"

    def _exact(self, value: float) -> str:
        """With digits enough to check a sum by."""
        return numbers.fixed(value / 10.0**self.unit, 4)

    def _scaled(self, value: float) -> str:
        return _in_unit(value, self.unit)

    def _of_unit(self) -> str:
        return f" ({numbers.unit_words(self.unit)})" if self.unit else ""

    def _heading(self, x: float, image: int) -> None:
        """The picture with the window's pixels framed, its number and its label."""
        drawing, palette = self.drawing, self.palette
        pixels = self.window.images[image].numpy()
        drawing.image(x, 8, THUMB, THUMB, brightness_colours(pixels, LEVELS, palette), f"image {image}")
        drawing.rect(x, 8, THUMB, THUMB, stroke=palette.axis["n"], stroke_width=1.2, rx=1)
        row, column = divmod(self.window.pixels[0], SIDE)
        scale = THUMB / SIDE
        drawing.rect(
            x + column * scale - 1,
            8 + row * scale - 1,
            len(self.window.pixels) * scale + 2,
            scale + 2,
            stroke=palette.ink,
            stroke_width=1.6,
        )
        drawing.text(x + THUMB + 12, 22, f"image {image}", palette.axis_text["n"], 14, 600, "left")
        drawing.text(x + THUMB + 12, 42, f"a handwritten {self.window.labels[image]}", palette.muted, 12.5, align="left")

    def _unit_labels(self, x: float, y: float) -> None:
        for place, unit in enumerate(self.window.units):
            self.drawing.text(x + CELL * (place + 0.5), y - 11, str(unit), self.palette.axis_text["j"], 12)

    def _row_labels(self, x: float, top: float) -> None:
        for place, pixel in enumerate(self.window.pixels):
            self.drawing.text(x - 8, top + ROW * (place + 0.5), str(pixel), self.palette.axis_text["i"], 12, align="right")
        self.drawing.text(x - 8, self._foot(), "pixel", self.palette.axis_text["i"], 12, align="right")
        self.drawing.text(x - 8, HEAD - 11, "unit", self.palette.axis_text["j"], 12, align="right")
        colour = self.palette.ink if self.stage >= 2 else self.palette.muted
        self.drawing.text(x - 8, HEAD + ROW / 2, "out.g", colour, 12.5, 500, "right", mono=True)

    def _rules(self, left: float, grid: float, above: float, top: float) -> None:
        down, right = ROW * len(self.window.pixels), CELL * len(self.window.units)
        self.drawing.line([(left - 2.5, top + 1), (left - 2.5, top + down - 1)], self.palette.axis["i"], 2.4)
        self.drawing.line([(grid + 1, above - 2), (grid + right - 1, above - 2)], self.palette.axis["j"], 2.4)

    def _foot(self) -> float:
        return HEAD + ROW + GAP + ROW * len(self.window.pixels) + 16

    def _label(self, x: float, text: str, filled_at: int) -> None:
        colour = self.palette.ink if self.stage >= filled_at else self.palette.muted
        self.drawing.text(x, self._foot(), text, colour, 12.5, 500, mono=True)

    def _operator(self, x: float, sign: str) -> None:
        colour = self.palette.axis_text["n"] if self.stage >= 4 else self.palette.muted
        self.drawing.text(x, HEAD + GAP + ROW * 3.5, sign, colour, 24)

    def _more(self, x: float, images: int) -> None:
        colour = self.palette.axis_text["n"] if self.stage >= 4 else self.palette.muted
        top = HEAD + ROW + GAP
        for y, text, size, weight in (
            (0.9, "+", 20, 400),
            (1.8, numbers.count(images), 13, 600),
            (2.35, "more", 13, 400),
            (3.3, "=", 24, 400),
        ):
            self.drawing.text(x, top + y * ROW, text, colour, size, weight)

    def _panel(self, x: float) -> None:
        width = GRID + 2 * MARGIN - 6
        self.drawing.rect(x - MARGIN + 3, 2, width, HEIGHT - 4, self.palette.panel, stroke=self.palette.hair, rx=8)

    def _cell(self, x: float, y: float, value: float, limit: float, text: str, tip: str) -> None:
        fill = hex_colour(value_colours(np.array(value), limit, self.palette))
        self.drawing.rect(x + 1, y + 1, CELL - 2, ROW - 2, fill, rx=3, tip=tip)
        self.drawing.text(x + CELL / 2, y + ROW / 2, text, ink_on(fill), 12.5 if len(text) < 6 else 11)

    def _blank(self, x: float, y: float) -> None:
        self.drawing.rect(x + 1.5, y + 1.5, CELL - 3, ROW - 3, stroke=self.palette.hair, stroke_dasharray="2 3", rx=3)

    def _note(self, tensor: str, image: int | None, pixel: int | None, unit: int | None, value: float) -> None:
        self.rows.append(dict(tensor=tensor, image=image, pixel=pixel, unit=unit, value=value))


def multiplication_table(window: Window, stage: int, palette: Palette) -> Diagram:
    """The table up to a step: 1 shows inp, 2 also out.g, 3 also the products, 4 also the sums."""
    return Table(window, stage, palette).draw()


def _largest(values: FloatArray) -> float:
    return float(np.abs(values).max())


def _in_unit(value: float, power: int) -> str:
    scaled = value / 10.0**power
    return numbers.fixed(scaled, 2 if abs(scaled) < 9.995 else 1, sign=True)
