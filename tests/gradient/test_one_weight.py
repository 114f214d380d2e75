"""One weight's gradient taken apart, against autograd image by image and against plain Python."""

from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from loops import over
from torch import Tensor

from mnistgrad.gradient.one_weight import STRONGEST, OneWeight, one_weight
from mnistgrad.gradient.weight_gradient import LAYERS, WeightGradient, weight_gradient_of
from mnistgrad.network.data import load_batch
from mnistgrad.network.gradients import gradients
from mnistgrad.network.presets import PRESETS, initial_weights

STATES = [(1, 50), (2, 100), (10, 50), (50, 50), (3_100, 23)]
each_layer = over("layer", LAYERS)
each_state = over(("n", "nh"), STATES)
each_preset = over("preset", PRESETS)


@lru_cache
def matrix(layer: str, n: int, nh: int, preset: str) -> WeightGradient:
    batch, weights = load_batch(n, PRESETS[preset].normalise), initial_weights(nh, 0, preset)
    return weight_gradient_of(layer, batch, weights)


def liveliest(layer: str, n: int, nh: int, preset: str) -> OneWeight:
    found = matrix(layer, n, nh, preset)
    return one_weight(found, found.largest_row(found.liveliest_column), found.liveliest_column)


def of_numbers(inp: list[float], out_g: list[float]) -> OneWeight:
    """Of a matrix with one entry that is made of these numbers."""
    any_matrix = matrix("w1", 1, 50, "lesson-2019")
    columns = [torch.tensor(numbers).unsqueeze(-1) for numbers in (inp, out_g)]
    g = columns[0].t().double() @ columns[1].double()
    return one_weight(replace(any_matrix, inp=columns[0], out_g=columns[1], g=g, background=0.0), 0, 0)


