"""The window on the real tensors: what the reader picked or what the rule picks, with the numbers of the whole batch."""

from functools import lru_cache

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from loops import over

from mnistgrad import gradients, initial_weights, lesson, load_batch
from mnistgrad.network.data import Batch
from mnistgrad.network.presets import PRESETS, Weights
from mnistgrad.trace.passes import PROGRAMS
from mnistgrad.trace.window import Pick, Window, choose_window, power_of

counts = over("n", [1, 2, 3, 50, 1_000])
units = over("nh", [1, 2, 5, 50])
each_form = over("form", PROGRAMS)
each_preset = over("preset", PRESETS)


@lru_cache(maxsize=8)
def network(n: int, nh: int = 50, preset: str = "lesson-2019") -> tuple[Batch, Weights]:
    return load_batch(n, PRESETS[preset].normalise), initial_weights(nh, 0, preset)


@lru_cache(maxsize=16)
def window(n: int, nh: int = 50, preset: str = "lesson-2019", form: str = "broadcast", pick: Pick | None = None) -> Window:
    batch, weights = network(n, nh, preset)
    return choose_window(batch, weights, gradients(batch, weights), form, pick)


def shown(found: Window, sets: str, operand: int | None = None) -> np.ndarray:
    """The window's cells of what the last operation of a statement makes, or takes."""
    operation = [o for o in found.operations if o.sets == sets][-1]
    tensor = operation if operand is None else operation.operands[operand]
    assert tensor.value is not None
    return found.cells(tensor.value, tensor.axes)


@lru_cache(maxsize=8)
def hidden(n: int, nh: int, preset: str) -> tuple[np.ndarray, np.ndarray]:
    """l1 and l1.g of the whole batch, (n, nh), in float64."""
    batch, weights = network(n, nh, preset)
    wide = weights.to(torch.float64)
    l1 = lesson.lin(batch.inp.double(), wide.w1, wide.b1)
    out = lesson.lin(weights.preset.relu(l1), wide.w2, wide.b2)
    out_g = 2 * (out[:, 0] - batch.targ.double()) / n
    return l1.numpy(), ((l1 > 0) * out_g[:, None] * wide.w2[:, 0]).numpy()


@each_form
@each_preset
@counts
@units
def test_the_window_shows_the_numbers_of_the_whole_batch(n: int, nh: int, preset: str, form: str) -> None:
    found = window(n, nh, preset, form)
    inp = network(n, nh, preset)[0].inp[list(found.images)][:, list(found.pixels)].double().numpy()
    l1, l1_g = (part[np.ix_(found.images, found.units)] for part in hidden(n, nh, preset))
    np.testing.assert_allclose(shown(found, "l1"), l1, rtol=1e-3, atol=1e-4 * np.abs(l1).max())
    np.testing.assert_allclose(shown(found, "l1.g"), l1_g, rtol=1e-3, atol=1e-9)
    np.testing.assert_allclose(shown(found, "w1.g"), inp.T @ l1_g, rtol=1e-3, atol=1e-4 * np.abs(l1_g).max())


@counts
@units
def test_the_products_of_the_window_are_pixel_times_gradient(n: int, nh: int) -> None:
    found = window(n, nh)
    inp = network(n, nh)[0].inp[list(found.images)][:, list(found.pixels)].numpy()
    product = shown(found, "w1.g", operand=0)
    np.testing.assert_allclose(product, np.einsum("ni,nj->nij", inp, shown(found, "l1.g")), rtol=1e-5)


@counts
@units
def test_the_windows_sizes(n: int, nh: int) -> None:
    found, m, u = window(n, nh), min(n, 3), min(nh, 4)
    assert (found.n, found.images, len(found.pixels), len(found.units)) == (n, tuple(range(m)), 5, u)
    assert (found.pictures.shape, found.labels) == ((m, 28, 28), (5, 0, 4)[:m])
    assert [shown(found, name).shape for name in ("l1", "inp.g", "w1.g", "b1.g", "out", "w2.g", "loss")] == [
        (m, u),
        (m, 5),
        (5, u),
        (u,),
        (m, 1),
        (u, 1),
        (),
    ]
    assert [found.indices(letter) for letter in "nijk"] == [found.images, found.pixels, found.units, (0,)]


@counts
@each_preset
def test_left_to_the_rule_the_pixels_are_the_neighbours_with_most_ink(n: int, preset: str) -> None:
    found, m = window(n, preset=preset), min(n, 3)
    pictures = network(n, 50, preset)[0].images[:m].numpy().astype(float)

    def ink(row: int, column: int) -> float:
        pieces = pictures[:, row, column : column + 5]
        return (pieces > 0).sum() + pieces.std(1, ddof=1).mean() / 256  # the ink varies by less than one lit pixel counts

    row, column = max(((row, column) for row in range(28) for column in range(24)), key=lambda place: ink(*place))
    assert found.pixels == tuple(28 * row + column + k for k in range(5))


