"""The sentence and the title of every operation of the pass, at the sizes that it really has."""

import ast
import inspect
import re
from functools import lru_cache

import torch
from captions.pass_sizes import each_form, each_size, plain, recorded
from loops import over

from mnistgrad import lesson
from mnistgrad.captions import told as says
from mnistgrad.network.presets import PRESETS
from mnistgrad.trace.passes import axis_sizes
from mnistgrad.trace.recording import Operation

FORWARD_1, FORWARD_2 = "lin(inp, w1, b1)", "lin(l2, w2, b2)"
BACKWARD_1, BACKWARD_2 = "lin_grad(inp, l1, w1, b1)", "lin_grad(l2, out, w2, b2)"
# by hand, for each matrix product: what a row of the first and a column of the second is, and the axis that they share
PRODUCTS = {
    (FORWARD_1, "x @ w"): ("image", "hidden unit", "i"),
    (FORWARD_2, "x @ w"): ("image", "output", "j"),
    (BACKWARD_2, "out.g @ w.t()"): ("image", "hidden unit", "k"),
    (BACKWARD_1, "out.g @ w.t()"): ("image", "pixel", "j"),
    (BACKWARD_2, "inp.t() @ out.g"): ("hidden unit", "output", "n"),
    (BACKWARD_1, "inp.t() @ out.g"): ("pixel", "hidden unit", "n"),
}


@lru_cache(maxsize=64)
def sentences(n: int, nh: int, form: str, preset: str = "lesson-2019") -> list[tuple[Operation, str]]:
    operations = recorded(n, nh, form, preset)
    return [(step, says.step_sentence(step, axis_sizes(operations))) for step in operations]


def told(n: int, nh: int, name: str, rank: int, form: str = "broadcast") -> list[tuple[Operation, str]]:
    """The operations of a name whose largest tensor has so many axes, without the colours of their sentences."""
    return [(o, plain(s)) for o, s in sentences(n, nh, form) if (o.name, o.rank) == (name, rank)]


def counted(n: int, noun: str) -> str:
    return f"1 {noun}" if n == 1 else f"{n:,} {noun}s"


@each_form
@over("preset", PRESETS)
def test_names_are_told_by_what_the_caller_passes(form: str, preset: str) -> None:
    calls = {ast.unparse(node): node for node in ast.walk(ast.parse(inspect.getsource(lesson))) if isinstance(node, ast.Call)}
    for step, sentence in sentences(3, 50, form, preset):
        passed = [ast.unparse(argument) for argument in calls[step.caller].args]
        parameters = inspect.signature(getattr(lesson, step.function)).parameters
        written = re.findall(r"\w+", f"{step.target} {step.expression}")
        other = [(a, b) for a, b in zip(parameters, passed, strict=True) if a != b and a in written]
        assert re.findall(r"`(\w+)` is `(\w+)`", sentence) == other, sentence
        assert ("Here " in sentence) == bool(other)


@each_size
@each_form
def test_product_of_matrices_tells_its_rows_columns_and_pairs(n: int, nh: int, form: str) -> None:
    lengths = {"n": n, "i": 784, "j": nh, "k": 1}
    found = [(step, plain(s)) for step, s in sentences(n, nh, form) if step.name == "matmul"]
    assert len(found) == (6 if form == "matmul" else 4)
    for step, sentence in found:
        row, column, shared = PRODUCTS[step.caller, step.expression]
        one, other = (operand.text for operand in step.operands)
        assert f"One row of `{one}` is one {row}; one column of `{other}` is one {column}. " in sentence
        size = lengths[shared]
        pairs = f"Their {size:,} pairs are multiplied and added up" if size > 1 else "Their one pair is multiplied"
        assert f"{pairs}: one number. The {shared} axis is used up." in sentence
        assert ("The sum over the images happens inside" in sentence) == (shared == "n" and n > 1)
        assert ("nothing to add up" in sentence) == (shared == "n" and n == 1)
        assert ("Nobody reads this one" in sentence) == (step.sets == "inp.g")