@each_layer
@each_state
@each_preset
def test_terms_add_up_to_the_entry_of_the_matrix(layer: str, n: int, nh: int, preset: str) -> None:
    found = matrix(layer, n, nh, preset)
    for row in {0, found.rows // 2, found.rows - 1, found.largest_row(found.liveliest_column)}:
        for column in {0, found.columns - 1, found.liveliest_column}:
            one = one_weight(found, row, column)
            size = one.terms.abs().sum().item()
            assert one.terms.dtype == torch.float64 and one.terms.shape == (n,)
            assert one.terms.sum().item() == pytest.approx(found.g[row, column].item(), abs=1e-14 * size, rel=0)
            assert one.gradient == pytest.approx(one.terms.sum().item(), abs=1e-13 * size, rel=0)


def per_image(layer: str, n: int, preset: str) -> Tensor:
    """Autograd's gradient of each image's share in the loss, (n, i, j), float64."""
    batch, start = load_batch(n, PRESETS[preset].normalise), initial_weights(50, 0, preset).to(torch.float64)
    found = []
    for inp, targ in zip(batch.inp.double(), batch.targ.double(), strict=True):
        w1, w2 = start.w1.clone().requires_grad_(), start.w2.clone().requires_grad_()
        out = (torch.relu(inp @ w1 + start.b1) - start.preset.relu_shift) @ w2 + start.b2
        found.append(torch.autograd.grad((out[0] - targ) ** 2 / n, w1 if layer == "w1" else w2)[0])
    return torch.stack(found)


@each_layer
@each_preset
@over("n", [1, 2, 30])
def test_terms_are_the_gradients_of_the_images_one_by_one(layer: str, n: int, preset: str) -> None:
    found, expected = matrix(layer, n, 50, preset), per_image(layer, n, preset)
    scale = expected.abs().max().item()
    rows = range(0, found.rows, max(found.rows // 15, 1))
    ours = torch.stack([torch.stack([one_weight(found, i, j).terms for j in range(found.columns)], 1) for i in rows], 1)
    torch.testing.assert_close(ours, expected[:, rows], rtol=1e-3, atol=1e-5 * scale)


small = st.integers(-4, 4).map(float)


@settings(max_examples=50)
@given(st.lists(st.tuples(small, small), min_size=1, max_size=40))
def test_everything_counted_is_what_plain_python_counts(pairs: list[tuple[float, float]]) -> None:
    one = of_numbers([inp for inp, _ in pairs], [out_g for _, out_g in pairs])
    terms = [inp * out_g for inp, out_g in pairs]
    assert one.terms.tolist() == terms and one.gradient == sum(terms)
    assert (one.ups, one.downs) == (sum(t > 0 for t in terms), sum(t < 0 for t in terms))
    assert one.without_out_g == sum(out_g == 0 for _, out_g in pairs)
    assert one.without_inp == sum(inp == 0 and out_g != 0 for inp, out_g in pairs)
    assert one.ups + one.downs + one.zeros == one.n == len(pairs)
    assert sorted(one.order.tolist()) == list(range(len(pairs)))
    assert [terms[image] for image in one.order] == sorted(terms)
    down, up = sorted(t for t in terms if t < 0), sorted((t for t in terms if t > 0), reverse=True)
    assert [terms[image] for image in one.strongest_down] == down[:STRONGEST]
    assert [terms[image] for image in one.strongest_up] == up[:STRONGEST]
    assert one.running.tolist() == [sum(terms[: m + 1]) for m in range(len(terms))]
    assert one.in_background.tolist() == [inp == 0 for inp, _ in pairs]


@settings(max_examples=50)
@given(st.lists(st.tuples(small, small), min_size=1, max_size=30), st.sampled_from([0.25, 0.5, 1.0]))
def test_settled_is_the_first_count_after_which_nothing_leaves_the_band(pairs: list, share: float) -> None:
    one = of_numbers([inp for inp, _ in pairs], [out_g for _, out_g in pairs])
    n, terms = len(pairs), [inp * out_g for inp, out_g in pairs]
    alone = [Fraction(sum(terms[:m])) * n / m for m in range(1, n + 1)]
    inside = [abs(gradient - alone[-1]) <= Fraction(share) * abs(alone[-1]) for gradient in alone]
    assert one.settled(share) == min(m for m in range(1, n + 1) if all(inside[m - 1 :]))


@each_layer
@each_preset
def test_first_images_alone_have_the_gradient_of_a_batch_of_their_own(layer: str, preset: str) -> None:
    one = liveliest(layer, 50, 50, preset)
    for m in (1, 2, 17, 49, 50):
        batch, weights = load_batch(m, PRESETS[preset].normalise), initial_weights(50, 0, preset)
        expected = getattr(gradients(batch, weights), layer)[one.row, one.column].item()
        assert one.alone[m - 1].item() == pytest.approx(expected, rel=1e-4, abs=1e-5)


@each_preset
@each_state
def test_background_is_a_black_pixel_and_a_unit_that_is_off(n: int, nh: int, preset: str) -> None:
    batch, weights = load_batch(n, PRESETS[preset].normalise), initial_weights(nh, 0, preset).to(torch.float64)
    images, l1 = batch.images.flatten(1), batch.inp.double() @ weights.w1 + weights.b1
    for pixel in (0, 300, 406, 783):
        assert one_weight(matrix("w1", n, nh, preset), pixel, 0).in_background.tolist() == (images[:, pixel] == 0).tolist()
    for unit in range(nh):
        in_background = one_weight(matrix("w2", n, nh, preset), unit, 0).in_background
        off, undecided = l1[:, unit] <= 0, l1[:, unit].abs() < 1e-5
        assert bool(((in_background == off) | undecided).all())


@each_state
def test_image_adds_exactly_nothing_to_a_unit_that_is_off_for_it(n: int, nh: int) -> None:
    batch, weights = load_batch(n), initial_weights(nh).to(torch.float64)
    l1 = batch.inp.double() @ weights.w1 + weights.b1
    for unit in range(nh):
        off, undecided = l1[:, unit] <= 0, l1[:, unit].abs() < 1e-5
        zero = one_weight(matrix("w1", n, nh, "lesson-2019"), 406, unit).terms == 0
        assert bool(((zero == off) | undecided).all())


def test_no_term_of_an_off_unit_is_0_in_2019_and_all_are_in_2022() -> None:
    for preset, zero in (("lesson-2019", False), ("lesson-2022", True)):
        weights = [one_weight(matrix("w2", 50, 50, preset), unit, 0) for unit in range(50)]
        terms = torch.cat([one.terms[one.in_background] for one in weights])
        assert len(terms) > 500 and bool(((terms == 0) == zero).all())


def test_entry_that_is_not_there_is_refused() -> None:
    found = matrix("w2", 10, 50, "lesson-2019")
    with pytest.raises(ValueError, match="row is 50; allowed are 0 to 49"):
        one_weight(found, 50, 0)
    with pytest.raises(ValueError, match="column is -1; allowed are 0 to 0"):
        one_weight(found, 3, -1)
    with pytest.raises(TypeError, match=r"row is 1\.0"):
        one_weight(found, 1.0, 0)  # type: ignore[arg-type]


def test_entry_is_named_as_python_writes_it() -> None:
    found = matrix("w1", 10, 50, "lesson-2019")
    one = one_weight(found, 406, 12)
    assert eval(one.entry.replace("w1.g", "found.g"), {"found": found}).item() == found.g[406][12].item()
    assert one.entry.startswith("w1.g[")
