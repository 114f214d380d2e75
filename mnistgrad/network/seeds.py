"""Seeds to compare."""

from mnistgrad.common.arguments import whole_number
from mnistgrad.network.presets import LARGEST_SEED

MOST_COMPARED = 10


def seeds_from(seed: int, count: int) -> list[int]:
    """`count` seeds, the given one first: then those after it, or where the largest is reached, those before it."""
    whole_number("count", count, 1, MOST_COMPARED)
    first = min(whole_number("seed", seed, 0, LARGEST_SEED), LARGEST_SEED - count + 1)
    return [seed, *(other for other in range(first, first + count) if other != seed)]
