"""The sentences about wrong lines, held against the runs, NumPy's broadcasting and sums written out."""

import re
from functools import cache

import numpy as np
import pytest
from loops import over

from mnistgrad.captions import wrong_lines as says
from mnistgrad.lines.study import Study, study
from mnistgrad.lines.wrong_lines import WRONG_LINES, outcomes
from mnistgrad.network.data import MnistBatch, load_batch
from mnistgrad.network.presets import Weights, initial_weights
from mnistgrad.trace.recording import Operation

STATES = [
    (1, 50, "lesson-2019", 0),
    (1, 2, "lesson-2019", 7),
    (2, 2, "lesson-2022", 0),
    (3, 50, "lesson-2019", 0),
    (50, 50, "lesson-2019", 0),
    (784, 4, "lesson-2019", 0),
    (1_000, 6, "lesson-2022", 0),
]
PARAMETERS = list(WRONG_LINES)
each_state = over("state", STATES)
each_line = over("name", PARAMETERS)
State = tuple[int, int, str, int]


@cache
def network(state: State) -> tuple[MnistBatch, Weights]:
    n, nh, preset, seed = state
    return load_batch(n, preset == "lesson-2019"), initial_weights(nh, seed, preset)


@cache
def shown(name: str, state: State) -> Study:
    return study(WRONG_LINES[name], *network(state))


def plain(sentence: str) -> str:
    """Without the marks of colour and code."""
    return re.sub(r":\w+\[([^]]*)\]", r"\1", sentence).replace("`", "")


def everything(found: Study) -> list[str]:
    sentences = [says.headline(found), says.line_sentence(found), says.pass_sentence(found), says.pass_note(found)]
    sentences.append(says.pass_details(found))
    sentences += [says.attempt_sentence(found, attempt) for attempt in found.attempts]
    sentences += [says.pairs_sentence(found)] if found.pairs else []
    return sentences + ([says.stop_sentence(found, found.refused)] if found.refused else [])


def clashing(refused: Operation) -> set[int]:
    """The two sizes that NumPy will not broadcast, or the two inner sizes of a matrix product."""
    left, right = (operand.shape for operand in refused.operands)
    if refused.name == "matmul":
        return {left[-1], right[-2]}
    rank = max(len(left), len(right))
    padded = [(1,) * (rank - len(shape)) + shape for shape in (left, right)]
    return next({a, b} for a, b in list(zip(*padded, strict=True))[::-1] if a != b and 1 not in (a, b))


@each_line
@each_state
def test_refusal_names_the_sizes_that_do_not_fit_and_torchs_words(name: str, state: State) -> None:
    for attempt in shown(name, state).attempts:
        sentence = plain(says.attempt_sentence(shown(name, state), attempt))
        assert ("Torch refuses" in sentence) == (attempt.refused is not None)
        if attempt.refused:
            stated = sentence.split("Torch refuses")[1].split(attempt.refused.expression)[1].split("RuntimeError")[0]
            sizes = {int(number.replace(",", "")) for number in re.findall(r"[\d,]*\d(?= [a-z])", stated)}
            assert clashing(attempt.refused) <= sizes
            assert f"RuntimeError: {attempt.message}" in sentence


@each_line
@each_state
def test_shape_that_is_wrong_is_told_with_the_one_it_must_have(name: str, state: State) -> None:
    found = shown(name, state)
    for attempt in found.attempts:
        sentence, result = plain(says.attempt_sentence(found, attempt)), attempt.result
        if result.verdict == "shape":
            assert str(result.shape) in sentence and f"should be {result.needed}" in sentence
        assert (attempt.update is not None) == ("step of training" in sentence)
        assert not attempt.update or f"“{attempt.update}”" in sentence


@each_line
@each_state
def test_accident_is_told_only_where_two_sizes_are_equal_by_chance(name: str, state: State) -> None:
    n, nh, *_ = state
    for attempt in shown(name, state).attempts:
        sentence = says.attempt_sentence(shown(name, state), attempt)
        assert "by accident" not in sentence or n in (784, nh)
    first = says.attempt_sentence(shown(name, state), shown(name, state).attempts[-1])
    if n == 784 and name in ("without unsqueeze(1)", "unsqueeze(0) for unsqueeze(1)", "sum(1) for sum(0)"):
        assert "by accident" in first and "784 images" in first and "784 pixels" in first


@each_line
@each_state
def test_call_says_whether_the_pass_stops_there_or_before(name: str, state: State) -> None:
    found = shown(name, state)
    calls = [attempt.call for attempt in found.attempts]
    stop = calls.index(found.refused.caller) if found.stops_in_its_own_call and found.refused else len(calls)
    for place, attempt in enumerate(found.attempts):
        sentence = says.attempt_sentence(found, attempt)
        assert ("The whole pass stops here." in sentence) == (place == stop)
        assert ("it stops before" in sentence) == (place > stop)
        assert place != stop or attempt.refused