@each_form
def test_gradient_that_nobody_reads_is_read_by_no_operation(form: str) -> None:
    operations = recorded(3, 50, form)
    last = max(place for place, step in enumerate(operations) if step.sets == "inp.g")
    for step in operations[last + 1 :]:
        read = {step.names.get(found, found) for operand in step.operands for found in re.findall(r"(\w+)\.g\b", operand.text)}
        assert read <= {"l1"}


@each_size
@over("form", ["einsum", "matmul"])
def test_no_sheet_is_formed_where_that_is_said(n: int, nh: int, form: str) -> None:
    found = [step for step, sentence in sentences(n, nh, form) if "no sheet is" in sentence or "without a sheet" in sentence]
    assert [step.sets for step in found] == ["w2.g", "w1.g"]
    assert max(step.rank for step in recorded(n, nh, form)) == 2
    assert not any("no sheet" in sentence for _, sentence in sentences(n, nh, "broadcast"))


@each_size
def test_einsum_adds_up_over_its_images(n: int, nh: int) -> None:
    for step, sentence in told(n, nh, "einsum", 2, "einsum"):
        assert f"`{step.arguments[0]}` names the axes of both operands" in sentence and "n is in both" in sentence
        assert (f"the products of all {n:,} images are added up" in sentence) == (n > 1)
        assert ("with one image its product is the sum" in sentence) == (n == 1)


@each_form
@each_size
def test_only_views_are_said_to_take_no_memory(n: int, nh: int, form: str) -> None:
    claims = ("no memory is taken", "Nothing is copied", "The numbers stay as they are")
    said = [step for step, sentence in sentences(n, nh, form) if any(claim in sentence for claim in claims)]
    assert all(step.is_view for step in said)
    quiet = [step for step in recorded(n, nh, form) if step.is_view and step not in said]
    assert {(step.name, step.arguments) for step in quiet} <= {("squeeze", (-1,)), ("unsqueeze", (1,))}


@each_size
def test_bias_is_repeated_for_every_image(n: int, nh: int) -> None:
    (first, one), (second, two) = told(n, nh, "add", 2)
    assert one.startswith(f"`b` has shape ({nh},): one number for each hidden unit and no axis n.")
    assert two.startswith("`b` has shape (1,): one number for the one output and no axis n.")
    for step, sentence in ((first, one), (second, two)):
        assert step.operands[1].shape == ((nh,) if step is first else (1,))
        assert (f"It is repeated for all {n:,} images" in sentence) == (n > 1)
        assert ("There is one image to add it to" in sentence) == (n == 1)


@each_size
def test_squeeze_warns_of_the_shape_that_torch_would_make(n: int, nh: int) -> None:
    wrong = tuple(torch.broadcast_shapes((n, 1), (n,)))
    for step, sentence in told(n, nh, "squeeze", 2):
        assert f"in a column, {step.operands[0].shape}; the digits `targ` have shape {(n,)}." in sentence
        assert f"would broadcast to {wrong}." in sentence


@each_size
def test_unsqueeze_tells_what_it_holds_and_what_it_makes_room_for(n: int, nh: int) -> None:
    units = counted(nh, "hidden unit")
    for step, sentence in told(n, nh, "unsqueeze", 3):
        first_layer = step.sets == "w1.g"
        if step.expression == "inp.unsqueeze(-1)":
            rows, room = ("784 pixels", units) if first_layer else (units, "one output")
            assert step.shape[2] == 1
            assert sentence.startswith(f"`inp` has one row of {rows} for each image")
            assert "`unsqueeze(-1)` adds a third axis, of length 1. No number changes" in sentence
            assert f"room for the {room}." in sentence
        else:
            rows, room = (counted(nh, "gradient"), "784 pixels") if first_layer else ("1 gradient", units)
            assert step.shape[1] == 1
            assert sentence.startswith(f"`out.g` has one row of {rows} for each image")
            assert f"`unsqueeze(1)` adds its new axis in the middle, where the {room} will go" in sentence
    ((step, sentence),) = told(n, nh, "unsqueeze", 2)
    assert f"`out.g` gets the shape of `out`, {(n, 1)}" in sentence and step.shape == (n, 1) and step.sets == "out.g"


