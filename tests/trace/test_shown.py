"""Which indices a window shows: those chosen by name, and of axes made of others what comes of theirs."""

from collections.abc import Callable
from math import prod

import numpy as np
import pytest
import torch
from loops import over
from torch import Tensor

from mnistgrad.trace.explaining import explain_run
from mnistgrad.trace.shown import FIRST

X = torch.arange(10.0 * 12).view(10, 12)
MOST = 1_300  # numbers of a tensor
WINDOW = {"n": [0, 5, 9], "i": [1, 2]}


@over(
    ("function", "shown"),
    [
        (lambda x: x.t(), ((1, 2), (0, 5, 9))),
        (lambda x: x[:, :5], ((0, 5, 9), (1, 2))),
        (lambda x: x[3:], ((2, 6), (1, 2))),  # 5 and 9, as they are counted there
        (lambda x: x[::3], ((0, 3), (1, 2))),  # 0 and 9
        (lambda x: x[1:5], ((0, 1, 2, 3), (1, 2))),  # none of them: the first
        (lambda x: x[x[:, 0] >= 24], ((3, 7), (1, 2))),  # 5 and 9, of those that are left
        (lambda x: x.unsqueeze(1), ((0, 5, 9), (0,), (1, 2))),
        (lambda x: x.sum(0, keepdim=True), ((0,), (1, 2))),
        (lambda x: x.flatten(), ((1, 2, 61, 62, 109, 110),)),
        (lambda x: x.view(10, 3, 4), ((0, 5, 9), (0,), (1, 2))),
        (lambda x: x.view(2, 5, 12), ((0, 1), (0, 4), (1, 2))),
        (lambda x: torch.cat([x, x]), ((0, 5, 9, 10, 15, 19), (1, 2))),
        (lambda x: x[:, [7, 1, 2]], ((0, 5, 9), (0, 1, 2))),
        (lambda x: x @ torch.ones(12, 8), ((0, 5, 9), (0, 1, 2, 3, 4, 5))),
        (lambda x: x.view(2, 5, 3, 4).reshape(10, 12), ((0, 5, 9), (1, 2))),
    ],
)
def test_a_window_goes_with_its_axes(function: Callable[[Tensor], Tensor], shown: tuple[tuple[int, ...], ...]) -> None:
    run = explain_run(function, [X], axes={"x": "n i"}, window=WINDOW)
    last = run.operations[-1]
    assert last.shown == shown
    np.testing.assert_array_equal(last.numbers, run.returned.numpy()[np.ix_(*shown)])


def test_axes_that_nobody_chose_show_their_first_six() -> None:
    last = explain_run(lambda x: x * 2, [X], axes={"x": "n i"}, window={"n": [11, 3]}).operations[-1]
    assert last.shown == ((3,), (0, 1, 2, 3, 4, 5))


@over("sizes", [(7, 9), (6, 6, 6, 6), (7, 7, 7, 7, 7), (3,) * 8, (2, 9, 1, 9, 9, 9, 9)])
def test_of_many_axes_fewer_are_shown_the_longest_first(sizes: tuple[int, ...]) -> None:
    shown = explain_run(lambda x: x * 2, [torch.zeros(sizes)]).operations[-1].shown
    counts = [*map(len, shown)]
    assert prod(counts) <= MOST and all(one == tuple(range(len(one))) for one in shown)
    full = [min(size, FIRST) for size in sizes]
    assert counts == full or (prod(full) > MOST and max(counts) < max(full))
    assert all(count == min(size, max(counts)) for count, size in zip(counts, sizes, strict=True))


def test_numbers_are_those_of_the_time_whatever_happens_later() -> None:
    def changes(x: Tensor) -> Tensor:
        y = x + 1
        y.mul_(10)
        y[0] = 7
        y.zero_()
        return y

    numbers = [o.numbers.tolist() for o in explain_run(changes, [torch.arange(3.0)]).operations]
    assert numbers == [[1, 2, 3], [10, 20, 30], [7, 20, 30], [0, 0, 0]]


def test_what_feeds_a_window_is_told_by_the_windows_own_positions() -> None:
    run = explain_run(lambda x, w: x @ w, [X, torch.rand(12, 8)], axes={"x": "n i", "w": "i j"}, window=WINDOW)
    fed = run.operations[0].fed[1, 4]  # image 5, unit 4
    assert fed.cells[0].tolist() == [[False, False], [True, True], [False, False]]
    assert fed.cells[1].tolist() == [[column == 4 for column in range(6)]] * 2
    assert fed.count == 12 and len(fed.terms) == 6
    assert all(term.index[0] == (5, term.index[1][0]) and term.index[1][1] == 4 for term in fed.terms)
    with pytest.raises(KeyError):
        run.operations[0].fed[3, 0]