@each_state
def test_counts_of_the_lede_are_those_of_the_runs(state: State) -> None:
    found = outcomes(*network(state))
    sentence = plain(says.lede(state[0], found))
    run = r"(\d+) runs? and (?:is|are) "
    told = {"raises": r"torch stops (\d+)", "wrong": run + "wrong", "right": run + "right"}
    for group, pattern in told.items():
        match = re.search(pattern, sentence)
        assert int(match[1] if match else 0) == list(found.values()).count(group)
    assert sentence.startswith(f"{len(PARAMETERS)} lines") and set(found.values()) <= set(says.GROUPS)


@each_line
@each_state
def test_headline_claims_the_outcome(name: str, state: State) -> None:
    found = shown(name, state)
    claim = {"raises": "torch stops the pass", "wrong": "it runs, ", "right": "here it makes no difference"}[found.outcome]
    headline = says.headline(found)
    assert claim in headline and headline.lower().startswith(f"{name.lower()}: ")
    wrong = {r.name for r in found.results if r.verdict == "shape"}
    named = re.search(r"and (\S+) has the wrong shape", headline)
    assert not named or named[1] in wrong
    assert found.outcome != "wrong" or bool(named) == bool(wrong)


@each_line
@each_state
def test_whole_pass_is_told_result_by_result(name: str, state: State) -> None:
    found = shown(name, state)
    sentence = says.pass_sentence(found)
    named = set(re.findall(r"`([a-z]+\d?(?:\.g)?)`", says.pass_details(found)))
    assert named == {r.name for r in found.results if r.verdict != "right"}
    assert ("It runs to its end." in sentence) == (found.refused is None)
    assert not found.refused or f"stops in `{found.refused.caller}`" in sentence


@over("n", [2, 150, 1_000])
def test_factor_is_told_for_the_images_looked_at_and_for_all(n: int) -> None:
    found = shown("mean(0) for sum(0)", (n, 6, "lesson-2019", 0))
    sentence = says.attempt_sentence(found, found.attempts[0])
    assert "exactly n times too small" in sentence
    assert (f"{n:,} times for all" in sentence) == (n > 200) and (f"here {n} times" in sentence) == (n <= 200)
    assert n <= 200 or "200 times for the first 200 images" in sentence


@over("n", [2, 3, 300, 2_000])
def test_loss_over_all_pairs_is_told_beside_the_right_one(n: int) -> None:
    found = shown("mse without squeeze", (n, 6, "lesson-2019", 0))
    sentence = says.pairs_sentence(found)
    assert found.pairs
    out, targ = found.pairs.out.double().numpy(), found.pairs.targ.double().numpy()
    wrong, right = np.mean((out[:, None] - targ) ** 2), np.mean((out - targ) ** 2)
    told = [float(number) for number in re.findall(r"(?:all squares is|diagonal) ([\d.]*\d)", sentence)]
    assert told == pytest.approx([wrong, right], rel=1e-4)
    assert f"all targets, {targ.mean():.2f}" in sentence
    assert f"{n:,} × {n:,}" in sentence and ("first 1,000 images" in sentence) == (n > 1_000)
    size = {2: "16 B", 3: "36 B", 300: "360 kB", 2_000: "16 MB"}[n]
    assert size in sentence


@each_line
@each_state
def test_sentences_are_well_formed(name: str, state: State) -> None:
    for sentence in everything(shown(name, state)):
        assert sentence == sentence.strip() and "  " not in sentence and sentence.count("`") % 2 == 0
        assert sentence.count("[") == sentence.count("]") and sentence.count("(") == sentence.count(")")
        assert not re.search(r"(?<![\d,.])\b1 (image|pixel|hidden unit|output|target)s\b", plain(sentence))
        assert "None" not in sentence and "nan" not in sentence


@over("name", ["without unsqueeze(-1)", "mse_grad without squeeze"])
def test_want_of_memory_is_told_with_its_bytes(name: str) -> None:
    one = load_batch(1)
    large = MnistBatch(*(t.expand(50_000, *t.shape[1:]) for t in (one.inp, one.targ, one.images, one.labels)))
    found = study(WRONG_LINES[name], large, initial_weights())
    told = next(text for text in map(plain, everything(found)) if "50000, 50000, 50" in text)
    assert "takes 500 GB" in told and "64 GB" in told and "tried to allocate 500000000000 bytes" in told
    assert "torch stops the pass" in says.headline(found) and "neither is 1" not in told
