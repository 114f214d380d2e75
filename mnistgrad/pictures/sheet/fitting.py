"""How large a picture is drawn in a place: a chart reflows, a diagram is scaled."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.sheet.converting import svg_of
from mnistgrad.pictures.sheet.taken_in import words_in

VEGA_LITE = "6.4"


@dataclass(frozen=True)
class Fitted:
    """How much larger a picture is drawn, and the px that it then fills."""

    scale: float
    width: float
    height: float


def chart_svg(chart: Chart, width: float = 0) -> str:
    """width: in px; as the chart was made where it is 0."""
    spec = chart.spec | ({"width": width} if width else {})
    return svg_of(spec, VEGA_LITE)


def height_of(picture: Chart | Diagram) -> float:
    return float(picture.spec["height"]) if isinstance(picture, Chart) else picture.height


def smallest_text(picture: Chart | Diagram) -> float:
    """The size of its smallest words, in its own px; infinite where it has none."""
    if isinstance(picture, Chart):
        return min(_font_sizes(picture.spec), default=float("inf"))
    return min((style.size for _, style in words_in(ElementTree.fromstring(picture.svg))), default=float("inf"))


def _font_sizes(spec: object) -> Iterator[float]:
    """All in a specification."""
    if isinstance(spec, dict):
        for name, value in spec.items():
            if name.lower().endswith("fontsize") and isinstance(value, int | float):
                yield value
            else:
                yield from _font_sizes(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from _font_sizes(value)


def fitted(picture: Chart | Diagram, width: float, height: float, most: float) -> Fitted:
    """In a place of so many px, at most so many times as large as it was drawn; a chart then fills its width."""
    least = picture.least if isinstance(picture, Chart) else picture.width
    scale = min(height / height_of(picture), width / least, most)
    return Fitted(scale, width if isinstance(picture, Chart) else scale * picture.width, scale * height_of(picture))


def svg_in(picture: Chart | Diagram, place: Fitted) -> str:
    """Drawn for its place, before it is enlarged."""
    return picture.svg if isinstance(picture, Diagram) else chart_svg(picture, place.width / place.scale)
