"""What a reader may type, which rule it breaks, and what it means: against torch over random shapes."""

import re
from itertools import islice

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mnistgrad.lines.own_shapes import counted, own_operation, own_result, terms, torch_error
from mnistgrad.lines.two_shapes import LARGEST_SIZE, BrokenRule, Typed, parse_equation, parse_shape

SIGNS = {"+": torch.add, "-": torch.sub, "*": torch.mul, "@": torch.matmul}
sizes = st.sampled_from([1, 2, 3, 4])
shapes = st.lists(sizes, min_size=1, max_size=4).map(tuple)
groups = st.lists(st.sampled_from("abnijk"), max_size=3, unique=True)


@st.composite
def equations(draw):
    first, second = draw(groups), draw(groups)
    assume(first and second)
    kept = draw(st.permutations(sorted({*first, *second})))
    return "".join(first), "".join(second), "".join(kept[: draw(st.integers(0, len(kept)))])


@st.composite
def typed_operations(draw):
    """An operation, often one that torch refuses."""
    sign = draw(st.sampled_from([*SIGNS, "einsum"]))
    if sign != "einsum":
        return Typed(sign, (str(draw(shapes)), str(draw(shapes))))
    first, second, kept = draw(equations())
    size = {letter: draw(sizes) for letter in first + second}
    tensors = [tuple(draw(st.sampled_from([size[a], size[a], size[a], 1, 4])) for a in group) for group in (first, second)]
    return Typed(sign, (str(tensors[0]), str(tensors[1])), f"{first},{second}->{kept}")


def tensors_of(typed):
    shapes = [torch.Size(parse_shape(text)) for text in typed.shapes]
    return [torch.arange(shape.numel(), dtype=torch.float32).reshape(shape) for shape in shapes]


def by_torch(typed):
    a, b = tensors_of(typed)
    return torch.einsum(typed.equation, a, b) if typed.sign == "einsum" else SIGNS[typed.sign](a, b)


@settings(max_examples=200)
@given(typed_operations())
def test_operation_clashes_where_torch_raises_and_else_has_its_shape(typed):
    operation = own_operation(typed)
    try:
        expected = by_torch(typed)
    except RuntimeError:
        assert operation.clashes and torch_error(typed)
    else:
        assert not operation.clashes and operation.shape == tuple(expected.shape) and not torch_error(typed)


@settings(max_examples=100)
@given(typed_operations())
def test_terms_of_each_cell_make_the_number_that_torch_finds(typed):
    operation = own_operation(typed)
    assume(not operation.clashes)
    combine = {"+": torch.add, "-": torch.sub}.get(typed.sign, torch.mul)
    values = [counted(operand.shape) for operand in operation.operands]
    expected = by_torch(typed)
    assert torch.equal(own_result(operation, values), expected)
    for cell in islice(np.ndindex(*expected.shape), 20):
        pairs = torch.tensor(terms(operation, values, cell))
        assert combine(pairs[:, 0], pairs[:, 1]).sum() == expected[cell]


@settings(max_examples=100)
@given(typed_operations())
def test_products_in_between_have_every_axis_once(typed):
    operation = own_operation(typed)
    assume(not operation.clashes)
    if typed.sign == "@":
        assert torch.Size(operation.pairs_shape).numel() == torch.Size(operation.shape).numel() * operation.operands[0].shape[-1]
    elif typed.sign != "einsum":
        assert operation.pairs_shape == operation.shape
    for operand in operation.operands:
        assert set(operand.axes) <= set(operation.sizes)


@pytest.mark.parametrize("text", ["1000, 784, 1", "(1000, 784, 1)", "[1000,784,1,]", "  ( 1000 ,784, 1 ) "])
def test_shape_may_have_brackets_and_blanks(text):
    assert parse_shape(text) == (1000, 784, 1)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "size 1 of the second shape is missing"),
        ("3, x", "size 2 of the second shape is `x`"),
        ("3, 0", "size 2 of the second shape is `0`"),
        ("3, -1", "whole number from 1 to 100,000"),
        ("2.5", "`2.5`"),
        ("٣", "whole number"),
        (f"{LARGEST_SIZE + 1}", "`100001`"),
        ("3,,4", "size 2 of the second shape is missing"),
        ("(3, 4", "size 1 of the second shape is `(3`"),
        ("1,1,1,1,1,1,1", "at most 6 axes here; the second has 7"),
        ("100000, 100000, 101", "too many numbers: the second shape"),
        ("1" * 61, "longer than 60 characters"),
        ("`](http)", "`'](http)`"),
    ],
)
def test_shape_that_breaks_a_rule_is_told_which_and_where(text, rule):
    with pytest.raises(BrokenRule, match=re.escape(rule)):
        own_operation(Typed("+", ("3", text)))


def test_equation_may_have_blanks():
    assert str(parse_equation(" bi , bj -> ij")) == "bi,bj->ij"


@pytest.mark.parametrize(
    ("equation", "rule", "torch_refuses"),
    [
        ("bi,bj->iq", "The result uses `q`, which no operand has", True),
        ("bi,bj->ii", "The result uses `i` twice", True),
        ("bi,bj", "wants one arrow", False),
        ("bi,bj->i->j", "wants one arrow", True),
        ("bb,bj->j", "The letter `b` stands twice in the first", True),
        ("bi,jj->i", "The letter `j` stands twice in the second", True),
        ("bi,bj,k->ij", "this equation has 3 groups", True),
        ("bij,bj->ij", "The first shape has 2 axes, but the equation gives it 3 letters", True),
        ("bi,->bi", "The second shape has 2 axes, but the equation gives it no letters", True),
        ("...i,bj->ij", "this one has `.`", False),
        ("BI,BJ->IJ", "this one has `B`", False),
        ("i" * 61, "longer than 60", False),
    ],
)
def test_equation_that_breaks_a_rule_is_told_which(equation, rule, torch_refuses):
    typed = Typed("einsum", ("4, 7", "4, 5"), equation)
    with pytest.raises(BrokenRule, match=re.escape(rule)):
        own_operation(typed)
    assert bool(torch_error(typed)) == torch_refuses


@pytest.mark.parametrize(("sign", "shapes"), [("*", ("100000, 100000", "1000, 1, 1")), ("@", ("100000, 100000", "100000, 1000"))])
def test_result_or_products_that_no_machine_holds_are_refused(sign, shapes):
    with pytest.raises(BrokenRule, match="too many numbers"):
        own_operation(Typed(sign, shapes))


@settings(max_examples=100)
@given(typed_operations())
def test_torch_is_quoted_as_it_speaks_on_the_cpu(typed):
    """But for a vector against many axes, where only the meta device answers without making room for a result."""
    lengths = [len(parse_shape(text)) for text in typed.shapes]
    assume(typed.sign != "@" or min(lengths) > 1 or max(lengths) < 3)
    said = torch_error(typed)
    assume(said)
    with pytest.raises(RuntimeError, match=re.escape(said)):
        by_torch(typed)


@pytest.mark.parametrize(
    "typed",
    [
        Typed("@", ("100000, 100000, 50", "7")),
        Typed("@", ("10000, 10000, 784", "50, 784")),
        Typed("+", ("100000, 100000, 50", "100000, 100000, 7")),
        Typed("einsum", ("100000, 100000", "99999, 50"), "bi,bj->bij"),
    ],
)
def test_torch_is_asked_about_huge_shapes_without_memory(typed):
    assert "memory" not in torch_error(typed)
    assert own_operation(typed).clashes
