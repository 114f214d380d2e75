"""What happens once in a process: the first imports without looking for garbage, and the end, which is a server's alone."""

import gc
import signal
from collections.abc import Iterator

import pytest

from mnistgrad.app import leaving, start
from mnistgrad.common import beside


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in a new process."""
    monkeypatch.setattr(start, "_imported", False)
    yield
    gc.enable()


def test_garbage_is_looked_for_again_after_the_first_imports_and_during_all_others() -> None:
    with start.first_imports():
        assert not gc.isenabled()
    assert gc.isenabled()
    with start.first_imports():
        assert gc.isenabled(), "every run of a page turned it off"


def test_imports_that_fail_leave_it_on_and_are_the_first_again() -> None:
    with pytest.raises(ImportError), start.first_imports():
        raise ImportError
    assert gc.isenabled()
    with start.first_imports():
        assert not gc.isenabled()


def test_who_has_turned_it_off_finds_it_off() -> None:
    gc.disable()
    with start.first_imports():
        pass
    assert not gc.isenabled()


def test_a_server_looks_for_no_garbage_among_what_it_imported_and_nobody_else_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = gc.get_freeze_count()
    with start.first_imports():
        pass
    assert gc.get_freeze_count() == before
    monkeypatch.setattr(start, "_imported", False)
    monkeypatch.setattr(leaving, "at_once", lambda: None)
    monkeypatch.setattr(leaving, "is_server", lambda: True)
    monkeypatch.setattr(beside, "serve_many", lambda: None)
    frozen: list[int] = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(1))
    for _ in range(2):
        with start.first_imports():
            pass
    assert len(frozen) == 1, "what readers made since would be kept too"


def test_a_test_ends_in_its_own_way() -> None:
    """Or Ctrl-C would not be told, and its exit status be lost."""
    before = signal.getsignal(signal.SIGINT)
    leaving.at_once()
    assert signal.getsignal(signal.SIGINT) is before is not leaving._leave
