"""Results that come with the package and are damaged in any way: one error, which names the file; or they are what they were."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnistgrad.common.data_files import DataFileError
from mnistgrad.cost import measurement
from mnistgrad.distributed import scaling
from mnistgrad.training import rates, stored

ODD = st.sampled_from([None, "", "x", -1, 0, 1e400, float("nan"), 10**400, [], {}, [[]], True, {"n": 1}])


def read_stored() -> object:
    stored._stored.cache_clear()
    return [stored.stored_comparison(network) for network in stored.START_RATES]


def read_rates() -> object:
    rates._stored.cache_clear()
    return [rates.stored_study(network).best("true") for network in stored.START_RATES]


def read_cost() -> object:
    measurement.stored_measurement.cache_clear()
    return measurement.stored_measurement()


def read_scaling() -> object:
    scaling.stored_scaling.cache_clear()
    found = scaling.stored_scaling()
    return found, found.calculated, found.speedup


READ: dict[str, tuple[Any, str, Callable[[], object]]] = {
    "measured.json": (stored, "FILE", read_stored),
    "rates.json": (rates, "FILE", read_rates),
    "measured.jsonl": (measurement, "STORED", read_cost),
    "workers.jsonl": (scaling, "STORED", read_scaling),
}


@pytest.fixture(params=READ)
def damaged(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Callable[[], object]]:
    """A copy in the place of the file, to be damaged, and what reads it."""
    owner, name, read = READ[request.param]
    copy = tmp_path / request.param
    copy.write_bytes(getattr(owner, name).read_bytes())
    monkeypatch.setattr(owner, name, copy)
    return copy, read


@pytest.fixture(autouse=True)
def read_again() -> Any:
    """Whoever comes later."""
    yield
    for cached in (stored._stored, rates._stored, measurement.stored_measurement, scaling.stored_scaling):
        cached.cache_clear()


def is_told(copy: Path, read: Callable[[], object]) -> bool:
    with pytest.raises(DataFileError) as told:
        read()
    return str(copy) in str(told.value) and str(copy.parent) not in told.value.told


def test_whatever_is_cut_altered_or_unreadable_is_one_error(damaged: tuple[Path, Callable[[], object]]) -> None:
    copy, read = damaged
    read()
    content = copy.read_bytes()
    for broken in (b"", content[: len(content) // 2], b"\xff\xfe", b"[" * 100_000, b"null", b"[]", b'"x"', b"NaN\n", b"\0" * 9):
        copy.write_bytes(broken)
        assert is_told(copy, read)
    copy.unlink()
    assert is_told(copy, read)
    copy.mkdir()
    assert is_told(copy, read)


WRONG: dict[str, Any] = {
    "low": -1.0,
    "median": 1e9,
    "high": -1.0,
    "runs": -1,
    "cores": 0,
    "threads": 2**40,
    "date": "today",
    "torch": 2,
}
WRONG |= {"processor": None, "nh": 0, "plan": [], "machine": {}, "seconds": None, "computing": {"low": 0}}


@pytest.mark.parametrize("name", ["measured.jsonl", "workers.jsonl"])
def test_what_cannot_have_been_measured_is_one_error(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, attribute, read = READ[name]
    head, cost, *rest = getattr(owner, attribute).read_text().splitlines()
    copy, tried = tmp_path / name, 0
    monkeypatch.setattr(owner, attribute, copy)
    for at, line in enumerate((head, cost)):
        for path in paths_in(json.loads(line)):
            if path[-1] in WRONG:
                changed = [head, cost]
                changed[at] = json.dumps(put(json.loads(line), path, WRONG[path[-1]]))
                copy.write_text("\n".join([*changed, *rest]))
                assert is_told(copy, read), path
                tried += 1
    assert tried >= 14


def paths_in(content: Any) -> Iterator[tuple[str, ...]]:
    for key, value in content.items() if isinstance(content, dict) else ():
        yield (key,)
        yield from ((key, *below) for below in paths_in(value))


def put(content: Any, path: tuple[str, ...], odd: Any) -> Any:
    key, *below = path
    return content | {key: put(content[key], tuple(below), odd) if below else odd}


def replaced(content: Any, path: list[int], odd: Any) -> Any:
    """With something odd in one place, or without that place."""
    if not path or not isinstance(content, list | dict) or not content:
        return odd
    keys = list(content) if isinstance(content, dict) else list(range(len(content)))
    key = keys[path[0] % len(keys)]
    if len(path) == 1 and path[0] % 2:
        return {k: v for k, v in content.items() if k != key} if isinstance(content, dict) else content[:key]
    changed = dict(content) if isinstance(content, dict) else list(content)
    changed[key] = replaced(content[key], path[1:], odd)
    return changed


@settings(max_examples=40)
@given(line=st.integers(0, 60), path=st.lists(st.integers(0, 40), min_size=1, max_size=5), odd=ODD)
def test_wrong_types_keys_and_numbers_are_one_error(line: int, path: list[int], odd: Any) -> None:
    """Also where the checksum is that of what stands there."""
    for name, (owner, attribute, read) in READ.items():
        true = getattr(owner, attribute)
        content = true.read_text()
        lines = content.splitlines() if name.endswith("l") else [content]
        place = line % len(lines)
        changed = replaced(json.loads(lines[place]), path, odd)
        if isinstance(changed, dict) and "sha256" in changed:
            changed.pop("sha256")
            changed["sha256"] = stored._checksum(changed)
        with pytest.MonkeyPatch.context() as patched:
            copy = true.with_name(f".{name}-damaged")
            patched.setattr(owner, attribute, Copy([*lines[:place], json.dumps(changed), *lines[place + 1 :]], copy))
            try:
                read()
            except DataFileError as told:
                assert copy.name in told.told


class Copy(type(Path())):  # type: ignore[misc]
    """A path with other content."""

    def __new__(cls, lines: list[str], path: Path) -> "Copy":
        made = super().__new__(cls, path)
        made.content = "\n".join(lines)
        return made

    def read_text(self, *_: Any, **__: Any) -> str:
        return str(self.content)
