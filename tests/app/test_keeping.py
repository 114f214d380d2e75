"""What is kept is made once, comes back as it is, and makes room."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from mnistgrad.app.keeping import kept


def test_a_result_is_made_once_and_comes_back_as_it_is() -> None:
    made = []

    @kept()
    def make(n: int, name: str) -> list[object]:
        made.append((n, name))
        return [n, name]

    assert make(1, "a") is make(1, "a")
    assert make(1, "b") == [1, "b"] and made == [(1, "a"), (1, "b")]


def test_whoever_asks_for_what_is_being_made_waits_and_others_do_not() -> None:
    begun, go_on, made = Event(), Event(), []

    @kept()
    def make(n: int) -> int:
        made.append(n)
        if n == 1:
            begun.set()
            assert go_on.wait(30)
        return 10 * n

    with ThreadPoolExecutor(2) as readers:
        both = [readers.submit(make, 1) for _ in range(2)]
        assert begun.wait(30)
        assert make(2) == 20  # while 1 is still being made
        go_on.set()
        assert [reader.result(30) for reader in both] == [10, 10]
    assert sorted(made) == [1, 2]


def test_the_result_asked_for_longest_ago_makes_room() -> None:
    made = []

    @kept(2)
    def make(n: int) -> int:
        made.append(n)
        return n

    for n in (1, 2, 1, 3, 1, 2):
        make(n)
    assert made == [1, 2, 3, 2]


def test_a_failure_is_not_kept() -> None:
    tries = []

    @kept()
    def make(n: int) -> int:
        tries.append(n)
        if len(tries) == 1:
            raise OSError("not yet")
        return n

    with pytest.raises(OSError):
        make(4)
    assert make(4) == 4


def test_two_functions_do_not_mix_their_results() -> None:
    one, other = kept()(lambda n: n), kept()(lambda n: -n)
    assert (one(3), other(3)) == (3, -3)
