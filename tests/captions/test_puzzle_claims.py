"""The sentences of the puzzle page, held against what NumPy finds in the same gradient."""

import json
import re
import statistics
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from states import ALL_OFF, LATER, State

from mnistgrad.captions import puzzle as says
from mnistgrad.gradient.weight_gradient import WeightGradient
from mnistgrad.network.verification import PARAMETERS, Agreement, Verification, autograd_gradients, verify

STATES = [
    State(n=1),
    State(n=2),
    State(n=10),
    State(),
    State(n=10, normalise=False),
    State(n=1, normalise=False),
    replace(LATER, n=1),
    replace(LATER, n=2),
    LATER,
    replace(LATER, normalise=True),
    replace(LATER, n=1, nh=2),
    State(n=1, nh=2),
    State(n=10, nh=2, seed=3),
    State(nh=2, seed=7),
    ALL_OFF,
    replace(ALL_OFF, normalise=False),
]
each_state = pytest.mark.parametrize("state", STATES, ids=str)
PRINTED = [0, 1, 2, 781, 782, 783]
FIRSTS = (0, 26, 150, 405, 778)


def found_in(state: State) -> WeightGradient:
    return state.weight_gradient("w1")


@cache
def checks_in(state: State) -> dict[str, Verification]:
    both = state.gradients, autograd_gradients(state.batch, state.weights)
    return {name: verify(name, state.batch, state.weights, both, state.layers) for name in PARAMETERS}


def figures_in(state: State) -> list[says.Figure]:
    return says.figures(found_in(state), checks_in(state))


def gradient(state: State) -> np.ndarray:
    return found_in(state).g.numpy()


def different(rows: np.ndarray, largest: float) -> int:
    return len(np.unique(np.round(rows / (largest or 1), 9) + 0.0, axis=0))


def black(state: State) -> np.ndarray:
    return ~state.batch.images.numpy().reshape(state.n, -1).any(0)


def moved(state: State, first: int) -> str:
    return says.moved_sentence(found_in(state), list(range(first, first + 6)))


def everything(state: State) -> list[str]:
    found = found_in(state)
    figures = [part for f in figures_in(state) for part in (f"{f.value} {f.of}".strip(), f.meaning)]
    answers = [part for answer in says.answers(found) for part in answer]
    rows = [says.moved_sentence(found, list(range(first, first + 6))) for first in FIRSTS]
    return [
        says.headline(found),
        says.lede(found),
        says.reason(found),
        says.strip_sentence(found),
        says.printed_sentence(found),
        says.map_sentence(found),
        says.strip_title(found),
        says.variance_sentence(found),
        *figures,
        *answers,
        *rows,
    ]


def percents(text: str) -> list[tuple[float, float]]:
    """For each percentage in the text, from where to where it allows the share to be."""
    found = re.findall(r"([<>]?) ?(\d+(?:\.\d)?)%", text)
    bounds = {"<": lambda v: (0.0, v), ">": lambda v: (v, 100.0), "": lambda v: (v - 0.05, v + 0.05)}
    return [bounds[sign](float(value)) for sign, value in found]


@each_state
def test_one_image_gives_multiples_and_no_state_gives_copies(state: State) -> None:
    g, claim = gradient(state), says.headline(found_in(state))
    zero = not g.any()
    assert ("multiples of one vector, not copies" in claim) == (state.n == 1 and not zero)
    assert ("no gradient to see" in claim) == zero
    assert ("single outer product" in says.lede(found_in(state))) == (state.n == 1 and not zero)
    answer = says.answers(found_in(state))[0][1]
    assert answer.startswith("No.") and ("a single one: its rows are multiples" in answer) == (state.n == 1 and not zero)
    assert zero or different(g, abs(g).max()) > 1, "never one row copied"


@each_state
def test_printed_rows_are_called_what_they_are(state: State) -> None:
    printed = gradient(state)[PRINTED]
    sentence = says.printed_sentence(found_in(state))
    assert sentence.startswith("Every number is 0") == (not printed.any())
    if printed.any():
        assert np.ptp(printed, axis=0).max() < 1e-9 * abs(printed).max() and "never changes" in sentence
    assert ("rows of zeros" in says.headline(found_in(state))) <= (not printed.any())


@each_state
def test_fate_of_black_pixels_is_told_as_it_is(state: State) -> None:
    lede = says.lede(found_in(state))
    if not gradient(state).any():
        return
    value = state.batch.inp.numpy()[:, black(state)]
    told = re.search(r"all the same, (−?[\d.]+) times the bias gradient", lede)
    reason = says.reason(found_in(state))
    assert np.ptp(value) == 0
    if value[0, 0]:
        assert told and float(told[1].replace("−", "-")) == pytest.approx(value[0, 0], abs=5e-5)
        assert f"c = {told[1]} in every term" in reason
    else:
        assert "exactly 0" in lede and "all the same" not in lede and "every term is 0" in reason


@each_state
def test_map_says_whose_ink_it_shows_and_how_many_pixels_have_none(state: State) -> None:
    sentence = says.map_sentence(found_in(state))
    assert ("ink of the one image" in sentence) == (state.n == 1)
    assert f"the {np.count_nonzero(black(state)):,} hatched" in sentence


@each_state
def test_number_of_different_rows_is_what_numpy_counts(state: State) -> None:
    g, found = gradient(state), found_in(state)
    count = different(g, abs(g).max())
    assert figures_in(state)[0].value == f"{count:,}" and figures_in(state)[0].of == "of 784"
    if state.n == 1 and g.any():
        assert f"**{count:,} are different**" in says.lede(found)
    if state.n > 1:
        assert f"**{count:,} different rows**" in says.lede(found)
        assert f"Of its 784 rows {count:,} differ" in says.answers(found)[0][1]
        rank = np.linalg.matrix_rank(g)
        assert ("rank 1" in says.lede(found)) == (rank == 1)


