"""The sentences about one weight's terms, held against what NumPy finds in the same factors."""

import re
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
import torch
from loops import over
from states import LATER, State

from mnistgrad.captions import one_weight as says
from mnistgrad.gradient.one_weight import OneWeight, one_weight

CASES = [
    (State(n=1), "w1", 161, 12),
    (State(n=1), "w1", 161, 0),  # the unit is off
    (State(n=1, nh=2, seed=7), "w1", 406, 0),
    (State(n=1, nh=2, seed=7), "w2", 1, 0),
    (State(n=2), "w1", 161, 12),
    (State(n=10), "w1", 490, 33),
    (State(n=10), "w2", 26, 0),
    (State(), "w1", 408, 33),
    (State(), "w1", 0, 33),
    (State(), "w2", 41, 0),
    (replace(LATER, n=1), "w2", 6, 0),
    (LATER, "w1", 434, 31),
    (LATER, "w1", 783, 31),  # the pixel is black
    (LATER, "w2", 17, 0),
    (replace(LATER, normalise=True), "w1", 500, 5),
    (State(n=7_000, normalise=False), "w1", 350, 7),
    (State(n=7_000), "w2", 43, 0),
]
Case = tuple[State, str, int, int]
each_case = over("case", CASES)
COLOUR = re.compile(r":\w+\[([^\]]*)\]")


@lru_cache
def weight_of(case: Case) -> OneWeight:
    state, layer, row, column = case
    return one_weight(state.weight_gradient(layer), row, column)


def factors(case: Case) -> tuple[np.ndarray, np.ndarray]:
    found = case[0].weight_gradient(case[1])
    return found.inp.numpy()[:, case[2]].astype(float), found.out_g.numpy()[:, case[3]].astype(float)


def terms(case: Case) -> np.ndarray:
    inp, out_g = factors(case)
    return inp * out_g


def plain(text: str) -> str:
    return COLOUR.sub(r"\1", text).replace("**", "").replace("\u00a0", " ")


def value(text: str) -> float:
    superscripts = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    mantissa, _, power = text.replace("−", "-").replace(",", "").replace("\u00a0", "").partition("×10")
    return float(mantissa) * 10.0 ** int(power.translate(superscripts) or 0)


def sentences(case: Case) -> list[str]:
    one = weight_of(case)
    told = [says.formula(one), says.counts(one), says.background(one), says.gradient(one)]
    if terms(case).any():
        told += [says.terms_title(one), says.terms_sentence(one), says.images_title(one), says.images_sentence(one)]
        told += [says.running_sentence(one)] if one.n > 1 else []
    return [text for text in told if text]


@each_case
def test_formula_names_entry_factors_and_number_of_products(case: Case) -> None:
    state, layer, row, column = case
    inp = "inp" if layer == "w1" else "l2"
    text = plain(says.formula(weight_of(case)))
    assert text.startswith(f"{layer}.g[{row}, {column}] = Σₙ {inp}[n, {row}] · out.g[n, {column}] is ")
    assert ("is one product." in text) == (state.n == 1)
    assert (f"is {state.n:,} products, one for each image." in text) == (state.n > 1)
    if layer == "w1":
        across = re.search(r"image row (\d+), column (\d+)\.", text)
        assert across and int(across[1]) * 28 + int(across[2]) == row
    else:
        assert f"hidden unit {row}." in text and "pixel" not in text


@each_case
def test_table_holds_real_terms_and_accounts_for_the_rest(case: Case) -> None:
    inp, out_g = factors(case)
    _, _, *lines = says.some_terms(weight_of(case)).splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    shown = [row for row in rows if "more" not in row[0]]
    for row in shown:
        image = int(row[0])
        assert value(row[1]) == pytest.approx(inp[image], rel=6e-4)
        assert value(row[2]) == pytest.approx(out_g[image], rel=6e-4)
        assert value(row[3]) == pytest.approx(inp[image] * out_g[image], rel=6e-3)
    products = [terms(case)[int(row[0])] for row in shown]
    extremes = {t for t in (terms(case).max(), terms(case).min()) if t}
    assert {t for t in products if t} == {t for t in extremes if t in (max(terms(case).max(), 0), min(terms(case).min(), 0))}
    assert products.count(0) == bool((terms(case) == 0).any())
    rest = [int(row[0].split("\u00a0")[0].replace(",", "")) for row in rows if "more" in row[0]]
    assert sum(rest) + len(shown) == case[0].n


@each_case
def test_value_is_the_entry_of_the_matrix(case: Case) -> None:
    g = case[0].weight_gradient(case[1]).g[case[2], case[3]].item()
    assert value(says.gradient(weight_of(case))) == pytest.approx(g, rel=6e-5, abs=1e-12)
    if g > 0.001:
        assert says.gradient(weight_of(case)).startswith("+")


