"""A chart as a Vega-Lite file that says what it is to whoever opens it."""

import json

from mnistgrad.captions.plain import runs
from mnistgrad.pictures.about import About
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.sheet.fitting import VEGA_LITE, height_of
from mnistgrad.pictures.sheet.paragraphs import paragraph
from mnistgrad.pictures.sheet.sheet import palette_of, told_of, words_of

TITLE, SENTENCE, OFFSET = 16, 12, 12  # px


def chart_json(chart: Chart, about: About) -> bytes:
    """The same chart with its title over it, higher by that; what else is told of it stands in `usermeta`."""
    palette = palette_of(chart)
    title = paragraph(runs(about.title), chart.width, TITLE, bold=True)
    sentence = paragraph(runs(about.caption), chart.width, SENTENCE)
    head = {
        "text": [line.text for line in title.lines],
        "subtitle": [line.text for line in sentence.lines],
        "anchor": "start",
        "frame": "bounds",
        "offset": OFFSET,
        "fontSize": TITLE,
        "subtitleFontSize": SENTENCE,
        "color": palette.ink,
        "subtitleColor": palette.muted,
    }
    told = {
        "title": about.plain_title,
        "sentence": about.plain_sentence,
        "state": about.state,
        "axes": about.axes(words_of(chart)),
        "link": about.link,
        "author": "mnistgrad",
    }
    spec = chart.spec | {
        "$schema": f"https://vega.github.io/schema/vega-lite/v{VEGA_LITE}.json",
        "title": head,
        "description": f"{about.plain_title}. {told_of(chart, about)}",
        "height": round(height_of(chart) + title.height + sentence.height + OFFSET),
        "usermeta": {"mnistgrad": told},
    }
    return json.dumps(spec, ensure_ascii=False, indent=1).encode()
