"""What is said about a check is what the check found."""

import re
from dataclasses import replace
from functools import lru_cache

import pytest
from loops import over
from pictures.diagrams.drawn import NUMBER, number, says

from mnistgrad.captions.verification import verification_sentence
from mnistgrad.network.data import Batch, load_batch
from mnistgrad.network.presets import PRESETS, Weights, initial_weights
from mnistgrad.network.verification import PARAMETERS, PER_IMAGE, Agreement, Verification, verify

SIZES = [(1, 50), (3, 2), (50, 50), (784, 50), (3_000, 100)]
EXACT = Verification("l1", 150, 2.5, Agreement(0.0, True), PRESETS["lesson-2019"], ((0, 1), (2, 2)), 3.1e-8)
each_size = over(("n", "nh"), SIZES)
each_preset = over("preset", PRESETS)
each_name = over("name", (*PER_IMAGE, *PARAMETERS))


@lru_cache(maxsize=16)
def network(n: int, nh: int, preset: str) -> tuple[Batch, Weights]:
    return load_batch(n, PRESETS[preset].normalise), initial_weights(nh, 0, preset)


@each_name
@each_preset
@each_size
def test_each_number_of_a_check_is_told(name: str, preset: str, n: int, nh: int) -> None:
    found = verify(name, *network(n, nh, preset))
    text = verification_sentence(found)
    assert text.startswith(f"`{name}.g` ") and f" of `{name}` up and down by " in text
    sizes = {"inp": n * 784, "l1": n * nh, "l2": n * nh, "out": n, "w1": 784 * nh, "b1": nh, "w2": nh, "b2": 1}
    assert ("its one entry" if sizes[name] == 1 else f"all {sizes[name]:,} entries") in text
    assert ("to the last bit" in text) == (found.autograd.difference == 0)
    if found.autograd.difference:
        assert says(told(text, "at most"), found.autograd.difference)
        assert says(told(text, "which is" if sizes[name] == 1 else "the largest of which is"), found.largest)
    assert says(told(text, "to within"), found.slope)
    assert number(told(text, "up and down by")) == pytest.approx(1e-6)
    tried = re.search(r"Moving (\d+) entr(?:y|ies) of", text)
    assert tried and int(tried[1]) == len(found.entries)
    assert ("this slope" in text) == (len(found.entries) == 1)
    assert well_formed(text)


def told(text: str, after: str) -> str:
    match = re.search(rf"{after} ({NUMBER})", text)
    assert match, (after, text)
    return match[1]


def well_formed(text: str) -> bool:
    return not re.search(r"  |\b1 (images|entries)\b|\.\.|nan|None", text) and text.count("`") % 2 == 0 and text.endswith(".")


@each_preset
def test_the_tolerance_is_the_presets(preset: str) -> None:
    chosen = PRESETS[preset]
    text = verification_sentence(replace(EXACT, preset=chosen))
    assert f"within {chosen.label}'s tolerance" in text
    assert number(told(text, "rtol")) == pytest.approx(chosen.rtol)
    assert number(told(text, "atol")) == pytest.approx(chosen.atol)


def test_a_difference_beyond_the_tolerance_is_not_called_within_it() -> None:
    text = verification_sentence(replace(EXACT, autograd=Agreement(0.25, False)))
    assert "differs from autograd's by at most 0.25 in all 150 entries" in text
    assert "OUTSIDE Lesson 2019's tolerance" in text and "within Lesson" not in text and "to the last bit" not in text


@over(("largest", "vacuous"), [(0.0099, True), (0.0101, False), (12.0, False)])
def test_a_tolerance_that_zeros_would_pass_is_told_as_such(largest: float, vacuous: bool) -> None:
    preset = PRESETS["lesson-2022"]
    text = verification_sentence(replace(EXACT, largest=largest, autograd=Agreement(1e-9, True), preset=preset))
    assert ("would accept zeros too" in text) == vacuous
    assert ("within Lesson 2022's tolerance" in text) != vacuous


def test_a_gradient_of_zeros_is_told_as_such() -> None:
    text = verification_sentence(replace(EXACT, largest=0.0, slope=0.0))
    assert text.startswith("`l1.g` is 0 everywhere, and so is autograd's: within")
    assert text.endswith("to within 0.")
    assert "is 0 everywhere" not in verification_sentence(replace(EXACT, largest=0.0, autograd=Agreement(0.5, False)))
