"""Boxes and numbers of shapes that a reader typed, read back from their SVG."""

import pytest
import torch
from pictures.diagrams.drawn import SVG, number, parsed, texts, tips, words

from mnistgrad.lines.own_shapes import counted, own_operation, own_result
from mnistgrad.lines.two_shapes import Typed
from mnistgrad.pictures.diagrams.own_shapes.own_boxes import fits, own_boxes
from mnistgrad.pictures.diagrams.own_shapes.own_numbers import own_numbers
from mnistgrad.pictures.palette import PALETTES

LIGHT = PALETTES["light"]
LARGE = {
    "w.g": Typed("*", ("1000, 784, 1", "1000, 1, 50")),
    "bias": Typed("+", ("1000, 50", "50")),
    "trap": Typed("-", ("1000, 1", "1000")),
    "x @ w": Typed("@", ("1000, 784", "784, 50")),
    "einsum": Typed("einsum", ("100000, 784", "100000, 50"), "bi,bj->ij"),
    "vector": Typed("@", ("784", "784, 50")),
}
SMALL = {
    "w.g few": Typed("*", ("3, 4, 1", "3, 1, 2")),
    "bias few": Typed("+", ("3, 4", "4")),
    "trap few": Typed("-", ("3, 1", "3")),
    "one by one": Typed("*", ("1, 1, 5", "7, 1, 1")),
    "x @ w few": Typed("@", ("3, 4", "4, 2")),
    "batched": Typed("@", ("2, 3, 4", "4, 2")),
    "turned": Typed("einsum", ("3, 4", "4, 3"), "ij,ji->ij"),
    "dot": Typed("@", ("5", "5")),
    "all": Typed("einsum", ("3, 4", "3, 4"), "ij,ij->"),
    "line": Typed("+", ("5", "1")),
}
BOXED = {name: own_operation(typed) for name, typed in (LARGE | SMALL).items() if name != "batched"}
FEW = {name: own_operation(typed) for name, typed in SMALL.items()}


def boxes(name, theme="light"):
    return own_boxes(BOXED[name], PALETTES[theme])


def tables(name, theme="light"):
    operation = FEW[name]
    values = [counted(operand.shape) for operand in operation.operands]
    return own_numbers(operation, values, own_result(operation, values), PALETTES[theme])


def dashed_colours(root, left, right):
    lines = [line for line in root.iter(f"{SVG}polyline") if line.get("stroke-dasharray")]
    return {line.get("stroke") for line in lines if left < float(line.get("points").split(",")[0]) < right}


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("w.g", "j", "i"),
        ("bias", "", "i"),
        ("trap", "j", "i"),
        ("x @ w", "j", "n"),
        ("einsum", "j", "i"),
        ("one by one", "n", "j"),
    ],
)
def test_operands_are_dashed_along_the_axes_in_which_they_are_repeated(name, first, second):
    root = parsed(boxes(name).svg)
    assert dashed_colours(root, 0, 260) == {LIGHT.axis[letter] for letter in first}
    assert dashed_colours(root, 260, 495) == {LIGHT.axis[letter] for letter in second}
    assert not dashed_colours(root, 495, 2000)


def test_boxes_say_sizes_and_bytes_and_what_is_repeated():
    shown = words(parsed(boxes("w.g").svg))
    assert {"1 → 50", "1 → 784", "3.14 MB in float32", "157 MB in float32", "×", "="} <= set(shown)
    assert "all products" not in shown
    assert {"1000 times", "200 B in float32", "+"} <= set(words(parsed(boxes("bias").svg)))


def test_what_is_added_up_has_arrows_along_its_axis_and_the_result_on_its_face():
    for name, axis, formed in (("x @ w", "i", "157 MB if stored"), ("einsum", "n", "15.7 GB if stored")):
        root = parsed(boxes(name).svg)
        heads = [p.get("fill") for p in root.iter(f"{SVG}polygon") if len(p.get("points").split()) == 3]
        faces = [p for p in root.iter(f"{SVG}polygon") if p.get("fill") == LIGHT.mark]
        assert heads == [LIGHT.axis[axis]] * 2 and len(faces) == 1
        shown = words(root)
        assert {formed, "all products", "result", "→"} <= set(shown) and shown.count("a") == shown.count("b") == 2


def test_three_faces_of_one_box_carry_both_operands_and_the_result():
    on_the_box = [t for t in texts(parsed(boxes("x @ w").svg)) if 500 < t.x < 720 and t.y < 270]
    found = {t.words: t for t in on_the_box if t.words in ("a", "b", "result")}
    assert found["result"].y < found["a"].y < found["b"].y and found["b"].x < found["a"].x


def test_box_has_three_axes_at_most():
    assert fits(BOXED["w.g"]) and not fits(FEW["batched"])
    assert not fits(own_operation(Typed("+", ("2, 3, 4, 5", "5"))))


@pytest.mark.parametrize("name", FEW)
def test_table_of_numbers_is_what_torch_computes(name):
    typed = SMALL[name]
    a, b = (torch.arange(torch.Size(o.shape).numel()).reshape(o.shape) for o in FEW[name].operands)
    expected = torch.einsum(typed.equation, a, b) if typed.equation else eval(f"a {typed.sign} b", dict(a=a, b=b))
    frame = tables(name).frame
    result = frame[frame["tensor"] == FEW[name].expression]
    assert result["value"].tolist() == expected.flatten().tolist()
    stored = frame[(frame["tensor"] == "b") & ~frame["repeated"]]
    assert stored["value"].tolist() == b.flatten().tolist()


@pytest.mark.parametrize("name", [name for name, typed in SMALL.items() if typed.sign in "+-*"])
def test_numbers_that_are_repeated_are_dashed(name):
    operation, root = FEW[name], parsed(tables(name).svg)
    full = torch.Size(operation.shape).numel()
    own = sum(torch.Size(o.shape).numel() for o in operation.operands)
    dashed = [r for r in root.iter(f"{SVG}rect") if r.get("stroke-dasharray")]
    assert len(dashed) == 2 * full - own and len(tips(root)) == 3 * full


def test_cell_pointed_at_says_its_arithmetic():
    said = tips(parsed(tables("x @ w few").svg))
    assert "0 × 0 + 1 × 2 + 2 × 4 + 3 × 6 = 28" in said and "a[1, 2] = 6" in said
    assert "0 − 2 = −2" in tips(parsed(tables("trap few").svg))
    (whole,) = [tip for tip in tips(parsed(tables("all").svg)) if "products" in tip]
    assert whole.endswith("+ … (12 products) = 506")


@pytest.mark.parametrize("name", FEW)
def test_numbers_drawn_are_those_of_the_table(name):
    diagram = tables(name)
    cells = [r for r in parsed(diagram.svg).iter(f"{SVG}rect") if r.get("rx") == "3"]
    drawn = [t for t in texts(parsed(diagram.svg)) if not t.mono and t.words not in "×−+=@,"]
    assert [number(t.words) for t in drawn] == diagram.frame["value"].tolist() and len(cells) == len(drawn)
