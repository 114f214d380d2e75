"""The sentences of the step-by-step page, at the sizes the steps really have."""

import re
from functools import lru_cache

import pytest

from mnistgrad import lesson
from mnistgrad.captions import steps as says
from mnistgrad.data import load_batch
from mnistgrad.gradients import gradients
from mnistgrad.presets import initial_weights
from mnistgrad.recording import Operation, record_pass, weight_gradient_steps
from mnistgrad.window import Paint, Window, choose_paint, choose_window

SIZES = [(1, 50), (1, 2), (2, 2), (3, 50), (9, 30), (50, 50), (1_000, 100), (50_000, 50)]
each_size = pytest.mark.parametrize(("n", "nh"), SIZES)


@lru_cache(maxsize=len(SIZES))
def recorded(n: int, nh: int) -> tuple[Operation, ...]:
    return weight_gradient_steps(record_pass(n, nh, lesson.relu))


def paint(n: int, nh: int) -> Paint:
    batch, weights = load_batch(n), initial_weights(nh)
    return choose_paint(batch, weights, gradients(batch, weights).w1)


@lru_cache(maxsize=len(SIZES))
def window(n: int, nh: int) -> Window:
    batch, weights = load_batch(n), initial_weights(nh)
    return choose_window(batch, weights, gradients(batch, weights).w1)


def sentences(n: int, nh: int) -> list[str]:
    return [says.step_sentence(step, recorded(n, nh)) for step in recorded(n, nh)]


def everything(n: int, nh: int) -> list[str]:
    steps = recorded(n, nh)
    return [
        says.headline(n),
        says.lede(n, is_zero=False),
        says.lede(n, is_zero=True),
        *sentences(n, nh),
        *(says.step_title(step) for step in steps),
        *(says.step_name(step, k + 1, 4) for k, step in enumerate(steps)),
        *(says.numbers_sentence(place, window(n, nh)) for place in range(1, 5)),
    ]


@each_size
def test_each_operand_is_told_with_its_size_and_what_it_makes_room_for(n: int, nh: int) -> None:
    first, second, *_ = sentences(n, nh)
    assert first.startswith("`inp` has one row of 784 pixels") and f"{nh} hidden units" in first
    assert second.startswith(f"`out.g` has one row of {nh} gradients") and "784 pixels" in second
    assert "`.unsqueeze(-1)` adds a third axis" in first or "`unsqueeze(-1)` adds a third axis" in first
    assert "unsqueeze(1)` adds its new axis in the middle" in second


@each_size
def test_product_is_as_many_tables_as_images(n: int, nh: int) -> None:
    sentence = sentences(n, nh)[2]
    assert ("**one table**" in sentence) == (n == 1)
    assert (f"**{n:,} tables**" in sentence) == (n > 1)
    assert n > 1 or f"784 × {nh}" in sentence


@each_size
def test_tables_are_added_only_where_there_are_several(n: int, nh: int) -> None:
    assert ("their tables are added" in sentences(n, nh)[3]) == (n > 1)
    assert ("nothing to add up" in says.headline(n)) == (n == 1)
    last = says.numbers_sentence(4, window(n, nh))
    assert ("sum of these" in last) == (1 < n <= 3)
    assert (f"{n:,} images" in last) == (n > 3)


@each_size
def test_note_tells_what_the_drawing_leaves_out(n: int, nh: int) -> None:
    painted = paint(n, nh)
    note = says.paint_note(recorded(n, nh)[0], painted)
    few = {1: "the one image", 2: "both images"}.get(n, f"all {n} images")
    images = few if n <= 8 else f"8 of the {n:,} images"
    stride = painted.units[1] - painted.units[0]
    units = {1: "every unit", 2: "every second unit", 4: "every 4th unit"}[stride]
    assert images in note and units in note
    assert painted.units == tuple(range(0, nh, stride))


@each_size
def test_frame_is_mentioned_where_it_is_drawn(n: int, nh: int) -> None:
    painted = paint(min(n, 50), nh)
    framed = ["small frame" in says.paint_note(step, painted) for step in recorded(n, nh)]
    assert framed == [False, False, True, True]


@each_size
def test_sentences_are_well_formed(n: int, nh: int) -> None:
    for sentence in everything(n, nh):
        assert sentence and sentence == sentence.strip() and "  " not in sentence
        assert not re.search(r"(?<![\d,.])\b1 (image|table|sheet|unit|hidden unit|pixel|gradient)s\b", sentence)
        assert (
            sentence.count("**") % 2 == 0
            and sentence.count("`") % 2 == 0
            and sentence.count("[") == sentence.count("]")
        )


@each_size
def test_tables_say_in_what_their_numbers_are_written(n: int, nh: int) -> None:
    scale = window(n, nh).steps[1].value
    assert scale is not None
    largest = scale.abs().max().item()
    units = {"in whole units": 1.0, "in thousandths": 1e-3, "in millionths": 1e-6}
    for place in (2, 3):
        told = [unit for unit in units if unit in says.numbers_sentence(place, window(n, nh))]
        assert len(told) == 1 and 0.099 <= largest / units[told[0]] <= 101
