"""One rule for the seeds that are compared."""

import pytest
from loops import over

from mnistgrad.network.presets import LARGEST_SEED, initial_weights
from mnistgrad.network.seeds import seeds_from


def test_compared_seeds_begin_with_the_own_and_are_all_allowed() -> None:
    assert seeds_from(4, 3) == [4, 5, 6]
    assert seeds_from(7, 1) == [7]
    last = seeds_from(LARGEST_SEED, 3)
    assert last[0] == LARGEST_SEED and sorted(last) == list(range(LARGEST_SEED - 2, LARGEST_SEED + 1))
    assert initial_weights(2, last[2])


@over("count", [0, 11])
def test_more_seeds_than_a_chart_can_show_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"count is {count}; allowed are 1 to 10"):
        seeds_from(0, count)
