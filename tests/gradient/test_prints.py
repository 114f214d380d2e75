"""Prints of every kind are read, and found where they stand; all else is refused in a sentence."""

import re
from functools import cache

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from loops import over

from mnistgrad.common.tensors import printed
from mnistgrad.gradient.prints.finding import Setting, find
from mnistgrad.gradient.prints.reading import Print, read_prints
from mnistgrad.gradient.prints.rules import LONGEST, UnreadPrint
from mnistgrad.gradient.prints.telling import tell
from mnistgrad.network.data import load_batch
from mnistgrad.network.gradients import Gradients, gradients
from mnistgrad.network.presets import PRESETS, initial_weights

MOST = 1_300  # images that are searched here


@cache
def grads(n: int = 1_000, preset: str = "lesson-2019", seed: int = 0, nh: int = 50) -> Gradients:
    return gradients(load_batch(n, preset=preset), initial_weights(nh, seed, preset))


@cache
def batches(normalise: bool):
    return load_batch(MOST, normalise=normalise)


def one(text: str) -> Print:
    (found,) = read_prints(text)
    return found


def looked_for(text: str):
    return find(read_prints(text), Setting(1_000), batches)


WRITTEN = {  # how a matrix comes to be written
    "torch": printed,
    "double": lambda g: printed(g).replace("]])", "]], dtype=torch.float64)"),
    "with a suffix": lambda g: printed(g).replace("]])", "]], device='cuda:0', grad_fn=<SumBackward1>, requires_grad=True)"),
    "a parameter": lambda g: f"Parameter containing:\n{printed(g)}",
    "a prompt and Windows": lambda g: f">>> print(w1.g[405:411])\n{printed(g)}\n>>> ".replace("\n", "\r\n"),
    "a notebook": lambda g: f"In [3]: w1.g[:6]\nOut[3]: \n{printed(g)}",
    "a name": lambda g: f"w1.g = {printed(g)}",
    "NumPy's repr": lambda g: repr(g.numpy()),
    "NumPy's str": lambda g: str(g.numpy()),
    "a list": lambda g: str(g.tolist()),
    "a minus and dots of another kind": lambda g: printed(g).replace("-", "−").replace("...", "…"),
    "a terminal's colours": lambda g: f"\x1b[32m{printed(g)}\x1b[0m",
}


@over("write", WRITTEN.values())
def test_a_matrix_is_read_however_it_is_written(write) -> None:
    g = torch.tensor([[0.5, -0.25, 3.0], [1e-7, -0.0, 12.5]])
    found = one(write(g))
    assert found.shape == (2, 3) and not found.flat and (found.row_gap, found.column_gap) == (None, None)
    assert np.allclose(found.values, g, atol=found.steps.max())


@over("write", list(WRITTEN.values())[:9])
def test_dots_of_a_long_matrix_are_read(write) -> None:
    found = one(write(grads().w1))
    assert found.shape == (6, 6) and (found.row_gap, found.column_gap) == (3, 3)
    assert np.allclose(found.values[[0, 5]], grads().w1[[0, 783]][:, [0, 1, 2, 47, 48, 49]], atol=1e-4)


def test_what_is_no_finite_number_zero_and_one_axis_are_read() -> None:
    odd = one("tensor([[nan, inf], [-inf, -0.]])")
    assert not odd.finite and np.isnan(odd.values[0, 0]) and odd.values[1, 0] == -np.inf
    assert one("tensor([0., -0., 0.])").zero and one("tensor([0., -0., 0.])").flat
    assert one("[0, 1, 2]").values.tolist() == [[0, 1, 2]] and one("tensor(0.5, grad_fn=<MeanBackward0>)").values.item() == 0.5
    assert one("0.5, 0.25\n0.75, 1.5").shape == (2, 2) and one("0.50, 0.25, ..., 0.75").column_gap == 2
    first, second = read_prints(f"b1.g: {printed(grads().b1)}\n\nw1.g: {printed(grads().w1)}")
    assert first.flat and first.shape == (1, 50) and second.row_gap == 3


