"""What the ways to compute the gradient cost."""

from collections.abc import Callable
from functools import lru_cache

import measurements
from pictures.every_picture.kinds import Named, shows

from mnistgrad.cost.measurement import LINE, PASS, Measurement, MeasurementPlan, stored_measurement
from mnistgrad.pictures.charts.cost import memory_chart, time_chart
from mnistgrad.pictures.diagrams.cost_counts import cost_counts
from mnistgrad.pictures.diagrams.two_products import two_products
from mnistgrad.pictures.export import Picture
from mnistgrad.pictures.palette import Palette


@lru_cache
def costs() -> dict[str, Measurement]:
    return {
        "stored": stored_measurement(),
        "small": measurements.made_up(MeasurementPlan(largest=100, budget=10**6)),
        "wide": measurements.made_up(MeasurementPlan(nh=100, budget=10**8)),
        "blind": measurements.made_up(MeasurementPlan(largest=1_000), memory=False),
    }


def show_costs(chart: Callable[..., Picture]) -> None:
    @shows(chart)
    def _(palette: Palette) -> Named:
        for name, methods, n in (
            ("stored", LINE, 1),
            ("stored", PASS, 1_000),
            ("small", LINE, 1_000),
            ("small", PASS, 1),
            ("wide", PASS, 1_000),
            ("blind", LINE, 1),
        ):
            yield f"{name} {methods} {n}", chart(costs()[name], methods, n, "line", palette)


show_costs(time_chart)
show_costs(memory_chart)


@shows(cost_counts)
def _(palette: Palette) -> Named:
    for n, nh in ((1, 50), (1, 2), (1_000, 50), (50_000, 100), (3, 2)):
        yield f"{n} {nh}", cost_counts(n, nh, palette)


@shows(two_products)
def _(palette: Palette) -> Named:
    for n, nh in ((1, 50), (1_000, 2), (50_000, 100)):
        for name, found in (("nothing", None), *costs().items()):
            yield f"{name} {n} {nh}", two_products(n, nh, found, palette)
