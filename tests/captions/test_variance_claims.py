"""The sentences about variance, held against what NumPy finds in the same gradient."""

import re
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from loops import over
from states import ALL_OFF, LATER, State

from mnistgrad.captions import variance as says
from mnistgrad.gradient.variance import ImageVariance, image_variance, row_variances

STATES = [
    State(n=1),
    State(n=2),
    State(n=10),
    State(n=60),
    State(n=10, normalise=False),
    replace(LATER, n=1),
    replace(LATER, n=2),
    replace(LATER, n=60),
    State(n=2, nh=2),
    replace(LATER, n=10, nh=2),
    State(n=10, nh=2, seed=3),
    ALL_OFF,
    replace(ALL_OFF, n=2),
]
each_state = over("state", STATES)
each_batch = over("state", [state for state in STATES if state.n > 1])
PERCENT = r"([<>]? ?\d+(?:\.\d)?%)"


@lru_cache
def over_images(state: State, layer: str) -> ImageVariance:
    return image_variance(state.weight_gradient(layer))


@lru_cache
def ratios(state: State, layer: str) -> np.ndarray:
    """|mean| / deviation of the images' own gradients; nan where they do not differ."""
    matrix = state.weight_gradient(layer)
    own = state.n * matrix.inp.double().numpy()[:, :, None] * matrix.out_g.double().numpy()[:, None, :]
    spread = np.where(np.ptp(own, axis=0) > 0, own.std(0), np.nan)
    return abs(own.mean(0)) / spread


def holds(text: str, share: float) -> bool:
    """The printed percentage is the share."""
    value = float(text.strip("<>% "))
    if text[0] in "<>":
        return 100 * share < value if text[0] == "<" else 100 * share > value
    return abs(100 * share - value) <= 0.0501


def pixels_of(state: State) -> np.ndarray:
    return state.batch.images.numpy().reshape(state.n, -1)


def sentences(state: State) -> list[str]:
    first, second = state.weight_gradient("w1"), state.weight_gradient("w2")
    found = [says.columns_sentence(state.weight_gradient("w1")), says.lanes_sentence(second), says.ONE_NUMBER, says.ONE_IMAGE]
    found += [says.rows_title(), says.matrix_title(), *(says.columns_title(layer) for layer in ("w1", "w2"))]
    if not first.off.all():
        found.append(says.rows_sentence(first, row_variances(first).tolist()))
    if state.n > 1:
        for column in range(min(first.columns, 6)):
            found.append(says.images_sentence(first, over_images(state, "w1"), column))
        found.append(says.images_sentence(second, over_images(state, "w2"), 0))
        found += [says.ratio_sentence(layer, state.n) for layer in ("w1", "w2")]
        found.append(says.matrix_sentence(over_images(state, "w1")))
    return found


@each_state
def test_columns_say_over_what_they_vary_and_which_pixels_are_constant(state: State) -> None:
    sentence = says.columns_sentence(state.weight_gradient("w1"))
    assert "over :blue[pixels], not over images" in sentence
    off = int((state.weight_gradient("w1").g.numpy() == 0).all(0).sum())
    told = re.search(r"(One unit is|All (\d+) units are|(\d+) of \d+ units are) off", sentence)
    assert int((told[2] or told[3] or 1) if told else 0) == off
    pixels = pixels_of(state)
    constant, black = (pixels == pixels[0]).all(0), (pixels == 0).all(0)
    if constant.all() or (constant == black).all():
        assert "constant" not in sentence
    else:
        assert f"{constant.sum() - black.sum()} more pixel" in sentence
        g = state.weight_gradient("w1").g.numpy()[constant]
        b_g = state.weight_gradient("w1").b_g.numpy()
        held = state.batch.inp[0].double().numpy()[constant]
        assert g == pytest.approx(np.outer(held, b_g), abs=1e-6 * (abs(g).max() or 1)), "its own constant times b1.g"


@each_state
def test_rows_that_vary_more_and_less_than_copies_are_counted(state: State) -> None:
    matrix = state.weight_gradient("w1")
    if matrix.off.all():
        assert not matrix.g.any()
        return
    sentence = says.rows_sentence(matrix, row_variances(matrix).tolist())
    variances, black = matrix.g.numpy().var(1), (pixels_of(state) == 0).all(0)
    copy = variances[black].mean()
    assert f"The {black.sum()} black pixels" in sentence or f"The rows of the {black.sum()} black pixels" in sentence
    assert (f"the {state.nh} :green[hidden units]") in sentence
    if copy < 1e-15 * variances.max():
        assert "are exactly 0" in sentence
        return
    more, less = (variances > copy * (1 + 1e-8)).sum(), (variances < copy * (1 - 1e-8)).sum()
    told = re.search(r"one value, (\S+); (\d+) rows? var(?:y|ies) more and (\w+) less", sentence)
    assert told and float(told[1]) == pytest.approx(copy, rel=6e-3)
    assert (int(told[2]), told[3]) == (more, str(less) if less else "none")


