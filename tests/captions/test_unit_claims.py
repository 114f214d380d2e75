"""What is said of columns, rows and tiles, held against what NumPy finds in the same gradient."""

import re
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from loops import over
from pictures.diagrams.drawn import NUMBER, number, says
from states import ALL_OFF, LATER, State

from mnistgrad.captions import units as claims
from mnistgrad.captions.variance import distance_sentence
from mnistgrad.gradient.rows import Rows, rows_of
from mnistgrad.gradient.weight_gradient import WeightGradient

STATES = [
    State(n=1),
    State(n=2),
    State(n=10),
    State(n=10, nh=2),
    State(),
    State(n=1, normalise=False),
    State(nh=100),
    replace(LATER, n=1),
    LATER,
]
each_state = over("state", STATES)
each_any = over("state", [*STATES, ALL_OFF, replace(ALL_OFF, normalise=False)])


@lru_cache(maxsize=64)
def made(state: State, layer: str = "w1") -> tuple[WeightGradient, Rows]:
    found = state.weight_gradient(layer)
    return found, rows_of(found)


def copied(state: State) -> np.ndarray:
    g = made(state)[0].g.numpy()
    return np.isclose(g, g[0], rtol=0, atol=1e-8 * abs(g).max()).all(1)


def first_number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    assert found, text
    return number(found[1])


@each_state
def test_map_tells_the_value_of_the_hatched_pixels(state: State) -> None:
    found, rows = made(state)
    column = found.liveliest_column
    text = claims.map_sentence(found, rows, column)
    count = int(copied(state).sum())
    assert f"The {count} hatched pixels hold" in text
    value = re.search(rf"the same value, ({NUMBER})\.", text)
    assert value and says(value[1], found.g[0, column].item())


def test_map_of_a_unit_that_is_off_says_it_is_0() -> None:
    found, rows = made(State(n=1))
    off = int(np.flatnonzero((found.g.numpy() == 0).all(0))[0])
    text = claims.map_sentence(found, rows, off)
    assert text.startswith(f"Unit {off} is off for the one image") and "are 0" in text


@each_state
def test_distance_names_the_copies_and_the_farthest_row(state: State) -> None:
    found, rows = made(state)
    text = distance_sentence(found, rows)
    g = found.g.numpy()
    away = np.sqrt(((g - g[0]) ** 2).sum(1))
    assert f"The {int(copied(state).sum())} hatched rows are exact copies" in text
    row = int(first_number(r":blue\[row\] (\d+)", text))
    assert away[row] == pytest.approx(away.max())
    assert says(re.search(rf"at ({NUMBER})\.$", text)[1], away.max())  # type: ignore[index]


@each_any
@over("layer", ["w1", "w2"])
def test_identity_is_checked_for_every_constant_input(state: State, layer: str) -> None:
    found, rows = made(state, layer)
    text = claims.identity_sentence(found, rows)
    inp, g = found.inp.double().numpy(), found.g.numpy()
    constant = (inp == inp[0]).all(0)
    b_g = found.out_g.double().numpy().sum(0)
    assert f"`row = c * b{layer[1]}.g`" in text
    assert ("With one image everything is constant" in text) == (state.n == 1)
    if not constant.any():
        assert "there is no row to check" in text
        return
    assert re.search(rf"the {constant.sum()} such (pixel|hidden unit)s?\b", text)
    values = len(np.unique(inp[0, constant]))
    assert ("(one c)" in text) == (values == 1) and (values == 1 or f"({values} different c" in text)
    difference = abs(g[constant] - np.outer(inp[0, constant], b_g)).max()
    assert difference < 1e-12 * (abs(g).max() or 1)
    told = 0.0 if "no difference at all" in text else first_number(rf"difference of ({NUMBER})", text)
    assert told < 1e-12 * (abs(g).max() or 1)
    assert says(re.search(rf"is ({NUMBER})\.$", text)[1], abs(g).max())  # type: ignore[index]


def test_identity_that_fails_is_told() -> None:
    found, rows = made(State(n=10))
    assert "a largest difference of 2.5\u00a0×\u00a010⁻¹" in claims.identity_sentence(found, replace(rows, difference=0.25))


@each_state
@over("limit", [None, 0.5])
def test_tiles_are_described_as_they_are(state: State, limit: float | None) -> None:
    found, rows = made(state)
    text = claims.tiles_sentence(found, rows, limit)
    assert ("scale of its own" in text) == (limit is None) and ("to ±0.500" in text) == (limit is not None)
    g = found.g.numpy()
    off = int((g == 0).all(0).sum())
    on = g[:, ~(g == 0).all(0)]
    same = np.isclose(abs(np.corrcoef(on.T)), 1, atol=1e-9).all()
    assert ("one outer product" in text) == same
    assert ("shows the one image" in claims.headline(found)) == (state.n == 1)
    assert ("a picture of its own" in claims.headline(found)) == (not same)
    assert (f"{off} unit" in text) == bool(off)
    if "flat" in text:
        assert f"the {int(copied(state).sum())} hatched pixels" in text
        assert np.ptp(g[copied(state)], axis=0) == pytest.approx(0, abs=1e-9)
        assert (": 0, and" in text) == (not g[0].any())


def test_tiles_of_a_matrix_of_rank_1_are_one_picture() -> None:
    """Two units, only one of which is on, or on for the same images."""
    for seed in range(40):
        found, rows = made(State(n=2, nh=2, seed=seed))
        if found.spectrum.rank == 1:
            assert "one outer product" in claims.tiles_sentence(found, rows, None)
            assert "the same picture" in claims.headline(found)
            return
    raise AssertionError("no such seed")


@each_any
def test_bars_tell_where_the_row_of_an_off_unit_lies(state: State) -> None:
    found, _ = made(state, "w2")
    if not found.g.any():
        return
    text = claims.bars_sentence(found)
    weights, batch = state.weights, state.batch
    off = int(((batch.inp @ weights.w1 + weights.b1).amax(0) <= 0).sum())
    assert (f"{off} unit{' is' if off == 1 else 's are'} off" in text) if off else ("No unit is off" in text)
    value = -(0.5 if state.preset == "lesson-2019" else 0) * found.out_g.double().sum().item()
    told = re.search(rf"b2\.g = ({NUMBER})", text)
    assert says(told[1], value) if told else value == 0 and re.search(r"(copies,|row is|would be) 0,", text)


@over("layer", ["w1", "w2"])
def test_nothing_is_said_to_be_there_where_all_is_zero(layer: str) -> None:
    state = replace(ALL_OFF, preset="lesson-2022", normalise=False)
    seed = next(s for s in range(99) if not replace(state, seed=s).weight_gradient(layer).g.any())
    text = claims.nothing_sentence(replace(state, seed=seed).weight_gradient(layer))
    assert text.startswith(f"Every entry of `{layer}.g` is 0, since no unit is on for the one image")


@each_state
def test_sentences_are_whole(state: State) -> None:
    found, rows = made(state)
    second, second_rows = made(state, "w2")
    texts = [
        claims.map_sentence(found, rows, 0),
        distance_sentence(found, rows),
        claims.identity_sentence(found, rows),
        claims.identity_sentence(second, second_rows),
        claims.tiles_sentence(found, rows, None),
        claims.bars_sentence(second),
    ]
    for text in texts:
        assert text.endswith(".") and "  " not in text
        assert not re.search(r"\b1 (units|pixels|rows|numbers|images)\b", text), text