@each_case
def test_images_are_counted_by_what_they_do(case: Case) -> None:
    n, found, text = case[0].n, terms(case), plain(says.counts(weight_of(case)))
    ups, downs, zeros = int((found > 0).sum()), int((found < 0).sum()), int((found == 0).sum())
    if n == 1:
        does = "pushes it up" if ups else "pulls it down" if downs else "adds nothing, because"
        assert text.startswith(f"The 1 image {does}")
        return
    assert text.startswith(f"Of the {n:,} images ")
    for count, one, several in (
        (ups, "pushes it up", "push it up"),
        (downs, "pulls it down", "pull it down"),
        (zeros, "adds nothing", "add nothing"),
    ):
        if not count:
            assert f"none {several}" in text or not zeros
            continue
        told = re.search(rf"([\d,]+) \((< )?([\d.]+)%\) {one if count == 1 else several}", text)
        assert told and int(told[1].replace(",", "")) == count
        assert told[2] or float(told[3]) == pytest.approx(count / n * 100, abs=0.0501)


@each_case
def test_reasons_for_adding_nothing_are_true_and_complete(case: Case) -> None:
    (inp, out_g), text, n = factors(case), plain(says.counts(weight_of(case))), case[0].n
    without_out_g, without_inp = int((out_g == 0).sum()), int(((inp == 0) & (out_g != 0)).sum())
    state, layer = case[:2]
    reasons = {
        "w1": ("the unit is off, so out.g is 0", "the pixel is black, and black is 0 without normalisation"),
        "w2": ("the output is exactly right, so out.g is 0", "the unit is off and holds 0"),
    }[layer]
    for count, reason in zip((without_out_g, without_inp), reasons, strict=True):
        assert (reason in text) == bool(count)
        if count and without_out_g and without_inp and n > 1:
            assert re.search(rf"\b{count:,} (more )?because {re.escape(reason)}", text)
    batch, weights = state.batch, state.weights.to(torch.float64)
    l1 = (batch.inp.double() @ weights.w1 + weights.b1).numpy()
    if layer == "w1" and without_out_g:
        assert (l1[out_g == 0, case[3]] < 1e-5).all()
    if without_inp and layer == "w1":
        assert not batch.images.flatten(1).numpy()[inp == 0, case[2]].any() and not state.normalise
    if without_inp and layer == "w2":
        assert (l1[inp == 0, case[2]] < 1e-5).all() and state.preset == "lesson-2022"


@each_case
def test_background_is_told_where_it_is_not_0(case: Case) -> None:
    state, layer, row, _ = case
    text = plain(says.background(weight_of(case)))
    batch, weights = state.batch, state.weights
    if layer == "w1":
        there = (batch.images.flatten(1)[:, row] == 0).numpy()
        holds = batch.inp[there, row][:1].tolist() if there.any() else [0.0]
    else:
        there = ((batch.inp @ weights.w1 + weights.b1)[:, row] <= 0).numpy()
        holds = [-0.5 if state.preset == "lesson-2019" else 0.0]
    if not there.any() or not holds[0]:
        assert not text
        return
    told = re.fullmatch(
        r"Where (the pixel is black, inp|the unit is off, l2) is not 0 but (−[\d.]+): "
        r"(that image|those ([\d,]+) images together) (still )?adds? (.+)\.",
        text,
    )
    assert told and ("pixel" in told[1]) == (layer == "w1")
    assert value(told[2]) == pytest.approx(holds[0], abs=5e-5)
    assert int((told[4] or "1").replace(",", "")) == there.sum()
    assert bool(told[5]) == terms(case)[there].any()
    assert value(told[6].lstrip("+")) == pytest.approx(terms(case)[there].sum(), rel=6e-3)


@each_case
def test_colours_are_named_where_they_are_drawn(case: Case) -> None:
    found, one = terms(case), weight_of(case)
    if not found.any():
        return
    text = plain(says.terms_sentence(one)).lower()
    if case[0].n == 1:
        assert "nothing to add up" in text and says.terms_title(one) == "The 1 image gives the only term"
        return
    assert ("purple pulls down" in text) == (found < 0).any() and ("mustard pushes up" in text) == (found > 0).any()
    assert ("framed pixel" in plain(says.images_sentence(one))) == (case[1] == "w1")
    assert says.images_title(one).startswith("The one image") == ((found != 0).sum() == 1)


@each_case
def test_running_gradient_settles_when_it_is_said_to(case: Case) -> None:
    n, found = case[0].n, terms(case)
    if n == 1 or not found.any():
        return
    alone = np.cumsum(found) / np.arange(1, n + 1) * n
    inside = abs(alone - alone[-1]) <= 0.1 * abs(alone[-1])
    text = plain(says.running_sentence(weight_of(case)))
    first = next(m for m in range(1, n + 1) if inside[m - 1 :].all())
    if first == n:
        assert "Before the last image it is still more than 10% away" in text
    elif first == 1:
        assert "within 10% of the end from the first image on" in text
    else:
        assert f"within 10% of the end from {first:,} images on" in text


@each_case
def test_sentences_are_well_formed(case: Case) -> None:
    for text in sentences(case):
        bare = plain(text)
        assert bare == bare.strip() and "  " not in bare and "nan" not in bare and "None" not in bare
        assert not re.search(r"(?<![\d,.])1 (more )?(images|products|terms)\b", bare)
        assert not re.search(r"(?<![\d,.])([02-9]|\d+\d) (image|product|term)\b", bare)
        assert not re.search(r"-\d", bare), "a hyphen stands for a minus sign"
        assert text.count("**") % 2 == 0 and text.count("`") % 2 == 0 and text.count("[") == text.count("]")