def test_at_one_image_the_rows_are_the_image_squared() -> None:
    matrix = State(n=1).weight_gradient("w1")
    assert "the map is that image with each value squared" in says.rows_sentence(matrix, row_variances(matrix).tolist())
    share = row_variances(matrix) / matrix.inp[0].double().square()
    assert share.max().item() == pytest.approx(share.min().item(), rel=1e-6)


@each_state
def test_lanes_are_the_groups_that_differ(state: State) -> None:
    matrix = state.weight_gradient("w2")
    l1 = state.batch.inp @ state.weights.w1
    off = int((l1.amax(0) <= 0).sum())
    labels = says.lane_labels(matrix)
    assert labels["all"] == f"all {state.nh} units"
    assert ("off" in labels) == (0 < off < state.nh)
    if "off" in labels:
        assert labels["off"].startswith(f"{off} unit") and labels["on"].startswith(f"{state.nh - off} unit")
    sentence = says.lanes_sentence(matrix)
    assert (f"The {off} units that are off hold" in sentence) == (off > 1)
    assert ("One unit is off" in sentence) == (off == 1)
    if off > 1:
        entries = matrix.g[(l1.amax(0) <= 0), 0]
        assert entries.max() - entries.min() <= 1e-9 * matrix.g.abs().max()
        held = matrix.inp[:, l1.amax(0) <= 0].unique()
        told = re.search(r"off hold (\S+) for", sentence)
        assert told and len(held) == 1 and float(told[1].replace("−", "-")) == held.item()


@each_batch
@over("layer", ["w1", "w2"])
def test_shares_below_one_and_beyond_two_errors_are_right(state: State, layer: str) -> None:
    matrix = state.weight_gradient(layer)
    columns = range(min(matrix.columns, 6))
    told = [(says.images_sentence(matrix, over_images(state, layer), j), ratios(state, layer)[:, j]) for j in columns]
    if layer == "w1":
        told.append((says.matrix_sentence(over_images(state, layer)), ratios(state, layer)))
    for sentence, ratio in told:
        ratio = ratio[~np.isnan(ratio)]
        found = re.search(rf"than their mean: {PERCENT} of the ([\d,]+) weights? .*standard errors from 0: {PERCENT}\.", sentence)
        assert bool(found) == bool(len(ratio))
        if found:
            assert int(found[2].replace(",", "")) == len(ratio)
            assert holds(found[1], (ratio < 1).mean())
            assert holds(found[3], (ratio * (state.n - 1) ** 0.5 > 2).mean())


@each_batch
def test_what_the_images_share_is_told(state: State) -> None:
    matrix, ratio = state.weight_gradient("w1"), ratios(state, "w1")
    black = (pixels_of(state) == 0).all(0)
    for unit in range(min(state.nh, 6)):
        sentence = says.images_sentence(matrix, over_images(state, "w1"), unit)
        if np.isnan(ratio[:, unit]).all():
            assert ("is off for every image" in sentence) == bool((matrix.out_g[:, unit] == 0).all())
        elif np.isnan(ratio[black, unit]).all():
            assert "0 ÷ 0, no ratio" in sentence and "all have the ratio" not in sentence
        else:
            own = state.n * matrix.out_g[:, unit].double().numpy()
            told = re.search(rf"the ratio of b1\.g\[{unit}\], (\S+)\.$", sentence)
            expected = abs(own.mean()) / own.std()
            assert told and float(told[1]) == pytest.approx(expected, rel=6e-3)
            assert ratio[black, unit] == pytest.approx(np.full(black.sum(), expected), rel=1e-6)
    assert f"the 1/{state.n} lies in out.g" in says.ratio_sentence("w1", state.n)


@each_state
def test_sentences_are_well_formed(state: State) -> None:
    for sentence in sentences(state):
        assert sentence and sentence == sentence.strip()
        assert "  " not in sentence and "nan" not in sentence.lower() and "None" not in sentence
        assert not re.search(r"(?<![\d,./√])\b1 (more )?(image|pixel|unit|row|weight)s\b", sentence), sentence
        assert not re.search(r"(?<![\d,.])\b([02-9]|\d+\d) (more )?(image|pixel|unit|row|weight)\b", sentence), sentence
        assert not re.search(r"-\d", sentence), "a hyphen stands for a minus sign"
        assert sentence.count("[") == sentence.count("]")