def test_in_place_a_number_is_fed_by_what_stood_there_before() -> None:
    def adds(x: Tensor) -> Tensor:
        x += 1
        return x.index_add_(0, torch.tensor([0, 0]), torch.tensor([10.0, 20.0]))

    added, *_, sent = explain_run(adds, [torch.arange(3.0)]).operations
    assert [added.fed[at,].terms[0].factors for at in range(3)] == [(0.0,), (1.0,), (2.0,)]
    assert [term.value for term in sent.fed[0,].terms] == [20, 10, 1] and sent.fed[0,].count == 3
    assert [fed.tolist() for fed in sent.fed[0,].cells] == [[True, False, False], [True, True], [True, True]]
    assert sent.fed[1,].count == 1 and sent.fed[1,].terms[0].index == ((1,), None, None)


def test_of_a_part_that_is_set_the_rest_is_fed_by_what_was_there() -> None:
    def sets(x: Tensor, y: Tensor) -> Tensor:
        x[1:3, 0] = y
        return x

    (operation,) = explain_run(sets, [torch.rand(4, 2), torch.rand(2)]).operations
    for position, fed in operation.fed.items():
        own, value = fed.cells
        is_set = position in ((1, 0), (2, 0))
        assert own.sum() == (not is_set) and own[position] == (not is_set)
        assert value.tolist() == [is_set and position[0] - 1 == place for place in range(2)]


def test_far_along_a_long_index_what_lies_in_the_window_feeds() -> None:
    index = torch.arange(200) % 3

    def adds(x: Tensor, src: Tensor) -> Tensor:
        return x.index_add(0, index, src)

    fed = explain_run(adds, [torch.zeros(3), torch.arange(200.0)], axes={"src": "m"}).operations[0].fed[1,]
    assert fed.cells[2].tolist() == [False, True, False, False, True, False] and fed.count == 1 + 67
    assert [term.value for term in fed.terms] == [199, 196, 193, 190, 187, 184]
    last = explain_run(
        lambda x, src: x.index_add(0, index, src), [torch.zeros(3), torch.rand(200)], {}, {"src": "m"}, {"m": [199]}
    )
    assert last.operations[0].fed[1,].cells[2].tolist() == [True]


@over(
    ("function", "chosen"),
    [
        (lambda x: x.max(), (1, 0)),
        (lambda x: x.argmax(), (1, 0)),
        (lambda x: x.amax((0, 1)), (1, 0)),
        (lambda x: x.max(0).values[:1], None),
        (lambda x: x.min(1).values, (0, 1)),
        (lambda x: x.argmin(1), (0, 1)),
        (lambda x: x.argmin(1, keepdim=True), (0, 1)),
        (lambda x: x.argmax(dim=-2), (1, 0)),
    ],
)
def test_what_was_chosen_is_the_one_that_feeds(function: Callable[[Tensor], Tensor], chosen: tuple[int, int] | None) -> None:
    operation = explain_run(function, [torch.tensor([[5.0, 2.0, 3.0], [9.0, 2.0, 4.0]])]).operations[0]
    fed = next(iter(operation.fed.values()))
    where = chosen or (1, 0)
    assert np.argwhere(fed.cells[0]).tolist() == [list(where)] and fed.count == 1
    assert [term.index for term in fed.terms] == [(where,)]


def test_of_millions_of_terms_the_largest_are_found() -> None:
    x = torch.rand(3_001, 1_500, generator=torch.Generator().manual_seed(1)) - 0.5
    x[2_999, 1_499], x[0, 0], x[1_234, 56] = 3, -2, 1
    total, averages = explain_run(lambda x: (x.mean(), x.mean(0)), [x]).operations
    fed = total.fed[()]
    assert fed.count == x.numel() and [term.value for term in fed.terms[:3]] == [3, -2, 1]
    assert [term.index for term in fed.terms[:3]] == [((2_999, 1_499),), ((0, 0),), ((1_234, 56),)]
    assert abs(fed.terms[3].value) == pytest.approx(0.5, abs=1e-3) and fed.cells[0][0, 0]
    column = x[:, 5].abs().sort(descending=True)
    terms = averages.fed[5,].terms
    assert [term.index[0] for term in terms] == [(row, 5) for row in column.indices[:6].tolist()]
