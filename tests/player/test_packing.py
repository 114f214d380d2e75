"""What is sent comes out as it went in."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from player.sent import unpacked

from mnistgrad.player.packing import pack, planes

finite = st.floats(-1e3, 1e3, width=32)


@given(st.sampled_from(["u1", "<u2", "<f4"]).flatmap(lambda kind: arrays(kind, array_shapes(max_dims=3, max_side=5))), st.text())
def test_header_and_arrays_come_out_as_they_went_in(array: np.ndarray, words: str) -> None:
    header, found = unpacked(pack({"words": words}, {"first": array, "again": array[::-1]}))
    assert header == {"words": words}
    assert np.array_equal(found["first"], array.reshape(-1), equal_nan=True)
    assert np.array_equal(found["again"], array[::-1].reshape(-1), equal_nan=True)


@given(arrays("f8", array_shapes(min_dims=2, max_dims=2, max_side=6), elements=finite), st.sampled_from([2, 3]))
def test_planes_hold_each_number_to_half_a_step(values: np.ndarray, count: int) -> None:
    bytes_, step = planes(values, count)
    signed = np.zeros((4, values.size), np.uint8)
    signed[4 - count :] = bytes_
    whole = signed.T.copy().view("<i4").reshape(-1) >> (32 - 8 * count)
    assert np.abs(whole * step - values.reshape(-1)).max() <= step / 2 * (1 + 1e-9)
    assert step == (np.abs(values).max() / (2 ** (8 * count - 1) - 1) or 1.0)
