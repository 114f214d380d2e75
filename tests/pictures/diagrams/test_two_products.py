"""The two products, small: equal bars, their counts, and the times of the measurement that is shown."""

import pytest
from loops import over
from measurements import made_up
from pictures.diagrams.drawn import SVG, parsed, words

from mnistgrad.cost.measurement import MeasurementPlan
from mnistgrad.pictures.diagrams.two_products import two_products
from mnistgrad.pictures.palette import PALETTES

LIGHT = PALETTES["light"]
PACES = {"forward": 2.0, "matmul": 3.0}  # ms


@over(("n", "nh"), [(1, 50), (1_000, 2), (50_000, 100)])
def test_bars_are_equal_and_say_how_many_multiplications(n: int, nh: int) -> None:
    picture = two_products(n, nh, None, LIGHT)
    bars = [r for r in parsed(picture.svg).iter(f"{SVG}rect") if r.get("fill") == LIGHT.faint]
    assert len(bars) == 2 and len({bar.get("width") for bar in bars}) == 1 == len({bar.get("x") for bar in bars})
    assert words(parsed(picture.svg)).count(f"{n * 784 * nh:,}") == 2 and " ms" not in "".join(words(parsed(picture.svg)))


def test_times_are_those_at_the_nearest_count_each_beside_its_own_product() -> None:
    found = made_up(MeasurementPlan(largest=100), lambda method, n: 1e-3 * PACES.get(method, 1.0) * (1 if n == 50 else 9))
    picture = two_products(37, 50, found, LIGHT)
    said = words(parsed(picture.svg))
    assert said.index("2.0 ms") < said.index("gradient of w1") < said.index("3.0 ms")
    assert picture.frame["seconds"].tolist() == pytest.approx([2e-3, 3e-3]) and "at 50 images" in picture.description
