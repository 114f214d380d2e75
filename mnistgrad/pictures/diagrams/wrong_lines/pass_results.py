"""Every result of the pass with a wrong line in it: its shape, and how far its numbers are from autograd's."""

from collections.abc import Sequence

import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.lines.study import Result
from mnistgrad.pictures.diagrams.shapes.boxes import shape_parts
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import Palette

ROW, TOP, MARGIN = 30.0, 40.0, 14.0
TALL, LEAST_TALL = 62.0, 38.0  # of a row in two lines, where there is no room for all columns
COLUMNS = {
    "": 14.0,
    "shape it must have": 88.0,
    "shape it has": 216.0,
    "largest difference": 344.0,
    "of autograd's largest": 466.0,
    "verdict": 606.0,
}
WIDTH, LEAST = 756.0, 620.0
VERDICTS = {"never": "never set", "shape": "wrong shape", "numbers": "wrong numbers", "right": "right"}
SIGNS = {"never": "–", "shape": "≠", "numbers": "≠", "right": "="}


def pass_results(name: str, results: Sequence[Result], palette: Palette) -> Diagram:
    """One row for each result, in the order of the pass."""
    if palette.room < WIDTH:
        tall = min(TALL, max(LEAST_TALL, (palette.tall - MARGIN) / len(results)))
        drawing = Drawing(palette.room, tall * len(results) + MARGIN, palette)
        for place, result in enumerate(results):
            _two_lines(drawing, tall, place, result)
    else:
        drawing = Drawing(WIDTH, TOP + ROW * len(results) + MARGIN, palette)
        for heading, x in COLUMNS.items():
            drawing.text(x, TOP / 2, heading, palette.muted, 12.5, 600, "left")
        for place, result in enumerate(results):
            _row(drawing, TOP + ROW * place, result)
    described = "; ".join(f"{result.name}: {VERDICTS[result.verdict]}" for result in results)
    frame = pd.DataFrame(
        [
            dict(
                result=r.name,
                needed=numbers.shape(r.needed),
                shape="" if r.shape is None else numbers.shape(r.shape),
                largest_difference=r.difference,
                largest_of_autograd=r.largest,
                verdict=VERDICTS[r.verdict],
            )
            for r in results
        ]
    )
    return drawing.finished(f"pass-{name}", f"What the whole pass sets. {described}.", frame, min(LEAST, drawing.width))


def share(result: Result) -> str:
    """The largest difference as a share of autograd's largest number; "" where they are the same or not to be compared."""
    if result.verdict != "numbers" or result.difference is None or not result.largest:
        return ""
    ratio = result.difference / result.largest
    return numbers.percent(ratio) if ratio < 0.9995 else f"{numbers.significant(ratio)} times"


def _row(drawing: Drawing, y: float, result: Result) -> None:
    palette, middle = drawing.palette, y + ROW / 2
    ink = _ground(drawing, y, ROW, result)
    name, needed, has, difference, of_largest, verdict = COLUMNS.values()
    drawing.text(name, middle, result.name, ink, 13, 600, "left", mono=True)
    drawing.runs(needed, middle, shape_parts(result.needed, result.axes, palette), 13, 400, "left")
    _shape(drawing, has, middle, result)
    if result.difference is not None:
        drawing.text(difference, middle, numbers.significant(result.difference, 2), ink, 12.5, align="left")
        drawing.text(of_largest, middle, share(result), ink, 12.5, align="left")
    _tell(drawing, verdict, middle, ink, result)


def _two_lines(drawing: Drawing, tall: float, place: int, result: Result) -> None:
    """Its name and its verdict, and below them what its shape is and how far its numbers are off."""
    palette, first, second = drawing.palette, (place + 0.3) * tall, (place + 0.72) * tall
    ink = _ground(drawing, place * tall, tall, result)
    drawing.text(MARGIN, first, result.name, ink, 13, 600, "left", mono=True)
    _tell(drawing, 2 * MARGIN + 68, first, ink, result)
    _shape(drawing, MARGIN, second, result)
    if result.verdict == "shape":
        drawing.runs(
            MARGIN + 130, second, [("not ", palette.muted), *shape_parts(result.needed, result.axes, palette)], 13, 400, "left"
        )
    elif result.difference is not None:
        off = f"off by {numbers.significant(result.difference, 2)}" + (f", {share(result)}" if share(result) else "")
        drawing.text(MARGIN + 110, second, off, ink, 12.5, align="left")


def _ground(drawing: Drawing, y: float, tall: float, result: Result) -> str:
    """What a row stands on; the colour of its words."""
    palette = drawing.palette
    if result.verdict in ("shape", "numbers"):
        drawing.rect(4, y + 1, drawing.width - 8, tall - 2, palette.mark, stroke=palette.mark_edge, rx=4, class_="mark")
    else:
        drawing.line([(4, y + tall), (drawing.width - 4, y + tall)], palette.hair)
    return palette.muted if result.verdict == "never" else palette.ink


def _shape(drawing: Drawing, x: float, y: float, result: Result) -> None:
    palette = drawing.palette
    if result.shape is None:
        drawing.text(x, y, "never set", palette.muted, 12.5, align="left")
        return
    plain = result.shape != result.needed
    parts = [(numbers.shape(result.shape), palette.ink)] if plain else shape_parts(result.shape, result.axes, palette)
    drawing.runs(x, y, parts, 13, 600 if plain else 400, "left")


def _tell(drawing: Drawing, x: float, y: float, ink: str, result: Result) -> None:
    weight = 600 if result.verdict in ("shape", "numbers") else 400
    drawing.text(x, y, f"{SIGNS[result.verdict]}  {_verdict(result)}", ink, 12.5, weight, "left")


def _verdict(result: Result) -> str:
    if result.verdict != "numbers" or result.factor is None or result.needed == ():
        return VERDICTS[result.verdict]
    many = result.factor if result.factor > 1 else 1 / result.factor
    return f"{numbers.significant(many)} times too {'large' if result.factor > 1 else 'small'}"
