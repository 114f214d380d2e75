"""Runs take turns: few at a time, in the order they came; a newer wish of the same page keeps its place."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from app.opening import opened
from patience import SOON
from waiting import until

from mnistgrad.app import turns
from mnistgrad.app.turns import Turns


class Superseded(BaseException):
    """As Streamlit ends a run for a newer one."""


class Closed(BaseException):
    """As it ends the last run of a page."""


class Run:
    """A run in a thread of its own, until it is told to end."""

    def __init__(self, line: Turns, begun: list[str], name: str, look: Callable[[], object] = lambda: None) -> None:
        self.ends = Event()
        self.thread = Thread(target=self._run, args=(line, begun, name, look), daemon=True)
        self.thread.start()
        until(lambda: self.thread in line._line, SOON, lambda: "it did not stand in line")

    def _run(self, line: Turns, begun: list[str], name: str, look: Callable[[], object]) -> None:
        for again in ("", "'s newer wish"):
            try:
                with line.turn(look):
                    begun.append(name + again)
                    assert self.ends.wait(SOON)
                return
            except Superseded:
                continue
            except Closed:
                return

    def end(self) -> None:
        self.ends.set()
        self.thread.join(SOON)


def test_few_run_at_once_and_the_others_in_the_order_they_came() -> None:
    line, begun = Turns(2), []
    runs = [Run(line, begun, name) for name in "abcde"]
    for count, run in enumerate(runs, 2):
        until(lambda count=count: len(begun) >= min(count, 5), SOON, lambda: str(begun))
        assert sorted(begun) == [*"abcde"[:count]], "more at once than may"
        run.end()
    assert not line._line


def test_a_newer_wish_keeps_the_place_of_the_one_before_and_who_is_gone_has_none() -> None:
    line, begun, newer = Turns(1), [], Event()

    def look() -> None:
        if newer.is_set():
            newer.clear()
            raise Superseded

    def end() -> None:
        if leaves.is_set():
            raise Closed

    leaves = Event()
    first = Run(line, begun, "first")
    until(lambda: begun == ["first"], SOON, lambda: str(begun))
    gone, second, third = Run(line, begun, "gone", end), Run(line, begun, "second", look), Run(line, begun, "third")
    newer.set()
    leaves.set()
    gone.thread.join(SOON)
    until(lambda: not newer.is_set(), SOON, lambda: "nobody looked")
    first.end()
    until(lambda: len(begun) == 2, SOON, lambda: str(begun))
    assert begun == ["first", "second's newer wish"]
    second.end()
    third.end()
    assert begun[2:] == ["third"] and not line._line


@contextmanager
def held(line: Turns) -> Iterator[None]:
    """By another page."""
    other = Run(line, [], "other")
    yield
    other.end()


def test_a_page_waits_for_its_turn_and_is_then_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("line")
    line = Turns(1)
    monkeypatch.setattr(turns, "TURNS", line)
    with held(line):
        app.number_input(key="n").set_value(7)
        drawing = Thread(target=app.run)
        drawing.start()
        until(lambda: len(line._line) == 2, SOON, lambda: "the page did not wait")
        assert drawing.is_alive()
    drawing.join(SOON)
    assert not line._line and app.number_input(key="n").value == 7 and not app.exception
