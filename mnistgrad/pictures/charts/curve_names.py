"""Where the name of a curve can stand beside it without lying on a line."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 330, 240  # px of the plot where it is narrowest; in a wider one a name takes less of the axis
LEFT, RIGHT = 0.85, 60_000  # the ends of the axis, in images
LETTER, LINE = 6.6, 15  # px that a letter takes across and a line of text takes down
STEP = 12  # px between the places that are tried, upwards; twice that along
FINE = 0.25  # px between the points of a line that are looked at
MARGIN = 3  # px to any line
RULE_WORD = 80  # px on either side of the rule, where its word may stand
TAKEN = 5  # ink where a word stands
APART = 6  # px; nearer to another curve, a name could be either's

Polyline = list[tuple[int, float]]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Spot:
    """The middle of a name: on the axis in images, and as a height on the scale."""

    n: float
    height: float


@dataclass(frozen=True)
class _Drawn:
    """A polyline as it is drawn, in px, at each quarter of a px across; y downwards."""

    x: Floats
    y: Floats


def across(n: float) -> float:
    """In px from the left."""
    return float(np.log(n / LEFT) / np.log(RIGHT / LEFT) * WIDTH)


def place_names(
    curves: Sequence[tuple[str, list[Polyline]]], around: Sequence[Polyline], n: int, bottom: float, top: float
) -> list[Spot]:
    """One spot a curve, near it and clear of all lines `around`, of the rule at n and of each other; far right if it can be.

    curves: names with the pieces of their curves, as (n, height); bottom and top: heights at the ends of the axis.
    """
    rule = across(n)
    ink = _ink([_drawn(polyline, bottom, top) for polyline in around])
    ink[int(max(rule - RULE_WORD, 0)) : int(rule + RULE_WORD), : LINE + MARGIN] = TAKEN
    longest = [_drawn(max(pieces, key=len), bottom, top) for _, pieces in curves]
    spots = []
    for place, (name, _) in enumerate(curves):
        own = _apart(longest[place], longest[:place])
        x, y = _best(LETTER * len(name), longest[place], own, [*longest[:place], *longest[place + 1 :]], ink, rule)
        left, right = int(max(x - LETTER * len(name) / 2, 0)), int(x + LETTER * len(name) / 2)
        ink[left : right + 1, int(max(y - LINE / 2, 0)) : int(y + LINE / 2) + 1] = TAKEN
        spots.append(Spot(LEFT * (RIGHT / LEFT) ** (x / WIDTH), top - y / HEIGHT * (top - bottom)))
    return spots


def _drawn(polyline: Polyline, bottom: float, top: float) -> _Drawn:
    x = np.array([across(place) for place, _ in polyline])
    y = np.array([(top - height) / (top - bottom) * HEIGHT for _, height in polyline])
    along = np.arange(x[0], x[-1] + FINE, FINE).clip(max=x[-1])
    return _Drawn(along, np.interp(along, x, y))


def _ink(lines: Sequence[_Drawn]) -> NDArray[np.int32]:
    """(WIDTH, HEIGHT), 1 where a line is drawn."""
    ink = np.zeros((WIDTH, HEIGHT), np.int32)
    for line in lines:
        ink[line.x.astype(int), line.y.astype(int).clip(0, HEIGHT - 1)] = 1
    return ink


def _apart(own: _Drawn, others: Sequence[_Drawn]) -> _Drawn:
    """Where the curve runs by itself; all of it where it never does."""
    alone = np.ones(len(own.x), bool)
    for other in others:
        alone &= np.abs(np.interp(own.x, other.x, other.y, np.inf, np.inf) - own.y) > APART
    return _Drawn(own.x[alone], own.y[alone]) if alone.any() else own


def _best(
    width: float, own: _Drawn, apart: _Drawn, others: Sequence[_Drawn], ink: NDArray[np.int32], rule: float
) -> tuple[float, float]:
    """The middle of the place with the least against it: ink in its box, another curve nearer, distance, and how far left."""
    x, y = _candidates(width, own)
    left, right, upper, lower = x - width / 2, x + width / 2, y - LINE / 2, y + LINE / 2
    sums = np.pad(ink.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    ends = [np.clip(left - MARGIN, 0, WIDTH), np.clip(right + MARGIN, 0, WIDTH)]
    sides = [np.clip(upper - MARGIN, 0, HEIGHT), np.clip(lower + MARGIN, 0, HEIGHT)]
    (a, b), (u, v) = ([edge.astype(int) for edge in pair] for pair in (ends, sides))
    hit = sums[b, v] - sums[a, v] - sums[b, u] + sums[a, u]
    gap = _gap(apart, left, right, y)
    nearer = np.any([_gap(other, left, right, y) < gap for other in others], axis=0) if others else np.zeros_like(gap)
    crossed = (left - MARGIN < rule) & (rule < right + MARGIN)
    cost = 100 * (hit > 0) + hit + 60 * crossed + 30 * nearer + 1.5 * gap + 0.05 * (WIDTH - x)
    best = int(cost.argmin())
    return float(x[best]), float(y[best])


def _gap(curve: _Drawn, left: Floats, right: Floats, y: Floats) -> Floats:
    """How far each box, by the middle of its height, is from the curve."""
    at = curve.x[None, ::12]
    return np.hypot(at - np.clip(at, left[:, None], right[:, None]), curve.y[None, ::12] - y[:, None]).min(1)


def _candidates(width: float, own: _Drawn) -> tuple[Floats, Floats]:
    """The middles of boxes above and below the curve, near and less near, all along the axis."""
    found = []
    for x in np.arange(WIDTH - width / 2 - 4, width / 2, -2 * STEP):
        near = np.clip([x - width / 2, x + width / 2], own.x[0], own.x[-1])
        beside = own.y[(own.x >= near[0]) & (own.x <= near[1])]
        for away in (0, STEP, 2 * STEP):
            found += [(x, beside.min() - LINE / 2 - MARGIN - away), (x, beside.max() + LINE / 2 + MARGIN + away)]
    x, y = np.array(found).T
    inside = (y > LINE) & (y < HEIGHT - LINE / 2)
    return (x[inside], y[inside]) if inside.any() else (x, y.clip(LINE, HEIGHT - LINE / 2))
