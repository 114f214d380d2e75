"""The shape diagrams of the four steps, read back from their SVG."""

import re
from functools import lru_cache
from itertools import combinations
from xml.etree import ElementTree

import pytest
import torch
from diagrams.drawn import NUMBER, SVG, parsed, points_of, rows_of_text, says, size_of, texts, tips, words

from mnistgrad import lesson
from mnistgrad.data import load_batch
from mnistgrad.diagrams.boxes import Roles
from mnistgrad.diagrams.steps import roles_of, step_diagram
from mnistgrad.diagrams.svg import Diagram
from mnistgrad.gradients import gradients
from mnistgrad.palette import PALETTES
from mnistgrad.presets import PRESETS, initial_weights
from mnistgrad.recording import Operation, record_pass, weight_gradient_steps
from mnistgrad.window import Paint, Window, choose_paint, choose_window

SIZES = [(1, 50), (3, 2), (5, 12), (6, 50), (50, 50), (784, 50), (1_000, 100), (50_000, 50)]
UNSQUEEZE_INP, UNSQUEEZE_OUT_G, MULTIPLY, SUM = range(4)
each_size = pytest.mark.parametrize(("n", "nh"), SIZES)
each_step = pytest.mark.parametrize("place", range(4), ids=["inp", "out.g", "mul", "sum"])


@lru_cache(maxsize=len(SIZES))
def scene(n: int, nh: int) -> tuple[tuple[Operation, ...], Roles, Paint, Window]:
    batch, weights = load_batch(n), initial_weights(nh)
    w_g = gradients(batch, weights).w1
    steps = weight_gradient_steps(record_pass(n, nh, PRESETS["lesson-2019"].relu))
    return steps, roles_of(steps), choose_paint(batch, weights, w_g), choose_window(batch, weights, w_g)


@lru_cache(maxsize=128)
def diagram(n: int, nh: int, place: int, theme: str = "light") -> Diagram:
    steps, roles, paint, window = scene(n, nh)
    return step_diagram(steps[place], roles, paint, window, PALETTES[theme])


@lru_cache(maxsize=128)
def picture(n: int, nh: int, place: int, theme: str = "light") -> ElementTree.Element:
    return parsed(diagram(n, nh, place, theme).svg)


@lru_cache(maxsize=len(SIZES))
def real_out_g(n: int, nh: int) -> torch.Tensor:
    """l1.g as autograd finds it."""
    batch, weights = load_batch(n), initial_weights(nh)
    l1 = lesson.lin(batch.inp, weights.w1, weights.b1).requires_grad_()
    lesson.mse(lesson.lin(weights.preset.relu(l1), weights.w2, weights.b2), batch.targ).backward()
    assert l1.grad is not None
    return l1.grad


def tensors_of(step: Operation) -> list[tuple[tuple[int, ...], tuple[str, ...]]]:
    """Shape and axes of what a picture shows, from left to right."""
    return [*((o.shape, o.axes) for o in step.operands), (step.shape, step.axes)]


def printed_shapes(root: ElementTree.Element) -> list[list[tuple[str, str]]]:
    """Every shape in the picture, from left to right: the digits and colour of each of its sizes."""
    for row in rows_of_text([text for text in texts(root) if text.mono], per=0.1).values():
        if row[0].words != "(":
            continue
        shapes: list[list[tuple[str, str]]] = []
        for text in row:
            if text.words == "(":
                shapes.append([])
            elif text.words.isdigit():
                shapes[-1].append((text.words, text.fill))
        return shapes
    raise AssertionError("no row of shapes is printed")


def dashed(root: ElementTree.Element) -> list[ElementTree.Element]:
    return [line for line in root.iter(f"{SVG}polyline") if line.get("stroke-dasharray")]


def sheets(root: ElementTree.Element) -> list[str]:
    return [tip for tip in tips(root) if tip.startswith("product[")]


@each_size
@each_step
def test_every_word_lies_inside_the_picture(n: int, nh: int, place: int) -> None:
    root = picture(n, nh, place)
    width, height = size_of(root)
    outside = [
        text.words
        for text in texts(root)
        if text.box[0] < -1 or text.box[1] < -1 or text.box[2] > width + 1 or text.box[3] > height + 1
    ]
    assert not outside


@each_size
@each_step
def test_no_two_words_lie_on_each_other(n: int, nh: int, place: int) -> None:
    upright = [text for text in texts(picture(n, nh, place)) if text.box[3] - text.box[1] < 20]
    touching = [
        (a.words, b.words)
        for a, b in combinations(upright, 2)
        if min(a.box[2], b.box[2]) - max(a.box[0], b.box[0]) > 2
        and min(a.box[3], b.box[3]) - max(a.box[1], b.box[1]) > 2
    ]
    assert not touching


@each_size
@each_step
def test_shapes_under_the_boxes_are_those_recorded_in_the_colours_of_their_axes(n: int, nh: int, place: int) -> None:
    steps, *_ = scene(n, nh)
    for theme, palette in PALETTES.items():
        expected = [
            [(str(size), palette.axis_text.get(axis)) for size, axis in zip(shape, axes, strict=True)]
            for shape, axes in tensors_of(steps[place])
        ]
        assert printed_shapes(picture(n, nh, place, theme)) == expected


