"""The sentences about a gradient that is built up, against the images and their sums."""

import re
from functools import lru_cache

import numpy as np
import pytest
import torch
from loops import over

from mnistgrad.captions import build_up as says
from mnistgrad.gradient.build_up import SumSoFar, sum_over, sum_so_far
from mnistgrad.gradient.weight_gradient import LAYERS, WeightGradient, weight_gradient_of
from mnistgrad.network.data import load_batch
from mnistgrad.network.presets import PRESETS, initial_weights
from mnistgrad.network.sets.kinds import OF_MNIST

STATES = [(1, 50, "lesson-2019", 0), (1, 2, "lesson-2019", 7), (2, 100, "lesson-2022", 0), (10, 2, "lesson-2022", 0),
          (30, 50, "lesson-2019", 0), (60, 50, "lesson-2022", 3)]  # fmt: skip
each_layer = over("layer", LAYERS)
each_state = over("state", STATES)


@lru_cache
def made(layer: str, state: tuple[int, int, str, int]) -> WeightGradient:
    n, nh, preset, seed = state
    batch, weights = load_batch(n, PRESETS[preset].normalise), initial_weights(nh, seed, preset)
    return weight_gradient_of(layer, batch, weights)


def sums(layer: str, state: tuple[int, int, str, int]) -> list[SumSoFar]:
    """At several counts, with all images on and with only every second."""
    matrix = made(layer, state)
    found = []
    for on in (torch.arange(state[0]), torch.arange(0, state[0], 2)):
        for added in sorted({1, 2, 3, len(on) // 2, len(on) - 1, len(on)} & set(range(1, len(on) + 1))):
            found.append(sum_so_far(matrix, on, added, sum_over(matrix, on[:added])))
    return found


def plain(sentence: str) -> str:
    return re.sub(r":\w+\[(.*?)\]", r"\1", sentence).replace("−", "-").replace("\u00a0", "")


def number(text: str) -> float:
    mantissa, _, power = text.replace(",", "").partition("×10")
    return float(mantissa) * 10.0 ** int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)


@each_layer
@each_state
def test_rank_and_rows_told_are_those_of_the_sum(layer: str, state: tuple[int, int, str, int]) -> None:
    for found in sums(layer, state):
        sentence, total = plain(says.sum_sentence(found)), found.total.numpy()
        rank = int(np.linalg.matrix_rank(total)) if total.any() else 0
        told = re.search(r"rank (\d+)", sentence)
        assert int(told[1] if told else 0) == rank
        assert ("The sum is 0" in sentence) == (not rank)
        alone = rank == 1 == found.added and total.shape[1] > 1
        assert ("rows are multiples of one vector, and copies only where pixels are equal" in sentence) == alone
        limit = re.search(r"(\d+) images give at most (\d+)", sentence)
        assert bool(limit) == (rank > 0 and 1 < found.added < total.shape[1])
        assert not limit or limit[1] == limit[2] == str(found.added)
        different = re.search(r"Of its \d+ rows, (\d+) are different", sentence)
        rows = int(different[1]) if different else 1 if "rows are all the same" in sentence else len(total)
        steps = np.diff(total[np.lexsort(np.round(total / (np.abs(total).max() or 1), 7).T)], axis=0)
        assert rows == 1 + int((np.abs(steps).max(1) > 1e-9 * np.abs(total).max()).sum())


@each_layer
@each_state
def test_distance_is_told_until_every_image_is_in(layer: str, state: tuple[int, int, str, int]) -> None:
    for found in sums(layer, state):
        sentence, g = plain(says.sum_sentence(found)), found.gradient.g.numpy()
        complete = found.added == state[0]
        assert (f"this is `{layer}.g`" in sentence) == complete
        assert ("Every image that is switched on is in." in sentence) == (found.added == found.possible < state[0])
        if not complete and g.any():
            told = re.search(r"([\d.,×⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)% of the norm", sentence)
            assert told
            assert number(told[1]) == pytest.approx(100 * np.linalg.norm(g - found.total.numpy()) / np.linalg.norm(g), rel=6e-3)
        if complete:
            difference = np.abs(g - found.total.numpy()).max()
            assert ("to the last bit" in sentence) == (difference == 0)
            told = re.search(r"to within (\S+) in every entry", sentence)
            assert not told or number(told[1]) == pytest.approx(difference, rel=0.5)


@each_layer
@each_state
def test_number_of_the_image_added_last_is_told(layer: str, state: tuple[int, int, str, int]) -> None:
    labels = load_batch(state[0]).labels
    for found in sums(layer, state):
        column = int(found.gradient.g.abs().amax(0).argmax())
        sentence = plain(says.part_sentence(found, column, OF_MNIST.told(int(labels[found.image]))))
        assert sentence.startswith(f"Image {found.image}, a handwritten {labels[found.image]}:")
        told = re.search(rf"out\.g\[{found.image}, {column}\] = ([-+]?[\d.,×⁻⁰¹²³⁴⁵⁶⁷⁸⁹]*\d|[-+]?\S+[⁰¹²³⁴⁵⁶⁷⁸⁹])", sentence)
        assert told
        value = found.gradient.out_g[found.image, column].item()
        assert number(told[1]) == pytest.approx(value, rel=6e-3)
        assert ("adds nothing here" in sentence) == (value == 0)


@over(
    ("layer", "preset", "told"),
    [
        ("w1", "lesson-2019", "A black pixel adds too: it is −0.4245, not 0."),
        ("w1", "lesson-2022", "A black pixel is 0 and adds nothing."),
        ("w2", "lesson-2019", "A unit that is off adds too: it is −0.5, not 0."),
        ("w2", "lesson-2022", "A unit that is off is 0 and adds nothing."),
    ],
)
def test_what_the_background_adds_is_told(layer: str, preset: str, told: str) -> None:
    matrix = made(layer, (10, 50, preset, 0))
    column = int(matrix.out_g[0].abs().argmax())
    found = sum_so_far(matrix, torch.arange(10), 1, sum_over(matrix, torch.arange(1)))
    assert says.part_sentence(found, column, "a sneaker").endswith(told)
    inputs = load_batch(10, PRESETS[preset].normalise).inp if layer == "w1" else matrix.inp
    assert float(inputs.min()) == pytest.approx(float(re.findall(r"(?:is )(−?[\d.]*\d)", told)[0].replace("−", "-")), abs=1e-4)


@each_layer
@each_state
def test_figures_are_the_sums(layer: str, state: tuple[int, int, str, int]) -> None:
    for found in sums(layer, state):
        added, rank, rows, distance = says.figures(found)
        assert (added.value, added.of) == (str(found.added), f"of {found.possible}")
        assert (rank.value, rows.value, rows.of) == (str(found.rank), str(found.distinct), f"of {len(found.total)}")
        assert rank.of == f"of {min(found.total.shape)}" and int(rank.value) <= min(found.total.shape)
        assert (distance.value == "–") == (not found.gradient.g.any())
        assert found.distance is None or (distance.value in ("0%", "< 0.1%")) == (found.distance < 5e-4)


@over(("distance", "told"), [(1.2344, "123.4%"), (0.99951, "99.95%"), (0.5, "50.0%"), (0.0123, "1.23%"),
                                                (1e-16, "< 0.1%"), (0, "0%")])  # fmt: skip
def test_distance_beyond_the_whole_is_told_as_it_is(distance: float, told: str) -> None:
    matrix = made("w1", (10, 50, "lesson-2019", 0))
    away = (1 - distance) * matrix.g if distance > 1e-9 else matrix.g * (1 - distance)
    found = sum_so_far(matrix, torch.arange(10), 9, away)
    if distance == 1e-16:
        found.total[0, 0] += 1e-15
    assert says.figures(found)[3].value == told


@over(
    ("n", "possible", "told"),
    [
        (1, 1, ""),
        (10, 10, ""),
        (1, 0, "The one image of the batch is switched off: there is nothing to add up."),
        (10, 0, "All images of the batch are switched off: there is nothing to add up."),
        (10, 9, "1 of 10 images is switched off and does not count"),
        (30, 10, "20 of 30 images are switched off and do not count"),
    ],
)
def test_images_that_are_off_are_counted(n: int, possible: int, told: str) -> None:
    note = says.off_note(made("w1", (n, 50, "lesson-2019", 0)), possible)
    assert note.startswith(told) and bool(note) == bool(told)
    assert ("not that gradient" in note) == (0 < possible < n)


@over(("left_out", "told"), [(("x",), "“x”."), (tuple("abcde"), "“a”, “b”, “c” and 2 more."),
                                                (("9" * 5_000,), f"“{'9' * 12}”.")])  # fmt: skip
def test_what_names_no_image_is_quoted_shortly(left_out: tuple[str, ...], told: str) -> None:
    note = says.unread_note(left_out, 1_000)
    assert note.startswith(f"Left out of the list: {told} ") and "0 to 999" in note


@over("possible", [0, 1, 2, 10, 11, 50_000])
def test_play_is_told_as_it_goes(possible: int) -> None:
    note = says.row_note(possible)
    assert ("Play adds one image at a time" in note) == (possible > 1)
    assert ("goes on to 20, 50, 100" in note) == (possible > 10)


@each_layer
@each_state
def test_sentences_are_well_formed(layer: str, state: tuple[int, int, str, int]) -> None:
    matrix = made(layer, state)
    shape = f"({matrix.rows}, {matrix.columns})"
    assert shape in says.lede(matrix)
    assert ("no gradient to see" in says.headline(matrix)) == (not matrix.g.any())
    assert ("that is all of" in says.headline(matrix)) == (matrix.n == 1 and bool(matrix.g.any()))
    for found in sums(layer, state):
        sentences = [
            says.lede(matrix),
            says.sum_sentence(found),
            says.part_sentence(found, 0, "class 3"),
            says.part_title(matrix, 0),
        ]
        for sentence in sentences + [says.matrix_title(matrix)] * (layer == "w1"):
            assert sentence == sentence.strip() and "  " not in sentence and sentence.count("`") % 2 == 0
            assert not re.search(r"(?<![\d,.])\b1 (images|units|pixels|hidden units)\b", plain(sentence))
            assert "None" not in sentence and "nan" not in sentence
