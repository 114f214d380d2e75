"""What is said of singular values, held against NumPy's own."""

import re
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from loops import over
from states import LATER, State

from mnistgrad.captions import singular_values as claims
from mnistgrad.gradient.outer_product import LeadingVectors, leading_vectors
from mnistgrad.gradient.weight_gradient import WeightGradient

STATES = [
    State(n=1),
    State(n=2),
    State(n=10),
    State(n=10, nh=2),
    State(),
    State(n=1, normalise=False),
    replace(LATER, n=10, nh=100),
    LATER,
]
each_state = over("state", STATES)


@lru_cache(maxsize=32)
def made(state: State) -> tuple[WeightGradient, LeadingVectors]:
    found = state.weight_gradient("w1")
    return found, leading_vectors(found)


def values(state: State) -> np.ndarray:
    return np.linalg.svd(made(state)[0].g.numpy(), compute_uv=False)


def rank(state: State) -> int:
    return int(np.linalg.matrix_rank(made(state)[0].g.numpy()))


def first_share(state: State) -> float:
    return float(values(state)[0] ** 2 / (values(state) ** 2).sum())


def fits(told: str, share: float) -> bool:
    """A percentage as printed: 96.1%, 100%, < 0.1%, > 99.9%."""
    bound = float(re.search(r"[\d.]+", told)[0])  # type: ignore[index]
    if told.startswith("<"):
        return 100 * share < bound
    return 100 * share > bound if told.startswith(">") else abs(100 * share - bound) <= 0.0501


PERCENT = r"([<>] )?[\d.]+%"


@each_state
def test_title_follows_the_share_of_the_first_value(state: State) -> None:
    title = claims.chart_title(made(state)[0])
    share = first_share(state)
    assert ("nothing else" in title) == (rank(state) == 1)
    if rank(state) > 1:
        assert ("Nearly" in title) == (share >= 0.9) and ("Mostly" in title) == (0.5 < share < 0.9)


@each_state
def test_rank_is_numpys_and_float32s_count_is_of_its_own_limit(state: State) -> None:
    text = claims.chart_sentence(made(state)[0])
    assert f"The rank is **{rank(state)}** of at most {state.nh}" in text
    singles = int((values(state) > values(state)[0] * 784 * np.finfo(np.float32).eps).sum())
    assert (f"would leave {singles}." in text) if singles != rank(state) else ("float32" not in text)


@each_state
def test_meaning_gives_the_shares_of_one_product_and_of_copied_rows(state: State) -> None:
    found, leading = made(state)
    text = claims.meaning_sentence(found, leading)
    g = found.g.numpy()
    copied = 784 * (g.mean(0) ** 2).sum() / (g**2).sum()
    assert fits(re.search(rf"equal rows has ({PERCENT})\.", text)[1], copied)  # type: ignore[index]
    assert fits(re.search(PERCENT, claims.meaning_title(found))[0], first_share(state))  # type: ignore[index]
    if rank(state) == 1:
        assert "is the whole matrix" in text and "Nor that" not in text
        return
    assert fits(re.search(rf"has ({PERCENT}) of the sum", text)[1], first_share(state))  # type: ignore[index]
    assert f"{784 + state.nh} numbers" in text
    best = leading.size * np.outer(leading.rows, leading.columns)
    left = np.linalg.norm(g - best) / np.linalg.norm(g)
    assert fits(re.search(rf"leaves out is ({PERCENT})", text)[1], left)  # type: ignore[index]
    more = rank(state) - 1
    assert f"{more} further value{' is' if more == 1 else 's are'} above" in text


@each_state
def test_what_is_said_of_the_two_vectors_is_what_their_cosines_are(state: State) -> None:
    found, leading = made(state)
    text = claims.meaning_sentence(found, leading)
    inp = state.batch.inp.double().numpy().mean(0)
    left, _, right = np.linalg.svd(found.g.numpy(), full_matrices=False)
    cosines = [
        abs(one @ other) / np.linalg.norm(one) / np.linalg.norm(other)
        for one, other in ((left[:, 0], inp), (right[0], found.b_g.numpy()))
    ]
    if state.n == 1:
        assert cosines == pytest.approx([1, 1], abs=1e-5) and "are the one :orange[image] and the bias gradient" in text
        return
    words = re.search(r"They are (.*) the one and (.*) the other", text)
    assert words
    for told, cosine in zip(words.groups(), cosines, strict=True):
        low, high = {"close to": (0.95, 1.001), "not far from": (0.7, 0.95), "far from": (0, 0.7)}[told]
        assert low <= cosine < high
    assert ("network with one output makes them so" in text) == (min(cosines) >= 0.7)


def test_every_image_sends_back_w2_less_the_units_that_are_off() -> None:
    """What the sentence leans on."""
    found, _ = made(State(n=10))
    w2 = State(n=10).weights.w2.squeeze(-1).numpy()
    for out_g in found.out_g.numpy():
        on = out_g != 0
        factors = out_g[on] / w2[on]
        assert factors == pytest.approx(factors[0], rel=1e-4)


def test_a_matrix_of_one_column_has_one_value() -> None:
    text = claims.one_value_sentence(State().weight_gradient("w2"))
    assert text.startswith("`w2.g` has one column") and "100%" in text
    assert State().weight_gradient("w2").spectrum.first_share == 1
