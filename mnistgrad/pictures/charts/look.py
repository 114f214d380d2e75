"""The look that every chart shares, and the finished chart as a specification with its data inside."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa

from mnistgrad.common.shown import Brief
from mnistgrad.pictures.palette import SANS, Palette

TEXT = 12
NARROW = 500.0  # px
MARGIN = 64.0  # px by which a chart may shrink below the room it is drawn for
PICK = "pick"  # the selection of a chart that can be clicked, and the field that says what was clicked


@dataclass(frozen=True, repr=False)
class Chart(Brief):
    """A finished Vega-Lite specification with its data, what it says in words, and its numbers as a table."""

    name: str
    spec: dict[str, Any]
    description: str
    frame: pd.DataFrame
    width: float
    least: float

    @cached_property
    def spec_in_arrow(self) -> dict[str, Any]:
        """The specification with each set of its data as an Arrow table, as a page sends it; made once for all readers."""
        return self.spec | {"datasets": {name: _table(rows) for name, rows in self.spec["datasets"].items()}}


def sizes(width: float, least: float, palette: Palette) -> tuple[float, float]:
    """The width of a chart and the least that a card gives it, within the palette's room."""
    return min(width, palette.room), min(least, palette.room - MARGIN)


def is_narrow(palette: Palette) -> bool:
    """Whether it is drawn for a phone: words that stood beside each other stand in lines."""
    return palette.room < NARROW


def picking() -> alt.Parameter:
    """The selection by a click; the marks' data carry a field `pick`."""
    return alt.selection_point(name=PICK, fields=[PICK], on="click", clear=False)


def dress(chart: alt.LayerChart | alt.FacetChart, palette: Palette) -> Any:
    """The chart in the common look."""
    return (
        chart.properties(
            autosize=alt.AutoSizeParams(type="fit", contains="padding"), padding={"left": 2, "top": 4, "right": 8, "bottom": 4}
        )
        .configure(background=palette.paper, font=SANS)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=palette.muted,
            titleColor=palette.muted,
            labelFontSize=TEXT,
            titleFontSize=TEXT,
            titleFontWeight="normal",
            gridColor=palette.hair,
            domain=False,
            tickColor=palette.hair,
            titlePadding=8,
        )
        .configure_text(font=SANS, fontSize=TEXT)
    )


def styled(chart: alt.LayerChart | alt.FacetChart, palette: Palette) -> dict[str, Any]:
    """The chart in the common look, as a specification without data.

    Building one takes a tenth of a second, so a chart is built once for each palette, on `alt.NamedData` and
    the names of its parameters, and filled for each state.
    """
    return dress(chart, palette).to_dict()


def filled(spec: dict[str, Any], params: dict[str, Any], datasets: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """A copy of the specification with its parameters and its data, lists of records, inside."""
    given = [{"name": name, "value": value} for name, value in params.items()]
    return spec | {"params": given + spec.get("params", []), "datasets": datasets}


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: pa.array([row.get(name) for row in rows], from_pandas=True) for name in names})
