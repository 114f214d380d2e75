"""What the page of the gradient matrix says first, against the numbers it speaks of."""

import re
from functools import lru_cache

from loops import over

from mnistgrad import gradients, initial_weights, load_batch
from mnistgrad.captions import gradient as says
from mnistgrad.gradient.weight_gradient import WeightGradient, weight_gradient_of

RIGHT_STATES = [(1, "lesson-2019", True), (1, "lesson-2022", False), (10, "lesson-2019", False), (300, "lesson-2019", True)]
each_state = over(("n", "preset", "normalise"), RIGHT_STATES)


@lru_cache
def made(layer: str, n: int, preset: str, normalise: bool, nh: int = 50, seed: int = 0) -> WeightGradient:
    batch, weights = load_batch(n, normalise), initial_weights(nh, seed, preset)
    return weight_gradient_of(layer, batch, weights)


@each_state
def test_count_of_columns_that_vary_is_that_of_the_real_gradient(n: int, preset: str, normalise: bool) -> None:
    g = gradients(load_batch(n, normalise), initial_weights(seed=0, preset=preset)).w1
    vary = sum(column.max() - column.min() > 1e-6 for column in g.t())
    told = "all 50" if vary == 50 else f"{vary} of 50"
    assert f"in {told} :green[hidden units]" in says.lede(made("w1", n, preset, normalise))


@each_state
def test_headline_calls_the_equal_rows_what_they_are(n: int, preset: str, normalise: bool) -> None:
    printed = gradients(load_batch(n, normalise), initial_weights(seed=0, preset=preset)).w1[:3]
    claim = says.headline(made("w1", n, preset, normalise))
    if n == 1:
        assert claim.startswith("One image")
    else:
        assert ("zeros" in claim) == (not printed.any()) and ("copies" in claim) == bool(printed.any())


@each_state
def test_units_that_are_off_are_counted_and_their_rows_described(n: int, preset: str, normalise: bool) -> None:
    weights = initial_weights(seed=0, preset=preset)
    batch = load_batch(n, normalise)
    off = int(((batch.inp @ weights.w1 + weights.b1).amax(0) <= 0).sum())
    grads = gradients(batch, weights)
    lede = says.lede(made("w2", n, preset, normalise))
    found = re.search(r"(\d+) units? (?:is|are) off", lede)
    assert int(found[1] if found else 0) == off
    if off:
        rows = grads.w2[(batch.inp @ weights.w1 + weights.b1).amax(0) <= 0]
        assert ("−0.5 times the bias gradient" in lede) == bool((rows - -0.5 * grads.b2).abs().max() < 1e-6)


def test_a_gradient_of_zeros_is_called_that() -> None:
    found = made("w1", 1, "lesson-2019", True, 2, 7)  # no unit is on
    assert "no gradient" in says.headline(found)
    assert says.lede(found) == "No column of `w1.g` changes from row to row: in all 2 :green[hidden units] it is 0."


def test_shape_stands_above_the_headline() -> None:
    assert says.kicker(made("w1", 10, "lesson-2019", False)) == "Inside w1.g · a gradient of shape (784, 50)"
    assert says.kicker(made("w2", 10, "lesson-2019", True)).endswith("(50, 1)")
