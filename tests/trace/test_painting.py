"""The cells that drawn boxes are painted with are means and strides of the real tensors."""

from functools import lru_cache

import numpy as np
from loops import over

from mnistgrad import gradients, initial_weights, load_batch
from mnistgrad.network.data import Batch
from mnistgrad.network.presets import PRESETS, Weights
from mnistgrad.trace.painting import Paint, choose_paint, sums_over_images
from mnistgrad.trace.passes import PROGRAMS, record_excerpt, record_pass

each_form = over("form", PROGRAMS)
sizes = over(("n", "nh"), [(1, 50), (2, 2), (8, 7), (9, 25), (40, 26), (50, 50), (28, 1)])


@lru_cache(maxsize=8)
def network(n: int, nh: int, preset: str = "lesson-2019") -> tuple[Batch, Weights]:
    return load_batch(n, PRESETS[preset].normalise), initial_weights(nh, 0, preset)


def paint(n: int, nh: int, form: str = "broadcast", preset: str = "lesson-2019") -> Paint:
    batch, weights = network(n, nh, preset)
    return choose_paint(batch, weights, gradients(batch, weights), form)


def picked(value: np.ndarray, axes: tuple[str, ...], shown: Paint) -> np.ndarray:
    """The whole batch's tensor at the painted images and units, each 28 pixels of an image row averaged."""
    for place, letter in enumerate(axes):
        value = np.moveaxis(value, place, 0)
        if letter == "n":
            value = value[list(shown.images)]
        elif letter == "j" and len(value) > 1:
            value = value[list(shown.units)]
        elif letter == "i" and len(value) > 1:
            value = np.stack([value[28 * row : 28 * row + 28].mean(0) for row in range(28)])
        value = np.moveaxis(value, 0, place)
    return value


@each_form
@sizes
def test_every_cell_is_of_the_whole_batchs_tensors(n: int, nh: int, form: str) -> None:
    shown = paint(n, nh, form)
    whole = record_excerpt(*network(n, nh), range(n), form)
    for painted, operation in zip(shown.operations, whole, strict=True):
        tensors = [(o.value, o.axes) for o in operation.operands] + [(operation.value, operation.axes)]
        for cells, (value, axes) in zip([*painted.operands, painted.result], tensors, strict=True):
            assert value is not None
            expected = picked(value.double().numpy(), axes, shown)
            assert cells.shape == expected.shape
            np.testing.assert_allclose(
                cells, expected, rtol=1e-3, atol=1e-5 * (np.abs(expected).max() or 1), err_msg=operation.expression
            )


@over("form", ["broadcast", "matmul"])
def test_sums_are_those_of_all_images_and_not_of_the_painted_ones(form: str) -> None:
    shown, few = paint(400, 50, form), paint(9, 50, form)
    batch, weights = network(400, 50)
    whole = gradients(batch, weights)
    expected = {"loss": whole.loss, "w1.g": whole.w1, "b1.g": whole.b1, "w2.g": whole.w2, "b2.g": whole.b2}
    operations = record_pass(400, 50, weights.preset.relu, form)
    sums = [place for place, operation in enumerate(operations) if sums_over_images(operation)]
    assert [operations[place].sets for place in sums] == ["loss", "w2.g", "b2.g", "w1.g", "b1.g"]
    for place in sums:
        total = picked(expected[operations[place].sets].double().numpy(), operations[place].axes, shown)
        np.testing.assert_allclose(shown.operations[place].result, total, rtol=1e-4, atol=1e-6)
        assert not np.allclose(shown.operations[place].result, few.operations[place].result, rtol=1e-3)


def test_what_adds_up_pixels_or_units_does_not_add_up_images() -> None:
    adding = {o.expression for o in record_pass(784, 50, PRESETS["lesson-2019"].relu) if sums_over_images(o)}
    assert adding == {"(out.squeeze(-1) - targ).pow(2).mean()", "out.g.sum(0)", "(inp.unsqueeze(-1) * out.g.unsqueeze(1)).sum(0)"}


@over(
    ("n", "images"),
    [
        (1, (0,)),
        (2, (0, 1)),
        (7, tuple(range(7))),
        (8, tuple(range(8))),
        (9, tuple(range(9))),
        (10, (*range(8), 9)),
        (3_000, (*range(8), 2_999)),
    ],
)
def test_the_first_images_are_painted_and_the_last_behind_them(n: int, images: tuple[int, ...]) -> None:
    batch, weights = network(n, 2)
    shown = choose_paint(batch, weights, gradients(batch, weights))
    assert (shown.n, shown.images, shown.near) == (n, images, min(n, 8))


@over("nh", [1, 2, 25, 26, 50, 51, 99, 100])
def test_painted_units_are_evenly_spaced_and_at_most_25(nh: int) -> None:
    shown = paint(2, nh)
    assert 1 <= len(shown.units) <= 25
    assert shown.units[0] == 0
    assert len({b - a for a, b in zip(shown.units, shown.units[1:], strict=False)}) <= 1
    assert shown.units[-1] < nh <= shown.units[-1] + (shown.units[1] if nh > 1 else 1)


@over("preset", PRESETS)
def test_painting_leaves_the_weights_and_the_batch_as_they_were(preset: str) -> None:
    batch, weights = network(12, 3, preset)
    paint(12, 3, preset=preset)
    assert not any(hasattr(t, "g") for t in (batch.inp, batch.targ, weights.w1, weights.b1, weights.w2, weights.b2))