@each_size
def test_product_is_as_many_tables_as_images_and_the_sum_is_one(n: int, nh: int) -> None:
    (_, second), (_, first) = told(n, nh, "mul", 3)
    assert "every pixel meets every unit" in first and "every unit meets the one output" in second
    for sentence, size in ((first, f"784 × {nh}"), (second, f"{nh} × 1")):
        assert (f"it is {n:,} tables, one for each image" in sentence) == (n > 1)
        assert (f"the result is one table of {size}" in sentence) == (n == 1)
    for (step, sentence), w in zip(told(n, nh, "sum", 3), [(nh, 1), (784, nh)], strict=True):
        assert ("their tables are added" in sentence) == (n > 1)
        assert "What is left has the shape of `w`" in sentence and step.shape == w


@each_size
def test_gradient_of_the_bias_adds_up_rows(n: int, nh: int) -> None:
    for (step, sentence), k in zip(told(n, nh, "sum", 2), (1, nh), strict=True):
        assert f"`out.g` as it is, {(n, k)} to {(k,)}." in sentence and "`inp` does not come in" in sentence
        assert [operand.text for operand in step.operands] == ["out.g"]
        assert (f"the rows of all {n:,} images are added" in sentence) == (n > 1)


@each_size
def test_one_over_n_stands_where_the_only_division_is(n: int, nh: int) -> None:
    ((_, mean),), ((step, division),) = told(n, nh, "mean", 1), told(n, nh, "div", 2)
    assert step.arguments == (n,) and "the only place of the 1/n" in division
    assert (f"All {n:,} squares are added and divided by {n:,}" in mean) == (n > 1)
    assert (f"only 1/{n:,} of the say" in division) == (n > 1)
    assert ("one image, which has all of the say" in division) == (n == 1)


@each_size
def test_mask_has_a_place_for_every_image_and_unit(n: int, nh: int) -> None:
    ((step, sentence),) = told(n, nh, "gt", 2)
    assert f"{counted(n, 'image')} times {counted(nh, 'hidden unit')}" in sentence and step.shape == (n, nh)


def test_only_the_lesson_of_2019_shifts_its_rectifier() -> None:
    shifts = {preset: [s for _, s in sentences(3, 50, "matmul", preset) if "lesson of 2019" in s] for preset in PRESETS}
    assert [len(found) for found in shifts.values()] == [1, 0]
    assert f"takes {PRESETS['lesson-2019'].relu_shift} off everywhere" in shifts["lesson-2019"][0]


@each_form
@over("preset", PRESETS)
def test_titles_tell_the_operations_of_a_line_apart(form: str, preset: str) -> None:
    operations = recorded(3, 50, form, preset)
    for name in {step.sets for step in operations}:
        titles = [says.step_title(step) for step in operations if step.sets == name]
        assert len(set(titles)) == len(titles)


@each_size
def test_titles_say_whether_there_are_several(n: int, nh: int) -> None:
    titles = {(step.name, step.rank): says.step_title(step) for step in recorded(n, nh, "broadcast")}
    expected = {
        ("add", 2): ("Add the bias to every row", "Add the bias to the one row"),
        ("mean", 1): ("The mean of all squares", "The mean of the one square"),
        ("mul", 3): ("Multiply: one sheet for every image", "Multiply: one sheet for the one image"),
        ("sum", 3): ("Add up the sheets", "Add up the one sheet"),
        ("sum", 2): ("Add up the rows of all images", "Add up the one row"),
    }
    assert {kind: titles[kind] for kind in expected} == {kind: both[n == 1] for kind, both in expected.items()}
