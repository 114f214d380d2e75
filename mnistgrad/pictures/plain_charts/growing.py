"""What becomes of a weight gradient as images are added: lines over the number of images."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from mnistgrad.gradient.sweep import SweepPoint
from mnistgrad.gradient.weight_gradient import WeightGradient
from mnistgrad.pictures.palette import Palette
from mnistgrad.pictures.plain_charts.dress import data_of, decades, finished, keyed
from mnistgrad.pictures.plain_charts.gradient import row_words

Value = Callable[[SweepPoint], float | None]


@dataclass(frozen=True)
class Growing:
    """A chart of it: its title, the field that its values have, a line for each name, and whether they span decades."""

    title: str
    field: str
    lines: Callable[[WeightGradient], dict[str, Value]]
    by_decades: bool = False
    words: str = ",~r"  # how d3 writes a value

    @property
    def axis(self) -> alt.Axis:
        whole: dict[str, Any] = dict(tickMinStep=1) if self.words == ",d" else {}
        return alt.Axis(title=self.field, format=self.words, ticks=False, labelPadding=8, **whole)


def _rows(found: WeightGradient) -> dict[str, Value]:
    same = ("black", "constant") if found.layer == "w1" else ("off",)
    words = {"black": "black pixels", "constant": "constant pixels", "off": "units off in every image"}
    return {"different rows": lambda p: p.distinct} | {words[name]: _size(name) for name in same}


def _size(name: str) -> Value:
    return lambda point: point.sizes[name]


def _variances(found: WeightGradient) -> dict[str, Value]:
    return {words: _variance(name) for name, words in row_words(found).items()}


def _variance(name: str) -> Value:
    return lambda point: point.variances.get(name)


KINDS = {
    "rows": Growing("Rows of {}", "rows", _rows, words=",d"),
    "rank": Growing("Rank of {}", "rank", lambda _: {"rank": lambda p: p.rank}, words=",d"),
    "shares": Growing(
        "Shares of the squared size of {}",
        "share",
        lambda _: {"best single outer product": lambda p: p.first_share, "best copied row": lambda p: p.copied_row_share},
        words=".0%",
    ),
    "variance": Growing("Variance of a column of {}, mean of all", "variance", _variances, True),
    "angle": Growing("Angle of {} to that of all images", "degrees", lambda _: {"angle": lambda p: p.away and p.away.angle}),
    "distance": Growing(
        "Difference of {} from that of all images",
        "difference",
        lambda _: {
            "whole matrix, by its norm": lambda p: p.away and p.away.norm,
            "farthest single entry": lambda p: p.away and p.away.largest,
        },
        True,
    ),
}


def growing_frame(found: WeightGradient, points: Sequence[SweepPoint], kind: str) -> pd.DataFrame:
    """One row a number of images and line: n, line, and the value, in a field of its own name."""
    shown = KINDS[kind]
    rows = [
        {"n": point.n, "line": name, shown.field: value}
        for name, of in shown.lines(found).items()
        for point in points
        if (value := of(point)) is not None
    ]
    return pd.DataFrame(rows, columns=["n", "line", shown.field])


def growing(found: WeightGradient, points: Sequence[SweepPoint], kind: str, palette: Palette) -> alt.LayerChart:
    shown, frame = KINDS[kind], growing_frame(found, points, kind)
    names = [*shown.lines(found)]
    colours = [palette.ink, palette.axis_text["j"], palette.muted, palette.axis_text["i"], palette.axis_text["n"]]
    axis = alt.Axis(title="images in the batch, n", format=",d", grid=False, ticks=False, titleColor=palette.axis_text["n"])
    y = alt.Y(f"{shown.field}:Q", axis=shown.axis)
    lines = alt.Chart(data_of(frame)).encode(
        x=alt.X("n:Q", scale=alt.Scale(type="log", domain=[1, max(found.n, 2)], nice=False), axis=axis),
        y=decades(shown.field, frame[shown.field], shown.field) if shown.by_decades else y,
        tooltip=[alt.Tooltip("n:Q", format=","), "line:N", alt.Tooltip(f"{shown.field}:Q", format=".4~g")],
        **keyed("line", names, colours[: len(names)]),
    )
    return finished([lines.mark_line(point=True)], shown.title.format(f"{found.layer}.g"), palette)
