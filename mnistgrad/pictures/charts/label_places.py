"""Where direct labels stand beside the ends of curves."""

from collections.abc import Sequence


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
