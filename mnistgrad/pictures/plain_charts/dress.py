"""What all plain charts share: their look, their data, and a scale of decades that has a place for exactly 0."""

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt
import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.pictures.charts.look import TEXT, dress
from mnistgrad.pictures.palette import Palette

WIDTH, HEIGHT = 560, 300
MOST_ROWS = 5_000  # that Altair takes of a table; the data of larger ones is given as it is
MOST_DECADES = 8
KEY_COLUMNS = 3
DASHES = ([1, 0], [5, 3], [2, 3], [9, 3], [1, 5])

Data = pd.DataFrame | alt.InlineData


def data_of(frame: pd.DataFrame) -> Data:
    """The frame itself; of more rows its records, which Altair does not count."""
    records: Any = frame.to_dict("records")
    return frame if len(frame) <= MOST_ROWS else alt.InlineData(values=records)


def finished(layers: Sequence[alt.Chart], title: str, palette: Palette, width: int = WIDTH) -> alt.LayerChart:
    """The layers in the look of the dashboard, on the table of the first, which is the whole chart's `data`.

    title: what is drawn, so that the chart says it wherever it is pasted.
    """
    heading = alt.TitleParams(title, anchor="start", color=palette.ink, fontSize=13, fontWeight=600, offset=12)
    data = layers[0].data
    parts = [layer.properties(data=alt.Undefined) if layer.data is data else layer for layer in layers]
    chart: alt.LayerChart = dress(alt.layer(*parts, data=data, width=width, height=HEIGHT, title=heading), palette)
    return chart.configure_legend(labelColor=palette.ink, titleColor=palette.muted, labelFontSize=TEXT, titleFontSize=TEXT)


def decades(field: str, values: Iterable[float], title: str | None = None) -> alt.Y:
    """By powers of ten, with exactly 0 below the lowest; a value far below the largest stands near 0."""
    known = [abs(value) for value in values if value and math.isfinite(value)] or [1.0]
    high = math.ceil(math.log10(max(known)))
    low = max(min(math.floor(math.log10(min(known))), high - 1), high - MOST_DECADES)
    ticks = [0.0, *(float(f"1e{exponent}") for exponent in range(low, high + 1))]
    words = ["0", *(f"{tick:g}" if -3 <= e <= 3 else numbers.power_of_ten(e) for e, tick in enumerate(ticks[1:], low))]
    scale = alt.Scale(type="symlog", constant=float(f"1e{low}") / 3, domain=[0.0, ticks[-1]], nice=False)
    label = f"{json.dumps(words, ensure_ascii=False)}[indexof({json.dumps(ticks)}, datum.value)]"
    return alt.Y(
        f"{field}:Q", scale=scale, axis=alt.Axis(title=title, values=ticks, labelExpr=label, ticks=False, labelPadding=8)
    )


def keyed(field: str, names: Sequence[str], colours: Sequence[str]) -> dict[str, Any]:
    """A colour and dashes for each name, told in one key above the plot where there are several."""
    columns = KEY_COLUMNS if len(names) > KEY_COLUMNS + 1 else len(names)
    key = (
        alt.Legend(title=None, orient="top", labelLimit=0, symbolStrokeWidth=2, symbolOpacity=1, columns=columns)
        if len(names) > 1
        else None
    )
    return {
        "color": alt.Color(f"{field}:N", scale=alt.Scale(domain=list(names), range=list(colours)), legend=key),
        "strokeDash": alt.StrokeDash(f"{field}:N", scale=alt.Scale(domain=list(names), range=_dashes(names)), legend=key),
    }


def _dashes(names: Sequence[str]) -> list[list[int]]:
    return [DASHES[place % len(DASHES)] for place in range(len(names))]
