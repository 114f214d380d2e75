"""Where the names of curves stand beside their ends, right of the plot."""

import math
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

import altair as alt

LINE = 14  # px from one line of a name to the next
LETTERS = 14  # of a line of a name, where there is little room
BREAK = "\n"


def in_lines(names: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The names, what they say in short lines."""
    return [name | dict(says=textwrap.fill(name["says"], LETTERS)) for name in names]


def step_of(names: Sequence[dict[str, Any]], step: float) -> float:
    """px from one to the next, from those that names of one line need."""
    return step + LINE * max((name["says"].count(BREAK) for name in names), default=0)


def centred() -> alt.ExprRef:
    """How far a name of several lines moves up, so that its middle stands where one line would."""
    return alt.ExprRef(f"-{LINE / 2:g} * (length(split(datum.says, '{chr(92)}n')) - 1)")


def beside_ends(
    names: Sequence[dict[str, Any]],
    step: float,
    pixel: Callable[[float], float],
    value: Callable[[float], float],
    top: float = math.inf,
) -> list[dict[str, Any]]:
    """Names, each with the `value` at which its curve ends, from the lowest up, moved so that none is on another.

    step: px between two names; pixel and value: from a value to px above the foot of the chart and back; top: px that no name
    may lie above, for which all are moved down together.
    """
    ordered = sorted(names, key=lambda name: pixel(name["value"]))
    heights = spread_out([pixel(name["value"]) for name in ordered], step)
    lowered = min(0.0, top - heights[-1]) if heights else 0.0
    return [name | dict(value=value(height + lowered)) for name, height in zip(ordered, heights, strict=True)]


def spread_out(heights: Sequence[float], step: float) -> list[float]:
    """Ascending heights, moved as little as needed so that neighbours are at least `step` apart."""
    groups: list[list[float]] = []  # each kept at equal steps around the mean of its heights
    for height in heights:
        groups.append([height])
        while len(groups) > 1 and _lowest(groups[-1], step) < _highest(groups[-2], step) + step:
            groups[-2:] = [groups[-2] + groups[-1]]
    return [_lowest(group, step) + step * place for group in groups for place in range(len(group))]


def _lowest(group: Sequence[float], step: float) -> float:
    return sum(group) / len(group) - step * (len(group) - 1) / 2


def _highest(group: Sequence[float], step: float) -> float:
    return sum(group) / len(group) + step * (len(group) - 1) / 2
