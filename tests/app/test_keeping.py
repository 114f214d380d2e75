"""What is kept is made once, comes back as it is, and makes room."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from patience import SOON

from mnistgrad.app.keeping import Shelf, size_of
from mnistgrad.network.data import load_batch
from mnistgrad.network.gradients import run_layers
from mnistgrad.network.presets import initial_weights


@pytest.fixture
def shelf() -> Shelf:
    return Shelf("blobs", 1_000)


def test_a_result_is_made_once_and_comes_back_as_it_is(shelf: Shelf) -> None:
    made = []

    @shelf.keep
    def make(n: int, name: str) -> list[object]:
        made.append((n, name))
        return [n, name]

    assert make(1, "a") is make(1, "a")
    assert make(1, "b") == [1, "b"] and made == [(1, "a"), (1, "b")]


def test_whoever_asks_for_what_is_being_made_waits_and_others_do_not(shelf: Shelf) -> None:
    begun, go_on, made = Event(), Event(), []

    @shelf.keep
    def make(n: int) -> int:
        made.append(n)
        if n == 1:
            begun.set()
            assert go_on.wait(SOON)
        return 10 * n

    with ThreadPoolExecutor(2) as readers:
        both = [readers.submit(make, 1) for _ in range(2)]
        assert begun.wait(SOON)
        assert make(2) == 20  # while 1 is still being made
        go_on.set()
        assert [reader.result(SOON) for reader in both] == [10, 10]
    assert sorted(made) == [1, 2]


def test_the_results_asked_for_longest_ago_make_room_by_their_bytes(shelf: Shelf) -> None:
    made = []

    @shelf.keep
    def make(name: str, nbytes: int) -> torch.Tensor:
        made.append(name)
        return torch.zeros(nbytes, dtype=torch.uint8)

    for name, nbytes in (("a", 300), ("b", 300), ("a", 300), ("c", 600), ("a", 300), ("b", 300)):
        make(name, nbytes)
        assert shelf.nbytes <= shelf.most
    assert made == ["a", "b", "c", "b"]


def test_the_newest_result_stays_however_large(shelf: Shelf) -> None:
    made = []

    @shelf.keep
    def make(nbytes: int) -> torch.Tensor:
        made.append(nbytes)
        return torch.zeros(nbytes, dtype=torch.uint8)

    for nbytes in (500, 5_000, 5_000, 500):
        make(nbytes)
    assert made == [500, 5_000, 500]


def test_a_failure_is_not_kept(shelf: Shelf) -> None:
    tries = []

    @shelf.keep
    def make(n: int) -> int:
        tries.append(n)
        if len(tries) == 1:
            raise OSError("not yet")
        return n

    with pytest.raises(OSError):
        make(4)
    assert make(4) == 4


def test_two_functions_on_one_shelf_do_not_mix_their_results(shelf: Shelf) -> None:
    one, other = shelf.keep(lambda n: n), shelf.keep(lambda n: -n)
    assert (one(3), other(3)) == (3, -3)


@dataclass(frozen=True)
class Found:
    numbers: torch.Tensor
    names: tuple[str, ...]
    by_name: dict[str, Any]


def test_bytes_are_those_of_all_that_a_result_holds() -> None:
    numbers, table = torch.zeros(10, 7), np.zeros((5, 3))
    frame = pd.DataFrame({"a": range(100)})
    assert size_of(numbers) == 280 and size_of(table) == 120
    assert size_of(frame) >= 800
    assert size_of(Found(numbers, (), {"one": table, "two": [table, table]})) == 280 + 3 * 120
    rows = [{"value": "x" * 1_000} for _ in range(500)]
    assert size_of(rows) == pytest.approx(500 * 1_049, rel=0.01)


def test_what_a_result_shares_with_what_is_kept_elsewhere_is_not_counted() -> None:
    batch, weights = load_batch(20), initial_weights(nh=6)
    layers = run_layers(batch.inp[:10], batch.targ[:10], weights, 10)  # inp is a view
    assert size_of(layers) == sum(t.nbytes for name, t in vars(layers).items() if name != "inp")
    assert size_of(Found(torch.zeros(2), (), {"layers": layers, "batch": batch})) == 8
