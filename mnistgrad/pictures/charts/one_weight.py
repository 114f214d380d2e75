"""One weight's gradient as the terms it is the sum of: the terms sorted, and their sum image by image."""

import math
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mnistgrad.common import numbers
from mnistgrad.gradient.one_weight import OneWeight
from mnistgrad.pictures.charts.look import Chart, filled, is_narrow, sizes, styled
from mnistgrad.pictures.palette import Palette

WIDTH, HEIGHT, LEAST = 760, 370, 620
WIDE, LOW = 1_100, 230
EVEN_STEPS, FINE_STEPS = 80, 30  # on each side of zero; the fine ones lie where the terms are largest
COUNTS = 200  # points of a running sum
ASIDE = 5  # px from a label's place to its text
LABEL, NARROW_LABEL = 22.0, 42.0  # percent of the width that the label of the zeros takes, at most
LINE = 14  # px
ROOM = {"terms": 0.12, "running-sum": 0.2}  # of the height, above and below, for labels
TERMS = ["from_percent", "to_percent", "images", "mean_term_times_n", "least_term_times_n", "largest_term_times_n", "image"]
CLOSE = 0.05  # of the width; a decade as close to n as this gets no tick of its own
SPANS = {"lines": (0.4, 0.76), "end": (0.8, 1.0)}  # of the width, over which labels stand clear of the lines
NARROW_SPANS = {"lines": (0.05, 0.62), "end": (0.64, 1.0)}


def _name(found: OneWeight, picture: str) -> str:
    return f"{picture}-{found.layer}-{found.row}-{found.column}"


def terms_frame(found: OneWeight) -> pd.DataFrame:
    """The sorted terms as steps, each over a run of images with one sign: its place, how many, and their terms times n.

    `image` is the image of a step that has one only. The outermost images have steps of their own, and no step holds
    terms of different signs, so that the largest and smallest term, the shares and the mean are exact.
    """
    order, ordered = found.order.numpy(), found.terms.numpy()[found.order.numpy()] * found.n
    up_from = found.n - found.ups
    edges = np.unique(np.concatenate([_edges(found.downs), [up_from], found.n - _edges(found.ups), [0, found.n]]))
    first, images = edges[:-1], np.diff(edges)
    sums = np.add.reduceat(ordered, first)
    columns = (
        first / found.n * 100,
        edges[1:] / found.n * 100,
        images,
        sums / images,
        ordered[first],
        ordered[edges[1:] - 1],
        np.where(images == 1, order[first], -1),
    )
    frame = pd.DataFrame(dict(zip(TERMS, columns, strict=True)))
    return frame.assign(image=frame["image"].astype("Int64").mask(frame["image"] < 0))


def _edges(count: int) -> NDArray[np.int64]:
    """Where steps end among `count` images, the outermost first; 0 and `count` included."""
    if not count:
        return np.zeros(1, np.int64)
    at = np.concatenate([np.linspace(0, count, EVEN_STEPS + 1), np.geomspace(1, count, FINE_STEPS)])
    return np.unique(np.rint(at).astype(np.int64))


def terms_chart(found: OneWeight, palette: Palette) -> Chart:
    """Every term times n, sorted, so that the height of the dashed line, their mean, is the gradient."""
    frame = terms_frame(found)
    steps = frame[(frame["least_term_times_n"] != 0) | (frame["largest_term_times_n"] != 0)]
    marks = [
        dict(start=numbers.rounded(s[0]), end=numbers.rounded(s[1]), height=numbers.rounded(s[3]), says=_images(s[2], s[6]))
        for s in steps.itertuples(index=False)
    ]
    params = _heights(frame["least_term_times_n"].min(), frame["largest_term_times_n"].max(), ROOM["terms"])
    datasets = {
        "steps": marks,
        "labels": _terms_labels(found, NARROW_LABEL if is_narrow(palette) else LABEL),
        "mean": [dict(height=found.gradient)],
    }
    spec = filled(_terms_picture(palette), params, datasets)
    return Chart(_name(found, "terms"), spec, _terms_description(found, frame), frame, *sizes(WIDTH, LEAST, palette))


def _images(count: int, image: Any) -> str:
    return numbers.count(count, "image") if image is pd.NA else f"image {image}"


def _heights(least: float, largest: float, room: float) -> dict[str, float]:
    """The ends of a scale that holds 0 and all of these, with room for labels above and below."""
    low, high = min(least, 0.0), max(largest, 0.0)
    pad = room * ((high - low) or 1.0)
    return {"low": low - pad, "high": high + pad}


