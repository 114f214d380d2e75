"""One weight's gradient as the sum of its images: the terms sorted, and the sum image by image."""

from typing import Any

import altair as alt
import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.gradient.one_weight import OneWeight
from mnistgrad.pictures.charts.one_weight import running_frame, terms_frame
from mnistgrad.pictures.palette import Palette
from mnistgrad.pictures.plain_charts.dress import WIDTH, data_of, finished, keyed

QUANTITIES = {"sum_so_far": "sum so far", "gradient_of_these_alone": "gradient of these images alone"}


def terms(found: OneWeight, palette: Palette) -> alt.LayerChart:
    """Steps of `from_percent` to `to_percent` of the images, sorted by their term, each as high as its mean term times n."""
    frame = terms_frame(found)
    across = alt.Axis(title="images, sorted by their term (% of the batch)", grid=False, titleColor=palette.axis_text["n"])
    steps = alt.Chart(data_of(frame)).encode(
        x=alt.X("from_percent:Q", scale=alt.Scale(domain=[0, 100], nice=False), axis=across),
        x2="to_percent:Q",
        y=alt.Y("mean_term_times_n:Q", axis=alt.Axis(title="term × n", format=",~r", ticks=False, labelPadding=8)),
        y2=alt.datum(0),
        color=alt.condition(alt.datum.mean_term_times_n < 0, alt.value(palette.values[1]), alt.value(palette.values[-2])),
        tooltip=["images:Q", "image:Q", alt.Tooltip("mean_term_times_n:Q", format="+.4~g")],
    )
    below = found.gradient < 0  # the terms of its own sign lie at that end, so its words stand at the other
    side: dict[str, Any] = dict(align="right", dx=-4, dy=10) if below else dict(align="left", dx=4, dy=-8)
    rule = alt.Chart(pd.DataFrame({"mean_term_times_n": [found.gradient], "says": [_mean_words(found)]}))
    words = rule.encode(y="mean_term_times_n:Q", text="says:N", x=alt.value(WIDTH if below else 0))
    layers = [
        steps.mark_rect(),
        rule.mark_rule(color=palette.ink, strokeDash=[4, 3]).encode(y="mean_term_times_n:Q"),
        words.mark_text(stroke=palette.paper, strokeWidth=4, strokeJoin="round", **side),
        words.mark_text(color=palette.ink, fontWeight=600, **side),
    ]
    return finished(layers, f"The {numbers.count(found.n, 'term')} of {found.entry}", palette)


def running_sum(found: OneWeight, palette: Palette) -> alt.LayerChart:
    """The sum of the first images' terms, and the gradient these have as a batch of their own."""
    frame = running_frame(found).melt("images", var_name="quantity", value_name="value")
    frame["quantity"] = frame["quantity"].map(QUANTITIES)
    names = list(QUANTITIES.values())
    axis = alt.Axis(title="images added, in the order of the batch", format=",d", grid=False, titleColor=palette.axis_text["n"])
    lines = alt.Chart(data_of(frame)).encode(
        x=alt.X("images:Q", scale=alt.Scale(type="log", domain=[1, max(found.n, 2)], nice=False), axis=axis),
        y=alt.Y("value:Q", axis=alt.Axis(title=found.entry, format=",~r", ticks=False, labelPadding=8)),
        tooltip=[alt.Tooltip("images:Q", format=","), "quantity:N", alt.Tooltip("value:Q", format="+.4~g")],
        **keyed("quantity", names, [palette.muted, palette.ink]),
    )
    end = alt.Chart(pd.DataFrame({"images": [found.n], "value": [found.gradient]})).encode(x="images:Q", y="value:Q")
    layers = [lines.mark_line(point=len(frame) < WIDTH // 20), end.mark_circle(color=palette.ink, size=50, opacity=1)]
    return finished(layers, f"{found.entry}, added up image by image", palette)


def _mean_words(found: OneWeight) -> str:
    return f"the mean is the gradient, {numbers.significant(found.gradient, 4, sign=True)}"
