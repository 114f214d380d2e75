"""Aligned shapes against NumPy and torch."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from loops import over

from mnistgrad.lines.broadcasting import align, common_size

sizes = st.sampled_from([1, 2, 3, 5])
shapes = st.lists(st.lists(sizes, max_size=6).map(tuple), min_size=1, max_size=4)


@given(shapes)
def test_result_is_the_shape_that_numpy_finds(given_shapes):
    try:
        expected = np.broadcast_shapes(*given_shapes)
    except ValueError:
        expected = None
    found = tuple(axis.size for axis in align(given_shapes))
    assert (None if None in found else found) == expected


@given(st.lists(sizes, max_size=5).map(tuple), st.lists(sizes, max_size=5).map(tuple))
def test_clash_is_at_the_axis_that_torch_names(one, other):
    clashes = [place for place, axis in enumerate(align([one, other])) if axis.size is None]
    try:
        torch.zeros(one) * torch.zeros(other)
    except RuntimeError as error:
        assert str(error).endswith(f"dimension {clashes[-1]}")
    else:
        assert not clashes


def test_axes_stand_from_left_to_right_and_a_missing_one_has_no_size():
    assert [(axis.sizes, axis.size) for axis in align([(7, 1, 3), (4, 3)])] == [((7, None), 7), ((1, 4), 4), ((3, 3), 3)]
    assert [(axis.sizes, axis.size) for axis in align([(784,), (2, 50)])] == [((None, 2), 2), ((784, 50), None)]


@over(("given_sizes", "common"), [((1, 1), 1), ((1, 7), 7), ((None, 7), 7), ((7, 7, None), 7), ((7, 8), None), ((), 1)])
def test_common_size(given_sizes, common):
    assert common_size(given_sizes) == common
