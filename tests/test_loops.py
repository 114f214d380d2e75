"""That a test over many cases has them all, and says which one fails."""

import inspect

import pytest
from loops import over


def test_every_case_is_run_and_a_failure_says_of_which() -> None:
    seen = []

    @over("a, b", [(1, 2), (3, 4)])
    @over("c", "xy")
    def looped(fixture: int, a: int, b: int, c: str) -> None:
        seen.append((fixture, a, b, c))
        assert (a, c) != (3, "y"), "as expected"

    assert [*inspect.signature(looped).parameters] == ["fixture"]
    with pytest.raises(AssertionError, match="as expected") as told:
        looped(fixture=0)
    assert seen == [(0, 1, 2, "x"), (0, 1, 2, "y"), (0, 3, 4, "x"), (0, 3, 4, "y")]
    assert told.value.__notes__ == ["where c = 'y'", "where a = 3, b = 4"]


def test_cases_that_would_not_be_run_are_refused() -> None:
    for names, cases in (("a", []), ("a, b", [(1,)]), ("missing", [1])):
        with pytest.raises(AssertionError):
            over(names, cases)(lambda a, b: None)