@each_state
def test_rank_and_shares_are_what_numpy_finds(state: State) -> None:
    g, figures = gradient(state), figures_in(state)
    squares = np.linalg.svd(g, compute_uv=False) ** 2
    total = squares.sum()
    if not total:
        assert figures[2].value == "–" and not percents(figures[2].meaning)
        return
    assert (figures[1].value, figures[1].of) == (str(np.linalg.matrix_rank(g)), f"of {state.nh}")
    best, copied = 100 * squares[0] / total, 100 * 784 * (g.mean(0) ** 2).sum() / total
    for (low, high), share in zip(percents(figures[2].value + " " + figures[2].meaning), (best, copied), strict=True):
        assert low - 1e-6 <= share <= high + 1e-6


@each_state
@pytest.mark.parametrize("first", FIRSTS)
def test_moved_rows_are_counted_right(state: State, first: int) -> None:
    g, sentence = gradient(state), moved(state, first)
    count = different(g[first : first + 6], abs(g).max())
    some = f"{count} different rows among these six"
    shown = {1: "All six rows are the same", 6: "All six rows differ"}.get(count, some)
    assert sentence.startswith(shown)
    dark = black(state)[first : first + 6].sum()
    assert f"{dark} of the six pixels {'is' if dark == 1 else 'are'} black" in sentence
    assert ("multiples of one vector" in sentence) == (state.n == 1 and count > 1)


@each_state
def test_black_pixels_are_counted_right(state: State) -> None:
    count = int(black(state).sum())
    assert f"the {count} hatched pixels are black" in says.map_sentence(found_in(state))
    assert f"the {count} of black pixels" in figures_in(state)[0].meaning
    if state.n == 1 and gradient(state).any():
        assert f"{count} pixels of this image are black" in says.lede(found_in(state))


@each_state
def test_columns_that_vary_and_units_that_are_off_make_all(state: State) -> None:
    g, sentence = gradient(state), says.variance_sentence(found_in(state))
    vary, off = int((g.var(0) > 0).sum()), int((g == 0).all(0).sum())
    assert vary + off == state.nh
    assert (f"all {state.nh} vary" if vary == state.nh else f"{vary or 'none'} of {state.nh} vary") in sentence
    every = "the image" if state.n == 1 else "every image"
    assert (f"off for {every}" in sentence) == bool(off)
    if off:
        who = {1: "One unit is", state.nh: f"All {state.nh} units are"}.get(off, f"{off} of {state.nh} units are")
        assert who in sentence


@each_state
def test_cost_is_the_product_of_the_sizes(state: State) -> None:
    answer = says.answers(found_in(state))[1][1]
    assert f"n · 784 · {state.nh} = {state.n * 784 * state.nh:,} multiplications" in answer


@each_state
def test_sentences_are_well_formed(state: State) -> None:
    for sentence in everything(state):
        assert sentence and sentence == sentence.strip()
        assert "  " not in sentence and "nan" not in sentence.lower().split() and "None" not in sentence
        assert not re.search(r"(?<![\d,.])\b1 (different )?(image|pixel|unit|row|number|product|gradient|column)s\b", sentence)
        assert not re.search(r"(?<![\d,.])\b([02-9]|\d+\d) (image|pixel|unit|number|product|gradient|column)\b(?! of)", sentence)
        assert not re.search(r"-\d", re.sub("`[^`]*`", "", sentence)), "a hyphen stands for a minus sign"
        assert sentence.count("**") % 2 == 0 and sentence.count("`") % 2 == 0 and sentence.count("[") == sentence.count("]")


@pytest.mark.parametrize("name", ["w1", "b1", "w2", "b2"])
def test_verdict_is_outside_as_soon_as_one_check_fails(name: str) -> None:
    found, checks = found_in(State(n=10)), checks_in(State(n=10))

    def figure(check: Agreement) -> says.Figure:
        return says.figures(found, checks | {name: replace(checks[name], autograd=check)})[3]

    assert "equal to the last bit" in figure(Agreement(0.0, True)).meaning
    assert "within the preset's tolerance" in figure(Agreement(1e-7, True)).meaning
    failed = figure(Agreement(0.25, False))
    assert "OUTSIDE the preset's tolerance" in failed.meaning and failed.value.replace("\u00a0", " ") == "2 × 10⁻¹"


@pytest.mark.parametrize("state", [State(), State(nh=2, seed=3), LATER], ids=str)
def test_strip_title_counts_the_numbers_and_those_printed(state: State) -> None:
    printed = str(state.gradients.w1)
    shown = len(re.findall(r"\d\.\d*", printed))
    assert f"{784 * state.nh:,} numbers, of which the print shows {shown}" in says.strip_title(found_in(state))


def test_training_answer_quotes_the_kept_run() -> None:
    kept = json.loads((Path(says.__file__).parents[1] / "training" / "measured.json").read_text())
    ends: dict[str, list[float]] = {}
    for curve in kept["networks"]["cross-entropy"]["curves"]:
        ends.setdefault(curve["method"], []).append(curve["points"][-1][2])
    answer = says.answers(found_in(State(n=10)))[2][1]
    shares = re.search(
        r"reads (\d+)% of new digits right, its best outer product (\d+)%, the mean row copied (\d+)%, .* never trained (\d+)%",
        answer,
    )
    assert shares
    for share, method in zip(shares.groups(), ("true", "rank-1", "mean-row", "frozen"), strict=True):
        assert float(share) == pytest.approx(100 * statistics.median(ends[method]), abs=0.51)
    assert " only " not in answer  # the best outer product, which is not the own gradient, learns too