def _terms_labels(found: OneWeight, room: float) -> list[dict[str, Any]]:
    """The mean at the end where the terms lie on its other side, and the share of zeros on the side that is free there."""
    below = found.gradient < 0
    mean = "the term" if found.n == 1 else "their mean"
    labels = [
        dict(
            place=100.0 if below else 0.0,
            height=found.gradient,
            align="right" if below else "left",
            dy=12 if below else -9,
            says=f"{mean} is the gradient, {numbers.significant(found.gradient, 4, sign=True)}",
            weight=600,
        )
    ]
    if found.zeros:
        start, end = found.downs / found.n * 100, 100 - found.ups / found.n * 100
        labels.append(
            dict(
                place=max(end, room) if below else min(start, 100 - room),
                height=0.0,
                align="right" if below else "left",
                dy=-9 if below else 12,
                says=f"{numbers.percent(found.zeros / found.n)} add nothing",
                weight=400,
            )
        )
    return labels


@lru_cache(maxsize=4)
def _terms_picture(palette: Palette) -> dict[str, Any]:
    x = alt.X(
        "start:Q",
        scale=alt.Scale(domain=[0, 100], nice=False),
        axis=alt.Axis(
            title="images, sorted by their term (% of the batch)",
            values=[0, 20, 40, 60, 80, 100],
            grid=False,
            titleColor=palette.axis_text["n"],
        ),
    )
    steps = alt.Chart(alt.NamedData("steps")).encode(
        x=x,
        x2="end:Q",
        y=_height_axis(),
        y2=alt.datum(0),
        tooltip=[alt.Tooltip("says:N", title="of"), alt.Tooltip("height:Q", title="term × n (mean)", format="+.4~g")],
    )
    mean = alt.Chart(alt.NamedData("mean")).encode(y="height:Q")
    purple, mustard = palette.values[1], palette.values[-2]
    coloured = steps.transform_filter("datum.height < 0"), steps.transform_filter("datum.height > 0")
    chart = alt.layer(
        *(part.mark_rect(color=c, stroke=c, strokeWidth=1.5) for part, c in zip(coloured, (purple, mustard), strict=True)),
        mean.mark_rule(color=palette.muted).encode(y=alt.datum(0)),
        mean.mark_rule(color=palette.paper, strokeWidth=3.6, opacity=0.6),
        mean.mark_rule(color=palette.ink, strokeDash=[4, 3], strokeWidth=1.4),
        *_labels(palette),
        width=min(WIDTH, palette.room),
        height=HEIGHT,
    )
    return styled(chart, palette)


def _height_axis() -> alt.Y:
    scale = alt.Scale(domain=[alt.ExprRef("low"), alt.ExprRef("high")], nice=False, zero=False)
    return alt.Y("height:Q", scale=scale, axis=alt.Axis(title=None, ticks=False, labelPadding=8, format=",~r", tickCount=6))


def _labels(palette: Palette) -> list[alt.Chart]:
    """Texts from the data, each first as an outline in the colour of the paper, so that it can be read on marks."""
    texts = alt.Chart(alt.NamedData("labels")).encode(x="place:Q", y="height:Q", text="says:N")
    set_by: dict[str, Any] = {
        "align": alt.ExprRef("datum.align"),
        "dx": alt.ExprRef(f"{{left: {ASIDE}, center: 0, right: -{ASIDE}}}[datum.align]"),
        "dy": alt.ExprRef("datum.dy"),
        "fontWeight": alt.ExprRef("datum.weight"),
        "lineBreak": "\n",
    }
    outline = texts.mark_text(stroke=palette.paper, strokeWidth=4, strokeJoin="round", **set_by)
    return [outline, texts.mark_text(color=palette.ink, **set_by)]


def _terms_description(found: OneWeight, frame: pd.DataFrame) -> str:
    least, largest = frame["least_term_times_n"].min(), frame["largest_term_times_n"].max()
    single = frame["image"].notna() | (frame["mean_term_times_n"] == 0)
    steps = "" if single.all() else f" Drawn as {len(frame)} steps, each the mean of the images that it spans."
    return (
        f"The {numbers.count(found.n, 'term')} of {found.entry}, sorted and times n: from "
        f"{numbers.significant(least)} to {numbers.significant(largest)}; "
        f"{numbers.count(found.downs)} below 0, {numbers.count(found.ups)} above, {numbers.count(found.zeros)} exactly 0. "
        f"The mean is the gradient, {numbers.significant(found.gradient, 4)}.{steps}"
    )


def running_frame(found: OneWeight) -> pd.DataFrame:
    """After how many images: the sum so far, and the gradient that these images have as a batch of their own."""
    counts = np.arange(1, found.n + 1)
    if found.n > COUNTS:
        counts = np.unique(np.rint(np.geomspace(1, found.n, COUNTS)).astype(np.int64))
    sums, alone = found.running.numpy()[counts - 1], found.alone.numpy()[counts - 1]
    return pd.DataFrame(dict(images=counts, sum_so_far=sums, gradient_of_these_alone=alone))


