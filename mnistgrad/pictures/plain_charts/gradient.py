"""What one weight gradient is like: the variance of its columns, and its singular values."""

import altair as alt
import pandas as pd
import torch

from mnistgrad.common import numbers
from mnistgrad.gradient.outer_product import rank_limit
from mnistgrad.gradient.weight_gradient import WeightGradient
from mnistgrad.pictures.charts.singular_values import singular_values_frame
from mnistgrad.pictures.palette import Palette
from mnistgrad.pictures.plain_charts.dress import WIDTH, data_of, decades, finished

COLUMN = {"w1": "unit", "w2": "output"}  # what a column of the gradient is
STEP = 14  # px for a column, where there are few
WIDEST = 1_100


def column_frame(found: WeightGradient) -> pd.DataFrame:
    """One row a column of the gradient and group of its rows: its number, the group, how many rows that has, the variance."""
    column, off = COLUMN[found.layer], found.off.numpy()
    parts = [
        pd.DataFrame(
            {column: range(found.columns), "rows": words, "row_count": found.sizes[name], "variance": of.numpy(), "off": off}
        )
        for name, words in row_words(found).items()
        if (of := found.variances.get(name)) is not None
    ]
    return pd.concat(parts, ignore_index=True)


def row_words(found: WeightGradient) -> dict[str, str]:
    """What the groups of rows are called, the whole first; one that is the whole, or another over again, is left out."""
    every = {"all": f"all {numbers.count(found.rows, 'row')}"}
    if found.layer == "w2":
        return every | ({"on": "units that are on", "off": "units off in every image"} if found.sizes["off"] else {})
    words = every | {"lit": "lit pixels", "constant": "constant pixels", "black": "black pixels"}
    if found.sizes["constant"] == found.sizes["black"]:
        del words["constant"]
    if found.sizes["lit"] == found.rows:
        del words["lit"]
    printed = found.sizes["printed"]
    return words | ({"printed": f"the {printed} printed rows"} if printed < found.rows else {})


def column_variance(found: WeightGradient, order: str, palette: Palette) -> alt.LayerChart:
    frame, column = column_frame(found), COLUMN[found.layer]
    letter = "j" if found.layer == "w1" else "k"
    words = [name for name in row_words(found).values() if name in set(frame["rows"])]
    largest = frame[frame["rows"] == words[0]].sort_values(["variance", column], ascending=[False, True])[column].tolist()
    x = alt.X(
        f"{column}:O",
        sort=largest if order == "size" else None,
        axis=alt.Axis(
            title=f"{'hidden units' if found.layer == 'w1' else 'outputs'} {letter}, "
            + ("largest variance first" if order == "size" else "by number"),
            titleColor=palette.axis_text[letter],
            labelAngle=0,
            labelOverlap=True,
            labelPadding=10,
            ticks=False,
        ),
    )
    key = alt.Legend(title=None, orient="top", labelLimit=0)
    look = {
        "all": ("circle", palette.ink),
        "lit": ("square", palette.axis_text["j"]),
        "on": ("square", palette.axis_text["j"]),
        "constant": ("diamond", palette.muted),
        "black": ("triangle-down", palette.axis_text["i"]),
        "off": ("triangle-down", palette.axis_text["i"]),
        "printed": ("triangle-up", palette.axis_text["n"]),
    }
    shapes, colours = zip(*(look[name] for name, said in row_words(found).items() if said in words), strict=True)
    base = alt.Chart(data_of(frame)).encode(x=x, y=decades("variance", frame["variance"], "variance over the rows"))
    stems = base.transform_filter(alt.datum.rows == words[0]).mark_rule(color=palette.faint, opacity=0.45)
    marks = base.mark_point(filled=False, size=52, strokeWidth=1.5, opacity=1).encode(
        shape=alt.Shape("rows:N", scale=alt.Scale(domain=words, range=list(shapes)), legend=key),
        color=alt.Color("rows:N", scale=alt.Scale(domain=words, range=list(colours)), legend=key),
        tooltip=[
            f"{column}:O",
            "rows:N",
            alt.Tooltip("row_count:Q", format=","),
            alt.Tooltip("variance:Q", format=".4g"),
            "off:N",
        ],
    )
    width = min(max(WIDTH, STEP * found.columns), WIDEST)
    return finished([stems.encode(y2=alt.datum(0)), marks], f"Variance of each column of {_name(found)}", palette, width)


def singular_values(found: WeightGradient, palette: Palette) -> alt.LayerChart:
    frame = singular_values_frame(found)
    x = alt.X(
        "place:Q",
        scale=alt.Scale(domain=[0, len(frame) + 1], nice=False),
        axis=alt.Axis(title="singular values, largest first", format="d", tickMinStep=1, grid=False, ticks=False),
    )
    counted = frame["share"][frame["counted"]]
    y = decades("share", [*counted, 1.0], "share of the squared size")
    marks = alt.Chart(data_of(frame)).mark_point(size=40, strokeWidth=1.4, opacity=1)
    points = marks.encode(
        x=x,
        y=y,
        color=alt.Color(
            "counted:N",
            scale=alt.Scale(domain=[True, False], range=[palette.ink, palette.axis_text["i"]]),
            legend=alt.Legend(title="counts for the rank", orient="top"),
        ),
        tooltip=["place:Q", alt.Tooltip("singular_value:Q", format=".4g"), alt.Tooltip("share:Q", format=".4g"), "counted:N"],
    )
    limit = rank_limit(found, torch.float32) ** 2 / (found.spectrum.values.square().sum().item() or 1.0)
    told = pd.DataFrame({"share": [limit], "says": ["torch's limit for float32"]})
    rule = alt.Chart(told).encode(y=alt.Y("share:Q"))
    layers = [
        points,
        rule.mark_rule(color=palette.muted, strokeDash=[4, 3]),
        rule.mark_text(align="left", dx=6, dy=-7, color=palette.muted).encode(text="says:N", x=alt.value(0)),
    ]
    title = f"Singular values of {_name(found)}: rank {found.rank} of at most {min(found.g.shape)}"
    return finished(layers, title, palette)


def _name(found: WeightGradient) -> str:
    return f"{found.layer}.g {(found.rows, found.columns)}, n = {numbers.count(found.n)}"