@counts
@over("nh", [1, 2, 4, 5, 50])
@each_preset
def test_left_to_the_rule_the_units_are_the_neighbours_most_often_on(n: int, nh: int, preset: str) -> None:
    found, m, u = window(n, nh, preset), min(n, 3), min(nh, 4)
    size = np.abs(hidden(n, nh, preset)[1][:m])
    largest = size.max() or 1

    def lively(first: int) -> float:
        part = size[:, first : first + u]
        return (part > 0).sum() + part.mean() / largest

    first = max(range(nh - u + 1), key=lively)
    assert found.units == tuple(range(first, first + u))


@each_form
def test_what_is_picked_is_shown(form: str) -> None:
    found = window(1_000, form=form, pick=Pick((700, 3, 999), 405, 46))
    assert (found.images, found.pixels, found.units) == ((700, 3, 999), (405, 406, 407, 408, 409), (46, 47, 48, 49))
    batch = network(1_000)[0]
    assert torch.equal(found.pictures, batch.images[[700, 3, 999]])
    assert found.labels == tuple(batch.labels[[700, 3, 999]].tolist())
    np.testing.assert_array_equal(found.cells(batch.inp[[700, 3, 999]], "ni"), batch.inp[[700, 3, 999]][:, 405:410].numpy())
    _, l1_g = hidden(1_000, 50, "lesson-2019")
    np.testing.assert_allclose(shown(found, "l1.g"), l1_g[[700, 3, 999], 46:50], rtol=1e-3, atol=1e-9)


def test_what_is_not_picked_is_left_to_the_rule() -> None:
    plain = window(50)
    for pick in (Pick(pixel=plain.pixels[0]), Pick(unit=plain.units[0]), Pick((0, 1, 2))):
        found = window(50, pick=pick)
        assert (found.images, found.pixels, found.units) == (plain.images, plain.pixels, plain.units)
    other = window(50, pick=Pick((7,)))
    assert other.images == (7,)
    assert (other.pictures[0].flatten()[list(other.pixels)] > 0).any()


@over(("pixel", "first"), [(0, 0), (23, 23), (24, 23), (27, 23), (28, 28), (405, 405), (783, 779)])
def test_pixels_stay_in_one_image_row_with_the_one_picked(pixel: int, first: int) -> None:
    found = window(3, pick=Pick(pixel=pixel))
    assert found.pixels == tuple(range(first, first + 5))
    assert pixel in found.pixels and len({p // 28 for p in found.pixels}) == 1


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    images=st.lists(st.integers(0, 49), min_size=1, max_size=3, unique=True), pixel=st.integers(0, 783), unit=st.integers(0, 46)
)
def test_cells_are_the_tensors_entries_at_the_windows_indices(images: list[int], pixel: int, unit: int) -> None:
    batch, weights = network(50)
    found = choose_window(batch, weights, gradients(batch, weights), "matmul", Pick(tuple(images), pixel, unit))
    w1 = weights.w1.numpy()
    np.testing.assert_array_equal(found.cells(weights.w1, "ij"), w1[np.ix_(found.pixels, found.units)])
    np.testing.assert_array_equal(found.cells(weights.w1.t(), "ji"), w1.T[np.ix_(found.units, found.pixels)])
    np.testing.assert_array_equal(found.cells(weights.w2, "jk"), weights.w2.numpy()[list(found.units)])
    np.testing.assert_array_equal(
        found.cells(batch.inp[images].unsqueeze(-1), "nij"), batch.inp.numpy()[np.ix_(images, found.pixels)][..., None]
    )


def test_cells_of_an_axis_of_length_1_are_the_one_there_is() -> None:
    found = window(3)
    value = torch.arange(4.0).view(2, 1, 2)
    np.testing.assert_array_equal(found.cells(value, "kik"), value.numpy())
    assert found.cells(torch.tensor([True, False]), "n").dtype.kind == "f"


@each_form
@each_preset
def test_what_is_added_up_over_all_images_stands_beside_the_window(preset: str, form: str) -> None:
    found, batch, weights = window(1_000, 50, preset, form), *network(1_000, 50, preset)
    whole = gradients(batch, weights)
    assert found.whole.keys() == {"loss", "w1.g", "b1.g", "w2.g", "b2.g"}
    for name, value in (("w1.g", whole.w1), ("b2.g", whole.b2), ("loss", whole.loss)):
        torch.testing.assert_close(found.whole[name], value)


@over("n", [1, 2, 3])
def test_where_the_window_holds_all_images_its_sums_are_the_gradients(n: int) -> None:
    found = window(n)
    ends = {operation.sets: operation.value for operation in found.operations}
    for name, whole in found.whole.items():
        torch.testing.assert_close(ends[name], whole, msg=name)


@over(("largest", "power"), [(0, 0), (1, 0), (99.9, 0), (0.1, 0), (0.0999, -3), (100, 3), (1e-4, -3), (9.9e-5, -6), (2.5e7, 6)])
def test_numbers_are_counted_in_powers_of_a_thousand(largest: float, power: int) -> None:
    assert power_of(largest) == power
    assert largest == 0 or 0.099 < largest / 10.0**power < 100.1


@each_preset
def test_choosing_leaves_the_weights_and_the_batch_as_they_were(preset: str) -> None:
    window(50, 5, preset)
    batch, weights = network(50, 5, preset)
    assert not any(hasattr(t, "g") for t in (batch.inp, batch.targ, weights.w1, weights.b1, weights.w2, weights.b2))
