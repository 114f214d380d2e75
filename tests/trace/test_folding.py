"""Loops are noted once: what is kept stands for what ran as often as it says."""

from collections.abc import Iterator

import torch
from hypothesis import given
from hypothesis import strategies as st
from loops import over

from mnistgrad.trace.explaining import explain_run
from mnistgrad.trace.folding import Folded


def folded(ran: str) -> list[tuple[object, int]]:
    notes: Folded[int] = Folded()
    for number, letter in enumerate(ran):
        notes.add(letter, number)
    return [(one.key, one.times) for one in notes.kept]


@over(
    ("ran", "kept"),
    [
        ("abc", "a1 b1 c1"),
        ("aaaa", "a4"),
        ("xababaxx", "x1 a2 b2 a1 x2"),
        ("xabcabcabcy", "x1 a3 b3 c3 y1"),
        ("abac" * 5, "a5 b5 a5 c5"),
        ("abbcabbbc", "a2 b5 c2"),
        ("abcabd", "a1 b1 c1 a1 b1 d1"),
        ("", ""),
    ],
)
def test_a_body_that_is_repeated_is_kept_once(ran: str, kept: str) -> None:
    assert " ".join(f"{key}{times}" for key, times in folded(ran)) == kept


@given(st.text("abc", max_size=40))
def test_everything_that_ran_is_counted_once_and_stands_for_its_own_kind(ran: str) -> None:
    notes: Folded[int] = Folded()
    all_of_them = [notes.add(letter, number) for number, letter in enumerate(ran)]
    assert sum(one.times for one in notes.kept) == len(ran) == notes.times("a") + notes.times("b") + notes.times("c")
    assert all(one.first() in notes.kept and one.first().key == letter for one, letter in zip(all_of_them, ran, strict=True))
    assert [one.noted for one in notes.kept] == sorted(one.noted for one in notes.kept if one.noted is not None)


def test_a_loop_over_images_is_the_same_32_times() -> None:
    def loop(images, w):
        total = torch.zeros_like(w)
        for image in images:
            total = total + torch.outer(image, image @ w)
        return total / len(images)

    run = explain_run(loop, [torch.rand(32, 7), torch.rand(7, 5)], axes={"images": "n i", "w": "i j"})
    told = [(o.name, o.repeats, o.axes, [operand.made_by for operand in o.operands]) for o in run.operations]
    assert told == [
        ("zeros_like", 1, ("i", "j"), [None]),
        ("unbind", 1, ("i",), [None]),
        ("matmul", 32, ("j",), [1, None]),
        ("outer", 32, ("i", "j"), [1, 2]),
        ("add", 32, ("i", "j"), [0, 3]),
        ("div", 1, ("i", "j"), [4]),
    ]


def test_the_same_code_on_other_shapes_is_not_the_same() -> None:
    def loop(x) -> Iterator[torch.Tensor]:
        return [x[:size].sum() for size in (2, 2, 3, 3, 3)]

    assert [(o.name, o.shape, o.repeats) for o in explain_run(loop, [torch.rand(3)]).operations] == [
        ("getitem", (2,), 2),
        ("sum", (), 2),
        ("getitem", (3,), 3),
        ("sum", (), 3),
    ]
