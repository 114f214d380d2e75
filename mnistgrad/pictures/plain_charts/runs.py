"""What was measured and stored: the cost of each way to compute a gradient, and how trainings went."""

import math
from typing import Any

import altair as alt
import numpy as np

from mnistgrad.captions.training import LABELS, NETWORK_LABELS
from mnistgrad.cost.measurement import COST_METHODS, Measurement
from mnistgrad.pictures.charts.cost import MEMORY, TIME, cost_frame
from mnistgrad.pictures.charts.training import training_frame
from mnistgrad.pictures.charts.training_rates import rates_frame
from mnistgrad.pictures.palette import Palette
from mnistgrad.pictures.plain_charts.dress import data_of, finished, keyed
from mnistgrad.training.comparison import Comparison
from mnistgrad.training.rates import RateStudy


def cost(found: Measurement, of: str, palette: Palette) -> alt.LayerChart:
    """The medians of several runs, with the middle half of them behind. of: "time" or "memory"."""
    shown, field, title = (TIME, "seconds", "seconds") if of == "time" else (MEMORY, "nbytes", "bytes beyond those held before")
    frame = cost_frame(found, list(COST_METHODS), shown)
    frame = frame[frame["high"] > 0].assign(way=lambda those: those["method"].map(lambda name: COST_METHODS[name].label))
    names = [method.label for method in COST_METHODS.values()]
    base = alt.Chart(data_of(frame)).encode(x=_log("n", "images in the batch, n", palette.axis_text["n"]))
    scale = alt.Scale(type="log", nice=False)
    spread = np.log10([frame["low"].where(frame["low"] > 0).min(), frame["high"].max()])
    powers = [float(f"1e{exponent}") for exponent in range(math.floor(spread[0]), math.ceil(spread[1]) + 1)]
    axis = alt.Axis(title=title, format="~s", values=powers, ticks=False, labelPadding=8)
    y = alt.Y(f"{field}:Q", scale=scale, axis=axis)
    key = keyed("way", names, [palette.ink, palette.muted, palette.axis_text["i"], palette.axis_text["j"]] * 2)
    tips = ["way:N", alt.Tooltip("n:Q", format=","), alt.Tooltip(f"{field}:Q", format=".3~s"), "runs:Q", "calculated:N"]
    band = base.mark_area(opacity=0.18).encode(y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q", color=key["color"])
    return finished(
        [band, base.mark_line(point=True).encode(y=y, tooltip=tips, **key)], f"{of.capitalize()} of a gradient", palette
    )


def training(found: Comparison, of: str, palette: Palette) -> alt.LayerChart:
    """Each seed's own line, by what stood in for the gradient of w1. of: "accuracy" or "loss"."""
    frame = training_frame(found).dropna(subset=[of])
    log = of == "loss"
    axis = alt.Axis(title=of, format=",~r" if log else ".0%", ticks=False, labelPadding=8)
    lines = alt.Chart(data_of(frame)).encode(
        x=alt.X("step:Q", axis=alt.Axis(title="training step", format=",d", grid=False, ticks=False)),
        y=alt.Y(f"{of}:Q", scale=alt.Scale(type="log" if log else "linear", nice=False), axis=axis),
        detail="seed:N",
        tooltip=["method:N", "seed:N", "step:Q", alt.Tooltip(f"{of}:Q", format=".4~g"), "diverged:N"],
        **_methods(palette),
    )
    network = NETWORK_LABELS[found.experiment.plan.network]
    return finished([lines.mark_line(strokeWidth=1.6)], f"{of.capitalize()}: {network}", palette)


def rates(found: RateStudy, palette: Palette) -> alt.LayerChart:
    """How each way ends at each rate, a line for each seed as far as it did not diverge."""
    frame, of = rates_frame(found, []), "accuracy" if found.digits else "loss"
    frame = frame[~frame["diverged"]]
    axis = alt.Axis(title=f"{of} at the end", format=".0%" if found.digits else ",~r", ticks=False, labelPadding=8)
    scale = alt.Scale(type="linear" if found.digits else "log", nice=False)
    lines = alt.Chart(data_of(frame)).encode(
        x=_log("rate", "rate", palette.muted, "~g"),
        y=alt.Y(f"{of}:Q", scale=scale, axis=axis),
        detail="seed:N",
        tooltip=["method:N", "seed:N", "rate:Q", alt.Tooltip(f"{of}:Q", format=".4~g")],
        **_methods(palette),
    )
    title = f"At each rate: {NETWORK_LABELS[found.experiment.plan.network]}"
    return finished([lines.mark_line(point=True, strokeWidth=1.6)], title, palette)


def _methods(palette: Palette) -> dict[str, Any]:
    names = list(LABELS.values())
    colours = [palette.ink, palette.axis_text["j"], palette.axis_text["i"], palette.axis_text["n"], palette.muted]
    return keyed("method", names, colours[: len(names)])


def _log(field: str, title: str, colour: str, words: str = ",d") -> alt.X:
    axis = alt.Axis(title=title, titleColor=colour, format=words, grid=False, ticks=False)
    return alt.X(f"{field}:Q", scale=alt.Scale(type="log", nice=False), axis=axis)