@settings(max_examples=40)
@given(st.data())
def test_a_print_cut_anywhere_holds_only_numbers_that_were_printed_in_their_columns(data) -> None:
    whole = printed(grads().w1[405:411, :5])
    start = data.draw(st.integers(0, len(whole) // 2))
    end = data.draw(st.integers(start + 90, len(whole)))
    try:
        prints = read_prints(whole[start:end])
    except UnreadPrint:
        return  # a sentence, and no fault
    numbers = one(whole).values
    for found in prints:
        for row in found.rows:
            for column, number in enumerate(row):
                assert number is None or number.value in (numbers if len(found.rows) == 1 else numbers[:, column])
    assert sum(number is not None for found in prints for row in found.rows for number in row) > (end - start) / 15 - 6


REFUSED = {
    "": "No print",
    "hello 12": "No print",
    "<b>bold</b>": "No print",
    "[[1., 2.], [3.]]": "Row 2",
    "[[[1., 2.]]]": "3 axes",
    "[[1., 2., ..., 3., ..., 4.]]": "Dots stand twice",
    "[__import__('os').system('x')]": "`__import__`",
    "[1., <img src=x>]": "`<`",
    "[x for x in y]": "`x`",
    "[1., [2.]]": "A bracket opens",
    "[1.]\n" * 5: "5 prints",
    "0" * (LONGEST + 1): "characters",
}


@over("text", REFUSED)
def test_what_cannot_be_read_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(UnreadPrint, match=REFUSED[text]) as refused:
        read_prints(text)
    assert str(refused.value).endswith(".")


@settings(max_examples=150)
@given(st.text(alphabet="[]()., \n\r-+e0123456789naifx<>`'…\x00", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        prints = read_prints(text)
    except UnreadPrint as refused:
        assert "<" not in re.sub("`[^`]*`", "", str(refused))
    else:
        assert all(len(row) == each.shape[1] for each in prints for row in each.rows)
        for each in prints:
            tell(each, None, 50)


def test_each_tensor_is_found_with_its_rows_and_columns() -> None:
    of, corner = grads(), (0, 1, 2, 781, 782, 783)
    (whole,) = looked_for(printed(of.w1))
    assert (whole.tensor, whole.place.rows, whole.place.columns) == ("w1.g", corner, (0, 1, 2, 47, 48, 49))
    (some,) = looked_for(printed(of.w1[405:411]))
    assert (some.tensor, some.place.rows, some.place.many) == ("w1.g", tuple(range(405, 411)), 1)
    (part,) = looked_for(printed(of.w1[405:411, 3:7]))
    assert (part.place.rows, part.place.columns) == (tuple(range(405, 411)), (3, 4, 5, 6))
    (long,) = looked_for(printed(of.w1[100:400]))
    assert long.place.rows == (100, 101, 102, 397, 398, 399)
    (turned,) = looked_for(printed(of.w1.t()))
    assert turned.tensor == "l1.weight.grad" and turned.place.columns == corner
    (steps,) = looked_for(printed(of.w1[::97, :6]))
    assert steps.place.rows[:8] == tuple(range(0, 8 * 97, 97)) or set(steps.place.rows) >= {97 * k for k in range(3, 7)}
    biases, outputs = looked_for(f"{printed(of.b1)}\n{printed(of.w2)}")
    assert (biases.tensor, outputs.tensor) == ("b1.g", "w2.g")
    (row,) = looked_for(printed(of.w1[405]))
    assert (row.tensor, row.place.rows) == ("w1.g[i]", (405,))
    (column,) = looked_for(printed(of.w1[:, 3]))
    assert (column.tensor, column.place.rows) == ("w1.g[:, j]", (3,))


@over(("n", "preset", "seed"), [(1_234, "lesson-2019", 1), (64, "lesson-2022", 42), (1_000, "lesson-2022", 3)])
def test_n_preset_and_seed_are_told_from_the_numbers(n: int, preset: str, seed: int) -> None:
    (found,) = looked_for(printed(grads(n, preset, seed).b1))
    assert found.setting == Setting(n, preset, PRESETS[preset].normalise, seed, 50)
    (several, zeros) = looked_for(printed(grads(n, preset, seed).b1) + printed(torch.zeros(2, 2)))
    assert several.setting == found.setting and zeros is None


def test_numbers_of_no_gradient_that_is_tried_are_not_found_and_looked_at_alone() -> None:
    unknown = grads(777, seed=999)
    (found,) = looked_for(printed(unknown.w1))
    told = tell(one(printed(unknown.w1)), found, 50)
    assert found is None and told.copies and told.preset == "lesson-2019"
    assert told.rows == (0, 1, 2, 781, 782, 783) and told.columns == (0, 1, 2, 47, 48, 49)
    raw = tell(one(printed(grads(preset="lesson-2022", seed=42).w1)), None, 50)
    assert raw.printed.zero and raw.preset == "lesson-2022"
    lit = tell(one(printed(unknown.w1[405:411])), None, 50)
    assert len(set(lit.kinds)) == 6 and not lit.rows and lit.preset == "lesson-2019"
    assert tell(one(printed(grads(500, "lesson-2022", 999).w1[405:411])), None, 50).preset == "lesson-2022"
    turned = tell(one(printed(unknown.w1.t())), None, 50)
    assert turned.copies and turned.rows == told.rows
    (few,) = looked_for("tensor([-0.05, 0.09])")
    assert few is None  # too few digits to tell one gradient from another


def test_a_search_ends_where_it_is_told_to() -> None:
    class Over(Exception):
        pass

    def stop() -> None:
        raise Over

    with pytest.raises(Over):
        find(read_prints(printed(grads(777, seed=999).b1)), Setting(1_000), batches, stop)
