"""The sentences of the story, held against what NumPy finds in the same gradient."""

import re
from dataclasses import replace

import numpy as np
from loops import over
from states import ALL_OFF, LATER, State

from mnistgrad.captions import story as says
from mnistgrad.network.verification import PARAMETERS, Agreement, Verification, autograd_gradients, verify

STATES = [
    State(n=1),
    State(n=2),
    State(),
    State(n=10, normalise=False),
    State(n=1, normalise=False),
    replace(LATER, n=2),
    LATER,
    replace(LATER, normalise=True),
    State(n=10, nh=2, seed=3),
    State(nh=2, seed=7),
    ALL_OFF,
    replace(ALL_OFF, normalise=False),
]
each_state = over("state", STATES)
PRINTED = [0, 1, 2, 781, 782, 783]


def gradient(state: State) -> np.ndarray:
    return state.weight_gradient("w1").g.numpy()


@each_state
def test_headline_claims_what_the_rows_are(state: State) -> None:
    g, claim = gradient(state), says.headline(state.weight_gradient("w1"))
    corners = g[PRINTED]
    if "off" in claim:
        assert not g.any()
    elif "One image" in claim:
        assert np.linalg.matrix_rank(g) == 1 and state.n == 1
    elif "zeros" in claim:
        assert not corners.any() and g.any()
    else:
        assert "not one row copied 784 times" in claim and corners.any() and np.ptp(g, axis=0).any()


@each_state
def test_printed_rows_are_what_is_said_of_them(state: State) -> None:
    corners, sentence = gradient(state)[PRINTED], says.printed_sentence(state.weight_gradient("w1"))
    assert np.ptp(corners, axis=0).max() <= 1e-9 * np.abs(gradient(state)).max()
    assert ("the number never changes" in sentence) is bool(corners.any())
    learner = "The learner, who normalised, saw copies" in sentence
    assert learner is bool(gradient(state).any() and not corners.any())


@each_state
def test_columns_that_vary_are_counted(state: State) -> None:
    sentence = says.variance_sentence(state.weight_gradient("w1"))
    g = gradient(state)
    varying = int((np.ptp(g, axis=0) > 1e-8 * np.abs(g).max()).sum())
    said = re.search(r"all 784 rows (all|none of|\d+ of) ?(\d+) do", sentence)
    assert said and said[2] == str(state.nh)
    assert {"all": state.nh, "none of": 0}.get(said[1], said[1].removesuffix(" of")) in (varying, str(varying))


@each_state
def test_black_pixels_are_counted(state: State) -> None:
    black = int((state.batch.images.flatten(1).amax(0) == 0).sum())
    which = "the image" if state.n == 1 else "every image"
    assert re.search(
        rf"; {black}, hatched, are black( \(−0.4245 once normalised\))? in {which}\.",
        says.map_sentence(state.weight_gradient("w1")),
    )


def checks(state: State) -> dict[str, Verification]:
    both = state.gradients, autograd_gradients(state.batch, state.weights)
    return {name: verify(name, state.batch, state.weights, both, state.layers) for name in PARAMETERS}


@over("state", [State(n=10, nh=4), ALL_OFF])
def test_check_tells_the_largest_difference_and_a_failure(state: State) -> None:
    found = checks(state)
    worst = max(each.autograd.difference for each in found.values())
    sentence = says.check_sentence(found)
    assert ("to the last bit" in sentence) is (worst == 0) is not (", within the preset's tolerance" in sentence)
    failed = replace(found["b1"], autograd=Agreement(0.25, False))
    assert "at most 2 × 10⁻¹ from autograd, OUTSIDE" in says.check_sentence(found | {"b1": failed}).replace("\u00a0", " ")
