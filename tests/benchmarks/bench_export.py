"""A picture as a file, beside what vl-convert alone takes to make that kind of file of the same drawing."""

from collections.abc import Callable
from functools import partial

import pytest
import vl_convert
from benchmarks.ruler import Found, in_turns

from mnistgrad.app.cards.card import about
from mnistgrad.app.cards.pages import cards_of
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.export import export

ROUNDS = 3
SHOWN = {"chart": ("gradient", "column-variance"), "diagram": ("cost", "counts")}
BY_VL_CONVERT = {
    "chart": {"SVG": vl_convert.vegalite_to_svg, "PNG": vl_convert.vegalite_to_png, "PDF": vl_convert.vegalite_to_pdf},
    "diagram": {"PNG": vl_convert.svg_to_png, "PDF": vl_convert.svg_to_pdf},
}


@pytest.mark.parametrize("kind", SHOWN)
def test_export(kind: str, tell: Callable[[Found], None]) -> None:
    page, key = SHOWN[kind]
    card = next(card for card in cards_of(page, {}, "light") if card.key == key)
    picture, told = next(iter(card.pictures().values())), about(card, page, {}, "")
    drawing = picture.spec if isinstance(picture, Chart) else picture.svg
    for name, alone in BY_VL_CONVERT[kind].items():
        baseline, ours = in_turns(ROUNDS, partial(alone, drawing), partial(export, picture, name, told))
        tell(Found(f"export of a {kind} as {name}", ours, baseline, "ms", alone.__name__))