@each_size
@pytest.mark.parametrize(("place", "new"), [(UNSQUEEZE_INP, "j"), (UNSQUEEZE_OUT_G, "i")])
def test_unsqueeze_dashes_only_along_the_axis_it_makes_room_for(n: int, nh: int, place: int, new: str) -> None:
    for theme, palette in PALETTES.items():
        assert {line.get("stroke") for line in dashed(picture(n, nh, place, theme))} == {palette.axis[new]}


@each_size
def test_product_dashes_each_operand_along_the_axis_that_stretches_it(n: int, nh: int) -> None:
    palette, found = PALETTES["light"], dashed(picture(n, nh, MULTIPLY))
    thirds = {0: set(), 1: set(), 2: set()}  # type: dict[int, set[str | None]]
    for line in found:
        left = points_of(line)[:, 0].min()
        thirds[sum(left > edge for edge in (250, 478))].add(line.get("stroke"))
    assert thirds == {0: {palette.axis["j"]}, 1: {palette.axis["i"]}, 2: {palette.axis["n"]} if n > 1 else set()}


@each_size
@pytest.mark.parametrize("place", [MULTIPLY, SUM])
def test_stack_shows_the_nearest_sheets_and_the_last(n: int, nh: int, place: int) -> None:
    images = [int(re.match(r"product\[(\d+)\]", tip)[1]) for tip in sheets(picture(n, nh, place))]  # type: ignore[index]
    assert images == (list(range(n))[::-1] if n <= 5 else [n - 1, 3, 2, 1, 0])


@each_size
@pytest.mark.parametrize("place", [MULTIPLY, SUM])
def test_stack_is_counted_in_words(n: int, nh: int, place: int) -> None:
    assert (f"{n:,} sheets" if n > 1 else "1 sheet") in words(picture(n, nh, place))


@each_size
@each_step
def test_only_the_sum_ends_the_n_axis(n: int, nh: int, place: int) -> None:
    shown = words(picture(n, nh, place))
    assert ("the n axis" in shown and "is gone" in shown) == (place == SUM)


@each_size
def test_pluses_stand_between_the_sheets_that_are_added(n: int, nh: int) -> None:
    assert words(picture(n, nh, SUM)).count("+") == (n - 1 if n <= 5 else 3)
    assert "+" not in words(picture(n, nh, MULTIPLY))


@each_size
@pytest.mark.parametrize("place", [UNSQUEEZE_INP, MULTIPLY])
def test_pixels_pointed_at_say_their_real_mean(n: int, nh: int, place: int) -> None:
    inp, said = load_batch(min(n, 8)).inp, set()
    for tip in tips(picture(n, nh, place)):
        found = re.fullmatch(rf"inp\[(\d+), (\d+):(\d+)\], mean of 28 pixels = ({NUMBER})", tip)
        if found:
            image, first, end = (int(found[k]) for k in (1, 2, 3))
            assert says(found[4], inp[image, first:end].double().mean().item())
            said.add((image, first, end))
    assert said == {(image, 28 * row, 28 * row + 28) for image in range(min(n, 8)) for row in range(28)}


@each_size
@pytest.mark.parametrize("place", [UNSQUEEZE_OUT_G, MULTIPLY])
def test_gradients_pointed_at_say_their_real_value(n: int, nh: int, place: int) -> None:
    out_g, said = real_out_g(n, nh), set()
    for tip in tips(picture(n, nh, place)):
        found = re.fullmatch(rf"out\.g\[(\d+), (\d+)\] = ({NUMBER})", tip)
        if found:
            image, unit = int(found[1]), int(found[2])
            assert number_agrees(found[3], out_g[image, unit].item())
            said.add((image, unit))
    stride = -(-nh // 25)
    assert said == {(image, unit) for image in range(min(n, 8)) for unit in range(0, nh, stride)}


def number_agrees(text: str, value: float) -> bool:
    """Two ways of summing differ by float32's rounding, which may move the last digit shown."""
    return says(text, value) or says(text, value * (1 + 1e-5)) or says(text, value * (1 - 1e-5))


@each_size
@each_step
def test_table_lists_every_axis_of_every_tensor(n: int, nh: int, place: int) -> None:
    steps, *_ = scene(n, nh)
    frame = diagram(n, nh, place).frame
    listed = [(tuple(rows["size"]), tuple(rows["name"])) for _, rows in frame.groupby("tensor", sort=False)]
    assert listed == tensors_of(steps[place])


def test_operation_without_a_picture_is_refused() -> None:
    _, roles, paint, window = scene(3, 2)
    other = next(step for step in record_pass(3, 2, lesson.relu) if step.name == "pow")
    with pytest.raises(NotImplementedError, match="'pow'"):
        step_diagram(other, roles, paint, window, PALETTES["light"])
