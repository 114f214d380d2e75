"""What is said about memory, against tensors that are really made and let go."""

import re
from functools import lru_cache

import pytest
import torch
from loops import over

from mnistgrad import lesson
from mnistgrad.captions.memory import memory_note, memory_sentence
from mnistgrad.trace.passes import PROGRAMS, record_pass
from mnistgrad.trace.recording import Operation

SIZES = [(1, 50), (1, 2), (2, 2), (3, 50), (50, 50), (784, 50), (1_000, 100), (50_000, 2), (50_000, 50)]
UNITS = {"B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9}
BYTES = r"([\d.]+) (B|kB|MB|GB)\b"
each_form = over("form", PROGRAMS)
each_size = over(("n", "nh"), SIZES)


@lru_cache(maxsize=32)
def recorded(n: int, nh: int, form: str) -> tuple[Operation, ...]:
    return record_pass(n, nh, lesson.relu_shifted, form)


def sentence(n: int, nh: int, form: str) -> str:
    operations = recorded(n, nh, form)
    return f"{memory_sentence(operations, recorded(n, nh, 'matmul'))} {memory_note(operations)}"


def told_bytes(text: str, before: str, after: str = "") -> float:
    match = re.search(before + BYTES + after, text)
    assert match, (before, text)
    return float(match[1]) * UNITS[match[2]]


def kept(n: int, nh: int) -> dict[str, int]:
    """Bytes of what the pass leaves behind, and of out.g and the rest that hang on its tensors."""
    return {
        "l1": n * nh,
        "l2": n * nh,
        "out": n,
        "loss": 1,
        "out.g": n,
        "l2.g": n * nh,
        "w2.g": nh,
        "b2.g": 1,
        "l1.g": n * nh,
        "inp.g": n * 784,
        "w1.g": 784 * nh,
    }


@each_form
@each_size
def test_the_peak_is_what_is_kept_and_what_the_line_needs(n: int, nh: int, form: str) -> None:
    text = sentence(n, nh, form)
    end = 4 * (sum(kept(n, nh).values()) + nh)  # b1.g comes last
    peak = end - 4 * nh + 4 * n * 784 * nh if form == "broadcast" else end
    assert told_bytes(text, r"\*\*", r"\*\*") == pytest.approx(peak, rel=6e-3)
    line = "`(inp.unsqueeze(-1) * out.g.unsqueeze(1)).sum(0)` makes `w1.g`"
    assert f"is alive while {line if form == 'broadcast' else '`out.g.sum(0)` makes `b1.g`'}" in text


@each_form
@each_size
def test_the_largest_tensor_is_told_with_its_shape_and_bytes(n: int, nh: int, form: str) -> None:
    text = sentence(n, nh, form)
    largest = {"broadcast": ("inp.unsqueeze(-1) * out.g.unsqueeze(1)", (n, 784, nh))}
    expected = largest.get(form, ("inp.g", (n, 784)) if n >= nh else ("w1.g", (784, nh)))
    assert f"of which `{expected[0]}`, of shape {expected[1]}, takes" in text
    assert told_bytes(text, "takes ") == pytest.approx(4 * torch.Size(expected[1]).numel(), rel=6e-3)


@each_size
def test_broadcast_is_told_as_a_multiple_of_matmul(n: int, nh: int) -> None:
    text = sentence(n, nh, "broadcast")
    factor = re.search(r"That is ([\d.]+) times the", text)
    assert factor
    matmul = told_bytes(text, "times the ", " of the matmul form")
    assert float(factor[1]) == pytest.approx(told_bytes(text, r"\*\*", r"\*\*") / matmul, rel=0.05)
    assert "The broadcast form" not in text


@over("form", ["einsum", "matmul"])
@each_size
def test_the_other_forms_are_told_what_they_are_spared(form: str, n: int, nh: int) -> None:
    text = sentence(n, nh, form)
    assert f"The broadcast form would also make the product of shape ({n}, 784, {nh})" in text
    product = told_bytes(text, rf"the product of shape \({n}, 784, {nh}\), ")
    assert product == pytest.approx(4 * n * 784 * nh, rel=6e-3)
    assert "times" not in text


@each_form
@each_size
def test_all_that_is_made_is_told_without_views(n: int, nh: int, form: str) -> None:
    made = sum(kept(n, nh).values()) + nh
    made += 2 * n * nh + n  # the first parts of lin and relu
    made += 2 * n + n + n  # mse: the difference and its square; mse_grad: diff, and twice it
    made += n * nh // 4 + n * nh  # relu_grad: a byte for each unit, and as a float
    made += n * 784 * nh + n * nh if form == "broadcast" else 0
    assert told_bytes(sentence(n, nh, form), "All results together take ") == pytest.approx(4 * made, rel=7e-3)


@each_form
@each_size
def test_sentence_is_well_formed(n: int, nh: int, form: str) -> None:
    text = sentence(n, nh, form)
    assert not re.search(r"  |\.\. |None", text) and text.count("**") == 2 and text.count("`") == 6
