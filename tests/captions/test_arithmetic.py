"""The arithmetic of one cell, read back: its left side is code that gives the number, and its numbers give the result."""

import ast
import re
from functools import lru_cache

import pytest
from passes import SCENES, Scene, each_scene, python
from states import State

from mnistgrad.captions.arithmetic import arithmetic
from mnistgrad.trace.cells import Chosen, in_callers_words, show_operation

NUMBER = re.compile(r"(?<![\w.)\]])\d[\d,]*(?:\.\d+)?")


@lru_cache(maxsize=4096)
def pieces(scene: Scene, place: int, chosen: Chosen) -> list[str]:
    """What the text sets equal, one after the other."""
    text = arithmetic(scene.operations, place, scene.window, chosen).partition("; here ")[0]
    return re.split(r" = |: | is | becomes ", text)


def cases(scene: Scene) -> list[tuple[int, Chosen]]:
    return [(place, chosen) for place in scene.places for chosen in scene.cells()]


def true_value(scene: Scene, place: int, chosen: Chosen) -> float:
    """Of the result's chosen cell, from the whole batch by autograd."""
    step = scene.operations[place]
    at = show_operation(scene.operations, place, scene.window).result.index(chosen)
    return float(scene.value(place, step.expression)[at])


def is_code(piece: str) -> bool:
    """Whether tensors are named in it."""
    return any(isinstance(node, ast.Name) and node.id != "max" for node in ast.walk(ast.parse(python(piece), mode="eval")))


def worked_out(text: str) -> float:
    return float(eval(python(text)))


def slack(text: str) -> float:
    """How far the result may be off since each printed number is rounded."""
    total = 0.0
    for found in NUMBER.finditer(text):
        if "." not in found[0]:
            continue  # a whole number is exact
        step = 10.0 ** -len(found[0].partition(".")[2])
        moved = f"{float(found[0]) + step / 2:.9f}"
        total += abs(worked_out(text[: found.start()] + moved + text[found.end() :]) - worked_out(text))
    return total


def magnitude(scene: Scene, place: int) -> float:
    """The largest number in the operation."""
    step = scene.operations[place]
    texts = [step.expression, *(operand.text for operand in step.operands)]
    return max(scene.value(place, text).double().abs().max().item() for text in texts)


@each_scene
def test_the_code_gives_the_number(scene: Scene) -> None:
    for place, chosen in cases(scene):
        expected = true_value(scene, place, chosen)
        more = {}
        if len(scene.operations[place].operands[0].axes) == 3:
            more["product"] = scene.value(place, scene.operations[place].operands[0].text)
        code = [piece for piece in pieces(scene, place, chosen) if is_code(piece)]
        assert code, (place, pieces(scene, place, chosen))
        for text in code:
            found = float(scene.run(python(text).replace("max(", "peak("), place, peak=lambda a, b: a.clamp_min(b), **more))
            assert found == pytest.approx(expected, rel=1e-6, abs=1e-9), (place, text)


@each_scene
def test_the_numbers_give_the_result(scene: Scene) -> None:
    for place, chosen in cases(scene):
        said = [piece for piece in pieces(scene, place, chosen) if not is_code(piece)]
        expected, largest = true_value(scene, place, chosen), magnitude(scene, place)
        assert worked_out(said[-1]) == pytest.approx(expected, rel=1e-5, abs=slack(said[-1]) + 2e-5 * largest)
        for text in said[:-1]:
            if " more" not in text:
                bound = slack(text) + slack(said[-1]) + 1e-9
                assert abs(worked_out(text) - worked_out(said[-1])) <= bound, (place, pieces(scene, place, chosen))


@each_scene
def test_what_is_left_out_is_counted_and_what_is_shown_adds_up(scene: Scene) -> None:
    for place, chosen in cases(scene):
        shown = show_operation(scene.operations, place, scene.window)
        left_out = [piece for piece in pieces(scene, place, chosen) if re.search(r"\+ [\d,]+ more", piece)]
        if not shown.letter:
            assert not left_out
            continue
        terms = shown.terms(chosen)
        size = {"n": scene.n, "i": 784, "j": scene.nh, "k": 1}[shown.letter]
        assert bool(left_out) == (size > len(terms.indices))
        for text in left_out:
            assert re.search(r"\+ ([\d,]+) more", text)[1].replace(",", "") == str(size - len(terms.indices))  # type: ignore[index]
            added = text.partition(" / ")[0]
            assert abs(worked_out(added) - float(terms.products.sum())) <= slack(added) + 1e-9


@each_scene
def test_only_names_that_the_caller_calls_otherwise_are_explained(scene: Scene) -> None:
    for place, chosen in cases(scene):
        text, _, here = arithmetic(scene.operations, place, scene.window, chosen).partition("; here ")
        told = dict(pair.split(" is ") for pair in re.split(r", | and ", here) if pair)
        names = scene.operations[place].names
        used = set(re.findall(r"(?<![\w.])(?:x|w|b|inp|out|targ)(?:\.g\b)?", text))
        assert told == {name: in_callers_words(name, names) for name in used if in_callers_words(name, names) != name}


def test_the_weight_gradients_product_reads_as_the_lesson_writes_it() -> None:
    scene = Scene(State(3))
    (place,) = [p for p in scene.places if scene.operations[p].name == "mul" and scene.operations[p].sets == "w1.g"]
    chosen = Chosen(2, scene.window.pixels[3], scene.window.units[1])
    text = arithmetic(scene.operations, place, scene.window, chosen)
    assert text.startswith(f"inp[2, {chosen.pixel}] × out.g[2, {chosen.unit}] = ") and text.endswith("; here out.g is l1.g")


def test_code_stays_code_for_every_form() -> None:
    starts = {
        pieces(scene, place, scene.cells()[0])[0]
        for scene in SCENES
        for place in scene.places
        if scene.operations[place].name in ("einsum", "mean", "pow")
    }
    assert starts and all(is_code(start) for start in starts)
