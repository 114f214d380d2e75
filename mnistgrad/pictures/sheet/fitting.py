"""How large a picture is drawn in a place: a chart reflows, a diagram is scaled."""

from dataclasses import dataclass

import vl_convert

from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.diagrams.svg import Diagram

VEGA_LITE = "6.4"


@dataclass(frozen=True)
class Fitted:
    """A picture's SVG, how much larger it is drawn, and the px that it then fills."""

    svg: str
    scale: float
    width: float
    height: float


def chart_svg(chart: Chart, width: float = 0) -> str:
    """width: in px; as the chart was made where it is 0."""
    spec = chart.spec | ({"width": width} if width else {})
    return vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE)


def height_of(picture: Chart | Diagram) -> float:
    return float(picture.spec["height"]) if isinstance(picture, Chart) else picture.height


def scale_in(picture: Chart | Diagram, width: float, height: float, most: float) -> float:
    """So that it is as high as its place at most, and no narrower than it may be."""
    least = picture.least if isinstance(picture, Chart) else picture.width
    return min(height / height_of(picture), width / least, most)


def fitted(picture: Chart | Diagram, width: float, height: float, most: float) -> Fitted:
    """In a place of so many px, at most so many times as large as it was drawn; a chart then fills its width."""
    scale = scale_in(picture, width, height, most)
    if isinstance(picture, Diagram):
        return Fitted(picture.svg, scale, scale * picture.width, scale * picture.height)
    return Fitted(chart_svg(picture, width / scale), scale, width, scale * height_of(picture))
