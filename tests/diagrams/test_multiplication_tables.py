"""The multiplication tables: what each step fills in, and that the arithmetic on show is right."""

import re
from functools import lru_cache
from itertools import combinations
from xml.etree import ElementTree

import pytest
import torch
from diagrams.drawn import NUMBER, SVG, last_digit, number, parsed, says, size_of, texts, tips, words

from mnistgrad import lesson
from mnistgrad.data import load_batch
from mnistgrad.diagrams.multiplication_table import multiplication_table
from mnistgrad.diagrams.svg import Diagram
from mnistgrad.gradients import gradients
from mnistgrad.palette import PALETTES
from mnistgrad.presets import PRESETS, initial_weights
from mnistgrad.window import Window, choose_window

CASES = [
    (1, 50, "lesson-2019"),
    (2, 50, "lesson-2019"),
    (3, 2, "lesson-2022"),
    (4, 12, "lesson-2019"),
    (1_000, 50, "lesson-2019"),
    (1_000, 2, "lesson-2022"),
]
each_case = pytest.mark.parametrize(("n", "nh", "preset"), CASES)
UNITS = {"": 0, "in whole units": 0, "in thousandths": -3, "in millionths": -6, "in thousands": 3}


@lru_cache(maxsize=len(CASES))
def window(n: int, nh: int, preset: str) -> Window:
    batch, weights = load_batch(n, PRESETS[preset].normalise), initial_weights(nh, preset=preset)
    return choose_window(batch, weights, gradients(batch, weights).w1)


@lru_cache(maxsize=64)
def table(n: int, nh: int, preset: str, stage: int = 4) -> Diagram:
    return multiplication_table(window(n, nh, preset), stage, PALETTES["light"])


@lru_cache(maxsize=64)
def picture(n: int, nh: int, preset: str, stage: int = 4) -> ElementTree.Element:
    return parsed(table(n, nh, preset, stage).svg)


@lru_cache(maxsize=len(CASES))
def real(n: int, nh: int, preset: str) -> dict[str, torch.Tensor]:
    """inp, out.g and w.g of the whole batch by autograd, float64."""
    batch, weights = load_batch(n, PRESETS[preset].normalise), initial_weights(nh, preset=preset).to(torch.float64)
    l1 = lesson.lin(batch.inp.double(), weights.w1, weights.b1).requires_grad_()
    lesson.mse(lesson.lin(weights.preset.relu(l1), weights.w2, weights.b2), batch.targ.double()).backward()
    assert l1.grad is not None
    inp = batch.inp.double()
    return {
        "inp": inp,
        "out.g": l1.grad,
        "product": torch.einsum("ni,nj->nij", inp[:3], l1.grad[:3]),
        "added": torch.einsum("ni,nj->ij", inp[:3], l1.grad[:3]),
        "w.g": inp.t() @ l1.grad,
    }


def unit_of(tip: str) -> int:
    words = re.search(r" \((.*)\)$", tip)
    return UNITS[words[1]] if words else 0


@each_case
@pytest.mark.parametrize(
    ("stage", "filled"),
    [
        (1, {"inp"}),
        (2, {"inp", "out.g"}),
        (3, {"inp", "out.g", "product"}),
        (4, {"inp", "out.g", "product", "w.g", "added"}),
    ],
)
def test_each_step_fills_in_one_more_tensor(n: int, nh: int, preset: str, stage: int, filled: set[str]) -> None:
    shown = {
        re.match(r"inp\[.*×|\w+(\.g)?(?=\[)|[−+]?[\d.]+", tip)[0]  # type: ignore[index]
        for tip in tips(picture(n, nh, preset, stage))
        if not tip.startswith("image")
    }
    kinds = {"product" if tip.endswith("×") else tip if "g" in tip or tip == "inp" else "sum" for tip in shown}
    sums = {"added", "w.g"} & filled
    wanted = filled - sums
    if sums:
        wanted |= {"sum"} if n <= 3 else {"sum", "w.g"}
    assert kinds == wanted
    assert set(table(n, nh, preset, stage).frame["tensor"]) == filled - ({"added"} if n <= 3 else set())


@each_case
@pytest.mark.parametrize("stage", [1, 2, 3, 4])
def test_a_cell_is_either_filled_or_left_open(n: int, nh: int, preset: str, stage: int) -> None:
    root = picture(n, nh, preset, stage)
    images, units = min(n, 3), min(nh, 4)
    tables = images * (5 + units + 5 * units) + (5 * units) * (1 if n <= 3 else 2)
    open_cells = sum(rect.get("stroke-dasharray") is not None for rect in root.iter(f"{SVG}rect"))
    assert open_cells + len(table(n, nh, preset, stage).frame) == tables
    assert (open_cells == 0) == (stage == 4)


@each_case
def test_arithmetic_on_show_is_right(n: int, nh: int, preset: str) -> None:
    count = 0
    for tip in tips(picture(n, nh, preset)):
        found = re.match(rf"inp\[(\d+), (\d+)\] × out\.g\[(\d+), (\d+)\] = ({NUMBER}) × ({NUMBER}) = ({NUMBER})", tip)
        if not found:
            continue
        count += 1
        one, other, result = found[5], found[6], found[7]
        slack = (last_digit(one) * abs(number(other)) + last_digit(other) * abs(number(one)) + last_digit(result)) / 2
        assert abs(number(one) * number(other) - number(result)) <= slack * 1.01 + 1e-9
        image, pixel, same, unit = map(int, found.groups()[:4])
        expected = real(n, nh, preset)["product"][image, pixel, unit].item()
        assert image == same and says(result, expected / 10.0 ** unit_of(tip))
    assert count == min(n, 3) * 5 * min(nh, 4)