def running_sum_chart(found: OneWeight, palette: Palette) -> Chart:
    """The sum of the first images' terms, and those images' own gradient, against their number, for two images or more."""
    frame = running_frame(found)
    heights = frame[["sum_so_far", "gradient_of_these_alone"]].to_numpy()
    params = _heights(heights.min(), heights.max(), ROOM["running-sum"]) | {"n": found.n, "ticks": _ticks(found.n)}
    points = [dict(images=n, sum=numbers.rounded(s), alone=numbers.rounded(a)) for n, s, a in frame.itertuples(index=False)]
    end = [dict(images=found.n, height=found.gradient)]
    spec = filled(
        _running_picture(palette),
        params,
        {"points": points, "labels": _running_labels(found, frame, is_narrow(palette)), "end": end},
    )
    drawn = f" Drawn at {len(frame)} counts." if len(frame) < found.n else ""
    description = (
        f"The terms of {found.entry} added up in the order of the images, on a logarithmic axis from 1 image to "
        f"{numbers.count(found.n)}. Sum and gradient of the images so far end at {numbers.significant(found.gradient, 4)}.{drawn}"
    )
    return Chart(_name(found, "running-sum"), spec, description, frame, *sizes(WIDE, LEAST, palette))


def _ticks(n: int) -> list[int]:
    """Powers of ten, and n itself at the end."""
    decades = [10**e for e in range(math.ceil(math.log10(n))) if math.log(n / 10**e) > CLOSE * math.log(n)]
    return [*decades, n]


def _running_labels(found: OneWeight, frame: pd.DataFrame, narrow: bool) -> list[dict[str, Any]]:
    """What each line is: above both where it is the upper one, else below both; and where they end."""
    spans_of = NARROW_SPANS if narrow else SPANS
    across = np.log(frame["images"].to_numpy()) / math.log(found.n)

    def along(column: str, span: str) -> NDArray[np.floating]:
        """The line's corners within a span, and where it enters and leaves it."""
        start, end = spans_of[span]
        inside = across[(across > start) & (across < end)]
        return np.interp([start, *inside, end], across, frame[column].to_numpy())

    apart = "\n" if narrow else " "
    words = {
        "sum_so_far": "sum so far",
        "gradient_of_these_alone": f"gradient of the images so far,{apart}as a batch of their own",
    }
    spans = {name: along(name, "lines") for name in words}
    upper, lower = sorted(words, key=lambda name: -spans[name].mean())
    both = np.concatenate(list(spans.values()))
    ends = np.concatenate([along(name, "end") for name in words])
    top, foot, up = ends.max(), ends.min(), found.gradient > 0
    middle = found.n ** (sum(spans_of["lines"]) / 2)
    last = f"all {numbers.count(found.n)}: {numbers.significant(found.gradient, 4, sign=True)}"
    return [
        dict(
            place=middle,
            height=both.max(),
            align="center",
            dy=-12 - LINE * words[upper].count("\n"),
            says=words[upper],
            weight=400,
        ),
        dict(place=middle, height=both.min(), align="center", dy=14, says=words[lower], weight=400),
        dict(place=found.n, height=top if up else foot, align="right", dy=-12 if up else 14, says=last, weight=600),
    ]


@lru_cache(maxsize=4)
def _running_picture(palette: Palette) -> dict[str, Any]:
    at_the_end = "datum.value == n"
    axis = alt.Axis(
        title="images added, in the order of the batch",
        values=alt.ExprRef("ticks"),
        grid=False,
        labelExpr=f"{at_the_end} ? 'n = ' + format(n, ',') : format(datum.value, ',')",
        labelColor=alt.condition(at_the_end, alt.value(palette.axis_text["n"]), alt.value(palette.muted)),
        labelFontWeight=alt.condition(at_the_end, alt.value(600), alt.value(400)),
        titleColor=palette.axis_text["n"],
    )
    x = alt.X("images:Q", scale=alt.Scale(type="log", domain=[1, alt.ExprRef("n")], nice=False), axis=axis)
    points = alt.Chart(alt.NamedData("points")).encode(x=x)
    end = alt.Chart(alt.NamedData("end"))
    tips = [
        alt.Tooltip("images:Q", title="images so far", format=","),
        alt.Tooltip("sum:Q", title="sum so far", format="+.4~g"),
        alt.Tooltip("alone:Q", title="their own gradient", format="+.4~g"),
    ]
    own_height = _height_axis()
    chart = alt.layer(
        end.mark_rule(color=palette.muted).encode(y=alt.datum(0)),
        end.mark_rule(color=palette.axis["n"], strokeWidth=1.4).encode(x="images:Q"),
        points.mark_line(color=palette.muted, strokeWidth=1.6, strokeDash=[5, 4]).encode(y=alt.Y("sum:Q")),
        points.mark_line(color=palette.ink, strokeWidth=1.8).encode(y=alt.Y("alone:Q")),
        points.mark_rule(color=palette.ink, opacity=0, strokeWidth=8).encode(tooltip=tips),
        end.mark_circle(color=palette.ink, size=46, opacity=1).encode(x="images:Q", y=own_height),
        *_labels(palette),
        width=min(WIDE, palette.room),
        height=LOW,
    )
    return styled(chart, palette)
