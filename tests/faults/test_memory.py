"""A server that may take no more memory: readers are told, their pages live, and with less everything goes on."""

import resource
from pathlib import Path

import psutil
import pytest
from faults.frames import Forger, forger
from server import Server, running_server

from mnistgrad.app import keeping
from mnistgrad.app.guard import standing
from mnistgrad.app.keeping import Shelf
from mnistgrad.captions import faults, jobs
from mnistgrad.common.data_files import unusable

MOST = dict(n=50_000, nh=100)
FEW = dict(n=20, nh=4)


@pytest.fixture(scope="module")
def capped(tmp_path_factory: pytest.TempPathFactory) -> Server:
    """Its own, since it is not usable for others any more."""
    log: Path = tmp_path_factory.mktemp("capped") / "log.txt"
    with running_server(log) as server:
        yield server


def cap(server: Server, spare: int) -> None:
    """spare: bytes of address space that it may still take."""
    most = psutil.Process(server.process).memory_info().vms + spare
    resource.prlimit(server.process, resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def stands(reader: Forger) -> bool:
    return bool(reader.of("page_link")) and not reader.of("exception") and "memory" not in reader.texts


def test_readers_are_told_and_go_on_with_less(capped: Server) -> None:
    with forger(capped.url) as one, forger(capped.url) as other:
        one.open("gradient", **FEW)
        other.open("gradient", **FEW | dict(n=40_000))
        assert stands(one) and stands(other)
        cap(capped, 60_000_000)
        one.type(**MOST)
        assert "There was no memory for" in one.texts and "Choose fewer images" in one.texts and "alloc" not in one.texts
        assert any(field.label == "Sample count, n" for field in one.of("number_input")), "to choose fewer with"
        one.type(n=30, nh=5)
        assert stands(one), one.texts
        other.open("line")
        assert stands(other), other.texts
    with forger(capped.url) as late:
        late.open("", **FEW)
        assert stands(late), late.texts


def test_a_run_without_a_thread_takes_what_was_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf("of a test", 1_000_000)
    shelf.put("key", "kept")
    monkeypatch.setattr(keeping, "SHELVES", (shelf,))
    began: list[bool] = []

    def begin(session: object, run: object) -> None:
        began.append(shelf.nbytes == 0)
        if not began[-1]:
            raise RuntimeError("can't start new thread")

    standing._start(begin, None, None)
    assert began == [False, True]


@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device", "/a/place/secret"),
        PermissionError(13, "Permission denied", "/a/place/secret"),
        ValueError("/a/place/secret"),
        MemoryError("/a/place/secret"),
        unusable(Path("/a/place/secret/measured.json"), "cannot be read", "secret"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_no_error_tells_readers_its_own_words(error: Exception) -> None:
    for told in (faults.told(error), jobs.failed("The work", error)):
        assert "secret" not in told and "/home" not in told and len(told) > 30