@each_case
def test_sums_add_up(n: int, nh: int, preset: str) -> None:
    found = [
        re.match(rf"({NUMBER}(?: [+−] {NUMBER})*) = ({NUMBER})(?: \(|$)", tip) for tip in tips(picture(n, nh, preset))
    ]
    sums = [match for match in found if match]
    assert len(sums) == 5 * min(nh, 4)
    for match in sums:
        terms = match[1].replace(" + ", " +").replace(" − ", " −").split(" ")
        slack = (sum(map(last_digit, terms)) + last_digit(match[2])) / 2
        assert len(terms) == min(n, 3)
        assert abs(sum(map(number, terms)) - number(match[2])) <= slack * 1.01 + 1e-9


@each_case
def test_table_of_numbers_equals_an_independent_computation(n: int, nh: int, preset: str) -> None:
    tensors = real(n, nh, preset)
    for row in table(n, nh, preset).frame.to_dict("records"):
        place = tuple(
            int(row[axis]) for axis in ("image", "pixel", "unit") if row[axis] == row[axis] and row[axis] is not None
        )
        tensor = tensors[row["tensor"]]
        assert row["value"] == pytest.approx(tensor[place].item(), rel=1e-4, abs=1e-6 * tensor.abs().max().item())


@pytest.mark.parametrize(("n", "more"), [(1, None), (2, None), (3, None), (4, "1"), (1_000, "997")])
def test_images_left_out_are_counted(n: int, more: str | None) -> None:
    root = parsed(multiplication_table(window(n, 50, "lesson-2019"), 4, PALETTES["light"]).svg)
    found = [text for text in texts(root) if text.words == "more"]
    if more is None:
        assert not found
        return
    above = [text.words for text in texts(root) if text.x == found[0].x and 0 < found[0].y - text.y < 25]
    assert above == [more]


@each_case
def test_headings_name_images_and_their_digits(n: int, nh: int, preset: str) -> None:
    shown, labels = words(picture(n, nh, preset)), load_batch(n).labels.tolist()
    assert [word for word in shown if word.startswith("image ")] == [f"image {k}" for k in range(min(n, 3))]
    assert [word[-1] for word in shown if word.startswith("a handwritten ")] == [str(label) for label in labels[:3]]
    assert {1: "the sum of one", 2: "both added"}.get(n, f"all {n:,} added") in shown


@each_case
@pytest.mark.parametrize("stage", [1, 4])
def test_every_word_lies_inside_the_picture(n: int, nh: int, preset: str, stage: int) -> None:
    root = picture(n, nh, preset, stage)
    width, height = size_of(root)
    outside = [
        t.words for t in texts(root) if t.box[0] < -1 or t.box[1] < -1 or t.box[2] > width + 1 or t.box[3] > height + 1
    ]
    assert not outside


@each_case
def test_no_two_words_lie_on_each_other(n: int, nh: int, preset: str) -> None:
    touching = [
        (a.words, b.words)
        for a, b in combinations(texts(picture(n, nh, preset)), 2)
        if min(a.box[2], b.box[2]) - max(a.box[0], b.box[0]) > 2
        and min(a.box[3], b.box[3]) - max(a.box[1], b.box[1]) > 2
    ]
    assert not touching


@each_case
def test_no_word_lies_on_an_image(n: int, nh: int, preset: str) -> None:
    root = picture(n, nh, preset)
    images = [
        tuple(float(image.get(k, 0)) for k in ("x", "y", "width", "height")) for image in root.iter(f"{SVG}image")
    ]
    covering = [
        t.words
        for t in texts(root)
        for x, y, width, height in images
        if t.box[0] < x + width and x < t.box[2] and t.box[1] < y + height and y < t.box[3]
    ]
    assert not covering


@each_case
def test_numbers_fit_their_cells(n: int, nh: int, preset: str) -> None:
    root = picture(n, nh, preset)
    cells = [rect for rect in root.iter(f"{SVG}rect") if rect.find(f"{SVG}title") is not None]
    boxes = [tuple(float(rect.get(k, 0)) for k in ("x", "y", "width", "height")) for rect in cells]
    found = texts(root)
    for x, y, width, height in boxes:
        inside = [t for t in found if x < t.x < x + width and y < t.y < y + height]
        assert len(inside) == 1
        assert x - 1 <= inside[0].box[0] and inside[0].box[2] <= x + width + 1


def test_all_off_window_is_all_zero() -> None:
    batch, weights = load_batch(1), initial_weights(2, seed=7)
    diagram = multiplication_table(choose_window(batch, weights, gradients(batch, weights).w1), 4, PALETTES["light"])
    frame = diagram.frame
    assert (frame.query("tensor != 'inp'")["value"] == 0).all() and (frame.query("tensor == 'inp'")["value"] != 0).any()
