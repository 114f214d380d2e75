"""The two published versions of the lesson and their initial weights."""

import math

import pytest
import torch
from loops import over

from mnistgrad import initial_weights
from mnistgrad.network.presets import PRESETS, Preset, Weights


def tensors(weights: Weights) -> list[torch.Tensor]:
    return [weights.w1, weights.b1, weights.w2, weights.b2]


def test_a_seed_gives_the_same_weights_whatever_else_was_drawn() -> None:
    first = initial_weights(seed=7)
    with torch.random.fork_rng():
        torch.manual_seed(123)
        torch.rand(10)
        again = initial_weights(seed=7)
    assert all(torch.equal(one, other) for one, other in zip(tensors(first), tensors(again), strict=True))


def test_another_seed_gives_other_weights() -> None:
    one, other = initial_weights(seed=0), initial_weights(seed=1)
    assert not torch.equal(one.w1, other.w1)
    assert not torch.equal(one.w2, other.w2)


def test_the_global_random_state_is_left_alone() -> None:
    before = torch.get_rng_state()
    initial_weights()
    assert torch.equal(torch.get_rng_state(), before)


@over("nh", [1, 2, 100])
def test_weights_have_the_layers_shapes(nh: int) -> None:
    assert [tuple(t.shape) for t in tensors(initial_weights(nh))] == [(784, nh), (nh,), (nh, 1), (1,)]
    assert all(t.dtype == torch.float32 for t in tensors(initial_weights(nh)))


@over(("preset", "w1_std", "w2_std"), [("lesson-2019", math.sqrt(2 / 784), 1 / math.sqrt(100)), ("lesson-2022", 1, 1)])
def test_weights_spread_as_the_lesson_says(preset: str, w1_std: float, w2_std: float) -> None:
    drawn = [initial_weights(100, seed, preset) for seed in range(20)]
    w1, w2 = torch.cat([weights.w1 for weights in drawn]), torch.cat([weights.w2 for weights in drawn])
    assert w1.std().item() == pytest.approx(w1_std, rel=0.01)
    assert w2.std().item() == pytest.approx(w2_std, rel=0.05)
    assert w1.mean().item() == pytest.approx(0, abs=0.01 * w1_std)
    assert not any(weights.b1.any() or weights.b2.any() for weights in drawn)


def test_the_presets_differ_in_pixels_and_rectifier_but_not_in_its_derivative() -> None:
    lesson_2019, lesson_2022 = PRESETS["lesson-2019"], PRESETS["lesson-2022"]
    assert (lesson_2019.normalise, lesson_2022.normalise) == (True, False)
    x = torch.linspace(-2, 2, 40, requires_grad=True)
    outs = [lesson_2019.relu(x), lesson_2022.relu(x)]
    torch.testing.assert_close(outs[1] - outs[0], torch.full_like(x, 0.5))
    slopes = [torch.autograd.grad(out.sum(), x)[0] for out in outs]
    assert torch.equal(*slopes)


@over("preset", PRESETS.values())
def test_the_rectifier_takes_its_shift_off_everywhere(preset: Preset) -> None:
    x = torch.linspace(-2, 2, 41)
    assert torch.equal(preset.relu(x), torch.nn.functional.relu(x) - preset.relu_shift)


def test_weights_in_another_dtype_are_the_same_numbers() -> None:
    weights = initial_weights(3)
    wide = weights.to(torch.float64)
    assert wide.preset is weights.preset
    for one, other in zip(tensors(weights), tensors(wide), strict=True):
        assert other.dtype == torch.float64
        assert torch.equal(one.double(), other)


def test_an_unknown_preset_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ValueError, match="preset is 'lesson-2020'; allowed are 'lesson-2019', 'lesson-2022'"):
        initial_weights(preset="lesson-2020")


@over(
    ("name", "value", "allowed"),
    [("nh", 0, "1 to 512"), ("nh", 513, "1 to 512"), ("seed", -1, "0 to 4,294,967,295"), ("seed", 2**32, "0 to 4,294,967,295")],
)
def test_a_number_out_of_range_is_refused_by_name(name: str, value: int, allowed: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is {value}; allowed are {allowed}"):
        initial_weights(**{name: value})


@over("name", ["nh", "seed"])
def test_what_is_no_whole_number_is_refused_by_name(name: str) -> None:
    with pytest.raises(TypeError, match=f"{name} is 1.5, of type float; a whole number is allowed"):
        initial_weights(**{name: 1.5})
