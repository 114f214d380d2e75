"""What the page for the reader's own shapes says, compared with NumPy."""

import re
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnistgrad.captions import own_shapes as says
from mnistgrad.common import numbers
from mnistgrad.lines.own_shapes import own_operation
from mnistgrad.lines.two_shapes import Typed, parse_shape
from mnistgrad.pictures.diagrams.own_shapes.own_boxes import fits

size = st.sampled_from([1, 1, 2, 50, 784, 1000])
shapes = st.lists(size, min_size=1, max_size=3).map(tuple)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from("+-*"), shapes, shapes)
def test_broadcasting_is_told_as_it_happens(sign, a, b):
    operation = own_operation(Typed(sign, (str(a), str(b))))
    said = says.alignment_sentence(operation)
    padded = list(zip((1,) * (3 - len(a)) + a, (1,) * (3 - len(b)) + b, strict=True))
    try:
        result = np.broadcast_shapes(a, b)
    except ValueError:
        clashes = [(3 - k, x, y) for k, (x, y) in enumerate(padded) if x != y and 1 not in (x, y)]
        named = [
            (int(m[1] or 1), int(m[2]), int(m[3]))
            for m in re.finditer(r"(?:The last axis|Axis (\d) from the right): (\d+) against (\d+)", said)
        ]
        assert named == clashes and says.headline(operation) == f"{a} and {b} do not fit"
        return
    for name, place in (("a", 0), ("b", 1)):
        expected = [(3 - k, pair[1 - place]) for k, pair in enumerate(padded) if pair[place] == 1 != pair[1 - place]]
        told = re.search(rf"`{name}` is repeated along ([^.]*)\.", said)
        along = re.findall(r"(?:the last axis|axis (\d) from the right), 1 → (\d+)", told[1]) if told else []
        assert [(int(axis or 1), int(to)) for axis, to in along] == expected
    assert ("nothing is repeated" in said) == (prod(a) == prod(b) == prod(result))
    assert f"{prod(result):,} number" in said and numbers.byte_count(4 * prod(result)) in said
    assert ("more than" in said) == (prod(result) > max(prod(a), prod(b)))
    assert numbers.byte_count(4 * prod(result)) in says.boxes_sentence(operation)
    assert says.headline(operation).endswith(f"gives {result}")


@pytest.mark.parametrize(
    ("typed", "said", "formed", "stored"),
    [
        (Typed("@", ("1000, 784", "784, 50")), "The inner axis is added up: 784 products for each number", "157 MB", "200 kB"),
        (Typed("einsum", ("1000, 784", "1000, 50"), "bi,bj->ij"), "`b` is added up: 1,000 products for each", "157 MB", "157 kB"),
        (Typed("einsum", ("3, 4", "3, 4"), "pq,pq->"), "`p` and `q` are added up: 12 products for the one number", "48 B", "4 B"),
        (Typed("@", ("1, 1", "1, 1")), "The inner axis is added up: 1 product for each number", "4 B", "4 B"),
    ],
)
def test_what_is_added_up_is_counted(typed, said, formed, stored):
    operation = own_operation(typed)
    assert said in says.alignment_sentence(operation)
    assert ("are" if typed.equation == "pq,pq->" else "is") + " added up. Formed" in says.boxes_sentence(operation)
    assert f"would take {formed}; " in says.boxes_sentence(operation)
    assert says.boxes_sentence(operation).endswith(f"stores {stored}.")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (Typed("@", ("1000, 784", "50, 784")), "The last axis of `a` is 784, the last axis but one of `b` is 50"),
        (Typed("@", ("2, 3", "5")), "The last axis of `a` is 3, the only axis of `b` is 5"),
        (Typed("@", ("2, 3, 4", "5, 4, 6")), "Axis 3 from the right: 2 against 5; broadcasting needs equal sizes or a 1."),
        (Typed("einsum", ("9, 784", "9, 50"), "bi,bi->i"), "The letter `i` has size 784 in the first and 50 in the second"),
        (Typed("einsum", ("784, 9", "9, 50"), "ib,bi->i"), "The letter `i` has size 784 in the first and 50 in the second"),
    ],
)
def test_clash_is_told_with_its_place_and_its_rule(typed, said):
    assert said in says.alignment_sentence(own_operation(typed))


def test_too_many_axes_are_counted():
    operation = own_operation(Typed("@", ("2, 3, 4", "4, 5")))
    assert not fits(operation) and "meet along 4," in says.too_many_axes(operation) and "120 B" in says.too_many_axes(operation)


@pytest.mark.parametrize("label", says.EXAMPLES)
def test_example_can_be_read(label):
    typed = says.EXAMPLES[label]
    operation = own_operation(typed)
    assert bool(operation.clashes) == (label == "a clash")
    assert all(parse_shape(text) == o.shape for text, o in zip(typed.shapes, operation.operands, strict=True))
    assert operation.is_small == (label == "few numbers")


def test_repeats_are_announced_only_where_numbers_are_dashed():
    dashed = {
        shapes: "Dashed" in says.numbers_sentence(own_operation(Typed(sign, shapes)))
        for sign, shapes in (("+", ("3, 4", "4")), ("+", ("3, 4", "3, 4")), ("@", ("3, 4", "4, 2")))
    }
    assert list(dashed.values()) == [True, False, False]
    turned = own_operation(Typed("einsum", ("3, 4", "4"), "ij,j->ij"))
    assert "Dashed" not in says.numbers_sentence(turned)


@pytest.mark.parametrize(
    ("typed", "lacks"),
    [
        (Typed("*", ("50000, 50000, 1", "50")), "the result"),
        (Typed("*", ("50000, 1", "50000")), ""),
        (Typed("@", ("100000, 100", "100, 100000")), ""),
        (Typed("+", ("100000, 100000, 2", "1")), "`a`"),
        (Typed("einsum", ("100000, 100000, 2", "2"), "abc,c->a"), "`a`"),
    ],
)
def test_shapes_that_fit_and_memory_that_does_not_are_told(typed, lacks):
    operation = own_operation(typed)
    said = says.alignment_sentence(operation)
    largest = max(4 * prod(shape) for shape in (*(operand.shape for operand in operation.operands), operation.shape))
    assert (largest > 64e9) == bool(lacks) == ("torch stops" in said)
    assert lacks in said
